import Deduplication
import News
import Testing

/// Texts that are parts of others: teasers, passages, closing lines.
@Suite struct PartTests {
    private static let bridge = Texts.bridge.split(separator: "\n\n").map(String.init)
    private static let observatory = Texts.observatory.split(separator: "\n\n").map(String.init)

    private func text(_ paragraphs: String...) -> String {
        paragraphs.joined(separator: "\n\n")
    }

    @Test(arguments: [(Texts.bridge, " … Lire la suite"), (Texts.observatory, "... Read on")])
    func aFewWordsFromTheBeginningLeadToTheirArticle(whole: String, ending: String) {
        let words = whole.split(separator: " ")
        for count in 9...40 {
            var (desk, original) = Desk.holding(whole)
            let teaser = words.prefix(count).joined(separator: " ") + ending
            let verdict = desk.take(article(teaser, at: "https://deux.test/b", seen: march(2)))
            #expect(verdict.kind == .excerpt && verdict.of?.id == original.id, "\(count) words")
            #expect(verdict.novelty.share == 0, "\(count) words")
        }
    }

    @Test(arguments: ["", " … Lire la suite"])
    func partThatComesAgainIsAnExcerptOfItsArticleAgain(ending: String) {
        var (desk, original) = Desk.holding(text(Texts.bridge, Texts.fireHere))
        let teaser = Self.bridge[0] + ending
        for day in 2...12 {
            let again = article(teaser, at: "https://un.test/\(day)", seen: march(day))
            let verdict = desk.take(again)
            #expect(verdict.kind == .excerpt && verdict.of?.id == original.id, "day \(day)")
        }
        // They are many, and no formula all the same.
        let quoting = article(
            text(Self.bridge[0], Texts.earthquakeNorth), at: "https://deux.test/b", seen: march(13))
        let verdict = desk.take(quoting)
        #expect(verdict.kind == .excerpt && verdict.of?.id == original.id)
    }

    @Test func partThatCameBeforeItsArticleIsWhatItsCopiesAreOf() {
        var (desk, first) = Desk.holding(Self.bridge[0])
        let whole = article(
            text(Texts.bridge, Texts.fireHere), at: "https://un.test/b", seen: march(2))
        #expect(desk.take(whole).kind == .excerpt)
        let again = article(Self.bridge[0], at: "https://deux.test/c", seen: march(3))
        let verdict = desk.verdict(on: again)
        #expect(verdict.kind == .duplicate && verdict.of?.id == first.id)
    }

    @Test func severalPassagesTogetherMakeAnExcerpt() {
        func sentences(_ paragraph: String) -> [String] {
            paragraph.split(separator: ". ").map { $0.hasSuffix(".") ? "\($0)" : "\($0)." }
        }
        let told = Self.observatory.flatMap(sentences)
        let own = text(Texts.bridge, Texts.fireHere, Texts.fundingLumio)
            .split(separator: "\n\n").map(String.init)
        for count in 0...3 {
            var (desk, held) = Desk.holding(
                text(Texts.observatory, Texts.earthquakeNorth, Texts.earthquakeEast))
            let passages = [3, 5, 0].prefix(count).map { told[$0] }
            let woven = own.indices.map { place in
                passages.indices.contains(place) ? "\(own[place]) \(passages[place])" : own[place]
            }
            let verdict = desk.take(
                article(woven.joined(separator: "\n\n"), at: "https://deux.test/b"))
            #expect((verdict.kind == .excerpt) == (count == 3), "\(count) passages")
            guard count == 3 else { continue }
            #expect(verdict.of?.id == held.id)
            let names = verdict.evidence.scores.filter { $0.threshold != nil }.map(\.name)
            #expect(names == ["passage-words", "passage-share"])
        }
    }

