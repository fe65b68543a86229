import ArticleStore
import Glibc
import Ingestion
import News
import TestSupport
import Testing

/// What becomes of a feed's answer.
@Suite struct PollTests {
    @Test func aFeedWithItsPagesIsStored() async throws {
        let scene = try NewsScene()
        scene.press.publish((1...5).map { PressItem($0) })
        scene.press.print(1...5)
        try await scene.prepare()
        let tally = try #require(try await scene.poll().tally)
        #expect(tally.entries == 5)
        #expect(tally.kept == 5)
        let articles = try scene.records.compactMap(\.article)
        #expect(articles.map(\.title) == (1...5).reversed().map { Samples.title($0) })
        #expect(articles.allSatisfy { $0.textSource == .page })
        #expect(articles.last?.text == Samples.paragraphs(1).joined(separator: "\n\n"))
        #expect(articles.first?.canonicalURL?.text.hasSuffix("/a/5") == true)
        let state = try scene.state()
        #expect(state.title == "The paper")
        #expect(state.counts.kept == 5)
        await scene.stop()
    }

    @Test func whatDidNotChangeIsNotReadAgain() async throws {
        let scene = try NewsScene()
        scene.press.publish([PressItem(1)])
        scene.press.print([1])
        try await scene.prepare()
        try await scene.poll()
        let second = try await scene.poll()
        #expect(second.result == .notModified)
        #expect(second.wasConditional)
        #expect(scene.press.server.requests(for: "/paper.xml").last?.header("If-None-Match") != nil)
        #expect(scene.press.asked("/a/1") == 1)
        #expect(try scene.records.count == 1)
        // After a restart the validators are there, and nothing is new.
        let next = try await scene.restarted()
        #expect(try await next.poll().result == .notModified)
        #expect(try scene.records.count == 1)
        await next.stop()
    }

    @Test func theSameBytesWithoutValidatorsAreNotParsedAgain() async throws {
        let scene = try NewsScene()
        scene.press.publish([PressItem(1)])
        let body = scene.press.rss()
        scene.press.server.on("/paper.xml") { _ in .text(body) }
        scene.press.print([1])
        try await scene.prepare()
        #expect(try await scene.poll().tally?.kept == 1)
        let second = try await scene.poll()
        #expect(second.result == .notModified)
        #expect(!second.wasConditional)
        await scene.stop()
    }

    @Test func aChangedEntryIsARevision() async throws {
        let scene = try NewsScene()
        scene.press.publish([PressItem(1)])
        scene.press.print([1])
        try await scene.prepare()
        try await scene.poll()
        scene.press.publish([PressItem(1, title: "Corrected: " + Samples.title(1))])
        scene.press.page(
            "/a/1", Samples.title(1),
            Samples.paragraphs(1) + ["One more paragraph was added, about the mayor's dog."])
        try await scene.poll()
        let records = try scene.records
        #expect(records.map(\.outcome) == ["new", "revision"])
        #expect(Set(records.compactMap(\.article?.id)).count == 1)
        await scene.stop()
    }

    @Test func ofEntriesWithOneNameTheFirstCounts() async throws {
        let scene = try NewsScene()
        let address = scene.press.server.url("/a/2")
        scene.press.publish([
            PressItem(2, guid: "same"), PressItem(1, guid: "same", link: address), PressItem(3),
        ])
        scene.press.print(1...3)
        try await scene.prepare()
        #expect(try await scene.poll().tally?.kept == 2)
        // The next one takes its place under the same name: another article.
        scene.press.publish([PressItem(4, guid: "same")])
        scene.press.print([4])
        #expect(try await scene.poll().tally?.kept == 1)
        #expect(try scene.records.map(\.outcome) == ["new", "new", "new"])
        await scene.stop()
    }

    @Test func aNamelessEntryIsNotedOnce() async throws {
        let scene = try NewsScene()
        let item =
            "<item><description>Words alone, and no name to know them by.</description></item>"
        for poll in 1...3 {
            let body = "<rss version=\"2.0\"><channel><title>\(poll)</title>\(item)</channel></rss>"
            scene.press.server.on("/paper.xml") { _ in .text(body) }
            if poll == 1 { try await scene.prepare() }
            #expect(try await scene.poll().tally?.rejected == (poll == 1 ? 1 : 0))
        }
        #expect(try scene.records.count == 1)
        await scene.stop()
    }

