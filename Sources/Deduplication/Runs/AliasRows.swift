internal import News

/// Where a run keeps what names lead to: rows of the leading 64 bits of a name, in order, then a
/// code and the mark of the entry; and a directory by the leading bits of these, as in
/// `PackedRows`.
struct AliasRows: Hashable, Sendable {
    struct Row: Hashable, Sendable {
        var name: UInt64
        /// See `Run.reference`.
        var code: UInt32
        /// 0 for none.
        var entry: UInt64
    }

    private(set) var rows = 0
    private(set) var directory = 0
    private(set) var count = 0
    private(set) var bucketBits = 0

    static let rowLength = 18
    private static let rowsEach = 32
    private static let bucketBitsMax = 28

    init() {}

    /// For about so many rows.
    init(count: Int) {
        self.count = count
        while bucketBits < Self.bucketBitsMax, count >> bucketBits > Self.rowsEach {
            bucketBits += 1
        }
    }

    /// nil when there is no room in these places for what they say.
    init?(_ rows: Run.Place, _ directory: Run.Place) {
        count = rows.count
        bucketBits = (directory.count - 1).trailingZeroBitCount
        guard bucketBits <= Self.bucketBitsMax, directory.count == bucketCount + 1,
            count * Self.rowLength == rows.length, directory.length == 4 * directory.count
        else { return nil }
        self.rows = rows.offset
        self.directory = directory.offset
    }

    var bucketCount: Int { 1 << bucketBits }

    func bucket(of name: UInt64) -> Int {
        bucketBits == 0 ? 0 : Int(truncatingIfNeeded: name >> UInt64(64 - bucketBits))
    }

    func row(at index: Int, _ bytes: RunBytes) -> Row {
        let offset = rows + Self.rowLength * index
        return Row(
            name: bytes.word(at: offset), code: bytes.half(at: offset + 8),
            entry: bytes.word(at: offset + 10) >> 16)
    }

    /// The row of the name; of two the first.
    func row(of name: UInt64, _ bytes: RunBytes) -> Row? {
        guard count > 0 else { return nil }
        let both = bytes.word(at: directory + 4 * bucket(of: name))
        let first = min(Int(truncatingIfNeeded: both & 0xFFFF_FFFF), count)
        let end = max(first, min(Int(truncatingIfNeeded: both >> 32), count))
        let index = firstIndex(in: first..<end) {
            bytes.word(at: rows + Self.rowLength * $0) >= name
        }
        guard index < end else { return nil }
        let row = row(at: index, bytes)
        return row.name == name ? row : nil
    }
}

/// The first index for which `isReached`, which holds from there on; the end when there is none.
func firstIndex(in range: Range<Int>, where isReached: (Int) -> Bool) -> Int {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
        let middle = (low + high) / 2
        if isReached(middle) { high = middle } else { low = middle + 1 }
    }
    return low
}
