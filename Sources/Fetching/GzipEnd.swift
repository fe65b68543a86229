/// Whether a gzip body came to its end, told from the bytes before decoding.
///
/// libcurl 7.88 takes a gzip stream that is cut off for a whole one, if the framing around it is in
/// order. But the last four bytes of a stream are the length of the decoded data (RFC 1952, section
/// 2.3.1, `ISIZE`): after a cut they are something else. One cut in four thousand million passes.
package struct GzipEnd: Sendable {
    private enum Position: Sendable, Equatable {
        case size
        case sizeEnd
        case data(left: Int)
        case dataEnd
        case end
    }

    /// The last four bytes, the latest on top.
    private var last: UInt32 = 0
    private var position = Position.size
    private var size = 0

    package init() {}

    /// Takes the next bytes of the body: as framed by chunks (RFC 9112, section 7.1) or bare.
    package mutating func take(_ bytes: some RandomAccessCollection<UInt8>, isChunked: Bool) {
        if !isChunked {
            takeData(bytes)
            return
        }
        var rest = bytes[...]
        while let byte = rest.first {
            if case .data(let left) = position {
                let data = rest.prefix(left)
                takeData(data)
                rest = rest.dropFirst(data.count)
                position = data.count < left ? .data(left: left - data.count) : .dataEnd
            } else {
                rest = rest.dropFirst()
                takeFrameByte(byte)
            }
        }
    }

    /// Whether the stream ends with the length of that many decoded bytes.
    package func fits(decodedBytes: Int) -> Bool {
        last == UInt32(truncatingIfNeeded: decodedBytes)
    }

    private mutating func takeData(_ bytes: some RandomAccessCollection<UInt8>) {
        for byte in bytes.suffix(4) { last = last >> 8 | UInt32(byte) << 24 }
    }

    /// A byte around the data. libcurl refuses a size that is not a number, so nothing need be said
    /// of it here.
    private mutating func takeFrameByte(_ byte: UInt8) {
        switch (position, byte) {
        case (.size, 0x30...0x39): append(digit: Int(byte) - 0x30)
        case (.size, 0x41...0x46), (.size, 0x61...0x66): append(digit: Int(byte | 0x20) - 0x57)
        case (.size, 0x0A), (.sizeEnd, 0x0A): position = size == 0 ? .end : .data(left: size)
        case (.size, _): position = .sizeEnd
        case (.dataEnd, 0x0A):
            position = .size
            size = 0
        case (.sizeEnd, _), (.dataEnd, _), (.data, _), (.end, _): break
        }
    }

    /// Beyond any body that is read whole, more digits make no difference.
    private mutating func append(digit: Int) {
        if size < 1 << 40 { size = size * 16 + digit }
    }
}
