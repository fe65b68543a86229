internal import Glibc
package import News

/// Articles, decisions and feed states on disk, never half written; and the seed corpus.
///
/// One owner, one queue; every call blocks until the disk has answered. `FORMAT.md` describes each
/// byte. What this file keeps:
///
/// 1. *All or nothing.* `append` adds a whole batch or throws and leaves the file as it was.
/// 2. *Durable means synced.* When `sync` returns, every record up to the receipt's place and the
///    names of the files that hold them survive a power cut. When it throws, every record since
///    the last receipt is gone, here and on disk, and `lastSeq` has gone back.
/// 3. *A place is given once.* `seq` grows by one a record; a place that damage may have taken is
///    not given again.
/// 4. *Sealed segments never change*, but for tombstones in place of records of articles that a
///    person takes out, of the same place and length. Damage in one costs the damaged records,
///    which are passed over and reported.
/// 5. *Never into the void.* Before each write the folder, the lock and the segment must still be
///    those that were opened.
///
/// The executable must ignore `SIGXFSZ`, or a file size limit kills it instead of being reported.
package final class ArticleStore {
    /// The folder, absolute, links resolved.
    package let path: String
    /// What opening found.
    package let recovery: RecoveryReport
    /// The place of the last record appended, or the one before the next; 0 in an empty store.
    package private(set) var lastSeq: UInt64
    /// The place of the last record that is durable.
    package private(set) var durableSeq: UInt64

    let options: StoreOptions
    let disk: Disk
    let quarantineFolder: QuarantineFolder
    private let folder: StoreFolder
    private(set) var segments: [Segment]
    private var active: ActiveSegment?
    var texts: TextPlaces
    /// What was said by hand when the store was opened.
    package let marks: Marks
    /// The articles that were taken out.
    package internal(set) var forgotten: Set<ArticleID>
    /// Those of them that may have records on the disk.
    package internal(set) var unerased: Set<ArticleID> = []
    /// Where the texts of unsynced records stood before, oldest first.
    private var undo: [TextHead.Before] = []
    /// What was found in the last segment up to the last durable record.
    var durableFindings: SegmentFindings?
    /// Open for reading, the last used at the end.
    private var readers: [(segment: Int, descriptor: Int32)] = []
    private var isClosed = false
    private var notices: [String] = []

    private static let readersMax = 8
    private static let noticesMax = 100

    /// Opens the store in that folder, or makes one when there is nothing; locks, checks every
    /// record of which it is not known that it was checked, mends an unfinished write. Cost: one
    /// read of the last segment, and of each other that is not as it was sealed; 24 bytes read a
    /// text.
    /// - Throws: `locked`, `newerFormat`, `notAStore`, `wrongOwner`, `wrongMode`, `readOnly`, …
    package init(
        opening path: String, options: StoreOptions = .init(), now: Instant
    ) throws(StoreError) {
        let disk = Disk(calls: options.calls)
        let folder = try StoreFolder(opening: path, disk: disk, now: now)
        let quarantine = QuarantineFolder(
            disk: disk, path: "\(folder.root)/quarantine", options: options)
        var recovery = Recovery(
            disk: disk, root: folder.root, quarantine: quarantine, now: now,
            progress: options.progress)
        do throws(StoreError) {
            try folder.removeTemporaries()
            try recovery.run()
            active = try recovery.segments.last.map { segment throws(StoreError) in
                try ActiveSegment(continuing: segment, disk: disk)
            }
        } catch {
            folder.unlock()
            throw error
        }
        var report = recovery.report
        report.isNew = folder.isNew
        report.notices = folder.notices + report.notices
        self.path = folder.root
        self.recovery = report
        self.options = options
        self.disk = disk
        self.folder = folder
        quarantineFolder = quarantine
        segments = recovery.segments
        texts = recovery.texts
        marks = recovery.marks
        forgotten = recovery.forgotten
        lastSeq = recovery.lastSeq
        durableSeq = recovery.lastSeq
        durableFindings = texts.head.findings.last
        findUnerased()
    }

    deinit { close() }

    /// The store's own name, made when it was made: 32 hexadecimal digits.
    package var name: String { folder.header.store }
    /// When it was made.
    package var created: Instant { folder.header.created }
    /// How many articles have a text here.
    package var articlesCount: Int { texts.count }

    /// Gives back the memory that derived files take of this process where they are mapped.
    package func giveBackMapped() { texts.giveBack() }

    // MARK: Adding

    /// Writes a batch at the end and gives its records their places. Not durable before `sync`.
    /// All or nothing; after a failure the store is as before and may be tried again, unless the
    /// error came from an implied sync (`unsyncedBytesMax`, or a new segment), which undoes what
    /// was not durable. Cost: JSON encoding, one write.
    package func append(
        _ bodies: [Record.Body], at now: Instant
    ) throws(StoreError) -> [Record] {
        try checkUsable()
        guard !bodies.isEmpty else { return [] }
        let batch = try Batch(bodies, after: lastSeq, at: now, options: options)
        try makeRoom(for: batch, at: now)
        let start = active?.length ?? 0
        try active?.append(batch.bytes)
        lastSeq = batch.records.last?.seq ?? lastSeq
        learn(batch, startingAt: start)
        return batch.records
    }

    /// Makes everything appended so far durable: one `fdatasync`, none when nothing is new.
    /// - Throws: why nothing since the last receipt is kept.
    package func sync() throws(StoreError) -> Receipt {
        try checkUsable(undoing: true)
        let before = active?.rewrites
        do throws(StoreError) {
            try active?.sync()
        } catch {
            undoUnsynced()
            throw error
        }
        if active?.rewrites != before {
            note("a sync failed; the records were written again and that succeeded")
        }
        let receipt = Receipt(firstSeq: durableSeq + 1, lastSeq: lastSeq)
        durableSeq = lastSeq
        undo = []
        durableFindings = texts.head.findings.last
        sealTexts()
        return receipt
    }

    // MARK: Asking

    /// The latest text of an article and its verdict; nil when there is none, or when damage took
    /// it since the opening (`takeNotices` says so). Cost: one read.
    package func article(_ id: ArticleID) -> (article: Article, verdict: Verdict)? {
        guard !isClosed, !forgotten.contains(id), let location = texts[id] else { return nil }
        return text(of: id, at: location)
    }

    /// Whether an article of that id has a text here.
    package func holds(_ id: ArticleID) -> Bool { !forgotten.contains(id) && texts[id] != nil }

    /// The texts that a revised article had before its latest, the newest first: the first one and
    /// those shortly before the latest (`KeptTexts`). Cost: one read each.
    package func earlierTexts(of id: ArticleID) -> [Article] {
        guard !isClosed, !forgotten.contains(id) else { return [] }
        return texts.earlier(id).reversed().compactMap { text(of: id, at: $0)?.article }
    }

    private func text(
        of id: ArticleID, at location: RecordLocation
    ) -> (article: Article, verdict: Verdict)? {
        guard segments.indices.contains(location.segment) else { return nil }
        let path = segments[location.segment].path
        do throws(StoreError) {
            let descriptor = try reader(of: location.segment)
            let line = try readLine(descriptor, at: location.offset, path: path)
            guard let head = RecordLine.head(of: line), SealedLine.soundPrefixEnd(in: line) != nil,
                let record = try RecordLine.decoding(line, head: head, path: path),
                let found = record.articleAndVerdict, found.article.id == id
            else { throw .damaged(path: path, reason: "no sound record at \(location.offset)") }
            return found
        } catch {
            note("\(error)")
            if case .damaged = error { texts.distrust(location.segment) }
            return nil
        }
    }

    /// What happened since the last call that nobody was told by an error, at most 100 sentences.
    package func takeNotices() -> [String] {
        defer { notices = [] }
        return notices
    }

    /// Closes everything and releases the lock; does not sync. What was not synced may be there at
    /// the next opening or not. Further calls throw `closed`.
    package func close() {
        guard !isClosed else { return }
        isClosed = true
        active?.close()
        closeReaders()
        folder.unlock()
    }

    // MARK: -

    func note(_ sentence: String) {
        if notices.count < Self.noticesMax { notices.append(sentence) }
    }

    /// That the store is open and its folder still there.
    func checkUsable(undoing: Bool = false) throws(StoreError) {
        guard !isClosed else { throw .closed(path: path) }
        do throws(StoreError) {
            try folder.check()
        } catch {
            if undoing {
                active?.giveUp(because: error)
                undoUnsynced()
            }
            throw error
        }
    }

    /// Leaves `active` as a segment of the right day with room for the batch. What is sealed is
    /// synced first.
    private func makeRoom(for batch: Batch, at now: Instant) throws(StoreError) {
        let hasRoom =
            active.map { segment in
                segment.name.day == now.day
                    && (segment.length == 0
                        || segment.length + batch.bytes.count <= options.segmentBytesMax)
            } ?? false
        let waiting = active?.unsynced.count ?? 0
        let needsSync =
            waiting > 0 && (!hasRoom || waiting + batch.bytes.count > options.unsyncedBytesMax)
        if needsSync { _ = try sync() }
        if !hasRoom { try beginSegment(of: now) }
    }

    private func beginSegment(of now: Instant) throws(StoreError) {
        let day = now.day
        let taken = segments.filter { $0.name.day == day }.map(\.name.number).max() ?? 0
        var number = taken + 1
        while true {
            do throws(StoreError) {
                let fresh = try ActiveSegment(
                    creating: SegmentName(day: day, number: number), root: path, disk: disk)
                active?.close()
                active = fresh
                segments.append(Segment(name: fresh.name, path: fresh.path, length: 0))
                durableFindings = SegmentFindings(of: fresh.name, after: lastSeq)
                durableFindings.map { texts.head.findings.append($0) }
                return
            } catch {
                // Something else stands there: a folder, a link, a file that came later.
                guard case .system(_, _, EEXIST) = error, number < taken + 1000 else { throw error }
                number += 1
            }
        }
    }

    private func learn(_ batch: Batch, startingAt start: Int) {
        let end = start + batch.bytes.count
        for (record, offset) in zip(batch.records, batch.offsets) {
            if let before = texts.note(written: record, at: start + offset, end: end) {
                undo.append(before)
            }
        }
    }

    private func undoUnsynced() {
        for before in undo.reversed() { texts.head.restore(before) }
        undo = []
        if let durableFindings, let last = texts.head.findings.indices.last {
            texts.head.findings[last] = durableFindings
        }
        lastSeq = durableSeq
    }

    /// Lets files tell where the texts of sealed segments stand: once the next has a durable
    /// record, so that no table tells of the last segment.
    private func sealTexts() {
        guard texts.head.findings.count > 1 else { return }
        do {
            try texts.seal(texts.head.findings.count - 1, of: segments)
        } catch {
            note(TextPlaces.unsaved(because: error))
        }
    }

    /// Ends the segment that grows, which must be durable, so that the next record begins another.
    func endSegment() {
        guard let length = active?.length, length > 0 else { return }
        active?.close()
        active = nil
    }

    /// What was opened for reading may be another file now.
    func closeReaders() {
        for reader in readers { disk.close(reader.descriptor) }
        readers = []
    }

    private func reader(of segment: Int) throws(StoreError) -> Int32 {
        if let index = readers.firstIndex(where: { $0.segment == segment }) {
            let found = readers.remove(at: index)
            readers.append(found)
            return found.descriptor
        }
        let descriptor = try disk.open(segments[segment].path, O_RDONLY)
        if readers.count >= Self.readersMax { disk.close(readers.removeFirst().descriptor) }
        readers.append((segment, descriptor))
        return descriptor
    }

    private func readLine(
        _ descriptor: Int32, at offset: Int, path: String
    ) throws(StoreError) -> ArraySlice<UInt8> {
        var lines = LineScanner(
            disk: disk, descriptor: descriptor, path: path, from: offset,
            lineBytesMax: StoreOptions.recordBytesLimit)
        return try lines.line()?.bytes ?? []
    }
}

