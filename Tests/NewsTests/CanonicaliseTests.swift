import News
import Testing

@Suite struct CanonicaliseTests {
    private func canonical(_ text: String) -> String? {
        HTTPURL(text).map { canonicalise($0).text }
    }

    @Test(arguments: [
        ("http://www.example.org/a/", "https://example.org/a"),
        ("https://m.example.org/a#top", "https://example.org/a"),
        ("https://www.amp.example.org/a", "https://example.org/a"),
        ("https://amp.www.example.org/a/amp/", "https://example.org/a"),
        ("https://u:p@example.org:443/", "https://example.org/"),
        ("http://example.org:443/", "https://example.org/"),
        ("https://example.org:8080/", "https://example.org:8080/"),
        ("https://example.org/index.php", "https://example.org/"),
        ("https://example.org/a/index.html/", "https://example.org/a"),
        ("https://example.org/%7Ea/%41", "https://example.org/~a/A"),
        ("https://example.org/a%2fb", "https://example.org/a%2Fb"),
        ("https://example.org/a;jsessionid=1F?x=1", "https://example.org/a?x=1"),
        ("https://example.org/?b=2&a=1&utm_source=rss&fbclid=x", "https://example.org/?a=1&b=2"),
        ("https://example.org/?UTM_Source=rss", "https://example.org/"),
        ("https://example.org/?%75tm_source=rss", "https://example.org/"),
        ("https://example.org/?a=&b=1", "https://example.org/?b=1"),
        ("https://m.org/a", "https://m.org/a"),
        ("https://fr.m.example.org/a", "https://fr.example.org/a"),
        ("https://fr.m.org/a", "https://fr.m.org/a"),
        ("https://example.org//a///b//", "https://example.org/a/b"),
        ("https://example.org/a.amp.html", "https://example.org/a.html"),
        ("https://example.org/a.amp?amp", "https://example.org/a"),
        ("https://example.org/amp", "https://example.org/amp"),
        ("https://example.org/.amp", "https://example.org/.amp"),
        ("https://example.org/a;jsessionid=1F/b;v=2", "https://example.org/a/b;v=2"),
        ("https://example.org/.;jsessionid=1", "https://example.org/.;jsessionid=1"),
        ("https://example.org/(S(k3x))/a.aspx", "https://example.org/a.aspx"),
        ("https://example.org/(S(k3x)).amp", "https://example.org/"),
        ("https://example.org/a?ref=rss&ASPSESSIONIDQQ=1", "https://example.org/a"),
        ("https://example.org/a?q=x%20y", "https://example.org/a?q=x+y"),
        (
            "https://www-example-org.cdn.ampproject.org/c/s/www.example.org/a/amp/?id=1",
            "https://example.org/a?id=1"
        ),
        ("https://cdn.ampproject.org/v/example.org/a", "https://example.org/a"),
        ("https://www.google.com/amp/s/m.example.org/a", "https://example.org/a"),
        (
            "https://www.google.com/amp/s/x.cdn.ampproject.org/c/s/example.org/a",
            "https://example.org/a"
        ),
        ("https://www.google.com/amp/", "https://google.com/amp"),
        ("https://M\u{DC}NCHEN.example/a", "https://xn--mnchen-3ya.example/a"),
        ("https://mu\u{308}nchen.example/a", "https://xn--mnchen-3ya.example/a"),
        ("https://\u{FF45}xample\u{3002}org/a", "https://example.org/a"),
        ("https://www.b\u{FC}cher.example/", "https://xn--bcher-kva.example/"),
        // What stands for `a/c` is no part of a name.
        ("https://\u{2100}.example/", "https://\u{2100}.example/"),
    ])
    func addressesOfOneDocumentMeet(text: String, expected: String) {
        #expect(canonical(text) == expected)
    }

    @Test(arguments: [
        ("https://example.org/article.php?123", "https://example.org/article.php?456"),
        ("https://example.org/?p=1", "https://example.org/?p=2"),
        ("https://example.org/#!/a", "https://example.org/#!/b"),
        ("https://example.org/story?sid=1", "https://example.org/story?sid=2"),
        ("https://example.org/a", "https://example.org/A"),
        ("https://news.example.org/a", "https://example.org/a"),
        ("https://example.org/a%2Fb", "https://example.org/a/b"),
        ("https://example.org/?ref=12", "https://example.org/?ref=13"),
        ("https://example.org/?source=rss2", "https://example.org/?source=rss3"),
        ("https://example.org/a;id=1", "https://example.org/a;id=2"),
        ("https://b\u{FC}cher.example/", "https://bucher.example/"),
    ])
    func addressesOfTwoDocumentsStayApart(a: String, b: String) {
        #expect(canonical(a) != nil)
        #expect(canonical(a) != canonical(b))
    }

    @Test func everyLineOfTheRulesIsOne() {
        let rules = AddressRules.standard
        #expect(rules.unread == [])
        #expect(rules.labels.first == "www.")
        #expect(AddressRules(text: "label www\nlabels m\nending").unread == ["labels m", "ending"])
        for parameter in ["utm_x", "utm_x=1", "fbclid=1", "ref=rss", "x="] {
            #expect(rules.passesOver(parameter), "\(parameter)")
        }
        for parameter in ["utm=1", "ref=1", "ref", "x", "=1"] {
            #expect(!rules.passesOver(parameter), "\(parameter)")
        }
    }

    // RFC 3492, section 7.1, in lower case.
    @Test(arguments: [
        ("\u{62A}\u{648}\u{646}\u{633}.example", "xn--pgbs0dh.example"),
        ("他们为什么不说中文", "xn--ihqwcrb4cv8a8dqg056pqjye"),
        ("почемужеонинеговорятпорусски", "xn--b1abfaaepdrnnbgefbadotcwatmq2g4l"),
        ("3年b組金八先生", "xn--3b-ww4c5e180e575a65lsy2b"),
        ("-> $1.00 <-", "-> $1.00 <-"),
        ("b\u{FC}cher", "xn--bcher-kva"),
        ("plain-name", "plain-name"),
        (String(repeating: "字", count: 64), String(repeating: "字", count: 64)),
        ("a..\u{FC}", "a..\u{FC}"),
    ])
    func hostsOfOtherScriptsAreWrittenInASCII(host: String, expected: String) {
        #expect(asciiName(ofHost: host) == expected)
        #expect(asciiName(ofHost: expected) == expected)
    }

    @Test(arguments: [UInt64(11), 12, 13, 14])
    func canonicalFormIsItsOwnCanonicalForm(seed: UInt64) throws {
        var random = SeededRandom(seed)
        for _ in 0..<3000 {
            let text = random.address()
            guard let url = HTTPURL(text) else { continue }
            let once = canonicalise(url)
            let again = HTTPURL(once.text).map { canonicalise($0) }
            #expect(again == once, "seed \(seed): \(text.debugDescription)")
        }
    }
}
