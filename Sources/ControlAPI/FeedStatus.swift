package import News

/// How one feed does: an element of `/v1/feeds`.
package struct FeedStatus: Hashable, Sendable, Codable {
    package var id: FeedID
    /// Without credentials and fragment.
    package var url: String
    /// The feed that was found on the page at `url`, and is polled in its place.
    package var foundURL: String?
    package var title: String?
    package var labels: [String]
    package var health: Health
    package var intervalSeconds: Int64
    /// Between two polls at present, as its answers taught; nil before one did.
    package var paceSeconds: Int64?
    package var lastPolled: Instant?
    package var lastSuccess: Instant?
    /// When an entry was last new.
    package var lastNew: Instant?
    package var nextPoll: Instant?
    /// Consecutive failures.
    package var failures: Int
    package var lastFailure: String?
    package var failureClass: FailureClass?
    /// Where its address permanently leads; asked directly when `isMoveAdopted`.
    package var movesTo: String?
    package var isMoveAdopted: Bool?
    /// Whether its answers followed upon each other, for the last days.
    package var coverage: [CoverageDay]
    package var parkedUntil: Instant?
    /// Why its ids name no entries at present; nil while they do.
    package var idsDistrusted: EntryNaming.Distrust?
    /// The last answer in which most entries came under other names, old and new.
    package var renamed: RenamedEntries?
    /// Entries beyond the day's limit, which are not taken up.
    package var quarantinedEntries: QuarantinedEntries?
    package var counts: FeedState.Counts
    /// Entries whose page could not be had yet.
    package var pending: Int

    /// What the last polls came to; an operator looks for the last two.
    package enum Health: String, Sendable, Codable, CaseIterable {
        /// Not polled yet.
        case waiting
        case healthy
        case failing
        /// Asked rarely after repeated failure, until it answers again.
        case parked
    }

    /// What is configured and what is remembered; the latter is nil before the first poll.
    package init(of feed: Feed, state: FeedState?) {
        id = feed.id
        url = feed.url.withoutSecrets
        foundURL = state?.found?.url.withoutSecrets
        title = feed.title ?? state?.title
        labels = feed.labels
        intervalSeconds = feed.interval.components.seconds
        lastPolled = state?.lastPolled
        lastSuccess = state?.lastSuccess
        lastNew = state?.lastNew
        nextPoll = state?.nextPoll
        failures = state?.failures ?? 0
        lastFailure = state?.lastFailure
        failureClass = state?.failureClass
        movesTo = state?.move?.target.withoutSecrets
        isMoveAdopted = state?.move?.isAdopted
        coverage = state?.coverage ?? []
        paceSeconds = state?.pace?.intervalSeconds
        parkedUntil = state?.parkedUntil
        idsDistrusted = state?.naming?.distrust
        renamed = state?.naming?.renamed
        quarantinedEntries = state?.naming?.quarantined
        counts = state?.counts ?? FeedState.Counts()
        pending = state?.pending.count ?? 0
        health =
            if parkedUntil != nil {
                .parked
            } else if failures > 0 {
                .failing
            } else {
                lastSuccess == nil ? .waiting : .healthy
            }
    }

    enum CodingKeys: String, CodingKey {
        case id, url
        case foundURL = "found_url"
        case title, labels, health
        case intervalSeconds = "interval_seconds"
        case paceSeconds = "pace_seconds"
        case lastPolled = "last_polled"
        case lastSuccess = "last_success"
        case lastNew = "last_new"
        case nextPoll = "next_poll"
        case failures
        case lastFailure = "last_failure"
        case failureClass = "failure_class"
        case movesTo = "moves_to"
        case isMoveAdopted = "is_move_adopted"
        case coverage
        case parkedUntil = "parked_until"
        case idsDistrusted = "ids_distrusted"
        case renamed
        case quarantinedEntries = "quarantined_entries"
        case counts, pending
    }
}

/// The answer of `/v1/feeds`.
package struct FeedList: Hashable, Sendable, Codable {
    package var feeds: [FeedStatus]
    package init(feeds: [FeedStatus]) { self.feeds = feeds }
}

/// The answer of `POST /v1/feeds/{id}/poll`.
package struct PollAccepted: Hashable, Sendable, Codable {
    package var feed: FeedID
    /// What will happen, a sentence.
    package var detail: String

    package init(feed: FeedID, detail: String) {
        self.feed = feed
        self.detail = detail
    }
}
