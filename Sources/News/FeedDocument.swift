/// The formats that a feed document can have.
package enum FeedFormat: String, Sendable, Codable, CaseIterable {
    case rss090 = "RSS 0.90"
    case rss091 = "RSS 0.91"
    case rss092 = "RSS 0.92"
    case rss10 = "RSS 1.0"
    case rss20 = "RSS 2.0"
    case atom03 = "Atom 0.3"
    case atom10 = "Atom 1.0"
    case jsonFeed10 = "JSON Feed 1.0"
    case jsonFeed11 = "JSON Feed 1.1"
    case sitemap = "Sitemap"
}

/// One parsed answer of a feed, as the document says it: untrusted, bounded, not yet decided upon.
///
/// Strings are valid UTF-8 without control characters other than tab and newline.
package struct FeedDocument: Hashable, Sendable {
    package var format: FeedFormat
    /// Plain text. Atom `title`, RSS `channel/title`, JSON Feed `title`.
    package var title: String?
    /// The site's address, absolute. Atom `link rel=alternate`, RSS `channel/link`, JSON
    /// `home_page_url`.
    package var link: String?
    /// Atom `id`, RSS 1.0 `rdf:about`, JSON `feed_url`.
    package var id: String?
    /// A BCP 47 tag as written. `xml:lang`, `dc:language`, RSS and JSON `language`.
    package var language: String?
    /// Atom `subtitle`, RSS and JSON `description`.
    package var description: FeedText?
    /// Atom `updated`, RSS `lastBuildDate` or `pubDate`, `dc:date`.
    package var updated: Instant?
    /// Names. Atom `author`, RSS `managingEditor`, `dc:creator`, `itunes:author`, JSON `authors`.
    package var authors: [String] = []
    /// Absolute. Atom `logo` or `icon`, RSS `image`, `itunes:image`, JSON `icon` or `favicon`.
    package var image: String?
    /// Atom `rights`, RSS `copyright`, `dc:rights`; plain text.
    package var rights: String?
    /// When asking again makes sense, as the publisher sees it.
    package var updateHints = PublisherHints()
    /// Other addresses of the feed itself.
    package var links = FeedLinks()
    /// In document order, at most `FeedLimits.entriesMax`.
    package var entries: [Entry]
    /// What was wrong with the document and was mended, one short sentence each, bounded.
    package var damage: [String]
    /// Whether the document ends or breaks off too early, so that entries may be missing.
    package var isCutOff = false

    package init(
        format: FeedFormat, title: String? = nil, link: String? = nil, id: String? = nil,
        language: String? = nil, description: FeedText? = nil, updated: Instant? = nil,
        entries: [Entry] = [], damage: [String] = []
    ) {
        self.format = format
        self.title = title
        self.link = link
        self.id = id
        self.language = language
        self.description = description
        self.updated = updated
        self.entries = entries
        self.damage = damage
    }
}

extension FeedDocument {
    /// Takes the link off every entry whose link leads to the feed or to its site and not to an
    /// article: an address that many entries share names none of them.
    /// - Parameter url: Where the document came from.
    package mutating func dropLinksToItself(from url: HTTPURL) {
        let own = Set([link, links.ownAddress, url.description].compactMap { $0 })
        for index in entries.indices {
            if let link = entries[index].link, own.contains(link) { entries[index].link = nil }
        }
    }
}

/// Where else a feed is to be had, as absolute addresses.
package struct FeedLinks: Hashable, Sendable {
    /// Where the feed says that it is. Atom `link rel=self`, JSON `feed_url`.
    package var ownAddress: String?
    /// WebSub hubs (`link rel=hub`; JSON `hubs`).
    package var hubs: [String] = []
    /// The document with older entries (RFC 5005, `prev-archive` and `next`; JSON `next_url`).
    package var older: String?
    /// The document with the newest entries, where this one is an archive (RFC 5005, `current`).
    package var current: String?
    /// This document is an archive that does not change (RFC 5005, `fh:archive`).
    package var isArchive = false
    /// This document holds all entries that there are (RFC 5005, `fh:complete`).
    package var isComplete = false

    package init() {}
}

