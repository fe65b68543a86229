internal import Glibc
internal import Ingestion
internal import Logging
internal import News

/// Log lines on standard error, one write each: `level message key=value …`. Under journald they
/// carry the priority that sd-daemon(3) asks for, and no time of their own.
struct LineLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level
    private let isJournal: Bool

    init(level: Logger.Level, environment: [String: String]) {
        logLevel = level
        isJournal = environment["JOURNAL_STREAM"] != nil
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { _, new in new }
            .sorted { $0.key < $1.key }
            .map { " \($0.key)=\(quoted("\($0.value)"))" }.joined()
        let prefix =
            isJournal
            ? "<\(event.level.priority)>"
            : "\(Clock.system.now()) \(event.level.rawValue) "
        let bytes = Array("\(prefix)\(visible(event.message.description))\(fields)\n".utf8)
        _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// Nothing from outside reaches the log unescaped.
    private func quoted(_ value: String) -> String {
        let value = visible(value)
        guard value.isEmpty || value.contains(where: { $0 == " " || $0 == "\"" || $0 == "=" })
        else { return value }
        let escaped = value.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }
        return "\"\(escaped.joined())\""
    }
}

extension Logger.Level {
    /// syslog(3)'s levels.
    fileprivate var priority: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}

extension Logger {
    /// One event to one line: a constant message, the facts as metadata.
    func record(_ event: IngestionEvent) {
        switch event {
        case .recovered(let sentences):
            for sentence in sentences { notice("store recovered", ["store.found": sentence]) }
        case .indexRebuilt(let reason, let records):
            notice(
                "index rebuilt", ["index.reason": reason, "index.records": "\(records)"])
        case .indexUnsaved(let reason):
            warning("index not saved, it is rebuilt at the next start", ["reason": reason])
        case .templatesUnsaved(let reason):
            warning(
                "templates of hosts not saved, they are learnt anew if this goes on",
                ["reason": reason])
        case .templatesFull(let hosts):
            notice(
                "templates of no further hosts are learnt today: what recurs on their pages stays",
                ["template.hosts": "\(hosts)"])
        case .politenessUnwritten(.holds, let reason):
            warning(
                "hosts that want no requests not saved, they are forgotten by a restart",
                ["reason": reason])
        case .politenessUnwritten(.requests, let reason):
            warning("request ledger not written, it has a gap", ["reason": reason])
        case .seedsLoaded(let documents, let files, let fromMemory):
            info(
                "seeds loaded",
                [
                    "seeds.documents": "\(documents)", "seeds.files": "\(files)",
                    "seeds.from_memory": "\(fromMemory)",
                ])
        case .seedProblem(let sentence): warning("seed set aside", ["seed.reason": sentence])
        case .started(let feeds, let seq):
            info("started", ["feeds": "\(feeds)", "store.seq": "\(seq)"])
        case .polled(let feed, let outcome, let took): record(feed, outcome, took)
        case .decided(let record): self.record(record)
        case .erasing, .erased, .unerased: recordErasing(event)
        case .storeUnavailable(let reason):
            error("store unavailable, polling stopped", ["reason": reason])
        case .storeAvailable(let span):
            notice("store available, polling goes on", ["after": "\(span)"])
        case .networkLost(let feeds, let reason):
            warning(
                "no feed answers, the network may be down",
                ["feeds": "\(feeds)", "reason": reason])
        case .networkBack(let span, let feeds):
            notice("feeds answer again", ["after": "\(span)", "feeds": "\(feeds)"])
        case .clockMoved(let span): notice("clock moved", ["by": "\(span)"])
        case .reloaded(let added, let removed, let changed):
            notice(
                "configuration reloaded",
                [
                    "feeds.added": "\(added)", "feeds.removed": "\(removed)",
                    "feeds.changed": "\(changed)",
                ])
        case .reloadRefused(let problems):
            for problem in problems {
                error("configuration refused, the old one stays", ["reason": problem])
            }
        case .stopping(let reason): notice("stopping", ["reason": reason])
        case .stopped(let unfinished):
            notice("stopped", ["polls.unfinished": "\(unfinished)"])
        case .documentDamaged, .feedFound, .sitemapUnread, .pageUnread, .feedFailing,
            .feedParked, .feedRecovered, .feedMoved, .feedGap, .feedNaming:
            recordTrouble(event)
        }
    }

    /// What became of articles that were taken out.
    private func recordErasing(_ event: IngestionEvent) {
        switch event {
        case .erasing(let articles, let segments):
            debug(
                "taking what was forgotten off the disk",
                ["articles": "\(articles)", "segments.left": segments.map { "\($0)" } ?? "?"])
        case .erased(let articles, let left):
            info(
                "what was forgotten has left the disk",
                ["articles": "\(articles)", "articles.left": "\(left)"])
        case .unerased(let articles, let reason):
            warning(
                "what was forgotten is on the disk still, it is tried again",
                ["articles": "\(articles)", "reason": reason])
        default: break
        }
    }

