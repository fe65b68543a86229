internal import Dispatch
internal import Isolation
internal import News

// Which pages `robots.txt` lets us fetch (RFC 9309): the cache, and one load for all who wait.
extension Fetcher {
    typealias RobotsResult = Result<RobotsCache.Answer, Refusal>

    /// Whether a page may be fetched, and by which rule. Loads those of its origin if need be.
    func robotsDecision(on url: HTTPURL) async -> Result<String, Refusal> {
        guard !isShutDown else { return .failure(Refusal(kind: .shutDown)) }
        guard !Task.isCancelled else { return .failure(Refusal(kind: .cancelled)) }
        let known = robots.answer(for: url.origin, now: now())
        let result =
            if let known { RobotsResult.success(known) } else { await loadedRobots(of: url) }
        switch result {
        case .success(.rules(let rules)):
            let path = url.path + (url.query.map { "?\($0)" } ?? "")
            gate.space(
                host: url.hostKey, by: min(rules.crawlDelay ?? .zero, options.crawlDelayMax))
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
        let id = nextID()
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

    func leaveRobots(_ id: Int, with result: RobotsResult) {
        atRobots.removeValue(forKey: id)?.go.resume(returning: result)
    }
}
