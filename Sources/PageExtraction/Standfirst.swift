internal import Markup
internal import News

/// Finds the standfirst that stands between the headline and the article's container: many sites,
/// French and German ones above all, keep it in the header.
struct Standfirst {
    private let summary: String
    private let titles: Set<String>
    private let headline: Int?

    init(metadata: PageMetadata, headline: Int?) {
        summary = metadata.summary.map(comparable) ?? ""
        titles = Set(metadata.titles.map(comparable))
        self.headline = headline
    }

    /// The indices of the blocks that are it, outside `range`.
    func find(in blocks: [PageBlock], before range: Range<Int>) -> [Int] {
        let nearest = max(0, range.lowerBound - Self.distanceMax)
        // Without a headline before the text only the page's own description is believed.
        let isBelowHeadline = headline.map { nearest..<range.lowerBound ~= $0 } ?? false
        let first = isBelowHeadline ? (headline ?? 0) + 1 : nearest
        let body = Set(blocks[range].prefix(Self.leadBlocksMax).map { comparable($0.text) })
        var found: [Int] = []
        for index in first..<range.lowerBound {
            let block = blocks[index]
            let text = comparable(block.text)
            guard block.linkDensity < 0.3,
                (Self.bytesMin...Self.bytesMax).contains(block.bytesCount),
                block.kind == .paragraph || block.kind == .heading || block.kind == .listItem,
                !titles.contains(text), !body.contains(text),
                (isBelowHeadline && isNamed(block)) || isSummary(text)
            else { continue }
            found.append(index)
        }
        return Array(found.prefix(Self.blocksMax))
    }
    private static let distanceMax = 25
    private static let leadBlocksMax = 4
    private static let blocksMax = 4
    private static let bytesMin = 30
    private static let bytesMax = 1_200

    /// The index of what was left out above the text and says the page's own description: some
    /// publishers call their standfirst a teaser.
    func find(
        inDropped cut: PageBlocks, before node: HTMLTree.Node, unless kept: [Block]
    ) -> Int? {
        let kept = Set(kept.prefix(Self.leadBlocksMax).map { comparable($0.text) })
        return cut.dropped.indices.first { index in
            let dropped = cut.dropped[index]
            guard cut.droppedNodes[index] < node, Self.rescued.contains(dropped.reason),
                (Self.rescuedBytesMin...Self.bytesMax).contains(dropped.text.utf8.count)
            else { return false }
            let text = comparable(dropped.text)
            return !titles.contains(text) && !kept.contains(text) && isSummary(text)
        }
    }
    private static let rescued: Set<String> = [OmissionReason.related.rawValue]
    private static let rescuedBytesMin = 60

    private func isNamed(_ block: PageBlock) -> Bool { block.evidence.contains(.standfirst) }

    /// The page's own description, or the start of it, in the same words, perhaps behind the name
    /// of a place.
    private func isSummary(_ text: String) -> Bool {
        let (whole, start) = (Array(text.utf8), summary.utf8.prefix(Self.comparedBytes))
        guard start.count >= Self.bytesMin, whole.count >= Self.bytesMin else { return false }
        let size = min(start.count, whole.count)
        if whole.prefix(size).elementsEqual(start.prefix(size)) { return true }
        guard let space = whole.prefix(Self.placeBytesMax).firstIndex(of: 0x20) else {
            return false
        }
        return whole[(space + 1)...].starts(with: start)
    }
    private static let comparedBytes = 60
    private static let placeBytesMax = 24
}
