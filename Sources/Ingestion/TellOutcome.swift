internal import FeedParsing
internal import Fetching
internal import News

// What a poll came to, from what its steps gave.

extension PollOutcome.Continuity {
    /// Whether an answer goes on where the one before ended.
    fileprivate init(of poll: Poll, _ met: Familiarity, isRead: Bool, _ isDelta: Bool) {
        guard let last = poll.state.lastSuccess, last <= poll.began else {
            self = .unknown
            return
        }
        if !isRead || isDelta || met.known > 0 {
            self = .overlapping
        } else if met.total == 0 {
            self = .unknown
        } else {
            // What the document still shows is not missing.
            let oldest = met.oldest ?? poll.began
            self = .gap(from: last, to: min(max(oldest, last), poll.began))
        }
    }
}

extension PollOutcome {
    init(of poll: Poll, _ reading: FeedReading, chosen: ChosenEntries) {
        let (answer, document) = (reading.answer, reading.document)
        let isWhole = chosen.isWhole && reading.isWhole && document?.isCutOff != true
        var digest = reading.bodyDigest ?? poll.state.bodyDigest
        var tally = Tally()
        tally.entries = chosen.familiarity.total
        // To come sooner would bring none of those that are quarantined: they count as met.
        let beyond = chosen.naming.quarantined?.count ?? 0
        tally.known = min(chosen.familiarity.known + beyond, tally.entries)
        let hasWork = document != nil || !poll.state.pending.isEmpty
        // A 304 may leave out the validators that still hold (RFC 9110, section 15.4.5).
        var validators =
            answer.content == .notModified && answer.validators.isEmpty
            ? poll.state.validators : answer.validators
        if !isWhole {
            // The rest of this answer is wanted: the next poll must not be told "unchanged".
            validators = Validators()
            digest = nil
        } else if chosen.naming.quarantined != nil {
            // The day that lets them go reads the same bytes again.
            digest = nil
        }
        self.init(
            url: poll.feed.url, result: hasWork ? .read(tally) : .notModified,
            wasConditional: poll.isConditional, validators: validators, bodyDigest: digest,
            title: document?.title, language: document?.language, maxAge: answer.maxAge,
            hints: document?.updateHints)
        found = reading.found
        if document != nil { naming = chosen.naming }
        // What was left over is read again, and the rest of it taken up.
        sitemaps =
            chosen.isWhole && beyond == 0 ? reading.sitemaps : poll.state.sitemaps
        // Where a page names the feed, the page's own address stays the configured one.
        permanentRedirect = found == nil ? answer.permanentRedirect : nil
        isDelta = answer.isDelta
        continuity = Continuity(of: poll, chosen.familiarity, isRead: document != nil, isDelta)
    }

    init(of poll: Poll, failure: PollFailure) {
        let result: Result
        switch failure {
        case .fetch(let error) where error.isWithdrawal: result = .abandoned
        case .fetch(let error):
            switch error.kind {
            case .hostAsksToWait(let until):
                result = .deferred(reason: error.description, until: until)
            case _ where error.isLackOfRoom:
                result = .deferred(reason: error.description, until: nil)
            default:
                let retry: Retry =
                    if case .after(let instant) = error.retry { .after(instant) } else { .backOff }
                result = .failed(reason: error.description, retry: retry)
            }
        case .unreadable(let error):
            result = .failed(reason: error.description, retry: .backOff)
        case .damaged(let damage):
            result = .failed(
                reason: "no entry of this feed can be read: \(damage)", retry: .backOff)
        case .ledger: result = .storeUnavailable
        }
        self.init(url: poll.feed.url, result: result, wasConditional: poll.isConditional)
        switch failure {
        case .fetch(let error): failureClass = error.failureClass
        case .unreadable: failureClass = .format
        case .damaged: failureClass = .damaged
        case .ledger: failureClass = .other
        }
    }

    /// Leaves entries to the next poll, as they are.
    mutating func postpone(_ entries: [ChosenEntry], because reason: String) {
        guard case .read(var tally) = result else { return }
        tally.postponed += entries.count
        result = .read(tally)
        keepPending(entries.map { $0.waiting(because: reason) })
    }

    /// Text of the entries of one feed that wait for its next poll.
    static let pendingTextBytesMax = 256 << 10

    /// Keeps entries for the next poll. Those with more text than is kept are not: they are found
    /// again in the feed, which must not say "unchanged" then.
    private mutating func keepPending(_ entries: [FeedState.PendingEntry]) {
        var bytes = pending.reduce(0) { $0 + $1.entry.textBytes }
        for waiting in entries {
            guard bytes + waiting.entry.textBytes <= Self.pendingTextBytesMax else {
                validators = Validators()
                bodyDigest = nil
                continue
            }
            bytes += waiting.entry.textBytes
            pending.append(waiting)
        }
    }

    /// Adds what became of a batch.
    mutating func count(
        _ records: [Record], of extracted: Extracted, from chosen: ChosenEntries
    ) {
        noteRenamed(records, from: chosen)
        let postponed = extracted.postponed
        isCutShort = isCutShort || extracted.isCutShort
        guard case .read(var tally) = result else { return }
        for record in records {
            switch record.body {
            case .article, .revision: tally.kept += 1
            case .sighting: tally.duplicates += 1
            case .rejection: tally.rejected += 1
            case .correction, .tombstone: break
            }
        }
        tally.postponed += postponed.count
        keepPending(postponed)
        result = .read(tally)
    }

    /// Entries under new names that turned out to be held by this feed. What is known again joins
    /// this answer to the one before, whatever the names say.
    private mutating func noteRenamed(_ records: [Record], from chosen: ChosenEntries) {
        for case .sighting(let sighting) in records.map(\.body) {
            let rule = sighting.verdict.evidence.rule
            // Other names are those of the feed itself, whoever brought the article first.
            let isOwn = [.path, .words].contains(Recognition(rawValue: rule))
            guard let of = sighting.verdict.of, isOwn || of.origin == sighting.origin,
                let name = sighting.aliases.first, chosen.newNames.contains(name)
            else { continue }
            naming?.note(
                RenamedEntries.Pair(
                    article: of.id, title: sighting.title, before: sighting.guidBefore,
                    now: sighting.guid, rule: rule))
            if case .gap = continuity { continuity = .overlapping }
        }
    }
}
