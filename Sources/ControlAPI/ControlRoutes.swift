internal import News

/// What each address of the control API answers.
struct ControlRoutes: Sendable {
    let provider: ControlProvider
    let hub: EventHub

    func answer(_ request: HTTPRequest) async -> HTTPAnswer {
        do {
            try checkHost(request)
            guard let endpoint = ControlEndpoint(path: request.path) else {
                throw ControlProblem(
                    status: 404, detail: "there is nothing at \(request.path); / lists what is")
            }
            if !endpoint.methods.contains(request.method) {
                return notAllowed(request.method, endpoint.methods)
            }
            if request.method == "POST" { try checkChange(request) }
            return try await answer(endpoint, request)
        } catch {
            return problem(error)
        }
    }

    // MARK: - Who may ask

    /// On TCP a browser may speak for a page of any site whose name was made to lead here; such a
    /// page cannot choose the Host field, so that tells it apart.
    private func checkHost(_ request: HTTPRequest) throws(ControlProblem) {
        guard request.peer == .loopback else { return }
        guard LoopbackAddress.isNamed(byHostField: request.field("Host") ?? "") else {
            throw ControlProblem(
                status: 403, detail: "ask by the name localhost or by the loopback address")
        }
    }

    /// To connect to a Unix socket a process needs write access to it: the kernel has checked that
    /// and says who it was. On TCP anybody can connect, so a field is asked for that no page may
    /// send to another origin without leave.
    private func checkChange(_ request: HTTPRequest) throws(ControlProblem) {
        switch request.peer {
        case .process: return
        case .unnamedProcess:
            throw ControlProblem(
                status: 403, detail: "the kernel does not say who you are, so nothing is changed")
        case .loopback:
            guard let intent = request.field("Tamis-Intent"), !intent.isEmpty else {
                throw ControlProblem(
                    status: 403,
                    detail: "a change over TCP needs the header Tamis-Intent, with any value")
            }
        }
    }

    // MARK: - Answers

    private func answer(
        _ endpoint: ControlEndpoint, _ request: HTTPRequest
    ) async throws -> HTTPAnswer {
        var query = QueryParameters(request.query)
        switch endpoint {
        case .articles:
            let wanted = try ArticleQuery(&query)
            return try json(ArticlePage(try await provider.articles(wanted)))
        case .stories:
            let wanted = try StoryQuery(&query)
            return try json(StoryList(stories: try await provider.stories(wanted)))
        case .forget(let prefix):
            let reason = query.text("reason")
            try query.finish()
            return try json(try await forget(prefix, because: reason))
        case .events: return try events(request, &query)
        case .jsonFeed:
            let (records, _) = try await keptRecords(&query)
            return ok("application/feed+json", try JSONFeed.write(records) + [0x0A])
        case .atomFeed:
            let (records, fallback) = try await keptRecords(&query)
            return ok(
                "application/atom+xml; charset=utf-8", AtomFeed.write(records, started: fallback))
        default:
            try query.finish()
            return try await plainAnswer(endpoint)
        }
    }

    /// The answers that depend on nothing but the path.
    private func plainAnswer(_ endpoint: ControlEndpoint) async throws -> HTTPAnswer {
        switch endpoint {
        case .index: return try json(ControlEndpoint.listing)
        case .status: return try json(await provider.status())
        case .feeds: return try json(FeedList(feeds: try await provider.feeds()))
        case .feed(let id):
            guard let feed = try await provider.feeds().first(where: { $0.id == id }) else {
                throw noFeed(id)
            }
            return try json(feed)
        case .poll(let id):
            guard let accepted = try await provider.poll(id) else { throw noFeed(id) }
            return try json(accepted, status: 202)
        case .article(let prefix): return try json(try await article(prefix))
        case .verdict(let prefix): return try json(try await article(prefix).verdict)
        case .mark(let prefix, let relation, let other):
            return try json(try await mark(prefix, relation, other))
        case .story(let prefix):
            return try json(
                try found(try await provider.story(checked(prefix)), "story", prefix))
        case .seeds: return try json(try await provider.seeds())
        case .reload: return try reloadAnswer(try await provider.reload())
        case .metrics: return try await metrics()
        case .healthz: return HTTPAnswer(status: 200, text: "ok").guarded
        case .readyz:
            let readiness = await provider.readiness()
            return try json(readiness, status: readiness.isReady ? 200 : 503)
        case .articles, .forget, .stories, .events, .jsonFeed, .atomFeed:
            throw ControlProblem(status: 500, detail: "this address takes parameters")
        }
    }

    private func article(_ prefix: String) async throws -> StoredArticle {
        try found(try await provider.article(checked(prefix)), "article", prefix)
    }

    private func mark(
        _ prefix: String, _ relation: Mark.Relation, _ otherPrefix: String
    ) async throws -> MarkAccepted {
        let id = try await wholeID(prefix)
        let other = try await wholeID(otherPrefix)
        switch try await provider.mark(Mark(id: id, other: other, relation: relation)) {
        case .accepted(let accepted): return accepted
        case .notHeld(let id):
            throw ControlProblem(
                status: 404, detail: "there is no article whose id starts with \(id)")
        case .oneArticle:
            throw ControlProblem(status: 409, detail: "both are the article \(id)")
        }
    }

    /// The id that starts so. A whole one is not looked for, which would read the store: whoever
    /// writes knows what is held.
    private func wholeID(_ prefix: String) async throws -> ArticleID {
        if let whole = ArticleID(prefix.lowercased()) { return whole }
        return try await article(prefix).article.id
    }

