internal import News

/// Saved values, little-endian, one behind the other.
struct ByteWriter {
    var bytes: [UInt8] = []

    mutating func write(_ value: UInt64) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    mutating func write(_ value: UInt32) {
        for shift in stride(from: UInt32(0), to: 32, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    mutating func write(_ digest: Digest) {
        write(digest.high)
        write(digest.low)
    }

    mutating func write<List: RandomAccessCollection>(
        list: List, _ each: (inout ByteWriter, List.Element) -> Void
    ) {
        write(UInt64(list.count))
        for element in list { each(&self, element) }
    }
}

/// Reads what `ByteWriter` wrote; nil for whatever is not there.
struct ByteReader {
    private let bytes: ArraySlice<UInt8>
    private var next: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        next = bytes.startIndex
    }

    var isAtEnd: Bool { next == bytes.endIndex }

    mutating func read() -> UInt64? {
        guard bytes.endIndex - next >= 8 else { return nil }
        var value: UInt64 = 0
        for offset in 0..<8 { value |= UInt64(bytes[next + offset]) << UInt64(8 * offset) }
        next += 8
        return value
    }

    mutating func readHalf() -> UInt32? {
        guard bytes.endIndex - next >= 4 else { return nil }
        var value: UInt32 = 0
        for offset in 0..<4 { value |= UInt32(bytes[next + offset]) << UInt32(8 * offset) }
        next += 4
        return value
    }

    mutating func readDigest() -> Digest? {
        guard let high = read(), let low = read() else { return nil }
        return Digest(high: high, low: low)
    }

    /// `bytesEach`: the fewest that an element takes, so that a length cannot ask for more memory
    /// than there are bytes.
    mutating func readList<Element>(
        bytesEach: Int, _ each: (inout ByteReader) -> Element?
    ) -> [Element]? {
        var list: [Element] = []
        let isRead = readList(bytesEach: bytesEach, reserve: { list.reserveCapacity($0) }) {
            guard let element = each(&$0) else { return false }
            list.append(element)
            return true
        }
        return isRead ? list : nil
    }

    /// The same for whoever keeps elements otherwise: `each` is false for what is none.
    mutating func readList(
        bytesEach: Int, reserve: (_ count: Int) -> Void, _ each: (inout ByteReader) -> Bool
    ) -> Bool {
        guard let length = read(), let count = Int(exactly: length),
            count <= (bytes.endIndex - next) / bytesEach
        else { return false }
        reserve(count)
        for _ in 0..<count where !each(&self) { return false }
        return true
    }
}
