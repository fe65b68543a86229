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

    /// A multiple of the pages that a processor can map at once: where a file system keeps what is
    /// written so in pages of that size, look-ups miss fewer translations.
    private static let bufferLength = 2 << 20

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
        if filled >= Self.bufferLength { try flush(Self.bufferLength) }
    }

    mutating func append(_ value: UInt32) throws { try append(UInt64(value), bytes: 4) }

    mutating func append(_ digest: Digest) throws {
        try append(digest.high)
        try append(digest.low)
    }

    /// Writes so many bytes of the buffer; at most 7 stay.
    private mutating func flush(_ count: Int) throws {
        let bytes = Array(buffer[..<count])
        let rest = Array(buffer[count..<filled])
        sum.add(bytes.span)
        try write(bytes)
        written += count
        filled = rest.count
        buffer.replaceSubrange(..<filled, with: rest)
    }

    // MARK: Sections

    /// Ends a section of so many elements; the next begins here.
    mutating func end(_ section: Run.Section, count: Int) {
        places[section] = Run.Place(
            offset: sectionStart, length: offset - sectionStart, count: count)
        sectionStart = offset
    }

    /// The originals of documents, which `family` gives, and which of them are copies.
    mutating func appendFamilies(of numbers: Range<UInt32>, _ family: (UInt32) -> UInt32) throws {
        var copies = Array(repeating: UInt64(0), count: (numbers.count + 63) / 64)
        for (index, number) in numbers.enumerated() {
            let original = family(number)
            try append(original)
            if original != number { copies[index / 64] |= 1 << UInt64(index % 64) }
        }
        end(.families, count: numbers.count)
        for word in copies { try append(word) }
        end(.copies, count: copies.count)
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
        var directory = directory
        directory.finish()
        end(section, count: directory.count)
        for entry in directory.entries {
            try append(entry.filter)
            try append(entry.first)
        }
        end(next, count: directory.entries.count)
    }

    /// Writes a pair, after all that are less.
    @inline(__always)
    mutating func append(_ pair: KeyedNumber, to rows: inout RowSection) throws {
        let (bucket, remainder) = rows.layout.position(of: pair.key)
        rows.directory.add(PackedRows.aligned(pair.key), bucket: bucket)
        try append(rows.layout.row(remainder, pair.number), bytes: rows.layout.rowBytes)
    }

    mutating func end(_ rows: RowSection, _ section: Run.Section, _ directory: Run.Section) throws {
        // Directories count rows in 32 bits. `nextMerge` asks for nothing of that size.
        guard rows.directory.count < Int(UInt32.max) else { throw RunTooLarge() }
        try end(section, rows.directory, directory)
    }

    /// Writes what tells of the sections.
    mutating func finish(numbers: Range<UInt32>) throws {
        try flush(filled)
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
        try flush(filled)
    }
}

/// More rows than a run can have.
struct RunTooLarge: Error, CustomStringConvertible {
    var description: String { "a part of the index would have more than 4 billion rows" }
}

/// Rows that are being written.
struct RowSection {
    fileprivate let layout: PackedRows
    fileprivate var directory: DirectoryMaker

    /// For about so many, of numbers below `numbersEnd`.
    init(about count: Int, numbersEnd: UInt32) {
        layout = PackedRows(about: count, numbersEnd: numbersEnd)
        directory = DirectoryMaker(layout.directory)
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
