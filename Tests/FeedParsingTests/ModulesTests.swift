import FeedParsing
import News
import Testing

/// What the extension modules say, kept apart from what RSS and Atom say.
struct ModulesTests {
    private func item(_ fields: String) throws -> Entry {
        let namespaces = """
            xmlns:media="http://search.yahoo.com/mrss/" \
            xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" \
            xmlns:slash="http://purl.org/rss/1.0/modules/slash/" \
            xmlns:wfw="http://wellformedweb.org/CommentAPI/" \
            xmlns:thr="http://purl.org/syndication/thread/1.0" \
            xmlns:cc="http://creativecommons.org/ns#" \
            xmlns:c="http://backend.userland.com/creativeCommonsRssModule" \
            xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" \
            xmlns:atom="http://www.w3.org/2005/Atom" \
            xmlns:dc="http://purl.org/dc/elements/1.1/"
            """
        let xml = "<rss version='2.0' \(namespaces)><channel><item>\(fields)</item></channel></rss>"
        return try #require(parse(xml, from: "https://a.example/feed").entries.first)
    }

    @Test func mediaAreEnclosuresPicturesAndCredits() throws {
        let entry = try item(
            """
            <media:group><media:content url="/v.mp4" type="video/mp4" fileSize="9" duration="75"/>
            <media:thumbnail url="/t.jpg"/><media:thumbnail url="/t.jpg"/></media:group>
            <media:credit role="photographer"> Ann  B. </media:credit>
            <media:copyright>© A</media:copyright>
            """)
        #expect(
            entry.enclosures == [
                Enclosure(
                    url: "https://a.example/v.mp4", type: "video/mp4", length: 9,
                    duration: .seconds(75))
            ])
        #expect(entry.details.images == ["https://a.example/t.jpg"])
        #expect(entry.details.credits == [MediaCredit(name: "Ann B.", role: "photographer")])
        #expect(entry.details.rights == "© A")
    }

    @Test(
        arguments: [
            ("75", 75), ("1:15", 75), ("01:01:15", 3675), ("75.4", 75), ("", nil), ("x", nil),
            ("-5", nil), ("1:2:3:4", nil), ("99999999999999999999", nil), ("0", nil),
        ] as [(String, Int?)])
    func playingTimesAreRead(written: String, seconds: Int?) throws {
        let entry = try item("<itunes:duration>\(written)</itunes:duration>")
        #expect(entry.details.duration == seconds.map { .seconds($0) })
    }

    @Test func discussionIsKeptApart() throws {
        let entry = try item(
            """
            <comments>/1#comments</comments><slash:comments>12</slash:comments>
            <wfw:commentRss>/1/feed</wfw:commentRss><thr:in-reply-to ref="tag:a,2026:0"/>
            <link>/1</link>
            """)
        #expect(entry.link == "https://a.example/1")
        #expect(entry.details.discussion.page == "https://a.example/1#comments")
        #expect(entry.details.discussion.feed == "https://a.example/1/feed")
        #expect(entry.details.discussion.count == 12)
        #expect(entry.details.discussion.inReplyTo == ["tag:a,2026:0"])
    }

    /// RFC 4685, section 4.
    @Test func repliesOfAtomAreADiscussion() throws {
        let entry = try #require(
            parse(
                atom(
                    """
                    <entry><link href="/1"/><link rel="replies" type="text/html" href="/1#c"/>
                    <link rel="replies" type="application/atom+xml" href="/1.atom" thr:count="3"/>
                    </entry>
                    """, attributes: "xmlns:thr='http://purl.org/syndication/thread/1.0'"),
                from: "https://a.example/"
            ).entries.first)
        #expect(entry.link == "https://a.example/1")
        #expect(entry.details.discussion.page == "https://a.example/1#c")
        #expect(entry.details.discussion.feed == "https://a.example/1.atom")
        #expect(entry.details.discussion.count == 3)
    }

    @Test(arguments: [
        "<c:license>https://l.example/by</c:license>",
        "<cc:license rdf:resource='https://l.example/by'/>",
        "<atom:link rel='license' href='https://l.example/by'/>",
        "<atom:link rel='http://www.iana.org/assignments/relation/license' "
            + "href='https://l.example/by'/>",
    ])
    func licencesAreFound(element: String) throws {
        let entry = try item("<link>/1</link>" + element)
        #expect(entry.details.licenses == ["https://l.example/by"])
        #expect(entry.link == "https://a.example/1")
    }

    @Test func theSourceOfAnEntryIsToldInEitherFormat() throws {
        let rss = try item("<source url='/other'>The Other</source><title>T</title>")
        #expect(
            rss.details.source == EntrySource(title: "The Other", link: "https://a.example/other"))
        #expect(rss.title == "T")
        let entry = try #require(
            parse(
                atom(
                    """
                    <entry><source><id>urn:o</id><title>Other</title><updated>2020-01-01T00:00:00Z
                    </updated><link href="http://o.example/"/>
                    <link rel="self" href="http://o.example/feed"/><author><name>X</name></author>
                    </source><title>T</title><id>1</id></entry>
                    """)
            ).entries.first)
        #expect(
            entry.details.source
                == EntrySource(title: "Other", id: "urn:o", link: "http://o.example/feed"))
        #expect(entry.title == "T" && entry.id == "1" && entry.authors == [])
        #expect(entry.updated == nil && entry.link == nil)
    }

    /// RFC 5005 and WebSub.
    @Test func aFeedTellsWhereElseItIs() throws {
        let feed = try parse(
            atom(
                """
                <link rel="self" href="/feed"/><link rel="hub" href="https://hub.example/"/>
                <link rel="prev-archive" href="/2025"/><link rel="next" href="/feed?page=2"/>
                <link rel="current" href="/now"/><fh:archive/><link href="/"/>
                """, attributes: "xmlns:fh='http://purl.org/syndication/history/1.0'"),
            from: "https://a.example/x")
        #expect(feed.link == "https://a.example/")
        #expect(feed.links.ownAddress == "https://a.example/feed")
        #expect(feed.links.hubs == ["https://hub.example/"])
        #expect(feed.links.older == "https://a.example/2025")
        #expect(feed.links.current == "https://a.example/now")
        #expect(feed.links.isArchive && !feed.links.isComplete)
    }

    @Test func hoursAndDaysWithoutNewsAreHints() throws {
        let feed = try parse(
            rss(
                "",
                channel: """
                    <skipHours><hour>0</hour><hour>24</hour><hour>13</hour><hour>99</hour>
                    </skipHours>
                    <skipDays><day>Saturday</day><day>Sunday</day><day>Noday</day></skipDays>
                    """))
        #expect(feed.updateHints.skipHours == [0, 13])
        #expect(feed.updateHints.skipDays == [6, 7])
        let all = (0..<24).map { "<hour>\($0)</hour>" }.joined()
        let silent = try parse(rss("", channel: "<skipHours>\(all)</skipHours>"))
        #expect(silent.updateHints.skipHours == [])
    }

    @Test(
        arguments: [
            ("<image><title>L</title><url>/l.png</url><link>/</link></image>", "/l.png"),
            ("<itunes:image href='/i.png'/>", "/i.png"), ("", nil),
            ("<itunes:image href='/i.png'/><image><url>/l.png</url></image>", "/l.png"),
        ] as [(String, String?)])
    func aFeedHasAPicture(channel: String, path: String?) throws {
        let feed = try parse(rss("", channel: channel), from: "https://a.example/feed")
        #expect(feed.image == path.map { "https://a.example" + $0 })
        #expect(feed.title == nil && feed.link == nil)
    }

    @Test func whatTheFeedHasIsNoEntrys() throws {
        let fields = """
            <enclosure url='/e'/><media:content url='/m'><media:thumbnail url='/t'/>
            <media:credit>Ann</media:credit></media:content><atom:link rel='enclosure' href='/l'/>
            <atom:content src='/c'/><itunes:duration>1:00</itunes:duration><comments>/q</comments>
            <source url='/s'>S</source>
            """
        let feed = try parse(rss("<item><title>T</title></item>", channel: fields))
        #expect(feed.entries == [Entry(title: "T")])
    }

    @Test(arguments: [
        ("http://www.google.com/schemas/play-podcasts/1.0", "p"), ("urn:x", "googleplay"),
    ])
    func podcastsAreNamedByTheirOtherModule(namespace: String, prefix: String) throws {
        let fields =
            "<\(prefix):author>Ann</\(prefix):author>"
            + "<\(prefix):description>S</\(prefix):description>"
        let feed = try parse(
            "<rss xmlns:\(prefix)='\(namespace)'><channel><item>\(fields)</item></channel></rss>")
        #expect(feed.entries.first?.authors == ["Ann"])
        #expect(feed.entries.first?.summary?.html == "S")
    }

    @Test(arguments: ["basic/2.0/", "1.2/basic/", "basic/3.0"])
    func journalsDateTheirArticles(version: String) throws {
        let feed = try parse(
            """
            <rss xmlns:p="http://prismstandard.org/namespaces/\(version)"><channel><item>
            <p:publicationDate>2020-01-02</p:publicationDate>
            <p:modificationDate>2020-01-03</p:modificationDate></item></channel></rss>
            """)
        #expect(feed.entries.first?.published?.day == "2020-01-02")
        #expect(feed.entries.first?.updated?.day == "2020-01-03")
    }

    @Test func sitemapsHavePicturesKeywordsAndOtherLanguages() throws {
        let feed = try parse(
            """
            <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
            xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"
            xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
            xmlns:xhtml="http://www.w3.org/1999/xhtml"><url>
            <xhtml:link rel="alternate" hreflang="de" href="https://a.example/de"/>
            <loc>https://a.example/1</loc><image:image><image:loc>/p.jpg</image:loc></image:image>
            <news:news><news:publication><news:name>A</news:name><news:language>en</news:language>
            </news:publication><news:publication_date>2026-11-22</news:publication_date>
            <news:title>T</news:title><news:keywords>one, two</news:keywords></news:news></url>
            </urlset>
            """, from: "https://a.example/sitemap.xml")
        let entry = try #require(feed.entries.first)
        #expect(entry.link == "https://a.example/1" && entry.title == "T")
        #expect(entry.details.images == ["https://a.example/p.jpg"])
        #expect(entry.categories == ["one", "two"])
        #expect(entry.language == "en")
    }

    /// Feeds often forget to declare a prefix, or declare it with an address of its own.
    @Test(arguments: ["", "xmlns:media='http://www.example.org/no-such-thing'"])
    func prefixesAreBelievedWhereNamespacesAreNot(declaration: String) throws {
        let feed = try parse(
            """
            <rss version="2.0" \(declaration)><channel><item><guid>1</guid>
            <media:thumbnail url="https://a.example/t.jpg"/><dc:creator>Ann</dc:creator>
            <content:encoded>long</content:encoded></item></channel></rss>
            """)
        #expect(feed.entries.first?.details.images == ["https://a.example/t.jpg"])
        #expect(feed.entries.first?.authors == ["Ann"])
        #expect(feed.entries.first?.content?.written == "long")
    }
}
