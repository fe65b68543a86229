internal import News

/// The addresses of the control API. A path is taken as sent: nothing is decoded, no dot or double
/// slash is resolved, so that each has exactly one spelling and all others lead nowhere.
enum ControlEndpoint: Hashable {
    case index, status, feeds, articles, stories, seeds, reload
    case feed(FeedID)
    case poll(FeedID)
    case article(String)
    case verdict(String)
    case mark(String, Mark.Relation, String)
    case forget(String)
    case story(String)
    case metrics, healthz, readyz, events, jsonFeed, atomFeed

    init?(path: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        switch (parts.count, parts.dropFirst().first) {
        case (2, let name?):
            guard let endpoint = Self.topLevel[name] else { return nil }
            self = endpoint
        case (3..., "v1"):
            guard let endpoint = Self.versioned(Array(parts.dropFirst(2))) else { return nil }
            self = endpoint
        default: return nil
        }
    }

    private static let topLevel: [String: ControlEndpoint] = [
        "": .index, "metrics": .metrics, "healthz": .healthz, "readyz": .readyz,
        "events": .events, "feed.json": .jsonFeed, "feed.atom": .atomFeed,
    ]

    private static func versioned(_ parts: [String]) -> ControlEndpoint? {
        guard !parts.contains("") else { return nil }
        return switch (parts.count, parts.first) {
        case (1, "status"): .status
        case (1, "feeds"): .feeds
        case (1, "articles"): .articles
        case (1, "stories"): .stories
        case (1, "seeds"): .seeds
        case (1, "reload"): .reload
        case (2, "feeds"): FeedID(parts[1]).map { .feed($0) }
        case (3, "feeds"): parts[2] == "poll" ? FeedID(parts[1]).map { .poll($0) } : nil
        case (2, "articles"): .article(parts[1])
        case (3, "articles"):
            switch parts[2] {
            case "verdict": .verdict(parts[1])
            case "forget": .forget(parts[1])
            default: nil
            }
        case (4, "articles"):
            Mark.Relation(rawValue: parts[2]).map { .mark(parts[1], $0, parts[3]) }
        case (2, "stories"): .story(parts[1])
        default: nil
        }
    }

    var methods: [String] {
        switch self {
        case .poll, .reload, .mark, .forget: ["POST"]
        default: ["GET", "HEAD"]
        }
    }

    /// What `/` answers: the addresses, and what each is for.
    static let listing: [String: [String: String]] = [
        "endpoints": [
            "GET /v1/status": "how the daemon does",
            "GET /v1/feeds": "the configured feeds and their health",
            "GET /v1/feeds/{id}": "one feed",
            "POST /v1/feeds/{id}/poll": "poll it as soon as politeness allows",
            "GET /v1/articles":
                "records by after, before, order, limit, kind, feed, since, verdict, "
                + "novelty_min, language, text",
            "GET /v1/articles/{id}": "one article with its text, by 4 or more digits of its id",
            "GET /v1/articles/{id}/verdict": "what was decided about it, and why",
            "POST /v1/articles/{id}/{same|different|clear}/{id}":
                "say by hand whether two articles are one, or take that back",
            "POST /v1/articles/{id}/forget":
                "take an article out of the store for good, by reason; its names stay known",
            "GET /v1/stories": "articles about one event, by limit, since, size_min",
            "GET /v1/stories/{id}": "one story and its articles",
            "GET /v1/seeds": "the seed corpus",
            "POST /v1/reload": "read the configuration again",
            "GET /metrics": "figures for Prometheus",
            "GET /healthz": "200 while the daemon answers",
            "GET /readyz": "200 while it can do its work",
            "GET /events": "what happens, as server-sent events; after or Last-Event-ID resumes",
            "GET /feed.json": "what is new as a JSON Feed, by verdict, novelty_min, limit",
            "GET /feed.atom": "the same as an Atom feed",
        ]
    ]
}
