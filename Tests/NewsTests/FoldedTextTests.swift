import News
import Testing

private func folded(_ text: String) -> String {
    String(decoding: FoldedText(text).folded, as: UTF8.self)
}

@Suite struct FoldedTextTests {
    @Test(arguments: [
        ("Élève ŒUVRE straße Ærø", "eleve oeuvre strasse aero"),
        ("l’IA, d'abord; qu’il L'Europe", "ia abord il europe"),
        ("aujourd’hui don’t O'Brien", "aujourdhui dont obrien"),
        ("Altman’s firm, the banks' plan", "altman firm the banks plan"),
        ("dell'Italia un'idea", "italia idea"),
        ("100 000 emplois", "100000 emplois"),
        (
            "100\u{A0}000; 100\u{202F}000; 100,000; 100.000; 100'000",
            "100000 100000 100000 100000 100000"
        ),
        ("1\u{202F}234\u{202F}567,89", "1234567.89"),
        ("1,5 1.5 0.125", "1.5 1.5 0.125"),
        ("21.01.2025 10.0.0.1", "21 01 2025 10 0 0 1"),
        ("en 2024 100 personnes", "en 2024 100 personnes"),
        ("5G 14h30 20e", "5g 14h30 20e"),
        ("# **Titre** _gras_ > cité", "titre gras cite"),
        ("[le site](https://exemple.test/a_b?c=d) ouvre", "le site ouvre"),
        ("[le site](un mot) ouvre", "le site un mot ouvre"),
        ("e\u{301}te\u{301} co\u{AD}opérer", "ete cooperer"),
        ("東京で会議", "東 京 で 会 議"),
        ("Москва Ёлка ЁЛКА", "москва елка елка"),
        ("Αθήνα ΑΘΗΝΑ Όλος λόγος", "αθηνα αθηνα ολοσ λογοσ"),
        ("ＡＢＣ１２３", "abc123"),
        ("", ""), ("… — !", ""), ("'", ""), ("l'", "l"), ("l’ ami", "l ami"), ("]( ](", ""),
    ])
    func wordsAreFolded(text: String, expected: String) {
        #expect(folded(text) == expected)
    }

    @Test func rangesCountScalars() {
        let text = "« L’été 🌞 coûte 1\u{202F}000 € »"
        let scalars = Array(text.unicodeScalars)
        let words = FoldedText(text).words.map { word in
            String(String.UnicodeScalarView(scalars[word.range.start..<word.range.end]))
        }
        #expect(words == ["été", "coûte", "1\u{202F}000"])
    }

    @Test func flagsTellCapitalsFiguresAndSentenceStarts() {
        let words = FoldedText("Le président Macron dit : « Oui. Non ! » le 3 mai\nÉtat").words
        #expect(
            words.map(\.isCapitalised) == [
                true, false, true, false, true, true, false, false, false, true,
            ])
        #expect(
            words.map(\.isNumber) == [
                false, false, false, false, false, false, false, true, false, false,
            ])
        #expect(
            words.map(\.opensSentence) == [
                true, false, false, false, true, true, true, false, false, true,
            ])
    }
}

extension FoldedTextTests {
    @Test(arguments: [
        ("Le <prix> monte : 100 000 €, dit-on.", "LE PRIX monte 100\u{A0}000 € dit on"),
        ("**L’été** arrive", "l'ete arrive"),
    ])
    func digestIsBlindToTypography(first: String, second: String) {
        #expect(FoldedText(first).digest == FoldedText(second).digest)
        #expect(FoldedText(first).words.map(\.hash) == FoldedText(second).words.map(\.hash))
    }

    @Test func lastWordsAreDropped() {
        let text = "L’été coûte 1 000 €, 東京 [...] Lire la suite"
        let whole = FoldedText(text)
        for count in 0...(whole.words.count + 1) {
            let part = whole.droppingLast(count)
            #expect(part.words == Array(whole.words.dropLast(count)))
            #expect(part.length == whole.length)
            let words = folded(text).split(separator: " ").dropLast(count)
            #expect(String(decoding: part.folded, as: UTF8.self) == words.joined(separator: " "))
        }
    }

    @Test func digestTellsWordsApart() {
        #expect(FoldedText("un deux").digest != FoldedText("deux un").digest)
        #expect(FoldedText("un deux").digest != FoldedText("undeux").digest)
    }

