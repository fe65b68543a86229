/// Reads XML as it is found rather than as it should be (XML 1.0, Namespaces in XML 1.0): one
/// token a call, positions instead of copies, no recursion, nothing fetched, nothing expanded.
///
/// 1. It never fails: what is not markup is text, what is damaged is mended and told in `damage`.
/// 2. Cost is linear in the bytes, whatever they are; memory is bounded by `XMLLimits` and the
///    table of names.
/// 3. Names are compared without regard to ASCII letter case.
/// 4. Every start tag is followed by its end tag in due order, up to the end of the document:
///    elements that are still open there get none, so that a caller sees what is incomplete.
/// 5. A document type declaration is passed over; the entities that it declares stay unexpanded.
package struct XMLTokenizer {
    /// What was read last; the tokenizer's properties hold the particulars.
    package enum Token: Hashable, Sendable {
        /// `name`, `attributes` and `isEmptyElement` tell the rest.
        case startTag
        /// `name` tells which; implied for elements that were left open.
        case endTag
        /// Character data at `range`, references still in it.
        case text
        /// Character data at `range`, to be taken literally.
        case literalText
        case end
    }

    /// One attribute of the current start tag; positions in `bytes`.
    package struct Attribute: Hashable, Sendable {
        package var name: XMLNameID
        /// Without its quotes, references still in it.
        package var value: Range<Int>
    }

    struct OpenElement {
        var name: XMLNameID
        var bindings: Int
    }

    package let bytes: [UInt8]
    package let limits: XMLLimits
    package internal(set) var damage: XMLDamage = []
    /// Where the current token stands; empty for end tags.
    package internal(set) var range = 0..<0
    /// The current tag's name, prefix and all.
    package internal(set) var name = XMLNameID.empty
    package internal(set) var attributes: [Attribute] = []
    package internal(set) var isEmptyElement = false

    var position = 0
    var names = XMLNameTable()
    var namespaces = XMLNameTable()
    var bindings = XMLNamespaceBindings()
    var open: [OpenElement] = []
    /// How many elements of each name are open, so that a stray end tag is known without a search.
    var openCounts: [Int32] = []
    /// How many end tags are due before anything else is read.
    var endsDue = 0
    /// Elements beyond the depth limit, by name, until one within it closes.
    var passedOver: [XMLNameID: Int] = [:]
    private var xmlnsName = XMLNameID.other
    private var hasNoMoreCommentEnds = false
    private var hasNoMoreInstructionEnds = false

    /// `bytes`: UTF-8 without a byte order mark, as `decodeText` gives it.
    package init(_ bytes: [UInt8], limits: XMLLimits = XMLLimits()) {
        self.bytes = bytes
        self.limits = limits
        let xmlns = Array("xmlns".utf8)
        xmlnsName = names.id(of: xmlns, xmlns.indices)
    }

    /// Elements that are open after the current token.
    package var depth: Int { open.count }

    /// Reads the next token.
    package mutating func next() -> Token {
        if endsDue > 0 { return closeInnermost() }
        while position < bytes.count {
            guard bytes[position] == UInt8(ascii: "<") else { return readText() }
            switch byte(at: position + 1) {
            case UInt8(ascii: "/"):
                if readEndTag(), endsDue > 0 { return closeInnermost() }
            case UInt8(ascii: "!"):
                if let token = readDeclaration() { return token }
            case UInt8(ascii: "?"): readInstruction()
            case let first where isNameStart(first):
                if let token = readStartTag() { return token }
            default: return readText()
            }
        }
        if !open.isEmpty { damage.insert(.truncated) }
        range = bytes.count..<bytes.count
        return .end
    }

    /// 0 past the end.
    @inline(__always)
    func byte(at index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }

    // MARK: - Text

    /// Text up to the next `<` that can start markup.
    private mutating func readText() -> Token {
        let start = position
        let bytes = bytes
        var next = position
        while next < bytes.count {
            if bytes[next] == UInt8(ascii: "<"), isMarkup(at: next) { break }
            next += 1
        }
        position = next
        range = start..<next
        return .text
    }

    private mutating func isMarkup(at index: Int) -> Bool {
        switch byte(at: index + 1) {
        case UInt8(ascii: "/"), UInt8(ascii: "!"), UInt8(ascii: "?"): return true
        case let first where isNameStart(first): return true
        default:
            damage.insert(index + 1 < bytes.count ? .bareLessThan : .truncated)
            return false
        }
    }

    // MARK: - What is passed over

    /// A comment, a CDATA section or a document type; nil when it is passed over.
    private mutating func readDeclaration() -> Token? {
        let start = position
        if matches("<!--", at: start) {
            guard !hasNoMoreCommentEnds, let end = find("-->", from: start + 4) else {
                hasNoMoreCommentEnds = true
                return truncate()
            }
            position = end + 3
            return nil
        }
        if matches("<![cdata[", at: start) {
            let end = find("]]>", from: start + 9)
            if end == nil { damage.insert(.truncated) }
            range = start + 9..<(end ?? bytes.count)
            position = end.map { $0 + 3 } ?? bytes.count
            return .literalText
        }
        if matches("<!doctype", at: start) {
            position = endOfDocumentType(from: start + 9)
            return nil
        }
        damage.insert(.malformedTag)
        position = find(">", from: start).map { $0 + 1 } ?? bytes.count
        return nil
    }

    /// Nothing after this can be told apart from what the cut took away.
    private mutating func truncate() -> Token? {
        damage.insert(.truncated)
        position = bytes.count
        return nil
    }

    /// After the `>` of a document type declaration and its internal subset, none of it read.
    private mutating func endOfDocumentType(from start: Int) -> Int {
        var index = start
        var isInSubset = false
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                let quote = bytes[index]
                index += 1
                while index < bytes.count, bytes[index] != quote { index += 1 }
            case UInt8(ascii: "["): isInSubset = true
            case UInt8(ascii: "]"): isInSubset = false
            case UInt8(ascii: ">"):
                if !isInSubset { return index + 1 }
            case UInt8(ascii: "<"):
                if matches("<!--", at: index) {
                    guard let end = find("-->", from: index + 4) else { index = bytes.count; break }
                    index = end + 2
                } else if !isInSubset {
                    damage.insert(.malformedTag)
                    return index
                }
            default: break
            }
            index += 1
        }
        damage.insert(.truncated)
        return bytes.count
    }

    /// `<?…?>`; when the document has no `?>` any more, up to the first `>`. An XML declaration
    /// ends at the first `>`, because some are written without their second question mark.
    private mutating func readInstruction() {
        let start = position
        var end: Int?
        if !matches("<?xml ", at: start), !hasNoMoreInstructionEnds {
            end = find("?>", from: start + 2).map { $0 + 2 }
            if end == nil { hasNoMoreInstructionEnds = true }
        }
        position = end ?? find(">", from: start + 2).map { $0 + 1 } ?? bytes.count
        if position == bytes.count, byte(at: position - 1) != UInt8(ascii: ">") {
            damage.insert(.truncated)
        }
    }

    // MARK: - Searches

    /// Whether `pattern`, in lower case, stands at `index`.
    func matches(_ pattern: String, at index: Int) -> Bool {
        guard index + pattern.utf8.count <= bytes.count else { return false }
        var next = index
        for expected in pattern.utf8 {
            if lowercased(bytes[next]) != expected { return false }
            next += 1
        }
        return true
    }

    private func find(_ pattern: String, from start: Int) -> Int? {
        let wanted = Array(pattern.utf8)
        guard let last = wanted.last else { return nil }
        // By the last byte: `>` is rarer than the dashes and brackets before it.
        var index = start + wanted.count - 1
        let bytes = bytes
        while index < bytes.count {
            if bytes[index] == last, index - wanted.count + 1 >= start,
                bytes[index - wanted.count + 1...index].elementsEqual(wanted)
            {
                return index - wanted.count + 1
            }
            index += 1
        }
        return nil
    }
}

