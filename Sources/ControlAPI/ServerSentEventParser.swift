/// Reads server-sent events as this API writes them: fields by line, an empty line after each event
/// (WHATWG HTML, section 9.2.6).
struct ServerSentEventParser {
    struct Message: Equatable {
        var name = "message"
        var data: [UInt8] = []
    }

    /// Bytes of one event at most.
    static let messageBytesMax = 1 << 20

    private var line: [UInt8] = []
    private var message = Message()
    private var hasData = false

    /// The events that end in these bytes.
    /// - Throws: `ControlError.unexpectedAnswer` when one is longer than any can be.
    mutating func read(_ bytes: some Sequence<UInt8>) throws(ControlError) -> [Message] {
        var messages: [Message] = []
        for byte in bytes {
            switch byte {
            case 0x0A:
                if let message = endLine() { messages.append(message) }
            case 0x0D: break
            default: line.append(byte)
            }
            guard line.count + message.data.count <= Self.messageBytesMax else {
                throw .unexpectedAnswer(status: 200, reason: "an event of it has no end")
            }
        }
        return messages
    }

    private mutating func endLine() -> Message? {
        defer { line.removeAll(keepingCapacity: true) }
        guard !line.isEmpty else {
            defer {
                message = Message()
                hasData = false
            }
            return hasData ? message : nil
        }
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        var value = line[colon...].dropFirst()
        if value.first == 0x20 { value = value.dropFirst() }
        switch String(decoding: line[..<colon], as: UTF8.self) {
        case "event": message.name = String(decoding: value, as: UTF8.self)
        case "data":
            if hasData { message.data.append(0x0A) }
            message.data += value
            hasData = true
        default: break
        }
        return nil
    }
}
