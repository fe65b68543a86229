internal import FoundationEssentials

/// JSON as the socket speaks it: keys in alphabetical order, one line, and no character raw that a
/// terminal could obey, so that `curl` alone is a safe client.
package enum ControlJSON {
    /// `value` as one line of JSON, without the newline.
    package static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return escaped(Array(try encoder.encode(value)))
    }

    /// Reads JSON that `encode` wrote.
    package static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws
        -> Value
    {
        try JSONDecoder().decode(type, from: Data(bytes))
    }

    /// Whether a character that hides may be among these; letters and quotation marks of the
    /// languages that most is written in are none.
    private static func mayHide(_ bytes: Span<UInt8>) -> Bool {
        for index in bytes.indices {
            let byte = bytes[index]
            guard byte >= 0x7F else { continue }
            let second = index + 1 < bytes.count ? bytes[index + 1] : 0
            switch byte {
            case 0x7F, 0xD8, 0xEF...0xFF: return true
            case 0xC2 where second < 0xA0: return true
            case 0xE2 where second == 0x80:
                let third = index + 2 < bytes.count ? bytes[index + 2] : 0
                if 0x8B...0x8F ~= third || third >= 0xA8 { return true }
            case 0xE2 where second == 0x81: return true
            default: break
            }
        }
        return false
    }

    /// Writes what hides as `\u` escapes. In valid JSON such characters stand only in strings,
    /// where an escape means the same.
    private static func escaped(_ bytes: [UInt8]) -> [UInt8] {
        guard mayHide(bytes.span) else { return bytes }
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.unicodeScalars.contains(where: { VisibleText.hides($0) }) else { return bytes }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + 64)
        for scalar in text.unicodeScalars {
            if VisibleText.hides(scalar) {
                for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
                    let digits = String(unit, radix: 16)
                    let zeros = String(repeating: "0", count: 4 - digits.count)
                    result += Array("\\u\(zeros)\(digits)".utf8)
                }
            } else {
                result += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
            }
        }
        return result
    }
}
