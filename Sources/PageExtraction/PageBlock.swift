internal import Markup
internal import News

/// A run of text between two boundaries of block elements, as the page has it.
struct PageBlock {
    /// The innermost block element that holds it.
    var holder: HTMLTree.Node
    /// Its first text node; blocks are in the order of these.
    var first: HTMLTree.Node
    var kind: Block.Kind
    /// The level of a heading.
    var level: Int?
    var text: String
    var bytesCount: Int
    /// Bytes of its text that stand inside links.
    var linkedBytes: Int
    var links: [String]
    /// The table row or list that it belongs to.
    var group: HTMLTree.Node?
    /// The evidence of the elements from the holder up to the nearest with other text.
    var evidence: ClassEvidence
    /// Whether a `p` holds it: authors write those, templates write `div` and `span`.
    var isOwnParagraph = false

    /// The share of its text that stands inside links, 0…1.
    var linkDensity: Double {
        bytesCount == 0 ? 0 : min(1, Double(linkedBytes) / Double(bytesCount))
    }
    /// Whether it ends as a sentence does.
    var isSentence: Bool {
        for scalar in text.unicodeScalars.reversed() {
            switch scalar {
            case ".", "!", "?", "…", "。", "！", "？", "।", "؟": return true
            case "\"", "”", "»", "’", "'", ")", "]", "“", " ", "\u{A0}", "«", "」": continue
            default: return false
            }
        }
        return false
    }
}

/// The texts of a page, cut into blocks, those of furniture apart.
struct PageBlocks {
    var kept: [PageBlock] = []
    var dropped: [Extraction.Dropped] = []
    /// The element of each of `dropped`.
    var droppedNodes: [HTMLTree.Node] = []
}

/// Cuts the subtree of `root` into blocks, leaving out what `furniture` marks.
func cutIntoBlocks(
    _ tree: HTMLTree, root: HTMLTree.Node, furniture: FurnitureMarks
) -> PageBlocks {
    var cutter = BlockCutter(tree: tree, furniture: furniture)
    cutter.run(root)
    return cutter.result
}

private struct BlockCutter {
    let tree: HTMLTree
    let furniture: FurnitureMarks
    var result = PageBlocks()

    /// Open elements whose ends matter.
    private var open: [HTMLTree.Node] = []
    private var linkDepth = 0
    private var codeDepth = 0

    private var raw: [UInt8] = []
    private var firstText: HTMLTree.Node?
    private var text: [UInt8] = []
    private var linkedBytes = 0
    private var links: [String] = []
    private var breaks = 0

    init(tree: HTMLTree, furniture: FurnitureMarks) {
        self.tree = tree
        self.furniture = furniture
    }

    private var innermostBlock: HTMLTree.Node {
        open.last { !tree.elements[$0].isInline } ?? 0
    }

    mutating func run(_ root: HTMLTree.Node) {
        var node = root
        let end = tree.end(of: root)
        while node < end {
            closeElements(before: node)
            if tree.isText(node) {
                addText(node)
                node += 1
            } else if let reason = furniture.reason(of: node) {
                leaveOut(node, reason: reason)
                node = tree.end(of: node)
            } else if isNoteMark(node) {
                node = tree.end(of: node)
            } else {
                openElement(node)
                node += 1
            }
        }
        closeElements(before: end)
        flush(holder: root)
    }

    private mutating func closeElements(before node: HTMLTree.Node) {
        while let top = open.last, tree.end(of: top) <= node {
            let element = tree.elements[top]
            if !element.isInline { flush(holder: top) }
            if element == .a, !leadsWithinPage(top) { linkDepth -= 1 }
            if element == .pre { codeDepth -= 1 }
            open.removeLast()
        }
    }

    private mutating func openElement(_ node: HTMLTree.Node) {
        let element = tree.elements[node]
        if element == .br {
            lineBreak()
            return
        }
        if !element.isInline { flush(holder: innermostBlock) }
        open.append(node)
        if element == .a, !leadsWithinPage(node) {
            linkDepth += 1
            if links.count < Self.linksMax, let target = tree.attribute(.href, of: node) {
                links.append(target)
            }
        }
        if element == .pre { codeDepth += 1 }
    }
    private static let linksMax = 64

    /// A heading's own anchor is no link to elsewhere; a list of them is still a table of contents.
    private func leadsWithinPage(_ node: HTMLTree.Node) -> Bool {
        guard tree.rawAttribute(.href, of: node)?.first == UInt8(ascii: "#") else { return false }
        return tree.ancestors(of: node).contains { tree.elements[$0].headingLevel != nil }
    }

