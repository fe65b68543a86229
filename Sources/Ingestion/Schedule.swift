package import News

/// When each feed is polled next: a pure state machine over simulated or real time.
///
/// Invariants:
/// 1. A feed is in flight at most once, and at most `pollsInFlightMax` feeds are.
/// 2. While the store is unavailable no poll starts; feeds that came due meanwhile start when it is
///    back, one after the other.
/// 3. Every wait is clamped, whatever a server or a feed asks for; no feed is ever dropped.
/// 4. Before `starting`, only feeds that somebody asked for are polled.
/// 5. A jump of the wall clock moves every deadline with it: nothing is polled early, late or twice
///    because of one.
/// 6. Feeds that came due together while nothing could be polled do not start together, and those
///    that failed together do not come back together.
/// 7. Feeds whose last poll failed, and those that never had one that did not, take at most three
///    quarters of the places: hundreds that hang until their time is up do not keep those waiting
///    that answer.
///
/// Cost: an event of one feed takes time logarithmic in the number of feeds.
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
        case parked(FeedID, until: Instant, reason: String)
        case recovered(FeedID, afterFailures: Int)
        case failing(FeedID, reason: String)
        /// Its address has moved for good: the new one is asked from now on.
        case moved(FeedID, to: HTTPURL)
        /// The new address failed: the configured one is asked again.
        case movedBack(FeedID, from: HTTPURL)
        /// Entries may have come and gone between two answers.
        case gap(FeedID, Duration)
        /// Many feeds failed one after the other: it is this side's network.
        case networkLost(feeds: Int, reason: String)
        case networkBack(after: Duration, feeds: Int)
        /// What became of the names of its entries.
        case naming(FeedID, EntryNaming.Event)
    }

    /// One feed as it stands.
    package struct Slot: Sendable {
        package var feed: Feed
        package var state: FeedState
        package var isInFlight = false
        /// Somebody asked for a poll that has not begun.
        var isWanted = false
        /// Whether the poll under way began in doubt of its success.
        var isInDoubt = false
        /// Whether nothing speaks for the success of the next.
        var isDoubtful: Bool { state.failures > 0 || state.lastSuccess == nil }

        mutating func want(at now: Instant) {
            isWanted = true
            guard !isInFlight else { return }
            state.nextPoll = now
            state.parkedUntil = nil
        }
    }

    /// A wait between two ticks beyond which the process was asleep.
    static let sleepMin = Duration.seconds(300)

    let options: ScheduleOptions
    var slots: [FeedID: Slot] = [:]
    /// Feeds that may come due by time alone: those that answered, or were never asked …
    private var trusted = DueQueue()
    /// … and those that failed.
    private var doubted = DueQueue()
    var inFlightInDoubt = 0
    var outage = OutageWatch()
    /// Feeds that are parked: they tell nothing of the network.
    package private(set) var parkedCount = 0
    /// Feeds that were taken out while their poll was under way, and whether that began in doubt.
    /// It keeps its place, and the same feed put in again waits for its end.
    private var leaving: [FeedID: Bool] = [:]
    private var changed: Set<FeedID> = []
    var inFlight = 0
    private var isStoreAvailable = true
    private var isStopping = false
    private var isOnDemand: Bool
    private var lastEvent: Instant

    /// A schedule for `feeds`, going on where `states` left off. Feeds never polled are spread over
    /// the first `startSpread`, so that a start is no burst. `isOnDemand`: see invariant 4.
    package init(
        feeds: [Feed], states: [FeedState], options: ScheduleOptions, isOnDemand: Bool = false,
        now: Instant, using generator: inout some RandomNumberGenerator
    ) {
        self.options = options
        self.isOnDemand = isOnDemand
        lastEvent = now
        let known = Dictionary(states.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let spread = options.spread(of: feeds.count)
        for feed in feeds {
            put(
                Slot(
                    feed: feed,
                    state: starting(
                        feed, known: known[feed.id], spread: spread, now: now, using: &generator)))
        }
        if options.startSpread > .zero { spreadOverdue(at: now, using: &generator) }
    }

    /// Takes one event and says what follows from it.
    package mutating func handle(
        _ event: Event, at now: Instant, using generator: inout some RandomNumberGenerator
    ) -> [Action] {
        var actions: [Action] = []
        switch event {
        case .tick:
            if now.since(lastEvent) > Self.sleepMin { spreadOverdue(at: now, using: &generator) }
        case .polled(let id, let outcome):
            actions = finish(id, outcome, now: now, using: &generator)
        case .pollNow(let id): want(id, at: now)
        case .pollAllNow:
            for (id, slot) in slots where !slot.isInFlight { want(id, at: now) }
        case .starting:
            isOnDemand = false
            for slot in slots.values { put(slot) }
        case .configured(let feeds):
            actions = configure(feeds, now: now, using: &generator)
        case .storeUnavailable: isStoreAvailable = false
        case .storeAvailable:
            isStoreAvailable = true
            spreadOverdue(at: now, using: &generator)
        case .clockMoved(let jump): moveAll(by: jump)
        case .stopping: isStopping = true
        }
        lastEvent = now
        return actions + due(at: now)
    }

    /// When `tick` is next worth sending; nil while nothing can come due.
    package var nextWake: Instant? {
        guard isStoreAvailable, !isStopping, inFlight < options.pollsInFlightMax else { return nil }
        return next?.time
    }

    /// The feed that is due first of those that may start.
    private var next: (id: FeedID, time: Instant)? {
        let mayDoubt = inFlightInDoubt < max(1, options.pollsInFlightMax * 3 / 4)
        guard mayDoubt, let doubted = doubted.first else { return trusted.first }
        guard let trusted = trusted.first else { return doubted }
        return (doubted.time, doubted.id) < (trusted.time, trusted.id) ? doubted : trusted
    }

    /// Polls that have not ended.
    package var pollsInFlight: Int { inFlight }

    /// Every configured feed with its state, by id.
    package var feeds: [Slot] { slots.values.sorted { $0.feed.id < $1.feed.id } }

    /// One feed with its state; nil when it is not configured.
    package subscript(id: FeedID) -> Slot? { slots[id] }

    /// The feeds that changed since this was asked before.
    package mutating func takeChanged() -> Set<FeedID> {
        defer { changed = [] }
        return changed
    }

    // MARK: - Keeping slots and queue in step

    /// Puts a slot in its place, and its feed into the queue if it may come due.
    mutating func put(_ slot: Slot) {
        let id = slot.feed.id
        if slot.state.parkedUntil != nil { parkedCount += 1 }
        if slots.updateValue(slot, forKey: id)?.state.parkedUntil != nil { parkedCount -= 1 }
        changed.insert(id)
        trusted.remove(id)
        doubted.remove(id)
        guard !slot.isInFlight, leaving[id] == nil, !isOnDemand || slot.isWanted,
            let time = slot.state.nextPoll
        else { return }
        if slot.isDoubtful { doubted.set(id, time) } else { trusted.set(id, time) }
    }

    /// Takes a feed out.
    mutating func drop(_ id: FeedID) {
        if let slot = slots.removeValue(forKey: id) {
            if slot.isInFlight { leaving[id] = slot.isInDoubt }
            if slot.state.parkedUntil != nil { parkedCount -= 1 }
        }
        trusted.remove(id)
        doubted.remove(id)
        changed.insert(id)
    }

    /// Gives back the place of a poll under way.
    mutating func vacate(wasInDoubt: Bool) {
        inFlight -= 1
        if wasInDoubt { inFlightInDoubt -= 1 }
    }

    /// Whether that was the end of the poll of a feed that was taken out meanwhile.
    mutating func endOfLeaving(_ id: FeedID) -> Bool {
        guard let wasInDoubt = leaving.removeValue(forKey: id) else { return false }
        vacate(wasInDoubt: wasInDoubt)
        if let slot = slots[id] { put(slot) }
        return true
    }

    private mutating func want(_ id: FeedID, at now: Instant) {
        guard var slot = slots[id] else { return }
        slot.want(at: now)
        put(slot)
    }

    private mutating func moveAll(by jump: Duration) {
        outage.move(by: jump)
        for var slot in slots.values {
            slot.state.nextPoll = slot.state.nextPoll?.adding(jump)
            slot.state.parkedUntil = slot.state.parkedUntil?.adding(jump)
            put(slot)
        }
    }

    /// Of two times drawn by chance the one in whose minute fewer feeds are due: chance alone would
    /// now and then bring many together. Cost: constant.
    func quieter<Generator: RandomNumberGenerator>(
        using generator: inout Generator, _ draw: (inout Generator) -> Instant
    ) -> Instant {
        let (first, second) = (draw(&generator), draw(&generator))
        return crowd(at: second) < crowd(at: first) ? second : first
    }

    private func crowd(at time: Instant) -> Int {
        trusted.crowd(at: time) + doubted.crowd(at: time)
    }

    // MARK: - Starting polls

    private mutating func due(at now: Instant) -> [Action] {
        guard isStoreAvailable, !isStopping else { return [] }
        var actions: [Action] = []
        while inFlight < options.pollsInFlightMax, let next, next.time <= now,
            var slot = slots[next.id]
        {
            slot.isInFlight = true
            slot.isWanted = false
            slot.isInDoubt = slot.isDoubtful
            inFlight += 1
            if slot.isInDoubt { inFlightInDoubt += 1 }
            put(slot)
            // A clock that went back must not put off the unconditional poll by as much.
            let isConditional =
                slot.state.lastUnconditional.map {
                    $0 <= now && now.since($0) < options.unconditionalInterval
                } ?? false && !slot.state.owesEntries(at: now)
            actions.append(.poll(slot.feed, slot.state, conditionally: isConditional))
        }
        return actions
    }

    /// Invariant 6: more feeds than may start at once, all overdue, are given new times.
    private mutating func spreadOverdue(
        at now: Instant, using generator: inout some RandomNumberGenerator
    ) {
        let overdue = slots.values.filter {
            !$0.isInFlight && !$0.isWanted && ($0.state.nextPoll ?? now) <= now
        }
        guard overdue.count > options.pollsInFlightMax else { return }
        let spread = options.spacing(of: overdue.count)
        for var slot in overdue.sorted(by: { $0.feed.id < $1.feed.id }) {
            let limit = min(spread, slot.feed.interval).milliseconds
            slot.state.nextPoll = now.adding(
                .milliseconds(Int64.random(in: 0...max(limit, 0), using: &generator)))
            put(slot)
        }
    }
}
