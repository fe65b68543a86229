internal import ArgumentParser
internal import ArticleStore
internal import Deduplication
internal import Foundation
internal import Ingestion
internal import News

struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Decide the store's articles again and list the verdicts that would be others.",
        discussion: """
            Writes nothing and asks no daemon. Without --set the configured thresholds are used: \
            then only verdicts of older rules are others. Without --seeds those of the \
            configuration are held; copies of seeds that are not there look new. Duplicates have \
            left no text and are not decided again.
            """)

    @OptionGroup var location: Location

    @OptionGroup var thresholds: Thresholds

    @Option(help: ArgumentHelp("Only what was stored at or after this time.", valueName: "time"))
    var since: String?

    @Option(help: ArgumentHelp("Files or folders that are held already.", valueName: "path"))
    var seeds: [String] = []

    func run() async throws {
        try await reporting {
            let options = try thresholds.applied(to: location.decisions())
            let start = try since.map { text in
                guard let time = Instant(rfc3339: text) else {
                    throw Failure("\(text) is no RFC 3339 time", Exit.usage)
                }
                return time
            }
            var corpus = try SeedCorpus()
            let standing = try readSeeds(
                try location.seeds(at: seeds), now: Clock.system.now()
            ) { try corpus.add($0) }
            for problem in standing.problems {
                Terminal.complain(visible("\(problem.path): \(problem.reason)"))
            }
            let marks = try StoreReader(at: try location.storePath()).marks()
            try replay(
                try Replay(seeds: corpus, options: options, marks: marks), since: start)
        }
    }

    private func replay(_ replay: Replay, since: Instant?) throws {
        let terminal = Terminal.ofProcess()
        var replay = replay
        var flips = 0
        var failure: (any Error)?
        try StoreReader(at: try location.storePath()).forEachRecord(after: 0) { record in
            let isWanted = since.map { record.stored >= $0 } ?? true
            do {
                guard let flip = try replay.take(record, isWanted: isWanted) else { return true }
                flips += 1
                try show(flip, on: terminal)
                return true
            } catch {
                failure = error
                return false
            }
        }
        if let failure { throw failure }
        if replay.seedsMissed > 0 {
            Terminal.complain(
                "\(replay.seedsMissed) verdicts name seeds that are not held here: --seeds names "
                    + "them")
        }
        if !location.json {
            try terminal.line("\(replay.decided) decided again, \(flips) otherwise")
        }
    }

    private func show(_ flip: Replay.Flip, on terminal: Terminal) throws {
        if location.json { return try printJSON(flip, to: terminal) }
        let scores = flip.scores.filter { $0.threshold != nil }.map { score in
            "\(score.name) \(Plain.score(score.value)) of \(Plain.score(score.threshold ?? 0))"
        }
        try terminal.line(
            "\(shortID(flip.id.description))  \(flip.was.verdict.rawValue) → "
                + "\(flip.now.verdict.rawValue)  \(visible(flip.title))")
        try terminal.line(
            "   by \(visible(flip.now.rule))"
                + (scores.isEmpty ? "" : ": " + scores.joined(separator: ", ")))
    }
}
