import Promises
import Testing

/// What `extractPage` promises of any bytes, on pages with bytes changed. The fuzzers of
/// `Tests/Fuzzing` try the same for hours.
struct PromiseTests {
    private static let page = """
        <html lang="en"><head><title>Ferry late - Harbour</title><meta name=author content="A Roe">
        <link rel=canonical href="/2026/ferry"><script type="application/ld+json">{"@graph":[
        {"@type":"NewsArticle","headline":"Ferry late","datePublished":"2026-11-26","author":
        {"name":"A Roe"},"articleBody":"One.\\nTwo \\u00e9."}]}</script></head><body><nav>
        <a href="/a">A</a></nav><article><h1>Ferry late</h1><p class=byline>By A Roe, 26 November
        2026</p><p>The ferry left the quay an hour late on Thursday, and nobody on the shore could
        say why it did.</p><ul><li>Dense at nine</ul><pre>a
        b</pre><table><tr><td>1<td>2</table><figure><img src=f.jpg><figcaption>Photo: Roe</figure>
        <p>The captain spoke of fog; the harbour master, who had seen none, spoke of the
        captain.</p></article><footer>Subscribe to our newsletter</footer></body></html>
        """

    @Test func aCutAtEveryByteIsRead() {
        let bytes = Array(Self.page.utf8)
        for end in bytes.indices {
            #expect(brokenPromise(ofPage: Array(bytes[..<end])) == nil, "cut at \(end)")
        }
    }

    @Test func changedBytesAreReadWithinTheLimits() {
        let bytes = Array(Self.page.utf8)
        for seed in UInt64(1)...1000 {
            var random = SeededGenerator(seed: seed)
            var changed = bytes
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                let start = Int.random(in: changed.indices, using: &random)
                let end = min(changed.count, start + Int.random(in: 0...60, using: &random))
                switch Int.random(in: 0..<3, using: &random) {
                case 0: changed[start] = UInt8.random(in: 0...255, using: &random)
                case 1: changed.insert(contentsOf: changed[start..<end], at: start)
                default: if changed.count > 200 { changed.removeSubrange(start..<end) }
                }
            }
            #expect(brokenPromise(ofPage: changed) == nil, "seed \(seed)")
        }
    }
}
