internal import Markup
internal import News

/// What is known so far of the feed as such, and no entry has.
struct FeedChannel {
    var links = FeedLinks()
    /// RSS `ttl`, in minutes.
    var ttl: Int?
    /// The syndication module's period in minutes, and how often in it.
    var updatePeriod: Int?
    var updateFrequency: Int?
    var skippedHours: Set<Int> = []
    var skippedDays: Set<Int> = []

    /// A minute to four weeks is believable.
    private static let minutesBelievable = 1...40_320

    var hints: PublisherHints {
        var minutes = ttl
        if minutes == nil, let updatePeriod {
            minutes = updatePeriod / max(1, updateFrequency ?? 1)
        }
        if let written = minutes, !(Self.minutesBelievable ~= written) { minutes = nil }
        // A feed that skips every hour or every day says nothing.
        return PublisherHints(
            updateInterval: minutes.map { .seconds($0 * 60) },
            skipHours: skippedHours.count < 24 ? skippedHours : [],
            skipDays: skippedDays.count < 7 ? skippedDays : [])
    }

    /// Takes the text of one of these fields.
    mutating func take(_ text: String, as element: FeedElement) {
        switch element {
        case .ttl: ttl = ttl ?? Int(text)
        case .updatePeriod: updatePeriod = Self.minutes[text.lowercased()]
        case .updateFrequency: updateFrequency = Int(text)
        // RSS 0.91 counts the hours from 1 to 24, RSS 2.0 from 0 to 23.
        case .hour: if let hour = Int(text), 0...24 ~= hour { skippedHours.insert(hour % 24) }
        case .day:
            if let index = Self.days.firstIndex(of: String(text.lowercased().prefix(3))) {
                skippedDays.insert(index + 1)
            }
        default: break
        }
    }

    private static let minutes = [
        "hourly": 60, "daily": 1440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600,
    ]

    private static let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
}

/// The numbers that a document gives to the attributes that mean something here.
struct FeedAttributeNames: Sendable {
    let base, language, version, about, type, mode, isPermaLink, href, relation, term, text, label,
        source, url, length, fileSize, role, duration, resource, reference,
        count, lastModified: XMLNameID

    init(_ tables: inout XMLNameTables) {
        base = tables.number(of: "xml:base")
        language = tables.number(of: "xml:lang")
        version = tables.number(of: "version")
        about = tables.number(of: "rdf:about")
        type = tables.number(of: "type")
        mode = tables.number(of: "mode")
        isPermaLink = tables.number(of: "ispermalink")
        href = tables.number(of: "href")
        relation = tables.number(of: "rel")
        term = tables.number(of: "term")
        text = tables.number(of: "text")
        label = tables.number(of: "label")
        source = tables.number(of: "src")
        url = tables.number(of: "url")
        length = tables.number(of: "length")
        fileSize = tables.number(of: "filesize")
        role = tables.number(of: "role")
        duration = tables.number(of: "duration")
        resource = tables.number(of: "rdf:resource")
        reference = tables.number(of: "ref")
        count = tables.number(of: "thr:count")
        lastModified = tables.number(of: "lastmod")
    }
}
