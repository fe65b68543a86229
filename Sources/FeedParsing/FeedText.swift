internal import Markup
internal import News

/// How the texts of a feed become what an `Entry` holds.

/// Plain text of one line: white space collapsed, at most `charactersMax` Unicode scalars.
func title(fromHTML bytes: [UInt8], charactersMax: Int) -> String? {
    guard bytes.contains(where: { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "&") }) else {
        return title(fromText: bytes, charactersMax: charactersMax)
    }
    let html = escapingBareLessThan(bytes, isTag: isKnownTag)
    let text = plainText(ofHTML: String(decoding: html, as: UTF8.self))
    return text.isEmpty ? nil : firstCharacters(of: text, charactersMax)
}

func title(fromText bytes: [UInt8], charactersMax: Int) -> String? {
    let text = String(decoding: collapsed(bytes), as: UTF8.self)
    if text.isEmpty { return nil }
    return firstCharacters(of: text, charactersMax)
}

/// Characters are Unicode scalars here: one visible character may be built of a million of them.
private func firstCharacters(of text: String, _ charactersMax: Int) -> String {
    text.utf8.count <= charactersMax
        ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(charactersMax)))
}

/// HTML without what could do harm, its addresses absolute.
func body(fromHTML bytes: [UInt8], base: HTTPURL?) -> String? {
    let bytes = trimmed(bytes)
    if bytes.isEmpty { return nil }
    guard bytes.contains(where: { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "&") }) else {
        return String(decoding: bytes, as: UTF8.self)
    }
    let marked = escapingBareLessThan(bytes) { _ in true }
    let html = cleanedHTML(String(decoding: marked, as: UTF8.self)) {
        resolved($0, against: base)
    }
    return html.isEmpty ? nil : html
}

/// A `<` that starts no tag, because no `>` follows it or `isTag` does not know the name, becomes a
/// reference: `1 <a` is text, and a title may speak of `<example>`.
private func escapingBareLessThan(
    _ bytes: [UInt8], isTag: (ArraySlice<UInt8>) -> Bool
) -> [UInt8] {
    guard bytes.contains(UInt8(ascii: "<")) else { return bytes }
    let lastGreaterThan = bytes.lastIndex(of: UInt8(ascii: ">")) ?? -1
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for (index, byte) in bytes.enumerated() {
        if byte == UInt8(ascii: "<"), index > lastGreaterThan || !isTag(bytes[(index + 1)...]) {
            result.append(contentsOf: "&lt;".utf8)
        } else {
            result.append(byte)
        }
    }
    return result
}

/// Whether an HTML element, a comment or the like starts here, after its `<`.
private func isKnownTag(_ rest: ArraySlice<UInt8>) -> Bool {
    var rest = rest
    if let first = rest.first, first == UInt8(ascii: "!") || first == UInt8(ascii: "?") {
        return true
    }
    if rest.first == UInt8(ascii: "/") { rest = rest.dropFirst() }
    let name = rest.prefix(12).prefix { isLetter($0) || 0x30...0x39 ~= $0 }
    return HTMLElement(named: name) != .other
}

/// Text as HTML that shows it.
func body(fromText bytes: [UInt8]) -> String? {
    var html: [UInt8] = []
    appendEscaped(trimmed(bytes), to: &html)
    return html.isEmpty ? nil : String(decoding: html, as: UTF8.self)
}

/// At most `bytesMax` bytes of a text, cut neither in a character nor in a tag.
func beginning(of text: String, bytesMax: Int) -> String {
    guard text.utf8.count > bytesMax else { return text }
    var bytes = Array(text.utf8.prefix(bytesMax + 1))
    while let next = bytes.popLast(), 0x80...0xBF ~= next {}
    if let tag = bytes.lastIndex(of: UInt8(ascii: "<")),
        !bytes[tag...].contains(UInt8(ascii: ">"))
    {
        bytes.removeSubrange(tag...)
    }
    return String(decoding: bytes, as: UTF8.self)
}

