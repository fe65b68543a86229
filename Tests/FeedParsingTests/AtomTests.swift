import FeedParsing
import News
import Testing

struct AtomTests {
    private func entry(_ fields: String, from url: String? = nil) throws -> Entry {
        try #require(parse(atom("<entry>\(fields)</entry>"), from: url).entries.first)
    }

    @Test func feedAndEntryHaveTheirFields() throws {
        let feed = try parse(
            atom(
                """
                <title>F</title><subtitle>S</subtitle><id>urn:f</id><link href="/"/>
                <link rel="self" href="/feed"/><updated>2020-01-02T00:00:00Z</updated>
                <author><name>Ann</name><email>a@b.example</email></author>
                <entry><title>T</title><id>urn:1</id><link href="/1"/>
                <link rel="enclosure" href="/1.mp3" type="audio/mpeg" length="7"/>
                <published>2020-01-01T00:00:00Z</published><updated>2020-01-03T00:00:00Z</updated>
                <category term="c" label="C"/><summary>s</summary><content>c</content></entry>
                """, attributes: "xml:lang=\"de\""), from: "http://a.example/feed")
        #expect(feed.format == .atom10)
        #expect(feed.title == "F")
        #expect(feed.description?.html == "S")
        #expect(feed.id == "urn:f")
        #expect(feed.link == "http://a.example/")
        #expect(feed.language == "de")
        #expect(feed.updated?.day == "2020-01-02")
        let entry = try #require(feed.entries.first)
        #expect(entry.title == "T")
        #expect(entry.id == "urn:1")
        #expect(entry.link == "http://a.example/1")
        #expect(entry.published?.day == "2020-01-01")
        #expect(entry.updated?.day == "2020-01-03")
        // RFC 4287, section 4.2.1: the feed's author is the entry's.
        #expect(entry.authors == ["Ann"])
        #expect(entry.language == "de")
        #expect(entry.categories == ["c"])
        #expect(entry.summary?.html == "s")
        #expect(entry.content?.html == "c")
        #expect(
            entry.enclosures == [
                Enclosure(url: "http://a.example/1.mp3", type: "audio/mpeg", length: 7)
            ])
    }

    /// RFC 4287, section 3.1: what a text construct says by its type.
    @Test(arguments: [
        ("<title>Less: &lt;</title>", "Less: <"),
        ("<title type='text'>1 &lt; 2 &amp; 3</title>", "1 < 2 & 3"),
        ("<title type='html'>Less: &lt;em> &amp;lt; &lt;/em></title>", "Less: <"),
        (
            """
            <title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>Less: <em> &lt; </em>\
            </div></title>
            """, "Less: <"
        ),
        ("<title>A &lt;b&gt;bold&lt;/b&gt; claim</title>", "A bold claim"),
        ("<title mode='base64'>QSB0aXRsZQ==</title>", "A title"),
    ])
    func titlesFollowTheirType(xml: String, expected: String) throws {
        #expect(try entry(xml).title == expected)
    }

    @Test(arguments: [
        ("<content type='text'>1 &lt; 2</content>", "1 &lt; 2"),
        ("<content type='html'>&lt;b>x&lt;/b></content>", "<b>x</b>"),
        (
            """
            <content type='xhtml'><h:div xmlns:h='http://www.w3.org/1999/xhtml'>a<h:b>c</h:b>&lt;\
            <h:br/></h:div></content>
            """, "a<b>c</b>&lt;<br>"
        ),
        ("<content type='text/plain'>a &amp; b</content>", "a &amp; b"),
        ("<content type='application/octet-stream'>PGI+eDwvYj4=</content>", "<b>x</b>"),
    ])
    func bodiesFollowTheirType(xml: String, expected: String) throws {
        #expect(try entry(xml).content?.html == expected)
    }

    @Test func aPictureInBase64IsNoText() throws {
        #expect(try entry("<content type='image/png'>iVBORw0KGgo=</content>").content == nil)
    }

    /// RFC 4287, section 2: `xml:base` is handed down and composed.
    @Test func addressesAreResolvedAgainstXMLBase() throws {
        let feed = try parse(
            atom(
                """
                <entry xml:base="b/"><link href="c"/>
                <content type="html" xml:base="d/">&lt;a href="e">x&lt;/a></content></entry>
                """, attributes: "xml:base=\"/a/\""), from: "http://a.example/z/feed")
        let entry = try #require(feed.entries.first)
        #expect(entry.link == "http://a.example/a/b/c")
        #expect(entry.content?.html.contains("http://a.example/a/b/d/e") == true)
    }

    @Test(arguments: [
        ("<link rel='self' href='http://a.example/s'/><link href='http://a.example/1'/>", "1"),
        ("<link rel='alternate' type='application/pdf' href='http://a.example/p'/>", "p"),
        (
            """
            <link type='application/pdf' href='http://a.example/p'/>\
            <link type='text/html' href='http://a.example/1'/>
            """, "1"
        ),
        (
            """
            <link rel='http://www.iana.org/assignments/relation/alternate' \
            href='http://a.example/1'/>
            """, "1"
        ),
        ("<content src='http://a.example/c' type='text/html'/>", "c"),
    ])
    func linkIsThePage(xml: String, expected: String) throws {
        #expect(try entry(xml).link == "http://a.example/\(expected)")
    }

    /// An empty reference is the document's own address (RFC 3986, section 4.4), which names no
    /// article.
    @Test func emptyReferenceIsTheDocumentItself() throws {
        let url = try #require(HTTPURL("http://a.example/feed"))
        var feed = try parse(
            atom("<entry><link href=''/></entry><entry><link href='1'/></entry>"),
            from: url.description)
        #expect(feed.entries.map(\.link) == ["http://a.example/feed", "http://a.example/1"])
        feed.dropLinksToItself(from: url)
        #expect(feed.entries.map(\.link) == [nil, "http://a.example/1"])
        #expect(try entry("<link href=''/>").link == nil)
    }

    @Test func sourceIsAboutAnotherFeed() throws {
        let entry = try entry(
            """
            <source><title>Other</title><id>urn:other</id><link href="http://b.example/"/>
            <author><name>Bob</name></author></source><title>T</title><id>urn:1</id>
            """)
        #expect(entry.title == "T")
        #expect(entry.id == "urn:1")
        #expect(entry.link == nil)
        #expect(entry.authors == [])
    }

    @Test func atom03IsRead() throws {
        let feed = try parse(
            """
            <feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>F</title>
            <tagline>S</tagline><modified>2004-01-01T00:00:00Z</modified><entry><title>T</title>
            <issued>2004-01-02T00:00:00Z</issued><modified>2004-01-03T00:00:00Z</modified>
            <content type="text/html" mode="escaped">&lt;i>x&lt;/i></content></entry></feed>
            """)
        #expect(feed.format == .atom03)
        #expect(feed.description?.html == "S")
        let entry = try #require(feed.entries.first)
        #expect(entry.published?.day == "2004-01-02")
        #expect(entry.updated?.day == "2004-01-03")
        #expect(entry.content?.html == "<i>x</i>")
    }

    @Test func oneEntryAloneIsAFeed() throws {
        let feed = try parse(
            "<entry xmlns='http://www.w3.org/2005/Atom'><title>T</title></entry>")
        #expect(feed.entries.map(\.title) == ["T"])
    }
}
