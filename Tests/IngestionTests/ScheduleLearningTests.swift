import Ingestion
import News
import TestSupport
import Testing

/// What the schedule learns from answers, failures, redirects and holes.
@Suite struct ScheduleLearningTests {
    typealias Bench = ScheduleTests.Bench
    private static let day = Duration.seconds(86_400)

    private static func quick(_ change: (inout ScheduleOptions) -> Void = { _ in })
        -> ScheduleOptions
    {
        var options = ScheduleOptions()
        options.startSpread = .zero
        options.startSpacing = .zero
        change(&options)
        return options
    }

    private static func freeFeed(_ name: String = "free") throws -> Feed {
        Feed(
            id: try #require(FeedID(name)),
            url: try #require(HTTPURL("http://\(name).example/feed")))
    }

    private static func read(_ known: Int, of total: Int) -> PollOutcome.Result {
        var tally = PollOutcome.Tally()
        (tally.entries, tally.known) = (total, known)
        return .read(tally)
    }

    // MARK: The pace

    @Test(arguments: [
        (20, 20, 3600), (14, 20, 3600), (13, 20, 1800), (7, 20, 1800), (6, 20, 900), (0, 20, 450),
        (0, 0, 3600),
    ])
    func theShareOfKnownEntriesSetsThePace(known: Int, total: Int, seconds: Int64) {
        let answer = Freshening(known: known, total: total, since: .seconds(1800))
        let pace = Pace(intervalSeconds: 1800).adapted(to: answer, in: .seconds(1)...Self.day)
        // So lively a feed may be bounded by its peak before the share says so.
        let renewal = Double(total) * 2 / 3 * 3600
        let bound = total == known ? seconds : Int64(renewal) / Int64(total - known)
        #expect(pace.intervalSeconds == min(seconds, bound))
    }

    @Test func aQuietFeedIsAskedOnceADayAndALivelyOneEveryTenMinutes() throws {
        for (result, seconds) in [(Self.read(20, of: 20), 86_400), (Self.read(0, of: 20), 600)] {
            var bench = Bench([try Self.freeFeed()], options: Self.quick())
            bench.send(.tick)
            for _ in 0..<40 {
                bench.end(result)
                guard bench.advance() else { break }
            }
            #expect(bench.only?.pace?.intervalSeconds == Int64(seconds))
        }
    }

    /// Four times as many entries: half the wait.
    @Test(arguments: [(1.0, 32.0), (4, 16), (16, 8), (64, 4)])
    func waitsGoByTheSquareRootOfWhatComes(perDay: Double, hours: Double) {
        var pace = Pace(intervalSeconds: 1800)
        var (days, told) = (0.0, 0.0)
        while days < 40 {
            let since = Double(pace.intervalSeconds) / 86_400
            days += since
            let fresh = Int(days * perDay - told)
            told += Double(fresh)
            pace = pace.adapted(
                to: Freshening(
                    known: 500 - fresh, total: fresh == 0 ? 0 : 500,
                    since: .milliseconds(Int64(since * 86_400_000))),
                in: .seconds(600)...Duration.seconds(30 * 86_400))
        }
        let wait = Double(pace.intervalSeconds) / 3600
        #expect(wait > hours * 0.8 && wait < hours * 1.25, "\(wait) hours")
    }

    /// By chance alone some minute of a day would have almost twice as many polls as the mean.
    @Test func minutesAreFilledEvenly() throws {
        let count = 1200
        let feeds = try (0..<count).map { try ScheduleTests.feed("f\($0)", every: .seconds(3600)) }
        let states = feeds.enumerated().map { number, feed in
            var state = FeedState(id: feed.id, url: feed.url)
            state.nextPoll = ScheduleTests.start.adding(.seconds(number * 3))
            return state
        }
        var bench = Bench(feeds, states: states)
        var minutes: [Int64: Int] = [:]
        while bench.now.since(ScheduleTests.start) < .seconds(16 * 3600), bench.advance() {
            for _ in bench.inFlight {
                let minute = bench.now.since(ScheduleTests.start).components.seconds / 60
                minutes[minute, default: 0] += 1
                bench.end(.notModified)
            }
        }
        let mean = Double(count) / 60
        let busiest = Double((60..<15 * 60).map { minutes[$0, default: 0] }.max() ?? 0)
        #expect(busiest < mean * 1.6, "\(busiest / mean) times the mean")
    }

    @Test func theFirstAnswerTeachesNothing() throws {
        var bench = Bench([try Self.freeFeed()], options: Self.quick())
        bench.send(.tick)
        bench.end(Self.read(0, of: 20))
        #expect(bench.only?.pace?.intervalSeconds == 1800)
    }

    @Test func aNightDoesNotMakeItMissTheMorning() {
        // Thirty entries in three hours of the day, then nothing for nine.
        var pace = Pace(intervalSeconds: 3600)
        let limits = Duration.seconds(600)...Self.day
        for _ in 0..<3 {
            let lively = Freshening(known: 10, total: 20, since: .seconds(3600))
            pace = pace.adapted(to: lively, in: limits)
        }
        for _ in 0..<9 {
            let quiet = Freshening(known: 20, total: 20, since: .seconds(3600))
            pace = pace.adapted(to: quiet, in: limits)
        }
        // At ten an hour a document of twenty is renewed in two: asked well before that.
        #expect(pace.intervalSeconds < 7200)
        for _ in 0..<20 {
            let quiet = Freshening(known: 20, total: 20, since: Self.day)
            pace = pace.adapted(to: quiet, in: limits)
        }
        #expect(pace.intervalSeconds == 86_400, "what was lively weeks ago is so no longer")
    }

    @Test func ownLimitsOfAFeedGoBeforeTheGeneral() throws {
        var feed = try Self.freeFeed()
        feed.intervalMin = .seconds(60)
        feed.intervalMax = .seconds(7200)
        var bench = Bench([feed], options: Self.quick())
        bench.send(.tick)
        let lessons = [(Self.read(9, of: 9), 7200), (Self.read(0, of: 9), 60)]
        for (result, seconds) in lessons {
            for _ in 0..<30 {
                bench.end(result)
                _ = bench.advance()
            }
            #expect(bench.only?.pace?.intervalSeconds == Int64(seconds))
        }
    }

    @Test func hoursWithoutNewsAreSkippedUpToALimit() throws {
        let feed = try Self.freeFeed()
        var bench = Bench([feed], options: Self.quick())
        bench.send(.tick)
        let hour = bench.now.civil.hour
        let hints = PublisherHints(skipHours: [hour, (hour + 1) % 24])
        bench.end(Self.read(0, of: 5)) { $0.hints = hints }
        let next = try #require(bench.only?.nextPoll)
        #expect(!hints.skipHours.contains(next.civil.hour))
        #expect(next.since(bench.now) <= .seconds(3 * 3600))
        let always = PublisherHints(skipHours: Set(0...23), skipDays: Set(1...7))
        _ = bench.advance()
        bench.end(Self.read(5, of: 5)) { $0.hints = always }
        let late = try #require(bench.only?.nextPoll).since(bench.now)
        #expect(
            late <= .seconds(3 * 3600 + 2 * 3600), "a feed that never wants to is asked: \(late)")
    }

