import FeedParsing
import News
import Testing

struct DiscoverFeedsTests {
    private func candidates(
        _ html: String, from url: String = "https://a.example/news/",
        _ limits: DiscoveryLimits = .init()
    ) -> [FeedCandidate] {
        discoverFeeds(
            in: Array(html.utf8), from: HTTPURL(url), declared: "text/html", limits: limits)
    }

    /// Head of a page, and `rank address` of each feed that it names.
    @Test(arguments: [
        (
            "<link rel=alternate type=application/rss+xml href=/feed>",
            ["feed https://a.example/feed"]
        ),
        (
            "<LINK REL='Alternate' TYPE='Application/Atom+XML; charset=utf-8' HREF='x.atom'>",
            ["feed https://a.example/news/x.atom"]
        ),
        (
            "<link rel=alternate type=application/feed+json href=//b.example/feed.json>",
            ["feed https://b.example/feed.json"]
        ),
        ("<link rel=feed href=/all>", ["feed https://a.example/all"]),
        ("<link rel=alternate type=text/xml href=/x>", ["likely https://a.example/x"]),
        // An interface for programs is JSON as well.
        ("<link rel=alternate type=application/json href=/api/page/1>", []),
        (
            "<link rel=alternate type=application/json href=/feed.json>",
            ["likely https://a.example/feed.json"]
        ),
        ("<link rel=alternate href=/index.rdf>", ["likely https://a.example/index.rdf"]),
        ("<link rel=alternate hreflang=fr href=/fr/>", []),
        ("<link rel='alternate stylesheet' type=text/xml href=/s.xml>", []),
        ("<link rel=alternate type=text/html media=handheld href=/m/feed>", []),
        ("<link rel=alternate type=application/json+oembed href=/oembed>", []),
        ("<link type=application/rss+xml href=/feed>", []),
        ("<!-- <link rel=alternate type=application/rss+xml href=/feed> -->", []),
        ("<script>'<link rel=alternate type=application/rss+xml href=/feed>'</script>", []),
        ("<link rel=alternate type=application/rss+xml href='javascript:x'>", []),
        ("<link rel=alternate type=application/rss+xml href=''>", []),
        ("<link rel=alternate type=application/rss+xml>", []),
        // The page itself is none, whatever it says.
        ("<link rel=alternate type=application/rss+xml href='/news/#top'>", []),
        (
            "<link rel=alternate type=application/rss+xml href='feed?a=1&amp;b=2#c'>",
            ["feed https://a.example/news/feed?a=1&b=2"]
        ),
    ])
    func whatAHeadNames(head: String, expected: [String]) {
        let found = candidates("<html><head>\(head)</head></html>")
        #expect(found.map { "\($0.rank.rawValue) \($0.url)" } == expected)
    }

    @Test func theSiteComesBeforeItsComments() {
        let found = candidates(
            """
            <link rel=alternate type=application/rss+xml title="A &raquo; Comments" href=/c>
            <link rel=alternate type=text/xml title=Likely href=/l>
            <link rel=alternate type=application/rss+xml title="Commentary" href=/opinion>
            <link rel=alternate type=application/rss+xml title="A" href=/feed>
            <link rel=alternate type=application/atom+xml href=/comments/feed/>
            <link rel=alternate type=application/rss+xml title="Again" href=/feed>
            """)
        #expect(found.map(\.url.path) == ["/opinion", "/feed", "/l", "/c", "/comments/feed/"])
        #expect(found.map(\.rank) == [.feed, .feed, .likely, .comments, .comments])
        #expect(found.map(\.title) == ["Commentary", "A", "Likely", "A » Comments", nil])
    }

    @Test func addressesInTheTextAreTheLastResort() {
        let links = """
            <a href=/about>About</a><a href=/feed/>Feed</a><a href="/x?feed=rss2">RSS</a>
            <a href=/news.atom>Atom</a><a type=application/rss+xml href=/z>z</a>
            <a href=/feeding>f</a><a href=https://other.example/feed>A friend's</a>
            <a href=https://xa.example/feed>x</a><a href=https://www.news.a.example/feed>n</a>
            """
        #expect(
            candidates(links).map { "\($0.rank.rawValue) \($0.url.path)" }
                == ["/feed/", "/x", "/news.atom", "/z", "/feed"].map { "linked \($0)" })
        let named = "<link rel=alternate type=application/rss+xml href=/named>"
        #expect(candidates(links + named).map(\.url.path) == ["/named"])
        let comments = "<link rel=alternate type=application/rss+xml href=/comments/feed>"
        #expect(candidates(links + comments).first?.url.path == "/feed/")
    }

    @Test func theBaseOfThePageCountsWhereverItStands() {
        let link = "<link rel=alternate type=application/rss+xml href=feed>"
        let base = "<base href='https://b.example/x/'><base href='https://c.example/'>"
        for html in [link + base, base + link] {
            #expect(candidates(html).map(\.url.description) == ["https://b.example/x/feed"])
        }
    }

    @Test func credentialsAreNotTakenOver() {
        let link = "<link rel=alternate type=application/rss+xml href=/feed>"
        #expect(
            candidates(link, from: "https://me:secret@a.example/").map(\.url.description)
                == ["https://a.example/feed"])
    }

    @Test func candidatesAreBounded() {
        let many = (0..<2000).map { number in
            "<link rel=alternate type=application/rss+xml title=feed\(number) href=/feed\(number)>"
        }.joined()
        #expect(candidates(many).count == DiscoveryLimits().candidatesMax)
        let limits = DiscoveryLimits(bytesMax: 150, candidatesMax: 2, titleCharactersMax: 3)
        let few = candidates(many, from: "https://a.example/", limits)
        #expect(few.map(\.url.path) == ["/feed0", "/feed1"])
        #expect(few.map(\.title) == ["fee", "fee"])
        #expect(few.map(\.type) == ["app", "app"])
    }

    @Test func answersAreToldApart() throws {
        func answer(_ text: String) throws(FeedError) -> FeedAnswer {
            try parseAnswer(
                Array(text.utf8), from: HTTPURL("https://a.example/"), declared: nil)
        }
        guard case .document(let document) = try answer(rss("<item><title>T</title></item>")),
            case .sitemaps(let index) = try answer(
                "<sitemapindex><sitemap><loc>/a.xml</loc></sitemap></sitemapindex>"),
            case .page(let feeds) = try answer(
                "<!DOCTYPE html><link rel=alternate type=application/rss+xml href=/feed>")
        else {
            Issue.record("an answer is taken for another")
            return
        }
        #expect(document.entries.count == 1)
        #expect(index.parts.map(\.url.path) == ["/a.xml"])
        #expect(feeds.map(\.url.path) == ["/feed"])
        #expect(throws: FeedError.pageWithoutFeeds) { try answer("<!DOCTYPE html><p>Hello") }
        #expect(throws: FeedError.notAFeed(.soap)) {
            try answer("<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'/>")
        }
    }
}
