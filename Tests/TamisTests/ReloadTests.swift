internal import Foundation
internal import Glibc
internal import TestSupport
internal import Testing

/// A configuration is taken over as a whole while the daemon runs, or not at all.
struct ReloadTests {
    private let folder: TemporaryFolder
    private let press: PressServer

    init() throws {
        folder = try TemporaryFolder()
        press = try PressServer()
        for id in ["a", "b", "c"] { press.publish(id, titles: ["One of \(id)"]) }
    }

    private static let status = "[status]\nsocket = \"tamis.sock\"\n"

    private func start(_ feeds: String...) async throws -> DaemonUnderTest {
        let text = Self.status + feeds.map { press.feed($0) }.joined()
        let daemon = try DaemonUnderTest(text, in: folder)
        try await daemon.ready()
        return daemon
    }

    private func configure(_ text: String) throws {
        try folder.write(DaemonUnderTest.settings() + Self.status + text, to: "tamis.toml")
    }

    private func ids(_ daemon: DaemonUnderTest) async throws -> [String] {
        try await daemon.ask("/v1/feeds").json()["feeds"].elements.compactMap(\.["id"].string)
    }

    @Test func hangUpAddsAndRemovesFeeds() async throws {
        let daemon = try await start("a", "b")
        try await daemon.feeds { $0.allSatisfy { $0["counts"]["kept"].integer == 1 } }
        try configure(press.feed("b") + press.feed("c"))
        daemon.child.send(SIGHUP)
        let reloading = try await daemon.notify.wait(for: "RELOADING=1")
        #expect(reloading.last?.hasPrefix("MONOTONIC_USEC=") == true)
        try await daemon.ready()
        let feeds = try await daemon.feeds {
            $0.allSatisfy { $0["counts"]["kept"].integer == 1 }
        }
        #expect(feeds.compactMap(\.["id"].string) == ["b", "c"])
        // What the removed feed brought stays.
        let titles = try await daemon.ask("/v1/articles").json()["articles"].elements
            .compactMap(\.["title"].string)
        #expect(Set(titles) == ["One of a", "One of b", "One of c"])
        #expect(press.server.requests(for: "/b.xml").count == 1)
        #expect(try await daemon.stop() == .exit(0))
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/store/feeds/a.json"))
    }

    @Test func removedFeedComesBackWithoutCopies() async throws {
        let daemon = try await start("a")
        try await daemon.feeds { $0[0]["counts"]["kept"].integer == 1 }
        try configure("")
        #expect(try await tamis("reload", "--socket", daemon.socket).ending == .exit(0))
        #expect(try await ids(daemon).isEmpty)
        try configure(press.feed("a"))
        #expect(try await tamis("reload", "--socket", daemon.socket).ending == .exit(0))
        try await daemon.feeds { $0[0]["health"].string == "healthy" }
        #expect(try await daemon.ask("/v1/status").json()["store"]["last_seq"].integer == 1)
        try await daemon.stop()
    }

    @Test func commandSaysWhatChanged() async throws {
        let daemon = try await start("a")
        try configure(
            press.feed("a", more: "title = \"A\"") + press.feed("b") + "[log]\nlevel = "
                + "\"debug\"\n")
        let told = try await tamis("reload", "--socket", daemon.socket)
        #expect(told.ending == .exit(0))
        #expect(
            told.lines == [
                "1 feeds added, 0 removed, 1 changed", "[log] changed: restart to take that over",
            ])
        let status = try await daemon.ask("/v1/status").json()
        #expect(status["last_reload"]["applied"].bool == true)
        try await daemon.stop()
    }

    @Test(arguments: [
        ("[[feed]]\nid = \"d\"\n", "feed[1].url: is missing"),
        ("[polling]\n", "this is not TOML"), ("[seeds]\npaths = [\"none\"]\n", "there is no /"),
        ("opml = 3\n", "feed[0].opml: unknown key; is opml"),
    ])
    func brokenFileIsRefusedAsAWhole(broken: String, sentence: String) async throws {
        let daemon = try await start("a")
        try configure(press.feed("b") + broken)
        let told = try await tamis("reload", "--socket", daemon.socket)
        #expect(told.ending == .exit(78))
        #expect(told.errors.contains("the new configuration was refused, the old one stays"))
        #expect(told.errors.contains(sentence), "\(told.errors)")
        #expect(try await ids(daemon) == ["a"])
        let status = try await tamis("status", "--socket", daemon.socket)
        #expect(status.output.contains(": refused\n"))
        #expect(status.output.contains("! the last reload was refused: "))

        daemon.child.send(SIGHUP)
        try await daemon.notify.wait(for: "RELOADING=1")
        try await daemon.ready()
        #expect(try await ids(daemon) == ["a"])
        #expect(try await daemon.stop() == .exit(0))
        #expect(daemon.child.errors.contains("error configuration refused, the old one stays"))
    }

    @Test func configurationThatWentAwayIsRefused() async throws {
        let daemon = try await start("a")
        try FileManager.default.removeItem(atPath: daemon.configuration)
        let told = try await tamis("reload", "--socket", daemon.socket)
        #expect(told.ending == .exit(78))
        #expect(told.errors.contains("cannot be read"))
        #expect(try await ids(daemon) == ["a"])
        try await daemon.stop()
    }

    @Test func hangUpsByTheHundredDoNoHarm() async throws {
        let daemon = try await start("a")
        for round in 0..<300 {
            if round % 50 == 0 { try configure(press.feed(round % 100 == 0 ? "b" : "a")) }
            daemon.child.send(SIGHUP)
        }
        try configure(press.feed("c"))
        // Waits for the hang-ups before it.
        #expect(try await tamis("reload", "--socket", daemon.socket).ending == .exit(0))
        try await daemon.feeds {
            $0.count == 1 && $0[0]["id"].string == "c" && $0[0]["health"].string == "healthy"
        }
        #expect(try await daemon.stop() == .exit(0))
        let verify = try await tamis("verify", "--json", "--store", "\(folder.path)/store").json()
        #expect(verify["sound"].bool == true)
    }

    @Test func hangUpDuringTheStartIsKept() async throws {
        let daemon = try DaemonUnderTest(Self.status + press.feed("a"), in: folder)
        try await daemon.notify.wait(for: "STATUS=opening the store")
        try configure(press.feed("b"))
        daemon.child.send(SIGHUP)
        try await daemon.feeds { $0.count == 1 && $0[0]["id"].string == "b" }
        #expect(try await daemon.stop() == .exit(0))
    }
}
