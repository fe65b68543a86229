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

    @Test func identitiesAreOneJSONStringEach() throws {
        let article = ArticleID(Digest(high: 1, low: 2))
        let json = try JSONEncoder().encode([article])
        #expect(json == (try JSONEncoder().encode([article.description])))
        #expect(try JSONDecoder().decode([ArticleID].self, from: json) == [article])
        #expect(ArticleID(article.description) == article)
        #expect(StoryID(startedBy: article).description == article.description)
    }
}
