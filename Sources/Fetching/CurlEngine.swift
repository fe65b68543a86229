internal import CCurl
internal import Glibc
internal import Isolation

/// libcurl's multi handle on one queue.
///
/// libcurl names the sockets and what to wait for; they go into one epoll descriptor
/// (`SocketTable`), which the owner watches with a single source, and libcurl's one timer is
/// `alarm`. Closing a socket takes it out of epoll by itself, so no source ever outlives its
/// descriptor.
///
/// 1. All calls come on the owner's queue.
/// 2. `curl_multi_socket_action` is never called from a callback: callbacks only take notes.
/// 3. A finished transfer is handed out by `takeFinished`, never from inside a callback.
/// 4. Whatever reads what a server sent is called through `CallWatch`.
final class CurlEngine {
    private let sockets: SocketTable
    private let watch: CallWatch
    /// Set once by the owner: rings `timeIsUp`.
    var alarm: QueueTimer?
    private let multi: UnsafeMutableRawPointer
    private let options: FetchOptions
    /// All that were ever needed at once; libcurl holds the running ones without owning them.
    private var transfers: [Transfer] = []
    private var idle: [Transfer] = []
    let gauge = BodyGauge()
    private var isClosed = false
    /// Room for what epoll tells at once; more comes with the next call. Few, so that what an
    /// answer touched is still at hand when the next request of its place begins: with a thousand
    /// in flight, 32 at once cost a tenth less than 256, and eight a tenth less than 32.
    private let events: UnsafeMutableBufferPointer<epoll_event>
    private let uptime = Stopwatch()
    /// What `uptime` showed when libcurl was called: read once for all that its callbacks note.
    private var called: Duration = .zero
    /// When libcurl wants to be called, by `uptime`, zero for at once; nil when it does not. Too
    /// early does no harm: libcurl then says again when.
    private var due: Duration?
    /// When `alarm` rings; it may ring too early, never too late.
    private var ringsAt: Duration?

    /// nil when the system gives no descriptor or libcurl no memory.
    init?(options: FetchOptions) {
        guard Self.isProcessReady, let multi = curl_multi_init() else { return nil }
        let watch = CallWatch(timeMax: options.floodTimeMax)
        guard let sockets = SocketTable(watch: watch) else {
            curl_multi_cleanup(multi)
            return nil
        }
        self.sockets = sockets
        self.watch = watch
        self.multi = multi
        self.options = options
        events = .allocate(capacity: 8)
        events.initialize(repeating: epoll_event())
        let me = Unmanaged.passUnretained(self).toOpaque()
        tamis_multi_set_socket_callback(multi, onSocket)
        tamis_multi_set_pointer(multi, CURLMOPT_SOCKETDATA, me)
        tamis_multi_set_timer_callback(multi, onTimer)
        tamis_multi_set_pointer(multi, CURLMOPT_TIMERDATA, me)
        tamis_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
        tamis_multi_set_long(multi, CURLMOPT_MAXCONNECTS, options.transfersMax)
    }

    /// Readable when a socket is ready. Closed by whoever watches it, not here.
    var descriptor: Int32 { sockets.descriptor }

    deinit {
        close()
        events.deallocate()
    }

    /// libcurl's own set-up, once in the life of the process.
    static let isProcessReady: Bool = {
        // libidn2 reads host names in the locale's encoding, which is ASCII when none is set.
        setlocale(LC_CTYPE, "C.UTF-8")
        return tamis_global_init() == CURLE_OK
    }()

    /// Begins a transfer that has had its turn `since` then; gives libcurl's words when it cannot.
    /// `addresses`: those of its host's name, if it has one.
    func begin(
        _ exchange: Exchange, to addresses: [IPAddress], since: Duration, now: Duration
    ) -> Result<Transfer, FetchErrorWords> {
        guard let transfer = idle.popLast() ?? newTransfer() else {
            return .failure(FetchErrorWords("no memory for another transfer"))
        }
        let refusal = transfer.prepare(exchange.plan, to: addresses, since: since, now: now)
        if let refusal {
            idle.append(transfer)
            return .failure(FetchErrorWords(refusal))
        }
        let code = curl_multi_add_handle(multi, transfer.easy)
        guard code == CURLM_OK else {
            idle.append(transfer)
            return .failure(FetchErrorWords(String(cString: curl_multi_strerror(code))))
        }
        transfer.exchange = exchange
        watch.begin()
        return .success(transfer)
    }

    private func newTransfer() -> Transfer? {
        let transfer = Transfer(options: options, gauge: gauge, sockets: sockets)
        if let transfer { transfers.append(transfer) }
        return transfer
    }