    @Test(arguments: ["", " Page 12.", " © Le Courrier 2026"])
    func aLineThatClosesManyArticlesIsNoPassage(behind: String) {
        let line = """
            Le Courrier de Valmorey est un quotidien indépendant, écrit et imprimé dans la vallée \
            depuis 1921. Ses abonnés le reçoivent chaque matin avant sept heures, et ceux qui \
            préfèrent le lire en ligne le trouvent dès la veille au soir. Pour écrire à la \
            rédaction, adressez vos lettres au siège du journal, place de la Halle, sans oublier \
            votre nom.
            """
        #expect(FoldedText(line).words.count >= DecisionOptions().quotationWords)
        var (desk, _) = Desk.holding(text(Texts.bridge, Texts.fundingLumio, line) + behind)
        let other = text(Texts.observatory, Texts.earthquakeNorth, line)
        #expect(desk.take(article(other, at: "https://un.test/b")).kind == .new)
    }
}

/// The proof that a verdict carries is what decided.
extension PartTests {
    @Test(arguments: 0..<60 as Range<UInt64>)
    func whatIsShownReachesItsThresholds(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let all = [
            Texts.bridge, Texts.observatory, Texts.fireHere, Texts.earthquakeNorth,
            Texts.earthquakeEast, Texts.fundingLumio, Texts.fundingBraise,
        ].joined(separator: " ").split(separator: ". ").map(String.init)
        var desk = Desk()
        for place in 0..<12 {
            let start = Int.random(in: 0..<all.count, using: &random)
            let length = Int.random(in: 2..<16, using: &random)
            var sentences = (0..<length).map { all[(start + $0) % all.count] }
            if place % 3 == 2 { sentences.shuffle(using: &random) }
            let verdict = desk.take(
                article(
                    sentences.joined(separator: ". "), at: "https://un.test/\(place)",
                    seen: march(1 + place)))
            guard verdict.kind == .nearDuplicate || verdict.kind == .excerpt else { continue }
            let decisive = verdict.evidence.scores.filter { $0.threshold != nil }
            #expect(!decisive.isEmpty, "seed \(seed)")
            #expect(
                decisive.allSatisfy { $0.value >= $0.threshold ?? 0 },
                "seed \(seed): \(verdict.kind), \(decisive)")
            let ofRule = verdict.kind == .excerpt ? Self.measuresOfExcerpts : Self.measuresOfCopies
            #expect(
                ofRule.isSuperset(of: decisive.map(\.name)),
                "seed \(seed): \(verdict.kind), \(decisive)")
        }
    }

    private static let measuresOfCopies: Set = [
        "containment", "coverage", "in-step", "before-closing", "alignment", "misread", "misreads",
        "same-figures",
    ]
    private static let measuresOfExcerpts: Set = [
        "quoted-words", "in-passages", "shingles", "passage-words", "passage-share", "given",
        "held",
    ]

    @Test func whereAnEarlierTextIsNamedTheOneThatDecidedIsShown() {
        let long = text(
            Texts.observatory, Self.bridge[1], Texts.earthquakeNorth, Texts.earthquakeEast)
        var (desk, first) = Desk.holding(long)
        let short = article(
            text(Self.bridge[1], Texts.fundingBraise), at: "https://un.test/b", seen: march(2))
        desk.take(short)
        let quoting = text(
            Self.bridge[1], Texts.fireThere, Texts.fireHere,
            Texts.forecast("Lille", [2, 30, 24, 74]))
        let verdict = desk.take(article(quoting, at: "https://deux.test/c", seen: march(3)))
        #expect(verdict.kind == .excerpt && verdict.of?.id == first.id)
        let given = verdict.evidence.scores.first { $0.name == "given" }
        #expect((given?.value ?? 0) >= given?.threshold ?? 1)
        let decider = verdict.evidence.runnersUp.first
        #expect(decider?.reference.id == short.id)
        #expect(decider?.lostBecause == "all that it gives stood in the winner before")
        #expect(decider?.scores.contains { $0.value >= $0.threshold ?? 2 } ?? false)
    }
}
