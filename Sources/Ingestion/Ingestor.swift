internal import ArticleStore
internal import Deduplication
internal import Fetching
package import Isolation
package import News

/// The service: it owns the schedule and its one timer, starts polls when they are due, and brings
/// everything to an orderly end.
///
/// Invariants:
/// 1. Every event of a feed goes through `Schedule`; this shell only carries out its actions.
/// 2. A feed's state is saved after the articles of the answer that changed it (see `Pipeline`).
/// 3. While the store is unavailable nothing is fetched; it is tried again every
///    `storeRetryInterval`, and polling goes on by itself.
/// 4. While nothing is due, nothing wakes up but one housekeeping ring a minute.
package actor Ingestor: QueueActor {
    package nonisolated let executor: QueueExecutor
    /// The published state.
    package nonisolated let board: Board

    private let options: IngestorOptions
    private let clock: Clock
    private let pipeline: Pipeline
    private let ledger: Ledger
    private let holdKeeper: HoldKeeper
    private let notes = RequestNotes()
    private let report: @Sendable (IngestionEvent) -> Void
    private var schedule: Schedule?
    private var watch: ClockWatch
    private var timer: QueueTimer?
    private var retryTimer: QueueTimer?
    private var housekeeping: QueueTimer?
    private var storeLostAt: Duration?
    private var polls: [Int: Task<Void, Never>] = [:]
    private var pollsStarted = 0
    private var idleWaiters: [CheckedContinuation<Void, Never>] = []
    private var lastProgress: Duration
    private var countersSeen = Counters()
    private var pagesSeen = 0
    private var generator = SystemRandomNumberGenerator()

    /// Wires the parts. `sink` hears every event, on any queue.
    package init(
        options: IngestorOptions, clock: Clock = .system,
        sink: @escaping @Sendable (IngestionEvent) -> Void
    ) {
        let board = Board(started: clock.now())
        let report: @Sendable (IngestionEvent) -> Void = { event in
            board.note(event)
            sink(event)
        }
        self.options = options
        self.clock = clock
        self.board = board
        self.report = report
        executor = QueueExecutor(label: "tamis.service")
        watch = ClockWatch(now: clock.now(), steady: clock.steady())
        lastProgress = clock.steady()
        ledger = Ledger(path: options.storePath, options: options.ledger, report: report)
        let keeper = HoldKeeper(ledger)
        holdKeeper = keeper
        let (notes, ledger) = (notes, ledger)
        let fetcher = Fetcher(
            options: options.fetching, now: clock.now,
            note: { note in Self.add(note, to: notes, of: ledger) },
            held: { holds in keeper.note(holds) })
        pipeline = Pipeline(
            fetcher: fetcher,
            lanes: Lanes(count: options.lanes), ledger: ledger, clock: clock,
            options: options.pipeline, report: report)
    }

    // MARK: - Life

    /// Opens the store, loads the seed corpus, and makes the schedule. Nothing is polled yet.
    package func prepare(feeds: [Feed]) async throws(IngestorError) {
        let seeds: Board.SeedStanding
        do throws(LedgerError) {
            seeds = try await ledger.open(seeds: options.seeds, at: clock.now())
        } catch {
            throw .store(error)
        }
        await pipeline.fetcher.restore(holds: await ledger.heldHosts())
        let states = await ledger.feedStates()
        let lastSeq = await ledger.lastSeq
        schedule = Schedule(
            feeds: feeds, states: states, options: options.schedule, isOnDemand: true,
            now: clock.now(), using: &generator)
        board.publish { picture in
            picture.seeds = seeds
            picture.lastSeq = lastSeq
        }
        publishFeeds()
        report(.started(feeds: feeds.count, lastSeq: lastSeq))
    }

    /// Starts polling on time, until `stop`.
    package func start() {
        timer = QueueTimer(of: self) { $0.handle(.tick) }
        retryTimer = QueueTimer(of: self) { $0.retryStore() }
        housekeeping = QueueTimer(of: self) { $0.handle(.tick) }
        housekeeping?.arm(
            after: options.housekeepingInterval, repeating: options.housekeepingInterval)
        board.publish { $0.phase = .running }
        handle(.starting)
    }

    /// Polls every feed once, now, and returns when all have ended.
    package func pollAllOnce() async {
        board.publish { $0.phase = .running }
        handle(.pollAllNow)
        await untilIdle()
    }

    /// Polls one feed now and returns when nothing is under way any more.
    package func pollOnce(_ id: FeedID) async {
        board.publish { $0.phase = .running }
        handle(.pollNow(id))
        await untilIdle()
    }

    /// Returns when nothing that was forgotten is being taken off the disk.
    package func untilErased() async { await ledger.whenErased() }

    /// Stops accepting work, lets polls under way end until `deadline` has passed, then ends them;
    /// closes the store. Safe to call more than once.
    package func stop(because reason: String, deadline: Duration) async {
        guard board.current.phase != .stopping else { return await untilIdle() }
        board.publish { $0.phase = .stopping }
        report(.stopping(reason: reason))
        timer?.disarm()
        retryTimer?.disarm()
        housekeeping?.disarm()
        handle(.stopping)
        let ender = QueueTimer(of: self) { $0.cancelPolls() }
        ender.arm(after: deadline)
        // Or each word to the ledger below would wait for another segment.
        await ledger.stopErasing()
        await untilIdle()
        ender.disarm()
        await pipeline.fetcher.shutDown()
        await ledger.write(notes)
        await holdKeeper.flush()
        await ledger.close()
        report(.stopped(pollsUnfinished: polls.count))
    }

    // MARK: - Wishes from outside

    /// Polls a feed as soon as may be; false when no such feed is configured.
    package func poll(_ id: FeedID) -> Bool {
        guard schedule?[id] != nil else { return false }
        handle(.pollNow(id))
        return true
    }

    /// Writes down what a person said of two articles; see `Ledger.mark`.
    package func mark(_ mark: Mark) async throws(LedgerError) -> Marking {
        try await ledger.mark(mark, at: clock.now())
    }

    /// Takes an article out; see `Ledger.forget`.
    package func forget(
        _ id: ArticleID, because reason: String?
    ) async throws(LedgerError) -> Forgetting {
        try await ledger.forget(id, because: reason, at: clock.now())
    }

    /// Takes a new list of feeds, all of it at once.
    /// - Returns: what changed, a sentence each.
    @discardableResult
    package func apply(feeds: [Feed], notes: [String] = []) -> [String] {
        let before = Dictionary(
            uniqueKeysWithValues: (schedule?.feeds ?? []).map { ($0.feed.id, $0.feed) })
        let after = Dictionary(feeds.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        handle(.configured(feeds))
        let added = after.keys.filter { before[$0] == nil }.count
        let removed = before.keys.filter { after[$0] == nil }.count
        let changed = after.filter { before[$0.key] != nil && before[$0.key] != $0.value }.count
        let changes = ["\(added) feeds added, \(removed) removed, \(changed) changed"] + notes
        let now = clock.now()
        board.publish { $0.lastReload = .init(at: now, changes: changes, problems: []) }
        report(.reloaded(added: added, removed: removed, changed: changed))
        return changes
    }

    /// Notes that a configuration was refused; the old one stays.
    package func refuseReload(because problems: [String]) {
        let now = clock.now()
        board.publish { $0.lastReload = .init(at: now, changes: [], problems: problems) }
        report(.reloadRefused(problems))
    }

    /// Whether the daemon gets on: false when a poll that should have ended long ago has not, or
    /// the service queue itself does not answer (then this call does not return). For the watchdog.
    /// A long poll that still decides entries, or finishes pages, gets on.
    package func isMakingProgress() -> Bool {
        let (counters, pages) = (board.current.counters, pipeline.pagesFinished.count)
        if counters != countersSeen || pages != pagesSeen {
            (countersSeen, pagesSeen) = (counters, pages)
            lastProgress = clock.steady()
        }
        return polls.isEmpty || clock.steady() - lastProgress < options.pollDurationMax
    }
}

// MARK: - Carrying out what the schedule says

extension Ingestor {
    private func handle(_ event: Schedule.Event) {
        for action in decide(event) { perform(action) }
        armTimer()
    }

    /// A jump of the clock is told to the schedule before anything else, or what comes due by it
    /// would be polled.
    private func decide(_ event: Schedule.Event) -> [Schedule.Action] {
        let now = clock.now()
        var actions: [Schedule.Action] = []
        if let jump = watch.jump(now: now, steady: clock.steady()) {
            report(.clockMoved(by: jump))
            actions = schedule?.handle(.clockMoved(jump), at: now, using: &generator) ?? []
        }
        actions += schedule?.handle(event, at: now, using: &generator) ?? []
        publishFeeds()
        return actions
    }

    private func perform(_ action: Schedule.Action) {
        switch action {
        case .poll(let feed, let state, let conditionally):
            begin(feed, state, conditionally: conditionally)
        case .save, .forget: Task { await write(action) }
        case .report(.failing(let id, let reason)):
            report(.feedFailing(id, reason: reason))
        case .report(.parked(let id, let until, let reason)):
            report(.feedParked(id, until: until, reason: reason))
            noteParking(of: id, until: until, because: reason)
        case .report(.recovered(let id, let failures)):
            report(.feedRecovered(id, afterFailures: failures))
        case .report(.moved(let id, let target)):
            report(.feedMoved(id, to: target.withoutSecrets, isBack: false))
        case .report(.movedBack(let id, let target)):
            report(.feedMoved(id, to: target.withoutSecrets, isBack: true))
        case .report(.gap(let id, let width)): report(.feedGap(id, width))
        case .report(.networkLost(let feeds, let reason)):
            report(.networkLost(feeds: feeds, reason: reason))
        case .report(.networkBack(let lasted, let feeds)):
            report(.networkBack(after: lasted, feeds: feeds))
        case .report(.naming(let id, let event)): report(.feedNaming(id, event))
        }
    }

    private func begin(_ feed: Feed, _ state: FeedState, conditionally: Bool) {
        if polls.isEmpty { lastProgress = clock.steady() }
        pollsStarted += 1
        let number = pollsStarted
        polls[number] = Task { [pipeline, clock] in
            let began = clock.steady()
            let outcome = await pipeline.poll(feed, state, conditionally: conditionally)
            let took = clock.steady() - began
            if outcome.result == .storeUnavailable { await noticeStoreFailure() }
            await end(number, feed.id, outcome, took: took)
        }
    }

    /// A poll counts as ended when its state is saved: a stop waits for that too. Who hears of it
    /// finds on the board what came of it.
    private func end(
        _ number: Int, _ id: FeedID, _ outcome: PollOutcome, took: Duration
    ) async {
        lastProgress = clock.steady()
        let actions = decide(.polled(id, outcome))
        report(.polled(id, outcome, took: took))
        for action in actions {
            if case .save = action { await write(action) } else { perform(action) }
        }
        polls[number] = nil
        armTimer()
        guard polls.isEmpty else { return }
        let waiters = idleWaiters
        idleWaiters = []
        for waiter in waiters { waiter.resume() }
    }

    /// That a feed is left alone stands in the request ledger, too.
    private func noteParking(of id: FeedID, until: Instant, because reason: String) {
        guard let url = schedule?[id]?.feed.url else { return }
        let note = RequestNote(
            at: clock.now(), host: url.host, url: url.withoutSecrets,
            purpose: FetchRequest.Purpose.feed.rawValue, isSent: false,
            rule: "parked until \(until): \(reason)", outcome: "not sent")
        Self.add(note, to: notes, of: ledger)
    }

    private static func add(_ note: RequestNote, to notes: RequestNotes, of ledger: Ledger) {
        if notes.add(note) { Task { await ledger.write(notes) } }
    }

    private func write(_ action: Schedule.Action) async {
        do throws(LedgerError) {
            switch action {
            case .save(let state): try await ledger.save(state)
            case .forget(let id): try await ledger.forget(id)
            case .poll, .report: break
            }
        } catch {
            storeFailed(error)
        }
    }

    private func armTimer() {
        guard let timer else { return }
        guard let next = schedule?.nextWake else { return timer.disarm() }
        timer.arm(after: max(next.since(clock.now()), .zero))
    }

    private func cancelPolls() {
        for poll in polls.values { poll.cancel() }
        Task { [pipeline] in await pipeline.fetcher.shutDown() }
    }

    private func untilIdle() async {
        guard !polls.isEmpty else { return }
        await withCheckedContinuation { idleWaiters.append($0) }
    }

    /// Only what changed: with thousands of feeds, all of them would be too much for every event.
    private func publishFeeds() {
        guard let changed = schedule?.takeChanged(), let schedule else { return }
        let lines = changed.map { id in
            (id, schedule[id].map { Board.FeedLine($0) })
        }
        board.publish { picture in
            for (id, line) in lines { picture.feeds[id] = line }
            picture.pollsInFlight = schedule.pollsInFlight
        }
    }
}

extension Board.FeedLine {
    fileprivate init(_ slot: Schedule.Slot) {
        self.init(feed: slot.feed, state: slot.state, isInFlight: slot.isInFlight)
    }
}

// MARK: - When the store is lost

extension Ingestor {
    private func noticeStoreFailure() async {
        if let problem = await ledger.problem { storeFailed(problem) }
    }

    private func storeFailed(_ error: LedgerError) {
        // Closed by a stop: nothing was lost.
        if case .closed = error { return }
        guard storeLostAt == nil else { return }
        storeLostAt = clock.steady()
        board.publish { $0.storeProblem = error.description }
        report(.storeUnavailable(reason: error.description))
        handle(.storeUnavailable)
        retryTimer?.arm(after: options.storeRetryInterval)
    }

    private func retryStore() {
        Task {
            do throws(LedgerError) {
                try await ledger.recover(at: clock.now())
                let lost = storeLostAt ?? clock.steady()
                storeLostAt = nil
                board.publish { $0.storeProblem = nil }
                report(.storeAvailable(after: clock.steady() - lost))
                handle(.storeAvailable)
            } catch {
                board.publish { $0.storeProblem = error.description }
                retryTimer?.arm(after: options.storeRetryInterval)
            }
        }
    }
}
