internal import FoundationEssentials
internal import Glibc
package import News

/// Taking an article out of the store, its bytes too.
///
/// 1. The tombstone is durable, at the end of the store, before anything is taken away. From then
///    on the article is not held, whatever is still on the disk.
/// 2. Where a record of the article stood, a shorter tombstone stands afterwards, with the same
///    place, padded to the same length, so no other record moves. The segment is written anew
///    beside the old one, synced, and put in its place: it changes whole, or not at all.
/// 3. The segments that hold its texts come last, so what was interrupted shows at the next
///    opening, which goes on with it.
extension ArticleStore {
    /// Takes an article out, and returns when that is durable. A text that the disk could not be
    /// rid of is told by `takeNotices`, shown to nobody, and tried again at the next opening, or
    /// when it is asked for again. Cost: writes each segment anew that has records of the article,
    /// and reads those that `holding` does not know.
    /// - Returns: the tombstone, also of one that was taken out before; nil when no such article is
    ///   held.
    package func forget(
        _ id: ArticleID, because reason: String?, holding: Holding?, at now: Instant
    ) throws(StoreError) -> Record? {
        if forgotten.contains(id) { return try forgetAgain(id, holding) }
        guard holds(id) else { return nil }
        _ = try sync()
        endSegment()
        // Before there is a tombstone, so that nothing is done where this finds no room.
        try saveUnerased(unerased.union([id]))
        let records = try append([.tombstone(Tombstone(id: id, reason: reason))], at: now)
        _ = try sync()
        forgotten.insert(id)
        unerased.insert(id)
        erase([id], holding)
        return records.first
    }

    private func forgetAgain(
        _ id: ArticleID, _ holding: Holding?
    ) throws(StoreError) -> Record? {
        var known = holding
        // One that was found before there was a tombstone does not tell of it.
        if known?.tombstone == nil { known = try StoreReader(at: path).holding(of: id) }
        if !isErased(id) { erase([id], known) }
        return known?.tombstone
    }

    /// Whether no record of the article is left on the disk.
    package func isErased(_ id: ArticleID) -> Bool { !unerased.contains(id) }

    /// Goes on with what was interrupted: one reading of the store for all articles.
    func finishForgetting() {
        let saved = Unerased.saved(in: path, disk: disk)
        unerased = forgotten.filter { saved?.contains($0) == true || texts[$0] != nil }
        if !unerased.isEmpty {
            if saved != unerased { noteUnerased() }
            erase(unerased, nil)
        } else if saved != nil {
            noteUnerased()
        }
    }

    /// Tells readers beside this process which articles to pass over.
    private func saveUnerased(_ ids: Set<ArticleID>) throws(StoreError) {
        if ids.isEmpty {
            try removeDerived(named: Unerased.fileName)
        } else {
            try saveDerived(
                try RecordLine.encodingObject(ids.sorted()), named: Unerased.fileName)
        }
    }

    private func noteUnerased() {
        do throws(StoreError) {
            try saveUnerased(unerased)
        } catch {
            note("which articles are still on the disk could not be saved: \(error)")
        }
    }

    private func erase(_ ids: Set<ArticleID>, _ holding: Holding?) {
        var changed: [Int: SegmentFindings] = [:]
        defer {
            closeReaders()
            durableFindings = texts.head.findings.last
        }
        do throws(StoreError) {
            let last = Set(ids.flatMap { texts.places(of: $0).map(\.segment) })
            let others = segments.indices.filter { !last.contains($0) && mayHold($0, holding) }
            for segment in others + last.sorted(by: >) {
                if let findings = try eraseRecords(of: ids, in: segment) {
                    changed[segment] = findings
                }
            }
        } catch {
            texts.note(changed)
            let names = ids.sorted().prefix(3).map(\.description).joined(separator: ", ")
            return note(
                "the text of \(names)\(ids.count > 3 ? " and others" : "") is on the disk until"
                    + " the next start, or until it is forgotten again: \(error)")
        }
        do {
            try texts.forget(ids, in: changed)
        } catch {
            note(TextPlaces.unsaved(because: error))
        }
        unerased.subtract(ids)
        noteUnerased()
    }

    private func mayHold(_ segment: Int, _ holding: Holding?) -> Bool {
        guard let holding, let findings = texts.findings(of: segment) else { return true }
        return holding.files.contains(findings.file)
            || findings.lastSeq ?? .max > holding.lastSeq
    }

    /// Puts tombstones in place of the articles' records in one segment.
    /// - Returns: what reading the segment now finds; nil when it has none of them.
    private func eraseRecords(
        of ids: Set<ArticleID>, in index: Int
    ) throws(StoreError) -> SegmentFindings? {
        guard segments.indices.contains(index), var findings = texts.findings(of: index) else {
            return nil
        }
        let path = segments[index].path
        let source = try disk.open(path, O_RDONLY)
        defer { disk.close(source) }
        let erased = try ErasedLines(of: ids, in: source, path: path, disk: disk)
        guard !erased.lines.isEmpty else { return nil }
        if index == segments.indices.last { endSegment() }
        let (folder, name) = splitting(path)
        let temporary = "\(self.path)/articles/\(Disk.temporaryPrefix)\(name)"
        do throws(StoreError) {
            findings.modified = try write(erased, from: (source, path), to: temporary)
            try disk.rename(temporary, to: path)
        } catch {
            try? disk.remove(temporary)
            throw error
        }
        try disk.syncFolder(folder)
        try disk.syncFolder("\(self.path)/articles")
        findings.articles -= min(erased.articles, findings.articles)
        findings.forgotten.formUnion(erased.ids)
        return findings
    }

