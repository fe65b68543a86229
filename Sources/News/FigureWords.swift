/// The words about figures, French and English, in small letters.

/// Numbers that are written out before a scale: "deux milliards".
let unitWords: [String: Int64] = [
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7,
    "huit": 8, "neuf": 9, "dix": 10, "onze": 11, "douze": 12, "vingt": 20, "trente": 30,
    "cent": 100, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "twenty": 20, "thirty": 30, "a": 1,
]

/// "billion" is the English one here; in French it is a million millions.
let scaleWords: [String: Int64] = [
    "k": 1_000, "mille": 1_000, "millier": 1_000, "milliers": 1_000, "thousand": 1_000,
    "million": 1_000_000, "millions": 1_000_000, "mn": 1_000_000,
    "milliard": 1_000_000_000, "milliards": 1_000_000_000, "md": 1_000_000_000,
    "mds": 1_000_000_000, "mrd": 1_000_000_000, "billion": 1_000_000_000,
    "billions": 1_000_000_000, "bn": 1_000_000_000, "b": 1_000_000_000,
    "trillion": 1_000_000_000_000, "trillions": 1_000_000_000_000, "tn": 1_000_000_000_000,
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
    "roubles": "RUB", "rubles": "RUB", "won": "KRW", "wons": "KRW",
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
