/// A feed that a page names, or seems to name.
package struct FeedCandidate: Hashable, Sendable, Codable {
    /// How surely it is the feed that somebody wants who gives the page's address.
    package enum Rank: String, Sendable, Codable, CaseIterable, Comparable {
        /// Named as a feed, with a feed's media type.
        case feed
        /// Named as another form of the page, in XML or JSON, or by its address alone.
        case likely
        /// Only linked to in the text, by an address as feeds have them.
        case linked
        /// What readers say, not what the site does.
        case comments

        package static func < (a: Rank, b: Rank) -> Bool { a.place < b.place }
        private var place: Int {
            switch self {
            case .feed: 0
            case .likely: 1
            case .linked: 2
            case .comments: 3
            }
        }
    }

    /// Absolute, without credentials and fragment.
    package var url: HTTPURL
    /// What the page calls it: plain text.
    package var title: String?
    /// A media type, as written.
    package var type: String?
    package var rank: Rank

    package init(url: HTTPURL, title: String? = nil, type: String? = nil, rank: Rank) {
        self.url = url
        self.title = title
        self.type = type
        self.rank = rank
    }
}
