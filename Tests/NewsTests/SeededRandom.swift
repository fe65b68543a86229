/// A generator that gives the same values for the same seed (SplitMix64), so that a failing
/// property test can be run again.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &self)]
    }

    /// Something like an address, put together from what addresses are made of and break on.
    mutating func address() -> String {
        let parts = [
            "https", "http", ":", "/", "//", "\\", "?", "#", "&", "=", "%", "%2e", "%2E.", "%41",
            "%75tm_source=x", "utm_medium=a", "@", ".", "..", "www.", "amp.", "m.", "[::1]", "[",
            "]", ":80", ":443", ":99999", "example.org", "a", "B", "é", "\u{202E}", "\u{0}", " ",
            "\t", "index.html", "index%2ehtml", "/amp", "123", ";jsessionid=1", "İ", "。", "#!/x",
            "a=", "!", "x=1", "🦊", ".amp", "(S(x))", "cdn.ampproject.org/c/s/", "ü", "ref=rss",
            "en.m.example.org",
        ]
        let opening = pick(["", "https://", "http://example.org", "https://example.org/", "//"])
        let count = Int.random(in: 0...9, using: &self)
        return (0..<count).reduce(opening) { text, _ in text + pick(parts) }
    }

    /// Something like text, with the signs that texts break on.
    mutating func text(parts count: Int = 30) -> String {
        let parts = [
            "mot", "Le", "l’eau", "e\u{301}", "é", "\u{301}", " ", "  ", "\u{A0}", "\u{202F}",
            "\n", "\r\n", "\n\n", "\t", "\u{200B}", "\u{200D}", "\u{FEFF}", "\u{AD}", "\u{202E}",
            "«", "»", "!", "ﬁn", "👩\u{200D}👧", "日本", "한", "\u{1112}\u{1161}", "\u{0}", "Å",
            "\u{212B}", "\u{2028}", "\u{E000}", "100 000", "-", "…", "ا\u{200C}ب",
            "\u{2001}", "\u{FE0F}", "❤\u{FE0F}", "\u{1F3F4}\u{E0067}", "word",
        ]
        return (0..<count).reduce("") { text, _ in text + pick(parts) }
    }
}
