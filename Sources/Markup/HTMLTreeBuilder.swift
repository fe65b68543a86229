/// The limits of one document's tree.
package struct HTMLTreeLimits: Hashable, Sendable {
    /// Nodes; what comes after them is left out, and the tree says so.
    package var nodesMax: Int
    /// Open elements; deeper ones become siblings.
    package var depthMax: Int
    /// Attributes of one element; the others are passed over.
    package var attributesMax: Int

    package init(nodesMax: Int = 60_000, depthMax: Int = 256, attributesMax: Int = 128) {
        self.nodesMax = nodesMax
        self.depthMax = depthMax
        self.attributesMax = attributesMax
    }
}

/// Reads a document to its tree. Never fails. Cost: linear, whatever the nesting.
///
/// Follows the tree construction of the WHATWG HTML Standard (section 13.2.6) where it decides to
/// which element a text belongs: implied end tags, void elements, scopes. Departs from it where
/// only a browser would notice: nothing is moved out of tables, no `html`, `head`, `body` or
/// `tbody` is made up, formatting elements are not opened again (except an `a` across blocks).
/// - Parameter bytes: UTF-8.
package func parseHTML(_ bytes: [UInt8], limits: HTMLTreeLimits = .init()) -> HTMLTree {
    var builder = TreeBuilder(bytes, limits: limits)
    return builder.build()
}

private struct TreeBuilder {
    private let limits: HTMLTreeLimits
    private var tokenizer: HTMLTokenizer
    private var tree: HTMLTree
    /// Open elements, the document first.
    private var open: [Int] = [0]
    /// How many of each element are open, so that most end tags without a start need no search.
    private var openCounts = Array(repeating: 0, count: HTMLElement.allCases.count)
    /// Elements that should have been opened below `depthMax` and whose end tags are to come.
    private var skippedDepth = 0
    /// A form whose end tag came while its children were open.
    private var endedForm: Int?
    private var hasBody = false

    init(_ bytes: [UInt8], limits: HTMLTreeLimits) {
        self.limits = limits
        tokenizer = HTMLTokenizer(bytes, attributesMax: limits.attributesMax)
        tree = HTMLTree(bytes: bytes)
        tree.reserve(nodes: min(limits.nodesMax, Self.expectedNodes(in: bytes)))
        tree.kinds = [.element]
        tree.elements = [.other]
        tree.parents = [-1]
        tree.ends = [0]
        tree.ranges = [.init(0..<0)]
        tree.attributeStarts = [0]
    }

    /// A text before every tag, and an element for every other one. Arrays that need not grow
    /// are copied nowhere; what is reserved in vain, for `<` in scripts, is never touched.
    private static func expectedNodes(in bytes: [UInt8]) -> Int {
        let tags = bytes.span.occurrences(of: UInt8(ascii: "<"))
        return tags + tags / 2 + 16
    }

    mutating func build() -> HTMLTree {
        while let token = tokenizer.next() {
            guard tree.count < limits.nodesMax else {
                tree.isTruncated = true
                break
            }
            switch token {
            case .startTag(let element, let name, let isSelfClosing):
                start(element, name: name, isSelfClosing: isSelfClosing)
            case .endTag(let element, let name): end(element, name: name)
            case .text(let range, let isRaw): text(range, isRaw: isRaw)
            case .comment, .doctype: break
            }
        }
        while !open.isEmpty { pop() }
        return tree
    }

    // MARK: - Start tags

    private mutating func start(_ element: HTMLElement, name: Range<Int>, isSelfClosing: Bool) {
        switch element {
        case .html where isOpen(.html), .body where hasBody, .head where hasBody: return
        case .form where isOpen(.form) && endedForm == nil: return
        case .body: hasBody = true
        default: break
        }
        leaveHead(for: element)
        if isOpen(.svg) || isOpen(.math) {
            if element.endsForeignContent { popForeignContent() }
        }
        closeImplied(by: element)
        let isForeign = isOpen(.svg) || isOpen(.math) || element == .svg || element == .math
        let opens = !element.isVoid && !(isForeign && isSelfClosing)
        if opens { limitDepth(for: element) }
        let node = append(.element, element, name)
        for attribute in tokenizer.attributes {
            if let known = HTMLAttributeName(named: tree.bytes.span.extracting(attribute.name)) {
                tree.attributes.append(.init(name: known, value: .init(attribute.value)))
            }
        }
        if opens { push(node, element) }
    }