    /// What happened to a feed or to what it leads to.
    private func recordTrouble(_ event: IngestionEvent) {
        switch event {
        case .documentDamaged(let feed, let damage):
            debug("feed document damaged", ["feed.id": feed.text, "feed.damage": "\(damage)"])
        case .feedFound(let feed, let candidate, let rivals):
            notice(
                "feed found on its page",
                [
                    "feed.id": feed.text, "feed.url": candidate.url.withoutSecrets,
                    "feed.title": candidate.title ?? "", "feed.rank": candidate.rank.rawValue,
                    "feed.rivals": "\(rivals)",
                ])
        case .sitemapUnread(let feed, let url, let reason):
            warning(
                "sitemap not read", ["feed.id": feed.text, "url": url, "reason": reason])
        case .pageUnread(let feed, let url, let reason, let willRetry):
            info(
                "page not read",
                [
                    "feed.id": feed.text, "url": url, "reason": reason,
                    "will_retry": "\(willRetry)",
                ])
        case .feedFailing(let feed, let reason):
            warning("feed failing", ["feed.id": feed.text, "reason": reason])
        case .feedParked(let feed, let until, let reason):
            notice(
                "feed parked",
                ["feed.id": feed.text, "until": "\(until)", "reason": reason])
        case .feedRecovered(let feed, let failures):
            notice("feed recovered", ["feed.id": feed.text, "failures": "\(failures)"])
        case .feedMoved(let feed, let address, let isBack):
            notice(
                isBack ? "feed's new address failed" : "feed moved, change its address",
                ["feed.id": feed.text, "feed.url": address])
        case .feedGap(let feed, let width):
            notice("feed has a gap", ["feed.id": feed.text, "gap": "\(width)"])
        case .feedNaming(let feed, let event): record(feed, event)
        default: break
        }
    }

    private func record(_ feed: FeedID, _ event: EntryNaming.Event) {
        switch event {
        case .renamed(let move):
            var facts = [
                "feed.id": feed.text, "renamed": "\(move.count)", "entries": "\(move.entries)",
            ]
            if let pair = move.pairs.first {
                facts["example.before"] = pair.before ?? ""
                facts["example.now"] = pair.now ?? ""
            }
            notice("feed gives its entries other ids", facts)
        case .distrusted(let distrust):
            notice(
                "feed's ids are not believed",
                [
                    "feed.id": feed.text, "reason": distrust.reason.rawValue,
                    "until": "\(distrust.until)",
                ])
        case .quarantined(let set):
            warning(
                "feed brings too many new entries",
                [
                    "feed.id": feed.text, "quarantined": "\(set.count)",
                    "example": set.samples.first ?? "",
                ])
        }
    }

    private func record(_ feed: FeedID, _ outcome: PollOutcome, _ took: Duration) {
        var facts: Metadata = [
            "feed.id": "\(feed)", "poll.duration_ms": "\(took.milliseconds)",
        ]
        switch outcome.result {
        case .notModified: facts["poll.result"] = "not modified"
        case .read(let tally):
            facts["poll.result"] = "read"
            facts["poll.entries"] = "\(tally.entries)"
            facts["poll.kept"] = "\(tally.kept)"
            facts["poll.duplicates"] = "\(tally.duplicates)"
            facts["poll.rejected"] = "\(tally.rejected)"
            facts["poll.postponed"] = "\(tally.postponed)"
        case .failed(let reason, _):
            facts["poll.result"] = "failed"
            facts["reason"] = "\(reason)"
        case .deferred(let reason, _):
            facts["poll.result"] = "deferred"
            facts["reason"] = "\(reason)"
        case .storeUnavailable: facts["poll.result"] = "not committed"
        case .abandoned: facts["poll.result"] = "abandoned"
        }
        info("polled", metadata: facts)
    }

    private func record(_ record: Record) {
        var facts: Metadata = ["record.seq": "\(record.seq)", "record.kind": "\(record.kind)"]
        if let verdict = record.verdict {
            facts["verdict"] = "\(verdict.kind.rawValue)"
            facts["verdict.rule"] = "\(verdict.evidence.rule)"
            facts["verdict.of"] = verdict.of.map { "\($0.id)" }
        }
        if let (article, _) = record.articleAndVerdict { facts["article.id"] = "\(article.id)" }
        if case .rejection(let rejected) = record.body {
            facts["reason"] = "\(rejected.reason)"
        }
        if case .correction(let mark) = record.body {
            facts["article.id"] = "\(mark.id)"
            facts["mark.relation"] = "\(mark.relation.rawValue)"
            facts["mark.other"] = "\(mark.other)"
        }
        if case .tombstone(let tombstone) = record.body {
            facts["article.id"] = "\(tombstone.id)"
            facts["reason"] = tombstone.reason.map { "\($0)" }
        }
        debug("decided", metadata: facts)
    }

    private func info(_ message: Message, _ facts: [String: String]) {
        log(level: .info, message, metadata: facts.mapValues { .string($0) })
    }
    private func debug(_ message: Message, _ facts: [String: String]) {
        log(level: .debug, message, metadata: facts.mapValues { .string($0) })
    }
    private func notice(_ message: Message, _ facts: [String: String]) {
        log(level: .notice, message, metadata: facts.mapValues { .string($0) })
    }
    private func warning(_ message: Message, _ facts: [String: String]) {
        log(level: .warning, message, metadata: facts.mapValues { .string($0) })
    }
    private func error(_ message: Message, _ facts: [String: String]) {
        log(level: .error, message, metadata: facts.mapValues { .string($0) })
    }
}
