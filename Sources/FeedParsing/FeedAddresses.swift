internal import Markup
internal import News

/// Fields that are addresses, or are said by attributes: links, labels, media, licences, sources.
extension XMLFeedReader {
    mutating func offerLink(_ address: String, rank: UInt8) {
        edit(address) { $0.link.offer($1, rank: rank) }
        // Where nobody knows the document's address, that of its site is near.
        if !isInEntry { useAsBase(address) }
    }

    /// Atom's `link` says all in its attributes (RFC 4287, section 4.2.7), RSS's in its text.
    mutating func beginLink() {
        if tokenizer.attributes.isEmpty { return beginCapture(.link) }
        guard let href = attribute(names.href) else {
            return beginCapture(relation == .enclosure ? .enclosureAddress : .link)
        }
        // In a sitemap it tells of the page's other languages.
        if format == .sitemap { return }
        // An empty reference is the document's own address (RFC 3986, section 4.4).
        let address =
            href.isEmpty ? base?.description ?? "" : addresses.resolved(href, against: base)
        switch relation {
        case .alternate: offerLink(address, rank: isPage ? 0 : 2)
        case .enclosure:
            let type = attribute(names.type) ?? ""
            let enclosure = Enclosure(
                url: address, type: type.isEmpty ? nil : type,
                length: wholeNumber(attribute(names.length)))
            addEnclosure(enclosure)
        case .license: addLicense(address)
        case .replies: takeReplies(address, isPage: isPage)
        case .own where isInEntry: offerLink(address, rank: 7)
        case let relation where !isInEntry: takeFeedLink(address, relation)
        default: break
        }
    }

    /// Whether the link's type is HTML's, or missing.
    private var isPage: Bool {
        mutating get {
            guard let type = attributeBytes(names.type) else { return true }
            return type.isEmpty || holds(type, "html")
        }
    }

    /// The link relation, its registered address taken off (RFC 4287, section 4.2.7.2).
    private var relation: LinkRelation {
        mutating get {
            guard let written = attributeBytes(names.relation) else { return .alternate }
            var name = trimmed(written)
            let registry = "http://www.iana.org/assignments/relation/".utf8
            if name.starts(with: registry) { name = name.dropFirst(registry.count) }
            return name.isEmpty ? .alternate : LinkRelation(named: name)
        }
    }

    /// Relations of the feed itself: RFC 4287 (`self`), WebSub (`hub`), RFC 5005.
    private mutating func takeFeedLink(_ address: String, _ relation: LinkRelation) {
        guard !address.isEmpty else { return }
        switch relation {
        case .own: channel.links.ownAddress = channel.links.ownAddress ?? address
        case .hub: FeedDraft.add(address, to: &channel.links.hubs, limits: limits)
        case .previousArchive: channel.links.older = address
        case .next: channel.links.older = channel.links.older ?? address
        case .current: channel.links.current = channel.links.current ?? address
        default: break
        }
    }

    // MARK: - Labels

    mutating func beginCategory(_ element: FeedElement) {
        let term =
            tokenizer.attributes.isEmpty
            ? nil : attribute(names.term) ?? attribute(names.text) ?? attribute(names.label)
        guard let term, !term.isEmpty else { return beginCapture(.category) }
        addCategory(title(fromHTML: Array(term.utf8), charactersMax: limits.titleCharactersMax))
    }

    mutating func addCategory(_ name: String?) {
        let limits = limits
        edit(name ?? "") { FeedDraft.add($1, to: &$0.categories, limits: limits) }
    }

    /// `news:keywords` parts them by commas.
    mutating func addKeywords() {
        for word in text().split(separator: ",").prefix(limits.valuesMax) {
            addCategory(
                title(fromHTML: Array(word.utf8), charactersMax: limits.titleCharactersMax))
        }
    }

    // MARK: - Media

    /// RSS's `enclosure` and Media RSS's `content`.
    mutating func takeEnclosure() {
        guard let url = attribute(names.url) ?? attribute(names.href) else { return }
        let enclosure = Enclosure(
            url: addresses.resolved(url, against: base), type: attribute(names.type),
            length: wholeNumber(attribute(names.length) ?? attribute(names.fileSize)),
            duration: attribute(names.duration).flatMap(playingTime))
        addEnclosure(enclosure)
    }

    /// Media of the feed itself are nobody's.
    mutating func addEnclosure(_ enclosure: Enclosure) {
        if isInEntry { entry.addEnclosure(enclosure, limits: limits) }
    }

    /// `media:thumbnail` and `itunes:image`.
    mutating func takeImage() {
        guard let written = attribute(names.url) ?? attribute(names.href) else { return }
        addImage(addresses.resolved(written, against: base), rank: 1)
    }

