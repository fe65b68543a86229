internal import News

/// What stands above a text: front matter, a date, a title, a byline. Each function takes its part
/// off and writes what it says into the extraction.

/// `key: value` lines between `---` (or `key = "value"` between `+++`), or unfenced ones with the
/// usual keys at the very top.
func takeFrontMatter(
    from lines: inout ArraySlice<Substring>, into extraction: inout Extraction, url: HTTPURL?
) {
    lines = lines.drop { $0.trimmingBlanks().isEmpty }
    guard let first = lines.first?.trimmingBlanks() else { return }
    if first == "---" || first == "+++" {
        let body = lines.dropFirst().prefix(TextLimits.frontMatterLinesMax)
        guard let end = body.firstIndex(where: { $0.trimmingBlanks() == first }),
            body[..<end].allSatisfy({ isFrontMatterLine($0) })
        else { return }
        for line in body[..<end] { read(line.trimmingBlanks(), into: &extraction, url: url) }
        lines = lines[(end + 1)...]
        return
    }
    while let line = lines.first?.trimmingBlanks(), read(line, into: &extraction, url: url) {
        lines = lines.dropFirst()
    }
}

private func isFrontMatterLine(_ line: Substring) -> Bool {
    let text = line.trimmingBlanks()
    if text.isEmpty || text.hasPrefix("#") || text.hasPrefix("- ") || text.first == "[" {
        return true
    }
    let key = text.prefix { $0.isLetter || $0.isNumber || "_-".contains($0) }
    let rest = text[key.endIndex...].drop { $0.isWhitespace }
    return (!key.isEmpty && (rest.first == ":" || rest.first == "=")) || line.first == " "
}

/// Reads one `key: value` line; false when the key is not one of ours.
@discardableResult
private func read(_ line: Substring, into extraction: inout Extraction, url: HTTPURL?) -> Bool {
    let key = line.prefix { $0.isLetter || $0 == "_" }
    let rest = line[key.endIndex...].drop { $0 == " " }
    guard let sign = rest.first, sign == ":" || sign == "=" else { return false }
    let value = rest.dropFirst().trimmingBlanks().trimmingQuotes()
    switch key.lowercased() {
    case "title", "titre", "headline":
        extraction.title = extraction.title ?? value.ifNotEmpty
    case "date", "published", "pubdate", "date_published", "published_at":
        // A date with words behind it is glued to the text, and read there.
        guard let date = leadingDate(of: value), date.rest.isEmpty else { return false }
        extraction.published = extraction.published ?? date.instant
    case "updated", "modified", "lastmod":
        guard let date = leadingDate(of: value), date.rest.isEmpty else { return false }
        extraction.updated = extraction.updated ?? date.instant
    case "url", "link", "canonical", "canonical_url", "permalink":
        guard let address = HTTPURL(String(value), relativeTo: url) else { return false }
        extraction.declaredCanonical = extraction.declaredCanonical ?? address.description
    case "lang", "language", "langue":
        extraction.language = extraction.language ?? value.ifNotEmpty
    case "author", "authors", "auteur", "auteurs":
        extraction.authors += names(in: value.trimmingBrackets())
    case "description", "summary", "excerpt":
        extraction.summary = extraction.summary ?? value.ifNotEmpty
    default: return false
    }
    return true
}

/// A date glued to the first line, which goes on as text.
func takeGluedDate(from lines: inout ArraySlice<Substring>, into extraction: inout Extraction) {
    lines = lines.drop { $0.trimmingBlanks().isEmpty }
    guard let first = lines.first?.trimmingBlanks(), let date = leadingDate(of: first) else {
        return
    }
    note(date, in: &extraction)
    lines = lines.dropFirst()
    if !date.rest.isEmpty { lines = [date.rest] + lines }
}

private func note(_ date: LeadingDate, in extraction: inout Extraction) {
    if date.isUpdate {
        extraction.updated = extraction.updated ?? date.instant
    } else {
        extraction.published = extraction.published ?? date.instant
    }
}

