internal import Markup
internal import News

/// Finds the day of an article in what its page shows.
struct VisibleDates {
    private let surroundings: HeadlineSurroundings
    private let language: String?
    private var tree: HTMLTree { surroundings.tree }

    init(_ surroundings: HeadlineSurroundings, language: String?) {
        self.surroundings = surroundings
        self.language = language
    }

    /// `itemprop=datePublished`; else the day in the address, unless a `time` confirms it; else a
    /// `time`, the one after the headline first. Cost: linear in the page.
    func declared(address: PageDate?) -> (date: PageDate, source: FieldSource)? {
        var first: PageDate?
        var afterHeadline: PageDate?
        for node in tree.nodes where !tree.isText(node) {
            let isTime = tree.elements[node] == .time
            let property = tree.rawAttribute(.itemprop, of: node)
            let isPublished = property.map { isEqual($0.span, Words.datePublished) } ?? false
            guard isPublished || isTime,
                tree.end(of: node) - node < HeadlineSurroundings.lineNodesMax,
                let date = writtenDate(node), !surroundings.isElsewhere(node, trust: .byline)
            else { continue }
            if isPublished { return (date, FieldSource(.markup, 0.9)) }
            first = first ?? date
            if let headline = surroundings.headline, node > headline {
                afterHeadline = afterHeadline ?? date
            }
        }
        let time = afterHeadline ?? first
        guard let address else { return time.map { ($0, FieldSource(.time, 0.75)) } }
        guard let time else { return (address, FieldSource(.address, 0.75)) }
        let distance = time.instant.since(address.instant).milliseconds
        // A `time` of another day than the address has is another article's.
        return -86_400_000...172_800_000 ~= distance
            ? (time, FieldSource(.time, 0.95)) : (address, FieldSource(.address, 0.7))
    }

    private func writtenDate(_ node: HTMLTree.Node) -> PageDate? {
        let written = tree.attribute(.datetime, of: node) ?? tree.attribute(.content, of: node)
        if let date = written.flatMap({ pageDate($0) }) { return date }
        let text = tree.text(of: node)
        guard text.utf8.count <= HeadlineSurroundings.lineBytesMax else { return nil }
        return date(in: text)
    }

    private func date(in text: String) -> PageDate? {
        pageDate(text) ?? numericDate(text, language: language)
    }

    // MARK: - Dates without a mark

    /// The date with the best evidence of being the article's own: words before it that say
    /// "published", a line for itself, its place by the headline, a class that says date. Texts of
    /// no evidence count only when the article has one date alone.
    func found() -> PageDate? {
        var best: (date: PageDate, score: Int)?
        var mentioned: Set<Instant> = []
        var lone: PageDate?
        var looked = 0
        for node in tree.nodes where tree.isText(node) {
            guard let window = window(around: node), looked < Self.datesMax else { continue }
            looked += 1
            guard let date = date(in: window.text) ?? dateOfBlock(around: node) else { continue }
            let score = score(of: node, window)
            if score > best?.score ?? Self.scoreMin - 1 { best = (date, score) }
            guard score >= 0 else { continue }
            mentioned.insert(date.instant)
            lone = lone ?? date
        }
        return best?.date ?? (mentioned.count == 1 ? lone : nil)
    }
    private static let datesMax = 200
    private static let scoreMin = 3

    private struct Window {
        /// What stands around the date.
        var text: String
        /// What stands before it, in small letters.
        var before: String
        /// Bytes of the whole text node.
        var bytes: Int
    }

    /// The text about the first year in a node; nil when it has none.
    private func window(around node: HTMLTree.Node) -> Window? {
        let raw = tree.rawText(of: node)
        guard raw.count >= 6, let year = positionOfDate(in: raw) else { return nil }
        let start = max(raw.startIndex, year - 48)
        let text = tree.text(of: node)
        if text.utf8.count <= HeadlineSurroundings.lineBytesMax {
            let digit = text.firstIndex { $0.isNumber } ?? text.endIndex
            let before = text[..<digit].lowercased()
            return Window(
                text: text, before: before.isEmpty ? textBefore(node) : before,
                bytes: text.utf8.count)
        }
        let around = raw[start..<min(raw.endIndex, year + 16)]
        let words = String(decoding: around, as: UTF8.self)
        // The first word of the window may be cut in two.
        let whole = start > raw.startIndex ? String(words.drop { $0 != " " }) : words
        let digit = whole.firstIndex { $0.isNumber } ?? whole.endIndex
        return Window(text: whole, before: whole[..<digit].lowercased(), bytes: raw.count)
    }

    /// `<b>26</b> October 2018`: the date of the short block around a node.
    private func dateOfBlock(around node: HTMLTree.Node) -> PageDate? {
        guard let block = tree.ancestors(of: node).first(where: { !tree.elements[$0].isInline }),
            tree.end(of: block) - block < HeadlineSurroundings.lineNodesMax
        else { return nil }
        let text = tree.text(of: block)
        return text.utf8.count <= HeadlineSurroundings.lineBytesMax ? date(in: text) : nil
    }

