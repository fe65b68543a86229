internal import News

/// The index as bytes, so that a start need not read the whole store again: the head and what is
/// remembered of stories, and the names of the runs, which are files of their own.
///
/// Layout, all numbers little-endian: the eight bytes `TAMISDX` and the version; the digest of the
/// options; `lastSeq`; the runs; the head: documents, changed documents, aliases, contents,
/// shingles and letters, each list behind its length, a table of postings as its slots, its arena
/// and what was left there; stories; and last a 64-bit checksum of all before it. Written in one
/// order, so equal indexes give equal bytes. It is derived: when anything is wrong with it, it is
/// made anew.
extension DuplicateIndex {
    private static let magic: UInt64 = 0x0858_4453_494D_4154

    /// Behind `header`, which is whatever is to stand before it. Cost: linear in what is not in
    /// runs, about 0.3 GB/s.
    package func serialised(behind header: [UInt8] = []) -> [UInt8] {
        var writer = ByteWriter()
        // Growing by doubling would take three times the memory for a moment.
        writer.bytes.reserveCapacity(header.count + savedLengthMax)
        writer.bytes += header
        writer.write(Self.magic)
        writer.write(Self.digest(of: options))
        writer.write(lastSeq)
        writer.write(list: runs) { writer, run in
            writer.write(run.checksum)
            writer.write(UInt64(run.numbers.lowerBound) << 32 | UInt64(run.numbers.upperBound))
        }
        writer.write(list: head.documents) { $0.write($1) }
        writer.write(list: head.changed.sorted { $0.key < $1.key }) { writer, changed in
            writer.write(UInt64(changed.key))
            writer.write(changed.value)
        }
        writer.write(list: head.aliases.sorted { $0.key < $1.key }) { writer, alias in
            writer.write(alias.key)
            writer.write(alias.value.article)
            writer.write(alias.value.entry?.bits ?? 0)
        }
        writer.write(list: head.contents.sorted { $0.key < $1.key }) { writer, content in
            writer.write(content.key)
            writer.write(UInt64(content.value))
        }
        writer.write(head.shingles)
        writer.write(head.letters)
        writer.write(UInt64(bitPattern: latest.millisecondsSince1970))
        stories.write(to: &writer)
        writer.write(WordSum.of(writer.bytes.span.extracting(header.count...)))
        return writer.bytes
    }

    /// Bytes that it takes at most when it is saved, but for a few of no list.
    private var savedLengthMax: Int {
        let runs = 16 * runs.count + 256
        let documents = 88 * head.documents.count + 96 * head.changed.count
        let names = 40 * head.aliases.count + 24 * head.contents.count
        return runs + documents + names + head.shingles.savedLength + head.letters.savedLength
            + stories.savedLength
    }

    /// Reads what `serialised` wrote, behind a header of so many bytes; nil when it is damaged, of
    /// another version, made with other options, or without one of its runs, which `run` gives by
    /// their names. Bytes that nobody else holds are given up on the way, before as much memory is
    /// taken for what follows from them.
    package init?(
        serialised bytes: consuming [UInt8], behind headerLength: Int = 0,
        options: DecisionOptions, run: (String) -> Run? = { _ in nil }
    ) {
        self.init(options: options)
        guard headerLength >= 0, read(bytes.dropFirst(headerLength), run) else { return nil }
        bytes = []
        stories.listAll(options)
    }

    private mutating func read(_ bytes: ArraySlice<UInt8>, _ run: (String) -> Run?) -> Bool {
        guard bytes.count > 16 else { return false }
        var tail = ByteReader(bytes.suffix(8))
        let body = bytes.dropLast(8)
        guard tail.read() == WordSum.of(body.span) else { return false }
        var reader = ByteReader(body)
        guard reader.read() == Self.magic, reader.readDigest() == Self.digest(of: options),
            let seq = reader.read(), readRuns(&reader, run), readHead(&reader),
            let time = reader.read(), let saved = StoryIndex(from: &reader, documents: count),
            reader.isAtEnd
        else { return false }
        lastSeq = seq
        latest = Instant(millisecondsSince1970: Int64(bitPattern: time))
        stories = saved
        return true
    }

    private mutating func readRuns(
        _ reader: inout ByteReader, _ open: (String) -> Run?
    ) -> Bool {
        let list = reader.readList(bytesEach: 16) { reader -> Run? in
            guard let sum = reader.read(), let numbers = reader.read(),
                let run = open(Run.name(checksum: sum)), run.checksum == sum,
                UInt64(run.numbers.lowerBound) << 32 | UInt64(run.numbers.upperBound) == numbers
            else { return nil }
            return run
        }
        guard let list else { return false }
        var next: UInt32 = 0
        for run in list {
            guard run.numbers.lowerBound == next else { return false }
            next = run.numbers.upperBound
        }
        runs = list
        head = IndexHead(first: next)
        return true
    }

