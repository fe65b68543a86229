internal import Markup
internal import News

/// Reads RSS, Atom and sitemaps in one pass over the tokens: finds the root, keeps what surrounds
/// each element, captures the fields and hands them to the draft that they belong to.
///
/// 1. An entry counts when its end tag is there, or when the next entry starts: a document that is
///    cut anywhere gives a prefix of the entries of the whole.
/// 2. Whatever a field's end tag looks like, a field ends where another must start.
///
/// All methods are `mutating`, even those that change nothing: what is not is given a copy of the
/// whole reader's two kilobytes, which cost a tenth of the time.
struct XMLFeedReader: ~Copyable {
    /// An open element and what it hands down: numbers of a base and of a language.
    struct Frame {
        var element: FeedElement
        var base: Int
        var language: Int
    }

    var tokenizer: XMLTokenizer
    let names: FeedAttributeNames
    let limits: FeedLimits
    var format: FeedFormat?
    var feed = FeedDraft()
    /// The entry that is being read; nothing is known of it outside entries.
    var entry = FeedDraft()
    /// Whether what is read belongs to `entry`.
    private(set) var isInEntry = false
    var channel = FeedChannel()
    var addresses: AddressBook
    var person: FeedPerson?
    var capture = FeedCapture()
    var buffer = TextBuffer()
    /// Whether the `guid` that is being read may be an address.
    var isPermaLink = false
    /// The role of the `media:credit` that is being read.
    var creditRole: String?
    var damage: DamageNotes
    private(set) var frames: [Frame] = []
    /// What `xml:base` and `xml:lang` said in the elements that are open; the first is the
    /// document's own.
    private(set) var bases: [HTTPURL?]
    private(set) var languages: [String?] = [nil]
    private var vocabulary: FeedVocabulary
    private var kept: KeptEntries
    /// How many elements are open around the current entry, and around its `source`.
    private var entryDepth = 0
    private var sourceDepth = Int.max
    private var firstName: String?

    init(_ text: DecodedText, from url: HTTPURL?, limits: FeedLimits) {
        let primer = FeedPrimer.shared
        tokenizer = XMLTokenizer(text, limits: limits.xml, tables: primer.tables)
        names = primer.attributes
        vocabulary = primer.vocabulary
        self.limits = limits
        damage = DamageNotes(max: limits.damageMax)
        kept = KeptEntries(limits: limits)
        addresses = AddressBook(growthBytesMax: limits.bodyBytesMax)
        bases = [url]
    }

    mutating func read() throws(FeedError) -> FeedDocument {
        var isFull = false
        reading: while true {
            switch tokenizer.next() {
            case .startTag: try open()
            case .endTag:
                close()
                if frames.isEmpty, format != nil { break reading }
            case .text: if capture.isOpen { take(.text) }
            case .literalText: if capture.isOpen { take(.literal) }
            case .end: break reading
            }
            if kept.isFull, isInEntry {
                isFull = true
                isInEntry = false
                break
            }
        }
        guard let format else { throw .notAFeed(nothingFound) }
        damage.note(addresses)
        if isInEntry { damage.note("the last entry is cut off and was left out") }
        return document(format, entries: kept.finish(&damage, isFull: isFull))
    }

    // MARK: - Elements

    private mutating func open() throws(FeedError) {
        var element: FeedElement
        if let known = vocabulary.known(tokenizer.name, in: tokenizer.namespace) {
            element = known
        } else {
            element = vocabulary.learn(tokenizer)
        }
        // An empty item in an item is no item; some software leaves one behind.
        if tokenizer.isEmptyElement, isInEntry, isEntry(element) { element = .other }
        if capture.isOpen {
            if capture.element == .author, element == .name || element == .email {
                beginNamedPerson()
            } else if capture.element == .source, isAtom {
                capture.end()
            } else if endsCapture(element) {
                leave(to: capture.depth - 1)
            } else {
                capture.add(
                    FeedCapture.Piece(
                        kind: .start, range: tokenizer.range, name: tokenizer.name,
                        isEmptyElement: tokenizer.isEmptyElement))
                var frame = outer
                frame.element = .other
                frames.append(frame)
                return
            }
        }
        if isInEntry, !isInSource, isEntry(element) { leave(to: entryDepth - 1) }

        let frame = inherited(element)
        let parent = frames.last?.element
        frames.append(frame)
        if format == nil {
            try findRoot(element)
        } else if !isInSource, isEntry(element) {
            startEntry()
        } else {
            if element == .source, isInEntry { sourceDepth = min(sourceDepth, frames.count) }
            begin(element, in: parent ?? .other)
        }
    }

    private mutating func close() {
        guard let frame = frames.popLast() else { return }
        if capture.isOpen {
            guard frames.count < capture.depth else {
                capture.add(FeedCapture.Piece(kind: .end, range: 0..<0, name: tokenizer.name))
                return
            }
            finishCapture()
        }
        finish(frame)
    }

    /// Ends what is open beyond the outermost `depth` elements: the current start tag, which is not
    /// among the frames yet, cannot stand in it.
    private mutating func leave(to depth: Int) {
        if capture.isOpen { finishCapture() }
        while frames.count > depth, let frame = frames.popLast() { finish(frame) }
        tokenizer.closeElements(keeping: depth)
    }

