internal import Glibc
package import News

/// Taking the records of articles that were taken out off the disk.
///
/// 1. Where a record of the article stood, a shorter tombstone stands afterwards, with the same
///    place, padded to the same length, so no other record moves. The segment is written anew
///    beside the old one, synced, and put in its place: it changes whole, or not at all.
/// 2. Entries of the same name that gave no article are told of by nothing but the article's
///    records, so they go first; the segments that hold its texts come last, so what was
///    interrupted shows at the next opening.
/// 3. Memory is that of one line, however much is erased.
extension ArticleStore {
    /// Takes the next step: writes one segment anew. What was appended must be durable. A step that
    /// failed may be taken again.
    /// - Returns: whether there is more to do. When not, the articles count as erased.
    /// - Throws: `full` before anything is copied where the disk has not the segment's size and
    ///   `erasingReserveBytes` free.
    package func erase(_ remains: inout Remains) throws(StoreError) -> Bool {
        try checkUsable()
        if let step = remains.steps.first {
            if let index = segments.firstIndex(where: { $0.name.file == step.file }) {
                try erase(&remains, step.part, in: index)
            }
            remains.steps.removeFirst()
            if !remains.steps.isEmpty { return true }
        }
        do {
            try texts.forget(remains.ids, in: remains.changed)
        } catch {
            note(TextPlaces.unsaved(because: error))
        }
        noteErased(remains.ids)
        return false
    }

    /// What the copy of a segment leaves free on the disk, for what is decided meanwhile.
    package static let erasingReserveBytes = 16 << 20

    /// Takes all steps for all articles that were taken out. Cost: two readings of the store, when
    /// there are any.
    package func eraseAll() throws(StoreError) {
        guard !unerased.isEmpty else { return }
        var remains = try StoreReader(at: path, disk: disk).remains(of: unerased)
        while try erase(&remains) {}
    }

    /// Puts tombstones in place of records in one segment.
    private func erase(
        _ remains: inout Remains, _ part: Remains.Part, in index: Int
    ) throws(StoreError) {
        let path = segments[index].path
        let source = try disk.open(path, O_RDONLY)
        defer { disk.close(source) }
        let temporary = "\(self.path)/articles/\(Disk.temporaryPrefix)\(splitting(path).name)"
        var copy = ErasedCopy(of: source, path: path, at: temporary, disk: disk)
        defer { copy.end() }
        var scanner = SegmentScanner(disk: disk, descriptor: source, path: path)
        while let piece = try scanner.next() {
            guard case .record(let head, let line, let offset) = piece,
                let left = remains.left(of: line, head, part, path: path)
            else { continue }
            if !copy.isMade, index == segments.indices.last {
                _ = try sync()
                endSegment()
            }
            try copy.put(left, at: offset, bytes: line.count)
            if head.kind == .article { copy.articles += 1 }
        }
        if let modified = try copy.takePlace() {
            closeReaders()
            // Tables tell, until all is done, what was found before the segment's first step.
            if var findings = remains.changed[index] ?? texts.findings(of: index) {
                findings.modified = modified
                findings.articles -= min(copy.articles, findings.articles)
                findings.forgotten.formUnion(copy.ids)
                remains.changed[index] = findings
                texts.note([index: findings])
                if index == segments.indices.last { durableFindings = findings }
            }
        }
        // Also where the last try came as far as the renaming.
        try disk.syncFolder(splitting(path).folder)
        try disk.syncFolder("\(self.path)/articles")
    }
}

