/// A character reference of XML (XML 1.0, section 4.1): the five names that XML knows, numbers,
/// and, because feeds use them undeclared, HTML's names. Always with its semicolon.
enum XMLReference {
    /// References are short: `&CounterClockwiseContourIntegral;` has the longest name.
    static let bytesMax = 40

    /// The one byte that the commonest references stand for, and how long they are, told by the
    /// eight bytes at their `&`; nil for all others.
    @inline(__always)
    static func common(_ word: UInt64) -> (byte: UInt8, length: Int)? {
        switch word & 0xFFFF_FFFF {
        case 0x3B74_6C26: return (UInt8(ascii: "<"), 4)  // &lt;
        case 0x3B74_6726: return (UInt8(ascii: ">"), 4)  // &gt;
        default: break
        }
        switch word & 0xFF_FFFF_FFFF {
        case 0x3B_706D_6126: return (UInt8(ascii: "&"), 5)  // &amp;
        case 0x3B_3933_2326: return (UInt8(ascii: "'"), 5)  // &#39;
        case 0x3B_3433_2326: return (UInt8(ascii: "\""), 5)  // &#34;
        default: break
        }
        switch word & 0xFFFF_FFFF_FFFF {
        case 0x3B74_6F75_7126: return (UInt8(ascii: "\""), 6)  // &quot;
        case 0x3B73_6F70_6126: return (UInt8(ascii: "'"), 6)  // &apos;
        default: return nil
        }
    }

    /// What the reference at `index` stands for, nothing for a control character, and the index
    /// after it; nil when none starts there or it does not end before `end`.
    static func read(
        at index: Int, in bytes: [UInt8], to end: Int
    ) -> (utf8: [UInt8], end: Int)? {
        guard let semicolon = semicolon(after: index, in: bytes, to: end) else { return nil }
        if bytes[index + 1] == UInt8(ascii: "#") {
            guard let value = number(in: bytes, index + 2..<semicolon) else { return nil }
            var utf8: [UInt8] = []
            appendScalar(value, to: &utf8)
            return (utf8, semicolon + 1)
        }
        guard let (utf8, after) = characterReference(at: index, in: bytes), after == semicolon + 1
        else { return nil }
        return (utf8, after)
    }

    private static func semicolon(after index: Int, in bytes: [UInt8], to end: Int) -> Int? {
        var next = index + 1
        let last = min(end, index + bytesMax)
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

    /// C1 controls are what windows-1252 has in their places.
    private static func number(in bytes: [UInt8], _ range: Range<Int>) -> UInt32? {
        var digits = range
        guard let first = digits.first else { return nil }
        let isHexadecimal = lowercased(bytes[first]) == UInt8(ascii: "x")
        if isHexadecimal { digits = first + 1..<digits.upperBound }
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
