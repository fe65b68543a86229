package import News

/// How a text is marked up.
package enum TextDialect: String, Sendable, Codable {
    case plain, markdown
}

/// The limits by which parts of a text are told apart.
package enum TextLimits {
    /// A title has at most this many words.
    package static let titleWordsMax = 25
    /// Title, date and byline stand in the first blocks, not further down.
    package static let headBlocksMax = 4
    /// Lines of front matter.
    package static let frontMatterLinesMax = 100
    /// A paragraph that breaks off has at least this many words; a shorter one is a label or verse.
    package static let brokenWordsMin = 6
}

/// Reads a plain-text or Markdown document: a user's seed file, or a page served as `text/plain`.
///
/// Front matter, a leading date and a byline become metadata; the first heading (or a short first
/// line that is no sentence) becomes the title, nil when there is none; paragraphs broken in
/// mid-sentence are joined; posts pasted in become quotations; furniture is dropped with its reason.
/// `url` is where the document was read from. Never fails. Cost: linear.
package func extractText(_ text: String, dialect: TextDialect, from url: HTTPURL?) -> Extraction {
    var extraction = Extraction()
    var lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }[...]
    takeFrontMatter(from: &lines, into: &extraction, url: url)
    takeGluedDate(from: &lines, into: &extraction)
    var blocks = dialect == .markdown ? markdownBlocks(Array(lines)) : plainBlocks(Array(lines))
    takeTitle(from: &blocks, into: &extraction)
    takeHeadLines(from: &blocks, into: &extraction)
    blocks = joiningBrokenParagraphs(blocks).map(quotingEmbeddedPost)
    let language =
        extraction.language
        ?? detectLanguage(of: blocks.lazy.map(\.block.text).joined(separator: "\n"))
    let reasons = furnitureReasons(of: blocks, language: language)
    for (marked, reason) in zip(blocks, reasons) {
        if let reason {
            extraction.dropped.append(.init(marked.block.text, reason: reason))
        } else {
            extraction.blocks.append(marked.block)
        }
    }
    extraction.kind = extraction.blocks.isEmpty ? .empty : .article
    return extraction
}

/// Tells Markdown from plain text: one heading, link, image or fence is enough; of emphasis,
/// quotation signs and escapes, two kinds. Cost: linear.
package func textDialect(of text: String) -> TextDialect {
    var weak: Set<Character> = []
    for line in text.split(whereSeparator: { $0.isNewline }) {
        let line = line.trimmingBlanks()
        let level = line.prefix { $0 == "#" }.count
        if 1...6 ~= level, line.dropFirst(level).first?.isWhitespace == true { return .markdown }
        if line.hasPrefix("```") || line.hasPrefix("~~~") { return .markdown }
        if let mark = line.firstRange(of: "]("), isTarget(line[mark.upperBound...]) {
            return .markdown
        }
        if line.hasPrefix("> ") { weak.insert(">") }
        if line.contains("**") || line.contains("__") { weak.insert("*") }
        if line.hasPrefix("* ") || line.hasPrefix("- [") { weak.insert("-") }
        if line.contains("\\$") || line.contains("\\_") || line.contains("\\*") {
            weak.insert("\\")
        }
    }
    return weak.count >= 2 ? .markdown : .plain
}

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
    return chunks.flatMap { chunk -> [MarkedBlock] in
        paragraphs(of: Array(chunk)).map { kind, text in
            let inline = inlinePlainText(text)
            return MarkedBlock(
                Block(kind, inline.text), linkedBytes: inline.linkedBytes, links: inline.links)
        }
    }
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
    let widths = chunk.map(\.count)
    guard let widest = widths.max(), 40...120 ~= widest, widths.count > 1 else { return false }
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
/// the addresses of its pictures.
private func quotingEmbeddedPost(_ marked: MarkedBlock) -> MarkedBlock {
    let text = marked.block.text
    guard marked.block.kind == .paragraph || marked.block.kind == .quotation else { return marked }
    let isPost = endsWithAttribution(text[...])
    guard isPost || text.contains("pic.twitter.com/") || text.contains("pic.x.com/") else {
        return marked
    }
    var quoted = marked
    if isPost { quoted.block.kind = .quotation }
    let words = text.split { $0.isWhitespace }
    let kept = words.filter { word in
        !["pic.twitter.com/", "pic.x.com/", "https://t.co/", "http://t.co/"].contains {
            word.hasPrefix($0)
        }
    }
    quoted.block.text = kept.joined(separator: " ")
    quoted.linkedBytes = min(quoted.linkedBytes, quoted.block.text.utf8.count)
    if kept.count < words.count { quoted.linkedBytes = 0 }
    return quoted
}

/// A dash, a name of a few words, a handle in brackets, perhaps a date, and nothing more.
private func endsWithAttribution(_ text: Substring) -> Bool {
    let tail = text.suffix(160)
    guard
        let dash = tail.lastIndex(where: { "—–".contains($0) })
            ?? tail.firstRange(of: "- ")?.lowerBound
    else { return false }
    let signature = tail[dash...].dropFirst()
    guard let open = signature.firstRange(of: "(@"),
        let close = signature[open.upperBound...].firstIndex(of: ")")
    else { return false }
    let handle = signature[open.upperBound..<close]
    guard !handle.isEmpty, handle.allSatisfy({ $0.isLetter || $0.isNumber || "_.@-".contains($0) })
    else { return false }
    let rest = signature[close...].dropFirst().trimmingBlanks()
    return rest.isEmpty || leadingDate(of: rest)?.rest.isEmpty == true
}

// MARK: - Small things

extension StringProtocol {
    /// Without white space and invisible marks at both ends.
    func trimmingBlanks() -> SubSequence {
        guard let first = firstIndex(where: { !$0.isBlank }),
            let last = lastIndex(where: { !$0.isBlank })
        else { return self[endIndex...] }
        return self[first...last]
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
