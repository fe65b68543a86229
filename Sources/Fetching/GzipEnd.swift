/// Whether a gzip body came to its end, told from the bytes before decoding.
///
/// libcurl 7.88 takes a gzip stream that is cut off for a whole one, if the framing around it is in
/// order. But the last four bytes of a stream are the length of the decoded data (RFC 1952, section
/// 2.3.1, `ISIZE`): after a cut they are something else. One cut in four thousand million passes.
package struct GzipEnd: Sendable {
    /// The last four bytes, the latest on top.
    private var last: UInt32 = 0
    private var framing = ChunkFraming()

    package init() {}

    /// Takes the next bytes of the body: as framed by chunks (RFC 9112, section 7.1) or bare.
    package mutating func take(_ bytes: some RandomAccessCollection<UInt8>, isChunked: Bool) {
        guard isChunked else { return takeData(bytes) }
        var last = last
        framing.forEachPiece(of: bytes) { Self.take($0, into: &last) }
        self.last = last
    }

    /// Whether the stream ends with the length of that many decoded bytes.
    package func fits(decodedBytes: Int) -> Bool {
        last == UInt32(truncatingIfNeeded: decodedBytes)
    }

    private mutating func takeData(_ bytes: some RandomAccessCollection<UInt8>) {
        Self.take(bytes, into: &last)
    }

    private static func take(
        _ bytes: some RandomAccessCollection<UInt8>, into last: inout UInt32
    ) {
        for byte in bytes.suffix(4) { last = last >> 8 | UInt32(byte) << 24 }
    }
}
