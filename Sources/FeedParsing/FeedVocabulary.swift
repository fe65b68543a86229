internal import Markup

/// What an element means, whatever dialect it comes from.
enum FeedElement: UInt8 {
    case other
    /// HTML that servers put before a document by mistake, or instead of one.
    case htmlPage, htmlInline
    // Roots and containers.
    case rss, rdf, feed, channel, item, entry, urlset, url
    case opml, sitemapIndex, soap
    case source, image, textInput, contributor
    /// Elements whose children belong to the entry around them.
    case mediaGroup, mediaContent, newsGroup
    // Fields.
    case title, dcTitle, mediaTitle, itunesTitle
    case link, guid, id, loc
    case description, subtitle, dcDescription, mediaDescription, itunesSummary, itunesSubtitle
    case summary, content, contentEncoded, xhtmlBody
    case published, pubDate, issued, created, dcDate, newsDate
    case updated, modified, lastBuildDate, lastmod
    case author, dcCreator, itunesAuthor, name, email
    case category, dcSubject, itunesCategory
    case enclosure
    case language, dcLanguage, newsLanguage
    case ttl, updatePeriod, updateFrequency
}

/// Finds the meaning of a name by its namespace; by its prefix where the namespace is not declared
/// or unknown. The answer is remembered by the tokenizer's number of the name.
struct FeedVocabulary {
    private enum Namespace {
        /// No namespace, RSS's or Atom's: their names do not collide.
        case plain
        case dc, dcTerms, content, media, itunes, syndication, xhtml, news, rdf, soap
        case other
    }

    private var known: [(namespace: XMLNameID, element: FeedElement)?] = []

    /// The meaning of the tokenizer's current start tag.
    mutating func element(of tokenizer: XMLTokenizer) -> FeedElement {
        let name = tokenizer.name
        let namespace = tokenizer.namespace
        if name.index < known.count, let (seen, element) = known[name.index], seen == namespace {
            return element
        }
        let element = Self.meaning(
            of: String(decoding: tokenizer.bytes(of: tokenizer.local(of: name)), as: UTF8.self),
            in: Self.namespace(of: tokenizer))
        guard name != .other else { return element }
        while known.count <= name.index { known.append(nil) }
        known[name.index] = (namespace, element)
        return element
    }

    private static func namespace(of tokenizer: XMLTokenizer) -> Namespace {
        let address = tokenizer.bytes(ofNamespace: tokenizer.namespace)
        if let namespace = byAddress[normalised(address)] { return namespace }
        let prefix = String(decoding: tokenizer.prefixBytes(of: tokenizer.name), as: UTF8.self)
        return byPrefix[prefix] ?? .other
    }

    /// Without scheme, `www.` and final punctuation, which feeds vary.
    private static func normalised(_ address: ArraySlice<UInt8>) -> String {
        var text = String(decoding: address, as: UTF8.self)[...]
        for start in ["http://", "https://", "www."] where text.hasPrefix(start) {
            text = text.dropFirst(start.count)
        }
        while let last = text.last, last == "/" || last == "#" { text.removeLast() }
        return String(text)
    }

    private static let byAddress: [String: Namespace] = [
        "w3.org/2005/atom": .plain, "purl.org/atom/ns": .plain,
        "purl.org/rss/1.0": .plain, "my.netscape.com/rdf/simple/0.9": .plain,
        "channel.netscape.com/rdf/simple/0.9": .plain, "backend.userland.com/rss2": .plain,
        "backend.userland.com/rss": .plain, "blogs.law.harvard.edu/tech/rss": .plain,
        "cyber.law.harvard.edu/rss/rss.html": .plain,
        "sitemaps.org/schemas/sitemap/0.9": .plain,
        "google.com/schemas/sitemap/0.84": .plain,
        "purl.org/dc/elements/1.1": .dc, "purl.org/dc/elements/1.0": .dc,
        "purl.org/dc/terms": .dcTerms, "purl.org/rss/1.0/modules/content": .content,
        "search.yahoo.com/mrss": .media, "video.search.yahoo.com/mrss": .media,
        "itunes.com/dtds/podcast-1.0.dtd": .itunes,
        "purl.org/rss/1.0/modules/syndication": .syndication, "w3.org/1999/xhtml": .xhtml,
        "google.com/schemas/sitemap-news/0.9": .news,
        "w3.org/1999/02/22-rdf-syntax-ns": .rdf,
        "schemas.xmlsoap.org/soap/envelope": .soap, "w3.org/2003/05/soap-envelope": .soap,
    ]

