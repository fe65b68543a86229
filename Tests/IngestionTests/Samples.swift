import Deduplication
import Ingestion
import News
import TestSupport
import Testing

/// Invented articles, entries and feeds, numbered.
enum Samples {
    static let noon = Instant(millisecondsSince1970: 1_795_348_800_000)

    private static let things = [
        "harbour", "bridge", "orchard", "library", "tramway", "glacier", "market", "lighthouse",
        "quarry", "theatre", "vineyard", "railway", "hospital", "forest", "stadium", "museum",
        "reservoir", "bakery", "chapel", "airfield", "canal", "observatory", "school", "foundry",
    ]
    private static let places = [
        "Valmorey", "Quilmar", "Tarapel", "Hazgar", "Ostrevan", "Corbigny", "Kestrel Ridge",
        "Halden", "Rocamat", "Selwick", "Dunmarrow", "Abbotsferry", "Lindqvist", "Marchand",
    ]
    private static let deeds = [
        "reopened", "closed", "flooded", "surprised", "replaced", "welcomed", "inspected",
        "repainted", "neglected", "surrounded", "financed", "abandoned", "measured", "celebrated",
    ]
    private static let kinds = [
        "old", "narrow", "crowded", "silent", "expensive", "wooden", "northern", "unfinished",
        "famous", "forgotten", "municipal", "private", "coastal", "frozen", "green", "modern",
    ]

    /// Paragraphs of prose, the same for the same number and otherwise of other words.
    static func paragraphs(_ number: Int, count: Int = 4) -> [String] {
        var random = SeededGenerator(seed: UInt64(number) &* 7919 &+ 17)
        func pick(_ words: [String]) -> String { words.randomElement(using: &random) ?? "" }
        return (0..<count).map { _ in
            (0..<4).map { _ in
                """
                The \(pick(kinds)) \(pick(things)) of \(pick(places)) \(pick(deeds)) many \
                \(pick(kinds)) visitors, while the \(pick(things)) at \(pick(places)) \
                \(pick(deeds)) its \(pick(kinds)) \(pick(things)).
                """
            }.joined(separator: " ")
        }
    }

    static func title(_ number: Int) -> String {
        var random = SeededGenerator(seed: UInt64(number) &+ 99)
        let words = [kinds, things, places, deeds].map { $0.randomElement(using: &random) ?? "" }
        return "\(words.joined(separator: " ")) in case \(number)"
    }

    static func feedID(_ name: String = "paper") throws -> FeedID { try #require(FeedID(name)) }

    static func entry(
        _ number: Int, id: String? = nil, link: String? = nil, change: String = ""
    ) -> Entry {
        Entry(
            id: id ?? "urn:\(number)", title: title(number) + change,
            link: link ?? "https://news.example/a/\(number)",
            summary: FeedText("About case \(number).", form: .html))
    }

    /// What the pipeline makes of an entry whose page has that text.
    static func candidate(
        _ number: Int, entry: Entry? = nil, feed: String = "paper", text: [String]? = nil
    ) throws -> Candidate {
        let entry = entry ?? Samples.entry(number)
        let url = entry.link.flatMap { HTTPURL($0) }
        let aliases =
            [
                EntryName(of: entry, in: try feedID(feed)).alias,
                url.map { Alias(of: canonicalise($0)) },
            ]
        return Candidate(
            origin: .feed(try feedID(feed)), url: url, title: entry.title,
            blocks: (text ?? paragraphs(number)).map { Block(.paragraph, $0) }, language: "en",
            seen: noon, fetched: noon, textSource: .page, aliases: aliases.compactMap { $0 },
            entryDigest: entry.digest)
    }

    static func article(
        _ number: Int, entry: Entry? = nil, feed: String = "paper", text: [String]? = nil,
        decisions: DecisionOptions = DecisionOptions()
    ) throws -> Submission {
        let article = try normalise(try candidate(number, entry: entry, feed: feed, text: text))
        return .article(article, Fingerprint(of: article, options: decisions))
    }

    static func rejection(_ number: Int, reason: Rejection = .tooOld) throws -> Submission {
        let candidate = try candidate(number)
        return .rejection(
            RejectedEntry(
                feed: try feedID(), url: candidate.url?.description, title: title(number),
                published: nil, seen: noon, aliases: candidate.aliases,
                entryDigest: candidate.entryDigest, reason: reason))
    }
}
