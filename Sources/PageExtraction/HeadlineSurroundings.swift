internal import Markup
internal import News

/// Finds the author and the day where a page shows them: in elements that say so, and in the lines
/// about the headline. Comments, menus and teasers name others and are passed over.
struct HeadlineSurroundings {
    private let tree: HTMLTree
    private let marks: FurnitureMarks
    private let headline: HTMLTree.Node?

    init(_ tree: HTMLTree, marks: FurnitureMarks, headline: HTMLTree.Node?) {
        self.tree = tree
        self.marks = marks
        self.headline = headline
    }

    /// Nodes before and after the headline that count as being about it.
    private static let nodesBefore = 60
    private static let nodesAfter = 250
    /// A line with an author or a day is short.
    private static let lineBytesMax = 120
    private static let lineNodesMax = 40

    private var lines: Range<Int> {
        guard let headline else { return 0..<0 }
        return max(
            1, headline - Self.nodesBefore)..<min(
                tree.count, tree.end(of: headline) + Self.nodesAfter)
    }

    /// Whether a node stands in a part of the page that speaks of other things.
    private func isElsewhere(_ node: HTMLTree.Node) -> Bool {
        func speaksOfOthers(_ node: HTMLTree.Node) -> Bool {
            switch marks.reason(of: node) {
            case .comments, .related, .navigation, .advertisement, .form, .signUp, .consent,
                .machinery, .aside, .footer:
                true
            default: tree.elements[node] == .label
            }
        }
        return speaksOfOthers(node) || tree.ancestors(of: node).contains(where: speaksOfOthers)
    }

    // MARK: - The day

    /// `itemprop=datePublished`; else a `time` near the headline; else the day in the address, the
    /// first `time`, an element whose class says date, a line near the headline.
    func date(address: Instant?, language: String?) -> Instant? {
        var first: Instant?
        var afterHeadline: Instant?
        var byClass: Instant?
        for node in tree.nodes where !tree.isText(node) {
            let property = tree.rawAttribute(.itemprop, of: node)
            let isPublished = property.map { $0.elementsEqual("datePublished".utf8) } ?? false
            let isTime = tree.elements[node] == .time
            let isNamed = byClass == nil && marks.evidence[node].contains(.byline)
            guard isPublished || isTime || isNamed, tree.end(of: node) - node < Self.lineNodesMax,
                let date = writtenDate(node, language: language), !isElsewhere(node)
            else { continue }
            if isPublished { return date }
            if isTime {
                first = first ?? date
                if let headline, node > headline { afterHeadline = afterHeadline ?? date }
            } else {
                byClass = date
            }
        }
        let time = afterHeadline ?? first
        if let address {
            guard let time else { return address }
            let distance = time.since(address).milliseconds
            // A `time` of another day than the address has is another article's.
            return -86_400_000...172_800_000 ~= distance ? time : address
        }
        return time ?? byClass ?? dateInLines(language: language)
    }

    private func writtenDate(_ node: HTMLTree.Node, language: String?) -> Instant? {
        let written = tree.attribute(.datetime, of: node) ?? tree.attribute(.content, of: node)
        if let date = written.flatMap({ pageDate($0) }) { return date }
        let text = tree.text(of: node)
        guard text.utf8.count <= Self.lineBytesMax else { return nil }
        return pageDate(text) ?? numericDate(text, language: language)
    }

    private func dateInLines(language: String?) -> Instant? {
        for node in lines where tree.isText(node) {
            let raw = tree.rawText(of: node)
            guard (8...Self.lineBytesMax).contains(raw.count), raw.contains(where: isDigit),
                !isElsewhere(node)
            else { continue }
            let text = tree.text(of: node)
            if let date = pageDate(text) ?? numericDate(text, language: language) { return date }
        }
        return nil
    }

    // MARK: - The author

    /// Elements that call themselves author or byline, else a line that starts with "By".
    func authors(siteName: String?) -> [String] {
        for rule in [isDeclaredAuthor, isByline] {
            let names = cleanedAuthors(texts(where: rule), siteName: siteName)
            if !names.isEmpty { return names }
        }
        return cleanedAuthors(lineOfAuthor().map { [$0] } ?? [], siteName: siteName)
    }

    /// The first such element's text, and those of its neighbours.
    private func texts(where holds: (HTMLTree.Node) -> Bool) -> [String] {
        var found: [String] = []
        var last: HTMLTree.Node?
        var next = 1
        while next < tree.count, found.count < Self.elementsMax {
            let node = next
            next += 1
            // The authors of one article stand together.
            if let last, node - last > Self.lineNodesMax { break }
            guard !tree.isText(node), tree.end(of: node) - node < Self.lineNodesMax, holds(node)
            else { continue }
            let text = tree.text(of: node)
            guard !text.isEmpty, text.utf8.count <= Self.lineBytesMax, !isElsewhere(node) else {
                continue
            }
            found.append(text)
            next = tree.end(of: node)
            last = next
        }
        return found
    }
    private static let elementsMax = 3

    private func isDeclaredAuthor(_ node: HTMLTree.Node) -> Bool {
        tree.rawAttribute(.rel, of: node).map { $0.elementsEqual("author".utf8) } ?? false
            || tree.rawAttribute(.itemprop, of: node).map { $0.elementsEqual("author".utf8) }
                ?? false
    }

    private func isByline(_ node: HTMLTree.Node) -> Bool {
        guard marks.evidence[node].contains(.byline),
            let name = tree.attribute(.class, of: node)?.lowercased()
        else { return false }
        return ["author", "byline", "auteur", "autor"].contains { name.contains($0) }
            && !["bio", "about", "box", "date", "comment"].contains { name.contains($0) }
    }

    private func lineOfAuthor() -> String? {
        for node in lines where tree.isText(node) {
            let raw = tree.rawText(of: node)
            guard raw.count <= Self.lineBytesMax else { continue }
            let text = tree.text(of: node)
            let opener = text.prefix { $0.isLetter }.lowercased()
            guard ["by", "par", "von", "por"].contains(opener), !isElsewhere(node) else { continue }
            // `<span>Par</span> <b>Anne Tanguy</b>`: the name stands in the block around it.
            let isAlone = text.filter(\.isLetter).count == opener.count
            let block = tree.ancestors(of: node).first { !tree.elements[$0].isInline }
            let line = isAlone ? block.map { tree.text(of: $0) } ?? text : text
            let name = line.dropFirst(opener.count).drop { !$0.isLetter }
            guard line.utf8.count <= Self.lineBytesMax, name.first?.isUppercase == true,
                name.split(separator: " ").count <= 8
            else { continue }
            return line
        }
        return nil
    }
}

private func isDigit(_ byte: UInt8) -> Bool { 0x30...0x39 ~= byte }
