import Foundation
import News
import PageExtraction
import Testing

@Suite struct ExtractPageTests {
    @Test func aTextThatStandsOnlyInNoscriptIsRead() throws {
        let text = (0..<8).map { "<p>\(Self.long("Paragraph \($0)"))</p>" }.joined()
        let page = try read(
            "<h1>T</h1><div id=app></div><noscript><article>\(text)</article></noscript>")
        #expect(page.blocks.count == 8)
        #expect(page.kind == .article)
    }

    @Test func theAdviceToEnableScriptsIsNoText() throws {
        let page = try read(
            "<div id=app></div><noscript><p>\(Self.long("Please enable scripts:"))</p></noscript>"
                + "<script src=app.js></script>")
        #expect(page.blocks.isEmpty)
        #expect(page.kind == .emptyShell)
    }

    @Test func aShadowRootIsShownAndOtherTemplatesAreNot() throws {
        let page = try read(
            "<main><x-story><template shadowrootmode=open>\(Self.paragraphs)</template></x-story>"
                + "<template><p>\(Self.long("Not shown:"))</p></template></main>")
        #expect(page.blocks.count == 3)
        #expect(!page.text.contains("Not shown"))
    }

    @Test func aWholePageGivesItsArticleAndNothingElse() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Fixtures/une-page-entiere")
        let body = try [UInt8](Data(contentsOf: folder.appending(path: "page.html")))
        let expected = try String(
            contentsOf: folder.appending(path: "expected.txt"), encoding: .utf8)
        let url = HTTPURL("https://www.ponant.example/economie/2026/11/20/port-blanc-voiles")
        let page = try extractPage(body, from: url, declared: "text/html; charset=utf-8")