    mutating func finishImage() {
        addImage(address(), rank: capture.element == .icon ? 2 : 0)
    }

    private mutating func addImage(_ address: String, rank: UInt8) {
        if isInEntry {
            FeedDraft.add(address, to: &entry.details.images, limits: limits)
        } else {
            feed.image.offer(text: address, rank: rank)
        }
    }

    private mutating func wholeNumber(_ text: String?) -> Int? {
        guard let text, let value = Int(string(trimmed(Array(text.utf8)[...]))), value >= 0 else {
            return nil
        }
        return value
    }

    // MARK: - Licences and discussion

    mutating func beginLicense() {
        guard let address = attribute(names.resource) ?? attribute(names.href) else {
            return beginCapture(.license)
        }
        addLicense(addresses.resolved(address, against: base))
    }

    mutating func addLicense(_ address: String) {
        let limits = limits
        edit(address) { FeedDraft.add($1, to: &$0.details.licenses, limits: limits) }
    }

    /// Atom's threading extension, RFC 4685, section 4.
    private mutating func takeReplies(_ address: String, isPage: Bool) {
        guard isInEntry, !address.isEmpty else { return }
        let count = wholeNumber(attribute(names.count))
        editDiscussion {
            if isPage { $0.page = $0.page ?? address } else { $0.feed = $0.feed ?? address }
            $0.count = $0.count ?? count
        }
    }

    /// RFC 4685, section 3.
    mutating func takeReplyReference() {
        guard isInEntry, let reference = attribute(names.reference) ?? attribute(names.href) else {
            return
        }
        FeedDraft.add(reference, to: &entry.details.discussion.inReplyTo, limits: limits)
    }

    mutating func finishDiscussion() {
        let written = text()
        guard isInEntry, !written.isEmpty else { return }
        switch capture.element {
        case .comments:
            let address = address()
            editDiscussion { $0.page = $0.page ?? address }
        case .commentFeed:
            let address = address()
            editDiscussion { $0.feed = $0.feed ?? address }
        default:
            let count = wholeNumber(written)
            editDiscussion { $0.count = $0.count ?? count }
        }
    }

    private mutating func editDiscussion(_ change: (inout Discussion) -> Void) {
        change(&entry.details.discussion)
    }

    // MARK: - Sources

    /// RSS's `source` names another feed by its text and `url`, Atom's by elements.
    mutating func beginSource() {
        guard isInEntry else { return }
        let link = attribute(names.url).map { addresses.resolved($0, against: base) }
        entry.details.source = EntrySource(link: link)
        beginCapture(.source)
    }

    mutating func beginInSource(_ element: FeedElement) {
        switch element {
        case .title, .id: beginCapture(element, isOfSource: true)
        case .link:
            guard let href = attribute(names.href) else { return }
            let address = addresses.resolved(href, against: base)
            let isOwn = relation == .own
            if isOwn || entry.details.source?.link == nil { entry.details.source?.link = address }
        default: break
        }
    }

    mutating func finishInSource() {
        guard isInEntry, var source = entry.details.source else { return }
        switch capture.element {
        case .title: source.title = source.title ?? plainTitle()
        case .id: source.id = source.id ?? text()
        default: break
        }
        entry.details.source = source
    }

    /// The name that RSS's `source` holds.
    mutating func finishSource() {
        let title = plainTitle()
        if isInEntry { entry.details.source?.title = title }
    }
}

/// The link relations that mean something here, in any letter case.
private enum LinkRelation {
    case alternate, enclosure, license, replies, own, hub, previousArchive, next, current, other

    init(named name: ArraySlice<UInt8>) { self = Self.names.find(name) ?? .other }

    private static let names = NameTable<LinkRelation>([
        ("alternate", .alternate), ("enclosure", .enclosure), ("license", .license),
        ("replies", .replies), ("self", .own), ("hub", .hub),
        ("prev-archive", .previousArchive), ("next", .next), ("current", .current),
    ])
}

/// A playing time: seconds, `mm:ss` or `hh:mm:ss`; nil when it is none, or none to be believed.
func playingTime(_ text: String) -> Duration? {
    let secondsMax = 1_000_000
    var seconds = 0
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard 1...3 ~= parts.count else { return nil }
    for part in parts {
        let digits = part.prefix { $0 != "." }.drop { $0 == " " }
        guard digits.utf8.count <= 7, let value = Int(digits), value >= 0 else { return nil }
        seconds = seconds * 60 + value
    }
    return 1...secondsMax ~= seconds ? .seconds(seconds) : nil
}
