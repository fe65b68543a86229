import FeedParsing
import Testing

struct OPMLTests {
    @Test func foldersBecomeLabels() throws {
        let outlines = try parseOPML(
            Array(
                """
                <?xml version="1.0"?><opml version="2.0"><head><title>x</title></head><body>
                <outline text="News"><outline text="World"><outline type="rss" text="A &amp; B"
                xmlUrl="http://a.example/feed" htmlUrl="http://a.example/"/></outline></outline>
                <outline xmlUrl="http://b.example/feed"/></body></opml>
                """.utf8))
        #expect(
            outlines == [
                OPMLOutline(
                    title: "A & B", xmlURL: "http://a.example/feed", htmlURL: "http://a.example/",
                    labels: ["News", "World"]),
                OPMLOutline(title: "http://b.example/feed", xmlURL: "http://b.example/feed"),
            ])
    }

    @Test func whatIsWrittenIsReadAgain() throws {
        let outlines = [
            OPMLOutline(
                title: "Ça & <là> \"x\"", xmlURL: "http://a.example/?a=1&b=2", labels: ["A", "B"]),
            OPMLOutline(
                title: "b", xmlURL: "http://b.example/", htmlURL: "http://b.example",
                labels: ["A"]),
            OPMLOutline(title: "c", xmlURL: "http://c.example/"),
        ]
        let written = writeOPML(outlines, title: "Mine & yours")
        let read = try parseOPML(Array(written.utf8))
        #expect(Set(read) == Set(outlines))
        #expect(read.count == outlines.count)
    }

    /// OPML 1 has feeds by `url`, and links to pages and to other lists by the same attribute.
    @Test(arguments: [("", true), ("rss", true), ("link", false), ("Include", false)])
    func onlyFeedsAreFeeds(type: String, isFeed: Bool) throws {
        let outline = "<outline text='a' type='\(type)' url='http://a.example/'/>"
        let list = "<opml version='1.0'><body>\(outline)</body></opml>"
        let addresses = try parseOPML(Array(list.utf8)).map(\.xmlURL)
        #expect(addresses == (isFeed ? ["http://a.example/"] : []))
    }

    @Test func damagedListsGiveWhatTheyHave() throws {
        let text = "<opml><body><outline text='a' xmlUrl='http://a.example/'><outline text='b"
        #expect(try parseOPML(Array(text.utf8)).map(\.title) == ["a"])
    }

    @Test func otherDocumentsAreRefused() {
        #expect(throws: FeedError.notOPML) { try parseOPML(Array("<rss/>".utf8)) }
        #expect(throws: FeedError.empty) { try parseOPML([]) }
        let bytesMax = FeedLimits().bodyBytesMax
        #expect(throws: FeedError.tooLarge(bytes: bytesMax + 1, bytesMax: bytesMax)) {
            try parseOPML(Array(repeating: 0x20, count: bytesMax + 1))
        }
    }
}
