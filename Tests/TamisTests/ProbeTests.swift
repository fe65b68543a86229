import TestSupport
import Testing

/// One feed's address, asked as the daemon would.
struct ProbeTests {
    private static let feed = """
        <rss version="2.0"><channel><title>The weir</title><ttl>120</ttl>
        <skipHours><hour>3</hour></skipHours>
        <item><title>One</title><guid>a</guid><link>https://weir.example/1</link>
        <pubDate>Mon, 05 Jan 2026 10:00:00 GMT</pubDate></item>
        <item><title>Two</title><guid>a</guid>
        <pubDate>Tue, 06 Jan 2026 10:00:00 GMT</pubDate></item></channel></rss>
        """

    private func server() throws -> LoopbackServer {
        try LoopbackServer([
            "/feed": { _ in
                .text(
                    Self.feed,
                    headers: [
                        "Content-Type: application/rss+xml", "ETag: \"w\"",
                        "Cache-Control: max-age=60",
                    ])
            },
            "/moved": { _ in .redirect(to: "/feed", status: 301) },
            "/gone": { _ in .text("gone", status: 410) },
            "/page": { _ in
                .text(
                    "<html><link rel=alternate type=application/rss+xml href=/feed></html>",
                    headers: ["Content-Type: text/html"])
            },
            "/slow": { _ in .text("later", status: 429, headers: ["Retry-After: 120"]) },
        ])
    }

    private func probe(_ url: String, asJSON: Bool = true) async throws -> Outcome {
        let form = asJSON ? "--json" : "--private=127.0.0.1"
        return try await tamis("probe", url, "--private", "127.0.0.1", form)
    }

    @Test func aFeedIsDescribedWithItsWayAndItsNextPoll() async throws {
        let server = try server()
        let told = try await probe(server.url("/moved"))
        #expect(told.ending == .exit(0))
        let json = try told.json()
        #expect(json["requests"].elements.map { $0["status"].integer } == [301, 200])
        #expect(json["answer"]["moves_to"].string == server.url("/feed"))
        #expect(json["answer"]["etag"].string == "\"w\"")
        #expect(json["answer"]["fresh_seconds"].integer == 60)
        #expect(json["feed"]["entries"].integer == 2)
        #expect(json["feed"]["dated"].integer == 2)
        #expect(json["feed"]["linked"].integer == 1)
        #expect(json["feed"]["shared_ids"].integer == 1)
        #expect(json["feed"]["newest"].string == "2026-01-06T10:00:00Z")
        #expect(json["plan"]["is_conditional"] == .bool(true))
        #expect((json["plan"]["seconds"].integer ?? 0) >= 1800)
        #expect(try await probe(server.url("/feed"), asJSON: false).output.contains("ETag \"w\""))
    }

    @Test func whatADaemonWouldCountAsAFailureEndsWith1() async throws {
        let server = try server()
        let gone = try await probe(server.url("/gone"))
        #expect(gone.ending == .exit(1))
        let json = try gone.json()
        #expect(json["failure_class"].string == "gone")
        #expect(json["plan"]["parked_after"].integer == 3)
        #expect(
            try await probe(server.url("/slow"), asJSON: false).output.contains("fewer requests"))
        let refused = try await tamis("probe", server.url("/feed"))
        #expect(refused.ending == .exit(1))
        #expect(refused.output.contains("a loopback address"))
        #expect(server.requests.count == 2)
        #expect(try await tamis("probe", "ftp://a.example/x").ending == .exit(64))
    }

    @Test func aPageTellsTheFeedsThatItNames() async throws {
        let server = try server()
        let json = try await probe(server.url("/page")).json()
        #expect(json["names"][0]["url"].string == server.url("/feed"))
        #expect(json["feed"] == .null)
    }

    /// A daemon that was told to leave a host alone has written it down.
    @Test func aHostThatAskedToBeLeftAloneIsNotAsked() async throws {
        let server = try server()
        let folder = try TemporaryFolder()
        let daemon = try DaemonUnderTest(
            "[status]\nsocket = \"tamis.sock\"\n[[feed]]\nid = \"slow\"\n"
                + "url = \"\(server.url("/slow"))\"\npages = false\n", in: folder)
        try await daemon.ready()
        try await daemon.feeds { ($0[0]["counts"]["polls"].integer ?? 0) > 0 }
        #expect(try await daemon.stop() == .exit(0))
        let before = server.requests.count
        let told = try await tamis(
            "probe", server.url("/feed"), "--config", daemon.configuration, "--json")
        #expect(told.ending == .exit(1))
        let json = try told.json()
        #expect(json["failure"].string?.contains("asked for no requests until") == true)
        #expect(json["requests"][0]["is_sent"] == .bool(false))
        #expect(server.requests.count == before)
    }
}
