internal import Deduplication
internal import Ingestion
internal import News

/// What a daemon holds after a while, in memory: the index, and the texts that it asks for.
struct Holdings {
    private(set) var index: DuplicateIndex
    private let runs = RunKeeper()
    private var texts: [ArticleID: Article] = [:]
    /// Articles that were taken in, copies among them.
    private(set) var count = 0

    init(options: DecisionOptions = DecisionOptions()) {
        index = DuplicateIndex(options: options)
    }

    /// Takes in `count` more articles.
    mutating func take(_ count: Int, from stream: inout ArticleStream) throws {
        for _ in 0..<max(count, 0) { try take(stream.plainArticle()) }
    }

    /// Prepares an article, decides about it and learns it: the way of every article through a
    /// daemon, without the disk.
    @discardableResult
    mutating func take(_ article: Article) throws -> Record.Body {
        count += 1
        let fingerprint = Fingerprint(of: article, options: index.options)
        let verdict = index.verdict(on: article, fingerprint) { texts[$0] }
        let body = Self.body(for: article, verdict)
        if case .sighting = body {} else { texts[article.id] = article }
        index.insert(
            Record(seq: index.lastSeq + 1, stored: article.seen, body: body),
            fingerprint: fingerprint)
        try runs.settle(&index)
        return body
    }

    private static func body(for article: Article, _ verdict: Verdict) -> Record.Body {
        switch verdict.kind {
        case .duplicate: .sighting(Sighting(of: article, verdict: verdict))
        case .revision: .revision(article, verdict)
        case .new, .nearDuplicate, .excerpt: .article(article, verdict)
        }
    }
}
