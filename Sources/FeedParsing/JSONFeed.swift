internal import Markup
internal import News

/// Reads JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1). A value of the wrong type costs its own
/// field and nothing else; of a text that stands twice the first counts.
///
/// An item counts when its closing bracket is there: a document that is cut anywhere gives a prefix
/// of the items of the whole.
struct JSONFeedReader: ~Copyable {
    private var scanner: JSONScanner
    private let limits: FeedLimits
    private let url: HTTPURL?
    private var version: String?
    private var feed = JSONFields()
    private var addresses: AddressBook
    private var items: [JSONFields]?
    private var damage: DamageNotes

    init(_ text: DecodedText, from url: HTTPURL?, limits: FeedLimits) {
        scanner = JSONScanner(text, depthMax: limits.depthMax)
        self.limits = limits
        self.url = url
        damage = DamageNotes(max: limits.damageMax)
        addresses = AddressBook(growthBytesMax: limits.bodyBytesMax)
    }

    mutating func read() throws(FeedError) -> FeedDocument {
        guard scanner.value() == .object else {
            throw scanner.damage == nil ? .notAFeed(.json) : .malformedJSON
        }
        while let key = scanner.key() { readMember(key) }
        if scanner.damage == .tooDeep { throw .tooDeep(depthMax: limits.depthMax) }
        let hasName = (feed.texts[.title] ?? feed.texts[.feedURL] ?? feed.texts[.homePage]) != nil
        guard holds(Array((version ?? "").utf8)[...], "jsonfeed.org") || (items != nil && hasName)
        else {
            throw scanner.damage == nil ? .notAFeed(.json) : .malformedJSON
        }
        switch scanner.damage {
        case nil: break
        case .truncated: damage.note("the document ends too early")
        default: damage.note("the JSON is malformed; what follows the mistake was left out")
        }
        return document()
    }

    // MARK: - What is written

    private mutating func readMember(_ name: Range<Int>) {
        let key = JSONKey(scanner.bytes[name])
        let value = scanner.value()
        switch key {
        case .version where version == nil:
            version = text(value)
            scanner.skip(value)
        case .items where value == .array: readItems()
        default:
            var fields = feed
            read(value, as: key, into: &fields)
            feed = fields
        }
    }

    private mutating func readItems() {
        var read = items ?? []
        while scanner.hasElement() {
            let value = scanner.value()
            guard value == .object, read.count < limits.entriesMax else {
                if value == .object {
                    damage.note(
                        "more than \(limits.entriesMax) entries; the others were left out")
                } else if value != .nothing {
                    damage.note("an item is no object")
                }
                scanner.skip(value)
                continue
            }
            var item = JSONFields()
            while let name = scanner.key() {
                let key = JSONKey(scanner.bytes[name])
                self.read(scanner.value(), as: key, into: &item)
            }
            if scanner.damage == nil { read.append(item) }
        }
        items = read
    }

    /// Takes a member of the feed or of an item.
    private mutating func read(
        _ value: JSONScanner.Value, as key: JSONKey?, into fields: inout JSONFields
    ) {
        switch (key, value) {
        case (.authors?, .array), (.tags?, .array), (.attachments?, .array), (.hubs?, .array):
            while scanner.hasElement() {
                readElement(scanner.value(), of: key, into: &fields)
            }
        case (.authors?, _), (.author?, _), (.tags?, _), (.attachments?, _):
            readElement(value, of: key, into: &fields)
        case (let key?, _):
            if fields.texts[key] == nil { fields.texts[key] = text(value) }
            scanner.skip(value)
        default: scanner.skip(value)
        }
    }

