/// From one charset to UTF-8. Bytes without a meaning become U+FFFD and are counted; NUL is
/// dropped. Cost: linear.
struct CharsetDecoding {
    var utf8: [UInt8] = []
    /// Bytes, or pairs of them, that had to be replaced.
    var replaced = 0
    /// Characters beyond ASCII that were read.
    var beyondASCII = 0

    static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

    init(_ bytes: ArraySlice<UInt8>, from charset: Charset) {
        utf8.reserveCapacity(bytes.count + bytes.count / 8)
        switch charset {
        case .utf8: readUTF8(bytes)
        case .utf16LE, .utf16BE: readUTF16(bytes, isBigEndian: charset == .utf16BE)
        case .utf32LE, .utf32BE: readUTF32(bytes, isBigEndian: charset == .utf32BE)
        default:
            if let table = charset.upperHalf, table.count == 128 {
                readSingleBytes(bytes, table: table)
            } else {
                readMultibyte(bytes, charset: charset)
            }
        }
    }

    // MARK: - Unicode

    private mutating func readUTF8(_ bytes: ArraySlice<UInt8>) {
        var start = bytes.startIndex
        var next = start
        while next < bytes.endIndex {
            let byte = bytes[next]
            if byte != 0, byte < 0x80 {
                next += 1
                continue
            }
            let length = byte == 0 ? 0 : utf8Length(at: next, in: bytes)
            if length > 0 {
                beyondASCII += 1
                next += length
                continue
            }
            utf8.append(contentsOf: bytes[start..<next])
            if byte != 0 {
                replaced += 1
                utf8.append(contentsOf: Self.replacement)
            }
            next += max(1, wrongLength(at: next, in: bytes))
            start = next
        }
        utf8.append(contentsOf: bytes[start...])
    }

    /// How many bytes of a broken sequence are one error (Unicode 16, section 3.9: the maximal
    /// subpart).
    private func wrongLength(at index: Int, in bytes: ArraySlice<UInt8>) -> Int {
        guard let (needed, second) = utf8Shape(of: bytes[index]), index + 1 < bytes.endIndex,
            second ~= bytes[index + 1]
        else { return 1 }
        var next = index + 2
        while next < bytes.endIndex, next < index + needed, 0x80...0xBF ~= bytes[next] { next += 1 }
        return next - index
    }

    private mutating func readUTF16(_ bytes: ArraySlice<UInt8>, isBigEndian: Bool) {
        var next = bytes.startIndex
        func unit(_ index: Int) -> UInt32? {
            guard index + 1 < bytes.endIndex else { return nil }
            let (first, second) = (UInt32(bytes[index]), UInt32(bytes[index + 1]))
            return isBigEndian ? first << 8 | second : second << 8 | first
        }
        while let high = unit(next) {
            next += 2
            if 0xD800...0xDBFF ~= high, let low = unit(next), 0xDC00...0xDFFF ~= low {
                next += 2
                appendScalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
            } else {
                appendScalar(high)
            }
        }
        if next < bytes.endIndex { appendReplacement() }
    }

    private mutating func readUTF32(_ bytes: ArraySlice<UInt8>, isBigEndian: Bool) {
        var next = bytes.startIndex
        while next + 3 < bytes.endIndex {
            var value: UInt32 = 0
            for offset in 0..<4 {
                value = value << 8 | UInt32(bytes[isBigEndian ? next + offset : next + 3 - offset])
            }
            appendScalar(value)
            next += 4
        }
        if next < bytes.endIndex { appendReplacement() }
    }

    // MARK: - One byte a character

    private mutating func readSingleBytes(_ bytes: ArraySlice<UInt8>, table: [Unicode.Scalar]) {
        let encoded = table.map { Array(UTF8.encode($0) ?? UTF8.encodedReplacementCharacter) }
        for byte in bytes {
            if byte < 0x80 {
                if byte != 0 { utf8.append(byte) }
            } else {
                let character = encoded[Int(byte) - 0x80]
                utf8.append(contentsOf: character)
                if character == Self.replacement { replaced += 1 } else { beyondASCII += 1 }
            }
        }
    }

    // MARK: - Parts

    mutating func appendScalar(_ value: UInt32) {
        guard value != 0 else { return }
        guard let scalar = Unicode.Scalar(value), let encoded = UTF8.encode(scalar) else {
            appendReplacement()
            return
        }
        if value >= 0x80 { beyondASCII += 1 }
        utf8.append(contentsOf: encoded)
    }

    mutating func appendReplacement() {
        replaced += 1
        utf8.append(contentsOf: Self.replacement)
    }
}

/// The length of the well-formed sequence beyond ASCII at `index` (RFC 3629, section 4); 0 when
/// there is none.
@inline(__always)
private func utf8Length(at index: Int, in bytes: ArraySlice<UInt8>) -> Int {
    guard let (length, second) = utf8Shape(of: bytes[index]), index + length <= bytes.endIndex,
        second ~= bytes[index + 1]
    else { return 0 }
    var next = index + 2
    while next < index + length {
        guard 0x80...0xBF ~= bytes[next] else { return 0 }
        next += 1
    }
    return length
}

/// How long the sequence is that `lead` starts, and what its second byte may be.
@inline(__always)
private func utf8Shape(of lead: UInt8) -> (length: Int, second: ClosedRange<UInt8>)? {
    switch lead {
    case 0xC2...0xDF: (2, 0x80...0xBF)
    case 0xE0: (3, 0xA0...0xBF)
    case 0xED: (3, 0x80...0x9F)
    case 0xE1...0xEF: (3, 0x80...0xBF)
    case 0xF0: (4, 0x90...0xBF)
    case 0xF1...0xF3: (4, 0x80...0xBF)
    case 0xF4: (4, 0x80...0x8F)
    default: nil
    }
}
