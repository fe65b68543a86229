internal import News

/// The index as bytes, so that a start need not read the whole store again.
///
/// Layout, all numbers little-endian: the eight bytes `TAMISDX` and the version; the digest of the
/// options; `lastSeq`; then documents, aliases, contents, shingles, stories and letters, each list
/// behind its length, a table of postings as its slots, its arena and what was left there; and last
/// a 64-bit checksum of all before it. Written in one order, so equal indexes give equal bytes. It
/// is derived: when anything is wrong with it, it is made anew.
extension DuplicateIndex {
    private static let magic: UInt64 = 0x0358_4453_494D_4154

    /// Cost: linear in what is held, about 0.3 GB/s.
    package func serialised() -> [UInt8] {
        var writer = ByteWriter()
        writer.write(Self.magic)
        writer.write(Self.digest(of: options))
        writer.write(lastSeq)
        writer.write(list: documents) { writer, document in
            writer.write(document.id.digest)
            writer.write(document.contentHash)
            writer.write(UInt64(bitPattern: document.seen.millisecondsSince1970))
            writer.write(UInt64(bitPattern: document.time.millisecondsSince1970))
            writer.write(UInt64(document.letterRows) << 32 | UInt64(document.original))
            writer.write(document.story.digest)
        }
        writer.write(list: aliases.sorted { $0.key.digest < $1.key.digest }) { writer, alias in
            writer.write(alias.key.digest)
            writer.write(alias.value.article?.digest)
            writer.write(alias.value.entryDigest)
        }
        writer.write(list: contents.sorted { $0.key < $1.key }) { writer, content in
            writer.write(content.key)
            writer.write(UInt64(content.value))
        }
        writer.write(shingles)
        stories.write(to: &writer)
        writer.write(UInt64(letters.youngerCount))
        writer.write(letters.younger)
        writer.write(letters.older)
        writer.write(checksum(of: writer.bytes[...]))
        return writer.bytes
    }

    /// Reads what `serialised` wrote; nil when it is damaged, of another version, or made with
    /// other options.
    package init?(serialised bytes: [UInt8], options: DecisionOptions) {
        guard bytes.count > 16 else { return nil }
        var tail = ByteReader(bytes[(bytes.count - 8)...])
        let body = bytes[..<(bytes.count - 8)]
        guard tail.read() == checksum(of: body) else { return nil }
        var reader = ByteReader(body)
        guard reader.read() == Self.magic, reader.readDigest() == Self.digest(of: options),
            let seq = reader.read()
        else { return nil }
        self.init(options: options)
        lastSeq = seq
        guard readDocuments(&reader), readNames(&reader), readContents(&reader),
            let table = reader.readPostings(documents: documents.count),
            let saved = StoryIndex(from: &reader, documents: documents.count),
            let rows = readLetters(&reader), reader.isAtEnd
        else { return nil }
        letters = rows
        shingles = table
        stories = saved
        for (number, document) in documents.enumerated()
        where document.original == UInt32(clamping: number)
            && document.story != StoryID(startedBy: document.id)
        {
            joinedStories.insert(document.story)
        }
    }

    private mutating func readDocuments(_ reader: inout ByteReader) -> Bool {
        let list = reader.readList(bytesEach: 72) { reader -> HeldDocument? in
            guard let id = reader.readDigest(), let hash = reader.readDigest(),
                let seen = reader.read(), let time = reader.read(), let original = reader.read(),
                let story = reader.readDigest()
            else { return nil }
            return HeldDocument(
                id: ArticleID(id), contentHash: hash,
                seen: Instant(millisecondsSince1970: Int64(bitPattern: seen)),
                time: Instant(millisecondsSince1970: Int64(bitPattern: time)),
                original: UInt32(truncatingIfNeeded: original), story: StoryID(story),
                letterRows: UInt16(truncatingIfNeeded: original >> 32))
        }
        guard let list, list.allSatisfy({ $0.original < UInt32(clamping: list.count) }) else {
            return false
        }
        documents = list
        families = list.map(\.original)
        for (number, document) in list.enumerated() {
            numbers[document.id] = UInt32(clamping: number)
            latest = max(latest, document.time)
        }
        return numbers.count == list.count
    }

    private mutating func readNames(_ reader: inout ByteReader) -> Bool {
        let list = reader.readList(bytesEach: 32) { reader -> (Alias, AliasTarget)? in
            guard let name = reader.readDigest(), let article = reader.readOptionalDigest(),
                let entry = reader.readOptionalDigest()
            else { return nil }
            let target = AliasTarget(
                article: article.map { ArticleID($0) }, entryDigest: entry)
            return (Alias(name), target)
        }
        guard let list else { return false }
        for (name, target) in list { aliases[name] = target }
        return true
    }

    private mutating func readContents(_ reader: inout ByteReader) -> Bool {
        let list = reader.readList(bytesEach: 24) { reader -> (Digest, UInt32)? in
            guard let hash = reader.readDigest(), let number = reader.read(),
                let number = UInt32(exactly: number)
            else { return nil }
            return (hash, number)
        }
        guard let list else { return false }
        for (hash, number) in list {
            guard Int(number) < documents.count else { return false }
            contents[hash] = number
        }
        return true
    }

    private func readLetters(_ reader: inout ByteReader) -> LetterIndex? {
        guard let count = reader.read(), let count = Int(exactly: count),
            let younger = reader.readPostings(documents: documents.count),
            let older = reader.readPostings(documents: documents.count)
        else { return nil }
        return LetterIndex(younger: younger, older: older, youngerCount: count)
    }

    /// A description of the options names each with its value.
    private static func digest(of options: DecisionOptions) -> Digest {
        Digest(kind: "decision-options", "\(options)", "\(decisionRules)")
    }
}

