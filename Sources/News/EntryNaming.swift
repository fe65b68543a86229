/// How far a feed's names for its entries are believed, and what became of them of late.
package struct EntryNaming: Hashable, Sendable, Codable {
    /// When ids were shared by different entries, or stood on entries that had another before.
    package var offences: [Instant] = []
    /// Set while the feed's ids name nothing.
    package var distrust: Distrust?
    /// The last answer in which many entries came back under other names.
    package var renamed: RenamedEntries?
    /// New names on the UTC day that `day` gives.
    package var day = ""
    package var newToday = 0
    /// Entries beyond the day's limit; nil when there are none.
    package var quarantined: QuarantinedEntries?

    package init() {}

    /// Why ids are not believed.
    package struct Distrust: Hashable, Sendable, Codable {
        /// What is wrong with them.
        package enum Reason: String, Hashable, Sendable, Codable {
            /// One id stands for different entries.
            case shared
            /// The same entries come under other ids again and again.
            case changing
        }
        package var reason: Reason
        package var since: Instant
        /// When they are tried again.
        package var until: Instant

        package init(reason: Reason, since: Instant, until: Instant) {
            self.reason = reason
            self.since = since
            self.until = until
        }
    }

    /// Whether ids name entries at that time.
    package func trustsIDs(at now: Instant) -> Bool { distrust.map { $0.until <= now } ?? true }

    /// New names on the day of `now`.
    package func newNames(on now: Instant) -> Int { day == now.day ? newToday : 0 }

    enum CodingKeys: String, CodingKey {
        case offences, distrust, renamed, day
        case newToday = "new_today"
        case quarantined
    }
}

extension FeedState {
    /// Whether entries that were quarantined on an earlier day are to be taken up.
    package func owesEntries(at now: Instant) -> Bool {
        naming?.quarantined.map { $0.day != now.day } ?? false
    }
}

/// Entries that came back under other names: one event, whatever their number.
package struct RenamedEntries: Hashable, Sendable, Codable {
    package var at: Instant
    package var count: Int
    /// Of how many entries of the answer.
    package var entries: Int
    /// Some of them, at most `pairsMax`.
    package var pairs: [Pair]

    package static let pairsMax = 20

    package init(at: Instant, count: Int, entries: Int, pairs: [Pair]) {
        self.at = at
        self.count = count
        self.entries = entries
        self.pairs = Array(pairs.prefix(Self.pairsMax))
    }

    /// One entry under its old name and its new.
    package struct Pair: Hashable, Sendable, Codable {
        package var article: ArticleID
        package var title: String
        /// The id that the article was kept under; nil when it had none.
        package var before: String?
        package var now: String?
        /// By which rule it was known again.
        package var rule: String

        package init(
            article: ArticleID, title: String, before: String?, now: String?, rule: String
        ) {
            self.article = article
            self.title = title
            self.before = before
            self.now = now
            self.rule = rule
        }
    }
}

/// Entries that were not taken up, because their feed had brought too many new ones that day.
package struct QuarantinedEntries: Hashable, Sendable, Codable {
    /// The UTC day of the limit; from the next on they are taken up as far as they are still there.
    package var day: String
    package var count: Int
    /// The titles or ids of some, at most `samplesMax`.
    package var samples: [String]

    package static let samplesMax = 5

    package init(day: String, count: Int, samples: [String]) {
        self.day = day
        self.count = count
        self.samples = Array(samples.prefix(Self.samplesMax))
    }
}
