internal import News

/// Bytes of a run that are written at once: multiples of 8 above 8. Where a file system keeps what
/// is written so in one piece, a look-up brings all of it into the memory of the process.
package struct RunBlocks: Hashable, Sendable {
    /// Of rows, few of which are asked of one article and seldom the same: small.
    package var rows = 64 << 10
    /// Of directories, which are asked of every article: what a processor can map at once, so that
    /// look-ups miss fewer translations.
    package var directories = 2 << 20

    package static let usual = RunBlocks()

    private init() {}

    /// Both of that length.
    package init(length: Int) { (rows, directories) = (length, length) }
}

/// Takes bytes of a file and where in it they belong. Every byte comes once, in no order.
package typealias RunSink = (_ bytes: [UInt8], _ offset: Int) throws -> Void

/// Writes a run, one section after the other, without holding it in memory. The directory of rows
/// stands before them and is known after them: room is left for it, and two places of the file
/// grow at a time.
struct RunWriter {
    private let write: RunSink
    private var main: Stretch
    private var directory: OpenDirectory
    private var sum = WordSum()
    private var places: [Run.Section: Run.Place] = [:]
    private var sectionStart = 0

    init(to write: @escaping RunSink, blocks: RunBlocks) {
        self.write = write
        main = Stretch(blockLength: blocks.rows)
        directory = OpenDirectory(entries: Stretch(blockLength: blocks.directories))
    }

    // MARK: Numbers

    /// The low `bytes` of the value, at most 8.
    @inline(__always)
    mutating func append(_ value: UInt64, bytes: Int = 8) throws {
        main.append(value, bytes: bytes)
        if main.isFull { try main.flush(to: write, &sum) }
    }

    mutating func append(_ value: UInt32) throws { try append(UInt64(value), bytes: 4) }

    mutating func append(_ digest: Digest) throws {
        try append(digest.high)
        try append(digest.low)
    }

    // MARK: Sections

    /// Ends a section of so many elements; the next begins here, at a whole word.
    mutating func end(_ section: Run.Section, count: Int) throws {
        let length = main.end - sectionStart
        places[section] = Run.Place(offset: sectionStart, length: length, count: count)
        let missing = Run.wholeWords(main.end) - main.end
        try append(0, bytes: missing)
        sectionStart = main.end
    }

    /// The originals of documents, which `family` gives, and which of them are copies.
    mutating func appendFamilies(of numbers: Range<UInt32>, _ family: (UInt32) -> UInt32) throws {
        var copies = Array(repeating: UInt64(0), count: (numbers.count + 63) / 64)
        for (index, number) in numbers.enumerated() {
            let original = family(number)
            try append(original)
            if original != number { copies[index / 64] |= 1 << UInt64(index % 64) }
        }
        try end(.families, count: numbers.count)
        for word in copies { try append(word) }
        try end(.copies, count: copies.count)
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

    // MARK: Rows

    /// Begins rows, and before them their directory.
    mutating func begin(_ section: Run.Section, _ layout: BucketDirectory) throws {
        try main.flush(to: write, &sum)
        directory.begin(layout, at: sectionStart)
        places[section] = Run.Place(
            offset: sectionStart, length: layout.length, count: layout.bucketCount + 1)
        sectionStart += Run.wholeWords(layout.length)
        main.move(to: sectionStart)
    }

    /// Writes a pair, after all that are less.
    @inline(__always)
    mutating func append(_ pair: KeyedNumber, to rows: PackedRows) throws {
        let (bucket, remainder) = rows.position(of: pair.key)
        try directory.add(PackedRows.aligned(pair.key), inBucket: bucket, to: write, &sum)
        try append(rows.row(remainder, pair.number), bytes: rows.rowBytes)
    }

    /// Writes what a name leads to, after all names that are less.
    mutating func append(_ row: AliasRows.Row) throws {
        let bucket = directory.layout.position(of: row.name).bucket
        try directory.add(row.name, inBucket: bucket, to: write, &sum)
        try append(row.name)
        try append(row.code)
        try append(row.entry, bytes: 6)
    }

    /// Ends rows and their directory.
    mutating func endRows(_ section: Run.Section) throws {
        // Directories count rows in 32 bits. `nextMerge` asks for nothing of that size.
        guard directory.rowCount < Int(UInt32.max) else { throw RunTooLarge() }
        try directory.end(to: write, &sum)
        try end(section, count: directory.rowCount)
    }

    // MARK: End

    /// Writes what tells of the sections.
    mutating func finish(numbers: Range<UInt32>) throws {
        try main.flush(to: write, &sum)
        var words: [UInt64] = [
            Run.magic, UInt64(numbers.lowerBound), UInt64(numbers.upperBound), sum.finished(),
        ]
        for section in Run.Section.allCases {
            let place = places[section] ?? Run.Place()
            words += [UInt64(place.length), UInt64(place.count)]
        }
        words += Array(repeating: 0, count: Run.footerWords - 1 - words.count)
        words.append(WordSum.of(words: words))
        for word in words { try append(word) }
        try main.flush(to: write, &sum)
    }
}

/// More rows than a run can have.
struct RunTooLarge: Error, CustomStringConvertible {
    var description: String { "a part of the index would have more than 4 billion rows" }
}

/// Bytes that follow each other in a file, gathered to be written together.
private struct Stretch {
    private let blockLength: Int
    private var buffer: [UInt8]
    private var filled = 0
    /// Where the first byte of the buffer belongs.
    private var offset = 0

