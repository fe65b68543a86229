internal import Dispatch
package import Isolation
package import News

/// The way out to the network: one document at a time, politely, within limits, or a reason.
///
/// 1. Only a complete answer is given out; whatever is cut, empty or unasked for is an error.
/// 2. No connection is made to an address that is not public, unless its host is allowed by name.
/// 3. Time, bytes, descriptors, threads and memory are bounded, whatever comes (`FetchOptions`).
/// 4. One slow host never takes the others' turns (`HostGate`).
/// 5. Nothing is remembered from one fetch to the next but politeness: no cookies, no credentials.
///
/// Everything happens on one queue: libcurl's multi handle (`CurlEngine`), the gate, `robots.txt`.
package actor Fetcher: QueueActor {
    nonisolated package let executor = QueueExecutor(label: "tamis.fetch")
    private let options: FetchOptions
    private let now: @Sendable () -> Instant
    private let note: @Sendable (RequestNote) -> Void
    private let held: @Sendable ([String: Instant]) -> Void
    private var engine: CurlEngine?
    private var sockets: DescriptorSource?
    private var gate: HostGate
    private var gateAlarm: QueueTimer?
    private let uptime = Stopwatch()
    /// Transfers in the order in which they began, and when their first byte is late.
    private var firstBytes: [(due: Duration, id: Int)] = []
    private var firstByteAlarm: QueueTimer?
    private var robots: RobotsCache
    private var robotsLoads: [String: Task<Void, Never>] = [:]
    private var isShutDown = false
    private var lastID = 0

    /// Requests at the gate: nil means go.
    private var atGate: [Int: (host: String, go: CheckedContinuation<FetchError.Kind?, Never>)] =
        [:]
    /// Requests in libcurl's hands.
    private var inTransfer:
        [Int: (transfer: Transfer, host: String, done: CheckedContinuation<TransferEnd, Never>)] =
            [:]
    /// Requests for pages whose `robots.txt` is on its way.
    private var atRobots: [Int: (origin: String, go: CheckedContinuation<RobotsResult, Never>)] =
        [:]
    private typealias RobotsResult = Result<RobotsCache.Answer, Refusal>

    /// `now` is asked for politeness and freshness; limits in time go by a monotonic clock. `note`
    /// hears of every request, sent or kept back; `held` of all hosts that want to be left alone,
    /// whenever one more does.
    package init(
        options: FetchOptions = FetchOptions(), now: @escaping @Sendable () -> Instant,
        note: @escaping @Sendable (RequestNote) -> Void = { _ in },
        held: @escaping @Sendable ([String: Instant]) -> Void = { _ in }
    ) {
        self.options = options
        self.now = now
        self.note = note
        self.held = held
        gate = HostGate(
            HostGate.Limits(
                total: options.transfersMax, slowTotal: options.slowTransfersMax,
                perHost: options.transfersPerHostMax, spacing: options.hostSpacing,
                slowAnswer: options.slowAnswer, waitingMax: options.waitingMax,
                holdMax: options.retryAfterMax))
        robots = RobotsCache(
            countMax: options.robotsCountMax, ageMax: options.robotsAgeMax,
            failureAgeMax: options.robotsFailureAgeMax)
    }

    isolated deinit { engine?.close() }

    /// Sets libcurl up. Call it once, before the process has other threads.
    package static func prepareProcess() -> Bool { CurlEngine.isProcessReady }

    /// Requests in libcurl's hands, and requests waiting for their turn.
    package var load: (transfers: Int, waiting: Int) { (gate.active, gate.waiting) }

    /// Goes on leaving alone who asked for it before the last stop.
    package func restore(holds: [String: Instant]) {
        let now = now()
        // A clock that was wrong when they were saved must not silence a host for years.
        let latest = now.adding(options.retryAfterMax)
        for (host, until) in holds {
            _ = gate.hold(host: host, until: min(until, latest), now: now)
        }
    }

    /// Fetches one document, following redirects.
    ///
    /// Ends when the answer is complete, a limit is reached, or the task is cancelled. Waiting for
    /// the host's turn is not part of `timeMax`.
    package func fetch(_ request: FetchRequest) async throws(FetchError) -> FetchResponse {
        var way = Itinerary(from: request.url, hopsMax: options.redirectsMax)
        var wireBytes = 0
        var acceptsCodings = true
        var timeLeft = options.timeMax
        let validators = clean(request.validators ?? Validators())
        while true {
            let url = way.url.withoutSecrets
            var rule = request.purpose.rule
            if request.purpose == .page, options.obeysRobots {
                switch await robotsDecision(on: way.url) {
                case .success(let line): rule = line
                case .failure(let refusal):
                    throw withheld(FetchError(refusal.kind, url: url), request, way.url)
                }
            }
            let plan = plan(
                for: way, request, validators, timeMax: timeLeft, acceptsCodings: acceptsCodings)
            let end: TransferEnd
            switch await exchange(plan, isSpaced: request.purpose != .robots) {
            case .success(let ended): end = ended
            case .failure(let refusal):
                throw withheld(FetchError(refusal.kind, url: url), request, way.url)
            }
            noteSent(end, request, way.url, rule: rule)
            wireBytes += end.wireBytes
            timeLeft = max(timeLeft - end.elapsed, .milliseconds(1))
            if acceptsCodings, case .contentCoding = end.failure {
                // Some servers compress badly: once more, in plain.
                acceptsCodings = false
                continue
            }
            if let kind = end.failure { throw FetchError(kind, url: url) }
            switch readAnswer(head: end.head, body: end.body, isConditional: !validators.isEmpty) {
            case .redirect(let location, let status):
                do throws(Itinerary.Refusal) {
                    try way.follow(location, status: status)
                } catch {
                    throw FetchError(error.kind, url: url)
                }
            case .notModified:
                return response(
                    .notModified, end.head, way, wireBytes, sent: validators)
            case .body(let body):
                return response(.body(body), end.head, way, wireBytes, sent: Validators())
            case .failure(let kind):
                throw failure(kind, end.head, of: way.url)
            }
        }
    }

    /// Ends everything: waiting requests and transfers fail with `.shutDown`, libcurl gets its
    /// memory back. Later fetches fail at once.
    package func shutDown() {
        guard !isShutDown else { return }
        isShutDown = true
        for load in robotsLoads.values { load.cancel() }
        robotsLoads = [:]
        for id in Array(atRobots.keys) { leaveRobots(id, with: .failure(Refusal(kind: .shutDown))) }
        for id in Array(atGate.keys) { leaveGate(id, with: .shutDown) }
        for (id, entry) in inTransfer {
            if let end = engine?.abandon(entry.transfer, .shutDown) { settle(id, end) }
        }
        engine?.close()
        engine = nil
        sockets = nil
        gateAlarm = nil
        firstByteAlarm = nil
        firstBytes = []
    }

    // MARK: - Keeping account

    private func withheld(
        _ error: FetchError, _ request: FetchRequest, _ url: HTTPURL
    ) -> FetchError {
        // Ended by us for no reason of politeness: nothing that a publisher would ask about.
        guard error.kind != .cancelled, error.kind != .shutDown else { return error }
        note(
            RequestNote(
                at: now(), url: url, purpose: request.purpose.rawValue, isSent: false,
                rule: error.description, isConditional: request.validators?.isEmpty == false,
                outcome: "not sent"))
        return error
    }

    private func noteSent(
        _ end: TransferEnd, _ request: FetchRequest, _ url: HTTPURL, rule: String
    ) {
        let outcome =
            end.failure.map { FetchError($0, url: "").description }
            ?? "status \(end.head.status), \(end.body.count) bytes"
        note(
            RequestNote(
                at: now().adding(.zero - end.elapsed), url: url,
                purpose: request.purpose.rawValue, isSent: true, rule: rule,
                isConditional: request.validators?.isEmpty == false,
                status: end.head.status == 0 ? nil : end.head.status, asked: end.head.wishes,
                outcome: outcome, wireBytes: end.wireBytes,
                milliseconds: end.elapsed.milliseconds))
    }

    // MARK: - One fetch

    private func plan(
        for way: Itinerary, _ request: FetchRequest, _ validators: Validators, timeMax: Duration,
        acceptsCodings: Bool
    ) -> TransferPlan {
        let accept =
            switch request.purpose {
            case .feed:
                "application/atom+xml, application/rss+xml, application/feed+json, "
                    + "application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
            case .page: "text/html, application/xhtml+xml;q=0.9, text/plain;q=0.8, */*;q=0.5"
            case .robots: "text/plain, */*;q=0.5"
            }
        var headers = ["Accept: \(accept)"]
        if let etag = validators.etag {
            headers.append("If-None-Match: \(etag)")
            // RFC 3229 with the manipulation `feed`: only the entries that are new since then.
            if request.purpose == .feed { headers.append("A-IM: feed") }
        }
        if let date = validators.lastModified { headers.append("If-Modified-Since: \(date)") }
        if way.isAtItsOrigin, case .bearer(let token) = request.credentials {
            headers.append("Authorization: Bearer \(token)")
        }
        let isRobots = request.purpose == .robots
        return TransferPlan(
            url: way.url, login: login(for: way, request), headers: headers, timeMax: timeMax,
            bodyBytesMax: isRobots ? options.robotsBytesMax : options.bodyBytesMax,
            isBodyCut: isRobots, acceptsCodings: acceptsCodings)
    }

    private func login(
        for way: Itinerary, _ request: FetchRequest
    ) -> (user: String, password: String)? {
        if way.isAtItsOrigin, case .basic(let user, let password) = request.credentials {
            return (user, password)
        }
        guard request.credentials == nil, let written = way.credentials else { return nil }
        let parts = written.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            .map { decodingPercents(String($0)) }
        return (parts[0], parts.count > 1 ? parts[1] : "")
    }

    private func response(
        _ content: FetchResponse.Content, _ head: ResponseHead, _ way: Itinerary, _ wireBytes: Int,
        sent: Validators
    ) -> FetchResponse {
        let received = clean(Validators(etag: head[.etag], lastModified: head[.lastModified]))
        var response = FetchResponse(
            finalURL: way.url, status: head.status, content: content,
            contentType: head[.contentType],
            validators: Validators(
                etag: received.etag ?? sent.etag,
                lastModified: received.lastModified ?? sent.lastModified),
            maxAge: freshness(
                cacheControl: head.all(.cacheControl), expires: head[.expires], date: head[.date],
                age: head[.age], now: now(), max: options.maxAgeMax),
            retryAfter: retryAfter(head.all(.retryAfter), now: now(), max: options.retryAfterMax),
            permanentRedirect: way.permanentRedirect, isDelta: head.isFeedDelta,
            wireBytes: wireBytes)
        response.reservations = head.reservations(for: options.robotsToken)
        return response
    }

    private func failure(
        _ kind: FetchError.Kind, _ head: ResponseHead, of url: HTTPURL
    ) -> FetchError {
        FetchError(kind, url: url.withoutSecrets, retryAfter: timeToWaitFor(head))
    }

    /// Until when the server wants no requests.
    private func timeToWaitFor(_ head: ResponseHead) -> Instant? {
        guard head.status == 429 || head.status == 503 else { return nil }
        return retryAfter(head.all(.retryAfter), now: now(), max: options.retryAfterMax)
    }

    // MARK: - robots.txt

    /// Whether a page may be fetched, and by which rule. Loads those of its origin if need be.
    private func robotsDecision(on url: HTTPURL) async -> Result<String, Refusal> {
        guard !isShutDown else { return .failure(Refusal(kind: .shutDown)) }
        guard !Task.isCancelled else { return .failure(Refusal(kind: .cancelled)) }
        let known = robots.answer(for: url.origin, now: now())
        let result =
            if let known { RobotsResult.success(known) } else { await loadedRobots(of: url) }
        switch result {
        case .success(.rules(let rules)):
            let path = url.path + (url.query.map { "?\($0)" } ?? "")
            gate.space(
                host: hostKey(url), by: min(rules.crawlDelay ?? .zero, options.crawlDelayMax))
            let (isAllowed, rule) = rules.decision(on: path)
            guard isAllowed else {
                return .failure(Refusal(kind: .disallowedByRobots(rule: rule ?? "")))
            }
            return .success("robots.txt: " + (rule ?? "no rule for this path"))
        case .success(.unreachable(let reason)):
            return .failure(Refusal(kind: .robotsUnreachable(reason)))
        case .failure(let refusal): return .failure(refusal)
        }
    }

    private func loadedRobots(of url: HTTPURL) async -> RobotsResult {
        lastID += 1
        let id = lastID
        return await withTaskCancellationHandler {
            await withCheckedContinuation { go in
                atRobots[id] = (url.origin, go)
                loadRobots(of: url)
            }
        } onCancel: {
            queue.async { [weak self] in
                self?.assumeIsolated {
                    $0.leaveRobots(id, with: .failure(Refusal(kind: .cancelled)))
                }
            }
        }
    }

    /// One load for all who wait, so that the first of them to be withdrawn does not end it.
    private func loadRobots(of url: HTTPURL) {
        let origin = url.origin
        guard robotsLoads[origin] == nil, let file = HTTPURL("/robots.txt", relativeTo: url) else {
            return
        }
        robotsLoads[origin] = Task { [weak self] in
            guard let self else { return }
            let result: Result<FetchResponse, FetchError>
            do throws(FetchError) {
                result = .success(try await fetch(FetchRequest(url: file, purpose: .robots)))
            } catch {
                result = .failure(error)
            }
            await robotsHaveCome(result, of: origin)
        }
    }

    private func robotsHaveCome(_ result: Result<FetchResponse, FetchError>, of origin: String) {
        robotsLoads[origin] = nil
        let outcome: RobotsResult
        if case .failure(let error) = result, error.isOurOwn {
            // It says nothing of the file: not to be remembered.
            outcome = .failure(Refusal(kind: error.kind))
        } else {
            let answer = RobotsCache.answer(to: result, token: options.robotsToken)
            robots.insert(answer, for: origin, now: now())
            outcome = .success(answer)
        }
        for (id, entry) in atRobots where entry.origin == origin { leaveRobots(id, with: outcome) }
    }

    private func leaveRobots(_ id: Int, with result: RobotsResult) {
        atRobots.removeValue(forKey: id)?.go.resume(returning: result)
    }

    // MARK: - One exchange: the gate, then libcurl

    private struct Refusal: Error {
        let kind: FetchError.Kind
    }

    private func exchange(
        _ plan: TransferPlan, isSpaced: Bool
    ) async -> Result<TransferEnd, Refusal> {
        guard !isShutDown else { return .failure(Refusal(kind: .shutDown)) }
        guard !Task.isCancelled else { return .failure(Refusal(kind: .cancelled)) }
        lastID += 1
        let id = lastID
        let host = hostKey(plan.url)
        switch gate.enter(id, host: host, isSpaced: isSpaced, now: now()) {
        case .full: return .failure(Refusal(kind: .queueFull(max: options.waitingMax)))
        case .held(let until): return .failure(Refusal(kind: .hostAsksToWait(until: until)))
        case .queued: break
        }
        let refusal = await withTaskCancellationHandler {
            await withCheckedContinuation { go in
                atGate[id] = (host, go)
                openGate()
            }
        } onCancel: {
            queue.async { [weak self] in self?.assumeIsolated { $0.leaveGate(id, with: .cancelled) }
            }
        }
        if let refusal { return .failure(Refusal(kind: refusal)) }
        return await transfer(plan, id: id, host: host)
    }

    private func transfer(
        _ plan: TransferPlan, id: Int, host: String
    ) async -> Result<TransferEnd, Refusal> {
        let started: Result<Transfer, Refusal> =
            isShutDown
            ? .failure(Refusal(kind: .shutDown)) : begin(plan, id: id)
        switch started {
        case .failure(let refusal):
            gate.finish(host: host, elapsed: .zero, now: now())
            openGate()
            return .failure(refusal)
        case .success(let transfer):
            return .success(
                await withTaskCancellationHandler {
                    await withCheckedContinuation { done in
                        inTransfer[id] = (transfer, host, done)
                        engine?.goOn()
                        settleFinished()
                    }
                } onCancel: {
                    queue.async { [weak self] in self?.assumeIsolated { $0.abandon(id, .cancelled) }
                    }
                })
        }
    }

    private func begin(_ plan: TransferPlan, id: Int) -> Result<Transfer, Refusal> {
        if engine == nil { engine = makeEngine() }
        guard let engine else { return .failure(Refusal(kind: .engine("it cannot be set up"))) }
        switch engine.begin(plan, id: id) {
        case .failure(let error): return .failure(Refusal(kind: .engine(error.words)))
        case .success(let transfer):
            if options.firstByteTimeMax < plan.timeMax { expectFirstByte(of: id) }
            return .success(transfer)
        }
    }

    private func makeEngine() -> CurlEngine? {
        guard let engine = CurlEngine(options: options) else { return nil }
        sockets = DescriptorSource(owning: engine.descriptor, of: self) { fetcher in
            fetcher.engine?.socketsAreReady()
            fetcher.settleFinished()
        }
        engine.alarm = QueueTimer(of: self) { fetcher in
            fetcher.engine?.timeIsUp()
            fetcher.settleFinished()
        }
        return engine
    }

    // MARK: - What comes back

    private func settleFinished() {
        guard let engine else { return }
        for (id, end) in engine.takeFinished() { settle(id, end) }
        relieveMemory()
    }

    private func settle(_ id: Int, _ end: TransferEnd) {
        guard let entry = inTransfer.removeValue(forKey: id) else { return }
        if options.proxy == nil, !end.address.isEmpty {
            gate.settle(host: entry.host, at: end.address)
        }
        gate.finish(host: entry.host, elapsed: end.elapsed, now: now())
        if let until = timeToWaitFor(end.head) { hold(entry.host, until: until) }
        entry.done.resume(returning: end)
        openGate()
    }

    /// Leaves a host alone that asked for it; those who wait for their turn there learn it now.
    private func hold(_ host: String, until: Instant) {
        for id in gate.hold(host: host, until: until, now: now()) {
            atGate.removeValue(forKey: id)?.go.resume(returning: .hostAsksToWait(until: until))
        }
        held(gate.holds(now: now()))
    }

    private func abandon(_ id: Int, _ reason: TransferEnd.Stop) {
        guard let entry = inTransfer[id], let end = engine?.abandon(entry.transfer, reason) else {
            return
        }
        settle(id, end)
    }

    /// All wait equally long, so they come due in the order in which they began, and one timer does
    /// for all: setting one for each transfer cost more than the transfer.
    private func expectFirstByte(of id: Int) {
        let isFirst = firstBytes.isEmpty
        firstBytes.append((uptime.elapsed + options.firstByteTimeMax, id))
        guard isFirst else { return }
        let alarm = firstByteAlarm ?? QueueTimer(of: self) { $0.firstBytesAreDue() }
        firstByteAlarm = alarm
        alarm.arm(after: options.firstByteTimeMax)
    }

    private func firstBytesAreDue() {
        let now = uptime.elapsed
        let due = firstBytes.prefix { $0.due <= now }
        firstBytes.removeFirst(due.count)
        for (_, id) in due where inTransfer[id]?.transfer.hasFirstByte == false {
            abandon(id, .firstByteIsLate(after: options.firstByteTimeMax))
        }
        // Those that are done need no ring.
        let done = firstBytes.prefix { inTransfer[$0.id] == nil }
        firstBytes.removeFirst(done.count)
        if let next = firstBytes.first { firstByteAlarm?.arm(after: next.due - now) }
    }

    /// While unfinished bodies together are too large, the largest goes: a bomb, not a neighbour.
    private func relieveMemory() {
        while let engine, engine.gauge.bytes > options.bufferedBytesMax,
            let largest = inTransfer.max(by: {
                $0.value.transfer.bodyBytes < $1.value.transfer.bodyBytes
            })
        {
            abandon(largest.key, .crowdedOut(bufferedBytesMax: options.bufferedBytesMax))
        }
    }

    private func openGate() {
        guard !isShutDown else { return }
        let now = now()
        for id in gate.start(now: now) { atGate.removeValue(forKey: id)?.go.resume(returning: nil) }
        guard let wait = gate.untilNextStart(now: now) else { return }
        let alarm = gateAlarm ?? QueueTimer(of: self) { $0.openGate() }
        gateAlarm = alarm
        alarm.arm(after: wait)
    }

    private func leaveGate(_ id: Int, with reason: FetchError.Kind) {
        guard let entry = atGate.removeValue(forKey: id) else { return }
        gate.withdraw(id, host: entry.host)
        entry.go.resume(returning: reason)
    }

    /// What politeness counts as one host: its name, and the port when it is not the usual one.
    private func hostKey(_ url: HTTPURL) -> String {
        url.host + (url.port.map { ":\($0)" } ?? "")
    }
}
