internal import CCurl
internal import Glibc
internal import Isolation

/// libcurl's multi handle on one queue.
///
/// libcurl names the sockets and what to wait for; they go into one epoll descriptor, which the
/// owner watches with a single source, and libcurl's one timer is `alarm`. Closing a socket takes
/// it out of epoll by itself, so no source ever outlives its descriptor.
///
/// 1. All calls come on the owner's queue.
/// 2. `curl_multi_socket_action` is never called from a callback: callbacks only take notes.
/// 3. A finished transfer is handed out by `takeFinished`, never from inside a callback.
final class CurlEngine {
    /// Readable when a socket is ready. Closed by whoever watches it, not here.
    let descriptor: Int32
    /// Set once by the owner: rings `timeIsUp`.
    var alarm: QueueTimer?
    private let multi: UnsafeMutableRawPointer
    private let options: FetchOptions
    private var idle: [Transfer] = []
    private var running: [UnsafeMutableRawPointer: Transfer] = [:]
    let gauge = BodyGauge()
    private var isClosed = false
    private let uptime = Stopwatch()
    /// When libcurl wants to be called, by `uptime`; nil when it does not.
    private var due: Duration?
    /// When `alarm` rings; it may ring too early, never too late.
    private var ringsAt: Duration?

    /// nil when the system gives no descriptor or libcurl no memory.
    init?(options: FetchOptions) {
        guard Self.isProcessReady, let multi = curl_multi_init() else { return nil }
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard descriptor >= 0 else {
            curl_multi_cleanup(multi)
            return nil
        }
        self.multi = multi
        self.options = options
        let me = Unmanaged.passUnretained(self).toOpaque()
        tamis_multi_set_socket_callback(multi, onSocket)
        tamis_multi_set_pointer(multi, CURLMOPT_SOCKETDATA, me)
        tamis_multi_set_timer_callback(multi, onTimer)
        tamis_multi_set_pointer(multi, CURLMOPT_TIMERDATA, me)
        tamis_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
        tamis_multi_set_long(multi, CURLMOPT_MAXCONNECTS, options.transfersMax)
    }

    deinit { close() }

    /// libcurl's own set-up, once in the life of the process.
    static let isProcessReady: Bool = {
        // libidn2 reads host names in the locale's encoding, which is ASCII when none is set.
        setlocale(LC_CTYPE, "C.UTF-8")
        // Hostile bodies of many megabytes, read at once: 185 MB at the peak without, 95 MB with.
        tamis_keep_memory_small()
        return tamis_global_init() == CURLE_OK
    }()

    var runningTransfers: some Collection<Transfer> { running.values }

    /// Begins a transfer; gives libcurl's words when it cannot.
    func begin(_ plan: TransferPlan, id: Int) -> Result<Transfer, FetchErrorWords> {
        guard let transfer = idle.popLast() ?? Transfer(options: options, gauge: gauge) else {
            return .failure(FetchErrorWords("no memory for another transfer"))
        }
        if let refusal = transfer.prepare(plan, id: id) {
            idle.append(transfer)
            return .failure(FetchErrorWords(refusal))
        }
        let code = curl_multi_add_handle(multi, transfer.easy)
        guard code == CURLM_OK else {
            idle.append(transfer)
            return .failure(FetchErrorWords(String(cString: curl_multi_strerror(code))))
        }
        running[transfer.easy] = transfer
        return .success(transfer)
    }

    /// The epoll descriptor is readable.
    func socketsAreReady() {
        var events = [epoll_event](repeating: epoll_event(), count: 256)
        let count = epoll_wait(descriptor, &events, Int32(events.count), 0)
        var left: Int32 = 0
        for event in events.prefix(max(0, Int(count))) {
            var mask: Int32 = 0
            if event.events & EPOLLIN.rawValue != 0 { mask |= CURL_CSELECT_IN }
            if event.events & EPOLLOUT.rawValue != 0 { mask |= CURL_CSELECT_OUT }
            if event.events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 {
                mask |= CURL_CSELECT_ERR
            }
            curl_multi_socket_action(multi, event.data.fd, mask, &left)
        }
        goOn()
    }

