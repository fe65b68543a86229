internal import Markup
internal import News

/// Somebody who is named by an element with `name` and `email` in it, or by its text.
struct FeedPerson {
    var name: String?
    var email: String?
    var text: String?
}

extension FeedElement {
    /// Whether the field may hold HTML of many elements.
    var isBody: Bool {
        switch self {
        case .description, .subtitle, .dcDescription, .mediaDescription, .itunesSummary,
            .itunesSubtitle, .summary, .content, .contentEncoded, .xhtmlBody:
            true
        default: false
        }
    }

    /// Whether children of this element speak of the entry, or the feed, around it.
    var isTransparent: Bool {
        switch self {
        case .item, .entry, .url, .mediaGroup, .mediaContent, .newsGroup, .channel, .feed, .rss,
            .rdf, .urlset:
            true
        default: false
        }
    }
}

// MARK: - What starts a field

extension XMLFeedReader {
    /// The value of an attribute of the current tag; nil when it has none of that name.
    mutating func attribute(_ name: String) -> String? {
        for attribute in tokenizer.attributes
        where tokenizer.bytes(of: attribute.name).elementsEqual(name.utf8) {
            return tokenizer.string(attribute.value)
        }
        return nil
    }

    /// What the entry's own tag says.
    mutating func beginEntry() {
        entry?.language.offer(frames.last?.language, rank: 1)
        if format == .rss10 || format == .rss090, let about = attribute("rdf:about") {
            entry?.id.offer(about, rank: 1)
            entry?.link.offer(resolved(about, against: frames.last?.base), rank: 6)
        }
    }

    /// A start tag in the root, outside any field.
    mutating func begin(_ element: FeedElement, in parent: FeedElement) {
        switch element {
        case .name, .email:
            if person != nil || parent == .author { beginCapture(element) }
            return
        case .channel:
            if format == .rss10, let about = attribute("rdf:about") {
                feed.id.offer(about, rank: 0)
            }
            feed.language.offer(frames.last?.language, rank: 1)
            return
        case .category where parent == .other && entry != nil: break
        default: guard parent.isTransparent else { return }
        }
        switch element {
        case .author: person = FeedPerson(); beginCapture(element)
        case .link: beginLink()
        case .category, .itunesCategory: beginCategory(element)
        case .enclosure, .mediaContent: takeEnclosure()
        case .content where attribute("src") != nil:
            let source = resolved(attribute("src") ?? "", against: frames.last?.base)
            entry?.link.offer(source, rank: 4)
        case .other, .source, .image, .textInput, .contributor, .mediaGroup, .newsGroup, .htmlPage,
            .htmlInline:
            break
        default: beginCapture(element)
        }
    }

    private mutating func beginCapture(_ element: FeedElement) {
        capture = FeedCapture(
            element: element, depth: frames.count, base: frames.last?.base,
            type: attribute("type")?.lowercased() ?? "", mode: attribute("mode")?.lowercased() ?? ""
        )
        guard element == .guid else { return }
        isPermaLink = attribute("ispermalink")?.lowercased() != "false"
    }

    /// Atom's `link` says all in its attributes (RFC 4287, section 4.2.7), RSS's in its text.
    private mutating func beginLink() {
        guard let href = attribute("href") else { return beginCapture(.link) }
        let address = resolved(href, against: frames.last?.base)
        let type = attribute("type")?.lowercased() ?? ""
        switch relation {
        case "alternate":
            let isPage = type.isEmpty || type.contains("html")
            offerLink(address, rank: isPage ? 0 : 2)
        case "enclosure":
            let enclosure = Enclosure(
                url: address, type: type.isEmpty ? nil : attribute("type"),
                length: length(attribute("length")))
            entry?.addEnclosure(enclosure, limits: limits)
        case "self" where entry != nil: offerLink(address, rank: 7)
        default: break
        }
    }

    /// The link relation, its registered address taken off (RFC 4287, section 4.2.7.2).
    private var relation: String {
        mutating get {
            let written = attribute("rel")?.lowercased() ?? ""
            let name = string(trimmed(Array(written.utf8))[...])
            let registry = "http://www.iana.org/assignments/relation/"
            if name.isEmpty { return "alternate" }
            return name.hasPrefix(registry) ? String(name.dropFirst(registry.count)) : name
        }
    }

    private mutating func beginCategory(_ element: FeedElement) {
        let term = attribute("term") ?? attribute("text") ?? attribute("label")
        guard let term, !term.isEmpty else { return beginCapture(.category) }
        addCategory(Array(term.utf8))
    }

