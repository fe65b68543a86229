internal import Dispatch
internal import Glibc
internal import Synchronization
internal import Testing

// Sockets as the service manager and a plain client use them: blocking calls on queues of their
// own, each with a limit, so that no test hangs.

/// How long any one read may take.
private let patience = timeval(tv_sec: 60, tv_usec: 0)

struct SocketFailure: Error, CustomStringConvertible {
    let description: String
}

/// A datagram socket that stands in for the service manager's (sd_notify(3)), and like that one
/// takes every message as it comes.
final class NotifySocket: Sendable {
    let path: String
    private let descriptor: Int32
    private let messages: AsyncThrowingStream<[String], any Error>

    init(at path: String) throws {
        self.path = path
        let descriptor = try unixSocket(SOCK_DGRAM.rawValue)
        guard withAddress(path, { bind(descriptor, $0, $1) }) == 0 else {
            throw SocketFailure(description: "bind \(path): errno \(errno)")
        }
        self.descriptor = descriptor
        let (messages, continuation) = AsyncThrowingStream.makeStream(of: [String].self)
        self.messages = messages
        DispatchQueue(label: "notify").async {
            do {
                while true {
                    let bytes = try receive(descriptor, atMost: 4096)
                    if bytes.isEmpty { break }
                    let text = String(decoding: bytes, as: UTF8.self)
                    continuation.yield(text.split(separator: "\n").map(String.init))
                }
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
            close(descriptor)
        }
    }

    deinit { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// The lines of the next message.
    func next() async throws -> [String] {
        var iterator = messages.makeAsyncIterator()
        guard let message = try await iterator.next() else {
            throw SocketFailure(description: "no message")
        }
        return message
    }

    /// Reads messages up to the first one with that line, and gives it back.
    @discardableResult
    func wait(for line: String) async throws -> [String] {
        while true {
            let message = try await next()
            if message.contains(line) { return message }
        }
    }
}

/// One connection to a daemon's status socket, in plain HTTP/1.1.
final class ControlConnection: Sendable {
    struct Answer: Sendable {
        let status: Int
        let body: String
        func json(sourceLocation: SourceLocation = #_sourceLocation) throws -> JSON {
            try JSON(parsing: body, sourceLocation: sourceLocation)
        }
    }

    private let descriptor: Int32

    init(to path: String) throws {
        descriptor = try unixSocket(SOCK_STREAM.rawValue)
        guard withAddress(path, { connect(descriptor, $0, $1) }) == 0 else {
            throw SocketFailure(description: "connect \(path): errno \(errno)")
        }
    }

    deinit { close(descriptor) }

    /// Asks, and reads the answer up to the end of the connection.
    static func ask(_ path: String, of socket: String, method: String = "GET") async throws
        -> Answer
    {
        try await onQueue(DispatchQueue(label: "ask")) {
            let connection = try ControlConnection(to: socket)
            try connection.send(method, path, ["Connection: close"])
            var reader = AnswerReader()
            var body: [UInt8] = []
            while true {
                let some = try receive(connection.descriptor, atMost: 65_536)
                body += reader.read(some)
                if some.isEmpty || reader.isAtEnd { break }
            }
            guard let status = reader.status else {
                throw SocketFailure(description: "\(path): no answer")
            }
            return Answer(status: status, body: String(decoding: body, as: UTF8.self))
        }
    }

    func send(_ method: String, _ path: String, _ fields: [String]) throws {
        let lines = ["\(method) \(path) HTTP/1.1", "Host: localhost"] + fields + ["", ""]
        let bytes = Array(lines.joined(separator: "\r\n").utf8)
        let sent = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        guard sent == bytes.count else {
            throw SocketFailure(description: "send: errno \(errno)")
        }
    }

    /// What has come; empty at the end.
    func read() throws -> [UInt8] { try receive(descriptor, atMost: 65_536) }

    /// Ends the connection for both sides, also for a read under way.
    func hangUp() { shutdown(descriptor, Int32(SHUT_RDWR)) }
}

/// An HTTP answer as it comes in, whatever pieces it comes in.
struct AnswerReader {
    private(set) var status: Int?
    private(set) var isAtEnd = false
    private var unread: [UInt8] = []
    private var isChunked = false
    private var left: Int?

    /// The bytes of the body that are in these and former bytes.
    mutating func read(_ bytes: [UInt8]) -> [UInt8] {
        unread += bytes
        if status == nil, !readHead() { return [] }
        guard isChunked else {
            let body = unread
            unread = []
            if let length = left {
                left = length - body.count
                isAtEnd = length <= body.count
            }
            return body
        }
        var body: [UInt8] = []
        while let chunk = readChunk() { body += chunk }
        return body
    }

    private mutating func readHead() -> Bool {
        let text = String(decoding: unread, as: UTF8.self)
        guard let end = text.firstRange(of: "\r\n\r\n") else { return false }
        let head = text[..<end.lowerBound]
        unread.removeFirst(head.utf8.count + 4)
        let lines = head.split(separator: "\r\n").map { $0.lowercased() }
        status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        isChunked = lines.contains("transfer-encoding: chunked")
        left = lines.first { $0.hasPrefix("content-length:") }
            .flatMap { Int($0.split(separator: " ").last ?? "") }
        return true
    }

    private mutating func readChunk() -> [UInt8]? {
        guard let end = unread.firstIndex(of: 0x0A), !isAtEnd else { return nil }
        let digits = String(decoding: unread[..<end], as: UTF8.self).filter(\.isHexDigit)
        guard let size = Int(digits, radix: 16) else { return nil }
        let start = end + 1
        guard unread.count >= start + size + 2 else { return nil }
        let chunk = Array(unread[start..<(start + size)])
        unread.removeFirst(start + size + 2)
        isAtEnd = size == 0
        return chunk
    }
}

// MARK: - Calls

func onQueue<Value: Sendable>(
    _ queue: DispatchQueue, _ work: @escaping @Sendable () throws -> Value
) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        queue.async { continuation.resume(with: Result { try work() }) }
    }
}

private func unixSocket(_ type: __socket_type.RawValue) throws -> Int32 {
    let descriptor = socket(AF_UNIX, Int32(type | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw SocketFailure(description: "socket: errno \(errno)") }
    var limit = patience
    setsockopt(
        descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    return descriptor
}

private func withAddress(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
    return withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
}

/// Empty at the end of a stream, also when that came with a reset.
private func receive(_ descriptor: Int32, atMost size: Int) throws -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: size)
    let count = recv(descriptor, &buffer, size, 0)
    if count >= 0 { return Array(buffer.prefix(count)) }
    if errno == ECONNRESET { return [] }
    throw SocketFailure(
        description: errno == EAGAIN ? "nothing came in time" : "recv: errno \(errno)")
}
