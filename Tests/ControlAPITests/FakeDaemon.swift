import ControlAPI
import Foundation
import News
import Synchronization
import Testing

/// What a daemon knows, for the API to tell.
struct FakeDaemon: Sendable {
    var records: [Record] = FakeDaemon.journey
    var status = FakeDaemon.status
    var isReady = true
    /// What was said by hand.
    var marks = Marks()
    var reload = Reload(at: FakeDaemon.noon, isApplied: true, changes: ["feed a added"])
    /// What asking the store ends with.
    var storeProblem: ControlProblem?
    /// Called before each page of records is given.
    var beforePage: @Sendable () async -> Void = {}

    /// An article that is not held.
    static let nobody = ArticleID(Digest(kind: "nobody", ""))
    static let noon = Instant(millisecondsSince1970: 1_795_521_600_000)

    static let status = StatusSnapshot(
        version: "1.0", pid: 7, state: .running, started: noon, now: noon.adding(.seconds(90)),
        store: StatusSnapshot.Store(
            path: "/var/lib/tamis", lastSeq: 4, verdicts: [.new: 2, .duplicate: 1], rejected: 1,
            diskFreeBytes: 1 << 30),
        feeds: StatusSnapshot.Feeds(counting: feeds), transfers: 2, queues: ["ledger": 3],
        memoryBytes: 1 << 24, events: ["poll_succeeded": 5, "odd \"\\\n\u{9b}name": 1],
        lastReload: Reload(at: noon, isApplied: true), problems: ["the disk is nearly full"])

    static let feeds: [FeedStatus] = ["a", "b"].compactMap { name in
        guard let id = FeedID(name),
            let url = HTTPURL("https://user:secret@\(name).example/feed#x")
        else { return nil }
        var state = FeedState(id: id, url: url)
        state.lastSuccess = noon
        state.counts.polls = 3
        return FeedStatus(
            of: Feed(id: id, url: url, labels: ["news"]), state: name == "a" ? state : nil)
    }

    /// A new article, a revision of it, a duplicate and a rejected entry.
    static let journey: [Record] = {
        let first = article("Élections à Mâcon", "Le maire a été réélu.", in: "a", language: "fr")
        let changed = article("Élections à Mâcon", "Le maire est battu.", in: "a", language: "fr")
        let copy = article("Mayor re-elected", "The mayor stays.", in: "b", language: "en-GB")
        let duplicate = verdict(.duplicate, of: Reference(to: first))
        return [
            .article(first, verdict(.new)),
            .revision(changed, verdict(.revision, of: Reference(to: first))),
            .sighting(Sighting(of: copy, verdict: duplicate)),
            .rejection(
                RejectedEntry(
                    feed: feeds[1].id, url: nil,
                    title: "Cookies", published: nil, seen: noon, aliases: [], entryDigest: nil,
                    reason: .notAnArticle(.consentWall))),
        ].enumerated().map { index, body in
            Record(
                seq: UInt64(index + 1), stored: noon.adding(.seconds(index * 60)), body: body)
        }
    }()

    static func article(
        _ title: String, _ text: String, in feed: String, language: String? = nil
    ) -> Article {
        let url = HTTPURL("https://\(feed).example/story")
        let id = ArticleID(Digest(kind: "test", feed, title))
        return Article(
            id: id, origin: FeedID(feed).map { .feed($0) } ?? .stream(id: feed), url: url,
            canonicalURL: url.map { canonicalise($0) }, title: title, text: text,
            authors: ["A. Author"], language: language, published: noon, seen: noon,
            textSource: .page, contentHash: Digest(kind: "test", text))
    }

    static func verdict(_ kind: Verdict.Kind, of reference: Reference? = nil) -> Verdict {
        Verdict(
            kind: kind, of: reference, novelty: Novelty(share: kind == .new ? 1 : 0),
            evidence: Evidence(rule: "nothing-alike", rules: 1))
    }

