import News
import Testing

@Suite struct ReadingFormTests {
    @Test(arguments: [
        ("e\u{301}te\u{301}", "été"), ("\u{212B}ngström", "Ångström"),
        ("a\u{200B}b\u{FEFF}c\u{AD}d\u{202E}e\u{2066}f", "abcdef"),
        ("a\u{0}b\u{7}c\u{9F}", "abc"), ("\u{E000}a", "a"),
        ("«\u{A0}mot\u{202F}» : 100\u{2009}000", "« mot » : 100 000"),
        ("  a \t b\r\nc\u{2028}d\u{3000}", "a b c d"), ("\u{FB01}n œuf", "\u{FB01}n œuf"),
        ("l’eau — “x” …", "l’eau — “x” …"), ("mo\u{200D}t", "mot"),
        ("👩\u{200D}👧", "👩\u{200D}👧"), ("می\u{200C}خواهم", "می\u{200C}خواهم"),
        ("", ""), (" \u{200B}\n", ""),
    ])
    func proseIsOneVisibleLine(text: String, expected: String) {
        let form = readingForm(text)
        #expect(Array(form.unicodeScalars) == Array(expected.unicodeScalars))
    }

    @Test(arguments: [0xFDD0, 0xFFFF, 0x1FFFE, 0xF0000] as [UInt32])
    func noncharactersAndPrivateUseGo(value: UInt32) throws {
        let scalar = try #require(Unicode.Scalar(value))
        #expect(readingForm("a" + String(Character(scalar)) + "b") == "ab")
    }

    @Test func linesOfCodeStayWithTheirIndentation() {
        let code = "  if a {\r\n\tb()   \n\n\n}\u{200B}\n"
        #expect(readingForm(code, keepsLines: true) == "  if a {\n\tb()\n}")
    }

    @Test(arguments: [UInt64(31), 32, 33, 34])
    func readingFormIsItsOwnReadingForm(seed: UInt64) {
        var random = SeededRandom(seed)
        for _ in 0..<1500 {
            let text = random.text()
            for keepsLines in [false, true] {
                let once = readingForm(text, keepsLines: keepsLines)
                let twice = readingForm(once, keepsLines: keepsLines)
                #expect(
                    Array(once.unicodeScalars) == Array(twice.unicodeScalars),
                    "seed \(seed): \(text.debugDescription)")
                #expect(!once.contains("\n\n"))
            }
        }
    }

    /// What is taken for plain prose at a glance is what the careful way would leave as it is: a
    /// text of one line keeps every scalar, and its words are parted by single spaces.
    @Test(arguments: [UInt64(41), 42, 43])
    func plainProseIsInReadingForm(seed: UInt64) {
        var random = SeededRandom(seed)
        let pieces = [
            "a", "Z", "9", ".", "é", "e\u{301}", " ", " ", " ", "  ", "\n", "\r\n", "\t", "\u{A0}",
            "\u{202F}", "\u{2028}", "\u{85}", "\u{AD}", "’", "“", "—", "…", "\u{200B}", "\u{200D}",
            "\u{205F}", "\u{2060}", "€", "Ж", "й", "и\u{306}", "字", "。", "\u{3000}", "か\u{3099}",
            "한", "\u{1112}\u{1161}", "\u{FB01}", "！", "\u{FFA0}", "👩", "\u{FEFF}", "\u{E000}",
            "\u{1680}", "\u{7F}", "\u{9F}", "\u{340}",
        ]
        var plain = 0
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...6, using: &random)
            let text = (0..<count).map { _ in random.pick(pieces) }.joined()
            guard isPlainProse(text.utf8Span.span) else { continue }
            plain += 1
            let careful = readingForm(text, keepsLines: true)
            #expect(
                Array(careful.unicodeScalars) == Array(text.unicodeScalars),
                "seed \(seed): \(text.debugDescription)")
            #expect(text.split { $0.isWhitespace }.joined(separator: " ") == text)
        }
        #expect(plain > 500)
    }
}
