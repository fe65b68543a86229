package import News

/// Everything worth logging and counting, one case each. The executable turns an event into one log
/// line; `Counters` turns the same event into figures, so that both always agree.
package enum IngestionEvent: Sendable {
    case recovered(sentences: [String])
    case indexRebuilt(reason: String, records: Int)
    case indexUnsaved(reason: String)
    case templatesUnsaved(reason: String)
    /// Of so many hosts templates are learnt, and none was quiet: of others none today.
    case templatesFull(hosts: Int)
    case politenessUnwritten(PolitenessFile, reason: String)
    case seedsLoaded(documents: Int, files: Int, fromMemory: Int)
    case seedProblem(String)
    case started(feeds: Int, lastSeq: UInt64)
    case polled(FeedID, PollOutcome, took: Duration)
    case decided(Record)
    /// What was forgotten is being taken off the disk; `segmentsLeft` files are still to be written
    /// anew, nil while it is found out which.
    case erasing(articles: Int, segmentsLeft: Int?)
    /// `left` were taken out meanwhile, and are still on the disk.
    case erased(articles: Int, left: Int)
    /// The disk could not; it is tried again.
    case unerased(articles: Int, reason: String)
    case documentDamaged(FeedID, [String])
    /// A page stands at the configured address, and names the feed that is polled from now on;
    /// `rivals` others have the same claim and come after it.
    case feedFound(FeedID, FeedCandidate, rivals: Int)
    case sitemapUnread(FeedID, url: String, reason: String)
    case pageUnread(FeedID, url: String, reason: String, willRetry: Bool)
    case feedFailing(FeedID, reason: String)
    case feedParked(FeedID, until: Instant, reason: String)
    case feedRecovered(FeedID, afterFailures: Int)
    /// The new address is asked from now on, or, when that failed, the configured one again.
    case feedMoved(FeedID, to: String, isBack: Bool)
    /// Entries may have come and gone between two answers, that far apart.
    case feedGap(FeedID, Duration)
    /// Entries came under other names, ids are believed no longer, or too many were new.
    case feedNaming(FeedID, EntryNaming.Event)
    /// So many feeds failed one after the other that it is this side's network …
    case networkLost(feeds: Int, reason: String)
    /// … and one of them answers again.
    case networkBack(after: Duration, feeds: Int)
    case storeUnavailable(reason: String)
    case storeAvailable(after: Duration)
    case clockMoved(by: Duration)
    case reloaded(added: Int, removed: Int, changed: Int)
    case reloadRefused([String])
    case stopping(reason: String)
    case stopped(pollsUnfinished: Int)
}

/// What happened since the start, as figures.
package struct Counters: Hashable, Sendable, Codable {
    package var polls = 0
    package var pollsFailed = 0
    package var pollsNotModified = 0
    package var pollsDeferred = 0
    package var coverageGaps = 0
    /// Answers in which most entries came under other names.
    package var renamings = 0
    /// Articles that were taken off the disk, and how often that failed.
    package var erased = 0
    package var erasingsFailed = 0
    package var entries = 0
    package var pagesUnread = 0
    package var rejected = 0
    /// By `Verdict.Kind`.
    package var verdicts: [String: Int] = [:]
    package var storeOutages = 0
    package var networkOutages = 0
    package var reloads = 0
    package var reloadsRefused = 0

    package init() {}

    /// Adds one event.
    package mutating func count(_ event: IngestionEvent) {
        switch event {
        case .polled(_, let outcome, _):
            polls += 1
            switch outcome.result {
            case .failed: pollsFailed += 1
            case .deferred: pollsDeferred += 1
            case .notModified: pollsNotModified += 1
            case .read(let tally): entries += tally.entries
            case .storeUnavailable, .abandoned: break
            }
        case .decided(let record):
            if let verdict = record.verdict {
                verdicts[verdict.kind.rawValue, default: 0] += 1
            } else if case .rejection = record.body {
                rejected += 1
            }
        case .pageUnread: pagesUnread += 1
        case .feedGap: coverageGaps += 1
        case .feedNaming(_, .renamed): renamings += 1
        case .erased(let articles, _): erased += articles
        case .unerased: erasingsFailed += 1
        case .storeUnavailable: storeOutages += 1
        case .networkLost: networkOutages += 1
        case .reloaded: reloads += 1
        case .reloadRefused: reloadsRefused += 1
        case .recovered, .indexRebuilt, .indexUnsaved, .templatesUnsaved, .templatesFull,
            .politenessUnwritten, .seedsLoaded, .seedProblem, .started, .documentDamaged,
            .feedFound, .sitemapUnread,
            .feedFailing, .feedParked, .feedRecovered, .feedMoved, .feedNaming, .networkBack,
            .storeAvailable, .clockMoved, .erasing, .stopping, .stopped:
            break
        }
    }
}
