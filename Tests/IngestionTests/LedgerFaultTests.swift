import Glibc
import Ingestion
import News
import Testing

/// A disk that fails: nothing is acknowledged that is not durable, and nothing is lost or doubled
/// when it is mended.
@Suite struct LedgerFaultTests {
    /// Where a failed sync can be undone its records are gone, and the index must forget them;
    /// where it cannot they may be there after all.
    @Test(arguments: [[.syncData, .sync], [.syncData, .sync, .truncate]] as [Set<Faults.Kind>])
    func nothingIsAcknowledgedBeforeTheSync(kinds: Set<Faults.Kind>) async throws {
        let scene = try LedgerScene()
        try await scene.open()
        try await scene.commit(Samples.article(1))
        let submissions = try (2...4).map { try Samples.article($0) } + [try Samples.rejection(5)]
        scene.faults.set(.init(kinds: kinds, isLasting: true, errno: EIO))
        await #expect(throws: LedgerError.self) {
            try await scene.ledger.commit(submissions, at: Samples.noon)
        }
        #expect(scene.journal.decided.count == 1, "what was not acknowledged is not reported")
        #expect(await scene.ledger.problem != nil)
        await #expect(throws: LedgerError.self, "nothing is decided until it is mended") {
            try await scene.commit(Samples.article(6))
        }
        await #expect(throws: LedgerError.self) {
            try await scene.ledger.recover(at: Samples.noon)
        }
        #expect(await scene.ledger.problem != nil)

        scene.faults.set(nil)
        try await scene.ledger.recover(at: Samples.noon)
        #expect(await scene.ledger.problem == nil)
        _ = try await scene.ledger.commit(submissions, at: Samples.noon)
        #expect(
            scene.journal.decided.map(\.seq) == [1, 2, 3, 4, 5], "each is reported once, in the end"
        )
        try await expectOnce(1...4, rejections: 1, in: scene)
    }

    @Test func everyoneWhoWaitsForAFailedSyncIsTold() async throws {
        let scene = try LedgerScene()
        try await scene.open()
        let ledger = scene.ledger
        try await scene.commit(Samples.article(0))
        let articles = try (1...12).map { try Samples.article($0) }
        scene.faults.set(.init(kinds: [.syncData, .sync, .truncate], isLasting: true, errno: EIO))
        let acknowledged = await withTaskGroup(of: Bool.self) { group in
            for article in articles {
                group.addTask { (try? await ledger.commit([article], at: Samples.noon)) != nil }
            }
            return await group.reduce(into: 0) { if $1 { $0 += 1 } }
        }
        #expect(acknowledged == 0)
        scene.faults.set(nil)
        try await ledger.recover(at: Samples.noon)
        _ = try await ledger.commit(articles, at: Samples.noon)
        try await expectOnce(0...12, in: scene)
    }

    /// The disk is full from one write on, for each write in turn, and has room again later.
    @Test(arguments: [false, true]) func aFullDiskCostsNothingButTime(isTorn: Bool) async throws {
        var index = 0
        while true {
            let scene = try LedgerScene()
            try await scene.open()
            try await scene.commit(Samples.article(1))
            scene.faults.set(
                .init(kinds: [.write], index: index, isLasting: true, errno: ENOSPC, isTorn: isTorn)
            )
            let batches = try [[2, 3], [4], [5, 6]].map { try $0.map { try Samples.article($0) } }
            var acknowledged = 0
            for batch in batches {
                acknowledged += (try? await scene.ledger.commit(batch, at: Samples.noon).count) ?? 0
            }
            guard scene.faults.hits > 0 else {
                #expect(index >= 5, "one write for each record at least")
                break
            }
            #expect(acknowledged < 5)
            #expect(await scene.ledger.problem != nil)
            await #expect(throws: LedgerError.self, "still full, write \(index)") {
                try await scene.ledger.recover(at: Samples.noon)
            }
            scene.faults.set(nil)
            try await scene.ledger.recover(at: Samples.noon)
            _ = try await scene.ledger.commit(batches.flatMap { $0 }, at: Samples.noon)
            try await expectOnce(1...6, in: scene)
            index += 1
        }
    }

    @Test func aStateThatCannotBeSavedStopsTheLedgerToo() async throws {
        let scene = try LedgerScene()
        try await scene.open()
        let state = FeedState(
            id: try Samples.feedID(), url: try #require(HTTPURL("https://news.example/feed")))
        scene.faults.set(.init(kinds: [.rename], isLasting: true, errno: EROFS))
        await #expect(throws: LedgerError.self) { try await scene.ledger.save(state) }
        #expect(await scene.ledger.problem != nil)
        scene.faults.set(nil)
        try await scene.ledger.recover(at: Samples.noon)
        try await scene.ledger.save(state)
        #expect(await scene.ledger.feedStates() == [state])
    }

    /// Every article is on disk once, in whole records, also for a ledger that opens it anew.
    private func expectOnce(
        _ numbers: ClosedRange<Int>, rejections: Int = 0, in scene: LedgerScene,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let next = try await scene.reopened()
        let torn = next.journal.events.contains { if case .recovered = $0 { true } else { false } }
        #expect(!torn, "half a record was left", sourceLocation: sourceLocation)
        let records = try scene.folder.records()
        let urls = records.compactMap(\.article?.canonicalURL?.text).sorted()
        let expected = numbers.map { "https://news.example/a/\($0)" }.sorted()
        #expect(urls == expected, sourceLocation: sourceLocation)
        #expect(
            records.count == expected.count + rejections, "\(records.map(\.kind))",
            sourceLocation: sourceLocation)
        #expect(
            records.map(\.seq) == (1...UInt64(records.count)).map { $0 },
            sourceLocation: sourceLocation)
    }
}
