import News
import PageExtraction
import Testing

@Suite struct PageMetadataTests {
    @Test(arguments: [
        ("2026-11-22", "2026-11-22T00:00:00Z"), ("2026-11-22T08:30", "2026-11-22T08:30:00Z"),
        ("2026-11-22T08:30:15.123+01:00", "2026-11-22T07:30:15Z"),
        ("2026-11-22T08:30:15+0100", "2026-11-22T07:30:15Z"),
        ("2026-11-22 08:30:15", "2026-11-22T08:30:15Z"), ("2026/11/22", "2026-11-22T00:00:00Z"),
        ("20261122", "2026-11-22T00:00:00Z"), ("22 novembre 2026", "2026-11-22T00:00:00Z"),
        ("1er mai 2026", "2026-05-01T00:00:00Z"), ("November 22, 2026", "2026-11-22T00:00:00Z"),
        ("Sun, 22 Nov 2026 08:30:00 -0500", "2026-11-22T13:30:00Z"),
        ("22. März 2026", "2026-03-22T00:00:00Z"),
        ("22 de noviembre de 2026", "2026-11-22T00:00:00Z"),
    ])
    func dates(written: String, meant: String) throws {
        let page = try read("<meta property='article:published_time' content='\(written)'>")
        #expect(page.published == Instant(rfc3339: meant))
    }

    @Test(arguments: ["", "yesterday", "2026-13-01", "2026-02-30", "1026-01-01", "99", "may 2026"])
    func noDates(written: String) throws {
        #expect(try read("<meta name=date content='\(written)'>").published == nil)
    }

    @Test(arguments: [
        ("<p>x</p>", "2026-11-22T00:00:00Z"),
        ("<time datetime=2026-11-22T08:30>", "2026-11-22T08:30:00Z"),
        ("<time datetime=2009-04-11>", "2026-11-22T00:00:00Z"),
        ("<i itemprop=datePublished content=2026-11-19>", "2026-11-19T00:00:00Z"),
        ("<meta name=date content=2026-11-20><time datetime=2026-11-22>", "2026-11-20T00:00:00Z"),
    ])
    func theAddressNamesTheDay(html: String, day: String) throws {
        let page = try read(html, at: "https://a.example/2026/nov/22/rain")
        #expect(page.published == Instant(rfc3339: day))
    }

    @Test func theDayIsTheReadersOwn() throws {
        let page = try read(
            "<meta property='article:published_time' content='2026-11-22T00:30:00+01:00'>")
        #expect(page.published == Instant(rfc3339: "2026-11-21T23:30:00Z"))
        #expect(page.publishedZone == 60)
    }

    /// Published in UTC, with the publisher's own day in the address.
    @Test(arguments: [
        ("2026-11-21T23:30:00Z", 60), ("2026-11-21T21:10:00+00:00", 180),
        ("2026-11-23T00:30:00Z", -60), ("2026-11-23T05:00:00Z", -360),
        ("2026-11-22T05:00:00Z", 0), ("2026-11-20T09:00:00Z", 0), ("2026-11-21T23:30:00+01:00", 60),
    ])
    func theDayOfTheAddressTellsTheZone(written: String, zone: Int) throws {
        let page = try read(
            "<meta property='article:published_time' content='\(written)'>",
            at: "https://a.example/2026/11/22/rain")
        #expect(page.published == Instant(rfc3339: written))
        #expect(page.publishedZone == zone)
    }

    @Test(arguments: [
        ("<h1>Rain</h1><p>Publié le 22 novembre 2026 à 8 h</p>", "2026-11-22"),
        ("<h1>Rain</h1><i>Sun 22.11.26 | 14:07</i>", "2026-11-22"),
        ("<h1>Rain</h1><div><b>22</b> Nov 2026</div>", "2026-11-22"),
        ("<h1>Rain</h1><p>3 May 2026</p><p>Mis à jour le 22 novembre 2026</p>", "2026-05-03"),
        ("<footer>[Stand: 22.11.2026, 01:40 Uhr]</footer>", "2026-11-22"),
        ("<div class=related><p>22.11.2026</p></div>", nil),
        ("<script>x={\"published_at\":\"2026-11-22T08:30:00Z\"}</script>", "2026-11-22"),
        ("<meta property=og:updated_time content=2026-11-22>", "2026-11-22"),
        ("<h1>Rain</h1><p>22.11.2026, 08:30 Uhr</p>", "2026-11-22"),
        ("<html lang=en><h1>Rain</h1><p>11/09/2026</p>", "2026-11-09"),
        ("<html lang=fr><h1>Rain</h1><p>11/09/2026</p>", "2026-09-11"),
        ("<h1>Rain</h1><p>2026年11月22日 08時</p>", "2026-11-22"),
        ("<p class=post-date>March 3, 2026</p>", "2026-03-03"),
        ("<h1>Rain</h1><div class=comments><p>22 novembre 2026</p></div>", nil),
        ("<h1>Rain</h1><p>It rained for 22 days in November of 2026.</p>", nil),
    ])
    func daysOnThePage(html: String, day: String?) throws {
        #expect(try read(html).published?.day == day)
    }

