internal import News

/// The limits of a Markdown document.
enum MarkdownLimits {
    /// Quotations inside quotations; deeper signs are read as text.
    static let quotationDepthMax = 8
    /// Link definitions; further ones are dropped unread.
    static let referencesMax = 1000
}

/// Reads a Markdown document (CommonMark 0.31 with GitHub's tables and task lists) into blocks of
/// plain text.
///
/// Departures, all because such files are pasted together from web pages: four spaces make no code
/// block, a list item holds no further blocks, inline HTML tags go. Images, rules and link
/// definitions give no block. Cost: linear.
func markdownBlocks(_ lines: [Substring]) -> [MarkedBlock] {
    let (body, references) = takingReferences(from: lines)
    var reader = MarkdownReader(lines: body, references: references, depth: 0)
    reader.run()
    return reader.blocks
}

/// Takes `[label]: target` lines out.
private func takingReferences(
    from lines: [Substring]
) -> (body: [Substring], references: [String: String]) {
    var references: [String: String] = [:]
    let body = lines.filter { line in
        guard let (label, target) = linkDefinition(line.trimmingBlanks()) else { return true }
        if references.count < MarkdownLimits.referencesMax { references[label] = target }
        return false
    }
    return (body, references)
}

private func linkDefinition(_ line: Substring) -> (label: String, target: String)? {
    guard line.first == "[", !line.hasPrefix("[^"), let close = line.firstIndex(of: "]"),
        line[close...].hasPrefix("]:")
    else { return nil }
    let target = line[close...].dropFirst(2).trimmingBlanks().prefix { !$0.isWhitespace }
    let label = line[line.index(after: line.startIndex)..<close].lowercased()
    guard !target.isEmpty, !label.isEmpty,
        target.contains("/") || target.contains("#") || target.contains(".")
    else { return nil }
    return (label, String(target.drop { $0 == "<" }.prefix { $0 != ">" }))
}

/// One pass over the lines; `open` is the block that the next line may go on with.
private struct MarkdownReader {
    let lines: [Substring]
    let references: [String: String]
    let depth: Int
    private(set) var blocks: [MarkedBlock] = []

    private var next = 0
    private var open: [Substring] = []
    private var openKind = Block.Kind.paragraph

    init(lines: [Substring], references: [String: String], depth: Int) {
        self.lines = lines
        self.references = references
        self.depth = depth
    }

    mutating func run() {
        while next < lines.count {
            let line = lines[next].trimmingBlanks()
            if line.isEmpty {
                close()
                next += 1
            } else if !takeFence(line), !takeHeading(line), !takeUnderline(line), !takeTable(line),
                !takeQuotation(line), !takeItem(line)
            {
                open.append(line)
                next += 1
            }
        }
        close()
    }

    private mutating func close() {
        guard !open.isEmpty else { return }
        append(openKind, joiningLines(open.map { $0.hasSuffix("\\") ? $0.dropLast() : $0 }))
        open = []
        openKind = .paragraph
    }

    private mutating func append(_ kind: Block.Kind, _ text: String, level: Int? = nil) {
        let inline = inlineMarkdown(text, references: references)
        let plain = inline.text.collapsingBlanks()
        guard !plain.isEmpty else { return }
        blocks.append(
            MarkedBlock(
                Block(kind, plain), linkedBytes: inline.linkedBytes, links: inline.links,
                level: level))
    }

    private mutating func takeFence(_ line: Substring) -> Bool {
        guard let sign = line.first, sign == "`" || sign == "~" else { return false }
        let length = line.prefix { $0 == sign }.count
        guard length >= 3, !line.dropFirst(length).contains(sign) else { return false }
        close()
        let rest = lines[(next + 1)...]
        let end = rest.firstIndex { candidate in
            let candidate = candidate.trimmingBlanks()
            return candidate.count >= length && candidate.allSatisfy { $0 == sign }
        }
        let code = rest[..<(end ?? rest.endIndex)].joined(separator: "\n")
        if !code.trimmingBlanks().isEmpty { blocks.append(MarkedBlock(Block(.code, code))) }
        next = (end ?? rest.endIndex - 1) + 1
        return true
    }

