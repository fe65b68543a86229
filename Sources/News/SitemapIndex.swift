/// A list of sitemaps, whose entries are a site's pages (sitemaps.org protocol, "Using Sitemap
/// index files").
package struct SitemapIndex: Hashable, Sendable {
    /// Parts of one index, as many as the protocol allows; the others are left out.
    package static let partsMax = 50_000

    /// One sitemap of the site.
    package struct Part: Hashable, Sendable {
        /// Absolute.
        package var url: HTTPURL
        /// When it last changed, as the index claims.
        package var lastModified: Instant?

        package init(url: HTTPURL, lastModified: Instant? = nil) {
            self.url = url
            self.lastModified = lastModified
        }
    }

    /// In document order, each address once.
    package var parts: [Part]
    /// What was wrong with the document and was mended, one short sentence each.
    package var damage: [String]
    /// Whether the document ends too early, so that parts may be missing.
    package var isCutOff: Bool

    package init(parts: [Part], damage: [String] = [], isCutOff: Bool = false) {
        self.parts = parts
        self.damage = damage
        self.isCutOff = isCutOff
    }
}

/// What is remembered of the parts of an index from one poll to the next: which were read, and what
/// lies before all that is wanted.
package struct SitemapMemory: Hashable, Sendable, Codable {
    /// Parts that are remembered, those read last. One that was forgotten is read once more.
    package static let partsMax = 200

    /// A part that was read.
    package struct Part: Hashable, Sendable, Codable {
        package var url: HTTPURL
        /// What the index said when it was read.
        package var lastModified: Instant?
        package var read: Instant

        package init(url: HTTPURL, lastModified: Instant?, read: Instant) {
            self.url = url
            self.lastModified = lastModified
            self.read = read
        }
        enum CodingKeys: String, CodingKey {
            case url
            case lastModified = "last_modified"
            case read
        }
    }

    /// Parts that changed last by then were there before the first poll: an archive, not news.
    package var since: Instant?
    package var parts: [Part]

    package init(since: Instant? = nil, parts: [Part] = []) {
        self.since = since
        self.parts = parts
    }
}
