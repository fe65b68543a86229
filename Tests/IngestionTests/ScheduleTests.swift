import Ingestion
import News
import TestSupport
import Testing

/// `Schedule` stepped through simulated time; every wait is asserted from its own documented rule.
@Suite struct ScheduleTests {
    static let start = Instant(millisecondsSince1970: 1_790_000_000_000)

    /// A schedule with a clock and a seeded generator, and the polls that are under way.
    struct Bench {
        var schedule: Schedule
        var now = start
        var generator = SeededGenerator(seed: 11)
        var inFlight: [FeedID: Feed] = [:]
        var actions: [Schedule.Action] = []

        init(
            _ feeds: [Feed], states: [FeedState] = [], options: ScheduleOptions = .init(),
            isOnDemand: Bool = false
        ) {
            schedule = Schedule(
                feeds: feeds, states: states, options: options, isOnDemand: isOnDemand, now: now,
                using: &generator)
        }

        mutating func send(_ event: Schedule.Event) {
            actions = schedule.handle(event, at: now, using: &generator)
            if case .polled(let id, _) = event { inFlight[id] = nil }
            for case .poll(let feed, _, _) in actions { inFlight[feed.id] = feed }
        }

        /// Goes to the next wake-up; false when there is none.
        mutating func advance() -> Bool {
            guard let next = schedule.nextWake else { return false }
            now = max(now, next)
            send(.tick)
            return true
        }

        mutating func end(
            _ result: PollOutcome.Result, _ change: (inout PollOutcome) -> Void = { _ in }
        ) {
            guard let feed = inFlight.values.min(by: { $0.id < $1.id }) else { return }
            var outcome = PollOutcome(url: feed.url, result: result)
            change(&outcome)
            send(.polled(feed.id, outcome))
        }

        var only: FeedState? { schedule.feeds.first?.state }
    }

    /// A feed whose pace is fixed, so that waits are known.
    static func feed(_ name: String, every interval: Duration = .seconds(1800)) throws -> Feed {
        Feed(
            id: try #require(FeedID(name)),
            url: try #require(HTTPURL("http://\(name).example/feed")), interval: interval,
            intervalMin: interval, intervalMax: interval)
    }

    @Test func firstPollsAreSpreadAndEveryFeedIsPolledOnce() throws {
        let feeds = try (0..<40).map { try Self.feed("f\($0)") }
        var options = ScheduleOptions()
        options.pollsInFlightMax = 100
        var bench = Bench(feeds, options: options)
        var polled: Set<FeedID> = []
        var instants: Set<Instant> = []
        while bench.now.since(Self.start) <= options.startSpread, bench.advance() {
            polled.formUnion(bench.inFlight.keys)
            instants.insert(bench.now)
        }
        #expect(polled.count == 40)
        #expect(instants.count > 10, "a start must be no burst")
    }

    @Test func aWeekOfPollsKeepsTheInterval() throws {
        var bench = Bench([try Self.feed("daily", every: .seconds(3600))])
        var polls = 0
        while bench.now.since(Self.start) < .seconds(7 * 86_400), bench.advance() {
            if !bench.inFlight.isEmpty { polls += 1 }
            bench.end(.notModified)
        }
        // 168 hours, each wait moved by at most a tenth.
        #expect((152...187).contains(polls), "\(polls) polls")
    }

    @Test func neverMorePollsInFlightThanAllowed() throws {
        var options = ScheduleOptions()
        options.pollsInFlightMax = 4
        options.startSpread = .zero
        var bench = Bench(try (0..<10).map { try Self.feed("f\($0)") }, options: options)
        bench.send(.tick)
        // One place is for those that have answered.
        #expect(bench.inFlight.count == 3)
        #expect(bench.schedule.nextWake == nil, "no timer helps while all places are taken")
        var ended = 0
        while !bench.inFlight.isEmpty, ended < 10 {
            bench.end(.notModified)
            ended += 1
            #expect(bench.inFlight.count <= 4)
        }
        #expect(ended == 10)
    }

