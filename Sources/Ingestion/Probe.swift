internal import ArticleStore
package import FeedParsing
package import Fetching
package import News

/// What one poll of an address sees, and what the schedule would make of it. Nothing is kept.
package struct ProbeReport: Sendable, Encodable {
    /// Without credentials.
    package var url: String
    /// Every request of the poll in order, redirects and refusals among them.
    package var requests: [RequestNote] = []
    /// nil when there was none, or it was not one that a feed could be in.
    package var answer: Answer?
    /// nil when the answer is not a feed.
    package var feed: Document?
    /// The feeds that the answer names in its place, the best first: the first one that is a feed
    /// would be polled.
    package var names: [FeedCandidate] = []
    /// The parts of an index of sitemaps.
    package var sitemaps: Int?
    /// Why the poll failed, and its kind; nil when it did not.
    package var failure: String?
    package var failureClass: FailureClass?
    package var plan: Plan?

    /// What matters of the last answer's header.
    package struct Answer: Sendable, Encodable {
        package var finalURL: String
        /// Where the address leads for good.
        package var movesTo: String?
        package var status: Int
        package var contentType: String?
        package var etag: String?
        package var lastModified: String?
        package var freshSeconds: Int64?
        package var retryAfter: Instant?
        package var bytes: Int
        package var wireBytes: Int

        enum CodingKeys: String, CodingKey {
            case finalURL = "final_url"
            case movesTo = "moves_to"
            case status
            case contentType = "content_type"
            case etag
            case lastModified = "last_modified"
            case freshSeconds = "fresh_seconds"
            case retryAfter = "retry_after"
            case bytes
            case wireBytes = "wire_bytes"
        }
    }

    /// What the document says.
    package struct Document: Sendable, Encodable {
        package var format: FeedFormat
        package var title: String?
        package var language: String?
        package var entries: Int
        /// Entries that say when they were published or changed, and the span of that.
        package var dated: Int
        package var oldest: Instant?
        package var newest: Instant?
        /// Entries that have an id; of those, ids that stand for several.
        package var identified: Int
        package var sharedIDs: Int
        package var linked: Int
        package var hints: PublisherHints
        package var hubs: [String]
        package var damage: [String]

        enum CodingKeys: String, CodingKey {
            case format, title, language, entries, dated, oldest, newest, identified
            case sharedIDs = "shared_ids"
            case linked, hints, hubs, damage
        }
    }

    /// What the schedule would do next, were this the feed's first poll.
    package struct Plan: Sendable, Encodable {
        package var nextPoll: Instant?
        package var seconds: Int64?
        /// Whether the next request would let the server say that nothing changed.
        package var isConditional: Bool
        /// How many failures like this in a row would park the feed; nil without a failure.
        package var parkedAfter: Int?

        enum CodingKeys: String, CodingKey {
            case nextPoll = "next_poll"
            case seconds
            case isConditional = "is_conditional"
            case parkedAfter = "parked_after"
        }
    }

    enum CodingKeys: String, CodingKey {
        case url, requests, answer, feed, names, sitemaps, failure
        case failureClass = "failure_class"
        case plan
    }
}

/// Polls an address once, as the daemon would poll a feed there for the first time, and keeps
/// nothing. `requests` of the report stay with whoever listens to the fetcher.
package func probe(
    _ feed: Feed, by fetcher: Fetcher, under limits: FeedLimits, schedule options: ScheduleOptions,
    clock: Clock
) async -> ProbeReport {
    var report = ProbeReport(url: feed.url.withoutSecrets)
    let state = FeedState(id: feed.id, url: feed.url)
    let poll = Poll(feed: feed, state: state, isConditional: false, began: clock.now())
    var outcome: PollOutcome
    do throws(PollFailure) {
        outcome = try await look(poll, by: fetcher, under: limits, &report)
    } catch {
        outcome = PollOutcome(of: poll, failure: error)
    }
    switch outcome.result {
    case .failed(let reason, _):
        report.failure = reason
        report.failureClass = outcome.failureClass
    case .deferred(let reason, _): report.failure = reason
    default: break
    }
    report.plan = ProbeReport.Plan(of: outcome, for: feed, options, now: clock.now())
    return report
}

