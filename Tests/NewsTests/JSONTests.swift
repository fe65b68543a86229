import Foundation
import News
import Testing

/// What is stored is read back as it was, and a reader without Tamis finds the keys that the format
/// promises.
@Suite struct JSONTests {
    private static let seen = Instant(millisecondsSince1970: 1_737_454_830_000)

    private func roundTrip<Value: Codable & Equatable>(_ value: Value) throws -> [String: Any] {
        let json = try JSONEncoder().encode(value)
        #expect(try JSONDecoder().decode(Value.self, from: json) == value)
        return try #require(JSONSerialization.jsonObject(with: json) as? [String: Any])
    }

    private func article(_ origin: Origin) throws -> Article {
        Article(
            id: ArticleID(Digest(high: 1, low: 2)), origin: origin,
            url: HTTPURL("https://example.org/a"),
            canonicalURL: CanonicalURL(stored: "https://example.org/a"), title: "T", text: "x",
            seen: Self.seen, textSource: .page, aliases: [Alias(Digest(high: 3, low: 4))],
            contentHash: Digest(high: 5, low: 6))
    }

    @Test func articleIsPlainJSON() throws {
        let feed = try #require(FeedID("f"))
        let object = try roundTrip(article(.feed(feed)))
        #expect(object["id"] as? String == "00000000000000010000000000000002")
        #expect(object["canonical_url"] as? String == "https://example.org/a")
        #expect(object["seen"] as? String == "2025-01-21T10:20:30Z")
        #expect((object["origin"] as? [String: String]) == ["feed": "f"])
        #expect(object["text_source"] as? String == "page")
    }

    @Test func everyOriginReadsBack() throws {
        _ = try roundTrip(article(.seed(path: "a/b.txt", line: nil)))
        _ = try roundTrip(article(.seed(path: "a/b.jsonl", line: 7)))
        _ = try roundTrip(article(.stream(id: "x")))
    }

    @Test func verdictReadsBackWithItsEvidence() throws {
        let reference = Reference(to: try article(.stream(id: "x")))
        let score = Evidence.Score(name: "jaccard", value: 0.75, threshold: 0.5)
        let range = TextRange(start: 0, end: 4)
        let verdict = Verdict(
            kind: .nearDuplicate, of: reference,
            story: StoryMembership(
                id: StoryID(startedBy: reference.id), nearest: reference, score: 0.5,
                threshold: 0.25, shared: ["pont"],
                runnerUp: .init(
                    id: StoryID(startedBy: reference.id), score: 0.25, lostBecause: "less alike")),
            novelty: Novelty(
                share: 0.5, passages: [.init(range: range, heldBy: reference.id)]),
            evidence: Evidence(
                rule: "near-duplicate", rules: 1, keys: [.init(name: "url", value: "u")],
                scores: [score], shared: [.init(ours: range, theirs: range, words: 1)],
                runnersUp: [
                    .init(reference: reference, scores: [score], lostBecause: "less alike")
                ]))
        let object = try roundTrip(verdict)
        #expect(object["kind"] as? String == "nearDuplicate")
        let evidence = try #require(object["evidence"] as? [String: Any])
        #expect(evidence["runners_up"] != nil)
    }

    @Test(arguments: [
        Rejection.notAnArticle(.consentWall), .tooShort(words: 1, wordsMin: 5),
        .tooLong(bytes: 2, bytesMax: 1), .unreachable(reason: "404"), .tooOld, .nameless,
    ])
    func rejectionReadsBackAndSaysWhy(reason: Rejection) throws {
        let rejected = RejectedEntry(
            feed: try #require(FeedID("f")), url: nil, title: "T", published: nil, seen: Self.seen,
            aliases: [], entryDigest: nil, reason: reason)
        _ = try roundTrip(rejected)
        let sentence = reason.description
        #expect(!sentence.isEmpty && !sentence.hasSuffix("."))
        #expect(sentence.first?.isUppercase == false)
    }

    @Test func entryDigestFollowsItsWordsAndNothingElse() {
        let entry = Entry(
            id: "1", title: "T", link: "l", summary: FeedText("s", form: .html),
            content: FeedText("c", form: .html))
        var other = entry
        other.categories = ["a"]
        other.published = Self.seen
        #expect(other.digest == entry.digest)
        for change in [\Entry.title, \.link] {
            var changed = entry
            changed[keyPath: change] = "x"
            #expect(changed.digest != entry.digest)
        }
        for change in [\Entry.summary, \.content] {
            var changed = entry
            changed[keyPath: change] = FeedText("x", form: .html)
            #expect(changed.digest != entry.digest)
        }
        other.updated = Self.seen
        #expect(other.digest != entry.digest)
    }

    /// Entries that wait for their pages are kept in the state of their feed.
    @Test func entryReadsBackWithAllThatItSays() throws {
        var entry = Entry(
            id: "1", title: "T", link: "l", published: Self.seen, updated: Self.seen,
            authors: ["A"], summary: FeedText("s", form: .plain),
            content: FeedText("c", form: .html, base: HTTPURL("https://a.example/x")),
            categories: ["k"],
            enclosures: [Enclosure(url: "u", type: "t", length: 1, duration: .seconds(2))],
            language: "fr")
        entry.details.images = ["i"]
        entry.details.credits = [MediaCredit(name: "N", role: "r")]
        entry.details.duration = .seconds(61)
        entry.details.discussion.page = "p"
        entry.details.discussion.inReplyTo = ["q"]
        entry.details.rights = "R"
        entry.details.licenses = ["L"]
        entry.details.source = EntrySource(title: "S", id: "sid", link: "sl")
        _ = try roundTrip(entry)
        #expect(try roundTrip(Entry()).count == 0)
    }

    /// Texts of entries were plain strings once.
    @Test func entriesOfAnOlderStateAreRead() throws {
        let old = #"{"id":"1","authors":[],"categories":[],"enclosures":[],"summary":"<p>s</p>"}"#
        let entry = try JSONDecoder().decode(Entry.self, from: Data(old.utf8))
        #expect(entry.summary == FeedText("<p>s</p>", form: .html))
    }
}
