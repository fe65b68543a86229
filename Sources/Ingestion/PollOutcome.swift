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
        /// The server was not asked: its host wants no requests until then, or there is no room.
        case deferred(reason: String, until: Instant?)
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
    }

    /// Whether anything can have been missed since the answer before.
    package enum Continuity: Hashable, Sendable {
        /// Nothing can be said: the first answer, or one without entries.
        case unknown
        /// The answer holds something that was known, or is all that was asked for.
        case overlapping
        /// It holds nothing that was known. Whatever was there between the two instants and no
        /// longer or shorter is missing.
        case gap(from: Instant, to: Instant)
    }

    /// What became of the entries of one answer.
    package struct Tally: Hashable, Sendable {
        package var entries = 0
        /// Of the entries, those that this feed had brought before.
        package var known = 0
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
    /// What the document asks for; nil when none was read.
    package var hints: PublisherHints?
    package var continuity = Continuity.unknown
    /// What the document says about the names of its entries; nil when none was read.
    package var naming: NamingTally?
    /// Whether the document held only what is new since the last answer (RFC 3229, `feed`).
    package var isDelta = false
    /// Where permanent redirects alone led, if they did.
    package var permanentRedirect: HTTPURL?
    /// The kind of a failure.
    package var failureClass = FailureClass.other
    package var pending: [FeedState.PendingEntry]
    /// Some entries wait because the daemon stopped: the next start takes them up at once.
    package var isCutShort = false

    package init(
        url: HTTPURL, result: Result, wasConditional: Bool = false,
        validators: Validators = Validators(), bodyDigest: Digest? = nil, title: String? = nil,
        language: String? = nil, maxAge: Duration? = nil, hints: PublisherHints? = nil,
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
        self.hints = hints
        self.pending = pending
    }

    /// Writes what a success taught into the feed's state.
    func update(_ state: inout FeedState, now: Instant) {
        if !wasConditional { state.lastUnconditional = now }
        state.pending = pending
        state.found = found
        state.sitemaps = sitemaps
        state.hints = hints ?? state.hints
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
        case .failed, .deferred, .storeUnavailable, .abandoned: break
        }
    }

    /// Writes into the feed's state whether this answer followed upon the one before.
    func cover(_ state: inout FeedState, now: Instant) {
        guard continuity != .unknown else { return }
        var days = state.coverage ?? []
        if days.last?.day != now.day { days.append(CoverageDay(day: now.day)) }
        var today = days.removeLast()
        switch continuity {
        case .unknown: break
        case .overlapping: today.overlaps += 1
        case .gap(let from, let to):
            today.gaps += 1
            today.gapSeconds += max(to.since(from).components.seconds, 0)
        }
        state.coverage = (days + [today]).suffix(FeedState.coverageDaysMax)
    }
}
