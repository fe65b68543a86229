internal import Glibc
package import News

/// Reads a store without locking it, also beside a daemon that writes: it never sees half a record,
/// because a line without its newline and checksum is not yet there. Of an article that was taken
/// out and is still on the disk it gives what will be left of its records.
package struct StoreReader: Sendable {
    /// The folder as given.
    package let path: String
    let disk: Disk

    /// - Throws: `notAStore`, `newerFormat`, or why the folder cannot be read.
    package init(at path: String) throws(StoreError) {
        let disk = Disk(calls: .real)
        guard try disk.informationFollowingLinks(at: path)?.kind == .folder else {
            throw .notAStore(path: path, reason: "there is no such folder")
        }
        if case .missing = try StoreFolder.readHeader(in: path, disk: disk) {
            throw .notAStore(path: path, reason: "it is empty")
        }
        self.init(at: path, disk: disk)
    }

    /// Of a folder that is known to be a store.
    init(at path: String, disk: Disk) {
        self.path = path
        self.disk = disk
    }

    /// The bytes of a derived file, as `ArticleStore` saved them; nil when there is none, or it is
    /// damaged.
    package func derived(named name: String) -> [UInt8]? {
        guard isSafeName(name) else { return nil }
        return try? DerivedFile.payload(
            at: "\(path)/index/\(name)", disk: disk, bytesMax: StoreOptions().derivedBytesMax)
    }

    // MARK: Records in order

    /// Visits every readable record after that place, in order, until `visit` returns false.
    /// Damage, repeated places and records of a newer program are passed over: `verify` tells of
    /// them. Cost: one read of the segments that can hold such records; decoding, about 20 µs each.
    package func forEachRecord(
        after seq: UInt64, _ visit: (Record) -> Bool
    ) throws(StoreError) {
        let hidden = unerased
        try forEachLine(after: seq) { head, line, path throws(StoreError) in
            // A sound line with other content must not stop the stream.
            guard
                let record = RecordLine.readable(line, head: head, path: path, hiding: hidden)
            else { return true }
            return visit(record)
        }
    }

    /// The same from the first on, for a visitor that may fail: what it throws ends the reading.
    package func forEachRecord(_ visit: (Record) throws -> Void) throws {
        var failure: (any Error)?
        try forEachRecord(after: 0) { record in
            do {
                try visit(record)
                return true
            } catch {
                failure = error
                return false
            }
        }
        if let failure { throw failure }
    }

    /// At most `limit` records after that place, in order.
    package func records(after seq: UInt64, limit: Int) throws(StoreError) -> [Record] {
        var records: [Record] = []
        guard limit > 0 else { return [] }
        try forEachRecord(after: seq) { record in
            records.append(record)
            return records.count < limit
        }
        return records
    }

    /// The articles that were taken out and are still on the disk: none, but for a while.
    var unerased: Set<ArticleID> { Unerased.saved(in: path, disk: disk) ?? [] }

    // MARK: One article

    /// What the beginning of an article's id leads to.
    package enum Lookup: Hashable, Sendable {
        case none
        /// The record with the latest text, and what was said by hand of the article.
        case one(Record, marks: [Mark])
        /// Several articles have such an id: the first few, sorted.
        case ambiguous([ArticleID])
        /// It was taken out.
        case forgotten(ArticleID)
    }

    /// No more ids than these are listed when a prefix is ambiguous.
    package static let ambiguousMax = 20

    /// The latest text of the article whose id begins so, with its marks. Cost: one read of the
    /// store.
    package func latest(idPrefix: String) throws(StoreError) -> Lookup {
        let prefix = idPrefix.lowercased()
        guard !prefix.isEmpty else { return .none }
        var found: [ArticleID: (head: RecordLine.Head, line: [UInt8], path: String)] = [:]
        var marks = Marks()
        var forgotten: Set<ArticleID> = []
        try forEachLine(after: 0) { head, line, path throws(StoreError) in
            Self.note(head, line, path, in: &marks)
            guard head.kind == .article || head.kind == .revision || head.kind == .tombstone,
                let id = RecordLine.articleID(of: line, head: head),
                id.description.hasPrefix(prefix)
            else { return true }
            if head.kind == .tombstone {
                forgotten.insert(id)
                return true
            }
            if found[id] != nil || found.count < Self.ambiguousMax {
                // A copy of its own, so that `head` counts from its beginning.
                let copy = Array(line)
                if let head = RecordLine.head(of: copy[...]) { found[id] = (head, copy, path) }
            }
            return true
        }
        for id in forgotten { found[id] = nil }
        guard found.count <= 1 else { return .ambiguous(found.keys.sorted()) }
        if found.isEmpty, let first = forgotten.first {
            return forgotten.count == 1
                ? .forgotten(first)
                : .ambiguous(Array(forgotten.sorted().prefix(Self.ambiguousMax)))
        }
        guard let (id, last) = found.first,
            let record = RecordLine.readable(last.line[...], head: last.head, path: last.path)
        else { return .none }
        return .one(record, marks: marks.of(id))
    }

    /// Every record of one article: its texts and its sightings, oldest first, at most `limit`.
    /// Cost: one read of the store.
    package func history(of id: ArticleID, limit: Int) throws(StoreError) -> [Record] {
        var records: [Record] = []
        guard limit > 0 else { return [] }
        let hidden = unerased
        try forEachLine(after: 0) { head, line, path throws(StoreError) in
            guard RecordLine.articleID(of: line, head: head) == id,
                let record = RecordLine.readable(line, head: head, path: path, hiding: hidden)
            else { return true }
            records.append(record)
            return records.count < limit
        }
        return records
    }

    /// Every mark that holds. Cost: one read of the store.
    package func marks() throws(StoreError) -> Marks {
        var marks = Marks()
        try forEachLine(after: 0) { head, line, path throws(StoreError) in
            Self.note(head, line, path, in: &marks)
            return true
        }
        return marks
    }

    private static func note(
        _ head: RecordLine.Head, _ line: ArraySlice<UInt8>, _ path: String, in marks: inout Marks
    ) {
        guard head.kind == .correction,
            case .correction(let mark)? = RecordLine.readable(line, head: head, path: path)?.body
        else { return }
        marks.note(mark)
    }

    // MARK: Feeds

    /// The feed states that are sound, by name.
    package func feedStates() throws(StoreError) -> [FeedState] {
        try FeedStateFiles(root: path, disk: disk, bytesMax: .max).states
    }

    // MARK: -

    /// Visits the sound lines after that place, each place once.
    private func forEachLine(
        after seq: UInt64,
        _ visit: (RecordLine.Head, ArraySlice<UInt8>, String) throws(StoreError) -> Bool
    ) throws(StoreError) {
        let segments = try SegmentListing(root: path, disk: disk).segments
        // The last segment that begins no later than the place we look for.
        let start = segments.lastIndex { ($0.firstSeq ?? .max) <= seq &+ 1 } ?? 0
        var reached = seq
        for segment in segments[min(start, segments.count)...] {
            let descriptor = try disk.open(segment.path, O_RDONLY)
            defer { disk.close(descriptor) }
            var scanner = SegmentScanner(disk: disk, descriptor: descriptor, path: segment.path)
            var retried = -1
            while let piece = try scanner.next() {
                switch piece {
                case .record(let head, let line, _) where head.seq > reached:
                    reached = head.seq
                    guard try visit(head, line, segment.path) else { return }
                case .record: break
                case .damage(let offset, _, _, let isTorn):
                    // The writer may have cut back and written again between two of our reads.
                    guard !isTorn, offset != retried, segment.path == segments.last?.path else {
                        continue
                    }
                    retried = offset
                    scanner = SegmentScanner(
                        disk: disk, descriptor: descriptor, path: segment.path, from: offset)
                }
            }
        }
    }
}
