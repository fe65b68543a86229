import ArticleStore
import Foundation
import News
import Testing

@Suite struct StoreReaderTests {
    /// Twelve articles in segments of two.
    private func makeSegments(_ folder: TemporaryFolder) throws {
        let store = try openQuickly(folder, segmentBytesMax: 10)
        for number in 0..<6 {
            _ = try store.append(
                [Samples.kept(2 * number), Samples.kept(2 * number + 1)], at: Samples.morning)
        }
        _ = try store.sync()
        store.close()
    }

    @Test(arguments: 0...13) func recordsFollowTheCursor(seq: UInt64) throws {
        let folder = try TemporaryFolder()
        try makeSegments(folder)
        let reader = try StoreReader(at: folder.store)
        let all = Array(1...UInt64(12)).filter { $0 > seq }
        #expect(try reader.records(after: seq, limit: 100).map(\.seq) == all)
        #expect(try reader.records(after: seq, limit: 3).map(\.seq) == Array(all.prefix(3)))
        #expect(try reader.records(after: seq, limit: 0).isEmpty)
        #expect(try reader.records(after: .max, limit: 9).isEmpty)
    }

    @Test func itReadsBesideAWriterAndNeverSeesHalfARecord() throws {
        let folder = try TemporaryFolder()
        let store = try openQuickly(folder)
        let reader = try StoreReader(at: folder.store)
        #expect(try reader.records(after: 0, limit: 9).isEmpty)
        _ = try store.append([Samples.kept(1), Samples.kept(2)], at: Samples.morning)
        #expect(try reader.records(after: 0, limit: 9).map(\.seq) == [1, 2])
        store.close()
        let whole = try folder.bytes(firstSegment)
        let first = try #require(whole.firstIndex(of: 0x0A)) + 1
        for length in stride(from: first, to: whole.count - 1, by: 7) {
            try folder.write(whole[..<length], firstSegment)
            #expect(try reader.records(after: 0, limit: 9).map(\.seq) == [1])
            let check = try reader.verify { _ in }
            #expect(check.isSound)
            #expect((check.unfinished != nil) == (length > first))
        }
    }

    @Test func anyUnambiguousPrefixFindsTheLatestText() throws {
        let folder = try TemporaryFolder()
        let store = try openQuickly(folder)
        let bodies = (0..<40).map { Samples.kept($0) } + [Samples.revised(7, text: "New words.")]
        _ = try store.append(bodies, at: Samples.morning)
        let reader = try StoreReader(at: folder.store)
        let id = Samples.id(7).description
        for prefix in [id, String(id.prefix(20)), id.uppercased()] {
            guard case .one(let record, let marks) = try reader.latest(idPrefix: prefix) else {
                Issue.record("\(prefix) was not found")
                continue
            }
            #expect(record.articleAndVerdict?.article.text == "New words.")
            #expect(marks.isEmpty)
        }
        #expect(try reader.latest(idPrefix: "zz") == .none)
        #expect(try reader.latest(idPrefix: "") == .none)
        var firsts: [Character: [ArticleID]] = [:]
        for number in 0..<40 {
            let id = Samples.id(number)
            firsts[id.description.first ?? "?", default: []].append(id)
        }
        let (first, ids) = try #require(firsts.first { $0.value.count > 1 })
        #expect(try reader.latest(idPrefix: String(first)) == .ambiguous(ids.sorted()))
    }

    @Test func ambiguousAnswersAreBounded() throws {
        let folder = try TemporaryFolder()
        let store = try openQuickly(folder)
        _ = try store.append((0..<800).map { Samples.kept($0) }, at: Samples.morning)
        guard case .ambiguous(let ids) = try StoreReader(at: folder.store).latest(idPrefix: "a")
        else { throw Samples.Odd.feed("not ambiguous") }
        #expect(ids.count == StoreReader.ambiguousMax)
    }

    @Test func theHistoryOfAnArticleHoldsItsTextsAndSightings() throws {
        let folder = try TemporaryFolder()
        let store = try openQuickly(folder)
        let bodies = [
            Samples.kept(1), Samples.kept(2), Samples.seen(1), Samples.revised(1, text: "More."),
            try Samples.rejected("no"), Samples.seen(2),
        ]
        _ = try store.append(bodies, at: Samples.morning)
        let reader = try StoreReader(at: folder.store)
        #expect(try reader.history(of: Samples.id(1), limit: 9).map(\.seq) == [1, 3, 4])
        #expect(try reader.history(of: Samples.id(1), limit: 2).map(\.seq) == [1, 3])
        #expect(try reader.history(of: Samples.id(9), limit: 9).isEmpty)
    }

