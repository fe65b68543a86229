internal import Glibc
package import News

/// What a full check of a store found.
package struct VerifyReport: Hashable, Sendable {
    package var segments = 0
    package var bytes = 0
    package var articles = 0
    package var revisions = 0
    package var sightings = 0
    package var rejections = 0
    package var corrections = 0
    package var tombstones = 0
    /// Records of a newer schema or an unknown kind.
    package var unreadable = 0
    package var feedStates = 0
    package var derivedFiles = 0
    package var firstSeq: UInt64?
    package var lastSeq: UInt64 = 0
    /// Stretches that are no sound record, and records whose content is not what they promise.
    package var damage = Sample<Damage>()
    /// An unfinished write at the very end: the daemon may be writing, or recovery will cut it.
    package var unfinished: Damage?
    /// Places that no record has.
    package var gaps = Sample<ClosedRange<UInt64>>()
    /// Places that two records have.
    package var repeated = Sample<UInt64>()
    /// Articles that are stored twice as `article`.
    package var twice = Sample<ArticleID>()
    /// Revisions of articles that are not there before them: damage took those, or they were
    /// taken away on purpose.
    package var orphans = Sample<ArticleID>()
    /// Files and folders that no store has.
    package var unknown = Sample<String>()

    /// Parts of the index that are not as they were written, which whoever reads them tells.
    package var damagedRuns: [String] = []
    /// Tables of texts that are not as they were written.
    package var damagedTables: [String] = []

    package var records: Int {
        articles + revisions + sightings + rejections + corrections + tombstones + unreadable
    }

    /// Whether nothing is lost or doubled. Unknown files, an unfinished end and
    /// what is derived do no harm.
    package var isSound: Bool {
        damage.isEmpty && gaps.isEmpty && repeated.isEmpty && twice.isEmpty
    }

    /// One sentence for each thing found, the counts first.
    package var sentences: [String] {
        var sentences = [
            "\(records) records in \(segments) segments, \(bytes) bytes: \(articles) articles,"
                + " \(revisions) revisions, \(sightings) sightings, \(rejections) rejections"
                + (corrections > 0 ? ", \(corrections) corrections" : "")
                + (tombstones > 0 ? ", \(tombstones) tombstones" : "")
        ]
        if let firstSeq, firstSeq > 1 {
            sentences.append("the store begins at record \(firstSeq)")
        }
        if unreadable > 0 {
            sentences.append("\(unreadable) records need a newer program")
        }
        sentences += listing(damage, "damaged stretches") { $0.description }
        if damage.kept.contains(where: { $0.path.hasSuffix(".jsonl") }) {
            sentences.append(
                "a start may not know of damage in segments: end the daemon and remove index/texts,"
                    + " and the next one reads them, so that what is lost can be fetched again")
        }
        sentences += listing(gaps, "gaps") { describe(gap: $0) }
        sentences += listing(repeated, "repeated records") { "record \($0) is there twice" }
        sentences += listing(twice, "such articles") { "article \($0) is stored twice" }
        sentences += listing(orphans, "such revisions") { "article \($0) has only revisions" }
        sentences += listing(unknown, "unknown files") { "\($0) is none of the store's files" }
        sentences += damagedRuns.map { name in
            "\(name) of the index is damaged: end the daemon and remove index/runs, and it is built"
                + " again"
        }
        sentences += damagedTables.map { name in
            "\(name) of the index is damaged: the next start makes it anew"
        }
        if let unfinished {
            sentences.append(
                "\(unfinished.bytes) bytes at the end of \(unfinished.path) are unfinished")
        }
        sentences.append(isSound ? "the store is sound" : "the store is damaged")
        return sentences
    }
}

extension StoreReader {
    /// Checks every record's checksum and content, the order of places, ids that are stored twice,
    /// the feed states and derived files, and what else lies about. Changes nothing.
    /// `progress` is called with the number of records so far, every 10,000 of them.
    /// Cost: one read of everything, about 20 µs a record; memory for one id an article.
    package func verify(progress: (Int) -> Void) throws(StoreError) -> VerifyReport {
        var check = Check()
        let listing = try SegmentListing(root: path, disk: disk)
        for unknown in listing.unknown { check.report.unknown.append(unknown) }
        for segment in listing.segments {
            let isLast = segment.path == listing.segments.last?.path
            try check.read(segment, isLast: isLast, disk: disk, progress: progress)
        }
        try checkStates(&check.report)
        let tables = try TextTableFiles(ofStore: path, disk: disk).check()
        check.report.derivedFiles += tables.sound
        check.report.damagedTables = tables.damaged
        try checkTop(&check.report)
        return check.report
    }

