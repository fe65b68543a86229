import Markup
import Testing

struct DoubleEncodingTests {
    @Test(
        arguments: [
            ("donâ€™t", "don’t"), ("cafÃ© dÃ©jÃ\u{A0}", "café déjà"), ("â€œaâ€¦", "“a…"),
            ("â€¦", "…"),
            ("plain", nil), ("Â\u{80}Ã©", nil), ("Â…Ã©", "…é"), ("café", nil), ("", nil),
            ("don’t", nil), ("Ångström", nil),
            // One letter may be meant as it is: a text about wrong encodings.
            ("Martine Ã©crit", nil), ("Ã", nil), ("русский", nil), ("â€™ и", nil),
            ("ã\u{81}", nil), ("ðŸ˜€", "😀"),
        ] as [(String, String?)])
    func onlyWhatIsBeyondDoubtIsUndone(text: String, meant: String?) {
        #expect(undoingDoubleEncoding(text) == meant)
    }
}
