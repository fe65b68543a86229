package import News

/// The kept blocks of one page, as fingerprints: what a template is learnt from.
package struct BlockPrints: Sendable {
    /// One a block; 0 for a block that says nothing of its page.
    fileprivate let hashes: [UInt64]
    /// Of UTF-8, one a block.
    fileprivate let bytes: [Int]
    /// Equal for equal addresses.
    fileprivate let page: UInt64

    /// - Parameters:
    ///   - address: the page's own, in one spelling.
    ///
    /// Cost: linear in the text.
    package init(of blocks: [Block], address: String) {
        page = hash(of: address.utf8)
        bytes = blocks.map(\.text.utf8.count)
        hashes = blocks.map { block in
            let isText = block.kind != .code && block.kind != .table
            guard isText, block.text.utf8.count >= Self.blockBytesMin else { return 0 }
            return hash(of: comparable(block.text).utf8)
        }
    }
    private static let blockBytesMin = 8
}

/// What recurs on the pages of one host: newsletter boxes, appeals, an author's life in two lines.
///
/// An article's own words are never taken for the template's:
/// 1. A block recurs only when it stood on many pages, on several days, and on a good share of all
///    pages since it was first seen: a paragraph that five reports of one trial have in common
///    stands in few of the others.
/// 2. A page of which half was on one earlier page is the same article under another address, and
///    teaches nothing; neither does a page that was read before.
/// 3. Between two blocks of prose more is asked for than at the edges of a text.
/// 4. When much of a page would go, nothing goes.
///
/// Bounded: at most `blocksMax` blocks and `pagesMax` pages are remembered. All of it can be thrown
/// away; it is learnt again.
package struct PageTemplate: Hashable, Sendable, Codable {
    /// The limits of one host's template, and what it takes to be in it.
    package enum Limits {
        package static let blocksMax = 256
        package static let pagesMax = 64
        /// A longer block is an article's own, wherever it stands.
        package static let blockBytesMax = 500
        /// Pages that a block was on, at the edges of the text and within it; on how many days;
        /// and on one of how many pages since it was first seen.
        package static let pagesMin = 6
        package static let pagesWithinMin = 12
        package static let daysMin = 2
        package static let onePageIn = 3
    }

    private struct Sighting: Hashable, Sendable {
        var pages = 1
        /// The number of the page that it was first on, and of the last.
        var first: Int
        var last: Int
        var days = 1
        var lastDay: Int
    }

    private var sightings: [UInt64: Sighting] = [:]
    /// The latest pages.
    private var pages: [UInt64] = []
    /// Pages that were learnt from.
    private var pageCount = 0
    /// Days since 1970 on which a page was last learnt from.
    package private(set) var lastDay = 0

    package init() {}

    // MARK: - Asking

    /// The indices of the page's blocks that belong to the template. Cost: linear in the blocks.
    package func recurring(in prints: BlockPrints) -> [Int] {
        let counts = zip(prints.hashes, prints.bytes).map { hash, bytes in
            bytes <= Limits.blockBytesMax ? recurrence(of: hash) : 0
        }
        var found: [Int] = []
        for index in counts.indices where counts[index] >= Limits.pagesMin {
            let isWithin =
                index > 0 && index + 1 < counts.count && counts[index - 1] < Limits.pagesMin
                && counts[index + 1] < Limits.pagesMin
            if !isWithin || counts[index] >= Limits.pagesWithinMin { found.append(index) }
        }
        let gone = found.reduce(0) { $0 + prints.bytes[$1] }
        return gone * Self.oneByteIn <= prints.bytes.reduce(0, +) ? found : []
    }
    /// No more of a page than one byte in so many is taken away.
    private static let oneByteIn = 3

    /// On how many pages a block was, if it recurs by days and share; else 0.
    private func recurrence(of hash: UInt64) -> Int {
        guard hash != 0, let sighting = sightings[hash], sighting.days >= Limits.daysMin,
            sighting.pages * Limits.onePageIn >= pageCount - sighting.first
        else { return 0 }
        return sighting.pages
    }

    // MARK: - Learning

    /// Takes a page into account. Cost: linear in its blocks.
    /// - Parameter day: since 1970, on which it was read.
    package mutating func learn(_ prints: BlockPrints, day: Int) {
        let blocks = Set(prints.hashes.filter { $0 != 0 })
        guard !blocks.isEmpty, !pages.contains(prints.page), !isKnownArticle(blocks) else { return }
        pages.append(prints.page)
        if pages.count > Limits.pagesMax { pages.removeFirst() }
        let day = max(0, day)
        lastDay = max(lastDay, day)
        for block in blocks { see(block, day: day) }
        pageCount += 1
        forget()
    }

    /// Whether half of the page was on one earlier page: the same article under another address.
    private func isKnownArticle(_ blocks: Set<UInt64>) -> Bool {
        var shared: [Int: Int] = [:]
        var fresh = 0
        for block in blocks where recurrence(of: block) < Limits.pagesMin {
            fresh += 1
            if let last = sightings[block]?.last { shared[last, default: 0] += 1 }
        }
        return (shared.values.max() ?? 0) * 2 >= max(fresh, 1)
    }

    private mutating func see(_ block: UInt64, day: Int) {
        guard var sighting = sightings[block] else {
            sightings[block] = Sighting(first: pageCount, last: pageCount, lastDay: day)
            return
        }
        sighting.pages += 1
        sighting.last = pageCount
        if sighting.lastDay != day {
            sighting.days += 1
            sighting.lastDay = day
        }
        sightings[block] = sighting
    }

    /// Forgets the blocks that were seen least, the oldest first, when there are too many.
    private mutating func forget() {
        guard sightings.count > Limits.blocksMax else { return }
        let kept = sightings.sorted { a, b in
            (a.value.pages > 1 ? 1 : 0, a.value.last, a.key)
                > (b.value.pages > 1 ? 1 : 0, b.value.last, b.key)
        }
        .prefix(Limits.blocksMax * 3 / 4)
        sightings = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
    }
}

