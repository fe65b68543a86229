/// One piece of an HTML document. Ranges are offsets into the tokenizer's bytes.
package enum HTMLToken: Equatable, Sendable {
    /// Its attributes are in the tokenizer until the next call of `next`.
    case startTag(HTMLElement, name: Range<Int>, isSelfClosing: Bool)
    case endTag(HTMLElement, name: Range<Int>)
    /// Characters; references are still to be decoded, unless they stand in raw text (`isRaw`).
    case text(Range<Int>, isRaw: Bool)
    case comment(Range<Int>)
    case doctype(Range<Int>)
}

/// An attribute as it is written; `value` has its references still to be decoded.
package struct HTMLAttribute: Equatable, Sendable {
    package var name: Range<Int>
    package var value: Range<Int>
}

/// Cuts HTML into tokens as the WHATWG HTML Standard (section 13.2.5) does, but keeps ranges
/// instead of copies, so that it allocates nothing per token.
///
/// 1. Any bytes give tokens; none is an error.
/// 2. Every token uses up at least one byte, and tokens come in the order of their bytes.
/// 3. Each byte is looked at a fixed number of times: linear, whatever is left unclosed.
package struct HTMLTokenizer: Sendable {
    package let bytes: [UInt8]
    /// The attributes of the start tag returned last, at most `attributesMax`; of a repeated name
    /// the first counts, as in browsers.
    package private(set) var attributes: [HTMLAttribute] = []

    private let attributesMax: Int
    private var position = 0
    private var model = HTMLContentModel.data
    /// The name of the element whose raw content is being read.
    private var rawName: Range<Int> = 0..<0
    private var honoursScriptComments = true

    /// - Parameters:
    ///   - bytes: UTF-8, or any ASCII superset.
    ///   - attributesMax: attributes kept of one tag; the others are passed over.
    package init(_ bytes: [UInt8], attributesMax: Int = 128) {
        self.bytes = bytes
        self.attributesMax = attributesMax
    }

    /// The next token; nil at the end.
    package mutating func next() -> HTMLToken? {
        if model != .data, let token = rawContent() { return token }
        guard position < bytes.count else { return nil }
        if bytes[position] == UInt8(ascii: "<"), let token = markup() { return token }
        return text()
    }

    // MARK: - Text

    /// Characters up to the next `<` that starts mark-up.
    private mutating func text() -> HTMLToken {
        let start = position
        position += 1
        while true {
            position = find(UInt8(ascii: "<"), from: position)
            if position == bytes.count || startsMarkup(at: position) { break }
            position += 1
        }
        return .text(start..<position, isRaw: false)
    }

    private func startsMarkup(at index: Int) -> Bool {
        switch byte(index + 1) {
        case UInt8(ascii: "!"), UInt8(ascii: "?"): true
        case UInt8(ascii: "/"): byte(index + 2) != 0
        case let byte: isLetter(byte)
        }
    }

    /// The content of an element that holds no mark-up; nil when it is empty.
    private mutating func rawContent() -> HTMLToken? {
        let start = position
        let end =
            switch model {
            case .script: endOfScript(from: start)
            case .plaintext, .data: bytes.count
            case .rcdata, .rawText: endOfRawText(from: start)
            }
        let isRaw = model != .rcdata
        model = .data
        position = end
        return end > start ? .text(start..<end, isRaw: isRaw) : nil
    }

    private func endOfRawText(from start: Int) -> Int {
        var index = find(UInt8(ascii: "<"), from: start)
        while index < bytes.count, !isEndTag(at: index, of: rawName) {
            index = find(UInt8(ascii: "<"), from: index + 1)
        }
        return index
    }

    /// A script may hold `<!-- <script> … </script> -->`, whose end tag is not its own
    /// (WHATWG HTML Standard, 13.2.5.27). Where that would eat the rest of the document, the rule
    /// is dropped for good: read twice at most, so still linear.
    private mutating func endOfScript(from start: Int) -> Int {
        guard honoursScriptComments else { return endOfRawText(from: start) }
        var index = start
        var isComment = false
        var isNested = false
        var hasPassedAnEnd = false
        while true {
            // Outside comments only `<` matters.
            index =
                isComment
                ? bytes.firstIndex(
                    of: UInt8(ascii: "<"), or: UInt8(ascii: "-"), from: index, to: bytes.count)
                : find(UInt8(ascii: "<"), from: index)
            guard index < bytes.count else { break }
            switch bytes[index] {
            case UInt8(ascii: "<"):
                if isEndTag(at: index, of: rawName) {
                    if !isNested { return index }
                    isNested = false
                    hasPassedAnEnd = true
                } else if matches(Marks.commentStart, at: index) {
                    isComment = true
                } else if isComment, isStartTag(at: index, of: rawName) {
                    isNested = true
                }
            case UInt8(ascii: "-") where matches(Marks.commentEnd, at: index):
                isComment = false
                isNested = false
            default: break
            }
            index += 1
        }
        guard hasPassedAnEnd else { return bytes.count }
        honoursScriptComments = false
        return endOfRawText(from: start)
    }

    private func isEndTag(at index: Int, of name: Range<Int>) -> Bool {
        byte(index + 1) == UInt8(ascii: "/") && isName(name, at: index + 2)
    }

    private func isStartTag(at index: Int, of name: Range<Int>) -> Bool {
        isName(name, at: index + 1)
    }

    private func isName(_ name: Range<Int>, at index: Int) -> Bool {
        guard index + name.count <= bytes.count else { return false }
        for offset in 0..<name.count
        where asciiLowercased(bytes[index + offset])
            != asciiLowercased(bytes[name.lowerBound + offset])
        {
            return false
        }
        return isTagNameEnd(byte(index + name.count))
    }

    // MARK: - Mark-up

    /// What starts with the `<` here; nil when that is only a character.
    private mutating func markup() -> HTMLToken? {
        guard startsMarkup(at: position) else { return nil }
        switch byte(position + 1) {
        case UInt8(ascii: "!"): return declaration()
        case UInt8(ascii: "?"): return bogusComment(from: position + 1)
        case UInt8(ascii: "/"):
            return isLetter(byte(position + 2)) ? tag() : bogusComment(from: position + 2)
        default: return tag()
        }
    }

    private mutating func declaration() -> HTMLToken {
        let start = position + 2
        if matches(Marks.dashes, at: start) { return comment(from: start + 2) }
        if matches(Marks.cdataStart, at: start) {
            let end = find(Marks.cdataEnd, from: start + 7)
            position = min(end + 3, bytes.count)
            return .text(start + 7..<end, isRaw: true)
        }
        let end = find(Marks.tagEnd, from: start)
        position = min(end + 1, bytes.count)
        let isDoctype =
            end - start >= 7
            && zip(bytes[start..<start + 7], "doctype".utf8).allSatisfy {
                asciiLowercased($0) == $1
            }
        return isDoctype ? .doctype(start..<end) : .comment(start..<end)
    }

    private mutating func comment(from start: Int) -> HTMLToken {
        if byte(start) == UInt8(ascii: ">") || matches(Marks.arrow, at: start) {
            position = min(find(Marks.tagEnd, from: start) + 1, bytes.count)
            return .comment(start..<start)
        }
        var index = find(UInt8(ascii: "-"), from: start)
        while index < bytes.count {
            if byte(index + 1) == UInt8(ascii: "-") {
                if byte(index + 2) == UInt8(ascii: ">") {
                    position = index + 3
                    return .comment(start..<index)
                }
                if byte(index + 2) == UInt8(ascii: "!"), byte(index + 3) == UInt8(ascii: ">") {
                    position = index + 4
                    return .comment(start..<index)
                }
            }
            index = find(UInt8(ascii: "-"), from: index + 1)
        }
        position = bytes.count
        return .comment(start..<bytes.count)
    }

    private mutating func bogusComment(from start: Int) -> HTMLToken {
        let end = find(Marks.tagEnd, from: start)
        position = min(end + 1, bytes.count)
        return .comment(start..<end)
    }

    private mutating func tag() -> HTMLToken? {
        let isEnd = bytes[position + 1] == UInt8(ascii: "/")
        let nameStart = position + (isEnd ? 2 : 1)
        var index = nameStart
        while index < bytes.count, !isTagNameEnd(bytes[index]) { index += 1 }
        let name = nameStart..<index
        attributes.removeAll(keepingCapacity: true)
        position = index
        let isSelfClosing = readAttributes()
        let element = HTMLElement(named: bytes.span.extracting(name))
        if isEnd { return .endTag(element, name: name) }
        model = element.contentModel
        rawName = name
        return .startTag(element, name: name, isSelfClosing: isSelfClosing)
    }

    /// Reads to the end of the tag; whether it ends in `/>`.
    private mutating func readAttributes() -> Bool {
        var isSelfClosing = false
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: ">"):
                position += 1
                return isSelfClosing
            case UInt8(ascii: "/"):
                isSelfClosing = true
                position += 1
            case let byte where isSpace(byte):
                position += 1
            default:
                isSelfClosing = false
                readAttribute()
            }
        }
        return isSelfClosing
    }

    private mutating func readAttribute() {
        let nameStart = position
        position += 1
        while position < bytes.count, bytes[position] != UInt8(ascii: "="),
            !isTagNameEnd(bytes[position])
        {
            position += 1
        }
        let name = nameStart..<position
        while position < bytes.count, isSpace(bytes[position]) { position += 1 }
        var value = position..<position
        if byte(position) == UInt8(ascii: "="), position < bytes.count {
            position += 1
            while position < bytes.count, isSpace(bytes[position]) { position += 1 }
            value = readValue()
        }
        if attributes.count < attributesMax {
            attributes.append(HTMLAttribute(name: name, value: value))
        }
    }

    private mutating func readValue() -> Range<Int> {
        let quote = byte(position)
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            let start = position + 1
            let index = find(quote, from: start)
            position = min(index + 1, bytes.count)
            return start..<index
        }
        let start = position
        while position < bytes.count, !isSpace(bytes[position]),
            bytes[position] != UInt8(ascii: ">")
        {
            position += 1
        }
        return start..<position
    }

    // MARK: - Bytes

    /// The byte there; 0 beyond the end.
    @inline(__always)
    private func byte(_ index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }

    /// Where that byte stands next; the end when nowhere.
    @inline(__always)
    private func find(_ byte: UInt8, from start: Int) -> Int {
        bytes.span.firstIndex(of: byte, from: start, to: bytes.count)
    }

    private func matches(_ mark: [UInt8], at index: Int) -> Bool {
        guard index + mark.count <= bytes.count else { return false }
        for offset in mark.indices where bytes[index + offset] != mark[offset] { return false }
        return true
    }

    /// Where that mark stands next; the end when nowhere.
    private func find(_ mark: [UInt8], from start: Int) -> Int {
        var index = find(mark[0], from: min(start, bytes.count))
        while index < bytes.count, !matches(mark, at: index) {
            index = find(mark[0], from: index + 1)
        }
        return index
    }
}

private enum Marks {
    static let commentStart = Array("<!--".utf8)
    static let commentEnd = Array("-->".utf8)
    static let dashes = Array("--".utf8)
    static let arrow = Array("->".utf8)
    static let cdataStart = Array("[CDATA[".utf8)
    static let cdataEnd = Array("]]>".utf8)
    static let tagEnd = Array(">".utf8)
}

@inline(__always)
func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D || byte == 0x0C
}

@inline(__always)
func isLetter(_ byte: UInt8) -> Bool { 0x61...0x7A ~= byte | 0x20 }

@inline(__always)
private func isTagNameEnd(_ byte: UInt8) -> Bool {
    isSpace(byte) || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/") || byte == 0
}
