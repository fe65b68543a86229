/// Takes the framing of chunks (RFC 9112, section 7.1) off a body, piece by piece.
///
/// libcurl refuses a size that is not a number, so nothing need be said of it here.
struct ChunkFraming: Sendable {
    private enum Position: Sendable, Equatable {
        case size
        case sizeEnd
        case data(left: Int)
        case dataEnd
        case end
    }

    private var position = Position.size
    private var size = 0

    /// Hands the data in `bytes` to `take`, in order.
    mutating func forEachPiece<Bytes: RandomAccessCollection<UInt8>>(
        of bytes: Bytes, _ take: (Bytes.SubSequence) -> Void
    ) {
        var rest = bytes[...]
        while let byte = rest.first {
            if case .data(let left) = position {
                let data = rest.prefix(left)
                take(data)
                rest = rest.dropFirst(data.count)
                position = data.count < left ? .data(left: left - data.count) : .dataEnd
            } else {
                rest = rest.dropFirst()
                takeFrameByte(byte)
            }
        }
    }

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
