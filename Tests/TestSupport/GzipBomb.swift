/// A gzip stream that grows by a factor of 158 when it is decoded, to `decodedBytes` zeros rounded
/// up to 258. Its checksum is wrong: who gets that far has read too much.
///
/// One block with fixed Huffman codes (RFC 1951, section 3.2.6): a zero byte, then again and again
/// "258 bytes from distance 1" in 13 bits.
package func gzipBomb(decodedBytes: Int) -> [UInt8] {
    var bytes: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
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
    append("00110000")
    for _ in 0..<(decodedBytes + 257) / 258 { append("1100010100000") }
    append("00000000000000")
    return bytes + Array(repeating: 0, count: 8)
}
