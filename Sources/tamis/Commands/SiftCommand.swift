internal import ArgumentParser
internal import ArticleStore
internal import ControlAPI
internal import Deduplication
internal import Foundation
internal import Glibc
internal import Ingestion
internal import Isolation
internal import News

struct Sift: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Decide a stream of documents without a daemon.",
        discussion: """
            Reads JSON lines {id, time, url, title, text, lang} on standard input, or the named \
            files and folders (JSON, JSON Lines, HTML, Markdown, plain text), and prints one \
            verdict a line, in order: each document is compared with the seeds, with what a store \
            holds, and with the documents before it. All cores prepare documents; the verdicts are \
            the same for any number of them. Ends with 65 when a line could not be read; the \
            others are decided all the same.

            Texts and what is looked up are on disk and not in memory: in files without a name in \
            /var/tmp, or where TMPDIR says, that are gone when the run ends. With --keep, texts \
            are kept in a store in that folder, and with --output as well a run that was ended \
            goes on where it stopped, when it is started again with the same input. \
            "tamis why --store" reads that store.
            """)

    @Argument(help: ArgumentHelp("Files or folders to read in place of standard input."))
    var paths: [String] = []
    @Option(help: ArgumentHelp("Files or folders that are held already.", valueName: "path"))
    var seeds: [String] = []
    @Option(help: ArgumentHelp("A store whose articles are held already.", valueName: "dir"))
    var store: String?
    @Option(help: ArgumentHelp("Keep texts and decisions in a store there.", valueName: "dir"))
    var keep: String?
    @OptionGroup var thresholds: Thresholds
    @Option(help: ArgumentHelp("Write the verdicts there.", valueName: "file"))
    var output: String?
    @Option(help: ArgumentHelp("Cores that prepare documents; all by default.", valueName: "count"))
    var cores: Int = ProcessInfo.processInfo.activeProcessorCount

    func run() async throws {
        try await reporting {
            var kept: ArticleStore?
            defer { kept?.close() }
            kept = try keep.map {
                try ArticleStore(
                    opening: $0, options: StoreOptions(), now: Clock.system.now())
            }
            for sentence in (kept?.recovery.sentences ?? []) + (kept?.takeNotices() ?? []) {
                Terminal.complain(visible(sentence))
            }
            // The same moment for all runs of one work, for documents without a time.
            let now = kept?.created ?? Clock.system.now()
            let answers = try SiftOutput(path: output, goesOn: kept != nil)
            let options = SiftOptions(decisions: try thresholds.applied(to: DecisionOptions()))
            let sifter = try sifter(options, kept, told: answers.decided)
            var run = SiftRun(
                sifter: sifter, answers: answers, options: options, cores: cores, now: now)
            if answers.lines > 0 {
                Terminal.complain("\(answers.lines) documents are answered; going on behind them")
            }
            if paths.isEmpty {
                try await run.readLines(from: 0)
            } else {
                try await run.readFiles(at: paths)
            }
            try await run.finish()
            if run.broken > 0 { throw Exit.badInput }
        }
    }

    private func sifter(
        _ options: SiftOptions, _ kept: ArticleStore?, told: UInt64
    ) throws -> Sifter {
        var seedOptions = SeedOptions()
        seedOptions.paths = seeds
        var corpus = try SeedCorpus()
        let standing = try readSeeds(seedOptions, now: Clock.system.now()) { try corpus.add($0) }
        for problem in standing.problems {
            Terminal.complain(visible("\(problem.path): \(problem.reason)"))
        }
        for path in seeds + paths where !FileManager.default.fileExists(atPath: path) {
            throw Failure("there is no \(path) to read", Exit.noInput)
        }
        let reader = try store.map { try StoreReader(at: $0) }
        let records: Sifter.RecordWalk = { take in try reader?.forEachRecord(take) }
        guard let kept else {
            return try Sifter(seeds: corpus, records: records, options: options)
        }
        return try Sifter(
            seeds: corpus, records: records, keptIn: kept, told: told, options: options)
    }
}

/// One run of a sieve: documents in, prepared on several cores, decided in order, answers out.
private struct SiftRun {
    private var sifter: Sifter
    private var answers: SiftOutput
    private let lanes: Lanes
    private let now: Instant
    private let options: SiftOptions
    private var chunk: [Raw] = []
    private var chunkBytes = 0
    /// Documents and broken lines that were met.
    private var met = 0
    private(set) var broken = 0

    /// What is to be prepared.
    private enum Raw: Sendable {
        case line([UInt8], number: Int)
        case article(name: String, Article)
        case tooLong(line: Int)
    }

