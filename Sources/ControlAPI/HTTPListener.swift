internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Synchronization

/// A small HTTP/1.1 server on one thread: it knows requests and answers, and nothing of what they
/// are about.
///
/// It speaks over a Unix socket, a loopback TCP port, or a listening socket that systemd handed
/// over; GET, HEAD and whatever else are the answerer's affair. It bounds all that a peer can take:
/// head, body, connections, time, and what waits for a slow reader.
package final class HTTPListener: Sendable {
    /// Where to listen.
    package enum Address: Sendable {
        case unixSocket(UnixSocketOptions)
        case loopback(LoopbackAddress)
        /// A bound stream socket of whatever family, inherited from the parent process.
        case inherited(descriptor: Int32)
    }

    /// What became of a socket file, as `repairSockets` found it.
    package enum SocketCheck: Hashable, Sendable {
        /// It was gone or another's, and stands there again.
        case recreated(path: String)
        /// It is gone or another's, and cannot be put back.
        case lost(path: String, ControlError)
    }

    private let limits: HTTPLimits
    private let answer: @Sendable (HTTPRequest) async -> HTTPAnswer
    private let owned = HTTPLoop()
    private let table: NIOLoopBoundBox<HTTPConnectionTable>
    private let state = Mutex(State())

    private struct State {
        var channels: [any Channel] = []
        var sockets: [(socket: UnixSocket, channel: any Channel)] = []
        var isStopped = false
    }

    /// A listener that asks `answer` for each request, off the event loop.
    package init(
        limits: HTTPLimits = HTTPLimits(),
        answer: @escaping @Sendable (HTTPRequest) async -> HTTPAnswer
    ) {
        self.limits = limits
        self.answer = answer
        table = NIOLoopBoundBox.makeBoxSendingValue(
            HTTPConnectionTable(connectionsMax: limits.connectionsMax), eventLoop: owned.loop)
    }

    /// Starts to listen there too; may be called for several addresses. Blocks for the few
    /// milliseconds that it takes, so not to be called on an event loop.
    /// - Returns: the port for TCP, which tells what the kernel chose for port 0; else nil.
    @discardableResult
    package func listen(on address: Address) throws(ControlError) -> UInt16? {
        switch address {
        case .unixSocket(let options):
            try listen(onUnixSocket: options)
            return nil
        case .loopback(let address): return try listen(onLoopback: address)
        case .inherited(let descriptor):
            let family = try checkInherited(descriptor)
            let channel = try serve(descriptor, isUnix: family == AF_UNIX)
            state.withLock { $0.channels.append(channel) }
            return nil
        }
    }

    /// Puts back the socket files that somebody removed. To be called now and then.
    /// - Returns: what was not as it should be; empty when all is well.
    package func repairSockets() -> [SocketCheck] {
        let lost = state.withLock { state in
            let lost = state.sockets.filter { !$0.socket.isInPlace }
            state.sockets.removeAll { !$0.socket.isInPlace }
            return lost
        }
        return lost.map { old in
            let path = old.socket.options.path
            do throws(ControlError) {
                try listen(onUnixSocket: old.socket.options)
                old.channel.close(promise: nil)
                return .recreated(path: path)
            } catch {
                // Kept, so that the next check tries again.
                state.withLock { $0.sockets.append(old) }
                return .lost(path: path, error)
            }
        }
    }

    /// Stops listening, removes the socket files, lets answers under way end for at most
    /// `graceMax`, and closes the rest. Blocks meanwhile; calling it again does nothing.
    package func stop() {
        let old = state.withLock { state in
            defer { state = State(isStopped: true) }
            return state
        }
        guard !old.isStopped else { return }
        for (socket, _) in old.sockets { socket.removeFile() }
        for channel in old.channels + old.sockets.map(\.channel) {
            try? channel.close().wait()
        }
        let loop = owned.loop
        let empty = loop.makePromise(of: Void.self)
        let table = table
        loop.execute { table.value.stop(whenEmpty: empty) }
        let timeout = loop.scheduleTask(in: TimeAmount(limits.graceMax)) {
            table.value.closeAll()
        }
        try? empty.futureResult.wait()
        timeout.cancel()
    }

    /// Open connections at this moment.
    package var connectionCount: Int {
        let table = table
        return (try? owned.loop.submit { table.value.count }.wait()) ?? 0
    }

    // MARK: - Listening

    private func listen(onUnixSocket options: UnixSocketOptions) throws(ControlError) {
        let socket = try UnixSocket(listeningAt: options)
        do throws(ControlError) {
            let channel = try serve(socket.descriptor, isUnix: true)
            state.withLock { $0.sockets.append((socket, channel)) }
        } catch {
            socket.removeFile()
            throw error
        }
    }

    private func listen(onLoopback address: LoopbackAddress) throws(ControlError) -> UInt16? {
        do {
            let channel = try bootstrap(isUnix: false)
                .bind(host: address.host, port: Int(address.port)).wait()
            state.withLock { $0.channels.append(channel) }
            return channel.localAddress?.port.flatMap { UInt16(exactly: $0) }
        } catch {
            let code = (error as? IOError)?.errnoCode ?? EINVAL
            if code == EADDRINUSE { throw .addressInUse(address.description) }
            throw .system(call: "bind", subject: address.description, errno: code)
        }
    }

    /// Takes the descriptor over.
    private func serve(_ descriptor: Int32, isUnix: Bool) throws(ControlError) -> any Channel {
        do {
            return try bootstrap(isUnix: isUnix).withBoundSocket(descriptor).wait()
        } catch {
            let code = (error as? IOError)?.errnoCode ?? EINVAL
            throw .system(call: "listen", subject: "descriptor \(descriptor)", errno: code)
        }
    }

    private func bootstrap(isUnix: Bool) -> ServerBootstrap {
        let (limits, answer, table, owned) = (limits, answer, table, owned)
        return ServerBootstrap(group: owned.loop)
            .serverChannelOption(.backlog, value: 128)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(
                .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 16_384)
            )
            .childChannelInitializer { channel in
                peer(of: channel, isUnix: isUnix).flatMapThrowing { peer in
                    let connection = HTTPConnection(
                        limits: limits, peer: peer, owner: owned, table: table.value,
                        answerer: answer)
                    try addHandlers(to: channel, limits: limits, connection)
                }
            }
    }

    /// Checks what systemd handed over: a listening stream socket, and for TCP a loopback address.
    private func checkInherited(_ descriptor: Int32) throws(ControlError) -> Int32 {
        func option(_ name: Int32) throws(ControlError) -> Int32 {
            var value: Int32 = 0
            var size = socklen_t(MemoryLayout<Int32>.size)
            guard getsockopt(descriptor, SOL_SOCKET, name, &value, &size) == 0 else {
                throw .badDescriptor(descriptor, reason: String(cString: strerror(errno)))
            }
            return value
        }
        guard try option(SO_TYPE) == Int32(SOCK_STREAM.rawValue), try option(SO_ACCEPTCONN) == 1
        else { throw .badDescriptor(descriptor, reason: "it is not a listening stream socket") }
        let family = try option(SO_DOMAIN)
        if family != AF_UNIX { try checkLoopback(descriptor, family: family) }
        guard fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0,
            fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK) == 0
        else { throw .badDescriptor(descriptor, reason: String(cString: strerror(errno))) }
        return family
    }

    private func checkLoopback(_ descriptor: Int32, family: Int32) throws(ControlError) {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let named = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(descriptor, $0, &size)
            }
        }
        // The bytes of an address in network order: after family and port, for IPv6 also flow.
        let bytes = withUnsafeBytes(of: &storage) { Array($0.prefix(24)) }
        let isLoopback =
            switch family {
            case AF_INET: bytes[4] == 127
            case AF_INET6: bytes[8..<23].allSatisfy { $0 == 0 } && bytes[23] == 1
            default: false
            }
        guard named == 0, isLoopback else {
            throw .badDescriptor(descriptor, reason: "it does not listen on a loopback address")
        }
    }
}