    private static let byPrefix: [String: Namespace] = [
        "": .plain, "atom": .plain, "atom10": .plain, "a10": .plain, "rss": .plain,
        "dc": .dc, "dcterms": .dcTerms, "content": .content, "media": .media,
        "itunes": .itunes, "sy": .syndication, "xhtml": .xhtml, "news": .news, "rdf": .rdf,
        "soap": .soap, "soapenv": .soap,
    ]

    private static func meaning(of name: String, in namespace: Namespace) -> FeedElement {
        switch namespace {
        case .plain: plain[name] ?? .other
        case .dc: dublinCore[name] ?? .other
        case .dcTerms: dublinCoreTerms[name] ?? dublinCore[name] ?? .other
        case .content: name == "encoded" ? .contentEncoded : .other
        case .media: media[name] ?? .other
        case .itunes: itunes[name] ?? .other
        case .syndication: syndication[name] ?? .other
        case .xhtml: name == "body" ? .xhtmlBody : plain[name].flatMap(htmlOnly) ?? .other
        case .news: news[name] ?? .other
        case .rdf: name == "rdf" ? .rdf : .other
        case .soap: name == "envelope" ? .soap : .other
        case .other: .other
        }
    }

    private static func htmlOnly(_ element: FeedElement) -> FeedElement? {
        element == .htmlPage || element == .htmlInline ? element : nil
    }

    private static let plain: [String: FeedElement] = {
        var names: [String: FeedElement] = [
            "rss": .rss, "rdf": .rdf, "feed": .feed, "channel": .channel, "item": .item,
            "entry": .entry, "urlset": .urlset, "url": .url, "opml": .opml,
            "sitemapindex": .sitemapIndex, "envelope": .soap, "source": .source, "image": .image,
            "textinput": .textInput, "author": .author, "contributor": .contributor,
            "title": .title, "link": .link, "guid": .guid, "id": .id, "loc": .loc,
            "description": .description, "subtitle": .subtitle, "tagline": .subtitle,
            "summary": .summary, "abstract": .summary, "content": .content, "body": .xhtmlBody,
            "encoded": .contentEncoded, "fulltext": .contentEncoded,
            "fullitem": .contentEncoded, "published": .published,
            "pubdate": .pubDate, "issued": .issued, "created": .created, "date": .dcDate,
            "updated": .updated, "modified": .modified, "lastbuilddate": .lastBuildDate,
            "lastmod": .lastmod, "creator": .dcCreator, "managingeditor": .author,
            "name": .name, "email": .email, "category": .category, "enclosure": .enclosure,
            "language": .language, "ttl": .ttl, "html": .htmlPage, "head": .htmlPage,
        ]
        let inline =
            "a b i p br hr em div img font span strong center table tr td th tbody pre code "
            + "script style noscript ul ol li h1 h2 h3 h4 small u tt meta"
        for name in inline.split(separator: " ") { names[String(name)] = .htmlInline }
        return names
    }()

    private static let dublinCore: [String: FeedElement] = [
        "title": .dcTitle, "description": .dcDescription, "date": .dcDate, "creator": .dcCreator,
        "author": .dcCreator, "subject": .dcSubject, "language": .dcLanguage,
    ]
    private static let dublinCoreTerms: [String: FeedElement] = [
        "issued": .issued, "created": .created, "modified": .modified, "abstract": .dcDescription,
        "available": .issued,
    ]
    private static let media: [String: FeedElement] = [
        "group": .mediaGroup, "content": .mediaContent, "title": .mediaTitle,
        "description": .mediaDescription, "category": .category,
    ]
    private static let itunes: [String: FeedElement] = [
        "author": .itunesAuthor, "title": .itunesTitle, "summary": .itunesSummary,
        "subtitle": .itunesSubtitle, "category": .itunesCategory,
    ]
    private static let syndication: [String: FeedElement] = [
        "updateperiod": .updatePeriod, "updatefrequency": .updateFrequency,
    ]
    private static let news: [String: FeedElement] = [
        "news": .newsGroup, "publication": .newsGroup, "title": .title,
        "publication_date": .newsDate, "language": .newsLanguage,
    ]
}
