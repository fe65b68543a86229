package import News

/// Kept articles as an Atom feed (RFC 4287).
package enum AtomFeed {
    /// One document, the articles in their order. Texts are cleaned as for a terminal, addresses
    /// carry no credentials. Cost: linear.
    /// - Parameter started: the time of the last change when there are no articles yet.
    package static func write(_ articles: [StoredArticle], started: Instant) -> [UInt8] {
        var xml = XMLText()
        xml.raw(#"<?xml version="1.0" encoding="utf-8"?>"# + "\n")
        xml.raw(#"<feed xmlns="http://www.w3.org/2005/Atom">"# + "\n")
        xml.element("id", "urn:tamis:feed:new")
        xml.element("title", "Tamis")
        xml.element("subtitle", "What was new in the feeds that this daemon watches.")
        xml.element("updated", (articles.map(\.stored).max() ?? started).description)
        xml.raw("<author><name>Tamis</name></author>\n")
        xml.raw(#"<link rel="self" type="application/atom+xml" href="/feed.atom"/>"# + "\n")
        for article in articles { add(article.article, to: &xml) }
        xml.raw("</feed>\n")
        return Array(xml.text.utf8)
    }

    private static func add(_ article: Article, to xml: inout XMLText) {
        let title = VisibleText.line(article.title)
        xml.start("entry", article.language.map { ["xml:lang": $0] } ?? [:])
        xml.element("id", SyndicationID.of(article.id))
        xml.element("title", title.isEmpty ? "(untitled)" : title)
        let updated = article.updated ?? article.published ?? article.seen
        xml.element("updated", updated.description)
        if let published = article.published { xml.element("published", published.description) }
        for name in article.authors.map({ VisibleText.line($0) }) where !name.isEmpty {
            xml.raw("<author>")
            xml.element("name", name)
            xml.raw("</author>\n")
        }
        if let url = article.url {
            xml.element("link", nil, ["rel": "alternate", "href": url.withoutSecrets])
        }
        if let feed = article.origin.feed { xml.element("category", nil, ["term": feed.text]) }
        xml.element("content", article.text, ["type": "text"])
        xml.raw("</entry>\n")
    }
}

/// XML being written.
private struct XMLText {
    private(set) var text = ""

    /// Mark-up of our own.
    mutating func raw(_ markup: String) { text += markup }

    mutating func start(_ name: String, _ attributes: [String: String]) {
        tag(name, attributes)
        text += ">\n"
    }

    private mutating func tag(_ name: String, _ attributes: [String: String]) {
        text += "<\(name)"
        for (key, value) in attributes.sorted(by: { $0.key < $1.key }) {
            text += " \(key)=\"\(Self.escaped(value))\""
        }
    }

    mutating func element(
        _ name: String, _ content: String?, _ attributes: [String: String] = [:]
    ) {
        tag(name, attributes)
        text += content.map { ">\(Self.escaped($0))</\(name)>\n" } ?? "/>\n"
    }

    /// Works on scalars: a letter with a combining mark is one character, and `<` with one too.
    private static func escaped(_ value: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in VisibleText.of(value).unicodeScalars {
            switch scalar {
            case "&": result.append(contentsOf: "&amp;".unicodeScalars)
            case "<": result.append(contentsOf: "&lt;".unicodeScalars)
            case ">": result.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
