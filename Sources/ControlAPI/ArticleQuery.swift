package import News

/// Which records are wanted, and in which order.
package struct ArticleQuery: Hashable, Sendable {
    /// Only records behind this place; with `newestFirst` it still bounds the page.
    package var after: UInt64?
    /// Only records before this place.
    package var before: UInt64?
    package var isNewestFirst: Bool
    /// 1…`limitMax`.
    package var limit: Int
    /// nil takes every kind.
    package var kinds: Set<RecordKind>?
    package var feed: FeedID?
    /// Stored at that time or later.
    package var since: Instant?
    package var verdict: Verdict.Kind?
    /// Only what is new, or shares passages with another and is mostly new all the same.
    package var isNews: Bool
    /// With at least this share of new words, 0…1.
    package var noveltyMin: Double?
    /// The primary language: `fr` takes `fr-CA` too.
    package var language: String?
    /// Words as a person types them: without regard to letter case and accents, somewhere in the
    /// title or the text.
    package var text: FoldedPhrase?

    /// Records on one page at most.
    package static let limitMax = 1000
    package static let limitDefault = 100

    package init(
        after: UInt64? = nil, before: UInt64? = nil, isNewestFirst: Bool = false,
        limit: Int = ArticleQuery.limitDefault, kinds: Set<RecordKind>? = nil,
        feed: FeedID? = nil, since: Instant? = nil, verdict: Verdict.Kind? = nil,
        isNews: Bool = false, noveltyMin: Double? = nil, language: String? = nil,
        text: FoldedPhrase? = nil
    ) {
        self.after = after
        self.before = before
        self.isNewestFirst = isNewestFirst
        self.limit = limit
        self.kinds = kinds
        self.feed = feed
        self.since = since
        self.verdict = verdict
        self.isNews = isNews
        self.noveltyMin = noveltyMin
        self.language = language
        self.text = text
    }

    /// Whether the record is one of those wanted; `limit` and order are the caller's affair. Cost:
    /// constant but for `text`, which reads the record's text once.
    package func matches(_ record: Record) -> Bool {
        if let after, record.seq <= after { return false }
        if let before, record.seq >= before { return false }
        if let kinds, !kinds.contains(RecordKind(of: record)) { return false }
        // What is left of records says nothing to who did not ask for it.
        if kinds == nil, case .tombstone(let left) = record.body, left.aliases != nil {
            return false
        }
        if let feed, record.feed != feed { return false }
        if let since, record.stored < since { return false }
        if let verdict, record.verdict?.kind != verdict { return false }
        if isNews, !isNews(record) { return false }
        if let noveltyMin {
            guard let verdict = record.articleAndVerdict?.verdict,
                verdict.novelty.share >= noveltyMin
            else { return false }
        }
        if let language, !speaks(record, language) { return false }
        if let text, !text.occurs(inOneOf: texts(of: record)) { return false }
        return true
    }

    private func isNews(_ record: Record) -> Bool {
        guard let verdict = record.articleAndVerdict?.verdict else { return false }
        switch verdict.kind {
        case .new: return true
        case .excerpt: return verdict.novelty.share >= Self.newsNovelty
        case .duplicate, .nearDuplicate, .revision: return false
        }
    }

    /// From this share of new words on, an excerpt is news.
    private static let newsNovelty = 0.5

    private func speaks(_ record: Record, _ language: String) -> Bool {
        guard let spoken = record.articleAndVerdict?.article.language?.lowercased() else {
            return false
        }
        let wanted = language.lowercased()
        return spoken == wanted || spoken.hasPrefix(wanted + "-")
    }

    private func texts(of record: Record) -> [String] {
        switch record.body {
        case .article(let article, _), .revision(let article, _): [article.title, article.text]
        case .sighting(let sighting): [sighting.title]
        case .rejection(let rejected): [rejected.title]
        case .correction, .tombstone: []
        }
    }
}

/// Which stories are wanted: the one that changed last comes first.
package struct StoryQuery: Hashable, Sendable {
    /// 1…`ArticleQuery.limitMax`.
    package var limit: Int
    /// With an article seen at that time or later.
    package var since: Instant?
    /// With at least so many articles.
    package var sizeMin: Int

    package init(
        limit: Int = ArticleQuery.limitDefault, since: Instant? = nil, sizeMin: Int = 1
    ) {
        self.limit = limit
        self.since = since
        self.sizeMin = sizeMin
    }
}
