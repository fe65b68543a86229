/// How entries that wait for their pages stand in a feed's state: what is empty is left out, and
/// what an older version did not know may be missing.

extension FeedText: Codable {
    private enum Name: String, CodingKey { case written, form, base }

    package init(from decoder: any Decoder) throws {
        if let written = try? decoder.singleValueContainer().decode(String.self) {
            self.init(written, form: .html)
            return
        }
        let container = try decoder.container(keyedBy: Name.self)
        self.init(
            try container.decode(String.self, forKey: .written),
            form: try container.decode(Form.self, forKey: .form),
            base: try container.decodeIfPresent(HTTPURL.self, forKey: .base))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Name.self)
        try container.encode(written, forKey: .written)
        try container.encode(form, forKey: .form)
        try container.encodeIfPresent(base, forKey: .base)
    }
}

extension Entry: Codable {
    private enum Name: String, CodingKey {
        case id, title, link, published, updated, authors, summary, content, categories
        case enclosures, language, images, credits, duration, discussion, rights, licenses, source
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Name.self)
        func value<Value: Decodable>(_ name: Name) throws -> Value? {
            try container.decodeIfPresent(Value.self, forKey: name)
        }
        self.init(
            id: try value(.id), title: try value(.title), link: try value(.link),
            published: try value(.published), updated: try value(.updated),
            authors: try value(.authors) ?? [], summary: try value(.summary),
            content: try value(.content), categories: try value(.categories) ?? [],
            enclosures: try value(.enclosures) ?? [], language: try value(.language))
        var details = EntryDetails()
        details.images = try value(.images) ?? []
        details.credits = try value(.credits) ?? []
        let seconds: Int64? = try value(.duration)
        details.duration = seconds.map { .seconds($0) }
        details.discussion = try value(.discussion) ?? Discussion()
        details.rights = try value(.rights)
        details.licenses = try value(.licenses) ?? []
        details.source = try value(.source)
        self.details = details
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Name.self)
        func add<Value: Encodable>(_ value: Value?, _ name: Name) throws {
            try container.encodeIfPresent(value, forKey: name)
        }
        func add<Value: Encodable>(_ values: [Value], _ name: Name) throws {
            if !values.isEmpty { try container.encode(values, forKey: name) }
        }
        try add(id, .id)
        try add(title, .title)
        try add(link, .link)
        try add(published, .published)
        try add(updated, .updated)
        try add(authors, .authors)
        try add(summary, .summary)
        try add(content, .content)
        try add(categories, .categories)
        try add(enclosures, .enclosures)
        try add(language, .language)
        let details = details
        try add(details.images, .images)
        try add(details.credits, .credits)
        try add(details.duration?.components.seconds, .duration)
        if details.discussion != Discussion() { try add(details.discussion, .discussion) }
        try add(details.rights, .rights)
        try add(details.licenses, .licenses)
        try add(details.source, .source)
    }
}

extension Discussion: Codable {
    private enum Name: String, CodingKey {
        case page, feed, count
        case inReplyTo = "in_reply_to"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Name.self)
        self.init()
        page = try container.decodeIfPresent(String.self, forKey: .page)
        feed = try container.decodeIfPresent(String.self, forKey: .feed)
        count = try container.decodeIfPresent(Int.self, forKey: .count)
        inReplyTo = try container.decodeIfPresent([String].self, forKey: .inReplyTo) ?? []
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Name.self)
        try container.encodeIfPresent(page, forKey: .page)
        try container.encodeIfPresent(feed, forKey: .feed)
        try container.encodeIfPresent(count, forKey: .count)
        if !inReplyTo.isEmpty { try container.encode(inReplyTo, forKey: .inReplyTo) }
    }
}

extension Enclosure: Codable {
    private enum Name: String, CodingKey { case url, type, length, duration }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Name.self)
        self.init(
            url: try container.decode(String.self, forKey: .url),
            type: try container.decodeIfPresent(String.self, forKey: .type),
            length: try container.decodeIfPresent(Int.self, forKey: .length),
            duration: try container.decodeIfPresent(Int64.self, forKey: .duration)
                .map { .seconds($0) })
    }

    /// Times in whole seconds.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Name.self)
        try container.encode(url, forKey: .url)
        try container.encodeIfPresent(type, forKey: .type)
        try container.encodeIfPresent(length, forKey: .length)
        try container.encodeIfPresent(duration?.components.seconds, forKey: .duration)
    }
}