    /// At the deepest level an element takes the place of the one before it, and its end tag is
    /// passed over, so that the elements above stay open for as long as they should.
    private mutating func limitDepth(for element: HTMLElement) {
        guard open.count >= limits.depthMax, open.count > 1 else { return }
        pop()
        if !element.hasOptionalEnd { skippedDepth += 1 }
    }

    /// Whatever does not belong into the head ends it.
    private mutating func leaveHead(for element: HTMLElement) {
        guard let top = open.last, tree.elements[top] == .head else { return }
        switch element {
        case .title, .meta, .link, .script, .style, .base, .noscript, .template, .basefont: break
        default: pop()
        }
    }

    /// Ends the elements that may not hold `element` (WHATWG HTML Standard, 13.2.6.4.7).
    private mutating func closeImplied(by element: HTMLElement) {
        if element.endsParagraph, isOpen(.p) { close(.p, within: \.isButtonScope) }
        switch element {
        case .li: closeItem([.li])
        case .dd, .dt: closeItem([.dd, .dt])
        case .option: closeTop([.option])
        case .optgroup:
            closeTop([.option])
            closeTop([.optgroup])
        case .h1, .h2, .h3, .h4, .h5, .h6: closeTop([.h1, .h2, .h3, .h4, .h5, .h6])
        case .td, .th: closeCell([.td, .th, .caption])
        case .tr: closeCell([.tr, .caption])
        case .tbody, .thead, .tfoot: closeCell([.tbody, .thead, .tfoot, .caption])
        case .button: if isOpen(.button) { close(.button, within: \.isScope) }
        case .a: if isOpen(.a) { closeLink() }
        case .rt, .rp: closeTop([.rt, .rp])
        default: break
        }
    }

    private mutating func closeTop(_ elements: [HTMLElement]) {
        if let top = open.last, elements.contains(tree.elements[top]) { pop() }
    }

    private mutating func closeItem(_ elements: [HTMLElement]) {
        for index in open.indices.reversed() {
            let element = tree.elements[open[index]]
            if elements.contains(element) { return popAll(downTo: index) }
            if element.isSpecial, ![.address, .div, .p].contains(element) { return }
        }
    }

    /// Ends the innermost of those table parts within the innermost table.
    private mutating func closeCell(_ elements: [HTMLElement]) {
        var found: Int?
        for index in open.indices.reversed() {
            let element = tree.elements[open[index]]
            if element == .table { break }
            if elements.contains(element) { found = index }
        }
        if let found { popAll(downTo: found) }
    }

    /// Ends an `a`; the blocks opened inside it go on after it, as the adoption agency has it
    /// (WHATWG HTML Standard, 13.2.6.4.7), else one forgotten end tag makes a page one link.
    private mutating func closeLink() {
        guard let index = open.lastIndex(where: { tree.elements[$0] == .a }) else { return }
        let inner = open[(index + 1)...]
        if inner.contains(where: { tree.elements[$0].isScope }) { return }
        let again = inner.filter { tree.elements[$0].isSpecial }.prefix(Self.reopenedMax)
        popAll(downTo: index)
        for node in again { reopen(node) }
    }
    private static let reopenedMax = 8

    private mutating func reopen(_ node: Int) {
        guard tree.count < limits.nodesMax, open.count < limits.depthMax else { return }
        let first = Int(tree.attributeStarts[node])
        let last =
            node + 1 < tree.count ? Int(tree.attributeStarts[node + 1]) : tree.attributes.count
        let copy = append(.element, tree.elements[node], tree.ranges[node].range)
        tree.attributes += tree.attributes[first..<last]
        push(copy, tree.elements[node])
    }

    // MARK: - End tags

