internal import News

/// Where a record's line begins: 24 bits of segment, 40 bits of offset.
struct RecordLocation: Hashable, Comparable {
    let bits: UInt64

    static let segmentsMax = 1 << 24
    static let offsetMax = 1 << 40

    init(bits: UInt64) { self.bits = bits }

    /// nil beyond 16 million segments or a terabyte in one.
    init?(segment: Int, offset: Int) {
        guard 0..<Self.segmentsMax ~= segment, 0..<Self.offsetMax ~= offset else { return nil }
        bits = UInt64(segment) << 40 | UInt64(offset)
    }

    var segment: Int { Int(bits >> 40) }
    var offset: Int { Int(bits & (1 << 40 - 1)) }

    /// The same line, when segments are counted from another one.
    func movedBy(segments: Int) -> RecordLocation? {
        RecordLocation(segment: segment + segments, offset: offset)
    }

    static func < (a: RecordLocation, b: RecordLocation) -> Bool { a.bits < b.bits }
}

/// Where the texts in the newest segments stand, and what else was found in those, in memory.
struct TextHead: Sendable {
    /// What was known of one article.
    struct Before: Sendable {
        fileprivate var id: ArticleID
        fileprivate var places: [RecordLocation]?
    }

    /// The number of the first of its segments.
    let first: Int
    /// What was found in each of them.
    var findings: [SegmentFindings] = []
    /// Of each article the places of its texts, the oldest first.
    private var places: [ArticleID: [RecordLocation]] = [:]

    init(first: Int) { self.first = first }

    /// Articles.
    var count: Int { places.count }

    /// The places of an article's texts, the oldest first.
    subscript(id: ArticleID) -> [RecordLocation] { places[id] ?? [] }

    /// Notes where the next text of an article stands; one that is too far to be noted is passed
    /// over.
    /// - Returns: what `restore` needs to forget it again.
    @discardableResult
    mutating func note(_ location: RecordLocation?, of id: ArticleID) -> Before {
        let before = Before(id: id, places: places[id])
        if let location {
            places[id, default: []].append(location)
            KeptTexts.shorten(&places[id, default: []], most: KeptTexts.allMax)
        }
        return before
    }

    /// Knows of no text of the article any longer.
    mutating func remove(_ id: ArticleID) { places[id] = nil }

    mutating func restore(_ before: Before) { places[before.id] = before.places }

    /// Every text in the first `count` segments, by id and place. Cost: sorting them.
    func rows(ofFirst count: Int) -> [TextTable.Row] {
        let end = first + count
        return places.flatMap { id, places in
            places.lazy.filter { $0.segment < end }.compactMap { place in
                place.movedBy(segments: -first).map { TextTable.Row(id: id, place: $0) }
            }
        }.sorted()
    }

    /// What is left without the first `count` segments.
    func without(first count: Int) -> TextHead {
        var rest = TextHead(first: first + count)
        rest.findings = Array(findings.dropFirst(count))
        for (id, places) in places {
            let later = places.filter { $0.segment >= rest.first }
            if !later.isEmpty { rest.places[id] = later }
        }
        return rest
    }
}
