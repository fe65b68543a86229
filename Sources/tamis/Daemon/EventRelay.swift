internal import ControlAPI
internal import Ingestion
internal import Logging
internal import News
internal import Synchronization

/// Hands every event of the service to the log and to the readers of `/events`, one after another.
final class EventRelay: Sendable {
    private let logger: Logger
    private let outlet = Mutex<Outlet?>(nil)

    private struct Outlet: Sendable {
        let server: ControlServer
        let board: Board
    }

    init(logger: Logger) { self.logger = logger }

    /// From now on events reach the server's readers too.
    func connect(_ server: ControlServer, board: Board) {
        outlet.withLock { $0 = Outlet(server: server, board: board) }
    }

    func take(_ event: IngestionEvent) {
        logger.record(event)
        switch event {
        case .decided(let record): publish(.article(ArticleSummary(of: record)))
        case .polled(let id, _, _):
            let line = outlet.withLock { $0?.board.current.feeds[id] }
            if let line { publish(.feed(FeedStatus(of: line.feed, state: line.state))) }
        case .storeUnavailable: publish(.state(.storeUnavailable))
        case .storeAvailable: publish(.state(.running))
        case .stopping: publish(.state(.stopping))
        default: break
        }
    }

    /// Calls to the server never overlap.
    func publish(_ event: ControlEvent) {
        outlet.withLock { $0?.server.publish(event) }
    }
}

/// The way from the control API back to the daemon, which is made after the API.
final class Reloader: Sendable {
    private let daemon = Mutex<Holder>(Holder())

    private struct Holder: Sendable {
        weak var daemon: Daemon?
    }

    func serve(_ daemon: Daemon) {
        self.daemon.withLock { $0.daemon = daemon }
    }

    func reload() async -> Reload {
        guard let daemon = daemon.withLock({ $0.daemon }) else {
            return Reload(
                at: Clock.system.now(), isApplied: false, problems: ["the daemon is stopping"])
        }
        return await daemon.reload()
    }
}
