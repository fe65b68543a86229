import Markup
import Testing

@Suite struct HTMLTextTests {
    @Test(arguments: [
        ("plain", "plain"), ("  a \n\t b&nbsp;c ", "a b c"), ("<b>Bold</b>face", "Boldface"),
        ("<p>One</p><p>Two</p>", "One Two"), ("a<br>b", "a b"), ("AT&amp;T &lt;3", "AT&T <3"),
        ("1 < 2 > 0", "1 < 2 > 0"), ("x<script>alert('<b>')</script>y", "xy"),
        ("<style>p{}</style>z", "z"), ("<!-- hidden -->seen", "seen"), ("soft\u{AD}ly", "softly"),
        ("a\u{7}b", "ab"), ("&amp;eacute;", "&eacute;"), ("<![CDATA[a <b> c]]>", "a <b> c"),
        ("", ""),
    ])
    func plainTextOf(html: String, text: String) {
        #expect(plainText(ofHTML: html) == text)
    }

    @Test(arguments: [
        ("<p>Hi</p>", "<p>Hi</p>"), ("<p onclick=x class='a'>Hi", "<p class=\"a\">Hi</p>"),
        ("<script>alert(1)</script>ok", "ok"), ("<style>x</style>ok", "ok"),
        ("<iframe src=//evil>in</iframe>ok", "ok"),
        ("<object data=x>fallback</object>", "fallback"),
        ("<form action=x><input name=q>Search</form>", "Search"),
        ("<a href='javascript:alert(1)'>x</a>", "<a>x</a>"),
        ("<a href='java\tscript&colon;alert(1)'>x</a>", "<a>x</a>"),
        ("<a href='&#1;javascript:alert(1)'>x</a>", "<a>x</a>"),
        ("<img src='data:text/html,x'>", "<img>"), ("<a href='vbscript:x'>y</a>", "<a>y</a>"),
        ("<a href='/deep'>x</a>", "<a href=\"https://a.example/deep\">x</a>"),
        ("<a href='mailto:a@b.example'>x</a>", "<a href=\"mailto:a@b.example\">x</a>"),
        ("<b><i>x</b>y", "<b><i>x</i></b>y"), ("</p>x", "x"), ("1 < 2 & 3", "1 &lt; 2 &amp; 3"),
        ("<img alt='\"><script>'>", "<img alt=\"&quot;&gt;&lt;script&gt;\">"),
        ("<svg><a href=x>in</a></svg>out", "out"), ("<x-widget>kept</x-widget>", "kept"),
        ("<!-- no -->yes", "yes"),
        ("<a href='&#1;/x&#x81;'>x</a>", "<a href=\"https://a.example/x\">x</a>"),
        ("a<svg id='i'/>b", "ab"), ("a&#27;&#x85;b", "a…b"),
        ("<a href=1 href='javascript:x'>", "<a href=\"https://a.example/1\"></a>"),
    ])
    func cleaned(html: String, clean: String) {
        let result = cleanedHTML(html) { reference in
            "https://a.example/" + reference.drop { $0 == "/" }
        }
        #expect(result == clean)
    }

    @Test func anAddressThatCannotBeResolvedIsLeftOut() {
        #expect(cleanedHTML("<a href='x'>y</a>") { _ in nil } == "<a>y</a>")
    }

    @Test func deepNestingKeepsItsText() {
        let html = String(repeating: "<div>", count: 5_000) + "core"
        let result = cleanedHTML(html) { $0 }
        #expect(result.contains("core"))
        #expect(result.utf8.count < 256 * 11 + 10)
    }
}
