internal import Foundation
internal import Glibc
internal import Synchronization
internal import TestSupport
internal import Testing

/// One daemon in a network of its own, where names lead wherever a hostile name server wants.
@Suite(
    .serialized, .enabled(if: NetworkNamespace.isAvailable, "\(NetworkNamespace.absence)"))
struct NamedHostTests {
    /// A name, what is said of it, and what the status says then; nothing when it is to be read.
    private struct NameFault {
        let number: Int
        let name: String
        let says: [String]
        let answer: @Sendable (_ times: Int) -> NameServer.Answer

        init(
            _ number: Int, _ name: String, _ says: [String],
            _ answer: @Sendable @escaping (Int) -> NameServer.Answer
        ) {
            self.number = number
            self.name = name
            self.says = says
            self.answer = answer
        }

        init(_ number: Int, _ name: String, _ says: [String], _ answer: NameServer.Answer) {
            self.init(number, name, says) { _ in answer }
        }

        var host: String { "\(name).test" }
    }

    private static let (publicAddress, publicV6) = ("198.20.0.1", "2600::1")
    /// Where nobody may go.
    private static let forbidden = [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1",
        "::1", "fd00::1",
    ]
    private static let port: UInt16 = 8080

    private static let addressFaults: [NameFault] = {
        let (here, there) = (publicAddress, publicV6)
        return [
            NameFault(15, "dns-public", [], .addresses([here])),
            NameFault(15, "dns-public6", [], .addresses([there])),
            NameFault(15, "dns-rebind", []) { .addresses([$0 == 0 ? here : "127.0.0.1"]) },
            NameFault(15, "dns-rebind-fast", ["a loopback address"]) {
                .addresses([$0 == 0 ? "127.0.0.1" : here])
            },
            NameFault(15, "dns-both", [], .addresses(["10.0.0.1", here])),
            NameFault(15, "dns-both6", [], .addresses(["fd00::1", here])),
            NameFault(
                15, "dns-all-private", ["private address"],
                .addresses(["10.0.0.1", "192.168.0.1", "fd00::1"])),
            NameFault(
                15, "dns-cname-private", ["172.16.0.1, a private address"],
                .alias("intranet.test", ["172.16.0.1"])),
            NameFault(15, "dns-mapped", ["a private address"], .addresses(["::ffff:10.0.0.1"])),
            NameFault(15, "dns-nat64", ["a private address"], .addresses(["64:ff9b::a00:1"])),
            NameFault(15, "dns-6to4", ["a 6to4 address"], .addresses(["2002:a00:1::1"])),
            NameFault(15, "dns-teredo", ["a Teredo address"], .addresses(["2001:0:a00:1::1"])),
            NameFault(15, "dns-zero", ["this very network"], .addresses(["0.0.0.0"])),
            NameFault(15, "dns-unspecified6", ["the unspecified address"], .addresses(["::"])),
            NameFault(15, "dns-loopback6", ["a loopback address"], .addresses(["::1"])),
            NameFault(
                15, "dns-metadata", ["169.254.169.254, a link-local"],
                .addresses(["169.254.169.254"])),
            NameFault(15, "dns-carrier", ["a carrier's own network"], .addresses(["100.64.0.1"])),
            NameFault(15, "dns-broadcast", ["reserved address"], .addresses(["255.255.255.255"])),
            // Allowed by prefix, and its neighbour that is not.
            NameFault(15, "dns-allowed", [], .addresses(["10.1.0.1"])),
            NameFault(15, "dns-neighbour", ["a private address"], .addresses(["10.2.0.1"])),
        ]
    }()

    private static let serverFaults: [NameFault] = {
        // Or asked again when too many of the silent ones were.
        let full = "lookups of host names are taken"
        let none = ["no address found for host", full]
        let silent = none + ["looking up the host"]
        return [
            NameFault(16, "dns-silent", silent, .silence),
            NameFault(16, "dns-servfail", none, .failure(2)),
            NameFault(16, "dns-nxdomain", none, .failure(3)),
            NameFault(16, "dns-refused", none, .failure(5)),
            NameFault(16, "dns-empty", none, .nothing),
            NameFault(16, "dns-garbage", silent, .garbage),
            NameFault(16, "dns-cname-loop", none, .alias("dns-cname-loop.test", [])),
        ]
            + (1...70).map {
                NameFault(16, "dns-silent-\($0)", silent, .silence)
            }
    }()

    /// Other ways to write addresses, and other ways to lead there.
    private static let detours: [(name: String, target: String, says: [String])] =
        [
            "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0", "[::1]", "[::ffff:7f00:1]",
            "localhost", "10.0.0.1", "[fd00::1]", "dns-cname-private.test", "dns-nat64.test",
        ].enumerated().map { number, host in
            (
                "detour-\(number)", "http://\(host):\(port)/feed",
                ["address", "no address found for host"]
            )
        }

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func zone(_ faults: [NameFault]) -> NameServer.Zone {
        let answers = Dictionary(faults.map { ($0.host, $0.answer) }) { first, _ in first }
        return { name, times in
            if let answer = answers[name] { return answer(times) }
            return name.hasPrefix("healthy") ? .addresses([Self.publicAddress]) : .failure(3)
        }
    }

