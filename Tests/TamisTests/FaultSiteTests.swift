internal import Foundation
internal import Glibc
internal import TestSupport
internal import Testing

/// One daemon and all that can go wrong between it and its feeds, at the same time.
@Suite(.serialized) struct FaultSiteTests {
    private static let patience = """
        timeout = "4s"
        connect_timeout = "2s"
        first_byte_timeout = "2s"
        low_speed_time = "2s"
        """

    /// What a daemon may take, whatever comes.
    private static let residentBytesMax = 150_000_000

    @Test func everyFaultIsNamedAndNothingElseSuffers() async throws {
        let site = try FaultSite()
        let hosts = FaultSite.allowedHosts.map { "\"\($0)\"" }.joined(separator: ", ")
        let authority = site.authority.map { "ca_file = \"\($0)\"" } ?? ""
        let proxy = site.canary.url("", host: "127.0.0.2")
        let daemon = try DaemonUnderTest(
            "[status]\nsocket = \"tamis.sock\"\n" + site.configuration, in: TemporaryFolder(),
            environment: ["http_proxy": proxy, "https_proxy": proxy, "ALL_PROXY": proxy],
            polling: "polls_in_flight_max = 64",
            fetching: "\(Self.patience)\n\(authority)\nallowed_private_hosts = [\(hosts)]")
        try await daemon.ready()
        let feeds = try await daemon.feeds { feeds in
            feeds.allSatisfy { ($0["counts"]["polls"].integer ?? 0) > 0 }
        }
        let states = Dictionary(
            feeds.map { ($0["id"].string ?? "", $0) }, uniquingKeysWith: { first, _ in first })

        for fault in site.faults {
            let said = states[fault.name]?["last_failure"].string
            if ProcessInfo.processInfo.environment["TAMIS_FAULT_TABLE"] != nil {
                print("N\(fault.number) | \(fault.name) | \(said ?? "read")")
            }
            if fault.says.isEmpty {
                #expect(said == nil, "N\(fault.number) \(fault.name)")
                #expect(
                    (states[fault.name]?["counts"]["entries"].integer ?? 0) > 0, "\(fault.name)")
            } else {
                let isNamed = fault.says.contains { said?.contains($0) == true }
                #expect(isNamed, "N\(fault.number) \(fault.name) says: \(said ?? "nothing")")
            }
        }
        for name in site.healthy {
            #expect(states[name]?["health"].string == "healthy")
            #expect(states[name]?["counts"]["kept"].integer == 1, "\(name)")
            // Once more, while the others are tried again.
            _ = try await daemon.ask("/v1/feeds/\(name)/poll", method: "POST")
        }
        try await daemon.feeds { feeds in
            feeds.filter { $0["id"].string?.hasPrefix("healthy") == true }
                .allSatisfy { ($0["counts"]["polls"].integer ?? 0) > 1 }
        }
        #expect(site.canary.connectionsCount == 0, "the canary was touched")
        #expect(site.stranger.requests.isEmpty == false)
        #expect(site.stranger.requests.allSatisfy { $0.header("Authorization") == nil })
        #expect(site.site.requests.allSatisfy { $0.header("Cookie") == nil })
        #expect(try residentPeak(of: daemon.child.pid) < Self.residentBytesMax)
        #expect(try await daemon.stop(within: .seconds(10)) == .exit(0))
        try expectLedgerToTell(of: site, in: daemon.folder)
    }

    /// The request ledger has a line for each request that a server saw, and none for one that none
    /// saw, but for those that the stop came upon.
    private func expectLedgerToTell(of site: FaultSite, in folder: TemporaryFolder) throws {
        var unseen = site.requestsByAddress
        var unanswered: [String: Int] = [:]
        let lines = try String(
            contentsOfFile: "\(folder.path)/store/requests/requests.jsonl", encoding: .utf8)
        for line in lines.split(separator: "\n") {
            let note = try JSON(parsing: String(line))
            guard note["is_sent"] == .bool(true), let url = note["url"].string,
                url.hasPrefix("http:")
            else { continue }
            unseen[url, default: 0] -= 1
            if note["status"] == .null { unanswered[url, default: 0] += 1 }
        }
        for (url, count) in unseen {
            #expect(count <= 0, "\(count) requests are not on record: \(url)")
            #expect(-count <= unanswered[url] ?? 0, "\(-count) requests were not made: \(url)")
        }
    }

    /// `VmHWM` of proc(5), in bytes.
    private func residentPeak(of pid: pid_t) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
        let field = try #require(line.split(whereSeparator: \.isWhitespace).dropFirst().first)
        let bytes = try #require(Int(field)) * 1024
        if ProcessInfo.processInfo.environment["TAMIS_FAULT_TABLE"] != nil {
            print("peak \(bytes / 1_000_000) MB")
        }
        return bytes
    }

    /// SIGTERM, whatever a transfer is about; and the next start finds all in order.
    @Test(arguments: [
        "blackhole", "tls-stall", "silent", "header-drip", "body-drip", "chunk-endless-slow",
        "h2-stall",
    ])
    func aStopEndsEveryPhaseInTime(phase: String) async throws {
        let site = try FaultSite(withTLS: phase.hasPrefix("h2"))
        guard let known = site.faults.first(where: { $0.name == phase }) else {
            #expect(TLSServer.opensslPath == nil && phase.hasPrefix("h2"))
            return
        }
        let daemon = try stopping(site, [known.url ?? ""], known.settings)
        try await daemon.ready()
        // Under way, and still so: nothing of it may have ended by itself.
        while try await daemon.ask("/v1/status").json()["transfers"].integer == 0 {
            try #require(try await polls(of: daemon) == 0, "it ended before it was to be stopped")
            await Task.yield()
        }
        try await expectGoodEnd(of: daemon)
        withExtendedLifetime(site) {}
    }

    /// The same where it takes more than one answer to get there.
    @Test(arguments: [
        "silent-page", "silent-robots", "silent-hop", "interim", "trailer", "gate",
    ])
    func aStopEndsEveryStepInTime(step: String) async throws {
        let site = try FaultSite(withTLS: false)
        let asked = Occurrence()
        func stalls(_ path: String, behind steps: LoopbackAnswer.Step...) {
            site.site.on(path) { _ in
                asked.happen()
                return LoopbackAnswer(steps + [.stall])
            }
        }
        func text(_ text: String) -> LoopbackAnswer.Step {
            .send(Array(text.replacing("\n", with: "\r\n").utf8))
        }
        site.site.on("/feed") { [page = site.site.url("/page")] _ in
            .text(FaultSite.document("feed", link: page))
        }
        var feeds = [site.site.url("/feed")]
        var spacing = "0s"
        switch step {
        case "silent-page": stalls("/page")
        case "silent-robots": stalls("/robots.txt")
        case "silent-hop":
            site.site.on("/feed") { _ in .redirect(to: "/hop") }
            stalls("/hop")
        case "interim": stalls("/feed", behind: text("HTTP/1.1 103 Early Hints\n\n"))
        case "trailer":
            stalls(
                "/feed",
                behind: text("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n1\nx\n0\nX: y\n"))
        default:
            // The first has its turn, the second waits for an hour.
            feeds.append(site.site.url("/second"))
            spacing = "1h"
            stalls("/feed")
            stalls("/second")
        }
        let daemon = try stopping(site, feeds, "", hostSpacing: spacing)
        try await daemon.ready()
        await asked.next()
        try await expectGoodEnd(of: daemon)
        withExtendedLifetime(site) {}
    }

    private func stopping(
        _ site: FaultSite, _ feeds: [String], _ settings: String, hostSpacing: String = "0s"
    ) throws -> DaemonUnderTest {
        let authority = site.authority.map { "ca_file = \"\($0)\"" } ?? ""
        let tables = feeds.enumerated().map { number, url in
            "[[feed]]\nid = \"f\(number)\"\nurl = \"\(url)\"\n\(settings)\n"
        }
        return try DaemonUnderTest(
            "[status]\nsocket = \"tamis.sock\"\n" + tables.joined(), in: TemporaryFolder(),
            fetching: "\(authority)\nallowed_private_hosts = [\"127.0.0.1\"]",
            hostSpacing: hostSpacing)
    }

    /// Ends it, and expects of what it leaves that the store is whole and no feed was blamed.
    private func expectGoodEnd(of daemon: DaemonUnderTest) async throws {
        #expect(try await daemon.stop(within: .seconds(10)) == .exit(0))
        let store = "\(daemon.folder.path)/store"
        let verify = try await tamis("verify", "--json", "--store", store)
        #expect(verify.ending == .exit(0), "\(verify.output)")
        for file in try FileManager.default.contentsOfDirectory(atPath: "\(store)/feeds") {
            let text = try String(contentsOfFile: "\(store)/feeds/\(file)", encoding: .utf8)
            #expect((try JSON(parsing: text)["failures"].integer ?? 0) == 0, "\(text)")
        }
    }

    private func polls(of daemon: DaemonUnderTest) async throws -> Int {
        let feeds = try await daemon.ask("/v1/feeds").json()["feeds"]
        return feeds[0]["counts"]["polls"].integer ?? 0
    }
}
