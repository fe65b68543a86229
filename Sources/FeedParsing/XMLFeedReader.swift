internal import Markup
internal import News

/// Reads RSS, Atom and sitemaps in one pass over the tokens: finds the root, keeps what surrounds
/// each element, captures the fields and hands them to the draft that they belong to.
///
/// 1. An entry counts when its end tag is there, or when the next entry starts: a document that is
///    cut anywhere gives a prefix of the entries of the whole.
/// 2. Whatever a field's end tag looks like, a field ends where another must start.
struct XMLFeedReader {
    /// An open element and what it hands down.
    struct Frame {
        var element: FeedElement
        var base: HTTPURL?
        var language: String?
    }

    var tokenizer: XMLTokenizer
    let limits: FeedLimits
    var format: FeedFormat?
    var feed = FeedDraft()
    var entry: FeedDraft?
    var person: FeedPerson?
    var capture: FeedCapture?
    /// Whether the `guid` that is being read may be an address.
    var isPermaLink = false
    var damage: [String] = []
    private(set) var frames: [Frame] = []
    private let documentURL: HTTPURL?
    private var vocabulary = FeedVocabulary()
    private var entries: [Entry] = []
    /// How many elements are open around the current entry.
    private var entryDepth = 0
    private var firstName: String?

    init(_ text: [UInt8], from url: HTTPURL?, limits: FeedLimits) {
        tokenizer = XMLTokenizer(text, limits: limits.xml)
        self.limits = limits
        documentURL = url
    }

    mutating func read() throws(FeedError) -> FeedDocument {
        reading: while true {
            switch tokenizer.next() {
            case .startTag: try open()
            case .endTag:
                close()
                if frames.isEmpty, format != nil { break reading }
            case .text: take(.text)
            case .literalText: take(.literal)
            case .end: break reading
            }
            if entries.count >= limits.entriesMax, entry != nil {
                damage.append("more than \(limits.entriesMax) entries; the others were left out")
                entry = nil
                break
            }
        }
        guard let format else { throw .notAFeed(nothingFound) }
        if entry != nil { damage.append("the last entry is cut off and was left out") }
        return document(format)
    }

    // MARK: - Elements

    private mutating func open() throws(FeedError) {
        var element = vocabulary.element(of: tokenizer)
        // An empty item in an item is no item; some software leaves one behind.
        if tokenizer.isEmptyElement, isEntry(element), entry != nil { element = .other }
        if capture?.element == .author, element == .name || element == .email {
            beginNamedPerson()
        }
        if capture != nil, !endsCapture(element) {
            capture?.hasChildren = true
            capture?.pieces.append(
                FeedCapture.Piece(
                    kind: .start, range: tokenizer.range, name: tokenizer.name,
                    isEmptyElement: tokenizer.isEmptyElement))
            frames.append(Frame(element: .other))
            return
        }
        if let capture { leave(to: capture.depth - 1) }
        if isEntry(element), entry != nil, !isInSource { leave(to: entryDepth - 1) }

        let frame = inherited(element)
        let parent = frames.last?.element
        frames.append(frame)
        if format == nil {
            try findRoot(element)
        } else if isEntry(element), !isInSource {
            entry = FeedDraft()
            entryDepth = frames.count
            person = nil
            beginEntry()
        } else {
            begin(element, in: parent ?? .other)
        }
    }

    private mutating func close() {
        guard let frame = frames.popLast() else { return }
        if let open = capture {
            if frames.count < open.depth {
                finishCapture()
            } else {
                capture?.pieces.append(
                    FeedCapture.Piece(kind: .end, range: 0..<0, name: tokenizer.name))
                return
            }
        }
        if person != nil, frame.element == .author { finishPerson() }
        if isEntry(frame.element), frames.count < entryDepth { finishEntry() }
    }

    /// Ends what is open beyond the outermost `depth` elements: the current start tag, which is not
    /// among the frames yet, cannot stand in it.
    private mutating func leave(to depth: Int) {
        if capture != nil { finishCapture() }
        while frames.count > depth, let frame = frames.popLast() {
            if person != nil, frame.element == .author { finishPerson() }
            if isEntry(frame.element), frames.count < entryDepth { finishEntry() }
        }
        tokenizer.closeElements(keeping: depth)
    }

    private mutating func take(_ kind: FeedCapture.Piece.Kind) {
        capture?.pieces.append(FeedCapture.Piece(kind: kind, range: tokenizer.range))
    }

