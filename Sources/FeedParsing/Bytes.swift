/// Small work on bytes of UTF-8. White space is what stands below `!`.

func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var (start, end) = (bytes.startIndex, bytes.endIndex)
    while start < end, bytes[start] <= 0x20 { start += 1 }
    while end > start, bytes[end - 1] <= 0x20 { end -= 1 }
    return bytes[start..<end]
}

/// Whether `collapsed` would change nothing.
func isCollapsed(_ bytes: ArraySlice<UInt8>) -> Bool {
    var isAfterSpace = true
    let span = bytes.span
    for index in span.indices {
        let byte = span[index]
        if byte > 0x20 {
            isAfterSpace = false
        } else {
            if byte != 0x20 || isAfterSpace { return false }
            isAfterSpace = true
        }
    }
    return bytes.isEmpty || !isAfterSpace
}

/// With each run of white space as one space, and none at the ends.
func collapsed(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for byte in bytes {
        if byte > 0x20 {
            result.append(byte)
        } else if let last = result.last, last != 0x20 {
            result.append(0x20)
        }
    }
    if result.last == 0x20 { result.removeLast() }
    return result
}

/// Whether `word`, which is in lower case, stands somewhere in the bytes, in any letter case. For
/// short texts.
func holds(_ bytes: ArraySlice<UInt8>, _ word: String) -> Bool {
    let wanted = Array(word.utf8)
    guard bytes.count >= wanted.count else { return false }
    return (bytes.startIndex...bytes.endIndex - wanted.count).contains { start in
        wanted.indices.allSatisfy { bytes[start + $0] | 0x20 == wanted[$0] }
    }
}

func string(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

func isLetter(_ byte: UInt8) -> Bool { 0x61...0x7A ~= byte | 0x20 }

/// Base64 (RFC 4648), white space allowed; nil when it is not that.
func decodingBase64(_ text: [UInt8]) -> [UInt8]? {
    var result: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for byte in text where byte > 0x20 && byte != UInt8(ascii: "=") {
        let value: UInt32
        switch byte {
        case 0x41...0x5A: value = UInt32(byte - 0x41)
        case 0x61...0x7A: value = UInt32(byte - 0x61 + 26)
        case 0x30...0x39: value = UInt32(byte - 0x30 + 52)
        case UInt8(ascii: "+"), UInt8(ascii: "-"): value = 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): value = 63
        default: return nil
        }
        bits = bits << 6 | value
        count += 1
        if count % 4 != 1 {
            result.append(UInt8(truncatingIfNeeded: bits >> UInt32(6 - 2 * ((count - 1) % 4))))
        }
    }
    return result
}