    @Test func aHeldAddressIsSightedWithoutItsPage() async throws {
        let scene = try NewsScene()
        scene.press.publish([PressItem(1)])
        scene.press.publish([PressItem(1, title: "The same, told by an agency")], as: "agency")
        scene.press.print([1])
        try await scene.prepare(scene.feed(), scene.feed("agency"))
        try await scene.poll()
        let tally = try #require(try await scene.poll("agency").tally)
        #expect(tally.duplicates == 1)
        #expect(scene.press.asked("/a/1") == 1)
        let records = try scene.records
        guard case .sighting(let sighting)? = records.last?.body else {
            Issue.record("no sighting: \(records)")
            return
        }
        #expect(sighting.id == records.first?.article?.id)
        #expect(sighting.title == "The same, told by an agency")
        await scene.stop()
    }

    @Test func entriesTooOldAreNotedAndNotFetched() async throws {
        let scene = try NewsScene()
        let (old, young) = (
            Samples.noon.adding(.seconds(-8 * 86_400)), Samples.noon.adding(.seconds(-6 * 86_400))
        )
        scene.press.publish([PressItem(1, published: young), PressItem(2, published: old)])
        scene.press.print(1...2)
        try await scene.prepare(scene.feed { $0.entryAgeMax = .seconds(7 * 86_400) })
        let tally = try #require(try await scene.poll().tally)
        #expect((tally.kept, tally.rejected) == (1, 1))
        #expect(scene.press.asked("/a/2") == 0)
        // Held and then changed: a revision, however old it has become.
        scene.time.pass(.seconds(3 * 86_400))
        scene.press.publish([PressItem(1, title: "Corrected", published: young)])
        scene.press.page("/a/1", "Corrected", Samples.paragraphs(1) + ["And a last word on dogs."])
        try await scene.poll()
        #expect(try scene.records.map(\.outcome) == ["new", "rejected", "revision"])
        await scene.stop()
    }

    @Test func moreEntriesThanOnePollTakesFollowWithTheNext() async throws {
        let scene = try NewsScene { $0.pipeline.entriesPerPollMax = 4 }
        scene.press.publish((1...10).map { PressItem($0) })
        scene.press.print(1...10)
        try await scene.prepare()
        var kept: [Int] = []
        for _ in 0..<4 { kept.append(try await scene.poll().tally?.kept ?? 0) }
        #expect(kept == [4, 4, 2, 0])
        #expect(Set(try scene.records.compactMap(\.article?.title)).count == 10)
        #expect(scene.press.server.requests.count { $0.path.hasPrefix("/a/") } == 10)
        await scene.stop()
    }

