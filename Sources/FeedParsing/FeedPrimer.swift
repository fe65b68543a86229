internal import Markup

/// What is known before a document is read: the names that most feeds use, learnt once from a
/// document that has them, so that they need not be looked up again for each.
struct FeedPrimer: Sendable {
    let tables: XMLNameTables
    let attributes: FeedAttributeNames
    let vocabulary: FeedVocabulary

    static let shared = FeedPrimer()

    private init() {
        var tables = XMLNameTables()
        attributes = FeedAttributeNames(&tables)
        let text = decodeText(Array(Self.document.utf8), contentType: nil, family: .xml)
        var tokenizer = XMLTokenizer(text, tables: tables)
        var vocabulary = FeedVocabulary()
        reading: while true {
            switch tokenizer.next() {
            case .startTag: _ = vocabulary.learn(tokenizer)
            case .endTag, .text, .literalText: break
            case .end: break reading
            }
        }
        self.tables = tokenizer.tables
        self.vocabulary = vocabulary
    }

    private static let document = """
        <all><rss version=""><channel><title/><link/><description/><language/><pubDate/><ttl/>
        <lastBuildDate/><generator/><docs/><image><url/></image><copyright/><managingEditor/>
        <item><title/><link/><guid isPermaLink=""/><pubDate/><description/><author/><category/>
        <comments/><enclosure url="" type="" length=""/><source/></item></channel></rss>
        <all xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"
        xmlns:content="http://purl.org/rss/1.0/modules/content/"
        xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"
        xmlns:slash="http://purl.org/rss/1.0/modules/slash/"
        xmlns:wfw="http://wellformedweb.org/CommentAPI/"
        xmlns:media="http://search.yahoo.com/mrss/"
        xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">
        <atom:link href="" rel="" type="" title=""/><dc:creator/><dc:date/><dc:subject/>
        <dc:language/><content:encoded/><sy:updatePeriod/><sy:updateFrequency/><slash:comments/>
        <wfw:commentRss/><media:group/><media:content url="" medium="" width="" height=""/>
        <media:thumbnail/><media:title/><media:description/><media:credit role="" scheme=""/>
        <itunes:author/><itunes:summary/><itunes:subtitle/><itunes:duration/><itunes:image/>
        <itunes:explicit/><itunes:keywords/><itunes:episodeType/></all>
        <feed xmlns="http://www.w3.org/2005/Atom" xml:lang="" xml:base=""><title/><subtitle/>
        <id/><link/><updated/><generator/><logo/><icon/><rights/><author><name/><uri/><email/>
        </author><entry><id/><title/><link/><published/><updated/><summary/><content/>
        <category term="" label=""/></entry></feed></all>
        """
}
