import Fetching
import Ingestion
import News
import TestSupport
import Testing

/// A site's address in place of its feed's.
@Suite(.timeLimit(.minutes(1))) struct FindFeedTests {
    private func serve(_ scene: NewsScene, naming links: String) {
        let page = Press.html("Welcome", Samples.paragraphs(9), head: links)
        scene.press.server.on("/site") { _ in .text(page, headers: ["Content-Type: text/html"]) }
    }

    private func site(_ scene: NewsScene) throws -> Feed {
        let url = try scene.press.url("/site")
        return try scene.feed { $0.url = url }
    }

    private func found(_ scene: NewsScene) -> [(url: String, rivals: Int)] {
        scene.journal.events.compactMap { event in
            guard case .feedFound(_, let candidate, let rivals) = event else { return nil }
            return (candidate.url.path, rivals)
        }
    }

    private static let link = "<link rel=alternate type=application/rss+xml href=/paper.xml>"

    /// A site whose feed of one article was found and polled.
    private func foundScene() async throws -> NewsScene {
        let scene = try NewsScene()
        scene.press.publish([PressItem(1)])
        scene.press.print([1])
        serve(scene, naming: Self.link)
        try await scene.prepare(try site(scene))
        try await scene.poll()
        return scene
    }

    @Test func theFeedOfASiteIsFoundAndRemembered() async throws {
        let scene = try await foundScene()
        #expect(try scene.records.map(\.outcome) == ["new"])
        #expect(found(scene).map(\.url) == ["/paper.xml"])
        #expect(try scene.state().found?.url == scene.press.url("/paper.xml"))
        #expect(try scene.state().url == scene.press.url("/site"))
        // From now on the feed is asked at once, and conditionally.
        #expect(try await scene.poll().result == .notModified)
        #expect(scene.press.asked("/site") == 1)
        #expect(found(scene).count == 1)
        #expect(try scene.state().found != nil)
        await scene.stop()
        let next = try NewsScene(scene.press, folder: scene.folder, time: scene.time)
        try await next.prepare(try site(next))
        #expect(try await next.poll().result == .notModified)
        #expect(scene.press.asked("/site") == 1)
        await next.stop()
    }

    @Test func ofSeveralFeedsTheFirstIsTakenAndTheOthersAreCounted() async throws {
        let scene = try NewsScene()
        scene.press.publish([PressItem(1)])
        scene.press.publish([PressItem(2)], as: "other")
        scene.press.print(1...2)
        serve(
            scene,
            naming: "<link rel=alternate type=application/rss+xml title=Comments href=/c.xml>"
                + Self.link + "<link rel=alternate type=application/atom+xml href=/other.xml>")
        try await scene.prepare(try site(scene))
        #expect(try await scene.poll().tally?.kept == 1)
        #expect(found(scene).map(\.url) == ["/paper.xml"])
        #expect(found(scene).map(\.rivals) == [1])
        #expect(scene.press.asked("/other.xml") + scene.press.asked("/c.xml") == 0)
        await scene.stop()
    }

    @Test func aCandidateThatIsNoFeedGivesWayToTheNext() async throws {
        let scene = try NewsScene()
        scene.press.publish([PressItem(1)])
        scene.press.print([1])
        scene.press.server.on("/html") { _ in .text("<html><p>no", headers: []) }
        let dead = ["gone", "html"].map {
            "<link rel=alternate type=application/rss+xml href=/\($0)>"
        }
        serve(scene, naming: dead.joined() + Self.link)
        try await scene.prepare(try site(scene))
        #expect(try await scene.poll().tally?.kept == 1)
        #expect(found(scene).map(\.url) == ["/paper.xml"])
        await scene.stop()
    }

    @Test func aSiteThatLeadsNowhereSaysWhy() async throws {
        let scene = try NewsScene { $0.pipeline.candidatesTriedMax = 2 }
        let dead = (1...9).map { "<link rel=alternate type=application/rss+xml href=/no\($0)>" }
        serve(scene, naming: dead.joined())
        try await scene.prepare(try site(scene))
        #expect(try await scene.poll().failure?.contains("/no1") == true)
        #expect(scene.press.asked("/no2") == 1)
        #expect(scene.press.asked("/no3") == 0)
        serve(scene, naming: "")
        #expect(
            try await scene.poll().failure == "this is an HTML page, not a feed, and it names none")
        await scene.stop()
    }

    @Test func theBestCandidateIsWaitedFor() async throws {
        let scene = try NewsScene()
        scene.press.publish([PressItem(1)])
        scene.press.publish([PressItem(2)], as: "lesser")
        scene.press.print(1...2)
        serve(scene, naming: Self.link + Self.link.replacing("paper", with: "lesser"))
        scene.press.server.on("/paper.xml") { _ in .text("later", status: 500) }
        try await scene.prepare(try site(scene))
        #expect(try await scene.poll().failure?.contains("500") == true)
        #expect(scene.press.asked("/lesser.xml") == 0)
        scene.press.publish([PressItem(1)])
        #expect(try await scene.poll().tally?.kept == 1)
        #expect(found(scene).map(\.url) == ["/paper.xml"])
        await scene.stop()
    }

    @Test func commentsAreNoNews() async throws {
        let scene = try NewsScene()
        scene.press.publish([PressItem(1)], as: "comments")
        serve(scene, naming: Self.link.replacing("paper.xml", with: "comments.xml title=Comments"))
        try await scene.prepare(try site(scene))
        #expect(try await scene.poll().failure?.hasSuffix("but those of its comments") == true)
        #expect(scene.press.asked("/comments.xml") == 0)
        await scene.stop()
    }

    /// The checks of redirects hold for found addresses: none of them is public here.
    @Test func aFoundAddressIsCheckedLikeAnyOther() async throws {
        let scene = try NewsScene()
        let address = scene.press.server.url("/paper.xml").replacing("127.0.0.1", with: "127.0.0.2")
        serve(scene, naming: "<link rel=alternate type=application/rss+xml href='\(address)'>")
        scene.press.publish([PressItem(1)])
        try await scene.prepare(try site(scene))
        #expect(try await scene.poll().failure?.contains("allowed_private_hosts") == true)
        #expect(scene.press.asked("/paper.xml") == 0)
        await scene.stop()
    }

    @Test(arguments: ["gone", "page"])
    func aFoundFeedThatIsOneNoLongerIsLookedForAnew(how: String) async throws {
        let scene = try await foundScene()
        scene.press.publish([PressItem(1), PressItem(2)], as: "moved")
        scene.press.print([2])
        let page = Press.html("Moved", Samples.paragraphs(9))
        scene.press.server.on("/paper.xml") { _ in
            how == "gone" ? .text("gone", status: 404) : .text(page)
        }
        serve(scene, naming: Self.link.replacing("paper", with: "moved"))
        #expect(try await scene.poll().tally?.kept == 1)
        #expect(found(scene).map(\.url) == ["/paper.xml", "/moved.xml"])
        #expect(try scene.state().found?.url.path == "/moved.xml")
        #expect(try await scene.poll().result == .notModified)
        await scene.stop()
    }

    @Test func aFoundFeedInTroubleIsNotGivenUp() async throws {
        let scene = try await foundScene()
        scene.press.server.on("/paper.xml") { _ in .text("later", status: 500) }
        #expect(try await scene.poll().failure?.contains("500") == true)
        #expect(scene.press.asked("/site") == 1)
        #expect(try scene.state().found?.url.path == "/paper.xml")
        await scene.stop()
    }

    @Test func aSiteThatBecomesAFeedIsPolledItself() async throws {
        let scene = try await foundScene()
        scene.press.server.on("/paper.xml") { _ in .text("gone", status: 410) }
        let feed = scene.press.rss()
        scene.press.server.on("/site") { _ in .text(feed) }
        #expect(try await scene.poll().tally?.entries == 1)
        #expect(try scene.state().found == nil)
        await scene.stop()
    }

    @Test func passwordsStayWithTheirSite() async throws {
        let scene = try NewsScene()
        scene.press.publish([PressItem(1)])
        scene.press.print([1])
        serve(scene, naming: Self.link)
        let address = scene.press.server.url("/site").replacing("://", with: "://me:secret@")
        let url = try #require(HTTPURL(address))
        let feed = try scene.feed { $0.url = url }
        try await scene.prepare(feed)
        try await scene.poll()
        try await scene.poll()
        let asked = scene.press.server.requests(for: "/paper.xml")
        #expect(asked.count == 2)
        #expect(asked.allSatisfy { $0.header("Authorization") != nil })
        #expect(try scene.state().found?.url.userInfo == nil)
        await scene.stop()
    }
}
