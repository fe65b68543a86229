internal import Dispatch
internal import Foundation
internal import Glibc
internal import Synchronization

/// A small HTTP/1.1 server for tests, on a loopback port of its own, that does as it is told.
///
/// Each path has a script; a path without one gets a 404. Every connection has its own thread and
/// blocks there, which is fit for tests and for nothing else; none of Dispatch's, which has no more
/// than 255, and whoever is tested needs some. Released or stopped, it closes all.
package final class LoopbackServer: Sendable {
    package typealias Script = @Sendable (LoopbackRequest) -> LoopbackAnswer

    package struct Failure: Error {
        package let call: String
        package let code: Int32
    }

    private struct State {
        var scripts: [String: Script]
        var requests: [LoopbackRequest] = []
        var open: Set<Int32> = []
        var connectionsCount = 0
        var isStopped = false
    }

    /// The port it listens on.
    package let port: UInt16
    private let state: Mutex<State>
    private let listening: Int32

    /// Listens at once on `address`, a loopback IPv4 address such as `127.0.0.2`, or in a network
    /// namespace whatever it has. `port`: 0 for one that is free.
    package init(
        address: String = "127.0.0.1", port: UInt16 = 0, _ scripts: [String: Script] = [:]
    ) throws(Failure) {
        let (descriptor, port) = try listeningSocket(at: address, port: port, backlog: 512)
        self.port = port
        state = Mutex(State(scripts: scripts))
        listening = descriptor
        Thread.detachNewThread { [weak self] in
            // Ends when `stop` shuts the descriptor down; closed here, where nobody else waits.
            while true {
                let connection = Glibc.accept(descriptor, nil, nil)
                guard connection >= 0, let self else { break }
                welcome(connection)
            }
            close(descriptor)
        }
    }

    deinit { stop() }

    /// The address of a path, by default with the host `127.0.0.1`.
    package func url(_ path: String, host: String = "127.0.0.1") -> String {
        "http://\(host):\(port)\(path)"
    }

    /// Sets or replaces the script of a path.
    package func on(_ path: String, _ script: @escaping Script) {
        state.withLock { $0.scripts[path] = script }
    }

    /// All requests so far, in the order they came.
    package var requests: [LoopbackRequest] { state.withLock { $0.requests } }

    /// The requests for one path, query included.
    package func requests(for path: String) -> [LoopbackRequest] {
        requests.filter { $0.path == path }
    }

    /// Connections accepted so far, whether or not a request came.
    package var connectionsCount: Int { state.withLock { $0.connectionsCount } }

    /// Ends all connections and stops listening.
    package func stop() {
        state.withLock { state in
            guard !state.isStopped else { return }
            state.isStopped = true
            shutdown(listening, Int32(SHUT_RDWR))
            for descriptor in state.open { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    private func welcome(_ descriptor: Int32) {
        let isWelcome = state.withLock { state in
            guard !state.isStopped else { return false }
            state.open.insert(descriptor)
            state.connectionsCount += 1
            return true
        }
        guard isWelcome else {
            close(descriptor)
            return
        }
        // Else the second of two small steps waits 40 ms for the peer's acknowledgement.
        var yes: Int32 = 1
        setsockopt(
            descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
        Thread.detachNewThread { [weak self] in
            self?.serve(Connection(descriptor: descriptor))
        }
    }

    private func serve(_ connection: Connection) {
        var isOpen = true
        while isOpen, let head = connection.readHead() {
            let script = state.withLock { state -> (LoopbackRequest, Script?) in
                let number = state.requests.count { $0.path == head.path } + 1
                let request = LoopbackRequest(
                    method: head.method, path: head.path, headers: head.headers, number: number)
                state.requests.append(request)
                return (request, state.scripts[head.path])
            }
            let answer = script.1?(script.0) ?? .text("no such path", status: 404)
            for step in answer.steps where isOpen { isOpen = connection.perform(step) }
        }
        // Forgotten before it is closed: `stop` must not shut down a stranger with this number.
        state.withLock { _ = $0.open.remove(connection.descriptor) }
        close(connection.descriptor)
    }
}

/// One accepted connection, read and written with blocking calls.
private final class Connection {
    let descriptor: Int32
    private var unread: [UInt8] = []

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// The next request's head; nil when the peer has closed.
    func readHead() -> (method: String, path: String, headers: [String])? {
        let end: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A]
        while unread.count < 1 << 20 {
            if let index = unread.indices.first(where: { unread[$0...].starts(with: end) }) {
                let text = String(decoding: unread[..<index], as: UTF8.self)
                unread.removeFirst(index + end.count)
                let lines = text.split(whereSeparator: \.isNewline).map(String.init)
                let words = lines.first?.split(separator: " ").map(String.init) ?? []
                guard words.count == 3 else { return nil }
                return (words[0], words[1], Array(lines.dropFirst()))
            }
            var buffer = [UInt8](repeating: 0, count: 16_384)
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            unread += buffer.prefix(count)
        }
        return nil
    }

    /// Gives back whether the connection is still to be used.
    func perform(_ step: LoopbackAnswer.Step) -> Bool {
        switch step {
        case .send(let bytes): return send(bytes)
        case .sendForever(let bytes):
            while send(bytes) {}
            return false
        case .drip(let bytes, let milliseconds):
            for byte in bytes {
                guard send([byte]), !isHungUp(within: Int32(clamping: milliseconds)) else {
                    return false
                }
            }
            return true
        case .stall:
            while !isHungUp(within: -1) {}
            return false
        case .reset:
            var linger = linger(l_onoff: 1, l_linger: 0)
            setsockopt(
                descriptor, SOL_SOCKET, SO_LINGER, &linger,
                socklen_t(MemoryLayout.size(ofValue: linger)))
            return false
        case .close: return false
        }
    }

    private func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.send(
                    descriptor, buffer.baseAddress.map { $0 + sent }, bytes.count - sent,
                    Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Waits at most that long (for ever when negative) for the peer to close.
    private func isHungUp(within milliseconds: Int32) -> Bool {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&watched, 1, milliseconds) != 0 else { return false }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        if count > 0 { unread += buffer.prefix(count) }
        return count <= 0
    }
}

/// A loopback port where a connection is never made: its queue is full, and the kernel drops what
/// else comes.
package final class Blackhole: Sendable {
    package let port: UInt16
    private let descriptors: [Int32]

    package init() throws(LoopbackServer.Failure) {
        let (listening, port) = try listeningSocket(at: "127.0.0.1", backlog: 0)
        var descriptors = [listening]
        for _ in 0..<4 {
            let flags = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue)
            let descriptor = socket(AF_INET, flags, 0)
            var name = sockaddr_in()
            name.sin_family = sa_family_t(AF_INET)
            name.sin_port = port.bigEndian
            inet_pton(AF_INET, "127.0.0.1", &name.sin_addr)
            withUnsafeBytes(of: &name) { bytes in
                guard let start = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) else {
                    return
                }
                _ = connect(descriptor, start, socklen_t(bytes.count))
            }
            descriptors.append(descriptor)
        }
        self.descriptors = descriptors
        self.port = port
    }

    deinit {
        for descriptor in descriptors { close(descriptor) }
    }

    package var url: String { "http://127.0.0.1:\(port)/" }
}

/// A port that hears the first byte of a client and hangs up.
package final class Hangup: Sendable {
    private let listening: Int32
    private let port: UInt16

    package init() throws(LoopbackServer.Failure) {
        let (descriptor, port) = try listeningSocket(at: "127.0.0.1", backlog: 64)
        (listening, self.port) = (descriptor, port)
        DispatchQueue(label: "hangup.\(port)").async {
            while true {
                let connection = Glibc.accept(descriptor, nil, nil)
                guard connection >= 0 else { break }
                var byte: UInt8 = 0
                _ = recv(connection, &byte, 1, 0)
                close(connection)
            }
            close(descriptor)
        }
    }

    deinit { shutdown(listening, Int32(SHUT_RDWR)) }

    package var url: String { "https://127.0.0.1:\(port)/" }
}

/// Answers a TLS greeting with greetings of its own, without end: a TLS library passes over them
/// before it returns (RFC 5246, section 7.4.1.1).
package final class GreetingFlood: Sendable {
    private let listening: Int32
    private let port: UInt16

    package init() throws(LoopbackServer.Failure) {
        let (descriptor, port) = try listeningSocket(at: "127.0.0.1", backlog: 64)
        (listening, self.port) = (descriptor, port)
        DispatchQueue(label: "flood.\(port)").async {
            while true {
                let connection = Glibc.accept(descriptor, nil, nil)
                guard connection >= 0 else { break }
                // The kernel may take its time to tell that nobody reads any more.
                DispatchQueue(label: "flood.\(port).\(connection)").async {
                    Self.flood(connection)
                }
            }
            close(descriptor)
        }
    }

    private static func flood(_ connection: Int32) {
        let greetings = [UInt8]((0..<1000).flatMap { _ in [22, 3, 3, 0, 4, 0, 0, 0, 0] })
        var byte: UInt8 = 0
        _ = recv(connection, &byte, 1, 0)
        while send(connection, greetings, greetings.count, Int32(MSG_NOSIGNAL)) > 0 {}
        close(connection)
    }

    deinit { shutdown(listening, Int32(SHUT_RDWR)) }

    package var url: String { "https://127.0.0.1:\(port)/" }
}

/// A socket that listens on that port of an IPv4 or IPv6 address; 0 is any that is free.
func listeningSocket(
    at address: String, port: UInt16 = 0, backlog: Int32
) throws(LoopbackServer.Failure) -> (descriptor: Int32, port: UInt16) {
    try boundSocket(at: address, port: port, type: SOCK_STREAM) { listen($0, backlog) }
}

/// A socket bound there, made ready by `prepare`, which gives 0 when it succeeds.
func boundSocket(
    at address: String, port: UInt16, type: __socket_type, _ prepare: (Int32) -> Int32
) throws(LoopbackServer.Failure) -> (descriptor: Int32, port: UInt16) {
    let isV6 = address.contains(":")
    let descriptor = socket(
        isV6 ? AF_INET6 : AF_INET, Int32(type.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw LoopbackServer.Failure(call: "socket", code: errno) }
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var name = sockaddr_in6()
    var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
    let isBound = withUnsafeMutableBytes(of: &name) { bytes in
        guard let start = bytes.baseAddress else { return false }
        if isV6 {
            let name = start.assumingMemoryBound(to: sockaddr_in6.self)
            name.pointee.sin6_family = sa_family_t(AF_INET6)
            name.pointee.sin6_port = port.bigEndian
            inet_pton(AF_INET6, address, &name.pointee.sin6_addr)
        } else {
            length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let name = start.assumingMemoryBound(to: sockaddr_in.self)
            name.pointee.sin_family = sa_family_t(AF_INET)
            name.pointee.sin_port = port.bigEndian
            inet_pton(AF_INET, address, &name.pointee.sin_addr)
        }
        let any = start.assumingMemoryBound(to: sockaddr.self)
        return bind(descriptor, any, length) == 0 && prepare(descriptor) == 0
            && getsockname(descriptor, any, &length) == 0
    }
    guard isBound else {
        let code = errno
        close(descriptor)
        throw LoopbackServer.Failure(call: "bind", code: code)
    }
    // The port stands at the same place in both forms.
    return (descriptor, UInt16(bigEndian: name.sin6_port))
}
