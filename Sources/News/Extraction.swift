/// A piece of running text, in reading order.
package struct Block: Hashable, Sendable, Codable {
    /// What the block was in the document; its text carries no marks of it.
    package enum Kind: String, Sendable, Codable {
        case paragraph, heading, listItem, quotation, code, table
    }

    package var kind: Kind
    /// Plain text; newlines only inside `code` and `table`.
    package var text: String

    package init(_ kind: Kind = .paragraph, _ text: String) {
        self.kind = kind
        self.text = text
    }
}

/// What a page turned out to be.
package enum PageKind: String, Sendable, Codable {
    case article, consentWall, botWall, paywallStub, notFound, listPage, gallery, video
    case emptyShell, empty
}

extension PageKind: CustomStringConvertible {
    /// As a person says it.
    package var description: String {
        switch self {
        case .article: "an article"
        case .consentWall: "a consent wall"
        case .botWall: "a wall against robots"
        case .paywallStub: "the beginning of a paid article"
        case .notFound: "an error page that says 200"
        case .listPage: "a list of articles"
        case .gallery: "a gallery"
        case .video: "a video with a few words"
        case .emptyShell: "a shell that needs JavaScript"
        case .empty: "a page without text"
        }
    }
}

/// A document's text and metadata, apart from its furniture: what `PageExtraction` gives.
package struct Extraction: Hashable, Sendable {
    /// A block that was left out, with the reason for people and tests.
    package struct Dropped: Hashable, Sendable {
        package var text: String
        /// Short and stable: `navigation`, `share`, `affiliate`, `related`, `source-line`, …
        package var reason: String

        package init(_ text: String, reason: String) {
            self.text = text
            self.reason = reason
        }
    }

    package var kind: PageKind
    package var title: String?
    package var authors: [String]
    package var published: Instant?
    /// Minutes east of UTC of `published`, when the document says so: with it, the day is the one
    /// that the document's readers see.
    package var publishedZone: Int?
    package var updated: Instant?
    /// BCP 47, as declared by the document.
    package var language: String?
    /// The address that the document declares as its own, absolute (RFC 6596); not yet believed.
    package var declaredCanonical: String?
    package var siteName: String?
    package var summary: String?
    package var image: String?
    /// What the document's own words to robots reserve.
    package var reservations: [Reservation] = []
    /// Where each of the above was found.
    package var sources: FieldSources
    /// The text that was kept, in order, without the title.
    package var blocks: [Block]
    package var dropped: [Dropped]

    package init(
        kind: PageKind = .article, title: String? = nil, authors: [String] = [],
        published: Instant? = nil, publishedZone: Int? = nil, updated: Instant? = nil,
        language: String? = nil,
        declaredCanonical: String? = nil, siteName: String? = nil, summary: String? = nil,
        image: String? = nil, sources: FieldSources = FieldSources(), blocks: [Block] = [],
        dropped: [Dropped] = []
    ) {
        self.kind = kind
        self.title = title
        self.authors = authors
        self.published = published
        self.publishedZone = publishedZone
        self.updated = updated
        self.language = language
        self.declaredCanonical = declaredCanonical
        self.siteName = siteName
        self.summary = summary
        self.image = image
        self.sources = sources
        self.blocks = blocks
        self.dropped = dropped
    }

    /// UTF-8 bytes of kept text.
    package var textBytes: Int { blocks.reduce(0) { $0 + $1.text.utf8.count } }
}
