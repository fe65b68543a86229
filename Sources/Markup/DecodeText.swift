/// Where a document of this kind declares its charset.
package enum DocumentFamily: Sendable {
    /// In its XML declaration.
    case xml
    /// In a `meta` element, or an XML declaration.
    case html
    /// Nowhere.
    case plain
}

/// A document's text in the one form that everything behind it reads.
package struct DecodedText: Hashable, Sendable {
    /// Well-formed UTF-8 without byte order mark and NUL. Of XML also plain: line ends are `\n`,
    /// and tab is the only other control character. Only `decodeText` makes it: others rely on it.
    package let bytes: [UInt8]
    /// The charset that it was read in, by its WHATWG name.
    package let encoding: String
    /// Bytes had to be replaced by U+FFFD.
    package let isDamaged: Bool
    /// Control characters that nobody means were taken out.
    package let hadControls: Bool
}

/// Reads bytes of unknown charset.
///
/// Asked in this order: a byte order mark; NUL bytes where UTF-16 and UTF-32 have them; the charset
/// of `contentType`; the declaration in the document; strict UTF-8; the look of the bytes. A
/// charset that is claimed but leaves bytes over gives way to the next that leaves none; a claimed
/// single-byte charset, which any bytes satisfy, gives way to UTF-8 that is valid and used. Both
/// mistakes are common. Latin-1 is read as windows-1252. Never fails. Cost: linear.
package func decodeText(
    _ body: [UInt8], contentType: String?, family: DocumentFamily
) -> DecodedText {
    let isXML = family == .xml
    if let (charset, length) = byteOrderMark(of: body) {
        return DecodedText(CharsetDecoding(body[length...], from: charset), charset, isXML: isXML)
    }
    if let charset = wideCharset(of: body) {
        return DecodedText(CharsetDecoding(body[...], from: charset), charset, isXML: isXML)
    }
    var utf8 = UTF8Reading(body, isXML: isXML, stopsWhenWrong: true)
    var claimed: (decoding: CharsetDecoding, charset: Charset)?
    for charset in claims(contentType, body, family) {
        let isUTF8 = charset == .utf8 || charset.isWide
        // A wide charset cannot be meant here: its declaration was readable as ASCII.
        if utf8.replaced == 0, isUTF8 || (charset.isSingleByte && utf8.beyondASCII > 0) {
            return DecodedText(utf8)
        }
        if isUTF8 { continue }
        let attempt = CharsetDecoding(body[...], from: charset)
        if attempt.replaced == 0 { return DecodedText(attempt, charset, isXML: isXML) }
        if claimed == nil { claimed = (attempt, charset) }
    }
    if utf8.replaced == 0 { return DecodedText(utf8) }
    utf8 = UTF8Reading(body, isXML: isXML)
    // Damaged UTF-8 still has more good sequences than bad bytes.
    if utf8.beyondASCII > utf8.replaced { return DecodedText(utf8) }
    if let claimed { return DecodedText(claimed.decoding, claimed.charset, isXML: isXML) }
    let charset = charsetByEvidence(body)
    return DecodedText(CharsetDecoding(body[...], from: charset), charset, isXML: isXML)
}

extension DecodedText {
    fileprivate init(_ reading: UTF8Reading) {
        self.init(
            bytes: withoutByteOrderMarks(reading.bytes), encoding: Charset.utf8.rawValue,
            isDamaged: reading.replaced > 0, hadControls: reading.hadControls)
    }

    fileprivate init(_ decoding: CharsetDecoding, _ charset: Charset, isXML: Bool) {
        let reading = UTF8Reading(decoding.utf8, isXML: isXML)
        self.init(
            bytes: withoutByteOrderMarks(reading.bytes), encoding: charset.rawValue,
            isDamaged: decoding.replaced + reading.replaced > 0, hadControls: reading.hadControls)
    }
}

private func withoutByteOrderMarks(_ bytes: [UInt8]) -> [UInt8] {
    var start = 0
    while bytes[start...].starts(with: [0xEF, 0xBB, 0xBF]) { start += 3 }
    return start > 0 ? Array(bytes[start...]) : bytes
}

// MARK: - Byte order marks and NUL bytes

private func byteOrderMark(of body: [UInt8]) -> (charset: Charset, length: Int)? {
    if body.starts(with: [0xEF, 0xBB, 0xBF]) { return nil }  // still to be proved valid
    if body.starts(with: [0xFF, 0xFE, 0, 0]) { return (.utf32LE, 4) }
    if body.starts(with: [0, 0, 0xFE, 0xFF]) { return (.utf32BE, 4) }
    if body.starts(with: [0xFF, 0xFE]) { return (.utf16LE, 2) }
    if body.starts(with: [0xFE, 0xFF]) { return (.utf16BE, 2) }
    return nil
}

