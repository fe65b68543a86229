import Ingestion
import News
import TestSupport
import Testing

/// The whole service on a feed that gives its entries other ids.
@Suite struct RenamedEntriesTests {
    private let numbers = 1...6

    private func items(
        id: (Int) -> String, path: String = "/a/", on scene: NewsScene, description: String? = nil,
        isDated: Bool = false
    ) -> [PressItem] {
        numbers.map { number in
            PressItem(
                number, guid: id(number), link: scene.press.server.url("\(path)\(number)"),
                description: description.map { "\($0) \(number)" },
                published: isDated ? Samples.noon.adding(.seconds(-number * 3600)) : nil)
        }
    }

    private func moves(_ scene: NewsScene) -> [RenamedEntries] {
        scene.journal.events.compactMap {
            if case .feedNaming(_, .renamed(let move)) = $0 { move } else { nil }
        }
    }

    @Test func allIDsAtOnceAreOneMove() async throws {
        let scene = try NewsScene()
        scene.press.publish(items(id: { "old-\($0)" }, on: scene))
        scene.press.print(numbers)
        try await scene.prepare()
        #expect(try await scene.poll().tally?.kept == 6)
        scene.press.publish(items(id: { "new-\($0)" }, on: scene))
        let outcome = try await scene.poll()
        #expect(outcome.tally?.duplicates == 6)
        #expect(outcome.continuity == .overlapping)
        #expect(numbers.allSatisfy { scene.press.asked("/a/\($0)") == 1 }, "no page again")
        let move = try #require(moves(scene).first)
        #expect(move.count == 6 && move.entries == 6)
        #expect(
            Set(move.pairs.map { "\($0.before ?? "") \($0.now ?? "")" })
                == Set(numbers.map { "old-\($0) new-\($0)" }))
        #expect(move.pairs.allSatisfy { $0.rule == "canonical-url" })
        // Told once, and remembered.
        let next = try await scene.restarted()
        #expect(try next.state().naming?.renamed == move)
        next.press.publish(items(id: { "new-\($0)" }, on: next).reversed())
        #expect(try await next.poll().tally?.known == 6)
        #expect(try next.records.count == 12)
        #expect(moves(next).isEmpty)
        await next.stop()
    }

    @Test func aMoveToAnotherHostIsRecognisedWithoutItsPages() async throws {
        let scene = try NewsScene()
        let words = "Of the council, the bridge and what the town makes of both, part"
        scene.press.publish(
            items(id: { "http://old.example/\($0)" }, on: scene, description: words, isDated: true))
        scene.press.print(numbers)
        try await scene.prepare()
        try await scene.poll()
        scene.press.publish(
            items(
                id: { "https://www.new.example/\($0)" }, path: "/b/", on: scene,
                description: "Anew: " + words, isDated: true))
        #expect(try await scene.poll().tally?.duplicates == 6)
        #expect(numbers.allSatisfy { scene.press.asked("/b/\($0)") == 0 })
        #expect(moves(scene).first?.pairs.allSatisfy { $0.rule == "entry-path" } == true)
        // Then ids that have nothing in common with those before.
        scene.press.publish(
            items(
                id: { "urn:c:\($0)" }, path: "/c/", on: scene, description: "Anew: " + words,
                isDated: true))
        #expect(try await scene.poll().tally?.duplicates == 6)
        #expect(numbers.allSatisfy { scene.press.asked("/c/\($0)") == 0 })
        #expect(moves(scene).last?.pairs.allSatisfy { $0.rule == "entry-words" } == true)
        #expect(moves(scene).count == 2)
        await scene.stop()
    }

    @Test func aFloodOfHeldTextsIsAMoveToo() async throws {
        let scene = try NewsScene()
        scene.press.publish(items(id: { "old-\($0)" }, on: scene))
        scene.press.print(numbers)
        try await scene.prepare()
        try await scene.poll()
        for number in numbers {
            scene.press.page("/d/\(number)", Samples.title(number), Samples.paragraphs(number))
        }
        scene.press.publish(items(id: { "new-\($0)" }, path: "/d/", on: scene))
        let outcome = try await scene.poll()
        #expect(outcome.tally?.duplicates == 6)
        #expect(outcome.continuity == .overlapping, "held texts join the answers")
        #expect(!scene.journal.events.contains { if case .feedGap = $0 { true } else { false } })
        #expect(moves(scene).first?.pairs.allSatisfy { $0.rule == "content-hash" } == true)
        #expect(moves(scene).first?.pairs.contains { $0.before == "old-1" } == true)
        await scene.stop()
    }

    @Test func idsThatChangeWithEveryPollLoseTheirTrust() async throws {
        let scene = try NewsScene()
        scene.press.print(numbers)
        for poll in 0..<8 {
            scene.press.publish(items(id: { "\(poll)-\($0)" }, on: scene))
            if poll == 0 { try await scene.prepare() }
            try await scene.poll()
            scene.time.pass(.seconds(600))
        }
        #expect(try scene.state().naming?.distrust?.reason == .changing)
        #expect(moves(scene).count == 3)
        #expect(try scene.records.count == 6 * 5, "and once more under their addresses")
        #expect(numbers.allSatisfy { scene.press.asked("/a/\($0)") == 1 })
        // What changes under an address is a revision still.
        var items = items(id: { "9-\($0)" }, on: scene)
        items[0].title = "Corrected: " + items[0].title
        scene.press.publish(items)
        scene.press.page(
            "/a/1", Samples.title(1), Samples.paragraphs(1) + ["And one more, about the mayor."])
        try await scene.poll()
        #expect(try scene.records.last?.outcome == "revision")
        await scene.stop()
    }

    @Test func oneIDForAllNamesNone() async throws {
        let scene = try NewsScene()
        scene.press.publish(items(id: { _ in "same" }, on: scene))
        scene.press.print(numbers)
        try await scene.prepare()
        #expect(try await scene.poll().tally?.kept == 6)
        scene.press.publish(items(id: { _ in "same" }, on: scene).reversed())
        #expect(try await scene.poll().tally?.known == 6)
        #expect(try scene.records.count == 6)
        await scene.stop()
    }

    @Test func whatIsBeyondTheDayWaitsForTheNext() async throws {
        let scene = try NewsScene { $0.pipeline.entriesPerDayMax = 4 }
        scene.press.publish(items(id: { "id-\($0)" }, on: scene))
        scene.press.print(numbers)
        try await scene.prepare()
        #expect(try await scene.poll().tally?.kept == 4)
        let set = try #require(try scene.state().naming?.quarantined)
        #expect(set.count == 2 && set.day == Samples.noon.day)
        #expect(set.samples == [Samples.title(2), Samples.title(1)])
        // The same day: nothing is asked for that is known to be there.
        #expect(try await scene.poll().result == .notModified)
        #expect(try scene.state().naming?.quarantined == set)
        scene.time.pass(.seconds(86_400))
        let next = try await scene.poll()
        #expect(!next.wasConditional, "the rest is read though the server says that it is old")
        #expect(next.tally?.kept == 2)
        #expect(try scene.state().naming?.quarantined == nil)
        #expect(try scene.records.count == 6)
        await scene.stop()
    }

    @Test func aFeedMayHaveAnotherLimit() async throws {
        let scene = try NewsScene { $0.pipeline.entriesPerDayMax = 4 }
        scene.press.publish(items(id: { "id-\($0)" }, on: scene))
        scene.press.print(numbers)
        try await scene.prepare(scene.feed { $0.entriesPerDayMax = 5 })
        #expect(try await scene.poll().tally?.kept == 5)
        await scene.stop()
    }
}
