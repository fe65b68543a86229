package import News

/// What became of a body, for people and for measures: one JSON object with `ok`, then either
/// `error` or `format`, `feed`, `entries` and `damage`. Times are RFC 3339 in UTC, texts are clean
/// HTML, and what is empty is left out.
package struct FeedInspection: Encodable {
    private let result: Result<FeedDocument, FeedError>

    package init(_ result: Result<FeedDocument, FeedError>) { self.result = result }

    private enum Name: String, CodingKey { case ok, error, format, feed, entries, damage }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Name.self)
        switch result {
        case .failure(let error):
            try container.encode(false, forKey: .ok)
            try container.encode(error.description, forKey: .error)
        case .success(let document):
            try container.encode(true, forKey: .ok)
            try container.encode(document.format, forKey: .format)
            try container.encode(InspectedFeed(document: document), forKey: .feed)
            try container.encode(document.entries.map(InspectedEntry.init), forKey: .entries)
            try container.encode(document.damage, forKey: .damage)
        }
    }
}

private struct InspectedFeed: Encodable {
    let document: FeedDocument

    private enum Name: String, CodingKey {
        case title, link, id, language, description, updated, authors, image, rights, hubs
        case own = "self"
        case older, current
        case isArchive = "is_archive"
        case isComplete = "is_complete"
        case updateInterval = "update_interval_seconds"
        case skippedHours = "skip_hours"
        case skippedDays = "skip_days"
    }

    func encode(to encoder: any Encoder) throws {
        var feed = encoder.container(keyedBy: Name.self)
        try feed.encodeIfPresent(document.title, forKey: .title)
        try feed.encodeIfPresent(document.link, forKey: .link)
        try feed.encodeIfPresent(document.id, forKey: .id)
        try feed.encodeIfPresent(document.language, forKey: .language)
        try feed.encodeIfPresent(document.description?.html, forKey: .description)
        try feed.encodeIfPresent(document.updated, forKey: .updated)
        try feed.encodeIfPresent(document.authors.ifNotEmpty, forKey: .authors)
        try feed.encodeIfPresent(document.image, forKey: .image)
        try feed.encodeIfPresent(document.rights, forKey: .rights)
        let links = document.links
        try feed.encodeIfPresent(links.hubs.ifNotEmpty, forKey: .hubs)
        try feed.encodeIfPresent(links.ownAddress, forKey: .own)
        try feed.encodeIfPresent(links.older, forKey: .older)
        try feed.encodeIfPresent(links.current, forKey: .current)
        if links.isArchive { try feed.encode(true, forKey: .isArchive) }
        if links.isComplete { try feed.encode(true, forKey: .isComplete) }
        let hints = document.updateHints
        try feed.encodeIfPresent(hints.updateIntervalSeconds, forKey: .updateInterval)
        try feed.encodeIfPresent(hints.skipHours.sorted().ifNotEmpty, forKey: .skippedHours)
        try feed.encodeIfPresent(hints.skipDays.sorted().ifNotEmpty, forKey: .skippedDays)
    }
}

private struct InspectedEntry: Encodable {
    let entry: Entry

    private enum Name: String, CodingKey {
        case id, title, link, published, updated, authors, summary, content, categories
        case enclosures, language, images, credits, discussion, rights, licenses, source
        case duration = "duration_seconds"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Name.self)
        try container.encodeIfPresent(entry.id, forKey: .id)
        try container.encodeIfPresent(entry.title, forKey: .title)
        try container.encodeIfPresent(entry.link, forKey: .link)
        try container.encodeIfPresent(entry.published, forKey: .published)
        try container.encodeIfPresent(entry.updated, forKey: .updated)
        try container.encode(entry.authors, forKey: .authors)
        try container.encodeIfPresent(entry.summary?.html, forKey: .summary)
        try container.encodeIfPresent(entry.content?.html, forKey: .content)
        try container.encode(entry.categories, forKey: .categories)
        try container.encode(entry.enclosures, forKey: .enclosures)
        try container.encodeIfPresent(entry.language, forKey: .language)
        let details = entry.details
        try container.encodeIfPresent(details.images.ifNotEmpty, forKey: .images)
        try container.encodeIfPresent(details.credits.ifNotEmpty, forKey: .credits)
        try container.encodeIfPresent(
            details.duration.map { $0.milliseconds / 1000 }, forKey: .duration)
        if details.discussion != Discussion() {
            try container.encode(details.discussion, forKey: .discussion)
        }
        try container.encodeIfPresent(details.rights, forKey: .rights)
        try container.encodeIfPresent(details.licenses.ifNotEmpty, forKey: .licenses)
        try container.encodeIfPresent(details.source, forKey: .source)
    }
}

extension Array {
    fileprivate var ifNotEmpty: Self? { isEmpty ? nil : self }
}
