/// What is remembered of a feed from one poll to the next, and from one start to the next.
package struct FeedState: Hashable, Sendable, Codable {
    package var id: FeedID
    /// The address that this state belongs to: another address starts anew.
    package var url: HTTPURL
    /// The feed that was found on the page at `url`, and is polled in its place; nil while `url`
    /// itself answers with a feed.
    package var found: Found?
    /// Saved only after the articles of the answer that gave them are committed.
    package var validators: Validators
    /// The digest of the last body that was read whole: equal bytes are not parsed again.
    package var bodyDigest: Digest?
    /// What the document calls itself.
    package var title: String?
    package var language: String?
    package var nextPoll: Instant?
    package var lastPolled: Instant?
    package var lastSuccess: Instant?
    /// When an entry was last new.
    package var lastNew: Instant?
    /// When the last request without validators was made: a daily one heals servers that say 304
    /// for ever.
    package var lastUnconditional: Instant?
    /// How often it is worth asking; nil until an answer taught that.
    package var pace: Pace?
    /// What the last document asked for.
    package var hints: PublisherHints?
    /// Where its address permanently leads, while that is observed or used.
    package var move: FeedMove?
    /// The last days on which answers were read, the latest last; at most `coverageDaysMax`.
    package var coverage: [CoverageDay]?
    /// Consecutive failures.
    package var failures: Int
    /// Those failures by their `FailureClass.weight`.
    package var strain: Int?
    /// The kind of the last failure; nil after a success.
    package var failureClass: FailureClass?
    /// Why the last poll failed; nil after a success.
    package var lastFailure: String?
    /// Parked after repeated failure: not asked before then; nil while trusted.
    package var parkedUntil: Instant?
    /// What `parkedUntil` was called once: read, never written.
    private var quarantinedUntil: Instant?
    package var counts: Counts
    /// Entries whose page could not be had yet, with what the feed said of them.
    package var pending: [PendingEntry]

    /// How far its names for entries are believed; nil while there is nothing to say.
    package var naming: EntryNaming?
    /// What is remembered of the sitemaps that the feed is an index of; nil for any other feed.
    package var sitemaps: SitemapMemory?

    /// A feed that a page named.
    package struct Found: Hashable, Sendable, Codable {
        /// Without credentials.
        package var url: HTTPURL
        /// When the page was asked.
        package var at: Instant
        package init(url: HTTPURL, at: Instant) {
            self.url = url
            self.at = at
        }
    }

    /// Days of coverage that are kept.
    package static let coverageDaysMax = 14

    /// The address that is asked: the configured one, or where that has moved to.
    package var presentURL: HTTPURL { move.flatMap { $0.isAdopted ? $0.target : nil } ?? url }

    /// Takes over what was saved under a name that is no longer used: for whoever reads states.
    package mutating func takeOverOldNames() {
        parkedUntil = parkedUntil ?? quarantinedUntil
        quarantinedUntil = nil
    }

    /// Polls and entries since the feed was first polled, by what came of them.
    package struct Counts: Hashable, Sendable, Codable {
        package var polls = 0
        package var notModified = 0
        package var failures = 0
        package var entries = 0
        package var kept = 0
        package var duplicates = 0
        package var rejected = 0
        package init() {}
        enum CodingKeys: String, CodingKey {
            case polls
            case notModified = "not_modified"
            case failures, entries, kept, duplicates, rejected
        }
    }

    /// An entry to try again, at most a bounded number of times.
    package struct PendingEntry: Hashable, Sendable, Codable {
        package var entry: Entry
        package var firstSeen: Instant
        package var attempts: Int
        package var lastReason: String
        package init(entry: Entry, firstSeen: Instant, attempts: Int, lastReason: String) {
            self.entry = entry
            self.firstSeen = firstSeen
            self.attempts = attempts
            self.lastReason = lastReason
        }
        enum CodingKeys: String, CodingKey {
            case entry
            case firstSeen = "first_seen"
            case attempts
            case lastReason = "last_reason"
        }
    }

    package init(id: FeedID, url: HTTPURL) {
        self.id = id
        self.url = url
        validators = Validators()
        failures = 0
        counts = Counts()
        pending = []
    }

    enum CodingKeys: String, CodingKey {
        case id, url, found, validators
        case bodyDigest = "body_digest"
        case title, language
        case nextPoll = "next_poll"
        case lastPolled = "last_polled"
        case lastSuccess = "last_success"
        case lastNew = "last_new"
        case lastUnconditional = "last_unconditional"
        case pace, hints, move, coverage, failures, strain
        case failureClass = "failure_class"
        case lastFailure = "last_failure"
        case parkedUntil = "parked_until"
        case quarantinedUntil = "quarantined_until"
        case counts, pending, naming, sitemaps
    }
}
