/// Whether a zstd body came to the end of its last frame, told from the bytes before decoding.
///
/// libcurl 7.88 takes a stream that is cut off for a whole one. The frame says where its blocks end
/// (RFC 8878, section 3.1.1), so nothing need be decoded to know. Cost: by the block, not the byte.
package struct ZstdEnd: Sendable {
    private enum Step: Sendable, Equatable {
        case magic, descriptor, blockHeader, skippableSize
        /// Bytes to pass over, and what comes then.
        case content(left: Int, isLast: Bool)
        case fields(left: Int)
        case checksum(left: Int)
        /// Something that is no zstd: libcurl says so itself.
        case unreadable
    }

    private var step = Step.magic
    private var collected: [UInt8] = []
    private var hasChecksum = false
    private var framing = ChunkFraming()
    private var hasFrame = false

    package init() {}

    /// Whether the last frame that began has ended.
    package var isAtEnd: Bool { hasFrame && step == .magic && collected.isEmpty }

    /// Takes the next bytes of the body: as framed by chunks (RFC 9112, section 7.1) or bare.
    package mutating func take(_ bytes: some RandomAccessCollection<UInt8>, isChunked: Bool) {
        guard isChunked else { return takeData(bytes) }
        var next = self
        framing.forEachPiece(of: bytes) { next.takeData($0) }
        next.framing = framing
        self = next
    }

    private mutating func takeData(_ bytes: some RandomAccessCollection<UInt8>) {
        var rest = bytes[...]
        while !rest.isEmpty {
            switch step {
            case .unreadable: return
            case .content(let left, let isLast):
                let count = min(left, rest.count)
                rest = rest.dropFirst(count)
                step =
                    count < left
                    ? .content(left: left - count, isLast: isLast) : afterBlock(isLast)
            case .fields(let left):
                let count = min(left, rest.count)
                rest = rest.dropFirst(count)
                step = count < left ? .fields(left: left - count) : .blockHeader
            case .checksum(let left):
                let count = min(left, rest.count)
                rest = rest.dropFirst(count)
                step = count < left ? .checksum(left: left - count) : .magic
            case .magic, .descriptor, .blockHeader, .skippableSize:
                if let byte = rest.popFirst() { collected.append(byte) }
                takeCollected()
            }
        }
    }

    private func afterBlock(_ isLast: Bool) -> Step {
        guard isLast else { return .blockHeader }
        return hasChecksum ? .checksum(left: 4) : .magic
    }

    /// Reads a header once all of its bytes are there; numbers are little-endian.
    private mutating func takeCollected() {
        let wanted = step == .descriptor ? 1 : step == .blockHeader ? 3 : 4
        guard collected.count == wanted else { return }
        let number = collected.reversed().reduce(0) { $0 << 8 | Int($1) }
        collected = []
        switch step {
        case .magic where number == 0xFD2F_B528:
            hasFrame = true
            step = .descriptor
        case .magic where number >> 4 == 0x184D_2A5: step = .skippableSize
        case .skippableSize:
            hasChecksum = false
            step = number == 0 ? .magic : .content(left: number, isLast: true)
        case .descriptor:
            hasChecksum = number & 4 != 0
            let isSingle = number & 32 != 0
            let sizes = [isSingle ? 1 : 0, 2, 4, 8][number >> 6]
            let left = (isSingle ? 0 : 1) + [0, 1, 2, 4][number & 3] + sizes
            step = left > 0 ? .fields(left: left) : .blockHeader
        case .blockHeader:
            let (isLast, size) = (number & 1 == 1, number >> 3)
            // A block of one byte that is repeated holds that byte alone.
            let left = number >> 1 & 3 == 1 ? 1 : size
            step = left > 0 ? .content(left: left, isLast: isLast) : afterBlock(isLast)
        default: step = .unreadable
        }
    }
}
