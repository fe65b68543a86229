/// An absolute `http` or `https` address, parsed and written in one form: lower-case scheme and
/// host, no default port, no dot segments, unsafe bytes percent-encoded (RFC 3986, with what the
/// WHATWG URL Standard forgives: surrounding space, tabs and newlines inside, backslashes).
///
/// What it is not: a promise that the address is public, that it answers, or that it names one
/// document. `Fetching` checks addresses when they are resolved; `canonicalise` compares documents.
package struct HTTPURL: Hashable, Sendable, CustomStringConvertible {
    /// No address longer than this is taken.
    package static let bytesMax = 4096

    private let parts: Shared<Parts>

    package var isSecure: Bool { parts.value.isSecure }
    /// `user:password`, as written, percent-encoded; nil when there is none.
    package var userInfo: String? { parts.value.userInfo }
    /// Lower case, without a final dot; an IPv6 address in its brackets.
    package var host: String { parts.value.host }
    /// nil for the scheme's own port.
    package var port: UInt16? { parts.value.port }
    /// Starts with `/`.
    package var path: String { parts.value.path }
    /// Without the `?`; nil when there is none.
    package var query: String? { parts.value.query }
    /// Without the `#`; nil when there is none. Never sent.
    package var fragment: String? { parts.value.fragment }

    /// Reads an absolute address; nil when it is not HTTP, has no host, or is too long.
    package init?(_ text: String) {
        self.init(text, relativeTo: nil)
    }

    /// Reads a reference and resolves it against `base` (RFC 3986, section 5.2).
    package init?(_ text: String, relativeTo base: HTTPURL?) {
        guard text.utf8.count <= Self.bytesMax else { return nil }
        var rest = text.utf8.filter { $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }[...]
        while let first = rest.first, first <= 0x20 { rest.removeFirst() }
        while let last = rest.last, last <= 0x20 { rest.removeLast() }

        var parts = Parts()
        if let mark = rest.firstIndex(of: UInt8(ascii: "#")) {
            parts.fragment = percentEncoded(rest[(mark + 1)...], allowing: .query)
            rest = rest[..<mark]
        }
        let scheme = Self.scheme(of: rest)
        if let scheme { rest = rest[(rest.startIndex + scheme.utf8.count + 1)...] }
        switch scheme {
        case "http", "https": parts.isSecure = scheme == "https"
        case nil:
            guard let base else { return nil }
            parts.isSecure = base.isSecure
        default: return nil
        }
        if let mark = rest.firstIndex(of: UInt8(ascii: "?")) {
            parts.query = percentEncoded(rest[(mark + 1)...], allowing: .query)
            rest = rest[..<mark]
        }
        if rest.contains(UInt8(ascii: "\\")) {
            rest = rest.map { $0 == UInt8(ascii: "\\") ? UInt8(ascii: "/") : $0 }[...]
        }

        let slashes = rest.prefix { $0 == UInt8(ascii: "/") }.count
        if slashes >= 2 || scheme != nil {
            rest = rest.dropFirst(scheme == nil ? 2 : slashes)
            let end = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
            guard let authority = Authority(rest[..<end], isSecure: parts.isSecure) else {
                return nil
            }
            parts.userInfo = authority.userInfo
            parts.host = authority.host
            parts.port = authority.port
            parts.path = removingDotSegments(percentEncoded(rest[end...], allowing: .path))
        } else {
            guard let base else { return nil }
            parts.userInfo = base.userInfo
            parts.host = base.host
            parts.port = base.port
            let written = percentEncoded(rest, allowing: .path)
            if written.isEmpty {
                parts.path = base.path
                parts.query = parts.query ?? base.query
            } else if slashes == 1 {
                parts.path = removingDotSegments(written)
            } else {
                let folder = base.path.lastIndex(of: "/").map { base.path[...$0] } ?? "/"
                parts.path = removingDotSegments(folder + written)
            }
        }
        self.parts = Shared(parts)
        guard byteCount <= Self.bytesMax else { return nil }
    }

    /// From parts that are already in their one form.
    init(
        isSecure: Bool, userInfo: String?, host: String, port: UInt16?, path: String,
        query: String?, fragment: String?
    ) {
        parts = Shared(
            Parts(
                isSecure: isSecure, userInfo: userInfo, host: host, port: port, path: path,
                query: query, fragment: fragment))
    }

    /// An address is held in many places and copied more often than taken apart: its parts stand
    /// apart, and copies share them.
    private struct Parts: Hashable {
        var isSecure = false
        var userInfo: String?
        var host = ""
        var port: UInt16?
        var path = ""
        var query: String?
        var fragment: String?
    }

    /// The scheme before the first colon, in lower case; nil when the reference has none.
    private static func scheme(of bytes: ArraySlice<UInt8>) -> String? {
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon > bytes.startIndex,
            isLetter(bytes[bytes.startIndex])
        else { return nil }
        let name = bytes[..<colon]
        let isScheme = name.allSatisfy {
            isLetter($0) || 0x30...0x39 ~= $0 || [0x2B, 0x2D, 0x2E].contains($0)
        }
        return isScheme ? String(decoding: name, as: UTF8.self).lowercased() : nil
    }

    package var scheme: String { isSecure ? "https" : "http" }
    /// The port that a connection goes to.
    package var effectivePort: UInt16 { port ?? (isSecure ? 443 : 80) }

    /// How many bytes `description` has.
    private var byteCount: Int {
        var count = scheme.utf8.count + 3 + host.utf8.count + path.utf8.count
        if let userInfo { count += userInfo.utf8.count + 1 }
        if let port { count += "\(port)".utf8.count + 1 }
        if let query { count += query.utf8.count + 1 }
        if let fragment { count += fragment.utf8.count + 1 }
        return count
    }

    /// Scheme, host and port: what credentials, robots rules and politeness belong to.
    package var origin: String { "\(scheme)://\(host)" + (port.map { ":\($0)" } ?? "") }

    /// This address with the credentials of `other` when they are meant for it, because scheme,
    /// host and port are the same, and with none otherwise.
    package func sharingCredentials(of other: HTTPURL) -> HTTPURL {
        HTTPURL(
            isSecure: isSecure, userInfo: origin == other.origin ? other.userInfo : nil,
            host: host, port: port, path: path, query: query, fragment: fragment)
    }

    /// This address without credentials: what others may be resolved against and kept.
    package var withoutCredentials: HTTPURL {
        HTTPURL(
            isSecure: isSecure, userInfo: nil, host: host, port: port, path: path, query: query,
            fragment: fragment)
    }

    /// The whole address without its fragment and credentials: what a person may be shown.
    package var withoutSecrets: String {
        var text = isSecure ? "https://" : "http://"
        text.reserveCapacity(text.utf8.count + host.utf8.count + path.utf8.count + 16)
        text += host
        if let port { text += ":" + String(port) }
        text += path
        if let query { text += "?" + query }
        return text
    }

    /// The whole address, credentials and fragment included.
    package var description: String {
        let user = userInfo.map { "\($0)@" } ?? ""
        return "\(scheme)://\(user)\(host)" + (port.map { ":\($0)" } ?? "") + path
            + (query.map { "?\($0)" } ?? "") + (fragment.map { "#\($0)" } ?? "")
    }
}