    /// Room beyond a block: an entry may begin just before its end, and the last number is stored
    /// as a whole word.
    private static let overhang = 24

    init(blockLength: Int) {
        self.blockLength = blockLength
        buffer = [UInt8](repeating: 0, count: blockLength + Self.overhang)
    }

    /// Goes on elsewhere. Whatever there was is written.
    mutating func move(to offset: Int) { self.offset = offset }

    /// Where the next byte belongs.
    var end: Int { offset + filled }

    /// Bytes that are written together: up to the next whole block of the file.
    private var flushed: Int { blockLength - offset % blockLength }

    var isFull: Bool { filled >= flushed }

    @inline(__always)
    mutating func append(_ value: UInt64, bytes: Int) {
        let end = filled
        var span = buffer.mutableSpan
        span.store(value, at: end)
        filled = end + bytes
    }

    /// Writes what there is; of more than a block the block.
    mutating func flush(to write: RunSink, _ sum: inout WordSum) throws {
        let count = min(filled, flushed)
        if count == 0 { return }
        let bytes = Array(buffer[..<count])
        let rest = Array(buffer[count..<filled])
        sum.add(bytes.span, at: offset)
        try write(bytes, offset)
        offset += count
        filled = rest.count
        buffer.replaceSubrange(..<filled, with: rest)
    }
}

/// The directory of rows that are being written in order.
private struct OpenDirectory {
    private(set) var layout = BucketDirectory(rows: 0)
    /// Rows so far.
    private(set) var rowCount = 0
    /// The bucket of the last row, its filter, and the number of its first row.
    private var bucket = 0
    private var filter: UInt64 = 0
    private var first = 0
    private var entries: Stretch

    init(entries: Stretch) { self.entries = entries }

    /// Begins one, after another was ended.
    mutating func begin(_ layout: BucketDirectory, at offset: Int) {
        self.layout = layout
        (rowCount, bucket, filter, first) = (0, 0, 0, 0)
        entries.move(to: offset)
    }

    /// The next row has that key, and stands in that bucket.
    @inline(__always)
    mutating func add(
        _ key: UInt64, inBucket next: Int, to write: RunSink, _ sum: inout WordSum
    ) throws {
        while bucket < next { try endBucket(to: write, &sum) }
        filter |= BucketDirectory.filterBits(of: key)
        rowCount += 1
    }

    /// Writes the entries that are left, and the one that ends them.
    mutating func end(to write: RunSink, _ sum: inout WordSum) throws {
        while bucket <= layout.bucketCount { try endBucket(to: write, &sum) }
        entries.append(0, bytes: Run.wholeWords(layout.length) - layout.length)
        try entries.flush(to: write, &sum)
    }

    private mutating func endBucket(to write: RunSink, _ sum: inout WordSum) throws {
        entries.append(filter, bytes: 8)
        entries.append(UInt64(truncatingIfNeeded: first), bytes: 4)
        if entries.isFull { try entries.flush(to: write, &sum) }
        (bucket, filter, first) = (bucket + 1, 0, rowCount)
    }
}

/// A checksum of the words of a file, which may come in any order. Catches accidents, not forgery.
struct WordSum {
    private var sum: UInt64 = 0x5441_4D49_5331
    private var length = 0

    /// Takes bytes that begin at a whole word; what is short of one at their end is the end of all.
    mutating func add(_ bytes: Span<UInt8>, at offset: Int = 0) {
        var index = 0
        while index + 8 <= bytes.count {
            add(bytes.word(at: index), at: offset + index)
            index += 8
        }
        if index < bytes.count {
            var rest: UInt64 = 0
            for place in index..<bytes.count {
                rest |= UInt64(bytes[place]) << UInt64(8 * (place - index))
            }
            add(rest, at: offset + index)
        }
        length = max(length, offset + bytes.count)
    }

    @inline(__always)
    private mutating func add(_ word: UInt64, at offset: Int) {
        sum &+= mixed(word &+ UInt64(truncatingIfNeeded: offset) &* 0x9E37_79B9_7F4A_7C15)
    }

    func finished() -> UInt64 { mixed(sum ^ UInt64(truncatingIfNeeded: length)) }

    static func of(_ bytes: Span<UInt8>) -> UInt64 {
        var sum = WordSum()
        sum.add(bytes)
        return sum.finished()
    }

    static func of(words: [UInt64]) -> UInt64 {
        var sum = WordSum()
        for (index, word) in words.enumerated() { sum.add(word, at: 8 * index) }
        sum.length = 8 * words.count
        return sum.finished()
    }
}
