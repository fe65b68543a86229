internal import Dispatch
internal import Isolation
internal import News

// Which pages an origin lets us fetch (`robots.txt`, RFC 9309), and what it reserves of them
// (`tdmrep.json`): the cache, and one load for all who wait.
extension Fetcher {
    typealias OriginResult = Result<OriginCache.Answer, Refusal>

    /// That a page may be fetched.
    struct Leave: Sendable {
        /// The rule that says so.
        var rule: String
        /// What the origin reserves of the page.
        var reservation: Reservation?
    }

    /// Whether a page may be fetched. Loads the files of its origin if need be.
    func leave(for url: HTTPURL) async -> Result<Leave, Refusal> {
        guard !isShutDown else { return .failure(Refusal(kind: .shutDown)) }
        guard !Task.isCancelled else { return .failure(Refusal(kind: .cancelled)) }
        let known = origins.answer(for: url.origin, now: now())
        let result =
            if let known { OriginResult.success(known) } else { await loadedRules(of: url) }
        switch result {
        case .success(.rules(let rules)):
            let path = url.path + (url.query.map { "?\($0)" } ?? "")
            gate.space(
                host: url.hostKey,
                by: min(rules.robots.crawlDelay ?? .zero, options.crawlDelayMax))
            let (isAllowed, rule) = rules.robots.decision(on: path)
            guard isAllowed else {
                return .failure(Refusal(kind: .disallowedByRobots(rule: rule ?? "")))
            }
            let line =
                options.obeysRobots
                ? "robots.txt: " + (rule ?? "no rule for this path")
                : FetchRequest.Purpose.page.rule
            return .success(Leave(rule: line, reservation: rules.mining.reservation(on: path)))
        case .success(.unreachable(let reason)):
            return .failure(Refusal(kind: .robotsUnreachable(reason)))
        case .failure(let refusal): return .failure(refusal)
        }
    }

    private func loadedRules(of url: HTTPURL) async -> OriginResult {
        let id = nextID()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { go in
                atOrigin[id] = (url.origin, go)
                loadRules(of: url)
            }
        } onCancel: {
            queue.async { [weak self] in
                self?.assumeIsolated {
                    $0.leaveOrigin(id, with: .failure(Refusal(kind: .cancelled)))
                }
            }
        }
    }

    /// One load for all who wait, so that the first of them to be withdrawn does not end it.
    private func loadRules(of url: HTTPURL) {
        let origin = url.origin
        guard originLoads[origin] == nil else { return }
        let part = origins.part(of: origin, now: now())
        originLoads[origin] = Task { [weak self] in
            guard let self else { return }
            let result = await originResult(of: url, completing: part)
            await rulesHaveCome(result, of: origin, completing: part)
        }
    }

    nonisolated private func originResult(
        of url: HTTPURL, completing part: OriginCache.Part?
    ) async -> OriginResult {
        var answer = OriginCache.Answer.rules(OriginRules(robots: part?.robots ?? .allowingAll))
        if options.obeysRobots, part == nil {
            let result = await originFile("/robots.txt", .robots, of: url)
            if case .failure(let error) = result, error.isOurOwn {
                // It says nothing of the file: not to be remembered.
                return .failure(Refusal(kind: error.kind))
            }
            answer = OriginCache.answer(toRobots: result, token: options.robotsToken)
        }
        guard options.readsMiningFile, case .rules(var rules) = answer,
            rules.robots.allows(MiningRules.path)
        else { return .success(answer) }
        switch await originFile(MiningRules.path, .reservations, of: url) {
        case .success(let response):
            if case .body(let body) = response.content { rules.mining = MiningRules(body) }
        case .failure(let error):
            if error.isWithdrawal { return .failure(Refusal(kind: error.kind)) }
            // Few have one. That it cannot be had keeps no page back: it could not forbid one.
            rules.isMiningKnown = error.isAbsence
        }
        return .success(.rules(rules))
    }

    nonisolated private func originFile(
        _ path: String, _ purpose: FetchRequest.Purpose, of url: HTTPURL
    ) async -> Result<FetchResponse, FetchError> {
        guard let file = HTTPURL(path, relativeTo: url) else {
            return .failure(FetchError(.engine("no address for \(path)"), url: url.withoutSecrets))
        }
        do throws(FetchError) {
            return .success(try await fetch(FetchRequest(url: file, purpose: purpose)))
        } catch {
            return .failure(error)
        }
    }

    private func rulesHaveCome(
        _ result: OriginResult, of origin: String, completing part: OriginCache.Part?
    ) {
        originLoads[origin] = nil
        if case .success(let answer) = result {
            origins.insert(answer, for: origin, completing: part, now: now())
        }
        for (id, entry) in atOrigin where entry.origin == origin { leaveOrigin(id, with: result) }
    }

    func leaveOrigin(_ id: Int, with result: OriginResult) {
        atOrigin.removeValue(forKey: id)?.go.resume(returning: result)
    }
}
