import ArticleStore
import Fetching
import Glibc
import Ingestion
import News
import TestSupport
import Testing

/// The service as a whole: one feed beside another, outages, stops, wishes from outside.
@Suite(.timeLimit(.minutes(1))) struct IngestorTests {
    /// Three papers of two articles each.
    private func papers(_ scene: NewsScene) throws -> [Feed] {
        try ["a", "b", "c"].enumerated().map { index, name in
            let numbers = [index * 2 + 1, index * 2 + 2]
            scene.press.publish(numbers.map { PressItem($0) }, as: name)
            scene.press.print(numbers)
            return try scene.feed(name)
        }
    }

    @Test func allFeedsArePolledOnce() async throws {
        let scene = try NewsScene { $0.schedule.pollsInFlightMax = 2 }
        let feeds = try papers(scene)
        try await scene.ingestor.prepare(feeds: feeds)
        scene.time.pass(.seconds(86_400))
        await scene.ingestor.pollAllOnce()
        for name in ["a", "b", "c"] { #expect(scene.press.asked("/\(name).xml") == 1) }
        #expect(try scene.records.count == 6)
        // Also when all have come due meanwhile.
        scene.time.pass(.seconds(86_400))
        await scene.ingestor.pollAllOnce()
        for name in ["a", "b", "c"] { #expect(scene.press.asked("/\(name).xml") == 2) }
        await scene.stop()
    }

    @Test func oneFeedIsPolledAlone() async throws {
        let scene = try NewsScene()
        try await scene.ingestor.prepare(feeds: try papers(scene))
        scene.time.pass(.seconds(86_400))
        try await scene.poll("b")
        #expect(
            scene.press.server.requests.map(\.path).filter { $0.hasSuffix("xml") } == ["/b.xml"])
        #expect(await scene.ingestor.poll(try Samples.feedID("nobody")) == false)
        await scene.stop()
    }

    @Test func aFeedAddedLaterIsPolledOnTimeToo() async throws {
        let scene = try NewsScene()
        scene.press.publish([PressItem(1)])
        scene.press.print([1])
        // With the real clock, and nothing else to wake the service.
        var options = scene.options
        options.schedule.startSpread = .milliseconds(150)
        options.schedule.intervalMin = .milliseconds(1)
        let service = Ingestor(options: options, sink: { scene.journal.add($0) })
        try await service.prepare(feeds: [])
        await service.start()
        await service.apply(feeds: [try scene.feed { $0.interval = .milliseconds(150) }])
        for wanted in [PollOutcome.Result?.none, .notModified] {
            await scene.journal.wait { event in
                guard case .polled(_, let outcome, _) = event else { return false }
                return wanted == nil ? outcome.tally?.kept == 1 : outcome.result == wanted
            }
        }
        await service.stop(because: "the test ends", deadline: .zero)
        #expect(service.board.current.phase == .stopping)
        #expect(try scene.records.count == 1)
    }

    @Test func feedsMayBeAddedChangedAndRemoved() async throws {
        let scene = try NewsScene()
        let feeds = try papers(scene)
        try await scene.ingestor.prepare(feeds: [feeds[0], feeds[1]])
        await scene.ingestor.pollAllOnce()
        var moved = feeds[1]
        moved.url = try scene.press.url("/c.xml")
        scene.press.publish([PressItem(9)], as: "d")
        scene.press.print([9])
        let changes = await scene.ingestor.apply(
            feeds: [moved, try scene.feed("d")], notes: ["the log level is now debug"])
        #expect(
            changes == ["1 feeds added, 1 removed, 1 changed", "the log level is now debug"])
        let picture = scene.ingestor.board.current
        #expect(picture.feeds.keys.map(\.text).sorted() == ["b", "d"])
        #expect(picture.lastReload?.changes == changes)
        #expect(try scene.state("b").validators.isEmpty, "another address, another document")
        await scene.ingestor.pollAllOnce()
        #expect(scene.press.asked("/a.xml") == 1)
        #expect(scene.press.asked("/b.xml") == 1)
        #expect(scene.press.asked("/c.xml") == 1)
        #expect(scene.press.asked("/d.xml") == 1)
        // A feed that comes back brings nothing twice.
        await scene.ingestor.apply(feeds: feeds)
        await scene.ingestor.pollAllOnce()
        let kinds = try scene.records.map(\.kind).sorted()
        #expect(kinds == Array(repeating: "article", count: 7) + ["sighting", "sighting"])
        await scene.stop()
        let saved = try StoreReader(at: scene.folder.store).feedStates().map(\.id.text).sorted()
        #expect(saved == ["a", "b", "c"], "what is configured no longer is forgotten")
    }

    @Test func aRefusedReloadKeepsTheFeeds() async throws {
        let scene = try NewsScene()
        try await scene.prepare()
        await scene.ingestor.refuseReload(because: ["line 3: no such key"])
        let picture = scene.ingestor.board.current
        #expect(picture.lastReload?.problems == ["line 3: no such key"])
        #expect(picture.feeds.count == 1)
        #expect(picture.counters.reloadsRefused == 1)
        await scene.stop()
    }

    @Test func aParkedFeedIsOnRecordAmongTheRequests() async throws {
        let scene = try NewsScene { $0.schedule.backoff.failuresBeforeParking = 1 }
        scene.press.server.on("/paper.xml") { _ in .text("no", status: 404) }
        try await scene.prepare()
        try await scene.poll()
        let until = try #require(try scene.state().parkedUntil)
        await scene.stop()
        var notes: [RequestNote] = []
        try RequestLog.forEachNote(at: scene.folder.store) { notes.append($0) }
        #expect(notes.map(\.isSent) == [true, false])
        #expect(notes.last?.rule.hasPrefix("parked until \(until): ") == true, "\(notes)")
    }

    @Test func aStopEndsAStalledTransferAndBlamesNobody() async throws {
        let scene = try NewsScene()
        let isStalled = Latch()
        scene.press.server.on("/paper.xml") { _ in
            isStalled.open()
            return LoopbackAnswer([.send(LoopbackAnswer.head(200, [])), .stall])
        }
        try await scene.prepare()
        let poll = Task { await scene.ingestor.pollOnce(try Samples.feedID()) }
        await isStalled.wait()
        await scene.ingestor.stop(because: "the test says so", deadline: .milliseconds(20))
        try await poll.value
        #expect(scene.journal.outcomes(of: "paper").map(\.result) == [.abandoned])
        #expect(try scene.state().failures == 0)
        #expect(try scene.state().counts.polls == 0)
        await scene.ingestor.stop(because: "again", deadline: .zero)
        #expect(scene.journal.events.count { if case .stopped = $0 { true } else { false } } == 1)
    }

    @Test func aStopDuringPagesKeepsWhatWasRead() async throws {
        let scene = try NewsScene { $0.pipeline.pagesInFlightMax = 1 }
        let isStalled = Latch()
        scene.press.publish([PressItem(2), PressItem(1)])
        scene.press.print([1])
        scene.press.server.on("/a/2") { _ in
            isStalled.open()
            return LoopbackAnswer([.stall])
        }
        try await scene.prepare()
        let poll = Task { await scene.ingestor.pollOnce(try Samples.feedID()) }
        await isStalled.wait()
        await scene.ingestor.stop(because: "the test says so", deadline: .zero)
        try await poll.value
        #expect(try scene.records.map(\.outcome) == ["new"])
        #expect(try scene.state().pending.map(\.attempts) == [0], "no attempt was lost")
        scene.press.print([2])
        let next = try NewsScene(scene.press, folder: scene.folder)
        try await next.prepare()
        #expect(try await next.poll().tally?.kept == 1)
        #expect(scene.press.asked("/a/1") == 1)
        await next.stop()
    }

    @Test func aHostileFeedDelaysNoHealthyOne() async throws {
        let scene = try NewsScene { $0.schedule.pollsInFlightMax = 4 }
        let tarpit = try LoopbackServer()
        scene.press.publish(
            (1...40).map { PressItem($0, link: tarpit.url("/\($0)")) }, as: "hostile")
        let isStalled = Latch()
        for number in 1...40 {
            tarpit.on("/\(number)") { _ in
                isStalled.open()
                return LoopbackAnswer([.stall])
            }
        }
        scene.press.publish([PressItem(50)], as: "healthy")
        scene.press.print([50])
        try await scene.prepare(scene.feed("hostile"), scene.feed("healthy"))
        let all = Task { await scene.ingestor.pollAllOnce() }
        await isStalled.wait()
        await scene.journal.wait { event in
            if case .polled(let id, _, _) = event { id.text == "healthy" } else { false }
        }
        #expect(scene.journal.outcomes(of: "hostile").isEmpty, "it is stalled until the stop")
        #expect(try scene.records.map(\.outcome) == ["new"])
        await scene.stop()
        await all.value
    }

    @Test func aPollThatHangsIsSeenByTheWatchdog() async throws {
        let scene = try NewsScene { $0.pollDurationMax = .seconds(600) }
        let isStalled = Latch()
        scene.press.server.on("/paper.xml") { _ in
            isStalled.open()
            return LoopbackAnswer([.stall])
        }
        try await scene.prepare()
        scene.time.pass(.seconds(86_400))
        #expect(await scene.ingestor.isMakingProgress(), "idle is no hang")
        let poll = Task { await scene.ingestor.pollOnce(try Samples.feedID()) }
        await isStalled.wait()
        scene.time.pass(.seconds(599))
        #expect(await scene.ingestor.isMakingProgress())
        scene.time.pass(.seconds(2))
        #expect(await scene.ingestor.isMakingProgress() == false)
        await scene.stop()
        try await poll.value
        #expect(await scene.ingestor.isMakingProgress())
    }

    /// An entry of its own batch is decided; of a longer one a page is finished, and nothing is
    /// decided before the last page is there.
    @Test(arguments: [1, 16]) func aLongPollThatGetsOnIsNoHang(batch: Int) async throws {
        let scene = try NewsScene {
            $0.pollDurationMax = .seconds(600)
            $0.pipeline.commitBatchMax = batch
            $0.pipeline.pagesInFlightMax = 1
        }
        let isStalled = Latch()
        scene.press.publish([PressItem(2), PressItem(1)])
        scene.press.print([1])
        scene.press.server.on("/a/2") { _ in
            isStalled.open()
            return LoopbackAnswer([.stall])
        }
        try await scene.prepare()
        let poll = Task { await scene.ingestor.pollOnce(try Samples.feedID()) }
        await isStalled.wait()
        scene.time.pass(.seconds(700))
        #expect(await scene.ingestor.isMakingProgress(), "it has got on since")
        #expect(try scene.records.count == (batch == 1 ? 1 : 0))
        scene.time.pass(.seconds(599))
        #expect(await scene.ingestor.isMakingProgress())
        scene.time.pass(.seconds(2))
        #expect(await scene.ingestor.isMakingProgress() == false)
        await scene.stop()
        try await poll.value
    }

    @Test(arguments: [-3 * 86_400, 3650 * 86_400])
    func aClockThatJumpsPollsNothing(seconds: Int) async throws {
        let scene = try NewsScene { $0.housekeepingInterval = .milliseconds(5) }
        scene.press.publish([PressItem(1)])
        scene.press.print([1])
        try await scene.prepare()
        try await scene.poll()
        let before = try #require(try scene.state().nextPoll).since(scene.time.now)
        await scene.ingestor.start()
        scene.time.jump(.seconds(seconds))
        await scene.journal.wait { if case .clockMoved = $0 { true } else { false } }
        #expect(await scene.ingestor.isMakingProgress(), "answered after the jump was dealt with")
        #expect(try scene.state().nextPoll?.since(scene.time.now) == before)
        #expect(scene.press.asked("/paper.xml") == 1)
        await scene.stop()
    }

    @Test func aPollMeetsTheJumpBeforeTheHousekeeping() async throws {
        let scene = try NewsScene()
        try await scene.ingestor.prepare(feeds: try papers(scene))
        await scene.ingestor.pollAllOnce()
        await scene.ingestor.start()
        scene.time.jump(.seconds(86_400))
        // A wish for one feed must not find the others due.
        #expect(await scene.ingestor.poll(try Samples.feedID("a")))
        await scene.journal.wait { if case .clockMoved = $0 { true } else { false } }
        await scene.ingestor.pollOnce(try Samples.feedID("a"))
        #expect(scene.press.asked("/b.xml") == 1)
        #expect(scene.press.asked("/c.xml") == 1)
        await scene.stop()
    }
}

