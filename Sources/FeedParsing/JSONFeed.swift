internal import FoundationEssentials
internal import Markup
internal import News

/// JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1). A value of the wrong type costs its own field
/// and nothing else.
func parseJSONFeed(
    _ text: [UInt8], from url: HTTPURL?, limits: FeedLimits
) throws(FeedError) -> FeedDocument {
    guard depth(ofJSON: text) <= limits.depthMax else { throw .tooDeep(depthMax: limits.depthMax) }
    let wire: JSONFeed
    do {
        let decoder = JSONDecoder()
        if let key = entriesMaxKey { decoder.userInfo[key] = limits.entriesMax }
        if let key = valuesMaxKey { decoder.userInfo[key] = limits.valuesMax }
        wire = try decoder.decode(JSONFeed.self, from: Data(text))
    } catch {
        throw text.first(where: { $0 > 0x20 }) == UInt8(ascii: "[")
            ? .notAFeed(.json) : .malformedJSON
    }
    let isFeed = wire.version?.contains("jsonfeed.org") == true
    guard isFeed || (wire.items != nil && (wire.title ?? wire.feedURL ?? wire.homePageURL) != nil)
    else { throw .notAFeed(.json) }
    return wire.document(from: url, limits: limits)
}

/// How deep arrays and objects stand in each other, by their brackets outside strings, so that no
/// decoder is asked to recurse further than it can.
private func depth(ofJSON text: [UInt8]) -> Int {
    var deepest = 0
    var depth = 0
    var isInString = false
    var isEscaped = false
    for byte in text {
        if isInString {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isInString = false
            }
            continue
        }
        switch byte {
        case UInt8(ascii: "\""): isInString = true
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            depth += 1
            deepest = max(deepest, depth)
        case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
        default: break
        }
    }
    return deepest
}

// MARK: - What is written

private struct JSONFeed: Decodable {
    var version, title, homePageURL, feedURL, description, language: String?
    var author: JSONAuthor?
    var authors: [JSONAuthor]
    var items: Bounded<JSONItem>?

    init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: JSONName.self)
        version = keys.text("version")
        title = keys.text("title")
        homePageURL = keys.text("home_page_url")
        feedURL = keys.text("feed_url")
        description = keys.text("description")
        language = keys.text("language")
        author = keys.value("author")
        authors = keys.values("authors")
        items = keys.value("items")
    }
}

private struct JSONAuthor: Decodable {
    var name, url: String?

    init(from decoder: any Decoder) throws {
        if let name = try? decoder.singleValueContainer().decode(String.self) {
            self.name = name
            return
        }
        let keys = try decoder.container(keyedBy: JSONName.self)
        name = keys.text("name")
        url = keys.text("url")
    }
}

private struct JSONAttachment: Decodable {
    var url, mediaType: String?
    var size: Int?

    init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: JSONName.self)
        url = keys.text("url")
        mediaType = keys.text("mime_type")
        size = keys.value("size_in_bytes")
    }
}

private struct JSONItem: Decodable {
    var id, url, externalURL, title, contentHTML, contentText, summary: String?
    var datePublished, dateModified, language: String?
    var author: JSONAuthor?
    var authors: [JSONAuthor]
    var tags: [String]
    var attachments: [JSONAttachment]

    init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: JSONName.self)
        id = keys.text("id")
        url = keys.text("url")
        externalURL = keys.text("external_url")
        title = keys.text("title")
        contentHTML = keys.text("content_html")
        contentText = keys.text("content_text")
        summary = keys.text("summary")
        datePublished = keys.text("date_published")
        dateModified = keys.text("date_modified")
        language = keys.text("language")
        author = keys.value("author")
        authors = keys.values("authors")
        tags = keys.values("tags")
        attachments = keys.values("attachments")
    }
}

/// A value, or nil where something else stands.
private struct Forgiving<Value: Decodable>: Decodable {
    var value: Value?
    init(from decoder: any Decoder) throws { value = try? Value(from: decoder) }
}

/// The first members of an array, nil where something else than a value stands. A decoder costs
/// microseconds a member, so the limits are kept while it works.
private struct Bounded<Value: Decodable>: Decodable {
    var members: [Value?] = []
    var isCut = false

    init(from decoder: any Decoder) throws {
        let key = Value.self == JSONItem.self ? entriesMaxKey : valuesMaxKey
        let membersMax = key.flatMap { decoder.userInfo[$0] as? Int } ?? 0
        var container = try decoder.unkeyedContainer()
        while !container.isAtEnd, members.count < membersMax {
            members.append(try container.decode(Forgiving<Value>.self).value)
        }
        isCut = !container.isAtEnd
    }
}

