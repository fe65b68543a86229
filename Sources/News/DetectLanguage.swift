/// The limits of language detection.
package enum LanguageLimits {
    /// Unicode scalars that are read; the rest of the text is not looked at.
    package static let scalarsMax = 20_000
    /// Fewer words than this say too little.
    package static let wordsMin = 8
    /// From so many words on, and with a clear lead, detection may overrule a declaration.
    package static let sureWordsMin = 40
}

/// The language of a text as a BCP 47 primary subtag; nil rather than wrong, so nil for short,
/// mixed and unknown text.
///
/// Alphabets that one language has for its own decide alone (Greek, Hebrew, Korean, kana); Cyrillic
/// and Arabic by the letters that set their languages apart; Latin script by function words, which
/// hold 20–50 % of running text. Knows fr en de es it pt nl ca ro da sv no fi pl cs sk hr sl lt lv
/// et hu tr vi id sq af eu, ru uk be bg mk sr, el, ka, hy, ar fa ur, he, am, hi mr, bn, pa, gu, ta,
/// te, kn, ml, si, th, lo, my, km, zh, ja, ko. Cost: linear in the first 20,000 scalars.
package func detectLanguage(of text: String) -> String? {
    guessLanguage(of: text)?.tag
}

/// A language and how sure it is.
struct LanguageGuess {
    var tag: String
    /// Enough text and a clear lead over every other language.
    var isSure: Bool
}

func guessLanguage(of text: String) -> LanguageGuess? {
    let scripts = ScriptCounts(of: text)
    guard let script = scripts.dominant else { return nil }
    let isSure = scripts.letters >= 4 * LanguageLimits.sureWordsMin
    switch script {
    case .latin: return guessByWords(in: text)
    case .cyrillic: return cyrillicLanguage(scripts).map { LanguageGuess(tag: $0, isSure: isSure) }
    case .arabic: return LanguageGuess(tag: arabicLanguage(scripts), isSure: isSure)
    case .han:
        let isJapanese = scripts.count(of: .kana) * 10 >= scripts.letters
        return LanguageGuess(tag: isJapanese ? "ja" : "zh", isSure: isSure)
    case .kana: return LanguageGuess(tag: "ja", isSure: isSure)
    case .devanagari:
        // Marathi has a letter and a vowel sign that Hindi has not.
        return LanguageGuess(tag: scripts.has("ळ") ? "mr" : "hi", isSure: isSure)
    default:
        return soleLanguages[script].map { LanguageGuess(tag: $0, isSure: isSure) }
    }
}

// MARK: - By script

private enum Script: Int, CaseIterable {
    case latin, cyrillic, greek, arabic, hebrew, devanagari, thai, kana, han, hangul
    case armenian, georgian, bengali, gurmukhi, gujarati, tamil, telugu, kannada, malayalam
    case sinhala, lao, burmese, khmer, ethiopic

    init?(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x41...0x5A, 0x61...0x7A, 0xC0...0x24F, 0x1E00...0x1EFF: self = .latin
        case 0x370...0x3FF, 0x1F00...0x1FFF: self = .greek
        case 0x400...0x52F: self = .cyrillic
        case 0x590...0x5FF: self = .hebrew
        case 0x600...0x6FF, 0x750...0x77F, 0xFB50...0xFDFF, 0xFE70...0xFEFE: self = .arabic
        case 0x900...0x97F: self = .devanagari
        case 0x980...0x9FF: self = .bengali
        case 0xA00...0xA7F: self = .gurmukhi
        case 0xA80...0xAFF: self = .gujarati
        case 0xB80...0xBFF: self = .tamil
        case 0xC00...0xC7F: self = .telugu
        case 0xC80...0xCFF: self = .kannada
        case 0xD00...0xD7F: self = .malayalam
        case 0xD80...0xDFF: self = .sinhala
        case 0xE00...0xE7F: self = .thai
        case 0xE80...0xEFF: self = .lao
        case 0x1000...0x109F: self = .burmese
        case 0x1780...0x17FF: self = .khmer
        case 0x1200...0x139F: self = .ethiopic
        case 0x530...0x58F: self = .armenian
        case 0x10A0...0x10FF, 0x1C90...0x1CBF: self = .georgian
        case 0x3041...0x30FF, 0x31F0...0x31FF: self = .kana
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x323AF: self = .han
        case 0x1100...0x11FF, 0x3130...0x318F, 0xAC00...0xD7A3: self = .hangul
        default: return nil
        }
    }

    /// A Chinese or Japanese sign says as much as a short word.
    var lettersMin: Int {
        switch self {
        case .han, .kana, .hangul: 8
        default: 24
        }
    }
}

