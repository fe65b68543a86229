import FeedParsing
import News

/// Reads XML that stands in a test.
func parse(
    _ text: String, from url: String? = nil, limits: FeedLimits = FeedLimits()
) throws(FeedError) -> FeedDocument {
    try parseFeed(
        Array(text.utf8), from: url.flatMap { HTTPURL($0) }, declared: nil, limits: limits)
}

/// An RSS 2.0 document around items.
func rss(_ items: String, channel: String = "") -> String {
    """
    <?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" \
    xmlns:content="http://purl.org/rss/1.0/modules/content/" \
    xmlns:media="http://search.yahoo.com/mrss/" \
    xmlns:atom="http://www.w3.org/2005/Atom" \
    xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel>\(channel)\(items)\
    </channel></rss>
    """
}

/// An Atom 1.0 document around entries.
func atom(_ entries: String, attributes: String = "") -> String {
    "<feed xmlns=\"http://www.w3.org/2005/Atom\" \(attributes)>\(entries)</feed>"
}
