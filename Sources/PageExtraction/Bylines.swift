internal import Markup
internal import News

/// Finds the authors where a page shows them: elements that are declared to name one, links to an
/// author's own page, elements that are called byline, and lines near the headline that start with
/// "By".
struct Bylines {
    private let surroundings: HeadlineSurroundings
    private var tree: HTMLTree { surroundings.tree }

    init(_ surroundings: HeadlineSurroundings) { self.surroundings = surroundings }

    /// The names of the strongest kind of evidence that names anybody but the site; else, when
    /// `fallback` has none either, the site's own. Cost: linear in the page.
    /// - Parameter siteNames: what the site calls itself.
    func authors(
        siteNames: [String], fallback: ([String], FieldSource)
    ) -> ([String], FieldSource?) {
        let rules: [(HeadlineSurroundings.Trust, FieldSource, (HTMLTree.Node) -> Bool)] = [
            (.declared, FieldSource(.markup, 0.85), isDeclaredAuthor),
            (.byline, FieldSource(.byline, 0.8), isAuthorLink),
            (.byline, FieldSource(.byline, 0.75), isNamedByline),
        ]
        var written: [([String], FieldSource)] = []
        for (trust, source, rule) in rules {
            let lines = texts(trust, where: rule)
            let names = cleanedAuthors(lines, siteNames: siteNames)
            if !names.isEmpty { return (names, source) }
            written.append((lines, source))
        }
        let line = (lineOfAuthor().map { [$0] } ?? [], FieldSource(.byline, 0.65))
        let names = cleanedAuthors(line.0, siteNames: siteNames)
        if !names.isEmpty { return (names, line.1) }
        if !fallback.0.isEmpty { return fallback }
        for (lines, source) in written + [line] {
            let names = cleanedAuthors(lines, siteNames: [])
            if !names.isEmpty { return (names, source) }
        }
        return ([], nil)
    }

    /// The first such element's text, and those of its neighbours: the authors of one article stand
    /// together. Elements inside others of the kind say it best.
    private func texts(
        _ trust: HeadlineSurroundings.Trust, where holds: (HTMLTree.Node) -> Bool
    ) -> [String] {
        var found: [String] = []
        var last: HTMLTree.Node?
        var next = 1
        while next < tree.count, found.count < Self.elementsMax {
            let node = next
            next += 1
            if let last, node - last > HeadlineSurroundings.lineNodesMax { break }
            guard !tree.isText(node),
                tree.end(of: node) - node < HeadlineSurroundings.lineNodesMax, holds(node),
                !surroundings.isElsewhere(node, trust: trust)
            else { continue }
            let text = line(of: innermost(node, where: holds))
            guard !text.isEmpty, text.utf8.count <= HeadlineSurroundings.lineBytesMax else {
                continue
            }
            found.append(text)
            next = tree.end(of: node)
            last = next
        }
        return found
    }
    private static let elementsMax = 4

    /// An element's text. Names that stand side by side, each in an element of its own, are parted
    /// by commas when together they would be none.
    private func line(of node: HTMLTree.Node) -> String {
        let text = tree.text(of: node)
        guard cleanedAuthors([text], siteNames: []).isEmpty else { return text }
        let pieces = (node..<tree.end(of: node)).lazy.filter { tree.isText($0) }
            .map { tree.text(of: $0) }.filter { !$0.isEmpty }
        return pieces.joined(separator: ", ")
    }

    private func innermost(
        _ node: HTMLTree.Node, where holds: (HTMLTree.Node) -> Bool
    ) -> HTMLTree.Node {
        for inner in (node + 1)..<max(node + 1, tree.end(of: node))
        where !tree.isText(inner) && holds(inner) && !tree.text(of: inner).isEmpty {
            return inner
        }
        return node
    }

    // MARK: - The kinds of evidence

    private func isDeclaredAuthor(_ node: HTMLTree.Node) -> Bool {
        for attribute in tree.attributes(of: node) {
            guard attribute.name == .rel || attribute.name == .itemprop else { continue }
            if holdsWord(Words.author, in: tree.bytes.span.extracting(attribute.range)) {
                return true
            }
        }
        return false
    }

    /// A link to `/author/jane-doe`, near the headline.
    private func isAuthorLink(_ node: HTMLTree.Node) -> Bool {
        guard tree.elements[node] == .a, surroundings.lines.contains(node),
            let target = tree.rawAttribute(.href, of: node)
        else { return false }
        let folders = target.prefix(300).split(separator: UInt8(ascii: "/"))
        return folders.dropLast().contains { folder in
            Words.authorFolders.contains { isEqual(folder.span, $0) }
        }
    }

    /// An element whose class speaks of an author, and of nothing else about one.
    private func isNamedByline(_ node: HTMLTree.Node) -> Bool {
        guard let name = tree.rawAttribute(.class, of: node)?.prefix(200) else { return false }
        let letters = name.map(smallLetter)
        return Words.bylineStems.contains { holds($0, in: letters.span) }
            && !Words.bylineOthers.contains { holds($0, in: letters.span) }
    }

    private func lineOfAuthor() -> String? {
        for node in surroundings.lines where tree.isText(node) {
            let raw = tree.rawText(of: node)
            guard raw.count <= HeadlineSurroundings.lineBytesMax else { continue }
            let text = tree.text(of: node)
            let opener = text.prefix { $0.isLetter }.lowercased()
            guard ["by", "par", "von", "por", "di", "door", "de"].contains(opener),
                !surroundings.isElsewhere(node)
            else { continue }
            // `<span>Par</span> <b>Anne Tanguy</b>`: the name stands in the block around it.
            let isAlone = text.filter(\.isLetter).count == opener.count
            if ["di", "door", "de"].contains(opener), !isAlone { continue }
            let block = tree.ancestors(of: node).first { !tree.elements[$0].isInline }
            let line = isAlone ? block.map { tree.text(of: $0) } ?? text : text
            let name = line.dropFirst(opener.count).drop { !$0.isLetter }
            guard line.utf8.count <= HeadlineSurroundings.lineBytesMax,
                name.first?.isUppercase == true, name.split(separator: " ").count <= 8
            else { continue }
            return line
        }
        return nil
    }
}

private enum Words {
    static let author = Array("author".utf8)
    /// Folders of addresses beneath which authors have their pages.
    static let authorFolders = [
        "author", "authors", "autor", "autoren", "autores", "autore", "autori", "auteur",
        "auteurs", "auteurs-du-monde", "journaliste", "journalistes", "redakteur", "contributor",
        "contributors", "columnist", "columnists", "writers", "reporter", "reporters", "byline",
        "staff", "signature", "signatures", "auteur-autrice", "redacteur", "profile", "people",
    ].map { Array($0.utf8) }
    static let bylineStems = ["author", "byline", "auteur", "autor", "verfasser", "redacteur"]
        .map { Array($0.utf8) }
    static let bylineOthers = ["bio", "about", "box", "date", "comment", "image", "avatar"]
        .map { Array($0.utf8) }
}