    private func checkStates(_ report: inout VerifyReport) throws(StoreError) {
        let states = try FeedStateFiles(root: path, disk: disk, bytesMax: .max)
        report.feedStates = states.states.count
        for unknown in states.unknown { report.unknown.append(unknown) }
        for file in states.damaged {
            report.damage.append(
                Damage(path: file.path, offset: 0, bytes: file.bytes.count, reason: file.reason))
        }
        for name in try disk.names(in: "\(path)/index")
        where !name.hasPrefix(Disk.temporaryPrefix) {
            let file = "\(path)/index/\(name)"
            // The seed memory has lines of its own and is checked where it is read; so are runs.
            guard name != SeedMemory.fileName, name != MappedFiles.folderName,
                name != TextTableFiles.folderName
            else { continue }
            do throws(StoreError) {
                if try DerivedFile.payload(at: file, disk: disk, bytesMax: .max - 4096) != nil {
                    report.derivedFiles += 1
                }
            } catch {
                report.unknown.append(file)
            }
        }
    }

    private func checkTop(_ report: inout VerifyReport) throws(StoreError) {
        let known = Set(StoreFolder.parts + ["store.json", "store.lock", "lost+found"])
        for name in try disk.names(in: path)
        where !known.contains(name) && !name.hasPrefix(Disk.temporaryPrefix) {
            report.unknown.append("\(path)/\(name)")
        }
        if case .lost(let reason) = try StoreFolder.readHeader(in: path, disk: disk) {
            report.damage.append(
                Damage(path: "\(path)/store.json", offset: 0, bytes: 0, reason: reason))
        }
    }
}

/// The running state of a check.
private struct Check {
    var report = VerifyReport()
    private var seen: Set<ArticleID> = []
    private var visited = 0

    mutating func read(
        _ segment: Segment, isLast: Bool, disk: Disk, progress: (Int) -> Void
    ) throws(StoreError) {
        let descriptor = try disk.open(segment.path, O_RDONLY)
        defer { disk.close(descriptor) }
        var scanner = SegmentScanner(disk: disk, descriptor: descriptor, path: segment.path)
        while let piece = try scanner.next() {
            switch piece {
            case .record(let head, let line, let offset):
                note(head, line, segment.path, offset)
                visited += 1
                if visited % 10_000 == 0 { progress(visited) }
            case .damage(let offset, let bytes, _, let isTorn):
                let damage = Damage(
                    path: segment.path, offset: offset, bytes: bytes,
                    reason: "not a sound record")
                if isTorn && isLast {
                    report.unfinished = damage
                } else {
                    report.damage.append(damage)
                }
            }
        }
        report.segments += 1
        report.bytes += scanner.end
    }

    private mutating func note(
        _ head: RecordLine.Head, _ line: ArraySlice<UInt8>, _ path: String, _ offset: Int
    ) {
        guard head.seq > report.lastSeq else {
            report.repeated.append(head.seq)
            return
        }
        if report.firstSeq == nil {
            report.firstSeq = head.seq
        } else if head.seq > report.lastSeq + 1 {
            report.gaps.append(report.lastSeq + 1...head.seq - 1)
        }
        report.lastSeq = head.seq
        do throws(StoreError) {
            guard let record = try RecordLine.decoding(line, head: head, path: path) else {
                report.unreadable += 1
                return
            }
            count(record)
        } catch {
            report.damage.append(
                Damage(path: path, offset: offset, bytes: line.count, reason: "\(error)"))
        }
    }

    private mutating func count(_ record: Record) {
        switch record.body {
        case .article(let article, _):
            report.articles += 1
            if !seen.insert(article.id).inserted { report.twice.append(article.id) }
        case .revision(let article, _):
            report.revisions += 1
            if !seen.contains(article.id) { report.orphans.append(article.id) }
        case .sighting: report.sightings += 1
        case .rejection: report.rejections += 1
        case .correction: report.corrections += 1
        case .tombstone: report.tombstones += 1
        }
    }
}
