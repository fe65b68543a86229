/// Blocks as sequences of folded words, so that phrases match whatever their letter case, accents
/// and punctuation, and only at the borders of words.

/// A phrase that furniture is known by.
struct FurniturePhrase {
    /// Where it must stand to count.
    enum Place {
        /// Little else stands in the block.
        case whole
        /// It opens the block, before a colon, a link or a headline.
        case opening
        /// Anywhere in a short block: nobody says it in another sense.
        case anywhere
        /// Anywhere, but only in the run of furniture at the end of the document.
        case tail
    }

    let reason: FurnitureReason
    let place: Place
    /// A primary language subtag.
    let language: String
    let words: [UInt64]
}

/// A row of `furniturePhrases`: phrases parted by `|`, of one reason, place and language.
struct FurniturePhraseRow: Sendable {
    let reason: FurnitureReason
    let place: FurniturePhrase.Place
    let language: String
    let phrases: String

    init(
        _ reason: FurnitureReason, _ place: FurniturePhrase.Place, _ language: String,
        _ phrases: String
    ) {
        self.reason = reason
        self.place = place
        self.language = language
        self.phrases = phrases
    }
}

/// The phrases of `furniturePhrases`, found by their first word. Made once; read-only.
struct PhraseIndex: Sendable {
    static let shared = PhraseIndex()

    struct Match {
        let phrase: FurniturePhrase
        /// The word that it starts at.
        let start: Int
    }

    private let byFirstWord: [UInt64: [FurniturePhrase]]
    let networks: Set<UInt64>
    private let shareFillers: Set<UInt64>

    private init() {
        var byFirstWord: [UInt64: [FurniturePhrase]] = [:]
        for row in furniturePhrases + furnitureClosingPhrases {
            for text in row.phrases.split(separator: "|") {
                let words = foldedWords(of: String(text), max: FurnitureLimits.wordsMax).words
                guard let first = words.first else { continue }
                byFirstWord[first, default: []].append(
                    FurniturePhrase(
                        reason: row.reason, place: row.place, language: row.language, words: words))
            }
        }
        // The longest first: "share this article" says more than "share".
        self.byFirstWord = byFirstWord.mapValues { phrases in
            phrases.sorted { $0.words.count > $1.words.count }
        }
        networks = Set(foldedWords(of: shareNetworks, max: .max).words)
        shareFillers = Set(foldedWords(of: shareFillerWords, max: .max).words)
    }

    func isShareWord(_ word: UInt64) -> Bool {
        networks.contains(word) || shareFillers.contains(word)
    }

    /// All phrases that stand in `words`, in order.
    func matches(in words: [UInt64], language: String?) -> [Match] {
        let primary = language?.prefix { $0 != "-" && $0 != "_" }.lowercased()
        var found: [Match] = []
        for start in words.indices {
            for phrase in byFirstWord[words[start]] ?? []
            where words[start...].starts(with: phrase.words) {
                let isOtherLanguage = primary != nil && phrase.language != primary
                if isOtherLanguage && phrase.language != "en" { continue }
                found.append(Match(phrase: phrase, start: start))
            }
        }
        return found
    }
}

/// What a line's signs say, apart from its words.
struct LineShape {
    /// UTF-8 bytes without leading signs and white space.
    var bytes = 0
    /// An arrow, a triangle, a tick box, a pointing hand before the first word.
    var opensWithSign = false
    var endsWithColon = false
    var endsSentence = false
    /// The number of words before the first colon.
    var wordsBeforeColon: Int?
    /// At least half of its sentences are questions.
    var asks: Bool { questions > 0 && questions * 2 >= sentences }
    fileprivate var questions = 0
    fileprivate var sentences = 0
    /// UTF-8 bytes of the signs before the first word.
    fileprivate var leadingSignBytes = 0
}

/// The first words of a text, folded to lower case without accents and hashed (FNV-1a, 64 bits),
/// and the shape of its line. Stops after `max` + 1 words, when the text is too long to be
/// furniture anyway.
func foldedWords(of text: String, max: Int) -> (words: [UInt64], line: LineShape) {
    var words: [UInt64] = []
    var line = LineShape()
    var word = FoldedWord()
    var last: Unicode.Scalar = " "
    for scalar in text.unicodeScalars {
        if word.take(scalar) {
            last = scalar
            continue
        }
        if let hash = word.finish() { words.append(hash) }
        if words.count > max { break }
        line.note(scalar, after: last, words: words.count)
        if !isBlank(scalar), !closesQuotation(scalar) { last = scalar }
    }
    if let hash = word.finish() { words.append(hash) }
    line.endsWithColon = last == ":" || last == "："
    line.endsSentence = isSentenceEnd(last)
    if !line.endsSentence, !words.isEmpty { line.sentences += 1 }
    line.bytes = text.utf8.drop { $0 <= 0x20 }.count - line.leadingSignBytes
    return (words, line)
}