    private mutating func readHead(_ reader: inout ByteReader) -> Bool {
        guard let documents = reader.readList(bytesEach: 72, { $0.readDocument() }) else {
            return false
        }
        head.documents = documents
        let changed = reader.readList(bytesEach: 80) { reader -> (UInt32, HeldDocument)? in
            guard let number = reader.readNumber(), let document = reader.readDocument() else {
                return nil
            }
            return (number, document)
        }
        let aliases = reader.readList(bytesEach: 24) { reader -> (UInt64, AliasTarget)? in
            guard let name = reader.read(), let article = reader.readReference(),
                let entry = reader.read()
            else { return nil }
            return (name, AliasTarget(article: article, entry: EntryMark(bits: entry)))
        }
        let contents = reader.readList(bytesEach: 24) { reader -> (Digest, UInt32)? in
            guard let hash = reader.readDigest(), let number = reader.readNumber() else {
                return nil
            }
            return (hash, number)
        }
        guard let changed, let aliases, let contents,
            let shingles = reader.readPostings(documents: count),
            let letters = reader.readPostings(documents: count)
        else { return false }
        head.changed = Dictionary(changed) { $1 }
        head.aliases = Dictionary(aliases) { $1 }
        head.contents = Dictionary(contents) { $1 }
        for (index, document) in documents.enumerated() {
            head.numbers[document.id] = head.first + UInt32(index)
        }
        head.shingles = shingles
        head.letters = letters
        return head.areNumbersSound && head.numbers.count == documents.count
    }

    /// A description of the options names each with its value.
    private static func digest(of options: DecisionOptions) -> Digest {
        Digest(kind: "decision-options", "\(options)", "\(decisionRules)")
    }
}

extension ByteWriter {
    /// 0 for nobody, 1 and a number, or 2 and an id.
    fileprivate mutating func write(_ reference: HeldReference?) {
        switch reference {
        case nil: write(UInt64(0))
        case .document(let number):
            write(UInt64(1))
            write(UInt64(number))
        case .stranger(let id):
            write(UInt64(2))
            write(id.digest)
        }
    }

    fileprivate mutating func write(_ document: HeldDocument) {
        write(document.id.digest)
        write(document.contentHash)
        write(UInt64(bitPattern: document.seen.millisecondsSince1970))
        write(UInt64(bitPattern: document.time.millisecondsSince1970))
        write(UInt64(document.letterRows) << 32 | UInt64(document.original))
        write(document.founder)
    }

    fileprivate mutating func write(_ table: PostingTable) {
        write(list: table.slots) { $0.write($1) }
        write(list: table.arena.words) { $0.write($1) }
        write(list: table.arena.left) { $0.write($1) }
    }
}

extension PostingTable {
    /// Bytes.
    fileprivate var savedLength: Int {
        24 + 8 * slots.count + 4 * (arena.words.count + arena.left.count)
    }
}

extension ByteReader {
    fileprivate mutating func readPostings(documents: Int) -> PostingTable? {
        guard let slots = readList(bytesEach: 8, { $0.read() }),
            let words = readList(bytesEach: 4, { $0.readHalf() }),
            let left = readList(bytesEach: 4, { $0.readHalf() })
        else { return nil }
        return PostingTable(slots: slots, words: words, left: left, documents: documents)
    }

    fileprivate mutating func readNumber() -> UInt32? { read().flatMap { UInt32(exactly: $0) } }

    /// The outer optional is whether anything could be read.
    fileprivate mutating func readReference() -> HeldReference?? {
        switch read() {
        case 0: .some(nil)
        case 1: readNumber().map { .document($0) }
        case 2: readDigest().map { .stranger(ArticleID($0)) }
        default: nil
        }
    }

    fileprivate mutating func readDocument() -> HeldDocument? {
        guard let id = readDigest(), let hash = readDigest(), let seen = read(),
            let time = read(), let original = read(), let founder = readReference(), let founder
        else { return nil }
        return HeldDocument(
            id: ArticleID(id), contentHash: hash,
            seen: Instant(millisecondsSince1970: Int64(bitPattern: seen)),
            time: Instant(millisecondsSince1970: Int64(bitPattern: time)),
            original: UInt32(truncatingIfNeeded: original), founder: founder,
            letterRows: UInt16(truncatingIfNeeded: original >> 32))
    }
}
