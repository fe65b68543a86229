package import Deduplication
package import FeedParsing
package import Fetching
package import Isolation
package import News
package import PageExtraction
internal import Synchronization

/// The way from a due feed to committed records: values in, values out. It owns nothing; what it
/// needs to be told it asks the ledger.
package struct Pipeline: Sendable {
    package let fetcher: Fetcher
    package let lanes: Lanes
    package let ledger: Ledger
    package let clock: Clock
    package let options: PipelineOptions
    package let report: @Sendable (IngestionEvent) -> Void
    /// Pages that were read or given up, of all polls.
    let pagesFinished = PageCount()
    let texts: TextRoom
    /// Batches of much text take turns.
    let longBatches = Turn()

    package init(
        fetcher: Fetcher, lanes: Lanes, ledger: Ledger, clock: Clock, options: PipelineOptions,
        report: @escaping @Sendable (IngestionEvent) -> Void
    ) {
        self.fetcher = fetcher
        self.lanes = lanes
        self.ledger = ledger
        self.clock = clock
        self.options = options
        self.report = report
        texts = TextRoom(
            bytesMax: options.heldTextBytesMax, pollBytesMax: options.pollTextBytesMax,
            shareBytes: options.shareTextBytes)
    }

    /// Polls a feed once, from its address to committed records. Never fails: what went wrong is
    /// part of the outcome.
    package func poll(
        _ feed: Feed, _ state: FeedState, conditionally: Bool
    ) async -> PollOutcome {
        let poll = Poll(
            feed: feed, state: state, isConditional: conditionally && !state.validators.isEmpty,
            began: clock.now())
        do throws(PollFailure) {
            return try await journey(of: poll)
        } catch {
            guard let again = poll.searching(because: error) else {
                return PollOutcome(of: poll, failure: error)
            }
            do throws(PollFailure) {
                return try await journey(of: again)
            } catch {
                return PollOutcome(of: again, failure: error)
            }
        }
    }
}

/// How many pages there were, counted by many tasks.
final class PageCount: Sendable {
    private let number = Atomic<Int>(0)

    var count: Int { number.load(ordering: .relaxed) }

    func add() { number.wrappingAdd(1, ordering: .relaxed) }
}

/// The limits of one poll.
package struct PipelineOptions: Hashable, Sendable {
    /// Articles that are decided and synced together.
    package var commitBatchMax: Int
    /// No more pages are begun while those that are decided together have so much text.
    package var commitTextBytesMax = 512 << 10
    /// Batches with more text are normalised and committed one at a time.
    package var shortBatchBytesMax = 128 << 10
    /// Larger documents are read one at a time.
    package var lightBytesMax = 1 << 20
    /// Pages of one feed that are fetched at the same time.
    package var pagesInFlightMax: Int
    /// Entries of one answer that are taken up; the others follow with the next poll.
    package var entriesPerPollMax: Int
    /// Text in the feed itself of entries that are taken up; the others follow with the next poll.
    package var pollTextBytesMax = 8 << 20
    /// The same of all polls together.
    package var heldTextBytesMax = 8 << 20
    /// What each poll may take up, however much is held.
    package var shareTextBytes = 256 << 10
    /// A poll that takes longer leaves its other entries to the next, so that one slow host does
    /// not hold its place for hours.
    package var pollTimeMax: Duration
    /// Polls in which an entry's page is tried before the feed's own text must do.
    package var pageAttemptsMax: Int
    /// Feeds named by a page that are tried in turn.
    package var candidatesTriedMax: Int
    /// Sitemaps of an index that are read in one poll; the others follow with the next.
    package var sitemapsPerPollMax: Int
    /// New entries of one feed that are taken up in a UTC day, unless its own settings say so;
    /// those beyond it are quarantined until the next.
    package var entriesPerDayMax: Int
    /// Reservations of a page's publisher because of which nothing is kept of it; all are recorded.
    package var obeyedReservations: Set<Reservation.Kind>
    package var feedLimits: FeedLimits
    package var pageLimits: PageLimits
    package var normaliseLimits: NormaliseLimits
    package var decisions: DecisionOptions

    package init(
        commitBatchMax: Int = 16, pagesInFlightMax: Int = 4, entriesPerPollMax: Int = 200,
        pollTimeMax: Duration = .seconds(600),
        pageAttemptsMax: Int = 4, candidatesTriedMax: Int = 3, sitemapsPerPollMax: Int = 4,
        entriesPerDayMax: Int = 2000, obeyedReservations: Set<Reservation.Kind> = [],
        feedLimits: FeedLimits = FeedLimits(),
        pageLimits: PageLimits = PageLimits(), normaliseLimits: NormaliseLimits = .init(),
        decisions: DecisionOptions = DecisionOptions()
    ) {
        self.commitBatchMax = commitBatchMax
        self.pagesInFlightMax = pagesInFlightMax
        self.entriesPerPollMax = entriesPerPollMax
        self.pollTimeMax = pollTimeMax
        self.pageAttemptsMax = pageAttemptsMax
        self.candidatesTriedMax = candidatesTriedMax
        self.sitemapsPerPollMax = sitemapsPerPollMax
        self.entriesPerDayMax = entriesPerDayMax
        self.obeyedReservations = obeyedReservations
        self.feedLimits = feedLimits
        self.pageLimits = pageLimits
        self.normaliseLimits = normaliseLimits
        self.decisions = decisions
    }
}