/// What is on the disk of articles that were taken out, and in which segments.
package struct Remains: Sendable {
    package let ids: Set<ArticleID>
    /// The segments to be written anew, in this order.
    fileprivate(set) var steps: [(file: String, part: Part)] = []
    /// What is now found in segments that were.
    fileprivate(set) var changed: [Int: SegmentFindings] = [:]
    /// By the names of entries that the articles came from.
    private var owners: [Alias: ArticleID] = [:]
    /// By any of the articles' names together with a title.
    private var titled: [Titled: ArticleID] = [:]

    /// How many segments are still to be written anew.
    package var segmentsLeft: Int { steps.count }

    /// Of what a segment has, that which is taken away in one step.
    enum Part {
        /// Entries that gave no article.
        case rejections
        case records
    }

    private struct Titled: Hashable, Sendable {
        var name: Alias
        var title: String
    }

    fileprivate init(of ids: Set<ArticleID>) { self.ids = ids }

    /// Learns by what else an article may be known, from one of its records.
    fileprivate mutating func learn(_ record: Record) {
        let (id, names, title): (ArticleID, [Alias], String)
        switch record.body {
        case .article(let told, _), .revision(let told, _):
            (id, names, title) = (told.id, told.aliases, told.title)
        case .sighting(let told): (id, names, title) = (told.id, told.aliases, told.title)
        case .rejection, .correction, .tombstone: return
        }
        if let own = names.first { owners[own] = id }
        for name in names where !title.isEmpty { titled[Titled(name: name, title: title)] = id }
    }

    /// Whose entry it is: by its own name, or by another, which may be an address that entries
    /// share, together with its title.
    private func owner(of rejected: RejectedEntry) -> ArticleID? {
        if let own = rejected.aliases.first, let id = owners[own] { return id }
        return rejected.aliases.lazy.compactMap {
            titled[Titled(name: $0, title: rejected.title)]
        }.first
    }

    /// What is left of a record; nil when it stays. Of one with such an id whose content nobody can
    /// read, which may be the text, its place is left.
    func left(
        of line: ArraySlice<UInt8>, _ head: RecordLine.Head, _ part: Part, path: String
    ) -> Record? {
        switch part {
        case .rejections:
            guard head.kind == .rejection,
                let record = RecordLine.readable(line, head: head, path: path),
                case .rejection(let rejected) = record.body, let id = owner(of: rejected)
            else { return nil }
            let tombstone = Tombstone(
                id: id, aliases: rejected.aliases, entryDigest: rejected.entryDigest)
            return Record(seq: record.seq, stored: record.stored, body: .tombstone(tombstone))
        case .records:
            guard let id = RecordLine.articleID(of: line, head: head), ids.contains(id) else {
                return nil
            }
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
}

extension StoreReader {
    /// Finds what is on the disk of some articles. Cost: two readings of the store, and decoding
    /// every rejection, about 20 µs each.
    package func remains(of ids: Set<ArticleID>) throws(StoreError) -> Remains {
        var remains = Remains(of: ids)
        let listed = try SegmentListing(root: path, disk: disk).segments
        var (others, texts): ([String], [String]) = ([], [])
        for segment in listed {
            var (hasRecord, hasText) = (false, false)
            try forEachSoundLine(of: segment) { head, line in
                guard remains.left(of: line, head, .records, path: segment.path) != nil else {
                    return true
                }
                hasRecord = true
                hasText = hasText || head.kind == .article || head.kind == .revision
                RecordLine.readable(line, head: head, path: segment.path)
                    .map { remains.learn($0) }
                return true
            }
            if hasText { texts.append(segment.name.file) }
            if hasRecord, !hasText { others.append(segment.name.file) }
        }
        for segment in listed {
            var isFound = false
            try forEachSoundLine(of: segment) { head, line in
                isFound = remains.left(of: line, head, .rejections, path: segment.path) != nil
                return !isFound
            }
            if isFound { remains.steps.append((segment.name.file, .rejections)) }
        }
        remains.steps += (others + texts.reversed()).map { ($0, .records) }
        return remains
    }

    /// Visits the sound lines of a segment until `visit` returns false.
    private func forEachSoundLine(
        of segment: Segment, _ visit: (RecordLine.Head, ArraySlice<UInt8>) -> Bool
    ) throws(StoreError) {
        let descriptor = try disk.open(segment.path, O_RDONLY)
        defer { disk.close(descriptor) }
        var scanner = SegmentScanner(disk: disk, descriptor: descriptor, path: segment.path)
        while let piece = try scanner.next() {
            if case .record(let head, let line, _) = piece, !visit(head, line) { return }
        }
    }
}

/// A copy of a segment with tombstones in place of some records. It is made when the first is put
/// into it, and lies beside the segment until it takes its place.
private struct ErasedCopy {
    private let source: Int32
    private let path: String
    private let temporary: String
    private let disk: Disk
    private var target: Int32?
    /// Of which articles tombstones are in it now.
    private(set) var ids: Set<ArticleID> = []
    /// Of the records, those that brought an article.
    var articles = 0

    init(of source: Int32, path: String, at temporary: String, disk: Disk) {
        self.source = source
        self.path = path
        self.temporary = temporary
        self.disk = disk
    }

    var isMade: Bool { target != nil }

    /// Puts a record in the place of one of that length.
    mutating func put(_ record: Record, at offset: Int, bytes count: Int) throws(StoreError) {
        let line = try RecordLine.encoding(record, bytesMin: count + 1).dropLast()
        guard line.count == count else {
            throw .unencodable(reason: "the tombstone of record \(record.seq) is too long")
        }
        if target == nil { try copyAll() }
        guard let target else { return }
        try disk.write(line, to: target, at: offset, path: temporary)
        if case .tombstone(let tombstone) = record.body { ids.insert(tombstone.id) }
    }

    private mutating func copyAll() throws(StoreError) {
        try disk.remove(temporary)
        let bytes = try disk.information(of: source, path: path).bytes
        let free = try disk.freeBytes(besides: source, path: path)
        guard free - ArticleStore.erasingReserveBytes >= bytes else {
            throw .full(path: temporary, errno: ENOSPC)
        }
        let made = try disk.open(temporary, O_RDWR | O_CREAT | O_EXCL)
        target = made
        var offset = 0
        while true {
            let bytes = try disk.bytes(source, at: offset, count: 1 << 20, path: path)
            if bytes.isEmpty { return }
            try disk.write(bytes[...], to: made, at: offset, path: temporary)
            offset += bytes.count
        }
    }

    /// Puts the copy, which is durable then, in the segment's place.
    /// - Returns: when it was last written, in nanoseconds since 1970; nil when there is none.
    mutating func takePlace() throws(StoreError) -> Int64? {
        guard let target else { return nil }
        try disk.syncData(target, path: temporary)
        let modified = try disk.information(of: target, path: temporary).modifiedNanoseconds
        try disk.rename(temporary, to: path)
        disk.close(target)
        self.target = nil
        return modified
    }

    /// Removes a copy that took no place.
    mutating func end() {
        guard let target else { return }
        disk.close(target)
        self.target = nil
        try? disk.remove(temporary)
    }
}
