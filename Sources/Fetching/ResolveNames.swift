internal import Dispatch
internal import Isolation
internal import News

// From a host's name to its addresses, on threads of our own: `NameDesk` says which, and when.
extension Fetcher {
    /// Sees to it that a transfer begins once the addresses of its host are known.
    func resolve(_ name: String, for exchange: Exchange, at uptime: Duration) {
        switch names.ask(exchange.id, for: name, now: uptime) {
        case .known(let addresses): connect(exchange, toSomeOf: addresses, uptime, at: uptime)
        case .waits:
            atNames[exchange.id] = exchange
            startLookups()
            setNameAlarm()
        }
    }

    private func startLookups() {
        for name in names.start(now: uptime.elapsed) {
            let resolver = idleResolvers.popLast() ?? newResolver()
            resolver.async { [weak self] in
                let answer = NameAnswer.lookUp(name)
                self?.queue.async { [weak self] in
                    self?.assumeIsolated { $0.learned(answer, of: name, from: resolver) }
                }
            }
        }
    }

    /// There are never more than lookups under way. Each has a thread while it is at work.
    private func newResolver() -> DispatchQueue { DispatchQueue(label: "tamis.names") }

    private func learned(_ answer: NameAnswer, of name: String, from resolver: DispatchQueue) {
        idleResolvers.append(resolver)
        guard !isShutDown else { return }
        let uptime = uptime.elapsed
        var addresses: [IPAddress] = []
        if case .addresses(let found) = answer { addresses = found }
        for waiting in names.answered(name, addresses, now: uptime) {
            guard let exchange = atNames.removeValue(forKey: waiting.id) else { continue }
            let since = waiting.since
            switch answer {
            case .addresses: connect(exchange, toSomeOf: addresses, since, at: uptime)
            case .none: end(exchange, .unknownHost(exchange.plan.host), uptime - since)
            case .noAnswer: end(exchange, .nameServersFail(exchange.plan.host), uptime - since)
            }
        }
        startLookups()
        setNameAlarm()
        goOn()
    }

    /// Hands an exchange to libcurl with the addresses that it may go to: of many that it may not,
    /// it would try each. The socket's own check stands behind it.
    private func connect(
        _ exchange: Exchange, toSomeOf addresses: [IPAddress], _ since: Duration,
        at uptime: Duration
    ) {
        let host = exchange.plan.host
        let open = addresses.filter { options.refusal(of: $0, as: host) == nil }
        let first = open.isEmpty ? addresses.first : nil
        if let first, let why = options.refusal(of: first, as: host) {
            end(exchange, .blockedAddress(first.description, reason: why), uptime - since)
        } else {
            connect(exchange, to: open, since: since, at: uptime)
        }
    }

    private func namesAreLate() {
        let uptime = uptime.elapsed
        for late in names.late(now: uptime) {
            guard let exchange = atNames.removeValue(forKey: late.id) else { continue }
            if late.wasAsked {
                let limit = options.connectTimeMax
                end(exchange, .timedOut(.lookup, after: limit), limit)
            } else {
                end(exchange, .lookupsFull(max: options.lookupsMax), .zero)
            }
        }
        setNameAlarm()
        goOn()
    }

    private func setNameAlarm() {
        guard let due = names.nextDue else { return }
        let alarm = nameAlarm ?? QueueTimer(of: self) { $0.namesAreLate() }
        nameAlarm = alarm
        alarm.arm(after: max(due - uptime.elapsed, .zero))
    }

    /// An exchange that waits for addresses is no longer wanted.
    func leaveNames(_ id: Int, with reason: FetchError.Kind) {
        guard let exchange = atNames.removeValue(forKey: id) else { return }
        names.withdraw(id)
        end(exchange, reason, .zero)
    }

    private func end(_ exchange: Exchange, _ reason: FetchError.Kind, _ elapsed: Duration) {
        let end = TransferEnd(
            head: ResponseHead(), body: [], wireBytes: 0, address: "", elapsed: elapsed,
            failure: reason)
        takeOut(exchange, end, now: now())
        exchange.done.resume(returning: .success(end))
    }
}
