/// One line of JSON that ends with its own checksum: `{…,"sum":"1a2b3c4d"}`. Segments, feed states
/// and the seed memory are made of such lines.
///
/// The checksum is the CRC-32C of every byte before `,"sum":`. The line holds no newline: JSON
/// escapes those inside strings. The three other characters at which some tools break lines
/// (U+0085, U+2028, U+2029) are escaped too.
enum SealedLine {
    private static let mark = Array(",\"sum\":\"".utf8)
    private static let end = Array("\"}".utf8)
    /// Bytes from the comma before `"sum"` to the closing brace.
    static let sealBytes = 18

    /// Seals an object given as its bytes up to, and without, the closing brace. No newline.
    static func sealing(_ open: [UInt8]) -> [UInt8] {
        open + mark + Checksum(of: open).hexadecimal + end
    }

    /// Whether the bytes are one sealed object, unchanged. Cost: linear.
    static func isSound(_ line: ArraySlice<UInt8>) -> Bool {
        guard line.count > sealBytes, line.first == UInt8(ascii: "{") else { return false }
        let seal = line.suffix(sealBytes)
        let digits = seal.dropFirst(mark.count).prefix(8)
        return seal.starts(with: mark) && seal.suffix(2).elementsEqual(end)
            && Checksum(of: line.dropLast(sealBytes)).hexadecimal.elementsEqual(digits)
    }

    /// The end of the first sound object that starts where the slice starts, though other bytes
    /// may follow it; nil when there is none.
    static func soundPrefixEnd(in bytes: ArraySlice<UInt8>) -> Int? {
        var next = bytes.startIndex
        while let found = firstIndex(of: mark, in: bytes[next...]) {
            let stop = found + sealBytes
            if stop <= bytes.endIndex, isSound(bytes[bytes.startIndex..<stop]) { return stop }
            next = found + 1
        }
        return nil
    }

    /// Escapes U+0085, U+2028 and U+2029, which JSON leaves to the writer.
    static func escapingLineBreaks(_ json: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var copied = 0
        var index = 0
        while index < json.count {
            defer { index += 1 }
            guard json[index] == 0xC2 || json[index] == 0xE2 else { continue }
            let rest = json[index...].prefix(3)
            let (escape, length) =
                if rest.starts(with: [0xC2, 0x85]) {
                    ("\\u0085", 2)
                } else if rest.elementsEqual([0xE2, 0x80, 0xA8]) {
                    ("\\u2028", 3)
                } else if rest.elementsEqual([0xE2, 0x80, 0xA9]) {
                    ("\\u2029", 3)
                } else {
                    ("", 0)
                }
            if length == 0 { continue }
            result += json[copied..<index]
            result += escape.utf8
            copied = index + length
        }
        return copied == 0 ? json : result + json[copied...]
    }
}

/// Where `pattern` first stands in `bytes`. Cost: linear for the short patterns used here.
func firstIndex(of pattern: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
    guard let first = pattern.first else { return bytes.startIndex }
    var next = bytes.startIndex
    while next < bytes.endIndex, let found = bytes[next...].firstIndex(of: first) {
        if bytes[found...].starts(with: pattern) { return found }
        next = found + 1
    }
    return nil
}
