internal import FoundationEssentials
internal import News

/// The places of the texts in some consecutive sealed segments, and what else was found in those,
/// in a file that is mapped. `FORMAT.md` describes its bytes.
///
/// A file is read whole and its checksum compared before it is trusted (`TextTableFiles`), so what
/// stands here is what was once written. Cost of a look-up: two or three far reads.
struct TextTable: Sendable {
    /// One text: segments are counted from the table's first.
    struct Row: Hashable, Comparable {
        var id: ArticleID
        var place: RecordLocation

        static func < (a: Row, b: Row) -> Bool { (a.id, a.place) < (b.id, b.place) }
    }

    /// The number, in the store, of the first of its segments.
    var first = 0
    /// What was found in each of them.
    private(set) var findings: [SegmentFindings]
    /// Rows.
    let count: Int
    let file: MappedFile
    let checksum: UInt32
    private let bucketBits: Int

    /// The last digit is raised with every kind of record that is read otherwise than before.
    static let magic = Array("TMISTXT2".utf8)
    static let rowLength = 24
    static let footerLength = 40
    static let namePrefix = "texts-"

    /// The name of its file.
    var name: String {
        Self.namePrefix + String(decoding: Checksum.hexadecimal(checksum), as: UTF8.self)
    }

    /// nil for what is no table.
    init?(_ file: MappedFile) {
        let bytes = file.bytes
        let footer = bytes.count - Self.footerLength
        guard footer >= 0, bytes[footer...].starts(with: Self.magic) else { return nil }
        let words = (1...4).map { Int(clamping: bytes.word(at: footer + 8 * $0)) }
        let (rows, directory, findings) = (words[0], words[1], words[2])
        guard rows <= footer / Self.rowLength, directory <= footer / 4, findings <= footer,
            directory > 1, (directory - 1) & (directory - 2) == 0,
            rows * Self.rowLength + directory * 4 + findings == footer
        else { return nil }
        let found = Data(UnsafeRawBufferPointer(rebasing: bytes[(footer - findings)..<footer]))
        guard let decoded = try? JSONDecoder().decode([SegmentFindings].self, from: found),
            !decoded.isEmpty, decoded.allSatisfy(\.isPlausible)
        else { return nil }
        self.findings = decoded
        self.file = file
        count = rows
        checksum = UInt32(truncatingIfNeeded: bytes.word(at: footer + 32))
        bucketBits = (directory - 1).trailingZeroBitCount
    }

    /// No longer believes what was found in one of them, nor will whoever reads a table that is
    /// made of this one. False when that is so already.
    mutating func distrust(_ segment: Int) -> Bool {
        guard findings.indices.contains(segment), findings[segment].modified != nil else {
            return false
        }
        findings[segment].modified = nil
        return true
    }

    // MARK: Asking

    /// Where the texts of an article stand in the store, the oldest first.
    func places(of id: ArticleID) -> [RecordLocation] {
        let bucket = Self.bucket(of: id, bits: bucketBits)
        var (low, high) = (row(ofBucket: bucket), row(ofBucket: bucket + 1))
        while low < high {
            let middle = (low + high) / 2
            if self.id(at: middle) < id { low = middle + 1 } else { high = middle }
        }
        var places: [RecordLocation] = []
        while low < count, self.id(at: low) == id {
            if let place = place(at: low) { places.append(place) }
            low += 1
        }
        return places
    }

    /// Its row of that number; `index` is less than `count`.
    func row(at index: Int) -> Row {
        Row(
            id: id(at: index),
            place: RecordLocation(bits: file.bytes.word(at: Self.rowLength * index + 16)))
    }

    static func bucket(of id: ArticleID, bits: Int) -> Int {
        bits == 0 ? 0 : Int(truncatingIfNeeded: id.digest.high >> UInt64(64 - bits))
    }

    private func row(ofBucket bucket: Int) -> Int {
        let offset = Self.rowLength * count + 4 * bucket
        let row = file.bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
        return min(Int(UInt32(littleEndian: row)), count)
    }

    private func id(at index: Int) -> ArticleID {
        let offset = Self.rowLength * index
        return ArticleID(
            Digest(high: file.bytes.word(at: offset), low: file.bytes.word(at: offset + 8)))
    }

    private func place(at index: Int) -> RecordLocation? {
        let place = row(at: index).place
        return place.segment < findings.count ? place.movedBy(segments: first) : nil
    }
}

extension UnsafeRawBufferPointer {
    /// Eight bytes, the least significant first.
    fileprivate func word(at offset: Int) -> UInt64 {
        UInt64(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
}
