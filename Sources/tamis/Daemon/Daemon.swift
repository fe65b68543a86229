internal import ControlAPI
internal import Fetching
internal import Glibc
internal import Ingestion
internal import Isolation
internal import Logging
internal import News

/// The process around the service: signals, the service manager, the status socket, the log.
///
/// Order of start: signals, status socket (so that a second daemon is noticed and a long recovery
/// can be watched), seeds and store, READY, polling. Order of stop: STOPPING, polls, store, socket.
actor Daemon: QueueActor {
    nonisolated let executor = QueueExecutor(label: "tamis.daemon")

    /// What it listens to. Kept from the beginning of the process until it does.
    static let signalsHeard = endings + [reloading]
    private static let endings = [SIGTERM, SIGINT]
    private static let reloading = SIGHUP

    /// SIGTERM ends the daemon within ten seconds: so long may polls under way go on.
    static let stopDeadline = Duration.seconds(4)
    /// And so long whatever else is under way, before answers on the socket get their last two.
    static let stopTimeMax = Duration.milliseconds(7500)

    private let configurationPath: String
    private let supervisor: Supervisor
    private let logger: Logger
    private let ingestor: Ingestor
    private let server: ControlServer
    private let relay: EventRelay
    private var running: Configuration
    private var signals: [SignalSource] = []
    private var minute: QueueTimer?
    private var pulse: QueueTimer?
    private var lastResort: QueueTimer?
    private var ended: CheckedContinuation<Void, Never>?
    private var isStarting = true
    private var isStopping = false
    /// A hang-up came before there was anything to reload.
    private var isReloadWanted = false

    init(
        configuration: Configuration, path: String, supervisor: Supervisor, logger: Logger
    ) {
        let relay = EventRelay(logger: logger)
        let ingestor = Ingestor(options: configuration.ingestion) { relay.take($0) }
        let storePath = configuration.ingestion.storePath
        let reloader = Reloader()
        let answers = ControlAnswers(
            ingestor: ingestor, storePath: storePath,
            facts: { processFacts(storePath: storePath) }, reload: { await reloader.reload() })
        var control = configuration.control
        if let descriptor = supervisor.inheritedDescriptor {
            control.inheritedDescriptor = descriptor
        }
        configurationPath = path
        self.supervisor = supervisor
        self.logger = logger
        self.ingestor = ingestor
        self.relay = relay
        running = configuration
        server = ControlServer(options: control, provider: answers.provider)
        reloader.serve(self)
        relay.connect(server, board: ingestor.board)
    }

    /// Runs until a signal ends it.
    /// - Throws: why it could not start; everything opened is closed again.
    func run() async throws(DaemonError) {
        listen(to: Self.endings) { $0.stop(because: "signal \($1)") }
        listen(to: [Self.reloading]) { daemon, _ in daemon.hangUp() }
        do {
            try server.start()
        } catch {
            throw .socket(error)
        }
        supervisor.status("opening the store")
        supervisor.extendStart(by: .seconds(600))
        do {
            try await ingestor.prepare(feeds: running.feeds)
        } catch {
            server.stop()
            throw .service(error)
        }
        guard !isStopping else { return await end() }
        await ingestor.start()
        supervisor.ready(summary)
        isStarting = false
        if isReloadWanted { await reload() }
        minute = QueueTimer(of: self) { $0.keepHouse() }
        minute?.arm(after: .seconds(60), repeating: .seconds(60))
        if let interval = supervisor.watchdogInterval {
            pulse = QueueTimer(of: self) { daemon in Task { await daemon.beat() } }
            pulse?.arm(after: .zero, repeating: interval / 3)
        }
        await withCheckedContinuation { continuation in
            if isStopping { continuation.resume() } else { ended = continuation }
        }
        await end()
    }

    private func listen(
        to numbers: [Int32], _ arrived: @escaping @Sendable (isolated Daemon, Int32) -> Void
    ) {
        signals += numbers.map { number in
            SignalSource(number, of: self) { arrived($0, number) }
        }
    }

    private func stop(because reason: String) {
        guard !isStopping else { return }
        isStopping = true
        supervisor.stopping(reason)
        logger.info("asked to stop", metadata: ["reason": "\(reason)"])
        ended?.resume()
        ended = nil
        lastResort = QueueTimer(of: self) { $0.leave() }
        lastResort?.arm(after: Self.stopTimeMax)
    }

    /// Opening a large store, or seeds that were never read, may take minutes and cannot be broken
    /// off. What is left then is what a crash would leave: the next start does the rest again.
    private func leave() {
        logger.notice(
            "stopped before all was ended, the next start does the rest",
            metadata: ["was": isStarting ? "opening the store" : "closing the store"])
        server.stop()
        // Not `exit`: threads still use what that would take down.
        _exit(0)
    }

    private func end() async {
        minute?.disarm()
        await ingestor.stop(because: "asked to stop", deadline: Self.stopDeadline)
        lastResort = nil
        pulse?.disarm()
        server.stop()
    }

    // MARK: - Reloading

    private func hangUp() {
        if isStarting { isReloadWanted = true } else { Task { await reload() } }
    }

    /// Reads the configuration again: all of it is taken, or nothing is. Feeds change at once; what
    /// needs a restart is named.
    @discardableResult
    func reload() async -> Reload {
        guard !isStarting, !isStopping else {
            let phase = isStarting ? "starting: try again when it is ready" : "stopping"
            return Reload(
                at: Clock.system.now(), isApplied: false, problems: ["the daemon is \(phase)"])
        }
        supervisor.reloading()
        defer { supervisor.ready(summary) }
        let now = Clock.system.now()
        do {
            let fresh = try Configuration.read(configurationPath)
            let notes = fresh.sectionsThatDiffer(from: running).map {
                "[\($0)] changed: restart to take that over"
            }
            let changes = await ingestor.apply(feeds: fresh.feeds, notes: notes)
            running.feeds = fresh.feeds
            let reload = Reload(at: now, isApplied: true, changes: changes)
            relay.publish(.reload(reload))
            return reload
        } catch {
            let problems = error.problems.map(\.description)
            await ingestor.refuseReload(because: problems)
            let reload = Reload(at: now, isApplied: false, problems: problems)
            relay.publish(.reload(reload))
            return reload
        }
    }

    // MARK: - Signs of life

    private func keepHouse() {
        for sentence in server.repairSockets() {
            logger.warning("status socket", metadata: ["reason": "\(sentence)"])
        }
        supervisor.status(summary)
    }

    /// The watchdog hears of us only when the service answers and gets on.
    private func beat() async {
        if await ingestor.isMakingProgress() { supervisor.watchdog() }
    }

    private var summary: String {
        let picture = ingestor.board.current
        if let problem = picture.storeProblem { return "not polling: \(problem)" }
        return "\(picture.feeds.count) feeds, \(picture.lastSeq) records, "
            + "\(picture.counters.polls) polls since the start"
    }
}

/// Why the daemon did not start.
enum DaemonError: Error, CustomStringConvertible {
    case socket(ControlError)
    case service(IngestorError)

    var description: String {
        switch self {
        case .socket(let error): "the status socket cannot be opened: \(error)"
        case .service(let error): error.description
        }
    }
}
