import Deduplication
import News
import Testing

/// What the nearest article of a story gives otherwise.
@Suite struct ContradictionsTests {
    private static let first = """
        Le port de Kerlanec annonce un investissement de 500 millions d’euros dans un terminal \
        pour l’hydrogène, aux côtés de Norvane, Sulivec et Brelan. Le chantier du terminal de \
        Kerlanec créera 1 200 emplois, selon la présidente du port, Maëlle Tanguy.

        Le terminal de Kerlanec doit ouvrir dans quatre ans, a précisé Maëlle Tanguy.
        """
    private static let second = """
        À Kerlanec, la présidente du port Maëlle Tanguy a présenté hier le terminal pour \
        l’hydrogène : le projet coûtera 650 millions d’euros. Parmi les partenaires du terminal \
        figurent Ostréal, Norvane et Tridem. Le port de Kerlanec promet 1 200 emplois.
        """

    private func contradictions(
        _ first: String, _ second: String
    ) -> (verdict: Verdict, told: [(ours: String, theirs: String)]) {
        var desk = Desk()
        desk.take(article(first, title: "Hydrogène à Kerlanec", at: "https://un.test/a"))
        let verdict = desk.take(
            article(second, title: "Hydrogène à Kerlanec : le terminal", at: "https://deux.test/b"))
        let told = verdict.novelty.contradictions.map { told in
            #expect(passage(told.theirs, of: first) == told.passage)
            return (passage(told.ours, of: second), told.passage)
        }
        return (verdict, told)
    }

    @Test func otherFiguresAndPartnersAreTold() {
        let (verdict, told) = contradictions(Self.first, Self.second)
        #expect(verdict.kind == .new && verdict.story?.nearest != nil)
        #expect(verdict.novelty.contradictions.map(\.kind) == [.figure, .names])
        #expect(told.first?.ours == "650 millions d’euros")
        #expect(told.first?.theirs == "500 millions d’euros")
        #expect(told.last?.ours == "Ostréal, Norvane et Tridem")
        #expect(told.last?.theirs == "Norvane, Sulivec et Brelan")
    }

    @Test func oneAmountWrittenTwoWaysIsNoContradiction() {
        let dollars = Self.first.replacing("500 millions d’euros", with: "€500 million")
        let (_, told) = contradictions(
            dollars, Self.second.replacing("650 millions d’euros", with: "500 millions d’euros"))
        #expect(!told.contains { $0.ours.contains("500") })
    }

    @Test func sharesOfDifferentThingsAreNotHeldAgainstEachOther() {
        let first = Self.first.replacing(
            "Le chantier",
            with: """
                La région Armor-Sud en détient 40 %. Le trafic du port de Kerlanec a baissé de \
                12 % en 2025. Le chantier
                """)
        let (_, told) = contradictions(
            first, Self.second + " Le trafic du port a baissé de 15 % en 2025.")
        let shares = told.filter { $0.ours.hasSuffix("%") }
        #expect(shares.map(\.ours) == ["15 %"] && shares.map(\.theirs) == ["12 %"])
        // What both say of one thing is not held against another thing.
        let (_, agreed) = contradictions(
            first, Self.second + " Le trafic du port a baissé de 12 % en 2025.")
        #expect(!agreed.contains { $0.ours.hasSuffix("%") })
    }

    @Test func sumsAreHeldAgainstThoseOfTheSameThing() {
        let (_, told) = contradictions(
            Self.first + " L’État prête 30 millions d’euros au port.",
            "L’État prête 40 millions d’euros au port. " + Self.second)
        let sums = told.filter { $0.ours.hasSuffix("euros") }
        #expect(sums.map(\.ours) == ["40 millions d’euros", "650 millions d’euros"])
        #expect(sums.map(\.theirs) == ["30 millions d’euros", "500 millions d’euros"])
    }

    @Test func newFigureOfARevisionIsTold() {
        var desk = Desk()
        desk.take(article(Self.first, at: "https://un.test/a"))
        let corrected = Self.first.replacing("1 200 emplois", with: "2 100 emplois")
        let verdict = desk.take(article(corrected, at: "https://un.test/a", seen: march(2)))
        #expect(verdict.kind == .revision)
        #expect(verdict.novelty.contradictions.map(\.passage) == ["1 200 emplois"])
    }

    @Test func onlySoManyAreTold() {
        var options = DecisionOptions()
        options.contradictionsMax = 2
        var desk = Desk(options: options)
        func text(_ add: Int) -> String {
            let things = ["maisons", "bateaux", "voitures", "ouvriers", "écoles"]
            return "Le maire de Port-Brac compte ce qui reste à Port-Brac. "
                + things.enumerated().map { "Il y a \(10 + $0 + add) \($1) à Port-Brac." }
                .joined(separator: " ")
        }
        desk.take(article(text(0), at: "https://un.test/a"))
        let verdict = desk.take(article(text(7), at: "https://un.test/a", seen: march(2)))
        #expect(verdict.novelty.contradictions.count == 2)
    }
}
