/// Character data of XML, brought to plain UTF-8.
extension XMLTokenizer {
    /// Appends the text at `range`: references decoded unless `isLiteral`, line ends made `\n`,
    /// control characters dropped, C1 controls read as the windows-1252 characters that were meant.
    ///
    /// References are the five of XML, numbers, and HTML's names, always with their semicolon;
    /// anything else stays as it is written. Cost: linear.
    package mutating func append(
        _ range: Range<Int>, isLiteral: Bool = false, to result: inout [UInt8]
    ) {
        let bytes = bytes
        var start = range.lowerBound
        var next = start
        let end = min(range.upperBound, bytes.count)
        while next < end {
            let byte = bytes[next]
            let isPlain =
                byte >= 0x20
                ? byte != UInt8(ascii: "&") && byte != 0xC2 && byte != 0x7F
                : byte == 0x0A || byte == 0x09
            if isPlain {
                next += 1
                continue
            }
            result.append(contentsOf: bytes[start..<next])
            start = next
            if byte == UInt8(ascii: "&") {
                next = isLiteral ? next + 1 : appendReference(at: next, end: end, to: &result)
                if next == start {
                    damage.insert(.undeclaredReference)
                    next += 1
                    continue
                }
                if isLiteral { continue }
            } else if byte == 0xC2 {
                let second = next + 1 < end ? bytes[next + 1] : 0
                guard 0x80...0x9F ~= second else {
                    next += 1
                    continue
                }
                appendScalar(UInt32(windows1252C1[Int(second) - 0x80]), to: &result)
                next += 2
            } else if byte == 0x0D {
                if next + 1 >= end || bytes[next + 1] != 0x0A { result.append(0x0A) }
                next += 1
            } else {
                damage.insert(.controlCharacter)
                next += 1
            }
            start = next
        }
        if start < end { result.append(contentsOf: bytes[start..<end]) }
    }

    /// The value of an attribute or an element as a string.
    package mutating func string(_ range: Range<Int>, isLiteral: Bool = false) -> String {
        var text: [UInt8] = []
        append(range, isLiteral: isLiteral, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends what the reference at `index` names and gives the index after it; `index` itself
    /// when it is none.
    private func appendReference(at index: Int, end: Int, to result: inout [UInt8]) -> Int {
        guard let semicolon = semicolon(after: index, end: end) else { return index }
        let length = semicolon - index - 1
        switch (length, byte(at: index + 1)) {
        case (2, UInt8(ascii: "l")) where bytes[index + 2] == UInt8(ascii: "t"):
            result.append(UInt8(ascii: "<"))
        case (2, UInt8(ascii: "g")) where bytes[index + 2] == UInt8(ascii: "t"):
            result.append(UInt8(ascii: ">"))
        case (3, UInt8(ascii: "a")) where matches("&amp;", at: index):
            result.append(UInt8(ascii: "&"))
        case (4, UInt8(ascii: "q")) where matches("&quot;", at: index):
            result.append(UInt8(ascii: "\""))
        case (4, UInt8(ascii: "a")) where matches("&apos;", at: index):
            result.append(UInt8(ascii: "'"))
        case (2..., UInt8(ascii: "#")):
            guard let value = number(in: index + 2..<semicolon) else { return index }
            appendScalar(value, to: &result)
        default:
            guard let (utf8, after) = characterReference(at: index, in: bytes),
                after == semicolon + 1
            else { return index }
            result.append(contentsOf: utf8)
        }
        return semicolon + 1
    }

    /// References are short: a semicolon further away belongs to something else.
    private func semicolon(after index: Int, end: Int) -> Int? {
        var next = index + 1
        let last = min(end, index + Self.referenceBytesMax)
        while next < last {
            let byte = bytes[next]
            if byte == UInt8(ascii: ";") { return next > index + 1 ? next : nil }
            guard isNameStart(byte) || 0x30...0x39 ~= byte || byte == UInt8(ascii: "#") else {
                return nil
            }
            next += 1
        }
        return nil
    }

    /// `&CounterClockwiseContourIntegral;` is the longest name.
    private static let referenceBytesMax = 40

    private func number(in range: Range<Int>) -> UInt32? {
        var digits = range
        let isHexadecimal = lowercased(byte(at: digits.lowerBound)) == UInt8(ascii: "x")
        if isHexadecimal { digits = digits.lowerBound + 1..<digits.upperBound }
        guard !digits.isEmpty else { return nil }
        var value: UInt32 = 0
        for index in digits {
            let byte = lowercased(bytes[index])
            switch byte {
            case 0x30...0x39: value = value &* (isHexadecimal ? 16 : 10) &+ UInt32(byte - 0x30)
            case 0x61...0x66 where isHexadecimal: value = value &* 16 &+ UInt32(byte - 0x61 + 10)
            default: return nil
            }
            if value > 0x10FFFF { return 0xFFFD }
        }
        return 0x80...0x9F ~= value ? UInt32(windows1252C1[Int(value) - 0x80]) : value
    }
}

/// Appends a scalar as UTF-8: nothing for control characters, U+FFFD for what is no scalar.
func appendScalar(_ value: UInt32, to result: inout [UInt8]) {
    switch value {
    case 0x09, 0x0A, 0x0D: result.append(UInt8(truncatingIfNeeded: value))
    case 0..<0x20, 0x7F..<0xA0: break
    default:
        let scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
        result.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
}

/// What windows-1252 has at 80…9F, where ISO 8859-1 and Unicode have controls that nobody means
/// (WHATWG HTML, section 13.2.5.80). Bytes that it leaves free stay themselves.
let windows1252C1: [UInt16] = [
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
    0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
]
