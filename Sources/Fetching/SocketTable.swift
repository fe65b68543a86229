internal import CCurl
internal import Glibc

/// What epoll watches for libcurl.
///
/// libcurl forgets a socket after each answer and names it again at the next request of the same
/// connection: three calls of the kernel a request, for nothing. So sockets that we opened stay in
/// epoll until they are closed, and only those that speak while nobody listens are taken out. Other
/// descriptors, those of name lookups, are closed unannounced; of them nothing is remembered.
final class SocketTable {
    /// Readable when a socket is ready. Closed by whoever watches it, not here.
    let descriptor: Int32

    private struct Slot {
        var isOurs = false
        /// What epoll looks for; 0 when it has no such descriptor.
        var watched: UInt32 = 0
        /// What libcurl waits for; 0 for nothing.
        var wanted: UInt32 = 0
    }

    /// By descriptor. The kernel gives out the lowest that is free, so there are few.
    private var slots: [Slot] = []
    private let watch: CallWatch

    /// nil when the system gives no descriptor. `watch` hears of the sockets that are open.
    init?(watch: CallWatch) {
        self.watch = watch
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        if descriptor < 0 { return nil }
    }

    /// A socket of ours that epoll has not seen.
    func opened(_ socket: Int32) {
        set(Slot(isOurs: true), of: socket)
        watch.opened(socket)
    }

    /// It is about to be closed, and leaves epoll by that.
    func closing(_ socket: Int32) {
        set(Slot(), of: socket)
        watch.closed(socket)
    }

    /// libcurl waits for that: `CURL_POLL_IN`, `_OUT`, `_INOUT`, or nothing any more. `owner`:
    /// whose socket it is, for as long as it is open.
    func watch(_ socket: Int32, _ what: Int32, for owner: Int) {
        let wanted: UInt32 =
            switch what {
            case CURL_POLL_IN: EPOLLIN.rawValue
            case CURL_POLL_OUT: EPOLLOUT.rawValue
            case CURL_POLL_INOUT: EPOLLIN.rawValue | EPOLLOUT.rawValue
            default: 0
            }
        var slot = slot(of: socket)
        slot.wanted = wanted
        if slot.isOurs {
            if wanted != 0, wanted != slot.watched {
                let operation = slot.watched == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD
                control(operation, socket, wanted, for: owner)
                slot.watched = wanted
            }
            set(slot, of: socket)
        } else if wanted == 0 {
            control(EPOLL_CTL_DEL, socket, 0)
        } else {
            control(EPOLL_CTL_ADD, socket, wanted, for: owner)
        }
    }

    /// Whether libcurl wants to hear of this. If not, epoll is told to be silent about it.
    func isWanted(_ socket: Int32) -> Bool {
        var slot = slot(of: socket)
        guard slot.isOurs, slot.wanted == 0 else { return true }
        control(EPOLL_CTL_DEL, socket, 0)
        slot.watched = 0
        set(slot, of: socket)
        return false
    }

    /// Which socket epoll speaks of, and whose it is.
    static func source(of event: epoll_event) -> (socket: Int32, owner: Int) {
        let data = event.data.u64
        return (Int32(truncatingIfNeeded: data), Int(data >> 32))
    }

    /// Adds what epoll has already, or changes what it has no more, as the call can be meant: what
    /// we remember only spares calls, it must never be what an answer is missed for.
    private func control(
        _ operation: Int32, _ socket: Int32, _ events: UInt32, for owner: Int = 0
    ) {
        var event = epoll_event()
        event.data.u64 = UInt64(UInt32(bitPattern: socket)) | UInt64(UInt32(owner)) << 32
        event.events = events
        guard epoll_ctl(descriptor, operation, socket, &event) != 0 else { return }
        if operation == EPOLL_CTL_ADD, errno == EEXIST {
            epoll_ctl(descriptor, EPOLL_CTL_MOD, socket, &event)
        } else if operation == EPOLL_CTL_MOD, errno == ENOENT {
            epoll_ctl(descriptor, EPOLL_CTL_ADD, socket, &event)
        }
    }

    private func slot(of socket: Int32) -> Slot {
        let index = Int(socket)
        return slots.indices.contains(index) ? slots[index] : Slot()
    }

    private func set(_ slot: Slot, of socket: Int32) {
        let index = Int(socket)
        guard index >= 0 else { return }
        while slots.count <= index { slots.append(Slot()) }
        slots[index] = slot
    }
}