    private static func answer(_ request: LoopbackRequest) -> LoopbackAnswer {
        let host = request.header("Host") ?? ""
        return .text(FaultSite.document("named-" + (host.split(separator: ".").first ?? "")))
    }

    private func table(_ id: String, _ url: String, _ more: String = "pages = false") -> String {
        "[[feed]]\nid = \"\(id)\"\nurl = \"\(url)\"\n\(more)\n"
    }

    private func daemon(
        _ tables: String, in network: NetworkNamespace, _ folder: TemporaryFolder
    ) throws -> DaemonUnderTest {
        try folder.write("nameserver 127.0.0.53\noptions timeout:2 attempts:1\n", to: "resolv.conf")
        return try DaemonUnderTest(
            "[status]\nsocket = \"tamis.sock\"\n" + tables, in: folder,
            polling: "polls_in_flight_max = 64",
            fetching: """
                timeout = "4s"
                connect_timeout = "1s"
                lookups_max = 32
                first_byte_timeout = "2s"
                low_speed_time = "2s"
                allowed_private_hosts = ["10.1.0.0/16"]
                """, network: network)
    }

    @Test func noNameLeadsWhereNobodyMayGo() async throws {
        let own = ["127.0.0.1", "::1"]
        let network = try NetworkNamespace(
            addresses: Self.forbidden.filter { !own.contains($0) }
                + [Self.publicAddress, Self.publicV6, "10.1.0.1"])
        let port = Self.port
        let open = try network.inside {
            try [Self.publicAddress, Self.publicV6, "10.1.0.1"].map {
                try LoopbackServer(address: $0, port: port, ["/feed": Self.answer])
            }
        }
        let canaries = try network.inside {
            try Self.forbidden.map {
                try LoopbackServer(address: $0, port: port, ["/feed": Self.answer])
            }
        }
        for detour in Self.detours {
            open[0].on("/\(detour.name)") { _ in .redirect(to: detour.target) }
        }
        open[0].on("/linking") { _ in
            .text(FaultSite.document("linking", link: "http://dns-metadata.test:\(port)/page"))
        }
        let faults = Self.addressFaults + Self.serverFaults
        let names = try network.inside { [zone = zone(faults)] in
            try NameServer(address: "127.0.0.53", zone)
        }
        let healthy = (1...5).map { "healthy-\($0)" }
        let base = "http://dns-public.test:\(port)"
        let tables =
            faults.map { table($0.name, "http://\($0.host):\(port)/feed") }
            + healthy.map { table($0, "http://\($0).test:\(port)/feed") }
            + Self.detours.map { table($0.name, "\(base)/\($0.name)") }
            + [table("linking", "\(base)/linking", "")]
        let daemon = try daemon(tables.joined(), in: network, folder)
        try await daemon.ready()
        let feeds = try await daemon.feeds { feeds in
            feeds.allSatisfy { ($0["counts"]["polls"].integer ?? 0) > 0 }
        }
        let states = Dictionary(
            feeds.map { ($0["id"].string ?? "", $0) }, uniquingKeysWith: { first, _ in first })
        let expected =
            faults.map { ($0.number, $0.name, $0.says) }
            + Self.detours.map { (14, $0.name, $0.says) }
        for (number, name, says) in expected {
            let said = states[name]?["last_failure"].string
            if ProcessInfo.processInfo.environment["TAMIS_FAULT_TABLE"] != nil {
                print("N\(number) | \(name) | \(said ?? "read")")
            }
            let isNamed = says.contains { said?.contains($0) == true }
            #expect(says.isEmpty ? said == nil : isNamed, "\(name) says: \(said ?? "nothing")")
        }
        // The stuck resolver holds nobody up.
        for name in healthy {
            let said = states[name]?["last_failure"].string ?? ""
            #expect(states[name]?["health"].string == "healthy", "\(name): \(said)")
            _ = try await daemon.ask("/v1/feeds/\(name)/poll", method: "POST")
        }
        try await daemon.feeds { feeds in
            feeds.filter { $0["id"].string?.hasPrefix("healthy") == true }
                .allSatisfy { ($0["counts"]["polls"].integer ?? 0) > 1 }
        }
        #expect(try await daemon.stop(within: .seconds(10)) == .exit(0))

        try await askAgain(in: network)
        #expect(canaries.map(\.connectionsCount) == canaries.map { _ in 0 })
        withExtendedLifetime((open, names)) {}
    }

    /// Whoever remembers nothing asks once more, and is told another address now.
    private func askAgain(in network: NetworkNamespace) async throws {
        let daemon = try daemon(
            table("dns-rebind", "http://dns-rebind.test:\(Self.port)/feed"), in: network,
            TemporaryFolder())
        try await daemon.ready()
        let feeds = try await daemon.feeds { ($0[0]["counts"]["polls"].integer ?? 0) > 0 }
        #expect(feeds[0]["last_failure"].string?.contains("a loopback address") == true)
        #expect(try await daemon.stop(within: .seconds(10)) == .exit(0))
    }