/// A text that starts with two ASCII characters shows its width by the NUL bytes around them
/// (XML 1.0, appendix F).
private func wideCharset(of body: [UInt8]) -> Charset? {
    guard body.count >= 4 else { return nil }
    switch (body[0] != 0, body[1] != 0, body[2] != 0, body[3] != 0) {
    case (true, false, true, false): return .utf16LE
    case (false, true, false, true): return .utf16BE
    case (true, false, false, false) where body.count >= 8 && body[4] != 0 && body[5] == 0:
        return .utf32LE
    case (false, false, false, true) where body.count >= 8 && body[7] != 0 && body[6] == 0:
        return .utf32BE
    default: return nil
    }
}

// MARK: - Claims

/// The charsets that the server and the document name, in the order in which they are believed.
private func claims(
    _ contentType: String?, _ body: [UInt8], _ family: DocumentFamily
) -> [Charset] {
    var result: [Charset] = []
    if body.starts(with: [0xEF, 0xBB, 0xBF]) { result.append(.utf8) }
    if let contentType, let charset = charsetParameter(of: Array(contentType.utf8)[...]) {
        result.append(charset)
    }
    let head = body.prefix(declarationBytesMax)
    switch family {
    case .xml: result += [declaredInXML(head)].compactMap { $0 }
    case .html: result += [declaredInXML(head), declaredInMeta(head)].compactMap { $0 }
    case .plain: break
    }
    return result
}

/// How far into a document its declaration is looked for. The standards say 1,024; pages with
/// comments before their head need more.
private let declarationBytesMax = 8192

/// The value of `charset=`, quoted or not (RFC 9110, section 8.3.2).
private func charsetParameter(of text: ArraySlice<UInt8>) -> Charset? {
    guard let name = position(of: "charset", in: text, from: text.startIndex) else { return nil }
    var next = name + 7
    while next < text.endIndex, isXMLSpace(text[next]) { next += 1 }
    guard next < text.endIndex, text[next] == UInt8(ascii: "=") else { return nil }
    return label(in: text, from: next + 1)
}

/// The label that follows, up to a quote, a delimiter or the end.
private func label(in text: ArraySlice<UInt8>, from start: Int) -> Charset? {
    let isDelimiter: (UInt8) -> Bool = {
        isXMLSpace($0) || [0x22, 0x27, 0x3B, 0x3E, 0x2C].contains($0)
    }
    var next = start
    while next < text.endIndex, isXMLSpace(text[next]) { next += 1 }
    if next < text.endIndex, text[next] == 0x22 || text[next] == 0x27 { next += 1 }
    while next < text.endIndex, isXMLSpace(text[next]) { next += 1 }
    return Charset(label: text[min(next, text.endIndex)...].prefix { !isDelimiter($0) })
}

private func declaredInXML(_ head: ArraySlice<UInt8>) -> Charset? {
    guard let start = position(of: "<?xml", in: head, from: head.startIndex) else { return nil }
    let end = position(of: ">", in: head, from: start) ?? head.endIndex
    guard let name = position(of: "encoding", in: head[..<end], from: start),
        let equals = position(of: "=", in: head[..<end], from: name)
    else { return nil }
    return label(in: head[..<end], from: equals + 1)
}

/// `<meta charset=…>` or `<meta http-equiv=content-type content="…; charset=…">` (WHATWG HTML,
/// section 13.2.3.2, without its care for comments).
private func declaredInMeta(_ head: ArraySlice<UInt8>) -> Charset? {
    var next = head.startIndex
    while let start = position(of: "<meta", in: head, from: next) {
        let end = position(of: ">", in: head, from: start) ?? head.endIndex
        if let charset = charsetParameter(of: head[start..<end]) { return charset }
        next = start + 5
    }
    return nil
}

/// Where `pattern`, in lower case, first stands.
private func position(of pattern: String, in text: ArraySlice<UInt8>, from start: Int) -> Int? {
    let wanted = Array(pattern.utf8)
    guard let first = wanted.first, start >= text.startIndex else { return nil }
    let upper = 0x61...0x7A ~= first ? first & 0xDF : first
    let span = text.span
    var index = start - text.startIndex
    while true {
        index = span.firstIndex(of: first, or: upper, from: index, to: span.count)
        if index + wanted.count > span.count { return nil }
        if wanted.indices.allSatisfy({ lowercased(span[index + $0]) == wanted[$0] }) {
            return index + text.startIndex
        }
        index += 1
    }
}
