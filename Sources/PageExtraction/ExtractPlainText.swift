package import News

/// How a text is marked up.
package enum TextDialect: String, Sendable, Codable {
    case plain, markdown
}

/// The limits by which parts of a text are told apart.
package enum TextLimits {
    /// A title has at most this many words.
    package static let titleWordsMax = 25
    /// … and this many characters: not every script puts spaces between words.
    package static let titleCharactersMax = 200
    /// A heading in plain text has at most this many words, and the paragraph beneath it at least
    /// so many.
    package static let headingWordsMax = 14
    package static let headedWordsMin = 15
    /// Title, date and byline stand in the first blocks, not further down.
    package static let headBlocksMax = 4
    /// Lines of front matter.
    package static let frontMatterLinesMax = 100
    /// The signature of a pasted post has at most this many characters.
    package static let signatureCharactersMax = 160
    /// A paragraph that breaks off has at least this many words; a shorter one is a label or verse.
    package static let brokenWordsMin = 6
}

/// Reads a plain-text or Markdown document: a user's seed file, or a page served as `text/plain`.
///
/// Front matter, a leading date and a byline become metadata; the first heading (or a short first
/// line that is no sentence) becomes the title, nil when there is none; paragraphs broken in
/// mid-sentence are joined; posts pasted in become quotations; furniture is dropped with its
/// reason. `url` is where the document was read from. Never fails. Cost: linear.
package func extractText(_ text: String, dialect: TextDialect, from url: HTTPURL?) -> Extraction {
    var extraction = Extraction()
    var lines = lines(of: text)[...]
    takeFrontMatter(from: &lines, into: &extraction, url: url)
    takeGluedDate(from: &lines, into: &extraction)
    var blocks = dialect == .markdown ? markdownBlocks(Array(lines)) : plainBlocks(Array(lines))
    takeHeadLines(from: &blocks, into: &extraction)
    blocks = quotingEmbeddedPosts(joiningBrokenParagraphs(blocks))
    dropFurniture(from: &blocks, into: &extraction)
    takeTitle(from: &blocks, dialect: dialect, into: &extraction)
    if dialect == .plain { guessHeadings(in: &blocks) }
    extraction.blocks = blocks.map(\.block)
    extraction.kind = extraction.blocks.isEmpty ? .empty : .article
    return extraction
}

private func dropFurniture(from blocks: inout [MarkedBlock], into extraction: inout Extraction) {
    let text = blocks.lazy.map(\.block.text).joined(separator: "\n")
    let language = extraction.language ?? detectLanguage(of: text)
    let reasons = furnitureReasons(of: blocks, language: language)
    var kept: [MarkedBlock] = []
    for (marked, reason) in zip(blocks, reasons) {
        if let reason {
            extraction.dropped.append(.init(marked.block.text, reason: reason))
        } else {
            kept.append(marked)
        }
    }
    blocks = kept
}

/// Tells Markdown from plain text: one heading, link, image or fence is enough; of emphasis,
/// quotation signs and escapes, two kinds. Cost: linear.
package func textDialect(of text: String) -> TextDialect {
    var weak: Set<Character> = []
    guard hasSign(text.utf8Span.span) else { return .plain }
    for line in lines(of: text) where hasSign(line.utf8Span.span) {
        let line = line.trimmingBlanks()
        let level = line.prefix { $0 == "#" }.count
        if 1...6 ~= level, line.dropFirst(level).first?.isWhitespace == true { return .markdown }
        if line.hasPrefix("```") || line.hasPrefix("~~~") { return .markdown }
        if line.holds(anyOf: [linkMiddle]), let mark = line.firstRange(of: "]("),
            isTarget(line[mark.upperBound...])
        {
            return .markdown
        }
        if line.hasPrefix("> ") { weak.insert(">") }
        if line.holds(anyOf: emphases) { weak.insert("*") }
        if line.hasPrefix("* ") || line.hasPrefix("- [") { weak.insert("-") }
        if line.holds(anyOf: escapes) { weak.insert("\\") }
    }
    return weak.count >= 2 ? .markdown : .plain
}

/// Whether any sign of Markdown stands there.
private func hasSign(_ bytes: Span<UInt8>) -> Bool {
    for index in bytes.indices {
        switch bytes[index] {
        case UInt8(ascii: "#"), UInt8(ascii: "`"), UInt8(ascii: "~"), UInt8(ascii: "["),
            UInt8(ascii: "]"), UInt8(ascii: ">"), UInt8(ascii: "*"), UInt8(ascii: "_"),
            UInt8(ascii: "\\"):
            return true
        default: continue
        }
    }
    return false
}

