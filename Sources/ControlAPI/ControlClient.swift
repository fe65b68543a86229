internal import FoundationEssentials
internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
package import News

/// Asks a daemon over its Unix socket; what the command line is made of.
///
/// Each call makes a connection of its own and says in its error what a person can do about it.
package struct ControlClient: Sendable {
    package let socketPath: String
    /// How long an answer may take; a reload may take that long too.
    package var timeout: Duration

    /// Bytes of one answer at most: a page of a thousand summaries is far below.
    package var answerBytesMax: Int

    package init(
        socketPath: String, timeout: Duration = .seconds(60), answerBytesMax: Int = 64 << 20
    ) {
        self.socketPath = socketPath
        self.timeout = timeout
        self.answerBytesMax = answerBytesMax
    }

    // MARK: - What can be asked
    //
    // Every call throws `notRunning` or `permissionDenied` when nobody answers, `timedOut` or
    // `connectionLost` when an answer does not come in whole, `refused` with the daemon's own
    // words, and `unexpectedAnswer` for what is not of this version.

    /// How the daemon does now.
    package func status() async throws(ControlError) -> StatusSnapshot {
        try await get("/v1/status")
    }

    /// Every configured feed, in the order of the configuration.
    package func feeds() async throws(ControlError) -> [FeedStatus] {
        try await get("/v1/feeds", as: FeedList.self).feeds
    }

    /// - Throws: `refused` with 404 when no feed has that id.
    package func feed(_ id: FeedID) async throws(ControlError) -> FeedStatus {
        try await get("/v1/feeds/\(id)")
    }

    /// - Parameter query: parameters as the endpoint knows them (`after`, `limit`, `feed`, …).
    package func articles(_ query: [String: String] = [:]) async throws(ControlError) -> ArticlePage
    {
        try await get("/v1/articles", query)
    }

    /// The newest text of the article whose id begins so; 4 digits or more.
    /// - Throws: `refused` with 404 when there is none, with 409 when there are several.
    package func article(_ idPrefix: String) async throws(ControlError) -> StoredArticle {
        try await get("/v1/articles/" + Self.encoded(idPrefix))
    }

    /// What was decided about that article, and why; finds it as `article` does.
    package func verdict(_ idPrefix: String) async throws(ControlError) -> Verdict {
        try await get("/v1/articles/\(Self.encoded(idPrefix))/verdict")
    }

    /// Says by hand whether two articles are one; finds each as `article` does.
    package func mark(
        _ idPrefix: String, _ relation: Mark.Relation, _ otherPrefix: String
    ) async throws(ControlError) -> MarkAccepted {
        try await post(
            "/v1/articles/\(Self.encoded(idPrefix))/\(relation.rawValue)/"
                + Self.encoded(otherPrefix))
    }

    /// Takes an article out; finds it as `article` does.
    package func forget(
        _ idPrefix: String, because reason: String?
    ) async throws(ControlError) -> ForgetAccepted {
        try await post(
            "/v1/articles/\(Self.encoded(idPrefix))/forget"
                + Self.written(reason.map { ["reason": $0] } ?? [:]))
    }

    /// - Parameter query: parameters as the endpoint knows them (`limit`, `since`, `size_min`).
    package func stories(
        _ query: [String: String] = [:]
    ) async throws(ControlError) -> [StorySummary] {
        try await get("/v1/stories", query, as: StoryList.self).stories
    }

    /// One story with its members; its id may be shortened as an article's.
    package func story(_ idPrefix: String) async throws(ControlError) -> Story {
        try await get("/v1/stories/" + Self.encoded(idPrefix))
    }

    /// How far the documents that are held already have been read.
    package func seeds() async throws(ControlError) -> SeedStatus { try await get("/v1/seeds") }

    /// What `/readyz` says, ready or not.
    package func readiness() async throws(ControlError) -> Readiness {
        let answer = try await exchange(.GET, "/readyz")
        return try decode(Readiness.self, answer)
    }

    /// Asks for a poll as soon as politeness allows; returns before it is made.
    /// - Throws: `refused` with 404 when no feed has that id.
    package func poll(_ id: FeedID) async throws(ControlError) -> PollAccepted {
        try await post("/v1/feeds/\(id)/poll")
    }

    /// Has the configuration read again, and returns when all of it or none was taken over.
    package func reload() async throws(ControlError) -> Reload { try await post("/v1/reload") }

    /// The body of `path` as it is: for `--json`, `/metrics` and the feeds.
    package func bytes(
        _ path: String, _ query: [String: String] = [:]
    ) async throws(ControlError) -> [UInt8] {
        try await success(of: exchange(.GET, path + Self.written(query))).body
    }

    /// Asks for `path` and reads the JSON of the answer.
    package func get<Value: Decodable>(
        _ path: String, _ query: [String: String] = [:], as type: Value.Type = Value.self
    ) async throws(ControlError) -> Value {
        let answer = try await success(of: exchange(.GET, path + Self.written(query)))
        return try decode(type, answer)
    }

    /// Has something changed and reads the JSON of the answer.
    package func post<Value: Decodable>(
        _ path: String, as type: Value.Type = Value.self
    ) async throws(ControlError) -> Value {
        let answer = try await success(of: exchange(.POST, path))
        return try decode(type, answer)
    }

    /// What happens, from now on or from behind the record `seq`. Ends with an error when the
    /// daemon goes away or this reader falls too far behind; resume after the last `seq` then.
    package func events(after seq: UInt64? = nil) -> AsyncThrowingStream<ControlEvent, any Error> {
        AsyncThrowingStream(bufferingPolicy: .bufferingOldest(Self.eventsBufferedMax)) { results in
            let task = Task {
                do {
                    try await readEvents(after: seq, into: results)
                    results.finish(throwing: ControlError.connectionLost)
                } catch {
                    results.finish(throwing: error as? ControlError ?? .connectionLost)
                }
            }
            results.onTermination = { _ in task.cancel() }
        }
    }

    /// Events that may wait here for their reader.
    package static let eventsBufferedMax = 4096

    // MARK: - Over the wire

    private typealias Connection = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>

    private struct Answer: Sendable {
        var status: Int
        var body: [UInt8]
    }

    private func exchange(
        _ method: HTTPMethod, _ target: String
    ) async throws(ControlError) -> Answer {
        let connection = try await connect()
        let channel = connection.channel
        let timer = channel.eventLoop.scheduleTask(in: TimeAmount(timeout)) {
            channel.close(promise: nil)
        }
        defer { timer.cancel() }
        do {
            let answer = try await connection.executeThenClose { inbound, outbound in
                try await Self.send(method, target, to: outbound)
                return try await readAnswer(from: inbound)
            }
            if let answer { return answer }
        } catch let error as ControlError {
            throw error
        } catch {
            // What exactly broke says nothing to a person; that it broke does.
        }
        // A cancelled timer fails its future; one that has rung was what closed the connection.
        timer.cancel()
        let hasRung = (try? await timer.futureResult.get()) != nil
        throw hasRung ? .timedOut(after: timeout) : .connectionLost
    }

    private func connect() async throws(ControlError) -> Connection {
        try UnixSocket.checkLength(socketPath)
        do {
            return try await ClientBootstrap(group: NIOSingletons.posixEventLoopGroup)
                .connectTimeout(TimeAmount(timeout))
                .connect(unixDomainSocketPath: socketPath) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHTTPClientHandlers()
                        return try Connection(wrappingChannelSynchronously: channel)
                    }
                }
        } catch {
            throw connectionError(error)
        }
    }

    private func connectionError(_ error: any Error) -> ControlError {
        guard let code = (error as? IOError)?.errnoCode else {
            return .timedOut(after: timeout)
        }
        return switch code {
        case ENOENT, ENOTDIR: .notRunning(path: socketPath, socketExists: false)
        case ECONNREFUSED: .notRunning(path: socketPath, socketExists: true)
        case EACCES, EPERM: .permissionDenied(path: socketPath)
        default: .system(call: "connect", subject: socketPath, errno: code)
        }
    }

    private static func send(
        _ method: HTTPMethod, _ target: String,
        to outbound: NIOAsyncChannelOutboundWriter<HTTPClientRequestPart>
    ) async throws {
        var head = HTTPRequestHead(version: .http1_1, method: method, uri: target)
        head.headers.add(name: "Host", value: "localhost")
        if method == .POST { head.headers.add(name: "Content-Length", value: "0") }
        try await outbound.write(.head(head))
        try await outbound.write(.end(nil))
    }

    /// nil when the connection ends before the answer does.
    private func readAnswer(
        from inbound: NIOAsyncChannelInboundStream<HTTPClientResponsePart>
    ) async throws -> Answer? {
        var answer = Answer(status: 0, body: [])
        for try await part in inbound {
            switch part {
            case .head(let head): answer.status = Int(head.status.code)
            case .body(let buffer):
                guard answer.body.count + buffer.readableBytes <= answerBytesMax else {
                    throw ControlError.unexpectedAnswer(
                        status: answer.status, reason: "it has more than \(answerBytesMax) bytes")
                }
                answer.body += buffer.readableBytesView
            case .end: return answer
            }
        }
        return nil
    }

    private func readEvents(
        after seq: UInt64?, into results: AsyncThrowingStream<ControlEvent, any Error>.Continuation
    ) async throws {
        let connection = try await connect()
        try await connection.executeThenClose { inbound, outbound in
            let target = "/events" + (seq.map { "?after=\($0)" } ?? "")
            try await Self.send(.GET, target, to: outbound)
            var status = 0
            var parser = ServerSentEventParser()
            for try await part in inbound {
                switch part {
                case .head(let head):
                    status = Int(head.status.code)
                    guard status == 200 else {
                        throw ControlError.unexpectedAnswer(
                            status: status, reason: "it is no stream of events")
                    }
                case .body(let buffer):
                    for message in try parser.read(buffer.readableBytesView) {
                        guard
                            let event = try ControlEvent(name: message.name, data: message.data)
                        else { continue }
                        // A reader that lost events unawares would be worse off.
                        if case .dropped = results.yield(event) { throw ControlError.fellBehind }
                    }
                case .end: return
                }
            }
        }
    }

    // MARK: - Reading answers

    private func success(of answer: Answer) throws(ControlError) -> Answer {
        guard !(200..<300 ~= answer.status) else { return answer }
        if let problem = try? ControlJSON.decode(ControlProblem.self, from: answer.body) {
            throw .refused(problem)
        }
        let text = VisibleText.line(String(decoding: answer.body.prefix(200), as: UTF8.self))
        throw .unexpectedAnswer(status: answer.status, reason: text)
    }

    private func decode<Value: Decodable>(
        _ type: Value.Type, _ answer: Answer
    ) throws(ControlError) -> Value {
        do {
            return try ControlJSON.decode(type, from: answer.body)
        } catch {
            throw .unexpectedAnswer(
                status: answer.status, reason: "\(type) was expected; is it of another version?")
        }
    }

    // MARK: - Writing addresses

    private static func written(_ query: [String: String]) -> String {
        guard !query.isEmpty else { return "" }
        let pairs = query.sorted { $0.key < $1.key }
            .map { "\(encoded($0.key))=\(encoded($0.value))" }
        return "?" + pairs.joined(separator: "&")
    }

    /// Percent-encodes all but the unreserved characters (RFC 3986, section 2.3).
    private static func encoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count < 2 ? "0" : "") + digits
            }
        }
        return result
    }
}
