import FeedParsing
import News
import Testing

struct RSSTests {
    private func item(_ fields: String, from url: String? = nil) throws -> Entry {
        try #require(parse(rss("<item>\(fields)</item>"), from: url).entries.first)
    }

    @Test func channelSaysWhatTheFeedIs() throws {
        let channel = """
            <title>A &amp;amp; B</title><link>/</link><description>About</description>
            <language>fr</language><pubDate>1 Jan 2020 10:00 GMT</pubDate>
            <lastBuildDate>2 Jan 2020 10:00 GMT</lastBuildDate><ttl>90</ttl>
            <image><title>Logo</title><link>http://logo.example/</link></image>
            <textInput><title>Search</title><link>http://search.example/</link></textInput>
            """
        let feed = try parse(rss("", channel: channel), from: "http://a.example/feed")
        #expect(feed.format == .rss20)
        #expect(feed.title == "A & B")
        #expect(feed.link == "http://a.example/")
        #expect(feed.description?.html == "About")
        #expect(feed.language == "fr")
        #expect(feed.updated?.description == "2020-01-02T10:00:00Z")
        #expect(feed.updateHints.updateIntervalSeconds == 5400)
        #expect(feed.entries == [])
        #expect(feed.damage == [])
    }

    @Test func itemHasItsFields() throws {
        let entry = try item(
            """
            <title>T</title><link> http://a.example/1 </link><guid isPermaLink="false">id 1</guid>
            <pubDate>Wed, 1 Jan 2020 10:00:00 +0100</pubDate><author>m@a.example (Ann)</author>
            <dc:creator>Bob</dc:creator><category>One</category><category>Two</category>
            <description>&lt;p&gt;short&lt;/p&gt;</description>
            <content:encoded><![CDATA[<p>long</p>]]></content:encoded>
            <enclosure url="http://a.example/1.mp3" type="audio/mpeg" length="12"/>
            """)
        #expect(entry.title == "T")
        #expect(entry.link == "http://a.example/1")
        #expect(entry.id == "id 1")
        #expect(entry.published?.description == "2020-01-01T09:00:00Z")
        #expect(entry.authors == ["Ann", "Bob"])
        #expect(entry.categories == ["One", "Two"])
        #expect(entry.summary?.html == "<p>short</p>")
        #expect(entry.content?.html == "<p>long</p>")
        #expect(
            entry.enclosures == [
                Enclosure(url: "http://a.example/1.mp3", type: "audio/mpeg", length: 12)
            ])
    }

    @Test(arguments: [
        ("A &lt;b&gt;bold&lt;/b&gt; word", "A bold word"), ("<![CDATA[A&#8217;s]]>", "A’s"),
        ("A <b>bold</b> word", "A bold word"), ("1 &lt; 2", "1 < 2"), ("  a\n b ", "a b"),
        ("The &lt;example&gt; tag", "The <example> tag"), ("AT&T", "AT&T"),
        ("a &amp;lt; b", "a < b"),
        ("A&lt;B", "A<B"),
    ])
    func titlesArePlainText(written: String, expected: String) throws {
        #expect(try item("<title>\(written)</title>").title == expected)
    }

    @Test func bodiesAreCleanHTMLWithAbsoluteAddresses() throws {
        let written = """
            <description><![CDATA[<p onclick="x()">a<script>bad()</script> <a href="/b?c=1">d</a>\
            <img src="e.png"></p>]]></description>
            """
        let body = try #require(item(written, from: "http://a.example/x/feed").summary).html
        #expect(!body.contains("onclick") && !body.contains("bad()"))
        #expect(body.contains("http://a.example/b?c=1"))
        #expect(body.contains("http://a.example/x/e.png"))
    }

    @Test func unescapedMarkupInADescriptionIsKept() throws {
        #expect(
            try item("<description>a <b>bold</b> &lt;word&gt;<br/></description>").summary?
                .html.contains("a <b>bold</b> &lt;word") == true)
    }

    @Test func aGUIDIsAnAddressUnlessItSaysOtherwise() throws {
        #expect(try item("<guid>http://a.example/1</guid>").link == "http://a.example/1")
        let opaque = "<guid isPermaLink='false'>http://a.example/1</guid>"
        #expect(try item(opaque).link == nil)
        let both = "<guid>http://a.example/1</guid><link>http://a.example/2</link>"
        #expect(try item(both).link == "http://a.example/2")
    }

    /// The better source wins wherever it stands.
    @Test func ranksDecideBetweenElementsThatSayTheSame() throws {
        let entry = try item(
            """
            <itunes:summary>worst</itunes:summary><media:title>other</media:title>
            <dc:date>2019-01-01</dc:date><pubDate>1 Jan 2020</pubDate>
            <itunes:author>Host</itunes:author><description>best</description><title>own</title>
            """)
        #expect(entry.summary?.html == "best")
        #expect(entry.title == "own")
        #expect(entry.published?.day == "2020-01-01")
        #expect(entry.authors == ["Host"])
    }

    @Test func mediaGroupsBelongToTheirItem() throws {
        let entry = try item(
            """
            <media:group><media:content url="/v.mp4" type="video/mp4" fileSize="5">
            <media:title>clip</media:title></media:content></media:group>
            <media:description>seen</media:description><media:category>c</media:category>
            """, from: "http://a.example/")
        #expect(
            entry.enclosures == [
                Enclosure(url: "http://a.example/v.mp4", type: "video/mp4", length: 5)
            ])
        #expect(entry.title == "clip")
        #expect(entry.summary?.html == "seen")
        #expect(entry.categories == ["c"])
    }

    @Test func lengthsThatAreNoNumberAreLeftOut() throws {
        for length in ["99999999999999999999999", "-1", "1.5", "", "many"] {
            let entry = try item("<enclosure url='http://a.example/1' length='\(length)'/>")
            #expect(entry.enclosures.first?.length == nil)
        }
    }

    @Test(arguments: [
        ("0.90", FeedFormat.rss090), ("0.91", .rss091), ("0.92", .rss092), ("0.93", .rss092),
        ("2.0", .rss20), ("", .rss20),
    ])
    func versionsAreTold(version: String, format: FeedFormat) throws {
        #expect(try parse("<rss version='\(version)'><channel/></rss>").format == format)
    }

    @Test func rss10IsRead() throws {
        let feed = try parse(
            """
            <rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
              xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"
              xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
            <channel rdf:about="http://a.example/feed"><title>F</title>
            <link>http://a.example/</link><sy:updatePeriod>daily</sy:updatePeriod>
            <sy:updateFrequency>2</sy:updateFrequency>
            <items><rdf:Seq><rdf:li resource="http://a.example/1"/></rdf:Seq></items></channel>
            <image rdf:about="x"><title>Logo</title></image>
            <item rdf:about="http://a.example/1"><title>T</title><dc:date>2020-01-01</dc:date>
            <dc:creator>Ann</dc:creator><dc:subject>S</dc:subject></item></rdf:RDF>
            """)
        #expect(feed.format == .rss10)
        #expect(feed.id == "http://a.example/feed")
        #expect(feed.title == "F")
        #expect(feed.updateHints.updateIntervalSeconds == 43_200)
        let entry = try #require(feed.entries.first)
        #expect(entry.id == "http://a.example/1")
        #expect(entry.link == "http://a.example/1")
        #expect(entry.published?.day == "2020-01-01")
        #expect(entry.authors == ["Ann"])
        #expect(entry.categories == ["S"])
    }

    @Test(arguments: [
        ("Ann", "Ann"), ("a@b.example (Ann B)", "Ann B"), ("Ann B <a@b.example>", "Ann B"),
        ("a@b.example", "a@b.example"), ("mailto:a@b.example", "a@b.example"),
        ("by <a>Ann</a>", "by Ann"), ("\"Ann\" a@b.example", "Ann"),
    ])
    func authorsAreNames(written: String, expected: String) throws {
        let text = written.replacing("<a@", with: "&lt;a@").replacing("e>", with: "e&gt;")
        #expect(try item("<author>\(text)</author>").authors == [expected])
    }

    /// The Channel Definition Format says in attributes where things are.
    @Test func theForerunnerOfRSSIsRead() throws {
        let feed = try parse(
            """
            <CHANNEL HREF="http://a.example/" LASTMOD="2020-01-02T03:04Z"><TITLE>C</TITLE>
            <ABSTRACT>About</ABSTRACT><ITEM HREF="/1" LASTMOD="2020-01-01"><TITLE>T</TITLE>
            <ABSTRACT>S</ABSTRACT></ITEM></CHANNEL>
            """)
        #expect(feed.link == "http://a.example/" && feed.description?.html == "About")
        #expect(feed.updated?.description == "2020-01-02T03:04:00Z")
        let entry = try #require(feed.entries.first)
        #expect(entry.link == "http://a.example/1" && entry.summary?.html == "S")
        #expect(entry.updated?.day == "2020-01-01")
    }

    /// A document whose address nobody knows is taken to be near its site's.
    @Test func theSiteStandsForAnUnknownAddress() throws {
        let text = rss(
            "<item><link>1</link><description>&lt;img src='p.png'></description></item>",
            channel: "<link>https://a.example/news/</link>")
        let unknown = try #require(parse(text).entries.first)
        #expect(unknown.link == "https://a.example/news/1")
        #expect(unknown.summary?.html == "<img src=\"https://a.example/news/p.png\">")
        let known = try #require(parse(text, from: "https://b.example/feed").entries.first)
        #expect(known.link == "https://b.example/1")
    }

    @Test func sitemapsAreRead() throws {
        let feed = try parse(
            """
            <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
              xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
            <url><loc>http://a.example/1</loc><lastmod>2020-01-02</lastmod><news:news>
            <news:publication><news:name>Paper</news:name><news:language>fr</news:language>
            </news:publication><news:publication_date>2020-01-01</news:publication_date>
            <news:title>T</news:title></news:news></url></urlset>
            """)
        #expect(feed.format == .sitemap)
        let entry = try #require(feed.entries.first)
        #expect(entry.link == "http://a.example/1")
        #expect(entry.title == "T")
        #expect(entry.language == "fr")
        #expect(entry.published?.day == "2020-01-01")
        #expect(entry.updated?.day == "2020-01-02")
    }
}
