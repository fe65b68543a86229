internal import Dispatch
internal import Isolation
internal import News
internal import Synchronization

/// One request and its answer, on their way through the gate and libcurl. A class, because it is
/// handed on more often than it is made.
final class Exchange: Sendable {
    let id: Int
    let plan: TransferPlan
    let isSpaced: Bool
    let done: CheckedContinuation<Result<TransferEnd, Refusal>, Never>

    init(
        id: Int, plan: TransferPlan, isSpaced: Bool,
        done: CheckedContinuation<Result<TransferEnd, Refusal>, Never>
    ) {
        self.id = id
        self.plan = plan
        self.isSpaced = isSpaced
        self.done = done
    }
}

/// What a caller asks of the queue.
enum Wish: Sendable {
    case exchange(Exchange)
    case withdrawal(of: Int)
}

/// Why a request was not sent.
struct Refusal: Error {
    let kind: FetchError.Kind
}

// The gate, then libcurl. Callers leave their wishes in one box, and the queue takes all of them at
// once: with many in flight, a crossing wakes nobody, and libcurl is called once for all.
extension Fetcher {
    nonisolated func exchange(
        _ plan: TransferPlan, isSpaced: Bool
    ) async -> Result<TransferEnd, Refusal> {
        let id = nextID()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { done in
                ask(Exchange(id: id, plan: plan, isSpaced: isSpaced, done: done))
            }
        } onCancel: {
            tell(.withdrawal(of: id))
        }
    }

    /// A task is cancelled before it tells so. So either this sees it, or the withdrawal comes to
    /// the box behind the exchange.
    nonisolated private func ask(_ exchange: Exchange) {
        let isFirst: Bool? = inbox.withLock { inbox in
            if Task.isCancelled { return nil }
            inbox.append(.exchange(exchange))
            return inbox.count == 1
        }
        if let isFirst {
            if isFirst { readInboxSoon() }
        } else {
            exchange.done.resume(returning: .failure(Refusal(kind: .cancelled)))
        }
    }

    nonisolated func nextID() -> Int { lastID.wrappingAdd(1, ordering: .relaxed).newValue }

    nonisolated private func tell(_ wish: Wish) {
        let isFirst = inbox.withLock { inbox in
            inbox.append(wish)
            return inbox.count == 1
        }
        if isFirst { readInboxSoon() }
    }

    nonisolated private func readInboxSoon() {
        queue.async { [self] in assumeIsolated { $0.readInbox() } }
    }

    private func readInbox() {
        inbox.withLock { swap(&$0, &wishes) }
        let now = now()
        for wish in wishes {
            switch wish {
            case .exchange(let exchange): enter(exchange, now: now)
            case .withdrawal(let id):
                leaveGate(id, with: .cancelled)
                leaveNames(id, with: .cancelled)
                abandon(id, .cancelled)
            }
        }
        wishes.removeAll(keepingCapacity: true)
        goOn()
    }

    private func enter(_ exchange: Exchange, now: Instant) {
        let refusal: FetchError.Kind?
        if isShutDown {
            refusal = .shutDown
        } else {
            // Those that came with it may begin, and leave their places.
            if gate.waiting >= options.waitingMax { openGate() }
            let host = exchange.plan.hostKey
            let isPage = exchange.plan.fields.purpose == .page
            switch gate.enter(
                exchange.id, host: host, isSpaced: exchange.isSpaced, isPage: isPage, now: now)
            {
            case .full: refusal = .queueFull(max: options.waitingMax)
            case .held(let until): refusal = .hostAsksToWait(until: until)
            case .queued:
                atGate[exchange.id] = exchange
                refusal = nil
            }
        }
        if let refusal { exchange.done.resume(returning: .failure(Refusal(kind: refusal))) }
    }

    /// Begins what may begin and ends what has ended, until neither is left.
    func goOn() {
        repeat {
            openGate()
            engine?.goOn()
        } while settleFinished()
    }

    private func openGate() {
        guard !isShutDown, gate.waiting > 0 else { return }
        let (now, uptime) = (now(), uptime.elapsed)
        while case let ids = gate.start(now: now), !ids.isEmpty {
            for id in ids {
                if let exchange = atGate.removeValue(forKey: id) { begin(exchange, at: uptime) }
            }
        }
        guard let wait = gate.untilNextStart(now: now) else { return }
        let alarm = gateAlarm ?? QueueTimer(of: self) { $0.goOn() }
        gateAlarm = alarm
        alarm.arm(after: wait)
    }

    private func begin(_ exchange: Exchange, at uptime: Duration) {
        if let name = exchange.plan.nameToLookUp {
            resolve(name, for: exchange, at: uptime)
        } else {
            connect(exchange, to: [], since: uptime, at: uptime)
        }
    }

    /// Hands an exchange to libcurl. `addresses`: those of its host's name, if it has one; `since`:
    /// when it had its turn.
    func connect(
        _ exchange: Exchange, to addresses: [IPAddress], since: Duration, at uptime: Duration
    ) {
        switch transfer(for: exchange, to: addresses, since: since, at: uptime) {
        case .failure(let refusal):
            gate.finish(host: exchange.plan.hostKey, elapsed: .zero, now: now())
            exchange.done.resume(returning: .failure(refusal))
        case .success(let transfer):
            look(by: transfer.firstLook, at: uptime)
        }
    }

    private func transfer(
        for exchange: Exchange, to addresses: [IPAddress], since: Duration, at uptime: Duration
    ) -> Result<Transfer, Refusal> {
        if engine == nil { engine = makeEngine() }
        guard let engine else { return .failure(Refusal(kind: .engine("it cannot be set up"))) }
        return engine.begin(exchange, to: addresses, since: since, now: uptime)
            .mapError { Refusal(kind: .engine($0.words)) }
    }

    private func makeEngine() -> CurlEngine? {
        guard let engine = CurlEngine(options: options, uptime: uptime) else { return nil }
        sockets = DescriptorSource(owning: engine.descriptor, of: self) { $0.socketsAreReady() }
        engine.alarm = QueueTimer(of: self) { fetcher in
            fetcher.engine?.timeIsUp()
            fetcher.goOnAfterEngine()
        }
        return engine
    }

    /// Looks again by itself until nothing is ready, each time after those who were told have had
    /// their turn; only then is it left to Dispatch to watch.
    private func socketsAreReady() {
        guard let engine else { return }
        let isMore = engine.socketsAreReady()
        goOnAfterEngine()
        guard isMore else {
            sockets?.goOn()
            return
        }
        sockets?.pause()
        executor.afterTasks { [weak self] in self?.assumeIsolated { $0.socketsAreReady() } }
    }

    private func goOnAfterEngine() {
        if settleFinished() { goOn() }
    }

    // MARK: - What comes back

    /// Hands out the answers that libcurl is done with; false when there are none.
    private func settleFinished() -> Bool {
        guard let engine else { return false }
        let finished = engine.takeFinished()
        guard !finished.isEmpty else { return relieveMemory() }
        let now = now()
        // All books first: whoever is told of his answer may ask again before the next is told.
        for (exchange, end) in finished { takeOut(exchange, end, now: now) }
        for (exchange, end) in finished { exchange.done.resume(returning: .success(end)) }
        _ = relieveMemory()
        return true
    }

    /// Ends a transfer before its time.
    func abandon(_ transfer: Transfer, _ reason: TransferFacts.Stop) {
        guard let engine, let exchange = transfer.exchange else { return }
        let end = engine.abandon(transfer, reason)
        takeOut(exchange, end, now: now())
        exchange.done.resume(returning: .success(end))
    }

    /// Takes an exchange that has ended out of the gate's books.
    func takeOut(_ exchange: Exchange, _ end: TransferEnd, now: Instant) {
        let host = exchange.plan.hostKey
        gate.finish(
            host: host, at: options.proxy == nil ? end.address : "", elapsed: end.elapsed, now: now)
        // That a file which few have is not served now holds no page back: a host that wants to be
        // left alone says so to the page as well.
        if exchange.plan.fields.purpose != .reservations,
            let until = timeToWaitFor(end.head, now: now)
        {
            hold(host, until: until)
        }
    }

    /// Leaves a host alone that asked for it; those who wait for their turn there learn it now.
    private func hold(_ host: String, until: Instant) {
        for id in gate.hold(host: host, until: until, now: now()) {
            let refusal = Refusal(kind: .hostAsksToWait(until: until))
            atGate.removeValue(forKey: id)?.done.resume(returning: .failure(refusal))
        }
        held(gate.holds(now: now()))
    }

    func leaveGate(_ id: Int, with reason: FetchError.Kind) {
        guard let exchange = atGate.removeValue(forKey: id) else { return }
        gate.withdraw(id, host: exchange.plan.hostKey)
        exchange.done.resume(returning: .failure(Refusal(kind: reason)))
    }

    private func abandon(_ id: Int, _ reason: TransferFacts.Stop) {
        if let transfer = engine?.running.first(where: { $0.exchange?.id == id }) {
            abandon(transfer, reason)
        }
    }

    /// While too much comes in at once, the largest goes: a bomb, not a neighbour, which has its
    /// share whatever others hold. Whether one had to go.
    private func relieveMemory() -> Bool {
        var isRelieved = false
        while let engine, engine.gauge.isBeyond(options.bufferedBytesMax),
            let largest = engine.running.max(by: { $0.bodyBytes < $1.bodyBytes }),
            largest.bodyBytes > options.bodyShareBytes
        {
            abandon(largest, .crowdedOut(bufferedBytesMax: options.bufferedBytesMax))
            isRelieved = true
        }
        return isRelieved
    }

    // MARK: - Limits of time

    /// Sees to it that transfers are looked at by then. One alarm does for all: most end long
    /// before they come due, and those that begin later come due later.
    private func look(by due: Duration, at uptime: Duration) {
        guard due < nextLook ?? .seconds(Int64.max) else { return }
        nextLook = due
        let alarm = timeAlarm ?? QueueTimer(of: self) { $0.lookAtTimes() }
        timeAlarm = alarm
        alarm.arm(after: max(due - uptime, .zero))
    }

    /// Ends those that are late.
    private func lookAtTimes() {
        nextLook = nil
        let uptime = uptime.elapsed
        for transfer in engine?.running ?? [] {
            switch transfer.look(at: uptime) {
            case .late(let stop): abandon(transfer, stop)
            case .inTime(let until): look(by: until, at: uptime)
            }
        }
        goOn()
    }
}
