package import News

/// What `tamis inspect page` prints: the extraction as one JSON object.
///
/// `title`, `text` (paragraphs parted by blank lines), `authors`, `published` (in the page's own
/// zone when it names one), `updated`, `language` (declared, else detected), `site`, `url` (the
/// declared canonical address), `image`, `summary`, `kind`, `sources` (where each of the fields was
/// found, and how far that is believed, 0…1), then `kept` and `dropped`, block by
/// block with kinds and reasons; `error` alone when there is none.
package struct PageInspection: Encodable {
    private struct KeptBlock: Encodable {
        var kind: Block.Kind
        var text: String
    }
    private struct DroppedBlock: Encodable {
        var reason: String
        var text: String
    }

    private let result: Result<Extraction, PageError>
    private let withBlocks: Bool

    /// - Parameter withBlocks: whether `kept` and `dropped` are written.
    package init(_ result: Result<Extraction, PageError>, withBlocks: Bool = true) {
        self.result = result
        self.withBlocks = withBlocks
    }

    enum CodingKeys: String, CodingKey {
        case title, text, authors, published, updated, language, site, url, image, summary, kind,
            sources
        case kept, dropped, error
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch result {
        case .failure(let error):
            try container.encode(error.description, forKey: .error)
        case .success(let page):
            try container.encodeIfPresent(page.title, forKey: .title)
            let text = page.blocks.map(\.text).joined(separator: "\n\n")
            try container.encode(text, forKey: .text)
            try container.encode(page.authors, forKey: .authors)
            let published = page.published?.description(zoneMinutes: page.publishedZone ?? 0)
            try container.encodeIfPresent(published, forKey: .published)
            try container.encodeIfPresent(page.updated, forKey: .updated)
            let language = page.language ?? detectLanguage(of: text)
            var sources = page.sources
            if page.language == nil, language != nil {
                sources.language = FieldSource(.detection, 0.9)
            }
            try container.encodeIfPresent(language, forKey: .language)
            try container.encodeIfPresent(page.siteName, forKey: .site)
            try container.encodeIfPresent(page.declaredCanonical, forKey: .url)
            try container.encodeIfPresent(page.image, forKey: .image)
            try container.encodeIfPresent(page.summary, forKey: .summary)
            try container.encode(page.kind, forKey: .kind)
            if !sources.isEmpty { try container.encode(sources, forKey: .sources) }
            guard withBlocks else { return }
            let kept = page.blocks.map { KeptBlock(kind: $0.kind, text: $0.text) }
            try container.encode(kept, forKey: .kept)
            let dropped = page.dropped.map { DroppedBlock(reason: $0.reason, text: $0.text) }
            try container.encode(dropped, forKey: .dropped)
        }
    }
}
