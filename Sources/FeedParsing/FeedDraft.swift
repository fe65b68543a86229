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

extension Ranked<String> {
    /// Takes text that says something.
    mutating func offer(text: String, rank: UInt8) {
        if !text.isEmpty { offer(text, rank: rank) }
    }
}

/// What is known so far of an entry, or of the feed itself.
struct FeedDraft {
    var id = Ranked<String>()
    var title = Ranked<String>()
    var link = Ranked<String>()
    var published = Ranked<Instant>()
    var updated = Ranked<Instant>()
    var summary = Ranked<FeedText>()
    var content = Ranked<FeedText>()
    var language = Ranked<String>()
    var rights = Ranked<String>()
    /// By the rank of their elements; only the best rank that has any is kept.
    var authors: [(name: String, rank: UInt8)] = []
    var categories: [String] = []
    var enclosures: [Enclosure] = []
    /// The picture that stands for the feed.
    var image = Ranked<String>()
    /// All but its `rights`.
    var details = EntryDetails()

    mutating func addAuthor(_ name: String, rank: UInt8, limits: FeedLimits) {
        guard !name.isEmpty, authors.count < limits.valuesMax,
            !authors.contains(where: { $0.name == name })
        else { return }
        authors.append((name, rank))
    }

    /// Adds a value to a list that holds each value once.
    static func add(_ value: String, to list: inout [String], limits: FeedLimits) {
        guard !value.isEmpty, list.count < limits.valuesMax, !list.contains(value) else { return }
        list.append(value)
    }

    mutating func addEnclosure(_ enclosure: Enclosure, limits: FeedLimits) {
        guard !enclosure.url.isEmpty, enclosures.count < limits.valuesMax else { return }
        if let index = enclosures.firstIndex(where: { $0.url == enclosure.url }) {
            enclosures[index].type = enclosures[index].type ?? enclosure.type
            enclosures[index].length = enclosures[index].length ?? enclosure.length
            enclosures[index].duration = enclosures[index].duration ?? enclosure.duration
        } else {
            enclosures.append(enclosure)
        }
    }

    var authorNames: [String] {
        guard let first = authors.first else { return [] }
        if authors.count == 1 { return [first.name] }
        let best = authors.reduce(first.rank) { min($0, $1.rank) }
        return authors.filter { $0.rank == best }.map(\.name)
    }

    /// What is known, as an entry.
    consuming func entry() -> Entry {
        // An id that is the address is kept once.
        let address = link.value == id.value ? id.value : link.value
        var entry = Entry(
            id: id.value, title: title.value, link: address, published: published.value,
            updated: updated.value, authors: authorNames, summary: summary.value,
            content: content.value, categories: categories, enclosures: enclosures,
            language: language.value)
        details.rights = rights.value
        entry.details = details
        return entry
    }
}