    @Test func aFeedThatIsAPageFailsWithItsBytesSetAside() async throws {
        let scene = try NewsScene()
        let page = Press.html("Welcome", Samples.paragraphs(1))
        scene.press.server.on("/paper.xml") { _ in .text(page, headers: ["Content-Type: text/html"])
        }
        try await scene.prepare()
        let reason = try #require(try await scene.poll().failure)
        #expect(reason.hasPrefix("this is an HTML page, not a feed"))
        #expect(try scene.state().lastFailure == reason)
        let names = try scene.folder.names(in: "state/quarantine")
        let item = try #require(
            names.first { $0.hasPrefix("feed-paper.") && !$0.hasSuffix("json") })
        #expect(try scene.folder.bytes("state/quarantine/\(item)") == Array(page.utf8))
        await scene.stop()
    }

    @Test func aTruncatedFeedKeepsItsWholeEntries() async throws {
        let scene = try NewsScene()
        scene.press.publish((1...3).map { PressItem($0) })
        let whole = scene.press.rss()
        let last = try #require(whole.firstRange(of: "urn:item:3"))
        let cut = String(whole[..<last.lowerBound])
        scene.press.server.on("/paper.xml") { _ in .text(cut) }
        scene.press.print(1...3)
        try await scene.prepare()
        #expect(try await scene.poll().tally != nil)
        let titles = Set(try scene.records.compactMap(\.article?.title))
        #expect(titles.isSuperset(of: [Samples.title(1), Samples.title(2)]))
        #expect(
            scene.journal.events.contains { if case .documentDamaged = $0 { true } else { false } })
        await scene.stop()
    }

    @Test func idsAreDataWhateverTheyHold() async throws {
        let scene = try NewsScene()
        let ids = [
            "../../../etc/passwd", "a\nb", "__proto__", "'; drop table", "/", "..", "%2e%2e",
            String(repeating: "x", count: 100_000), "\u{FFFD}", " ",
        ]
        scene.press.publish(ids.enumerated().map { PressItem($0, guid: $1) })
        scene.press.print(0..<ids.count)
        try await scene.prepare()
        #expect(try await scene.poll().tally?.kept == ids.count)
        await scene.stop()
        let folders = try scene.folder.names(in: "state")
        #expect(
            Set(folders).isSubset(of: [
                "articles", "feeds", "index", "quarantine", "requests", "store.json",
                "store.lock",
            ]), "\(folders)")
        #expect(try scene.folder.names(in: "state/feeds").count == 1)
        #expect(try scene.folder.names(in: ".") == ["state"])
    }

    @Test func twoFeedsWithTheSameIdsShareNothing() async throws {
        let scene = try NewsScene()
        scene.press.publish([PressItem(1, guid: "1")])
        scene.press.publish([PressItem(2, guid: "1")], as: "other")
        scene.press.print(1...2)
        try await scene.prepare(scene.feed(), scene.feed("other"))
        #expect(try await scene.poll().tally?.kept == 1)
        #expect(try await scene.poll("other").tally?.kept == 1)
        #expect(try scene.records.map(\.outcome) == ["new", "new"])
        await scene.stop()
    }

    @Test(
        arguments: [
            (429, "Retry-After: 2400", 2400...2640), (503, "Retry-After: soon", 54...66),
            (410, "X: y", 1620...1980), (404, "X: y", 1620...1980),
        ] as [(Int, String, ClosedRange<Int64>)])
    func failuresWaitAsTheServerMeans(
        status: Int, header: String, seconds: ClosedRange<Int64>
    ) async throws {
        let scene = try NewsScene()
        scene.press.server.on("/paper.xml") { _ in .text("no", status: status, headers: [header]) }
        try await scene.prepare()
        #expect(try await scene.poll().failure != nil)
        let state = try scene.state()
        #expect(state.failures == 1)
        #expect(state.lastFailure?.contains("\(status)") == true)
        let wait = try #require(state.nextPoll).since(scene.time.now).milliseconds
        #expect((seconds.lowerBound * 1000...seconds.upperBound * 1000).contains(wait), "\(wait)")
        await scene.stop()
    }

    @Test func anEmptyAnswerIsNoNewsButAFailure() async throws {
        let scene = try NewsScene()
        scene.press.publish([PressItem(1)])
        scene.press.print([1])
        try await scene.prepare()
        try await scene.poll()
        for body in ["", "  \n"] {
            scene.press.server.on("/paper.xml") { _ in .text(body) }
            #expect(try await scene.poll().failure?.contains("empty") == true)
        }
        #expect(try scene.state().failures == 2)
        await scene.stop()
    }

    @Test func validatorsAreKeptOnlyOfACommittedAnswer() async throws {
        let scene = try NewsScene()
        scene.press.publish([PressItem(1)])
        scene.press.print(1...2)
        try await scene.prepare()
        try await scene.poll()
        let before = try scene.state().validators
        scene.press.publish([PressItem(2), PressItem(1)])
        scene.faults.set(.init(kinds: [.write], isLasting: true, errno: ENOSPC))
        #expect(try await scene.poll().result == .storeUnavailable)
        #expect(try scene.state().validators == before)
        #expect(try scene.state().failures == 0, "it is not the feed's fault")
        scene.faults.set(nil)
        let next = try await scene.restarted()
        #expect(try await next.poll().tally?.kept == 1, "and the answer comes whole again")
        let asked = scene.press.server.requests(for: "/paper.xml").map {
            $0.header("If-None-Match")
        }
        #expect(asked == [nil, before.etag, before.etag])
        #expect(try scene.records.count == 2)
        await next.stop()
    }

    @Test func whatWasCommittedBeforeAnOutageStays() async throws {
        let scene = try NewsScene { $0.pipeline.commitBatchMax = 2 }
        scene.press.publish((1...5).reversed().map { PressItem($0) })
        scene.press.print(1...5)
        try await scene.prepare()
        scene.faults.set(.init(kinds: [.syncData], index: 1, isLasting: true, errno: EIO))
        #expect(try await scene.poll().result == .storeUnavailable)
        scene.faults.set(nil)
        let next = try await scene.restarted()
        let tally = try #require(try await next.poll().tally)
        #expect(tally.kept >= 1 && tally.kept <= 3)
        let titles = try scene.records.compactMap(\.article?.title)
        #expect(titles == (1...5).map { Samples.title($0) })
        #expect(scene.press.asked("/a/1") == 1)
        #expect(scene.press.asked("/a/5") == 1)
        await next.stop()
    }

    @Test func aCrashBeforeTheStateWasSavedChangesNothing() async throws {
        let scene = try NewsScene()
        scene.press.publish((1...3).map { PressItem($0) })
        scene.press.print(1...3)
        try await scene.prepare()
        try await scene.poll()
        await scene.stop()
        for name in try scene.folder.names(in: "state/feeds") {
            try scene.folder.remove("state/feeds/\(name)")
        }
        let next = try await scene.restarted()
        let again = try await next.poll()
        #expect(!again.wasConditional)
        #expect(again.tally?.kept == 0)
        #expect(try scene.records.count == 3)
        #expect(scene.press.asked("/a/1") == 1, "no page is fetched for what is known")
        await next.stop()
    }
}
