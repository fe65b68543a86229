internal import Markup
internal import News

/// The content of one field as it is met, token by token, so that nothing is built before it is
/// known whether it is plain text, escaped HTML or markup of its own.
struct FeedCapture {
    struct Piece {
        enum Kind { case text, literal, start, end }
        var kind: Kind
        var range: Range<Int>
        var name = XMLNameID.empty
        var isEmptyElement = false
    }

    let element: FeedElement
    /// Depth of the field's own element, which is 1 for a root.
    let depth: Int
    let base: HTTPURL?
    /// Atom's `type` and `mode`, in lower case.
    let type: String
    let mode: String
    var pieces: [Piece] = []
    var hasChildren = false

    /// The text of all pieces, references decoded.
    func text(_ tokenizer: inout XMLTokenizer) -> [UInt8] {
        var result: [UInt8] = []
        for piece in pieces {
            switch piece.kind {
            case .text: tokenizer.append(piece.range, to: &result)
            case .literal: tokenizer.append(piece.range, isLiteral: true, to: &result)
            case .start, .end: break
            }
        }
        return result
    }

    /// The pieces as HTML: tags without their prefixes, text as it is escaped in the source.
    /// `literalIsMarkup`: what stands in CDATA sections is HTML too, as RSS has it.
    func markup(_ tokenizer: inout XMLTokenizer, literalIsMarkup: Bool) -> [UInt8] {
        var result: [UInt8] = []
        for piece in withoutWrapper(tokenizer) {
            switch piece.kind {
            case .text: result.append(contentsOf: tokenizer.bytes[piece.range])
            case .literal where literalIsMarkup:
                tokenizer.append(piece.range, isLiteral: true, to: &result)
            case .literal:
                var literal: [UInt8] = []
                tokenizer.append(piece.range, isLiteral: true, to: &literal)
                appendEscaped(literal, to: &result)
            case .start: appendStartTag(piece, tokenizer, to: &result)
            case .end:
                let name = tokenizer.bytes(of: tokenizer.local(of: piece.name))
                if HTMLElement(named: name).isVoid { break }
                result += [UInt8(ascii: "<"), UInt8(ascii: "/")] + name + [UInt8(ascii: ">")]
            }
        }
        return result
    }

    private func appendStartTag(
        _ piece: Piece, _ tokenizer: XMLTokenizer, to result: inout [UInt8]
    ) {
        let source = tokenizer.bytes[piece.range]
        let nameEnd =
            source.dropFirst().firstIndex {
                $0 <= 0x20 || $0 == UInt8(ascii: ">") || $0 == UInt8(ascii: "/")
            } ?? source.endIndex
        var attributesEnd = source.endIndex
        if attributesEnd > nameEnd, source[attributesEnd - 1] == UInt8(ascii: ">") {
            attributesEnd -= 1
        }
        if piece.isEmptyElement, attributesEnd > nameEnd { attributesEnd -= 1 }
        result.append(UInt8(ascii: "<"))
        result.append(contentsOf: tokenizer.bytes(of: tokenizer.local(of: piece.name)))
        result.append(contentsOf: source[nameEnd..<attributesEnd])
        result.append(UInt8(ascii: ">"))
    }

    /// Without the `div` that Atom wants around XHTML (RFC 4287, section 3.1.1.3).
    private func withoutWrapper(_ tokenizer: XMLTokenizer) -> ArraySlice<Piece> {
        let isSpace: (Piece) -> Bool = { piece in
            piece.kind == .text && tokenizer.bytes[piece.range].allSatisfy { $0 <= 0x20 }
        }
        guard let first = pieces.firstIndex(where: { !isSpace($0) }),
            let last = pieces.lastIndex(where: { !isSpace($0) }), first < last,
            pieces[first].kind == .start, pieces[last].kind == .end,
            tokenizer.bytes(of: tokenizer.local(of: pieces[first].name)).elementsEqual("div".utf8)
        else { return pieces[...] }
        var depth = 0
        for piece in pieces[first..<last] {
            if piece.kind == .start { depth += 1 }
            if piece.kind == .end { depth -= 1 }
            if depth == 0 { return pieces[...] }
        }
        return pieces[(first + 1)..<last]
    }
}

/// `&` and `<` as references, so that text can stand in HTML.
func appendEscaped(_ text: [UInt8], to result: inout [UInt8]) {
    for byte in text {
        switch byte {
        case UInt8(ascii: "&"): result.append(contentsOf: "&amp;".utf8)
        case UInt8(ascii: "<"): result.append(contentsOf: "&lt;".utf8)
        default: result.append(byte)
        }
    }
}
