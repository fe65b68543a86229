/// HTTP/2 as a server should not speak it (RFC 9113): each fault is what is sent once the client's
/// first request is there.
package enum H2Fault: String, CaseIterable, Sendable {
    case garbage = "h2-garbage"
    case oversizedFrame = "h2-frame-oversized"
    case settingsFlood = "h2-settings-flood"
    case pingFlood = "h2-ping-flood"
    case continuationFlood = "h2-continuation-flood"
    case headerBomb = "h2-header-bomb"
    case refused = "h2-rst"
    case goaway = "h2-goaway"
    case stall = "h2-stall"
    case endlessData = "h2-data-endless"
    case emptyData = "h2-data-empty-flood"
    case push = "h2-push"
    /// None: an answer as it should be.
    case none = "h2-good"

    /// Words of which the status must hold one; none when the feed is to be read.
    package var says: [String] {
        switch self {
        case .none: []
        case .endlessData: ["body is too large", "time ran out", "connection ended"]
        case .continuationFlood, .headerBomb:
            ["header is too large", "connection ended", "libcurl failed", "time ran out"]
        default: ["connection ended", "time ran out", "libcurl failed", "bytes a second", "empty"]
        }
    }

    /// The answer to all that a client has sent so far; each piece of it is sent once.
    package func answer(to received: [UInt8], document: [UInt8]) -> [UInt8] {
        let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
        guard received.starts(with: preface), Self.hasRequest(received.dropFirst(preface.count))
        else { return [] }
        return Self.frame(4, flags: 0, stream: 0, []) + Self.frame(4, flags: 1, stream: 0, [])
            + misdeed(document)
    }

    private func misdeed(_ document: [UInt8]) -> [UInt8] {
        // `:status: 200` is field 8 of the static table (RFC 7541, appendix A).
        let head = Self.frame(1, flags: 4, stream: 1, [0x88])
        let times = 20_000
        switch self {
        case .none: return head + Self.frame(0, flags: 1, stream: 1, document)
        case .garbage: return Array(repeating: 0xA5, count: 4096)
        case .oversizedFrame:
            return head + [0x10, 0, 0, 0, 0, 0, 0, 0, 1] + Array(repeating: 0x20, count: 1 << 20)
        case .settingsFlood:
            return (0..<times).flatMap { _ in Self.frame(4, flags: 0, stream: 0, []) }
        case .pingFlood:
            let ping = Self.frame(6, flags: 0, stream: 0, Array(repeating: 7, count: 8))
            return (0..<times).flatMap { _ in ping }
        case .continuationFlood:
            // A literal field that is never indexed: name `a`, value of 100 bytes.
            let field: [UInt8] = [0x10, 1, 0x61, 100] + Array(repeating: 0x62, count: 100)
            let part = Self.frame(9, flags: 0, stream: 1, field)
            return Self.frame(1, flags: 0, stream: 1, [0x88]) + (0..<times).flatMap { _ in part }
        case .headerBomb:
            // One field of 4,000 bytes into the dynamic table, then named by one byte each.
            let field: [UInt8] =
                [0x40, 1, 0x61, 0x7F, 0xA1, 0x1E] + Array(repeating: 0x62, count: 4000)
            let block = [0x88] + field + Array(repeating: 0xBE, count: 8000)
            return Self.frame(1, flags: 4, stream: 1, block)
        case .refused: return Self.frame(3, flags: 0, stream: 1, [0, 0, 0, 7])
        case .goaway: return Self.frame(7, flags: 0, stream: 0, [0, 0, 0, 0, 0, 0, 0, 11])
        case .stall: return head + Self.frame(0, flags: 0, stream: 1, Array(document.prefix(20)))
        case .endlessData:
            let part = Self.frame(0, flags: 0, stream: 1, Array(repeating: 0x20, count: 16_000))
            return head + (0..<1200).flatMap { _ in part }
        case .emptyData:
            let empty = Self.frame(0, flags: 0, stream: 1, [])
            return head + (0..<times).flatMap { _ in empty }
        case .push:
            return Self.frame(5, flags: 4, stream: 1, [0, 0, 0, 2, 0x82, 0x87, 0x84])
        }
    }

    /// Whether a HEADERS frame is among the frames.
    private static func hasRequest(_ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        while rest.count >= 9 {
            let header = Array(rest.prefix(9))
            if header[3] == 1 { return true }
            let length = Int(header[0]) << 16 | Int(header[1]) << 8 | Int(header[2])
            rest = rest.dropFirst(9 + length)
        }
        return false
    }

    /// A frame (RFC 9113, section 4.1).
    private static func frame(
        _ type: UInt8, flags: UInt8, stream: UInt8, _ payload: [UInt8]
    ) -> [UInt8] {
        let length = payload.count
        return [
            UInt8(truncatingIfNeeded: length >> 16), UInt8(truncatingIfNeeded: length >> 8),
            UInt8(truncatingIfNeeded: length), type, flags, 0, 0, 0, stream,
        ] + payload
    }
}

extension TLSServer {
    /// A server with that fault; `other` lends its authority.
    package convenience init(
        _ fault: H2Fault, document: [UInt8], sharing other: TLSServer
    ) throws {
        let told = Told()
        try self.init(
            .good, conduct: .raw(protocols: "h2"), sharing: other,
            answer: { received in
                // Each new connection begins with the preface again; the pipe does not say where.
                told.first { fault.answer(to: received, document: document) }
            })
    }
}