    /// The text just before a node, in the same block: `<b>Published:</b> 22 November 2026`.
    private func textBefore(_ node: HTMLTree.Node) -> String {
        for other in (max(0, node - 6)..<node).reversed() where tree.isText(other) {
            let text = tree.text(of: other)
            if !text.isEmpty { return text.utf8.count <= 60 ? text.lowercased() : "" }
        }
        return ""
    }

    private func score(of node: HTMLTree.Node, _ window: Window) -> Int {
        if surroundings.isElsewhere(node, trust: .declared) { return -1 }
        var score = 0
        if Words.updated.contains(where: window.before.contains) {
            score -= 2
        } else if Words.published.contains(where: window.before.contains) {
            score += 4
        }
        if surroundings.isElsewhere(node, trust: .byline) { score -= 1 }
        if window.bytes <= 40 { score += 3 } else if window.bytes <= 90 { score += 1 }
        if surroundings.lines.contains(node) { score += 3 }
        let near = tree.ancestors(of: node).prefix(3)
        if near.contains(where: { surroundings.marks.evidence[$0].contains(.byline) }) {
            score += 2
        }
        if window.text.first == "(", window.before.utf8.count <= 2 { score += 2 }
        let isLinked = near.contains { tree.elements[$0] == .a }
        return isLinked ? max(0, score - 3) : score
    }

    /// Where a year of four digits or a day in figures stands, by its last digits.
    private func positionOfDate(in raw: ArraySlice<UInt8>) -> Int? {
        var run = 0
        for index in raw.indices {
            let byte = raw[index]
            guard 0x30...0x39 ~= byte else {
                run = 0
                continue
            }
            run += 1
            let isLast = index + 1 == raw.endIndex || !(0x30...0x39 ~= raw[index + 1])
            guard isLast else { continue }
            if run == 4, isCentury(raw[index - 3], raw[index - 2]) { return index }
            if run == 2, index - 7 >= raw.startIndex, raw[index - 2] == UInt8(ascii: "."),
                raw[index - 5] == UInt8(ascii: ".")
            {
                return index
            }
        }
        return nil
    }

    private func isCentury(_ first: UInt8, _ second: UInt8) -> Bool {
        (first == UInt8(ascii: "1") && second == UInt8(ascii: "9"))
            || (first == UInt8(ascii: "2") && second == UInt8(ascii: "0"))
    }

    // MARK: - Dates in scripts

    /// A day that a script on the page holds under a name such as `published_at`; the first of the
    /// scripts' first `scriptBytesMax` bytes.
    func inScripts(_ scripts: [HTMLTree.Node]) -> PageDate? {
        var budget = Self.scriptBytesMax
        for script in scripts {
            for child in tree.children(of: script) where budget > 0 {
                let raw = tree.rawText(of: child).prefix(budget)
                budget -= raw.count
                if let date = dateNamed(in: raw) { return date }
            }
        }
        return nil
    }
    private static let scriptBytesMax = 1 << 20

    private func dateNamed(in raw: ArraySlice<UInt8>) -> PageDate? {
        var index = raw.startIndex
        while let found = raw[index...].firstIndex(where: { $0 | 0x20 == UInt8(ascii: "p") }) {
            index = found + 1
            for name in Words.scriptNames where raw[found...].starts(with: name) {
                // `"published_at":"2026-…`, quotes and backslashes aside.
                let value = raw[(found + name.count)...].prefix(60).drop {
                    !(0x30...0x39 ~= $0) && Words.scriptSigns.contains($0)
                }
                let text = String(decoding: value.prefix(30), as: UTF8.self)
                if value.first.map({ 0x30...0x39 ~= $0 }) == true, let date = pageDate(text) {
                    return date
                }
            }
        }
        return nil
    }
}

private enum Words {
    static let datePublished = Array("datepublished".utf8)
    /// As they stand before a date, in small letters.
    static let published = [
        "publi", "posted", "mis en ligne", "mise en ligne", "paru le", "veröffentlicht", "erstellt",
        "geschrieben", "verfasst", "wurde am", "eingestellt", "date", "datum", "fecha", "gepost",
        "written on", "created", "écrit le", "rédigé le", "pubblicato", "gepubliceerd", "stand:",
        "first published", "issued", "released", "geplaatst", "data:", "vom ",
    ]
    static let updated = [
        "updated", "modified", "mis à jour", "mise à jour", "aktualisi", "aktualisierung",
        "änderung", "geändert", "actualizado", "aggiornato", "bijgewerkt", "revised", "edited",
        "modifié", "atualizado",
    ]
    static let scriptNames = [
        "published_at", "publishedAt", "publishDate", "publish_date", "published_time",
        "publishedDate", "published_date", "pubDate", "publicationDate", "publication_date",
        "publishedTime", "publishTime", "postDate", "publishedOn",
    ].map { Array($0.utf8) }
    /// What stands between a name and its value in a script.
    static let scriptSigns = Set("\"'\\: =&quot;".utf8)
}
