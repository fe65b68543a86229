internal import ArgumentParser
internal import ControlAPI
internal import FeedParsing
internal import Ingestion
internal import News

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "How the daemon does.",
        discussion: "Ends with 3 when it does not run.")

    @OptionGroup var location: Location
    @Flag(help: "Show it again whenever something happens, until interrupted.")
    var watch = false

    func run() async throws {
        try await reporting {
            let terminal = Terminal.ofProcess()
            let client = try location.client()
            try await show(client, terminal)
            guard watch else { return }
            for try await _ in client.events() { try await show(client, terminal) }
        }
    }

    private func show(_ client: ControlClient, _ terminal: Terminal) async throws {
        let status = try await client.status()
        if location.json { return try printJSON(status, to: terminal) }
        if watch, terminal.isInteractive { try terminal.write(Array("\u{1B}[H\u{1B}[2J".utf8)) }
        for line in status.lines(for: terminal) { try terminal.line(line) }
    }
}

struct Feeds: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Every feed: its health, its last and next poll, what it gave.",
        discussion: """
            With an id, one feed in full: its coverage by days, and which entries got other ids. \
            --opml writes the configured feeds as a list for other readers: labels as folders, \
            the feed that was found where a site is configured, and no passwords.
            """)

    @OptionGroup var location: Location
    @Argument(help: ArgumentHelp("Only this feed, in full.", valueName: "feed"))
    var id: String?
    @Flag(help: "Print the list as OPML.")
    var opml = false

    func run() async throws {
        try await reporting {
            let terminal = Terminal.ofProcess()
            if opml { return try terminal.write(Array(try await outlines().utf8)) }
            let feeds = try await location.archive().feeds()
            if let id { return try show(id, of: feeds, terminal) }
            if location.json { return try printJSON(FeedList(feeds: feeds), to: terminal) }
            guard !feeds.isEmpty else { return try terminal.line("no feeds yet") }
            for line in feedLines(feeds, now: Clock.system.now(), for: terminal) {
                try terminal.line(line)
            }
        }
    }

    private func show(_ id: String, of feeds: [FeedStatus], _ terminal: Terminal) throws {
        guard let feed = feeds.first(where: { $0.id.text == id }) else {
            throw Failure("there is no feed \(visible(id)): tamis feeds lists them", Exit.no)
        }
        if location.json { return try printJSON(feed, to: terminal) }
        for line in feedLines(of: feed, now: Clock.system.now(), for: terminal) {
            try terminal.line(line)
        }
    }

    /// The configured feeds with what is known of them, or all that are known where no
    /// configuration is at hand.
    private func outlines() async throws -> String {
        var feeds = try location.configuredFeeds().map { FeedStatus(of: $0, state: nil) }
        if feeds.isEmpty {
            feeds = try await location.archive().feeds()
        } else if let known = try? await location.archive().feeds() {
            let states = Dictionary(
                known.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            for index in feeds.indices {
                guard let state = states[feeds[index].id], state.url == feeds[index].url else {
                    continue
                }
                feeds[index].foundURL = state.foundURL
                feeds[index].title = feeds[index].title ?? state.title
            }
        }
        return writeOPML(feeds.map(\.outline), title: "Feeds of Tamis")
    }
}

struct Articles: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What was stored, the newest first.")

    @OptionGroup var location: Location
    @OptionGroup var filter: ArticleFilter

    @Option(help: ArgumentHelp("At most so many.", valueName: "count"))
    var limit = 50

    @Option(help: ArgumentHelp("Oldest first, from behind that place on.", valueName: "seq"))
    var after: UInt64?

    func run() async throws {
        try await reporting {
            let terminal = Terminal.ofProcess()
            var query = filter.parameters
            query["limit"] = String(limit)
            if let after { query["after"] = String(after) } else { query["order"] = "newest" }
            let page = try await location.archive().articles(query)
            if location.json { return try printJSON(page, to: terminal) }
            guard !page.articles.isEmpty else { return try terminal.line("nothing matches") }
            for line in articleLines(page.articles, for: terminal) { try terminal.line(line) }
        }
    }
}

/// Which articles are meant.
struct ArticleFilter: ParsableArguments {
    @Option(help: "Only from this feed.") var feed: String?
    @Option(help: ArgumentHelp("Only stored at or after this RFC 3339 time.", valueName: "time"))
    var since: String?
    @Option(help: "Only new, duplicate, nearDuplicate, revision, excerpt or rejected.")
    var verdict: String?
    @Option(help: ArgumentHelp("Only with this share of new words, 0…1.", valueName: "share"))
    var noveltyMin: String?
    @Option(help: "Only in this language (BCP 47).") var language: String?
    @Option(help: "Only with this phrase, whatever its case and accents.") var text: String?

