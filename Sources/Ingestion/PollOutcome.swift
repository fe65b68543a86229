package import News

/// What a poll came to: data for the schedule, never control flow.
package struct PollOutcome: Hashable, Sendable {
    /// What was learnt.
    package enum Result: Hashable, Sendable {
        /// The feed says that nothing changed, or sent the same bytes again.
        case notModified
        /// The feed document was read; its entries are decided and committed.
        case read(Tally)
        /// Nothing was learnt.
        case failed(reason: String, retry: Retry)
        /// The answer could not be committed: not the feed's fault, and it is polled again as soon
        /// as the store is back.
        case storeUnavailable
        /// The poll was ended from outside, by a stop: nothing is known about the feed.
        case abandoned
    }

    /// How long to wait after a failure.
    package enum Retry: Hashable, Sendable {
        case backOff
        case after(Instant)
        /// The publisher says that the feed is gone for good (410): asked rarely.
        case gone
    }

    /// What became of the entries of one answer.
    package struct Tally: Hashable, Sendable {
        package var entries = 0
        package var kept = 0
        package var duplicates = 0
        package var rejected = 0
        /// Entries whose page will be tried again.
        package var postponed = 0
        package init() {}
    }

    /// The configured address of the feed that was polled.
    package var url: HTTPURL
    /// The feed that was polled in its place, because the page at `url` names it.
    package var found: FeedState.Found?
    /// What is to be remembered of the sitemaps of an index.
    package var sitemaps: SitemapMemory?
    package var result: Result
    package var wasConditional: Bool
    package var validators: Validators
    package var bodyDigest: Digest?
    package var title: String?
    package var language: String?
    /// Freshness by the server (RFC 9111, section 4.2).
    package var maxAge: Duration?
    /// How often the document says that it changes.
    package var updateInterval: Duration?
    package var pending: [FeedState.PendingEntry]
    /// Some entries wait because the daemon stopped: the next start takes them up at once.
    package var isCutShort = false

    package init(
        url: HTTPURL, result: Result, wasConditional: Bool = false,
        validators: Validators = Validators(), bodyDigest: Digest? = nil, title: String? = nil,
        language: String? = nil, maxAge: Duration? = nil, updateInterval: Duration? = nil,
        pending: [FeedState.PendingEntry] = []
    ) {
        self.url = url
        self.result = result
        self.wasConditional = wasConditional
        self.validators = validators
        self.bodyDigest = bodyDigest
        self.title = title
        self.language = language
        self.maxAge = maxAge
        self.updateInterval = updateInterval
        self.pending = pending
    }

    /// Writes what a success taught into the feed's state.
    func update(_ state: inout FeedState, now: Instant) {
        if !wasConditional { state.lastUnconditional = now }
        state.pending = pending
        state.found = found
        state.sitemaps = sitemaps
        switch result {
        case .notModified:
            state.counts.notModified += 1
            if !validators.isEmpty { state.validators = validators }
        case .read(let tally):
            state.validators = validators
            // Entries that wait for their page must be looked at again, even in the same bytes.
            state.bodyDigest = pending.isEmpty ? bodyDigest : nil
            state.title = title ?? state.title
            state.language = language ?? state.language
            state.counts.entries += tally.entries
            state.counts.kept += tally.kept
            state.counts.duplicates += tally.duplicates
            state.counts.rejected += tally.rejected
            if tally.kept > 0 { state.lastNew = now }
        case .failed, .storeUnavailable, .abandoned: break
        }
    }

    /// The wait after a success: the feed's interval, longer when server or document ask for it.
    func wait(for feed: Feed, options: ScheduleOptions) -> Duration {
        // Publishers misdeclare freshness: what they ask for counts only up to a limit.
        let asked = min(max(maxAge ?? .zero, updateInterval ?? .zero), options.freshnessMax)
        let wait = pending.isEmpty ? max(feed.interval, asked) : feed.interval
        return min(max(wait, options.intervalMin), max(options.waitMax, feed.interval))
    }
}

/// The limits of the schedule.
package struct ScheduleOptions: Hashable, Sendable {
    /// No feed is polled more often than this.
    package var intervalMin: Duration
    /// No server and no back-off postpones a poll longer than this.
    package var waitMax: Duration
    /// A server's or document's wish for fewer polls counts up to this.
    package var freshnessMax: Duration
    /// A request without validators is made this often, against servers that answer 304 for ever.
    package var unconditionalInterval: Duration
    /// First polls of new feeds are spread over this.
    package var startSpread: Duration
    package var pollsInFlightMax: Int
    package var backoff: Backoff

    package init(
        intervalMin: Duration = .seconds(60), waitMax: Duration = .seconds(86_400),
        freshnessMax: Duration = .seconds(3 * 3600),
        unconditionalInterval: Duration = .seconds(86_400), startSpread: Duration = .seconds(60),
        pollsInFlightMax: Int = 16, backoff: Backoff = Backoff()
    ) {
        self.intervalMin = intervalMin
        self.waitMax = waitMax
        self.freshnessMax = freshnessMax
        self.unconditionalInterval = unconditionalInterval
        self.startSpread = startSpread
        self.pollsInFlightMax = pollsInFlightMax
        self.backoff = backoff
    }
}
