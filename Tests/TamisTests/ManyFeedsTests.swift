internal import News
internal import TestSupport
internal import Testing

/// Faults that need several feeds, or several polls of one: what one server does, its neighbours
/// must not feel, and what has passed is forgotten.
@Suite(.serialized) struct ManyFeedsTests {
    private func table(_ id: String, _ url: String, _ more: String = "") -> String {
        "[[feed]]\nid = \"\(id)\"\nurl = \"\(url)\"\npages = false\n\(more)\n"
    }

    private static let socket = "[status]\nsocket = \"tamis.sock\"\n"

    /// The requests that were sent to a host, by their times.
    private func sent(to host: String, by daemon: DaemonUnderTest) async throws -> [Instant] {
        let outcome = try await tamis(
            "requests", "--config", daemon.configuration, "--host", host, "--limit", "100000",
            "--json")
        return try outcome.jsonLines().filter { $0["is_sent"].bool == true }
            .compactMap { $0["at"].string.flatMap { Instant(rfc3339: $0) } }.sorted()
    }

    /// N21: a feed that is one now and none a moment later.
    @Test func aFeedThatFlapsIsReadWheneverItIsThere() async throws {
        let site = try FaultSite(withTLS: false)
        let flap = try #require(site.faults.first { $0.name == "flap" }?.url)
        let daemon = try DaemonUnderTest(
            Self.socket + table("flap", flap), in: TemporaryFolder())
        try await daemon.ready()
        let words = ["HTML page", "no such document", "server has trouble"]
        for poll in 1...8 {
            let feeds = try await daemon.feeds { ($0[0]["counts"]["polls"].integer ?? 0) >= poll }
            let said = feeds[0]["last_failure"].string
            if poll.isMultiple(of: 2) {
                #expect(said?.contains(words[(poll / 2 - 1) % 3]) == true, "\(said ?? "nothing")")
            } else {
                #expect(said == nil)
                #expect(feeds[0]["health"].string == "healthy")
            }
            #expect(feeds[0]["counts"]["kept"].integer == 1, "once, however often it comes back")
            _ = try await daemon.ask("/v1/feeds/flap/poll", method: "POST")
        }
        #expect(try await daemon.stop() == .exit(0))
        withExtendedLifetime(site) {}
    }

    /// N24: everything is gone and returns.
    @Test(.enabled(if: NetworkNamespace.isAvailable, "\(NetworkNamespace.absence)"))
    func afterAnOutageAllAreBackAndNobodyIsParked() async throws {
        let hosts = (1...6).map { "198.20.0.\($0)" }
        let network = try NetworkNamespace(addresses: hosts)
        let servers = try network.inside {
            try hosts.map { try LoopbackServer(address: $0, port: 8080) }
        }
        var tables = ""
        for (number, host) in (hosts + hosts + hosts + hosts).enumerated() {
            servers[number % hosts.count].on("/f\(number)") { _ in
                .text(FaultSite.document("f\(number)"))
            }
            tables += table("f\(number)", "http://\(host):8080/f\(number)", "interval = \"10s\"")
        }
        let folder = try TemporaryFolder()
        try folder.write("nameserver 127.0.0.53\n", to: "resolv.conf")
        let daemon = try DaemonUnderTest(
            Self.socket + tables, in: folder,
            polling: "backoff_longest = \"3s\"\nfailures_before_parking = 2",
            fetching: "connect_timeout = \"1s\"\nfirst_byte_timeout = \"1s\"\ntimeout = \"2s\"",
            network: network)
        try await daemon.ready()
        try await daemon.feeds { $0.allSatisfy { $0["counts"]["kept"].integer == 1 } }

        try network.ip("link", "set", "lo", "down")
        for number in 0..<24 {
            _ = try await daemon.ask("/v1/feeds/f\(number)/poll", method: "POST")
        }
        try await daemon.feeds { $0.allSatisfy { $0["last_failure"].string != nil } }
        // It is told once the states are saved.
        while !(try await daemon.ask("/v1/status").body.contains("no feed answers")) {
            await Task.yield()
        }

        try network.ip("link", "set", "lo", "up")
        let feeds = try await daemon.feeds { $0.allSatisfy { $0["last_failure"].string == nil } }
        #expect(feeds.count == 24)
        #expect(feeds.allSatisfy { $0["health"].string == "healthy" })
        #expect(feeds.allSatisfy { $0["counts"]["kept"].integer == 1 }, "nothing twice")
        while try await daemon.ask("/v1/status").body.contains("no feed answers") {
            await Task.yield()
        }
        #expect(try await daemon.stop(within: .seconds(10)) == .exit(0))
        withExtendedLifetime(servers) {}
    }

