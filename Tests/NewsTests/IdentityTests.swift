import Foundation
import News
import Testing

@Suite struct IdentityTests {
    @Test(arguments: [
        ("le-monde", true), ("A.b_c-1", true), ("9", true), ("", false), ("-a", false),
        (".a", false), ("a/b", false), ("é", false), ("a b", false), ("a\u{0}", false),
    ])
    func feedIDIsSafeInAPath(text: String, isTaken: Bool) {
        #expect((FeedID(text) != nil) == isTaken)
    }

    @Test func feedIDHasAtMostSixtyFourLetters() {
        #expect(FeedID(String(repeating: "a", count: 64)) != nil)
        #expect(FeedID(String(repeating: "a", count: 65)) == nil)
    }

    @Test func derivedFeedIDDependsOnTheCanonicalAddressAlone() throws {
        let a = try #require(HTTPURL("http://www.example.org/feed/"))
        let b = try #require(HTTPURL("https://example.org/feed"))
        #expect(FeedID(derivedFrom: a) == FeedID(derivedFrom: b))
        #expect(FeedID(derivedFrom: a).text.utf8.count == 12)
        #expect(FeedID(FeedID(derivedFrom: a).text) != nil)
    }

    @Test func entryIsKnownByIDElseLinkElseTitle() throws {
        let feed = try #require(FeedID("f"))
        let whole = Entry(id: "1", title: "T", link: "https://example.org/1")
        var sameID = Entry(id: "1", title: "Other")
        #expect(Alias(of: whole, in: feed) == Alias(of: sameID, in: feed))
        sameID.id = ""
        #expect(Alias(of: sameID, in: feed) == Alias(of: Entry(title: "Other"), in: feed))
        let linked = Entry(title: "T", link: "https://example.org/1")
        #expect(Alias(of: linked, in: feed) != Alias(of: whole, in: feed))
        #expect(Alias(of: Entry(summary: FeedText("words", form: .html)), in: feed) == nil)
    }

    @Test func entriesOfTwoFeedsNeverMeet() throws {
        let entry = Entry(id: "1")
        let (a, b) = (try #require(FeedID("a")), try #require(FeedID("b")))
        #expect(Alias(of: entry, in: a) != Alias(of: entry, in: b))
    }

    @Test func datedTitlesOfOneColumnStayApart() throws {
        let feed = try #require(FeedID("f"))
        let monday = Entry(title: "Weather", published: Instant(year: 2025, month: 1, day: 6))
        let tuesday = Entry(title: "Weather", published: Instant(year: 2025, month: 1, day: 7))
        #expect(Alias(of: monday, in: feed) != Alias(of: tuesday, in: feed))
    }

    @Test func identitiesAreOneJSONStringEach() throws {
        let article = ArticleID(Digest(high: 1, low: 2))
        let json = try JSONEncoder().encode([article])
        #expect(json == (try JSONEncoder().encode([article.description])))
        #expect(try JSONDecoder().decode([ArticleID].self, from: json) == [article])
        #expect(ArticleID(article.description) == article)
        #expect(StoryID(startedBy: article).description == article.description)
    }
}
