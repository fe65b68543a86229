internal import Deduplication
internal import FeedParsing
internal import Fetching
internal import News

extension Pipeline {
    /// The journey of a feed's articles, one call a step. Validators travel in the outcome and are
    /// saved by the schedule's next action, after everything here is durable.
    func journey(of poll: Poll) async throws(PollFailure) -> PollOutcome {
        let answer = try await fetch(poll)
        let reading = try await read(answer, of: poll)
        let chosen = await choose(reading.document, of: poll)
        var outcome = PollOutcome(of: poll, reading, chosen: chosen)
        for (index, batch) in chosen.entries.batches(of: options.commitBatchMax).enumerated() {
            guard index == 0 || clock.now().since(poll.began) < options.pollTimeMax else {
                outcome.postpone(batch, because: "the poll took too long")
                continue
            }
            let extracted = await extract(batch, of: poll)
            let submissions = await normalise(extracted.candidates, of: poll)
            let records = try await commit(submissions, of: poll)
            outcome.count(records, of: extracted, from: chosen)
        }
        return outcome
    }
}