/// Fetches and reads; writes what it sees into the report.
private func look(
    _ poll: Poll, by fetcher: Fetcher, under limits: FeedLimits, _ report: inout ProbeReport
) async throws(PollFailure) -> PollOutcome {
    let answer: FetchResponse
    do throws(FetchError) {
        answer = try await fetcher.fetch(
            FetchRequest(
                url: poll.feed.url, purpose: .feed, credentials: poll.feed.credentials))
    } catch {
        throw .fetch(error)
    }
    guard case .body(let body) = answer.content else {
        return PollOutcome(url: poll.feed.url, result: .notModified)
    }
    report.answer = ProbeReport.Answer(answer, bytes: body.count)
    let read: FeedAnswer
    do throws(FeedError) {
        read = try parseAnswer(
            body, from: answer.finalURL.withoutCredentials, declared: answer.contentType,
            limits: limits)
    } catch {
        throw .unreadable(error)
    }
    var outcome = PollOutcome(
        url: poll.feed.url, result: .read(PollOutcome.Tally()), validators: answer.validators,
        maxAge: answer.maxAge)
    switch read {
    case .page(let candidates): report.names = candidates
    case .sitemaps(let index): report.sitemaps = index.parts.count
    case .document(let document):
        report.feed = ProbeReport.Document(document)
        if document.entries.isEmpty, let damage = document.damage.first { throw .damaged(damage) }
        var tally = PollOutcome.Tally()
        tally.entries = document.entries.count
        outcome.result = .read(tally)
        outcome.hints = document.updateHints
    }
    return outcome
}

extension ProbeReport.Answer {
    fileprivate init(_ answer: FetchResponse, bytes: Int) {
        finalURL = answer.finalURL.withoutSecrets
        movesTo = answer.permanentRedirect?.withoutSecrets
        status = answer.status
        contentType = answer.contentType
        etag = answer.validators.etag
        lastModified = answer.validators.lastModified
        freshSeconds = answer.maxAge?.components.seconds
        retryAfter = answer.retryAfter
        self.bytes = bytes
        wireBytes = answer.wireBytes
    }
}

extension ProbeReport.Document {
    fileprivate init(_ document: FeedDocument) {
        format = document.format
        title = document.title
        language = document.language
        entries = document.entries.count
        let dates = document.entries.compactMap { $0.published ?? $0.updated }
        dated = dates.count
        (oldest, newest) = (dates.min(), dates.max())
        let ids = document.entries.compactMap(\.id)
        identified = ids.count
        sharedIDs = Dictionary(grouping: ids) { $0 }.values.count { $0.count > 1 }
        linked = document.entries.count { $0.link != nil }
        hints = document.updateHints
        hubs = document.links.hubs
        damage = document.damage
    }
}

extension ProbeReport.Plan {
    /// Asks the schedule itself.
    fileprivate init(
        of outcome: PollOutcome, for feed: Feed, _ options: ScheduleOptions, now: Instant
    ) {
        var generator = SystemRandomNumberGenerator()
        var schedule = Schedule(
            feeds: [feed], states: [], options: options, isOnDemand: true, now: now,
            using: &generator)
        _ = schedule.handle(.pollNow(feed.id), at: now, using: &generator)
        _ = schedule.handle(.polled(feed.id, outcome), at: now, using: &generator)
        let state = schedule[feed.id]?.state
        nextPoll = state?.nextPoll
        seconds = nextPoll.map { $0.since(now).components.seconds }
        isConditional = state?.validators.isEmpty == false
        guard case .failed = outcome.result else { return }
        let weight = max(1, outcome.failureClass.weight)
        parkedAfter = (options.backoff.failuresBeforeParking + weight - 1) / weight
    }
}

extension ProbeReport {
    /// Hosts that asked a daemon with that store to be left alone, and until when; none where there
    /// is no such store.
    package static func holds(at storePath: String) -> [String: Instant] {
        guard let reader = try? StoreReader(at: storePath) else { return [:] }
        return reader.derived(named: HeldHosts.name).flatMap { HeldHosts(bytes: $0) }?.until ?? [:]
    }
}
