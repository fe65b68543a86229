internal import ArgumentParser
internal import ArticleStore
internal import ControlAPI
internal import Deduplication
internal import Foundation
internal import Ingestion
internal import News

/// Where a command finds the daemon and the store.
struct Location: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The configuration file.", discussion: "Default: \(Configuration.defaultPath).",
            valueName: "file"))
    var config: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The daemon's status socket, if not the configured one.", valueName: "path"))
    var socket: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Read this store, without asking a daemon.", valueName: "dir"))
    var store: String?

    @Flag(name: .long, help: "Print JSON instead of text for people.")
    var json = false

    /// The configuration, if there is one. One that was named must be right; a default one that is
    /// not there is no mistake.
    private func configuration() throws(ConfigurationMistakes) -> Configuration? {
        if let config { return try Configuration.read(config) }
        guard socket == nil || store == nil,
            FileManager.default.isReadableFile(atPath: Configuration.defaultPath)
        else { return nil }
        return try? Configuration.read(Configuration.defaultPath)
    }

    /// The feeds of the configuration; none where there is no configuration.
    func configuredFeeds() throws(ConfigurationMistakes) -> [Feed] {
        try configuration()?.feeds ?? []
    }

    /// The daemon, whether it runs or not.
    func client() throws(ConfigurationMistakes) -> ControlClient {
        if let socket { return ControlClient(socketPath: socket) }
        let configured = try configuration()?.control.socket?.path
        return ControlClient(socketPath: configured ?? Configuration.defaultSocketPath)
    }

    func storePath() throws(ConfigurationMistakes) -> String {
        if let store { return store }
        return try configuration()?.ingestion.storePath ?? Configuration.defaultStorePath
    }

    /// The configured thresholds, else those that hold without a configuration.
    func decisions() throws(ConfigurationMistakes) -> DecisionOptions {
        try configuration()?.ingestion.ledger.decisions ?? DecisionOptions()
    }

    /// The configured seeds, or those of `paths` if there are any.
    func seeds(at paths: [String]) throws(ConfigurationMistakes) -> SeedOptions {
        var options = try configuration()?.ingestion.seeds ?? SeedOptions()
        if !paths.isEmpty { options.paths = paths }
        return options
    }

    /// The daemon where it runs, else the store's files.
    func archive() async throws -> Archive {
        if store != nil { return .files(path: try storePath()) }
        let client = try client()
        do throws(ControlError) {
            _ = try await client.readiness()
            return .daemon(client)
        } catch {
            guard case .notRunning = error else { throw error }
        }
        let path = try storePath()
        guard FileManager.default.fileExists(atPath: "\(path)/store.json") else {
            throw Failure(
                "the daemon is not running at \(client.socketPath), and there is no store at "
                    + "\(path): start it, or name one with --store or --socket",
                Exit.notRunning)
        }
        return .files(path: path)
    }
}

/// Stored articles and decisions, asked of the daemon or read from the files: the same answers.
enum Archive {
    case daemon(ControlClient)
    case files(path: String)

    func articles(_ query: [String: String]) async throws -> ArticlePage {
        switch self {
        case .daemon(let client): return try await client.articles(query)
        case .files(let path):
            return ArticlePage(
                try RecordShelf(path: path).page(try ArticleQuery(parameters: query)))
        }
    }

    func article(_ prefix: String) async throws -> StoredArticle {
        switch self {
        case .daemon(let client): return try await client.article(prefix)
        case .files(let path):
            guard prefix.utf8.count >= 4 else {
                throw Failure("\(prefix) is too short: give at least four digits", Exit.usage)
            }
            return try Self.only(
                try RecordShelf(path: path).article(prefix.lowercased()), prefix, "article")
        }
    }

    /// The id that starts so, also of an article that was taken out.
    static func articleID(_ prefix: String, inFiles path: String) throws -> ArticleID {
        if let whole = ArticleID(prefix.lowercased()) { return whole }
        guard prefix.utf8.count >= 4 else {
            throw Failure("\(prefix) is too short: give at least four digits", Exit.usage)
        }
        switch try RecordShelf(path: path).article(prefix.lowercased()) {
        case .forgotten(let id): return id
        case let lookup: return try only(lookup, prefix, "article").article.id
        }
    }

    func stories(_ query: [String: String]) async throws -> [StorySummary] {
        switch self {
        case .daemon(let client): return try await client.stories(query)
        case .files(let path):
            return try RecordShelf(path: path).stories(try StoryQuery(parameters: query))
        }
    }

    func story(_ prefix: String) async throws -> Story {
        switch self {
        case .daemon(let client): return try await client.story(prefix)
        case .files(let path):
            return try Self.only(
                try RecordShelf(path: path).story(prefix.lowercased()), prefix, "story")
        }
    }

    /// Without a daemon: the feeds whose states are stored.
    func feeds() async throws -> [FeedStatus] {
        switch self {
        case .daemon(let client): return try await client.feeds()
        case .files(let path):
            return try StoreReader(at: path).feedStates().map { state in
                FeedStatus(of: Feed(id: state.id, url: state.url), state: state)
            }
        }
    }

    private static func only<Found>(
        _ lookup: PrefixLookup<Found>, _ prefix: String, _ what: String
    ) throws -> Found {
        switch lookup {
        case .one(let found): return found
        case .none: throw Failure("no \(what) starts with \(prefix)", Exit.no)
        case .forgotten(let id): throw Failure("the \(what) \(id) was forgotten", Exit.no)
        case .ambiguous(let candidates):
            throw Failure(
                "\(prefix) is ambiguous:\n"
                    + candidates.map { "  \($0.id) \($0.title)" }.joined(separator: "\n"), Exit.no)
        }
    }
}

/// Prints a value as one line of JSON, which no control character leaves raw.
func printJSON(_ value: some Encodable, to terminal: Terminal) throws {
    try terminal.write(try ControlJSON.encode(value) + [0x0A])
}