    /// N24: no name server answers, for more feeds than may be under way at once; then they do.
    @Test func deadNameServersHoldUpNamesAlone() async throws {
        let network = try NetworkNamespace(addresses: [Self.publicAddress])
        let (port, names) = (Self.port, Names())
        let server = try network.inside {
            try LoopbackServer(address: Self.publicAddress, port: port, ["/feed": Self.answer])
        }
        let named = (1...70).map { "named-\($0)" }
        let addressed = (1...5).map { "addressed-\($0)" }
        for name in addressed { server.on("/\(name)") { _ in .text(FaultSite.document(name)) } }
        let nameServer = try network.inside {
            try NameServer(address: "127.0.0.53") { _, _ in
                names.areTold.load(ordering: .relaxed) ? .addresses([Self.publicAddress]) : .silence
            }
        }
        let tables =
            named.map { table($0, "http://\($0).test:\(port)/feed") }
            + addressed.map { table($0, "http://\(Self.publicAddress):\(port)/\($0)") }
        let first = try daemon(tables.joined(), in: network, folder)
        try await first.ready()
        try await first.feeds { Self.have(addressed, beenPolled: 1, in: $0) }
        for name in addressed {
            _ = try await first.ask("/v1/feeds/\(name)/poll", method: "POST")
        }
        var threads = 0
        let dead = try await first.feeds {
            threads = max(threads, first.threads)
            return Self.have(addressed, beenPolled: 2, in: $0)
                && Self.have(named, beenPolled: 1, in: $0)
        }
        // Of those that are under way 24 have one each: names that never answered.
        #expect(20...48 ~= threads, "\(threads) threads")
        #expect(try await first.ask("/v1/status").status == 200)
        for feed in dead {
            let (id, said) = (feed["id"].string ?? "", feed["last_failure"].string)
            #expect((said == nil) == addressed.contains(id), "\(id) says: \(said ?? "nothing")")
        }
        #expect(try await first.stop(within: .seconds(10)) == .exit(0))

        // They are still dead at the next start; then none is forgotten, none has to be asked for.
        let second = try daemon(tables.joined(), in: network, folder)
        try await second.ready()
        let asked = nameServer.questions(for: "named-1.test")
        while nameServer.questions(for: "named-1.test") == asked { await Task.yield() }
        names.areTold.store(true, ordering: .relaxed)
        try await second.feeds { feeds in
            feeds.count == named.count + addressed.count
                && feeds.allSatisfy { $0["health"].string == "healthy" }
        }
        #expect(try await second.stop(within: .seconds(10)) == .exit(0))
        withExtendedLifetime((server, nameServer)) {}
    }

    private static func have(_ ids: [String], beenPolled times: Int, in feeds: [JSON]) -> Bool {
        feeds.filter { ids.contains($0["id"].string ?? "") }
            .allSatisfy { ($0["counts"]["polls"].integer ?? 0) >= times }
    }

    /// SIGTERM while a name is looked up.
    @Test func aStopDoesNotWaitForTheResolver() async throws {
        let network = try NetworkNamespace()
        let names = try network.inside {
            try NameServer(address: "127.0.0.53") { _, _ in .silence }
        }
        let daemon = try daemon(
            table("silent", "http://silent.test/feed"), in: network, folder)
        try await daemon.ready()
        while names.questions(for: "silent.test") == 0 { await Task.yield() }
        #expect(try await daemon.stop(within: .seconds(10)) == .exit(0))
        withExtendedLifetime(names) {}
    }

    /// N28: the interface goes away in the middle of an answer, and comes back.
    @Test func aLostInterfaceIsNamedAndOvercome() async throws {
        let network = try NetworkNamespace(addresses: [Self.publicAddress])
        let (port, begun) = (Self.port, Occurrence())
        let server = try network.inside {
            try LoopbackServer(address: Self.publicAddress, port: port)
        }
        server.on("/feed") { _ in
            begun.happen()
            return LoopbackAnswer([
                .send(LoopbackAnswer.head(200, ["Content-Length: 9999"])), .stall,
            ])
        }
        let daemon = try daemon(
            table("feed", "http://\(Self.publicAddress):\(port)/feed"), in: network, folder)
        try await daemon.ready()
        await begun.next()
        try network.ip("link", "set", "lo", "down")
        let lost = try await daemon.feeds { $0[0]["last_failure"].string != nil }
        let said = lost[0]["last_failure"].string ?? ""
        if ProcessInfo.processInfo.environment["TAMIS_FAULT_TABLE"] != nil {
            print("N28 | link-down | \(said)")
        }
        #expect(said.contains("bytes a second") || said.contains("time ran out"), "\(said)")
        try network.ip("link", "set", "lo", "up")
        server.on("/feed", Self.answer)
        _ = try await daemon.ask("/v1/feeds/feed/poll", method: "POST")
        try await daemon.feeds { ($0[0]["counts"]["kept"].integer ?? 0) == 1 }
        #expect(try await daemon.stop(within: .seconds(10)) == .exit(0))
    }
}

/// Whether the name server says anything.
private final class Names: Sendable {
    let areTold = Atomic<Bool>(false)
}