    private mutating func finishEntry() {
        guard let finished = entry else { return }
        entries.append(finished.entry)
        entry = nil
        entryDepth = 0
    }

    private func isEntry(_ element: FeedElement) -> Bool {
        element == .item || element == .entry || (element == .url && format == .sitemap)
    }

    /// Atom's `source` quotes another feed: nothing in it is about this one.
    private var isInSource: Bool { frames.contains { $0.element == .source } }

    /// Whether a start tag cannot stand in the field that is being captured, so that its end tag
    /// must have been forgotten.
    private func endsCapture(_ element: FeedElement) -> Bool {
        guard let capture else { return false }
        switch element {
        case .item, .channel, .pubDate, .guid, .contentEncoded, .dcDate, .dcCreator:
            return capture.type != "xhtml" && !capture.type.hasSuffix("xml")
        case .entry, .published, .updated:
            return format == .atom10 && capture.type.isEmpty
        case .link, .title, .description, .category, .enclosure, .author, .summary, .id, .content:
            return !capture.element.isBody && capture.type.isEmpty
        default: return false
        }
    }

    /// The frame of the current tag, with its `xml:base` and `xml:lang`, or its parent's.
    private mutating func inherited(_ element: FeedElement) -> Frame {
        var frame = Frame(
            element: element, base: frames.last?.base ?? documentURL,
            language: frames.last?.language)
        for attribute in tokenizer.attributes {
            let name = tokenizer.bytes(of: attribute.name)
            if name.elementsEqual("xml:base".utf8) {
                let written = tokenizer.string(attribute.value)
                frame.base = HTTPURL(written, relativeTo: frame.base) ?? frame.base
            } else if name.elementsEqual("xml:lang".utf8) {
                let written = tokenizer.string(attribute.value)
                frame.language = written.isEmpty ? nil : written
            }
        }
        return frame
    }

    // MARK: - The document

    /// Takes a root; refuses a document that is known to be something else.
    private mutating func findRoot(_ element: FeedElement) throws(FeedError) {
        let name = string(tokenizer.bytes(of: tokenizer.name))
        switch element {
        case .rss: format = rssFormat(version: attribute("version") ?? "")
        case .rdf: format = .rss10
        case .channel: format = .rss20
        case .feed: format = atomFormat()
        case .entry:
            format = atomFormat()
            entry = FeedDraft()
            entryDepth = frames.count
            beginEntry()
        case .urlset: format = .sitemap
        case .htmlPage: throw .notAFeed(.htmlPage)
        case .opml: throw .notAFeed(.opml)
        case .sitemapIndex: throw .notAFeed(.sitemapIndex)
        case .soap: throw .notAFeed(.soap)
        case .htmlInline: firstName = firstName ?? name
        default: throw .notAFeed(.xml(root: String(name.prefix(100))))
        }
        if format != nil, let language = frames.last?.language {
            feed.language.offer(language, rank: 1)
        }
    }

    private func rssFormat(version: String) -> FeedFormat {
        switch version {
        case "0.90": .rss090
        case "0.91": .rss091
        case "0.92", "0.93", "0.94": .rss092
        default: .rss20
        }
    }

    private mutating func atomFormat() -> FeedFormat {
        let namespace = tokenizer.bytes(ofNamespace: tokenizer.namespace)
        let isOld = namespace.starts(with: "http://purl.org/atom/ns#".utf8)
        return isOld || attribute("version")?.hasPrefix("0.") == true ? .atom03 : .atom10
    }

    /// What a document without any root of ours is.
    private var nothingFound: OtherDocument {
        if firstName != nil { return .htmlPage }
        let text = tokenizer.bytes.prefix(1000)
        let controls = text.count { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
        return controls * 20 > text.count ? .binary : .text
    }

    private mutating func document(_ format: FeedFormat) -> FeedDocument {
        let isAtom = format == .atom10 || format == .atom03
        for index in entries.indices {
            if isAtom, entries[index].authors.isEmpty { entries[index].authors = feed.authorNames }
            entries[index].language = entries[index].language ?? feed.language.value
        }
        return FeedDocument(
            format: format, title: feed.title.value, link: feed.link.value, id: feed.id.value,
            language: feed.language.value, description: feed.summary.value,
            updated: feed.updated.value, updateInterval: feed.updateInterval, entries: entries,
            damage: tokenizer.damage.sentences + damage)
    }
}