/// Asks the kernel who has connected.
private func peer(of channel: any Channel, isUnix: Bool) -> EventLoopFuture<HTTPPeer> {
    guard isUnix, let options = channel as? any SocketOptionProvider else {
        return channel.eventLoop.makeSucceededFuture(isUnix ? .unnamedProcess : .loopback)
    }
    let asked: EventLoopFuture<PeerCredentials> = options.unsafeGetSocketOption(
        level: .socket, name: NIOBSDSocket.Option(rawValue: SO_PEERCRED))
    return asked.map { .process(user: $0.user, group: $0.group, id: $0.process) }
        .recover { _ in .unnamedProcess }
}

/// `struct ucred` of unix(7), which glibc shows only to GNU sources.
private struct PeerCredentials: Sendable {
    var process: Int32
    var user: UInt32
    var group: UInt32
}

private func addHandlers(
    to channel: any Channel, limits: HTTPLimits, _ connection: HTTPConnection
) throws {
    var decoderLimits = NIOHTTPDecoderLimitConfiguration()
    decoderLimits.maxHeaderFieldSize = limits.headBytesMax
    decoderLimits.maxHeaderListSize = limits.headBytesMax
    decoderLimits.maxHeaderFieldCount = limits.headFieldsMax
    try channel.pipeline.syncOperations.addHandlers(
        HTTPResponseEncoder(),
        ByteToMessageHandler(
            HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: decoderLimits)
        ),
        NIOHTTPResponseHeadersValidator(), connection)
}
