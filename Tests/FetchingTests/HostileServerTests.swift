import Fetching
import News
import TestSupport
import Testing

/// Servers that lie, flood, stall or break off: each ends with its reason, and in time.
struct HostileServerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let steps: [LoopbackAnswer.Step]
        let kind: FetchError.Kind

        init(_ name: String, _ kind: FetchError.Kind, _ steps: LoopbackAnswer.Step...) {
            self.name = name
            self.kind = kind
            self.steps = steps
        }

        var testDescription: String { name }
    }

    private static func raw(_ text: String) -> LoopbackAnswer.Step {
        .send(Array(text.replacing("\n", with: "\r\n").utf8))
    }

    private static let kilobyte = [UInt8](repeating: 0x61, count: 1024)
    private static let headersMax = FetchError.Kind.headersTooLarge(bytesMax: 32 << 10)
    private static let bodyMax = FetchError.Kind.bodyTooLarge(bytesMax: 1 << 20)

    static let floods: [Case] = [
        Case(
            "endless header lines", headersMax, raw("HTTP/1.1 200 OK\n"),
            .sendForever(Array("X-Flood: \(String(repeating: "a", count: 99))\r\n".utf8))),
        Case(
            "one endless header line", headersMax, raw("HTTP/1.1 200 OK\nX: "),
            .sendForever(kilobyte)),
        Case(
            "endless trailers", headersMax,
            raw("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n1\nx\n0\n"),
            .sendForever(Array("X-Trailer: \(String(repeating: "a", count: 99))\r\n".utf8))),
        Case(
            "endless interim answers", headersMax,
            .sendForever(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))),
        Case(
            "endless chunks", bodyMax,
            .send(LoopbackAnswer.head(200, ["Transfer-Encoding: chunked"])),
            .sendForever(LoopbackAnswer.chunk(kilobyte))),
        Case(
            "endless body without a length", bodyMax, raw("HTTP/1.1 200 OK\n\n"),
            .sendForever(kilobyte)),
        Case(
            "body declared too long", bodyMax, raw("HTTP/1.1 200 OK\nContent-Length: 1048577\n\n"),
            .stall),
        Case(
            "gzip bomb", bodyMax,
            .send(LoopbackAnswer.head(200, ["Content-Encoding: gzip", "Connection: close"])),
            .send(gzipBomb(decodedBytes: 20 << 20)), .close),
    ]

    @Test(arguments: floods) func floodStopsAtItsCap(_ flood: Case) async throws {
        let server = try LoopbackServer(["/": { _ in LoopbackAnswer(flood.steps) }])
        let scene = FetchScene {
            $0.headerBytesMax = 32 << 10
            $0.bodyBytesMax = 1 << 20
        }
        #expect(try await scene.failure(of: server.url("/")).kind == flood.kind)
        #expect(await scene.fetcher.load == (0, 0))
    }

    static let broken: [Case] = [
        Case(
            "body shorter than declared", .connectionLost,
            raw("HTTP/1.1 200 OK\nContent-Length: 10\n\nabc"), .close),
        Case(
            "chunks without an end", .connectionLost,
            raw("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n3\nabc\n"), .close),
        Case(
            "reset inside the body", .connectionLost,
            raw("HTTP/1.1 200 OK\nContent-Length: 10\n\nabc"), .reset),
        Case("closed before a word", .connectionLost, .close),
        Case("header without an end", .connectionLost, raw("HTTP/1.1 200 OK\nContent-Le"), .close),
        Case(
            "200 without a body", .emptyBody, raw("HTTP/1.1 200 OK\nContent-Length: 0\n\n")),
        Case("204", .status(204), raw("HTTP/1.1 204 None\n\n")),
        Case(
            "206 unasked", .status(206), raw("HTTP/1.1 206 Part\nContent-Length: 1\n\nx")),
        Case("304 unasked", .status(304), raw("HTTP/1.1 304 Same\n\n")),
        Case(
            "101 unasked", .status(101), raw("HTTP/1.1 101 Other\nUpgrade: h2c\n\n"), .close),
        Case("status 999", .status(999), raw("HTTP/1.1 999 No\nContent-Length: 1\n\nx")),
        Case(
            "not HTTP at all", .malformedAnswer("it does not begin with a status line"),
            raw("<html>hello</html>\n\n"), .close),
        Case(
            "protocol name out of fashion",
            .malformedAnswer("its status line cannot be read"),
            raw("HTTP/banana\nContent-Length: 1\n\nx")),
        Case(
            "header that begins with a folded line",
            .malformedAnswer("a line of its header or its trailer is no field"),
            raw("HTTP/1.1 200 OK\n folded: x\nContent-Length: 1\n\nx")),
        Case(
            "the same behind an interim answer",
            .malformedAnswer("a line of its header or its trailer is no field"),
            raw("HTTP/1.1 103 Hints\nLink: x\n\nHTTP/1.1 200 OK\n\tfolded: x\n\nx")),
        Case(
            "errors need no whole body", .status(404), raw("HTTP/1.1 404 No\n\n"),
            .sendForever(kilobyte)),
    ]

    @Test(arguments: broken) func brokenAnswerIsAnErrorWithItsReason(_ broken: Case) async throws {
        let server = try LoopbackServer(["/": { _ in LoopbackAnswer(broken.steps) }])
        let error = try await FetchScene().failure(of: server.url("/"))
        #expect(error.kind == broken.kind)
        #expect(error.url == server.url("/"))
    }

    /// libcurl remembers where the last line of the answer before stood, and not that it is gone.
    @Test(arguments: ["", "HTTP/1.1 103 Hints\n\n"])
    func foldedLineGoesOnWithNoneOfTheAnswerBefore(start: String) async throws {
        let header = "\(start)HTTP/1.1 200 OK\n a: \(String(repeating: "x", count: 5000))\n\n"
        let server = try LoopbackServer([
            "/good": { _ in .text("news") },
            "/folded": { _ in LoopbackAnswer([Self.raw(header), .close]) },
        ])
        let scene = FetchScene()
        for _ in 0..<3 {
            _ = try await scene.fetch(server.url("/good"))
            let error = try await scene.failure(of: server.url("/folded"))
            #expect(
                error.kind == .malformedAnswer("a line of its header or its trailer is no field"))
        }
    }

    /// libcurl hands a long line over in parts; one of them begins with a space.
    @Test(arguments: ["X:", "XX:"])
    func partOfALineIsNotTheBeginningOfOne(name: String) async throws {
        let line = name + String(repeating: " a", count: 10_000)
        let server = try LoopbackServer([
            "/": { _ in
                LoopbackAnswer([
                    Self.raw("HTTP/1.1 200 OK\n\(line)\nContent-Length: 4\n\nnews")
                ])
            }
        ])
        let answer = try await FetchScene().fetch(server.url("/"))
        #expect(answer.content == .body(Array("news".utf8)))
    }

    @Test(arguments: [
        (404, FetchError.Retry.backOff), (410, .never), (500, .soon), (503, .backOff),
    ])
    func statusTellsWhatFollows(status: Int, retry: FetchError.Retry) async throws {
        let server = try LoopbackServer(["/": { _ in .text("sorry", status: status) }])
        let error = try await FetchScene().failure(of: server.url("/"))
        #expect(error.kind == .status(status))
        #expect(error.retry == retry)
    }

    // MARK: Time

    @Test func silentServerEndsAtTheFirstByteLimit() async throws {
        let server = try LoopbackServer(["/": { _ in LoopbackAnswer([.stall]) }])
        let scene = FetchScene { $0.firstByteTimeMax = .milliseconds(300) }
        #expect(
            try await scene.failure(of: server.url("/")).kind
                == .timedOut(.firstByte, after: .milliseconds(300)))
    }

    @Test func unansweredConnectionEndsAtItsLimit() async throws {
        let blackhole = try Blackhole()
        let scene = FetchScene { $0.connectTimeMax = .milliseconds(300) }
        #expect(
            try await scene.failure(of: blackhole.url).kind
                == .timedOut(.connection, after: .milliseconds(300)))
    }

    @Test func redirectsShareOneBudgetOfTime() async throws {
        let server = try LoopbackServer(["/4": { _ in .text("x") }])
        for number in 0..<4 {
            let fields = ["Location: /\(number + 1)", "Content-Length: 5"]
            server.on("/\(number)") { _ in
                LoopbackAnswer([
                    .send(LoopbackAnswer.head(302, fields)),
                    .drip(Array(repeating: 0x61, count: 5), milliseconds: 20),
                ])
            }
        }
        // Each hop takes 100 ms: one alone is within the limit, all together are not.
        let scene = FetchScene { $0.timeMax = .milliseconds(250) }
        guard
            case .timedOut(_, .milliseconds(250)) = try await scene.failure(of: server.url("/0"))
                .kind
        else {
            Issue.record("four slow hops took no more than one may")
            return
        }
    }

    @Test func silentHandshakeIsNamed() async throws {
        // The server waits for the end of an HTTP header, which a TLS greeting does not have.
        let server = try LoopbackServer()
        let scene = FetchScene { $0.firstByteTimeMax = .milliseconds(300) }
        let url = server.url("/").replacing("http:", with: "https:")
        let error = try await scene.failure(of: url)
        #expect(error.kind == .timedOut(.handshake, after: .milliseconds(300)))
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\nX: ", FetchError.Phase.header),
        ("HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\nab", .body),
    ])
    func drippingServerEndsAtTheWholeLimit(start: String, phase: FetchError.Phase) async throws {
        let server = try LoopbackServer([
            "/": { _ in
                LoopbackAnswer([
                    .send(Array(start.utf8)),
                    .drip(Array(repeating: 0x61, count: 1000), milliseconds: 20),
                ])
            }
        ])
        let scene = FetchScene { $0.timeMax = .seconds(3) }
        let error = try await scene.failure(of: server.url("/"))
        #expect(error.kind == .timedOut(phase, after: .seconds(3)))
        #expect(error.retry == .soon)
    }

    @Test func creepingBodyIsTooSlow() async throws {
        let server = try LoopbackServer([
            "/": { _ in
                LoopbackAnswer([
                    .send(LoopbackAnswer.head(200, ["Content-Length: 1000"])),
                    .drip(Array(repeating: 0x61, count: 1000), milliseconds: 50),
                ])
            }
        ])
        let scene = FetchScene { $0.lowSpeedTimeMax = .seconds(1) }
        #expect(
            try await scene.failure(of: server.url("/")).kind == .tooSlow(bytesPerSecond: 100))
    }

    @Test func stalledHostDelaysNobodyElse() async throws {
        let stalled = try LoopbackServer(["/": { _ in LoopbackAnswer([.stall]) }])
        let healthy = try LoopbackServer(["/": { _ in .text("news") }])
        let scene = FetchScene()
        let url = stalled.url("/")
        let waits = (0..<20).map { _ in Task { try await scene.fetch(url) } }
        while stalled.requests.count < 2 { await Task.yield() }
        for _ in 0..<10 { #expect(try await scene.fetch(healthy.url("/")).text == "news") }
        #expect(await scene.fetcher.load == (2, 18))
        #expect(stalled.connectionsCount == 2)
        for wait in waits { wait.cancel() }
        for wait in waits { _ = await wait.result }
        #expect(await scene.fetcher.load == (0, 0))
    }

    /// Reading what it sends has no end: without a watch, nothing else would ever be read again.
    @Test func floodThatIsNoAnswerIsEndedFromOutside() async throws {
        let flood = try GreetingFlood()
        let healthy = try LoopbackServer(["/": { _ in .text("news") }])
        let scene = FetchScene { $0.floodTimeMax = .milliseconds(50) }
        for _ in 0..<2 {
            async let failure = scene.failure(of: flood.url)
            for _ in 0..<10 { #expect(try await scene.fetch(healthy.url("/")).text == "news") }
            #expect(
                try await failure.kind == .malformedAnswer("what comes has no end and is none"))
        }
        #expect(await scene.fetcher.load == (0, 0))
    }

    // MARK: Memory

    @Test func largestOfTooManyBodiesGoes() async throws {
        let endless = try LoopbackServer([
            "/": { _ in
                LoopbackAnswer([.send(LoopbackAnswer.head(200, [])), .sendForever(Self.kilobyte)])
            }
        ])
        let scene = FetchScene { $0.bufferedBytesMax = 1 << 20 }
        #expect(
            try await scene.failure(of: endless.url("/")).kind
                == .crowdedOut(bufferedBytesMax: 1 << 20))
    }

    /// Fetching is faster than reading: what waits for that is in memory, too.
    @Test func bodiesThatAreNotReadYetCount() async throws {
        let body = [UInt8](repeating: 0x61, count: 700 << 10)
        let server = try LoopbackServer([
            "/whole": { _ in .body(body) },
            "/unfinished": { _ in
                let head = LoopbackAnswer.head(200, ["Content-Length: \(body.count + 1)"])
                return LoopbackAnswer([.send(head + body), .stall])
            },
            "/fair": { _ in .body(Array(body.prefix(400 << 10))) },
        ])
        let scene = FetchScene { $0.bufferedBytesMax = 1 << 20 }
        var held: FetchResponse? = try await scene.fetch(server.url("/whole"))
        #expect(
            try await scene.failure(of: server.url("/unfinished")).kind
                == .crowdedOut(bufferedBytesMax: 1 << 20))
        // Half of it is for others, however much waits.
        #expect(try await scene.fetch(server.url("/fair")).wireBytes > 400 << 10)
        #expect(held != nil)
        held = nil
        #expect(try await scene.fetch(server.url("/whole")).wireBytes > body.count)
    }

    @Test func bytesBehindAnAnswerAnswerNobody() async throws {
        let evil = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"
        let server = try LoopbackServer([
            "/first": { _ in
                LoopbackAnswer([
                    .send(
                        LoopbackAnswer.head(200, ["Content-Length: 4"]) + Array("good\(evil)".utf8))
                ])
            },
            "/second": { _ in .text("right") },
        ])
        let scene = FetchScene()
        #expect(try await scene.fetch(server.url("/first")).text == "good")
        #expect(try await scene.fetch(server.url("/second")).text == "right")
    }
}
