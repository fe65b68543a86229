internal import News

/// Writes a run from front to back, one section after the other, without holding it in memory.
struct RunWriter {
    private let write: ([UInt8]) throws -> Void
    private var buffer = [UInt8](repeating: 0, count: bufferLength + 8)
    /// Bytes of it that are to be written.
    private var filled = 0
    private var sum = WordSum()
    private var written = 0
    private var places: [Run.Section: Run.Place] = [:]
    private var sectionStart = 0

    private static let bufferLength = 1 << 20

    /// `write` takes the bytes in order.
    init(to write: @escaping ([UInt8]) throws -> Void) {
        self.write = write
    }

    private var offset: Int { written + filled }

    // MARK: Numbers

    /// The low `bytes` of the value, at most 8.
    @inline(__always)
    mutating func append(_ value: UInt64, bytes: Int = 8) throws {
        let end = filled
        var span = buffer.mutableSpan
        span.store(value, at: end)
        filled += bytes
        if filled >= Self.bufferLength { try flush() }
    }

    mutating func append(_ value: UInt32) throws { try append(UInt64(value), bytes: 4) }

    mutating func append(_ digest: Digest) throws {
        try append(digest.high)
        try append(digest.low)
    }

    private mutating func flush() throws {
        let bytes = Array(buffer[..<filled])
        sum.add(bytes.span)
        try write(bytes)
        written += filled
        filled = 0
    }

    // MARK: Sections

    /// Ends a section of so many elements; the next begins here.
    mutating func end(_ section: Run.Section, count: Int) {
        places[section] = Run.Place(
            offset: sectionStart, length: offset - sectionStart, count: count)
        sectionStart = offset
    }

    /// `founder`: the code of the document that began its story.
    mutating func append(_ document: HeldDocument, founder: UInt32) throws {
        try append(document.id.digest)
        try append(document.contentHash)
        try append(UInt64(bitPattern: document.seen.millisecondsSince1970))
        try append(UInt64(bitPattern: document.time.millisecondsSince1970))
        try append(founder)
        try append(UInt64(document.letterRows), bytes: 2)
    }

    mutating func append(_ row: AliasRows.Row) throws {
        try append(row.name)
        try append(row.code)
        try append(row.entry, bytes: 6)
    }

    mutating func end(_ section: Run.Section, _ directory: DirectoryMaker, _ next: Run.Section)
        throws
    {
        end(section, count: directory.count)
        let starts = directory.finished()
        for start in starts { try append(start) }
        end(next, count: starts.count)
    }

    /// Writes a pair, after all that are less.
    @inline(__always)
    mutating func append(_ pair: KeyedNumber, to rows: inout RowSection) throws {
        rows.directory.add(bucket: rows.layout.bucket(of: pair.key))
        try append(rows.layout.row(of: pair), bytes: rows.rowBytes)
    }

    mutating func end(_ rows: RowSection, _ section: Run.Section, _ directory: Run.Section) throws {
        // Directories count rows in 32 bits. `nextMerge` asks for nothing of that size.
        guard rows.directory.count < Int(UInt32.max) else { throw RunTooLarge() }
        try end(section, rows.directory, directory)
    }

    /// Writes what tells of the sections.
    mutating func finish(numbers: Range<UInt32>) throws {
        try flush()
        var words: [UInt64] = [
            Run.magic, UInt64(numbers.lowerBound), UInt64(numbers.upperBound), sum.finished(),
        ]
        for section in Run.Section.allCases {
            let place = places[section] ?? Run.Place()
            words += [UInt64(place.length), UInt64(place.count)]
        }
        words += Array(repeating: 0, count: Run.footerWords - 1 - words.count)
        words.append(checksum(ofWords: words))
        for word in words { try append(word) }
        try flush()
    }
}

/// More rows than a run can have.
struct RunTooLarge: Error, CustomStringConvertible {
    var description: String { "a part of the index would have more than 4 billion rows" }
}

/// Rows that are being written.
struct RowSection {
    fileprivate let layout: PackedRows
    fileprivate let rowBytes: Int
    fileprivate var directory: DirectoryMaker

    /// For about so many, of numbers below `numbersEnd`.
    init(about count: Int, numbersEnd: UInt32) {
        layout = PackedRows(count: count, numbersEnd: numbersEnd)
        rowBytes = layout.rowBytes
        directory = DirectoryMaker(bucketCount: layout.bucketCount)
    }
}

/// The directory of sorted rows, made while these are written: where each bucket begins.
struct DirectoryMaker {
    private let bucketCount: Int
    private var starts: [UInt32] = []
    private(set) var count = 0

    init(bucketCount: Int) {
        self.bucketCount = bucketCount
        starts.reserveCapacity(bucketCount + 1)
    }

    /// The next row stands in that bucket.
    @inline(__always)
    mutating func add(bucket: Int) {
        while starts.count <= bucket { starts.append(UInt32(truncatingIfNeeded: count)) }
        count += 1
    }

    func finished() -> [UInt32] {
        let missing = bucketCount + 1 - starts.count
        return starts + repeatElement(UInt32(truncatingIfNeeded: count), count: max(missing, 0))
    }
}

/// A checksum of bytes that come in pieces, eight of them at a time. Catches accidents, not
/// forgery.
struct WordSum {
    private var sum: UInt64 = 0x5441_4D49_5331
    private var rest: UInt64 = 0
    private var restCount: UInt64 = 0

    init() {}

    init(of bytes: Span<UInt8>) { add(bytes) }

    mutating func add(_ bytes: Span<UInt8>) {
        var index = 0
        while restCount != 0, index < bytes.count {
            add(byte: bytes[index])
            index += 1
        }
        while index + 8 <= bytes.count {
            sum = mixed(sum ^ bytes.word(at: index))
            index += 8
        }
        while index < bytes.count {
            add(byte: bytes[index])
            index += 1
        }
    }

    private mutating func add(byte: UInt8) {
        rest |= UInt64(byte) << (8 * restCount)
        restCount += 1
        if restCount == 8 {
            sum = mixed(sum ^ rest)
            (rest, restCount) = (0, 0)
        }
    }

    func finished() -> UInt64 { mixed(sum ^ rest ^ restCount << 56) }
}

/// Of the words of a footer.
func checksum(ofWords words: [UInt64]) -> UInt64 {
    words.reduce(0x5441_4D49_5331) { mixed($0 ^ $1) }
}