    /// RSS's `enclosure` and Media RSS's `content`.
    private mutating func takeEnclosure() {
        guard let url = attribute("url") ?? attribute("href") else { return }
        let enclosure = Enclosure(
            url: resolved(url, against: frames.last?.base), type: attribute("type"),
            length: length(attribute("length") ?? attribute("filesize")))
        entry?.addEnclosure(enclosure, limits: limits)
    }

    private func length(_ text: String?) -> Int? {
        guard let text, let value = Int(string(trimmed(Array(text.utf8))[...])), value >= 0 else {
            return nil
        }
        return value
    }
}

// MARK: - What ends a field

extension XMLFeedReader {
    /// Hands the captured field to the draft that it belongs to.
    mutating func finishCapture() {
        guard let field = capture else { return }
        capture = nil
        switch field.element {
        case .title: offerTitle(field, rank: 0)
        case .dcTitle: offerTitle(field, rank: 1)
        case .mediaTitle: offerTitle(field, rank: 2)
        case .itunesTitle: offerTitle(field, rank: 3)
        case .link: offerLink(resolved(text(field), against: field.base), rank: 0)
        case .loc: offerLink(resolved(text(field), against: field.base), rank: 0)
        case .guid: finishGUID(field)
        case .id: edit(text(field)) { $0.id.offer($1, rank: 0) }
        case .name, .email, .author: takeName(field)
        case .dcCreator: addAuthor(personName(text(field)), rank: 0)
        case .itunesAuthor: addAuthor(personName(text(field)), rank: 1)
        case .category, .dcSubject: addCategory(field.text(&tokenizer))
        case .language: edit(text(field)) { $0.language.offer($1, rank: 0) }
        case .dcLanguage, .newsLanguage: edit(text(field)) { $0.language.offer($1, rank: 0) }
        case .ttl: feed.ttl = Int(text(field))
        case .updatePeriod: feed.updatePeriod = Self.minutes[text(field).lowercased()]
        case .updateFrequency: feed.updateFrequency = Int(text(field))
        case .published, .pubDate, .newsDate, .issued, .dcDate, .created, .updated, .modified,
            .lastBuildDate, .lastmod:
            finishDate(field)
        default: if field.element.isBody { finishBody(field) }
        }
        if field.element == .author { finishPerson() }
    }

    /// A part of the person that is being read.
    private mutating func takeName(_ field: FeedCapture) {
        let words = text(field)
        guard !words.isEmpty, var named = person else { return }
        switch field.element {
        case .name: named.name = named.name ?? words
        case .email: named.email = named.email ?? words
        default: named.text = words
        }
        person = named
    }

    private static let minutes = [
        "hourly": 60, "daily": 1440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600,
    ]

    /// An author turns out to have elements, not only text.
    mutating func beginNamedPerson() {
        if let field = capture { takeName(field) }
        capture = nil
    }

    mutating func finishPerson() {
        guard let finished = person else { return }
        person = nil
        addAuthor(finished.name ?? finished.text.flatMap(personName) ?? finished.email, rank: 0)
    }

    private mutating func addAuthor(_ name: String?, rank: UInt8) {
        let limits = limits
        edit(name ?? "") { $0.addAuthor($1, rank: rank, limits: limits) }
    }

    private mutating func addCategory(_ text: [UInt8]) {
        guard let name = title(fromHTML: text, charactersMax: limits.titleCharactersMax) else {
            return
        }
        let limits = limits
        edit(name) { $0.addCategory($1, limits: limits) }
    }

    private mutating func offerLink(_ address: String, rank: UInt8) {
        edit(address) { $0.link.offer($1, rank: rank) }
    }

    private mutating func offerTitle(_ field: FeedCapture, rank: UInt8) {
        let charactersMax = limits.titleCharactersMax
        let bytes: [UInt8]
        if field.hasChildren {
            bytes = field.markup(&tokenizer, literalIsMarkup: !isAtom || field.type == "html")
        } else {
            bytes = decodedText(field)
        }
        let isText = isAtom && !field.hasChildren && !field.isHTML && !looksLikeHTML(bytes)
        let made =
            isText
            ? title(fromText: bytes, charactersMax: charactersMax)
            : title(fromHTML: bytes, charactersMax: charactersMax)
        edit(made ?? "") { $0.title.offer($1, rank: rank) }
    }

