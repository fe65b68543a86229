internal import Markup

/// What an element means, whatever dialect it comes from.
enum FeedElement: UInt8 {
    case other
    /// HTML that servers put before a document by mistake, or instead of one.
    case htmlPage, htmlInline
    // Roots and containers.
    case rss, rdf, feed, channel, item, entry, urlset, url
    case opml, sitemapIndex, soap
    case source, image, textInput, contributor, skipHours, skipDays
    /// Elements whose children belong to the entry around them.
    case mediaGroup, mediaContent, newsGroup, imageGroup
    // Fields.
    case title, dcTitle, mediaTitle, itunesTitle
    case link, guid, id, loc, comments, commentFeed
    case description, subtitle, dcDescription, mediaDescription, itunesSummary, itunesSubtitle
    case summary, content, contentEncoded, xhtmlBody
    case published, pubDate, issued, created, dcDate, newsDate
    case updated, modified, lastBuildDate, lastmod
    case author, dcCreator, itunesAuthor, name, email
    case category, dcSubject, itunesCategory, keywords
    case enclosure, enclosureAddress, thumbnail, credit, duration, itunesImage, imageAddress, logo,
        icon
    case language, dcLanguage, newsLanguage
    case rights, license, mediaCopyright
    case commentCount, inReplyTo
    case ttl, updatePeriod, updateFrequency, hour, day
    case archiveMark, completeMark
}

/// Finds the meaning of a name by its namespace; by its prefix where the namespace is not declared
/// or unknown. The answer is remembered by the tokenizer's number of the name.
struct FeedVocabulary: Sendable {
    private var known: [(namespace: XMLNameID, element: FeedElement)?] = []
    /// By the tokenizer's number of the namespace.
    private var namespaces: [FeedNamespace?] = []

    /// The meaning of a name in a namespace, when it was met before.
    func known(_ name: XMLNameID, in namespace: XMLNameID) -> FeedElement? {
        guard name.index < known.count, let (seen, element) = known[name.index],
            seen == namespace
        else { return nil }
        return element
    }

    /// The meaning of the tokenizer's current start tag, met for the first time.
    mutating func learn(_ tokenizer: borrowing XMLTokenizer) -> FeedElement {
        let name = tokenizer.name
        let meaning = namespace(of: tokenizer)
        let element = meaning.names.find(tokenizer.bytes(of: tokenizer.local(of: name))) ?? .other
        guard name != .other else { return element }
        while known.count <= name.index { known.append(nil) }
        known[name.index] = (tokenizer.namespace, element)
        return element
    }

    private mutating func namespace(of tokenizer: borrowing XMLTokenizer) -> FeedNamespace {
        let number = tokenizer.namespace
        while namespaces.count <= number.index { namespaces.append(nil) }
        if let found = namespaces[number.index] { return found }
        if let found = FeedNamespace(address: tokenizer.bytes(ofNamespace: number)) {
            namespaces[number.index] = found
            return found
        }
        return FeedNamespace(prefix: tokenizer.prefixBytes(of: tokenizer.name))
    }
}
