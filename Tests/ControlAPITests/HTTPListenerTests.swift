import ControlAPI
import Glibc
import Testing

/// A request that breaks a rule, and the status that says so.
struct Broken: CustomTestStringConvertible {
    let request: String
    let status: Int

    init(_ request: String, _ status: Int) {
        self.request = request
        self.status = status
    }

    var testDescription: String { String(request.prefix(60).debugDescription) }
}

@Suite struct HTTPListenerTests {
    @Test func connectionIsKeptForTheNextRequest() async throws {
        let echo = try Echo()
        defer { echo.stop() }
        let connection = try echo.connect()
        await connection.send(get("/one"))
        #expect(try await connection.read(until: "|\n")?.contains("GET /one") == true)
        await connection.send(get("/two", last))
        let answer = try await connection.readToEnd()
        #expect(answer.contains("GET /two"))
        #expect(answer.lowercased().contains("connection: close"))
    }

    @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
        let echo = try Echo { request in
            for _ in 0..<(request.path == "/slow" ? 100 : 0) { await Task.yield() }
            return HTTPAnswer(status: 200, text: request.path)
        }
        defer { echo.stop() }
        let paths = ["/slow"] + (0..<500).map { "/\($0)" }
        let requests = paths.map { get($0, $0 == "/499" ? last : "") }.joined()
        let answer = try await echo.answer(to: requests)
        let bodies = answer.split(separator: "\r\n").filter { $0.hasPrefix("/") }
            .map { $0.prefix { $0 != "\n" } }
        #expect(bodies.map(String.init) == paths)
    }

    @Test func bodyArrivesWhole() async throws {
        let plain = "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\(last)\r\nabc"
        #expect(try await Echo().answer(to: plain).contains("POST /a abc|"))
        let chunked = "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\(last)\r\n"
        let chunks = "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"
        #expect(try await Echo().answer(to: chunked + chunks).contains("POST /a abc|"))
    }

    @Test func headIsTheAnswerWithoutItsBody() async throws {
        let answer = try await Echo().answer(to: "HEAD /a HTTP/1.1\r\nHost: x\r\n\(last)\r\n")
        #expect(answer.lowercased().contains("content-length: 10"))
        #expect(answer.hasSuffix("\r\n\r\n"))
    }

    @Test func oldClientsAreAnsweredAndHungUpOn() async throws {
        #expect(try await Echo().answer(to: "GET /a HTTP/1.0\r\n\r\n").contains("GET /a |"))
    }

    @Test func clientThatFinishesSendingIsStillAnswered() async throws {
        let echo = try Echo()
        defer { echo.stop() }
        let connection = try echo.connect()
        await connection.send(get("/a") + get("/b"))
        await connection.finishSending()
        let answer = try await connection.readToEnd()
        #expect(answer.contains("GET /a |") && answer.contains("GET /b |"))
    }

    @Test func absoluteTargetIsTakenApart() async throws {
        let echo = try Echo { request in
            HTTPAnswer(
                status: 200,
                text: "\(request.path) \(request.query ?? "") \(request.field("host") ?? "")")
        }
        defer { echo.stop() }
        let answer = try await echo.answer(to: get("http://h:1/a?b", last))
        #expect(answer.contains("/a b h:1\n"))
    }

    /// Fault K7, and what RFC 9112 asks to be refused.
    @Test(arguments: [
        Broken("nonsense\r\n\r\n", 400),
        Broken("GET /\r\n\r\n", 400),  // HTTP/0.9
        Broken("GET / HTTP/3.0\r\nHost: x\r\n\r\n", 400),
        Broken("FROBNICATE / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        Broken("GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        Broken("GET / HTTP/1.1\r\nHost: x\r\nA: \0\r\n\r\n", 400),
        Broken("GET /é HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        Broken("GET * HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        Broken("GET / HTTP/1.1\r\n\r\n", 400),  // no Host
        Broken("GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400),
        Broken("GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400),
        Broken("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400),
        Broken("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        Broken("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n", 400),
        Broken(
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            400),
        Broken("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        Broken("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 65537\r\n\r\n", 413),
        Broken(
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n10001\r\n"
                + String(repeating: "a", count: 0x10001), 413
        ),
        Broken("GET /" + String(repeating: "a", count: 17_000) + " HTTP/1.1\r\n\r\n", 431),
        Broken("GET /" + String(repeating: "a", count: 8 << 20) + " HTTP/1.1\r\n\r\n", 431),
        Broken("GET / HTTP/1.1\r\nHost: x\r\nA: " + String(repeating: "a", count: 17_000), 431),
        Broken("GET / HTTP/1.1\r\n" + String(repeating: "A: b\r\n", count: 200_000) + "\r\n", 431),
    ])
    func brokenRequestIsRefusedAndHungUpOn(_ broken: Broken) async throws {
        let echo = try Echo()
        defer { echo.stop() }
        let answer = try await echo.answer(to: broken.request + get("/smuggled"))
        #expect(answer.hasPrefix("HTTP/1.1 \(broken.status) "))
        #expect(!answer.contains("smuggled"))
        #expect(try await echo.answer(to: get("/next", last)).contains("GET /next |"))
    }

    @Test func requestAtItsLimitsIsStillAnswered() async throws {
        let echo = try Echo {
            HTTPAnswer(status: 200, text: "\($0.fields.count) \($0.body.count)|")
        }
        defer { echo.stop() }
        let fields = String(repeating: "A: b\r\n", count: 97) + last + "Content-Length: 65536\r\n"
        let body = String(repeating: "a", count: 65_536)
        let start = "POST / HTTP/1.1\r\n\(fields)"
        #expect(try await echo.answer(to: start + "Host: x\r\n\r\n" + body).contains("100 65536|"))
        let oneMore = start + "Host: x\r\nB: c\r\n\r\n" + body
        #expect(try await echo.answer(to: oneMore).hasPrefix("HTTP/1.1 431 "))
    }

    /// Whatever comes, the next client is answered.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func anyBytesAreSurvived(_ seed: UInt64) async throws {
        let echo = try Echo()
        defer { echo.stop() }
        var chance = SeededChance(seed: seed)
        let start = Array("POST /a?b HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc".utf8)
        for round in 0..<60 {
            var bytes = start + start
            for _ in 0..<Int.random(in: 1...8, using: &chance) {
                let place = Int.random(in: 0..<bytes.count, using: &chance)
                switch Int.random(in: 0..<3, using: &chance) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &chance)
                case 1: bytes.removeSubrange(place..<min(bytes.count, place + 5))
                default: bytes.insert(contentsOf: bytes.prefix(place).suffix(9), at: place)
                }
            }
            let connection = try echo.connect()
            await connection.send(bytes)
            await connection.finishSending()
            let answer = try await connection.readToEnd()
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1."), "seed \(seed) round \(round)")
        }
        #expect(try await echo.answer(to: get("/next", last)).contains("GET /next |"))
    }

    @Test func goodRequestBeforeABrokenOneIsAnswered() async throws {
        let answer = try await Echo().answer(to: get("/good") + "nonsense\r\n\r\n")
        #expect(answer.contains("GET /good |"))
        #expect(answer.contains("HTTP/1.1 400 "))
    }

    /// Fault K5: what counts is the whole request, not the last byte.
    @Test(arguments: ["", "G", "GET / HTTP/1.1\r\nHost: x\r\n", get("/done")])
    func unfinishedRequestEndsWithTheTimeout(_ start: String) async throws {
        let echo = try Echo(HTTPLimits(requestTimeout: .milliseconds(30)))
        defer { echo.stop() }
        let connection = try echo.connect()
        await connection.send(start)
        #expect(try await connection.readToEnd().contains("GET /done |") == (start == get("/done")))
    }

    @Test func answerThatIsNotMadeInTimeBecomesA503() async throws {
        let gate = Gate()
        let echo = try Echo(HTTPLimits(workTimeout: .milliseconds(20))) { _ in
            await gate.pass()
            return HTTPAnswer(status: 200, text: "late")
        }
        defer { echo.stop() }
        let answer = try await echo.answer(to: get("/"))
        #expect(answer.hasPrefix("HTTP/1.1 503 "))
        #expect(!answer.contains("late"))
        gate.open()
    }

    @Test func readerWhoNeverReadsIsHungUpOn() async throws {
        let size = 32 << 20
        let echo = try Echo(HTTPLimits(answerTimeout: .milliseconds(30))) { _ in
            HTTPAnswer(type: "text/plain", [UInt8](repeating: 97, count: size))
        }
        defer { echo.stop() }
        let connection = try echo.connect()
        await connection.send(get("/"))
        await connection.waitForHangUp()
        #expect(try await connection.readToEnd().utf8.count < size)
    }

    /// Fault K6.
    @Test func connectionOverTheCapDropsTheOneIdleLongest() async throws {
        let echo = try Echo(HTTPLimits(connectionsMax: 2))
        defer { echo.stop() }
        let connections = try [echo.connect(), echo.connect()]
        for connection in connections {
            await connection.send(get("/"))
            #expect(try await connection.read(until: "|\n") != nil)
        }
        await connections[0].send(get("/again"))
        #expect(try await connections[0].read(until: "|\n") != nil)
        #expect(try await echo.answer(to: get("/third", last)).contains("GET /third |"))
        #expect(try await connections[1].readToEnd() == "")
        await connections[0].send(get("/still", last))
        #expect(try await connections[0].readToEnd().contains("GET /still |"))
    }

    @Test func manyConnectionsLeaveRoomForOneMore() async throws {
        let echo = try Echo(HTTPLimits(connectionsMax: 8))
        defer { echo.stop() }
        let idle = try (0..<300).map { _ in try echo.connect() }
        #expect(try await echo.answer(to: get("/a", last)).contains("GET /a |"))
        #expect(idle.count == 300)
        #expect(echo.listener.connectionCount <= 8)
    }

    @Test func newcomerIsHungUpOnWhenAllAreBusy() async throws {
        let gate = Gate()
        let echo = try Echo(HTTPLimits(connectionsMax: 1)) { _ in
            await gate.pass()
            return HTTPAnswer(status: 200, text: "done")
        }
        defer { echo.stop() }
        let first = try echo.connect()
        await first.send(get("/", last))
        await gate.waitForVisitor()
        #expect(try await echo.answer(to: get("/")) == "")
        gate.open()
        #expect(try await first.readToEnd().contains("done"))
    }

    /// Fault K12: a write to someone who has gone must not end the process.
    @Test func clientThatHangsUpHarmsNobody() async throws {
        let echo = try Echo { _ in
            HTTPAnswer(type: "text/plain", [UInt8](repeating: 97, count: 4 << 20))
        }
        defer { echo.stop() }
        for _ in 0..<20 {
            let connection = try echo.connect()
            await connection.send(get("/"))
        }
        #expect(try await echo.answer(to: get("/", last)).utf8.count > 4 << 20)
    }

    @Test func answerWithABrokenFieldIsNotSent() async throws {
        let echo = try Echo { _ in
            HTTPAnswer(fields: [HTTPRequest.Field("A", "b\r\nSet-Cookie: c")])
        }
        defer { echo.stop() }
        #expect(try await !echo.answer(to: get("/", last)).contains("Set-Cookie"))
    }

    @Test func loopbackPortIsToldAndServed() async throws {
        let listener = HTTPListener { HTTPAnswer(status: 200, text: "\($0.peer)|") }
        defer { listener.stop() }
        let address = try #require(LoopbackAddress("127.0.0.1:0"))
        let port = try #require(try listener.listen(on: .loopback(address)))
        let connection = try RawConnection(port: port)
        await connection.send(get("/", last))
        #expect(try await connection.readToEnd().contains("loopback|"))
        let again = try #require(LoopbackAddress("127.0.0.1:\(port)"))
        #expect(throws: ControlError.addressInUse("127.0.0.1:\(port)")) {
            try listener.listen(on: .loopback(again))
        }
    }

    @Test func kernelSaysWhoAsks() async throws {
        let echo = try Echo { HTTPAnswer(status: 200, text: "\($0.peer)") }
        let answer = try await echo.answer(to: get("/", last))
        #expect(answer.contains("user: \(getuid()), group: \(getgid()), id: \(getpid())"))
    }
}
