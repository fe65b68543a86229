import Fetching
import Ingestion
import News
import TestSupport
import Testing

/// An index of sitemaps in place of a feed.
@Suite(.timeLimit(.minutes(1))) struct ReadSitemapsTests {
    // MARK: - Which parts are read

    private func part(_ name: String, hours: Int? = nil) throws -> SitemapIndex.Part {
        SitemapIndex.Part(
            url: try #require(HTTPURL("https://a.example/\(name)")),
            lastModified: hours.map { Samples.noon.adding(.seconds($0 * 3600)) })
    }

    /// Plans a poll at `hours` after noon, reads all that is due, and names it.
    private func poll(
        _ parts: [SitemapIndex.Part], at hours: Int, _ memory: inout SitemapMemory?
    ) -> (due: String, isWhole: Bool) {
        let now = Samples.noon.adding(.seconds(hours * 3600))
        var plan = SitemapPlan(SitemapIndex(parts: parts), memory: memory, partsMax: 2, now: now)
        for part in plan.due { plan.note(part, readAt: now) }
        memory = plan.memory
        let names = plan.due.map { String($0.url.path.dropFirst()) }
        return (names.joined(separator: " "), plan.isWhole)
    }

    @Test func theNewestAreReadAndOnlyWhenTheyChange() throws {
        var memory: SitemapMemory?
        var parts = [
            try part("a", hours: -9), try part("b", hours: -2), try part("c", hours: -5),
            try part("d", hours: -1),
        ]
        #expect(poll(parts, at: 0, &memory) == ("d b", true))
        #expect(poll(parts, at: 1, &memory) == ("", true))
        // An old part changes, and there are more changes than one poll reads.
        parts[0] = try part("a", hours: 2)
        parts += [try part("e", hours: 3), try part("f", hours: 3)]
        #expect(poll(parts, at: 4, &memory) == ("e f", false))
        #expect(poll(parts, at: 5, &memory) == ("a", true))
        #expect(poll(parts, at: 6, &memory) == ("", true))
    }

    @Test func partsThatAllChangeAtOnceAreReadInTurn() throws {
        var memory: SitemapMemory?
        var read: [String] = []
        for hour in 0..<6 {
            let parts = try ["a", "b", "c", "d"].map { try part($0, hours: hour) }
            read.append(poll(parts, at: hour, &memory).due)
        }
        #expect(read == ["a b", "c d", "a b", "c d", "a b", "c d"])
    }

    @Test func partsWithoutDatesAreReadInTurn() throws {
        var memory: SitemapMemory?
        let parts = try ["a", "b", "c"].map { try part($0) } + [try part("d", hours: -1)]
        let read = (0..<4).map { poll(parts, at: $0, &memory) }
        #expect(read.map(\.due) == ["d a", "b c", "a b", "c a"])
        #expect(read.allSatisfy { !$0.isWhole })
    }

    @Test func theFutureIsNow() throws {
        var memory: SitemapMemory?
        let parts = [try part("a", hours: 90_000), try part("b", hours: -1)]
        #expect(poll(parts, at: 0, &memory).due == "a b")
        #expect(memory?.parts.compactMap(\.lastModified).max() == Samples.noon)
    }

    @Test func memoryIsBounded() throws {
        var memory: SitemapMemory?
        for hour in 0..<400 {
            _ = poll([try part("\(hour)", hours: hour)], at: hour, &memory)
        }
        #expect(memory?.parts.count == SitemapMemory.partsMax)
        #expect(memory?.parts.last?.url.path == "/399")
    }

    // MARK: - Polls

    private func serveIndex(_ scene: NewsScene, _ parts: [(name: String, day: String)]) {
        let written = parts.map {
            "<sitemap><loc>/\($0.name)</loc><lastmod>\($0.day)</lastmod></sitemap>"
        }
        let index = "<sitemapindex>\(written.joined())</sitemapindex>"
        scene.press.server.on("/paper.xml") { request in
            .conditional(index, etag: "\"\(index.utf8.count)\"", for: request)
        }
    }

    private func serveSitemap(_ scene: NewsScene, _ name: String, pages: [Int]) {
        let urls = pages.map { "<url><loc>\(scene.press.server.url("/a/\($0)"))</loc></url>" }
        let body = "<urlset>\(urls.joined())</urlset>"
        scene.press.server.on("/\(name)") { _ in .text(body) }
    }

    @Test func theEntriesOfThePartsAreTaken() async throws {
        let scene = try NewsScene { $0.pipeline.sitemapsPerPollMax = 2 }
        scene.press.print(1...6)
        serveIndex(scene, [("old", "2020-01-01"), ("b", "2026-11-21"), ("c", "2026-11-22")])
        serveSitemap(scene, "old", pages: [1])
        serveSitemap(scene, "b", pages: [2, 3])
        serveSitemap(scene, "c", pages: [4])
        try await scene.prepare()
        #expect(try await scene.poll().tally?.kept == 3)
        #expect(scene.press.asked("/old") == 0)
        #expect(try await scene.poll().result == .notModified)
        // One part grows.
        serveSitemap(scene, "b", pages: [2, 3, 5])
        serveIndex(scene, [("old", "2020-01-01"), ("b", "2026-11-22T08:00Z"), ("c", "2026-11-22")])
        #expect(try await scene.poll().tally?.kept == 1)
        #expect(scene.press.asked("/b") == 2)
        #expect(scene.press.asked("/c") == 1)
        let next = try await scene.restarted()
        #expect(try await next.poll().result == .notModified)
        #expect(next.press.asked("/b") + next.press.asked("/c") == 3)
        await next.stop()
    }

    @Test func aPartThatCannotBeReadIsReportedAndReadLater() async throws {
        let scene = try NewsScene()
        scene.press.print(1...2)
        serveIndex(scene, [("a", "2026-11-21"), ("b", "2026-11-20")])
        serveSitemap(scene, "a", pages: [1])
        scene.press.server.on("/b") { _ in .text("trouble", status: 500) }
        try await scene.prepare()
        #expect(try await scene.poll().tally?.kept == 1)
        let unread = scene.journal.events.compactMap { event -> String? in
            if case .sitemapUnread(_, let url, _) = event { url } else { nil }
        }
        #expect(unread == [scene.press.server.url("/b")])
        serveSitemap(scene, "b", pages: [2])
        #expect(try await scene.poll().tally?.kept == 1)
        #expect(scene.press.asked("/a") == 1)
        await scene.stop()
    }

    @Test func anIndexWithoutOneReadablePartFails() async throws {
        let scene = try NewsScene()
        serveIndex(scene, [("a", "2026-11-21"), ("b", "2026-11-20")])
        scene.press.server.on("/a") { _ in .text("<sitemapindex/>") }
        scene.press.server.on("/b") { _ in .text("gone", status: 404) }
        try await scene.prepare()
        #expect(try await scene.poll().failure?.contains("index of sitemaps") == true)
        await scene.stop()
    }

    /// More pages than one poll takes: the part is read again, and the rest of it taken.
    @Test func aLargePartIsTakenInSteps() async throws {
        let scene = try NewsScene { $0.pipeline.entriesPerPollMax = 2 }
        scene.press.print(1...5)
        serveIndex(scene, [("a", "2026-11-21")])
        serveSitemap(scene, "a", pages: Array(1...5))
        try await scene.prepare()
        var kept: [Int] = []
        for _ in 0..<3 { kept.append(try await scene.poll().tally?.kept ?? 0) }
        #expect(kept == [2, 2, 1])
        #expect(try await scene.poll().result == .notModified)
        await scene.stop()
    }
}
