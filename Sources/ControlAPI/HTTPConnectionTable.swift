internal import NIOCore

/// The open connections of one listener; lives on its event loop.
final class HTTPConnectionTable {
    private let connectionsMax: Int
    private var entries: [ObjectIdentifier: Entry] = [:]
    private var clock: UInt64 = 0
    private(set) var isStopping = false
    private var whenEmpty: [EventLoopPromise<Void>] = []

    private struct Entry {
        let connection: HTTPConnection
        var role: Role
    }

    private enum Role {
        /// Since that tick.
        case idle(since: UInt64)
        case busy
        case stream
    }

    init(connectionsMax: Int) {
        self.connectionsMax = connectionsMax
    }

    var count: Int { entries.count }

    /// How many of the connections are open streams.
    var streams: Int {
        entries.values.count { if case .stream = $0.role { true } else { false } }
    }

    /// Takes a newcomer in, dropping the connection that has been idle longest when the house is
    /// full.
    /// - Returns: false when there is no place, nor one to be made.
    func admit(_ connection: HTTPConnection) -> Bool {
        guard !isStopping else { return false }
        if entries.count >= connectionsMax {
            let idle = entries.values.compactMap { entry -> (UInt64, HTTPConnection)? in
                if case .idle(let since) = entry.role { (since, entry.connection) } else { nil }
            }
            guard let oldest = idle.min(by: { $0.0 < $1.0 })?.1 else { return false }
            remove(oldest)
            oldest.close()
        }
        entries[ObjectIdentifier(connection)] = Entry(connection: connection, role: .busy)
        noteIdle(connection)
        return true
    }

    func noteIdle(_ connection: HTTPConnection) {
        clock += 1
        entries[ObjectIdentifier(connection)]?.role = .idle(since: clock)
    }

    func noteBusy(_ connection: HTTPConnection) {
        entries[ObjectIdentifier(connection)]?.role = .busy
    }

    func noteStream(_ connection: HTTPConnection) {
        entries[ObjectIdentifier(connection)]?.role = .stream
    }

    func remove(_ connection: HTTPConnection) {
        entries[ObjectIdentifier(connection)] = nil
        if entries.isEmpty { settle() }
    }

    /// Lets nobody in any more, closes what does not answer just now.
    /// - Parameter promise: kept when the last connection has gone.
    func stop(whenEmpty promise: EventLoopPromise<Void>) {
        isStopping = true
        whenEmpty.append(promise)
        for entry in entries.values { entry.connection.stop() }
        if entries.isEmpty { settle() }
    }

    /// The time is up: closes the rest.
    func closeAll() {
        for entry in entries.values { entry.connection.close() }
    }

    private func settle() {
        for promise in whenEmpty { promise.succeed(()) }
        whenEmpty = []
    }
}
