internal import Glibc
internal import News

/// Reads the last segment, checks every record, and mends its end; and reads each of the others of
/// which no table tells, and makes a table of it.
///
/// Done twice, it finds the same and leaves the same bytes. A sealed segment is never written.
struct Recovery {
    private let disk: Disk
    private let root: String
    private let quarantine: QuarantineFolder
    private let now: Instant
    private let progress: (@Sendable (Int) -> Void)?
    private let tables: TextTableFiles

    private(set) var segments: [Segment] = []
    private(set) var texts: TextPlaces
    private(set) var marks = Marks()
    private(set) var forgotten: Set<ArticleID> = []
    /// The highest place that is taken, or may have been before damage took it.
    private(set) var lastSeq: UInt64 = 0
    private(set) var report = RecoveryReport()
    /// Damaged lines since the last sound record, which may have held the next places.
    private var places: UInt64 = 0
    private var copies = 0
    /// Damage is copied to the quarantine this many times; beyond it is only reported.
    private static let copiesMax = 50
    private static let progressEvery = 10_000
    /// Articles in memory before a table is made of them: making one waits for the disk.
    private static let headMax = 100_000

    init(
        disk: Disk, root: String, quarantine: QuarantineFolder, now: Instant,
        progress: (@Sendable (Int) -> Void)?
    ) {
        self.disk = disk
        self.root = root
        self.quarantine = quarantine
        self.now = now
        self.progress = progress
        tables = TextTableFiles(ofStore: root, disk: disk)
        texts = TextPlaces(tables)
    }

    mutating func run() throws(StoreError) {
        let known = tables.readAll()
        let listing = try SegmentListing(
            root: root, disk: disk, known: known.flatMap(\.findings))
        // What an interrupted beginning left: nothing was ever in it.
        for segment in listing.segments where segment.length == 0 { try disk.remove(segment.path) }
        segments = listing.segments.filter { $0.length > 0 }
        for path in listing.unknown {
            report.notices.append("\(path) is no segment and was left alone")
        }
        var next = 0
        while next < segments.count {
            let isLast = next == segments.indices.last
            let table = table(at: next, among: known)
            if table != nil || isLast || texts.head.count >= Self.headMax {
                saving { [segments] texts throws in
                    try texts.seal(texts.head.findings.count, of: segments)
                }
            }
            if let table, texts.head.findings.isEmpty {
                take(table)
                next += table.findings.count
            } else {
                try scan(next, isLast: isLast)
                next += 1
            }
        }
        saving { texts throws in try texts.removeOthers() }
        lastSeq = min(lastSeq + places, RecordLine.seqMax)
        report.segments = segments.count
        progress?(report.records)
    }

    // MARK: What is known already

    /// The longest table that tells of the segments from `next` on.
    private func table(at next: Int, among known: [TextTable]) -> TextTable? {
        known.filter { isTold(by: $0, at: next) }
            .max { $0.findings.count < $1.findings.count }
    }

    private func isTold(by table: TextTable, at next: Int) -> Bool {
        // The last segment grows, and a table does not.
        guard table.findings.count < segments.count - next else { return false }
        var reached = lastSeq
        for (findings, segment) in zip(table.findings, segments[next...]) {
            guard findings.isOf(segment), findings.holds(after: reached) else { return false }
            reached = findings.lastSeq ?? reached
        }
        return true
    }

    private mutating func take(_ table: TextTable) {
        var table = table
        table.first = texts.head.first
        for (offset, findings) in table.findings.enumerated() {
            take(findings, of: table.first + offset)
        }
        texts.append(table)
    }

    /// Adds what was found in a segment, now or when it was sealed, to what was found before it.
    private mutating func take(_ findings: SegmentFindings, of index: Int) {
        if let first = findings.firstSeq, let last = findings.lastSeq {
            if report.firstSeq == nil {
                report.firstSeq = first
            } else if first > lastSeq + 1 {
                report.gaps.append(lastSeq + 1...first - 1)
            }
            lastSeq = last
            places = 0
        }
        places += findings.places
        let path = segments[index].path
        report.damage.append(findings.damage) { stretch in
            Damage(
                path: path, offset: stretch.offset, bytes: stretch.bytes, reason: Self.unsound)
        }
        report.gaps.append(findings.gaps) { $0 }
        report.records += findings.records
        report.repeated += findings.repeated
        report.unreadable += findings.unreadable
        for mark in findings.marks { marks.note(mark) }
        forgotten.formUnion(findings.forgotten)
    }

