internal import Glibc
internal import News

/// Where a record's line begins: 24 bits of segment, 40 bits of offset.
struct RecordLocation: Hashable {
    private let bits: UInt64

    static let segmentsMax = 1 << 24
    static let offsetMax = 1 << 40

    /// nil beyond 16 million segments or a terabyte in one.
    init?(segment: Int, offset: Int) {
        guard 0..<Self.segmentsMax ~= segment, 0..<Self.offsetMax ~= offset else { return nil }
        bits = UInt64(segment) << 40 | UInt64(offset)
    }
    var segment: Int { Int(bits >> 40) }
    var offset: Int { Int(bits & (1 << 40 - 1)) }
}

/// Reads every segment once, checks every record, and mends the end of the last.
///
/// Done twice, it finds the same and leaves the same bytes. A sealed segment is never written.
struct Recovery {
    private let disk: Disk
    private let root: String
    private let quarantine: QuarantineFolder
    private let now: Instant
    private let progress: (@Sendable (Int) -> Void)?

    private(set) var segments: [Segment] = []
    private(set) var texts = TextPlaces()
    private(set) var marks = Marks()
    /// The highest place that is taken, or may have been before damage took it.
    private(set) var lastSeq: UInt64 = 0
    private(set) var report = RecoveryReport()

    /// Damaged lines since the last sound record, which may have held the next places.
    private var places: UInt64 = 0
    private var copies = 0
    /// Damage is copied to the quarantine this many times; beyond it is only reported.
    private static let copiesMax = 50
    private static let progressEvery = 10_000

    init(
        disk: Disk, root: String, quarantine: QuarantineFolder, now: Instant,
        progress: (@Sendable (Int) -> Void)?
    ) {
        self.disk = disk
        self.root = root
        self.quarantine = quarantine
        self.now = now
        self.progress = progress
    }

    mutating func run() throws(StoreError) {
        let listing = try SegmentListing(root: root, disk: disk)
        // What an interrupted beginning left: nothing was ever in it.
        for segment in listing.segments where segment.length == 0 { try disk.remove(segment.path) }
        segments = listing.segments.filter { $0.length > 0 }
        for path in listing.unknown {
            report.notices.append("\(path) is no segment and was left alone")
        }
        for index in segments.indices {
            try scan(index, isLast: index == segments.indices.last)
        }
        lastSeq = min(lastSeq + places, RecordLine.seqMax)
        report.segments = segments.count
        progress?(report.records)
    }

    private mutating func scan(_ index: Int, isLast: Bool) throws(StoreError) {
        let path = segments[index].path
        let descriptor = try disk.open(path, isLast ? O_RDWR : O_RDONLY)
        defer { disk.close(descriptor) }
        var scanner = SegmentScanner(disk: disk, descriptor: descriptor, path: path)
        var torn: Damage?
        while let piece = try scanner.next() {
            switch piece {
            case .record(let head, let line, let offset):
                note(head, line, in: index, at: offset)
            case .damage(let offset, let bytes, let sample, let isTorn):
                let damage = Damage(
                    path: path, offset: offset, bytes: bytes,
                    reason: isTorn && isLast ? "unfinished" : "not a sound record")
                keepCopy(of: sample, damage)
                if isTorn && isLast {
                    torn = damage
                } else {
                    report.damage.append(damage)
                    if bytes >= RecordLine.bytesMin { places += 1 }
                }
            }
        }
        segments[index].length = scanner.end
        if isLast {
            try mendEnd(index, descriptor, torn: torn)
        }
    }

    private mutating func note(
        _ head: RecordLine.Head, _ line: ArraySlice<UInt8>, in index: Int, at offset: Int
    ) {
        guard head.seq > lastSeq else {
            report.repeated += 1
            return
        }
        if report.firstSeq == nil {
            report.firstSeq = head.seq
        } else if head.seq > lastSeq + 1 {
            report.gaps.append(lastSeq + 1...head.seq - 1)
        }
        lastSeq = head.seq
        places = 0
        segments[index].firstSeq = segments[index].firstSeq ?? head.seq
        segments[index].lastSeq = head.seq
        report.records += 1
        if report.records % Self.progressEvery == 0 { progress?(report.records) }
        if head.version > RecordLine.version || head.kind == .unknown {
            report.unreadable += 1
        } else if head.kind == .article || head.kind == .revision,
            let id = RecordLine.articleID(of: line, head: head)
        {
            texts.note(RecordLocation(segment: index, offset: offset), of: id)
        } else if head.kind == .correction,
            case .correction(let mark)? = RecordLine.readable(
                line, head: head, path: segments[index].path)?.body
        {
            marks.note(mark)
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
