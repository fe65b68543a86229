import Markup
import Testing

@Suite struct CharacterReferencesTests {
    @Test(arguments: [
        ("caf&eacute;", "café"), ("caf&eacute", "café"),
        ("&#233;&#xE9;&#Xe9;", "ééé"),
        ("&notin;", "∉"), ("&notit;", "¬it;"),
        ("&amp;amp;", "&amp;"), ("&NotEqualTilde;", "≂̸"),
        ("&#146;", "’"), ("&#0;", "\u{FFFD}"), ("&#xD800;", "\u{FFFD}"),
        ("&#x110000;", "\u{FFFD}"), ("&#99999999999999999999;", "\u{FFFD}"), ("&#233", "é"),
        ("&", "&"), ("&;", "&;"), ("&#;", "&#;"), ("&#x;", "&#x;"), ("&unknown;", "&unknown;"),
        ("&hellip", "&hellip"), ("a & b", "a & b"), ("&CounterClockwiseContourIntegral;", "∳"),
        ("&zwnj;x", "\u{200C}x"), ("&lt;p&gt;", "<p>"), ("", ""),
    ])
    func references(written: String, meant: String) {
        #expect(decoded(written) == meant)
    }

    @Test func aSemicolonlessNameInAnAttributeStays() {
        var result: [UInt8] = []
        let value = Array("?a=1&copy=2&lt=3&amp;x&eacute".utf8)
        appendDecoded(value[...], to: &result, inAttribute: true)
        #expect(String(decoding: result, as: UTF8.self) == "?a=1&copy=2&lt=3&xé")
    }

    @Test func theEndIsWhereTheNextCharacterStarts() {
        let bytes = Array("x&amp;y".utf8)
        let found = characterReference(at: 1, in: bytes)
        #expect(found?.utf8 == Array("&".utf8))
        #expect(found?.end == 6)
        #expect(characterReference(at: 0, in: bytes) == nil)
        #expect(characterReference(at: 99, in: bytes) == nil)
    }

    private func decoded(_ text: String) -> String {
        String(decoding: decodingCharacterReferences(Array(text.utf8)), as: UTF8.self)
    }
}
