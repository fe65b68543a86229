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
/// 3. A call costs two changes of a word that nobody else wants.
actor CallWatch: QueueActor {
    nonisolated let executor = QueueExecutor(label: "tamis.callwatch")

    private struct Sockets {
        var open: Set<Int32> = []
        /// Those that lost their connection in the present call.
        var shut: [Int32] = []
    }

    /// Locked whenever a socket is opened, closed or shut down.
    nonisolated private let sockets = Mutex(Sockets())
    nonisolated private let transfers = Atomic<Int>(0)
    /// Of the present call, or of the last: its number, and in the two lowest bits its `Phase`.
    nonisolated private let call = Atomic<UInt64>(0)
    /// The socket that it is about; -1 when that is not known.
    nonisolated private let subject = Atomic<Int32>(-1)
    private let timeMax: Duration
    private var alarm: QueueTimer?
    private var isAwake = false
    /// The call that was under way at the last look.
    private var seen: UInt64?

    private enum Phase {
        static let over: UInt64 = 0
        static let underWay: UInt64 = 1
        /// A socket is being shut down: it ends after that.
        static let interrupted: UInt64 = 2
        static let mask: UInt64 = 3
    }

    /// A call may take `timeMax`, or twice as long, because it is looked at that often.
    init(timeMax: Duration) { self.timeMax = timeMax }

    // MARK: - What libcurl's thread tells

    nonisolated func opened(_ socket: Int32) {
        guard socket >= 0 else { return }
        sockets.withLock { _ = $0.open.insert(socket) }
    }

    nonisolated func closed(_ socket: Int32) {
        sockets.withLock { _ = $0.open.remove(socket) }
    }

    /// A transfer begins.
    nonisolated func begin() {
        guard transfers.wrappingAdd(1, ordering: .relaxed).newValue == 1 else { return }
        queue.async { [weak self] in self?.assumeIsolated { $0.wake() } }
    }

    /// A transfer has ended.
    nonisolated func end() { transfers.wrappingSubtract(1, ordering: .relaxed) }

    /// Makes a call of libcurl, about one socket if that is known. Gives the sockets that had to be
    /// shut down for it to end; none, as a rule.
    nonisolated func call(about socket: Int32? = nil, _ work: () -> Void) -> [Int32] {
        // One thread makes all calls, so that nobody else changes the word while none is under way.
        let number = (call.load(ordering: .relaxed) & ~Phase.mask) &+ Phase.mask &+ 1
        subject.store(socket ?? -1, ordering: .relaxed)
        call.store(number | Phase.underWay, ordering: .releasing)
        work()
        let (isOver, _) = call.compareExchange(
            expected: number | Phase.underWay, desired: number | Phase.over,
            ordering: .acquiringAndReleasing)
        return isOver ? [] : takeShut()
    }

    /// Once the look that is under way has ended.
    nonisolated private func takeShut() -> [Int32] {
        sockets.withLock { sockets in
            call.bitwiseAnd(~Phase.mask, ordering: .relaxed)
            defer { sockets.shut = [] }
            return sockets.shut
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
        let present = call.load(ordering: .acquiring)
        let isUnderWay = present & Phase.mask != Phase.over
        if isUnderWay, seen == present & ~Phase.mask { shutOne(in: present) }
        seen = isUnderWay ? present & ~Phase.mask : nil
        isAwake = isUnderWay || transfers.load(ordering: .relaxed) > 0
        if isAwake { alarm?.arm(after: timeMax) }
    }

    /// The socket of the call; then, if it does not end by that, the others, the busiest first:
    /// nobody reads them meanwhile, so what most has come from is what is being read.
    private func shutOne(in present: UInt64) {
        sockets.withLock { sockets in
            let number = present & ~Phase.mask
            // From here on the call cannot end before the lock is free.
            let (isOurs, now) = call.compareExchange(
                expected: number | Phase.underWay, desired: number | Phase.interrupted,
                ordering: .acquiringAndReleasing)
            guard isOurs || now == number | Phase.interrupted else { return }
            let left = sockets.open.subtracting(sockets.shut)
            let own = subject.load(ordering: .relaxed)
            guard
                let socket = left.contains(own)
                    ? own : left.max(by: { Self.received(by: $0) < Self.received(by: $1) })
            else { return }
            sockets.shut.append(socket)
            shutdown(socket, Int32(SHUT_RDWR))
        }
    }

    private static func received(by socket: Int32) -> UInt64 { tamis_bytes_received(socket) }
}
