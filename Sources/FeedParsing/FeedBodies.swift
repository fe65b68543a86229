internal import Markup
internal import News

/// Titles and bodies: text, HTML that is escaped, HTML that is not, base64 (RFC 4287, sections 3.1
/// and 4.1.3.3; RSS's bodies are escaped HTML).
extension XMLFeedReader {
    mutating func offerTitle(rank: UInt8) {
        let isWanted = isInEntry ? entry.title.wants(rank) : feed.title.wants(rank)
        guard isWanted, let title = plainTitle() else { return }
        edit(title) { $0.title.offer($1, rank: rank) }
    }

    mutating func offerRights(rank: UInt8) {
        guard let rights = plainTitle() else { return }
        edit(rights) { $0.rights.offer($1, rank: rank) }
    }

    /// The captured field as a title: one line, without its tags.
    mutating func plainTitle() -> String? {
        let charactersMax = limits.titleCharactersMax
        if !capture.hasChildren, !capture.type.isEncoded,
            let range = capture.simpleText(in: tokenizer.bytes)
        {
            let bytes = tokenizer.bytes[range]
            let isPlain = !hasMarkup(tokenizer.bytes, range)
            if isPlain, isCollapsed(bytes), range.count <= charactersMax {
                let title = tokenizer.string(range, isLiteral: true)
                return undoingDoubleEncoding(title) ?? title
            }
        }
        let bytes =
            capture.hasChildren
            ? capture.markup(&tokenizer, literalIsMarkup: !isAtom || capture.type == .html)
            : decodedText()
        let isText = isAtom && !capture.hasChildren && !capture.type.isHTML && !looksLikeHTML(bytes)
        return isText
            ? title(fromText: bytes, charactersMax: charactersMax)
            : title(fromHTML: bytes, charactersMax: charactersMax)
    }

    mutating func finishBody() {
        let element = capture.element
        let isContent =
            isInEntry
            && (element == .content || element == .contentEncoded || element == .xhtmlBody)
        let rank: UInt8 =
            switch element {
            case .description, .subtitle, .summary, .contentEncoded: 0
            case .content, .dcDescription: 1
            case .itunesSummary, .xhtmlBody: 2
            case .mediaDescription: 3
            default: 4
            }
        if isInEntry, !isAtom, rank == 0, !isContent, !entry.summary.wants(rank) {
            // RSS with a `summary` beside its `description`: the second is another text.
            if entry.content.wants(3) { entry.content.offer(body(), rank: 3) }
        } else if !isInEntry {
            guard feed.summary.wants(rank) else { return }
            feed.summary.offer(body(), rank: rank)
        } else if isContent {
            guard entry.content.wants(rank) else { return }
            entry.content.offer(body(), rank: rank)
        } else {
            guard entry.summary.wants(rank) else { return }
            entry.summary.offer(body(), rank: rank)
        }
    }

    private mutating func body() -> FeedText? {
        let base = bases[capture.base]
        if capture.hasChildren || capture.type == .xhtml {
            let literalIsMarkup = !capture.type.isXML
            let markup = trimmed(capture.markup(&tokenizer, literalIsMarkup: literalIsMarkup)[...])
            return body(string(markup), form: .html, base: base)
        }
        if !isAtom || capture.type.isHTML, !capture.type.isEncoded {
            if let range = capture.simpleText(in: tokenizer.bytes) {
                return body(tokenizer.string(range, isLiteral: true), form: .html, base: base)
            }
            capture.text(&tokenizer, into: &buffer)
            return body(buffer.trimmedString, form: .html, base: base)
        }
        let bytes = decodedText()
        let isText = isAtom && !capture.type.isHTML && !looksLikeHTML(bytes)
        return body(string(trimmed(bytes[...])), form: isText ? .plain : .html, base: base)
    }

    private mutating func body(_ text: String, form: FeedText.Form, base: HTTPURL?) -> FeedText? {
        if text.utf8.count > limits.fieldBytesMax {
            damage.note("a text is longer than \(limits.fieldBytesMax) bytes and was cut")
        }
        // A cut may leave nothing, when all that fits is the beginning of a tag.
        let kept = bounded(text)
        return kept.isEmpty ? nil : FeedText(kept, form: form, base: base)
    }

    /// The field's text, out of its base64 where it says so. A picture or another file is no text.
    private mutating func decodedText() -> [UInt8] {
        capture.text(&tokenizer, into: &buffer)
        let bytes = Array(buffer.bytes)
        guard capture.type.isEncoded else { return bytes }
        guard let decoded = decodingBase64(bytes) else {
            return capture.type == .binary ? [] : bytes
        }
        let text = decodeText(decoded, contentType: nil, family: .xml)
        return text.isDamaged || !text.encoding.hasPrefix("utf-8") ? [] : text.bytes
    }
}
