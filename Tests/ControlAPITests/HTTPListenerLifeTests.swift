import ControlAPI
import Dispatch
import Glibc
import Synchronization
import Testing

/// How a listener stops, streams, and takes over what systemd bound.
@Suite struct HTTPListenerLifeTests {
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
        // On a thread of its own: `stop` blocks, and the answer needs a thread of the tasks.
        let stopping = DispatchQueue(label: "stopping")
        stopping.async { listener.stop() }
        gate.open()
        #expect(try await connection.readToEnd().contains("done"))
        await withCheckedContinuation { stopped in stopping.async { stopped.resume() } }
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
