package import News

/// A block with what its mark-up said of it, so that links count as evidence.
package struct MarkedBlock: Hashable, Sendable {
    package var block: Block
    /// UTF-8 bytes of its text that stand inside links.
    package var linkedBytes: Int
    /// Where its links lead, as written.
    package var links: [String]
    /// A heading's level, 1…6.
    package var level: Int?

    package init(_ block: Block, linkedBytes: Int = 0, links: [String] = [], level: Int? = nil) {
        self.block = block
        self.linkedBytes = linkedBytes
        self.links = links
        self.level = level
    }
}

/// Why a block is furniture: what stands around an article's words and is not of them.
package enum FurnitureReason: String, Sendable, CaseIterable {
    case share, newsletter, affiliate, related, cookie, paywall, advertisement, copyright, tags
    case sourceLine = "source-line"
    case callToAction = "call-to-action"
    case commentInvitation = "comment-invitation"
    case photoCredit = "photo-credit"
    case followUs = "follow-us"
    case readingTime = "reading-time"
    case linkList = "link-list"
    /// Words of the page's machinery: print, back to top, posted in.
    case pageNote = "page-note"
    /// Who wrote or published it, at the end.
    case authorNote = "author-note"
    /// Signs without a word: a row of stars, an ellipsis in brackets.
    case ornament
}

/// What furniture may look like, in words.
package enum FurnitureLimits {
    /// A block of more words is prose, whatever phrases it holds.
    package static let wordsMax = 60
    /// A block of more words is no label, teaser or credit.
    package static let lineWordsMax = 30
    /// A label such as "Further reading:" has at most this many words.
    package static let labelWordsMax = 8
    /// This many list items in a row that are links and nothing else are navigation.
    package static let linkRunMin = 3
}

/// Tells for each block whether it is furniture: nil to keep it, else the raw value of its
/// `FurnitureReason`.
///
/// Three kinds of evidence, none of which knows a site: the block's words (`furniturePhrases`), its
/// shape (nothing but links, a sign before a link, names of share networks), and its place. A block
/// is dropped in the middle only when it is little else than the phrase; at the end of the document
/// a run of furniture is taken as a whole, weak evidence and labels included. A paragraph of prose
/// is never dropped for one phrase. `language` (BCP 47) leaves out the phrases of other languages
/// but English; nil tries all. Cost: linear in the text.
package func furnitureReasons(of blocks: [MarkedBlock], language: String?) -> [String?] {
    let seen = blocks.map { BlockEvidence(of: $0, language: language) }
    var reasons = seen.map(\.certain)
    takeWhatFollowsLabels(in: seen, &reasons)
    takeLinkRuns(in: seen, &reasons)
    takeNetworkNames(in: seen, &reasons)
    takeTail(of: seen, &reasons)
    return reasons.map { $0?.rawValue }
}

/// "Read also" on a line of its own speaks of the teasers beneath it: all that are links, else one
/// headline, else (when only headlines follow to the end) all of them.
private func takeWhatFollowsLabels(in seen: [BlockEvidence], _ reasons: inout [FurnitureReason?]) {
    for index in seen.indices where seen[index].isLabel {
        guard let reason = reasons[index], reason == .related else { continue }
        let rest = seen.indices[(index + 1)...]
        let linked = rest.prefix { reasons[$0] == nil && seen[$0].isLinkOnly }
        let headlines = rest.prefix { reasons[$0] == nil && seen[$0].isHeadline }
        let reachesEnd = headlines.endIndex == seen.endIndex
        let taken = !linked.isEmpty ? linked : reachesEnd ? headlines : headlines.prefix(1)
        for next in taken { reasons[next] = reason }
    }
}

/// A list of which every item is a link is a menu, wherever it stands.
private func takeLinkRuns(in seen: [BlockEvidence], _ reasons: inout [FurnitureReason?]) {
    var start = 0
    while start < seen.count {
        let run = seen[start...].prefix { $0.kind == .listItem && $0.isLinkOnly }
        if run.count >= FurnitureLimits.linkRunMin {
            for index in run.indices where reasons[index] == nil { reasons[index] = .linkList }
        }
        start += max(1, run.count)
    }
}

/// A network's name alone may be a subject; beside another share button it is one too.
private func takeNetworkNames(in seen: [BlockEvidence], _ reasons: inout [FurnitureReason?]) {
    for index in seen.indices where reasons[index] == nil && seen[index].networkNames == 1 {
        if index > 0, reasons[index - 1] == .share { reasons[index] = .share }
    }
    for index in seen.indices.reversed() where reasons[index] == nil {
        guard seen[index].networkNames == 1, seen[index].kind != .heading else { continue }
        if index + 1 < seen.count, reasons[index + 1] == .share { reasons[index] = .share }
    }
}

/// From the end upwards, as long as every block is furniture or may be.
private func takeTail(of seen: [BlockEvidence], _ reasons: inout [FurnitureReason?]) {
    var below: FurnitureReason?
    for index in seen.indices.reversed() {
        guard let reason = reasons[index] ?? seen[index].reasonAtTail(above: below) else { return }
        reasons[index] = reason
        below = reason
    }
}

// MARK: - What one block shows

/// The evidence in one block, before its neighbours are looked at.
private struct BlockEvidence {
    let kind: Block.Kind
    /// Furniture wherever it stands.
    private(set) var certain: FurnitureReason?
    /// Furniture when everything beneath it is.
    private(set) var suspected: FurnitureReason?
    /// Nothing but a phrase or a short line that ends with a colon.
    private(set) var isLabel = false
    /// Names of share networks, when it holds no other words; else 0.
    private(set) var networkNames = 0

