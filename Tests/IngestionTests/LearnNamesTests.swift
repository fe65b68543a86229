import Ingestion
import News
import Testing

/// Trust in a feed's ids, stepped through days.
@Suite struct LearnNamesTests {
    private let noon = Samples.noon

    private func tally(
        renamed: Int = 0, known: Int = 0, new: Int = 0, shared: Int = 0
    ) -> NamingTally {
        var tally = NamingTally()
        for number in 0..<renamed {
            tally.note(
                RenamedEntries.Pair(
                    article: ArticleID(Digest(high: 1, low: UInt64(number))), title: "T",
                    before: "\(number)", now: "n\(number)", rule: "entry-words"))
        }
        (tally.knownByName, tally.new, tally.sharedIDs) = (known, new, shared)
        return tally
    }

    @Test(arguments: [
        (20, 0, true), (10, 10, true), (9, 10, false), (3, 0, true), (2, 0, false), (0, 20, false),
    ])
    func mostEntriesUnderOtherNamesAreOneEvent(renamed: Int, known: Int, isEvent: Bool) throws {
        var naming = EntryNaming()
        let events = naming.learn(tally(renamed: renamed, known: known), at: noon)
        #expect(events.count == (isEvent ? 1 : 0))
        guard isEvent else { return }
        let move = try #require(naming.renamed)
        #expect(events == [.renamed(move)])
        #expect(move.count == renamed && move.entries == renamed + known)
        #expect(move.pairs.count == min(renamed, RenamedEntries.pairsMax))
        #expect(naming.trustsIDs(at: noon), "a feed may move once")
    }

    @Test func idsThatChangeAgainAndAgainAreDistrustedForAMonth() {
        var naming = EntryNaming()
        var now = noon
        var events: [EntryNaming.Event] = []
        for _ in 0..<3 {
            events = naming.learn(tally(renamed: 20), at: now)
            now = now.adding(.seconds(3600))
        }
        #expect(events.count == 2)
        #expect(naming.distrust?.reason == .changing)
        #expect(!naming.trustsIDs(at: now))
        // Now they go by their addresses, which were not their names before.
        #expect(naming.learn(tally(renamed: 20), at: now).isEmpty)
        now = now.adding(.seconds(31 * 86_400))
        #expect(naming.trustsIDs(at: now))
        #expect(naming.learn(tally(renamed: 20), at: now).isEmpty, "names by our rule, not theirs")
        #expect(naming.distrust == nil)
    }

    @Test func threeMovesInAMonthAreBelieved() {
        var naming = EntryNaming()
        for week in 0..<3 {
            _ = naming.learn(
                tally(renamed: 20), at: noon.adding(.seconds(week * 8 * 86_400)))
        }
        #expect(naming.distrust == nil)
        #expect(naming.offences.count == 1)
    }

    @Test func sharedIDsAreDistrusted() {
        var naming = EntryNaming()
        for poll in 1...3 {
            _ = naming.learn(tally(known: 10, shared: 3), at: noon.adding(.seconds(poll * 600)))
            #expect((naming.distrust == nil) == (poll < 3))
        }
        #expect(naming.distrust?.reason == .shared)
    }

    @Test func oneSharedIDOfManyIsASlip() {
        var naming = EntryNaming()
        for poll in 1...9 {
            _ = naming.learn(tally(known: 300, shared: 1), at: noon.adding(.seconds(poll * 600)))
        }
        #expect(naming.distrust == nil)
    }

    @Test func newNamesAreCountedByDay() {
        var naming = EntryNaming()
        _ = naming.learn(tally(new: 30), at: noon)
        _ = naming.learn(tally(new: 12), at: noon.adding(.seconds(60)))
        #expect(naming.newNames(on: noon) == 42)
        let tomorrow = noon.adding(.seconds(86_400))
        #expect(naming.newNames(on: tomorrow) == 0)
        _ = naming.learn(tally(new: 1), at: tomorrow)
        #expect(naming.newNames(on: tomorrow) == 1)
    }

    @Test func aFloodIsReportedOnceADay() throws {
        let url = try #require(HTTPURL("https://example.org/"))
        var naming = EntryNaming()
        var flood = tally(new: 5)
        flood.quarantined = QuarantinedEntries(
            day: noon.day, count: 9, samples: Array(repeating: "x", count: 9))
        #expect(naming.learn(flood, at: noon).count == 1)
        #expect(naming.learn(flood, at: noon.adding(.seconds(60))).isEmpty)
        #expect(naming.quarantined?.samples.count == QuarantinedEntries.samplesMax)
        var state = FeedState(id: FeedID(derivedFrom: url), url: url)
        state.naming = naming
        #expect(!state.owesEntries(at: noon))
        #expect(state.owesEntries(at: noon.adding(.seconds(86_400))))
        _ = naming.learn(tally(), at: noon.adding(.seconds(86_400)))
        #expect(naming.quarantined == nil)
    }
}