    /// Hashes are stored, so a change of them is a change of format.
    @Test func hashesAreTheSameForEver() {
        let hashes = FoldedText("article internationalisation 42").words.map(\.hash)
        #expect(
            hashes == [
                4_783_585_237_683_107_530, 2_125_547_479_836_007_188, 4_206_939_269_705_533_297,
            ])
    }

    @Test func hashesOfManyWordsDiffer() {
        let text = (0..<50_000).map { "mot\($0)" }.joined(separator: " ")
        #expect(Set(FoldedText(text).words.map(\.hash)).count == 50_000)
    }

    @Test func endlessLinkTargetIsText() {
        let short = "[a b](" + String(repeating: "x", count: 2000) + ") c"
        let long = "[a b](" + String(repeating: "x", count: 2100) + ") c"
        #expect(FoldedText(short).words.count == 3)
        #expect(FoldedText(long).words.count == 4)
    }

    @Test func charactersThatAreWordsAreNoFigures() {
        #expect(FoldedText("会議19日 สวัสดี").words.map(\.isNumber).filter { $0 }.count == 1)
        #expect(FoldedText("Москва ١٢٣ 2x").words.map(\.isNumber) == [false, true, false])
    }

    /// What looks for words in a text folds letters one by one, and must find the same.
    @Test func lettersFoldAloneAsTheyDoInWords() {
        let scalars = (0x21...0x2_FFFF).compactMap { Unicode.Scalar($0 as UInt32) }
        let letters = scalars.filter { scalar in
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .otherLetter, .decimalNumber:
                true
            default: false
            }
        }
        let different = letters.filter { scalar in
            var alone: [UInt8] = []
            scalar.appendFolded(to: &alone)
            return alone != FoldedText(String(scalar)).folded
        }
        #expect(letters.count > 100_000)
        #expect(different.isEmpty, "\(different.prefix(20))")
    }

    /// Words are read eight bytes at a time, wherever they start and end.
    @Test func wordsFoldTheSameAtEveryPlace() {
        let letters = Array("AbcdefghIjklmnopqrstuvwxYz")
        for length in 1...letters.count {
            let word = String(letters[..<length])
            let alone = FoldedText(word)
            #expect(alone.words.count == 1)
            #expect(alone.folded == Array(word.lowercased().utf8))
            for before in 0...9 {
                for after in ["", " ", ",", "-", "é", "5", "’", "東"] {
                    let text = String(repeating: "- ", count: before) + word + after
                    let folded = FoldedText(text)
                    let isAlone = !["é", "5"].contains(after)
                    #expect((folded.words.first?.hash == alone.words.first?.hash) == isAlone)
                    #expect(folded.words.first?.range.start == 2 * before)
                    #expect(folded.length == text.unicodeScalars.count)
                }
            }
        }
    }

    /// Plain words are read in one way and all others in another; a soft hyphen, which is passed
    /// over, makes a word one of the others.
    @Test func plainWordsFoldAsTheOthersDo() {
        var random = SeededRandom(11)
        let parts = [
            "a", "b", "Z", "é", "Ç", "ß", "œ", "ñ", "þ", "ing", "tion", "ABCDEFGH", "mnopqrstuvwx",
        ]
        for _ in 0..<500 {
            var (plain, other) = ("", "")
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                let word = (0..<Int.random(in: 1...5, using: &random)).map { _ in
                    random.pick(parts)
                }.joined()
                let after = random.pick([" ", ", ", ",", ". ", "  ", "\n", " – ", "! ", "-"])
                plain += word + after
                other += word.prefix(1) + "\u{AD}" + word.dropFirst() + after
            }
            let (first, second) = (FoldedText(plain), FoldedText(other))
            #expect(first.folded == second.folded)
            #expect(first.words.map(\.hash) == second.words.map(\.hash))
            #expect(first.words.map(\.isCapitalised) == second.words.map(\.isCapitalised))
            #expect(first.words.map(\.opensSentence) == second.words.map(\.opensSentence))
            #expect(first.words.map { $0.length + 1 } == second.words.map(\.length))
            #expect(first.length == plain.unicodeScalars.count)
        }
    }

    @Test func scalarsAreThoseOfTheText() {
        var random = SeededRandom(12)
        let parts = ["a", "news of", "12345678", "é", "“", "東", "🦊", "\u{301}", "\u{0}", " \n"]
        for _ in 0..<500 {
            let text = (0..<Int.random(in: 0...20, using: &random)).map { _ in
                random.pick(parts)
            }.joined()
            #expect([Unicode.Scalar](scalarsOf: text) == Array(text.unicodeScalars))
        }
    }

    /// The signs beside the letters in ASCII, and bytes of other scalars that differ from letters
    /// by their highest bit, end a word.
    @Test func onlyLettersAreLetters() {
        for value in UInt32(1)..<0x80 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let count = FoldedText("ab\(scalar)cd").words.count
            let joins = scalar.properties.isAlphabetic || 0x30...0x39 ~= value || value == 0x27
            #expect((count == 1) == joins, "U+\(String(value, radix: 16))")
        }
        for value in UInt32(0x80)...0xBF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            #expect(FoldedText("ab\(scalar)").words.first?.range.start == 0)
            #expect(FoldedText("\(scalar)abcdefgh").length == 9)
        }
    }
}