    /// The words themselves are let go: pages have thousands of blocks.
    private let wordCount: Int
    private let line: LineShape
    private let linkShare: Double

    init(of marked: MarkedBlock, language: String?) {
        kind = marked.block.kind
        let (words, line) = foldedWords(of: marked.block.text, max: FurnitureLimits.wordsMax)
        wordCount = words.count
        self.line = line
        linkShare =
            marked.linkedBytes <= 0
            ? 0 : min(1, Double(marked.linkedBytes) / Double(max(1, line.bytes)))
        guard wordCount <= FurnitureLimits.wordsMax, kind != .code, kind != .table else { return }
        weigh(PhraseIndex.shared.matches(in: words, language: language))
        weighShape(words, links: marked.links)
    }

    /// All but a fifth of it is link text.
    var isLinkOnly: Bool { linkShare >= 0.8 && wordCount <= FurnitureLimits.lineWordsMax }

    /// A short line that is no sentence.
    var isHeadline: Bool {
        !line.endsSentence && wordCount <= 20 && wordCount > 0
            && (kind == .paragraph || kind == .listItem)
    }

    /// What it counts as at the end of a document, above furniture of that reason or the very end.
    func reasonAtTail(above below: FurnitureReason?) -> FurnitureReason? {
        if let suspected { return suspected }
        if networkNames > 0 { return .share }
        if isLinkOnly, kind != .heading { return .linkList }
        guard let below else { return nil }
        if kind == .heading, wordCount <= FurnitureLimits.lineWordsMax { return below }
        let isColonLabel = line.endsWithColon && wordCount <= FurnitureLimits.labelWordsMax
        return isColonLabel ? below : nil
    }

    private mutating func weigh(_ matches: [PhraseIndex.Match]) {
        for match in matches {
            let (phrase, start) = (match.phrase, match.start)
            let isWhole = phrase.words.count == wordCount
            if isCertain(phrase, at: start, among: matches) {
                certain = certain ?? phrase.reason
                let opensLine = start == 0 && (line.endsWithColon || isWhole)
                if opensLine && wordCount <= FurnitureLimits.labelWordsMax { isLabel = true }
            } else if phrase.place == .tail,
                start == 0 || wordCount <= FurnitureLimits.lineWordsMax || line.asks
            {
                suspected = suspected ?? phrase.reason
            }
        }
    }

    private func isCertain(
        _ phrase: FurniturePhrase, at start: Int, among matches: [PhraseIndex.Match]
    ) -> Bool {
        let length = phrase.words.count
        if length == wordCount && phrase.place != .tail { return true }
        switch phrase.place {
        case .tail: return false
        case .anywhere:
            // One such phrase condemns a line; a whole paragraph needs two, unless it speaks of
            // commissions.
            return wordCount <= FurnitureLimits.lineWordsMax || phrase.reason == .affiliate
                || isRepeated(phrase.reason, in: matches)
        case .whole:
            // "3 min read" opens with its figure, as "share on …" opens with itself.
            let opens = start == 0 || (start == 1 && wordCount <= 4)
            let needed = opens ? wordCount : wordCount + (wordCount + 1) / 2
            return length >= 2 && length * 2 >= needed
        case .opening:
            guard start == 0, wordCount <= FurnitureLimits.lineWordsMax else { return false }
            return line.wordsBeforeColon == length || linkShare >= 0.5 || line.opensWithSign
                || (length >= 2 && !line.endsSentence)
        }
    }

    /// Whether two phrases of that reason stand side by side, not one inside the other.
    private func isRepeated(_ reason: FurnitureReason, in matches: [PhraseIndex.Match]) -> Bool {
        var (count, end) = (0, 0)
        for match in matches where match.phrase.reason == reason && match.start >= end {
            count += 1
            end = match.start + match.phrase.words.count
        }
        return count >= 2
    }

    private mutating func weighShape(_ words: [UInt64], links: [String]) {
        let names = words.filter { PhraseIndex.shared.networks.contains($0) }.count
        if names > 0, words.allSatisfy({ PhraseIndex.shared.isShareWord($0) }) {
            networkNames = names
            if names >= 2, certain == nil, kind != .heading { certain = .share }
        }
        guard certain == nil else { return }
        if isLinkOnly, !links.isEmpty, links.allSatisfy({ isShareTarget($0) }) {
            certain = .share
        } else if line.opensWithSign, !links.isEmpty,
            wordCount <= FurnitureLimits.lineWordsMax / 2 || linkShare >= 0.5
        {
            if linkShare >= 0.3 { certain = .callToAction }
            suspected = .callToAction
        } else if wordCount == 0, line.bytes > 0, kind == .paragraph, links.isEmpty {
            suspected = .ornament
        }
    }
}

/// Addresses that hand the page on, told by the words that such addresses are made of.
private func isShareTarget(_ link: String) -> Bool {
    let letters = link.utf8.prefix(300).map(smallLetter)
    return shareSchemes.contains { letters.starts(with: $0) }
        || sharePaths.contains { holds($0, in: letters.span) }
}

private let shareSchemes = ["mailto:?", "whatsapp:", "fb-messenger:", "tg://msg"]
    .map { Array($0.utf8) }
private let sharePaths = [
    "/sharer", "sharearticle", "/intent/tweet", "/intent/post", "/share?", "/share-offsite",
    "/pin/create", "/submit?url=",
].map { Array($0.utf8) }
