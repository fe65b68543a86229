/// A TCP address that only this machine can reach: 127.0.0.0/8, `::1`, or `localhost`.
package struct LoopbackAddress: Hashable, Sendable, CustomStringConvertible {
    /// Numeric, an IPv6 address without brackets.
    package let host: String
    /// 0 lets the kernel choose.
    package let port: UInt16

    /// Reads `127.0.0.1:8080`, `[::1]:8080` or `localhost:8080`; nil for anything else.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"),
            let port = UInt16(text[text.index(after: colon)...]),
            let host = Self.numericHost(String(text[..<colon]))
        else { return nil }
        self.host = host
        self.port = port
    }

    /// Whether a `Host` field names this machine and nothing else, with or without a port. A page
    /// of another site that had its name resolve to 127.0.0.1 still sends its own name here.
    package static func isNamed(byHostField value: String) -> Bool {
        if numericHost(value) != nil { return true }
        guard let colon = value.lastIndex(of: ":"),
            UInt16(value[value.index(after: colon)...]) != nil
        else { return false }
        return numericHost(String(value[..<colon])) != nil
    }

    package var description: String {
        (host.contains(":") ? "[\(host)]" : host) + ":\(port)"
    }

    private static func numericHost(_ text: String) -> String? {
        switch text.lowercased() {
        case "localhost": return "127.0.0.1"
        case "[::1]": return "::1"
        default:
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 4, parts[0] == "127",
                parts.allSatisfy({ $0.count <= 3 && UInt8($0) != nil && !$0.hasPrefix("+") })
            else { return nil }
            return text
        }
    }
}