    @Test func weekdaysAreCountedFromMonday() {
        // Sunday, 22 November 2026, 12:30.
        let sunday = Instant(millisecondsSince1970: 1_795_350_600_000)
        let hints = PublisherHints(skipDays: [7])
        let welcome = hints.firstWelcome(from: sunday, within: .seconds(2 * 86_400))
        #expect(welcome.description == "2026-11-23T00:00:00Z")
        #expect(hints.firstWelcome(from: welcome, within: .zero) == welcome)
    }

    // MARK: Failures by their kind

    @Test(arguments: [
        (FailureClass.connection, 20), (.lookup, 20), (.tls, 10), (.missing, 7), (.gone, 3),
    ])
    func everyKindIsSetAsideAfterItsOwnNumber(kind: FailureClass, failures: Int) throws {
        var bench = Bench([try Self.freeFeed()], options: Self.quick())
        bench.send(.tick)
        for number in 1...failures {
            bench.end(.failed(reason: "it failed", retry: .backOff)) { $0.failureClass = kind }
            let isParked = bench.only?.parkedUntil != nil
            #expect(isParked == (number == failures), "after \(number) of \(kind)")
            if number < failures { _ = bench.advance() }
        }
        // Set aside, but never dropped: it is asked daily and comes back by itself.
        let wait = try #require(bench.only?.nextPoll).since(bench.now)
        #expect(wait >= Self.day * 9 / 10 && wait <= Self.day * 11 / 10)
        _ = bench.advance()
        #expect(bench.inFlight.count == 1)
        bench.end(.notModified)
        #expect(bench.only?.parkedUntil == nil && bench.only?.failureClass == nil)
    }

    @Test func whatIsNotThereIsNotAskedAgainWithinAMinute() throws {
        for (kind, least) in [(FailureClass.missing, 1620), (.connection, 54)] {
            var bench = Bench([try Self.freeFeed()], options: Self.quick())
            bench.send(.tick)
            bench.end(.failed(reason: "x", retry: .backOff)) { $0.failureClass = kind }
            let wait = try #require(bench.only?.nextPoll).since(bench.now)
            #expect(wait >= .seconds(least) && wait <= .seconds(least * 11 / 9))
        }
    }

