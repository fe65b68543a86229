import ControlAPI
import Glibc
import Synchronization
import Testing

/// A listener at a socket of its own that answers with what was asked.
private final class Echo {
    let folder: TemporaryFolder
    let path: String
    let listener: HTTPListener

    init(
        _ limits: HTTPLimits = HTTPLimits(),
        answer: @escaping @Sendable (HTTPRequest) async -> HTTPAnswer = { request in
            let body = String(decoding: request.body, as: UTF8.self)
            return HTTPAnswer(status: 200, text: "\(request.method) \(request.path) \(body)|")
        }
    ) throws {
        folder = try TemporaryFolder()
        path = folder("s")
        listener = HTTPListener(limits: limits, answer: answer)
        try listener.listen(on: .unixSocket(UnixSocketOptions(path: path)))
    }

    deinit { stop() }

    func stop() { listener.stop() }

    func connect() throws -> RawConnection { try RawConnection(unixSocket: path) }

    /// What one request gets, up to the end of the connection.
    func answer(to request: String) async throws -> String {
        let connection = try connect()
        await connection.send(request)
        return try await connection.readToEnd()
    }
}

private func get(_ path: String, _ fields: String = "") -> String {
    "GET \(path) HTTP/1.1\r\nHost: x\r\n\(fields)\r\n"
}
private let last = "Connection: close\r\n"

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

    // MARK: - Stopping

    @Test func stopEndsIdleConnectionsAndFreesThePath() async throws {
        let echo = try Echo()
        defer { echo.stop() }
        let idle = try echo.connect()
        await idle.send(get("/"))
        #expect(try await idle.read(until: "|\n") != nil)
        echo.listener.stop()
        #expect(try await idle.readToEnd() == "")
        #expect(try echo.folder.contents == [])
        echo.listener.stop()
    }

    @Test func stopLetsAnAnswerUnderWayEnd() async throws {
        let gate = Gate()
        let echo = try Echo { _ in
            await gate.pass()
            return HTTPAnswer(status: 200, text: "done")
        }
        defer { echo.stop() }
        let connection = try echo.connect()
        await connection.send(get("/"))
        await gate.waitForVisitor()
        let listener = echo.listener
        let stopping = Task.detached { listener.stop() }
        gate.open()
        #expect(try await connection.readToEnd().contains("done"))
        await stopping.value
    }

    @Test func stopDoesNotWaitForEver() async throws {
        let gate = Gate()
        let echo = try Echo(HTTPLimits(graceMax: .milliseconds(20))) { _ in
            await gate.pass()
            return HTTPAnswer(status: 200, text: "done")
        }
        defer { echo.stop() }
        let connection = try echo.connect()
        await connection.send(get("/"))
        await gate.waitForVisitor()
        echo.listener.stop()
        #expect(try await connection.readToEnd() == "")
        gate.open()
    }

    // MARK: - Streams

    @Test func streamOverItsCapIsRefused() async throws {
        let echo = try Echo(HTTPLimits(streamsMax: 1)) { _ in
            HTTPAnswer(body: .stream(heartbeat: []) { $0.send(Array("first".utf8)) })
        }
        defer { echo.stop() }
        let open = try echo.connect()
        await open.send(get("/"))
        #expect(try await open.read(until: "first") != nil)
        #expect(try await echo.answer(to: get("/", last)).hasPrefix("HTTP/1.1 503 "))
    }

    @Test func streamBeatsWhileNothingHappens() async throws {
        let echo = try Echo(HTTPLimits(heartbeatInterval: .milliseconds(5))) { _ in
            HTTPAnswer(body: .stream(heartbeat: Array("beat".utf8)) { _ in })
        }
        defer { echo.stop() }
        let open = try echo.connect()
        await open.send(get("/"))
        for _ in 0..<3 { #expect(try await open.read(until: "beat") != nil) }
    }

    @Test func slowReaderIsHungUpOnAtTheCap() async throws {
        let opened = Gate()
        let stream = Mutex<HTTPStream?>(nil)
        let echo = try Echo(HTTPLimits(streamBytesMax: 100_000)) { _ in
            HTTPAnswer(
                body: .stream(heartbeat: []) { open in
                    stream.withLock { $0 = open }
                    opened.open()
                })
        }
        defer { echo.stop() }
        let reader = try echo.connect()
        await reader.send(get("/"))
        await opened.pass()
        let open = try #require(stream.withLock { $0 })
        var sent = 0
        while open.isOpen, sent < 1 << 30 {
            open.send([UInt8](repeating: 97, count: 10_000))
            sent += 10_000
        }
        #expect(sent < 1 << 30)
        await reader.waitForHangUp()
        #expect(await !open.sendAndWait([1]))
    }

    @Test func oldClientGetsItsStreamUnchunked() async throws {
        let echo = try Echo { _ in
            HTTPAnswer(
                body: .stream(heartbeat: []) { stream in
                    Task {
                        _ = await stream.sendAndWait(Array("all".utf8))
                        stream.close()
                    }
                })
        }
        defer { echo.stop() }
        let answer = try await echo.answer(to: "GET / HTTP/1.0\r\n\r\n")
        #expect(answer.hasSuffix("\r\n\r\nall"))
    }

    // MARK: - Inherited sockets

    @Test func inheritedSocketIsServed() async throws {
        let folder = try TemporaryFolder()
        let descriptor = try listeningSocket(at: folder("s"))
        let listener = HTTPListener { HTTPAnswer(status: 200, text: $0.path) }
        defer { listener.stop() }
        try listener.listen(on: .inherited(descriptor: descriptor))
        let connection = try RawConnection(unixSocket: folder("s"))
        await connection.send(get("/inherited", last))
        #expect(try await connection.readToEnd().contains("/inherited\n"))
        #expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0)
        listener.stop()
        #expect(try folder.contents == ["s"], "the file is its maker's to remove")
    }

    @Test func uselessDescriptorIsRefused() throws {
        let listener = HTTPListener { _ in HTTPAnswer() }
        defer { listener.stop() }
        let plain = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(plain) }
        let anywhere = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(anywhere) }
        // Not bound, so it listens on 0.0.0.0 at a port that the kernel chooses.
        #expect(Glibc.listen(anywhere, 1) == 0)
        for descriptor in [9999, plain, anywhere] {
            #expect(throws: ControlError.self) {
                try listener.listen(on: .inherited(descriptor: descriptor))
            }
        }
    }
}

private func listeningSocket(at path: String) throws -> Int32 {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let bound = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
    try #require(bound == 0 && Glibc.listen(descriptor, 8) == 0)
    return descriptor
}

/// A place where one side waits for the other.
final class Gate: Sendable {
    private let state = Mutex(State())

    private struct State {
        var isOpen = false
        var hasVisitor = false
        var waiting: [CheckedContinuation<Void, Never>] = []
        var watching: [CheckedContinuation<Void, Never>] = []
    }

    /// Returns when the gate is open.
    func pass() async {
        await withCheckedContinuation { continuation in
            let (isOpen, watching) = state.withLock { state in
                state.hasVisitor = true
                if !state.isOpen { state.waiting.append(continuation) }
                defer { state.watching = [] }
                return (state.isOpen, state.watching)
            }
            if isOpen { continuation.resume() }
            for watcher in watching { watcher.resume() }
        }
    }

    /// Returns when somebody stands before the gate, or has passed.
    func waitForVisitor() async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if !state.hasVisitor { state.watching.append(continuation) }
                return state.hasVisitor
            }
            if isThere { continuation.resume() }
        }
    }

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}
