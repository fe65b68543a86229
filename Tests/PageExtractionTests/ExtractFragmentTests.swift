import News
import PageExtraction
import Testing

@Suite struct ExtractFragmentTests {
    @Test func aFragmentIsTheArticleWithoutChoosing() {
        let page = extractFragment(
            html: "<p>Short.</p><p>Also short</p><ul><li>One</li></ul>", from: nil)
        #expect(page.text == "Short.\n\nAlso short\n\nOne")
        #expect(page.blocks.map(\.kind) == [.paragraph, .paragraph, .listItem])
        #expect(page.kind == .article)
    }

    @Test(arguments: [
        ("<p>Text of it.</p><div class=share-buttons><a href=/x>Share</a></div>", "Text of it."),
        ("<p>Text of it.</p><script>x()</script><style>y{}</style>", "Text of it."),
        ("<p>Text of it.</p><figure><img><figcaption>Photo</figcaption></figure>", "Text of it."),
        ("Bare text &amp; <b>bold</b>", "Bare text & bold"),
        ("<div class=comments>All of it</div>", "All of it"),
    ])
    func furnitureGoesAndTextStays(html: String, text: String) {
        #expect(extractFragment(html: html, from: nil).text == text)
    }

    @Test func textWithoutMarkUpKeepsItsParagraphs() {
        let page = extractFragment(html: "One &amp; a half\ngoes on\n \n\nTwo", from: nil)
        #expect(page.text == "One & a half goes on\n\nTwo")
    }

    @Test func nothingIsEmpty() {
        #expect(extractFragment(html: "<img src=x>", from: nil).kind == .empty)
    }
}
