internal import ArgumentParser
internal import ArticleStore
internal import ControlAPI
internal import News

struct Requests: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What was asked of whom: every request, sent or kept back, and by which rule.",
        discussion: """
            Reads the store's files, whether or not the daemon runs. With --json one object a \
            line, with --csv a table, to show a publisher.
            """)

    @OptionGroup var location: Location

    @Option(help: ArgumentHelp("Only to this host and those below it.", valueName: "name"))
    var host: String?

    @Option(help: ArgumentHelp("Only at or after this RFC 3339 time.", valueName: "time"))
    var since: String?

    @Option(help: ArgumentHelp("The last so many of them.", valueName: "count"))
    var limit = 1000

    @Flag(help: "Print CSV.")
    var csv = false

    func run() async throws {
        try await reporting {
            let terminal = Terminal.ofProcess()
            let start = try since.map { text in
                guard let instant = Instant(rfc3339: text) else {
                    throw Failure("--since: \(visible(text)) is no RFC 3339 time", Exit.usage)
                }
                return instant
            }
            let wanted = host?.lowercased()
            func isWanted(_ host: String) -> Bool {
                wanted.map { host == $0 || host.hasSuffix(".\($0)") } ?? true
            }
            var notes: [RequestNote] = []
            try RequestLog.forEachNote(at: try location.storePath()) { note in
                guard isWanted(note.host), note.at >= start ?? .distantPast
                else { return }
                notes.append(note)
                // Twice as many at most, so that the cut is not made at every line.
                if notes.count > max(limit, 1) * 2 { notes.removeFirst(notes.count - limit) }
            }
            notes = notes.suffix(max(limit, 0))
            if location.json {
                for note in notes { try printJSON(note, to: terminal) }
                return
            }
            if csv {
                try terminal.write(Array((NoteRow.heading + "\r\n").utf8))
                for note in notes { try terminal.write(Array(NoteRow(note).line.utf8)) }
                return
            }
            guard !notes.isEmpty else { return try terminal.line("no requests are on record") }
            for line in requestLines(notes, for: terminal) { try terminal.line(line) }
        }
    }
}

/// One request as a row of CSV.
struct NoteRow {
    static let heading =
        "at,host,purpose,sent,conditional,status,wire_bytes,milliseconds,url,rule,outcome,asked,"
        + "conditions"

    private let fields: [String]

    init(_ note: RequestNote) {
        fields = [
            note.at.description, note.host, note.purpose, note.isSent ? "yes" : "no",
            note.isConditional ? "yes" : "no", note.status.map { String($0) } ?? "",
            String(note.wireBytes), String(note.milliseconds), note.url, note.rule, note.outcome,
            note.asked.joined(separator: "; "), note.conditions.joined(separator: "; "),
        ]
    }

    /// The row with its line end.
    var line: String { fields.map(ArticleRow.escaped).joined(separator: ",") + "\r\n" }
}

/// `tamis requests`.
private func requestLines(_ notes: [RequestNote], for terminal: Terminal) -> [String] {
    var table = Table([
        .init(heading: "at"), .init(heading: "for"), .init(heading: "answer"),
        .init(heading: "ms", isNumeric: true), .init(heading: "url", isFlexible: true),
        .init(heading: "rule", isFlexible: true), .init(heading: "outcome", isFlexible: true),
    ])
    for note in notes {
        let answer = note.isSent ? note.status.map { "\($0)" } ?? "none" : "not sent"
        table.add([
            .init(note.at.description), .init(note.purpose),
            .init(answer, note.isSent ? nil : .yellow), "\(note.milliseconds)", .init(note.url),
            .init(note.rule), .init(([note.outcome] + note.asked).joined(separator: "; ")),
        ])
    }
    return table.lines(for: terminal)
}
