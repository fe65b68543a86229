internal import Markup
internal import News

/// Chooses the element that holds the article: the one that its paragraphs speak for.
///
/// Each paragraph gives its weight to its parent, half to the next above, a third to the third, and
/// so on (the way of Readability). Names of article bodies weigh more, links less. The best then
/// grows to its parent for as long as that brings much more prose and little else, so that a body
/// split over several elements comes together.
struct ContainerChoice {
    private let tree: HTMLTree
    private let blocks: [PageBlock]
    private let marks: FurnitureMarks
    /// Sums up to and without block `n`.
    private var prose: [Double] = [0]
    private var bytes: [Int] = [0]
    private var linked: [Int] = [0]

    init(_ tree: HTMLTree, blocks: [PageBlock], marks: FurnitureMarks) {
        self.tree = tree
        self.blocks = blocks
        self.marks = marks
        for block in blocks {
            prose.append((prose.last ?? 0) + Self.weight(of: block))
            bytes.append((bytes.last ?? 0) + block.bytesCount)
            linked.append((linked.last ?? 0) + block.linkedBytes)
        }
    }

    /// How much a block looks like a paragraph of an article, in bytes of prose.
    static func weight(of block: PageBlock) -> Double {
        let size = block.bytesCount
        guard block.kind != .heading, block.kind != .table, block.linkDensity < 0.5 else {
            return 0
        }
        let isProse = size >= 100 || (size >= 40 && block.isSentence)
        guard isProse else { return 0 }
        let commas = commas(in: block.text.utf8Span.span)
        let weight = Double(min(size, 1_000)) + 20 * Double(commas)
        let likeness = block.kind == .listItem ? 0.5 : 1.0
        return weight * likeness * (1 - block.linkDensity)
    }

    /// No more than `commasMax` are counted.
    private static func commas(in text: Span<UInt8>) -> Int {
        var count = 0
        for index in text.indices where text[index] == 0x2C {
            count += 1
            if count == commasMax { break }
        }
        return count
    }
    private static let commasMax = 10

    /// The blocks below a node.
    func blocks(below node: HTMLTree.Node) -> Range<Int> {
        let start = partitionPoint { blocks[$0].first >= node }
        let end = tree.end(of: node)
        return start..<max(start, partitionPoint { blocks[$0].first >= end })
    }

    func prose(in range: Range<Int>) -> Double { prose[range.upperBound] - prose[range.lowerBound] }
    private func bytes(in range: Range<Int>) -> Int {
        bytes[range.upperBound] - bytes[range.lowerBound]
    }
    private func linkDensity(in range: Range<Int>) -> Double {
        let all = bytes(in: range)
        return all == 0
            ? 0 : Double(linked[range.upperBound] - linked[range.lowerBound]) / Double(all)
    }

    /// The first block index for which `holds`; it must hold from there on.
    private func partitionPoint(_ holds: (Int) -> Bool) -> Int {
        var low = 0
        var high = blocks.count
        while low < high {
            let middle = (low + high) / 2
            if holds(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    // MARK: - The choice

    /// The chosen element; nil when the page has no prose at all.
    /// - Parameter headline: the block that holds the title, if one does.
    func choose(headline: Int?) -> HTMLTree.Node? {
        var scores: [HTMLTree.Node: Double] = [:]
        for (index, block) in blocks.enumerated() {
            let weight = prose[index + 1] - prose[index]
            guard weight > 0 else { continue }
            var share = 1.0
            var node = block.holder
            // A paragraph's own text speaks for what holds the paragraph.
            if tree.elements[node].isParagraphLike { node = tree.parent(of: node) ?? node }
            for level in 1...Self.levelsMax {
                scores[node, default: 0] += weight * share
                share = 1 / Double(level + 1)
                guard let parent = tree.parent(of: node) else { break }
                node = parent
            }
        }
        var best: (node: HTMLTree.Node, score: Double)?
        for (node, score) in scores {
            let weighed = score * factor(of: node, headline: headline)
            // Equal scores: the earlier element, so that the answer does not depend on hashing.
            if let current = best, (current.score, node) > (weighed, current.node) { continue }
            best = (node, weighed)
        }
        return best.map { grown(from: $0.node) }
    }
    private static let levelsMax = 6

    private func factor(of node: HTMLTree.Node, headline: Int?) -> Double {
        let range = blocks(below: node)
        var factor = 1 - linkDensity(in: range)
        let evidence = marks.evidence[node]
        if evidence.contains(.body) || isArticleBody(node) {
            factor *= 1.6
        } else if tree.elements[node] == .article || tree.elements[node] == .main {
            factor *= 1.25
        } else if evidence.contains(.content) {
            factor *= 1.15
        }
        if !evidence.isDisjoint(with: [.comments, .related, .sidebar, .footer]) { factor *= 0.4 }
        // The article follows its headline or holds it.
        if let headline, range.upperBound <= headline { factor *= 0.3 }
        return factor
    }

    private func isArticleBody(_ node: HTMLTree.Node) -> Bool {
        guard let property = tree.attribute(.itemprop, of: node) else { return false }
        return property.split(separator: " ").contains {
            ["articlebody", "text", "reviewbody"].contains($0.lowercased())
        }
    }

    private func grown(from start: HTMLTree.Node) -> HTMLTree.Node {
        var chosen = start
        var node = start
        for _ in 0..<Self.growthLevelsMax {
            guard let parent = tree.parent(of: node), parent > 0,
                tree.elements[parent] != .html
            else { break }
            node = parent
            if isWorthGrowing(from: chosen, to: parent) { chosen = parent }
        }
        return chosen
    }
    private static let growthLevelsMax = 8

    private func isWorthGrowing(from inner: HTMLTree.Node, to outer: HTMLTree.Node) -> Bool {
        let (small, large) = (blocks(below: inner), blocks(below: outer))
        let gained = prose(in: large) - prose(in: small)
        guard gained > 0.12 * prose(in: small) else { return false }
        let rest = bytes(in: large) - bytes(in: small)
        let restLinked =
            Double(linked[large.upperBound] - linked[large.lowerBound])
            - Double(linked[small.upperBound] - linked[small.lowerBound])
        return gained > 0.7 * Double(rest) && restLinked < 0.25 * Double(rest)
    }
}

extension HTMLElement {
    fileprivate var isParagraphLike: Bool {
        switch self {
        case .p, .li, .blockquote, .pre, .dd, .dt, .h1, .h2, .h3, .h4, .h5, .h6: true
        default: false
        }
    }
}