    /// Copies a segment with other lines in it, durably.
    /// - Returns: when the copy was last written, in nanoseconds since 1970.
    private func write(
        _ erased: ErasedLines, from source: (descriptor: Int32, path: String), to path: String
    ) throws(StoreError) -> Int64 {
        try disk.remove(path)
        let target = try disk.open(path, O_RDWR | O_CREAT | O_EXCL)
        defer { disk.close(target) }
        var offset = 0
        while true {
            let bytes = try disk.bytes(
                source.descriptor, at: offset, count: 1 << 20, path: source.path)
            if bytes.isEmpty { break }
            try disk.write(bytes[...], to: target, at: offset, path: path)
            offset += bytes.count
        }
        for line in erased.lines {
            try disk.write(line.bytes[...], to: target, at: line.offset, path: path)
        }
        try disk.syncData(target, path: path)
        return try disk.information(of: target, path: path).modifiedNanoseconds
    }
}

/// What is to stand in place of the records of some articles, line by line of the same length.
private struct ErasedLines {
    private(set) var lines: [(offset: Int, bytes: ArraySlice<UInt8>)] = []
    /// Whose records they are.
    private(set) var ids: Set<ArticleID> = []
    /// Of the records, those that brought an article.
    private(set) var articles = 0

    init(
        of wanted: Set<ArticleID>, in descriptor: Int32, path: String, disk: Disk
    ) throws(StoreError) {
        var scanner = SegmentScanner(disk: disk, descriptor: descriptor, path: path)
        while let piece = try scanner.next() {
            guard case .record(let head, let line, let offset) = piece,
                let id = RecordLine.articleID(of: line, head: head), wanted.contains(id),
                let left = Self.left(of: line, head, id, path: path)
            else { continue }
            let bytes = try RecordLine.encoding(left, bytesMin: line.count + 1).dropLast()
            guard bytes.count == line.count else {
                throw .unencodable(reason: "the tombstone of record \(head.seq) is too long")
            }
            lines.append((offset, bytes))
            ids.insert(id)
            if head.kind == .article { articles += 1 }
        }
    }

    /// What is left of a record; nil when it stays. Of one with that id whose content nobody can
    /// read, which may be the text, its place is left.
    private static func left(
        of line: ArraySlice<UInt8>, _ head: RecordLine.Head, _ id: ArticleID, path: String
    ) -> Record? {
        if let record = RecordLine.readable(line, head: head, path: path) {
            return record.left(without: id)
        }
        if head.kind == .correction || head.kind == .tombstone { return nil }
        let stored = RecordLine.stored(in: line, head: head)
        return Record(
            seq: head.seq, stored: stored ?? Instant(millisecondsSince1970: 0),
            body: .tombstone(Tombstone(id: id, aliases: [])))
    }
}

extension Record {
    /// What is left of a record once that article is taken out; nil when it does not speak of it.
    func left(without id: ArticleID) -> Record? {
        tombstone(of: id).map { Record(seq: seq, stored: stored, body: .tombstone($0)) }
    }
}

/// The file with the articles that were taken out and may have records on the disk still. It is
/// there only while that is so.
enum Unerased {
    static let fileName = "unerased"
    private static let bytesMax = 64 << 20

    /// nil when there is no such file; nobody when it is damaged.
    static func saved(in root: String, disk: Disk) -> Set<ArticleID>? {
        do {
            let path = "\(root)/index/\(fileName)"
            let bytes = try DerivedFile.payload(at: path, disk: disk, bytesMax: bytesMax)
            return try bytes.map { Set(try JSONDecoder().decode([ArticleID].self, from: Data($0))) }
        } catch {
            return []
        }
    }
}

/// Which segments have records of an article, as far as the store was read.
package struct Holding: Hashable, Sendable {
    /// The names of their files.
    package internal(set) var files: Set<String> = []
    /// The last place that was read.
    package internal(set) var lastSeq: UInt64 = 0
    /// The one that was appended, where the article was taken out already.
    package internal(set) var tombstone: Record?
}

extension StoreReader {
    /// Which segments have records of the article, its sightings too. Cost: one read of the store.
    package func holding(of id: ArticleID) throws(StoreError) -> Holding {
        var holding = Holding()
        for segment in try SegmentListing(root: path, disk: disk).segments {
            let descriptor = try disk.open(segment.path, O_RDONLY)
            defer { disk.close(descriptor) }
            var scanner = SegmentScanner(disk: disk, descriptor: descriptor, path: segment.path)
            while let piece = try scanner.next() {
                guard case .record(let head, let line, _) = piece else { continue }
                holding.lastSeq = max(holding.lastSeq, head.seq)
                if RecordLine.articleID(of: line, head: head) == id {
                    holding.files.insert(segment.name.file)
                    if head.kind == .tombstone {
                        holding.tombstone = RecordLine.readable(
                            line, head: head, path: segment.path)
                    }
                }
            }
        }
        return holding
    }
}
