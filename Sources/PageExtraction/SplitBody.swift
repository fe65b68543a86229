internal import Markup
internal import News

/// Finds the rest of a body that a template has cut apart: paragraphs outside the container that
/// are made like those inside it, by tag, class and depth.
struct SplitBody {
    private let tree: HTMLTree
    private let blocks: [PageBlock]

    /// Fewer paragraphs of one make do not show how the template makes them.
    private static let likeMin = 3
    /// Blocks before and after the container that are looked at.
    private static let distanceMax = 60

    init(_ tree: HTMLTree, blocks: [PageBlock]) {
        self.tree = tree
        self.blocks = blocks
    }

    /// The indices outside `range` that belong to it, in order. Cost: linear in the blocks near.
    /// - Parameter headline: the block that holds the title; nothing before it is taken.
    func find(around range: Range<Int>, headline: Int?) -> [Int] {
        var makes: [UInt64: Int] = [:]
        var prose = 0
        for index in range where isProse(blocks[index]) {
            prose += 1
            makes[make(of: blocks[index]), default: 0] += 1
        }
        guard let (best, count) = makes.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }),
            count >= Self.likeMin, count * 10 >= prose * 6, best != Self.noClass
        else { return [] }
        let first = max((headline ?? -1) + 1, range.lowerBound - Self.distanceMax, 0)
        let end = min(blocks.count, range.upperBound + Self.distanceMax)
        guard first <= range.lowerBound else { return [] }
        let outside = [first..<range.lowerBound, range.upperBound..<end].joined()
        return outside.filter { isProse(blocks[$0]) && make(of: blocks[$0]) == best }
    }

    private func isProse(_ block: PageBlock) -> Bool {
        block.kind == .paragraph && ContainerChoice.weight(of: block) > 0
    }

    private static let noClass: UInt64 = 0

    /// How a paragraph is made; `noClass` when nothing tells it from others.
    private func make(of block: PageBlock) -> UInt64 {
        guard let name = tree.rawAttribute(.class, of: block.holder), !name.isEmpty else {
            return Self.noClass
        }
        let depth = tree.ancestors(of: block.holder).reduce(0) { count, _ in count + 1 }
        let element = tree.elements[block.holder].rawValue
        return hash(of: name) &* 31 &+ UInt64(element) &* 1021 &+ UInt64(depth)
    }
}