private let linkMiddle = Array("](".utf8)
private let emphases = ["**", "__"].map { Array($0.utf8) }
private let escapes = ["\\$", "\\_", "\\*"].map { Array($0.utf8) }

/// Tells HTML from other text by a tag of paragraphs or lines. Cost: linear.
package func isMarkedUp(_ text: String) -> Bool {
    text.holds(anyOf: paragraphTags)
}

private let paragraphTags = ["</p>", "<p>", "<br", "</div>"].map { Array($0.utf8) }

private func isTarget(_ text: Substring) -> Bool {
    let target = text.prefix { $0 != ")" && !$0.isWhitespace }
    guard target.endIndex < text.endIndex else { return false }
    return target.contains(":") || target.contains("/") || target.contains(".")
        || target.hasPrefix("#") || target.isEmpty
}

// MARK: - Plain text

/// Paragraphs of plain text: parted by blank lines, or one a line where lines are not wrapped.
func plainBlocks(_ lines: [Substring]) -> [MarkedBlock] {
    let chunks = lines.map { $0.trimmingBlanks() }.split { $0.isEmpty }
    var blocks: [MarkedBlock] = []
    for chunk in chunks {
        for (kind, text) in paragraphs(of: Array(chunk)) {
            let inline = inlinePlainText(text)
            blocks.append(
                MarkedBlock(
                    Block(kind, inline.text.collapsingBlanks()), linkedBytes: inline.linkedBytes,
                    links: inline.links))
        }
    }
    return blocks
}

/// In plain text a short line for itself that is no sentence, above prose, is a heading.
private func guessHeadings(in blocks: inout [MarkedBlock]) {
    for index in blocks.indices.dropLast() where isHeading(blocks[index], above: blocks[index + 1])
    {
        blocks[index].block.kind = .heading
        blocks[index].level = 2
    }
}

private func isHeading(_ marked: MarkedBlock, above following: MarkedBlock) -> Bool {
    let (text, prose) = (marked.block.text, following.block.text)
    guard marked.block.kind == .paragraph, following.block.kind == .paragraph,
        marked.links.isEmpty, let first = text.first, let last = text.last,
        first.isUppercase || first.isNumber, !".…:;,!»".contains(last),
        prose.first?.isLowercase == false
    else { return false }
    return text.wordCount <= TextLimits.headingWordsMax
        && prose.wordCount >= TextLimits.headedWordsMin
}

private func paragraphs(of chunk: [Substring]) -> [(Block.Kind, String)] {
    var found: [(kind: Block.Kind, lines: [Substring])] = []
    let isWrapped = isWrapped(chunk)
    for line in chunk {
        if line.first?.isNumber == false, let item = listItemText(line) {
            found.append((.listItem, [item]))
        } else if let last = found.last?.lines.last,
            isWrapped || breaksOff(last, before: line)
        {
            found[found.count - 1].lines.append(line)
        } else {
            found.append((.paragraph, [line]))
        }
    }
    return found.map { ($0.kind, joiningLines($0.lines)) }
}

/// Whether the lines were broken to fit a width: none is long, and all but the last are about full.
private func isWrapped(_ chunk: [Substring]) -> Bool {
    guard chunk.count > 1 else { return false }
    let widths = chunk.map(\.count)
    guard let widest = widths.max(), 40...120 ~= widest else { return false }
    return widths.dropLast().allSatisfy { $0 * 10 >= widest * 6 }
}

/// Joins the lines of one paragraph: by a space, but by nothing between Chinese or Japanese signs.
func joiningLines(_ lines: [Substring]) -> String {
    var joined = ""
    for line in lines {
        if let last = joined.unicodeScalars.last, let first = line.unicodeScalars.first {
            if !(isIdeographic(last) && isIdeographic(first)) { joined.append(" ") }
        }
        joined += line
    }
    return joined
}

private func isIdeographic(_ scalar: Unicode.Scalar) -> Bool {
    0x3000...0x30FF ~= scalar.value || scalar.properties.isIdeographic
}

// MARK: - Mending

/// A paragraph that ends in mid-sentence, before one that starts with a small letter, was torn
/// apart by a stray blank line.
private func joiningBrokenParagraphs(_ blocks: [MarkedBlock]) -> [MarkedBlock] {
    var joined: [MarkedBlock] = []
    for marked in blocks {
        guard let last = joined.last, last.block.kind == .paragraph,
            marked.block.kind == .paragraph,
            breaksOff(last.block.text[...], before: marked.block.text[...])
        else {
            joined.append(marked)
            continue
        }
        joined[joined.count - 1].block.text += " " + marked.block.text
        joined[joined.count - 1].linkedBytes += marked.linkedBytes
        joined[joined.count - 1].links += marked.links
    }
    return joined
}

