/// A configured address that is polled, as the user wants it polled.
package struct Feed: Hashable, Sendable {
    /// Its name everywhere: in the store, on the socket, on the command line.
    package var id: FeedID
    package var url: HTTPURL
    /// What to call it for people; the feed document's own title when nil.
    package var title: String?
    /// The time between two polls until the feed's answers teach a better one.
    package var interval: Duration
    /// The bounds of what they may teach; nil for those of the schedule.
    package var intervalMin: Duration?
    package var intervalMax: Duration?
    /// Free words to group feeds by (an OPML outline's folders).
    package var labels: [String]
    /// Whether an entry's page is fetched, or the feed's own text is all that is wanted.
    package var fetchesPages: Bool
    /// Entries older than this at first sight are noted as known, not fetched; nil takes all.
    package var entryAgeMax: Duration?
    /// New entries that are taken up in a UTC day; nil for the general limit.
    package var entriesPerDayMax: Int?
    /// For the feed's own origin alone.
    package var credentials: Credentials?

    package init(
        id: FeedID, url: HTTPURL, title: String? = nil, interval: Duration = .seconds(1800),
        intervalMin: Duration? = nil, intervalMax: Duration? = nil,
        labels: [String] = [], fetchesPages: Bool = true, entryAgeMax: Duration? = nil,
        entriesPerDayMax: Int? = nil, credentials: Credentials? = nil
    ) {
        self.entriesPerDayMax = entriesPerDayMax
        self.id = id
        self.url = url
        self.title = title
        self.interval = interval
        self.intervalMin = intervalMin
        self.intervalMax = intervalMax
        self.labels = labels
        self.fetchesPages = fetchesPages
        self.entryAgeMax = entryAgeMax
        self.credentials = credentials
    }
}

/// What lets the next request be conditional (RFC 9110, section 13).
package struct Validators: Hashable, Sendable, Codable {
    /// The field value of `ETag`, as sent, quotes and all.
    package var etag: String?
    /// The field value of `Last-Modified`, as sent.
    package var lastModified: String?

    package init(etag: String? = nil, lastModified: String? = nil) {
        self.etag = etag
        self.lastModified = lastModified
    }

    package var isEmpty: Bool { etag == nil && lastModified == nil }
}
