internal import Foundation
internal import Glibc
internal import TestSupport
internal import Testing

/// The daemon as a child process: how it starts, answers, and ends.
struct DaemonTests {
    private let folder: TemporaryFolder
    private let press: PressServer

    init() throws {
        folder = try TemporaryFolder()
        press = try PressServer()
    }

    private static let status = "[status]\nsocket = \"tamis.sock\"\n"

    @Test func serviceManagerIsTold() async throws {
        press.publish("a", titles: ["One", "Two"])
        let daemon = try DaemonUnderTest(
            Self.status + press.feed("a"), in: folder,
            environment: ["WATCHDOG_USEC": "200000"])
        #expect(try await daemon.notify.next() == ["STATUS=opening the store"])
        #expect(try await daemon.notify.next().first?.hasPrefix("EXTEND_TIMEOUT_USEC=") == true)
        let ready = try await daemon.ready()
        #expect(ready.last?.hasPrefix("STATUS=1 feeds, 0 records") == true)
        for _ in 0..<3 { try await daemon.notify.wait(for: "WATCHDOG=1") }
        daemon.child.send(SIGTERM)
        let stopping = try await daemon.notify.wait(for: "STOPPING=1")
        #expect(stopping.last == "STATUS=signal 15")
        #expect(try await daemon.child.end() == .exit(0))
        #expect(!FileManager.default.fileExists(atPath: daemon.socket))
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func signalEndsIt(signal: Int32) async throws {
        let daemon = try DaemonUnderTest(Self.status, in: folder)
        try await daemon.ready()
        daemon.child.send(signal)
        #expect(try await daemon.child.end(within: .seconds(10)) == .exit(0))
    }

    /// Seeds that take far longer to read than a stop may.
    @Test func aStopDoesNotWaitForTheStoreToOpen() async throws {
        let words = String(
            repeating: "so many words that nobody would read them all at once ", count: 40)
        var lines = ""
        for number in 0..<40_000 {
            lines += "{\"id\":\"\(number)\",\"text\":\"\(number) \(words)\"}\n"
        }
        try folder.write(lines, to: "seeds.jsonl")
        let daemon = try DaemonUnderTest(
            Self.status + "[seeds]\npaths = [\"seeds.jsonl\"]\n", in: folder)
        _ = try await daemon.notify.wait(for: "STATUS=opening the store")
        #expect(try await daemon.stop(within: .seconds(10)) == .exit(0))
        #expect(daemon.child.errors.contains("before all was ended"), "it read them in time")
        #expect(!FileManager.default.fileExists(atPath: daemon.socket))
        // Nothing that it left is in the way of the next.
        let next = try DaemonUnderTest(Self.status, in: folder)
        try await next.ready()
        #expect(try await next.stop() == .exit(0))
    }

    @Test func closedDescriptorsAreNotGivenToFiles() async throws {
        press.publish("a", titles: ["One"])
        let daemon = try DaemonUnderTest(
            Self.status + press.feed("a"), in: folder, redirections: "<&- >&- 2>&-")
        try await daemon.ready()
        for descriptor in 0...2 {
            let target = try FileManager.default.destinationOfSymbolicLink(
                atPath: "/proc/\(daemon.child.pid)/fd/\(descriptor)")
            #expect(target == "/dev/null")
        }
        try await daemon.feeds { $0[0]["counts"]["kept"].integer == 1 }
        #expect(try await daemon.stop() == .exit(0))
    }

    @Test func logThatCannotBeWrittenStopsNothing() async throws {
        press.publish("a", titles: ["One"])
        let daemon = try DaemonUnderTest(
            Self.status + press.feed("a"), in: folder, redirections: "2>/dev/full")
        try await daemon.ready()
        try await daemon.feeds { $0[0]["counts"]["kept"].integer == 1 }
        #expect(try await daemon.stop() == .exit(0))
    }

    @Test func questionsAreAnswered() async throws {
        press.publish("a", titles: ["A weir is mended", "A bridge is not"])
        press.publish("b", titles: ["The mill turns"])
        let daemon = try DaemonUnderTest(
            Self.status + press.feed("a") + press.feed("b", more: "title = \"Bé\""), in: folder)
        try await daemon.ready()
        try await daemon.feeds { $0.allSatisfy { $0["health"].string == "healthy" } }

        let status = try await tamis("status", "--json", "--socket", daemon.socket).json()
        #expect(status["pid"].integer == Int(daemon.child.pid))
        #expect(status["state"].string == "running")
        #expect(status["store"]["last_seq"].integer == 3)
        #expect(status["feeds"]["healthy"].integer == 2)
        let told = try await tamis("status", "--config", daemon.configuration)
        #expect(told.lines.first?.hasPrefix("tamis 0.1.0, process \(daemon.child.pid): ") == true)
        let feeds = try await tamis("feeds", "--config", daemon.configuration)
        #expect(feeds.lines.count == 3)
        #expect(feeds.output.contains("Bé"))

        // The daemon and the files give the same answers.
        let id = try #require(
            try await daemon.ask("/v1/articles").json()["articles"][0]["id"].string)
        for question in [
            ["articles"], ["articles", "--verdict", "new"], ["show", String(id.prefix(10))],
            ["why", id], ["new", id], ["stories", "--size-min", "1"],
        ] {
            let live = try Program.start(question + ["--json", "--socket", daemon.socket])
            let still = try Program.start(
                question + ["--json", "--store", "\(folder.path)/store"])
            #expect(try await live.end() == .exit(0))
            #expect(try await still.end() == .exit(0))
            #expect(live.output == still.output)
            #expect(!live.output.isEmpty)
        }
        let forgotten = try Program.start(["forget", id, "--socket", daemon.socket])
        #expect(try await forgotten.end() == .exit(0), "\(forgotten.errors)")
        for (question, code) in [
            (["show", id], 1), (["forget", String(id.prefix(12))], 0), (["show", "ffffffff"], 1),
            (["show", "ff"], 64), (["articles", "--limit", "0"], 64), (["poll", "nobody"], 1),
        ] as [([String], Int32)] {
            let child = try Program.start(question + ["--socket", daemon.socket])
            #expect(try await child.end() == .exit(code), "\(question) \(child.errors)")
        }
        #expect(try await daemon.ask("/readyz").status == 200)
        #expect(try await daemon.ask("/metrics").body.contains("\ntamis_"))
        #expect(try await daemon.stop() == .exit(0))
    }