    /// One line break is a space, two end the paragraph.
    private mutating func lineBreak() {
        if codeDepth > 0 {
            text.append(0x0A)
            return
        }
        breaks += 1
        if breaks >= 2 { flush(holder: innermostBlock) }
        raw.removeAll(keepingCapacity: true)
        raw.append(0x20)
        appendCollapsed(raw, to: &text)
    }

    private mutating func addText(_ node: HTMLTree.Node) {
        raw.removeAll(keepingCapacity: true)
        tree.appendText(of: node, to: &raw)
        let before = text.count
        if codeDepth > 0 {
            appendVerbatim()
        } else {
            appendCollapsed(raw, to: &text)
        }
        let added = text.count - before
        if linkDepth > 0 { linkedBytes += added }
        if added > 1 || (added == 1 && text.last != 0x20) {
            breaks = 0
            firstText = firstText ?? node
        }
    }

    /// Code keeps its lines and its indentation.
    private mutating func appendVerbatim() {
        for byte in raw where byte >= 0x20 || byte == 0x0A || byte == 0x09 {
            if byte == 0x0A, text.isEmpty { continue }
            text.append(byte)
        }
    }

    private mutating func leaveOut(_ node: HTMLTree.Node, reason: OmissionReason) {
        if !tree.elements[node].isInline {
            flush(holder: innermostBlock)
        }
        guard reason != .machinery else { return }
        let text = tree.text(of: node)
        guard !text.isEmpty else { return }
        result.dropped.append(.init(text, reason: reason.rawValue))
        result.droppedNodes.append(node)
    }

    /// `<sup><a href="#n1">1</a></sup>`: the mark of a footnote is no word of the text.
    private func isNoteMark(_ node: HTMLTree.Node) -> Bool {
        guard tree.elements[node] == .sup else { return false }
        let inner = (node + 1)..<tree.end(of: node)
        guard inner.count <= 6, inner.contains(where: { tree.elements[$0] == .a }) else {
            return false
        }
        let text = tree.text(of: node).utf8
        return text.count <= 5
            && text.allSatisfy { 0x30...0x39 ~= $0 || [0x20, 0x2C, 0x5B, 0x5D, 0x2A].contains($0) }
    }

    // MARK: - A block's end

    private mutating func flush(holder: HTMLTree.Node) {
        defer {
            text.removeAll(keepingCapacity: true)
            links.removeAll()
            linkedBytes = 0
            breaks = 0
            firstText = nil
        }
        while let last = text.last, last == 0x20 || last == 0x0A { text.removeLast() }
        guard let first = firstText, !text.isEmpty else { return }
        var block = PageBlock(
            holder: holder, first: first, kind: .paragraph, level: nil,
            text: String(decoding: text, as: UTF8.self), bytesCount: text.count,
            linkedBytes: linkedBytes, links: links, group: nil, evidence: [],
            isOwnParagraph: tree.elements[holder] == .p)
        classify(&block)
        if codeDepth > 0, block.kind != .code, block.kind != .table { collapse(&block) }
        result.kept.append(block)
    }

    /// A quotation or a section within `pre` is no code: its line ends are white space.
    private func collapse(_ block: inout PageBlock) {
        var collapsed: [UInt8] = []
        appendCollapsed(Array(block.text.utf8), to: &collapsed)
        block.text = String(decoding: collapsed, as: UTF8.self)
        block.bytesCount = collapsed.count
    }

    /// The kind follows from the elements around it, the innermost first.
    private func classify(_ block: inout PageBlock) {
        var isNear = true
        for node in open.reversed() {
            let element = tree.elements[node]
            if isNear { block.evidence.formUnion(furniture.evidence[node]) }
            switch element {
            case .h1, .h2, .h3, .h4, .h5, .h6:
                block.kind = .heading
                block.level = element.headingLevel
                return
            case .pre:
                block.kind = .code
                return
            case .li where block.kind == .paragraph:
                block.kind = .listItem
                block.group = tree.parent(of: node)
            case .blockquote:
                if block.kind == .paragraph { block.kind = .quotation }
                return
            case .td, .th:
                if let row = tree.parent(of: node), block.kind == .paragraph, isData(row) {
                    block.kind = .table
                    block.group = row
                }
                return
            case .article, .main, .body, .section: return
            case .p, .div: isNear = element == .p
            default: break
            }
        }
    }

    /// A row of data, not of a page laid out by tables: several cells, none of them long.
    private func isData(_ row: HTMLTree.Node) -> Bool {
        guard tree.elements[row] == .tr, tree.end(of: row) - row < Self.rowNodesMax else {
            return false
        }
        var cells = 0
        for cell in tree.children(of: row) where !tree.isText(cell) {
            cells += 1
            if tree.text(of: cell).utf8.count > Self.cellBytesMax { return false }
        }
        return cells >= 2
    }
    private static let rowNodesMax = 200
    private static let cellBytesMax = 300
}
