import ArticleStore
import ControlAPI
import Glibc
import Ingestion
import News
import TestSupport
import Testing

/// What the daemon answers about itself, and that its figures agree with its records.
@Suite struct ControlAnswersTests {
    private func answers(_ scene: NewsScene) -> ControlProvider {
        ControlAnswers(
            ingestor: scene.ingestor, storePath: scene.folder.store, clock: scene.time.clock,
            facts: {
                .init(version: "1.2", pid: 7, memoryBytes: 1 << 20, diskFreeBytes: 1 << 30)
            },
            reload: {
                Reload(at: Samples.noon, isApplied: true, changes: ["nothing"], problems: [])
            }
        ).provider
    }

    /// Two papers: five articles, of which one is a copy, one told of twice, one behind a wall.
    private func busy(
        _ change: (inout IngestorOptions) -> Void = { _ in }
    ) async throws -> NewsScene {
        let scene = try NewsScene(nil, change)
        scene.press.publish((1...4).map { PressItem($0) })
        scene.press.publish(
            [PressItem(1), PressItem(5), PressItem(6)], as: "agency")
        scene.press.print(1...3)
        scene.press.server.on("/a/4") { _ in
            .text(Press.consentWall, headers: ["Content-Type: text/html"])
        }
        scene.press.page("/a/5", Samples.title(5), Samples.paragraphs(2))
        scene.press.page("/a/6", Samples.title(6), Samples.paragraphs(6))
        try await scene.prepare(scene.feed(), scene.feed("agency"), scene.feed("missing"))
        try await scene.poll()
        try await scene.poll("agency")
        try await scene.poll("missing")
        try await scene.poll()
        return scene
    }

    @Test func figuresAgreeWithTheRecords() async throws {
        let scene = try await busy()
        let status = await answers(scene).status()
        let records = try scene.records
        for kind in Verdict.Kind.allCases {
            let expected = records.count { $0.verdict?.kind == kind }
            #expect(status.store.verdicts[kind, default: 0] == expected, "\(kind)")
        }
        #expect(status.store.rejected == records.count { $0.kind == "rejection" })
        #expect(status.store.lastSeq == records.last?.seq)
        #expect(
            records.map(\.outcome).sorted() == [
                "duplicate", "duplicate", "new", "new", "new", "new", "rejected",
            ])
        let feeds = try await answers(scene).feeds()
        #expect(feeds.map(\.id.text) == ["agency", "missing", "paper"])
        #expect(feeds.map(\.health) == [.healthy, .failing, .healthy])
        let counts = feeds.map(\.counts)
        let kept = records.count { $0.kind == "article" || $0.kind == "revision" }
        #expect(counts.reduce(0) { $0 + $1.kept } == kept)
        #expect(counts.reduce(0) { $0 + $1.duplicates } == 2)
        #expect(counts.reduce(0) { $0 + $1.rejected } == 1)
        #expect(status.events["polls"] == 4)
        #expect(status.events["polls_failed"] == 1)
        #expect(status.events["polls_not_modified"] == 1)
        #expect(status.events["entries"] == UInt64(counts.reduce(0) { $0 + $1.entries }))
        #expect(status.feeds.total == 3)
        #expect((status.version, status.pid, status.state) == ("1.2", 7, .running))
        #expect(scene.journal.decided == records)
        await scene.stop()
        #expect(await answers(scene).status().state == .stopping)
    }

    @Test func everyQuestionHasItsAnswer() async throws {
        let scene = try await busy()
        let provider = answers(scene)
        #expect(try await provider.articles(ArticleQuery(limit: 3)).records.count == 3)
        let id = try #require(try scene.records.compactMap(\.article?.id).first)
        guard case .one = try await provider.article(id.description) else {
            Issue.record("no article \(id)")
            return
        }
        #expect(try await provider.stories(StoryQuery()).isEmpty == false)
        let story = try #require(try scene.records.compactMap(\.verdict?.story?.id).first)
        guard case .one = try await provider.story(story.description) else {
            Issue.record("no story \(story)")
            return
        }
        #expect(try await provider.seeds().articles == 0)
        #expect(try await provider.reload().changes == ["nothing"])
        #expect(try await provider.poll(Samples.feedID("nobody")) == nil)
        #expect(try await provider.poll(Samples.feedID())?.feed.text == "paper")
        await scene.stop()
    }

    @Test func whoWaitedTooLongForgotNothing() async throws {
        let scene = try await busy()
        let provider = answers(scene)
        let id = try #require(try scene.records.compactMap(\.article?.id).first)
        let given = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await provider.forget(id, nil)
        }
        await #expect(throws: CancellationError.self) { try await given.value }
        #expect(try !scene.records.contains { $0.kind == "tombstone" })
        let first = try await provider.forget(id, nil)
        guard case .forgotten(let accepted) = first else {
            Issue.record("\(first)")
            return
        }
        #expect(accepted.id == id)
        await scene.journal.wait { if case .erased = $0 { true } else { false } }
        #expect(await provider.status().store.erasing == nil)
        let again = ForgetAccepted(seq: accepted.seq, id: id, isErased: true)
        #expect(try await provider.forget(id, nil) == .forgotten(again), "twice is once")
        #expect(try scene.records.last?.seq == accepted.seq)
        await scene.stop()
    }

    @Test func readinessFollowsPhaseAndStore() async throws {
        let scene = try NewsScene()
        scene.press.publish([PressItem(1)])
        scene.press.print([1])
        let provider = answers(scene)
        #expect(await provider.readiness().isReady == false, "it is starting")
        #expect(await provider.status().state == .starting)
        try await scene.prepare()
        await scene.ingestor.start()
        #expect(await provider.readiness().isReady)
        scene.faults.set(.init(kinds: [.write], isLasting: true, errno: ENOSPC))
        try await scene.poll()
        let readiness = await provider.readiness()
        #expect(!readiness.isReady)
        #expect(readiness.problems.first?.hasPrefix("no room to write") == true)
        let status = await provider.status()
        #expect(status.state == .storeUnavailable)
        #expect(status.problems.first?.hasPrefix("nothing is polled: no room") == true)
        await scene.stop()
        #expect(await provider.readiness().isReady == false)
    }

    @Test func problemsNameFeedsSeedsAndReloads() async throws {
        let folder = try TemporaryFolder()
        try folder.write("Short.", "seeds/stub.txt")
        let scene = try await busy {
            $0.schedule.backoff.failuresBeforeParking = 1
            $0.seeds.paths = ["\(folder.path)/seeds"]
        }
        await scene.ingestor.refuseReload(because: ["line 3: no such key"])
        let problems = await answers(scene).status().problems
        #expect(problems.count == 3)
        #expect(problems[0].hasPrefix("feed missing is parked until 2026-11-"))
        #expect(problems[1] == "the last reload was refused: line 3: no such key")
        #expect(problems[2].hasPrefix("seed \(folder.path)/seeds/stub.txt: only 1 words"))
        #expect(try await answers(scene).seeds().problems.count == 1)
        await scene.stop()
    }
}
