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
}