extension HTTPURL: Codable {
    package init(from decoder: any Decoder) throws {
        self = try decodeText(from: decoder, as: "an http address") { HTTPURL($0) }
    }
    package func encode(to encoder: any Encoder) throws { try encodeText(description, to: encoder) }
}

/// The part between `//` and the path.
private struct Authority {
    var userInfo: String?
    var host: String
    var port: UInt16?

    init?(_ bytes: ArraySlice<UInt8>, isSecure: Bool) {
        var rest = bytes
        if let at = rest.lastIndex(of: UInt8(ascii: "@")) {
            let user = percentEncoded(rest[..<at], allowing: .userInfo)
            userInfo = user.isEmpty ? nil : user
            rest = rest[(at + 1)...]
        }
        let bracket = rest.lastIndex(of: UInt8(ascii: "]"))
        let colon = rest.lastIndex(of: UInt8(ascii: ":"))
        if let colon, colon > bracket ?? -1 {
            let digits = rest[(colon + 1)...]
            if !digits.isEmpty {
                guard digits.count <= 5, digits.allSatisfy({ 0x30...0x39 ~= $0 }),
                    let number = UInt16(String(decoding: digits, as: UTF8.self)), number > 0
                else { return nil }
                port = number == (isSecure ? 443 : 80) ? nil : number
            }
            rest = rest[..<colon]
        }
        var name = String(decoding: rest, as: UTF8.self).lowercased()
        if name.hasSuffix(".") { name.removeLast() }
        guard Self.isHost(name) else { return nil }
        host = name
    }

