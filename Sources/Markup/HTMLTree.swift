/// A document as a tree in one flat arena: a node is an index, its properties stand in parallel
/// arrays, and its texts are ranges of the document's bytes.
///
/// 1. Nodes stand in document order, so that the descendants of `n` are exactly
///    `n + 1 ..< end(of: n)`, and every walk is a loop.
/// 2. Node 0 is the document; the parent of every other node comes before it.
/// 3. No node is deeper than `depthMax`; deeper elements become siblings, and no text is lost.
package struct HTMLTree: Sendable {
    /// An index into the arena.
    package typealias Node = Int

    /// What a node is; the references of `rawText` are characters.
    package enum Kind: UInt8, Sendable { case element, text, rawText }

    package let bytes: [UInt8]
    package internal(set) var kinds: [Kind] = []
    package internal(set) var elements: [HTMLElement] = []
    /// Whether nodes had to be left out because there were too many.
    package internal(set) var isTruncated = false

    var parents: [Int32] = []
    var ends: [Int32] = []
    var ranges: [ByteRange] = []
    var attributeStarts: [UInt32] = []
    var attributes: [KnownAttribute] = []

    /// A range in four bytes a side: documents are far below 4 GiB.
    struct ByteRange: Sendable {
        var start: UInt32
        var end: UInt32

        init(_ range: Range<Int>) {
            start = UInt32(truncatingIfNeeded: range.lowerBound)
            end = UInt32(truncatingIfNeeded: range.upperBound)
        }
        var range: Range<Int> { Int(start)..<Int(end) }
    }

    /// An attribute that somebody here asks for.
    package struct KnownAttribute: Sendable {
        package internal(set) var name: HTMLAttributeName
        var value: ByteRange
        /// Its bytes in `bytes` as written, references undecoded.
        package var range: Range<Int> { value.range }
    }

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// Makes room for that many nodes, so that the arrays need not grow one by one.
    mutating func reserve(nodes: Int) {
        kinds.reserveCapacity(nodes)
        elements.reserveCapacity(nodes)
        parents.reserveCapacity(nodes)
        ends.reserveCapacity(nodes)
        ranges.reserveCapacity(nodes)
        attributeStarts.reserveCapacity(nodes)
        attributes.reserveCapacity(nodes)
    }

    package var count: Int { kinds.count }
    package var nodes: Range<Node> { 0..<count }

    /// The parent; nil for the document.
    @inline(__always)
    package func parent(of node: Node) -> Node? {
        let parent = parents[node]
        return parent < 0 ? nil : Int(parent)
    }

    /// The index after the node's last descendant.
    @inline(__always)
    package func end(of node: Node) -> Int { Int(ends[node]) }

    /// Whether the node is characters and no element.
    @inline(__always)
    package func isText(_ node: Node) -> Bool { kinds[node] != .element }

    /// The node's children, in order.
    package func children(of node: Node) -> HTMLChildren {
        HTMLChildren(ends: ends, position: node + 1, end: end(of: node))
    }

    /// The ancestors from the parent up to the document.
    package func ancestors(of node: Node) -> some Sequence<Node> {
        // The one array, since to keep the tree is to count a reference to each of its arrays.
        let parents = parents
        return sequence(state: node) { current in
            let parent = Int(parents[current])
            guard parent >= 0 else { return nil }
            current = parent
            return parent
        }
    }

    /// How an unknown element was written; empty for text.
    package func name(of node: Node) -> ArraySlice<UInt8> {
        isText(node) ? [] : bytes[ranges[node].range]
    }

    /// The undecoded bytes of a text node; empty for an element.
    package func rawText(of node: Node) -> ArraySlice<UInt8> {
        isText(node) ? bytes[ranges[node].range] : []
    }

    // MARK: - Attributes

    /// The known attributes of a node, in the order of the document.
    package func attributes(of node: Node) -> ArraySlice<KnownAttribute> {
        let start = Int(attributeStarts[node])
        let end = node + 1 < count ? Int(attributeStarts[node + 1]) : attributes.count
        return attributes[start..<end]
    }

    /// The bytes of an attribute as written, references undecoded; nil when it is absent.
    package func rawAttribute(_ name: HTMLAttributeName, of node: Node) -> ArraySlice<UInt8>? {
        for attribute in attributes(of: node) where attribute.name == name {
            return bytes[attribute.range]
        }
        return nil
    }

    /// An attribute's value, decoded and trimmed; nil when it is absent or empty.
    package func attribute(_ name: HTMLAttributeName, of node: Node) -> String? {
        guard let raw = rawAttribute(name, of: node) else { return nil }
        var decoded: [UInt8] = []
        appendDecoded(raw, to: &decoded, inAttribute: true)
        var collapsed: [UInt8] = []
        appendCollapsed(decoded, to: &collapsed)
        if collapsed.last == 0x20 { collapsed.removeLast() }
        return collapsed.isEmpty ? nil : String(decoding: collapsed, as: UTF8.self)
    }

    // MARK: - Text

    /// Appends the decoded characters of a text node.
    package func appendText(of node: Node, to result: inout [UInt8]) {
        switch kinds[node] {
        case .element: break
        case .text: appendDecoded(bytes[ranges[node].range], to: &result)
        case .rawText: result.append(contentsOf: bytes[ranges[node].range])
        }
    }

    /// All text below a node, scripts and styles aside, white space collapsed.
    package func text(of node: Node) -> String {
        var raw: [UInt8] = []
        var next = node
        let end = end(of: node)
        while next < end {
            if isText(next) {
                appendText(of: next, to: &raw)
            } else {
                let element = elements[next]
                if element == .script || element == .style || element == .template {
                    next = self.end(of: next)
                    continue
                }
                if !element.isInline { raw.append(0x20) }
            }
            next += 1
        }
        var collapsed: [UInt8] = []
        appendCollapsed(raw, to: &collapsed)
        if collapsed.last == 0x20 { collapsed.removeLast() }
        return String(decoding: collapsed, as: UTF8.self)
    }
}

/// The children of one node.
package struct HTMLChildren: Sequence, IteratorProtocol {
    let ends: [Int32]
    var position: Int
    let end: Int

    package mutating func next() -> HTMLTree.Node? {
        guard position < end else { return nil }
        let child = position
        position = Int(ends[child])
        return child
    }
}
