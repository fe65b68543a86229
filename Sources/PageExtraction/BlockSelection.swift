internal import Markup
internal import News

/// What the decisions about single blocks need to know of the page.
struct SelectionContext {
    /// Every spelling of the title that the page has.
    var titles: [String] = []
    /// BCP 47, as declared.
    var language: String?
    /// Whether all blocks are the article's, as in a feed entry: short texts then stay.
    var isFragment = false
}

/// Decides block by block what of a container is the article's text.
struct BlockSelection {
    private let blocks: [PageBlock]
    private let context: SelectionContext
    /// Per block: nil to keep it, else why not.
    private(set) var reasons: [String?]

    init(_ blocks: [PageBlock], context: SelectionContext) {
        self.blocks = blocks
        self.context = context
        reasons = Array(repeating: nil, count: blocks.count)
        dropTitles()
        dropFurniture()
        dropLinks()
        if !context.isFragment { dropMarks() }
        dropRepeats()
        if !context.isFragment { dropEdges() }
        dropEmptyHeadings()
    }

    private mutating func drop(_ index: Int, _ reason: String) {
        if reasons[index] == nil { reasons[index] = reason }
    }

    // MARK: - Rules, in order

    private mutating func dropTitles() {
        let titles = context.titles.map(comparable)
        let sizeMax = 2 * (titles.map(\.utf8.count).max() ?? 0) + 40
        for (index, block) in blocks.enumerated() {
            if block.level == 1, !context.isFragment {
                drop(index, "title")
            } else if block.bytesCount <= sizeMax, titles.contains(comparable(block.text)) {
                drop(index, "title")
            }
        }
    }

    private mutating func dropFurniture() {
        let marked = blocks.map {
            MarkedBlock(
                Block($0.kind, $0.text), linkedBytes: $0.linkedBytes, links: $0.links,
                level: $0.level)
        }
        for (index, reason) in furnitureReasons(of: marked, language: context.language).enumerated()
        {
            if let reason { drop(index, reason) }
        }
    }

    private mutating func dropLinks() {
        for (index, block) in blocks.enumerated() {
            let density = block.linkDensity
            switch block.kind {
            case .listItem where density > 0.6: drop(index, "link-list")
            case .paragraph where density > 0.66 && block.bytesCount < 300: drop(index, "links")
            case .heading where density > 0.8: drop(index, "links")
            default: break
            }
        }
    }

    /// Lines without a word: rules, the places of pictures in a gallery, addresses alone.
    private mutating func dropMarks() {
        for (index, block) in blocks.enumerated()
        where block.bytesCount <= Self.markBytesMax && block.kind != .code && block.kind != .table {
            let last = block.text.utf8.last ?? 0
            if !block.text.contains(where: { $0.isLetter || $0.isNumber }) {
                drop(index, "ornament")
            } else if block.kind == .paragraph, isAddress(block.text) {
                drop(index, "contact")
            } else if 0x30...0x39 ~= last, isCounter(block.text) {
                drop(index, "counter")
            }
        }
    }
    private static let markBytesMax = 60

    private func isAddress(_ text: String) -> Bool {
        !text.utf8.contains(0x20)
            && (text.utf8.contains(0x40)
                || ["http", "www.", "twitter.com"].contains { text.hasPrefix($0) })
    }

    /// `Image 1 of 5`, `1 / 6`, `Photo 2 sur 8`
    private func isCounter(_ text: String) -> Bool {
        let words = text.split { $0 == " " || $0 == "/" }
        guard (2...4).contains(words.count) else { return false }
        let numbers = words.filter { $0.allSatisfy(\.isNumber) }.count
        let others = words.filter { !$0.allSatisfy(\.isNumber) }.map { $0.lowercased() }
        return numbers == 2 && words.last?.allSatisfy(\.isNumber) == true
            && others.allSatisfy { Self.counterWords.contains($0) }
    }
    private static let counterWords: Set<String> = [
        "image", "photo", "slide", "bild", "foto", "of", "sur", "von", "de", "di", "van",
    ]

    /// A text that a page says four times is its machinery speaking; a long one said twice is said
    /// once.
    private mutating func dropRepeats() {
        let hashes = blocks.map { hash(of: $0.text.utf8) }
        var seen: [UInt64: Int] = [:]
        for hash in hashes { seen[hash, default: 0] += 1 }
        var met: Set<UInt64> = []
        for (index, block) in blocks.enumerated() where block.kind != .table {
            if block.kind == .listItem, block.bytesCount < Self.longBytesMin { continue }
            if let count = seen[hashes[index]], count >= Self.repeatsMax {
                drop(index, "repeated")
            } else if block.bytesCount >= Self.longBytesMin, !met.insert(hashes[index]).inserted {
                drop(index, "repeated")
            }
        }
    }
    private static let repeatsMax = 4
    private static let longBytesMin = 60

    /// Before the first paragraph and after the last stand labels, names and dates.
    private mutating func dropEdges() {
        let kept = blocks.indices.filter { reasons[$0] == nil }
        let prose = kept.filter { isProse(blocks[$0]) }
        guard let first = prose.first, let last = prose.last else { return }
        for index in kept where index < first || index > last {
            let block = blocks[index]
            let isPart =
                index > last
                ? block.kind == .quotation || block.kind == .code
                    || (block.isSentence && block.bytesCount >= 25)
                    || (block.kind == .listItem && block.bytesCount >= 25)
                    || block.kind == .table
                    || (block.isOwnParagraph && block.linkedBytes == 0 && block.bytesCount >= 15)
                : block.isSentence && block.bytesCount >= 25
                    || (block.kind == .heading && index + 1 == first)
            if !isPart { drop(index, "label") }
        }
    }

    /// A subhead with nothing beneath it before the next of its level announces something left out.
    private mutating func dropEmptyHeadings() {
        var level = Int.max
        var hasText = false
        for index in blocks.indices.reversed() {
            let block = blocks[index]
            guard block.kind == .heading else {
                if reasons[index] == nil { hasText = true }
                continue
            }
            guard reasons[index] == nil else { continue }
            let own = block.level ?? 6
            // Lists of statements are written as headings alone.
            if block.isSentence, block.bytesCount >= Self.longBytesMin {
                hasText = true
            } else if !hasText, own >= level || level == Int.max {
                drop(index, "heading")
            } else {
                level = own
                hasText = false
            }
        }
    }

    private func isProse(_ block: PageBlock) -> Bool {
        switch block.kind {
        case .paragraph, .quotation, .listItem:
            block.bytesCount >= 80 || (block.bytesCount >= 40 && block.isSentence)
        case .code: true
        case .heading, .table: false
        }
    }
}

/// A title as it is compared: its folded words.
func comparable(_ text: String) -> String {
    String(decoding: FoldedText(text).folded, as: UTF8.self)
}
