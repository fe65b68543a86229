/// The elements of HTML that somebody here treats in a way of their own. All others are `other`.
package enum HTMLElement: UInt8, CaseIterable, Sendable {
    case other
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

    private static let spellings = allCases.map { $0 == .other ? "" : "\($0)" }
    private static let byName = NameTable(zip(spellings, allCases))

    /// The element of that name, in any letter case.
    package init(named name: ArraySlice<UInt8>) { self.init(named: name.span) }

    /// The element of that name, in any letter case.
    package init(named name: Span<UInt8>) {
        self = Self.byName.find(name) ?? .other
    }

    /// In lower case; empty for `other`.
    package var name: String { Self.spellings[Int(rawValue)] }
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

/// What tree construction asks of an element (WHATWG HTML Standard, 13.2.4.2).
extension HTMLElement {
    /// 1 for `h1` … 6 for `h6`.
    package var headingLevel: Int? {
        switch self {
        case .h1: 1
        case .h2: 2
        case .h3: 3
        case .h4: 4
        case .h5: 5
        case .h6: 6
        default: nil
        }
    }

    /// Elements that a stray inline end tag does not reach through.
    var isSpecial: Bool {
        switch self {
        case .dialog, .del, .datalist, .label, .legend, .map, .meter, .option, .optgroup, .output,
            .progress, .svg, .math, .video, .audio, .canvas:
            false
        case .applet, .iframe, .noembed, .noscript, .object, .script, .style, .template, .img,
            .input, .link, .meta, .source, .wbr:
            true
        default: !isInline
        }
    }

    /// End tags do not reach beyond these.
    var isScope: Bool {
        switch self {
        case .applet, .caption, .html, .table, .td, .th, .object, .template, .svg, .math: true
        default: false
        }
    }
    var isButtonScope: Bool { self == .button || isScope }
    var isListScope: Bool { self == .ol || self == .ul || isScope }
    var isTableBoundary: Bool { self == .table || self == .template }

    /// Whether its end tag is often left out.
    var hasOptionalEnd: Bool {
        switch self {
        case .p, .li, .dd, .dt, .option, .optgroup, .td, .th, .tr, .tbody, .thead, .tfoot, .rt, .rp,
            .html, .head, .body, .caption, .colgroup:
            true
        default: false
        }
    }

    /// Start tags that end an open paragraph.
    var endsParagraph: Bool {
        switch self {
        case .address, .article, .aside, .blockquote, .center, .details, .dialog, .dir, .div, .dl,
            .fieldset, .figcaption, .figure, .footer, .form, .h1, .h2, .h3, .h4, .h5, .h6, .header,
            .hgroup, .hr, .main, .menu, .nav, .ol, .p, .plaintext, .pre, .search, .section,
            .summary, .table, .ul, .xmp, .li, .dd, .dt:
            true
        default: false
        }
    }

    /// Start tags that end a forgotten `svg` or `math`.
    var endsForeignContent: Bool {
        switch self {
        case .body, .center, .h1, .h2, .h3, .h4, .h5, .h6, .img, .p, .div, .ul, .ol, .li, .table,
            .pre, .span, .strong, .em, .blockquote, .article, .section, .nav, .header, .footer:
            true
        default: false
        }
    }
}

@inline(__always)
func asciiLowercased(_ byte: UInt8) -> UInt8 {
    0x41...0x5A ~= byte ? byte | 0x20 : byte
}
