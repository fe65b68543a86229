import News
import Testing

@Suite struct FiguresTests {
    private func read(_ text: String, _ language: String?) -> [Figure.Value] {
        figures(in: text, language: language).map(\.value)
    }

    private static let halfATrillion = Figure.Value.money(
        thousandths: 500_000_000_000_000, currency: "USD")

    @Test(arguments: [
        ("fr", "500 milliards de dollars"), ("en", "$500 billion"), ("fr", "500 Md$"),
        ("en", "US$500bn"), ("en", "500 billion dollars"), ("fr", "500\u{A0}milliards de dollars"),
        ("en", "USD 500 billion"), ("fr", "500 000 millions de dollars"), ("en", "$500B"),
        ("es", "500 mil millones de dólares"), ("it", "500 miliardi di dollari"),
        ("de", "500 Milliarden Dollar"), ("es", "0,5 billones de dólares"),
        ("en", "500 bn dlrs"), ("fr", "$500 billion"),
        ("en", "500 billion US dollars"), ("fr", "0,5 billion de dollars"), ("en", "$0.5 trillion"),
    ])
    func oneSumHasOneValue(language: String, text: String) {
        #expect(read(text, language) == [Self.halfATrillion])
    }

    @Test(arguments: [
        ("fr", "1,234 milliard d’euros", 1_234_000_000_000, "EUR"),
        ("en", "£1,234", 1_234_000, "GBP"), ("en", "€12.50", 12_500, "EUR"),
        ("fr", "12,50 €", 12_500, "EUR"), ("fr", "3 M€", 3_000_000_000, "EUR"),
        ("en", "$3m", 3_000_000_000, "USD"),
        ("fr", "deux milliards d'euros", 2_000_000_000_000, "EUR"),
        ("fr", "20 dollars canadiens", 20_000, "CAD"), ("en", "C$20", 20_000, "CAD"),
        ("fr", "1.234.567 €", 1_234_567_000, "EUR"),
        ("en", "a million dollars", 1_000_000_000, "USD"),
    ])
    func sumsAreTold(language: String, text: String, thousandths: Int64, currency: String) {
        #expect(read(text, language) == [.money(thousandths: thousandths, currency: currency)])
    }

    @Test(arguments: [
        ("fr", "3,5 %"), ("en", "3.5%"), ("en", "3.5 percent"), ("fr", "3,5 pour cent"),
        ("en", "3.5 per cent"), ("fr", "3,5\u{202F}%"),
    ])
    func sharesAreTold(language: String, text: String) {
        #expect(read(text, language) == [.percentage(thousandths: 3_500)])
    }

    @Test(arguments: [
        ("fr", "3 000 salariés", [3_000_000]), ("en", "3,000 employees", [3_000_000]),
        ("fr", "1,5 million d’habitants", [1_500_000_000]), ("en", "400k users", [400_000_000]),
        ("en", "in 2026, 12 people", [12_000]), ("en", "a 3D film of 4K", [4_000_000]),
        ("fr", "de 10 à 20 ans", [10_000, 20_000]), ("en", "99999999999999999999 stars", []),
        ("en", "nobody", []), ("", "", []), ("fr", "0,125", [125]),
    ])
    func countsAreTold(language: String, text: String, thousandths: [Int64]) {
        #expect(read(text, language) == thousandths.map { .count(thousandths: $0) })
    }

    @Test(arguments: [
        ("fr", "le 22 novembre 2026"), ("en", "on November 22, 2026"), ("en", "22 November 2026"),
        ("fr", "22/11/2026"), ("en", "11/22/2026"), ("en", "2026-11-22"), ("en", "Nov. 22, 2026"),
        ("en", "the 22nd of November 2026"), ("fr", "22.11.2026"),
    ])
    func daysAreTold(language: String, text: String) {
        let days = read(text, language).filter { if case .day = $0 { true } else { false } }
        #expect(days == [.day(year: 2026, month: 11, day: 22)])
    }

    @Test func rangesHoldTheWholeFigure() {
        let text = "Œuvre : 500 milliards de dollars, soit +3,5 % en 2026."
        let scalars = Array(text.unicodeScalars)
        let parts = figures(in: text, language: "fr").map {
            String(String.UnicodeScalarView(scalars[$0.range.start..<$0.range.end]))
        }
        #expect(parts == ["500 milliards de dollars", "3,5 %"])
    }

    @Test func anyTextGivesOrderedRangesInBounds() {
        var random = SeededRandom(20_261_127)
        let pieces = [
            "1", "9", "000", " ", ",", ".", "’", "$", "€", "%", "Md", "milliards", "de", "d’",
            "dollars", "novembre", "2026", "22", "er", "/", "-", "million", "k", "é", "per cent",
        ]
        for _ in 0..<3_000 {
            let text = (0..<12).map { _ in random.pick(pieces) }.joined()
            var last = 0
            for figure in figures(in: text, language: "fr") {
                #expect(figure.range.start < figure.range.end)
                #expect(figure.range.end <= text.unicodeScalars.count)
                #expect(figure.range.start >= last)
                last = figure.range.end
            }
        }
    }
}
