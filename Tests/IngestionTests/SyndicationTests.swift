import ControlAPI
import FeedParsing
import Markup
import News
import TestSupport
import Testing

/// What the status socket writes as a feed is what the feed reader reads: the two are equals that
/// do not know each other.
@Suite struct SyndicationTests {
    private static let words = [
        "plain", "Mérival", "R&D", "a < b", "b > a", "\"quoted\"", "l’été", "👩‍👩‍👧", "日本語", "]]>",
        "{x}", "<\u{301}é", "100 %", "https://x.example/?a=1&b=2", "<!--", "\\u0041",
    ]

    /// One stored article of random words; its text in paragraphs.
    private func stored(_ number: Int, _ random: inout SeededGenerator) throws -> StoredArticle {
        func phrase(_ count: ClosedRange<Int>) -> String {
            (0..<Int.random(in: count, using: &random)).map { _ in
                Self.words.randomElement(using: &random) ?? ""
            }.joined(separator: " ")
        }
        let title = "\(number) \(phrase(0...4))"
        let paragraphs = (0..<Int.random(in: 1...3, using: &random)).map { _ in phrase(1...8) }
        let text = paragraphs.joined(separator: "\n\n")
        var article = Article(
            id: ArticleID(Digest(kind: "test", title)), origin: .feed(try Samples.feedID()),
            url: HTTPURL("https://a.example/\(number)?a=1&b=\(number)"), title: title, text: text,
            authors: number % 3 == 0 ? [] : ["Zoë \(number)", "R&D"],
            language: number % 2 == 0 ? "fr" : nil, seen: Samples.noon, textSource: .page,
            contentHash: Digest(kind: "test", text))
        if number % 2 == 0 {
            article.published = Samples.noon.adding(.milliseconds(-3_600_001 * number))
        }
        if number % 5 == 0 { article.updated = Samples.noon.adding(.seconds(number)) }
        let verdict = Verdict(
            kind: .new, of: nil, novelty: Novelty(share: 1),
            evidence: Evidence(rule: "nothing-alike", rules: 1))
        let record = Record(
            seq: UInt64(number), stored: Samples.noon, body: .article(article, verdict))
        return try #require(StoredArticle(record))
    }

    /// The text that this HTML shows.
    private func shown(_ html: String?) -> String? {
        html.map { String(decoding: decodingCharacterReferences(Array($0.utf8)), as: UTF8.self) }
    }

    /// `feedAuthor`: whose entries without an author are.
    private func expect(
        _ entry: Entry, is article: Article, by feedAuthor: [String], seed: UInt64
    ) {
        let context = Comment(rawValue: "seed \(seed), \(article.title)")
        #expect(entry.id == "urn:tamis:article:\(article.id)", context)
        #expect(entry.title == article.title.trimmed, context)
        #expect(entry.link == article.url?.description, context)
        #expect(
            entry.authors == (article.authors.isEmpty ? feedAuthor : article.authors), context)
        #expect(entry.language == article.language, context)
        #expect(entry.categories == ["paper"], context)
        #expect(shown(entry.content?.html) == article.text, context)
    }

    @Test(arguments: UInt64(1)...60)
    func whatIsWrittenIsRead(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let articles = try (1...6).map { try stored($0, &random) }
        let atom = try parseFeed(
            AtomFeed.write(articles, started: Samples.noon), from: nil, declared: nil)
        let json = try parseFeed(JSONFeed.write(articles), from: nil, declared: nil)
        #expect((atom.format, json.format) == (.atom10, .jsonFeed11))
        for document in [atom, json] {
            #expect(document.damage.isEmpty)
            #expect(document.title == "Tamis")
            #expect(document.entries.count == articles.count)
            for (entry, article) in zip(document.entries, articles) {
                let author = document.format == .atom10 ? ["Tamis"] : []
                expect(entry, is: article.article, by: author, seed: seed)
            }
        }
        for (entry, stored) in zip(atom.entries, articles) {
            let article = stored.article
            #expect(entry.published == article.published)
            #expect(entry.updated == article.updated ?? article.published ?? article.seen)
        }
        for (entry, stored) in zip(json.entries, articles) {
            #expect(entry.published == stored.article.published ?? stored.article.seen)
            #expect(entry.updated == stored.article.updated)
        }
    }
}

extension String {
    fileprivate var trimmed: String {
        split(separator: " ").joined(separator: " ")
    }
}
