/// Character data of XML.
extension XMLTokenizer {
    /// Whether the text at `range` has to be changed by `append`.
    package func hasReferences(_ range: Range<Int>) -> Bool {
        bytes.span.firstIndex(of: UInt8(ascii: "&"), from: range.lowerBound, to: range.upperBound)
            < range.upperBound
    }

    /// Appends the text at `range`, a range of this document, references decoded unless
    /// `isLiteral`.
    ///
    /// References are the five of XML, numbers, and HTML's names, always with their semicolon;
    /// anything else stays as it is written. Cost: linear.
    package mutating func append(
        _ range: Range<Int>, isLiteral: Bool = false, to buffer: inout TextBuffer
    ) {
        if isLiteral {
            buffer.append(bytes[range])
        } else if buffer.append(decoding: bytes, range) {
            damage.insert(.undeclaredReference)
        }
    }

    /// The same for an array.
    package mutating func append(
        _ range: Range<Int>, isLiteral: Bool = false, to result: inout [UInt8]
    ) {
        guard !isLiteral, hasReferences(range) else {
            result.append(contentsOf: bytes[range])
            return
        }
        var buffer = TextBuffer()
        append(range, to: &buffer)
        result.append(contentsOf: buffer.bytes)
    }

    /// The value of an attribute or an element as a string.
    package mutating func string(_ range: Range<Int>, isLiteral: Bool = false) -> String {
        if isLiteral || !hasReferences(range) { return Markup.string(bytes, range) }
        var buffer = TextBuffer()
        append(range, to: &buffer)
        return buffer.string
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
