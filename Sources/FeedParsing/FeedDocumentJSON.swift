package import News

/// What became of a body, for people and for measures: one JSON object with `ok`, then either
/// `error` or `format`, `feed`, `entries` and `damage`. Times are RFC 3339 in UTC.
package struct FeedInspection: Encodable {
    private let result: Result<FeedDocument, FeedError>

    package init(_ result: Result<FeedDocument, FeedError>) { self.result = result }

    private enum Name: String, CodingKey { case ok, error, format, feed, entries, damage }
    private enum FeedName: String, CodingKey {
        case title, link, id, language, description, updated
        case updateInterval = "update_interval_seconds"
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Name.self)
        switch result {
        case .failure(let error):
            try container.encode(false, forKey: .ok)
            try container.encode(error.description, forKey: .error)
        case .success(let document):
            try container.encode(true, forKey: .ok)
            try container.encode(document.format, forKey: .format)
            var feed = container.nestedContainer(keyedBy: FeedName.self, forKey: .feed)
            try feed.encodeIfPresent(document.title, forKey: .title)
            try feed.encodeIfPresent(document.link, forKey: .link)
            try feed.encodeIfPresent(document.id, forKey: .id)
            try feed.encodeIfPresent(document.language, forKey: .language)
            try feed.encodeIfPresent(document.description, forKey: .description)
            try feed.encodeIfPresent(document.updated, forKey: .updated)
            try feed.encodeIfPresent(
                document.updateInterval.map { $0.milliseconds / 1000 }, forKey: .updateInterval)
            try container.encode(document.entries, forKey: .entries)
            try container.encode(document.damage, forKey: .damage)
        }
    }
}
