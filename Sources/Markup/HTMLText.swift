/// Small pieces of HTML, as feeds carry them, to plain text.

/// The text of a title or another short piece: tags removed, character references decoded once,
/// white space collapsed, no control characters. Scripts and styles are no text. Cost: linear.
package func plainText(ofHTML html: String) -> String {
    let bytes = Array(html.utf8)
    var tokenizer = HTMLTokenizer(bytes)
    var raw: [UInt8] = []
    raw.reserveCapacity(bytes.count)
    var isHidden = false
    while let token = tokenizer.next() {
        switch token {
        case .startTag(let element, _, _):
            isHidden = element == .script || element == .style
            if !element.isInline { raw.append(0x20) }
        case .endTag(let element, _):
            isHidden = false
            if !element.isInline { raw.append(0x20) }
        case .text(let range, let isRaw):
            if isHidden { continue }
            if isRaw {
                raw.append(contentsOf: bytes[range])
            } else {
                appendDecoded(bytes[range], to: &raw)
            }
        case .comment, .doctype: break
        }
    }
    return String(decoding: collapsed(raw), as: UTF8.self)
}

/// An attribute's value as text: character references decoded, white space collapsed and none at
/// the ends, no control characters. Cost: linear.
package func attributeText(_ value: ArraySlice<UInt8>) -> [UInt8] {
    var raw: [UInt8] = []
    appendDecoded(value, to: &raw, inAttribute: true)
    return collapsed(raw)
}

private func collapsed(_ raw: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(raw.count)
    appendCollapsed(raw, to: &result)
    while result.last == 0x20 { result.removeLast() }
    return result
}

/// Appends text with each run of white space (no-break spaces too) as one space, none of it first,
/// and without control characters, the soft hyphen, the zero-width space and the byte order mark.
package func appendCollapsed(_ raw: [UInt8], to result: inout [UInt8]) {
    var index = 0
    while index < raw.count {
        let plain = plainEnd(in: raw.span, from: index)
        if plain > index {
            result.append(contentsOf: raw[index..<plain])
            index = plain
            continue
        }
        let byte = raw[index]
        var length = 1
        var isSpace = byte <= 0x20 || byte == 0x7F
        var isNothing = isSpace && !Markup.isSpace(byte)
        if byte >= 0xC2, index + 1 < raw.count {
            let second = raw[index + 1]
            let third = index + 2 < raw.count ? raw[index + 2] : 0
            switch (byte, second, third) {
            case (0xC2, 0x80...0x9F, _), (0xC2, 0xAD, _): (length, isNothing) = (2, true)
            case (0xC2, 0xA0, _): (length, isSpace) = (2, true)
            case (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xA8...0xA9), (0xE2, 0x80, 0xAF),
                (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80):
                (length, isSpace) = (3, true)
            case (0xE2, 0x80, 0x8B), (0xEF, 0xBB, 0xBF): (length, isNothing) = (3, true)
            default: break
            }
        }
        if isNothing {
            // Left out.
        } else if isSpace {
            if let last = result.last, last != 0x20, last != 0x0A { result.append(0x20) }
        } else {
            result.append(byte)
        }
        index += length
    }
}

/// The end of what stays as it stands: characters that are neither white space nor nothing, and
/// single spaces between them.
@inline(__always)
private func plainEnd(in raw: Span<UInt8>, from start: Int) -> Int {
    var index = start
    var isAfterSpace = true
    while index < raw.count {
        let byte = raw[index]
        if byte > 0x20 {
            // Only behind these bytes may a space of another kind stand, or a hidden character.
            if byte == 0x7F || byte == 0xC2 || byte == 0xE2 || byte == 0xE3 || byte == 0xEF {
                break
            }
            isAfterSpace = false
        } else {
            if byte != 0x20 || isAfterSpace { break }
            isAfterSpace = true
        }
        index &+= 1
    }
    return index
}

/// What a piece of HTML that holds a picture and no text is to be called: the picture's `alt` text,
/// else the last part of its address; nil when there is no picture. Cost: linear.
package func pictureName(inHTML html: String) -> String? {
    let bytes = Array(html.utf8)
    var tokenizer = HTMLTokenizer(bytes)
    while let token = tokenizer.next() {
        guard case .startTag(.img, _, _) = token else { continue }
        var address: String?
        for attribute in tokenizer.attributes {
            let text = attributeText(bytes[attribute.value])
            if text.isEmpty { continue }
            switch HTMLAttributeName(named: bytes.span.extracting(attribute.name)) {
            case .alt: return String(decoding: text, as: UTF8.self)
            case .src:
                let path = text.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
                address = path.split(separator: UInt8(ascii: "/")).last
                    .map { String(decoding: $0, as: UTF8.self) }
            default: break
            }
        }
        if let address { return address }
    }
    return nil
}
