internal import News

// Questions about records, read from the parameters of a request or of a command: the same names,
// the same mistakes.

extension ArticleQuery {
    /// Reads `after`, `before`, `order`, `limit`, `kind`, `feed`, `since`, `verdict`,
    /// `novelty_min`, `language` and `text`, as `/v1/articles` knows them.
    /// - Throws: a 400 that names every mistake.
    package init(parameters: [String: String]) throws(ControlProblem) {
        var query = QueryParameters(parameters)
        try self.init(&query)
    }

    init(_ query: inout QueryParameters) throws(ControlProblem) {
        self.init(
            after: query.number("after", in: 0...UInt64.max),
            before: query.number("before", in: 0...UInt64.max),
            isNewestFirst: query.choice("order", of: Order.allCases) == .newest,
            limit: query.number("limit", in: 1...Self.limitMax) ?? Self.limitDefault,
            kinds: query.choices("kind", of: RecordKind.allCases), feed: query.feed("feed"),
            since: query.instant("since"),
            verdict: query.choice("verdict", of: Verdict.Kind.allCases),
            noveltyMin: query.share("novelty_min"),
            language: query.text("language"), text: query.text("text").map { FoldedPhrase($0) })
        try query.finish()
    }

    private enum Order: String, CaseIterable { case oldest, newest }
}

extension StoryQuery {
    /// Reads `limit`, `since` and `size_min`, as `/v1/stories` knows them.
    /// - Throws: a 400 that names every mistake.
    package init(parameters: [String: String]) throws(ControlProblem) {
        var query = QueryParameters(parameters)
        try self.init(&query)
    }

    init(_ query: inout QueryParameters) throws(ControlProblem) {
        self.init(
            limit: query.number("limit", in: 1...ArticleQuery.limitMax)
                ?? ArticleQuery.limitDefault,
            since: query.instant("since"), sizeMin: query.number("size_min", in: 1...Int.max) ?? 1)
        try query.finish()
    }
}
