/// One line of the store: something that happened to an article, never changed afterwards.
package struct Record: Hashable, Sendable {
    /// Its place in the store, from 1 up without gaps: the cursor of every stream. 0 before it is
    /// committed.
    package var seq: UInt64
    /// When it was committed.
    package var stored: Instant
    package var body: Body

    /// What happened.
    package enum Body: Hashable, Sendable {
        /// A kept article: new, a near-duplicate or an excerpt, with its text.
        case article(Article, Verdict)
        /// A changed text of an article already held under the same id.
        case revision(Article, Verdict)
        /// An article already held was seen again: what spoke of it, without the text.
        case sighting(Sighting)
        /// An entry that gave no article, so that it is neither lost without a word nor tried for
        /// ever.
        case rejection(RejectedEntry)
        /// A person said of two articles whether they are one.
        case correction(Mark)
        /// A person took an article out; or what is left of a record that spoke of it.
        case tombstone(Tombstone)
    }

    package init(seq: UInt64 = 0, stored: Instant, body: Body) {
        self.seq = seq
        self.stored = stored
        self.body = body
    }
}

/// A duplicate, remembered by its names.
package struct Sighting: Hashable, Sendable, Codable {
    /// The article that it is.
    package var id: ArticleID
    package var origin: Origin
    package var url: HTTPURL?
    package var title: String
    package var published: Instant?
    package var seen: Instant
    package var aliases: [Alias]
    package var entryDigest: Digest?
    /// The id of the feed entry, as written and cut to `Entry.idBytesKept`.
    package var guid: String?
    /// The id under which the same feed had brought the article, when that was another one.
    package var guidBefore: String?
    package var verdict: Verdict

    package init(of article: Article, verdict: Verdict) {
        id = verdict.of?.id ?? article.id
        origin = article.origin
        url = article.url
        title = article.title
        published = article.published
        seen = article.seen
        aliases = article.aliases
        entryDigest = article.entryDigest
        guid = article.guid
        self.verdict = verdict
    }

    enum CodingKeys: String, CodingKey {
        case id, origin, url, title, published, seen, aliases
        case entryDigest = "entry_digest"
        case guid
        case guidBefore = "guid_before"
        case verdict
    }
}

/// An entry that gave no article, and why.
package struct RejectedEntry: Hashable, Sendable, Codable {
    package var feed: FeedID
    package var url: String?
    package var title: String
    package var published: Instant?
    package var seen: Instant
    package var aliases: [Alias]
    package var entryDigest: Digest?
    package var reason: Rejection

    package init(
        feed: FeedID, url: String?, title: String, published: Instant?, seen: Instant,
        aliases: [Alias], entryDigest: Digest?, reason: Rejection
    ) {
        self.feed = feed
        self.url = url
        self.title = title
        self.published = published
        self.seen = seen
        self.aliases = aliases
        self.entryDigest = entryDigest
        self.reason = reason
    }

    enum CodingKeys: String, CodingKey {
        case feed, url, title, published, seen, aliases
        case entryDigest = "entry_digest"
        case reason
    }
}

extension Record {
    /// The kinds as they are written.
    package var kind: String {
        switch body {
        case .article: "article"
        case .revision: "revision"
        case .sighting: "sighting"
        case .rejection: "rejection"
        case .correction: "correction"
        case .tombstone: "tombstone"
        }
    }

    /// The article and verdict of a record that carries a text.
    package var articleAndVerdict: (article: Article, verdict: Verdict)? {
        switch body {
        case .article(let article, let verdict), .revision(let article, let verdict):
            (article, verdict)
        case .sighting, .rejection, .correction, .tombstone: nil
        }
    }

    /// What was decided, if something was.
    package var verdict: Verdict? {
        switch body {
        case .article(_, let verdict), .revision(_, let verdict): verdict
        case .sighting(let sighting): sighting.verdict
        case .rejection, .correction, .tombstone: nil
        }
    }

    /// The feed that brought it, if one did.
    package var feed: FeedID? {
        switch body {
        case .article(let article, _), .revision(let article, _): article.origin.feed
        case .sighting(let sighting): sighting.origin.feed
        case .rejection(let rejected): rejected.feed
        case .correction, .tombstone: nil
        }
    }
}
