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
    ])
    func addressesOfTwoDocumentsStayApart(a: String, b: String) {
        #expect(canonical(a) != nil)
        #expect(canonical(a) != canonical(b))
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
