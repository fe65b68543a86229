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
    /// Its feed brought it before, under another name.
    case renamed(ArticleID, by: Recognition)
    /// There is nothing to know it by.
    case nameless
}

/// What the pipeline hands to the ledger.
package enum Submission: Sendable {
    /// `isAloneAtAddress`: as of its candidate.
    case article(Article, Fingerprint, isAloneAtAddress: Bool = true)
    /// An entry that is held: no page was fetched.
    case sighting(Candidate, of: ArticleID, by: Recognition)
    case rejection(RejectedEntry)
}

/// The settings of the ledger.
package struct LedgerOptions: Sendable {
    package var decisions: DecisionOptions
    package var store: StoreOptions
    /// Bytes of the request ledger.
    package var requestBytesMax: Int
    /// Documents that the index learns in memory before they become a run on disk: half as many as
    /// where nothing else needs memory, and merged once more for it.
    package var indexHeadMax = DuplicateIndex.headMax / 2
    /// Bytes of mapped files that may be resident.
    package var mappedBytesMax = ResidentFiles.bytesMax

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

extension Sighting {
    /// An entry that is held already needs no page to be known for what it is.
    init(of candidate: Candidate, held: Article, by recognition: Recognition) {
        let canonical = candidate.url.map { canonicalise($0) }
        var keys: [Evidence.Key] = []
        if recognition == .address, let canonical {
            keys.append(.init(name: recognition.rawValue, value: canonical.text))
        }
        let verdict = Verdict(
            kind: .duplicate, of: Reference(to: held),
            evidence: Evidence(
                rule: recognition.rawValue, rules: decisionRules, keys: keys))
        var article = held
        article.origin = candidate.origin
        article.url = candidate.url
        article.title = candidate.title ?? ""
        article.published = candidate.published
        article.seen = candidate.seen
        article.aliases = candidate.aliases
        article.entryDigest = candidate.entryDigest
        article.guid = candidate.guid
        self.init(of: article, verdict: verdict)
        noteName(before: held)
    }

    /// Keeps the id that the article had in this feed, if that was another one.
    mutating func noteName(before held: Article) {
        if held.origin == origin, held.guid != guid { guidBefore = held.guid }
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
    /// The same with a reason in place of its text; nil when it has none to leave out, or comes of
    /// no feed. Of what a person took out neither title nor address is kept.
    func refused(because reason: Rejection) -> RejectedEntry? {
        guard case .article(let article, _, _) = self, let feed = article.origin.feed else {
            return nil
        }
        return RejectedEntry(
            feed: feed, url: reason == .forgotten ? nil : article.url?.description,
            title: reason == .forgotten ? "" : article.title,
            published: article.published, seen: article.seen, aliases: article.aliases,
            entryDigest: article.entryDigest, reason: reason)
    }
}