    /// A `guid` is an address unless it says that it is not (RSS 2.0, `guid`).
    private mutating func finishGUID(_ field: FeedCapture) {
        let id = text(field)
        guard !id.isEmpty else { return }
        entry?.id.offer(id, rank: 0)
        if isPermaLink, id.hasPrefix("http://") || id.hasPrefix("https://") {
            offerLink(id, rank: 3)
        }
    }

    private mutating func finishDate(_ field: FeedCapture) {
        let written = text(field)
        guard let instant = parseDate(written) else {
            if !written.isEmpty { note("a date could not be read") }
            return
        }
        guard entry != nil else {
            switch field.element {
            case .updated, .modified, .lastBuildDate: feed.updated.offer(instant, rank: 0)
            default: feed.updated.offer(instant, rank: 1)
            }
            return
        }
        switch field.element {
        case .updated, .modified, .lastBuildDate, .lastmod: entry?.updated.offer(instant, rank: 0)
        case .published, .pubDate, .newsDate: entry?.published.offer(instant, rank: 0)
        case .issued: entry?.published.offer(instant, rank: 1)
        case .dcDate: entry?.published.offer(instant, rank: 2)
        default: entry?.published.offer(instant, rank: 3)
        }
    }

    private mutating func finishBody(_ field: FeedCapture) {
        let isContent =
            entry != nil
            && (field.element == .content || field.element == .contentEncoded
                || field.element == .xhtmlBody)
        let rank: UInt8 =
            switch field.element {
            case .description, .subtitle, .summary, .contentEncoded: 0
            case .content, .dcDescription: 1
            case .itunesSummary, .xhtmlBody: 2
            case .mediaDescription: 3
            default: 4
            }
        let draft = entry ?? feed
        guard isContent ? draft.content.wants(rank) : draft.summary.wants(rank) else { return }
        guard let made = bodyText(field) else { return }
        edit(made) {
            isContent ? $0.content.offer($1, rank: rank) : $0.summary.offer($1, rank: rank)
        }
    }

    /// RFC 4287, section 3.1 and 4.1.3.3; RSS's bodies are escaped HTML.
    private mutating func bodyText(_ field: FeedCapture) -> String? {
        if field.hasChildren || field.type == "xhtml" {
            let isXHTML = field.type == "xhtml" || field.type.hasSuffix("xml")
            return bounded(
                body(
                    fromHTML: field.markup(&tokenizer, literalIsMarkup: !isXHTML), base: field.base)
            )
        }
        let bytes = decodedText(field)
        let isText = isAtom && !field.isHTML && !looksLikeHTML(bytes)
        return bounded(isText ? body(fromText: bytes) : body(fromHTML: bytes, base: field.base))
    }

    /// The field's text, out of its base64 where it says so. A picture or another file is no text.
    private mutating func decodedText(_ field: FeedCapture) -> [UInt8] {
        let bytes = field.text(&tokenizer)
        guard field.mode == "base64" || field.isBinary else { return bytes }
        guard let decoded = decodingBase64(bytes) else { return field.isBinary ? [] : bytes }
        let text = decodeText(decoded, contentType: nil, family: .plain)
        return text.isDamaged || !text.encoding.hasPrefix("utf-8") ? [] : text.bytes
    }

    private mutating func bounded(_ text: String?) -> String? {
        guard let text, text.utf8.count > limits.fieldBytesMax else { return text }
        note("a text is longer than \(limits.fieldBytesMax) bytes and was cut")
        return beginning(of: text, bytesMax: limits.fieldBytesMax)
    }

    // MARK: - Parts

    var isAtom: Bool { format == .atom10 || format == .atom03 }

    /// One line of plain text.
    private mutating func text(_ field: FeedCapture) -> String {
        bounded(string(collapsed(field.text(&tokenizer))[...])) ?? ""
    }

    /// Changes the draft that is open, when there is something to say.
    private mutating func edit(_ value: String, _ change: (inout FeedDraft, String) -> Void) {
        guard !value.isEmpty else { return }
        if var draft = entry {
            entry = nil
            change(&draft, value)
            entry = draft
        } else {
            change(&feed, value)
        }
    }

    private mutating func note(_ sentence: String) {
        if damage.count < limits.damageMax, !damage.contains(sentence) { damage.append(sentence) }
    }
}

extension FeedCapture {
    /// `html`, or a media type that is HTML.
    fileprivate var isHTML: Bool { type.contains("html") || mode == "escaped" && type.isEmpty }

    /// A media type whose content is base64 (RFC 4287, section 4.1.3.3).
    fileprivate var isBinary: Bool {
        type.contains("/") && !type.hasPrefix("text/") && !type.contains("xml")
            && !type.contains("html")
    }
}