    /// `## Heading ##`
    private mutating func takeHeading(_ line: Substring) -> Bool {
        let level = line.prefix { $0 == "#" }.count
        let rest = line.dropFirst(level)
        guard 1...6 ~= level, rest.isEmpty || rest.first?.isWhitespace == true else { return false }
        close()
        var text = rest.trimmingBlanks()
        while text.last == "#" { text = text.dropLast() }
        append(.heading, String(text), level: level)
        next += 1
        return true
    }

    /// A line of `=` or `-` beneath a paragraph makes it a heading; elsewhere three make a rule.
    private mutating func takeUnderline(_ line: Substring) -> Bool {
        guard let sign = line.first, "=-*_".contains(sign) else { return false }
        let signs = line.filter { !$0.isWhitespace }
        guard signs.allSatisfy({ $0 == sign }), signs.count >= (sign == "=" ? 2 : 3) else {
            return false
        }
        let isHeading = sign == "=" || (sign == "-" && line.count == signs.count)
        if isHeading, openKind == .paragraph, 1...2 ~= open.count {
            let text = joiningLines(open)
            open = []
            append(.heading, text, level: sign == "=" ? 1 : 2)
        } else if sign == "=" {
            return false
        } else {
            close()
        }
        next += 1
        return true
    }

    private mutating func takeTable(_ line: Substring) -> Bool {
        guard line.contains("|"), next + 1 < lines.count, isDelimiterRow(lines[next + 1]) else {
            return false
        }
        close()
        let body = lines[(next + 2)...].prefix { $0.contains("|") }
        let rows = ([line] + body.map { $0.trimmingBlanks() }).map { row in
            cells(of: row).map { inlineMarkdown($0, references: references) }
        }
        let text = rows.map { $0.map(\.text).joined(separator: " | ") }.joined(separator: "\n")
        let linkedBytes = rows.joined().reduce(0) { $0 + $1.linkedBytes }
        blocks.append(
            MarkedBlock(
                Block(.table, text), linkedBytes: linkedBytes, links: rows.joined().flatMap(\.links)
            ))
        next = body.endIndex
        return true
    }

    private mutating func takeQuotation(_ line: Substring) -> Bool {
        guard line.first == ">", depth < MarkdownLimits.quotationDepthMax else { return false }
        close()
        let quoted = lines[next...].prefix { !$0.trimmingBlanks().isEmpty }.map { line in
            let line = line.trimmingBlanks()
            return line.first == ">" ? line.dropFirst() : line
        }
        var inner = MarkdownReader(lines: quoted, references: references, depth: depth + 1)
        inner.run()
        for var marked in inner.blocks {
            if marked.block.kind != .code { marked.block.kind = .quotation }
            marked.level = nil
            blocks.append(marked)
        }
        next += quoted.count
        return true
    }

    private mutating func takeItem(_ line: Substring) -> Bool {
        guard let text = listItemText(line) else { return false }
        close()
        openKind = .listItem
        open = [text]
        next += 1
        return true
    }
}

/// What stands behind a list marker and task box; nil when the line is no list item.
func listItemText(_ line: Substring) -> Substring? {
    var rest = line
    if let sign = line.first, "-*+•·◦‣".contains(sign) {
        rest = line.dropFirst()
    } else {
        let digits = line.prefix { $0.isASCII && $0.isNumber }
        guard 1...3 ~= digits.count else { return nil }
        rest = line.dropFirst(digits.count)
        guard rest.first == "." || rest.first == ")" else { return nil }
        rest = rest.dropFirst()
    }
    guard rest.first?.isWhitespace == true else { return nil }
    rest = rest.trimmingBlanks()
    for box in ["[ ] ", "[x] ", "[X] "] where rest.hasPrefix(box) {
        rest = rest.dropFirst(box.count).trimmingBlanks()
    }
    return rest.isEmpty ? nil : rest
}

private func isDelimiterRow(_ line: Substring) -> Bool {
    let line = line.trimmingBlanks()
    return line.contains("-") && line.contains("|")
        && line.allSatisfy { $0 == "-" || $0 == "|" || $0 == ":" || $0 == " " }
}

private func cells(of row: Substring) -> [String] {
    var row = row
    if row.first == "|" { row = row.dropFirst() }
    if row.last == "|" { row = row.dropLast() }
    return row.split(separator: "|", omittingEmptySubsequences: false).map {
        String($0.trimmingBlanks())
    }
}
