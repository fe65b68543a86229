/// Something that happened, as `/events` tells it.
package enum ControlEvent: Hashable, Sendable {
    /// A record was committed. Publish every record once, in the order of `seq`: that is the
    /// event's id, by which a reader resumes.
    case article(ArticleSummary)
    /// A feed was polled, or its health changed.
    case feed(FeedStatus)
    case state(StatusSnapshot.State)
    case reload(Reload)

    /// The id by which a stream resumes after this event.
    package var seq: UInt64? {
        if case .article(let summary) = self { summary.seq } else { nil }
    }
}

extension ControlEvent {
    /// The event as it goes over the wire (WHATWG HTML, server-sent events).
    func serverSentEvent() throws -> [UInt8] {
        let (name, data) =
            switch self {
            case .article(let summary): ("article", try ControlJSON.encode(summary))
            case .feed(let status): ("feed", try ControlJSON.encode(status))
            case .state(let state): ("state", try ControlJSON.encode(["state": state]))
            case .reload(let reload): ("reload", try ControlJSON.encode(reload))
            }
        let id = seq.map { "id: \($0)\n" } ?? ""
        return Array("\(id)event: \(name)\ndata: ".utf8) + data + Array("\n\n".utf8)
    }

    /// Reads an event back; nil for a kind that this version does not know.
    init?(name: String, data: [UInt8]) throws {
        switch name {
        case "article": self = .article(try ControlJSON.decode(ArticleSummary.self, from: data))
        case "feed": self = .feed(try ControlJSON.decode(FeedStatus.self, from: data))
        case "state":
            let states = try ControlJSON.decode(
                [String: StatusSnapshot.State].self, from: data)
            guard let state = states["state"] else { return nil }
            self = .state(state)
        case "reload": self = .reload(try ControlJSON.decode(Reload.self, from: data))
        default: return nil
        }
    }
}
