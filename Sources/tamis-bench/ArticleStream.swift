internal import News

/// News as they come in: own texts about running or new events, the same text again at another
/// address, and copies in which a paragraph was rewritten.
struct ArticleStream {
    private var prose = Prose(seed: Bench.seed)
    private var count = 0
    private var subjects: [Prose.Subject] = []
    private var recent: [Candidate] = []

    private static let wordsEach = 400
    /// Of a hundred articles, so many stand elsewhere word for word …
    private static let sameShare = 0.08
    /// … and so many with changes.
    private static let copyShare = 0.12
    /// Events that are written about at one time, and texts that are copied.
    private static let subjectsMax = 200
    private static let recentMax = 1000
    /// Between two articles.
    private let interval: Duration
    static let start = Instant(millisecondsSince1970: 1_767_225_600_000)

    /// 300 articles a day.
    init(interval: Duration = .seconds(288)) { self.interval = interval }

    /// The next article as it is before it is normalised.
    mutating func candidate() -> Candidate {
        let candidate = placed(copied() ?? ownText(words: Self.wordsEach))
        if recent.count < Self.recentMax {
            recent.append(candidate)
        } else {
            recent[count % Self.recentMax] = candidate
        }
        return candidate
    }

    /// An article of so many words that is no copy and is not copied.
    mutating func unique(words: Int = wordsEach) -> Candidate { placed(ownText(words: words)) }

    /// The next articles in their final form.
    mutating func articles(_ count: Int) throws -> [Article] {
        try (0..<count).map { _ in try normalise(candidate()) }
    }

    /// The next article as `normalise` would make it of what is in order already, without the cost
    /// of finding that out: for holding very many.
    mutating func plainArticle() -> Article { Self.plain(candidate()) }

    /// The same of one of so many words that is no copy.
    mutating func plainArticle(words: Int) -> Article { Self.plain(unique(words: words)) }

    private static func plain(_ candidate: Candidate) -> Article {
        let text = candidate.blocks.map(\.text).joined(separator: "\n\n")
        let canonical = candidate.url.map { canonicalise($0) }
        return Article(
            id: ArticleID(Digest(kind: "article-url", canonical?.text ?? "")),
            origin: candidate.origin, url: candidate.url, canonicalURL: canonical,
            title: candidate.title ?? "", text: text, language: candidate.language,
            published: candidate.published, seen: candidate.seen,
            textSource: candidate.textSource,
            aliases: canonical.map { [Alias(of: $0)] } ?? [],
            contentHash: FoldedText(text).digest)
    }

    /// The next articles of that kind.
    mutating func plainArticles(_ count: Int) -> [Article] {
        (0..<count).map { _ in plainArticle() }
    }

    /// Gives a text its address and time.
    private mutating func placed(_ text: Candidate) -> Candidate {
        count += 1
        let seen = Self.start.adding(interval * count)
        let host = "https://paper-\(count % 40).example"
        var candidate = text
        candidate.url = HTTPURL("\(host)/2026/news/\(count)-what-happened.html")
        candidate.published = seen.adding(.seconds(-600))
        candidate.seen = seen
        return candidate
    }

    /// A recent text with or without changes; nil when it is not a copy's turn.
    private mutating func copied() -> Candidate? {
        let chance = prose.generator.share()
        guard chance < Self.sameShare + Self.copyShare,
            var copy = recent.randomElement(using: &prose.generator)
        else { return nil }
        if chance < Self.sameShare || copy.blocks.isEmpty { return copy }
        let place = Int.random(in: 0..<copy.blocks.count, using: &prose.generator)
        copy.blocks[place].text = prose.paragraph(words: 52, about: subject())
        return copy
    }

    private mutating func ownText(words: Int) -> Candidate {
        let subject = subject()
        let paragraphs = prose.paragraphs(words: words, about: subject)
        return Candidate(
            origin: feed, title: prose.headline(about: subject),
            blocks: paragraphs.map { Block(.paragraph, $0) }, authors: subject.names,
            language: "en", seen: Self.start, textSource: .page)
    }

    private var feed: Origin {
        FeedID("paper-\(count % 40)").map { .feed($0) } ?? .stream(id: "paper")
    }

    /// A running event as often as a new one.
    private mutating func subject() -> Prose.Subject {
        if prose.generator.share() < 0.5,
            let running = subjects.randomElement(using: &prose.generator)
        {
            return running
        }
        let fresh = prose.subject()
        if subjects.count < Self.subjectsMax {
            subjects.append(fresh)
        } else {
            subjects[count % Self.subjectsMax] = fresh
        }
        return fresh
    }
}
