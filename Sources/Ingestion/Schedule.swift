package import News

/// When each feed is polled next: a pure state machine over simulated or real time.
///
/// Invariants:
/// 1. A feed is in flight at most once, and at most `pollsInFlightMax` feeds are.
/// 2. While the store is unavailable no poll starts; feeds that came due meanwhile start when it is
///    back.
/// 3. Every wait is clamped to `intervalMin`…`waitMax`, whatever a server or a feed asks for.
/// 4. Before `starting`, only feeds that somebody asked for are polled.
/// 5. A jump of the wall clock moves every deadline with it: nothing is polled early, late or twice
///    because of one.
package struct Schedule: Sendable {
    /// What happened.
    package enum Event: Hashable, Sendable {
        /// Time has come, or may have.
        case tick
        /// A poll ended.
        case polled(FeedID, PollOutcome)
        /// A person wants this feed now.
        case pollNow(FeedID)
        /// Every feed is wanted now; those in flight are being polled already.
        case pollAllNow
        /// From now on feeds are polled on time, not only when somebody asks.
        case starting
        /// The configuration changed.
        case configured([Feed])
        case storeUnavailable
        case storeAvailable
        /// The wall clock moved by itself, by that much.
        case clockMoved(Duration)
        /// No new polls; those in flight may end.
        case stopping
    }

    /// What is to be done about it.
    package enum Action: Hashable, Sendable {
        /// Poll this feed now. `conditionally` is false when its validators must not be sent.
        case poll(Feed, FeedState, conditionally: Bool)
        /// The state changed and is to be saved.
        case save(FeedState)
        /// The feed is configured no longer.
        case forget(FeedID)
        /// Something that an operator may want to know.
        case report(Report)
    }

    /// What became of a feed's health.
    package enum Report: Hashable, Sendable {
        case quarantined(FeedID, until: Instant, reason: String)
        case recovered(FeedID, afterFailures: Int)
        case failing(FeedID, reason: String)
    }

    private struct Slot: Sendable {
        var feed: Feed
        var state: FeedState
        var isInFlight = false
        /// Somebody asked for a poll that has not begun.
        var isWanted = false

        mutating func want(at now: Instant) {
            isWanted = true
            guard !isInFlight else { return }
            state.nextPoll = now
            state.quarantinedUntil = nil
        }
    }

    private let options: ScheduleOptions
    private var slots: [FeedID: Slot] = [:]
    private var inFlight = 0
    private var isStoreAvailable = true
    private var isStopping = false
    private var isOnDemand: Bool

    /// A schedule for `feeds`, going on where `states` left off. Feeds never polled are spread over
    /// the first `startSpread`, so that a start is no burst. `isOnDemand`: see invariant 4.
    package init(
        feeds: [Feed], states: [FeedState], options: ScheduleOptions, isOnDemand: Bool = false,
        now: Instant, using generator: inout some RandomNumberGenerator
    ) {
        self.options = options
        self.isOnDemand = isOnDemand
        let known = Dictionary(states.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        for feed in feeds {
            slots[feed.id] = Slot(
                feed: feed,
                state: starting(feed, known: known[feed.id], now: now, using: &generator))
        }
    }

    /// Takes one event and says what follows from it.
    package mutating func handle(
        _ event: Event, at now: Instant, using generator: inout some RandomNumberGenerator
    ) -> [Action] {
        var actions: [Action] = []
        switch event {
        case .tick: break
        case .polled(let id, let outcome):
            actions = finish(id, outcome, now: now, using: &generator)
        case .pollNow(let id): slots[id]?.want(at: now)
        case .pollAllNow:
            for (id, slot) in slots where !slot.isInFlight { slots[id]?.want(at: now) }
        case .starting: isOnDemand = false
        case .configured(let feeds):
            actions = configure(feeds, now: now, using: &generator)
        case .storeUnavailable: isStoreAvailable = false
        case .storeAvailable: isStoreAvailable = true
        case .clockMoved(let jump):
            slots = slots.mapValues { slot in
                var slot = slot
                slot.state.nextPoll = slot.state.nextPoll?.adding(jump)
                slot.state.quarantinedUntil = slot.state.quarantinedUntil?.adding(jump)
                return slot
            }
        case .stopping: isStopping = true
        }
        return actions + due(at: now)
    }

    /// When `tick` is next worth sending; nil while nothing can come due.
    package var nextWake: Instant? {
        guard isStoreAvailable, !isStopping, inFlight < options.pollsInFlightMax else { return nil }
        return slots.values.lazy.filter { !$0.isInFlight && (!isOnDemand || $0.isWanted) }
            .compactMap(\.state.nextPoll).min()
    }

    /// Polls that have not ended.
    package var pollsInFlight: Int { inFlight }

    /// Every configured feed with its state, by id.
    package var feeds: [(feed: Feed, state: FeedState, isInFlight: Bool)] {
        slots.values.sorted { $0.feed.id < $1.feed.id }.map { ($0.feed, $0.state, $0.isInFlight) }
    }
}

// MARK: - Starting polls

extension Schedule {
    private mutating func due(at now: Instant) -> [Action] {
        guard isStoreAvailable, !isStopping, inFlight < options.pollsInFlightMax else { return [] }
        let ready = slots.values
            .filter { !$0.isInFlight && (!isOnDemand || $0.isWanted) }
            .filter { ($0.state.nextPoll ?? now) <= now }
            .sorted {
                ($0.state.nextPoll ?? now, $0.feed.id) < ($1.state.nextPoll ?? now, $1.feed.id)
            }
            .prefix(options.pollsInFlightMax - inFlight)
        return ready.map { slot in
            slots[slot.feed.id]?.isInFlight = true
            slots[slot.feed.id]?.isWanted = false
            inFlight += 1
            // A clock that went back must not put off the unconditional poll by as much.
            let isConditional =
                slot.state.lastUnconditional.map {
                    $0 <= now && now.since($0) < options.unconditionalInterval
                } ?? false
            return .poll(slot.feed, slot.state, conditionally: isConditional)
        }
    }

    private func starting(
        _ feed: Feed, known: FeedState?, now: Instant,
        using generator: inout some RandomNumberGenerator
    ) -> FeedState {
        // Another address is another feed document: its validators and hashes mean nothing here.
        var state =
            known.flatMap { $0.url == feed.url ? $0 : nil }
            ?? FeedState(id: feed.id, url: feed.url)
        let spread = min(options.startSpread, feed.interval).milliseconds
        let first = now.adding(
            .milliseconds(Int64.random(in: 0...max(spread, 0), using: &generator)))
        // A saved deadline far ahead tells of a clock that was wrong, or of a longer interval.
        let latest = now.adding(
            max(feed.interval, state.failures > 0 ? options.backoff.longest : options.waitMax))
        state.nextPoll = min(max(state.nextPoll ?? first, now), latest)
        return state
    }

    private mutating func configure(
        _ feeds: [Feed], now: Instant, using generator: inout some RandomNumberGenerator
    ) -> [Action] {
        var actions: [Action] = []
        let wanted = Set(feeds.map(\.id))
        for id in slots.keys.sorted() where !wanted.contains(id) {
            if slots[id]?.isInFlight == true { inFlight -= 1 }
            slots[id] = nil
            actions.append(.forget(id))
        }
        for feed in feeds {
            guard let slot = slots[feed.id], slot.feed.url == feed.url else {
                if slots[feed.id]?.isInFlight == true { inFlight -= 1 }
                slots[feed.id] = Slot(
                    feed: feed, state: starting(feed, known: nil, now: now, using: &generator))
                continue
            }
            slots[feed.id]?.feed = feed
            let soonest = now.adding(feed.interval)
            if slot.state.failures == 0, let next = slot.state.nextPoll, next > soonest {
                slots[feed.id]?.state.nextPoll = soonest
            }
        }
        return actions
    }
}

// MARK: - Ending polls

extension Schedule {
    private mutating func finish(
        _ id: FeedID, _ outcome: PollOutcome, now: Instant,
        using generator: inout some RandomNumberGenerator
    ) -> [Action] {
        // A feed removed, or moved to another address, while its poll was under way.
        guard var slot = slots[id], slot.isInFlight, slot.feed.url == outcome.url else { return [] }
        inFlight -= 1
        slot.isInFlight = false
        var actions: [Action] = []
        switch outcome.result {
        case .storeUnavailable, .abandoned: slot.state.nextPoll = now
        case .notModified, .read, .failed:
            actions = learn(outcome, into: &slot, now: now, using: &generator)
        }
        if slot.isWanted { slot.state.nextPoll = now }
        slots[id] = slot
        return actions
    }

    private func learn(
        _ outcome: PollOutcome, into slot: inout Slot, now: Instant,
        using generator: inout some RandomNumberGenerator
    ) -> [Action] {
        let before = slot.state
        var reports: [Action] = []
        slot.state.lastPolled = now
        slot.state.counts.polls += 1
        if case .failed(let reason, let retry) = outcome.result {
            slot.state.failures += 1
            slot.state.counts.failures += 1
            slot.state.lastFailure = reason
            slot.state.nextPoll = afterFailure(
                retry, failures: slot.state.failures, now: now, using: &generator)
            if slot.state.failures >= options.backoff.failuresBeforeQuarantine {
                slot.state.quarantinedUntil = slot.state.nextPoll
                if before.quarantinedUntil == nil, let until = slot.state.nextPoll {
                    reports = [.report(.quarantined(slot.feed.id, until: until, reason: reason))]
                }
            } else if before.failures == 0 || before.lastFailure != reason {
                reports = [.report(.failing(slot.feed.id, reason: reason))]
            }
        } else {
            if before.failures > 0 {
                reports = [.report(.recovered(slot.feed.id, afterFailures: before.failures))]
            }
            slot.state.failures = 0
            slot.state.lastFailure = nil
            slot.state.quarantinedUntil = nil
            slot.state.lastSuccess = now
            outcome.update(&slot.state, now: now)
            let wait = outcome.wait(for: slot.feed, options: options)
            slot.state.nextPoll =
                outcome.isCutShort ? now : now.adding(jittered(wait, using: &generator))
        }
        return [.save(slot.state)] + reports
    }

    private func afterFailure(
        _ retry: PollOutcome.Retry, failures: Int, now: Instant,
        using generator: inout some RandomNumberGenerator
    ) -> Instant {
        let backoff = now.adding(
            jittered(options.backoff.delay(failures: failures), using: &generator))
        switch retry {
        case .backOff: return backoff
        case .gone: return now.adding(jittered(options.backoff.longest, using: &generator))
        case .after(let asked):
            let latest = now.adding(options.waitMax)
            return min(max(asked, now.adding(options.intervalMin)), latest)
        }
    }
}
