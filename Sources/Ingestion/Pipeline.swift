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
        var rest = chosen.entries[...]
        while !rest.isEmpty {
            let isFirst = rest.count == chosen.entries.count
            guard isFirst || clock.now().since(poll.began) < options.pollTimeMax else {
                outcome.postpone(Array(rest), because: "the poll took too long")
                break
            }
            let extracted = await extract(rest.prefix(max(options.commitBatchMax, 1)), of: poll)
            rest = rest.dropFirst(extracted.count)
            let submissions = await normalise(extracted.candidates, of: poll)
            let records = try await commit(submissions, of: poll)
            outcome.count(records, of: extracted, from: chosen)
        }
        return outcome
    }
}
