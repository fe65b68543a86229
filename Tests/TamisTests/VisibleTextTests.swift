internal import Testing

@testable internal import tamis

/// Nothing from outside moves a cursor, hides itself or breaks a column.
struct VisibleTextTests {
    @Test(arguments: [
        ("plain", "a\u{1B}[31mb", "a [31mb"), ("C1", "a\u{9B}31mb", "a 31mb"),
        ("bell", "a\u{7}b", "a b"), ("delete", "a\u{7F}b", "a b"), ("tab", "a\tb", "a b"),
        ("lines", "a\nb\r\nc\u{2028}d\u{2029}e\u{85}f", "a b  c d e f"),
        ("bidi", "a\u{202E}b\u{202C}c\u{2066}d\u{2069}", "abcd"),
        ("zero width", "a\u{200B}b\u{200D}c\u{FEFF}d\u{2060}e\u{AD}f", "abcdef"),
        ("tags", "a\u{E0041}\u{E007F}b", "ab"), ("private", "a\u{E000}b\u{10FFFD}c", "abc"),
        ("no character", "a\u{FFFE}b\u{10FFFF}c", "abc"), ("NUL", "a\0b", "a b"),
        ("accents", "d\u{E9}ja\u{300} œuvre", "d\u{E9}ja\u{300} œuvre"),
        ("others", "日本語 🦊 مرحبا", "日本語 🦊 مرحبا"),
    ])
    func onlyWhatIsSeenStays(what: String, text: String, seen: String) {
        #expect(Array(visible(text).unicodeScalars) == Array(seen.unicodeScalars))
    }

    @Test func letterCarriesFewMarks() {
        let marks = String(repeating: "\u{300}\u{20DD}", count: 500)
        #expect(visible("a\(marks)b").unicodeScalars.count == 4)
    }

    @Test func whatIsVisibleStaysAsItIs() {
        var generator = SeededNumbers(seed: 20_261_122)
        for _ in 0..<500 {
            let once = visible(generator.text(scalars: 40))
            #expect(visible(once) == once)
            #expect(once.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F })
        }
    }

    @Test(arguments: [
        ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("ｆｕ", 4), ("🦊", 2),
        ("한글", 4), ("œ–“", 3),
    ])
    func widthIsCountedInColumns(text: String, width: Int) {
        #expect(columnWidth(text) == width)
    }

    @Test(arguments: [
        ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("abcdef", 1, "…"), ("abcdef", 0, ""),
        ("abcdef", -3, ""), ("", 0, ""), ("日本語", 5, "日本…"), ("日本語", 4, "日…"),
        ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
    ])
    func textIsFittedIntoColumns(text: String, columns: Int, fits: String) {
        #expect(fitted(text, into: columns) == fits)
    }

    @Test func fittedTextIsNeverWider() {
        var generator = SeededNumbers(seed: 4_711)
        for _ in 0..<500 {
            let text = visible(generator.text(scalars: 30))
            let columns = Int.random(in: 1...40, using: &generator)
            #expect(columnWidth(fitted(text, into: columns)) <= columns)
        }
    }

    @Test func textIsWrappedBetweenWords() {
        #expect(wrapped("one two three", into: 7) == ["one two", "three"])
        #expect(wrapped("  one   two ", into: 80) == ["one two"])
        #expect(wrapped("日本 日本", into: 8) == ["日本", "日本"])
        #expect(wrapped("", into: 10) == [""])
        #expect(wrapped("a-longer-word is whole", into: 5) == ["a-longer-word", "is", "whole"])
    }

    @Test func logLineIsOneLine() {
        let problem = ConfigurationProblem(
            file: "a", line: 1, key: "b", sentence: visible("must\u{1B}]0;x\u{7}\nbe"))
        #expect(problem.description == "a:1: b: must ]0;x  be")
    }
}

/// The same numbers for the same seed (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Scalars of any kind, half of them from where trouble lives.
    mutating func text(scalars count: Int) -> String {
        var text = String.UnicodeScalarView()
        while text.count < count {
            let isTrouble = Bool.random(using: &self)
            let range: ClosedRange<UInt32> = isTrouble ? 0...0x2100 : 0...0x10FFFF
            if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &self)) {
                text.append(scalar)
            }
        }
        return String(text)
    }
}
