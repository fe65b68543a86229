internal import News

/// Kept articles as a JSON Feed, version 1.1 (jsonfeed.org/version/1.1).
package enum JSONFeed {
    /// One document, the articles in their order. Texts are cleaned as for a terminal, addresses
    /// carry no credentials. Cost: linear.
    package static func write(_ articles: [StoredArticle]) throws -> [UInt8] {
        try ControlJSON.encode(Document(items: articles.map { Item($0) }))
    }

    private struct Document: Encodable {
        let version = "https://jsonfeed.org/version/1.1"
        let title = "Tamis"
        let description = "What was new in the feeds that this daemon watches."
        let items: [Item]
    }

    private struct Author: Encodable { let name: String }

    private struct Item: Encodable {
        let id: String
        let url: String?
        let title: String?
        let text: String
        let published: Instant?
        let modified: Instant?
        let authors: [Author]?
        let language: String?
        let tags: [String]?

        init(_ stored: StoredArticle) {
            let article = stored.article
            let names = article.authors.map { VisibleText.line($0) }.filter { !$0.isEmpty }
            let line = VisibleText.line(article.title)
            id = SyndicationID.of(article.id)
            url = article.url?.withoutSecrets
            title = line.isEmpty ? nil : line
            text = VisibleText.of(article.text)
            published = article.published ?? article.seen
            modified = article.updated
            authors = names.isEmpty ? nil : names.map { Author(name: $0) }
            language = article.language
            tags = article.origin.feed.map { [$0.text] }
        }

        enum CodingKeys: String, CodingKey {
            case id, url, title
            case text = "content_text"
            case published = "date_published"
            case modified = "date_modified"
            case authors, language, tags
        }
    }
}

/// How an article is called outside: an IRI, as Atom asks for (RFC 4287, section 4.2.6).
enum SyndicationID {
    static func of(_ id: ArticleID) -> String { "urn:tamis:article:\(id)" }
}
