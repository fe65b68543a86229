internal import News

/// The entries of a document that are kept: the first in document order. Sitemaps list a site's
/// pages in any order, of these the newest are kept; undated ones only where there is room.
///
/// Memory: at most twice as many entries as are kept.
struct KeptEntries {
    private(set) var entries: [Entry] = []
    /// Whether the document is a sitemap.
    var keepsNewest = false
    private let entriesMax: Int
    private let addressesMax: Int
    private var met = 0

    init(limits: FeedLimits) {
        entriesMax = limits.entriesMax
        addressesMax = limits.addressesMax
    }

    /// Whether a further entry would be left out in any case.
    var isFull: Bool { keepsNewest ? met >= addressesMax : met >= entriesMax }

    /// Takes an entry that ends at `position` of a document of `length` bytes.
    mutating func append(_ entry: consuming Entry, endsAt position: Int, of length: Int) {
        if entries.count == entries.capacity { makeRoom(position, length) }
        entries.append(entry)
        met += 1
        if entries.count >= entriesMax * 2 { dropOldest() }
    }

    /// Gives the entries, in document order, and notes what was left out.
    mutating func finish(_ damage: inout DamageNotes, isFull: Bool) -> [Entry] {
        dropOldest()
        if isFull {
            damage.note("more than \(met) entries; the others were left out")
        }
        if met > entries.count {
            damage.note("\(met) entries; all but the newest \(entries.count) were left out")
        }
        defer { entries = [] }
        return entries
    }

    /// Makes room for as many entries as the document has, if those to come are as long as those
    /// that were read: most documents have it made twice, and hold little that is not used.
    private mutating func makeRoom(_ position: Int, _ length: Int) {
        let share = max(1, position / max(1, met))
        let expected = (length - position) / share
        let more = max(8, entries.count / 2, expected + expected / 16)
        let countMax = keepsNewest ? entriesMax * 2 : entriesMax
        entries.reserveCapacity(min(countMax, entries.count + more))
    }

    /// Of equally old ones the first are kept.
    private mutating func dropOldest() {
        guard entries.count > entriesMax else { return }
        let ages = entries.map { max($0.updated ?? .distantPast, $0.published ?? .distantPast) }
        let newest = entries.indices.sorted { (ages[$1], $0) < (ages[$0], $1) }
        entries = newest.prefix(entriesMax).sorted().map { entries[$0] }
    }
}
