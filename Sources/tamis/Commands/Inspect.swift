internal import ArgumentParser
internal import FeedParsing
internal import Foundation
internal import Ingestion
internal import News
internal import PageExtraction

struct Inspect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the reading stages alone, on files.",
        subcommands: [InspectFeed.self, InspectPage.self])
}

/// One document to look at, or a list of them.
struct InspectionInput: ParsableArguments {
    @Argument(help: "The document; - for standard input.")
    var file: String?
    @Option(help: ArgumentHelp("The address that it came from.", valueName: "url"))
    var url: String?
    @Option(name: .customLong("type"), help: ArgumentHelp("The Content-Type that it came with."))
    var contentType: String?
    @Flag(
        help: ArgumentHelp(
            "Read many: one line each on standard input, path TAB url TAB content type; "
                + "print one JSON line each, in order."))
    var batch = false
    @Flag(name: .long, help: "Print JSON instead of text for people.")
    var json = false

    func validate() throws {
        guard batch != (file != nil) else {
            throw ValidationError("give a file, or --batch and the list on standard input")
        }
        if let url, HTTPURL(url) == nil {
            throw ValidationError("\(url) is no http or https address")
        }
    }
}

struct InspectFeed: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feed", abstract: "What a feed document says, entry by entry.",
        discussion: """
            With --discover the file is a page, and the feeds that it names are listed, the \
            best first: what is polled when a feed's address leads to a page. Ends with 65 when \
            the file is no feed, or names none.
            """)

    @OptionGroup var input: InspectionInput
    @Flag(help: "List the feeds that an HTML page names.")
    var discover = false

    func run() async throws {
        if discover {
            return try await inspect(input, Self.search, asJSON: { FeedCandidates($0) }) {
                FeedCandidates.lines(of: $0, for: $1)
            }
        }
        try await inspect(input, Self.read, asJSON: { FeedInspection($0) }) { $0.lines(for: $1) }
    }

    private static func read(_ document: InspectedDocument) -> Result<FeedDocument, FeedError> {
        do throws(FeedError) {
            return .success(
                try parseFeed(
                    document.bytes, from: document.url, declared: document.contentType))
        } catch {
            return .failure(error)
        }
    }
}

extension InspectFeed {
    private static func search(
        _ document: InspectedDocument
    ) -> Result<[FeedCandidate], FeedError> {
        let found = discoverFeeds(
            in: document.bytes, from: document.url, declared: document.contentType)
        return found.isEmpty ? .failure(.pageWithoutFeeds) : .success(found)
    }
}

/// The feeds that a page names, as JSON and for people.
private struct FeedCandidates: Encodable {
    var feeds: [FeedCandidate] = []
    var error: String?

    init(_ result: Result<[FeedCandidate], FeedError>) {
        switch result {
        case .success(let found): feeds = found
        case .failure(let refusal): error = refusal.description
        }
    }

    static func lines(of feeds: [FeedCandidate], for terminal: Terminal) -> [String] {
        var table = Table([
            .init(heading: "rank"), .init(heading: "type"),
            .init(heading: "url", isFlexible: true), .init(heading: "title", isFlexible: true),
        ])
        for feed in feeds {
            table.add([
                .init(feed.rank.rawValue), .init(feed.type ?? "-"),
                .init(feed.url.withoutSecrets), .init(feed.title ?? "-"),
            ])
        }
        return table.lines(for: terminal)
    }
}

struct InspectPage: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "page",
        abstract: "What a page's text is: what was kept, what was left out and why.",
        discussion: """
            Ends with 65 when the file is no page. A batch leaves out the single blocks.
            """)

    @OptionGroup var input: InspectionInput

    func run() async throws {
        let isBatch = input.batch
        try await inspect(
            input, Self.read, asJSON: { PageInspection($0, withBlocks: !isBatch) }
        ) { $0.lines(for: $1) }
    }

    private static func read(_ document: InspectedDocument) -> Result<Extraction, PageError> {
        do throws(PageError) {
            return .success(
                try readPage(
                    document.bytes, from: document.url, declared: document.contentType,
                    limits: PageLimits()))
        } catch {
            return .failure(error)
        }
    }
}

/// Reads one document, or each of a list, and prints what it is: as JSON, or for people as `lines`.
private func inspect<Content, Refusal: CustomStringConvertible>(
    _ input: InspectionInput, _ read: (InspectedDocument) -> Result<Content, Refusal>,
    asJSON json: (Result<Content, Refusal>) -> some Encodable,
    lines: (Content, Terminal) -> [String]
) async throws {
    try await reporting {
        let terminal = Terminal.ofProcess()
        if input.batch {
            return try forEachListedDocument { try printJSON(json(read($0)), to: terminal) }
        }
        let result = read(try InspectedDocument(input))
        if input.json {
            try printJSON(json(result), to: terminal)
            if case .failure = result { throw Exit.badInput }
            return
        }
        switch result {
        case .failure(let error): throw Failure(error.description, Exit.badInput)
        case .success(let content):
            for line in lines(content, terminal) { try terminal.line(line) }
        }
    }
}

