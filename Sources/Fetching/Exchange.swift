internal import Dispatch
internal import Isolation
internal import News
internal import Synchronization

/// One request and its answer, on their way through the gate and libcurl.
struct Exchange: Sendable {
    let id: Int
    let plan: TransferPlan
    let isSpaced: Bool
    let done: CheckedContinuation<Result<TransferEnd, Refusal>, Never>
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
        let wishes = inbox.withLock { inbox in
            defer { inbox = [] }
            return inbox
        }
        for wish in wishes {
            switch wish {
            case .exchange(let exchange): enter(exchange)
            case .withdrawal(let id):
                leaveGate(id, with: .cancelled)
                abandon(id, .cancelled)
            }
        }
        goOn()
    }

    private func enter(_ exchange: Exchange) {
        let refusal: FetchError.Kind?
        if isShutDown {
            refusal = .shutDown
        } else {
            // Those that came with it may begin, and leave their places.
            if gate.waiting >= options.waitingMax { openGate() }
            let host = exchange.plan.hostKey
            switch gate.enter(exchange.id, host: host, isSpaced: exchange.isSpaced, now: now()) {
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
    private func goOn() {
        repeat {
            openGate()
            engine?.goOn()
        } while settleFinished()
    }

    private func openGate() {
        guard !isShutDown else { return }
        let now = now()
        while case let ids = gate.start(now: now), !ids.isEmpty {
            for id in ids {
                if let exchange = atGate.removeValue(forKey: id) { begin(exchange) }
            }
        }
        guard let wait = gate.untilNextStart(now: now) else { return }
        let alarm = gateAlarm ?? QueueTimer(of: self) { $0.goOn() }
        gateAlarm = alarm
        alarm.arm(after: wait)
    }

    private func begin(_ exchange: Exchange) {
        switch transfer(for: exchange) {
        case .failure(let refusal):
            gate.finish(host: exchange.plan.hostKey, elapsed: .zero, now: now())
            exchange.done.resume(returning: .failure(refusal))
        case .success(let transfer):
            inTransfer[exchange.id] = (exchange, transfer)
            if options.firstByteTimeMax < exchange.plan.timeMax { expectFirstByte(of: exchange.id) }
        }
    }

    private func transfer(for exchange: Exchange) -> Result<Transfer, Refusal> {
        if engine == nil { engine = makeEngine() }
        guard let engine else { return .failure(Refusal(kind: .engine("it cannot be set up"))) }
        return engine.begin(exchange.plan, id: exchange.id)
            .mapError { Refusal(kind: .engine($0.words)) }
    }

    private func makeEngine() -> CurlEngine? {
        guard let engine = CurlEngine(options: options) else { return nil }
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
        // All books first: whoever is told of his answer may ask again before the next is told.
        let exchanges = finished.map { takeOut($0.id, $0.end) }
        for index in finished.indices {
            exchanges[index]?.done.resume(returning: .success(finished[index].end))
        }
        return relieveMemory() || !finished.isEmpty
    }

    func settle(_ id: Int, _ end: TransferEnd) {
        takeOut(id, end)?.done.resume(returning: .success(end))
    }

    /// The exchange that has ended, out of all books.
    private func takeOut(_ id: Int, _ end: TransferEnd) -> Exchange? {
        guard let exchange = inTransfer.removeValue(forKey: id)?.exchange else { return nil }
        let host = exchange.plan.hostKey
        if options.proxy == nil, !end.address.isEmpty { gate.settle(host: host, at: end.address) }
        gate.finish(host: host, elapsed: end.elapsed, now: now())
        // That a file which few have is not served now holds no page back: a host that wants to be
        // left alone says so to the page as well.
        if exchange.plan.fields.purpose != .reservations, let until = timeToWaitFor(end.head) {
            hold(host, until: until)
        }
        return exchange
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

    private func abandon(_ id: Int, _ reason: TransferEnd.Stop) {
        guard let entry = inTransfer[id], let end = engine?.abandon(entry.transfer, reason) else {
            return
        }
        settle(id, end)
    }

    /// While unfinished bodies together are too large, the largest goes: a bomb, not a neighbour.
    /// Whether one had to go.
    private func relieveMemory() -> Bool {
        var isRelieved = false
        while let engine, engine.gauge.bytes > options.bufferedBytesMax,
            let largest = inTransfer.max(by: {
                $0.value.transfer.bodyBytes < $1.value.transfer.bodyBytes
            })
        {
            abandon(largest.key, .crowdedOut(bufferedBytesMax: options.bufferedBytesMax))
            isRelieved = true
        }
        return isRelieved
    }

    // MARK: - The first byte

    private func expectFirstByte(of id: Int) {
        guard firstBytes.expect(id, within: options.firstByteTimeMax) else { return }
        let alarm = firstByteAlarm ?? QueueTimer(of: self) { $0.firstBytesAreDue() }
        firstByteAlarm = alarm
        alarm.arm(after: options.firstByteTimeMax)
    }

    private func firstBytesAreDue() {
        for id in firstBytes.takeDue() where inTransfer[id]?.transfer.hasFirstByte == false {
            abandon(id, .firstByteIsLate(after: options.firstByteTimeMax))
        }
        if let wait = firstBytes.untilNext(where: { inTransfer[$0] != nil }) {
            firstByteAlarm?.arm(after: wait)
        }
        goOn()
    }
}

/// Transfers in the order in which they began, and when their first byte is late.
///
/// All wait equally long, so they come due in the order in which they began, and one timer does for
/// all: setting one for each transfer cost more than the transfer.
struct FirstByteWatch {
    private let uptime = Stopwatch()
    private var expected: [(due: Duration, id: Int)] = []

    /// Whether it is the first of a row, so that the alarm must be set.
    mutating func expect(_ id: Int, within limit: Duration) -> Bool {
        expected.append((uptime.elapsed + limit, id))
        return expected.count == 1
    }

    /// Takes out those whose time has come.
    mutating func takeDue() -> [Int] {
        let now = uptime.elapsed
        let due = expected.prefix { $0.due <= now }.map(\.id)
        expected.removeFirst(due.count)
        return due
    }

    /// How long until the next that is still under way; those before it need no ring.
    mutating func untilNext(where isUnderWay: (Int) -> Bool) -> Duration? {
        expected.removeFirst(expected.prefix { !isUnderWay($0.id) }.count)
        return expected.first.map { max($0.due - uptime.elapsed, .zero) }
    }
}
