import Deduplication
import News
import Testing

/// What in an article is new, and what may be told elsewhere in other words.
@Suite struct NoveltyTests {
    private static let report = """
        Un incendie a détruit jeudi soir la halle du marché de Saint-Aubrac, classée monument \
        historique depuis 1938. La maire Solène Vautrin estime les dégâts à 3 millions d’euros.
        """
    private static let retold = """
        La halle du marché de Saint-Aubrac, classée monument historique, a été détruite jeudi par \
        un incendie. Les pompiers cherchent encore la cause du sinistre dans les décombres fumants.
        """

    @Test func sentenceInOtherWordsIsUnknownAndNotNew() {
        var (desk, first) = Desk.holding(Self.report)
        let verdict = desk.take(
            article(Self.retold, at: "https://deux.test/b", seen: march(1, hours: 3)))
        #expect(verdict.kind == .new && verdict.story?.nearest?.id == first.id)
        let passages = verdict.novelty.passages
        #expect(passages.map(\.like) == [first.id, nil])
        #expect(passages.map(\.isNew) == [false, true])
        #expect(verdict.novelty.unknown > 0.3 && verdict.novelty.share > 0.3)
        #expect(abs(verdict.novelty.unknown + verdict.novelty.share - 1) < 0.001)
        #expect(passages.last?.range.end == Self.retold.unicodeScalars.count)
    }

    @Test func whatAnExcerptRetellsIsUnknown() {
        let quoting = Texts.bridge + "\n\n" + Self.report
        var (desk, first) = Desk.holding(quoting)
        let verdict = desk.take(
            article(
                Texts.bridge.split(separator: "\n\n")[0] + "\n\n" + Self.retold,
                at: "https://deux.test/b", seen: march(1, hours: 3)))
        #expect(verdict.kind == .excerpt && verdict.of?.id == first.id)
        #expect(verdict.novelty.passages.contains { $0.like == first.id })
        #expect(verdict.novelty.share > 0)
    }

    @Test func sentenceWithTheSameFiguresInAnotherLanguageIsUnknown() {
        var first = article(Self.report, at: "https://un.test/a")
        first.language = "fr"
        var desk = Desk()
        desk.take(first)
        var second = article(
            """
            Fire has destroyed the market hall of Saint-Aubrac, a listed building since 1938. \
            Mayor Solène Vautrin puts the damage at 3 million euros. The traders of Saint-Aubrac \
            want Solène Vautrin to pay for tents until the hall of Saint-Aubrac is built again.
            """, at: "https://deux.test/b", seen: march(1, hours: 3))
        second.language = "en"
        let verdict = desk.take(second)
        #expect(verdict.kind == .new && verdict.story?.nearest?.id == first.id)
        #expect(verdict.novelty.passages.map(\.like) == [first.id, nil])
        #expect(verdict.novelty.passages.last?.isNew == true)
    }

    @Test func articleOfItsOwnStoryIsNewThroughout() {
        var (desk, _) = Desk.holding(Texts.bridge)
        let verdict = desk.take(article(Self.report, at: "https://deux.test/b"))
        #expect(verdict.novelty.share == 1 && verdict.novelty.unknown == 0)
    }
}