    /// The alarm rang.
    func timeIsUp() {
        ringsAt = nil
        goOn()
    }

    /// Calls libcurl once if its time has come, and sets the alarm for the next. Most of its wishes
    /// are for "now", when a transfer is added, or later than the alarm that is set: neither costs
    /// a timer. Once, because libcurl may ask again at each call, and others have their turn, too.
    func goOn() {
        if let due, due <= uptime.elapsed {
            self.due = nil
            var left: Int32 = 0
            curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &left)
        }
        setAlarm()
    }

    private func setAlarm() {
        guard let due, due < ringsAt ?? .seconds(Int64.max) else { return }
        ringsAt = due
        alarm?.arm(after: max(due - uptime.elapsed, .zero))
    }

    /// Those that libcurl is done with, and how they ended.
    func takeFinished() -> [(id: Int, end: TransferEnd)] {
        var finished: [(id: Int, end: TransferEnd)] = []
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
                let transfer = running[easy]
            else { continue }
            // The message is void once the handle is removed.
            let code = tamis_message_result(message)
            finished.append((transfer.id, remove(transfer, code: code)))
        }
        setAlarm()
        return finished
    }

    /// Ends a transfer before its time.
    func abandon(_ transfer: Transfer, _ reason: TransferEnd.Stop) -> TransferEnd {
        transfer.stop(reason)
        defer { setAlarm() }
        return remove(transfer, code: CURLE_ABORTED_BY_CALLBACK)
    }

    /// Gives everything back to libcurl. The transfers must have been abandoned before.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        for transfer in running.values { curl_multi_remove_handle(multi, transfer.easy) }
        running = [:]
        idle = []
        curl_multi_cleanup(multi)
        alarm = nil
    }

    private func remove(_ transfer: Transfer, code: CURLcode) -> TransferEnd {
        let end = transfer.finish(code: code)
        curl_multi_remove_handle(multi, transfer.easy)
        running[transfer.easy] = nil
        idle.append(transfer)
        return end
    }

    fileprivate func watch(_ socket: curl_socket_t, _ what: Int32) {
        var event = epoll_event()
        event.data.fd = socket
        switch what {
        case CURL_POLL_IN: event.events = EPOLLIN.rawValue
        case CURL_POLL_OUT: event.events = EPOLLOUT.rawValue
        case CURL_POLL_INOUT: event.events = EPOLLIN.rawValue | EPOLLOUT.rawValue
        default:
            epoll_ctl(descriptor, EPOLL_CTL_DEL, socket, &event)
            return
        }
        // A closed socket has left epoll, whatever we remember: let epoll say whether it is there.
        if epoll_ctl(descriptor, EPOLL_CTL_MOD, socket, &event) != 0 {
            epoll_ctl(descriptor, EPOLL_CTL_ADD, socket, &event)
        }
    }

    /// Only a note: libcurl is not called from its own callback.
    fileprivate func noteDue(milliseconds: Int) {
        due = milliseconds < 0 ? nil : uptime.elapsed + .milliseconds(milliseconds)
    }
}

/// What libcurl says when it does not begin.
struct FetchErrorWords: Error {
    let words: String
    init(_ words: String) { self.words = words }
}

// MARK: - libcurl's callbacks

private func engine(at context: UnsafeMutableRawPointer?) -> CurlEngine? {
    context.map { Unmanaged<CurlEngine>.fromOpaque($0).takeUnretainedValue() }
}

private let onSocket: tamis_socket_callback = { _, socket, what, context, _ in
    engine(at: context)?.watch(socket, what)
    return 0
}

private let onTimer: tamis_timer_callback = { _, milliseconds, context in
    engine(at: context)?.noteDue(milliseconds: milliseconds)
    return 0
}