/// The store goes away under a running service and comes back.
@Suite(.timeLimit(.minutes(1))) struct OutageTests {
    @Test func aLostStoreStopsPollingAndComesBackByItself() async throws {
        let scene = try NewsScene { $0.storeRetryInterval = .milliseconds(5) }
        scene.press.publish([PressItem(1)])
        scene.press.print(1...2)
        try await scene.prepare()
        try await scene.poll()
        await scene.ingestor.start()
        scene.faults.set(.init(kinds: [.write], isLasting: true, errno: ENOSPC))
        scene.press.publish([PressItem(2), PressItem(1)])
        #expect(await scene.ingestor.poll(try Samples.feedID()))
        await scene.journal.wait { if case .storeUnavailable = $0 { true } else { false } }
        let problem = try #require(scene.ingestor.board.current.storeProblem)
        #expect(problem.hasPrefix("no room to write"))
        #expect(scene.ingestor.board.current.counters.storeOutages == 1)
        // Wishes are remembered, not fetched, while nothing can be stored.
        await scene.ingestor.pollOnce(try Samples.feedID())
        let asked = scene.press.asked("/paper.xml")
        #expect(await scene.ingestor.poll(try Samples.feedID()))
        #expect(scene.press.asked("/paper.xml") == asked)

        scene.faults.set(nil)
        await scene.journal.wait { if case .storeAvailable = $0 { true } else { false } }
        #expect(scene.ingestor.board.current.storeProblem == nil)
        await scene.journal.wait { event in
            if case .polled(_, let outcome, _) = event {
                outcome.tally?.kept == 1 && outcome.wasConditional
            } else {
                false
            }
        }
        #expect(try scene.records.map(\.outcome) == ["new", "new"])
        #expect(try scene.state().failures == 0)
        await scene.stop()
    }

    @Test func aStoreThatFailsAtASaveIsAnOutageToo() async throws {
        let scene = try NewsScene { $0.storeRetryInterval = .milliseconds(5) }
        scene.press.publish([PressItem(1)])
        scene.press.print([1])
        try await scene.prepare()
        await scene.ingestor.start()
        scene.faults.set(.init(kinds: [.rename], isLasting: true, errno: EIO))
        #expect(await scene.ingestor.poll(try Samples.feedID()))
        await scene.journal.wait { if case .storeUnavailable = $0 { true } else { false } }
        scene.faults.set(nil)
        await scene.journal.wait { if case .storeAvailable = $0 { true } else { false } }
        await scene.ingestor.pollOnce(try Samples.feedID())
        await scene.stop()
        let saved = try #require(try StoreReader(at: scene.folder.store).feedStates().first)
        #expect(!saved.validators.isEmpty)
        #expect(try scene.records.count == 1)
    }

    @Test func aStoreThatIsLostInAPollOnceIsLeftAtThat() async throws {
        let scene = try NewsScene()
        scene.press.publish([PressItem(1)])
        scene.press.print([1])
        try await scene.prepare()
        scene.faults.set(.init(kinds: [.write], isLasting: true, errno: ENOSPC))
        await scene.ingestor.pollAllOnce()
        #expect(scene.ingestor.board.current.storeProblem != nil)
        #expect(scene.journal.outcomes(of: "paper").map(\.result) == [.storeUnavailable])
        await scene.stop()
    }

    @Test func aStoreInUseIsRefusedAtTheStart() async throws {
        let scene = try NewsScene()
        try await scene.prepare()
        let second = try NewsScene(scene.press, folder: scene.folder)
        await #expect(throws: IngestorError.self) { try await second.prepare() }
        await scene.stop()
        try await second.prepare()
        await second.stop()
    }
}