private let entriesMaxKey = CodingUserInfoKey(rawValue: "entriesMax")
private let valuesMaxKey = CodingUserInfoKey(rawValue: "valuesMax")

private struct JSONName: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension KeyedDecodingContainer<JSONName> {
    fileprivate func value<Value: Decodable>(_ name: String) -> Value? {
        try? decodeIfPresent(Value.self, forKey: JSONName(stringValue: name))
    }

    /// The members of an array; a value that should stand in one and stands alone is its only one.
    fileprivate func values<Value: Decodable>(_ name: String) -> [Value] {
        let array: Bounded<Value>? = value(name)
        if let array { return array.members.compactMap { $0 } }
        let single: Value? = value(name)
        return single.map { [$0] } ?? []
    }

    /// A string, or a whole number as one: ids are sometimes numbers.
    fileprivate func text(_ name: String) -> String? {
        if let text: String = value(name) { return text }
        let number: Int? = value(name)
        return number.map { String($0) }
    }
}

// MARK: - What it means

extension JSONFeed {
    fileprivate func document(from url: HTTPURL?, limits: FeedLimits) -> FeedDocument {
        var damage: [String] = []
        let members = items?.members ?? []
        if items?.isCut == true {
            damage.append("more than \(limits.entriesMax) entries; the others were left out")
        }
        if members.contains(where: { $0 == nil }) { damage.append("an item is no object") }
        let names = (authors + [author].compactMap { $0 }).compactMap(\.spokenName)
        let base = url ?? homePageURL.flatMap { HTTPURL($0) }
        let entries = members.compactMap { item in
            item?.entry(base: base, authors: names, language: language, limits: limits)
        }
        return FeedDocument(
            format: version?.hasSuffix("1.1") == true ? .jsonFeed11 : .jsonFeed10,
            title: line(title, limits), link: homePageURL.map { resolved($0, against: url) },
            id: feedURL, language: language,
            description: shortText(description, base: base, limits), entries: entries,
            damage: damage)
    }
}

extension JSONItem {
    fileprivate func entry(
        base: HTTPURL?, authors feedAuthors: [String], language feedLanguage: String?,
        limits: FeedLimits
    ) -> Entry {
        let names = (authors + [author].compactMap { $0 }).compactMap(\.spokenName)
        let html = contentHTML.flatMap {
            body(fromHTML: Array(cleaned($0, limits).utf8), base: base)
        }
        let text = contentText.flatMap { body(fromText: Array(cleaned($0, limits).utf8)) }
        let enclosures = attachments.prefix(limits.valuesMax).compactMap { attachment in
            attachment.url.map {
                Enclosure(
                    url: resolved($0, against: base), type: attachment.mediaType,
                    length: attachment.size.flatMap { $0 >= 0 ? $0 : nil })
            }
        }
        return Entry(
            id: id.flatMap { line($0, limits) }, title: line(title, limits),
            link: (url ?? externalURL).map { resolved($0, against: base) },
            published: datePublished.flatMap { parseDate($0) },
            updated: dateModified.flatMap { parseDate($0) },
            authors: Array((names.isEmpty ? feedAuthors : names).prefix(limits.valuesMax)),
            summary: shortText(summary, base: base, limits), content: html ?? text,
            categories: Array(tags.compactMap { line($0, limits) }.prefix(limits.valuesMax)),
            enclosures: enclosures, language: language ?? feedLanguage)
    }
}

extension JSONAuthor {
    fileprivate var spokenName: String? {
        if let name, !name.isEmpty { return name }
        return url
    }
}

/// One line of plain text.
private func line(_ text: String?, _ limits: FeedLimits) -> String? {
    text.flatMap {
        title(
            fromText: Array(cleaned($0, limits).utf8), charactersMax: limits.titleCharactersMax)
    }
}

/// What the format calls plain text, and some feeds fill with HTML.
private func shortText(_ text: String?, base: HTTPURL?, _ limits: FeedLimits) -> String? {
    text.flatMap { text in
        let bytes = Array(cleaned(text, limits).utf8)
        return looksLikeHTML(bytes) ? body(fromHTML: bytes, base: base) : body(fromText: bytes)
    }
}

/// Within the limit, and without control characters.
private func cleaned(_ text: String, _ limits: FeedLimits) -> String {
    let isControl: (UInt8) -> Bool = { $0 < 0x20 && $0 != 0x0A && $0 != 0x09 || $0 == 0x7F }
    let text = beginning(of: text, bytesMax: limits.fieldBytesMax)
    guard text.utf8.contains(where: isControl) else { return text }
    return String(decoding: text.utf8.filter { !isControl($0) }, as: UTF8.self)
}
