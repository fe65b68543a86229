internal import Markup
internal import News

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
        case .item, .entry, .url, .mediaGroup, .mediaContent, .newsGroup, .imageGroup, .channel,
            .feed, .rss, .rdf, .urlset, .source:
            true
        default: false
        }
    }
}

// MARK: - What starts a field

extension XMLFeedReader {
    /// The value of an attribute of the current tag; nil when it has none of that name.
    mutating func attribute(_ name: XMLNameID) -> String? {
        valueRange(of: name).map { tokenizer.string($0) }
    }

    /// The same as it is written, references and all.
    func attributeBytes(_ name: XMLNameID) -> ArraySlice<UInt8>? {
        valueRange(of: name).map { tokenizer.bytes[$0] }
    }

    private func valueRange(of name: XMLNameID) -> Range<Int>? {
        for attribute in tokenizer.attributes where attribute.name == name {
            return attribute.value
        }
        return nil
    }

    /// What the entry's own tag says.
    mutating func beginEntry() {
        entry.language.offer(language, rank: 1)
        if format == .rss10 || format == .rss090, let about = attribute(names.about) {
            entry.id.offer(text: about, rank: 1)
            entry.link.offer(text: addresses.resolved(about, against: base), rank: 6)
        }
        if format == .rss20 { takeChannelDefinition() }
    }

    /// The Channel Definition Format, a forerunner of RSS, says of a channel and its items in
    /// attributes where they are and when they changed.
    mutating func takeChannelDefinition() {
        if tokenizer.attributes.isEmpty { return }
        if let href = attribute(names.href) {
            offerLink(addresses.resolved(href, against: base), rank: 5)
        }
        guard let changed = attribute(names.lastModified).flatMap({ parseDate($0) }) else { return }
        if isInEntry {
            entry.updated.offer(changed, rank: 1)
        } else {
            feed.updated.offer(changed, rank: 2)
        }
    }

    /// A start tag in the root, outside any field.
    mutating func begin(_ element: FeedElement, in parent: FeedElement) {
        switch element {
        case .name, .email:
            if person != nil || parent == .author { beginCapture(element) }
            return
        case .channel:
            if format == .rss10 { feed.id.offer(attribute(names.about), rank: 0) }
            feed.language.offer(language, rank: 1)
            if format == .rss20 { takeChannelDefinition() }
            return
        case .hour, .day:
            if parent == .skipHours || parent == .skipDays { beginCapture(element) }
            return
        case .url where parent == .image: return beginCapture(.imageAddress)
        case .category where parent == .other && isInEntry: break
        default: guard parent.isTransparent else { return }
        }
        if parent == .source { return beginInSource(element) }
        switch element {
        case .author:
            person = FeedPerson()
            beginCapture(element)
        case .link: beginLink()
        case .category, .itunesCategory: beginCategory(element)
        case .enclosure, .mediaContent: takeEnclosure()
        case .thumbnail, .itunesImage: takeImage()
        case .credit:
            creditRole = attribute(names.role)
            beginCapture(element)
        case .license: beginLicense()
        case .inReplyTo: takeReplyReference()
        case .source: beginSource()
        case .archiveMark: if !isInEntry { channel.links.isArchive = true }
        case .completeMark: if !isInEntry { channel.links.isComplete = true }
        case .content where attribute(names.source) != nil:
            guard isInEntry else { break }
            let source = addresses.resolved(attribute(names.source) ?? "", against: base)
            entry.link.offer(text: source, rank: 4)
        case .other, .image, .textInput, .contributor, .mediaGroup, .newsGroup, .imageGroup,
            .htmlPage, .htmlInline, .skipHours, .skipDays:
            break
        default: beginCapture(element)
        }
    }

    mutating func beginCapture(_ element: FeedElement, isOfSource: Bool = false) {
        capture.begin(
            element, depth: frames.count, base: baseNumber, type: textType(),
            isOfSource: isOfSource)
        guard element == .guid else { return }
        isPermaLink = attribute(names.isPermaLink)?.lowercased() != "false"
    }

    /// What the current tag says of its text.
    private mutating func textType() -> TextType {
        if tokenizer.attributes.isEmpty { return .unsaid }
        let mode = attribute(names.mode)?.lowercased()
        return TextType(attribute(names.type)?.lowercased() ?? "", mode: mode)
    }
}