    @Test func failuresBackOffAndEndParked() throws {
        var options = ScheduleOptions()
        options.backoff.failuresBeforeParking = 4
        options.startSpread = .zero
        var bench = Bench([try Self.feed("ill")], options: options)
        bench.send(.tick)
        var delays: [Int64] = []
        for _ in 1...4 {
            bench.end(.failed(reason: "refused", retry: .backOff))
            let next = try #require(bench.only?.nextPoll)
            delays.append(next.since(bench.now).milliseconds)
            if bench.only?.parkedUntil == nil { _ = bench.advance() }
        }
        // The last one sets it aside: asked once a day from then on.
        for (delay, minutes) in zip(delays, [1, 2, 4, 1440] as [Int64]) {
            #expect((minutes * 54_000...minutes * 66_000).contains(delay))
        }
        #expect(
            bench.actions.contains {
                if case .report(.parked(_, _, "refused")) = $0 { true } else { false }
            })
        _ = bench.advance()
        bench.end(.read(.init()))
        #expect(bench.only?.parkedUntil == nil)
        #expect(bench.only?.failures == 0)
        #expect(
            bench.actions.contains {
                if case .report(.recovered(_, afterFailures: 4)) = $0 { true } else { false }
            })
    }

    /// Never less than the feed's own interval, never more than a day, and never before the time
    /// that was asked for.
    @Test(arguments: [
        (10, 1800), (2400, 2400), (999_999, 86_400), (-50, 1800),
    ])
    func retryAfterIsClamped(asked: Int, waited: Int) throws {
        var options = ScheduleOptions()
        options.startSpread = .zero
        var bench = Bench([try Self.feed("busy")], options: options)
        bench.send(.tick)
        let until = bench.now.adding(.seconds(asked))
        bench.end(.failed(reason: "429", retry: .after(until)))
        let wait = try #require(bench.only?.nextPoll).since(bench.now)
        #expect(wait >= .seconds(waited) && wait <= .seconds(waited) * 11 / 10, "\(wait)")
    }

    @Test func anOutageOfAllIsOverWithinOneBackOffAndWithoutAHerd() throws {
        let feeds = try (0..<50).map { try Self.feed("f\($0)", every: .seconds(300)) }
        var options = ScheduleOptions()
        options.pollsInFlightMax = 50
        var bench = Bench(feeds, options: options)
        let (down, up) = (bench.now.adding(.seconds(600)), bench.now.adding(.seconds(1200)))
        var recovered: [FeedID: Instant] = [:]
        while recovered.count < 50, bench.now < up.adding(.seconds(86_400)), bench.advance() {
            while let id = bench.inFlight.keys.min() {
                let isOutage = (down..<up).contains(bench.now)
                if bench.now >= up, recovered[id] == nil { recovered[id] = bench.now }
                bench.end(isOutage ? .failed(reason: "no network", retry: .backOff) : .notModified)
            }
        }
        #expect(recovered.count == 50)
        #expect(Set(recovered.values).count > 40, "they come back one by one")
        #expect(bench.schedule.feeds.allSatisfy { $0.state.parkedUntil == nil })
        // Ten minutes are four failures at the most: the wait after them is 8 min and a tenth.
        let last = try #require(recovered.values.max()).since(up)
        #expect(last <= .seconds(528), "\(last)")
    }

    @Test func freshnessLengthensTheWaitOnlyUpToItsLimit() throws {
        var options = ScheduleOptions()
        options.startSpread = .zero
        var bench = Bench([try Self.feed("fresh")], options: options)
        bench.send(.tick)
        bench.end(.notModified) { $0.maxAge = .seconds(30 * 86_400) }
        let wait = try #require(bench.only?.nextPoll).since(bench.now)
        #expect(wait <= .milliseconds(options.hintMax.milliseconds * 11 / 10))
        #expect(wait >= .milliseconds(options.hintMax.milliseconds * 9 / 10))
    }

    @Test func nothingIsPolledWhileTheStoreIsLost() throws {
        var options = ScheduleOptions()
        options.startSpread = .zero
        var bench = Bench(try (0..<3).map { try Self.feed("f\($0)") }, options: options)
        bench.send(.storeUnavailable)
        bench.now = bench.now.adding(.seconds(86_400))
        bench.send(.tick)
        #expect(bench.inFlight.isEmpty)
        #expect(bench.schedule.nextWake == nil)
        bench.send(.storeAvailable)
        #expect(bench.inFlight.count == 3)
    }

    @Test func anUncommittedAnswerIsNotTheFeedsFault() throws {
        var options = ScheduleOptions()
        options.startSpread = .zero
        var bench = Bench([try Self.feed("a")], options: options)
        bench.send(.tick)
        bench.send(.storeUnavailable)
        bench.end(.storeUnavailable)
        #expect(bench.only?.failures == 0)
        #expect(bench.only?.counts.polls == 0)
        bench.send(.storeAvailable)
        #expect(bench.inFlight.count == 1, "it is polled again at once")
    }

    @Test func aClockThatJumpsMovesEveryDeadlineWithIt() throws {
        var bench = Bench([try Self.feed("a")])
        let before = try #require(bench.only?.nextPoll).since(bench.now)
        let jump = Duration.seconds(-3 * 86_400)
        bench.now = bench.now.adding(jump)
        bench.send(.clockMoved(jump))
        #expect(bench.only?.nextPoll?.since(bench.now) == before)
    }

    @Test func aSavedDeadlineFarAheadIsBroughtBack() throws {
        let feed = try Self.feed("a")
        var state = FeedState(id: feed.id, url: feed.url)
        state.nextPoll = .distantFuture
        let bench = Bench([feed], states: [state])
        let next = try #require(bench.only?.nextPoll)
        #expect(next <= bench.now.adding(ScheduleOptions().waitMax * 11 / 10))
    }

    @Test func validatorsAreLeftOutEveryEightDays() throws {
        var options = ScheduleOptions()
        options.startSpread = .zero
        var bench = Bench([try Self.feed("liar", every: .seconds(3600))], options: options)
        var unconditional = 0
        bench.send(.tick)
        while bench.now.since(Self.start) < .seconds(30 * 86_400) {
            let isConditional = bench.actions.contains {
                if case .poll(_, _, let conditionally) = $0 { conditionally } else { false }
            }
            if !isConditional { unconditional += 1 }
            bench.end(.notModified) { $0.wasConditional = isConditional }
            guard bench.advance() else { break }
        }
        #expect((4...5).contains(unconditional), "\(unconditional) in thirty days")
    }

    @Test func removedFeedsAreForgottenAndTheirLateAnswersIgnored() throws {
        var options = ScheduleOptions()
        options.startSpread = .zero
        let feeds = [try Self.feed("a"), try Self.feed("b")]
        var bench = Bench(feeds, options: options)
        bench.send(.tick)
        bench.send(.configured([feeds[1]]))
        #expect(bench.actions.contains(.forget(feeds[0].id)))
        #expect(bench.schedule.pollsInFlight == 2, "its poll keeps its place until it ends")
        bench.send(.polled(feeds[0].id, PollOutcome(url: feeds[0].url, result: .notModified)))
        #expect(bench.actions.isEmpty)
        #expect(bench.schedule.pollsInFlight == 1)
    }

    @Test func anotherAddressStartsAnew() throws {
        var options = ScheduleOptions()
        options.startSpread = .zero
        var feed = try Self.feed("a")
        var bench = Bench([feed], options: options)
        bench.send(.tick)
        bench.end(.read(.init())) { $0.validators = Validators(etag: "\"1\"") }
        #expect(bench.only?.validators.etag == "\"1\"")
        feed.url = try #require(HTTPURL("http://elsewhere.example/"))
        bench.send(.configured([feed]))
        #expect(bench.only?.validators.isEmpty == true)
    }

    @Test func aPersonsWishIsHeardEvenInFlight() throws {
        var options = ScheduleOptions()
        options.startSpread = .zero
        let feed = try Self.feed("a")
        var bench = Bench([feed], options: options)
        bench.send(.tick)
        bench.send(.pollNow(feed.id))
        #expect(bench.schedule.pollsInFlight == 1, "in flight at most once")
        bench.end(.notModified)
        #expect(bench.schedule.pollsInFlight == 1, "and once more after it ended")
    }

    @Test func beforeStartingOnlyWhatIsAskedForIsPolled() throws {
        var options = ScheduleOptions()
        options.startSpread = .zero
        let feeds = [try Self.feed("a"), try Self.feed("b")]
        var bench = Bench(feeds, options: options, isOnDemand: true)
        bench.send(.tick)
        #expect(bench.inFlight.isEmpty)
        #expect(bench.schedule.nextWake == nil)
        bench.send(.pollNow(feeds[1].id))
        #expect(Array(bench.inFlight.keys) == [feeds[1].id])
        bench.end(.notModified)
        #expect(bench.inFlight.isEmpty)
        bench.send(.starting)
        #expect(Array(bench.inFlight.keys) == [feeds[0].id])
    }

    @Test func allAtOnceIsEachOnceThoughSomeAreInFlightAndPlacesAreFew() throws {
        var options = ScheduleOptions()
        options.startSpread = .zero
        options.pollsInFlightMax = 3
        var bench = Bench(try (0..<8).map { try Self.feed("f\($0)") }, options: options)
        bench.send(.tick)
        bench.send(.pollAllNow)
        var polls = 0
        while !bench.inFlight.isEmpty, polls < 100 {
            bench.end(.notModified)
            polls += 1
        }
        #expect(polls == 8)
    }

    @Test func anUnconditionalPollDatedInTheFutureCountsForNothing() throws {
        let feed = try Self.feed("a")
        var state = FeedState(id: feed.id, url: feed.url)
        state.nextPoll = Self.start
        state.lastUnconditional = Self.start.adding(.seconds(3600))
        var bench = Bench([feed], states: [state])
        bench.send(.tick)
        let isConditional = bench.actions.contains {
            if case .poll(_, _, let conditionally) = $0 { conditionally } else { false }
        }
        #expect(!bench.inFlight.isEmpty && !isConditional)
    }

    @Test func stoppingStartsNothing() throws {
        var bench = Bench([try Self.feed("a")])
        bench.send(.stopping)
        bench.now = bench.now.adding(.seconds(86_400))
        bench.send(.tick)
        #expect(bench.inFlight.isEmpty)
    }

    /// Any order of events keeps the first two invariants.
    @Test(arguments: 1...20) func randomEventsKeepTheInvariants(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var options = ScheduleOptions()
        options.pollsInFlightMax = 4
        let feeds = try (0..<12).map { try Self.feed("f\($0)", every: .seconds(300)) }
        var bench = Bench(feeds, options: options)
        var isStoreLost = false
        for _ in 0..<500 {
            switch Int.random(in: 0..<8, using: &random) {
            case 0:
                isStoreLost.toggle()
                bench.send(isStoreLost ? .storeUnavailable : .storeAvailable)
            case 1: bench.send(.pollNow(feeds[Int.random(in: 0..<12, using: &random)].id))
            case 2: bench.end(.failed(reason: "x", retry: .backOff))
            case 3, 4: bench.end(.notModified)
            case 5: bench.now = bench.now.adding(.seconds(Int.random(in: 1...900, using: &random)))
            default: _ = bench.advance()
            }
            #expect(bench.inFlight.count == bench.schedule.pollsInFlight, "seed \(seed)")
            #expect(bench.schedule.pollsInFlight <= 4, "seed \(seed)")
            let started = bench.actions.contains { if case .poll = $0 { true } else { false } }
            #expect(!(isStoreLost && started), "seed \(seed)")
        }
    }
}