extension LineShape {

    fileprivate mutating func note(_ scalar: Unicode.Scalar, after last: Unicode.Scalar, words: Int)
    {
        if words == 0, isSign(scalar) {
            opensWithSign = true
            leadingSignBytes += UTF8.width(scalar)
        }
        if wordsBeforeColon == nil, scalar == ":" || scalar == "：" { wordsBeforeColon = words }
        guard isSentenceEnd(scalar), !isSentenceEnd(last) else { return }
        sentences += 1
        if scalar == "?" || scalar == "？" { questions += 1 }
    }
}

/// A word in the making: letters and digits, folded.
private struct FoldedWord {
    private var hash: UInt64 = offsetBasis
    private var isEmpty = true
    private static let offsetBasis: UInt64 = 0xCBF2_9CE4_8422_2325

    /// Whether the scalar belongs to a word, and has been added to it.
    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x30...0x39, 0x61...0x7A: add(scalar.value)
        case 0x41...0x5A: add(scalar.value | 0x20)
        case ..<0xAA: return false
        case 0x300...0x36F: return !isEmpty
        case 0xC0...0x17F:
            guard let base = latinBases[scalar] else { return takeOther(scalar) }
            for byte in base.unicodeScalars { add(byte.value) }
        default: return takeOther(scalar)
        }
        return true
    }

    mutating func finish() -> UInt64? {
        defer { self = FoldedWord() }
        return isEmpty ? nil : hash
    }

    private mutating func takeOther(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.properties.isAlphabetic || scalar.properties.numericType != nil else {
            return false
        }
        add(scalar.value)
        return true
    }

    private mutating func add(_ value: UInt32) {
        isEmpty = false
        hash = (hash ^ UInt64(value)) &* 0x0000_0100_0000_01B3
    }
}

/// Accented Latin letters to what a careless writer types for them.
private let latinBases: [Unicode.Scalar: String] = {
    let rows = [
        ("a", "àáâãåāăąÀÁÂÃÅĀĂĄ"), ("c", "çćčÇĆČ"), ("e", "èéêëēĕėęěÈÉÊËĒĔĖĘĚ"), ("d", "ďđĎĐ"),
        ("i", "ìíîïīĭįÌÍÎÏĪĬĮ"), ("l", "łľĺŁĽĹ"), ("n", "ñńňÑŃŇ"), ("o", "òóôõøōŏőÒÓÔÕØŌŎŐ"),
        ("r", "ŕřŔŘ"), ("s", "śšşŚŠŞ"), ("t", "ťţŤŢ"), ("u", "ùúûūŭůűųÙÚÛŪŬŮŰŲ"), ("y", "ýÿÝŸ"),
        ("z", "źżžŹŻŽ"), ("oe", "œŒ"), ("ae", "æÆ"), ("ss", "ß"), ("a", "äÄ"), ("o", "öÖ"),
        ("u", "üÜ"),
    ]
    var bases: [Unicode.Scalar: String] = [:]
    for (base, letters) in rows {
        for letter in letters.unicodeScalars { bases[letter] = base }
    }
    return bases
}()

private func isSentenceEnd(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case ".", "!", "?", "…", "。", "！", "？": true
    default: false
    }
}

/// White space; most of it is told without the tables of Unicode.
private func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20, 0x09...0x0D: true
    case ..<0x80: false
    default: scalar.properties.isWhitespace
    }
}

private func closesQuotation(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "\"", "'", "”", "’", "»", ")", "]", "*", "_": true
    default: false
    }
}

/// Signs that point a reader somewhere.
private func isSign(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x2190...0x21FF, 0x25A0...0x25FF, 0x2610...0x2612, 0x261B...0x261F, 0x2705,
        0x2713...0x2718,
        0x2794...0x27BF, 0x2B05...0x2B0D, 0x2B95, 0x1F446...0x1F449, 0x1F4CC, 0x1F517,
        0x27F5...0x27FF:
        true
    default: false
    }
}
