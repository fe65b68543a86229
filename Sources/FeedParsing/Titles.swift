internal import Markup
internal import News

/// How the texts of a feed become titles: plain, on one line.

/// Plain text of one line: white space collapsed, at most `charactersMax` Unicode scalars.
func title(fromHTML bytes: [UInt8], charactersMax: Int) -> String? {
    guard hasMarkup(bytes, bytes.indices) else {
        return title(fromText: bytes, charactersMax: charactersMax)
    }
    let html = escapingBareLessThan(bytes, isTag: isKnownTag)
    let text = plainText(ofHTML: string(html[...]))
    let name = text.isEmpty ? pictureName(inHTML: string(html[...])) : text
    return name.map { firstCharacters(of: undoingDoubleEncoding($0) ?? $0, charactersMax) }
}

func title(fromText bytes: [UInt8], charactersMax: Int) -> String? {
    let text = string(collapsed(bytes[...])[...])
    if text.isEmpty { return nil }
    return firstCharacters(of: undoingDoubleEncoding(text) ?? text, charactersMax)
}

/// Characters are Unicode scalars here: one visible character may be built of a million of them.
func firstCharacters(of text: String, _ charactersMax: Int) -> String {
    text.utf8.count <= charactersMax
        ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(charactersMax)))
}

/// A `<` that starts no tag, because no `>` follows it or `isTag` does not know the name, becomes a
/// reference: `1 <a` is text, and a title may speak of `<example>`.
func escapingBareLessThan(
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

/// Whether a tag or a reference may stand in `range`.
func hasMarkup(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    let (lessThan, ampersand) = (UInt8(ascii: "<"), UInt8(ascii: "&"))
    return bytes.firstIndex(
        of: lessThan, or: ampersand, from: range.lowerBound, to: range.upperBound)
        < range.upperBound
}

/// Whether text that calls itself plain is HTML all the same: it has an end tag, a tag that needs
/// none, or a character reference.
func looksLikeHTML(_ bytes: [UInt8]) -> Bool {
    let (lessThan, ampersand) = (UInt8(ascii: "<"), UInt8(ascii: "&"))
    var next = 0
    while true {
        next = bytes.firstIndex(of: lessThan, or: ampersand, from: next, to: bytes.count)
        guard next + 2 < bytes.count else { return false }
        if bytes[next] == lessThan {
            if bytes[next + 1] == UInt8(ascii: "/"), isLetter(bytes[next + 2]) { return true }
            if isVoidTag(bytes[(next + 1)...]) { return true }
        } else if characterReference(at: next, in: bytes) != nil {
            return true
        }
        next += 1
    }
}

private func isVoidTag(_ rest: ArraySlice<UInt8>) -> Bool {
    let name = rest.prefix(3).map { $0 | 0x20 }
    if name.elementsEqual("img".utf8) {
        return rest.dropFirst(3).first.map { $0 <= 0x20 || $0 == UInt8(ascii: "/") } ?? false
    }
    let isBreak = name.starts(with: "br".utf8) || name.starts(with: "hr".utf8)
    return isBreak && !isLetter(rest.dropFirst(2).first ?? 0)
}