    @Test func anotherFeedsHoldIsNobodysFailure() throws {
        var bench = Bench([try Self.freeFeed()], options: Self.quick())
        bench.send(.tick)
        let until = bench.now.adding(.seconds(900))
        bench.end(.deferred(reason: "the host asked for no requests", until: until))
        #expect(bench.only?.failures == 0)
        #expect(bench.only?.lastFailure != nil, "but the status says why it waits")
        let next = try #require(bench.only?.nextPoll)
        #expect(next >= until && next <= until.adding(.seconds(90)))
    }

    // MARK: Moves

    private static func moving(_ bench: inout Bench, to target: HTTPURL, _ times: Int) {
        for _ in 0..<times {
            bench.end(read(5, of: 5)) {
                $0.permanentRedirect = target
                $0.continuity = .overlapping
            }
            if bench.only?.move?.isAdopted != true { _ = bench.advance() }
        }
    }

    @Test func aMoveIsBelievedAfterDaysAndForgottenWhenItFails() throws {
        let target = try #require(HTTPURL("https://new.example/feed"))
        var bench = Bench(
            [try ScheduleTests.feed("old", every: .seconds(8 * 3600))], options: Self.quick())
        bench.send(.tick)
        Self.moving(&bench, to: target, 4)
        #expect(bench.only?.move?.isAdopted == false)
        Self.moving(&bench, to: target, 1)
        #expect(bench.only?.presentURL == target)
        #expect(bench.only?.url == bench.schedule.feeds.first?.feed.url, "the state stays its own")
        // `301` to something that is gone a week later loses no feed.
        for number in 1...3 {
            _ = bench.advance()
            bench.end(.failed(reason: "gone", retry: .backOff)) { $0.failureClass = .gone }
            #expect((bench.only?.move == nil) == (number == 3))
        }
        #expect(bench.only?.presentURL == bench.only?.url)
    }

    @Test func aTargetThatDoesNotContinueTheFeedIsNeverBelieved() throws {
        let target = try #require(HTTPURL("https://parking.example/feed"))
        var bench = Bench(
            [try ScheduleTests.feed("old", every: .seconds(6 * 3600))], options: Self.quick())
        bench.send(.tick)
        for _ in 0..<30 {
            let now = bench.now
            bench.end(Self.read(0, of: 5)) {
                $0.permanentRedirect = target
                $0.continuity = .gap(from: now, to: now)
            }
            _ = bench.advance()
        }
        #expect(bench.only?.move?.isAdopted == false)
    }

    @Test func redirectsThatChangeStartAnew() throws {
        let targets = try ["a", "b"].map { try #require(HTTPURL("https://\($0).example/feed")) }
        var bench = Bench(
            [try ScheduleTests.feed("old", every: .seconds(6 * 3600))], options: Self.quick())
        bench.send(.tick)
        for number in 0..<20 { Self.moving(&bench, to: targets[number % 2], 1) }
        #expect(bench.only?.move?.sightings == 1)
        bench.end(Self.read(5, of: 5)) { $0.continuity = .overlapping }
        #expect(bench.only?.move == nil)
    }

    // MARK: Coverage

    @Test func aDayTellsItsHoles() throws {
        var bench = Bench([try Self.freeFeed()], options: Self.quick())
        bench.send(.tick)
        bench.end(Self.read(0, of: 5))
        #expect(bench.only?.coverage == nil, "nothing came before the first answer")
        _ = bench.advance()
        bench.end(Self.read(2, of: 5)) { $0.continuity = .overlapping }
        _ = bench.advance()
        let from = bench.now.adding(.seconds(-1800))
        let to = bench.now
        bench.end(Self.read(0, of: 5)) { $0.continuity = .gap(from: from, to: to) }
        #expect(
            bench.actions.contains {
                if case .report(.gap(_, .seconds(1800))) = $0 { true } else { false }
            })
        let days = try #require(bench.only?.coverage)
        #expect(days.map(\.overlaps).reduce(0, +) == 1)
        #expect(days.map(\.gaps).reduce(0, +) == 1)
        #expect(days.map(\.gapSeconds).reduce(0, +) == 1800)
        #expect(bench.only?.pace?.intervalSeconds ?? .max <= 600, "and the feed is polled faster")
        for _ in 0..<600 {
            _ = bench.advance()
            bench.end(Self.read(5, of: 5)) { $0.continuity = .overlapping }
        }
        #expect(bench.only?.coverage?.count == FeedState.coverageDaysMax)
    }

    // MARK: Many feeds