    /// A name of letters, digits, `-`, `.`, `_` and anything beyond ASCII that is not a space or a
    /// control, or an IPv6 address in brackets.
    private static func isHost(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        let labels = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard bytes.count <= 253, !labels.contains(where: \.isEmpty) else { return false }
        if bytes.first == UInt8(ascii: "["), bytes.last == UInt8(ascii: "]") {
            return bytes.count > 3
                && bytes[1..<(bytes.count - 1)].allSatisfy {
                    0x30...0x3A ~= $0 || 0x61...0x66 ~= $0 || $0 == UInt8(ascii: ".")
                }
        }
        return name.unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0x30...0x39, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
            case 0x80...:
                !scalar.properties.isWhitespace && scalar.properties.generalCategory != .control
                    && scalar.properties.generalCategory != .format
            default: false
            }
        }
    }
}

/// Which bytes may stand unencoded in a part of an address (RFC 3986, section 3).
private enum URLPart {
    case userInfo, path, query

    func allows(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"),
            UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "'"),
            UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "*"), UInt8(ascii: "+"),
            UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "="), UInt8(ascii: ":"),
            UInt8(ascii: "%"):
            true
        case UInt8(ascii: "@"), UInt8(ascii: "/"), UInt8(ascii: "["), UInt8(ascii: "]"),
            UInt8(ascii: "|"):
            self != .userInfo
        case UInt8(ascii: "?"): self == .query
        default: false
        }
    }
}

private func percentEncoded(_ bytes: some Collection<UInt8>, allowing part: URLPart) -> String {
    if bytes.allSatisfy(part.allows) { return String(decoding: bytes, as: UTF8.self) }
    let hexadecimal = Array("0123456789ABCDEF".utf8)
    var result: [UInt8] = []
    for byte in bytes {
        if part.allows(byte) {
            result.append(byte)
        } else {
            result += [
                UInt8(ascii: "%"), hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)],
            ]
        }
    }
    return String(decoding: result, as: UTF8.self)
}

/// RFC 3986, section 5.2.4; always starts with a slash.
private func removingDotSegments(_ path: String) -> String {
    if path.hasPrefix("/"), !mayHaveDotSegments(path.utf8) { return path }
    var kept: [Substring] = []
    let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst(
        path.hasPrefix("/") ? 1 : 0)
    for (index, segment) in segments.enumerated() {
        let isLast = index == segments.count - 1
        switch segment.lowercased() {
        case ".", "%2e":
            if isLast { kept.append("") }
        case "..", ".%2e", "%2e.", "%2e%2e":
            if !kept.isEmpty { kept.removeLast() }
            if isLast { kept.append("") }
        default: kept.append(segment)
        }
    }
    return "/" + kept.joined(separator: "/")
}

/// Whether some segment starts with a dot, or with what may be one percent-encoded.
private func mayHaveDotSegments(_ path: String.UTF8View) -> Bool {
    zip(path, path.dropFirst()).contains { byte, next in
        byte == UInt8(ascii: "/") && (next == UInt8(ascii: ".") || next == UInt8(ascii: "%"))
    }
}

func isLetter(_ byte: UInt8) -> Bool { 0x61...0x7A ~= byte | 0x20 }
