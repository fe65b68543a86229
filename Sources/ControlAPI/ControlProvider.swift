package import News

/// The closures through which the API learns and asks: the daemon's side of it.
///
/// Each is called off the event loop, several at a time perhaps. One that cannot answer throws a
/// `ControlProblem`, which becomes the answer as it is; any other error becomes a 500 with its
/// description.
package struct ControlProvider: Sendable {
    /// How the daemon does. Must not wait for the store: it is what one asks when that hangs.
    package var status: @Sendable () async -> StatusSnapshot
    package var readiness: @Sendable () async -> Readiness
    /// All configured feeds, in the order to show them.
    package var feeds: @Sendable () async throws -> [FeedStatus]
    /// The records that match, in the order asked for; see `ArticleQuery.matches`.
    package var articles: @Sendable (ArticleQuery) async throws -> RecordPage
    /// The newest text of the article whose id starts with these lower-case hexadecimal digits,
    /// with what was said of it by hand.
    package var article: @Sendable (_ idPrefix: String) async throws -> PrefixLookup<StoredArticle>
    /// Writes a mark down and returns when it is durable.
    package var mark: @Sendable (Mark) async throws -> MarkAnswer
    /// Takes an article out and returns when that is durable.
    package var forget: @Sendable (ArticleID, _ reason: String?) async throws -> ForgetAnswer
    package var stories: @Sendable (StoryQuery) async throws -> [StorySummary]
    package var story: @Sendable (_ idPrefix: String) async throws -> PrefixLookup<Story>
    package var seeds: @Sendable () async throws -> SeedStatus
    /// Asks for a poll as soon as politeness allows; nil when there is no such feed.
    package var poll: @Sendable (FeedID) async throws -> PollAccepted?
    /// Reloads the configuration and returns when that is done.
    package var reload: @Sendable () async throws -> Reload

    package init(
        status: @escaping @Sendable () async -> StatusSnapshot,
        readiness: @escaping @Sendable () async -> Readiness,
        feeds: @escaping @Sendable () async throws -> [FeedStatus],
        articles: @escaping @Sendable (ArticleQuery) async throws -> RecordPage,
        article:
            @escaping @Sendable (_ idPrefix: String) async throws
            -> PrefixLookup<StoredArticle>,
        mark: @escaping @Sendable (Mark) async throws -> MarkAnswer,
        forget: @escaping @Sendable (ArticleID, _ reason: String?) async throws -> ForgetAnswer,
        stories: @escaping @Sendable (StoryQuery) async throws -> [StorySummary],
        story: @escaping @Sendable (_ idPrefix: String) async throws -> PrefixLookup<Story>,
        seeds: @escaping @Sendable () async throws -> SeedStatus,
        poll: @escaping @Sendable (FeedID) async throws -> PollAccepted?,
        reload: @escaping @Sendable () async throws -> Reload
    ) {
        self.status = status
        self.readiness = readiness
        self.feeds = feeds
        self.articles = articles
        self.article = article
        self.mark = mark
        self.forget = forget
        self.stories = stories
        self.story = story
        self.seeds = seeds
        self.poll = poll
        self.reload = reload
    }
}

/// What became of what was said of two articles.
package enum MarkAnswer: Hashable, Sendable {
    case accepted(MarkAccepted)
    /// This one of the two is not held.
    case notHeld(ArticleID)
    /// The two are one.
    case oneArticle
}

/// A mark that is durable: the answer to asking for one.
package struct MarkAccepted: Hashable, Sendable, Codable {
    /// Its record's place in the store.
    package var seq: UInt64
    package var mark: Mark

    package init(seq: UInt64, mark: Mark) {
        self.seq = seq
        self.mark = mark
    }
}

/// What became of the wish to take an article out.
package enum ForgetAnswer: Hashable, Sendable {
    case forgotten(ForgetAccepted)
    /// It is of the seed corpus.
    case seed
    case notHeld
}

/// An article that is taken out: the answer to asking for it.
package struct ForgetAccepted: Hashable, Sendable, Codable {
    /// The tombstone's place in the store.
    package var seq: UInt64
    package var id: ArticleID
    /// Whether its text left the disk already; else the status tells how far that is.
    package var isErased: Bool

    package init(seq: UInt64, id: ArticleID, isErased: Bool) {
        self.seq = seq
        self.id = id
        self.isErased = isErased
    }

    enum CodingKeys: String, CodingKey {
        case seq, id
        case isErased = "is_erased"
    }
}
