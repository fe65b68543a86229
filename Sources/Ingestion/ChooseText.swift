internal import FeedParsing
internal import News
internal import PageExtraction

/// The text that a feed itself carries for an entry.
struct OwnText: Sendable {
    /// At this size the feed's text may stand for the article when its page cannot be had.
    static let fullBytesMin = 600

    let extraction: Extraction
    let source: TextSource
    /// Long enough, and not cut in the middle.
    let isFull: Bool
    /// Ends in the middle, with an ellipsis or an invitation to read on.
    let isCut: Bool

    init(of entry: Entry, base: HTTPURL?) {
        let content = entry.content?.written.utf8.count ?? 0
        let summary = entry.summary?.written.utf8.count ?? 0
        // Some feeds put the full text into the description.
        let isContent = content >= summary
        let text = isContent ? entry.content : entry.summary
        self.init(
            extractFragment(html: text?.html ?? "", from: text?.base ?? base), isContent: isContent)
    }

    /// - Parameter isContent: whether the feed calls it content, and not a summary.
    init(_ extraction: Extraction, isContent: Bool) {
        self.extraction = extraction
        // "Read on" on a line of its own was left out as furniture.
        isCut =
            extraction.blocks.last.map { endsInTheMiddle($0.text) } ?? false
            || extraction.dropped.contains { invitations.contains(ending(of: $0.text)) }
        isFull = extraction.textBytes >= Self.fullBytesMin
        source = isContent || isFull ? .feed : .summary
    }

    var bytes: Int { extraction.textBytes }
}

/// Whether the page's text or the feed's becomes the article's.
///
/// A good text of the feed is never replaced by a worse page: one with clearly less text, or one
/// whose words are not the feed's. Lengths alone do not tell: a page of which the comments were
/// read is longer than the article.
/// - Returns: which, and why. `page` when the page is an article and no reason speaks against it;
///   else the feed's, which may still be none.
func chooseText(page: Extraction, own: OwnText) -> (source: TextSource, choice: TextChoice) {
    let (pageBytes, feedBytes) = (page.textBytes, own.bytes)
    func choice(_ reason: TextChoice.Reason, shared: Double? = nil) -> TextChoice {
        TextChoice(
            reason, page: page.kind, pageBytes: pageBytes, feedBytes: feedBytes, shared: shared)
    }
    guard page.kind == .article else { return (own.source, choice(.pageIsOther)) }
    guard own.isFull else {
        if own.isCut { return (.page, choice(.feedCut)) }
        // A brief may stand whole in its feed.
        return pageBytes * 2 < feedBytes
            ? (own.source, choice(.feedFuller)) : (.page, choice(.pageOnly))
    }
    let shared = sharedWording(of: own.extraction.blocks, in: page.blocks)
    let isLess = pageBytes * 5 < feedBytes * 4
    if own.isCut, pageBytes * 2 > feedBytes, shared >= sharedMin {
        return (.page, choice(.feedCut, shared: shared))
    }
    if isLess { return (own.source, choice(.feedFuller, shared: shared)) }
    if shared < sharedMin { return (own.source, choice(.pageSaysOther, shared: shared)) }
    return (.page, choice(.pageFuller, shared: shared))
}

/// A page with less of the feed's wording than this is another text. Edited texts keep far more.
private let sharedMin = 0.25
/// Words that are compared; the others are passed over.
private let comparedWordsMax = 4_000
/// Words in a row that make wording: single words recur in any text of one language.
private let runLength = 4

/// The share of the runs of words in `own` that `other` has too, 0…1; 1 when `own` has none.
private func sharedWording(of own: [Block], in other: [Block]) -> Double {
    let asked = runs(of: own, wordsMax: comparedWordsMax)
    guard !asked.isEmpty else { return 1 }
    let held = runs(of: other, wordsMax: 4 * comparedWordsMax)
    return Double(asked.intersection(held).count) / Double(asked.count)
}

private func runs(of blocks: [Block], wordsMax: Int) -> Set<UInt64> {
    let words = FoldedText(blocks.map(\.text).joined(separator: "\n")).words.prefix(wordsMax)
        .map(\.hash)
    guard words.count >= runLength else { return [] }
    return Set(
        (0...(words.count - runLength)).map { start in
            words[start..<start + runLength].reduce(0) { ($0 &* 0x0000_0100_0000_01B3) ^ $1 }
        })
}

/// "… [Read more]", "Lire la suite", "The council …".
private func endsInTheMiddle(_ text: String) -> Bool {
    let end = ending(of: text)
    return ["…", "..."].contains { end.hasSuffix($0) }
        || invitations.contains { end.hasSuffix($0) }
}

/// The last characters in small letters, without spaces, brackets and arrows.
private func ending(of text: String) -> String {
    text.suffix(endCharactersMax).lowercased().filter {
        !$0.isWhitespace && !"[]()»→>+".contains($0)
    }
}
private let endCharactersMax = 40
/// Without spaces, in small letters.
private let invitations = [
    "readmore", "continuereading", "readthefullstory", "readthefullarticle", "lirelasuite",
    "lirel’article", "lirel'article", "ensavoirplus", "weiterlesen", "mehrlesen", "leermás",
    "seguirleyendo", "continuaaleggere", "leggitutto", "leiamais", "leesverder",
]