extension StoryIndex {
    fileprivate func write(to writer: inout ByteWriter) {
        writer.write(UInt64(countedDocuments))
        writer.write(UInt64(keptAfterPruning))
        writer.write(list: counts.slots) { $0.write($1) }
        writer.write(postings)
        writer.write(list: entries) { writer, entry in
            writer.write(UInt64(entry.featuresStart) << 32 | UInt64(entry.featuresCount))
            writer.write(UInt64(entry.measuresStart) << 32 | UInt64(entry.measuresCount))
            writer.write(UInt64(entry.stemsCount) << 32 | UInt64(entry.language))
        }
        writer.write(list: features) { writer, feature in
            writer.write(UInt64(feature.key) << 32 | UInt64(feature.weight.bitPattern))
            writer.write(UInt64(feature.kind.rawValue))
        }
        writer.write(list: measures) { $0.write(UInt64($1.unit) << 32 | UInt64($1.figure)) }
    }

    fileprivate init?(from reader: inout ByteReader, documents: Int) {
        guard let counted = reader.read(), let counted = Int(exactly: counted),
            let kept = reader.read(), let kept = Int(exactly: kept),
            let countSlots = reader.readList(bytesEach: 8, { $0.read() }),
            let counts = CountTable(slots: countSlots),
            let postings = reader.readPostings(documents: documents)
        else { return nil }
        let entries = reader.readList(bytesEach: 24) { reader -> Entry? in
            guard let features = reader.read(), let measures = reader.read(),
                let stems = reader.read()
            else { return nil }
            return Entry(
                featuresStart: UInt32(truncatingIfNeeded: features >> 32),
                featuresCount: UInt16(truncatingIfNeeded: features),
                stemsCount: UInt16(truncatingIfNeeded: stems >> 32),
                language: UInt16(truncatingIfNeeded: stems),
                measuresStart: UInt32(truncatingIfNeeded: measures >> 32),
                measuresCount: UInt16(truncatingIfNeeded: measures))
        }
        let features = reader.readList(bytesEach: 16) { reader -> StoredFeature? in
            guard let both = reader.read(), let kind = reader.read(),
                let kind = UInt8(exactly: kind), let kind = StoryFeatures.Kind(rawValue: kind)
            else { return nil }
            let weight = Float(bitPattern: UInt32(truncatingIfNeeded: both))
            guard weight.isFinite else { return nil }
            return StoredFeature(
                key: UInt32(truncatingIfNeeded: both >> 32), weight: weight, kind: kind)
        }
        let measures = reader.readList(bytesEach: 8) { reader in
            reader.read().map {
                StoryFeatures.Measure(
                    unit: UInt32(truncatingIfNeeded: $0 >> 32),
                    figure: UInt32(truncatingIfNeeded: $0))
            }
        }
        guard let entries, let features, let measures, entries.count == documents,
            entries.allSatisfy({
                $0.allRange.upperBound <= features.count
                    && Int($0.measuresStart) + Int($0.measuresCount) <= measures.count
            })
        else { return nil }
        self.init(
            counts: counts, countedDocuments: counted, postings: postings, entries: entries,
            features: features, measures: measures, keptAfterPruning: kept)
    }
}

// MARK: - Bytes

private struct ByteWriter {
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

    mutating func write(_ digest: Digest?) {
        write(digest == nil ? 0 : UInt64(1))
        if let digest { write(digest) }
    }

    mutating func write(_ table: PostingTable) {
        write(list: table.slots) { $0.write($1) }
        write(list: table.arena.words) { $0.write($1) }
        write(list: table.arena.left) { $0.write($1) }
    }

    mutating func write<Element>(
        list: [Element], _ each: (inout ByteWriter, Element) -> Void
    ) {
        write(UInt64(list.count))
        for element in list { each(&self, element) }
    }
}

private struct ByteReader {
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

    mutating func readPostings(documents: Int) -> PostingTable? {
        guard let slots = readList(bytesEach: 8, { $0.read() }),
            let words = readList(bytesEach: 4, { $0.readHalf() }),
            let left = readList(bytesEach: 4, { $0.readHalf() })
        else { return nil }
        return PostingTable(slots: slots, words: words, left: left, documents: documents)
    }

    mutating func readDigest() -> Digest? {
        guard let high = read(), let low = read() else { return nil }
        return Digest(high: high, low: low)
    }

    /// The outer optional is whether anything could be read.
    mutating func readOptionalDigest() -> Digest?? {
        guard let mark = read() else { return nil }
        if mark == 0 { return .some(nil) }
        return readDigest().map { .some($0) }
    }

    /// `bytesEach`: the fewest that an element takes, so that a length cannot ask for more memory
    /// than there are bytes.
    mutating func readList<Element>(
        bytesEach: Int, _ each: (inout ByteReader) -> Element?
    ) -> [Element]? {
        guard let length = read(), let count = Int(exactly: length),
            count <= (bytes.endIndex - next) / bytesEach
        else { return nil }
        var list: [Element] = []
        list.reserveCapacity(count)
        for _ in 0..<count {
            guard let element = each(&self) else { return nil }
            list.append(element)
        }
        return list
    }
}

/// Catches accidents, not forgery.
private func checksum(of bytes: ArraySlice<UInt8>) -> UInt64 {
    var sum: UInt64 = 0x5441_4D49_5331
    var block: UInt64 = 0
    var filled = 0
    for byte in bytes {
        block = block << 8 | UInt64(byte)
        filled += 1
        if filled == 8 {
            sum = mixed(sum ^ block)
            (block, filled) = (0, 0)
        }
    }
    return mixed(sum ^ block) ^ UInt64(bytes.count)
}
