/// Where and for whom the control API listens.
package struct ControlOptions: Sendable {
    /// The Unix socket; nil for none.
    package var socket: UnixSocketOptions?
    /// A loopback TCP address besides; nil for none.
    package var tcpAddress: LoopbackAddress?
    /// A listening socket that systemd handed over; it takes the place of `socket`.
    package var inheritedDescriptor: Int32?
    package var limits: HTTPLimits

    package init(
        socket: UnixSocketOptions? = nil, tcpAddress: LoopbackAddress? = nil,
        inheritedDescriptor: Int32? = nil, limits: HTTPLimits = HTTPLimits()
    ) {
        self.socket = socket
        self.tcpAddress = tcpAddress
        self.inheritedDescriptor = inheritedDescriptor
        self.limits = limits
    }
}

/// Questions and answers about the daemon, over HTTP on the status socket.
///
/// Everything that it says comes from a `ControlProvider`; what it changes goes there too.
/// Questions are answered off the event loop, so that a slow answer delays no other, and the event
/// loop never waits for the store.
package final class ControlServer: Sendable {
    private let options: ControlOptions
    private let hub: EventHub
    private let listener: HTTPListener

    package init(options: ControlOptions, provider: ControlProvider) {
        let hub = EventHub(provider: provider)
        let routes = ControlRoutes(provider: provider, hub: hub)
        self.options = options
        self.hub = hub
        listener = HTTPListener(limits: options.limits) { await routes.answer($0) }
    }

    /// Starts to listen, everywhere or nowhere. Blocks for a few milliseconds.
    /// - Returns: the TCP port, when there is one.
    @discardableResult
    package func start() throws(ControlError) -> UInt16? {
        do throws(ControlError) {
            if let descriptor = options.inheritedDescriptor {
                try listener.listen(on: .inherited(descriptor: descriptor))
            } else if let socket = options.socket {
                try listener.listen(on: .unixSocket(socket))
            }
            return try options.tcpAddress.flatMap { address throws(ControlError) in
                try listener.listen(on: .loopback(address))
            }
        } catch {
            listener.stop()
            throw error
        }
    }

    /// Tells the readers of `/events`. Does not block; calls must not overlap.
    package func publish(_ event: ControlEvent) {
        // Nothing in an event can fail to be encoded but a number that is not finite.
        try? hub.publish(event)
    }

    /// How many read `/events` at this moment.
    package var eventReaderCount: Int { hub.readerCount }

    /// Puts a socket file back that somebody removed; to be called every minute or so.
    /// - Returns: what was wrong, a sentence each; empty when all is well.
    package func repairSockets() -> [String] {
        listener.repairSockets().map { check in
            switch check {
            case .recreated(let path): "the socket \(path) had been removed; it is there again"
            case .lost(let path, let error):
                "the socket \(path) has been removed and cannot be put back: \(error)"
            }
        }
    }

    /// Stops listening, removes the socket, lets answers under way end for at most `graceMax`.
    /// Blocks meanwhile. Calling it again does nothing.
    package func stop() {
        listener.stop()
    }
}