/// Scripts that one language writes nearly alone.
private let soleLanguages: [Script: String] = [
    .greek: "el", .hebrew: "he", .hangul: "ko", .thai: "th", .armenian: "hy", .georgian: "ka",
    .bengali: "bn", .gurmukhi: "pa", .gujarati: "gu", .tamil: "ta", .telugu: "te", .kannada: "kn",
    .malayalam: "ml", .sinhala: "si", .lao: "lo", .burmese: "my", .khmer: "km", .ethiopic: "am",
]

private struct ScriptCounts {
    /// By script.
    private var counts = Array(repeating: 0, count: Script.allCases.count)
    private(set) var letters = 0
    /// Letters that set apart languages of one script.
    private(set) var telling: Set<Unicode.Scalar> = []

    init(of text: String) {
        for scalar in text.unicodeScalars.prefix(LanguageLimits.scalarsMax) {
            guard let script = Script(scalar) else { continue }
            counts[script.rawValue] += 1
            letters += 1
            // No script before Cyrillic has any.
            if scalar.value >= 0x400, tellingLetters.contains(scalar) { telling.insert(scalar) }
        }
    }

    func count(of script: Script) -> Int { counts[script.rawValue] }

    /// The script of at least seven letters in ten; Chinese signs and kana count together.
    var dominant: Script? {
        var counts = counts
        let (han, kana) = (Script.han.rawValue, Script.kana.rawValue)
        if counts[han] > 0, counts[kana] > 0 {
            counts[han] += counts[kana]
            counts[kana] = 0
        }
        guard let script = Script.allCases.max(by: { counts[$0.rawValue] < counts[$1.rawValue] }),
            counts[script.rawValue] >= script.lettersMin,
            counts[script.rawValue] * 10 >= letters * 7
        else { return nil }
        return script
    }

    func has(_ letters: String) -> Bool {
        letters.unicodeScalars.contains { telling.contains($0) }
    }
}

private let tellingLetters = Set("ыэёіїєґъўјљњћђѓќѕپچگژیکٹڈںےळ".unicodeScalars)

private func cyrillicLanguage(_ scripts: ScriptCounts) -> String? {
    let (isRussian, isUkrainian) = (scripts.has("ыэё"), scripts.has("їєґ"))
    if scripts.has("јљњћђѓќѕ") {
        return isRussian || isUkrainian ? nil : scripts.has("ѓќѕ") ? "mk" : "sr"
    }
    if scripts.has("ў") { return isUkrainian ? nil : "be" }
    if isRussian { return isUkrainian || scripts.has("і") ? nil : "ru" }
    if isUkrainian || scripts.has("і") { return "uk" }
    return scripts.has("ъ") ? "bg" : nil
}

private func arabicLanguage(_ scripts: ScriptCounts) -> String {
    if scripts.has("ٹڈںے") { return "ur" }
    return scripts.has("پچگژ") && scripts.has("یک") ? "fa" : "ar"
}

// MARK: - By function words

/// The language that most function words belong to, when it stands up to each of the others by the
/// words that only one of the two has, and when few of the words are foreign to it.
private func guessByWords(in text: String) -> LanguageGuess? {
    let evidence = FunctionWords.shared
    let (hits, words) = functionWordHits(in: text, evidence)
    guard words >= LanguageLimits.wordsMin else { return nil }
    var totals = [Int](repeating: 0, count: evidence.languages.count)
    for (languages, count) in hits {
        for index in totals.indices where languages.contains(index) { totals[index] += count }
    }
    guard let best = totals.indices.max(by: { totals[$0] < totals[$1] }) else { return nil }
    let foreign = hits.reduce(0) { $1.languages.contains(best) ? $0 : $0 + $1.count }
    guard totals[best] >= 3, totals[best] * 8 >= words, foreign * 2 <= totals[best] else {
        return nil
    }
    var isSure = words >= LanguageLimits.sureWordsMin && totals[best] * 5 >= words
    for rival in totals.indices where rival != best {
        var (own, against) = (0, 0)
        for (languages, count) in hits {
            switch (languages.contains(best), languages.contains(rival)) {
            case (true, false): own += count
            case (false, true): against += count
            default: break
            }
        }
        guard own >= 2, own >= 2 * against else { return nil }
        isSure = isSure && own >= 8 && own >= 4 * against
    }
    return LanguageGuess(tag: evidence.languages[best], isSure: isSure)
}

