import Deduplication
import News
import Testing

/// What must not change a verdict.
@Suite struct IndependenceTests {
    private static let related = [
        Texts.bridge, Texts.observatory, Texts.fireHere, Texts.earthquakeNorth, Texts.fundingLumio,
    ]

    /// A text that shares no row of words with any other.
    private func unrelated(_ number: Int, _ random: inout SeededGenerator) -> Article {
        let words = (0..<Int.random(in: 20...120, using: &random)).map { _ in
            "x\(number)q\(Int.random(in: 0..<5000, using: &random))"
        }
        return article(
            words.joined(separator: " "), at: "https://autre.test/\(number)",
            seen: march(1, hours: number % 40))
    }

    /// A question made of what is held: whole, cut, in another order, or with words replaced.
    private func question(_ number: Int, _ random: inout SeededGenerator) -> Article {
        let text = Self.related[Int.random(in: 0..<Self.related.count, using: &random)]
        var pieces = sentences(of: text).map { passage($0, of: text) }
        switch Int.random(in: 0..<4, using: &random) {
        case 0: break
        case 1: pieces = Array(pieces.prefix(Int.random(in: 1...pieces.count, using: &random)))
        case 2: pieces.shuffle(using: &random)
        default: pieces[Int.random(in: 0..<pieces.count, using: &random)] = "Autre chose ici."
        }
        return article(
            pieces.joined(separator: " "), at: "https://deux.test/\(number)", seen: march(3))
    }

    @Test(arguments: 0..<6 as Range<UInt64>)
    func unrelatedDocumentsChangeNothing(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        // How rare a word is decides about stories, and is asked of all that is held.
        var options = DecisionOptions()
        options.tellsStories = false
        var (alone, among) = (Desk(options: options), Desk(options: options))
        for (number, text) in Self.related.enumerated() {
            for other in 0..<40 { among.take(unrelated(number * 40 + other, &random)) }
            let held = article(text, at: "https://un.test/\(number)", seen: march(1, hours: number))
            alone.take(held)
            among.take(held)
        }
        for number in 0..<20 {
            let question = question(number, &random)
            #expect(alone.verdict(on: question) == among.verdict(on: question), "seed \(seed)")
        }
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func savingInBetweenChangesNothing(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var (whole, parted) = (Desk(), Desk())
        for number in 0..<40 {
            let next =
                number % 3 == 0 ? unrelated(number, &random) : question(number, &random)
            #expect(whole.take(next) == parted.take(next), "seed \(seed)")
            if number % 7 == 0 {
                let saved = parted.index.serialised()
                parted.index = try #require(
                    DuplicateIndex(serialised: saved, options: parted.options))
            }
        }
        #expect(whole.index.serialised() == parted.index.serialised(), "seed \(seed)")
    }

    @Test func withoutStoriesEachArticleIsItsOwn() {
        var options = DecisionOptions()
        options.tellsStories = false
        var (with, without) = (Desk(), Desk(options: options))
        for (number, text) in [Texts.fireHere, Texts.fireThere, Texts.fireHere + " Fin."]
            .enumerated()
        {
            let article = article(
                text, at: "https://un.test/\(number)", seen: march(1, hours: number))
            let (told, plain) = (with.take(article), without.take(article))
            #expect(told.kind == plain.kind && told.of == plain.of)
            #expect(plain.novelty.contradictions.isEmpty)
            let own = StoryID(startedBy: article.id)
            #expect(plain.kind == .new ? plain.story?.id == own : plain.story?.score == 1)
        }
    }
}
