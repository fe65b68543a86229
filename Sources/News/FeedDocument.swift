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
    /// Atom `subtitle`, RSS and JSON `description`; may be HTML.
    package var description: String?
    /// Atom `updated`, RSS `lastBuildDate` or `pubDate`, `dc:date`.
    package var updated: Instant?
    /// How often the publisher says that it changes (RSS `ttl`, syndication module).
    package var updateInterval: Duration?
    /// In document order, at most `FeedLimits.entriesMax`.
    package var entries: [Entry]
    /// What was wrong with the document and was mended, one short sentence each, bounded.
    package var damage: [String]

    package init(
        format: FeedFormat, title: String? = nil, link: String? = nil, id: String? = nil,
        language: String? = nil, description: String? = nil, updated: Instant? = nil,
        updateInterval: Duration? = nil, entries: [Entry] = [], damage: [String] = []
    ) {
        self.format = format
        self.title = title
        self.link = link
        self.id = id
        self.language = language
        self.description = description
        self.updated = updated
        self.updateInterval = updateInterval
        self.entries = entries
        self.damage = damage
    }
}

/// One item of a feed document (RFC 4287, section 4.1.2; RSS `item`): what the publisher says of an
/// article.
package struct Entry: Hashable, Sendable, Codable {
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
    /// The short text. Atom `summary`, RSS `description`, JSON `summary`; may be HTML.
    package var summary: String?
    /// The full text. Atom `content`, `content:encoded`, JSON `content_html` or `content_text`.
    package var content: String?
    package var categories: [String]
    package var enclosures: [Enclosure]
    /// BCP 47 as written, the document's own where the entry has none.
    package var language: String?

    package init(
        id: String? = nil, title: String? = nil, link: String? = nil, published: Instant? = nil,
        updated: Instant? = nil, authors: [String] = [], summary: String? = nil,
        content: String? = nil, categories: [String] = [], enclosures: [Enclosure] = [],
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

    /// Changes when what the publisher says of the article's words changes, and only then: how a
    /// known entry shows that its article may have been revised.
    package var digest: Digest {
        Digest(
            kind: "entry", title ?? "", summary ?? "", content ?? "",
            updated?.description ?? "", link ?? "")
    }
}

/// A linked media file of an entry (RSS 2.0 `enclosure`; RFC 4287, section 4.2.7).
package struct Enclosure: Hashable, Sendable, Codable {
    /// Absolute.
    package var url: String
    /// A media type, as written.
    package var type: String?
    /// In bytes, as the feed claims.
    package var length: Int?

    package init(url: String, type: String? = nil, length: Int? = nil) {
        self.url = url
        self.type = type
        self.length = length
    }
}
