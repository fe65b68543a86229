internal import ArgumentParser
internal import ArticleStore
internal import ControlAPI
internal import Foundation
internal import Ingestion
internal import News

struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check every record of the store.",
        discussion: "Changes nothing; may run beside the daemon. Ends with 1 when it found damage.")

    @OptionGroup var location: Location

    func run() async throws {
        try await reporting {
            let path = try location.storePath()
            var report = try StoreReader(at: path).verify { count in
                if count % 1000 == 0 { Terminal.progress("\(count) records checked") }
            }
            let runs = try RunKeeper(ofStore: path).check()
            report.derivedFiles += runs.sound
            report.damagedRuns = runs.damaged
            Terminal.progress(nil)
            let terminal = Terminal.ofProcess()
            if location.json {
                try printJSON(Answer(report), to: terminal)
            } else {
                for sentence in report.sentences.dropLast() {
                    try terminal.line(visible(sentence))
                }
                try terminal.line(
                    terminal.paint(
                        visible(report.sentences.last ?? ""), report.isSound ? .green : .red))
            }
            if !report.isSound { throw Exit.no }
        }
    }

    private struct Answer: Encodable {
        let sound: Bool
        let records: Int
        let articles: Int
        let revisions: Int
        let sightings: Int
        let rejections: Int
        let lastSeq: UInt64
        let findings: [String]

        enum CodingKeys: String, CodingKey {
            case sound, records, articles, revisions, sightings, rejections
            case lastSeq = "last_seq"
            case findings
        }

        init(_ report: VerifyReport) {
            sound = report.isSound
            records = report.records
            articles = report.articles
            revisions = report.revisions
            sightings = report.sightings
            rejections = report.rejections
            lastSeq = report.lastSeq
            findings = report.sentences
        }
    }
}

struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write stored articles as JSON lines or CSV.",
        discussion: "Reads the store's files; may run beside the daemon. Constant memory.")

    enum Format: String, ExpressibleByArgument, CaseIterable { case jsonl, csv }

    @OptionGroup var location: Location
    @OptionGroup var filter: ArticleFilter

    @Option(help: "jsonl or csv.") var format = Format.jsonl
    @Option(help: ArgumentHelp("Only records behind that place.", valueName: "seq"))
    var after: UInt64 = 0

    func run() async throws {
        try await reporting {
            let terminal = Terminal.ofProcess()
            let query = try ArticleQuery(parameters: filter.parameters)
            let reader = try StoreReader(at: try location.storePath())
            var failure: (any Error)?
            if format == .csv { try terminal.line(ArticleRow.heading) }
            try reader.forEachRecord(after: after) { record in
                guard query.matches(record), let stored = StoredArticle(record) else { return true }
                do {
                    switch format {
                    case .jsonl: try printJSON(stored, to: terminal)
                    case .csv: try terminal.write(Array(ArticleRow(stored).line.utf8))
                    }
                    return true
                } catch {
                    failure = error
                    return false
                }
            }
            if let failure { throw failure }
        }
    }
}

/// One article as a row of CSV (RFC 4180). A field that a spreadsheet would take for a formula is
/// preceded by an apostrophe.
struct ArticleRow {
    static let heading =
        "seq,id,feed,verdict,of,story,novelty,language,published,seen,stored,url,title,text\r"

    private let fields: [String]

    init(_ stored: StoredArticle) {
        let (article, verdict) = (stored.article, stored.verdict)
        fields = [
            String(stored.seq), article.id.description, article.origin.feed?.text ?? "",
            verdict.kind.rawValue, verdict.of?.id.description ?? "",
            verdict.story?.id.description ?? "", String(verdict.novelty.share),
            article.language ?? "", article.published?.description ?? "",
            article.seen.description, stored.stored.description,
            article.url?.withoutSecrets ?? "", article.title, article.text,
        ]
    }

    /// The row with its line end.
    var line: String { fields.map(Self.escaped).joined(separator: ",") + "\r\n" }

    /// Byte by byte: a quotation mark stays one when an accent follows it, though the two make one
    /// character.
    static func escaped(_ field: String) -> String {
        let isFormula = field.utf8.first.map { "=+-@\t\r".utf8.contains($0) } ?? false
        let field = isFormula ? "'" + field : field
        let quote = UInt8(ascii: "\"")
        guard field.utf8.contains(where: { [quote, 0x2C, 0x0A, 0x0D].contains($0) }) else {
            return field
        }
        let doubled = field.utf8.flatMap { $0 == quote ? [quote, quote] : [$0] }
        return "\"" + String(decoding: doubled, as: UTF8.self) + "\""
    }
}
