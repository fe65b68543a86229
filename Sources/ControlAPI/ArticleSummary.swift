package import News

/// One record without its text: an element of `/v1/articles`, and the data of an `article` event.
package struct ArticleSummary: Hashable, Sendable, Codable {
    package var seq: UInt64
    package var kind: RecordKind
    /// nil for a rejected entry, which is no article.
    package var id: ArticleID?
    package var feed: FeedID?
    package var title: String
    package var url: String?
    package var language: String?
    package var published: Instant?
    package var seen: Instant
    package var stored: Instant
    package var verdict: Verdict.Kind?
    /// The held document that it is a copy, revision or excerpt of.
    package var of: Reference?
    package var story: StoryID?
    /// Share of the words that stand in new passages, 0…1.
    package var novelty: Double?
    /// Words of the text, as parted by white space; nil for what has no text.
    package var words: Int?
    /// Why a rejected entry gave no article.
    package var reason: String?
    /// The id of the feed entry, and the other one under which the feed had brought it before.
    package var guid: String?
    package var guidBefore: String?
    /// What the publisher of the page reserves; nil when nothing.
    package var reservations: [Reservation]?

    package init(of record: Record) {
        seq = record.seq
        kind = RecordKind(of: record)
        feed = record.feed
        stored = record.stored
        verdict = record.verdict?.kind
        of = record.verdict?.of
        story = record.verdict?.story?.id
        switch record.body {
        case .article(let article, let verdict), .revision(let article, let verdict):
            id = article.id
            title = article.title
            url = article.url?.withoutSecrets
            language = article.language
            published = article.published
            seen = article.seen
            // JSON has no other numbers.
            novelty = verdict.novelty.share.isFinite ? verdict.novelty.share : nil
            words = wordCount(of: article.text)
            guid = article.guid
            reservations = article.reservations
        case .sighting(let sighting):
            id = sighting.id
            title = sighting.title
            url = sighting.url?.withoutSecrets
            published = sighting.published
            seen = sighting.seen
            guid = sighting.guid
            guidBefore = sighting.guidBefore
        case .rejection(let rejected):
            title = rejected.title
            url = rejected.url
            published = rejected.published
            seen = rejected.seen
            reason = rejected.reason.description
        case .correction(let mark):
            id = mark.id
            title = "\(mark.relation.rawValue) \(mark.other)"
            seen = record.stored
        case .tombstone(let tombstone):
            id = tombstone.id
            title = ""
            seen = record.stored
            reason = tombstone.reason
        }
    }

    enum CodingKeys: String, CodingKey {
        case seq, kind, id, feed, title, url, language, published, seen, stored, verdict, of, story
        case novelty, words, reason, guid
        case guidBefore = "guid_before"
        case reservations
    }
}

/// What a record tells of.
package enum RecordKind: String, Sendable, Codable, CaseIterable {
    case article, revision, sighting, rejection, correction, tombstone

    package init(of record: Record) {
        self =
            switch record.body {
            case .article: .article
            case .revision: .revision
            case .sighting: .sighting
            case .rejection: .rejection
            case .correction: .correction
            case .tombstone: .tombstone
            }
    }
}

/// One article with its text and its verdict: the answer of `/v1/articles/{id}`. As JSON all of it
/// stands side by side: the record's `seq`, `kind` and `stored`, the article's fields, `verdict`.
package struct StoredArticle: Hashable, Sendable, Codable {
    package var seq: UInt64
    package var kind: RecordKind
    package var stored: Instant
    package var article: Article
    package var verdict: Verdict
    /// What a person said of it and others; nil when nobody did.
    package var marks: [Mark]?

    /// nil for a record without a text.
    package init?(_ record: Record, marks: [Mark] = []) {
        guard let (article, verdict) = record.articleAndVerdict else { return nil }
        seq = record.seq
        kind = RecordKind(of: record)
        stored = record.stored
        self.article = article
        self.verdict = verdict
        self.marks = marks.isEmpty ? nil : marks
    }

    enum CodingKeys: String, CodingKey { case seq, kind, stored, verdict, marks }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        seq = try container.decode(UInt64.self, forKey: .seq)
        kind = try container.decode(RecordKind.self, forKey: .kind)
        stored = try container.decode(Instant.self, forKey: .stored)
        verdict = try container.decode(Verdict.self, forKey: .verdict)
        marks = try container.decodeIfPresent([Mark].self, forKey: .marks)
        article = try Article(from: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(seq, forKey: .seq)
        try container.encode(kind, forKey: .kind)
        try container.encode(stored, forKey: .stored)
        try container.encode(verdict, forKey: .verdict)
        try container.encodeIfPresent(marks, forKey: .marks)
        try article.encode(to: encoder)
    }
}

/// Records from the store, before they are made into an answer.
package struct RecordPage: Hashable, Sendable {
    package var records: [Record]
    /// The cursor that continues the page, `after` or `before` as the order asks; nil when this was
    /// the last page for now.
    package var next: UInt64?

    package init(records: [Record], next: UInt64? = nil) {
        self.records = records
        self.next = next
    }
}

/// The answer of `/v1/articles`.
package struct ArticlePage: Hashable, Sendable, Codable {
    package var articles: [ArticleSummary]
    /// See `RecordPage.next`.
    package var next: UInt64?

    package init(_ page: RecordPage) {
        articles = page.records.map { ArticleSummary(of: $0) }
        next = page.next
    }
}

/// Several articles about one event: an element of `/v1/stories`.
package struct StorySummary: Hashable, Sendable, Codable {
    package var id: StoryID
    /// Of the article that started it.
    package var title: String
    /// How many articles it has.
    package var size: Int
    package var firstSeen: Instant
    package var lastSeen: Instant
    package var feeds: [FeedID]

    package init(
        id: StoryID, title: String, size: Int, firstSeen: Instant, lastSeen: Instant,
        feeds: [FeedID]
    ) {
        self.id = id
        self.title = title
        self.size = size
        self.firstSeen = firstSeen
        self.lastSeen = lastSeen
        self.feeds = feeds
    }

    /// The story that these members make, in whatever order; nil when there are none.
    package init?(id: StoryID, members: [ArticleSummary]) {
        guard let first = members.min(by: { ($0.seen, $0.seq) < ($1.seen, $1.seq) }),
            let last = members.max(by: { $0.seen < $1.seen })
        else { return nil }
        self.init(
            id: id, title: first.title, size: Set(members.compactMap(\.id)).count,
            firstSeen: first.seen, lastSeen: last.seen,
            feeds: Set(members.compactMap(\.feed)).sorted())
    }

    enum CodingKeys: String, CodingKey {
        case id, title, size
        case firstSeen = "first_seen"
        case lastSeen = "last_seen"
        case feeds
    }
}

/// The answer of `/v1/stories`.
package struct StoryList: Hashable, Sendable, Codable {
    package var stories: [StorySummary]
    package init(stories: [StorySummary]) { self.stories = stories }
}

/// The answer of `/v1/stories/{id}`: the story and its articles, the oldest first.
package struct Story: Hashable, Sendable, Codable {
    package var story: StorySummary
    package var articles: [ArticleSummary]

    package init(story: StorySummary, articles: [ArticleSummary]) {
        self.story = story
        self.articles = articles
    }
}

private func wordCount(of text: String) -> Int {
    var count = 0
    var isInWord = false
    for byte in text.utf8 {
        let isSpace = byte == 0x20 || 0x09...0x0D ~= byte
        if !isSpace && !isInWord { count += 1 }
        isInWord = !isSpace
    }
    return count
}