    /// N25: 200 that never answer, each a host of its own, and five that do.
    @Test func silentFeedsDoNotSlowTheOthersDown() async throws {
        let silent = try LoopbackServer(address: "0.0.0.0")
        let press = try LoopbackServer(address: "127.0.0.3")
        var tables = ""
        for number in 1...200 {
            silent.on("/\(number)") { _ in LoopbackAnswer([.stall]) }
            tables += table(
                "silent-\(number)", silent.url("/\(number)", host: "127.0.1.\(number)"))
        }
        for number in 1...5 {
            press.on("/\(number)") { _ in .text(FaultSite.document("healthy-\(number)")) }
            tables += table(
                "healthy-\(number)", press.url("/\(number)", host: "127.0.0.3"),
                "interval = \"10s\"")
        }
        let daemon = try DaemonUnderTest(
            Self.socket + tables, in: TemporaryFolder(),
            fetching: "allowed_private_hosts = [\"127.0.0.0/8\"]\nfirst_byte_timeout = \"3s\"")
        try await daemon.ready()
        try await daemon.feeds { feeds in
            feeds.filter { $0["id"].string?.hasPrefix("healthy") == true }
                .allSatisfy { ($0["counts"]["polls"].integer ?? 0) > 3 }
        }
        let times = try await sent(to: "127.0.0.3", by: daemon)
        // Five feeds: the sixth request on is a second one of some feed.
        for (earlier, later) in zip(times, times.dropFirst(5)) {
            #expect(later.since(earlier) <= .seconds(3 * 10))
        }
        #expect(silent.connectionsCount > 0)
        #expect(try await daemon.stop(within: .seconds(10)) == .exit(0))
    }

    /// N26: feeds that share a host, some by way of another.
    @Test func theSpacingOfAHostHoldsThroughRedirects() async throws {
        let press = try LoopbackServer(address: "127.0.0.3")
        let way = try LoopbackServer()
        var tables = ""
        for number in 1...4 {
            let target = press.url("/\(number)", host: "127.0.0.3")
            press.on("/\(number)") { _ in .text(FaultSite.document("f-\(number)")) }
            way.on("/\(number)") { _ in .redirect(to: target) }
            let isDirect = number.isMultiple(of: 2)
            tables += table("f-\(number)", isDirect ? target : way.url("/\(number)"))
        }
        let daemon = try DaemonUnderTest(
            Self.socket + tables, in: TemporaryFolder(),
            fetching: "allowed_private_hosts = [\"127.0.0.1\", \"127.0.0.3\"]",
            hostSpacing: "400ms")
        try await daemon.ready()
        try await daemon.feeds { $0.allSatisfy { $0["counts"]["kept"].integer == 1 } }
        let times = try await sent(to: "127.0.0.3", by: daemon)
        #expect(times.count == 4)
        for (earlier, later) in zip(times, times.dropFirst()) {
            // The ledger's times are ends less durations, each rounded.
            #expect(later.since(earlier) >= .milliseconds(390))
        }
        #expect(try await daemon.stop() == .exit(0))
        withExtendedLifetime(way) {}
    }
}