/// A file with what is known about where it came from.
struct InspectedDocument {
    /// No more is read of one file.
    static let bytesMax = 64 << 20

    let bytes: [UInt8]
    let url: HTTPURL?
    let contentType: String?

    init(_ input: InspectionInput) throws(Failure) {
        bytes = try Self.contents(of: input.file ?? "-")
        url = input.url.flatMap { HTTPURL($0) }
        contentType = input.contentType
    }

    /// From a line of a list: path, address and type, parted by tabs.
    init(line: Substring) throws(Failure) {
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        bytes = try Self.contents(of: fields[0])
        url = fields.count > 1 ? HTTPURL(fields[1]) : nil
        contentType = fields.count > 2 && !fields[2].isEmpty ? fields[2] : nil
    }

    private static func contents(of path: String) throws(Failure) -> [UInt8] {
        let handle =
            path == "-" ? FileHandle.standardInput : FileHandle(forReadingAtPath: path)
        guard let handle, let data = try? handle.read(upToCount: bytesMax + 1) ?? Data() else {
            throw Failure("\(path) cannot be read", Exit.noInput)
        }
        guard data.count <= bytesMax else {
            throw Failure("\(path) has more than \(bytesMax) bytes", Exit.badInput)
        }
        return Array(data)
    }
}

/// Reads the list on standard input, one document after another; a file that cannot be read counts
/// as an empty one, so that answers stay in step with the list.
private func forEachListedDocument(_ visit: (InspectedDocument) throws -> Void) throws {
    while let line = readLine(strippingNewline: true) {
        let document: InspectedDocument
        do {
            document = try InspectedDocument(line: line[...])
        } catch {
            Terminal.complain(visible(error.sentence))
            document = InspectedDocument.unreadable
        }
        try visit(document)
    }
}

extension InspectedDocument {
    private init() {
        bytes = []
        url = nil
        contentType = nil
    }
    fileprivate static let unreadable = InspectedDocument()
}

extension FeedDocument {
    /// For people: the feed, then a line an entry.
    func lines(for terminal: Terminal) -> [String] {
        var lines = [
            terminal.paint(visible(title ?? "(no title)"), .bold),
            "\(format.rawValue), \(entries.count) entries"
                + (language.map { ", \(visible($0))" } ?? "")
                + (link.map { ", \(visible($0))" } ?? ""),
        ]
        lines += damage.map { terminal.paint("! \(visible($0))", .yellow) }
        var table = Table([
            .init(heading: "published"), .init(heading: "body", isNumeric: true),
            .init(heading: "title", isFlexible: true), .init(heading: "link", isFlexible: true),
        ])
        for entry in entries {
            let body = (entry.content ?? entry.summary)?.written.utf8.count ?? 0
            table.add([
                .init((entry.published ?? entry.updated)?.description ?? "-"), "\(body)",
                .init(entry.title ?? "-"), .init(entry.link ?? "-"),
            ])
        }
        return lines + [""] + table.lines(for: terminal)
    }
}

extension Extraction {
    /// For people: metadata with its sources, then every block with its fate.
    func lines(for terminal: Terminal) -> [String] {
        let width = max(20, min(terminal.columns, 100) - 14)
        var lines = [
            terminal.paint(visible(title ?? "(no title)"), .bold),
            "\(kind), \(textBytes) bytes of text", "",
        ]
        let zone = publishedZone ?? 0
        let fields: [(String, String?, FieldSource?)] = [
            ("title", title, sources.title),
            ("authors", authors.isEmpty ? nil : authors.joined(separator: ", "), sources.authors),
            ("published", published?.description(zoneMinutes: zone), sources.published),
            ("updated", updated?.description, sources.updated),
            ("language", language, sources.language), ("site", siteName, sources.siteName),
            ("canonical", declaredCanonical, sources.canonical),
        ]
        for (name, value, source) in fields {
            guard let value else { continue }
            let note = source.map { " (\($0.from.rawValue), \($0.confidence))" } ?? ""
            lines.append(
                terminal.paint(padded(name), .blue)
                    + fitted(visible(value), into: max(20, width - note.count))
                    + terminal.paint(note, .grey))
        }
        lines.append("")
        for block in blocks {
            lines.append(
                terminal.paint(padded(block.kind.rawValue), .green)
                    + fitted(visible(block.text), into: width))
        }
        if !dropped.isEmpty { lines += ["", "Left out:"] }
        for block in dropped {
            lines.append(
                terminal.paint(padded(block.reason), .grey)
                    + fitted(visible(block.text), into: width))
        }
        return lines
    }

    private func padded(_ word: String) -> String {
        let word = visible(word)
        return word + String(repeating: " ", count: max(1, 14 - word.utf8.count))
    }
}