/// How often words of each set of languages stand in the text, and how many words it has in all.
private func functionWordHits(
    in text: String, _ evidence: FunctionWords
) -> (hits: [(languages: LanguageSet, count: Int)], words: Int) {
    var counts = Array(repeating: 0, count: evidence.sets.count)
    var words = 0
    var word = FunctionWords.Word()
    func close() {
        guard !word.isEmpty else { return }
        words += 1
        if let set = evidence.set(of: word) { counts[set] += 1 }
        word = FunctionWords.Word()
    }
    for scalar in text.unicodeScalars.prefix(LanguageLimits.scalarsMax) {
        switch scalar.value {
        case 0x61...0x7A, 0xDF...0xF6, 0xF8...0xFF: word.add(scalar.value)
        case 0x41...0x5A, 0xC0...0xD6, 0xD8...0xDE: word.add(scalar.value | 0x20)
        case 0xD7, 0xF7, 0x100...0x24F, 0x1E00...0x1EFF:
            for small in scalar.properties.lowercaseMapping.unicodeScalars { word.add(small.value) }
        default: close()
        }
    }
    close()
    let hits = counts.indices.filter { counts[$0] > 0 }
        .map { (languages: evidence.sets[$0], count: counts[$0]) }
    return (hits, words)
}

/// Indices into `FunctionWords.languages`.
private struct LanguageSet: Hashable, Sendable {
    private(set) var bits: UInt64 = 0
    func contains(_ index: Int) -> Bool { bits & (1 << UInt64(index)) != 0 }
    mutating func insert(_ index: Int) { bits |= 1 << UInt64(index) }
}

private struct FunctionWords: Sendable {
    static let shared = FunctionWords()

    let languages: [String]
    /// Every set of languages that some word belongs to.
    let sets: [LanguageSet]
    /// Words by the bits of their hash: the hash, and in step with it the set plus one, 0 for a
    /// free place.
    private let hashes: [UInt64]
    private let numbers: [Int]

    /// A word in small letters, read letter by letter: no string is made of it.
    struct Word {
        /// FNV-1a over the scalars.
        fileprivate var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        private(set) var isEmpty = true

        @inline(__always)
        mutating func add(_ scalar: UInt32) {
            hash = (hash ^ UInt64(scalar)) &* 0x0000_0100_0000_01B3
            isEmpty = false
        }
    }

    private init() {
        languages = functionWords.map(\.language)
        var byWord: [UInt64: LanguageSet] = [:]
        for (index, row) in functionWords.enumerated() {
            for written in row.words.split(separator: " ") {
                var word = Word()
                for scalar in written.unicodeScalars { word.add(scalar.value) }
                byWord[word.hash, default: LanguageSet()].insert(index)
            }
        }
        sets = Set(byWord.values).sorted { $0.bits < $1.bits }
        var capacity = 64
        while capacity < byWord.count * 4 { capacity *= 2 }
        var hashes = Array(repeating: UInt64(0), count: capacity)
        var numbers = Array(repeating: 0, count: capacity)
        for (hash, languages) in byWord {
            let slot = Self.slot(of: hash, hashes, numbers)
            hashes[slot] = hash
            numbers[slot] = (sets.firstIndex(of: languages) ?? 0) + 1
        }
        self.hashes = hashes
        self.numbers = numbers
    }

    /// Where the word stands, or the free place where it would.
    @inline(__always)
    private static func slot(of hash: UInt64, _ hashes: [UInt64], _ numbers: [Int]) -> Int {
        let mask = hashes.count &- 1
        var slot = Int(truncatingIfNeeded: hash >> 20) & mask
        while numbers[slot] != 0, hashes[slot] != hash { slot = (slot &+ 1) & mask }
        return slot
    }

    /// The number of the set of languages that have this word; nil when none has.
    @inline(__always)
    func set(of word: Word) -> Int? {
        let number = numbers[Self.slot(of: word.hash, hashes, numbers)]
        return number > 0 ? number - 1 : nil
    }
}
