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

    package init(
        decisions: DecisionOptions = DecisionOptions(), store: StoreOptions = StoreOptions()
    ) {
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

    package subscript(id: ArticleID) -> Article? {
        places[id].map { articles[$0] }
    }
}