    @Test func verifyCountsWhatThereIs() throws {
        let folder = try TemporaryFolder()
        let store = try openQuickly(folder)
        let bodies = [
            Samples.kept(1), Samples.revised(1, text: "More."), Samples.seen(1),
            try Samples.rejected("no"), Samples.kept(1), Samples.revised(2, text: "Whose?"),
        ]
        _ = try store.append(bodies, at: Samples.morning)
        try store.save(try Samples.state("f"))
        try store.saveDerived([1], named: "duplicates")
        let check = try StoreReader(at: folder.store).verify { _ in }
        #expect(check.records == 6)
        #expect(check.articles == 2 && check.revisions == 2)
        #expect(check.sightings == 1 && check.rejections == 1)
        #expect(check.feedStates == 1 && check.derivedFiles == 1)
        #expect(check.twice.kept == [Samples.id(1)])
        #expect(check.orphans.kept == [Samples.id(2)])
        #expect(!check.isSound)
        #expect(check.unknown.isEmpty)
        #expect(check.sentences.last == "the store is damaged")
        #expect(check.sentences.contains { $0.contains("is stored twice") })
    }

    @Test func verifyFindsWhatDoesNotBelong() throws {
        let folder = try TemporaryFolder()
        try makeStore(folder, count: 2)
        try folder.write("x", "state/photo.jpg")
        try folder.write("x", "state/index/raw")
        try folder.write("{}", "state/feeds/f.json")
        let check = try StoreReader(at: folder.store).verify { _ in }
        #expect(check.unknown.count == 2)
        #expect(check.damage.kept.map(\.reason) == ["not a sound feed state"])
    }

    @Test func whatIsNoStoreIsSaid() throws {
        let folder = try TemporaryFolder()
        for name in ["nowhere", ""] {
            let error = #expect(throws: StoreError.self) {
                try StoreReader(at: "\(folder.path)/\(name)")
            }
            guard case .notAStore = error else { throw try #require(error) }
        }
    }

    /// The writer cut back a torn batch and wrote another while we were reading.
    @Test func damageInTheGrowingSegmentIsLookedAtTwiceAndThenPassedOver() throws {
        let folder = try TemporaryFolder()
        try makeStore(folder, count: 3)
        var bytes = try folder.bytes(firstSegment)
        let second = try #require(bytes.firstIndex(of: 0x0A)) + 70
        bytes[second] ^= 1
        try folder.write(bytes, firstSegment)
        #expect(try records(in: folder).map(\.seq) == [1, 3])
    }

    @Test func textsBeforeTheLatestAreKeptAtHand() throws {
        let folder = try TemporaryFolder()
        var store = try openQuickly(folder)
        let texts = (0..<9).map { "The council met \($0) times." }
        _ = try store.append([Samples.kept(1, text: texts[0])], at: Samples.morning)
        for text in texts.dropFirst() {
            _ = try store.append([Samples.revised(1, text: text)], at: Samples.morning)
        }
        _ = try store.sync()
        // The first, and those before the latest, the newest of them first.
        let kept = [texts[7], texts[6], texts[5], texts[0]]
        for _ in 0..<2 {
            #expect(store.article(Samples.id(1))?.article.text == texts[8])
            #expect(store.earlierTexts(of: Samples.id(1)).map(\.text) == kept)
            #expect(store.earlierTexts(of: Samples.id(2)).isEmpty)
            store.close()
            store = try openQuickly(folder)
        }
        store.close()
    }

    @Test func marksAreFoundAgainAndTheLastOnAPairHolds() throws {
        let folder = try TemporaryFolder()
        var store = try openQuickly(folder)
        let said = [(1, 2, Mark.Relation.same), (2, 3, .different), (2, 1, .clear)].map {
            Mark(id: Samples.id($0.0), other: Samples.id($0.1), relation: $0.2)
        }
        let bodies = (1...3).map { Samples.kept($0) } + said.map { .correction($0) }
        _ = try store.append(bodies, at: Samples.morning)
        _ = try store.sync()
        store.close()
        store = try openQuickly(folder)
        #expect(store.marks == Marks([said[1]]))
        store.close()
        let reader = try StoreReader(at: folder.store)
        #expect(try reader.marks() == Marks([said[1]]))
        // One reading finds an article with them.
        guard case .one(_, let marks) = try reader.latest(idPrefix: said[1].id.description) else {
            Issue.record("\(said[1].id) was not found")
            return
        }
        #expect(marks == [said[1]])
        #expect(try reader.records(after: 3, limit: 9).map(\.body) == said.map { .correction($0) })
        let check = try reader.verify { _ in }
        #expect(check.isSound && check.corrections == 3 && check.records == 6)
    }
}
