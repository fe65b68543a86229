import Foundation
import News
import PageExtraction
import Testing

/// What a host puts on many of its pages is learnt; what its articles have in common is not.
@Suite struct PageTemplateTests {
    private let box = Block(.paragraph, "Every morning the news of the coast in your mailbox.")
    private let appeal = Block(.paragraph, "This newspaper belongs to its readers. Join them.")

    /// A page's own paragraphs, no two of them alike.
    private func own(_ page: Int, count: Int = 6) -> [Block] {
        (0..<count).map {
            Block(.paragraph, "Paragraph \($0) of page \(page) tells what happened there.")
        }
    }

    private func prints(_ blocks: [Block], page: Int) -> BlockPrints {
        BlockPrints(of: blocks, address: "https://a.example/\(page)")
    }

    /// A template after so many pages, several a day, each made by `blocks`.
    private func template(
        pages: Int, aDay: Int = 3, _ blocks: (Int) -> [Block]
    ) -> PageTemplate {
        var template = PageTemplate()
        for page in 0..<pages {
            template.learn(prints(blocks(page), page: page), day: 100 + page / aDay)
        }
        return template
    }

    @Test(arguments: 0...12) func aBlockAtTheEdgeRecursFromSixPagesOn(pages: Int) {
        let template = template(pages: pages) { [box] + own($0) + [appeal] }
        let page = [box] + own(99) + [appeal]
        let found = template.recurring(in: prints(page, page: 99))
        #expect(found == (pages >= 6 ? [0, 7] : []))
    }

    @Test(arguments: 0...15) func betweenProseTwiceAsManyPagesAreAskedFor(pages: Int) {
        let template = template(pages: pages) {
            own($0, count: 4) + [box] + own(1_000 + $0, count: 3)
        }
        let page = own(99, count: 4) + [box] + own(1_099, count: 3)
        let found = template.recurring(in: prints(page, page: 99))
        #expect(found == (pages >= 12 ? [4] : []))
    }

    /// Short blocks are few beside an author's long paragraphs.
    @Test func pagesOfLongParagraphsTeachToo() {
        func text(_ page: Int) -> [Block] {
            let long = String(
                repeating: "Page \(page) tells what happened at the river. ", count: 15)
            return [Block(.paragraph, long), Block(.paragraph, long + "Nobody was hurt."), box]
        }
        let template = template(pages: 8) { text($0) }
        #expect(template.recurring(in: prints(text(99), page: 99)) == [2])
    }

    @Test func oneDayAloneIsNotEnough() {
        let template = template(pages: 40, aDay: 40) { [box] + own($0) }
        #expect(template.recurring(in: prints([box] + own(99), page: 99)).isEmpty)
    }

    /// A trial is reported every other day with the same paragraph of background.
    @Test func backgroundOfSomeArticlesIsTheirOwn() {
        let background = Block(
            .paragraph, "The court has heard thirty witnesses since the trial began.")
        let template = template(pages: 120) {
            $0.isMultiple(of: 6) ? own($0) + [background] : own($0)
        }
        #expect(template.recurring(in: prints(own(999) + [background], page: 999)).isEmpty)
    }

    @Test func oneArticleUnderManyAddressesTeachesNothing() {
        let article = own(1) + [box]
        var template = PageTemplate()
        for page in 0..<40 { template.learn(prints(article, page: page), day: page) }
        #expect(template.recurring(in: prints(article, page: 99)).isEmpty)
    }

    @Test func aPageReadAgainTeachesNothing() {
        var template = PageTemplate()
        for day in 0..<40 { template.learn(prints(own(1) + [box], page: 1), day: day) }
        #expect(template.recurring(in: prints(own(2) + [box], page: 2)).isEmpty)
    }

    /// An edited article, page by page ever more different from the first.
    @Test func anArticleThatIsEditedEveryDayKeepsItsWords() {
        var template = PageTemplate()
        for day in 0..<40 {
            let text = own(1, count: 8).dropFirst(day % 4) + own(1_000 + day, count: day % 4)
            template.learn(prints(Array(text), page: day), day: day)
        }
        let text = own(1, count: 8)
        #expect(template.recurring(in: prints(text, page: 999)).isEmpty)
    }

    @Test func aPageThatIsMostlyTemplateIsLeftAlone() {
        let template = template(pages: 20) { [box, appeal] + own($0) }
        let short = [
            box, appeal, Block(.paragraph, "One line of its own stands here today, no more."),
        ]
        #expect(template.recurring(in: prints(short, page: 99)).isEmpty)
    }

    @Test func codeTablesAndLongTextsAreNeverOfATemplate() {
        let long = Block(.paragraph, String(repeating: "A long paragraph goes on. ", count: 30))
        let others = [
            Block(.code, "let x = 1; let y = 2"), Block(.table, "One\tTwo\nThree\tFour"), long,
        ]
        let template = template(pages: 40) { others + own($0, count: 20) }
        #expect(template.recurring(in: prints(others + own(99, count: 20), page: 99)).isEmpty)
    }

    @Test func itStaysSmallAndKeepsWhatRecurs() throws {
        let template = template(pages: 2_000, aDay: 20) { [box] + own($0, count: 12) }
        #expect(template.recurring(in: prints([box] + own(9_999), page: 9_999)) == [0])
        #expect(try JSONEncoder().encode(template).count < 40_000)
    }

    @Test func itIsTheSameFromTheDisk() throws {
        let template = template(pages: 30) { [box] + own($0) }
        let data = try JSONEncoder().encode(template)
        #expect(try JSONDecoder().decode(PageTemplate.self, from: data) == template)
    }

    @Test(arguments: [
        #"{"pages":[],"blocks":[],"count":-1,"day":0}"#,
        #"{"pages":[],"blocks":[1,9223372036854775807,0,0,1,1],"count":1,"day":0}"#,
        #"{"pages":[-1],"blocks":[],"count":1,"day":0}"#,
    ])
    func numbersThatCannotBeAreNotRead(json: String) {
        #expect(throws: (any Error).self) {
            try JSONDecoder().decode(PageTemplate.self, from: Data(json.utf8))
        }
    }

    @Test func whatRecursIsLeftOutAndNamed() {
        let page = Extraction(blocks: [box] + own(1, count: 2))
        let left = page.leavingOut(recurring: [0])
        #expect(left.blocks == own(1, count: 2))
        #expect(left.dropped == [.init(box.text, reason: "recurring")])
        #expect(page.leavingOut(recurring: []) == page)
    }
}