/// As JSON: `pages`, `count` and `day`; `blocks` holds six numbers a block, for there are many.
extension PageTemplate {
    private enum CodingKeys: String, CodingKey { case pages, blocks, count, day }
    private static let numbersABlock = 6

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        pages = Array(try container.decode([UInt64].self, forKey: .pages).prefix(Limits.pagesMax))
        pageCount = try Self.counted(container.decode(Int.self, forKey: .count))
        lastDay = try Self.counted(container.decode(Int.self, forKey: .day))
        let numbers = try container.decode([UInt64].self, forKey: .blocks)
        let starts = stride(from: 0, to: numbers.count, by: Self.numbersABlock)
        for start in starts.prefix(Limits.blocksMax) {
            let row = numbers[start...].prefix(Self.numbersABlock)
            let counts = try row.dropFirst().map { try Self.counted(Int(clamping: $0)) }
            guard let block = row.first, counts.count == Self.numbersABlock - 1 else { return }
            sightings[block] = Sighting(
                pages: counts[0], first: counts[1], last: counts[2], days: counts[3],
                lastDay: counts[4])
        }
    }

    /// A number that can be counted on with.
    private static func counted(_ number: Int) throws -> Int {
        guard 0...(1 << 40) ~= number else { throw Unreadable() }
        return number
    }
    private struct Unreadable: Error {}

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(pages, forKey: .pages)
        try container.encode(pageCount, forKey: .count)
        try container.encode(lastDay, forKey: .day)
        let numbers = sightings.sorted { $0.key < $1.key }.flatMap { block, sighting in
            [
                block, UInt64(clamping: sighting.pages), UInt64(clamping: sighting.first),
                UInt64(clamping: sighting.last), UInt64(clamping: sighting.days),
                UInt64(clamping: sighting.lastDay),
            ]
        }
        try container.encode(numbers, forKey: .blocks)
    }
}

extension Extraction {
    /// Without the blocks at those indices, which are listed among those left out.
    package func leavingOut(recurring indices: [Int]) -> Extraction {
        guard !indices.isEmpty else { return self }
        var page = self
        let gone = Set(indices)
        page.blocks = blocks.indices.filter { !gone.contains($0) }.map { blocks[$0] }
        page.dropped += indices.map { Dropped(blocks[$0].text, reason: "recurring") }
        return page
    }
}
