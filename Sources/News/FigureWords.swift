/// The words about figures in French, English, Spanish, Italian and German, in small letters.

/// How a language writes figures; an unknown one as English does.
struct FigureHabits {
    /// A comma begins the decimal part, and days come before months.
    let isContinental: Bool
    /// A billion is a million millions.
    let isLongScale: Bool

    init(of language: String?) {
        let code = language?.prefix { $0 != "-" && $0 != "_" }.lowercased() ?? "en"
        isContinental = ["fr", "es", "it", "de", "pt", "nl", "ca"].contains(code)
        isLongScale = ["fr", "es", "de", "nl", "ca"].contains(code)
    }
}

/// Numbers that are written out before a scale: "deux milliards".
let unitWords: [String: Int64] = [
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7,
    "huit": 8, "neuf": 9, "dix": 10, "onze": 11, "douze": 12, "vingt": 20, "trente": 30,
    "cent": 100, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "twenty": 20, "thirty": 30, "a": 1,
]

/// "billion" is the English one here; see `longScaleWords`.
let scaleWords: [String: Int64] = [
    "k": 1_000, "mille": 1_000, "millier": 1_000, "milliers": 1_000, "thousand": 1_000,
    "million": 1_000_000, "millions": 1_000_000, "mn": 1_000_000,
    "milliard": 1_000_000_000, "milliards": 1_000_000_000, "md": 1_000_000_000,
    "mds": 1_000_000_000, "mrd": 1_000_000_000, "billion": 1_000_000_000,
    "billions": 1_000_000_000, "bn": 1_000_000_000, "b": 1_000_000_000,
    "trillion": 1_000_000_000_000, "trillions": 1_000_000_000_000, "tn": 1_000_000_000_000,
    "mil": 1_000, "mila": 1_000, "tausend": 1_000, "millón": 1_000_000, "millon": 1_000_000,
    "millones": 1_000_000, "milione": 1_000_000, "milioni": 1_000_000, "millionen": 1_000_000,
    "mln": 1_000_000, "mio": 1_000_000, "miliardo": 1_000_000_000, "miliardi": 1_000_000_000,
    "milliarde": 1_000_000_000, "milliarden": 1_000_000_000, "mld": 1_000_000_000,
]

/// A million millions in languages that go by the long scale.
let longScaleWords: Set<String> = [
    "billion", "billions", "billón", "billon", "billones", "billionen",
]

let currencySigns: [Unicode.Scalar: String] = [
    "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW", "₽": "RUB",
]

/// Currencies by name, by code, and by a sign with its country.
let currencyWords: [String: String] = [
    "dollar": "USD", "dollars": "USD", "usd": "USD", "us$": "USD", "euro": "EUR", "euros": "EUR",
    "eur": "EUR", "livre": "GBP", "livres": "GBP", "pound": "GBP", "pounds": "GBP", "gbp": "GBP",
    "yen": "JPY", "yens": "JPY", "jpy": "JPY", "yuan": "CNY", "yuans": "CNY", "cny": "CNY",
    "chf": "CHF", "cad": "CAD", "ca$": "CAD", "c$": "CAD", "aud": "AUD", "a$": "AUD",
    "hk$": "HKD", "roupies": "INR", "rupees": "INR", "inr": "INR", "rouble": "RUB",
    "roubles": "RUB", "rubles": "RUB", "won": "KRW", "wons": "KRW", "dlr": "USD", "dlrs": "USD",
    "dólar": "USD", "dólares": "USD", "dolares": "USD", "dollari": "USD", "dollaro": "USD",
    "stg": "GBP", "sterling": "GBP", "libras": "GBP", "sterline": "GBP", "pfund": "GBP",
]

/// Currencies of which the second word tells the country.
let currencyKinds: [String: String] = [
    "dollars canadiens": "CAD", "dollars australiens": "AUD", "dollars américains": "USD",
]

let ordinalEnds: Set<String> = ["er", "st", "nd", "rd", "th", "e"]

let monthNumbers: [String: Int] = {
    let rows = [
        "janvier january jan", "février fevrier february feb", "mars march mar", "avril april apr",
        "mai may", "juin june jun", "juillet july jul", "août aout august aug",
        "septembre september sept sep", "octobre october oct", "novembre november nov",
        "décembre decembre december dec",
    ]
    var numbers: [String: Int] = [:]
    for (index, row) in rows.enumerated() {
        for name in row.split(separator: " ") { numbers[String(name)] = index + 1 }
    }
    return numbers
}()

// The words that each question is about, as nearly all words are told apart from them.

/// Those at which a figure may start.
let unitHeads = PackedWords(unitWords.keys)
let monthHeads = PackedWords(monthNumbers.keys)
let scaleHeads = PackedWords(Array(scaleWords.keys) + Array(longScaleWords) + ["m"])
let percentHeads = PackedWords(["percent", "pct", "prozent", "pour", "per", "por"])
let currencyHeads = PackedWords(Array(currencyWords.keys) + ["de", "d", "di", "us"])
