import FeedParsing
import News
import Testing

struct ParseFeedTests {
    @Test(arguments: [
        ("", "the body is empty"), (" \n ", "the body is empty"),
        (
            "<!DOCTYPE html><html><head><title>x</title>",
            "this is an HTML page, not a feed: look for its <link rel=alternate>"
        ),
        (
            "<div><p>Moved</p></div>",
            "this is an HTML page, not a feed: look for its <link rel=alternate>"
        ),
        ("<opml version='1.0'/>", "this is an OPML list of feeds, not a feed: import it instead"),
        (
            "<sitemapindex/>",
            "this is an index of sitemaps, not a feed: take one of the sitemaps that it names"
        ),
        (
            "<soap:Envelope xmlns:soap='http://schemas.xmlsoap.org/soap/envelope/'/>",
            "this is a SOAP message, not a feed"
        ),
        ("<note/>", "this is an XML document with the root <note>, not a feed"),
        ("<?xml version='1.0'?>", "this is plain text, not a feed"),
        ("null", "this is plain text, not a feed"), ("%PDF-1.4", "this is a PDF file, not a feed"),
        ("GIF89a", "this is a GIF image, not a feed"),
        (
            "<!DOCTYPE html>\n<link rel=stylesheet>",
            "this is an HTML page, not a feed: look for its <link rel=alternate>"
        ),
        ("\u{1}\u{2}abc", "these are bytes of an unknown kind, not a feed"),
        (
            "{\"a\":1}",
            "this is JSON of another kind, not a feed: a JSON Feed says so in its version"
        ),
        ("{", "this is JSON that is cut off or malformed"),
    ])
    func whatIsNoFeedIsRefusedWithASentence(text: String, sentence: String) {
        var said = ""
        do {
            _ = try parse(text)
        } catch {
            said = error.description
        }
        #expect(said == sentence)
    }

