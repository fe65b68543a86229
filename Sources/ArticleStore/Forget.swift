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
    /// rid of is told by `takeNotices`, and tried again at the next opening. Cost: writes each
    /// segment anew that has records of the article, and reads those that `holding` does not know.
    /// - Returns: the tombstone; nil when no such article is held.
    package func forget(
        _ id: ArticleID, because reason: String?, holding: Holding?, at now: Instant
    ) throws(StoreError) -> Record? {
        guard holds(id) else { return nil }
        _ = try sync()
        endSegment()
        let records = try append([.tombstone(Tombstone(id: id, reason: reason))], at: now)
        _ = try sync()
        forgotten.insert(id)
        erase(id, holding)
        return records.first
    }

    /// Whether no text of the article is known to be on the disk.
    package func isErased(_ id: ArticleID) -> Bool { texts[id] == nil }

    /// Goes on with what was interrupted.
    func finishForgetting() {
        for id in forgotten.sorted() where texts[id] != nil { erase(id, nil) }
    }

    private func erase(_ id: ArticleID, _ holding: Holding?) {
        var changed: [Int: SegmentFindings] = [:]
        defer {
            closeReaders()
            durableFindings = texts.head.findings.last
        }
        do throws(StoreError) {
            let last = Set(texts.places(of: id).map(\.segment))
            let others = segments.indices.filter { !last.contains($0) && mayHold($0, holding) }
            for segment in others + last.sorted(by: >) {
                if let findings = try eraseRecords(of: id, in: segment) {
                    changed[segment] = findings
                }
            }
        } catch {
            texts.note(changed)
            return note("the text of \(id) is on the disk until the next start: \(error)")
        }
        do {
            try texts.forget(id, in: changed)
        } catch {
            note(TextPlaces.unsaved(because: error))
        }
    }

    private func mayHold(_ segment: Int, _ holding: Holding?) -> Bool {
        guard let holding, let findings = texts.findings(of: segment) else { return true }
        return holding.files.contains(findings.file)
            || findings.lastSeq ?? .max > holding.lastSeq
    }

    /// Puts tombstones in place of the article's records in one segment.
    /// - Returns: what reading the segment now finds; nil when it has none of them.
    private func eraseRecords(
        of id: ArticleID, in index: Int
    ) throws(StoreError) -> SegmentFindings? {
        guard segments.indices.contains(index), var findings = texts.findings(of: index) else {
            return nil
        }
        let path = segments[index].path
        let source = try disk.open(path, O_RDONLY)
        defer { disk.close(source) }
        let erased = try ErasedLines(of: id, in: source, path: path, disk: disk)
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
        findings.forgotten.insert(id)
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

/// What is to stand in place of the records of an article, line by line of the same length.
private struct ErasedLines {
    private(set) var lines: [(offset: Int, bytes: ArraySlice<UInt8>)] = []
    /// Of the records, those that brought the article.
    private(set) var articles = 0

    init(of id: ArticleID, in descriptor: Int32, path: String, disk: Disk) throws(StoreError) {
        var scanner = SegmentScanner(disk: disk, descriptor: descriptor, path: path)
        while let piece = try scanner.next() {
            guard case .record(let head, let line, let offset) = piece,
                RecordLine.articleID(of: line, head: head) == id,
                let record = RecordLine.readable(line, head: head, path: path),
                let tombstone = record.tombstone(of: id)
            else { continue }
            let left = Record(seq: record.seq, stored: record.stored, body: .tombstone(tombstone))
            let bytes = try RecordLine.encoding(left, bytesMin: line.count + 1).dropLast()
            guard bytes.count == line.count else {
                throw .unencodable(reason: "the tombstone of record \(head.seq) is too long")
            }
            lines.append((offset, bytes))
            if head.kind == .article { articles += 1 }
        }
    }
}

/// Which segments have records of an article, as far as the store was read.
package struct Holding: Hashable, Sendable {
    /// The names of their files.
    package internal(set) var files: Set<String> = []
    /// The last place that was read.
    package internal(set) var lastSeq: UInt64 = 0
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
                }
            }
        }
        return holding
    }
}
