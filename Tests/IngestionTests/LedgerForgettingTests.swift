import Ingestion
import News
import Testing

/// What a person took out does not come back, by whatever name.
@Suite struct LedgerForgettingTests {
    private static func forget(_ number: Int, in scene: LedgerScene) async throws -> Forgetting {
        let record = try scene.folder.records().first {
            $0.articleAndVerdict?.article.title == Samples.title(number)
        }
        let id = try #require(record?.articleAndVerdict?.article.id)
        return try await scene.ledger.forget(
            id, because: "asked for", holding: nil, at: Samples.noon)
    }

    private static func standings(
        _ entries: [Entry], in scene: LedgerScene, feed: String = "paper"
    ) async throws -> [EntryStanding] {
        await scene.ledger.standings(
            of: NamedEntry.all(of: entries, in: try Samples.feedID(feed), trustingIDs: true))
    }

    private static func check(_ scene: LedgerScene) async throws {
        let changed = Samples.entry(1, change: " again")
        #expect(
            try await standings([Samples.entry(1), changed, Samples.entry(2)], in: scene)
                == [.known, .known, .known])
        #expect(
            try await standings([Samples.entry(1, id: "other")], in: scene, feed: "other")
                == [.known], "its address is not fetched for another feed")
        // A page that turns out to be it.
        let back = try await scene.commit(Samples.article(1, entry: changed))
        #expect(back.map(\.outcome) == ["rejected"])
        guard case .rejection(let rejected)? = back.first?.body else {
            Issue.record("\(back)")
            return
        }
        #expect(rejected.reason == .forgotten)
        #expect(try await scene.commit(Samples.article(1, entry: changed)).isEmpty, "once")
    }

    @Test(arguments: [DuplicateIndexKept.kept, .rebuilt])
    func itDoesNotComeBack(index: DuplicateIndexKept) async throws {
        let scene = LedgerScene(try TemporaryFolder(), indexHeadMax: 2)
        try await scene.open()
        for number in 1...5 { try await scene.commit(Samples.article(number)) }
        guard case .forgotten(let record, isErased: true) = try await Self.forget(1, in: scene)
        else {
            Issue.record("not forgotten")
            return
        }
        #expect(scene.journal.decided.last == record)
        try await Self.check(scene)
        await scene.ledger.whenMerged()
        await scene.ledger.close()
        if index == .rebuilt { try scene.folder.remove("state/index/duplicates") }
        let next = LedgerScene(scene.folder, indexHeadMax: 2)
        try await next.open()
        #expect(next.rebuilds == (index == .rebuilt ? 1 : 0))
        #expect(
            try await Self.standings([Samples.entry(1), Samples.entry(3)], in: next)
                == [.known, .known])
        let copies = try await next.commit(
            Samples.article(100, text: Samples.paragraphs(1)),
            Samples.article(101, text: Samples.paragraphs(2)))
        #expect(copies.map(\.outcome) == ["new", "duplicate"], "a copy elsewhere is its own")
        #expect(copies.first?.verdict?.of == nil)
    }

    enum DuplicateIndexKept { case kept, rebuilt }

    @Test func seedsAndStrangersAreNotForgotten() async throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "Title\n\n" + Samples.paragraphs(50).joined(separator: "\n\n"), "seeds/a.txt")
        let scene = LedgerScene(folder)
        try await scene.open(seeds: ["\(folder.path)/seeds"])
        let copy = try await scene.commit(Samples.article(1, text: Samples.paragraphs(50)))
        let seed = try #require(copy.first?.verdict?.of)
        #expect(seed.origin.isSeed)
        for (id, expected) in [(seed.id, Forgetting.seed), (ArticleID(Digest(of: [1])), .notHeld)] {
            let answer = try await scene.ledger.forget(
                id, because: nil, holding: nil, at: Samples.noon)
            #expect(answer == expected)
        }
        #expect(try folder.records().count == 1)
    }
}