/// One poll under way.
struct Poll: Sendable {
    let feed: Feed
    let state: FeedState
    let isConditional: Bool
    let began: Instant

    /// What is asked: the configured address, or the feed that was found on its page.
    /// With the credentials of the configured one, where they belong to it.
    var address: HTTPURL {
        (state.found?.url ?? state.presentURL).sharingCredentials(of: feed.url)
    }
}

/// Why a poll ended early.
enum PollFailure: Error, Sendable {
    case fetch(FetchError)
    case unreadable(FeedError)
    /// A feed, but nothing of it could be read.
    case damaged(String)
    case ledger(LedgerError)
}

// MARK: - The steps

extension Pipeline {
    func fetch(_ poll: Poll) async throws(PollFailure) -> FetchResponse {
        try await fetch(
            poll.address, for: poll.feed,
            validators: poll.isConditional ? poll.state.validators : nil)
    }

    /// Credentials go to the origin of the configured address alone.
    func fetch(
        _ url: HTTPURL, for feed: Feed, validators: Validators? = nil
    ) async throws(PollFailure) -> FetchResponse {
        do throws(FetchError) {
            return try await fetcher.fetch(
                FetchRequest(
                    url: url, purpose: .feed, validators: validators,
                    credentials: url.origin == feed.url.origin ? feed.credentials : nil))
        } catch {
            throw .fetch(error)
        }
    }

    /// What the answer says: the document, the one that it leads to, or none when it is the one
    /// that was read before.
    func read(
        _ answer: consuming FetchResponse, of poll: Poll
    ) async throws(PollFailure) -> FeedReading {
        var answer = answer
        guard case .body(let body) = answer.content else {
            return FeedReading(
                answer: answer, found: poll.state.found, sitemaps: poll.state.sitemaps)
        }
        let digest = Digest(of: body)
        answer.dropBody(isCountedOn: true)
        if poll.state.bodyDigest == digest {
            return FeedReading(
                answer: answer, bodyDigest: digest, found: poll.state.found,
                sitemaps: poll.state.sitemaps)
        }
        let reading: FeedReading
        switch try await parse(body, of: answer, for: poll) {
        case .document(let document):
            reading = FeedReading(
                answer: answer, bodyDigest: digest, document: document, found: poll.state.found)
        case .sitemaps(let index):
            answer.dropBody()
            reading = try await readSitemaps(of: index, answer, digest, of: poll)
        case .page(let candidates):
            answer.dropBody()
            reading = try await follow(candidates, of: poll)
        }
        if let damage = reading.document?.damage, !damage.isEmpty {
            report(.documentDamaged(poll.feed.id, damage))
        }
        return reading
    }

