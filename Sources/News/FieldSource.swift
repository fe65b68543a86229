/// Where a document's word for one field was found, and how far it is to be believed.
package struct FieldSource: Hashable, Sendable, Codable {
    /// The place, as it is spelt in JSON.
    package enum Origin: String, Sendable, Codable {
        /// JSON-LD after schema.org.
        case linkedData = "json-ld"
        /// Open Graph, and Twitter's cards after it.
        case openGraph = "open-graph"
        /// Any other `meta`: Dublin Core, parsely, sailthru and their like.
        case meta
        /// The element `title`.
        case titleElement = "title"
        case heading
        /// `itemprop`, or a link with `rel`.
        case markup
        /// The element `time`.
        case time
        /// An element that its class calls a byline, or a line that starts with "By".
        case byline
        /// The document's own address.
        case address
        /// A date among the words that a reader sees.
        case text
        /// A date that a script holds.
        case script
        /// The attribute `lang` of the document.
        case language = "lang"
        /// The words themselves.
        case detection
        case feed
    }

    package var from: Origin
    /// 0…1, in hundredths: how often such evidence turned out right, roughly. Not a probability
    /// that was measured for this document.
    package var confidence: Double

    package init(_ from: Origin, _ confidence: Double) {
        self.from = from
        self.confidence = (min(1, max(0, confidence)) * 100).rounded() / 100
    }
}

/// The sources of what is known about a document; nil for what is not known, or was not asked.
package struct FieldSources: Hashable, Sendable, Codable {
    package var title: FieldSource?
    package var authors: FieldSource?
    package var published: FieldSource?
    package var updated: FieldSource?
    package var language: FieldSource?
    package var canonical: FieldSource?
    package var siteName: FieldSource?

    package init() {}

    package var isEmpty: Bool { self == FieldSources() }

    enum CodingKeys: String, CodingKey {
        case title, authors, published, updated, language, canonical
        case siteName = "site"
    }
}
