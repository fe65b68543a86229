/// What a server wants to see before it gives a feed out. Never part of an address, a log line, a
/// state or an answer: whatever writes it, writes `hidden`.
package enum Credentials: Hashable, Sendable {
    /// RFC 7617.
    case basic(user: String, password: String)
    /// RFC 6750.
    case bearer(token: String)

    /// From the content of a file: `user:password`, or a token alone. nil when it is empty, longer
    /// than 4,096 bytes, or more than one line of printable ASCII.
    package init?(file bytes: [UInt8]) {
        var line = bytes[...]
        while let last = line.last, last == 0x0A || last == 0x0D { line.removeLast() }
        guard 1...4096 ~= line.count, line.allSatisfy({ 0x21...0x7E ~= $0 || $0 == 0x20 }) else {
            return nil
        }
        let text = String(decoding: line, as: UTF8.self)
        if let colon = text.firstIndex(of: ":") {
            self = .basic(
                user: String(text[..<colon]), password: String(text[text.index(after: colon)...]))
        } else {
            guard !text.contains(" ") else { return nil }
            self = .bearer(token: text)
        }
    }
}

extension Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "hidden" }
    package var debugDescription: String { "hidden" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
