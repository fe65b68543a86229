/// The elements of HTML that somebody here treats in a way of their own. All others are `other`.
package enum HTMLElement: String, CaseIterable, Sendable {
    case other = ""
    case a, abbr, acronym, address, applet, area, article, aside, audio, b, base, basefont, big
    case blockquote, body, br, button, canvas, caption, center, cite, code, col, colgroup, data
    case datalist, dd, del, details, dfn, dialog, dir, div, dl, dt, em, embed, fieldset, figcaption
    case figure, font, footer, form, frame, frameset, h1, h2, h3, h4, h5, h6, head, header, hgroup
    case hr, html, i, iframe, img, input, ins, kbd, label, legend, li, link, main, map, mark, math
    case menu, meta, meter, nav, nobr, noembed, noframes, noscript, object, ol, optgroup, option
    case output, p, param, picture, plaintext, pre, progress, q, rp, rt, ruby, s, samp, script
    case search, section, select, small, source, span, strike, strong, style, sub, summary, sup
    case svg, table, tbody, td, template, textarea, tfoot, th, thead, time, title, tr, track, tt
    case u, ul, `var`, video, wbr, xmp

    /// The element of that name, in any letter case.
    package init(named name: ArraySlice<UInt8>) {
        self = ElementTable.shared.find(name)
    }
}

/// How the tokenizer reads what follows a start tag (WHATWG HTML Standard, 13.2.5.2 to 4).
enum HTMLContentModel {
    case data, rcdata, rawText, script, plaintext
}

extension HTMLElement {
    var contentModel: HTMLContentModel {
        switch self {
        case .title, .textarea: .rcdata
        case .style, .xmp, .iframe, .noembed, .noframes: .rawText
        case .script: .script
        case .plaintext: .plaintext
        default: .data
        }
    }

    /// Elements that have no content and no end tag.
    package var isVoid: Bool {
        switch self {
        case .area, .base, .basefont, .br, .col, .embed, .frame, .hr, .img, .input, .link, .meta,
            .param, .source, .track, .wbr:
            true
        default: false
        }
    }

    /// Elements that flow within a line; all others part the text before them from the text after.
    package var isInline: Bool {
        switch self {
        case .other, .a, .abbr, .acronym, .b, .big, .cite, .code, .data, .del, .dfn, .em, .font, .i,
            .img, .ins, .kbd, .label, .link, .mark, .meta, .nobr, .noscript, .output, .picture, .q,
            .rp, .rt,
            .ruby, .s, .samp, .script, .small, .source, .span, .strike, .strong, .style, .sub, .sup,
            .template,
            .time, .tt, .u, .var, .wbr:
            true
        default: false
        }
    }
}

/// Names to elements: a fixed table, probed from the name's own bytes, without a `String`.
private struct ElementTable {
    static let shared = ElementTable()
    private static let slots = 512
    /// The longest name known is `blockquote`.
    private static let nameBytesMax = 10

    private var keys: [UInt64]
    private var tails: [UInt64]
    private var elements: [HTMLElement]

    init() {
        keys = Array(repeating: 0, count: Self.slots)
        tails = keys
        elements = Array(repeating: .other, count: Self.slots)
        for element in HTMLElement.allCases where element != .other {
            let (key, tail) = Self.pack(Array(element.rawValue.utf8)[...])
            var slot = Self.slot(key)
            while elements[slot] != .other { slot = (slot + 1) % Self.slots }
            keys[slot] = key
            tails[slot] = tail
            elements[slot] = element
        }
    }

    func find(_ name: ArraySlice<UInt8>) -> HTMLElement {
        guard name.count <= Self.nameBytesMax else { return .other }
        let (key, tail) = Self.pack(name)
        var slot = Self.slot(key)
        while elements[slot] != .other {
            if keys[slot] == key, tails[slot] == tail { return elements[slot] }
            slot = (slot + 1) % Self.slots
        }
        return .other
    }

    /// The name's first eight bytes and the others, in lower case.
    private static func pack(_ name: ArraySlice<UInt8>) -> (UInt64, UInt64) {
        var key: UInt64 = 0
        var tail: UInt64 = 0
        for byte in name {
            tail = tail << 8 | key >> 56
            key = key << 8 | UInt64(asciiLowercased(byte))
        }
        return (key, tail)
    }

    private static func slot(_ key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 55)
    }
}

@inline(__always)
func asciiLowercased(_ byte: UInt8) -> UInt8 {
    0x41...0x5A ~= byte ? byte | 0x20 : byte
}
