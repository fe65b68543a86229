internal import News

/// Writes the bytes of a `TextTable` from front to back.
struct TextTableWriter {
    private let sink: ([UInt8]) throws -> Void
    private let bucketBits: Int
    private var waiting: [UInt8] = []
    private var checksum = Checksum()
    private var rows = 0
    /// For each bucket so far, the number of its first row.
    private var directory: [UInt32] = []

    private static let blockBytes = 1 << 16
    /// Rows to be searched by halving.
    private static let rowsEach = 16
    private static let bucketBitsMax = 24

    /// `count`: about how many rows will come.
    init(count: Int, to sink: @escaping ([UInt8]) throws -> Void) {
        self.sink = sink
        var bits = 0
        while bits < Self.bucketBitsMax, count >> bits > Self.rowsEach { bits += 1 }
        bucketBits = bits
        waiting.reserveCapacity(Self.blockBytes + TextTable.rowLength)
    }

    /// Adds the next row, in order.
    mutating func add(_ row: TextTable.Row) throws {
        let bucket = TextTable.bucket(of: row.id, bits: bucketBits)
        while directory.count <= bucket { directory.append(UInt32(clamping: rows)) }
        rows += 1
        append(row.id.digest.high)
        append(row.id.digest.low)
        append(row.place.bits)
        if waiting.count >= Self.blockBytes { try flush() }
    }

    /// Adds what comes after the rows.
    mutating func finish(_ findings: [SegmentFindings]) throws {
        let buckets = 1 << bucketBits
        while directory.count <= buckets { directory.append(UInt32(clamping: rows)) }
        for row in directory { append(row) }
        let told = try RecordLine.encodingObject(findings)
        waiting += told
        waiting += TextTable.magic
        for word in [rows, directory.count, told.count] { append(UInt64(word)) }
        try flush()
        append(UInt64(checksum.value))
        try flush()
    }

    private mutating func append(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.littleEndian) { waiting += $0 }
    }

    private mutating func flush() throws {
        waiting.withUnsafeBytes { checksum.update($0) }
        try sink(waiting)
        waiting.removeAll(keepingCapacity: true)
    }
}

/// Writes one table of several, each of the segments after those of the one before.
/// Cost: about 0.2 µs a row.
func mergeTables(
    _ tables: ArraySlice<TextTable>, to sink: @escaping ([UInt8]) throws -> Void
) throws {
    var writer = TextTableWriter(count: tables.reduce(0) { $0 + $1.count }, to: sink)
    let base = tables.first?.first ?? 0
    var sources = tables.map { RowSource($0, base: base) }
    var places: [RecordLocation] = []
    while let id = sources.lazy.compactMap({ $0.next?.id }).min() {
        places.removeAll(keepingCapacity: true)
        for index in sources.indices { sources[index].take(id, into: &places) }
        KeptTexts.shorten(&places, most: KeptTexts.allMax)
        for place in places { try writer.add(TextTable.Row(id: id, place: place)) }
    }
    try writer.finish(tables.flatMap(\.findings))
}

/// The rows of a table that is merged, in order.
private struct RowSource {
    private let table: TextTable
    /// How far its segments are moved.
    private let moved: Int
    private var index = 0
    private(set) var next: TextTable.Row?

    init(_ table: TextTable, base: Int) {
        self.table = table
        moved = table.first - base
        next = table.count > 0 ? table.row(at: 0) : nil
    }

    mutating func take(_ id: ArticleID, into places: inout [RecordLocation]) {
        while let row = next, row.id == id {
            if let place = row.place.movedBy(segments: moved) { places.append(place) }
            index += 1
            next = index < table.count ? table.row(at: index) : nil
        }
    }
}
