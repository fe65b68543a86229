internal import News

/// A part of an index that never changes again: what was learnt of documents with consecutive
/// numbers, and what changed of earlier ones meanwhile. It is read where it lies, in a file that is
/// mapped, so opening it costs a page, and asking it a few.
///
/// The bytes are in the order of `Section`, each section told by the last `footerLength` bytes.
/// `FORMAT.md` of ArticleStore describes them. A run's own bytes are trusted to be in it, not to be
/// right: numbers and bounds are checked where they are read, and the checksum of all of it, which
/// costs reading it all, by `RunCheck`.
package struct Run: Sendable {
    /// The numbers of its documents.
    package let numbers: Range<UInt32>
    /// How much is in it, in documents with their usual names and rows.
    var weight: Int {
        max(
            numbers.count, max(place(.aliases).count, place(.formerContents).count) / 4,
            (place(.shingles).count + place(.letters).count) / IndexHead.rowsUsual)
    }

    /// The length of the file.
    package var length: Int { bytes.count }

    /// Of it, what rows of letters take, which are there for the latest documents alone.
    package var lettersLength: Int { place(.letters).length + place(.lettersDirectory).length }

    /// The name by which the file of the run is found again.
    package var name: String { Self.name(checksum: checksum) }

    /// All names begin so.
    package static let namePrefix = "run-"

    static func name(checksum: UInt64) -> String {
        let digits = String(checksum, radix: 16)
        return namePrefix + String(repeating: "0", count: 16 - digits.count) + digits
    }

    package let bytes: RunBytes
    private let places: [Place]
    private let families: Int
    private let copies: Int
    private let documents: Int
    let checksum: UInt64
    private(set) var ids = PackedRows()
    private(set) var contents = PackedRows()
    private(set) var shingles = PackedRows()
    private(set) var letters = PackedRows()
    private(set) var aliases = AliasRows()

    /// In the order in which they lie in the file.
    enum Section: Int, CaseIterable {
        /// The original of each document.
        case families
        /// A bit of each document that is a copy: most are none, and then this is all that is read.
        case copies
        case documents
        /// The numbers of earlier documents that changed, in order, and what they are now.
        case changedNumbers, changedDocuments
        /// The documents by id, and by content.
        case idsDirectory, ids, contentsDirectory, contents
        /// Contents that are not those of documents now: the digest and the number, in order.
        case formerContents
        case aliasesDirectory, aliases
        /// Ids that are no document's.
        case strangers
        case shinglesDirectory, shingles
        case lettersDirectory, letters
    }

    struct Place: Hashable {
        var offset = 0
        /// Bytes.
        var length = 0
        /// Elements.
        var count = 0
    }

    static let magic: UInt64 = 0x324E_5552_5349_4D54
    static let documentLength = 54
    static let formerLength = 20
    static let footerWords = 64
    static let footerLength = footerWords * 8
    /// Sections begin at whole words.
    static func wholeWords(_ length: Int) -> Int { (length + 7) / 8 * 8 }
    /// Beyond the last document that can be told.
    static let numbersMax: UInt32 = 0x07FF_FFFF

    /// nil for what is no run, or of another version, or was cut. Cost: one page.
    package init?(_ bytes: RunBytes) {
        let start = bytes.count - Self.footerLength
        guard start >= 0 else { return nil }
        var words = (0..<Self.footerWords).map { bytes.word(at: start + 8 * $0) }
        guard words.removeLast() == WordSum.of(words: words), words[0] == Self.magic,
            words[1] <= words[2], words[2] <= UInt64(Self.numbersMax)
        else { return nil }
        numbers = UInt32(words[1])..<UInt32(words[2])
        checksum = words[3]
        var places: [Place] = []
        var offset = 0
        for section in Section.allCases {
            guard let length = Int(exactly: words[4 + 2 * section.rawValue]),
                let count = Int(exactly: words[5 + 2 * section.rawValue]),
                length <= start - offset, count <= length
            else { return nil }
            places.append(Place(offset: offset, length: length, count: count))
            offset += Self.wholeWords(length)
        }
        guard offset == start else { return nil }
        self.bytes = bytes
        self.places = places
        families = places[Section.families.rawValue].offset
        copies = places[Section.copies.rawValue].offset
        documents = places[Section.documents.rawValue].offset
        guard let ids = rows(.ids, .idsDirectory),
            let contents = rows(.contents, .contentsDirectory),
            let shingles = rows(.shingles, .shinglesDirectory),
            let letters = rows(.letters, .lettersDirectory),
            let aliases = AliasRows(place(.aliases), place(.aliasesDirectory)),
            has(.families, each: 4, numbers.count),
            has(.copies, each: 8, (numbers.count + 63) / 64),
            has(.documents, each: Self.documentLength, numbers.count),
            has(.changedNumbers, each: 4), has(.formerContents, each: Self.formerLength),
            has(.changedDocuments, each: Self.documentLength, place(.changedNumbers).count),
            has(.strangers, each: 16)
        else { return nil }
        self.ids = ids
        self.contents = contents
        self.shingles = shingles
        self.letters = letters
        self.aliases = aliases
    }

    func place(_ section: Section) -> Place { places[section.rawValue] }

    private func has(_ section: Section, each: Int, _ count: Int? = nil) -> Bool {
        let place = place(section)
        return place.count * each == place.length && (count ?? place.count) == place.count
    }

    private func rows(_ section: Section, _ directory: Section) -> PackedRows? {
        PackedRows(place(section), place(directory), numbersEnd: numbers.upperBound)
    }

    // MARK: Documents

    /// The original of one of its documents.
    @inline(__always)
    func family(of number: UInt32) -> UInt32 {
        let index = Int(number - numbers.lowerBound)
        let isCopy = bytes.byte(at: copies + index / 8) >> UInt8(index % 8) & 1 == 1
        return isCopy ? bytes.half(at: families + 4 * index) : number
    }

    /// One of its documents, as it was when the run was written.
    func document(_ number: UInt32) -> HeldDocument {
        let index = Int(number - numbers.lowerBound)
        return document(
            at: documents + Self.documentLength * index, original: family(of: number))
    }

    func id(of number: UInt32) -> ArticleID {
        let index = Int(number - numbers.lowerBound)
        return ArticleID(digest(at: documents + Self.documentLength * index))
    }

    /// Which of the earlier documents that changed this is; nil when it did not. Cost: a search by
    /// halving.
    func changedIndex(of number: UInt32) -> Int? {
        let place = place(.changedNumbers)
        guard place.count > 0 else { return nil }
        let index = firstIndex(in: 0..<place.count) {
            bytes.half(at: place.offset + 4 * $0) >= number
        }
        guard index < place.count, bytes.half(at: place.offset + 4 * index) == number else {
            return nil
        }
        return index
    }

    /// The code of the founder of a document's story.
    func founderCode(of number: UInt32) -> UInt32 {
        let index = Int(number - numbers.lowerBound)
        return bytes.half(at: documents + Self.documentLength * index + 48)
    }

    func founderCode(ofChanged index: Int) -> UInt32 {
        bytes.half(at: place(.changedDocuments).offset + Self.documentLength * index + 48)
    }

    func changedNumber(at index: Int) -> UInt32 {
        bytes.half(at: place(.changedNumbers).offset + 4 * index)
    }

    func changedDocument(at index: Int, original: UInt32) -> HeldDocument {
        document(
            at: place(.changedDocuments).offset + Self.documentLength * index, original: original)
    }

    private func document(at offset: Int, original: UInt32) -> HeldDocument {
        HeldDocument(
            id: ArticleID(digest(at: offset)), contentHash: digest(at: offset + 16),
            seen: Instant(millisecondsSince1970: Int64(bitPattern: bytes.word(at: offset + 32))),
            time: Instant(millisecondsSince1970: Int64(bitPattern: bytes.word(at: offset + 40))),
            original: original,
            founder: reference(bytes.half(at: offset + 48))
                ?? .stranger(ArticleID(digest(at: offset))),
            letterRows: UInt16(truncatingIfNeeded: bytes.half(at: offset + 52)))
    }

    func digest(at offset: Int) -> Digest {
        Digest(high: bytes.word(at: offset), low: bytes.word(at: offset + 8))
    }

    // MARK: Who is meant

    static let strangerMark: UInt32 = 0x8000_0000
    static let nobody = UInt32.max

    /// What a code stands for; nil for nobody.
    func reference(_ code: UInt32) -> HeldReference? {
        if code < Self.strangerMark {
            return code < numbers.upperBound ? .document(code) : nil
        }
        let index = Int(code & ~Self.strangerMark)
        guard code != Self.nobody, index < place(.strangers).count else { return nil }
        return .stranger(ArticleID(digest(at: place(.strangers).offset + 16 * index)))
    }

    // MARK: Names and contents

    /// The document of that id, when it is one of the run's.
    func number(of id: ArticleID) -> UInt32? {
        let key = idKey(id)
        guard let first = ids.firstRow(of: key, bytes) else { return nil }
        var found: UInt32?
        ids.forEachNumber(of: key, from: first, bytes) { number in
            if numbers.contains(number), self.id(of: number) == id { found = number }
        }
        return found
    }

    func target(of alias: Alias) -> AliasTarget? {
        aliases.row(of: alias.digest.high, bytes).map { row in
            AliasTarget(article: reference(row.code), entry: EntryMark(bits: row.entry))
        }
    }

    /// Calls `visit` with each document that has, or had, that content.
    func forEachHolder(ofContent hash: Digest, _ visit: (UInt32) -> Void) {
        let key = contentKey(hash)
        if let first = contents.firstRow(of: key, bytes) {
            contents.forEachNumber(of: key, from: first, bytes) { number in
                guard numbers.contains(number) else { return }
                let index = Int(number - numbers.lowerBound)
                let offset = documents + Self.documentLength * index
                if digest(at: offset + 16) == hash { visit(number) }
            }
        }
        let former = place(.formerContents)
        guard former.count > 0 else { return }
        let first = firstIndex(in: 0..<former.count) { formerContent(at: $0).hash >= hash }
        for index in first..<former.count {
            let content = formerContent(at: index)
            guard content.hash == hash else { return }
            if content.number < numbers.upperBound { visit(content.number) }
        }
    }

    func formerContent(at index: Int) -> FormerContent {
        let offset = place(.formerContents).offset + Self.formerLength * index
        return FormerContent(hash: digest(at: offset), number: bytes.half(at: offset + 16))
    }
}

/// The key under which an id, or a content, leads to its document.
func idKey(_ id: ArticleID) -> UInt64 { id.digest.high }
func contentKey(_ hash: Digest) -> UInt64 { hash.high }

/// Whether a file that is read from front to back is as it was written. Cost: about 2 GB/s.
package struct RunCheck {
    private var sum = WordSum()
    /// Bytes that are summed up.
    private var length = 0
    /// The last bytes so far, which may be the footer.
    private var tail: [UInt8] = []

    package init() {}

    /// Takes the next bytes.
    package mutating func add(_ block: [UInt8]) {
        tail += block
        let ready = tail.prefix(max(0, tail.count - Run.footerLength) / 8 * 8)
        sum.add(ready.span, at: length)
        length += ready.count
        tail.removeFirst(ready.count)
    }

    /// Whether these were the bytes of that run.
    package func isOf(_ run: Run) -> Bool {
        length + tail.count == run.length && sum.finished() == run.checksum
    }
}
