import News
import Testing

private func split(_ text: String) -> [String] {
    let scalars = Array(text.unicodeScalars)
    return sentences(of: text).map { range in
        String(String.UnicodeScalarView(scalars[range.start..<range.end]))
    }
}

@Suite struct SentencesTests {
    @Test(arguments: [
        ("Un. Deux ! Trois ?", ["Un.", "Deux !", "Trois ?"]),
        (
            "M. Dupont et Mme Roy vus par le Dr. Blanc.",
            ["M. Dupont et Mme Roy vus par le Dr. Blanc."]
        ),
        ("The U.S. Senate met at 5 p.m. Monday.", ["The U.S. Senate met at 5 p.m. Monday."]),
        ("J. K. Rowling wrote it.", ["J. K. Rowling wrote it."]),
        ("Il pèse 3.5 kg. Fin.", ["Il pèse 3.5 kg.", "Fin."]),
        ("« Oui ! » dit-il. « Non. » Il part.", ["« Oui ! » dit-il.", "« Non. »", "Il part."]),
        ("“Stop.” She left.", ["“Stop.”", "She left."]),
        ("Titre sans point\n\nTexte\nqui suit.", ["Titre sans point", "Texte\nqui suit."]),
        ("Hmm... well… Then.", ["Hmm... well…", "Then."]),
        ("What?! No.", ["What?!", "No."]),
        ("雨です。晴れ。", ["雨です。", "晴れ。"]),
        ("  espace  ", ["espace"]),
        ("voir ex.test/a.b pour cela", ["voir ex.test/a.b pour cela"]),
        ("", []), ("\n\n \n", []), ("...", ["..."]), ("« »", ["« »"]),
    ])
    func textIsCutIntoSentences(text: String, expected: [String]) {
        #expect(split(text) == expected)
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func anyTextIsCoveredInOrder(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let signs = Array("aB .!?…\n»«\"'()5é。 \u{A0}M".unicodeScalars)
        var text = ""
        for _ in 0..<60 { text.unicodeScalars.append(signs[random.below(signs.count)]) }
        let scalars = Array(text.unicodeScalars)
        var end = 0
        for range in sentences(of: text) {
            #expect(range.start >= end && range.end > range.start && range.end <= scalars.count)
            #expect(scalars[end..<range.start].allSatisfy { $0.properties.isWhitespace })
            end = range.end
        }
        #expect(scalars[end...].allSatisfy { $0.properties.isWhitespace }, "seed \(seed)")
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers for the same seed, everywhere.
private struct SeededGenerator {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((value ^ (value >> 31)) % UInt64(bound))
    }
}
