/// A JSON value as pages embed it.
enum LooseJSON: Equatable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([LooseJSON])
    /// Members in order; of a repeated name the first counts.
    case object([(name: String, value: LooseJSON)])

    /// Reads JSON and forgives what publishers do to it: raw line breaks in strings, commas before
    /// a closing bracket, comments around it, a missing end. nil when there is no value at all.
    /// Cost: linear; nested deeper than `depthMax` counts as the end.
    init?(_ bytes: ArraySlice<UInt8>) {
        var reader = LooseJSONReader(bytes)
        guard let value = reader.document() else { return nil }
        self = value
    }

    static func == (a: LooseJSON, b: LooseJSON) -> Bool {
        switch (a, b) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.number(let a), .number(let b)): a == b
        case (.string(let a), .string(let b)): a == b
        case (.array(let a), .array(let b)): a == b
        case (.object(let a), .object(let b)):
            a.count == b.count
                && zip(a, b).allSatisfy { $0.name == $1.name && $0.value == $1.value }
        default: false
        }
    }

    subscript(_ name: String) -> LooseJSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The elements of an array, or the value alone.
    var list: [LooseJSON] {
        switch self {
        case .array(let values): values
        case .null: []
        default: [self]
        }
    }

    var text: String? {
        if case .string(let text) = self { text } else { nil }
    }
}

private struct LooseJSONReader {
    private let bytes: ArraySlice<UInt8>
    private var index: Int
    private var depth = 0
    private static let depthMax = 64

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        index = bytes.startIndex
    }

    mutating func document() -> LooseJSON? {
        // `<!--`, `//<![CDATA[` and the like stand before the value in old pages.
        while index < bytes.endIndex, bytes[index] != UInt8(ascii: "{") {
            if bytes[index] == UInt8(ascii: "["), !follows("CDATA[") { break }
            index += 1
        }
        return value()
    }

    private mutating func value() -> LooseJSON? {
        skipSpace()
        guard index < bytes.endIndex, depth < Self.depthMax else { return nil }
        depth += 1
        defer { depth -= 1 }
        switch bytes[index] {
        case UInt8(ascii: "{"): return object()
        case UInt8(ascii: "["): return array()
        case UInt8(ascii: "\""): return .string(string())
        case UInt8(ascii: "t"): return word("true", .bool(true))
        case UInt8(ascii: "f"): return word("false", .bool(false))
        case UInt8(ascii: "n"): return word("null", .null)
        default: return number()
        }
    }

    private mutating func object() -> LooseJSON {
        var members: [(name: String, value: LooseJSON)] = []
        index += 1
        while true {
            skipSpaceAndCommas()
            guard index < bytes.endIndex, bytes[index] == UInt8(ascii: "\"") else { break }
            let name = string()
            skipSpace()
            guard index < bytes.endIndex, bytes[index] == UInt8(ascii: ":") else { break }
            index += 1
            guard let value = value() else { break }
            members.append((name, value))
        }
        if index < bytes.endIndex, bytes[index] == UInt8(ascii: "}") { index += 1 }
        return .object(members)
    }

    private mutating func array() -> LooseJSON {
        var values: [LooseJSON] = []
        index += 1
        while true {
            skipSpaceAndCommas()
            guard index < bytes.endIndex, bytes[index] != UInt8(ascii: "]"),
                let value = value()
            else { break }
            values.append(value)
        }
        if index < bytes.endIndex, bytes[index] == UInt8(ascii: "]") { index += 1 }
        return .array(values)
    }

    private mutating func string() -> String {
        index += 1
        var result: [UInt8] = []
        while index < bytes.endIndex, bytes[index] != UInt8(ascii: "\"") {
            if bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.endIndex {
                index += 1
                escape(into: &result)
            } else {
                let start = index
                repeat { index += 1 } while index < bytes.endIndex && !endsRun(bytes[index])
                result.append(contentsOf: bytes[start..<index])
            }
        }
        if index < bytes.endIndex { index += 1 }
        return String(decoding: result, as: UTF8.self)
    }

    private func endsRun(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func escape(into result: inout [UInt8]) {
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "n"): result.append(0x0A)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "r"), UInt8(ascii: "b"), UInt8(ascii: "f"): result.append(0x20)
        case UInt8(ascii: "u"): result.append(contentsOf: String(unicodeEscape()).utf8)
        default: result.append(byte)
        }
    }

    /// After `\u`; surrogates come in pairs, a single one is damage.
    private mutating func unicodeEscape() -> Character {
        guard let first = fourDigits() else { return "\u{FFFD}" }
        if 0xD800...0xDBFF ~= first, follows("\\u") {
            let start = index
            index += 2
            if let second = fourDigits(), 0xDC00...0xDFFF ~= second {
                let value = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
                return Character(Unicode.Scalar(value) ?? "\u{FFFD}")
            }
            index = start
        }
        return Character(Unicode.Scalar(first) ?? "\u{FFFD}")
    }

    private mutating func fourDigits() -> UInt32? {
        guard index + 4 <= bytes.endIndex,
            let value = UInt32(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16)
        else { return nil }
        index += 4
        return value
    }

    private mutating func number() -> LooseJSON? {
        let start = index
        while index < bytes.endIndex, "+-.0123456789eE".utf8.contains(bytes[index]) { index += 1 }
        guard index > start else { return nil }
        return Double(String(decoding: bytes[start..<index], as: UTF8.self)).map { .number($0) }
    }

    private mutating func word(_ text: String, _ value: LooseJSON) -> LooseJSON? {
        guard follows(text) else { return nil }
        index += text.utf8.count
        return value
    }

    private func follows(_ text: String) -> Bool {
        let start = bytes[index] == UInt8(ascii: "[") && text.first == "C" ? index + 1 : index
        return bytes[start...].starts(with: text.utf8)
    }

    private mutating func skipSpace() {
        while index < bytes.endIndex, bytes[index] <= 0x20 { index += 1 }
    }

    private mutating func skipSpaceAndCommas() {
        while index < bytes.endIndex, bytes[index] <= 0x20 || bytes[index] == UInt8(ascii: ",") {
            index += 1
        }
    }
}
