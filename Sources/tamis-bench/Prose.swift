internal import Glibc

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers from the same seed, everywhere.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Evenly in 0..<1.
    mutating func share() -> Double { Double(next() >> 11) / Double(UInt64(1) << 53) }
}

/// Writes text that has no sense but the measure of news: the words of English grammar between
/// invented ones, the rank of a word deciding how often it comes (Zipf), names, figures,
/// typographic signs, and a subject that a text keeps to.
struct Prose {
    /// What a text is about: names, words and figures that come again and again in it.
    struct Subject {
        var names: [String]
        var words: [String]
        var figures: [String]
    }

    var generator: SeededGenerator
    private let vocabulary: [String]
    private let names: [String]

    /// Content words, the commonest first; English newspapers of a year have more, but rarer ones.
    private static let vocabularyCount = 12_000
    private static let namesCount = 3000
    private static let functionWords =
        """
        the of and to in a is that for it as was with be by on not he his at are this have had from
        they which but were all we their has there been would will more when who one so no if out
        """.split(whereSeparator: \.isWhitespace).map(String.init)
    private static let onsets = "b c d f g l m n p r s t v br cl dr fl gr pl pr st tr".split(
        separator: " ")
    private static let cores = ["a", "e", "i", "o", "u", "ai", "ea", "ou", "é", "io"]
    private static let codas = ["", "", "l", "n", "r", "s", "t", "nd", "st", "m"]

    init(seed: UInt64) {
        // The vocabulary is the same for all seeds, as a language is the same for all texts.
        var generator = SeededGenerator(seed: 1)
        vocabulary = (0..<Self.vocabularyCount).map { _ in
            Self.word(syllables: Int.random(in: 1...4, using: &generator), &generator)
        }
        names = (0..<Self.namesCount).map { _ in
            let word = Self.word(syllables: 2, &generator)
            return word.prefix(1).uppercased() + word.dropFirst()
        }
        self.generator = SeededGenerator(seed: seed)
    }

    private static func word(syllables: Int, _ generator: inout SeededGenerator) -> String {
        (0..<syllables).map { _ in
            pick(onsets, &generator) + pick(cores, &generator) + pick(codas, &generator)
        }.joined()
    }

    /// A subject of its own.
    mutating func subject() -> Subject {
        Subject(
            names: (0..<3).map { _ in pick(names, &generator) },
            words: (0..<8).map { _ in pick(vocabulary, &generator) },
            figures: (0..<2).map { _ in "\(Int.random(in: 2...9000, using: &generator))" })
    }

    /// Text of at least `words` words, with less than one sentence more.
    mutating func paragraph(words: Int, about subject: Subject) -> String {
        var text = ""
        var count = 0
        while count < words {
            let length = Int.random(in: 9...26, using: &generator)
            if !text.isEmpty { text += " " }
            text += sentence(words: length, about: subject)
            count += length
        }
        return text
    }

    /// Paragraphs of some 60 words, about `words` together.
    mutating func paragraphs(words: Int, about subject: Subject) -> [String] {
        (0..<max(1, words / 60)).map { _ in paragraph(words: min(words, 52), about: subject) }
    }

    /// A line without a full stop.
    mutating func headline(about subject: Subject) -> String {
        var words = (0..<6).map { _ in word(about: subject) }
        words[0] = pick(subject.names, &generator)
        return words.joined(separator: " ")
    }

    private mutating func sentence(words: Int, about subject: Subject) -> String {
        var text = ""
        let quotes = generator.share() < 0.12
        for index in 0..<words {
            let word = word(about: subject)
            if index > 0 { text += generator.share() < 0.07 ? ", " : " " }
            text += index == 0 ? word.prefix(1).uppercased() + word.dropFirst() : word
        }
        return quotes ? "“\(text)”." : text + "."
    }

    private mutating func word(about subject: Subject) -> String {
        switch generator.share() {
        case ..<0.42: pick(Self.functionWords, &generator)
        case ..<0.50: pick(subject.words, &generator)
        case ..<0.54: pick(subject.names, &generator)
        case ..<0.55: pick(subject.figures, &generator)
        case ..<0.57: pick(names, &generator)
        case ..<0.58: "\(Int.random(in: 2...2030, using: &generator))"
        default: commonOrRareWord()
        }
    }

    /// A word whose chance falls with its rank.
    private mutating func commonOrRareWord() -> String {
        let rank = Int(exp(generator.share() * log(Double(vocabulary.count))))
        return vocabulary[min(max(rank - 1, 0), vocabulary.count - 1)]
    }
}

/// One of the elements, or nothing at all when there are none.
private func pick(_ choices: [some StringProtocol], _ generator: inout SeededGenerator) -> String {
    choices.randomElement(using: &generator).map { String($0) } ?? ""
}