    @Test func thousandsThatAreOverdueComeOneAfterTheOther() throws {
        let feeds = try (0..<2000).map { try ScheduleTests.feed("f\($0)") }
        let states = feeds.map { feed in
            var state = FeedState(id: feed.id, url: feed.url)
            state.nextPoll = ScheduleTests.start.adding(.seconds(-86_400))
            return state
        }
        let bench = Bench(feeds, states: states)
        let seconds = bench.schedule.feeds.compactMap {
            $0.state.nextPoll?.since(ScheduleTests.start).components.seconds
        }
        // 180 ms apart: six minutes. No ten seconds of them hold more than twice their share.
        #expect(seconds.allSatisfy { (0...360).contains($0) })
        let crowd = Dictionary(grouping: seconds) { $0 / 10 }.values.map(\.count).max()
        #expect((50...112).contains(try #require(crowd)))
    }

    @Test func sleepAndALostStoreEndWithoutABurst() throws {
        let feeds = try (0..<400).map { try ScheduleTests.feed("f\($0)") }
        for event in [Schedule.Event.tick, .storeAvailable] {
            var bench = Bench(feeds)
            if event == .storeAvailable { bench.send(.storeUnavailable) }
            bench.now = bench.now.adding(.seconds(8 * 3600))
            bench.send(event)
            #expect(bench.inFlight.count <= 2, "\(event)")
        }
    }

    /// Seeded: the queue gives feeds in the order of a plain search through all of them.
    @Test(arguments: 1...10) func theNextFeedIsTheOneThatIsDueFirst(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var bench = Bench(
            try (0..<60).map { try ScheduleTests.feed("f\($0)") },
            options: Self.quick { $0.pollsInFlightMax = 16 })
        for _ in 0..<300 {
            let slots = bench.schedule.feeds
            func isDoubtful(_ state: FeedState) -> Bool {
                state.failures > 0 || state.lastSuccess == nil
            }
            let doubted = slots.count { $0.isInFlight && isDoubtful($0.state) }
            let times = slots.filter { slot in
                !slot.isInFlight && (!isDoubtful(slot.state) || doubted < 12)
            }.compactMap(\.state.nextPoll)
            #expect(bench.schedule.nextWake == (bench.inFlight.count < 16 ? times.min() : nil))
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bench.end(.failed(reason: "x", retry: .backOff))
            case 1: bench.end(.notModified)
            default: _ = bench.advance()
            }
        }
    }

    @Test func onlyWhatChangedIsNamed() throws {
        var bench = Bench(
            try (0..<50).map { try ScheduleTests.feed("f\($0)") },
            options: Self.quick { $0.pollsInFlightMax = 16 })
        let all = bench.schedule.takeChanged()
        let none = bench.schedule.takeChanged()
        #expect(all.count == 50 && none.isEmpty)
        bench.send(.tick)
        let begun = bench.schedule.takeChanged()
        // Three quarters of the places: none has answered yet.
        #expect(begun.count == 12)
        bench.end(.notModified)
        let ended = bench.schedule.takeChanged()
        #expect(ended.count == 2, "the one that ended, the one that began")
    }

    /// Two hundred feeds hang for thirty seconds each, five answer at once: no healthy one waits.
    @Test func twoHundredHangingFeedsDelayNoHealthyOne() throws {
        let hanging = try (0..<200).map { try ScheduleTests.feed("hang\($0)", every: .seconds(60)) }
        let healthy = try (0..<5).map { try ScheduleTests.feed("good\($0)", every: .seconds(60)) }
        var bench = Bench(
            hanging + healthy, options: Self.quick { $0.backoff.longest = .seconds(60) })
        var ends: [(at: Instant, id: FeedID)] = []
        var polled: [FeedID: [Instant]] = [:]
        bench.send(.tick)
        while bench.now.since(ScheduleTests.start) < .seconds(3600) {
            for case .poll(let feed, _, _) in bench.actions {
                polled[feed.id, default: []].append(bench.now)
                let takes = Duration.seconds(feed.id.text.hasPrefix("hang") ? 30 : 0)
                ends.append((bench.now.adding(takes), feed.id))
            }
            ends.sort { $0.at < $1.at }
            let wake = [ends.first?.at, bench.schedule.nextWake].compactMap { $0 }.min()
            bench.now = max(bench.now, try #require(wake))
            if let end = ends.first, end.at <= bench.now {
                ends.removeFirst()
                let feed = try #require(bench.inFlight[end.id])
                let isHung = end.id.text.hasPrefix("hang")
                let result: PollOutcome.Result =
                    isHung ? .failed(reason: "silent", retry: .backOff) : .notModified
                bench.send(.polled(end.id, PollOutcome(url: feed.url, result: result)))
            } else {
                bench.send(.tick)
            }
        }
        for feed in healthy {
            let times = try #require(polled[feed.id])
            let waits = zip(times, times.dropFirst()).map { $1.since($0) }
            #expect(times.count >= 50, "\(feed.id): \(times.count) polls in an hour")
            #expect(try #require(waits.max()) <= .seconds(3 * 60), "\(feed.id)")
        }
    }
}