    private func forget(
        _ prefix: String, because reason: String?
    ) async throws -> ForgetAccepted {
        if let reason, reason.utf8.count > Tombstone.reasonBytesMax {
            throw ControlProblem(
                status: 400, detail: "a reason has at most \(Tombstone.reasonBytesMax) bytes")
        }
        // A whole id may be that of a seed, which is no article of the store.
        let id: ArticleID
        if let whole = ArticleID(prefix.lowercased()) {
            id = whole
        } else {
            switch try await provider.article(checked(prefix)) {
            case .forgotten(let gone): id = gone
            case let lookup: id = try found(lookup, "article", prefix).article.id
            }
        }
        switch try await provider.forget(id, reason) {
        case .forgotten(let accepted): return accepted
        case .seed:
            throw ControlProblem(
                status: 409,
                detail: "\(id) is of the seed corpus: take it out of its file, and reload")
        case .notHeld:
            throw ControlProblem(
                status: 404, detail: "there is no article whose id starts with \(prefix)")
        }
    }

    private func events(
        _ request: HTTPRequest, _ query: inout QueryParameters
    ) throws -> HTTPAnswer {
        let after = query.number("after", in: 0...UInt64.max)
        try query.finish()
        // A browser that resumes knows better than the address that it was first given.
        let resumed = request.field("Last-Event-ID").flatMap { UInt64($0) }
        let hub = hub
        return HTTPAnswer(
            fields: [HTTPRequest.Field("Content-Type", "text/event-stream")],
            body: .stream(heartbeat: EventHub.heartbeat) { stream in
                hub.add(stream, after: resumed ?? after)
            }
        ).guarded
    }

    private func metrics() async throws -> HTTPAnswer {
        let page = Metrics.page(
            status: await provider.status(), feeds: try await provider.feeds())
        return ok("text/plain; version=0.0.4; charset=utf-8", page)
    }

    private func reloadAnswer(_ reload: Reload) throws -> HTTPAnswer {
        guard reload.isApplied else {
            throw ControlProblem(
                status: 422, detail: "the new configuration was refused, the old one stays",
                problems: reload.problems)
        }
        return try json(reload)
    }

    /// The newest kept records with texts, those that are news unless a verdict is named; and a
    /// time for a feed that has none.
    private func keptRecords(
        _ query: inout QueryParameters
    ) async throws -> (records: [StoredArticle], started: Instant) {
        let kept = Verdict.Kind.allCases.filter { $0 != .duplicate }
        let verdict = query.choice("verdict", of: kept)
        let noveltyMin = query.share("novelty_min")
        let limit = query.number("limit", in: 1...Self.feedLimitMax) ?? Self.feedLimitDefault
        try query.finish()
        let page = try await provider.articles(
            ArticleQuery(
                isNewestFirst: true, limit: limit, kinds: [.article, .revision], verdict: verdict,
                isNews: verdict == nil, noveltyMin: noveltyMin))
        return (page.records.compactMap { StoredArticle($0) }, await provider.status().started)
    }

    /// Articles in `/feed.json` and `/feed.atom`.
    private static let feedLimitDefault = 50
    private static let feedLimitMax = 200

    // MARK: - What was asked for

    /// A prefix that can be looked up: 4…32 hexadecimal digits, made lower case.
    private func checked(_ prefix: String) throws(ControlProblem) -> String {
        let isPrefix =
            4...32 ~= prefix.utf8.count
            && prefix.utf8.allSatisfy { 0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 | 0x20 }
        guard isPrefix else {
            throw ControlProblem(
                status: 400, detail: "an id, or the start of one, is 4 to 32 hexadecimal digits")
        }
        return prefix.lowercased()
    }

    private func found<Found>(
        _ lookup: PrefixLookup<Found>, _ what: String, _ prefix: String
    ) throws(ControlProblem) -> Found {
        switch lookup {
        case .one(let found): return found
        case .none:
            throw ControlProblem(
                status: 404, detail: "there is no \(what) whose id starts with \(prefix)")
        case .forgotten(let id):
            throw ControlProblem(status: 404, detail: "the \(what) \(id) was forgotten")
        case .ambiguous(let candidates):
            throw ControlProblem(
                status: 409, detail: "several ids start with \(prefix); give more digits",
                candidates: candidates)
        }
    }

    private func noFeed(_ id: FeedID) -> ControlProblem {
        ControlProblem(status: 404, detail: "there is no feed \(id)")
    }

    // MARK: - Forms

    private func json(_ value: some Encodable, status: Int = 200) throws -> HTTPAnswer {
        HTTPAnswer(
            status: status, type: "application/json", try ControlJSON.encode(value) + [0x0A]
        ).guarded
    }

    private func ok(_ type: String, _ body: [UInt8]) -> HTTPAnswer {
        HTTPAnswer(type: type, body).guarded
    }

    private func notAllowed(_ method: String, _ methods: [String]) -> HTTPAnswer {
        let allowed = methods.joined(separator: ", ")
        var answer = problem(
            ControlProblem(status: 405, detail: "\(method) means nothing here; use \(allowed)"))
        answer.fields.append(HTTPRequest.Field("Allow", allowed))
        return answer
    }

    private func problem(_ error: any Error) -> HTTPAnswer {
        let problem =
            error as? ControlProblem
            ?? ControlProblem(status: 500, detail: "the answer could not be made: \(error)")
        let body = (try? ControlJSON.encode(problem)) ?? []
        return HTTPAnswer(
            status: problem.status, type: "application/problem+json", body + [0x0A]
        ).guarded
    }
}

extension HTTPAnswer {
    /// With the fields that every answer has: it is news of this moment, and what it says it is.
    fileprivate var guarded: HTTPAnswer {
        var answer = self
        answer.fields += [
            HTTPRequest.Field("Cache-Control", "no-store"),
            HTTPRequest.Field("X-Content-Type-Options", "nosniff"),
        ]
        return answer
    }
}
