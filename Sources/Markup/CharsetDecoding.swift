/// From a charset other than UTF-8 to UTF-8. Bytes without a meaning become U+FFFD and are counted;
/// NUL is dropped. Cost: linear.
struct CharsetDecoding {
    var utf8: [UInt8] = []
    /// Bytes, or pairs of them, that had to be replaced.
    var replaced = 0
    /// Characters beyond ASCII that were read.
    var beyondASCII = 0

    static let replacement = UTF8Reading.replacement

    init(_ bytes: ArraySlice<UInt8>, from charset: Charset) {
        utf8.reserveCapacity(bytes.count + bytes.count / 8)
        switch charset {
        case .utf8: utf8 = Array(bytes)
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
        let encoded = table.map { UTF8.encode($0) ?? UTF8.encodedReplacementCharacter }
        for byte in bytes {
            if byte < 0x80 {
                if byte != 0 { utf8.append(byte) }
            } else {
                let index = Int(byte) - 0x80
                utf8.append(contentsOf: encoded[index])
                if table[index] == "\u{FFFD}" { replaced += 1 } else { beyondASCII += 1 }
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