    @Test func everyFeedHasItsTurn() async throws {
        press.publish("a", titles: ["One"])
        press.publish("b", titles: ["Two"])
        let spread = Self.status
        let daemon = try DaemonUnderTest(
            spread + press.feed("a"), in: folder, startSpread: "1500ms")
        try await daemon.ready()
        try await daemon.feeds { $0[0]["counts"]["kept"].integer == 1 }
        // Nothing is due when this one comes, and the timer stands on something far away.
        try folder.write(
            DaemonUnderTest.settings(startSpread: "1500ms") + spread + press.feed("a")
                + press.feed("b"), to: "tamis.toml")
        #expect(try await tamis("reload", "--socket", daemon.socket).ending == .exit(0))
        try await daemon.feeds { $0.allSatisfy { $0["counts"]["kept"].integer == 1 } }
        try await daemon.stop()
    }

    @Test func pollIsDoneAtOnce() async throws {
        press.publish("a", titles: ["One"])
        let daemon = try DaemonUnderTest(Self.status + press.feed("a"), in: folder)
        try await daemon.ready()
        try await daemon.feeds { $0[0]["counts"]["polls"].integer == 1 }
        let answer = try await tamis("poll", "a", "--socket", daemon.socket)
        #expect(answer.ending == .exit(0))
        let feeds = try await daemon.feeds { $0[0]["counts"]["polls"].integer == 2 }
        #expect(feeds[0]["counts"]["not_modified"].integer == 1)
        #expect(
            press.server.requests(for: "/a.xml").map { $0.header("If-None-Match") }
                == [nil, "\"a\""])
        #expect(press.server.requests(for: "/a/0").count == 1)
        try await daemon.stop()
    }

    // MARK: - Stopping

    @Test func stalledTransfersDoNotHoldItUp() async throws {
        let asked = Occurrence()
        press.publish("a", [.init(id: "a-0", title: "Slow", path: "/slow")])
        press.misbehave("/slow", LoopbackAnswer([.stall])) { asked.happen() }
        press.misbehave("/b.xml", LoopbackAnswer([.stall])) { asked.happen() }
        let often = "interval = \"10s\""
        let text = Self.status + press.feed("a", more: often) + press.feed("b", more: often)
        let daemon = try DaemonUnderTest(text, in: folder)
        try await daemon.ready()
        for _ in 0..<2 { await asked.next() }
        #expect(try await daemon.stop(within: .seconds(10)) == .exit(0))

        // What was under way is not lost, and not there twice.
        press.publishPage("/slow", title: "Slow", PressServer.text("slow"))
        press.publish("b", titles: ["Fast"])
        let next = try DaemonUnderTest(text, in: folder)
        try await next.ready()
        try await next.feeds {
            $0.allSatisfy { $0["counts"]["kept"].integer == 1 && $0["pending"].integer == 0 }
        }
        try await next.stop()
        let lines = try await tamis("export", "--store", "\(folder.path)/store").jsonLines()
        #expect(Set(lines.compactMap(\.["title"].string)) == ["Slow", "Fast"])
        #expect(lines.count == 2)
    }

    // MARK: - One at a time

    @Test func secondDaemonIsRefused() async throws {
        press.publish("a", titles: ["One"])
        let daemon = try DaemonUnderTest(Self.status + press.feed("a"), in: folder)
        try await daemon.ready()
        let same = try await tamis("run", "--config", daemon.configuration)
        #expect(same.ending == .exit(75))
        #expect(same.errors.contains("already running: somebody answers at \(daemon.socket)"))

        let other = try TemporaryFolder()
        let configuration = try other.write(
            "[store]\npath = \"\(folder.path)/store\"\n[status]\nsocket = \"tamis.sock\"\n",
            to: "tamis.toml")
        for command in ["run", "once"] {
            let second = try await tamis(command, "--config", configuration)
            #expect(second.ending == .exit(75))
            #expect(
                second.errors.contains(
                    "\(folder.path)/store is in use by process \(daemon.child.pid)"))
        }
        #expect(!FileManager.default.fileExists(atPath: "\(other.path)/tamis.sock"))
        #expect(try await tamis("status", "--socket", daemon.socket).ending == .exit(0))
        #expect(try await daemon.stop() == .exit(0))
    }

    @Test func killedDaemonLeavesNoTrouble() async throws {
        press.publish("a", titles: ["One"])
        let text = Self.status + press.feed("a")
        let daemon = try DaemonUnderTest(text, in: folder)
        try await daemon.ready()
        try await daemon.feeds { $0[0]["counts"]["kept"].integer == 1 }
        daemon.child.send(SIGKILL)
        #expect(try await daemon.child.end() == .signal(SIGKILL))
        #expect(FileManager.default.fileExists(atPath: daemon.socket))
        #expect(try await tamis("status", "--socket", daemon.socket).ending == .exit(3))
        // The files answer for it.
        let page = try await tamis("articles", "--json", "--config", daemon.configuration).json()
        #expect(page["articles"].elements.count == 1)

        let next = try DaemonUnderTest(text, in: folder)
        try await next.ready()
        #expect(try await next.ask("/v1/status").json()["pid"].integer == Int(next.child.pid))
        #expect(try await next.stop() == .exit(0))
    }

    // MARK: - The socket

    @Test(arguments: [(nil, 0o660), ("0600", 0o600), ("0666", 0o666)] as [(String?, Int)])
    func socketHasItsMode(configured: String?, mode: Int) async throws {
        let setting = configured.map { "socket_mode = \"\($0)\"\n" } ?? ""
        let daemon = try DaemonUnderTest(Self.status + setting, in: folder)
        try await daemon.ready()
        let facts = try FileManager.default.attributesOfItem(atPath: daemon.socket)
        #expect((facts[.posixPermissions] as? NSNumber)?.intValue == mode)
        try await daemon.stop()
    }

    @Test func whatIsNoSocketIsNotReplaced() async throws {
        let file = try folder.write("mine", to: "tamis.sock")
        let daemon = try DaemonUnderTest(Self.status, in: folder)
        #expect(try await daemon.child.end() == .exit(78))
        #expect(
            daemon.child.errors.contains(
                "\(file) is a regular file, not a socket; move it away or configure another path"))
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "mine")
    }

    @Test func aSitesAddressIsEnough() async throws {
        press.publish("a", titles: ["A weir is mended"])
        let site = """
            <!DOCTYPE html><html><head><title>A</title>
            <link rel="alternate" type="application/rss+xml" href="/a.xml"></head></html>
            """
        press.misbehave("/site.xml", .text(site, headers: ["Content-Type: text/html"]))
        let daemon = try DaemonUnderTest(
            Self.status + press.feed("site", more: "labels = [\"one\"]"), in: folder)
        try await daemon.ready()
        let feeds = try await daemon.feeds { $0[0]["counts"]["kept"].integer == 1 }
        let address = press.server.url("/a.xml")
        #expect(feeds[0]["found_url"].string == address)
        #expect(feeds[0]["url"].string == press.server.url("/site.xml"))
        let table = try await tamis("feeds", "--socket", daemon.socket)
        #expect(table.output.contains("found at \(address)"))
        let list = try await tamis("feeds", "--opml", "--config", daemon.configuration)
        #expect(list.output.contains("<outline text=\"one\">"))
        #expect(
            list.output.contains(
                "xmlUrl=\"\(address)\" htmlUrl=\"\(press.server.url("/site.xml"))\""))
        try await daemon.stop()
        #expect(
            daemon.child.errors.contains("notice feed found on its page feed.id=site"))
    }

    // MARK: - Trouble outside

    @Test func pageInPlaceOfAFeedIsNamed() async throws {
        press.misbehave(
            "/a.xml",
            .text(
                PressServer.page(title: "Log in", "Please log in."),
                headers: ["Content-Type: text/html"]))
        let daemon = try DaemonUnderTest(Self.status + press.feed("a"), in: folder)
        try await daemon.ready()
        let feeds = try await daemon.feeds { $0[0]["health"].string == "failing" }
        let sentence = "this is an HTML page, not a feed, and it names none"
        #expect(feeds[0]["last_failure"].string == sentence)
        let table = try await tamis("feeds", "--socket", daemon.socket)
        #expect(table.output.contains(sentence))
        try await daemon.stop()
        #expect(daemon.child.errors.contains("warning feed failing feed.id=a reason="))
    }

    @Test(.enabled(if: ExpiredServer.openssl != nil, "the openssl command is not installed"))
    func expiredCertificateIsNamed() async throws {
        let server = try await ExpiredServer(in: folder)
        let daemon = try DaemonUnderTest(
            "ca_file = \"\(server.authority)\"\n\(Self.status)"
                + "[[feed]]\nid = \"a\"\nurl = \"\(server.url)\"\n", in: folder)
        try await daemon.ready()
        let feeds = try await daemon.feeds { $0[0]["health"].string == "failing" }
        let sentence = try #require(feeds[0]["last_failure"].string)
        #expect(sentence.contains("certificate") && sentence.contains("expired"))
        try await daemon.stop()
    }

    @Test func proxyOfTheEnvironmentIsNotUsed() async throws {
        let proxy = try LoopbackServer()
        press.publish("a", titles: ["One"])
        let address = "http://127.0.0.1:\(proxy.port)"
        let names = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "https_proxy"]
        let daemon = try DaemonUnderTest(
            Self.status + press.feed("a"), in: folder,
            environment: Dictionary(uniqueKeysWithValues: names.map { ($0, address) }))
        try await daemon.ready()
        try await daemon.feeds { $0[0]["health"].string == "healthy" }
        #expect(proxy.connectionsCount == 0)
        try await daemon.stop()
    }

    // MARK: - Once

    @Test func oneRoundIsSummedUp() async throws {
        press.publish("a", titles: ["One", "Two"])
        press.misbehave("/b.xml", .text("gone", status: 500))
        let path = try folder.write(
            DaemonUnderTest.settings() + press.feed("a") + press.feed("b"), to: "tamis.toml")
        let first = try await tamis("once", "--json", "--config", path)
        #expect(first.ending == .exit(0), "\(first.errors)")
        #expect(try first.json()["records"].integer == 2)
        #expect(try first.json()["verdicts"]["new"].integer == 2)
        let second = try await tamis("once", "--config", path)
        #expect(second.ending == .exit(0))
        #expect(
            second.lines.last
                == "2 feeds, 1 failed; nothing new, 0 rejected; the store has 2 records")
        press.misbehave("/a.xml", .text("gone", status: 500))
        #expect(try await tamis("once", "--config", path).ending == .exit(1))
    }
}

