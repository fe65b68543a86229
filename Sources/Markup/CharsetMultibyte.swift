internal import Foundation

/// The charsets of East Asia. Foundation has the tables but refuses a whole text for one wrong
/// byte, so it is asked for each distinct character once and the answers are remembered.
extension CharsetDecoding {
    mutating func readMultibyte(_ bytes: ArraySlice<UInt8>, charset: Charset) {
        switch charset {
        case .iso2022JP: readCharacters(of: euc(fromISO2022: bytes), charset: .eucJP)
        default: readCharacters(of: Array(bytes), charset: charset)
        }
    }

    /// Distinct characters that are remembered: all of two bytes, and some of GB 18030's four.
    private static let rememberedMax = 65_536

    private mutating func readCharacters(of bytes: [UInt8], charset: Charset) {
        var remembered: [UInt32: [UInt8]] = [:]
        var next = 0
        while next < bytes.count {
            if bytes[next] < 0x80 {
                if bytes[next] != 0 { utf8.append(bytes[next]) }
                next += 1
                continue
            }
            let length = min(charset.characterLength(at: next, in: bytes), bytes.count - next)
            let key = bytes[next..<next + length].reduce(UInt32(length)) { $0 &* 257 &+ UInt32($1) }
            var character = remembered[key]
            if character == nil {
                let text = charset.character(Array(bytes[next..<next + length]))
                character = Array((text ?? "\u{FFFD}").utf8)
                if remembered.count < Self.rememberedMax { remembered[key] = character }
            }
            if let character, character != Self.replacement {
                utf8.append(contentsOf: character)
                beyondASCII += 1
                next += length
            } else {
                appendReplacement()
                // A byte that can stand alone is not swallowed by a broken lead.
                next += length == 2 && bytes[next + 1] < 0x80 ? 1 : length
            }
        }
    }

    /// ISO-2022-JP (RFC 1468) to EUC: what stands between its escapes, with the high bit set.
    private func euc(fromISO2022 bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var isDouble = false
        var next = bytes.startIndex
        while next < bytes.endIndex {
            if bytes[next] == 0x1B, next + 2 < bytes.endIndex {
                isDouble = bytes[next + 1] == UInt8(ascii: "$")
                next += 3
                continue
            }
            let isShifted = isDouble && 0x21...0x7E ~= bytes[next]
            result.append(isShifted ? bytes[next] | 0x80 : bytes[next])
            next += 1
        }
        return result
    }
}

extension Charset {
    /// How many bytes the character beyond ASCII at `index` has, as far as they are there.
    func characterLength(at index: Int, in bytes: [UInt8]) -> Int {
        guard index + 1 < bytes.count else { return 1 }
        let (lead, trail) = (bytes[index], bytes[index + 1])
        switch self {
        case .gb18030 where lead == 0x80: return 1
        case .gb18030 where 0x30...0x39 ~= trail: return 4
        case .eucJP where lead == 0x8F: return 3
        case .shiftJIS where 0xA0...0xDF ~= lead || lead == 0x80 || lead >= 0xFD: return 1
        default: return trail < 0x40 ? 1 : 2
        }
    }

    /// One character beyond ASCII as a string; nil when the bytes are none.
    fileprivate func character(_ bytes: [UInt8]) -> String? {
        switch self {
        case .gb18030: string(bytes, 0x0632)
        case .big5: string(bytes, 0x0A06)
        case .eucKR: string(bytes, 0x0422)
        case .shiftJIS: string(bytes, 0x0420)
        case .eucJP: japanese(bytes)
        default: nil
        }
    }

    /// `number`: CoreFoundation's, to which Foundation adds one bit.
    private func string(_ bytes: [UInt8], _ number: UInt) -> String? {
        String(data: Data(bytes), encoding: String.Encoding(rawValue: 0x8000_0000 | number))
    }

    /// Foundation has no table for EUC-JP, but the same characters stand in others: JIS X 0208 in
    /// Shift_JIS (JIS X 0208:1997, annex 1), half-width katakana too, JIS X 0212 in ISO-2022-JP-2.
    private func japanese(_ bytes: [UInt8]) -> String? {
        switch (bytes.count, bytes[0]) {
        case (2, 0x8E): return 0xA1...0xDF ~= bytes[1] ? string([bytes[1]], 0x0420) : nil
        case (2, 0xA1...0xFE):
            guard 0xA1...0xFE ~= bytes[1] else { return nil }
            let row = bytes[0] - 0xA1
            let lead = row / 2 + (row < 62 ? 0x81 : 0xC1)
            let isFirstOfTwoRows = row % 2 == 0
            let trail =
                isFirstOfTwoRows ? bytes[1] - 0xA1 + (bytes[1] < 0xE0 ? 0x40 : 0x41) : bytes[1] - 2
            return string([lead, trail], 0x0420)
        case (3, 0x8F):
            let shifted = bytes.dropFirst().map { $0 & 0x7F }
            return string([0x1B, 0x24, 0x28, 0x44] + shifted + [0x1B, 0x28, 0x42], 0x0821)
        default: return nil
        }
    }
}