    // MARK: Reading

    private mutating func scan(_ index: Int, isLast: Bool) throws(StoreError) {
        let path = segments[index].path
        let descriptor = try disk.open(path, isLast ? O_RDWR : O_RDONLY)
        defer { disk.close(descriptor) }
        var scanner = SegmentScanner(disk: disk, descriptor: descriptor, path: path)
        var findings = SegmentFindings(of: segments[index].name, after: lastSeq)
        var torn: Damage?
        while let piece = try scanner.next() {
            switch piece {
            case .record(let head, let line, let offset):
                note(head, line, of: index, at: offset, in: &findings)
            case .damage(let offset, let bytes, let sample, let isTorn):
                let damage = Damage(
                    path: path, offset: offset, bytes: bytes,
                    reason: isTorn && isLast ? "unfinished" : Self.unsound)
                keepCopy(of: sample, damage)
                if isTorn && isLast {
                    torn = damage
                } else {
                    findings.noteDamage(at: offset, bytes: bytes)
                }
            }
        }
        segments[index].length = scanner.end
        if isLast {
            try mendEnd(index, descriptor, torn: torn)
            segments[index].modified =
                try disk.information(of: descriptor, path: path).modifiedNanoseconds
        }
        findings.bytes = segments[index].length
        findings.modified = segments[index].modified
        take(findings, of: index)
        texts.head.findings.append(findings)
    }

    private static let unsound = "not a sound record"

    private mutating func note(
        _ head: RecordLine.Head, _ line: ArraySlice<UInt8>, of index: Int, at offset: Int,
        in findings: inout SegmentFindings
    ) {
        guard findings.note(seq: head.seq) else { return }
        let records = report.records + findings.records
        if records % Self.progressEvery == 0 { progress?(records) }
        if head.version > RecordLine.version || head.kind == .unknown {
            findings.unreadable += 1
        } else if head.kind == .article || head.kind == .revision,
            let id = RecordLine.articleID(of: line, head: head)
        {
            if head.kind == .article { findings.articles += 1 }
            texts.head.note(RecordLocation(segment: index, offset: offset), of: id)
        } else if head.kind == .correction,
            case .correction(let mark)? = RecordLine.readable(
                line, head: head, path: segments[index].path)?.body
        {
            findings.marks.append(mark)
        } else if head.kind == .tombstone, let id = RecordLine.articleID(of: line, head: head) {
            findings.forgotten.insert(id)
        }
    }

    /// Does what is of use to the next start alone: whatever keeps it from being done is told, and
    /// no harm.
    private mutating func saving(_ work: (inout TextPlaces) throws -> Void) {
        do {
            try work(&texts)
        } catch {
            report.notices.append(TextPlaces.unsaved(because: error))
        }
    }

    /// Cuts an unfinished write, ends a whole one, and makes what a killed process left in memory
    /// durable before anything is built upon it.
    private mutating func mendEnd(
        _ index: Int, _ descriptor: Int32, torn: Damage?
    ) throws(StoreError) {
        let path = segments[index].path
        if let torn {
            try disk.truncate(descriptor, to: torn.offset, path: path)
            segments[index].length = torn.offset
            report.cut = torn
        }
        let length = segments[index].length
        let last = try disk.bytes(descriptor, at: max(0, length - 1), count: 1, path: path)
        if length > 0 && last != [0x0A] {
            try disk.write([0x0A], to: descriptor, at: length, path: path)
            segments[index].length += 1
            report.notices.append("\(path): ended a record that lacked its newline")
        }
        try disk.syncData(descriptor, path: path)
        let folder = splitting(path).folder
        try disk.syncFolder(folder)
        try disk.syncFolder("\(root)/articles")
    }

    private mutating func keepCopy(of sample: ArraySlice<UInt8>, _ damage: Damage) {
        guard copies < Self.copiesMax else { return }
        copies += 1
        let file = splitting(damage.path).name
        do throws(StoreError) {
            try quarantine.keep(
                sample, name: "\(file)-at-\(damage.offset)",
                reason: "\(damage.bytes) bytes at \(damage.offset) in \(damage.path): "
                    + damage.reason,
                now: now)
        } catch {
            report.notices.append("damaged bytes could not be set aside: \(error)")
        }
    }
}
