import ControlAPI

/// A listener at a socket of its own that answers with what was asked.
final class Echo {
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

func get(_ path: String, _ fields: String = "") -> String {
    "GET \(path) HTTP/1.1\r\nHost: x\r\n\(fields)\r\n"
}
let last = "Connection: close\r\n"
