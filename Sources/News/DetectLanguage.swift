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
/// hold 20–50 % of running text. Knows fr en de es it pt nl ca ro da sv no fi pl cs hu tr, ru uk bg
/// sr, el, ar fa ur, he, hi, th, zh, ja, ko. Cost: linear in the first 20,000 scalars.
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
        let isJapanese = scripts.counts[.kana, default: 0] * 10 >= scripts.letters
        return LanguageGuess(tag: isJapanese ? "ja" : "zh", isSure: isSure)
    case .kana: return LanguageGuess(tag: "ja", isSure: isSure)
    case .hangul: return LanguageGuess(tag: "ko", isSure: isSure)
    case .greek: return LanguageGuess(tag: "el", isSure: isSure)
    case .hebrew: return LanguageGuess(tag: "he", isSure: isSure)
    case .devanagari: return LanguageGuess(tag: "hi", isSure: isSure)
    case .thai: return LanguageGuess(tag: "th", isSure: isSure)
    }
}

// MARK: - By script

private enum Script: CaseIterable {
    case latin, cyrillic, greek, arabic, hebrew, devanagari, thai, kana, han, hangul

    init?(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x41...0x5A, 0x61...0x7A, 0xC0...0x24F, 0x1E00...0x1EFF: self = .latin
        case 0x370...0x3FF, 0x1F00...0x1FFF: self = .greek
        case 0x400...0x52F: self = .cyrillic
        case 0x590...0x5FF: self = .hebrew
        case 0x600...0x6FF, 0x750...0x77F, 0xFB50...0xFDFF, 0xFE70...0xFEFE: self = .arabic
        case 0x900...0x97F: self = .devanagari
        case 0xE00...0xE7F: self = .thai
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

private struct ScriptCounts {
    private(set) var counts: [Script: Int] = [:]
    private(set) var letters = 0
    /// Letters that set apart languages of one script.
    private(set) var telling: Set<Unicode.Scalar> = []

    init(of text: String) {
        for scalar in text.unicodeScalars.prefix(LanguageLimits.scalarsMax) {
            guard let script = Script(scalar) else { continue }
            counts[script, default: 0] += 1
            letters += 1
            if tellingLetters.contains(scalar) { telling.insert(scalar) }
        }
    }

    /// The script of at least seven letters in ten; Chinese signs and kana count together.
    var dominant: Script? {
        var counts = counts
        if let han = counts[.han], let kana = counts[.kana] {
            counts[.han] = han + kana
            counts[.kana] = nil
        }
        guard let (script, count) = counts.max(by: { $0.value < $1.value }),
            count >= script.lettersMin, count * 10 >= letters * 7
        else { return nil }
        return script
    }

    func has(_ letters: String) -> Bool {
        letters.unicodeScalars.contains { telling.contains($0) }
    }
}

private let tellingLetters = Set("ыэёіїєґъјљњћђپچگژیکٹڈںے".unicodeScalars)

private func cyrillicLanguage(_ scripts: ScriptCounts) -> String? {
    let (isRussian, isUkrainian) = (scripts.has("ыэё"), scripts.has("їєґ"))
    if scripts.has("јљњћђ") { return isRussian || isUkrainian ? nil : "sr" }
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
    let foreign = hits.reduce(0) { $1.key.contains(best) ? $0 : $0 + $1.value }
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
) -> (hits: [LanguageSet: Int], words: Int) {
    var hits: [LanguageSet: Int] = [:]
    var words = 0
    var word = ""
    func close() {
        guard !word.isEmpty else { return }
        words += 1
        if let languages = evidence.byWord[word] { hits[languages, default: 0] += 1 }
        word = ""
    }
    for scalar in text.unicodeScalars.prefix(LanguageLimits.scalarsMax) {
        switch scalar.value {
        case 0x61...0x7A: word.unicodeScalars.append(scalar)
        case 0x41...0x5A, 0xC0...0x24F:
            word.unicodeScalars.append(
                contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
        default: close()
        }
    }
    close()
    return (hits, words)
}

/// Indices into `FunctionWords.languages`.
private struct LanguageSet: Hashable, Sendable {
    private(set) var bits: UInt32 = 0
    func contains(_ index: Int) -> Bool { bits & (1 << UInt32(index)) != 0 }
    mutating func insert(_ index: Int) { bits |= 1 << UInt32(index) }
}

private struct FunctionWords: Sendable {
    static let shared = FunctionWords()

    let languages: [String]
    let byWord: [String: LanguageSet]

    private init() {
        languages = functionWords.map(\.language)
        var byWord: [String: LanguageSet] = [:]
        for (index, row) in functionWords.enumerated() {
            for word in row.words.split(separator: " ") {
                byWord[String(word), default: LanguageSet()].insert(index)
            }
        }
        self.byWord = byWord
    }
}

/// Articles, prepositions, pronouns, auxiliaries: what every text has whatever it is about.
/// Apostrophes part words, so `l`, `d` and `qu` stand for themselves.
private let functionWords: [(language: String, words: String)] = [
    (
        "fr",
        """
        le la les l un une des du de d et est en que qui qu dans pour pas sur au aux par plus ce \
        cette ces il elle ils elles avec son sa ses ne n se s mais ont été être sont nous vous \
        leur leurs comme ou où très aussi après avant entre sans sous depuis dont fait avait \
        était tout tous deux si même encore j c à y je a dit cela peut selon ainsi lors puis chez \
        notre votre donc car quand contre toute toutes autres autre pendant on ont va
        """
    ),
    (
        "en",
        """
        the of and to in is that for it with as was on are be by this have from at not but has had \
        they his her he she which or an were their been will would there its who can more all when \
        said about than also into after you we what one other some up out a if over could new no our
        """
    ),
    (
        "de",
        """
        der die das und in den von zu mit sich des auf für ist im dem nicht ein eine als auch es \
        an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so \
        zum war haben nur oder aber vor zur bis mehr durch man sein wurde sei wenn kann ich wir \
        ihre gegen vom schon unter
        """
    ),
    (
        "es",
        """
        de la que el en y a los del se las por un para con no una su al lo como más pero sus le \
        ya o este sí porque esta entre cuando muy sin sobre también me hasta hay donde quien \
        desde todo nos durante todos uno les ni contra otros ese eso ha son fue está han ser \
        había era tiene dos años
        """
    ),
    (
        "it",
        """
        di e il la che in un a per è una sono non si con i del da le alla come ha dei nel della \
        più al anche lo gli ma se delle dal sul nella hanno degli questo essere ed stato l dalla \
        loro suo sua dopo tra o c molto ci agli ai sulla dell all nell cui era anni due perché stata
        """
    ),
    (
        "pt",
        """
        de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao \
        ele das tem à seu sua ou ser quando muito há nos já está eu também só pelo pela até isso \
        ela entre era depois sem mesmo aos ter seus quem nas me esse eles estão você tinha foram \
        são num anos
        """
    ),
    (
        "nl",
        """
        de het een van en in is dat op te zijn voor met die niet aan er om ook als bij maar dan \
        of uit nog worden door naar heeft hebben ze wordt tot over je was hij zich deze kan meer \
        wel geen al werd ik zo dit onder tegen na wat moet jaar omdat haar we hun daar onze veel
        """
    ),
    (
        "ca",
        """
        de la i que el en a els les un una per del amb no és al es ha dels més com han aquest \
        aquesta però seu seva l d s van ser són entre fins també sobre des on molt tot pel pels \
        aquests hi ho va sense quan perquè anys dos
        """
    ),
    (
        "ro",
        """
        de și în a la cu care pe din să nu un o că mai pentru este au fost al ale sunt s lui se \
        prin după fi sau dar lor între fost această acest cea cel iar când până ce sa său toate va
        """
    ),
    (
        "da",
        """
        og i at det er en til på af for med der de som den har ikke et fra var han om sig vil men \
        kan blev efter ved over også jeg eller hvor skal være når havde været nu mere bliver \
        blive hun os efter år siger mod
        """
    ),
    (
        "no",
        """
        og i det er en til på av for med som de den har ikke et fra var han om seg vil men kan \
        ble etter ved over også jeg eller hvor skal være når hadde vært nå mer blir bli hun oss \
        etter år sier mot sa at ut opp
        """
    ),
    (
        "sv",
        """
        och i att det är en till på av för med som de den har inte ett från var han om sig vill \
        men kan blev efter vid över också jag eller där ska vara när hade varit nu mer blir hon \
        oss under år säger mot dem så
        """
    ),
    (
        "fi",
        """
        ja on ei että se oli ovat mutta kun myös hän joka ole jos niin kuin mukaan olla vain tai \
        sen ollut mitä tämä sekä ovat jotka jo vielä kanssa jälkeen ennen sitä siitä nyt olisi \
        vuoden voi sanoo tämän
        """
    ),
    (
        "pl",
        """
        w i na z się nie do to że jest o jak po za od a przez ale dla są był co tym tego ma już \
        oraz przy ich było tylko być może przed pod która który które jego jej roku także będzie \
        czy gdy
        """
    ),
    (
        "cs",
        """
        a v na se je že s to z do o i ve k pro za by jsou ale jako po který která které podle od \
        jeho jsem byl bylo již také při než roku tak více před jen když nebo až ze aby jsme není
        """
    ),
    (
        "hu",
        """
        a az és hogy nem is egy meg ez csak volt de mint már ki még van el ha vagy után kell azt \
        szerint ezt lesz pedig majd között amely akkor mert sem amit így több aki nagy
        """
    ),
    (
        "tr",
        """
        ve bir bu da de için ile olarak çok daha en olan gibi kadar sonra ne her var o ama ancak \
        ise değil olduğu tarafından göre iki ya oldu yeni diye olduğunu ben mi kendi etti dedi
        """
    ),
]
