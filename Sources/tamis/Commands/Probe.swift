internal import ArgumentParser
internal import Fetching
internal import Foundation
internal import Ingestion
internal import News
internal import Synchronization

/// Asks a feed's address once, as the daemon would, and says what it saw.
struct ProbeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Ask a feed's address once, as the daemon would, and say what it sees.",
        discussion: """
            Under the same identity, limits and address checks, with the credentials of a feed \
            that the configuration has there; a host that asked the daemon to be left alone \
            is not asked. Nothing is kept. Ends with 1 when the daemon would count a failure.
            """)

    @Argument(help: "The feed's address, http or https, or its id in the configuration.")
    var feed: String
    @Option(
        help: ArgumentHelp("Take feeds, limits, identity and store from this.", valueName: "file"))
    var config: String?
    @OptionGroup var privateHosts: PrivateHosts
    @Flag(name: .long, help: "Print JSON instead of text for people.")
    var json = false

    func run() async throws {
        try await reporting {
            let terminal = Terminal.ofProcess()
            let configuration = try read()
            var options =
                configuration?.ingestion
                ?? IngestorOptions(storePath: Configuration.defaultStorePath)
            try privateHosts.allow(in: &options.fetching)
            let report = await report(on: try wanted(of: configuration), under: options)
            if json {
                try printJSON(report, to: terminal)
            } else {
                for line in report.lines(for: terminal) { try terminal.line(line) }
            }
            if report.failure != nil { throw Exit.no }
        }
    }

    private func read() throws(Failure) -> Configuration? {
        guard let config else { return nil }
        do throws(ConfigurationMistakes) {
            return try Configuration.read(config)
        } catch {
            throw Failure(error)
        }
    }

    /// The configured feed of that id or address, or one that has nothing but the address.
    private func wanted(of configuration: Configuration?) throws(Failure) -> Feed {
        let url = HTTPURL(feed)
        let known = configuration?.feeds.first { $0.id.text == feed || $0.url == url }
        if let known { return known }
        guard let url else {
            throw Failure("\(feed) is no http or https address, and no feed's id", Exit.usage)
        }
        return Feed(id: FeedID(derivedFrom: url), url: url)
    }

    private func report(on feed: Feed, under options: IngestorOptions) async -> ProbeReport {
        let notes = Mutex<[RequestNote]>([])
        let fetcher = Fetcher(
            options: options.fetching, now: Clock.system.now,
            note: { note in notes.withLock { $0.append(note) } })
        await fetcher.restore(holds: ProbeReport.holds(at: options.storePath))
        var report = await probe(
            feed, by: fetcher, under: options.pipeline.feedLimits, schedule: options.schedule,
            clock: .system)
        await fetcher.shutDown()
        report.requests = notes.withLock { $0 }
        return report
    }
}

extension ProbeReport {
    /// For people: what was asked, what came, what would follow.
    func lines(for terminal: Terminal) -> [String] {
        var lines = [terminal.paint(visible(url), .bold)]
        lines += requests.map { note in
            let answer = note.isSent ? note.status.map { "\($0)" } ?? "none" : "not sent"
            let facts = ["\(note.milliseconds) ms", "\(note.wireBytes) bytes"] + note.asked
            return terminal.paint(named(answer), .blue)
                + visible(note.url + "  " + facts.joined(separator: ", "))
        }
        if let answer { lines += answer.lines.map { row($0, $1, terminal) } }
        if let feed { lines += feed.lines.map { row($0, $1, terminal) } }
        if let sitemaps { lines.append(row("sitemaps", "an index of \(sitemaps)", terminal)) }
        lines += names.map {
            row("names", "\($0.url.withoutSecrets) (\($0.rank.rawValue))", terminal)
        }
        if let failure {
            let kind = failureClass.map { " [\($0.rawValue)]" } ?? ""
            lines.append(terminal.paint(named("failed") + visible(failure + kind), .red))
        }
        if let plan { lines.append(row("next", plan.sentence, terminal)) }
        return lines
    }

    private func row(_ name: String, _ value: String, _ terminal: Terminal) -> String {
        terminal.paint(named(name), .green) + visible(value)
    }

    private func named(_ word: String) -> String {
        word + String(repeating: " ", count: max(1, 14 - word.utf8.count))
    }
}

extension ProbeReport.Answer {
    fileprivate var lines: [(String, String)] {
        var lines = [("type", contentType ?? "none said"), ("size", "\(bytes) bytes")]
        lines.append(("validators", etag.map { "ETag \($0)" } ?? "no ETag"))
        lines[2].1 += ", " + (lastModified.map { "Last-Modified \($0)" } ?? "no Last-Modified")
        if let freshSeconds { lines.append(("fresh for", "\(freshSeconds) s")) }
        if let retryAfter { lines.append(("wait until", "\(retryAfter)")) }
        if let movesTo { lines.append(("moves to", movesTo)) }
        return lines
    }
}

extension ProbeReport.Document {
    fileprivate var lines: [(String, String)] {
        var lines = [
            ("feed", "\(format.rawValue), \(title ?? "without a title")"),
            (
                "entries",
                "\(entries), \(dated) with a date, \(identified) with an id, \(linked) with a link"
            ),
        ]
        if let oldest, let newest { lines.append(("dates", "\(oldest) to \(newest)")) }
        if sharedIDs > 0 { lines.append(("ids", "\(sharedIDs) stand for several entries")) }
        if let seconds = hints.updateIntervalSeconds { lines.append(("asks for", "\(seconds) s")) }
        if !hints.skipHours.isEmpty || !hints.skipDays.isEmpty {
            let hours = hints.skipHours.sorted().map { "\($0) h" }
            let days = hints.skipDays.sorted().map { "day \($0)" }
            lines.append(("skips", (hours + days).joined(separator: ", ")))
        }
        lines += hubs.map { ("hub", $0) }
        lines += damage.map { ("damage", $0) }
        return lines
    }
}

extension ProbeReport.Plan {
    fileprivate var sentence: String {
        var sentence = "no poll"
        if let nextPoll, let seconds {
            sentence = "poll at \(nextPoll), in about \(max(1, (seconds + 30) / 60)) min"
        }
        if let parkedAfter { return sentence + "; parked after \(parkedAfter) such failures" }
        return sentence + (isConditional ? ", with its validators" : ", without validators")
    }
}
