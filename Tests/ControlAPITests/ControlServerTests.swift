import ControlAPI
import Foundation
import News
import Testing

@Suite struct ControlServerTests {
    // MARK: - Each endpoint, by the client

    @Test func statusComesBackAsItWas() async throws {
        let served = try Served()
        defer { served.stop() }
        #expect(try await served.client.status() == FakeDaemon.status)
        let json = try await served.json("/v1/status")
        #expect(json["uptime_seconds"] as? Int == 90)
        #expect(json["state"] as? String == "running")
        let store = try #require(json["store"] as? [String: Any])
        #expect((store["verdicts"] as? [String: Int])?["new"] == 2)
    }

    @Test func feedsComeBackWithoutTheirSecrets() async throws {
        let served = try Served()
        defer { served.stop() }
        #expect(try await served.client.feeds() == FakeDaemon.feeds)
        let a = try #require(FeedID("a"))
        let feed = try await served.client.feed(a)
        #expect(feed.url == "https://a.example/feed")
        #expect(feed.health == .healthy)
        #expect(try await !served.ask("GET /v1/feeds").contains("secret"))
    }

    @Test func articlesComeAPageAtATime() async throws {
        let served = try Served()
        defer { served.stop() }
        let client = served.client
        var seen: [ArticleSummary] = []
        var after: UInt64 = 0
        while true {
            let page = try await client.articles(["after": "\(after)", "limit": "3"])
            seen += page.articles
            guard let next = page.next else { break }
            after = next
        }
        #expect(seen == FakeDaemon.journey.map { ArticleSummary(of: $0) })
        #expect(seen.map(\.kind) == [.article, .revision, .sighting, .rejection])
        #expect(seen.map(\.words) == [5, 4, nil, nil])
        #expect(seen.last?.reason == "the page is a consent wall, not an article")
    }

    @Test(
        arguments: [
            ([:], [1, 2, 3, 4]),
            (["order": "newest", "limit": "2"], [4, 3]),
            (["order": "newest", "before": "3"], [2, 1]),
            (["feed": "b"], [3, 4]),
            (["since": "2026-11-24T12:02:00Z"], [3, 4]),
            (["since": "2026-11-24T13:02:00+01:00"], [3, 4]),
            (["verdict": "duplicate"], [3]),
            (["kind": "revision,rejection"], [2, 4]),
            (["language": "fr"], [1, 2]),
            (["language": "FR"], [1, 2]),
            (["text": "REELU"], [1]),
            (["text": "élections a macon"], [1, 2]),
            (["text": "nowhere"], []),
            (["feed": "a", "verdict": "new", "text": "maire"], [1]),
        ] as [([String: String], [UInt64])])
    func articlesAreFiltered(_ query: [String: String], _ seqs: [UInt64]) async throws {
        let served = try Served()
        defer { served.stop() }
        let page = try await served.client.articles(query)
        #expect(page.articles.map(\.seq) == seqs)
    }

    @Test func articleIsFoundByThePrefixOfItsID() async throws {
        let served = try Served()
        defer { served.stop() }
        let client = served.client
        let record = FakeDaemon.journey[1]
        let id = try #require(record.articleAndVerdict?.article.id.description)
        #expect(try await client.article(id) == StoredArticle(record))
        #expect(try await client.article(id.prefix(6).uppercased()) == StoredArticle(record))
        #expect(try await client.verdict(String(id.prefix(4))) == record.verdict)
        let json = try await served.json("/v1/articles/\(id)")
        #expect(json["text"] as? String == "Le maire est battu.")
        #expect(json["seq"] as? Int == 2)
    }

    @Test func ambiguousPrefixNamesWhatItCouldBe() async throws {
        var daemon = FakeDaemon()
        let digests = [0xABCD_0000_0000_0000, 0xABCD_1000_0000_0000].map {
            Digest(high: $0, low: 0)
        }
        daemon.records = digests.enumerated().map { index, digest in
            var article = FakeDaemon.article("t", "one two", in: "a")
            article.id = ArticleID(digest)
            return Record(
                seq: UInt64(index + 1), stored: FakeDaemon.noon,
                body: .article(article, FakeDaemon.verdict(.new)))
        }
        let served = try Served(daemon)
        defer { served.stop() }
        let error = await #expect(throws: ControlError.self) {
            try await served.client.article("abcd")
        }
        guard case .refused(let problem) = error else { throw try #require(error) }
        #expect(problem.status == 409)
        #expect(problem.candidates?.map(\.id) == digests.map(\.hexadecimal))
        #expect(problem.description.contains("abcd1000"))
    }

