internal import Deduplication
internal import News

/// What a daemon holds after a while, in memory: the index, the texts that it asks for, and the
/// records that were made.
struct Holdings {
    private(set) var index = DuplicateIndex(options: DecisionOptions())
    private(set) var bodies: [Record.Body] = []
    private var texts: [ArticleID: Article] = [:]

    /// Takes in `count` more articles.
    mutating func take(_ count: Int, from stream: inout ArticleStream) throws {
        for _ in 0..<count {
            guard let article = try stream.articles(1).first else { return }
            take(article, Fingerprint(of: article, options: index.options))
        }
    }

    /// Decides about an article and learns it: the way of every article through a daemon, without
    /// the disk.
    mutating func take(_ article: Article, _ fingerprint: Fingerprint) {
        let verdict = index.verdict(on: article, fingerprint) { texts[$0] }
        let body = body(for: article, verdict)
        if case .sighting = body {} else { texts[article.id] = article }
        bodies.append(body)
        index.insert(
            Record(seq: index.lastSeq + 1, stored: article.seen, body: body),
            fingerprint: fingerprint)
    }

    private func body(for article: Article, _ verdict: Verdict) -> Record.Body {
        switch verdict.kind {
        case .duplicate: .sighting(Sighting(of: article, verdict: verdict))
        case .revision: .revision(article, verdict)
        case .new, .nearDuplicate, .excerpt: .article(article, verdict)
        }
    }
}
