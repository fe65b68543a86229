/// Where a text came from: who spoke of it, and where it stands.
package enum Origin: Hashable, Sendable {
    /// An entry of a configured feed.
    case feed(FeedID)
    /// A file of the seed corpus, by its path as configured, and its line in a JSON Lines file.
    case seed(path: String, line: Int?)
    /// A document handed in by hand, with its own id.
    case stream(id: String)
}

/// Which words became the article's text.
package enum TextSource: String, Sendable, Codable {
    /// The article's own page.
    case page
    /// The feed's full text, because the page gave none or less.
    case feed
    /// The feed's summary, because there was nothing better.
    case summary
    case seed
    case stream
}

/// All that is known of an article before it is brought to one form.
package struct Candidate: Hashable, Sendable {
    package var origin: Origin
    /// The address that it was read from, after redirects.
    package var url: HTTPURL?
    /// The address that the page calls its own; believed only on the same site.
    package var declaredCanonical: String?
    package var title: String?
    package var blocks: [Block]
    package var authors: [String]
    package var language: String?
    package var published: Instant?
    package var updated: Instant?
    /// When we first saw it: decisions use this, not what the feed claims.
    package var seen: Instant
    /// When we last saw that it was not there yet: the poll of its feed before.
    package var absent: Instant?
    package var fetched: Instant?
    package var kind: PageKind
    package var textSource: TextSource
    /// What decided for that text; nil where there was no choice.
    package var textChoice: TextChoice?
    /// Where the other fields were found.
    package var sources = FieldSources()
    /// Names that lead to it besides its address.
    package var aliases: [Alias]
    /// The digest of the feed entry that spoke of it.
    package var entryDigest: Digest?
    /// The id of that entry, as written and cut to `Entry.idBytesKept`.
    package var guid: String?
    /// What the publisher of the page reserves.
    package var reservations: [Reservation] = []
    /// False when its address says nothing of it: others of its feed stand there too.
    package var isAloneAtAddress = true

    package init(
        origin: Origin, url: HTTPURL? = nil, declaredCanonical: String? = nil,
        title: String? = nil, blocks: [Block] = [], authors: [String] = [],
        language: String? = nil, published: Instant? = nil, updated: Instant? = nil,
        seen: Instant, absent: Instant? = nil, fetched: Instant? = nil,
        kind: PageKind = .article,
        textSource: TextSource, aliases: [Alias] = [], entryDigest: Digest? = nil,
        guid: String? = nil
    ) {
        self.guid = guid
        self.origin = origin
        self.url = url
        self.declaredCanonical = declaredCanonical
        self.title = title
        self.blocks = blocks
        self.authors = authors
        self.language = language
        self.published = published
        self.updated = updated
        self.seen = seen
        self.absent = absent
        self.fetched = fetched
        self.kind = kind
        self.textSource = textSource
        self.aliases = aliases
        self.entryDigest = entryDigest
    }
}

/// A normalised, storable piece of news, or a seed document in the same form. Made by `normalise`
/// alone, or read back from the store.
package struct Article: Hashable, Sendable, Codable {
    package var id: ArticleID
    package var origin: Origin
    /// The address that it was read from.
    package var url: HTTPURL?
    /// The address that it is compared by.
    package var canonicalURL: CanonicalURL?
    /// One line of plain text; empty when there is none.
    package var title: String
    /// Plain text in NFC, paragraphs parted by one blank line. Offsets into it (passages) count
    /// Unicode scalars, as Python and `jq` count.
    package var text: String
    package var authors: [String]
    /// BCP 47: declared, else detected; nil when neither says.
    package var language: String?
    package var published: Instant?
    package var updated: Instant?
    package var seen: Instant
    /// When we last saw that it was not there yet; nil when we cannot tell.
    package var absent: Instant?
    package var fetched: Instant?
    package var textSource: TextSource
    /// Why its page's words or its feed's became the text; nil where there was no choice.
    package var textChoice: TextChoice?
    /// Where its other fields were found; nil when nobody noted it.
    package var sources: FieldSources?
    /// Names that lead to it, its canonical address among them.
    package var aliases: [Alias]
    /// The digest of the folded words: equal for two texts that differ only in typography,
    /// letter case, spacing and mark-up.
    package var contentHash: Digest
    package var entryDigest: Digest?
    /// The id of the feed entry that brought it, as written and cut to `Entry.idBytesKept`.
    package var guid: String?
    /// What the publisher of its page reserves; nil when nothing.
    package var reservations: [Reservation]?

    package init(
        id: ArticleID, origin: Origin, url: HTTPURL? = nil, canonicalURL: CanonicalURL? = nil,
        title: String, text: String, authors: [String] = [], language: String? = nil,
        published: Instant? = nil, updated: Instant? = nil, seen: Instant,
        absent: Instant? = nil, fetched: Instant? = nil, textSource: TextSource,
        textChoice: TextChoice? = nil, sources: FieldSources? = nil, aliases: [Alias] = [],
        contentHash: Digest, entryDigest: Digest? = nil, guid: String? = nil
    ) {
        self.guid = guid
        self.absent = absent
        self.id = id
        self.origin = origin
        self.url = url
        self.canonicalURL = canonicalURL
        self.title = title
        self.text = text
        self.authors = authors
        self.language = language
        self.published = published
        self.updated = updated
        self.seen = seen
        self.fetched = fetched
        self.textSource = textSource
        self.textChoice = textChoice
        self.sources = sources
        self.aliases = aliases
        self.contentHash = contentHash
        self.entryDigest = entryDigest
    }

    enum CodingKeys: String, CodingKey {
        case id, origin, url
        case canonicalURL = "canonical_url"
        case title, text, authors, language, published, updated, seen, absent, fetched
        case textSource = "text_source"
        case textChoice = "text_choice"
        case sources, aliases
        case contentHash = "content_hash"
        case entryDigest = "entry_digest"
        case guid, reservations
    }
}

