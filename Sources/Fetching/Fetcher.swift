internal import Dispatch
package import Isolation
package import News
internal import Synchronization

/// The way out to the network: one document at a time, politely, within limits, or a reason.
///
/// 1. Only a complete answer is given out; whatever is cut, empty or unasked for is an error.
/// 2. No connection is made to an address that is not public, unless its host or a prefix around
///    the address is allowed in the configuration.
/// 3. Time, bytes, descriptors, threads and memory are bounded, whatever comes (`FetchOptions`).
/// 4. One slow host never takes the others' turns (`HostGate`).
/// 5. Nothing is remembered from one fetch to the next but politeness: no cookies, no credentials.
///
/// What has a state lives on one queue: libcurl's multi handle (`CurlEngine`), the gate, names of
/// hosts, `robots.txt`. The steps of a fetch between its exchanges are values, and run where the
/// caller runs: a request crosses to the queue once and comes back once (`exchange`).
package actor Fetcher: QueueActor {
    nonisolated package let executor = QueueExecutor(besideTasks: "tamis.fetch")
    let options: FetchOptions
    let now: @Sendable () -> Instant
    let note: @Sendable (RequestNote) -> Void
    let held: @Sendable ([String: Instant]) -> Void

    /// What callers want, until the queue comes to it.
    let inbox = Mutex<[Wish]>([])
    let lastID = Atomic<Int>(0)
    /// The other half of the box, empty but while it is read.
    var wishes: [Wish] = []
    let uptime = Stopwatch()

    var engine: CurlEngine?
    var sockets: DescriptorSource?
    var gate: HostGate
    var gateAlarm: QueueTimer?
    /// Exchanges that wait for their turn.
    var atGate: [Int: Exchange] = [:]
    var names: NameDesk
    var nameAlarm: QueueTimer?
    /// Exchanges that have their turn and wait for the addresses of their host.
    var atNames: [Int: Exchange] = [:]
    /// Queues for lookups that have none now.
    var idleResolvers: [DispatchQueue] = []
    /// When transfers are looked at for their limits of time, which `timeAlarm` rings for.
    var nextLook: Duration?
    var timeAlarm: QueueTimer?

    var origins: OriginCache
    var originLoads: [String: Task<Void, Never>] = [:]
    /// Requests for pages whose origin's files are on their way.
    var atOrigin: [Int: (origin: String, go: CheckedContinuation<OriginResult, Never>)] = [:]
    var isShutDown = false

    /// `now` is asked for politeness and freshness; limits in time go by a monotonic clock. `note`
    /// hears of every request, sent or kept back; `held` of all hosts that want to be left alone,
    /// whenever one more does.
    package init(
        options: FetchOptions = FetchOptions(), now: @escaping @Sendable () -> Instant,
        note: @escaping @Sendable (RequestNote) -> Void = { _ in },
        held: @escaping @Sendable ([String: Instant]) -> Void = { _ in }
    ) {
        // At the latest here: no fetcher, no libcurl.
        _ = Self.prepareProcess()
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
        names = NameDesk(
            NameDesk.Limits(
                lookupsMax: options.lookupsMax, timeMax: options.connectTimeMax,
                placeTimeMax: options.timeMax))
        origins = OriginCache(
            countMax: options.robotsCountMax, bytesMax: options.robotsKeptBytesMax,
            ageMax: options.robotsAgeMax, failureAgeMax: options.robotsFailureAgeMax)
    }

    isolated deinit { engine?.close() }

    /// Sets libcurl, the locale of host names and the allocator up, once; false when libcurl will
    /// not. None of it is safe beside other threads, so programs call it before they have any; a
    /// fetcher calls it when it is made.
    @discardableResult
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
    nonisolated package func fetch(
        _ request: FetchRequest
    ) async throws(FetchError) -> FetchResponse {
        var way = Itinerary(from: request.url, hopsMax: options.redirectsMax)
        var wireBytes = 0
        var acceptsCodings = true
        var timeLeft = options.timeMax
        let validators = clean(
            request.validators ?? Validators(), bytesMax: options.validatorBytesMax)
        while true {
            let url = way.url.withoutSecrets
            var rule = request.purpose.rule
            var reserved: Reservation?
            if request.purpose == .page, options.obeysRobots || options.readsMiningFile {
                switch await leave(for: way.url) {
                case .success(let leave): (rule, reserved) = (leave.rule, leave.reservation)
                case .failure(let refusal):
                    throw withheld(FetchError(refusal.kind, url: url), request, way.url)
                }
            }
            let plan = TransferPlan(
                way, url: url, request, validators, options, timeMax: timeLeft,
                acceptsCodings: acceptsCodings)
            let end: TransferEnd
            switch await exchange(plan, isSpaced: !request.purpose.isOfOrigin) {
            case .success(let ended): end = ended
            case .failure(let refusal):
                throw withheld(FetchError(refusal.kind, url: url), request, way.url)
            }
            let now = now()
            note(end, of: plan, rule: rule, now: now)
            wireBytes += end.wireBytes
            timeLeft = max(timeLeft - end.elapsed, .milliseconds(1))
            let failure = end.failure
            if acceptsCodings, case .contentCoding = failure {
                // Some servers compress badly: once more, in plain.
                acceptsCodings = false
                continue
            }
            if let failure { throw FetchError(failure, url: url) }
            let answer = readAnswer(
                head: end.head, body: end.body, isConditional: !validators.isEmpty,
                opensGzip: request.purpose == .feed)
            switch answer {
            case .redirect(let location, let status):
                do throws(Itinerary.Refusal) {
                    try way.follow(location, status: status)
                } catch {
                    throw withheld(FetchError(error.kind, url: url), request, way.url)
                }
            case .notModified:
                return response(
                    .notModified, end.head, way, wireBytes, sent: validators, reserved: nil,
                    now: now)
            case .body(let body):
                return response(
                    .body(body), end.head, way, wireBytes, sent: Validators(), reserved: reserved,
                    hold: end.hold, now: now)
            case .failure(let kind):
                throw FetchError(kind, url: url, retryAfter: timeToWaitFor(end.head, now: now))
            }
        }
    }

    /// Ends everything: waiting requests and transfers fail with `.shutDown`, libcurl gets its
    /// memory back. Later fetches fail at once.
    package func shutDown() {
        guard !isShutDown else { return }
        isShutDown = true
        for load in originLoads.values { load.cancel() }
        originLoads = [:]
        for id in Array(atOrigin.keys) { leaveOrigin(id, with: .failure(Refusal(kind: .shutDown))) }
        for id in Array(atGate.keys) { leaveGate(id, with: .shutDown) }
        for id in Array(atNames.keys) { leaveNames(id, with: .shutDown) }
        for transfer in engine?.running ?? [] { abandon(transfer, .shutDown) }
        engine?.close()
        engine = nil
        sockets = nil
        gateAlarm = nil
        nameAlarm = nil
        timeAlarm = nil
    }

    // MARK: - What an answer says

    nonisolated private func response(
        _ content: FetchResponse.Content, _ head: ResponseHead, _ way: Itinerary, _ wireBytes: Int,
        sent: Validators, reserved: Reservation?, hold: BodyHold? = nil, now: Instant
    ) -> FetchResponse {
        let expires = head[.expires]
        let received = clean(
            Validators(etag: head[.etag], lastModified: head[.lastModified]),
            bytesMax: options.validatorBytesMax)
        var response = FetchResponse(
            finalURL: way.url, status: head.status, content: content,
            contentType: head[.contentType],
            validators: Validators(
                etag: received.etag ?? sent.etag,
                lastModified: received.lastModified ?? sent.lastModified),
            maxAge: freshness(
                cacheControl: head.all(.cacheControl), expires: expires,
                date: expires == nil ? nil : head[.date], age: head[.age], now: now,
                max: options.maxAgeMax),
            retryAfter: retryAfter(head.all(.retryAfter), now: now, max: options.retryAfterMax),
            permanentRedirect: way.permanentRedirect, isDelta: head.isFeedDelta,
            wireBytes: wireBytes)
        response.hold = hold
        response.reservations = head.reservations(for: options.robotsToken)
        // What the answer itself says goes before what the origin's file does.
        if let reserved, !Reservation.isSaid(head[.miningReservation]) {
            response.reservations.append(reserved)
        }
        return response
    }

    /// Until when the server wants no requests.
    nonisolated func timeToWaitFor(_ head: ResponseHead, now: Instant) -> Instant? {
        guard head.status == 429 || head.status == 503 else { return nil }
        return retryAfter(head.all(.retryAfter), now: now, max: options.retryAfterMax)
    }
}