    var parameters: [String: String] {
        var parameters: [String: String] = [:]
        parameters["feed"] = feed
        parameters["since"] = since
        if verdict == "rejected" {
            parameters["kind"] = RecordKind.rejection.rawValue
        } else {
            parameters["verdict"] = verdict
        }
        parameters["novelty_min"] = noveltyMin
        parameters["language"] = language
        parameters["text"] = text
        return parameters
    }
}

/// An article by the beginning of its id.
struct ArticleArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("The article's id, or an unambiguous beginning of it."))
    var id: String
}

struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "One article with its text.")

    @OptionGroup var location: Location
    @OptionGroup var article: ArticleArgument

    func run() async throws {
        try await printArticle(article.id, location, asJSON: { $0 }) { $0.lines(for: $1) }
    }
}

struct Why: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Why an article is new, a copy, a revision or an excerpt: the evidence.")

    @OptionGroup var location: Location
    @OptionGroup var article: ArticleArgument

    func run() async throws {
        try await printArticle(article.id, location, asJSON: \.verdict) { $0.whyLines(for: $1) }
    }
}

struct New: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Only those passages of an article that are held nowhere else.")

    @OptionGroup var location: Location
    @OptionGroup var article: ArticleArgument

    func run() async throws {
        try await printArticle(article.id, location, asJSON: { NovelText(of: $0) }) {
            $0.newLines(for: $1)
        }
    }
}

/// The novel passages of an article with their words.
struct NovelText: Encodable {
    struct Passage: Encodable {
        let range: TextRange
        let text: String
    }

    let id: ArticleID
    let share: Double
    /// Share of the words in the passages of which it is not known.
    let unknown: Double
    let passages: [Passage]
    /// Told alike by somebody in other words.
    let unknownPassages: [Passage]

    enum CodingKeys: String, CodingKey {
        case id, share, unknown, passages
        case unknownPassages = "unknown_passages"
    }

    init(of stored: StoredArticle) {
        id = stored.article.id
        share = stored.verdict.novelty.share
        unknown = stored.verdict.novelty.unknown
        func told(_ passage: Novelty.Passage) -> Passage {
            Passage(range: passage.range, text: stored.article.text(in: passage.range))
        }
        passages = stored.verdict.novelty.passages.filter(\.isNew).map(told)
        unknownPassages = stored.verdict.novelty.passages.filter { $0.like != nil }.map(told)
    }
}

struct Stories: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Events that several articles tell of; or one of them, article by article.")

    @OptionGroup var location: Location

    @Argument(help: "A story's id, or an unambiguous beginning of it.")
    var id: String?
    @Option(help: ArgumentHelp("At most so many.", valueName: "count"))
    var limit = 50
    @Option(name: .customLong("size-min"), help: "Only stories with at least so many articles.")
    var sizeMin = 2
    @Option(help: ArgumentHelp("Only those that changed at or after this time.", valueName: "time"))
    var since: String?

    func run() async throws {
        try await reporting {
            let terminal = Terminal.ofProcess()
            let archive = try await location.archive()
            if let id {
                let story = try await archive.story(id)
                if location.json { return try printJSON(story, to: terminal) }
                try terminal.line(terminal.paint(visible(story.story.title), .bold))
                for line in articleLines(story.articles, for: terminal) { try terminal.line(line) }
                return
            }
            var query = ["limit": String(limit), "size_min": String(sizeMin)]
            query["since"] = since
            let stories = try await archive.stories(query)
            if location.json { return try printJSON(StoryList(stories: stories), to: terminal) }
            guard !stories.isEmpty else { return try terminal.line("nothing matches") }
            for line in storyLines(stories, now: Clock.system.now(), for: terminal) {
                try terminal.line(line)
            }
        }
    }
}

struct Seeds: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The seed corpus: what was read, what was set aside and why.")

    @OptionGroup var location: Location

    func run() async throws {
        try await reporting {
            let terminal = Terminal.ofProcess()
            let seeds = try await seedStatus()
            if location.json { return try printJSON(seeds, to: terminal) }
            for line in seeds.lines(for: terminal) { try terminal.line(line) }
        }
    }

    /// Asked of the daemon; without one, the configured files are read here.
    private func seedStatus() async throws -> SeedStatus {
        let client = try location.client()
        do throws(ControlError) {
            return try await client.seeds()
        } catch {
            guard case .notRunning = error else { throw error }
        }
        let path = location.config ?? Configuration.defaultPath
        let options = try Configuration.read(path).ingestion.seeds
        return SeedStatus(try readSeeds(options, now: Clock.system.now()) { _ in })
    }
}

/// Finds one article and prints it.
private func printArticle(
    _ id: String, _ location: Location, asJSON json: (StoredArticle) -> some Encodable,
    lines: (StoredArticle, Terminal) -> [String]
) async throws {
    try await reporting {
        let terminal = Terminal.ofProcess()
        let found = try await location.archive().article(id)
        if location.json { return try printJSON(json(found), to: terminal) }
        for line in lines(found, terminal) { try terminal.line(line) }
    }
}