/// Whether text that calls itself plain is HTML all the same: it has an end tag, a tag that needs
/// none, or a character reference.
func looksLikeHTML(_ bytes: [UInt8]) -> Bool {
    var next = 0
    while next + 2 < bytes.count {
        let (first, second) = (bytes[next], bytes[next + 1])
        if first == UInt8(ascii: "<") {
            if second == UInt8(ascii: "/"), isLetter(bytes[next + 2]) { return true }
            if isVoidTag(bytes[(next + 1)...]) { return true }
        } else if first == UInt8(ascii: "&"), characterReference(at: next, in: bytes) != nil {
            return true
        }
        next += 1
    }
    return false
}

private func isVoidTag(_ rest: ArraySlice<UInt8>) -> Bool {
    let name = rest.prefix(4).map { $0 | 0x20 }
    return name.starts(with: "br".utf8) || name.starts(with: "hr".utf8)
        || name.starts(with: "img ".utf8)
}

/// An address as an entry holds it: absolute when it can be made so, else as written. A reference
/// is resolved against `base`; an absolute one stays as the publisher wrote it.
func resolved(_ reference: String, against base: HTTPURL?) -> String {
    let text = String(
        decoding: trimmed(Array(reference.utf8)).filter { $0 >= 0x20 && $0 != 0x7F }, as: UTF8.self)
    if text.isEmpty || hasScheme(text) { return text }
    return HTTPURL(text, relativeTo: base)?.description ?? text
}

/// `name:` as RFC 3986, section 3.1, has it.
func hasScheme(_ text: String) -> Bool {
    guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), let first = text.utf8.first,
        isLetter(first)
    else { return false }
    return text.utf8[..<colon].allSatisfy {
        isLetter($0) || 0x30...0x39 ~= $0 || $0 == 0x2B || $0 == 0x2D || $0 == 0x2E
    }
}

/// The name in `a@b.org (Name)`, `Name <a@b.org>` or `mailto:a@b.org`; the mail address when there
/// is no name (RSS 2.0, `author`).
func personName(_ text: String) -> String? {
    var rest = collapsed(Array(text.utf8))
    if rest.starts(with: "mailto:".utf8) { rest.removeFirst(7) }
    let words = rest.split(separator: 0x20)
    let isMail: (ArraySlice<UInt8>) -> Bool = { word in
        word.contains(UInt8(ascii: "@")) && word.count > 2
    }
    guard words.contains(where: isMail) else { return rest.isEmpty ? nil : string(rest[...]) }
    var name = Array(words.filter { !isMail($0) }.joined(separator: [0x20]))
    if name.first == UInt8(ascii: "("), name.last == UInt8(ascii: ")") {
        name = Array(name.dropFirst().dropLast())
    }
    name = trimmed(name.filter { $0 != UInt8(ascii: "\"") })
    if !name.isEmpty { return string(name[...]) }
    let mail = words.first(where: isMail)?.filter { !Array("<>()[],;".utf8).contains($0) }
    return mail.map { string($0[...]) }
}

/// Base64 (RFC 4648), white space allowed; nil when it is not that.
func decodingBase64(_ text: [UInt8]) -> [UInt8]? {
    var result: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for byte in text where byte > 0x20 && byte != UInt8(ascii: "=") {
        let value: UInt32
        switch byte {
        case 0x41...0x5A: value = UInt32(byte - 0x41)
        case 0x61...0x7A: value = UInt32(byte - 0x61 + 26)
        case 0x30...0x39: value = UInt32(byte - 0x30 + 52)
        case UInt8(ascii: "+"), UInt8(ascii: "-"): value = 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): value = 63
        default: return nil
        }
        bits = bits << 6 | value
        count += 1
        if count % 4 != 1 {
            result.append(UInt8(truncatingIfNeeded: bits >> UInt32(6 - 2 * ((count - 1) % 4))))
        }
    }
    return result
}

func trimmed(_ bytes: [UInt8]) -> [UInt8] {
    guard let first = bytes.firstIndex(where: { $0 > 0x20 }),
        let last = bytes.lastIndex(where: { $0 > 0x20 })
    else { return [] }
    return first == 0 && last == bytes.count - 1 ? bytes : Array(bytes[first...last])
}

func collapsed(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for byte in bytes {
        if byte > 0x20 {
            result.append(byte)
        } else if let last = result.last, last != 0x20 {
            result.append(0x20)
        }
    }
    if result.last == 0x20 { result.removeLast() }
    return result
}

func string(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

func isLetter(_ byte: UInt8) -> Bool { 0x61...0x7A ~= byte | 0x20 }
