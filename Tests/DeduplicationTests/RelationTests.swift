import Deduplication
import News
import Testing

/// How much two texts must share to be copies, excerpts or neither.
@Suite struct RelationTests {
    private static let bridge = Texts.bridge.split(separator: "\n\n").map(String.init)
    private static let observatory = Texts.observatory.split(separator: "\n\n").map(String.init)
    private static let footer = """
        Ce site utilise des témoins de connexion pour mesurer son audience et financer son \
        information indépendante. Suivez-nous sur les réseaux, téléchargez notre application et \
        recevez chaque matin l’essentiel de l’actualité dans votre messagerie. Tous droits \
        réservés, reproduction interdite sans autorisation écrite de la rédaction du journal.
        """

    private func text(_ paragraphs: some Sequence<String>) -> String {
        paragraphs.joined(separator: "\n\n")
    }

    @Test func copyCutByAThirdIsANearDuplicate() {
        var (desk, original) = Desk.holding(Texts.bridge)
        let verdict = desk.take(article(text(Self.bridge.prefix(3)), at: "https://deux.test/b"))
        #expect(verdict.kind == .nearDuplicate && verdict.of?.id == original.id)
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func editsAllAlongMakeANearDuplicate(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var (desk, original) = Desk.holding(Texts.bridge)
        var words = Texts.bridge.split(separator: " ").map(String.init)
        // One word in nine is another: each breaks five shingles.
        for start in stride(from: 0, to: words.count, by: 9) {
            let index = min(start + Int.random(in: 3..<6, using: &random), words.count - 1)
            words[index] = "autrement\(index)"
        }
        let verdict = desk.take(article(words.joined(separator: " "), at: "https://deux.test/b"))
        #expect(verdict.kind == .nearDuplicate && verdict.of?.id == original.id, "seed \(seed)")
    }

    @Test func quotationAtLengthInAnotherArticleIsAnExcerpt() {
        var (desk, original) = Desk.holding(Texts.bridge)
        let other = Texts.observatory + "\n\n" + text(Self.bridge[1...2])
        let verdict = desk.take(
            article(other + "\n\nThus far the quotation.", at: "https://deux.test/b"))
        #expect(verdict.kind == .excerpt && verdict.of?.id == original.id)
    }

    @Test func theSameClosingLinesMakeNoExcerpt() {
        var desk = Desk()
        desk.take(article(Texts.bridge + "\n\n" + Self.footer, at: "https://un.test/a"))
        let other = article(Texts.fireHere + "\n\n" + Self.footer, at: "https://un.test/b")
        #expect(desk.take(other).kind == .new)
        // A copy keeps its original even when such lines are longer than what it says.
        let short = article(text(Self.observatory.prefix(2)), at: "https://deux.test/c")
        desk.take(short)
        let framed = text(Self.observatory.prefix(2)) + "\n\n" + Self.footer
        let verdict = desk.take(article(framed, at: "https://un.test/d"))
        #expect(verdict.kind == .nearDuplicate && verdict.of?.id == short.id)
    }

    @Test func textOfTwoSourcesIsNoCopyOfEither() {
        var (desk, _) = Desk.holding(Texts.bridge)
        desk.take(article(Texts.observatory, at: "https://un.test/b"))
        let mixed = Self.bridge.prefix(2) + Self.observatory.prefix(2)
        let verdict = desk.take(article(text(mixed), at: "https://deux.test/c"))
        #expect(verdict.kind == .excerpt)
        #expect(Set(verdict.novelty.passages.compactMap(\.heldBy)).count == 2)
    }

    @Test func formForAnotherPlaceIsNewThoughMostFiguresAgree() {
        var desk = Desk()
        desk.take(article(Texts.forecast("Lille", [2, 30, 24, 74]), at: "https://un.test/a"))
        let other = Texts.forecast("Brest", [2, 30, 51, 18])
        #expect(desk.take(article(other, at: "https://un.test/b")).kind == .new)
    }

    /// Replaces one letter in `every` by one that a machine takes it for.
    private func misread(
        _ text: String, every: Int, _ random: inout SeededGenerator
    ) -> String {
        let looks: [Character: String] = [
            "l": "1i", "i": "lj", "t": "fl", "f": "t", "e": "c", "c": "eo", "o": "0", "n": "uh",
            "u": "n", "h": "nb", "b": "h", "v": "y", "r": "v", "y": "v", "s": "5", "g": "q",
        ]
        return String(
            text.map { letter in
                guard let others = looks[letter], Int.random(in: 0..<every, using: &random) == 0
                else { return letter }
                return others.randomElement(using: &random) ?? letter
            })
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func machineReadCopyIsANearDuplicateThoughNoSentenceIsWhole(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for text in [Texts.bridge, Texts.observatory] {
            var (desk, original) = Desk.holding(text)
            let verdict = desk.take(
                article(misread(text, every: 6, &random), at: "https://deux.test/b"))
            #expect(verdict.kind == .nearDuplicate && verdict.of?.id == original.id, "seed \(seed)")
            #expect(verdict.evidence.scores.contains { $0.name == "misread" && $0.value > 0.01 })
        }
    }

    @Test func sentenceTooShortForItsWordsIsFoundByItsLetters() {
        var options = DecisionOptions()
        // The whole of the original, not its head alone.
        options.lettersMax = 2400
        for paragraph in Self.bridge {
            guard let sentence = paragraph.split(separator: ".").first, sentence.count > 100 else {
                continue
            }
            var (desk, original) = Desk.holding(Texts.bridge, options: options)
            let verdict = desk.take(article(String(sentence) + ".", at: "https://deux.test/b"))
            #expect(verdict.kind == .excerpt && verdict.of?.id == original.id, "\(sentence)")
        }
    }

    @Test func lettersAreForgottenAfterTheWindow() {
        var options = DecisionOptions()
        options.letterWindow = 4
        var desk = Desk(options: options)
        var random = SeededGenerator(seed: 1)
        desk.take(article(Texts.bridge, at: "https://un.test/0"))
        let others = [
            Texts.observatory, Texts.fireHere, Texts.earthquakeNorth, Texts.fundingLumio,
        ]
        let damaged = misread(Texts.bridge, every: 5, &random)
        let question = article(damaged, at: "https://deux.test/")
        for (number, other) in others.enumerated() {
            #expect(desk.verdict(on: question).kind == .nearDuplicate)
            desk.take(article(other, at: "https://un.test/\(number + 1)"))
        }
        #expect(desk.verdict(on: question).kind == .new)
    }

    @Test func rowsThatManyHaveProposeNobody() {
        var options = DecisionOptions()
        var random = SeededGenerator(seed: 2)
        let question = article(misread(Texts.bridge, every: 5, &random), at: "https://deux.test/")
        for (most, kind) in [(1, Verdict.Kind.new), (2, .new), (4, .new), (5, .nearDuplicate)] {
            options.letterPostingsMax = most
            var desk = Desk(options: options)
            for number in 0..<4 {
                let text = Texts.bridge + " Suite numéro \(number)."
                desk.take(article(text, at: "https://un.test/\(number)"))
            }
            #expect(desk.verdict(on: question).kind == kind, "at most \(most)")
        }
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func decidingTwiceGivesTheSameVerdictsAndBytes(seed: UInt64) {
        func run() -> ([Verdict], [UInt8]) {
            var random = SeededGenerator(seed: seed)
            var desk = Desk()
            var verdicts: [Verdict] = []
            for number in 0..<40 {
                var paragraphs = Self.bridge + Self.observatory
                paragraphs.shuffle(using: &random)
                let count = Int.random(in: 1...4, using: &random)
                let body = text(paragraphs.prefix(count))
                verdicts.append(desk.take(article(body, at: "https://un.test/\(number)")))
            }
            return (verdicts, desk.index.serialised())
        }
        let (first, second) = (run(), run())
        #expect(first.0 == second.0 && first.1 == second.1, "seed \(seed)")
    }
}