/// What `sync` promises.
package struct Receipt: Hashable, Sendable {
    /// The places that became durable by it, `firstSeq` > `lastSeq` when none did.
    package var firstSeq: UInt64
    /// Every record up to this place is durable.
    package var lastSeq: UInt64

    package init(firstSeq: UInt64, lastSeq: UInt64) {
        self.firstSeq = firstSeq
        self.lastSeq = lastSeq
    }
}

/// Records with their bytes, ready to be written.
private struct Batch {
    var records: [Record] = []
    var bytes: [UInt8] = []
    /// Where each record begins in the bytes.
    var offsets: [Int] = []

    init(
        _ bodies: [Record.Body], after seq: UInt64, at now: Instant, options: StoreOptions
    ) throws(StoreError) {
        for body in bodies {
            let record = Record(seq: seq + UInt64(records.count) + 1, stored: now, body: body)
            let line = try RecordLine.encoding(record)
            guard line.count <= options.recordBytesMax else {
                throw .recordTooLarge(bytes: line.count, bytesMax: options.recordBytesMax)
            }
            records.append(record)
            offsets.append(bytes.count)
            bytes += line
        }
        guard bytes.count <= options.unsyncedBytesMax else {
            throw .batchTooLarge(bytes: bytes.count, bytesMax: options.unsyncedBytesMax)
        }
    }
}
