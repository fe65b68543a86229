/// Which words became an article's text, its page's or its feed's, and what decided that.
package struct TextChoice: Hashable, Sendable, Codable {
    /// Why, as it is spelt in JSON.
    package enum Reason: String, Sendable, Codable {
        /// The feed is set to be read alone.
        case feedOnly = "feed-only"
        /// The page could not be had.
        case pageUnread = "page-unread"
        /// The page is no article: a wall, a list, an empty shell.
        case pageIsOther = "page-is-other"
        /// The feed has next to no text of its own.
        case pageOnly = "page-only"
        /// The page has all that the feed has, or more.
        case pageFuller = "page-fuller"
        /// The feed's text ends in the middle.
        case feedCut = "feed-cut"
        /// The page has clearly less than the feed.
        case feedFuller = "feed-fuller"
        /// The page's words are not the feed's: something beside the article was read.
        case pageSaysOther = "page-says-other"
    }

    package var reason: Reason
    /// What the page is; nil when none was read.
    package var page: PageKind?
    /// UTF-8 bytes of text; nil when there was none to count.
    package var pageBytes: Int?
    package var feedBytes: Int?
    /// The share of the feed's wording that the page has, 0…1, in hundredths; nil when nobody
    /// compared.
    package var shared: Double?
    /// Blocks of the page that were left out because many pages of its host have them.
    package var recurring: Int?

    package init(
        _ reason: Reason, page: PageKind? = nil, pageBytes: Int? = nil, feedBytes: Int? = nil,
        shared: Double? = nil
    ) {
        self.reason = reason
        self.page = page
        self.pageBytes = pageBytes
        self.feedBytes = feedBytes
        self.shared = shared.map { ($0 * 100).rounded() / 100 }
    }

    enum CodingKeys: String, CodingKey {
        case reason, page, shared, recurring
        case pageBytes = "page_bytes"
        case feedBytes = "feed_bytes"
    }
}