/// Why a candidate did not become an article.
package enum Rejection: Error, Hashable, Sendable {
    /// The page is something else: a consent wall, a list, an error page that says 200.
    case notAnArticle(PageKind)
    /// Fewer words than an article has, after the furniture was taken away.
    case tooShort(words: Int, wordsMin: Int)
    /// More text than one article may have.
    case tooLong(bytes: Int, bytesMax: Int)
    /// The page could not be fetched, and the feed gave no text; the last reason why.
    case unreachable(reason: String)
    /// Older than the feed's `entry_age_max` when first seen.
    case tooOld
    /// Its publisher reserves what the configuration obeys.
    case reserved(reason: String)
    /// It is an article that a person took out.
    case forgotten
    /// Neither an id, nor an address, nor a title: nothing to know it by.
    case nameless
}

/// As JSON: `code`, the case's name, beside its facts.
extension Rejection: Codable {
    private enum CodingKeys: String, CodingKey {
        case code, page, words, bytes, reason
        case wordsMin = "words_min"
        case bytesMax = "bytes_max"
    }
    private enum Code: String, Codable {
        case notAnArticle, tooShort, tooLong, unreachable, tooOld, nameless, reserved, forgotten
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        switch try container.decode(Code.self, forKey: .code) {
        case .notAnArticle:
            self = .notAnArticle(try container.decode(PageKind.self, forKey: .page))
        case .tooShort:
            self = .tooShort(
                words: try container.decode(Int.self, forKey: .words),
                wordsMin: try container.decode(Int.self, forKey: .wordsMin))
        case .tooLong:
            self = .tooLong(
                bytes: try container.decode(Int.self, forKey: .bytes),
                bytesMax: try container.decode(Int.self, forKey: .bytesMax))
        case .unreachable:
            self = .unreachable(reason: try container.decode(String.self, forKey: .reason))
        case .reserved:
            self = .reserved(reason: try container.decode(String.self, forKey: .reason))
        case .tooOld: self = .tooOld
        case .nameless: self = .nameless
        case .forgotten: self = .forgotten
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .notAnArticle(let page):
            try container.encode(Code.notAnArticle, forKey: .code)
            try container.encode(page, forKey: .page)
        case .tooShort(let words, let wordsMin):
            try container.encode(Code.tooShort, forKey: .code)
            try container.encode(words, forKey: .words)
            try container.encode(wordsMin, forKey: .wordsMin)
        case .tooLong(let bytes, let bytesMax):
            try container.encode(Code.tooLong, forKey: .code)
            try container.encode(bytes, forKey: .bytes)
            try container.encode(bytesMax, forKey: .bytesMax)
        case .unreachable(let reason):
            try container.encode(Code.unreachable, forKey: .code)
            try container.encode(reason, forKey: .reason)
        case .reserved(let reason):
            try container.encode(Code.reserved, forKey: .code)
            try container.encode(reason, forKey: .reason)
        case .tooOld: try container.encode(Code.tooOld, forKey: .code)
        case .nameless: try container.encode(Code.nameless, forKey: .code)
        case .forgotten: try container.encode(Code.forgotten, forKey: .code)
        }
    }
}

extension Rejection: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notAnArticle(let kind): "the page is \(kind), not an article"
        case .tooShort(let words, let wordsMin):
            "only \(words) words of text, an article has at least \(wordsMin)"
        case .tooLong(let bytes, let bytesMax):
            "\(bytes) bytes of text, at most \(bytesMax) are kept"
        case .unreachable(let reason): "the page could not be had: \(reason)"
        case .reserved(let reason): "its publisher reserves \(reason)"
        case .tooOld: "older than the feed's entry_age_max when first seen"
        case .forgotten: "it was taken out by hand"
        case .nameless: "the entry has neither id, link nor title"
        }
    }
}

extension Origin: Codable {
    enum CodingKeys: String, CodingKey { case feed, seed, line, stream }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let feed = try container.decodeIfPresent(FeedID.self, forKey: .feed) {
            self = .feed(feed)
        } else if let path = try container.decodeIfPresent(String.self, forKey: .seed) {
            self = .seed(path: path, line: try container.decodeIfPresent(Int.self, forKey: .line))
        } else {
            self = .stream(id: try container.decode(String.self, forKey: .stream))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .feed(let id): try container.encode(id, forKey: .feed)
        case .seed(let path, let line):
            try container.encode(path, forKey: .seed)
            try container.encodeIfPresent(line, forKey: .line)
        case .stream(let id): try container.encode(id, forKey: .stream)
        }
    }

    /// The feed that it came by, if it came by one.
    package var feed: FeedID? {
        if case .feed(let id) = self { id } else { nil }
    }
    package var isSeed: Bool {
        if case .seed = self { true } else { false }
    }
}
