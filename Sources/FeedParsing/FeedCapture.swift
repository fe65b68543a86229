internal import Markup

/// The content of one field as it is met, token by token, so that nothing is built before it is
/// known whether it is plain text, escaped HTML or markup of its own. One capture serves all fields
/// of a document, one after another.
struct FeedCapture: ~Copyable {
    struct Piece {
        enum Kind { case text, literal, start, end }
        var kind: Kind
        var range: Range<Int>
        var name = XMLNameID.empty
        var isEmptyElement = false
    }

    private(set) var element = FeedElement.other
    /// Depth of the field's own element, which is 1 for a root.
    private(set) var depth = 0
    /// Which of the reader's bases holds.
    private(set) var base = 0
    private(set) var type = TextType.unsaid
    private(set) var pieces: [Piece] = []
    /// How many tags are open that were left out.
    private var droppedDepth = 0
    /// Whether there are pieces of markup.
    private(set) var hasChildren = false
    private(set) var isOpen = false
    /// Whether the field speaks of the feed that the entry was taken from.
    private(set) var isOfSource = false

    mutating func begin(
        _ element: FeedElement, depth: Int, base: Int, type: TextType, isOfSource: Bool
    ) {
        self.element = element
        self.depth = depth
        self.base = base
        self.type = type
        pieces.removeAll(keepingCapacity: true)
        droppedDepth = 0
        hasChildren = false
        self.isOfSource = isOfSource
        isOpen = true
    }

    mutating func end() { isOpen = false }

    /// Pieces of one field; the tags and texts beyond are left out.
    private static let piecesMax = 65_536

    mutating func add(_ piece: Piece) {
        if piece.kind == .start { hasChildren = true }
        guard pieces.count < Self.piecesMax else {
            // The tags that are open get their ends.
            switch piece.kind {
            case .start: droppedDepth += 1
            case .end where droppedDepth > 0: droppedDepth -= 1
            case .end: pieces.append(piece)
            case .text, .literal: break
            }
            return
        }
        pieces.append(piece)
    }

    /// The field's text, when it is one piece that stands in the document as it is meant, white
    /// space around it apart; so that it need not be put together.
    mutating func simpleText(in bytes: [UInt8]) -> Range<Int>? {
        var found: Range<Int>?
        for piece in pieces {
            let text = trimmed(bytes[piece.range])
            if text.isEmpty { continue }
            if found != nil || (piece.kind == .text && hasReferences(bytes, text.indices)) {
                return nil
            }
            found = text.indices
        }
        return found
    }

    private mutating func hasReferences(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        bytes.firstIndex(of: UInt8(ascii: "&"), from: range.lowerBound, to: range.upperBound)
            < range.upperBound
    }

    /// Puts the text of all pieces into `buffer`, references decoded.
    func text(_ tokenizer: inout XMLTokenizer, into buffer: inout TextBuffer) {
        buffer.removeAll()
        for piece in pieces where piece.kind == .text || piece.kind == .literal {
            tokenizer.append(piece.range, isLiteral: piece.kind == .literal, to: &buffer)
        }
    }

    /// The pieces as HTML: tags without their prefixes, text as it is escaped in the source.
    /// `literalIsMarkup`: what stands in CDATA sections is HTML too, as RSS has it.
    func markup(_ tokenizer: inout XMLTokenizer, literalIsMarkup: Bool) -> [UInt8] {
        var result: [UInt8] = []
        for piece in withoutWrapper(tokenizer) {
            switch piece.kind {
            case .text: result.append(contentsOf: tokenizer.bytes[piece.range])
            case .literal where literalIsMarkup:
                result.append(contentsOf: tokenizer.bytes[piece.range])
            case .literal: appendEscaped(tokenizer.bytes[piece.range], to: &result)
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
        _ piece: Piece, _ tokenizer: borrowing XMLTokenizer, to result: inout [UInt8]
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
    private func withoutWrapper(_ tokenizer: borrowing XMLTokenizer) -> ArraySlice<Piece> {
        var (first, end) = (0, pieces.count)
        while first < end, isSpace(pieces[first], tokenizer) { first += 1 }
        while end > first, isSpace(pieces[end - 1], tokenizer) { end -= 1 }
        let last = end - 1
        guard first < last, pieces[first].kind == .start, pieces[last].kind == .end,
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

    private func isSpace(_ piece: Piece, _ tokenizer: borrowing XMLTokenizer) -> Bool {
        piece.kind == .text && trimmed(tokenizer.bytes[piece.range]).isEmpty
    }
}

/// What Atom says of a text: its `type` (RFC 4287, sections 3.1.1 and 4.1.3.1), and the `mode` of
/// Atom 0.3.
enum TextType {
    /// Nothing is said.
    case unsaid
    /// `text`, or a media type that is none of the others.
    case text
    /// `html`, or a media type of HTML; escaped text of Atom 0.3.
    case html
    /// `xhtml`: elements, or text that is escaped once.
    case xhtml
    /// A media type of XHTML: elements, or text that is HTML.
    case xhtmlFile
    /// Another media type of XML.
    case xml
    /// Base64: a media type of neither text nor XML (RFC 4287, section 4.1.3.3).
    case binary
    /// What calls itself base64: text where it is none.
    case base64

    /// Both in lower case.
    init(_ type: String, mode: String?) {
        if mode == "base64" {
            self = .base64
            return
        }
        switch type {
        case "": self = mode == "escaped" ? .html : .unsaid
        case "text": self = .text
        case "html": self = .html
        case "xhtml": self = .xhtml
        default:
            let bytes = Array(type.utf8)[...]
            if type.hasSuffix("xml") {
                self = holds(bytes, "html") ? .xhtmlFile : .xml
            } else if holds(bytes, "html") {
                self = .html
            } else {
                let isBinary = bytes.contains(UInt8(ascii: "/")) && !type.hasPrefix("text/")
                self = isBinary && !holds(bytes, "xml") ? .binary : .text
            }
        }
    }

    /// Whether elements in it are its own, with text between them that is text.
    var isXML: Bool { self == .xhtml || self == .xhtmlFile || self == .xml }
    var isHTML: Bool { self == .html || self == .xhtml || self == .xhtmlFile }
    var isEncoded: Bool { self == .base64 || self == .binary }
}

/// `&` and `<` as references, so that text can stand in HTML.
func appendEscaped(_ text: some Sequence<UInt8>, to result: inout [UInt8]) {
    for byte in text {
        switch byte {
        case UInt8(ascii: "&"): result.append(contentsOf: "&amp;".utf8)
        case UInt8(ascii: "<"): result.append(contentsOf: "&lt;".utf8)
        default: result.append(byte)
        }
    }
}
