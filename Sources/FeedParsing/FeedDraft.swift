internal import News

/// A value and how good the element is that gave it: several elements of a feed say the same thing,
/// and the better one is believed wherever it stands. 0 is best; of equals the first is kept.
struct Ranked<Value> {
    private(set) var value: Value?
    private var rank = UInt8.max

    /// Whether a value of that rank would be taken.
    func wants(_ rank: UInt8) -> Bool { rank < self.rank }

    mutating func offer(_ value: Value?, rank: UInt8) {
        guard let value, wants(rank) else { return }
        self.value = value
        self.rank = rank
    }
}

/// What is known so far of an entry, or of the feed itself.
struct FeedDraft {
    var id = Ranked<String>()
    var title = Ranked<String>()
    var link = Ranked<String>()
    var published = Ranked<Instant>()
    var updated = Ranked<Instant>()
    var summary = Ranked<String>()
    var content = Ranked<String>()
    var language = Ranked<String>()
    /// By the rank of their elements; only the best rank that has any is kept.
    var authors: [(name: String, rank: UInt8)] = []
    var categories: [String] = []
    var enclosures: [Enclosure] = []
    /// RSS `ttl`, in minutes.
    var ttl: Int?
    /// The syndication module's period in minutes, and how often in it.
    var updatePeriod: Int?
    var updateFrequency: Int?

    mutating func addAuthor(_ name: String?, rank: UInt8, limits: FeedLimits) {
        guard let name, !name.isEmpty, authors.count < limits.valuesMax,
            !authors.contains(where: { $0.name == name })
        else { return }
        authors.append((name, rank))
    }

    mutating func addCategory(_ name: String, limits: FeedLimits) {
        guard !name.isEmpty, categories.count < limits.valuesMax, !categories.contains(name) else {
            return
        }
        categories.append(name)
    }

    mutating func addEnclosure(_ enclosure: Enclosure, limits: FeedLimits) {
        guard !enclosure.url.isEmpty, enclosures.count < limits.valuesMax else { return }
        if let index = enclosures.firstIndex(where: { $0.url == enclosure.url }) {
            enclosures[index].type = enclosures[index].type ?? enclosure.type
            enclosures[index].length = enclosures[index].length ?? enclosure.length
        } else {
            enclosures.append(enclosure)
        }
    }

    var authorNames: [String] {
        let best = authors.map(\.rank).min()
        return authors.filter { $0.rank == best }.map(\.name)
    }

    var entry: Entry {
        Entry(
            id: id.value, title: title.value, link: link.value, published: published.value,
            updated: updated.value, authors: authorNames, summary: summary.value,
            content: content.value, categories: categories, enclosures: enclosures,
            language: language.value)
    }

    /// How often the publisher says that it changes. A minute to four weeks is believable.
    var updateInterval: Duration? {
        var minutes = ttl
        if minutes == nil, let updatePeriod {
            minutes = updatePeriod / max(1, updateFrequency ?? 1)
        }
        guard let minutes, 1...40_320 ~= minutes else { return nil }
        return .seconds(minutes * 60)
    }
}