        let kept = page.blocks.map { "\($0.kind.rawValue): \($0.text)" }
        #expect(kept == expected.split(separator: "\n").map(String.init))
        #expect(page.kind == .article)
        #expect(page.title == "À Port-Blanc, les pêcheurs remettent les voiles")
        #expect(page.authors == ["Maëlle Le Goff", "Yann Kerdoncuff"])
        #expect(page.published == Instant(rfc3339: "2026-11-20T06:30:00+01:00"))
        #expect(page.updated == Instant(rfc3339: "2026-11-20T09:05:00+01:00"))
        #expect(page.language == "fr-FR")
        #expect(page.siteName == "Le Courrier du Ponant")
        #expect(page.image == "https://images.ponant.example/voiles.jpg")
        #expect(
            page.declaredCanonical
                == "https://www.ponant.example/economie/2026/11/20/port-blanc-voiles?utm_source=x")
    }

    @Test(arguments: [
        ("<nav>X</nav>", "navigation"), ("<footer>X</footer>", "footer"),
        ("<aside>X</aside>", "aside"), ("<figure><figcaption>X</figcaption></figure>", "caption"),
        ("<div class='post-comments'>X</div>", "comments"),
        ("<div id=relatedPosts>X</div>", "related"),
        ("<div class='read-more'>X</div>", "related"),
        ("<div class=ad-slot>X</div>", "advertisement"),
        ("<div class=shareBar>X</div>", "share"), ("<p class=byline>X</p>", "byline"),
        ("<div class=tag-list>X</div><div class=tags>X</div>", "tags"),
        ("<div hidden>X</div>", "hidden"),
        ("<div style='color:red; display: none'>X</div>", "hidden"),
        ("<span class='visually-hidden'>X</span>", "hidden"),
        ("<div class=cookie-notice>X</div>", "consent"), ("<form>X</form>", "form"),
        ("<div class=newsletter-signup>X</div>", "sign-up"),
        ("<div role=navigation>X</div>", "navigation"),
        ("<div role=dialog>X</div>", "form"),
    ])
    func furnitureIsDroppedWithItsReason(html: String, reason: String) throws {
        let page = try read(article(with: html.replacing("X", with: "Something else entirely.")))
        #expect(!page.text.contains("Something else entirely"))
        #expect(page.dropped.contains { $0.reason == reason })
    }

    @Test func theStandfirstNeedsNoHeadlineOnThePage() throws {
        let words = "The council voted for the new bridge after ten years of debate and doubt."
        let page = try read(
            "<meta property=og:description content='\(words)'><header><p>\(words)</p></header>"
                + "<main>\(Self.paragraphs)</main>")
        #expect(page.text.hasPrefix(words))
    }

    @Test func marksOfFootnotesAreNoWords() throws {
        let page = try read(
            article(
                with: "<p>The bridge opened<sup><a href=#n1>[1]</a></sup> to all in 10<sup>2</sup>"
                    + " minutes, the mayor said, and nobody doubted it.</p>"))
        #expect(page.text.contains("The bridge opened to all in 102 minutes"))
    }

    @Test(arguments: [
        "<body class='has-sidebar comments-open'>", "<div class='content with-ads sidebar-right'>",
        "<div class=modal-open>", "<form action=/>", "<aside>", "<div hidden>",
    ])
    func whatHoldsTheArticleIsNoFurniture(wrapper: String) throws {
        let page = try read(wrapper + Self.paragraphs)
        #expect(page.text.contains("The first paragraph"))
        #expect(page.text.contains("The third paragraph"))
    }

    @Test func aBodySplitOverSiblingsComesTogether() throws {
        let part = "<div class=part><p>\(Self.long("One"))</p><p>\(Self.long("Two"))</p></div>"
        let other = part.replacing("One", with: "Three").replacing("Two", with: "Four")
        let page = try read("<body><div class=grid>\(part)<figure></figure>\(other)</div>")
        for word in ["One", "Two", "Three", "Four"] { #expect(page.text.contains(word)) }
    }

    @Test func paragraphsOfTheSameMakeAreOneBody() throws {
        func part(_ words: [String], class name: String) -> String {
            let paragraphs = words.map { "<p class=\(name)>\(Self.long($0))</p>" }.joined()
            return "<div><div>\(paragraphs)</div></div>"
        }
        let links = (0..<9).map { "<a href=/\($0)>Another headline of the day</a><br><br>" }
        let page = try read(
            "<h1>Rain on the town</h1>" + part(["Zero"], class: "body-text")
                + "<div>\(links.joined())</div>"
                + part(["One", "Two", "Three", "Four"], class: "body-text")
                + "<div>\(links.joined())</div>" + part(["Other"], class: "teaser-text"))
        #expect(page.text.hasPrefix("Zero"))
        #expect(page.text.contains("Four"))
        #expect(!page.text.contains("Other"))
    }

    @Test func aStandfirstThatIsCalledTeaserIsKept() throws {
        let words = "The council voted for the new bridge after ten years of debate and doubt."
        let page = try read(
            "<meta property=og:description content='\(words)'><h1>Rain on the town</h1>"
                + "<div class=header-teaser>\(words)</div><article>\(Self.paragraphs)</article>")
        #expect(page.text.hasPrefix(words))
        #expect(!page.dropped.contains { $0.text == words })
    }

    @Test(arguments: [
        ("Image 1 of 5", "counter"), ("1 / 6", "counter"), ("Photo 2 sur 8", "counter"),
        ("___", "ornament"), ("* * *", "ornament"), ("jane.doe@a.example", "contact"),
        ("twitter.com/janedoe", "contact"),
    ])
    func linesWithoutAWordGo(line: String, reason: String) throws {
        let page = try read(article(with: "<p>\(line)</p><p>\(Self.long("End"))</p>"))
        #expect(!page.text.contains(line))
        #expect(page.dropped.contains { $0.text == line && $0.reason == reason })
    }

    @Test(arguments: ["1 of 6 people agreed", "Photo 51", "2026", "He wrote to jane@a.example."])
    func linesThatSayMoreStay(line: String) throws {
        let page = try read(article(with: "<p>\(line)</p><p>\(Self.long("End"))</p>"))
        #expect(page.text.contains(line))
    }

    @Test func aHeadingThatLinksToItselfIsNoLink() throws {
        let page = try read(
            article(
                with: "<h2><a href=#now>What follows now</a></h2><p>\(Self.long("End"))</p>"
                    + "<h2><a href=/now>Read this next</a></h2><p>\(Self.long("Last"))</p>"))
        #expect(page.text.contains("What follows now"))
        #expect(!page.text.contains("Read this next"))
    }

    @Test func commentsThatOutweighTheArticleStayOut() throws {
        let comments = (0..<40).map { "<p>\(Self.long("Comment \($0)"))</p>" }.joined()
        let page = try read("\(Self.paragraphs)<div class=comments>\(comments)</div>")
        #expect(page.text.contains("The first paragraph"))
        #expect(!page.text.contains("Comment 3"))
    }

    @Test func bareTextWithDoubleBreaksIsParagraphs() throws {
        let page = try read(
            "<div>\(Self.long("One"))<br><br>\(Self.long("Two"))<br/> <br/>\(Self.long("Three"))")
        #expect(page.blocks.count == 3)
    }

    @Test func kindsOfBlocksAreKeptInOrder() throws {
        let page = try read(
            article(
                with: """
                    <h2>Head</h2><p>\(Self.long("Text"))</p><pre>a
                      b</pre><ol><li>\(Self.long("Item"))</ol>
                    <blockquote>\(Self.long("Quote"))</blockquote><p>\(Self.long("End"))</p>
                    """))
        let kinds = page.blocks.dropFirst(3).map(\.kind)
        #expect(kinds == [.heading, .paragraph, .code, .listItem, .quotation, .paragraph])
        #expect(page.blocks.first { $0.kind == .code }?.text == "a\n  b")
    }

    @Test func aTextSaidFourTimesIsMachinery() throws {
        let box = "<p>You are looking at a placeholder of our player.</p>"
        let page = try read(article(with: String(repeating: box + "<p>x</p>", count: 4)))
        #expect(!page.text.contains("placeholder"))
        #expect(page.dropped.contains { $0.reason == "repeated" })
    }

    @Test func hoverBoxesInsideAParagraphGoAndTheParagraphStays() throws {
        let page = try read(
            article(
                with: "<p>Before it <span class=tooltip>Box.</span>there is more to say here.</p>"))
        #expect(page.text.contains("Before it there is more"))
    }

    @Test(arguments: [(true, 4), (false, 0)])
    func aShellGivesItsDeclaredTextUnlessItIsForSale(isFree: Bool, count: Int) throws {
        let body = ["One", "Two", "Three", "Four"].map(Self.long).joined(separator: "\\n\\n")
        let page = try read(
            """
            <script type=application/ld+json>{"@type": "NewsArticle", "headline": "Rain",
            "isAccessibleForFree": \(isFree), "articleBody": "\(body)"}</script><div id=app></div>
            """)
        #expect(page.blocks.count == count)
        #expect(page.kind == (isFree ? .article : .paywallStub))
    }

    @Test func anyBytesAreReadWithoutATrap() {
        var random = SeededGenerator(seed: 23)
        let pieces = [
            "<p>", "</div>", "<div class='", "'", "<table>", "<tr>", "<td>", "<h1>", "<li>",
            "&eacute;",
            "<script type=application/ld+json>{\"@graph\":[", "</script>", "<meta name=",
            "<a href=",
            "A sentence, with commas, that is long enough to be taken for prose by a reader. ",
            "<br>", "<pre>", "<!--", "<time datetime=2026-99-99>", "<svg>", "</", "\u{0}",
        ]
        for round in 0..<150 {
            var body: [UInt8] = []
            for _ in 0..<60 {
                body += Array((pieces.randomElement(using: &random) ?? "").utf8)
                body.append(UInt8.random(in: 0...255, using: &random))
            }
            let page = try? extractPage(body, from: nil, declared: "text/html")
            #expect(page != nil, "seed 23, round \(round)")
            let fragment = extractFragment(html: String(decoding: body, as: UTF8.self), from: nil)
            #expect(fragment.textBytes <= 4 * body.count, "seed 23, round \(round)")
        }
    }

    @Test func hostileNestingKeepsTheText() throws {
        let deep = String(repeating: "<div>", count: 20_000) + "<p>\(Self.long("Core"))</p>"
        #expect(try read(deep).text.contains("Core"))
        let bold = String(repeating: "<b>", count: 50_000) + "<p>\(Self.long("Core"))</p>"
        #expect(try read(bold).text.contains("Core"))
        let attributes = "<p" + String(repeating: " a=1", count: 250_000) + ">\(Self.long("Core"))"
        #expect(try read(attributes).text.contains("Core"))
    }
}

extension ExtractPageTests {
    static func long(_ start: String) -> String {
        "\(start) is how this paragraph begins, and it goes on, with commas, until it is long."
    }

    static let paragraphs = ["first", "second", "third"].map {
        "<p>\(long("The \($0) paragraph"))</p>"
    }.joined()

    private func article(with html: String) -> String {
        "<body><main><h1>Title</h1><article>\(Self.paragraphs)\(html)</article></main>"
    }
}

/// Reads a small document as a page.
func read(_ html: String, at url: String = "https://news.example/a/b") throws(PageError)
    -> Extraction
{
    try extractPage(Array(html.utf8), from: HTTPURL(url), declared: "text/html")
}

extension Extraction {
    var text: String { blocks.map(\.text).joined(separator: "\n\n") }
}

/// A JSON-LD script.
func linkedData(_ json: String) -> String {
    "<script type='application/ld+json'>\(json)</script>"
}
