import FeedParsing
import News
import Testing

struct JSONFeedTests {
    private let version = #""version":"https://jsonfeed.org/version/1.1""#

    private func item(_ fields: String) throws -> Entry {
        try #require(
            parse("{\(version),\"items\":[{\(fields)}]}", from: "http://a.example/feed").entries
                .first)
    }

    @Test func feedAndItemHaveTheirFields() throws {
        let feed = try parse(
            """
            {\(version),"title":"F","home_page_url":"http://a.example/","feed_url":"urn:f",
            "description":"D","language":"en","authors":[{"name":"Ann"}],"items":[{"id":1,
            "url":"/1","title":"T","content_html":"<p>c</p>","summary":"s",
            "date_published":"2020-01-01T00:00:00Z","date_modified":"2020-01-02T00:00:00Z",
            "tags":["x","y"],"attachments":[{"url":"/1.mp3","mime_type":"audio/mpeg",
            "size_in_bytes":7}]}]}
            """, from: "http://a.example/feed")
        #expect(feed.format == .jsonFeed11)
        #expect(feed.title == "F" && feed.description?.html == "D" && feed.language == "en")
        #expect(feed.link == "http://a.example/" && feed.id == "urn:f")
        let entry = try #require(feed.entries.first)
        #expect(entry.id == "1" && entry.title == "T" && entry.link == "http://a.example/1")
        #expect(entry.content?.html == "<p>c</p>" && entry.summary?.html == "s")
        #expect(entry.published?.day == "2020-01-01" && entry.updated?.day == "2020-01-02")
        #expect(entry.authors == ["Ann"] && entry.categories == ["x", "y"])
        #expect(entry.language == "en")
        #expect(
            entry.enclosures == [
                Enclosure(url: "http://a.example/1.mp3", type: "audio/mpeg", length: 7)
            ])
    }

    @Test func version10IsRead() throws {
        let feed = try parse(
            """
            {"version":"https://jsonfeed.org/version/1","author":{"name":"Ann"},
            "items":[{"id":"a","content_text":"1 < 2"}]}
            """)
        #expect(feed.format == .jsonFeed10)
        #expect(feed.entries.first?.authors == ["Ann"])
        #expect(feed.entries.first?.content?.html == "1 &lt; 2")
    }

    /// A wrong type costs its own field.
    @Test(arguments: [
        #""id":"a","title":[1]"#, #""id":"a","tags":{"a":1}"#, #""id":"a","attachments":5"#,
        #""id":"a","authors":7"#, #""id":"a","url":false"#, #""id":"a","content_html":12.5"#,
        #""id":"a","date_published":1e400"#,
        #""id":"a","attachments":[{"url":"/","size_in_bytes":-1}]"#,
    ])
    func wrongTypesCostTheirFieldOnly(fields: String) throws {
        #expect(try item(fields).id == "a")
    }

    @Test func membersThatAreNoItemsAreToldAndLeftOut() throws {
        let feed = try parse(#"{\#(version),"items":[null,7,"x",[],{"id":"a"}]}"#)
        #expect(feed.entries.map(\.id) == ["a"])
        #expect(feed.damage == ["an item is no object"])
    }

    @Test func shortTextsAreSafeToShow() throws {
        #expect(try item(#""summary":"1 < 2""#).summary?.html == "1 &lt; 2")
        #expect(try item(#""summary":"<b>x</b><script>y</script>""#).summary?.html == "<b>x</b>")
    }

    @Test func oneAuthorMayStandAlone() throws {
        #expect(try item(#""authors":{"name":"Ann"}"#).authors == ["Ann"])
        #expect(try item(#""authors":["Ann"]"#).authors == ["Ann"])
    }

    @Test(arguments: [
        "{}", "[]", "[1]", #"{"title":"x"}"#, #"{"items":[]}"#,
        #"{"created":1,"data":[{"url":"x"}]}"#,
    ])
    func otherJSONIsRefused(text: String) {
        #expect(throws: FeedError.notAFeed(.json)) { try parse(text) }
    }

    @Test(arguments: ["{", #"{"items":[{"#, "{]", #"{"a":}"#, "{1:2}"])
    func brokenJSONIsRefused(text: String) {
        #expect(throws: FeedError.malformedJSON) { try parse(text) }
    }

    @Test func depthIsLimited() {
        let deep = String(repeating: "[", count: 257) + String(repeating: "]", count: 257)
        #expect(throws: FeedError.tooDeep(depthMax: 256)) {
            try parse(#"{\#(version),"a":\#(deep),"items":[]}"#)
        }
        let inString =
            #"{\#(version),"title":"\#(String(repeating: "[\\\"", count: 300))","items":[]}"#
        #expect(throws: Never.self) { try parse(inString) }
    }

    @Test func whatIsCompleteBeforeACutIsKept() throws {
        let whole =
            #"{\#(version),"title":"F","items":[{"id":"a"},{"id":"b","tags":["x"]},{"id":"c"}]}"#
        var counts: Set<Int> = []
        for length in whole.utf8.indices {
            guard let cut = String(whole.utf8[..<length]),
                let feed = try? parse(cut)
            else { continue }
            #expect(feed.entries.map(\.id) == Array(["a", "b", "c"].prefix(feed.entries.count)))
            #expect(feed.damage == ["the document ends too early"])
            counts.insert(feed.entries.count)
        }
        #expect(counts == [0, 1, 2, 3])
    }

    @Test func whatFollowsAMistakeIsLeftOut() throws {
        let feed = try parse(#"{\#(version),"items":[{"id":"a"},{"id":"b" oops},{"id":"c"}]}"#)
        #expect(feed.entries.map(\.id) == ["a"])
        #expect(feed.damage.count == 1)
    }

    @Test func everythingElseIsRead() throws {
        let feed = try parse(
            #"""
            {\#(version),"home_page_url":"https://a.example/","icon":"/i.png","next_url":"/2",
            "feed_url":"https://a.example/feed.json",
            "hubs":[{"type":"WebSub","url":"https://h.example/"}],
            "items":[{"id":1,"image":"/p.jpg","banner_image":"/b.jpg","url":"/1","attachments":[
            {"url":"/a.mp3","mime_type":"audio/mpeg","size_in_bytes":5,"duration_in_seconds":61}]}]}
            """#)
        #expect(feed.image == "https://a.example/i.png")
        #expect(feed.links.ownAddress == "https://a.example/feed.json")
        #expect(feed.links.hubs == ["https://h.example/"])
        #expect(feed.links.older == "https://a.example/2")
        let entry = try #require(feed.entries.first)
        #expect(entry.id == "1")
        #expect(entry.details.images == ["https://a.example/p.jpg", "https://a.example/b.jpg"])
        #expect(
            entry.enclosures == [
                Enclosure(
                    url: "https://a.example/a.mp3", type: "audio/mpeg", length: 5,
                    duration: .seconds(61))
            ])
    }

    @Test func entriesBeyondTheLimitAreLeftOut() throws {
        let limits = FeedLimits(entriesMax: 2)
        let feed = try parse(#"{\#(version),"items":[{},{},{}]}"#, limits: limits)
        #expect(feed.entries.count == 2)
        #expect(feed.damage == ["more than 2 entries; the others were left out"])
    }

    /// A version that is no text must not end the reading of what follows it.
    @Test(arguments: [#"{"v":1}"#, "[1]", "7"])
    func aVersionOfAnotherTypeCostsItself(version: String) throws {
        let feed = try parse(#"{"version":\#(version),"title":"T","items":[{"id":"1"}]}"#)
        #expect(feed.entries.map(\.id) == ["1"])
    }

    @Test func whatBreaksOffSaysSo() throws {
        let broken = #"{\#(version),"items":[{"id":"1","title":"a"b"}]}"#
        #expect(try parse(broken).isCutOff)
        #expect(try !parse(#"{\#(version),"items":[]}"#).isCutOff)
    }
}
