internal import News

/// The index as bytes, so that a start need not read the whole store again.
///
/// Layout, all numbers little-endian: the eight bytes `TAMISDX` and the version; the digest of the
/// options; `lastSeq`; then documents, aliases, contents, shingles, stories and letters, each list
/// behind its length, a table of postings as its slots, its arena and what was left there; and last
/// a 64-bit checksum of all before it. Written in one order, so equal indexes give equal bytes. It
/// is derived: when anything is wrong with it, it is made anew.
extension DuplicateIndex {
    private static let magic: UInt64 = 0x0458_4453_494D_4154

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
            let saved = StoryIndex(
                from: &reader, documents: documents.count, options: options),
            let rows = readLetters(&reader), reader.isAtEnd
        else { return nil }
        letters = rows
        shingles = table
        stories = saved
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

extension ByteWriter {
    fileprivate mutating func write(_ table: PostingTable) {
        write(list: table.slots) { $0.write($1) }
        write(list: table.arena.words) { $0.write($1) }
        write(list: table.arena.left) { $0.write($1) }
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
}