    /// What an element leaves behind that was just taken off the frames.
    private mutating func finish(_ frame: Frame) {
        if bases.count > outer.base + 1 { bases.removeSubrange((outer.base + 1)...) }
        if languages.count > outer.language + 1 {
            languages.removeSubrange((outer.language + 1)...)
        }
        if frames.count < sourceDepth { sourceDepth = .max }
        if frame.element == .author, person != nil { finishPerson() }
        if isInEntry, frames.count < entryDepth, isEntry(frame.element) { finishEntry() }
    }

    private mutating func take(_ kind: FeedCapture.Piece.Kind) {
        capture.add(FeedCapture.Piece(kind: kind, range: tokenizer.range))
    }

    private mutating func startEntry() {
        isInEntry = true
        entryDepth = frames.count
        person = nil
        beginEntry()
    }

    private mutating func finishEntry() {
        var finished = FeedDraft()
        swap(&finished, &entry)
        kept.append(
            finished.entry(), endsAt: tokenizer.range.upperBound, of: tokenizer.bytes.count)
        isInEntry = false
        entryDepth = 0
    }

    private mutating func isEntry(_ element: FeedElement) -> Bool {
        element == .item || element == .entry || (element == .url && format == .sitemap)
    }

    /// Atom's `source` quotes another feed: nothing in it is about this one.
    private var isInSource: Bool { mutating get { sourceDepth != .max } }

    /// Whether a start tag cannot stand in the field that is being captured, so that its end tag
    /// must have been forgotten.
    private mutating func endsCapture(_ element: FeedElement) -> Bool {
        switch element {
        case .item, .channel, .pubDate, .guid, .contentEncoded, .dcDate, .dcCreator:
            return !capture.type.isXML
        case .entry, .published, .updated:
            return format == .atom10 && capture.type == .unsaid
        case .link, .title, .description, .category, .enclosure, .author, .summary, .id, .content:
            return !capture.element.isBody && capture.type == .unsaid
        default: return false
        }
    }

    /// The frame of the current tag, with its `xml:base` and `xml:lang`, or its parent's.
    private mutating func inherited(_ element: FeedElement) -> Frame {
        var frame = outer
        frame.element = element
        for attribute in tokenizer.attributes {
            if attribute.name == names.base {
                let written = tokenizer.string(attribute.value)
                if let base = HTTPURL(written, relativeTo: bases[frame.base]) {
                    bases.append(base)
                    frame.base = bases.count - 1
                }
            } else if attribute.name == names.language {
                let written = tokenizer.string(attribute.value)
                languages.append(written.isEmpty ? nil : written)
                frame.language = languages.count - 1
            }
        }
        return frame
    }

    /// The innermost open element, or what stands for the document around the root.
    private var outer: Frame {
        mutating get { frames.last ?? Frame(element: .other, base: 0, language: 0) }
    }

    /// What relative addresses at this place are resolved against: a number, and what it stands
    /// for.
    var baseNumber: Int { mutating get { outer.base } }
    var base: HTTPURL? { mutating get { bases[outer.base] } }

    /// Takes an address for that of the document, unless one is known.
    mutating func useAsBase(_ address: String) {
        if bases[0] == nil { bases[0] = HTTPURL(address) }
    }

    var language: String? { mutating get { languages[outer.language] } }

    // MARK: - The document

    /// Takes a root; refuses a document that is known to be something else.
    private mutating func findRoot(_ element: FeedElement) throws(FeedError) {
        let name = string(tokenizer.bytes(of: tokenizer.name))
        switch element {
        case .rss: format = rssFormat(version: attribute(names.version) ?? "")
        case .rdf: format = .rss10
        case .channel:
            format = .rss20
            takeChannelDefinition()
        case .feed: format = atomFormat()
        case .entry:
            format = atomFormat()
            startEntry()
        case .urlset:
            format = .sitemap
            kept.keepsNewest = true
        case .htmlPage: throw .notAFeed(.htmlPage)
        case .opml: throw .notAFeed(.opml)
        case .sitemapIndex: throw .notAFeed(.sitemapIndex)
        case .soap: throw .notAFeed(.soap)
        case .htmlInline: firstName = firstName ?? name
        default:
            throw .notAFeed(tokenizer.isHTML ? .htmlPage : .xml(root: String(name.prefix(100))))
        }
        if format != nil { feed.language.offer(language, rank: 1) }
    }

    private mutating func rssFormat(version: String) -> FeedFormat {
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
        return isOld || attribute(names.version)?.hasPrefix("0.") == true ? .atom03 : .atom10
    }

    /// What a document without any root of ours is.
    private var nothingFound: OtherDocument {
        mutating get { firstName != nil || tokenizer.isHTML ? .htmlPage : .text }
    }

    private mutating func document(
        _ format: FeedFormat, entries kept: consuming [Entry]
    ) -> FeedDocument {
        let isAtom = format == .atom10 || format == .atom03
        var entries = kept
        for index in entries.indices {
            if isAtom, entries[index].authors.isEmpty { entries[index].authors = feed.authorNames }
            entries[index].language = entries[index].language ?? feed.language.value
        }
        var document = FeedDocument(
            format: format, title: feed.title.value, link: feed.link.value, id: feed.id.value,
            language: feed.language.value, description: feed.summary.value,
            updated: feed.updated.value, entries: entries,
            damage: tokenizer.damage.sentences + damage.sentences)
        document.isCutOff = tokenizer.damage.contains(.truncated)
        document.authors = feed.authorNames
        document.image = feed.image.value
        document.rights = feed.rights.value
        document.updateHints = channel.hints
        document.links = channel.links
        return document
    }
}
