import ArticleStore
import Foundation
import News
import Testing

@Suite struct PassingArticlesTests {
    /// One whose JSON is about so long.
    private func article(_ number: Int, bytes: Int) -> Article {
        let text = String(repeating: "Numéro \(number), “l’été”. ", count: bytes / 24 + 1)
        return Article(
            id: ArticleID(Digest(kind: "article", "\(number)")), origin: .stream(id: "\(number)"),
            url: HTTPURL("https://un.test/\(number)"), canonicalURL: nil, title: "№ \(number)",
            text: text, seen: Instant(millisecondsSince1970: 1_795_348_800_000 + Int64(number)),
            textSource: .stream, aliases: [], contentHash: FoldedText(text).digest)
    }

    @Test func articlesOfAnyLengthComeBackAsTheyWere() throws {
        let folder = try TemporaryFolder()
        let file = try PassingArticles(in: folder.path)
        var places: [PassingArticles.Place] = []
        for (number, bytes) in [0, 100, 7000, 8192, 100_000, 3_000_000, 20].enumerated() {
            places.append(try file.append(article(number, bytes: bytes), after: places))
        }
        for (number, bytes) in [0, 100, 7000, 8192, 100_000, 3_000_000, 20].enumerated() {
            let entry = try file.entry(at: places[number])
            #expect(entry.article == article(number, bytes: bytes))
            let last = max(1, number - KeptTexts.earlierMax + 1)
            let kept = number > 0 ? [places[0]] + places[min(last, number)..<number] : []
            #expect(entry.earlier == kept)
        }
    }

    @Test func nothingHasAName() throws {
        let folder = try TemporaryFolder()
        let file = try PassingArticles(in: "\(folder.path)/made")
        _ = try file.append(article(1, bytes: 1000))
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/made") == [])
    }

    @Test func whatIsNowhereIsAnErrorAndNoArticle() throws {
        let folder = try TemporaryFolder()
        let file = try PassingArticles(in: folder.path)
        _ = try file.append(article(1, bytes: 10))
        #expect(throws: StoreError.self) { try file.entry(at: .nowhere) }
    }

    @Test func folderThatIsNoneIsAnError() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/file"
        try Data().write(to: URL(filePath: path))
        #expect(throws: StoreError.self) { try PassingArticles(in: path) }
    }
}