    /// The epoll descriptor may be readable. Whether it was.
    func socketsAreReady() -> Bool {
        let count = epoll_wait(sockets.descriptor, events.baseAddress, Int32(events.count), 0)
        called = uptime.elapsed
        for event in events.prefix(max(0, Int(count))) where sockets.isWanted(event.data.fd) {
            var mask: Int32 = 0
            if event.events & EPOLLIN.rawValue != 0 { mask |= CURL_CSELECT_IN }
            if event.events & EPOLLOUT.rawValue != 0 { mask |= CURL_CSELECT_OUT }
            if event.events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 {
                mask |= CURL_CSELECT_ERR
            }
            act(on: event.data.fd, mask)
        }
        goOn()
        return count > 0
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
        if let due, due == .zero || due <= uptime.elapsed {
            self.due = nil
            called = uptime.elapsed
            act(on: nil, 0)
        }
        setAlarm()
    }

    /// Lets libcurl do what is to be done, for one socket or because time has passed.
    private func act(on socket: Int32?, _ mask: Int32) {
        let shut = watch.call(about: socket) { [multi] in
            var left: Int32 = 0
            curl_multi_socket_action(multi, socket ?? CURL_SOCKET_TIMEOUT, mask, &left)
        }
        if !shut.isEmpty { noteFloods(of: shut) }
    }

    /// Those that a call would not end for.
    private func noteFloods(of sockets: [Int32]) {
        for transfer in running where transfer.socket.map(sockets.contains) == true {
            transfer.stop(.flooding)
        }
    }

    private func setAlarm() {
        guard let due, due < ringsAt ?? .seconds(Int64.max) else { return }
        ringsAt = due
        alarm?.arm(after: due == .zero ? .zero : max(due - uptime.elapsed, .zero))
    }

    /// Those that libcurl is done with, and how they ended. `now` is asked once, if there are any.
    func takeFinished(now: () -> Duration) -> [(exchange: Exchange, end: TransferEnd)] {
        var finished: [(exchange: Exchange, end: TransferEnd)] = []
        var left: Int32 = 0
        var time: Duration?
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
                let transfer = transfer(of: easy), let exchange = transfer.exchange
            else { continue }
            // The message is void once the handle is removed.
            let code = tamis_message_result(message)
            let ended = time ?? now()
            time = ended
            finished.append((exchange, remove(transfer, code: code, now: ended)))
        }
        setAlarm()
        return finished
    }

    /// Ends a transfer before its time.
    func abandon(
        _ transfer: Transfer, _ reason: TransferFacts.Stop, now: Duration
    ) -> TransferEnd {
        transfer.stop(reason)
        called = uptime.elapsed
        defer { setAlarm() }
        return remove(transfer, code: CURLE_ABORTED_BY_CALLBACK, now: now)
    }

    /// Those in libcurl's hands. Cost: a look at all that ever were at once.
    var running: [Transfer] { transfers.filter { $0.exchange != nil } }

    /// Gives everything back to libcurl. The transfers must have been abandoned before.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        for transfer in running { _ = remove(transfer, code: CURLE_OK, now: .zero) }
        idle = []
        transfers = []
        // It closes the connections that were kept.
        watch.begin()
        _ = watch.call { [multi] in curl_multi_cleanup(multi) }
        watch.end()
        alarm = nil
    }

    private func remove(_ transfer: Transfer, code: CURLcode, now: Duration) -> TransferEnd {
        let end = transfer.finish(code: code, now: now)
        // Closing a connection reads once more from it.
        _ = watch.call { [multi] in curl_multi_remove_handle(multi, transfer.easy) }
        watch.end()
        transfer.exchange = nil
        idle.append(transfer)
        return end
    }

    private func transfer(of easy: UnsafeMutableRawPointer) -> Transfer? {
        var pointer: UnsafePointer<CChar>?
        guard tamis_get_string(easy, CURLINFO_PRIVATE, &pointer) == CURLE_OK, let pointer else {
            return nil
        }
        return Unmanaged<Transfer>.fromOpaque(UnsafeRawPointer(pointer)).takeUnretainedValue()
    }

    fileprivate func watch(_ socket: curl_socket_t, _ what: Int32) { sockets.watch(socket, what) }

    /// Only a note: libcurl is not called from its own callback.
    fileprivate func noteDue(milliseconds: Int) {
        due =
            switch milliseconds {
            case ..<0: nil
            case 0: .zero
            default: called + .milliseconds(milliseconds)
            }
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
