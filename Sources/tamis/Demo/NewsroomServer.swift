internal import ControlAPI
internal import Ingestion
internal import News
internal import Synchronization

/// Serves the newsroom's outlets over HTTP, each at its own loopback address, all on one port.
final class NewsroomServer: Sendable {
    private let listener: HTTPListener
    private let desk: Desk

    /// What the answers depend on besides the request.
    private final class Desk: Sendable {
        let round = Mutex(1)
        let port = Mutex(0)
    }

    /// Starts to serve, on a port that is free on all of the outlets' addresses. `opened`: what the
    /// outlets count their times from.
    init(opened: Instant) throws(ControlError) {
        let desk = Desk()
        listener = HTTPListener { request in
            Self.answer(request, from: desk, opened: opened)
        }
        self.desk = desk
        for host in Newsroom.outlets.map(\.host) {
            let port = desk.port.withLock { $0 }
            guard let address = LoopbackAddress("\(host):\(port)") else {
                throw .notLoopback(host)
            }
            let chosen = try listener.listen(on: .loopback(address))
            desk.port.withLock { $0 = Int(chosen ?? 0) }
        }
    }

    var port: Int { desk.port.withLock { $0 } }

    /// From now on the outlets show what they show in that round.
    func begin(round: Int) { desk.round.withLock { $0 = round } }

    func stop() { listener.stop() }

    private static func answer(
        _ request: HTTPRequest, from desk: Desk, opened: Instant
    ) -> HTTPAnswer {
        let target = request.path + (request.query.map { "?\($0)" } ?? "")
        guard
            let answer = Newsroom.answer(
                to: target, host: request.field("Host") ?? "",
                round: desk.round.withLock { $0 }, now: opened, port: desk.port.withLock { $0 },
                ifNoneMatch: request.field("If-None-Match"))
        else { return HTTPAnswer(status: 404, text: "no outlet lives here") }
        return HTTPAnswer(
            status: answer.status,
            fields: answer.headers.map { HTTPRequest.Field($0.name, $0.value) },
            body: .bytes(answer.body))
    }
}
