internal import Markup
internal import News

/// Goes through the steps of reading one parsed page.
struct PageReader {
    private let tree: HTMLTree
    private let url: HTTPURL?

    init(_ tree: HTMLTree, url: HTTPURL?) {
        self.tree = tree
        self.url = url
    }

    func read() -> Extraction {
        let marks = FurnitureMarks(tree)
        let metadata = PageMetadata(tree, marks: marks, url: url)
        var text = readText(metadata, marks: marks)
        if text.proseBytes < Self.proseBytesMin {
            // Class names that call everything furniture are not believed.
            let second = readText(metadata, marks: FurnitureMarks(tree, strictness: .tagsOnly))
            if second.proseBytes > 2 * text.proseBytes { text = second }
        }
        text.takeDeclaredBody(metadata.linkedData)
        var extraction = Extraction(
            title: metadata.title, authors: metadata.authors,
            published: metadata.published?.instant, publishedZone: metadata.published?.zoneMinutes,
            updated: metadata.updated, language: metadata.language,
            declaredCanonical: metadata.canonical, siteName: metadata.siteName,
            summary: metadata.summary, image: metadata.image, sources: metadata.sources,
            blocks: text.blocks, dropped: text.dropped)
        extraction.reservations = metadata.reservations
        extraction.kind = judgeKind(of: tree, extraction, text: text, metadata: metadata)
        return extraction
    }
    /// Less prose than this is looked for again with less belief in class names.
    private static let proseBytesMin = 250

    func readFragment() -> Extraction {
        let marks = FurnitureMarks(tree, strictness: .fragment)
        let cut = cutIntoBlocks(tree, root: 0, furniture: marks)
        let selection = BlockSelection(cut.kept, context: SelectionContext(isFragment: true))
        var text = PageText()
        text.add(cut.kept, selection.reasons)
        text.dropped += cut.dropped
        return Extraction(
            kind: text.blocks.isEmpty ? .empty : .article, blocks: text.blocks,
            dropped: text.dropped)
    }

    private func readText(_ metadata: PageMetadata, marks: FurnitureMarks) -> PageText {
        let cut = cutIntoBlocks(tree, root: 0, furniture: marks)
        let headline = metadata.headline.flatMap { node in
            cut.kept.firstIndex { $0.first >= node && $0.first < tree.end(of: node) }
        }
        let choice = ContainerChoice(tree, blocks: cut.kept, marks: marks)
        var text = PageText()
        guard let container = choice.choose(headline: headline) else {
            text.dropped = cut.kept.map { .init($0.text, reason: "outside") } + cut.dropped
            return text
        }
        let range = choice.blocks(below: container)
        let context = SelectionContext(
            titles: metadata.titles, language: metadata.language, isFragment: false)
        let standfirst = Standfirst(metadata: metadata, headline: headline)
        let intro = standfirst.find(in: cut.kept, before: range)
        let rest = SplitBody(tree, blocks: cut.kept).find(around: range, headline: headline)
            .filter { !intro.contains($0) }
        let body =
            rest.filter { $0 < range.lowerBound } + range
            + rest.filter { $0 >= range.upperBound }
        text.add(cut.kept, prefix: intro, body: body, context: context)
        text.dropped += cut.dropped
        if intro.isEmpty { restoreStandfirst(standfirst, to: &text, cut, before: container) }
        return text
    }

    private func restoreStandfirst(
        _ standfirst: Standfirst, to text: inout PageText, _ cut: PageBlocks,
        before container: HTMLTree.Node
    ) {
        guard let found = standfirst.find(inDropped: cut, before: container, unless: text.blocks)
        else { return }
        let start = text.dropped.count - cut.dropped.count
        text.blocks.insert(Block(.paragraph, cut.dropped[found].text), at: 0)
        text.dropped.remove(at: start + found)
    }
}

/// The text of a page as it was chosen.
struct PageText {
    var blocks: [Block] = []
    var dropped: [Extraction.Dropped] = []
    /// UTF-8 bytes of kept blocks that look like paragraphs of an article.
    var proseBytes = 0
    /// UTF-8 bytes of kept text inside links.
    var linkedBytes = 0

    /// - Parameter body: indices of `all`, in order.
    mutating func add(
        _ all: [PageBlock], prefix: [Int], body: [Int], context: SelectionContext
    ) {
        let chosen = body.count == all.count ? all : body.map { all[$0] }
        for index in prefix { keep(all[index]) }
        var isTaken = Array(repeating: false, count: all.count)
        for index in [body, prefix].joined() { isTaken[index] = true }
        for index in all.indices where !isTaken[index] {
            dropped.append(.init(all[index].text, reason: "outside"))
        }
        add(chosen, BlockSelection(chosen, context: context).reasons)
    }

    /// Where a script has yet to write the text, the JSON-LD often has it. Not taken when the
    /// publisher says that it is not free.
    mutating func takeDeclaredBody(_ declared: LinkedData) {
        guard declared.isFree != false else { return }
        let body = declared.body
        let bytes = body.reduce(0) { $0 + $1.utf8.count }
        let kept = blocks.reduce(0) { $0 + $1.text.utf8.count }
        guard kept < Self.shellBytes, bytes > 2 * kept + Self.shellBytes else { return }
        dropped += blocks.map { .init($0.text, reason: "shell") }
        blocks = body.map { Block(.paragraph, $0) }
        proseBytes = bytes
    }
    /// A page that shows less text than this has it elsewhere.
    private static let shellBytes = 250

    mutating func add(_ blocks: [PageBlock], _ reasons: [String?]) {
        var row: Int?
        for (block, reason) in zip(blocks, reasons) {
            if let reason {
                dropped.append(.init(block.text, reason: reason))
            } else if block.kind == .table, block.group == row, let last = self.blocks.indices.last
            {
                self.blocks[last].text += "\t" + block.text
            } else {
                keep(block)
            }
            row = block.kind == .table ? block.group : nil
        }
    }

    private mutating func keep(_ block: PageBlock) {
        blocks.append(Block(block.kind, block.text))
        linkedBytes += block.linkedBytes
        if block.bytesCount >= 60, block.kind != .heading { proseBytes += block.bytesCount }
    }
}
