internal import News

/// Where a run keeps what names lead to: rows of the leading 64 bits of a name, in order, then a
/// code and the mark of the entry; and a directory of these.
struct AliasRows: Hashable, Sendable {
    struct Row: Hashable, Sendable {
        var name: UInt64
        /// See `Run.reference`.
        var code: UInt32
        /// 0 for none.
        var entry: UInt64
    }

    private var rows = 0
    private(set) var count = 0
    private var directory = BucketDirectory(rows: 0)

    static let rowLength = 18

    init() {}

    /// nil when there is no room in these places for what they say.
    init?(_ rows: Run.Place, _ directory: Run.Place) {
        guard let directory = BucketDirectory(directory),
            rows.count * Self.rowLength == rows.length
        else { return nil }
        self.directory = directory
        self.rows = rows.offset
        count = rows.count
    }

    func row(at index: Int, _ bytes: RunBytes) -> Row {
        let offset = rows + Self.rowLength * index
        return Row(
            name: bytes.word(at: offset), code: bytes.half(at: offset + 8),
            entry: bytes.word(at: offset + 10) >> 16)
    }

    /// The row of the name; of two the first.
    func row(of name: UInt64, _ bytes: RunBytes) -> Row? {
        let bucket = directory.position(of: name).bucket
        guard count > 0, directory.mayHave(name, inBucket: bucket, bytes) else { return nil }
        let (first, end) = directory.bounds(ofBucket: bucket, of: count, bytes)
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