    @Test(arguments: [
        ("Par Anne Tanguy", ["Anne Tanguy"]),
        ("By Jane Doe and John Roe", ["Jane Doe", "John Roe"]),
        ("Anne Tanguy, Yann Le Bihan et Zoé Prat", ["Anne Tanguy", "Yann Le Bihan", "Zoé Prat"]),
        ("Von Erika Muster", ["Erika Muster"]), ("https://a.example/jane", []),
        ("jane@a.example", []),
        ("Jane Doe; Jane Doe", ["Jane Doe"]), ("The Site", []), ("22 November 2026", []),
        ("Dr. Jane Doe Jr.", ["Dr. Jane Doe Jr."]),
        ("Anne Tanguy (Bruxelles, bureau européen)", ["Anne Tanguy"]),
        ("Jane Doe, Senior Editor", ["Jane Doe"]), ("View author archive", []),
        ("Jane Doe, NEWS Wales", ["Jane Doe"]), ("NEWS Wales", ["NEWS Wales"]),
        ("red, agencies", []),
    ])
    func authors(written: String, names: [String]) throws {
        let page = try read(
            "<meta property=og:site_name content='The Site'><meta name=byl content=\"\(written)\">",
            at: "https://www.news.example/a")
        #expect(page.authors == names)
    }

    @Test(arguments: [
        ("<p class=byline>Par <a href=/x>Anne Tanguy</a></p>", ["Anne Tanguy"]),
        ("<a rel=author href=/x>Anne Tanguy</a><p class=author>Someone Else</p>", ["Anne Tanguy"]),
        ("<p>By Jane Doe</p>", ["Jane Doe"]),
        ("<footer><a rel='author' href=/x>Anne Tanguy</a></footer>", ["Anne Tanguy"]),
        ("<p>von <a href=/autoren/name/anne-tanguy>Anne Tanguy</a></p>", ["Anne Tanguy"]),
        ("<div class=related><a href=/author/x>Anne Tanguy</a></div>", []),
        ("<p class=authorname>Anne Tanguy</p>", ["Anne Tanguy"]),
        ("<p><span>Par</span> <b>Anne Tanguy</b></p>", ["Anne Tanguy"]),
        (
            "<p class=byline><i>Anne Tanguy</i> <i>Yann Le Bihan</i> <i>Zoé Prat</i></p>",
            ["Anne Tanguy", "Yann Le Bihan", "Zoé Prat"]
        ),
        ("<p>By the time it rained, all was lost.</p>", []),
        ("<div class=comments><b class=author>Some Reader</b></div>", []),
        ("<form><label class=author>Name</label></form>", []),
    ])
    func bylinesNameTheAuthor(html: String, names: [String]) throws {
        #expect(try read("<h1>Rain on the town</h1>\(html)").authors == names)
    }

    @Test(arguments: [
        ("<html lang=fr>", "fr"), ("<html lang='pt_BR'>", "pt-BR"),
        ("<meta property=og:locale content=de_DE>", "de-DE"), ("<html lang='{{lang}}'>", nil),
        ("<html>", nil),
    ])
    func languages(html: String, tag: String?) throws {
        #expect(try read(html + "<p>x").language == tag)
    }

    @Test func addressesAreMadeAbsolute() throws {
        let page = try read(
            "<base href=/deep/><link rel=canonical href=x><meta property=og:image content=i.png>"
        )
        #expect(page.declaredCanonical == "https://news.example/deep/x")
        #expect(page.image == "https://news.example/deep/i.png")
        #expect(try read("<link rel=canonical href='javascript:x'>").declaredCanonical == nil)
    }

    @Test(arguments: [
        "{\"@type\":\"NewsArticle\",\"headline\":\"Rain\ncame\",}",
        "<!-- {\"@type\":[\"Article\"],\"headline\":\"Rain came\"} -->",
        "//<![CDATA[\n[{\"@type\":\"BlogPosting\",\"headline\":\"Rain c\\u0061me\"}]\n//]]>",
        #"{"@graph":[{"@type":"WebPage"},{"@type":"NewsArticle","headline":"Rain came"}]}"#,
        "{\"@type\":\"NewsArticle\",\"headline\":\"Rain came\",\"author\":{\"name\":\"cut",
    ])
    func damagedLinkedDataIsStillRead(json: String) throws {
        let page = try read("<script type='application/ld+json'>\(json)</script>")
        #expect(page.title == "Rain came")
    }

    @Test func linkedDataNestedTooDeepEndsThere() throws {
        let json =
            String(repeating: "[", count: 100_000)
            + "{\"@type\":\"NewsArticle\",\"headline\":\"X\"}"
        let page = try read("<script type=application/ld+json>\(json)</script>")
        #expect(page.title == nil)
    }
}