    private mutating func end(_ element: HTMLElement, name: Range<Int>) {
        if skippedDepth > 0, !element.hasOptionalEnd, !element.isVoid {
            skippedDepth -= 1
            return
        }
        switch element {
        case .html, .body: break
        case .head: closeTop([.head])
        case .p:
            if !close(.p, within: \.isButtonScope) { append(.element, .p, name) }
        case .br: append(.element, .br, name)
        case .li: close(.li, within: \.isListScope)
        case .h1, .h2, .h3, .h4, .h5, .h6: closeHeading()
        case .td, .th, .tr, .tbody, .thead, .tfoot, .caption, .table:
            close(element, within: \.isTableBoundary)
        case .form: endForm()
        case .a:
            if isOpen(.a) { closeLink() }
        case .other: closeUnknown(name)
        default:
            if element.isSpecial {
                close(element, within: \.isScope)
            } else {
                close(element, within: \.isSpecial)
            }
        }
    }

    /// Ends the innermost open `element` and all in it, unless a boundary stands between.
    @discardableResult
    private mutating func close(
        _ element: HTMLElement, within isBoundary: (HTMLElement) -> Bool
    ) -> Bool {
        guard isOpen(element) else { return false }
        for index in open.indices.reversed() {
            let candidate = tree.elements[open[index]]
            if candidate == element {
                popAll(downTo: index)
                return true
            }
            if isBoundary(candidate) { return false }
        }
        return false
    }

    private mutating func closeHeading() {
        for index in open.indices.reversed() {
            let element = tree.elements[open[index]]
            if element.headingLevel != nil { return popAll(downTo: index) }
            if element.isScope { return }
        }
    }

    private mutating func closeUnknown(_ name: Range<Int>) {
        let written = tree.bytes[name]
        for index in open.indices.reversed().dropLast() {
            let node = open[index]
            if tree.elements[node] == .other {
                let other = tree.bytes[tree.ranges[node].range]
                if other.count == written.count,
                    zip(other, written).allSatisfy({ asciiLowercased($0) == asciiLowercased($1) })
                {
                    return popAll(downTo: index)
                }
            } else if tree.elements[node].isSpecial {
                return
            }
        }
    }

    private mutating func endForm() {
        guard let index = open.lastIndex(where: { tree.elements[$0] == .form }) else { return }
        if index == open.count - 1 {
            pop()
        } else {
            endedForm = open[index]
        }
    }

    private mutating func popForeignContent() {
        let index = open.firstIndex {
            tree.elements[$0] == .svg || tree.elements[$0] == .math
        }
        if let index { popAll(downTo: index) }
    }

    // MARK: - Text

    private mutating func text(_ range: Range<Int>, isRaw: Bool) {
        if let top = open.last, tree.elements[top] == .head {
            guard !tree.bytes[range].allSatisfy(isSpace) else { return }
            pop()
        }
        append(isRaw ? .rawText : .text, .other, range)
    }

    // MARK: - The arena

    @discardableResult
    private mutating func append(
        _ kind: HTMLTree.Kind, _ element: HTMLElement, _ range: Range<Int>
    ) -> Int {
        let node = tree.count
        tree.kinds.append(kind)
        tree.elements.append(element)
        tree.parents.append(Int32(truncatingIfNeeded: open.last ?? 0))
        tree.ends.append(Int32(truncatingIfNeeded: node + 1))
        tree.ranges.append(.init(range))
        tree.attributeStarts.append(UInt32(truncatingIfNeeded: tree.attributes.count))
        return node
    }

    private func isOpen(_ element: HTMLElement) -> Bool { openCounts[Int(element.rawValue)] > 0 }

    private mutating func push(_ node: Int, _ element: HTMLElement) {
        open.append(node)
        openCounts[Int(element.rawValue)] += 1
    }

    private mutating func pop() {
        guard let node = open.popLast() else { return }
        tree.ends[node] = Int32(truncatingIfNeeded: tree.count)
        let slot = Int(tree.elements[node].rawValue)
        if openCounts[slot] > 0 { openCounts[slot] -= 1 }
        if endedForm == node { endedForm = nil }
        if let endedForm, open.last == endedForm { pop() }
    }

    private mutating func popAll(downTo index: Int) {
        while open.count > index { pop() }
    }
}
