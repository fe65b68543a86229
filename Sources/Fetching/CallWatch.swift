internal import CCurl
internal import Dispatch
internal import Glibc
internal import Isolation
internal import Synchronization

/// Ends calls of libcurl that a server does not let end.
///
/// Of some messages a TLS library reads the next before it returns: greetings in the middle of a
/// handshake, tickets behind it. Who sends them without a pause, faster than they are read, holds
/// the one thread that all transfers share, and no limit of time is looked at. So another queue
/// looks at the clock while there are transfers: a call that is under way for too long loses its
/// socket, and returns when it has read what had come.
///
/// 1. Only sockets of ours that are open are shut down: opening, closing and shutting down exclude
///    each other.
/// 2. Nothing wakes while there is no transfer.
/// 3. A call costs two locks that nobody else wants.
actor CallWatch: QueueActor {
    nonisolated let executor = QueueExecutor(label: "tamis.callwatch")

    private struct Calls {
        /// Of the present call, or of the last.
        var number: UInt64 = 0
        var isUnderWay = false
        /// The socket that it is about; nil when that is not known.
        var socket: Int32?
        /// Sockets that lost their connection in it.
        var shut: [Int32] = []
        var open: Set<Int32> = []
        var transfers = 0
    }

    nonisolated private let calls = Mutex(Calls())
    private let timeMax: Duration
    private var alarm: QueueTimer?
    private var isAwake = false
    /// The call that was under way at the last look.
    private var seen: UInt64?

    /// A call may take `timeMax`, or twice as long, because it is looked at that often.
    init(timeMax: Duration) { self.timeMax = timeMax }

    // MARK: - What libcurl's thread tells

    nonisolated func opened(_ socket: Int32) {
        guard socket >= 0 else { return }
        calls.withLock { _ = $0.open.insert(socket) }
    }

    nonisolated func closed(_ socket: Int32) {
        calls.withLock { _ = $0.open.remove(socket) }
    }

    /// A transfer begins.
    nonisolated func begin() {
        let isFirst = calls.withLock { calls in
            calls.transfers += 1
            return calls.transfers == 1
        }
        guard isFirst else { return }
        queue.async { [weak self] in self?.assumeIsolated { $0.wake() } }
    }

    /// A transfer has ended.
    nonisolated func end() { calls.withLock { $0.transfers -= 1 } }

    /// Makes a call of libcurl, about one socket if that is known. Gives the sockets that had to be
    /// shut down for it to end; none, as a rule.
    nonisolated func call(about socket: Int32? = nil, _ work: () -> Void) -> [Int32] {
        calls.withLock { calls in
            calls.number &+= 1
            calls.isUnderWay = true
            calls.socket = socket
        }
        work()
        return calls.withLock { calls in
            calls.isUnderWay = false
            guard !calls.shut.isEmpty else { return [] }
            defer { calls.shut = [] }
            return calls.shut
        }
    }

    // MARK: - The look at the clock

    private func wake() {
        guard !isAwake else { return }
        isAwake = true
        seen = nil
        let alarm = alarm ?? QueueTimer(of: self) { $0.look() }
        self.alarm = alarm
        alarm.arm(after: timeMax)
    }

    private func look() {
        let (present, isNeeded): (UInt64?, Bool) = calls.withLock { calls in
            let present = calls.isUnderWay ? calls.number : nil
            if let present, present == seen { Self.shutOne(in: &calls) }
            return (present, present != nil || calls.transfers > 0)
        }
        seen = present
        isAwake = isNeeded
        if isNeeded { alarm?.arm(after: timeMax) }
    }

    /// The socket of the call; then, if it does not end by that, the others, the busiest first:
    /// nobody reads them meanwhile, so what most has come from is what is being read.
    private static func shutOne(in calls: inout Calls) {
        let left = calls.open.subtracting(calls.shut)
        let own = calls.socket.flatMap { left.contains($0) ? $0 : nil }
        guard let socket = own ?? left.max(by: { received(by: $0) < received(by: $1) }) else {
            return
        }
        calls.shut.append(socket)
        shutdown(socket, Int32(SHUT_RDWR))
    }

    private static func received(by socket: Int32) -> UInt64 { tamis_bytes_received(socket) }
}