    /// The closures of this daemon.
    var provider: ControlProvider {
        ControlProvider(
            status: { status },
            readiness: {
                Readiness(isReady: isReady, problems: isReady ? [] : ["the store is verified"])
            },
            feeds: { Self.feeds },
            articles: { query in
                await beforePage()
                if let storeProblem { throw storeProblem }
                return page(query)
            },
            article: { prefix in
                if let storeProblem { throw storeProblem }
                return lookUp(prefix)
            },
            mark: { mark in
                if mark.id == mark.other { return .oneArticle }
                if mark.other == Self.nobody { return .notHeld(mark.other) }
                return .accepted(MarkAccepted(seq: 9, mark: mark))
            },
            forget: { id, reason in
                if reason == "seed" { return .seed }
                let isHeld = records.contains { $0.articleAndVerdict?.article.id == id }
                return isHeld
                    ? .forgotten(ForgetAccepted(seq: 10, id: id, isErased: true)) : .notHeld
            },
            stories: { query in stories.filter { $0.size >= query.sizeMin } },
            story: { prefix in
                guard let story = stories.first, "\(story.id)".hasPrefix(prefix) else {
                    return .none
                }
                let members = records.map { ArticleSummary(of: $0) }
                return .one(Story(story: story, articles: members))
            },
            seeds: {
                SeedStatus(
                    paths: ["/seeds"], files: 2, articles: 3, loaded: Self.noon,
                    problems: [.init(path: "/seeds/x.pdf", reason: "no format that is known")])
            },
            poll: { id in
                Self.feeds.contains { $0.id == id }
                    ? PollAccepted(feed: id, detail: "it is next") : nil
            },
            reload: { reload })
    }

    private func page(_ query: ArticleQuery) -> RecordPage {
        let found = (query.isNewestFirst ? records.reversed() : records).filter(query.matches)
        let taken = Array(found.prefix(query.limit))
        return RecordPage(
            records: taken, next: found.count > taken.count ? taken.last?.seq : nil)
    }

    private func lookUp(_ prefix: String) -> PrefixLookup<StoredArticle> {
        let found = records.filter {
            $0.articleAndVerdict?.article.id.description.hasPrefix(prefix) == true
        }
        let ids = Set(found.compactMap { $0.articleAndVerdict?.article.id })
        if ids.count > 1 {
            return .ambiguous(ids.sorted().map { PrefixCandidate(id: "\($0)", title: "one") })
        }
        let article = found.last.flatMap { record in
            StoredArticle(record, marks: ids.first.map { marks.of($0) } ?? [])
        }
        return article.map { .one($0) } ?? .none
    }

    private var stories: [StorySummary] {
        let members = records.map { ArticleSummary(of: $0) }
        guard let id = members.first?.id else { return [] }
        return StorySummary(id: StoryID(startedBy: id), members: members).map { [$0] } ?? []
    }
}

/// A control server for a fake daemon, with a client.
final class Served {
    let folder: TemporaryFolder
    let server: ControlServer
    let client: ControlClient
    let port: UInt16

    init(_ daemon: FakeDaemon = FakeDaemon(), limits: HTTPLimits = HTTPLimits()) throws {
        folder = try TemporaryFolder()
        server = ControlServer(
            options: ControlOptions(
                socket: UnixSocketOptions(path: folder("s")),
                tcpAddress: LoopbackAddress("127.0.0.1:0"), limits: limits),
            provider: daemon.provider)
        port = try #require(try server.start())
        client = ControlClient(socketPath: folder("s"))
    }

    deinit { stop() }

    func stop() { server.stop() }

    /// The whole answer to a request written by hand.
    func ask(
        _ line: String, _ fields: String = "Host: localhost\r\n", overTCP: Bool = false
    ) async throws -> String {
        let connection =
            try overTCP ? RawConnection(port: port) : RawConnection(unixSocket: folder("s"))
        await connection.send("\(line) HTTP/1.1\r\n\(fields)Connection: close\r\n\r\n")
        return try await connection.readToEnd()
    }

    /// The JSON object in the answer to a GET.
    func json(_ target: String) async throws -> [String: Any] {
        let answer = try await ask("GET \(target)")
        let body = try #require(answer.range(of: "\r\n\r\n"))
        let object = try JSONSerialization.jsonObject(with: Data(answer[body.upperBound...].utf8))
        return try #require(object as? [String: Any])
    }
}
