/// Small pieces of HTML, as feeds carry them: to plain text, and to HTML that is safe to show.

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
    var result: [UInt8] = []
    result.reserveCapacity(raw.count)
    appendCollapsed(raw, to: &result)
    while result.last == 0x20 { result.removeLast() }
    return String(decoding: result, as: UTF8.self)
}

/// Appends text with each run of white space (no-break spaces too) as one space, none of it first,
/// and without control characters, the soft hyphen, the zero-width space and the byte order mark.
package func appendCollapsed(_ raw: [UInt8], to result: inout [UInt8]) {
    var index = 0
    while index < raw.count {
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

/// HTML that can be shown without harm: no scripts, styles, frames, objects, form controls, event
/// handlers or unknown elements, and only addresses of `http`, `https`, `mailto` and `tel`.
/// Every element that is opened is closed. The text itself is kept. Cost: linear.
/// - Parameter resolve: makes an HTTP reference absolute, or nil to leave the attribute out.
package func cleanedHTML(
    _ html: String, resolvingAgainst resolve: (String) -> String?
) -> String {
    let bytes = Array(html.utf8)
    var tokenizer = HTMLTokenizer(bytes)
    var cleaner = Cleaner()
    while let token = tokenizer.next() {
        switch token {
        case .startTag(let element, _, _):
            cleaner.open(element, tokenizer.attributes, of: bytes, resolve: resolve)
        case .endTag(let element, _): cleaner.close(element)
        case .text(let range, let isRaw): cleaner.append(text: bytes[range], isRaw: isRaw)
        case .comment, .doctype: break
        }
    }
    return cleaner.finish()
}

private struct Cleaner {
    /// Elements nested deeper lose their tags, not their text.
    private static let depthMax = 256

    private var result: [UInt8] = []
    private var open: [HTMLElement] = []
    /// The element whose content is being left out.
    private var hidden: HTMLElement?

    mutating func open(
        _ element: HTMLElement, _ attributes: [HTMLAttribute], of bytes: [UInt8],
        resolve: (String) -> String?
    ) {
        if hidden != nil { return }
        if element.isHarmful {
            hidden = element
            return
        }
        guard element.isHarmless, open.count < Self.depthMax || element.isVoid else { return }
        result.append(UInt8(ascii: "<"))
        result.append(contentsOf: element.name.utf8)
        var seen: Set<String> = []
        for attribute in attributes {
            let name = String(decoding: bytes[attribute.name], as: UTF8.self).lowercased()
            guard let kind = harmlessAttributes[name], seen.insert(name).inserted else { continue }
            var raw: [UInt8] = []
            appendDecoded(bytes[attribute.value], to: &raw, inAttribute: true)
            var value = String(decoding: raw, as: UTF8.self)
            if kind == .address {
                guard let safe = safeAddress(value, resolve: resolve) else { continue }
                value = safe
            }
            result.append(contentsOf: " \(name)=\"".utf8)
            appendEscaped(Array(value.utf8))
            result.append(UInt8(ascii: "\""))
        }
        result.append(UInt8(ascii: ">"))
        if !element.isVoid { open.append(element) }
    }

    mutating func close(_ element: HTMLElement) {
        if let hidden {
            if hidden == element { self.hidden = nil }
            return
        }
        guard let index = open.lastIndex(of: element) else { return }
        closeAll(above: index)
    }

    mutating func append(text: ArraySlice<UInt8>, isRaw: Bool) {
        if hidden != nil { return }
        var decoded: [UInt8] = []
        if isRaw {
            decoded += text
        } else {
            appendDecoded(text, to: &decoded)
        }
        appendEscaped(decoded)
    }

    mutating func finish() -> String {
        closeAll(above: 0)
        return String(decoding: result, as: UTF8.self)
    }

    private mutating func closeAll(above index: Int) {
        while open.count > index, let element = open.popLast() {
            result.append(contentsOf: "</\(element.name)>".utf8)
        }
    }

    private mutating func appendEscaped(_ bytes: [UInt8]) {
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "&"): result.append(contentsOf: "&amp;".utf8)
            case UInt8(ascii: "<"): result.append(contentsOf: "&lt;".utf8)
            case UInt8(ascii: ">"): result.append(contentsOf: "&gt;".utf8)
            case UInt8(ascii: "\""): result.append(contentsOf: "&quot;".utf8)
            default: result.append(byte)
            }
        }
    }
}

/// An address that a reader may follow; nil for every scheme that could run something.
private func safeAddress(_ written: String, resolve: (String) -> String?) -> String? {
    // Browsers ignore control characters and spaces within a scheme, and so do attackers.
    let letters = written.utf8.filter { $0 > 0x20 && $0 != 0x7F }
    guard !letters.isEmpty else { return nil }
    if let colon = letters.firstIndex(of: UInt8(ascii: ":")) {
        let head = letters[..<colon]
        let isPath = head.contains { [0x2F, 0x3F, 0x23, 0x5C].contains($0) }
        let scheme = String(decoding: head, as: UTF8.self).lowercased()
        if !isPath, scheme != "http", scheme != "https" {
            guard scheme == "mailto" || scheme == "tel" else { return nil }
            return String(decoding: letters, as: UTF8.self)
        }
    }
    return resolve(written)
}

extension HTMLElement {
    /// Left out with all that they hold.
    fileprivate var isHarmful: Bool {
        switch self {
        case .script, .style, .iframe, .noembed, .noframes, .svg, .math, .template, .select,
            .textarea, .title, .applet, .canvas, .xmp, .plaintext:
            true
        default: false
        }
    }

    /// Kept with their tags; the others that are not harmful lose their tags and keep their text.
    fileprivate var isHarmless: Bool {
        switch self {
        case .other, .object, .embed, .param, .form, .input, .button, .label, .fieldset, .legend,
            .option, .optgroup, .output, .datalist, .frame, .frameset, .html, .head, .body, .base,
            .basefont, .link, .meta, .meter, .progress, .noscript, .dialog, .area, .map, .data,
            .search:
            false
        default: !isHarmful
        }
    }
}

private enum AttributeKind { case text, address }

private let harmlessAttributes: [String: AttributeKind] = [
    "href": .address, "src": .address, "cite": .address, "poster": .address, "alt": .text,
    "title": .text, "width": .text, "height": .text, "colspan": .text, "rowspan": .text,
    "headers": .text, "scope": .text, "lang": .text, "dir": .text, "datetime": .text,
    "start": .text, "reversed": .text, "type": .text, "controls": .text, "id": .text,
    "class": .text, "rel": .text,
]
