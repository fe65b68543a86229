import Deduplication
import News

/// A small newsroom: decides, keeps and learns as the daemon does.
struct Desk {
    var index: DuplicateIndex
    var held: [ArticleID: Article] = [:]
    var earlier: [ArticleID: [Article]] = [:]
    let options: DecisionOptions

    init(options: DecisionOptions = DecisionOptions()) {
        self.options = options
        index = DuplicateIndex(options: options)
    }

    /// A desk that took this text already, with the article that it became.
    static func holding(
        _ text: String, at address: String = "https://un.test/a",
        options: DecisionOptions = DecisionOptions()
    ) -> (desk: Desk, article: Article) {
        var desk = Desk(options: options)
        let article = article(text, at: address)
        desk.take(article)
        return (desk, article)
    }

    func verdict(on article: Article) -> Verdict {
        index.verdict(
            on: article, Fingerprint(of: article, options: options),
            earlier: { earlier[$0] ?? [] }, text: { held[$0] })
    }

    /// Decides and commits.
    @discardableResult
    mutating func take(_ article: Article) -> Verdict {
        let verdict = verdict(on: article)
        let record = record(article, verdict)
        if let kept = record.articleAndVerdict?.article {
            if let last = held.updateValue(kept, forKey: kept.id) {
                earlier[kept.id, default: []].insert(last, at: 0)
            }
        }
        index.insert(record, fingerprint: nil)
        return verdict
    }

    func record(_ article: Article, _ verdict: Verdict) -> Record {
        let seq = index.lastSeq + 1
        switch verdict.kind {
        case .duplicate:
            let sighting = Sighting(of: article, verdict: verdict)
            return Record(seq: seq, stored: article.seen, body: .sighting(sighting))
        case .revision:
            var revised = article
            revised.id = verdict.of?.id ?? article.id
            return Record(seq: seq, stored: article.seen, body: .revision(revised, verdict))
        case .new, .nearDuplicate, .excerpt:
            return Record(seq: seq, stored: article.seen, body: .article(article, verdict))
        }
    }
}

/// Noon of a day in March 2026, some hours on.
func march(_ day: Int, hours: Int = 0) -> Instant {
    let noon = Instant(year: 2026, month: 3, day: day, hour: 12) ?? .distantPast
    return noon.adding(.seconds(hours * 3600))
}

func article(
    _ text: String, title: String = "", at address: String, seen: Instant = march(1),
    source: TextSource = .page, entry: String? = nil
) -> Article {
    let url = HTTPURL(address)
    let canonical = url.map { canonicalise($0) }
    var aliases = canonical.map { [Alias(of: $0)] } ?? []
    if let entry { aliases.append(Alias(Digest(kind: "entry", entry))) }
    return Article(
        id: ArticleID(Digest(kind: "article-url", canonical?.text ?? address)),
        origin: .stream(id: address), url: url, canonicalURL: canonical, title: title, text: text,
        seen: seen, textSource: source, aliases: aliases, contentHash: FoldedText(text).digest)
}

func passage(_ range: TextRange, of text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    return String(String.UnicodeScalarView(scalars[range.start..<range.end]))
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers for the same seed, everywhere.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
