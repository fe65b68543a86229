internal import Glibc

/// The name of a segment: its UTC day, and which of that day's segments it is.
struct SegmentName: Hashable, Comparable {
    /// `2026-11-22`.
    let day: String
    /// From 1 up; the first is written without it.
    let number: Int

    init(day: String, number: Int) {
        self.day = day
        self.number = number
    }

    /// Reads `2026-11-22.jsonl` or `2026-11-22-2.jsonl`; nil for any other name.
    init?(file name: String) {
        guard name.hasSuffix(".jsonl") else { return nil }
        let stem = name.dropLast(6)
        let parts = stem.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3 || parts.count == 4, parts[0].utf8.count == 4,
            parts[1].utf8.count == 2, parts[2].utf8.count == 2,
            parts.allSatisfy({ $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } })
        else { return nil }
        day = String(stem.prefix(10))
        if parts.count == 4 {
            guard let number = Int(parts[3]), number > 1, String(number) == parts[3],
                number < 1_000_000
            else { return nil }
            self.number = number
        } else {
            number = 1
        }
    }

    var year: String { String(day.prefix(4)) }
    var file: String { day + (number > 1 ? "-\(number)" : "") + ".jsonl" }

    static func < (a: SegmentName, b: SegmentName) -> Bool {
        (a.day, a.number) < (b.day, b.number)
    }
}

/// A segment as it was found or made.
struct Segment {
    var name: SegmentName
    var path: String
    /// The first sound record's place; nil when there is none.
    var firstSeq: UInt64?
    /// When it was last written, in nanoseconds since 1970, as it was found.
    var modified: Int64 = 0
    /// Bytes that are known to be good, or known to be damaged: where the next record goes.
    var length: Int
}

/// What stands under `articles/`.
struct SegmentListing {
    /// In the order in which they were written: by the first record, not by name, because a clock
    /// can go back.
    var segments: [Segment] = []
    /// Names that no segment has, and things that are not plain files.
    var unknown: [String] = []

    /// `known`: what is known of segments; one that is still the same is not read here.
    init(
        root: String, disk: Disk, known: [SegmentFindings] = []
    ) throws(StoreError) {
        let articles = "\(root)/articles"
        var found: [Segment] = []
        for year in try disk.names(in: articles) where !year.hasPrefix(Disk.temporaryPrefix) {
            let folder = "\(articles)/\(year)"
            guard year.utf8.count == 4, year.utf8.allSatisfy({ 0x30...0x39 ~= $0 }),
                try disk.information(at: folder)?.kind == .folder
            else {
                unknown.append(folder)
                continue
            }
            for file in try disk.names(in: folder) {
                let path = "\(folder)/\(file)"
                guard let name = SegmentName(file: file), name.year == year,
                    let information = try disk.information(at: path), information.kind == .file
                else {
                    unknown.append(path)
                    continue
                }
                found.append(
                    Segment(
                        name: name, path: path, modified: information.modifiedNanoseconds,
                        length: information.bytes))
            }
        }
        var reached: UInt64 = 0
        let byFile = Dictionary(grouping: known, by: \.file)
        for var segment in found.sorted(by: { $0.name < $1.name }) {
            if let same = byFile[segment.name.file]?.first(where: { $0.isOf(segment) }) {
                segment.firstSeq = same.begins
            } else {
                try segment.readFirst(disk)
            }
            segments.append(segment)
        }
        // A segment without a sound record keeps its place after the one before it by name.
        let order = segments.map { segment -> UInt64 in
            reached = segment.firstSeq ?? reached
            return reached
        }
        segments = zip(order, segments).enumerated()
            .sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }
            .map(\.element.1)
    }
}

extension Segment {
    /// Learns the first sound record's place and the file's size. Cost: one line, as a rule.
    fileprivate mutating func readFirst(_ disk: Disk) throws(StoreError) {
        let descriptor = try disk.open(path, O_RDONLY)
        defer { disk.close(descriptor) }
        length = try disk.information(of: descriptor, path: path).bytes
        var scanner = SegmentScanner(disk: disk, descriptor: descriptor, path: path)
        while let piece = try scanner.next() {
            if case .record(let head, _, _) = piece {
                firstSeq = head.seq
                return
            }
        }
    }
}
