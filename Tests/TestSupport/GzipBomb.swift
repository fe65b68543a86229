/// A gzip stream that grows by a factor of 158 when it is decoded, to `decodedBytes` zeros rounded
/// up to 258. Its checksum is wrong: who gets that far has read too much.
///
/// One block with fixed Huffman codes (RFC 1951, section 3.2.6): a zero byte, then again and again
/// "258 bytes from distance 1" in 13 bits.
///
/// `start`: what comes first, in place of the zero byte, whose last byte is repeated then.
package func gzipBomb(decodedBytes: Int, after start: [UInt8] = []) -> [UInt8] {
    var bytes: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
    if !start.isEmpty {
        let size = UInt16(start.count)
        bytes += [0] + littleEndian(size) + littleEndian(~size) + start
    }
    var pending: UInt8 = 0
    var count = 0
    func append(_ bits: String) {
        for bit in bits.utf8 {
            if bit == UInt8(ascii: "1") { pending |= 1 << count }
            count += 1
            if count == 8 {
                bytes.append(pending)
                pending = 0
                count = 0
            }
        }
    }
    append("110")
    if start.isEmpty { append("00110000") }
    for _ in 0..<(decodedBytes + 257) / 258 { append("1100010100000") }
    append("00000000000000")
    return bytes + Array(repeating: 0, count: 8)
}

/// Those bytes as one stored block (RFC 1951, section 3.2.4) of a whole gzip stream.
package func gzipStored(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
    let parts = stride(from: 0, to: max(bytes.count, 1), by: 60_000).map { start in
        Array(bytes[start..<min(start + 60_000, bytes.count)])
    }
    for (index, part) in parts.enumerated() {
        let size = UInt16(part.count)
        result += [index == parts.count - 1 ? 1 : 0] + littleEndian(size) + littleEndian(~size)
        result += part
    }
    return result + littleEndian(crc32(bytes)) + littleEndian(UInt32(bytes.count))
}

private func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
}

/// The checksum of RFC 1952, section 8, bit by bit.
private func crc32(_ bytes: [UInt8]) -> UInt32 {
    var sum = UInt32.max
    for byte in bytes {
        sum ^= UInt32(byte)
        for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    return ~sum
}
