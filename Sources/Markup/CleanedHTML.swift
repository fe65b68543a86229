/// HTML that can be shown without harm: no scripts, styles, frames, objects, form controls, event
/// handlers or unknown elements, and only addresses of `http`, `https`, `mailto` and `tel`.
/// Every element that is opened is closed. The text itself is kept. Cost: linear.
/// - Parameter resolve: makes an HTTP reference absolute, or nil to leave the attribute out.
package func cleanedHTML(
    _ html: String, resolvingAgainst resolve: (String) -> String?
) -> String {
    let bytes = Array(html.utf8)
    var tokenizer = HTMLTokenizer(bytes)
    var cleaner = Cleaner(capacity: bytes.count)
    while let token = tokenizer.next() {
        switch token {
        case .startTag(.svg, _, isSelfClosing: true): break
        case .startTag(let element, _, _):
            cleaner.open(element, tokenizer.attributes, of: bytes, resolve: resolve)
        case .endTag(let element, _): cleaner.close(element)
        case .text(let range, let isRaw): cleaner.append(text: bytes, range, isRaw: isRaw)
        case .comment, .doctype: break
        }
    }
    return cleaner.finish()
}

private struct Cleaner: ~Copyable {
    /// Elements nested deeper lose their tags, not their text.
    private static let depthMax = 256

    private var result: [UInt8] = []
    private var open: [HTMLElement] = []
    /// The element whose content is being left out.
    private var hidden: HTMLElement?

    init(capacity: Int) { result.reserveCapacity(capacity) }

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
        var seen: UInt32 = 0
        for attribute in attributes {
            guard let name = HarmlessAttribute(named: bytes[attribute.name]) else { continue }
            let bit: UInt32 = 1 << UInt32(name.rawValue)
            guard seen & bit == 0 else { continue }
            seen |= bit
            append(name, bytes, attribute.value, resolve: resolve)
        }
        result.append(UInt8(ascii: ">"))
        if !element.isVoid { open.append(element) }
    }

    private mutating func append(
        _ name: HarmlessAttribute, _ bytes: [UInt8], _ value: Range<Int>,
        resolve: (String) -> String?
    ) {
        var decoded: [UInt8] = []
        appendDecoded(bytes[value], to: &decoded, inAttribute: true)
        if name.isAddress {
            let written = withoutControls(decoded)
            guard let safe = safeAddress(written, resolve: resolve) else { return }
            decoded = Array(safe.utf8)
        }
        result.append(UInt8(ascii: " "))
        result.append(contentsOf: name.spelling.utf8)
        result.append(UInt8(ascii: "="))
        result.append(UInt8(ascii: "\""))
        appendEscaped(decoded[...])
        result.append(UInt8(ascii: "\""))
    }

    mutating func close(_ element: HTMLElement) {
        if let hidden {
            if hidden == element { self.hidden = nil }
            return
        }
        guard let index = open.lastIndex(of: element) else { return }
        closeAll(above: index)
    }

    mutating func append(text bytes: [UInt8], _ range: Range<Int>, isRaw: Bool) {
        if hidden != nil { return }
        let ampersand = bytes.firstIndex(
            of: UInt8(ascii: "&"), from: range.lowerBound, to: range.upperBound)
        if isRaw || ampersand == range.upperBound { return appendEscaped(bytes[range]) }
        var decoded: [UInt8] = []
        appendDecoded(bytes[range], to: &decoded)
        appendEscaped(decoded[...])
    }

    mutating func finish() -> String {
        closeAll(above: 0)
        return String(decoding: result, as: UTF8.self)
    }

    private mutating func closeAll(above index: Int) {
        while open.count > index, let element = open.popLast() {
            result.append(UInt8(ascii: "<"))
            result.append(UInt8(ascii: "/"))
            result.append(contentsOf: element.name.utf8)
            result.append(UInt8(ascii: ">"))
        }
    }

    /// Appends text with what means something in HTML as references and without the control
    /// characters that references may have named, runs of other text at once.
    private mutating func appendEscaped(_ text: ArraySlice<UInt8>) {
        var start = text.startIndex
        var index = start
        while index < text.endIndex {
            guard let (length, escaped) = Self.replacement(at: index, in: text) else {
                index += 1
                continue
            }
            result.append(contentsOf: text[start..<index])
            result.append(contentsOf: escaped.utf8)
            index += length
            start = index
        }
        result.append(contentsOf: text[start...])
    }

    /// What stands for the character at `index`, and how long that is; nil when it stands for
    /// itself.
    private static func replacement(
        at index: Int, in text: ArraySlice<UInt8>
    ) -> (length: Int, escaped: String)? {
        switch text[index] {
        case UInt8(ascii: "&"): (1, "&amp;")
        case UInt8(ascii: "<"): (1, "&lt;")
        case UInt8(ascii: ">"): (1, "&gt;")
        case UInt8(ascii: "\""): (1, "&quot;")
        case 0x09, 0x0A, 0x20..<0x7F: nil
        case 0..<0x20, 0x7F: (1, "")
        case 0xC2 where index + 1 < text.endIndex && text[index + 1] < 0xA0: (2, "")
        default: nil
        }
    }
}

/// An address is judged as it will be written: without control characters.
private func withoutControls(_ text: [UInt8]) -> String {
    let scalars = String(decoding: text, as: UTF8.self).unicodeScalars
    return String(String.UnicodeScalarView(scalars.filter { !isControl($0.value) }))
}

private func isControl(_ scalar: UInt32) -> Bool { scalar < 0x20 || 0x7F..<0xA0 ~= scalar }

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
        case .script, .style, .iframe, .noembed, .noframes, .svg, .template, .select, .textarea,
            .title, .applet, .canvas, .xmp, .plaintext:
            true
        default: false
        }
    }

    /// Kept with their tags; the others that are not harmful lose their tags and keep their text, a
    /// formula (`math`) among them.
    fileprivate var isHarmless: Bool {
        switch self {
        case .other, .object, .embed, .param, .form, .input, .button, .label, .fieldset, .legend,
            .option, .optgroup, .output, .datalist, .frame, .frameset, .html, .head, .body, .base,
            .basefont, .link, .meta, .meter, .progress, .noscript, .dialog, .area, .map, .data,
            .search, .math:
            false
        default: !isHarmful
        }
    }
}

/// The attributes that are kept.
private enum HarmlessAttribute: UInt8, CaseIterable {
    case href, src, cite, poster
    case alt, title, width, height, colspan, rowspan, headers, scope, lang, dir, datetime, start
    case reversed, type, controls, id, `class`, rel

    var isAddress: Bool { rawValue <= Self.poster.rawValue }

    var spelling: String { Self.spellings[Int(rawValue)] }

    private static let spellings = allCases.map { "\($0)" }
    private static let byName = NameTable(zip(spellings, allCases))

    init?(named name: ArraySlice<UInt8>) {
        guard let found = Self.byName.find(name) else { return nil }
        self = found
    }
}
