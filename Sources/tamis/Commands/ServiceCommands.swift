internal import ArgumentParser
internal import ControlAPI
internal import Foundation
internal import Glibc
internal import Ingestion
internal import Logging
internal import News

struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Poll the configured feeds until told to stop.",
        discussion: "SIGTERM and SIGINT stop it, SIGHUP reloads the configuration.")

    @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config = Configuration.defaultPath

    func run() async throws {
        try await reporting {
            let (configuration, logger) = try prepareService(config)
            let daemon = Daemon(
                configuration: configuration, path: config,
                supervisor: Supervisor(environment: ProcessInfo.processInfo.environment),
                logger: logger)
            try await daemon.run()
        }
    }
}

struct Once: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Poll every feed once, print a summary, and end.",
        discussion: """
            For cron and for trying out a configuration. Ends with 0 when at least one feed could \
            be read or none is configured, with 1 when every one failed.
            """)

    @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config = Configuration.defaultPath

    @Flag(name: .long, help: "Print JSON instead of text for people.")
    var json = false

    func run() async throws {
        try await reporting {
            let (configuration, logger) = try prepareService(config)
            let ingestor = Ingestor(options: configuration.ingestion) { logger.record($0) }
            try await ingestor.prepare(feeds: configuration.feeds)
            await ingestor.pollAllOnce()
            await ingestor.untilErased()
            let picture = ingestor.board.current
            await ingestor.stop(because: "the round is over", deadline: .seconds(5))
            let summary = RoundSummary(of: picture)
            let terminal = Terminal.ofProcess()
            if json {
                try printJSON(summary, to: terminal)
            } else {
                for line in summary.lines(for: terminal) { try terminal.line(line) }
            }
            if let problem = picture.storeProblem { throw Failure(problem, Exit.disk) }
            if !summary.feeds.isEmpty, summary.feeds.allSatisfy({ $0.lastFailure != nil }) {
                throw Exit.no
            }
        }
    }
}

/// What one round came to.
struct RoundSummary: Encodable {
    let feeds: [FeedStatus]
    let records: UInt64
    let verdicts: [String: Int]
    let rejected: Int

    init(of picture: Board.Picture) {
        feeds = FeedStatus.all(in: picture)
        records = picture.lastSeq
        verdicts = picture.counters.verdicts
        rejected = picture.counters.rejected
    }

    func lines(for terminal: Terminal) -> [String] {
        let decided = verdicts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        let failed = feeds.filter { $0.lastFailure != nil }.count
        return feedLines(feeds, now: Clock.system.now(), for: terminal) + [
            "",
            "\(feeds.count) feeds, \(failed) failed; "
                + (decided.isEmpty ? "nothing new" : decided.joined(separator: ", "))
                + ", \(rejected) rejected; the store has \(records) records",
        ]
    }
}

struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read a configuration and name every mistake in it.",
        discussion: "Ends with 78 when there is one.")

    @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config = Configuration.defaultPath

    @Flag(name: .long, help: "Print JSON instead of text for people.")
    var json = false

    func run() async throws {
        try await reporting {
            let terminal = Terminal.ofProcess()
            do {
                let configuration = try Configuration.read(config)
                if json {
                    return try printJSON(Answer(feeds: configuration.feeds.count), to: terminal)
                }
                try terminal.line(
                    "\(visible(config)): in order, \(configuration.feeds.count) feeds")
                if configuration.feeds.isEmpty {
                    try terminal.line("nothing is polled yet: add a [[feed]] table or an opml list")
                }
            } catch let mistakes as ConfigurationMistakes {
                guard json else { throw mistakes }
                try printJSON(Answer(mistakes), to: terminal)
                throw Exit.configuration
            }
        }
    }

    private struct Answer: Encodable {
        struct Problem: Encodable {
            let file: String
            let line: Int?
            let key: String?
            let sentence: String
        }
        var feeds: Int?
        var problems: [Problem] = []

        init(feeds: Int) { self.feeds = feeds }
        init(_ mistakes: ConfigurationMistakes) {
            problems = mistakes.problems.map {
                Problem(file: $0.file, line: $0.line, key: $0.key, sentence: $0.sentence)
            }
        }
    }
}

struct ReloadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload",
        abstract: "Have the daemon read its configuration again, and wait until it has.",
        discussion: "Ends with 78 when the configuration was refused; the old one stays in force.")

    @OptionGroup var location: Location

    func run() async throws {
        try await reporting {
            let terminal = Terminal.ofProcess()
            let reload = try await location.client().reload()
            if location.json { return try printJSON(reload, to: terminal) }
            for change in reload.changes { try terminal.line(visible(change)) }
        }
    }
}

struct Poll: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Have the daemon poll a feed now.")

    @OptionGroup var location: Location
    @Argument(help: "The feed's id.") var feed: String

    func run() async throws {
        try await reporting {
            guard let id = FeedID(feed) else { throw Failure("\(feed) is no feed id", Exit.usage) }
            let accepted = try await location.client().poll(id)
            let terminal = Terminal.ofProcess()
            if location.json { return try printJSON(accepted, to: terminal) }
            try terminal.line("\(accepted.feed): \(visible(accepted.detail))")
        }
    }
}

/// Reads the configuration and settles what the process needs before any thread is made.
private func prepareService(_ path: String) throws -> (Configuration, Logger) {
    let configuration = try Configuration.read(path)
    // A peer that hangs up, and a file that may not grow, are errors of one call, not our end.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    umask(0o077)
    let environment = ProcessInfo.processInfo.environment
    var logger = Logger(label: "tamis") { _ in
        LineLogHandler(level: configuration.logLevel, environment: environment)
    }
    logger.logLevel = configuration.logLevel
    return (configuration, logger)
}
