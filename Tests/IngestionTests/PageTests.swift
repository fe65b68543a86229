import Fetching
import Ingestion
import News
import TestSupport
import Testing

/// Where an entry's text is taken from: its page, or the feed where that has more.
@Suite struct PageTests {
    /// Three pages: one reserves by its header, one by itself, one for another robot.
    private func reservedPress() throws -> Press {
        let press = try Press()
        press.publish((1...3).map { PressItem($0) })
        let type = "Content-Type: text/html; charset=utf-8"
        let heads = [
            1: ["X-Robots-Tag: noai, noimageai", "tdm-reservation: 1", "tdm-policy: /terms"],
            2: [], 3: ["X-Robots-Tag: otherbot: noindex"],
        ]
        for number in 1...3 {
            let meta = number == 2 ? "<meta name='ROBOTS' content='noarchive'>" : ""
            let body = Press.html(
                Samples.title(number), Samples.paragraphs(number), head: meta)
            press.server.on("/a/\(number)") { _ in
                .text(body, headers: [type] + heads[number, default: []])
            }
        }
        return press
    }

    @Test func whatAPublisherReservesIsRecorded() async throws {
        let scene = try NewsScene(reservedPress())
        try await scene.prepare()
        #expect(try await scene.poll().tally?.kept == 3)
        let reserved = try scene.records.compactMap(\.article).map { article in
            (article.reservations ?? []).map(\.description)
        }
        #expect(
            reserved == [
                [], ["noarchive (meta robots)"],
                [
                    "noai (x-robots-tag)", "noimageai (x-robots-tag)",
                    "tdm (tdm-reservation, terms at /terms)",
                ],
            ])
        await scene.stop()
    }

    @Test func whatIsObeyedIsNotKept() async throws {
        let scene = try NewsScene(reservedPress()) {
            $0.pipeline.obeyedReservations = [.tdm, .noarchive]
        }
        try await scene.prepare()
        let tally = try #require(try await scene.poll().tally)
        #expect((tally.kept, tally.rejected) == (1, 2))
        let reasons = try scene.records.compactMap { record -> String? in
            if case .rejection(let rejected) = record.body { "\(rejected.reason)" } else { nil }
        }
        #expect(
            reasons == [
                "its publisher reserves noarchive (meta robots)",
                "its publisher reserves tdm (tdm-reservation, terms at /terms)",
            ])
        #expect(try await scene.poll().result == .notModified, "and it is not asked for again")
        await scene.stop()
    }

    /// Polls a feed of one item and gives the record that came of it.
    private func record(
        of item: PressItem, in scene: NewsScene, _ change: (inout Feed) -> Void = { _ in }
    ) async throws -> Record {
        scene.press.publish([item])
        try await scene.prepare(scene.feed("paper", change))
        try await scene.poll()
        await scene.stop()
        let records = try scene.records
        #expect(records.count == 1)
        return try #require(records.first)
    }

    @Test func aPageThatIsMissingIsReplacedByAFullFeedText() async throws {
        let scene = try NewsScene()
        let article = try #require(try await record(of: .full(1), in: scene).article)
        #expect(article.textSource == .feed)
        #expect(article.textChoice?.reason == .pageUnread)
        #expect(article.text == Samples.paragraphs(1).joined(separator: "\n\n"))
        #expect(scene.press.asked("/a/1") == 1)
    }

    @Test func aConsentWallIsNoArticle() async throws {
        let scene = try NewsScene()
        scene.press.server.on("/a/1") { _ in
            .text(Press.consentWall, headers: ["Content-Type: text/html"])
        }
        let record = try await record(of: PressItem(1), in: scene)
        guard case .rejection(let rejected) = record.body else {
            Issue.record("not rejected: \(record)")
            return
        }
        #expect(rejected.reason == .notAnArticle(.consentWall))
    }

    @Test func aWallGivesTheArticleNoAddress() async throws {
        let scene = try NewsScene()
        for number in 1...2 {
            scene.press.server.on("/a/\(number)") { _ in .redirect(to: "/consent") }
        }
        scene.press.server.on("/consent") { _ in
            .text(Press.consentWall, headers: ["Content-Type: text/html"])
        }
        scene.press.publish([
            .full(1), .full(2), PressItem(3, link: scene.press.server.url("/a/1?3")),
        ])
        scene.press.server.on("/a/1?3") { _ in .redirect(to: "/consent") }
        try await scene.prepare()
        try await scene.poll()
        await scene.stop()
        let records = try scene.records
        #expect(records.map(\.outcome) == ["rejected", "new", "new"])
        let paths = records.compactMap(\.article?.canonicalURL?.text).map { $0.suffix(4) }
        #expect(paths == ["/a/2", "/a/1"])
        guard case .rejection(let rejected)? = records.first?.body else { return }
        #expect(rejected.url?.hasSuffix("/a/1?3") == true)
    }

    @Test func aPageWithLessThanTheFeedYieldsToIt() async throws {
        let scene = try NewsScene()
        scene.press.page("/a/1", Samples.title(1), Samples.paragraphs(1, count: 2))
        let article = try #require(try await record(of: .full(1), in: scene).article)
        #expect(article.textSource == .feed)
        #expect(article.textChoice?.reason == .feedFuller)
        #expect(article.textChoice?.page == .article)
        #expect(article.text == Samples.paragraphs(1).joined(separator: "\n\n"))
    }

    @Test func aPageWithMoreThanTheFeedIsTaken() async throws {
        let scene = try NewsScene()
        scene.press.print([1], paragraphs: 6)
        let article = try #require(try await record(of: .full(1, paragraphs: 3), in: scene).article)
        #expect(article.textSource == .page)
        let choice = try #require(article.textChoice)
        #expect(choice.reason == .pageFuller)
        #expect(choice.shared == 1)
        #expect(choice.pageBytes == Samples.paragraphs(1, count: 6).joined().utf8.count)
        #expect(choice.feedBytes == Samples.paragraphs(1, count: 3).joined().utf8.count)
        #expect(article.sources?.title == FieldSource(.feed, 0.9))
        #expect(article.sources?.language?.from == .language)
    }

    /// A page of which something beside the article was read may be longer than the article.
    @Test func aLongerPageInOtherWordsYieldsToTheFeed() async throws {
        let scene = try NewsScene()
        scene.press.page("/a/1", Samples.title(1), Samples.paragraphs(2, count: 8))
        let article = try #require(try await record(of: .full(1), in: scene).article)
        #expect(article.textSource == .feed)
        #expect(article.textChoice?.reason == .pageSaysOther)
        #expect(article.text == Samples.paragraphs(1).joined(separator: "\n\n"))
    }

    @Test(arguments: ["The council …", "The council… [Read more]", "Lire la suite"])
    func aFeedThatIsCutYieldsToAShorterPage(end: String) async throws {
        let scene = try NewsScene()
        scene.press.print([1], paragraphs: 3)
        var item = PressItem.full(1, paragraphs: 4)
        item.description += "<p>\(end)</p>"
        let article = try #require(try await record(of: item, in: scene).article)
        #expect(article.textSource == .page)
        #expect(article.textChoice?.reason == .feedCut)
    }

    @Test func aWallLeavesAFullFeedItsTextAndSaysSo() async throws {
        let scene = try NewsScene()
        scene.press.server.on("/a/1") { _ in
            .text(Press.consentWall, headers: ["Content-Type: text/html"])
        }
        let article = try #require(try await record(of: .full(1), in: scene).article)
        #expect(article.textSource == .feed)
        #expect(article.textChoice?.reason == .pageIsOther)
        #expect(article.textChoice?.page == .consentWall)
    }

    @Test func pagesAreNotFetchedWhereTheFeedIsEnough() async throws {
        let scene = try NewsScene()
        scene.press.print([1])
        let article = try #require(
            try await record(of: .full(1), in: scene) { $0.fetchesPages = false }.article)
        #expect(article.textSource == .feed)
        #expect(scene.press.asked("/a/1") == 0)
    }

    @Test func aPageGoneWithoutAnyTextIsRejectedWithItsReason() async throws {
        let scene = try NewsScene()
        scene.press.server.on("/a/1") { _ in .text("gone", status: 410) }
        let record = try await record(of: PressItem(1, description: ""), in: scene)
        guard case .rejection(let rejected) = record.body,
            case .unreachable(let reason) = rejected.reason
        else {
            Issue.record("not unreachable: \(record)")
            return
        }
        #expect(reason.contains("gone for good"))
    }

    @Test func aPageThatTimesOutIsPostponed() async throws {
        let scene = try NewsScene { $0.fetching.firstByteTimeMax = .seconds(1) }
        scene.press.publish([PressItem(1)])
        scene.press.server.on("/a/1") { _ in LoopbackAnswer([.stall]) }
        try await scene.prepare()
        #expect(try await scene.poll().tally?.postponed == 1)
        #expect(try scene.records.isEmpty)
        let pending = try #require(try scene.state().pending.first)
        #expect(pending.attempts == 1)
        #expect(pending.lastReason.hasPrefix("time ran out waiting for the first byte"))
        await scene.stop()
    }

    @Test func aPageThatNeverComesIsTriedAgainAndThenTheFeedMustDo() async throws {
        let scene = try NewsScene { $0.pipeline.pageAttemptsMax = 3 }
        scene.press.publish([PressItem(1, description: Samples.paragraphs(1, count: 1)[0])])
        scene.press.server.on("/a/1") { _ in .text("busy", status: 502) }
        try await scene.prepare()
        for attempt in 1...2 {
            #expect(try await scene.poll().tally?.postponed == 1)
            #expect(try scene.state().pending.map(\.attempts) == [attempt])
            #expect(try scene.records.isEmpty)
        }
        // The feed has not changed since, and a restart forgets nothing.
        let next = try await scene.restarted()
        let last = try await next.poll()
        #expect(last.tally?.kept == 1)
        #expect(try next.state().pending.isEmpty)
        #expect(try scene.records.first?.article?.textSource == .summary)
        #expect(scene.press.asked("/a/1") == 3)
        #expect(try await next.poll().result == .notModified)
        await next.stop()
    }

    @Test func noMorePagesAreInFlightThanAllowed() async throws {
        let scene = try NewsScene {
            $0.pipeline.pagesInFlightMax = 3
            $0.fetching.transfersPerHostMax = 16
        }
        let areThree = Latch()
        scene.press.publish((1...8).map { PressItem($0) })
        for number in 1...8 {
            scene.press.server.on("/a/\(number)") { [press = scene.press] _ in
                let asked = press.server.requests.count { $0.path.hasPrefix("/a/") }
                if asked == 3 { areThree.open() }
                return LoopbackAnswer([.stall])
            }
        }
        try await scene.prepare()
        let poll = Task { try await scene.poll() }
        await areThree.wait()
        await scene.stop()
        #expect(try await poll.value.tally?.postponed == 8)
        #expect(scene.press.server.requests.count { $0.path.hasPrefix("/a/") } == 3)
    }

    @Test func aPostponedPageThatComesIsTaken() async throws {
        let scene = try NewsScene()
        scene.press.publish([PressItem(1), PressItem(2)])
        scene.press.print([2])
        scene.press.server.on("/a/1") { _ in .text("busy", status: 500) }
        try await scene.prepare()
        let first = try #require(try await scene.poll().tally)
        #expect((first.kept, first.postponed) == (1, 1))
        scene.press.print([1])
        scene.time.pass(.seconds(3600))
        #expect(try await scene.poll().tally?.kept == 1)
        let article = try #require(try scene.records.last?.article)
        #expect(article.textSource == .page)
        #expect(article.seen == Samples.noon, "first seen is when the feed first told of it")
        await scene.stop()
    }

    @Test func anArticleIsKnownByWhereItsPageEndsUp() async throws {
        let scene = try NewsScene()
        scene.press.server.on("/short/1") { _ in .redirect(to: "/a/1?utm_source=short") }
        scene.press.page("/a/1?utm_source=short", Samples.title(1), Samples.paragraphs(1))
        let item = PressItem(1, link: scene.press.server.url("/short/1"))
        let article = try #require(try await record(of: item, in: scene).article)
        #expect(article.canonicalURL?.text.hasSuffix("/a/1") == true)
        // Both addresses lead to it from then on.
        let next = try NewsScene(scene.press, folder: scene.folder)
        next.press.publish([PressItem(7, link: scene.press.server.url("/short/1"))], as: "b")
        next.press.publish([PressItem(8, link: scene.press.server.url("/a/1"))], as: "c")
        try await next.prepare(next.feed("b"), next.feed("c"))
        #expect(try await next.poll("b").tally?.duplicates == 1)
        #expect(try await next.poll("c").tally?.duplicates == 1)
        #expect(scene.press.asked("/a/1") == 0)
        #expect(scene.press.asked("/short/1") == 1)
        await next.stop()
    }

    @Test func aDeclaredAddressOfTheSameSiteIsBelieved() async throws {
        let scene = try NewsScene()
        scene.press.page(
            "/a/1", Samples.title(1), Samples.paragraphs(1),
            head: #"<link rel="canonical" href="/stories/one">"#)
        let article = try #require(try await record(of: PressItem(1), in: scene).article)
        #expect(article.canonicalURL?.text.hasSuffix("/stories/one") == true)
    }

    @Test func aPlainTextPageIsReadAsText() async throws {
        let scene = try NewsScene()
        let text = Samples.paragraphs(1).joined(separator: "\n\n")
        scene.press.server.on("/a/1") { _ in .text(text) }
        let article = try #require(try await record(of: PressItem(1), in: scene).article)
        #expect(article.text == text)
        #expect(article.textSource == .page)
    }
}
