import Foundation
import Ingestion
import News
import Testing

/// States that an earlier version saved.
@Suite struct OldStatesTests {
    @Test func aFeedThatWasQuarantinedIsParked() throws {
        let feed = try ScheduleTests.feed("old")
        var state = FeedState(id: feed.id, url: feed.url)
        state.failures = 30
        state.lastFailure = "no route"
        let until = ScheduleTests.start.adding(.seconds(7200))
        state.parkedUntil = until
        state.nextPoll = until
        let saved = String(decoding: try JSONEncoder().encode(state), as: UTF8.self)
        let old = saved.replacing("\"parked_until\"", with: "\"quarantined_until\"")
        #expect(old != saved)
        let read = try JSONDecoder().decode(FeedState.self, from: Data(old.utf8))
        let bench = ScheduleTests.Bench([feed], states: [read])
        let taken = try #require(bench.only)
        #expect(taken == state)
        // From now on by its present name.
        let written = String(decoding: try JSONEncoder().encode(taken), as: UTF8.self)
        #expect(written.contains("\"parked_until\"") && !written.contains("quarantined"))
    }
}
