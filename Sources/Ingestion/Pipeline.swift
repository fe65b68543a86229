internal import Deduplication
internal import FeedParsing
internal import Fetching
internal import News

extension Pipeline {
    /// The journey of a feed's articles, one call a step. Validators travel in the outcome and are
    /// saved by the schedule's next action, after everything here is durable.
    func journey(of poll: Poll) async throws(PollFailure) -> PollOutcome {
        var reading = try await read(try await fetch(poll), of: poll)
        var chosen = await choose(reading.document, of: poll)
        var outcome = PollOutcome(of: poll, reading, chosen: chosen)
        reading.letGo()
        var rest = chosen.takeEntries()
        defer { texts.giveBack(rest.textBytes) }
        var isFirst = true
        while !rest.isEmpty {
            guard isFirst || clock.now().since(poll.began) < options.pollTimeMax else {
                outcome.postpone(rest, because: "the poll took too long")
                break
            }
            isFirst = false
            let extracted = await extract(rest.prefix(max(options.commitBatchMax, 1)), of: poll)
            let records = try await decide(extracted.candidates, of: poll)
            outcome.count(records, of: extracted, from: chosen)
            texts.giveBack(rest.prefix(extracted.count).textBytes)
            rest.removeFirst(extracted.count)
        }
        return outcome
    }

    /// Normalises and commits; of much text, which takes several times as much memory meanwhile,
    /// one batch at a time.
    private func decide(
        _ candidates: [Extracted.Ready], of poll: Poll
    ) async throws(PollFailure) -> [Record] {
        let textBytes = candidates.reduce(0) { $0 + Extracted.One.ready($1).textBytes }
        let isLong = textBytes > options.shortBatchBytesMax
        if isLong { await longBatches.begin() }
        defer { if isLong { longBatches.end() } }
        let submissions = await normalise(
            candidates, isHeavy: textBytes > options.lightBytesMax, of: poll)
        return try await commit(submissions, of: poll)
    }
}