private func breaksOff(_ text: Substring, before following: Substring) -> Bool {
    guard let last = text.last, let first = following.first, first.isLowercase,
        last.isLetter || last.isNumber || last == "," || last == "-"
    else { return false }
    let words = text.split(maxSplits: TextLimits.brokenWordsMin) { $0.isWhitespace }
    return words.count >= TextLimits.brokenWordsMin
}

/// `Words … — Name (@handle) January 21, 2025` is a post that was pasted in: a quotation, without
/// the addresses of its pictures. A signature for itself makes one of the paragraph above it.
private func quotingEmbeddedPosts(_ blocks: [MarkedBlock]) -> [MarkedBlock] {
    var quoted = blocks
    for index in quoted.indices {
        let marked = quoted[index]
        guard marked.block.kind == .paragraph || marked.block.kind == .quotation else { continue }
        quoted[index] = withoutPictureLinks(marked)
        guard let dash = signature(of: marked.block.text[...]) else { continue }
        quoted[index].block.kind = .quotation
        let isBare = dash == marked.block.text.startIndex
        if isBare, index > 0, quoted[index - 1].block.kind == .paragraph {
            quoted[index - 1].block.kind = .quotation
        }
    }
    return quoted
}

private func withoutPictureLinks(_ marked: MarkedBlock) -> MarkedBlock {
    guard marked.block.text.holds(anyOf: pictureHosts) else { return marked }
    let prefixes = ["pic.twitter.com/", "pic.x.com/", "https://t.co/", "http://t.co/"]
    var cleaned = marked
    let words = marked.block.text.split { $0.isWhitespace }
    cleaned.block.text = words.filter { word in !prefixes.contains { word.hasPrefix($0) } }
        .joined(separator: " ")
    cleaned.links.removeAll { link in prefixes.contains { link.hasPrefix($0) } }
    cleaned.linkedBytes = cleaned.links.isEmpty ? 0 : marked.linkedBytes
    return cleaned
}

private let pictureHosts = ["pic.twitter.com/", "pic.x.com/", "//t.co/"].map { Array($0.utf8) }
private let handleStart = Array("(@".utf8)

/// Where a signature starts that ends the text: a dash, a name of a few words, a handle in
/// brackets, perhaps a date, and nothing more.
private func signature(of text: Substring) -> String.Index? {
    guard text.holds(anyOf: [handleStart]) else { return nil }
    let tail = text.suffix(TextLimits.signatureCharactersMax)
    guard let open = tail.ranges(of: "(@").last,
        let dash = tail[..<open.lowerBound].lastIndex(where: { "—–-―".contains($0) }),
        let close = tail[open.upperBound...].firstIndex(of: ")")
    else { return nil }
    let handle = tail[open.upperBound..<close]
    let isHandle =
        !handle.isEmpty
        && handle.allSatisfy {
            $0.isLetter || $0.isNumber || "_.@-".contains($0)
        }
    let rest = tail[close...].dropFirst().trimmingBlanks()
    guard isHandle, rest.isEmpty || leadingDate(of: rest)?.rest.isEmpty == true else { return nil }
    return dash
}

// MARK: - Small things

extension StringProtocol {
    /// Without white space and invisible marks at both ends.
    func trimmingBlanks() -> SubSequence { trimmingBlankCharacters() }

    /// The same, by its characters.
    func trimmingBlankCharacters() -> SubSequence {
        guard let first = firstIndex(where: { !$0.isBlank }),
            let last = lastIndex(where: { !$0.isBlank })
        else { return self[endIndex...] }
        return self[first...last]
    }

    /// With one space for every run of white space, and none at the ends.
    func collapsingBlanks() -> String {
        trimmingBlanks().split { $0.isWhitespace }.joined(separator: " ")
    }

    /// The number of words parted by white space.
    var wordCount: Int { split { $0.isWhitespace }.count }
}

extension Character {
    /// White space, a byte-order mark or a zero-width sign.
    fileprivate var isBlank: Bool {
        if isWhitespace { return true }
        return unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0xFEFF, 0x200B...0x200F, 0x2060, 0x00...0x1F: true
            default: scalar.properties.isWhitespace
            }
        }
    }
}