/// One item of a feed document (RFC 4287, section 4.1.2; RSS `item`): what the publisher says of an
/// article.
package struct Entry: Hashable, Sendable {
    /// Atom `id`, RSS `guid`, RSS 1.0 `rdf:about`, JSON `id`, as written.
    package var id: String?
    /// Plain text.
    package var title: String?
    /// The article's address, absolute. Atom `link rel=alternate`, RSS `link` or a permalink
    /// `guid`, JSON `url` or `external_url`. Not necessarily HTTP.
    package var link: String?
    /// Atom `published`, RSS `pubDate`, `dc:date`, JSON `date_published`.
    package var published: Instant?
    /// Atom `updated`, `dcterms:modified`, JSON `date_modified`.
    package var updated: Instant?
    /// Names; a mail address only where there is no name.
    package var authors: [String]
    /// The short text. Atom `summary`, RSS `description`, JSON `summary`.
    package var summary: FeedText?
    /// The full text. Atom `content`, `content:encoded`, JSON `content_html` or `content_text`.
    package var content: FeedText?
    package var categories: [String]
    package var enclosures: [Enclosure]
    /// BCP 47 as written, the document's own where the entry has none.
    package var language: String?
    /// `details`, where there are any: most entries are small without them.
    private var rare: Shared<EntryDetails>?

    package init(
        id: String? = nil, title: String? = nil, link: String? = nil, published: Instant? = nil,
        updated: Instant? = nil, authors: [String] = [], summary: FeedText? = nil,
        content: FeedText? = nil, categories: [String] = [], enclosures: [Enclosure] = [],
        language: String? = nil
    ) {
        self.id = id
        self.title = title
        self.link = link
        self.published = published
        self.updated = updated
        self.authors = authors
        self.summary = summary
        self.content = content
        self.categories = categories
        self.enclosures = enclosures
        self.language = language
    }

    /// What the modules of feeds say of the article; changed as a whole.
    package var details: EntryDetails {
        get { rare?.value ?? EntryDetails() }
        set { rare = newValue == EntryDetails() ? nil : Shared(newValue) }
    }

    /// Changes when what the publisher says of the article's words changes, and only then: how a
    /// known entry shows that its article may have been revised.
    package var digest: Digest {
        Digest(
            kind: "entry", title ?? "", summary?.written ?? "", content?.written ?? "",
            updated?.description ?? "", link ?? "")
    }
}

/// What an entry says beyond what every format has a word for.
package struct EntryDetails: Hashable, Sendable {
    /// Absolute addresses. `media:thumbnail`, `itunes:image`, `image:loc`, JSON `image`.
    package var images: [String] = []
    /// Who is named for the media (`media:credit`).
    package var credits: [MediaCredit] = []
    /// How long it plays (`itunes:duration`).
    package var duration: Duration?
    /// What is said about the article, kept apart from what it says.
    package var discussion = Discussion()
    /// Atom `rights`, `dc:rights`, `media:copyright`; plain text.
    package var rights: String?
    /// Addresses of licences (`creativeCommons:license`, `cc:license`, `link rel=license`).
    package var licenses: [String] = []
    /// The feed that the entry was taken from. RSS `source`, Atom `source`.
    package var source: EntrySource?

    package init() {}
}

/// A linked media file of an entry (RSS 2.0 `enclosure`; RFC 4287, section 4.2.7).
package struct Enclosure: Hashable, Sendable {
    /// Absolute.
    package var url: String
    /// A media type, as written.
    package var type: String?
    /// In bytes, as the feed claims.
    package var length: Int?
    /// How long it plays (`media:content`, JSON `duration_in_seconds`).
    package var duration: Duration?

    package init(
        url: String, type: String? = nil, length: Int? = nil, duration: Duration? = nil
    ) {
        self.url = url
        self.type = type
        self.length = length
        self.duration = duration
    }
}

/// Somebody who had a part in a medium (Media RSS, `media:credit`).
package struct MediaCredit: Hashable, Sendable, Codable {
    package var name: String
    /// As written: `photographer`, `author`, ….
    package var role: String?

    package init(name: String, role: String? = nil) {
        self.name = name
        self.role = role
    }
}

/// Where an article is talked about.
package struct Discussion: Hashable, Sendable {
    /// A page for people. RSS `comments`, Atom `link rel=replies` of HTML.
    package var page: String?
    /// A feed of comments (`wfw:commentRss`; Atom `link rel=replies`, RFC 4685).
    package var feed: String?
    /// `slash:comments`, `thr:total`, `thr:count`; not below 0.
    package var count: Int?
    /// Identifiers of what the entry answers (`thr:in-reply-to`).
    package var inReplyTo: [String] = []

    package init() {}
}

/// The feed that an entry was first published in.
package struct EntrySource: Hashable, Sendable, Codable {
    package var title: String?
    /// Atom `id`, as written.
    package var id: String?
    /// Absolute: the feed's address where it is known (RSS `url`, Atom `link rel=self`), else its
    /// site's.
    package var link: String?

    package init(title: String? = nil, id: String? = nil, link: String? = nil) {
        self.title = title
        self.id = id
        self.link = link
    }
}
