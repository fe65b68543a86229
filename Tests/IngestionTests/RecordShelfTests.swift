import ControlAPI
import Ingestion
import News
import Testing

/// Questions about stored records.
@Suite struct RecordShelfTests {
    /// Twelve articles, two revisions, a sighting and two rejections, of three feeds.
    private func filled() async throws -> LedgerScene {
        let scene = try LedgerScene()
        try await scene.open()
        for number in 1...12 {
            try await scene.commit(Samples.article(number, feed: number % 2 == 0 ? "even" : "odd"))
        }
        for number in 3...4 {
            let entry = Samples.entry(number, change: ", amended")
            let text = Samples.paragraphs(number) + ["An amendment about the mayor and her dog."]
            try await scene.commit(
                Samples.article(
                    number, entry: entry, feed: number % 2 == 0 ? "even" : "odd", text: text))
        }
        try await scene.commit(Samples.article(5, feed: "third"))
        try await scene.commit(Samples.rejection(20), Samples.rejection(21))
        return scene
    }

    private func pages(_ query: ArticleQuery, of shelf: RecordShelf) throws -> [[Record]] {
        var query = query
        var pages: [[Record]] = []
        while pages.count < 100 {
            let page = try shelf.page(query)
            pages.append(page.records)
            guard let next = page.next else { return pages }
            if query.isNewestFirst { query.before = next } else { query.after = next }
        }
        Issue.record("the cursor leads nowhere")
        return pages
    }

    @Test(arguments: [1, 2, 5, 16, 17, 18, 1000], [false, true])
    func cursorsCoverEverythingOnce(limit: Int, isNewestFirst: Bool) async throws {
        let scene = try await filled()
        let shelf = RecordShelf(path: scene.folder.store)
        let pages = try pages(ArticleQuery(isNewestFirst: isNewestFirst, limit: limit), of: shelf)
        let seqs = pages.flatMap { $0.map(\.seq) }
        #expect(seqs == (isNewestFirst ? (1...17).reversed() : Array(1...17)))
        #expect(pages.allSatisfy { $0.count <= limit })
    }

    @Test(
        arguments: [
            (ArticleQuery(kinds: [.revision]), [13, 14]),
            (ArticleQuery(kinds: [.rejection, .sighting]), [15, 16, 17]),
            (ArticleQuery(feed: FeedID("third")), [15]),
            (ArticleQuery(feed: FeedID("even")), [2, 4, 6, 8, 10, 12, 14]),
            (ArticleQuery(verdict: .duplicate), [15]),
            (ArticleQuery(after: 4, before: 7), [5, 6]),
            (ArticleQuery(since: Samples.noon.adding(.seconds(1))), []),
            (ArticleQuery(kinds: [.article], language: "fr"), []),
            (ArticleQuery(kinds: [.article], language: "en"), Array(1...12)),
        ] as [(ArticleQuery, [UInt64])], [1, 3, 100])
    func filtersHoldOverAllPages(
        filter: (query: ArticleQuery, seqs: [UInt64]), limit: Int
    ) async throws {
        let scene = try await filled()
        let shelf = RecordShelf(path: scene.folder.store)
        var query = filter.query
        query.limit = limit
        #expect(try pages(query, of: shelf).flatMap { $0.map(\.seq) } == filter.seqs)
        query.isNewestFirst = true
        let backwards = try pages(query, of: shelf).flatMap { $0.map(\.seq) }
        #expect(backwards == filter.seqs.reversed())
    }

    @Test(arguments: [1, 3, 16, 17, 18])
    func aPageThatLookedAtEnoughRecordsGoesOnLater(scannedMax: Int) async throws {
        let scene = try await filled()
        let shelf = RecordShelf(path: scene.folder.store, scannedMax: scannedMax)
        for isNewestFirst in [false, true] {
            let query = ArticleQuery(isNewestFirst: isNewestFirst, kinds: [.revision])
            let pages = try pages(query, of: shelf)
            #expect(pages.flatMap { $0.map(\.seq) }.sorted() == [13, 14])
            #expect(pages.count == (17 + scannedMax - 1) / scannedMax)
        }
    }

    @Test func storiesGoBackTwoWeeksUnlessAsked() async throws {
        let scene = try LedgerScene()
        try await scene.open()
        for (number, days) in [(1, -15), (2, -13), (3, 0)] {
            let now = Samples.noon.adding(.seconds(days * 86_400))
            _ = try await scene.ledger.commit([Samples.article(number)], at: now)
        }
        let shelf = RecordShelf(path: scene.folder.store)
        func members(_ query: StoryQuery) throws -> Int {
            try shelf.stories(query).reduce(0) { $0 + $1.size }
        }
        #expect(try members(StoryQuery()) == 2)
        #expect(try members(StoryQuery(since: .distantPast)) == 3)
        #expect(try members(StoryQuery(since: Samples.noon)) == 1)
    }

    @Test func wordsAreSoughtInTitleAndText() async throws {
        let scene = try await filled()
        let shelf = RecordShelf(path: scene.folder.store)
        let page = try shelf.page(
            ArticleQuery(text: FoldedPhrase("AMENDMENT about the Mayor")))
        #expect(page.records.map(\.seq) == [13, 14])
    }

    @Test func anArticleIsFoundByTheBeginningOfItsId() async throws {
        let scene = try await filled()
        let shelf = RecordShelf(path: scene.folder.store)
        let record = try #require(try scene.folder.records().first { $0.seq == 3 })
        let id = try #require(record.article?.id.description)
        guard case .one(let found) = try shelf.article(String(id.prefix(12))) else {
            Issue.record("not found")
            return
        }
        #expect(found.kind == .revision, "the newest text")
        guard case .none = try shelf.article("ffffffffffffffffffffffffffffff00") else {
            Issue.record("found what is not there")
            return
        }
        var digits: [Character: Int] = [:]
        for article in try scene.folder.records().compactMap(\.article) {
            if let digit = article.id.description.first { digits[digit, default: 0] += 1 }
        }
        let shared = try #require(digits.max { $0.value < $1.value }?.key)
        guard case .ambiguous(let candidates) = try shelf.article(String(shared)) else {
            Issue.record("not ambiguous: \(shared)")
            return
        }
        #expect(candidates.allSatisfy { $0.id.first == shared })
    }

    @Test func storiesTellEachArticleOnce() async throws {
        let scene = try await filled()
        let shelf = RecordShelf(path: scene.folder.store)
        let stories = try shelf.stories(StoryQuery(limit: 1000))
        let articles = try scene.folder.records().compactMap(\.article?.id)
        #expect(stories.reduce(0) { $0 + $1.size } == Set(articles).count)
        for summary in stories {
            guard case .one(let story) = try shelf.story(summary.id.description) else {
                Issue.record("no story \(summary.id)")
                continue
            }
            #expect(story.story == summary)
            #expect(story.articles.count == summary.size)
            #expect(Set(story.articles.map(\.id)).count == summary.size)
        }
        #expect(try shelf.stories(StoryQuery(sizeMin: 13)).isEmpty)
        #expect(try shelf.stories(StoryQuery(limit: 1)).count == 1)
        guard case .none = try shelf.story("ffffffffffffffffffffffffffffff00") else {
            Issue.record("found what is not there")
            return
        }
    }

    @Test func aFolderThatIsNoStoreIsAnError() throws {
        let folder = try TemporaryFolder()
        #expect(throws: (any Error).self) {
            try RecordShelf(path: folder.store).page(ArticleQuery())
        }
    }
}