    private enum Prepared: Sendable {
        case document(PreparedDocument)
        case broken(line: Int, why: String)
    }

    /// Documents that are prepared together, and bytes of them: what is in memory at once.
    private static let chunkMax = 512
    private static let chunkBytesMax = 16 << 20
    /// Bytes of one line.
    private static let lineBytesMax = 64 << 20

    init(sifter: Sifter, answers: SiftOutput, options: SiftOptions, cores: Int, now: Instant) {
        self.sifter = sifter
        self.answers = answers
        self.options = options
        self.now = now
        lanes = Lanes(count: min(max(1, cores), 64), label: "tamis.sift")
    }

    /// Reads JSON lines to the end of the descriptor.
    mutating func readLines(from descriptor: Int32) async throws {
        var reader = LineReader(descriptor: descriptor, lineBytesMax: Self.lineBytesMax)
        var number = 0
        while let line = try reader.next() {
            number += 1
            if line.isTooLong {
                try await add(.tooLong(line: number), bytes: 0)
            } else if !line.bytes.isEmpty {
                try await add(.line(line.bytes, number: number), bytes: line.bytes.count)
            }
        }
    }

    /// Reads every document file that is named or lies in a named folder, by name.
    mutating func readFiles(at paths: [String]) async throws {
        let scan = scanSeeds(at: paths)
        for problem in scan.problems.kept {
            Terminal.complain(visible("\(problem.path): \(problem.reason.description)"))
            broken += 1
        }
        for file in scan.files {
            if file.format == .jsonLines {
                let descriptor = open(file.path, O_RDONLY | O_CLOEXEC)
                guard descriptor >= 0 else {
                    throw Failure("\(file.path) cannot be opened", Exit.noInput)
                }
                defer { close(descriptor) }
                try await readLines(from: descriptor)
                continue
            }
            var articles: [(String, Article)] = []
            do throws(SeedProblem) {
                for sentence in try readArticles(of: file, at: now, { articles.append(($0, $1)) }) {
                    Terminal.complain(visible(sentence))
                }
            } catch {
                Terminal.complain(visible("\(error.path): \(error.reason.description)"))
                broken += 1
            }
            for (name, article) in articles {
                try await add(.article(name: name, article), bytes: article.text.utf8.count)
            }
        }
    }

    mutating func finish() async throws {
        try await decideChunk()
        try answers.close()
        Terminal.progress(nil)
    }

    private mutating func add(_ raw: Raw, bytes: Int) async throws {
        chunk.append(raw)
        chunkBytes += bytes
        if chunk.count >= Self.chunkMax || chunkBytes >= Self.chunkBytesMax {
            try await decideChunk()
        }
    }

    /// Prepares the chunk on all lanes, then decides it in order and writes its answers.
    private mutating func decideChunk() async throws {
        let (raw, now, options) = (chunk, now, options)
        chunk = []
        chunkBytes = 0
        let share = max(1, (raw.count + lanes.count - 1) / lanes.count)
        let lanes = lanes
        let parts = await withTaskGroup(of: (Int, [Prepared]).self) { group in
            for start in stride(from: 0, to: raw.count, by: share) {
                let part = Array(raw[start..<min(start + share, raw.count)])
                group.addTask {
                    (start, await lanes.run { part.map { Self.prepare($0, options, now) } })
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        var lines: [UInt8] = []
        for start in parts.keys.sorted() {
            for prepared in parts[start] ?? [] { try decide(prepared, into: &lines) }
        }
        // What is kept is never behind what was answered.
        try sifter.sync()
        try answers.write(lines)
        Terminal.progress("\(met) documents decided")
    }

    private mutating func decide(_ prepared: Prepared, into lines: inout [UInt8]) throws {
        switch prepared {
        case .broken(let line, let why):
            broken += 1
            Terminal.complain("line \(line) is no document: \(why)")
        case .document(let document):
            met += 1
            if met <= answers.lines { return sifter.pass(document) }
            lines += try ControlJSON.encode(try sifter.decide(document, at: now)) + [0x0A]
        }
    }

    private static func prepare(_ raw: Raw, _ options: SiftOptions, _ now: Instant) -> Prepared {
        switch raw {
        case .tooLong(let line):
            return .broken(line: line, why: "it is longer than \(lineBytesMax >> 20) MiB")
        case .article(let name, let article):
            return .document(PreparedDocument(article, named: name, options: options))
        case .line(let bytes, let number):
            guard
                let document = try? JSONDecoder().decode(SiftDocument.self, from: Data(bytes))
            else { return .broken(line: number, why: "id and text are needed") }
            return .document(PreparedDocument(document, options: options, at: now))
        }
    }
}
