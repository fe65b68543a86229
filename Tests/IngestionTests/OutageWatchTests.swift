import Ingestion
import News
import TestSupport
import Testing

/// All feeds failing at once, and their return.
@Suite struct OutageWatchTests {
    private typealias Bench = ScheduleTests.Bench

    private func feeds(_ count: Int) throws -> [Feed] {
        try (0..<count).map { try ScheduleTests.feed("f\($0)", every: .seconds(1800)) }
    }

    private static let lost = PollOutcome.Result.failed(reason: "no route", retry: .backOff)

    private func end(_ bench: inout Bench, _ feed: FeedID, fails: Bool) {
        guard let feed = bench.inFlight[feed] else { return }
        var outcome = PollOutcome(url: feed.url, result: fails ? Self.lost : .notModified)
        outcome.failureClass = .connection
        bench.send(.polled(feed.id, outcome))
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func tenMinutesWithoutANetworkParkNobodyAndEndWithoutAHerd(seed: UInt64) throws {
        let count = 3000
        // A thousand polls in ten minutes, evenly, as after some days.
        let feeds = try feeds(count)
        let states = feeds.enumerated().map { number, feed in
            var state = FeedState(id: feed.id, url: feed.url)
            state.nextPoll = ScheduleTests.start.adding(.milliseconds(number * 600))
            return state
        }
        var bench = Bench(feeds, states: states)
        bench.generator = SeededGenerator(seed: seed)
        let settled = bench.now.adding(.seconds(1800))
        let outage = settled..<settled.adding(.seconds(600))
        let end = outage.upperBound.adding(.seconds(3 * 3600))
        var failed: Set<FeedID> = []
        var back: Instant?
        var minutes: [Int64: Int] = [:]
        var reports: [Schedule.Report] = []
        while bench.now < end, bench.advance() {
            for feed in Array(bench.inFlight.keys) {
                minutes[bench.now.since(settled).components.seconds / 60, default: 0] += 1
                let fails = outage.contains(bench.now)
                self.end(&bench, feed, fails: fails)
                for case .report(let report) in bench.actions { reports.append(report) }
                if fails {
                    failed.insert(feed)
                } else if failed.remove(feed) != nil {
                    back = bench.now
                }
            }
        }
        #expect(failed.isEmpty, "none is lost")
        let recovery = try #require(back).since(outage.upperBound)
        #expect(recovery <= .seconds(600 * 5 / 2 + 300), "\(recovery)")
        // A hundred a minute is usual.
        let mean = Double(count) / 30
        let busiest = Double((10..<70).map { minutes[$0, default: 0] }.max() ?? 0)
        #expect(busiest <= 2 * mean, "\(busiest / mean) times the mean")
        #expect(bench.schedule.feeds.allSatisfy { $0.state.parkedUntil == nil })
        let said = reports.compactMap { report -> String? in
            switch report {
            case .networkLost: "lost"
            case .networkBack: "back"
            default: nil
            }
        }
        #expect(said == ["lost", "back"])
        #expect(reports.count < 100, "one line for the outage, not one for each feed")
    }

    @Test func daysWithoutANetworkParkNobody() throws {
        var options = ScheduleOptions()
        options.backoff.failuresBeforeParking = 3
        var bench = Bench(try feeds(40), options: options)
        let end = bench.now.adding(.seconds(5 * 86_400))
        while bench.now < end, bench.advance() {
            for feed in Array(bench.inFlight.keys) { self.end(&bench, feed, fails: true) }
        }
        #expect(bench.schedule.feeds.count { $0.state.parkedUntil != nil } < 20)
        #expect(bench.schedule.feeds.allSatisfy { ($0.state.strain ?? 0) <= 4 })
    }

    /// How many feeds must fail, of so many on so many hosts, for it to be an outage; nil: never.
    @Test(
        arguments: [
            (1, 1, nil), (2, 2, nil), (3, 3, 3), (4, 4, 4), (5, 5, 4), (10, 10, 8), (24, 24, 20),
            (25, 25, 20), (10_000, 10_000, 20), (5, 2, nil), (30, 1, nil), (30, 3, 20),
        ] as [(Int, Int, Int?)])
    func whatPartOfTheFeedsIsAnOutage(feeds: Int, hosts: Int, needed: Int?) throws {
        var watch = OutageWatch()
        var first: Int?
        for number in 0..<feeds where first == nil {
            let began = watch.noteFailure(
                of: try #require(FeedID("f\(number)")), on: "h\(number % hosts)", amongst: feeds,
                at: ScheduleTests.start)
            #expect(began == watch.isOn)
            if began { first = number + 1 }
        }
        #expect(first == needed)
    }

    /// Ten feeds of which six are parked: the failures of those six tell nothing, and four fifths
    /// of the others are enough, wherever the parked ones stand in the row.
    @Test(arguments: [false, true])
    func parkedFeedsDoNotCount(isLeftOut: Bool) throws {
        let feeds = try feeds(10)
        let (parked, others) = (feeds.prefix(6), feeds.suffix(4))
        let states = feeds.enumerated().map { number, feed in
            var state = FeedState(id: feed.id, url: feed.url)
            state.failures = number < 6 ? 30 : 0
            state.parkedUntil = number < 6 ? ScheduleTests.start.adding(.seconds(60)) : nil
            state.nextPoll = ScheduleTests.start.adding(.seconds(60))
            return state
        }
        var bench = Bench(feeds, states: states)
        if isLeftOut { bench.send(.configured(Array(others))) }
        bench.now = bench.now.adding(.seconds(3600))
        bench.send(.tick)
        func isLost(_ bench: Bench) -> Bool {
            bench.actions.contains {
                if case .report(.networkLost) = $0 { true } else { false }
            }
        }
        if !isLeftOut {
            for feed in parked {
                end(&bench, feed.id, fails: true)
                #expect(!isLost(bench), "\(feed.id) has failed for long")
            }
        }
        for (number, feed) in others.enumerated() {
            #expect(bench.inFlight[feed.id] != nil)
            end(&bench, feed.id, fails: true)
            #expect(isLost(bench) == (number == 3), "\(number + 1) of 4")
        }
    }

    /// Whatever is configured, wanted, parked and answered.
    @Test func theCountOfParkedFeedsIsTrue() throws {
        let feeds = try feeds(40)
        var options = ScheduleOptions()
        options.backoff.failuresBeforeParking = 3
        options.startSpread = .zero
        var bench = Bench(feeds, options: options)
        var dice = SeededGenerator(seed: 5)
        var met: Set<Int> = []
        for step in 0..<3000 {
            switch Int.random(in: 0..<40, using: &dice) {
            case 0: bench.send(.pollNow(feeds[Int.random(in: 0..<40, using: &dice)].id))
            case 1: bench.send(.configured(feeds.filter { _ in Bool.random(using: &dice) }))
            case 2: bench.send(.configured(feeds))
            case 3: bench.send(.clockMoved(.seconds(7)))
            default: _ = bench.advance()
            }
            for id in bench.inFlight.keys.sorted() {
                let isUp = Int.random(in: 0..<6, using: &dice) == 0
                end(&bench, id, fails: !isUp)
            }
            let parked = bench.schedule.feeds.count { $0.state.parkedUntil != nil }
            met.insert(parked)
            #expect(bench.schedule.parkedCount == parked, "step \(step)")
        }
        #expect(met.count > 5, "\(met)")
    }

    @Test func anyAnswerSaysThatTheNetworkIsThere() throws {
        let start = ScheduleTests.start
        let ids = (0..<OutageWatch.feedsMax).compactMap { FeedID("f\($0)") }
        func noteFailure(_ watch: inout OutageWatch, of id: FeedID, at time: Instant) -> Bool {
            watch.noteFailure(of: id, on: "\(id).example", amongst: 1000, at: time)
        }
        var watch = OutageWatch()
        var began = ids.dropLast().map { noteFailure(&watch, of: $0, at: start) }
        #expect(!began.contains(true))
        #expect(!watch.isOn)
        let none = watch.noteAnswer(at: start)
        #expect(none == nil)
        // One feed that fails for ever is no outage.
        began = (0..<100).map {
            noteFailure(&watch, of: ids[0], at: start.adding(.seconds($0)))
        }
        began += ids.dropLast().map { noteFailure(&watch, of: $0, at: start) }
        #expect(!began.contains(true))
        let last = noteFailure(&watch, of: ids[ids.count - 1], at: start.adding(.seconds(99)))
        #expect(last && watch.isOn)
        let again = noteFailure(&watch, of: ids[0], at: start)
        #expect(!again, "it is told once")
        let past = watch.noteAnswer(at: start.adding(.seconds(100)))
        #expect(past?.lasted == .seconds(100) && past?.feeds.count == ids.count)
        #expect(!watch.isOn)
    }

    @Test func aFeedPutInAgainDuringItsPollWaitsForItsEnd() throws {
        let feed = try ScheduleTests.feed("again")
        var options = ScheduleOptions()
        options.startSpread = .zero
        var bench = Bench([feed], options: options)
        bench.send(.tick)
        #expect(bench.inFlight.count == 1)
        bench.send(.configured([]))
        bench.send(.configured([feed]))
        bench.send(.pollNow(feed.id))
        #expect(!bench.actions.contains { if case .poll = $0 { true } else { false } })
        #expect(bench.schedule.pollsInFlight == 1, "the old poll holds its place")
        // The end of the old poll teaches nothing, and lets the new one begin.
        bench.end(.notModified)
        #expect(bench.only?.lastSuccess == nil)
        #expect(bench.inFlight.count == 1)
        bench.end(.notModified)
        #expect(bench.only?.lastSuccess != nil)
        #expect(bench.schedule.pollsInFlight == 0)
    }
}