/// The heading that a document starts with, else a short first line before prose. A heading of
/// plain text is only a guess, so there the first line alone can be the title.
func takeTitle(
    from blocks: inout [MarkedBlock], dialect: TextDialect, into extraction: inout Extraction
) {
    let head = dialect == .markdown ? blocks.prefix(TextLimits.headBlocksMax) : []
    let heading = head.firstIndex { $0.block.kind == .heading }.flatMap { index in
        let isBehindProse = blocks[..<index].contains {
            $0.block.text.wordCount > TextLimits.titleWordsMax
        }
        return isBehindProse && blocks[index].level != 1 ? nil : index
    }
    guard let index = heading ?? (isTitleLine(blocks) ? 0 : nil) else { return }
    let text = blocks[index].block.text
    // A title in the front matter is the better one; the heading then stays, unless it repeats it.
    guard extraction.title == nil || extraction.title == text else { return }
    extraction.title = text
    blocks.remove(at: index)
}

private func isTitleLine(_ blocks: [MarkedBlock]) -> Bool {
    guard blocks.count > 1, blocks[0].block.kind == .paragraph else { return false }
    let (first, following) = (blocks[0].block.text, blocks[1].block.text)
    guard let last = first.last, !".…:;,。：；，".contains(last),
        first.wordCount <= TextLimits.titleWordsMax,
        first.unicodeScalars.count <= TextLimits.titleCharactersMax,
        following.first?.isLowercase != true
    else { return false }
    // A question or an outcry may open a text; before a much longer paragraph it is its title.
    return !"!?！？".contains(last) || following.utf8.count >= 2 * first.utf8.count
}

/// Lines around the title that hold nothing but a date or a byline.
func takeHeadLines(from blocks: inout [MarkedBlock], into extraction: inout Extraction) {
    var index = 0
    while index < min(TextLimits.headBlocksMax, blocks.count) {
        let text = blocks[index].block.text[...]
        if let date = leadingDate(of: text), date.rest.isEmpty {
            note(date, in: &extraction)
            drop(at: index, of: &blocks, as: "date-line", into: &extraction)
        } else if blocks[index].block.kind != .heading, let byline = byline(in: text),
            index > 0 || byline.date != nil
        {
            extraction.authors += byline.names
            if let date = byline.date { note(date, in: &extraction) }
            drop(at: index, of: &blocks, as: "byline", into: &extraction)
        } else {
            index += 1
        }
    }
}

private func drop(
    at index: Int, of blocks: inout [MarkedBlock], as reason: String,
    into extraction: inout Extraction
) {
    extraction.dropped.append(.init(blocks.remove(at: index).block.text, reason: reason))
}

/// `By Jane Doe and John Roe`, `Par Jeanne Martin, le 21 janvier 2025`
private func byline(in text: Substring) -> (names: [String], date: LeadingDate?)? {
    let openings = ["par ", "by ", "von ", "por ", "di ", "door "]
    guard text.utf8.count <= 120,
        let opening = openings.first(where: { text.lowercased().hasPrefix($0) })
    else { return nil }
    var rest = text.dropFirst(opening.count)
    var date: LeadingDate?
    let signs = rest.indices.filter { ",—–|-".contains(rest[$0]) }
    for sign in signs {
        let behind = rest[rest.index(after: sign)...].trimmingBlanks()
        guard let found = leadingDate(of: behind), found.rest.isEmpty else { continue }
        date = found
        rest = rest[..<sign]
        break
    }
    let names = names(in: rest)
    let areNames = names.allSatisfy { name in
        let words = name.split(separator: " ")
        return 1...5 ~= words.count && words.first?.first?.isUppercase == true
            && words.last?.first?.isUppercase == true && !".!?:;".contains(name.last ?? ".")
    }
    return areNames && !names.isEmpty ? (names, date) : nil
}

private func names(in text: Substring) -> [String] {
    var names: [String] = []
    var open: [Substring] = []
    func close() {
        if !open.isEmpty { names.append(open.joined(separator: " ")) }
        open = []
    }
    for word in text.split(separator: " ") {
        if ["et", "and", "&", "und", "y", "e", "en"].contains(word.lowercased()) {
            close()
        } else if word.hasSuffix(",") {
            open.append(word.dropLast().trimmingQuotes())
            close()
        } else {
            open.append(word.trimmingQuotes())
        }
    }
    close()
    return names.filter { !$0.isEmpty }
}

extension Substring {
    fileprivate var ifNotEmpty: String? { isEmpty ? nil : String(self) }

    fileprivate func trimmingQuotes() -> Substring {
        guard count >= 2, let first, first == last, "\"'".contains(first) else { return self }
        return dropFirst().dropLast()
    }

    fileprivate func trimmingBrackets() -> Substring {
        first == "[" && last == "]" ? dropFirst().dropLast() : self
    }
}