    @Test func largeBodiesAreRefused() {
        let limits = FeedLimits(bodyBytesMax: 10)
        #expect(throws: FeedError.tooLarge(bytes: 11, bytesMax: 10)) {
            try parse(String(repeating: " ", count: 11), limits: limits)
        }
    }

    @Test(arguments: [
        "<br />\n<b>Warning</b>: something in <b>/x.php</b> on line <b>3</b><br />\n",
        "\n\n  ", "\u{FEFF}\u{FEFF}", "<?xml version='1.0'?><?xml version='1.0'?>", "junk ",
        "<!-- c -->",
    ])
    func junkBeforeAFeedIsPassedOver(junk: String) throws {
        let feed = try parse(junk + rss("<item><title>T</title></item>"))
        #expect(feed.entries.map(\.title) == ["T"])
    }

    @Test(arguments: ["junk", "<!-- c -->", "<html><body>x</body></html>", "<rss/>", "\u{0}"])
    func junkBehindAFeedIsPassedOver(junk: String) throws {
        #expect(try parse(rss("<item><title>T</title></item>") + junk).entries.count == 1)
    }

    @Test func prefixesThatNobodyDeclaredMeanWhatTheyUsuallyDo() throws {
        let feed = try parse(
            "<rss><channel><item><dc:creator>Ann</dc:creator></item></channel></rss>")
        #expect(feed.entries.first?.authors == ["Ann"])
    }

    @Test func prefixesAreOnlyNames() throws {
        let feed = try parse(
            """
            <q:feed xmlns:q="http://www.w3.org/2005/Atom"><q:entry><q:title>T</q:title></q:entry>
            </q:feed>
            """)
        #expect(feed.entries.first?.title == "T")
    }

    /// A forgotten end tag costs its own field at most.
    @Test(arguments: [
        "<item><title>T<link>http://a.example/</link></item>",
        "<item><title>T</titel><link>http://a.example/</link></item>",
        "<item><title>T</title><description>x<pubDate>1 Jan 2020</pubDate></item>",
        "<item><title>T</title><link>http://a.example/</link>",
    ])
    func forgottenEndTagsAreMended(item: String) throws {
        let feed = try parse(rss(item + "<item><title>U</title></item>"))
        #expect(feed.entries.map(\.title) == ["T", "U"])
        #expect(feed.damage == ["a start tag and an end tag do not match"])
    }

    @Test func anEmptyItemInAnItemIsNone() throws {
        #expect(try parse(rss("<item><title>T</title><item/></item>")).entries.count == 1)
    }

    @Test func entriesBeyondTheLimitAreLeftOut() throws {
        let limits = FeedLimits(entriesMax: 2)
        let item = "<item><title>T</title></item>"
        let exact = try parse(rss(item + item), limits: limits)
        #expect(exact.entries.count == 2 && exact.damage == [])
        let more = try parse(rss(item + item + item), limits: limits)
        #expect(more.entries.count == 2)
        #expect(more.damage == ["more than 2 entries; the others were left out"])
    }

    @Test func longTextsAreCut() throws {
        let limits = FeedLimits(titleCharactersMax: 5, fieldBytesMax: 8, valuesMax: 2)
        let feed = try parse(
            rss(
                """
                <item><title>ééééééé</title><description>0123456789</description>
                <category>a</category><category>b</category><category>c</category></item>
                """), limits: limits)
        #expect(feed.entries.first?.title == "ééééé")
        #expect(feed.entries.first?.summary?.html == "01234567")
        #expect(feed.entries.first?.categories == ["a", "b"])
        #expect(feed.damage == ["a text is longer than 8 bytes and was cut"])
    }

    @Test(arguments: [
        ("éééééé", 7, "ééé"), ("éééééé", 6, "ééé"), ("abc", 2, "ab"),
        ("a&lt;b>c&lt;/b>", 6, "a<b>c</b>"), ("𝄞𝄞", 7, "𝄞"),
    ])
    func aCutIsNeitherInACharacterNorInATag(written: String, bytesMax: Int, kept: String) throws {
        let feed = try parse(
            rss("<item><guid>1</guid><description>\(written)</description></item>"),
            limits: FeedLimits(fieldBytesMax: bytesMax))
        #expect(feed.entries.first?.summary?.html ?? "" == kept)
    }

    @Test func oneVisibleCharacterMayNotBeEndless() throws {
        let limits = FeedLimits(titleCharactersMax: 5)
        let title = "<title>e" + String(repeating: "\u{301}", count: 100) + "</title>"
        let feed = try parse(rss("<item>\(title)</item>"), limits: limits)
        #expect(feed.entries.first?.title?.unicodeScalars.count == 5)
    }

    @Test func deepMarkupIsPassedOver() throws {
        let deep = String(repeating: "<b>", count: 400)
        let feed = try parse(
            rss("<item><title>T</title><description>\(deep)x</description></item>"))
        #expect(feed.entries.first?.summary?.html.hasSuffix("</b>") == true)
        #expect(feed.damage.contains { $0.contains("nested too deeply") })
    }

    @Test func wrongBytesAreTold() throws {
        let head = Array(rss("", channel: "<title>un été à Évian</title>").utf8)
        let feed = try parseFeed(head.prefix(60) + [0xFF] + head[60...], from: nil, declared: nil)
        #expect(feed.damage.first == "bytes are not valid utf-8")
    }

    @Test func theServersCharsetIsUsed() throws {
        let body = Array("<rss><channel><title>".utf8) + [0xEF] + Array("</title>".utf8)
        let feed = try parseFeed(body, from: nil, declared: "text/xml; charset=windows-1251")
        #expect(feed.title == "п")
    }

    @Test func externalFilesAreNeverRead() throws {
        let feed = try parse(
            """
            <!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item>\
            <title>&x;</title></item></channel></rss>
            """)
        #expect(feed.entries.first?.title == "&x;")
        #expect(feed.damage == ["an & starts no reference that is known"])
    }

    /// Short references to a long base would make of 8 MB a hundred times as much.
    @Test func addressesGrowWithinBounds() throws {
        let base = "http://a.example/" + String(repeating: "x", count: 3000) + "/"
        let item = "<item>" + (0..<50).map { "<enclosure url='\($0)'/>" }.joined() + "</item>"
        let text = rss(String(repeating: item, count: 100))
        let limits = FeedLimits(bodyBytesMax: text.utf8.count + 1)
        let feed = try parse(text, from: base + "feed", limits: limits)
        let bytes = feed.entries.flatMap(\.enclosures).reduce(0) { $0 + $1.url.utf8.count }
        #expect(bytes <= 2 * limits.bodyBytesMax + 4096)
        #expect(feed.damage.contains { $0.contains("addresses") })
    }

    @Test func aFieldOfManyTagsIsCut() throws {
        let tags = String(repeating: "<a/>", count: 100_000)
        let feed = try parse(
            rss("<item><guid>1</guid><description>\(tags)end</description></item>"))
        #expect(feed.entries.first?.id == "1")
        #expect(feed.entries.first?.summary?.written.utf8.count ?? 0 < 300_000)
    }

    /// What entries say of polling is not the feed's own word.
    @Test func entriesDoNotSetThePace() throws {
        let feed = try parse(rss("<item><guid>1</guid><ttl>1</ttl></item>"))
        #expect(feed.updateHints == PublisherHints())
    }

    @Test func aQuoteForgottenInADocumentTypeCostsNothingElse() throws {
        let feed = try parse(
            #"<!DOCTYPE rss SYSTEM "a.dtd><rss version="2.0"><channel><title>T</title>"#
        )
        #expect(feed.title == "T")
    }
}
