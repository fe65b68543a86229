internal import News

/// Where the texts of each article stand: the latest, and of a revised one the texts before it,
/// because copies are made of those too.
///
/// 1. Tables, in files, tell of the oldest segments, each of the segments after those of the one
///    before; the head, in memory, of all that follow. So memory is that of one segment, as long
///    as the disk takes tables.
/// 2. There are as many tables as the logarithm of what is held, and one for each
///    `mergedMax` texts.
/// 3. What a table says is what reading its segments again would find.
struct TextPlaces: Sendable {
    /// The oldest first.
    private(set) var tables: [TextTable] = []
    var head = TextHead(first: 0)
    private let files: TextTableFiles
    /// Segments that the head must have before the disk is asked again, after it took no table.
    private var sealedMin = 1

    /// Rows of a table that is made of others: while it is made, nothing else is done, about a
    /// second.
    static let mergedMax = 4_000_000

    init(_ files: TextTableFiles) { self.files = files }

    /// How many articles are held.
    var count: Int {
        tables.reduce(0) { $0 + $1.findings.reduce(0) { $0 + $1.articles } }
            + head.findings.reduce(0) { $0 + $1.articles }
    }

    // MARK: Asking

    /// Where the latest text stands.
    subscript(id: ArticleID) -> RecordLocation? {
        if let last = head[id].last { return last }
        for table in tables.reversed() {
            if let last = table.places(of: id).last { return last }
        }
        return nil
    }

    /// Where the texts before it stand, the oldest first: the first one, and those shortly before
    /// the latest.
    func earlier(_ id: ArticleID) -> [RecordLocation] {
        places(of: id).dropLast()
    }

    /// Where all of its texts stand that are at hand, the oldest first.
    func places(of id: ArticleID) -> [RecordLocation] {
        var places = tables.flatMap { $0.places(of: id) } + head[id]
        KeptTexts.shorten(&places, most: KeptTexts.allMax)
        return places
    }

    /// What was found in a segment.
    func findings(of segment: Int) -> SegmentFindings? {
        if segment >= head.first {
            let index = segment - head.first
            return index < head.findings.count ? head.findings[index] : nil
        }
        let table = tables.last { $0.first <= segment }
        return table.flatMap { table in
            let index = segment - table.first
            return index < table.findings.count ? table.findings[index] : nil
        }
    }

    // MARK: Learning

    /// Takes a table of the segments that follow.
    mutating func append(_ table: TextTable) {
        guard head.findings.isEmpty, table.first == head.first else { return }
        tables.append(table)
        head = TextHead(first: table.first + table.findings.count)
    }

    /// Notes a record that was written at `offset` of the last segment.
    /// - Returns: what `TextHead.restore` needs to forget where its text stands.
    mutating func note(written record: Record, at offset: Int, end: Int) -> TextHead.Before? {
        let segment = head.first + head.findings.count - 1
        guard segment >= head.first else { return nil }
        head.findings[segment - head.first].note(written: record, end: end)
        guard let id = record.articleAndVerdict?.article.id else { return nil }
        return head.note(RecordLocation(segment: segment, offset: offset), of: id)
    }

    /// Makes a table of the head's first `count` segments, which grow no more, and few tables of
    /// many. `segments`: all of the store. Cost: about 2 µs a text, now and then more.
    /// - Throws: why they stay in memory. It is tried again when they are twice as many.
    mutating func seal(_ count: Int, of segments: [Segment]) throws {
        guard count > 0, count >= sealedMin, count <= head.findings.count else { return }
        sealedMin = 2 * count
        var sealed = Array(head.findings.prefix(count))
        for (index, segment) in zip(sealed.indices, segments[head.first...]) {
            try files.stamp(&sealed[index], at: segment.path)
        }
        tables.append(try files.write(head.rows(ofFirst: count), sealed, first: head.first))
        head = head.without(first: count)
        sealedMin = 1
        try merge()
    }

    /// Makes one table of several: the newest, together with each before it that is no larger than
    /// all after it.
    private mutating func merge() throws {
        guard let newest = tables.last else { return }
        var (first, rows) = (tables.count - 1, newest.count)
        for place in tables.indices.dropLast().reversed() {
            guard rows + tables[place].count <= Self.mergedMax else { break }
            if tables[place].count <= rows { first = place }
            rows += tables[place].count
        }
        guard first < tables.count - 1 else { return }
        let old = tables[first...]
        tables.replaceSubrange(first..., with: [try files.merge(old)])
        try files.remove(old.map(\.name).filter { $0 != tables.last?.name })
    }

    /// Takes what is now found in segments of the head. The next start does not believe what
    /// tables say of others.
    mutating func note(_ changed: [Int: SegmentFindings]) {
        for (segment, findings) in changed where segment >= head.first {
            head.findings[segment - head.first] = findings
        }
    }

    /// Lets the next start read a segment again that is not as its table says, and those that are
    /// told of together with it. What is at hand of the others stays.
    mutating func distrust(_ segment: Int) {
        guard segment < head.first,
            let index = tables.lastIndex(where: { $0.first <= segment }),
            tables[index].distrust(segment - tables[index].first)
        else { return }
        try? files.remove([tables[index].name])
    }

    /// Takes articles out, of which tombstones are left in these segments. Cost: that of merging
    /// each table that tells of one.
    /// - Throws: why a table is still the old one, which the next start does not believe.
    mutating func forget(
        _ ids: Set<ArticleID>, in changed: [Int: SegmentFindings]
    ) throws {
        note(changed)
        for id in ids { head.remove(id) }
        for index in tables.indices {
            let table = tables[index]
            var findings = table.findings
            for place in findings.indices {
                findings[place] = changed[table.first + place] ?? findings[place]
            }
            let isTold = ids.contains { !table.places(of: $0).isEmpty }
            guard isTold || findings != table.findings else { continue }
            tables[index] = try files.rewrite(table, findings, without: ids)
            try files.remove([table.name].filter { $0 != tables[index].name })
        }
    }

    /// Gives back the memory that the files of tables take of this process.
    func giveBack() { for table in tables { table.file.giveBack() } }

    /// What to tell when a table could not be made.
    static func unsaved(because error: any Error) -> String {
        "where texts stand could not be saved, and sealed segments are read again at the next"
            + " start: \(error)"
    }

    /// Removes the files of tables that are of no use to this store.
    func removeOthers() throws { try files.removeAll(except: tables) }
}
