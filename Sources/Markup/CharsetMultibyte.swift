internal import Foundation

/// The charsets of East Asia. Foundation has the tables but refuses a whole text for one wrong
/// byte, so it is asked for each distinct character once and the answers are remembered.
extension CharsetDecoding {
    mutating func readMultibyte(_ bytes: ArraySlice<UInt8>, charset: Charset) {
        switch charset {
        case .eucJP: readCharacters(of: shiftJIS(fromEUC: Array(bytes)), charset: .shiftJIS)
        case .iso2022JP:
            readCharacters(of: shiftJIS(fromEUC: euc(fromISO2022: bytes)), charset: .shiftJIS)
        default: readCharacters(of: Array(bytes), charset: charset)
        }
    }

    /// Distinct characters that are remembered: all of two bytes, and some of GB 18030's four.
    private static let rememberedMax = 65_536

    private mutating func readCharacters(of bytes: [UInt8], charset: Charset) {
        guard let encoding = charset.foundationEncoding else { return }
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
                let text = String(data: Data(bytes[next..<next + length]), encoding: encoding)
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

    /// JIS X 0208 in EUC to the same in Shift_JIS (JIS X 0208:1997, annex 1): Foundation has no
    /// table for EUC-JP. Characters of JIS X 0212 (`8F`) have no place there and are lost.
    private func shiftJIS(fromEUC bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var next = 0
        while next < bytes.count {
            let lead = bytes[next]
            let trail = next + 1 < bytes.count ? bytes[next + 1] : 0
            switch (lead, trail) {
            case (0xA1...0xFE, 0xA1...0xFE):
                let row = lead - 0xA1
                result.append(row / 2 + (row < 62 ? 0x81 : 0xC1))
                let isFirstOfTwoRows = row % 2 == 0
                result.append(
                    isFirstOfTwoRows ? trail - 0xA1 + (trail < 0xE0 ? 0x40 : 0x41) : trail - 2)
                next += 2
            case (0x8E, 0xA1...0xDF):
                result.append(trail)
                next += 2
            case (0x80..., _):
                result.append(0xFF)
                next += lead == 0x8F ? min(3, bytes.count - next) : 1
            default:
                result.append(lead)
                next += 1
            }
        }
        return result
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
        case .shiftJIS where 0xA0...0xDF ~= lead || lead == 0x80 || lead >= 0xFD: return 1
        default: return trail < 0x40 ? 1 : 2
        }
    }

    /// CoreFoundation's numbers, with the bit that makes them Foundation's.
    fileprivate var foundationEncoding: String.Encoding? {
        switch self {
        case .shiftJIS: String.Encoding(rawValue: 0x8000_0420)
        case .gb18030: String.Encoding(rawValue: 0x8000_0632)
        case .big5: String.Encoding(rawValue: 0x8000_0A06)
        case .eucKR: String.Encoding(rawValue: 0x8000_0422)
        default: nil
        }
    }
}
