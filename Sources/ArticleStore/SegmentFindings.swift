internal import News

/// What reading a whole segment found in it. It is kept with the places of its texts, so that a
/// sealed segment is read once, and not at every start.
struct SegmentFindings: Hashable, Sendable, Codable {
    /// A damaged stretch of the segment.
    struct Stretch: Hashable, Sendable, Codable {
        var offset: Int
        var bytes: Int
    }

    /// The segment's name in its folder.
    var file: String
    /// Its length.
    var bytes = 0
    /// When it was last written, in nanoseconds since 1970; nil while it is written.
    var modified: Int64?
    /// The last place that was taken before it.
    var after: UInt64
    /// The place of its first sound record, whether that counts or not.
    var begins: UInt64?
    /// The first and the last place that its records took.
    var firstSeq: UInt64?
    var lastSeq: UInt64?
    /// Damaged lines after its last sound record, which may have held places.
    var places: UInt64 = 0
    var records = 0
    /// Of them, those that brought an article.
    var articles = 0
    var repeated = 0
    var unreadable = 0
    var damage = Sample<Stretch>()
    /// Places between its records that none of them has.
    var gaps = Sample<ClosedRange<UInt64>>()
    /// What was said by hand, in order.
    var marks: [Mark] = []
    /// The articles that were taken out, or of which tombstones are left.
    var forgotten: Set<ArticleID> = []

    init(of name: SegmentName, after: UInt64) {
        file = name.file
        self.after = after
    }

    enum CodingKeys: String, CodingKey {
        case file, bytes, modified, after, begins
        case firstSeq = "first_seq"
        case lastSeq = "last_seq"
        case places, records, articles, repeated, unreadable, damage, gaps, marks
        case forgotten
    }

    // MARK: Finding

    /// Counts a sound record; false when its place was taken already, so that it does not count.
    mutating func note(seq: UInt64) -> Bool {
        begins = begins ?? seq
        guard seq > lastSeq ?? after else {
            repeated += 1
            return false
        }
        if let lastSeq, seq > lastSeq + 1 { gaps.append(lastSeq + 1...seq - 1) }
        firstSeq = firstSeq ?? seq
        lastSeq = seq
        places = 0
        records += 1
        return true
    }

    /// Notes a record that was just written after all others, which ends at `end`.
    mutating func note(written record: Record, end: Int) {
        modified = nil
        bytes = end
        guard note(seq: record.seq) else { return }
        switch record.body {
        case .article: articles += 1
        case .correction(let mark): marks.append(mark)
        case .tombstone(let tombstone): forgotten.insert(tombstone.id)
        case .revision, .sighting, .rejection: break
        }
    }

    mutating func noteDamage(at offset: Int, bytes: Int) {
        damage.append(Stretch(offset: offset, bytes: bytes))
        if bytes >= RecordLine.bytesMin { places += 1 }
    }

    // MARK: Trusting it later

    /// Whether that segment is, as far as can be told without reading it, the one that was read.
    func isOf(_ segment: Segment) -> Bool {
        file == segment.name.file && bytes == segment.length && modified == segment.modified
    }

    /// Whether reading the segment would find the same after this place.
    func holds(after seq: UInt64) -> Bool {
        after == seq || repeated == 0 && firstSeq ?? .max > seq
    }

    /// Whether its figures can be those of a segment, so that they may be added up.
    var isPlausible: Bool {
        let seqs = [after, places, begins ?? 0, firstSeq ?? 0, lastSeq ?? 0]
        let counts = [bytes, records, articles, repeated, unreadable, damage.count, gaps.count]
        return seqs.allSatisfy { $0 <= RecordLine.seqMax }
            && counts.allSatisfy { 0...RecordLocation.offsetMax ~= $0 }
    }
}