    private mutating func readElement(
        _ value: JSONScanner.Value, of key: JSONKey?, into fields: inout JSONFields
    ) {
        var element = JSONFields()
        if value == .object, key != .tags {
            while let name = scanner.key() {
                let key = JSONKey(scanner.bytes[name])
                let value = scanner.value()
                if let key, element.texts[key] == nil { element.texts[key] = text(value) }
                scanner.skip(value)
            }
        } else {
            scanner.skip(value)
        }
        switch key {
        case .authors, .author:
            let name = line(text(value)) ?? line(element.texts[.name]) ?? element.texts[.url]
            FeedDraft.add(name ?? "", to: &fields.authors, limits: limits)
        case .tags: FeedDraft.add(line(text(value)) ?? "", to: &fields.tags, limits: limits)
        case .hubs: FeedDraft.add(element.texts[.url] ?? "", to: &fields.hubs, limits: limits)
        default:
            guard let url = element.texts[.url], fields.attachments.count < limits.valuesMax else {
                return
            }
            fields.attachments.append(
                Enclosure(
                    url: url, type: element.texts[.mediaType],
                    length: element.texts[.size].flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil },
                    duration: element.texts[.duration].flatMap(playingTime)))
        }
    }

    /// A string, or a number as it is written: ids are sometimes numbers.
    private mutating func text(_ value: JSONScanner.Value) -> String? {
        switch value {
        case .string(let range):
            beginning(of: scanner.string(range), bytesMax: limits.fieldBytesMax)
        case .number(let range): string(scanner.bytes[range].prefix(100))
        default: nil
        }
    }

    // MARK: - What it means

    private mutating func document() -> FeedDocument {
        let home = feed.texts[.homePage].map { addresses.resolved($0, against: url) }
        let base = url ?? home.flatMap { HTTPURL($0) }
        var document = FeedDocument(
            format: version?.hasSuffix("1.1") == true ? .jsonFeed11 : .jsonFeed10,
            title: line(feed.texts[.title]), link: home, id: feed.texts[.feedURL],
            language: feed.texts[.language], description: shortText(.description, feed, base))
        for item in items ?? [] { document.entries.append(entry(item, base: base)) }
        document.authors = feed.authors
        document.image = (feed.texts[.icon] ?? feed.texts[.favicon])
            .map { addresses.resolved($0, against: base) }
        document.links.ownAddress = feed.texts[.feedURL].map {
            addresses.resolved($0, against: base)
        }
        document.links.hubs = feed.hubs.map { addresses.resolved($0, against: base) }
        document.links.older = feed.texts[.nextURL].map { addresses.resolved($0, against: base) }
        damage.note(addresses)
        document.damage = damage.sentences
        document.isCutOff = scanner.damage != nil
        return document
    }

    private mutating func entry(_ item: JSONFields, base: HTTPURL?) -> Entry {
        var entry = Entry(
            id: line(item.texts[.id]), title: line(item.texts[.title]),
            link: (item.texts[.url] ?? item.texts[.externalURL])
                .map { addresses.resolved($0, against: base) },
            published: item.texts[.datePublished].flatMap { parseDate($0) },
            updated: item.texts[.dateModified].flatMap { parseDate($0) },
            authors: item.authors.isEmpty ? feed.authors : item.authors,
            summary: shortText(.summary, item, base),
            content: body(item.texts[.contentHTML], form: .html, base: base)
                ?? body(item.texts[.contentText], form: .plain, base: base),
            categories: item.tags, language: item.texts[.language] ?? feed.texts[.language])
        entry.enclosures = item.attachments
        for index in entry.enclosures.indices {
            entry.enclosures[index].url = addresses.resolved(
                entry.enclosures[index].url, against: base)
        }
        var images: [String] = []
        for key in [JSONKey.image, .bannerImage] {
            guard let written = item.texts[key] else { continue }
            FeedDraft.add(addresses.resolved(written, against: base), to: &images, limits: limits)
        }
        if !images.isEmpty { entry.details.images = images }
        return entry
    }

    /// One line of plain text.
    private mutating func line(_ text: String?) -> String? {
        text.flatMap {
            title(fromText: Array($0.utf8), charactersMax: limits.titleCharactersMax)
        }
    }

    private mutating func body(
        _ text: String?, form: FeedText.Form, base: HTTPURL?
    ) -> FeedText? {
        guard let text, let first = text.utf8.first, let last = text.utf8.last else { return nil }
        let isTrimmed = first > 0x20 && last > 0x20
        let written = isTrimmed ? text : string(trimmed(Array(text.utf8)[...]))
        return written.isEmpty ? nil : FeedText(written, form: form, base: base)
    }

    /// What the format calls plain text, and some feeds fill with HTML.
    private mutating func shortText(
        _ key: JSONKey, _ fields: JSONFields, _ base: HTTPURL?
    ) -> FeedText? {
        let isHTML = looksLikeHTML(Array((fields.texts[key] ?? "").utf8))
        return body(fields.texts[key], form: isHTML ? .html : .plain, base: base)
    }
}

/// What a feed, an item, an author or an attachment says.
private struct JSONFields {
    var texts = JSONTexts()
    var authors: [String] = []
    var tags: [String] = []
    var attachments: [Enclosure] = []
    var hubs: [String] = []
}

/// The few texts that an object has, by their names.
private struct JSONTexts {
    private var texts: [(key: JSONKey, text: String)] = []

    subscript(key: JSONKey) -> String? {
        get { texts.first { $0.key == key }?.text }
        set { if let newValue { texts.append((key, newValue)) } }
    }
}

private enum JSONKey: UInt8 {
    case version, title, homePage, feedURL, description, language, icon, favicon, nextURL, hubs
    case items, id, url, externalURL, contentHTML, contentText, summary, datePublished
    case dateModified, image, bannerImage, author, authors, tags, attachments, name, mediaType
    case size, duration

    init?(_ name: ArraySlice<UInt8>) {
        // The one name that is longer is known by its end.
        guard let key = Self.names.find(name.suffix(16)) else { return nil }
        self = key
    }

    private static let names = NameTable<JSONKey>([
        ("version", .version), ("title", .title), ("home_page_url", .homePage),
        ("feed_url", .feedURL), ("description", .description), ("language", .language),
        ("icon", .icon), ("favicon", .favicon), ("next_url", .nextURL), ("hubs", .hubs),
        ("items", .items), ("id", .id), ("url", .url), ("external_url", .externalURL),
        ("content_html", .contentHTML), ("content_text", .contentText), ("summary", .summary),
        ("date_published", .datePublished), ("date_modified", .dateModified), ("image", .image),
        ("banner_image", .bannerImage), ("author", .author), ("authors", .authors),
        ("tags", .tags), ("attachments", .attachments), ("name", .name),
        ("mime_type", .mediaType), ("size_in_bytes", .size), ("ation_in_seconds", .duration),
    ])
}