    /// Parses on a lane; bytes that nothing can be made of are set aside.
    func parse(
        _ body: [UInt8], of answer: FetchResponse, for poll: Poll
    ) async throws(PollFailure) -> FeedAnswer {
        let limits = options.feedLimits
        let isHeavy = body.count > options.lightBytesMax
        let result = await lanes.run(isHeavy: isHeavy) { () -> Result<FeedAnswer, FeedError> in
            do throws(FeedError) {
                return .success(
                    try parseAnswer(
                        body, from: answer.finalURL.withoutCredentials,
                        declared: answer.contentType, limits: limits))
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(.document(var document)):
            // Half a document before its first entry is not a feed without news.
            if document.entries.isEmpty, document.isCutOff {
                let damage = document.damage.joined(separator: "; ")
                await ledger.quarantine(
                    body, name: "feed-\(poll.feed.id)", reason: damage, at: clock.now())
                throw .damaged(damage)
            }
            document.dropLinksToItself(from: answer.finalURL.withoutCredentials)
            return .document(document)
        case .success(let content): return content
        case .failure(let error):
            await ledger.quarantine(
                body, name: "feed-\(poll.feed.id)", reason: error.description, at: clock.now())
            throw .unreadable(error)
        }
    }

    /// Fetches and reads the pages of a batch, a few at a time: of its first entries, where their
    /// texts are so long that these are enough to hold at once.
    func extract(_ batch: ArraySlice<ChosenEntry>, of poll: Poll) async -> Extracted {
        await withTaskGroup(of: (Int, Extracted.One).self) { group in
            var results: [Extracted.One?] = Array(repeating: nil, count: batch.count)
            var next = batch.startIndex
            func begin() {
                let (index, chosen) = (next - batch.startIndex, batch[next])
                group.addTask { (index, await extractOne(chosen, of: poll)) }
                next += 1
            }
            while next < batch.endIndex, next - batch.startIndex < max(options.pagesInFlightMax, 1)
            {
                begin()
            }
            var textBytes = 0
            for await (index, result) in group {
                textBytes += result.textBytes
                results[index] = result
                if next < batch.endIndex, textBytes < options.commitTextBytesMax { begin() }
            }
            return Extracted(results.compactMap { $0 })
        }
    }

    /// Candidates to articles with their fingerprints, on the lanes.
    func normalise(
        _ candidates: [Extracted.Ready], isHeavy: Bool, of poll: Poll
    ) async -> [Submission] {
        let feed = poll.feed.id
        let (limits, decisions) = (options.normaliseLimits, options.decisions)
        return await lanes.run(isHeavy: isHeavy) {
            candidates.map { ready in
                switch ready {
                case .sighting(let candidate, let of, let recognition):
                    return .sighting(candidate, of: of, by: recognition)
                case .rejected(let candidate, let reason):
                    return .rejection(RejectedEntry(candidate, in: feed, because: reason))
                case .article(let candidate):
                    do throws(Rejection) {
                        let article = try News.normalise(candidate, limits: limits)
                        return .article(
                            article, Fingerprint(of: article, options: decisions),
                            isAloneAtAddress: candidate.isAloneAtAddress)
                    } catch {
                        return .rejection(RejectedEntry(candidate, in: feed, because: error))
                    }
                }
            }
        }
    }

    func commit(
        _ submissions: [Submission], of poll: Poll
    ) async throws(PollFailure) -> [Record] {
        do throws(LedgerError) {
            return try await ledger.commit(submissions, at: clock.now())
        } catch {
            throw .ledger(error)
        }
    }
}

extension RejectedEntry {
    fileprivate init(_ candidate: Candidate, in feed: FeedID, because reason: Rejection) {
        self.init(
            feed: feed, url: candidate.url?.description, title: candidate.title ?? "",
            published: candidate.published, seen: candidate.seen, aliases: candidate.aliases,
            entryDigest: candidate.entryDigest, reason: reason)
    }
}