// MARK: - What ends a field

extension XMLFeedReader {
    /// Hands the captured field to the draft that it belongs to.
    mutating func finishCapture() {
        capture.end()
        if capture.isOfSource { return finishInSource() }
        switch capture.element {
        case .title: offerTitle(rank: 0)
        case .dcTitle: offerTitle(rank: 1)
        case .mediaTitle: offerTitle(rank: 2)
        case .itunesTitle: offerTitle(rank: 3)
        case .link, .loc: offerLink(address(), rank: 0)
        case .enclosureAddress: addEnclosure(Enclosure(url: address()))
        case .guid: finishGUID()
        case .id: edit(text()) { $0.id.offer(text: $1, rank: 0) }
        case .name, .email, .author: takeName()
        case .dcCreator: addAuthor(text(), rank: 0)
        case .itunesAuthor: addAuthor(text(), rank: 1)
        case .category, .dcSubject: addCategory(plainTitle())
        case .keywords: addKeywords()
        case .language, .dcLanguage, .newsLanguage:
            edit(text()) { $0.language.offer(text: $1, rank: 0) }
        case .rights: offerRights(rank: 0)
        case .mediaCopyright: offerRights(rank: 1)
        case .license: addLicense(text())
        case .source: finishSource()
        case .credit: addCredit()
        case .duration:
            guard isInEntry, entry.details.duration == nil else { break }
            entry.details.duration = playingTime(text())
        case .imageAddress, .logo, .icon: finishImage()
        case .comments, .commentFeed, .commentCount: finishDiscussion()
        case .ttl, .updatePeriod, .updateFrequency, .hour, .day:
            if !isInEntry { channel.take(text(), as: capture.element) }
        case .published, .pubDate, .newsDate, .issued, .dcDate, .created, .updated, .modified,
            .lastBuildDate, .lastmod:
            finishDate()
        default: if capture.element.isBody { finishBody() }
        }
        if capture.element == .author { finishPerson() }
    }

    /// A `guid` is an address unless it says that it is not (RSS 2.0, `guid`).
    private mutating func finishGUID() {
        let id = text()
        guard !id.isEmpty, isInEntry else { return }
        entry.id.offer(id, rank: 0)
        if isPermaLink, id.hasPrefix("http://") || id.hasPrefix("https://") {
            offerLink(id, rank: 3)
        }
    }

    private mutating func finishDate() {
        guard let instant = parseDate(fieldText()) else {
            if !text().isEmpty { damage.note("a date could not be read") }
            return
        }
        let element = capture.element
        guard isInEntry else {
            let isUpdate = element == .updated || element == .modified || element == .lastBuildDate
            feed.updated.offer(instant, rank: isUpdate ? 0 : 1)
            return
        }
        switch element {
        case .updated, .modified, .lastBuildDate, .lastmod: entry.updated.offer(instant, rank: 0)
        case .published, .pubDate, .newsDate: entry.published.offer(instant, rank: 0)
        case .issued: entry.published.offer(instant, rank: 1)
        case .dcDate: entry.published.offer(instant, rank: 2)
        default: entry.published.offer(instant, rank: 3)
        }
    }

    // MARK: - Parts

    var isAtom: Bool { mutating get { format == .atom10 || format == .atom03 } }

    /// The captured field's bytes, references decoded.
    private mutating func fieldText() -> ArraySlice<UInt8> {
        if let range = capture.simpleText(in: tokenizer.bytes) { return tokenizer.bytes[range] }
        capture.text(&tokenizer, into: &buffer)
        return buffer.bytes
    }

    /// The captured field as one line of plain text.
    mutating func text() -> String {
        let bytes = fieldText()
        return bounded(isCollapsed(bytes) ? string(bytes) : string(collapsed(bytes)[...]))
    }

    /// The captured field as an absolute address.
    mutating func address() -> String { addresses.resolved(text(), against: bases[capture.base]) }

    mutating func bounded(_ text: String) -> String {
        text.utf8.count > limits.fieldBytesMax
            ? beginning(of: text, bytesMax: limits.fieldBytesMax) : text
    }

    /// Changes the draft that is open, when there is something to say.
    mutating func edit(_ value: String, _ change: (inout FeedDraft, String) -> Void) {
        if value.isEmpty { return }
        if isInEntry { change(&entry, value) } else { change(&feed, value) }
    }
}
