internal import Dispatch
internal import Foundation
internal import Glibc
internal import Synchronization
internal import TestSupport
internal import Testing

/// A daemon as a child process, with a folder, a status socket and a service manager of its own.
final class DaemonUnderTest: Sendable {
    let folder: TemporaryFolder
    let child: ChildProcess
    let notify: NotifySocket

    /// Starts it with these tables behind the `settings`; in a network of its own, where name
    /// servers are those of the folder's `resolv.conf`.
    init(
        _ configuration: String, in folder: TemporaryFolder, environment: [String: String] = [:],
        startSpread: String = "0s", redirections: String = "", polling: String = "",
        fetching: String = #"allowed_private_hosts = ["127.0.0.1"]"#,
        hostSpacing: String = "0s", network: NetworkNamespace? = nil
    ) throws {
        self.folder = folder
        let settings = Self.settings(
            startSpread: startSpread, polling: polling, fetching: fetching,
            hostSpacing: hostSpacing)
        try folder.write(settings + configuration, to: "tamis.toml")
        let path = "\(folder.path)/notify-\(UInt16.random(in: .min ... .max))"
        notify = try NotifySocket(at: path)
        let variables = Program.environment.merging(environment) { _, new in new }
            .merging(["NOTIFY_SOCKET": path]) { _, new in new }
        let start = "exec \"$0\" run --config \"$1\" \(redirections)"
        let arguments = [Program.path, "\(folder.path)/tamis.toml"]
        guard let network else {
            child = try ChildProcess(
                "/bin/sh", ["-c", start] + arguments, environment: variables)
            return
        }
        let furnish = "mount --bind \"$2\" /etc/resolv.conf && "
        child = try ChildProcess(
            NetworkNamespace.unsharePath,
            ["--mount", "/bin/sh", "-c", furnish + start] + arguments
                + ["\(folder.path)/resolv.conf"], environment: variables, network: network)
    }

    deinit { child.send(SIGKILL) }

    /// Settings under which a daemon polls loopback servers soon and often.
    static func settings(
        startSpread: String = "0s", polling: String = "",
        fetching: String = #"allowed_private_hosts = ["127.0.0.1"]"#, hostSpacing: String = "0s"
    ) -> String {
        """
        [store]
        path = "store"
        [polling]
        start_spread = "\(startSpread)"
        interval_min = "1s"
        backoff_first = "1s"
        \(polling)
        [fetching]
        host_spacing = "\(hostSpacing)"
        transfers_per_host_max = 16
        \(fetching)

        """
    }

    var socket: String { "\(folder.path)/tamis.sock" }
    var configuration: String { "\(folder.path)/tamis.toml" }

    /// Waits for READY=1, and gives back the status that came with it.
    @discardableResult
    func ready() async throws -> [String] {
        do {
            return try await notify.wait(for: "READY=1")
        } catch {
            throw SocketFailure(description: "not ready: \(error)\n\(child.errors)")
        }
    }

    func ask(_ path: String, method: String = "GET") async throws -> ControlConnection.Answer {
        try await ControlConnection.ask(path, of: socket, method: method)
    }

    /// Asks for the feeds, again and again as something happens, until they are so.
    @discardableResult
    func feeds(
        until areSo: ([JSON]) -> Bool, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> [JSON] {
        let events = try await EventReader(socket)
        while true {
            let count = events.count
            let feeds = try await ask("/v1/feeds").json()["feeds"].elements
            if areSo(feeds) { return feeds }
            do {
                try await events.wait { $0.count > count }
            } catch {
                throw SocketFailure(description: "\(error)\n\(feeds)\n\(child.errors)")
            }
        }
    }

    /// Its threads at this moment.
    var threads: Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(child.pid)/task").count) ?? 0
    }

    /// SIGTERM, and what came of it.
    @discardableResult
    func stop(within limit: Duration = .seconds(30)) async throws -> ChildProcess.Ending {
        child.send(SIGTERM)
        return try await child.end(within: limit)
    }
}

/// Reads `/events` from the moment that it was made until the daemon goes away.
final class EventReader: Sendable {
    struct Event: Sendable {
        let name: String
        let data: JSON
    }

    private struct State {
        var events: [Event] = []
        var isAtEnd = false
        var waiters: [Waiter] = []
    }

    private struct Waiter: Sendable {
        let isEnough: @Sendable ([Event]) -> Bool
        let continuation: CheckedContinuation<Bool, Never>
    }

    private let state: Mutex<State>
    private let connection: ControlConnection

    /// Returns once the daemon counts it among its readers.
    init(_ socket: String, after seq: Int? = nil) async throws {
        let (connection, reader, lines) = try await onQueue(DispatchQueue(label: "events")) {
            let connection = try ControlConnection(to: socket)
            try connection.send("GET", "/events" + (seq.map { "?after=\($0)" } ?? ""), [])
            var reader = AnswerReader()
            var lines = EventLines()
            while !lines.hasBegun {
                let some = try connection.read()
                if some.isEmpty { throw SocketFailure(description: "no events") }
                lines.read(reader.read(some))
            }
            return (connection, reader, lines)
        }
        self.connection = connection
        state = Mutex(State(events: lines.events))
        DispatchQueue(label: "events.read").async { [weak self] in
            var (reader, lines) = (reader, lines)
            while let some = try? connection.read(), !some.isEmpty, let self {
                lines.read(reader.read(some))
                take(lines.events)
            }
            self?.end()
        }
    }

    deinit { connection.hangUp() }

    var events: [Event] { state.withLock { $0.events } }
    var count: Int { state.withLock { $0.events.count } }

    /// Waits until the events so far are enough.
    /// - Throws: when the stream ends before; it is ended after `limit`.
    func wait(
        within limit: Duration = .seconds(60),
        until isEnough: @escaping @Sendable ([Event]) -> Bool
    ) async throws {
        let alarm = Alarm(after: limit) { [connection] in connection.hangUp() }
        defer { alarm.cancel() }
        let isEnough = await withCheckedContinuation { continuation in
            let answer = state.withLock { state -> Bool? in
                if isEnough(state.events) { return true }
                if state.isAtEnd { return false }
                state.waiters.append(Waiter(isEnough: isEnough, continuation: continuation))
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
        guard isEnough else { throw SocketFailure(description: "the events ended") }
    }

    private func take(_ events: [Event]) {
        let content = state.withLock { state in
            state.events = events
            let content = state.waiters.filter { $0.isEnough(events) }
            state.waiters.removeAll { $0.isEnough(events) }
            return content
        }
        for waiter in content { waiter.continuation.resume(returning: true) }
    }

    private func end() {
        let waiters = state.withLock { state in
            state.isAtEnd = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.continuation.resume(returning: false) }
    }
}

/// Server-sent events out of the bytes of a body.
private struct EventLines: Sendable {
    private(set) var events: [EventReader.Event] = []
    /// Whether the greeting has come.
    private(set) var hasBegun = false
    private var unread: [UInt8] = []
    private var name = ""

    mutating func read(_ bytes: [UInt8]) {
        unread += bytes
        while let end = unread.firstIndex(of: 0x0A) {
            let line = String(decoding: unread[..<end], as: UTF8.self)
            unread.removeFirst(end + 1)
            if line.hasPrefix("retry:") { hasBegun = true }
            if line.hasPrefix("event: ") { name = String(line.dropFirst(7)) }
            if line.hasPrefix("data: "), let data = try? JSON(parsing: String(line.dropFirst(6))) {
                events.append(EventReader.Event(name: name, data: data))
            }
        }
    }
}