// MARK: - Names of the current token

extension XMLTokenizer {
    /// The part of a name after its prefix.
    package func local(of name: XMLNameID) -> XMLNameID { names.local(of: name) }

    /// A name in lower case, as bytes.
    package func bytes(of name: XMLNameID) -> ArraySlice<UInt8> { names.bytes(of: name) }

    /// The part of a name before its colon, in lower case; empty without one.
    package func prefixBytes(of name: XMLNameID) -> ArraySlice<UInt8> {
        names.bytes(of: names.prefix(of: name))
    }

    /// The namespace that the current tag's prefix stands for; `.empty` when it stands for none.
    package var namespace: XMLNameID { bindings.namespace(of: names.prefix(of: name)) }

    /// The address of a namespace in ASCII lower case, as bytes.
    package func bytes(ofNamespace namespace: XMLNameID) -> ArraySlice<UInt8> {
        namespaces.bytes(of: namespace)
    }

    /// Takes up what `xmlns` attributes of the current tag declare.
    mutating func bindNamespaces() {
        for attribute in attributes {
            let prefix: XMLNameID
            if attribute.name == xmlnsName {
                prefix = .empty
            } else if names.prefix(of: attribute.name) == xmlnsName {
                prefix = names.local(of: attribute.name)
            } else {
                continue
            }
            bindings.bind(prefix, to: namespaces.id(of: bytes, trimmed(attribute.value)))
        }
    }

    private func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, bytes[start] <= 0x20 { start += 1 }
        while end > start, bytes[end - 1] <= 0x20 { end -= 1 }
        return start..<end
    }
}

/// A letter, `_`, `:` or anything beyond ASCII.
@inline(__always)
func isNameStart(_ byte: UInt8) -> Bool {
    0x61...0x7A ~= byte | 0x20 || byte == 0x5F || byte == 0x3A || byte >= 0x80
}

@inline(__always)
func isXMLSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 || byte == 0x0C
}
