import ControlAPI
import Foundation
import Testing

/// What a person is told when the daemon does not answer as it should.
@Suite struct ControlClientTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func failure(at path: String) async throws -> ControlError {
        let client = ControlClient(socketPath: path)
        return try #require(await #expect(throws: ControlError.self) { try await client.status() })
    }

    private func failure(
        with answer: @escaping @Sendable (HTTPRequest) async -> HTTPAnswer
    ) async throws -> ControlError {
        let listener = HTTPListener(answer: answer)
        defer { listener.stop() }
        try listener.listen(on: .unixSocket(UnixSocketOptions(path: folder("s"))))
        return try await failure(at: folder("s"))
    }

    @Test func missingSocketMeansNotRunning() async throws {
        let error = try await failure(at: folder("s"))
        #expect(error == .notRunning(path: folder("s"), socketExists: false))
        let words = "the daemon is not running: there is no socket at \(folder("s"))"
        #expect(error.description == words)
        #expect(
            try await failure(at: folder("no/s"))
                == .notRunning(path: folder("no/s"), socketExists: false))
    }

    @Test func deadSocketMeansNotRunning() async throws {
        try Data().write(to: URL(filePath: folder("s")))
        #expect(
            try await failure(at: folder("s")) == .notRunning(path: folder("s"), socketExists: true)
        )
    }

    @Test func pathThatFitsNowhereIsSaid() async throws {
        let path = folder(String(repeating: "s", count: 200))
        let error = try await failure(at: path)
        #expect(error == .pathTooLong(path: path, bytes: path.utf8.count, bytesMax: 107))
    }

    @Test(.enabled(if: geteuid() != 0, "root may connect anywhere"))
    func closedDoorIsSaid() async throws {
        let listener = HTTPListener { _ in HTTPAnswer() }
        defer { listener.stop() }
        try listener.listen(on: .unixSocket(UnixSocketOptions(path: folder("s"), mode: 0)))
        #expect(try await failure(at: folder("s")) == .permissionDenied(path: folder("s")))
    }

    @Test func problemIsToldInItsOwnWords() async throws {
        let body = #"{"status":503,"title":"x","detail":"not now","problems":["a","b"]}"#
        let error = try await failure { _ in
            HTTPAnswer(status: 503, type: "application/problem+json", Array(body.utf8))
        }
        #expect(error.description == "not now:\n  a\n  b")
    }

    @Test(arguments: [(200, "<html>"), (200, "{}"), (500, "<html>\u{1B}[2J"), (404, "")])
    func strangersAnswerIsNotMistakenForADaemons(_ status: Int, _ body: String) async throws {
        let error = try await failure { _ in HTTPAnswer(status: status, text: body) }
        guard case .unexpectedAnswer(status, _) = error else { throw error }
        #expect(!error.description.contains("\u{1B}"))
    }

    @Test func hangUpInTheMiddleIsSaid() async throws {
        let error = try await failure { _ in
            HTTPAnswer(
                body: .stream(heartbeat: []) { stream in
                    Task {
                        _ = await stream.sendAndWait(Array("{".utf8))
                        stream.close()
                    }
                })
        }
        #expect(error == .connectionLost)
    }

    @Test func silenceEndsWithTheTimeout() async throws {
        let gate = Gate()
        let listener = HTTPListener(limits: HTTPLimits(graceMax: .zero)) { _ in
            await gate.pass()
            return HTTPAnswer()
        }
        defer { listener.stop() }
        try listener.listen(on: .unixSocket(UnixSocketOptions(path: folder("s"))))
        let client = ControlClient(socketPath: folder("s"), timeout: .milliseconds(30))
        await #expect(throws: ControlError.timedOut(after: .milliseconds(30))) {
            try await client.status()
        }
        gate.open()
    }

    @Test func endlessAnswerIsGivenUp() async throws {
        let served = try Served()
        defer { served.stop() }
        let client = ControlClient(socketPath: served.folder("s"), answerBytesMax: 100)
        let error = await #expect(throws: ControlError.self) { try await client.status() }
        #expect(error == .unexpectedAnswer(status: 200, reason: "it has more than 100 bytes"))
    }

    @Test func bytesComeAsTheyAre() async throws {
        let served = try Served()
        defer { served.stop() }
        let index = String(decoding: try await served.client.bytes("/"), as: UTF8.self)
        #expect(index.hasPrefix("{\"endpoints\"") && index.hasSuffix("}\n"))
    }
}