    @Test(arguments: ["abc", "xyzw", String(repeating: "a", count: 33), "%61bcd", "ab cd"])
    func whatCannotBeAPrefixIsRefused(_ prefix: String) async throws {
        let served = try Served()
        defer { served.stop() }
        let error = await #expect(throws: ControlError.self) {
            try await served.client.article(prefix)
        }
        guard case .refused(let problem) = error else { throw try #require(error) }
        #expect(problem.status == 400)
    }

    @Test func storiesAreListedAndShown() async throws {
        let served = try Served()
        defer { served.stop() }
        let client = served.client
        let story = try #require(try await client.stories().first)
        #expect(story.size == 1)
        #expect(story.title == "Élections à Mâcon")
        #expect(try await client.stories(["size_min": "2"]) == [])
        let shown = try await client.story(String("\(story.id)".prefix(8)))
        #expect(shown.story == story)
        #expect(shown.articles.count == 4)
    }

    @Test func seedsAreTold() async throws {
        let served = try Served()
        defer { served.stop() }
        let seeds = try await served.client.seeds()
        #expect(seeds.articles == 3)
        #expect(seeds.problems.first?.path == "/seeds/x.pdf")
    }

    @Test func pollIsAcceptedForAKnownFeedOnly() async throws {
        let served = try Served()
        defer { served.stop() }
        let a = try #require(FeedID("a"))
        #expect(try await served.client.poll(a).feed == a)
        #expect(try await served.ask("POST /v1/feeds/a/poll").hasPrefix("HTTP/1.1 202 "))
        #expect(try await served.ask("POST /v1/feeds/nobody/poll").hasPrefix("HTTP/1.1 404 "))
    }

    @Test func reloadTellsWhatItDidOrAllThatWasWrong() async throws {
        let served = try Served()
        defer { served.stop() }
        #expect(try await served.client.reload().changes == ["feed a added"])
        var daemon = FakeDaemon()
        daemon.reload = Reload(
            at: FakeDaemon.noon, isApplied: false, problems: ["line 3: no url", "line 9: no id"])
        let refusing = try Served(daemon)
        defer { refusing.stop() }
        let error = await #expect(throws: ControlError.self) {
            try await refusing.client.reload()
        }
        guard case .refused(let problem) = error else { throw try #require(error) }
        #expect(problem.status == 422)
        #expect(problem.problems == ["line 3: no url", "line 9: no id"])
    }

    @Test func readinessHasAStatusOfItsOwn() async throws {
        let ready = try Served()
        defer { ready.stop() }
        #expect(try await ready.ask("GET /readyz").hasPrefix("HTTP/1.1 200 "))
        #expect(try await ready.ask("GET /healthz").hasPrefix("HTTP/1.1 200 "))
        var daemon = FakeDaemon()
        daemon.isReady = false
        let busy = try Served(daemon)
        defer { busy.stop() }
        #expect(try await busy.ask("GET /readyz").hasPrefix("HTTP/1.1 503 "))
        #expect(try await busy.client.readiness().problems == ["the store is verified"])
        #expect(try await busy.ask("GET /healthz").hasPrefix("HTTP/1.1 200 "))
    }

