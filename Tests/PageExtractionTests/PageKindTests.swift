import News
import PageExtraction
import Testing

@Suite struct PageKindTests {
    @Test(arguments: [
        (
            "<title>Just a moment...</title><p>Checking your browser before accessing it.</p>",
            PageKind.botWall
        ),
        (
            "<title>404 - Page introuvable</title><h1>Page introuvable</h1><p>Oups, rien ici.</p>",
            .notFound
        ),
        (
            """
            <title>Votre vie privée</title><h1>Le respect de votre vie privée</h1><p>Avec votre
            accord, nos partenaires et nous utilisons des cookies pour stocker vos données.</p>
            <button>Tout accepter</button><p>Vous pouvez continuer sans accepter.</p>
            """, .consentWall
        ),
        ("<title>App</title><div id=root></div><script src=app.js></script>", .emptyShell),
        (
            """
            <script type=application/ld+json>{"@type":"NewsArticle","headline":"Rain",
            "isAccessibleForFree":false}</script><h1>Rain</h1><article><p>Only the first sentence of
            this story can be read, the others, as it happens, are for sale.</p></article>
            """, .paywallStub
        ),
        ("<p></p>", .empty),
        (
            """
            <h1>Rain</h1><article><p>It had rained for three days when the first of the bridges gave
            way, and those who stood there …</p></article><div>This article is for subscribers only.
            </div>
            """, .paywallStub
        ),
        (
            """
            <h1>La pluie</h1><article><p>Il avait plu pendant trois jours quand le premier des ponts
            a cédé.</p><p>Il vous reste 80 % de cet article à lire. La suite est réservée aux
            abonnés. Déjà abonné ? Connectez-vous.</p></article>
            """, .paywallStub
        ),
        (
            """
            <meta property=og:type content=video.other><h1>The river</h1><article><video src=r.mp4>
            </video><p>What our reporters saw at the river on Sunday, in two minutes.</p></article>
            """, .video
        ),
        (
            "<h1>The river in pictures</h1><article><p>What our readers saw.</p>"
                + (1...9).map {
                    "<figure><img src=\($0).jpg><figcaption>The bridge on day \($0), with boats."
                        + "</figcaption></figure>"
                }.joined() + "</article>", .gallery
        ),
        (
            linkedData(#"{"@type": "ImageGallery", "name": "The river"}"#)
                + "<h1>The river</h1><p>What our readers saw.</p>", .gallery
        ),
    ])
    func kinds(html: String, kind: PageKind) throws {
        #expect(try read(html).kind == kind)
    }

    @Test func manyLinkedHeadlinesAreAList() throws {
        let items = (0..<20).map {
            "<h3><a href=/\($0)>Headline number \($0)</a></h3><p>Teaser.</p>"
        }
        #expect(try read("<main>\(items.joined())</main>").kind == .listPage)
    }

    @Test(arguments: [
        "<title>404 days in the desert</title>", "<title>Access denied: a court's story</title>",
        linkedData(#"{"@type": "Article", "isAccessibleForFree": false}"#),
        "<div class=cookies>Cookies, consent, partners: accept all</div>",
    ])
    func aPageWithAWholeTextIsAnArticle(head: String) throws {
        let text = (0..<30).map { "<p>\(ExtractPageTests.long("Paragraph \($0)"))</p>" }.joined()
        #expect(try read("\(head)<article>\(text)</article>").kind == .article)
    }

    @Test(arguments: [
        linkedData(
            #"[{"@type": "NewsArticle", "headline": "T"}, {"@type": "VideoObject", "name": "V"}]"#),
        "<p>Already a subscriber? Log in.</p>",
        "<figure><figcaption>The bridge on Sunday, from the north.</figcaption></figure>",
    ])
    func aShortArticleStaysOneBesideAVideoOrAnOffer(beside: String) throws {
        let html = "<h1>T</h1>\(beside)<article>\(ExtractPageTests.paragraphs)</article>"
        #expect(try read(html).kind == .article)
    }

    @Test func aShortPlainArticleIsAnArticle() throws {
        #expect(
            try read("<h1>T</h1><article>\(ExtractPageTests.paragraphs)</article>").kind == .article
        )
    }

    @Test(
        arguments: [
            ("%PDF-1.7 …", "text/html", "not an HTML page but a PDF document"),
            ("GIF89a…", nil, "not an HTML page but a GIF image"),
            ("{\"a\": 1}", "text/html", "not an HTML page but JSON"),
            ("binary", "video/mp4", "not an HTML page but video/mp4"),
            ("{}", "application/json; charset=utf-8", "not an HTML page but application/json"),
            ("", "text/html", "the answer has no bytes"),
        ] as [(String, String?, String)])
    func otherContentIsAnError(body: String, type: String?, sentence: String) {
        #expect(refusal(of: Array(body.utf8), type: type)?.description == sentence)
    }

    @Test(
        arguments: [
            ("<html><p>x", "application/octet-stream"), ("<p>x", "application/json"),
            ("plain words", nil),
            ("\u{FEFF}<p>x", "application/xhtml+xml"), ("plain words", "text/html"),
        ] as [(String, String?)])
    func whatMayBeHTMLIsRead(body: String, type: String?) {
        #expect(refusal(of: Array(body.utf8), type: type) == nil)
    }

    @Test func aPageLargerThanTheLimitIsAnError() {
        let limits = PageLimits(bytesMax: 10)
        #expect(throws: PageError.tooLarge(bytes: 11, bytesMax: 10)) {
            try extractPage(Array("<p>12345678".utf8), from: nil, declared: nil, limits: limits)
        }
        #expect(throws: Never.self) {
            try extractPage(Array("<p>1234567".utf8), from: nil, declared: nil, limits: limits)
        }
    }

    @Test func nodesBeyondTheLimitAreLeftOut() throws {
        let html = Array((ExtractPageTests.paragraphs + ExtractPageTests.paragraphs).utf8)
        let page = try extractPage(
            html, from: nil, declared: nil, limits: PageLimits(nodesMax: 5))
        #expect(page.text.contains("first"))
        #expect(!page.text.contains("third"))
    }

    private func refusal(of body: [UInt8], type: String?) -> PageError? {
        do {
            _ = try extractPage(body, from: nil, declared: type)
            return nil
        } catch {
            return error
        }
    }
}
