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
package struct XMLTokenizer: ~Copyable {
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
    package internal(set) var tables: XMLNameTables
    var bindings = XMLNamespaceBindings()
    var open: [OpenElement] = []
    /// How many elements of each name are open, so that a stray end tag is known without a search.
    var openCounts: [Int32] = []
    /// How many end tags are due before anything else is read.
    var endsDue = 0
    /// Elements beyond the depth limit, by name, until one within it closes.
    var passedOver: [XMLNameID: Int] = [:]
    /// Whether the document type that was read is HTML's.
    package private(set) var isHTML = false

    /// - Parameters:
    ///   - text: What `decodeText` gives for the family of XML.
    ///   - tables: Names that are known from the start.
    package init(
        _ text: DecodedText, limits: XMLLimits = XMLLimits(),
        tables: XMLNameTables = XMLNameTables()
    ) {
        bytes = text.bytes
        self.limits = limits
        self.tables = tables
        if text.hadControls { damage.insert(.controlCharacter) }
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
        var next = start
        while true {
            next = bytes.span.firstIndex(of: UInt8(ascii: "<"), from: next, to: bytes.count)
            if next == bytes.count || isMarkup(at: next) { break }
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
        if matches(Beginning.comment, at: start) {
            guard let end = find(.comment, from: start + 4) else { return truncate() }
            position = end + 3
            return nil
        }
        if matches(Beginning.literal, at: start) {
            let end = find(.literal, from: start + 9)
            if end == nil { damage.insert(.truncated) }
            range = start + 9..<(end ?? bytes.count)
            position = end.map { $0 + 3 } ?? bytes.count
            return .literalText
        }
        if matches(Beginning.documentType, at: start) {
            isHTML = isHTML || namesHTML(at: start + 9)
            position = endOfDocumentType(from: start + 9)
            return nil
        }
        damage.insert(.malformedTag)
        position = find(.tag, from: start).map { $0 + 1 } ?? bytes.count
        return nil
    }

    /// Whether the name of a document type, after white space, is `html`.
    private mutating func namesHTML(at index: Int) -> Bool {
        var next = index
        while isXMLSpace(byte(at: next)) { next += 1 }
        return matches(Beginning.html, at: next) && !isNameStart(byte(at: next + 4))
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
                while index < bytes.count, bytes[index] != quote {
                    // A quote that was forgotten must not cost the document.
                    if !isInSubset, bytes[index] == UInt8(ascii: "<") {
                        damage.insert(.malformedTag)
                        return index
                    }
                    index += 1
                }
            case UInt8(ascii: "["): isInSubset = true
            case UInt8(ascii: "]"): isInSubset = false
            case UInt8(ascii: ">"):
                if !isInSubset { return index + 1 }
            case UInt8(ascii: "<"):
                if matches(Beginning.comment, at: index) {
                    guard let end = find(.comment, from: index + 4) else {
                        index = bytes.count; break
                    }
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

    /// `<?…?>`; where a tag follows first, up to the first `>`, because some are written without
    /// their second question mark. An XML declaration always ends there. What comes after the tag
    /// has no say in it, so that a document that is cut is read as far as the whole is.
    private mutating func readInstruction() {
        let isDeclaration = matches(Beginning.declaration, at: position)
        var index = position + 2
        var first: Int?
        while true {
            index = bytes.span.firstIndex(
                of: UInt8(ascii: ">"), or: UInt8(ascii: "<"), from: index, to: bytes.count)
            guard index < bytes.count else { break }
            if bytes[index] == UInt8(ascii: "<") {
                if first == nil { damage.insert(.malformedTag) }
                position = first ?? index
                return
            }
            if isDeclaration || bytes[index - 1] == UInt8(ascii: "?") {
                position = index + 1
                return
            }
            first = first ?? index + 1
            index += 1
        }
        if first == nil { damage.insert(.truncated) }
        position = first ?? bytes.count
    }

    // MARK: - Searches

    /// What starts a construct, in lower case.
    private enum Beginning {
        static let comment = Array("<!--".utf8)
        static let literal = Array("<![cdata[".utf8)
        static let documentType = Array("<!doctype".utf8)
        static let html = Array("html".utf8)
        static let declaration = Array("<?xml ".utf8)
    }

    private mutating func matches(_ beginning: [UInt8], at index: Int) -> Bool {
        let span = bytes.span
        guard index + beginning.count <= span.count else { return false }
        for offset in beginning.indices where lowercased(span[index + offset]) != beginning[offset]
        {
            return false
        }
        return true
    }

    /// What ends a construct, and which of its bytes is rare inside one: that is looked for first.
    private struct Ending {
        let bytes: [UInt8]
        let rare: Int

        static let comment = Ending(bytes: Array("-->".utf8), rare: 2)
        static let literal = Ending(bytes: Array("]]>".utf8), rare: 0)
        static let tag = Ending(bytes: Array(">".utf8), rare: 0)
    }

    /// Where `ending` first starts at or after `start`.
    private mutating func find(_ ending: Ending, from start: Int) -> Int? {
        let span = bytes.span
        let wanted = ending.bytes
        var index = start + ending.rare
        while true {
            index = span.firstIndex(of: wanted[ending.rare], from: index, to: span.count)
            let first = index - ending.rare
            if first + wanted.count > span.count { return nil }
            if wanted.indices.allSatisfy({ span[first + $0] == wanted[$0] }) { return first }
            index += 1
        }
    }
}

// MARK: - Names of the current token

extension XMLTokenizer {
    /// The part of a name after its prefix.
    package func local(of name: XMLNameID) -> XMLNameID { tables.names.local(of: name) }

    /// A name in lower case, as bytes.
    package func bytes(of name: XMLNameID) -> ArraySlice<UInt8> { tables.names.bytes(of: name) }

    /// The part of a name before its colon, in lower case; empty without one.
    package func prefixBytes(of name: XMLNameID) -> ArraySlice<UInt8> {
        tables.names.bytes(of: tables.names.prefix(of: name))
    }

    /// The namespace that the current tag's prefix stands for; `.empty` when it stands for none.
    package var namespace: XMLNameID { bindings.namespace(of: tables.names.prefix(of: name)) }

    /// The address of a namespace in ASCII lower case, as bytes.
    package func bytes(ofNamespace namespace: XMLNameID) -> ArraySlice<UInt8> {
        tables.namespaces.bytes(of: namespace)
    }

    /// Takes up what `xmlns` attributes of the current tag declare.
    mutating func bindNamespaces() {
        for attribute in attributes {
            let prefix: XMLNameID
            if attribute.name == tables.xmlns {
                prefix = .empty
            } else if tables.names.prefix(of: attribute.name) == tables.xmlns {
                prefix = tables.names.local(of: attribute.name)
            } else {
                continue
            }
            bindings.bind(prefix, to: tables.namespaces.id(of: bytes, trimmed(attribute.value)))
        }
    }

    /// The range without the white space at its ends.
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
