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

    @Test func articleOfItsOwnStoryIsNewThroughout() {
        var (desk, _) = Desk.holding(Texts.bridge)
        let verdict = desk.take(article(Self.report, at: "https://deux.test/b"))
        #expect(verdict.novelty.share == 1 && verdict.novelty.unknown == 0)
    }
}
