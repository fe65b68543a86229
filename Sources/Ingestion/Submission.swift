package import ArticleStore
package import Deduplication
package import News

/// What is known of an entry before its page is fetched.
package enum EntryStanding: Hashable, Sendable {
    case unseen
    /// Known, and it says the same as before.
    case known
    /// Known, but its words changed: its article may have been revised.
    case changed
    /// Its address is held already, by way of another feed or the seed corpus.
    case knownByAddress(ArticleID)
    /// There is nothing to know it by.
    case nameless
}

/// What the pipeline hands to the ledger.
package enum Submission: Sendable {
    case article(Article, Fingerprint)
    /// An entry whose address is held: no page was fetched.
    case sighting(Candidate, of: ArticleID)
    case rejection(RejectedEntry)
}

/// The settings of the ledger.
package struct LedgerOptions: Sendable {
    package var decisions: DecisionOptions
    package var store: StoreOptions
    /// Bytes of the request ledger.
    package var requestBytesMax: Int

    package init(
        decisions: DecisionOptions = DecisionOptions(), store: StoreOptions = StoreOptions(),
        requestBytesMax: Int = 32 << 20
    ) {
        self.requestBytesMax = requestBytesMax
        self.decisions = decisions
        self.store = store
    }
}

/// Why nothing could be committed.
package enum LedgerError: Error, Sendable, CustomStringConvertible {
    case store(StoreError)
    /// Asked before `open` or after `close`.
    case closed

    init(_ error: StoreError) { self = .store(error) }

    package var description: String {
        switch self {
        case .store(let error): error.description
        case .closed: "the store is closed"
        }
    }
}

/// The documents that the user held before Tamis came, in memory.
package struct SeedCorpus: Sendable {
    package let articles: [Article]
    private let places: [ArticleID: Int]

    /// Documents with one identity count once.
    package init(articles: [Article]) {
        var places: [ArticleID: Int] = [:]
        var kept: [Article] = []
        for article in articles where places[article.id] == nil {
            places[article.id] = kept.count
            kept.append(article)
        }
        self.articles = kept
        self.places = places
    }

    /// The document of that identity.
    package subscript(id: ArticleID) -> Article? {
        places[id].map { articles[$0] }
    }
}

extension Sighting {
    /// An entry whose address is held already needs no page to be known for what it is.
    init(of candidate: Candidate, held: Article) {
        let canonical = candidate.url.map { canonicalise($0) }
        let verdict = Verdict(
            kind: .duplicate, of: Reference(to: held),
            evidence: Evidence(
                rule: "canonical-url", rules: decisionRules,
                keys: canonical.map { [.init(name: "canonical-url", value: $0.text)] } ?? []))
        var article = held
        article.origin = candidate.origin
        article.url = candidate.url
        article.title = candidate.title ?? ""
        article.published = candidate.published
        article.seen = candidate.seen
        article.aliases = candidate.aliases
        article.entryDigest = candidate.entryDigest
        self.init(of: article, verdict: verdict)
    }
}

extension Alias {
    /// By what an entry is known in its feed. One with neither id, link nor title is known by all
    /// that it says, so that it is noted once and not with every poll.
    init(naming entry: Entry, in feed: FeedID) {
        self =
            Alias(of: entry, in: feed)
            ?? Alias(Digest(kind: "entry-nameless", feed.text, entry.digest.hexadecimal))
    }
}

extension StoreError {
    /// How much too large a record was; nil for every other reason.
    var exceeded: (bytes: Int, bytesMax: Int)? {
        switch self {
        case .recordTooLarge(let bytes, let bytesMax), .batchTooLarge(let bytes, let bytesMax):
            (bytes, bytesMax)
        default: nil
        }
    }
}

extension Submission {
    /// The same with a reason in place of a text that is too large for the store; nil when it has
    /// none to leave out.
    func refused(bytes: Int, bytesMax: Int) -> RejectedEntry? {
        guard case .article(let article, _) = self, let feed = article.origin.feed else {
            return nil
        }
        return RejectedEntry(
            feed: feed, url: article.url?.description, title: article.title,
            published: article.published, seen: article.seen, aliases: article.aliases,
            entryDigest: article.entryDigest,
            reason: .tooLong(bytes: bytes, bytesMax: bytesMax))
    }
}
