import ArticleStore
import Fetching
import Ingestion
import News
import Synchronization
import TestSupport
import Testing

/// An entry of an invented feed, as RSS writes it.
struct PressItem: Sendable {
    var number: Int
    var guid: String?
    var link: String?
    var title: String
    /// HTML.
    var description: String
    var published: Instant?

    init(
        _ number: Int, guid: String? = nil, link: String? = nil, title: String? = nil,
        description: String? = nil, published: Instant? = nil
    ) {
        self.number = number
        self.guid = guid ?? "urn:item:\(number)"
        self.link = link
        self.title = title ?? Samples.title(number)
        self.description = description ?? "About case \(number)."
        self.published = published
    }

    /// The item with its text in full, as long as the page's.
    static func full(_ number: Int, paragraphs: Int = 4) -> PressItem {
        let html = Samples.paragraphs(number, count: paragraphs).map { "<p>\($0)</p>" }.joined()
        return PressItem(number, description: html)
    }
}

/// A newspaper on loopback whose feed and pages can be changed between polls, and misbehave.
final class Press: Sendable {
    let server: LoopbackServer
    private let state = Mutex<(items: [String: [PressItem]], etags: [String: Int])>(([:], [:]))

    init() throws { server = try LoopbackServer() }

    func url(_ path: String) throws -> HTTPURL { try #require(HTTPURL(server.url(path))) }

    /// A feed at `/<name>.xml`, with an entity tag that changes with its items.
    func publish(_ items: [PressItem], as name: String = "paper") {
        state.withLock {
            $0.items[name] = items
            $0.etags[name, default: 0] += 1
        }
        server.on("/\(name).xml") { [weak self] request in
            guard let self else { return .text("gone", status: 500) }
            let etag = state.withLock { "\"\(name)-\($0.etags[name, default: 0])\"" }
            if request.header("If-None-Match") == etag {
                return LoopbackAnswer([.send(LoopbackAnswer.head(304, ["ETag: \(etag)"]))])
            }
            return .text(
                rss(of: name), headers: ["ETag: \(etag)", "Content-Type: application/rss+xml"])
        }
    }

    /// The feed's document as it is served now.
    func rss(of name: String = "paper") -> String {
        let items = state.withLock { $0.items[name, default: []] }.map { item in
            let link = item.link ?? server.url("/a/\(item.number)")
            let date = item.published.map { "<dc:date>\($0)</dc:date>" } ?? ""
            return """
                <item><title>\(item.title)</title><link>\(link)</link>
                <guid isPermaLink="false">\(item.guid ?? "")</guid>\(date)
                <description><![CDATA[\(item.description)]]></description></item>
                """
        }
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
            <title>The \(name)</title><link>\(server.url("/"))</link>
            <description>Invented.</description>
            \(items.joined(separator: "\n"))
            </channel></rss>
            """
    }

    /// Pages at `/a/<number>` with the sample text of that number.
    func print(_ numbers: some Sequence<Int>, paragraphs: Int = 4) {
        for number in numbers {
            page(
                "/a/\(number)", Samples.title(number), Samples.paragraphs(number, count: paragraphs)
            )
        }
    }

    func page(_ path: String, _ title: String, _ paragraphs: [String], head: String = "") {
        let body = Self.html(title, paragraphs, head: head)
        server.on(path) { _ in .text(body, headers: ["Content-Type: text/html; charset=utf-8"]) }
    }

    static func html(_ title: String, _ paragraphs: [String], head: String = "") -> String {
        """
        <!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>\(title)</title>\(head)
        </head><body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav><main><article>
        <h1>\(title)</h1>\(paragraphs.map { "<p>\($0)</p>" }.joined(separator: "\n"))
        </article></main><footer>Imprint</footer></body></html>
        """
    }

    static let consentWall = """
        <!DOCTYPE html><html lang="en"><head><title>Your privacy</title></head><body>
        <h1>We value your privacy</h1><p>With your consent, we and our partners use cookies to store
        and access personal data on this device.</p><button>Accept all</button>
        <p>You may continue without accepting.</p></body></html>
        """

    /// How often that path was asked for.
    func asked(_ path: String) -> Int { server.requests(for: path).count }
}

/// A service on a press, whose polls are asked for one by one.
final class NewsScene: Sendable {
    let press: Press
    let folder: TemporaryFolder
    let faults: Faults
    let time: TestClock
    let journal = Journal()
    let ingestor: Ingestor
    let options: IngestorOptions

    init(
        _ press: Press? = nil, folder: TemporaryFolder? = nil, faults: Faults = Faults(),
        time: TestClock = TestClock(), _ change: (inout IngestorOptions) -> Void = { _ in }
    ) throws {
        self.press = try press ?? Press()
        self.folder = try folder ?? TemporaryFolder()
        self.faults = faults
        self.time = time
        var options = IngestorOptions(storePath: self.folder.store)
        options.fetching.hostSpacing = .zero
        options.fetching.allowedPrivateHosts = ["127.0.0.1"]
        options.ledger.store.calls = faults.calls
        change(&options)
        self.options = options
        ingestor = Ingestor(options: options, clock: time.clock) { [journal] in journal.add($0) }
    }

    func feed(
        _ name: String = "paper", _ change: (inout Feed) -> Void = { _ in }
    ) throws -> Feed {
        var feed = Feed(id: try Samples.feedID(name), url: try press.url("/\(name).xml"))
        change(&feed)
        return feed
    }

    /// Opens the store with these feeds, `paper` when none is given.
    func prepare(_ feeds: Feed...) async throws {
        try await ingestor.prepare(feeds: feeds.isEmpty ? [try feed()] : feeds)
    }

    /// Polls the feed once and gives back what came of it.
    @discardableResult
    func poll(_ name: String = "paper") async throws -> PollOutcome {
        await ingestor.pollOnce(try Samples.feedID(name))
        return try #require(journal.outcomes(of: name).last)
    }

    func state(_ name: String = "paper") throws -> FeedState {
        try #require(ingestor.board.current.feeds[try Samples.feedID(name)]?.state)
    }

    var records: [Record] {
        get throws { try folder.records() }
    }

    func stop() async { await ingestor.stop(because: "the test ends", deadline: .zero) }

    /// The service started anew on the same folder, as after a restart.
    func restarted() async throws -> NewsScene {
        await stop()
        let next = try NewsScene(press, folder: folder, faults: faults, time: time) {
            $0 = options
        }
        try await next.prepare()
        return next
    }
}

extension PollOutcome {
    /// The figures of a poll that was read; nil for any other.
    var tally: Tally? { if case .read(let tally) = result { tally } else { nil } }
    var failure: String? { if case .failed(let reason, _) = result { reason } else { nil } }
}
