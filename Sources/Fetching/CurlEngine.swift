internal import CCurl
internal import Glibc
internal import Isolation

/// libcurl's multi handles on one queue.
///
/// libcurl names the sockets and what to wait for; they go into one epoll descriptor
/// (`SocketTable`), which the owner watches with a single source, and libcurl's timers into one
/// `alarm`. Closing a socket takes it out of epoll by itself, so no source ever outlives its
/// descriptor. All transfers to a host are in one `CurlMulti`, so that they share connections.
///
/// 1. All calls come on the owner's queue.
/// 2. libcurl is never called from a callback: callbacks only take notes.
/// 3. A finished transfer is handed out by `takeFinished`, never from inside a callback.
/// 4. Whatever reads what a server sent is called through `CallWatch`.
final class CurlEngine {
    private let sockets: SocketTable
    private let watch: CallWatch
    /// Set once by the owner: rings `timeIsUp`.
    var alarm: QueueTimer?
    private let multis: [CurlMulti]
    /// Which of them has a host.
    private var places: [String: Int] = [:]
    private let options: FetchOptions
    /// All that were ever needed at once; libcurl holds the running ones without owning them.
    private var transfers: [Transfer] = []
    private var idle: [Transfer] = []
    let gauge = BodyGauge()
    private var isClosed = false
    /// Room for what epoll tells at once; more comes with the next call. Few, so that what an
    /// answer touched is still at hand when the next request of its place begins: with a thousand
    /// in flight, 32 at once cost a tenth less than 256. With eight, a tenth more: each time, each
    /// multi handle is called once.
    private let events: UnsafeMutableBufferPointer<epoll_event>
    private let uptime: Stopwatch
    /// When `alarm` rings; it may ring too early, never too late.
    private var ringsAt: Duration?

    /// Enough that few hosts share one, few enough that looking at all costs nothing.
    private static let multisCount = 8
    private static let placesMax = 4096

    /// nil when the system gives no descriptor or libcurl no memory. `uptime`: the owner's clock,
    /// by which all times here are told.
    init?(options: FetchOptions, uptime: Stopwatch) {
        guard Self.isProcessReady else { return nil }
        let watch = CallWatch(timeMax: options.floodTimeMax)
        guard let sockets = SocketTable(watch: watch) else { return nil }
        // Hosts are not equally busy.
        let connectionsMax = max(8, options.transfersMax * 2 / Self.multisCount)
        let multis = (0..<Self.multisCount).compactMap {
            CurlMulti(number: $0, sockets: sockets, connectionsMax: connectionsMax)
        }
        guard multis.count == Self.multisCount else {
            for multi in multis { multi.close() }
            Glibc.close(sockets.descriptor)
            return nil
        }
        self.sockets = sockets
        self.watch = watch
        self.multis = multis
        self.options = options
        self.uptime = uptime
        events = .allocate(capacity: 32)
        events.initialize(repeating: epoll_event())
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
        let multi = multi(for: exchange.plan.hostKey)
        let refusal =
            transfer.prepare(exchange.plan, to: addresses, since: since, now: now)
            ?? multi.add(transfer)
        if let refusal {
            idle.append(transfer)
            return .failure(FetchErrorWords(refusal))
        }
        transfer.exchange = exchange
        transfer.multi = multi
        watch.begin()
        return .success(transfer)
    }

    /// Hosts take turns: chance would give one handle twice as many as another.
    private func multi(for host: String) -> CurlMulti {
        if let place = places[host] { return multis[place] }
        // Whatever has another place then opens a new connection.
        if places.count == Self.placesMax { places.removeAll(keepingCapacity: true) }
        let place = places.count % multis.count
        places[host] = place
        return multis[place]
    }

    private func newTransfer() -> Transfer? {
        let transfer = Transfer(options: options, gauge: gauge, sockets: sockets)
        if let transfer { transfers.append(transfer) }
        return transfer
    }

    /// The epoll descriptor may be readable. Whether it was.
    func socketsAreReady() -> Bool {
        let count = epoll_wait(sockets.descriptor, events.baseAddress, Int32(events.count), 0)
        let uptime = uptime.elapsed
        for event in events.prefix(max(0, Int(count))) {
            let (socket, owner) = SocketTable.source(of: event)
            guard multis.indices.contains(owner), sockets.isWanted(socket) else { continue }
            var mask: Int32 = 0
            if event.events & EPOLLIN.rawValue != 0 { mask |= CURL_CSELECT_IN }
            if event.events & EPOLLOUT.rawValue != 0 { mask |= CURL_CSELECT_OUT }
            if event.events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 {
                mask |= CURL_CSELECT_ERR
            }
            act(multis[owner], on: socket, mask, at: uptime)
        }
        goOn()
        return count > 0
    }

    /// The alarm rang.
    func timeIsUp() {
        ringsAt = nil
        goOn()
    }

    /// Calls libcurl once where its time has come, and sets the alarm for the next. Most of its
    /// wishes are for "now", when a transfer is added, or later than the alarm that is set: neither
    /// costs a timer. Once, because libcurl may ask again at each call, and others have their turn,
    /// too.
    func goOn() {
        let uptime = uptime.elapsed
        for multi in multis {
            if let due = multi.due, due <= uptime { act(multi, on: nil, 0, at: uptime) }
        }
        setAlarm(at: uptime)
    }

    private func act(_ multi: CurlMulti, on socket: Int32?, _ mask: Int32, at uptime: Duration) {
        let shut = watch.call(about: socket) { multi.act(on: socket, mask, at: uptime) }
        if !shut.isEmpty { noteFloods(of: shut) }
    }

    /// Those that a call would not end for.
    private func noteFloods(of sockets: [Int32]) {
        for transfer in running where transfer.socket.map(sockets.contains) == true {
            transfer.stop(.flooding)
        }
    }

    private func setAlarm(at uptime: Duration) {
        var due = ringsAt ?? .seconds(Int64.max)
        for multi in multis { due = min(due, multi.due ?? due) }
        guard due < ringsAt ?? .seconds(Int64.max) else { return }
        ringsAt = due
        alarm?.arm(after: max(due - uptime, .zero))
    }

    /// Those that libcurl is done with, and how they ended.
    func takeFinished() -> [(exchange: Exchange, end: TransferEnd)] {
        var finished: [(exchange: Exchange, end: TransferEnd)] = []
        // The clock is read once, if there are any.
        var time: Duration?
        for multi in multis {
            while let (transfer, code) = multi.nextFinished() {
                guard let exchange = transfer.exchange else { continue }
                let now = time ?? uptime.elapsed
                time = now
                finished.append((exchange, remove(transfer, code: code, now: now)))
            }
        }
        if let time { setAlarm(at: time) }
        return finished
    }

    /// Ends a transfer before its time.
    func abandon(_ transfer: Transfer, _ reason: TransferFacts.Stop) -> TransferEnd {
        transfer.stop(reason)
        let now = uptime.elapsed
        defer { setAlarm(at: now) }
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
        watch.begin()
        for multi in multis { _ = watch.call { multi.close() } }
        watch.end()
        alarm = nil
    }

    private func remove(_ transfer: Transfer, code: CURLcode, now: Duration) -> TransferEnd {
        let end = transfer.finish(code: code, now: now)
        // Closing a connection reads once more from it.
        _ = watch.call { transfer.multi?.remove(transfer, at: now) }
        watch.end()
        transfer.exchange = nil
        transfer.multi = nil
        idle.append(transfer)
        return end
    }
}

/// What libcurl says when it does not begin.
struct FetchErrorWords: Error {
    let words: String
    init(_ words: String) { self.words = words }
}
