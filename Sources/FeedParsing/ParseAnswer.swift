package import News

/// What a polled address can answer with and lead to entries all the same.
package enum FeedAnswer: Hashable, Sendable {
    case document(FeedDocument)
    /// An index of sitemaps: the entries are in its parts.
    case sitemaps(SitemapIndex)
    /// A page that names feeds, the best first; never empty.
    case page([FeedCandidate])
}

/// Reads the answer of a polled address: a feed document as `parseFeed` does, an index of sitemaps,
/// or the feeds that an HTML page names.
///
/// - Throws: What the body is instead, in a sentence.
///
/// Cost: linear in the body.
package func parseAnswer(
    _ body: [UInt8], from url: HTTPURL?, declared contentType: String?,
    limits: FeedLimits = FeedLimits(), discovery: DiscoveryLimits = DiscoveryLimits()
) throws(FeedError) -> FeedAnswer {
    do throws(FeedError) {
        return .document(
            try parseFeed(body, from: url, declared: contentType, limits: limits))
    } catch {
        switch error {
        case .notAFeed(.sitemapIndex):
            return .sitemaps(
                try parseSitemapIndex(body, from: url, declared: contentType, limits: limits))
        case .notAFeed(.htmlPage), .notAFeed(.xml):
            // A page may leave out the tags of `html` and `head`: then its root is a `link`.
            let page = try OpenedBody(body, limits: limits)
            let candidates = discoverFeeds(
                in: page.bytes, from: url, declared: contentType, limits: discovery)
            if candidates.isEmpty, error != .notAFeed(.htmlPage) { throw error }
            if candidates.isEmpty { throw .pageWithoutFeeds }
            return .page(candidates)
        default: throw error
        }
    }
}
