import News
import Testing

@Suite struct HTTPURLTests {
    @Test(arguments: [
        ("HTTP://Example.ORG", "http://example.org/"),
        ("https://example.org:443/a", "https://example.org/a"),
        ("http://example.org:443/a", "http://example.org:443/a"),
        ("  https://example.org/a b\n", "https://example.org/a%20b"),
        ("https:\\\\example.org\\a", "https://example.org/a"),
        ("https://exa\tmple.org/", "https://example.org/"),
        ("https://example.org./", "https://example.org/"),
        ("https://user:pass@example.org/", "https://user:pass@example.org/"),
        ("https://example.org/é?q=ü#ß", "https://example.org/%C3%A9?q=%C3%BC#%C3%9F"),
        ("https://[2001:DB8::1]:8080/x", "https://[2001:db8::1]:8080/x"),
        ("https://été.example/", "https://été.example/"),
        ("https://example.org/a/./b/../c", "https://example.org/a/c"),
        ("https://example.org/a/%2e%2E/b", "https://example.org/b"),
        ("https://example.org/..", "https://example.org/"),
        ("https://example.org?x=1", "https://example.org/?x=1"),
    ])
    func absoluteAddressIsWrittenInOneForm(text: String, expected: String) {
        #expect(HTTPURL(text)?.description == expected)
    }

    @Test(arguments: [
        "", " ", "example.org", "ftp://example.org/", "javascript:alert(1)", "mailto:a@b.c",
        "https://", "https:///", "https://exa mple.org/", "https://example.org:0/",
        "https://example.org:65536/", "https://example.org:8a/", "https://.example.org/",
        "https://example..org/", "https://example.org../", "https://[::1", "https://[]/",
        "https://a%62.example/", "https://\u{202E}example.org/", "//example.org/a", "/a", "#a",
    ])
    func whatIsNoAbsoluteHTTPAddressIsRefused(text: String) {
        #expect(HTTPURL(text) == nil)
    }

    /// RFC 3986, section 5.4, as far as it is HTTP.
    @Test(arguments: [
        ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
        ("/g", "http://a/g"), ("//g", "http://g/"), ("?y", "http://a/b/c/d;p?y"),
        ("g?y", "http://a/b/c/g?y"), ("#s", "http://a/b/c/d;p?q#s"), ("g#s", "http://a/b/c/g#s"),
        (";x", "http://a/b/c/;x"), ("", "http://a/b/c/d;p?q"), (".", "http://a/b/c/"),
        ("..", "http://a/b/"), ("../g", "http://a/b/g"), ("../..", "http://a/"),
        ("../../../g", "http://a/g"), ("/./g", "http://a/g"), ("g;x=1/../y", "http://a/b/c/y"),
        ("http://x/y", "http://x/y"),
    ])
    func referenceIsResolved(reference: String, expected: String) throws {
        let base = try #require(HTTPURL("http://a/b/c/d;p?q"))
        #expect(HTTPURL(reference, relativeTo: base)?.description == expected)
    }

    @Test func longestAddressIsTakenAndNoLonger() {
        let start = "https://example.org/"
        let path = String(repeating: "a", count: HTTPURL.bytesMax - start.utf8.count)
        #expect(HTTPURL(start + path) != nil)
        #expect(HTTPURL(start + path + "a") == nil)
        // Encoding makes it too long.
        #expect(HTTPURL(start + path.dropLast(2) + "é") == nil)
    }

    @Test func secretsAreNotShown() throws {
        let url = try #require(HTTPURL("https://user:pass@example.org:8443/a?b#c"))
        #expect(url.withoutSecrets == "https://example.org:8443/a?b")
        #expect(url.origin == "https://example.org:8443")
        #expect(url.effectivePort == 8443)
        #expect(HTTPURL("http://example.org")?.effectivePort == 80)
    }

    @Test(arguments: [UInt64(1), 2, 3, 4])
    func anyTextIsReadOrRefusedAndReadsBackAsItself(seed: UInt64) {
        var random = SeededRandom(seed)
        let base = HTTPURL("https://example.org/a/b?c#d")
        for _ in 0..<3000 {
            let text = random.address()
            for url in [HTTPURL(text), HTTPURL(text, relativeTo: base)] {
                guard let url else { continue }
                #expect(HTTPURL(url.description) == url, "seed \(seed): \(text.debugDescription)")
            }
        }
    }
}