    @Test func indexNamesOnlyWhatAnswers() async throws {
        let served = try Served()
        defer { served.stop() }
        let endpoints = try #require(try await served.json("/")["endpoints"] as? [String: String])
        #expect(endpoints.count == 19)
        for name in endpoints.keys where name != "GET /events" {
            let line = name.replacing("feeds/{id}", with: "feeds/a")
                .replacing("{same|different|clear}", with: "same")
                .replacing("{id}", with: "0000")
            let answer = try await served.ask(line)
            // Nothing has the id 0000, but the address is known.
            #expect(
                answer.hasPrefix("HTTP/1.1 2") || answer.contains("starts with 0000"), "\(name)")
        }
    }

    @Test func aMarkIsMadeOfTwoArticlesAndToldWithThem() async throws {
        var daemon = FakeDaemon()
        let ids = Set(daemon.records.compactMap { $0.articleAndVerdict?.article.id })
        let id = try #require(ids.first)
        let other = ArticleID(Digest(kind: "other", ""))
        daemon.marks = Marks([Mark(id: id, other: other, relation: .same)])
        let served = try Served(daemon)
        defer { served.stop() }
        let told = try await served.json("/v1/articles/\(id)")
        #expect((told["marks"] as? [[String: String]])?.first?["relation"] == "same")
        #expect(
            try await served.ask("POST /v1/articles/\(id)/same/\(id)").hasPrefix("HTTP/1.1 409 "))
        #expect(
            try await served.ask("POST /v1/articles/\(id)/alike/\(id)").hasPrefix("HTTP/1.1 404 "))
        #expect(
            try await served.ask("GET /v1/articles/\(id)/same/\(id)").hasPrefix("HTTP/1.1 405 "))
    }

    /// Whether a whole id is held the writer knows, and no record is read for it.
    @Test func wholeIDsAreNotLookedFor() async throws {
        let served = try Served(FakeDaemon())
        defer { served.stop() }
        let (one, other) = (Digest(kind: "one", ""), Digest(kind: "other", ""))
        #expect(
            try await served.client.mark(one.hexadecimal, .same, other.hexadecimal.uppercased())
                == MarkAccepted(
                    seq: 9, mark: Mark(id: ArticleID(one), other: ArticleID(other), relation: .same)
                ))
        await #expect(throws: ControlError.self) {
            try await served.client.mark("abcdef", .same, other.hexadecimal)
        }
        let error = await #expect(throws: ControlError.self) {
            try await served.client.mark(
                one.hexadecimal, .same, FakeDaemon.nobody.digest.hexadecimal)
        }
        guard case .refused(let problem) = error else { throw try #require(error) }
        #expect(problem.status == 404 && problem.detail.hasSuffix(" \(FakeDaemon.nobody)"))
    }

    @Test func anArticleIsForgottenByWhoeverMayChangeThings() async throws {
        let daemon = FakeDaemon()
        let ids = Set(daemon.records.compactMap { $0.articleAndVerdict?.article.id })
        let id = try #require(ids.first)
        let served = try Served(daemon)
        defer { served.stop() }
        #expect(
            try await served.client.forget("\(id)", because: "it was asked for, & so on")
                == ForgetAccepted(seq: 10, id: id, isErased: true))
        #expect(try await served.ask("GET /v1/articles/\(id)/forget").hasPrefix("HTTP/1.1 405 "))
        let unknown = Digest(kind: "other", "").hexadecimal
        #expect(
            try await served.ask("POST /v1/articles/\(unknown)/forget")
                .hasPrefix("HTTP/1.1 404 "))
        let seed = try await served.ask("POST /v1/articles/\(id)/forget?reason=seed")
        #expect(seed.hasPrefix("HTTP/1.1 409 ") && seed.contains("take it out of its file"))
        let long = String(repeating: "x", count: Tombstone.reasonBytesMax + 1)
        #expect(
            try await served.ask("POST /v1/articles/\(id)/forget?reason=\(long)")
                .hasPrefix("HTTP/1.1 400 "))
    }

    @Test func closedStoreIsSaidAsItIs() async throws {
        var daemon = FakeDaemon()
        daemon.storeProblem = ControlProblem(status: 503, detail: "the store is being verified")
        let served = try Served(daemon)
        defer { served.stop() }
        let answer = try await served.ask("GET /v1/articles")
        #expect(answer.hasPrefix("HTTP/1.1 503 "))
        #expect(answer.contains("application/problem+json"))
        #expect(answer.contains("the store is being verified"))
        #expect(try await served.client.status().state == .running)
    }

    // MARK: - Hostile and mistaken requests

    /// Fault K8.
    @Test(arguments: [
        "/../", "/v1/../v1/status", "/v1/%2e%2e/status", "//v1/status", "/v1//status",
        "/v1/status/", "/v1/%73tatus", "/V1/status", "/v1", "/v1/", "/v1/feeds/../status",
        "/v1/feeds/a%2Fb", "/v1/feeds/..", "/v1/articles//verdict", "/v1/feeds/a/poll/x",
        "/;/v1/status", "/.", "/etc/passwd", "/v1/status%00",
    ])
    func onlyTheOneSpellingLeadsAnywhere(_ path: String) async throws {
        let answer = try await Served().ask("GET \(path)")
        #expect(answer.hasPrefix("HTTP/1.1 404 "))
        #expect(answer.contains("\"status\":404"))
    }

    @Test func everyMistakeInAQueryIsNamed() async throws {
        let served = try Served()
        defer { served.stop() }
        let target =
            "/v1/articles?limit=1001&verdict=old&frobnicate=1&since=today&feed=%00&text=%ff"
        let answer = try await served.ask("GET \(target)")
        #expect(answer.hasPrefix("HTTP/1.1 400 "))
        for name in ["limit: ", "verdict: ", "frobnicate: ", "since: ", "feed: ", "text=%ff: "] {
            #expect(answer.contains(name), "\(name)")
        }
    }

    @Test(arguments: [
        "/v1/status?x=1", "/v1/articles?limit=1&limit=2", "/v1/articles?limit=0",
        "/v1/articles?after=-1", "/v1/articles?after=18446744073709551616",
        "/v1/articles?order=up", "/v1/articles?kind=article,", "/v1/articles?text=%4",
        "/feed.json?verdict=duplicate", "/feed.atom?limit=201", "/events?after=x", "/?x",
        "/v1/stories?size_min=0",
    ])
    func mistakenQueryIsRefused(_ target: String) async throws {
        #expect(try await Served().ask("GET \(target)").hasPrefix("HTTP/1.1 400 "))
    }

    @Test(arguments: [
        ("POST", "/v1/status", "GET, HEAD"), ("DELETE", "/v1/feeds/a", "GET, HEAD"),
        ("GET", "/v1/reload", "POST"), ("HEAD", "/v1/feeds/a/poll", "POST"),
        ("OPTIONS", "/v1/reload", "POST"), ("TRACE", "/", "GET, HEAD"),
    ])
    func otherMethodIsToldWhichOnesThereAre(
        _ method: String, _ path: String, _ allowed: String
    ) async throws {
        let answer = try await Served().ask("\(method) \(path)")
        #expect(answer.hasPrefix("HTTP/1.1 405 "))
        #expect(answer.contains("Allow: \(allowed)\r\n"))
    }

    // MARK: - Over TCP

    @Test(arguments: ["localhost", "localhost:8080", "127.0.0.1", "127.9.9.9:1", "[::1]:80"])
    func loopbackNamesAreAnswered(_ host: String) async throws {
        let answer = try await Served().ask("GET /v1/status", "Host: \(host)\r\n", overTCP: true)
        #expect(answer.hasPrefix("HTTP/1.1 200 "))
    }

    /// A page of another site whose name was made to lead to 127.0.0.1.
    @Test(arguments: [
        "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "128.0.0.1", "",
        "localhost:", "localhost:evil", "::1", "127.0.0.1:99999", "127.1", "127.0.0.+1",
    ])
    func otherNamesAreRefused(_ host: String) async throws {
        let answer = try await Served().ask("GET /v1/status", "Host: \(host)\r\n", overTCP: true)
        #expect(answer.hasPrefix("HTTP/1.1 403 "))
    }

    @Test func changeOverTCPNeedsItsHeader() async throws {
        let served = try Served()
        defer { served.stop() }
        let host = "Host: localhost\r\nContent-Length: 0\r\n"
        let bare = try await served.ask("POST /v1/reload", host, overTCP: true)
        #expect(bare.hasPrefix("HTTP/1.1 403 "))
        #expect(bare.contains("Tamis-Intent"))
        let meant = try await served.ask(
            "POST /v1/reload", host + "Tamis-Intent: reload\r\n", overTCP: true)
        #expect(meant.hasPrefix("HTTP/1.1 200 "))
    }

    // MARK: - What answers look like

    /// Faults K9 and C1.
    @Test func hostileTitleStaysDataAndNeverReachesATerminalRaw() async throws {
        let hostile = "</script>\u{1B}[2J\u{9B}31m\u{202E}\"\\\u{0}\u{7F}\u{E0041}\u{2028}é"
        var daemon = FakeDaemon()
        daemon.records = [
            Record(
                seq: 1, stored: FakeDaemon.noon,
                body: .article(
                    FakeDaemon.article(hostile, "one two", in: "a"), FakeDaemon.verdict(.new)))
        ]
        let served = try Served(daemon)
        defer { served.stop() }
        #expect(try await served.client.articles().articles.first?.title == hostile)
        for target in ["/v1/articles", "/feed.json", "/feed.atom"] {
            let answer = try await served.ask("GET \(target)")
            let raw = answer.unicodeScalars.filter {
                $0.value < 0x20 && $0 != "\n" && $0 != "\r" || 0x7F...0x9F ~= $0.value
                    || [0x202E, 0x2028, 0xE0041].contains($0.value)
            }
            #expect(raw.isEmpty, "\(target)")
            #expect(answer.contains("é"))
            #expect(answer.contains("X-Content-Type-Options: nosniff\r\n"))
            #expect(!answer.contains("text/html"))
        }
    }

    @Test(arguments: [1, 2] as [UInt64])
    func anyTextSurvivesTheTrip(_ seed: UInt64) async throws {
        var chance = SeededChance(seed: seed)
        let titles = (0..<50).map { _ in
            let scalars = (0..<20).compactMap { _ in
                Unicode.Scalar(
                    UInt32.random(in: 0...0x10FFFF, using: &chance)
                        >> (UInt32.random(in: 0...13, using: &chance)))
            }
            return String(String.UnicodeScalarView(scalars))
        }
        var daemon = FakeDaemon()
        daemon.records = titles.enumerated().map { index, title in
            Record(
                seq: UInt64(index + 1), stored: FakeDaemon.noon,
                body: .article(
                    FakeDaemon.article(title, "one two", in: "a"), FakeDaemon.verdict(.new)))
        }
        let served = try Served(daemon)
        defer { served.stop() }
        let got = try await served.client.articles().articles.map(\.title)
        #expect(got.map { Array($0.utf8) } == titles.map { Array($0.utf8) }, "seed \(seed)")
    }

    @Test func headTellsTheSameFields() async throws {
        let served = try Served()
        defer { served.stop() }
        let get = try await served.ask("GET /v1/status")
        let head = try await served.ask("HEAD /v1/status")
        #expect(get.hasPrefix(head))
        #expect(head.hasSuffix("\r\n\r\n"))
    }

    // MARK: - Starting and stopping

    @Test func startIsEverywhereOrNowhere() throws {
        let first = try Served()
        defer { first.stop() }
        let folder = try TemporaryFolder()
        let second = ControlServer(
            options: ControlOptions(
                socket: UnixSocketOptions(path: folder("s")),
                tcpAddress: LoopbackAddress("127.0.0.1:\(first.port)")),
            provider: FakeDaemon().provider)
        #expect(throws: ControlError.addressInUse("127.0.0.1:\(first.port)")) {
            try second.start()
        }
        #expect(try folder.contents == [])
    }

    @Test func removedSocketIsSaidOnce() throws {
        let served = try Served()
        defer { served.stop() }
        #expect(served.server.repairSockets() == [])
        unlink(served.folder("s"))
        #expect(served.server.repairSockets().count == 1)
        #expect(served.server.repairSockets() == [])
    }

    @Test(arguments: [
        "10.0.0.1:80", "0.0.0.0:80", "[::]:80", "example.org:80", "127.0.0.1", "localhost:x",
        "127.0.0.1:65536", "[::1]", "127.0.0.256:1", "",
    ])
    func addressThatOthersCouldReachIsNone(_ text: String) {
        #expect(LoopbackAddress(text) == nil)
    }
}