/// `openssl s_server` with a certificate that ended yesterday.
final class ExpiredServer: Sendable {
    static let openssl = ["/usr/bin/openssl", "/usr/local/bin/openssl"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    let authority: String
    let url: String
    private let server: ChildProcess

    init(in folder: TemporaryFolder) async throws {
        let path = "\(folder.path)/tls"
        try folder.write("subjectAltName=IP:127.0.0.1\n", to: "tls/names")
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        try await Self.run(
            ["req", "-x509", "-days", "1", "-subj", "/CN=a", "-keyout", "\(path)/a.key"]
                + ["-out", "\(path)/a.pem"] + key)
        try await Self.run(
            ["req", "-new", "-subj", "/CN=b", "-keyout", "\(path)/b.key"]
                + ["-out", "\(path)/b.csr"] + key)
        try await Self.run([
            "x509", "-req", "-in", "\(path)/b.csr", "-CA", "\(path)/a.pem", "-CAkey",
            "\(path)/a.key", "-set_serial", "2", "-days", "-1", "-extfile", "\(path)/names", "-out",
            "\(path)/b.pem",
        ])
        authority = "\(path)/a.pem"
        server = try Self.start([
            "s_server", "-accept", "127.0.0.1:0", "-www", "-cert", "\(path)/b.pem", "-key",
            "\(path)/b.key",
        ])
        // ACCEPT 127.0.0.1:40001
        let line = await server.line(startingWith: "ACCEPT") ?? ""
        let port = try #require(line.split(separator: ":").last.flatMap { UInt16($0) })
        url = "https://127.0.0.1:\(port)/"
    }

    deinit { server.send(SIGKILL) }

    private static func start(_ arguments: [String]) throws -> ChildProcess {
        try ChildProcess(
            try #require(openssl), arguments, environment: Program.environment)
    }

    private static func run(_ arguments: [String]) async throws {
        let child = try start(arguments)
        try #require(try await child.end() == .exit(0), "\(child.errors)")
    }
}
