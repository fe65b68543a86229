import ArticleStore
import Foundation
import Ingestion
import News
import PageExtraction
import TestSupport
import Testing

/// What a host puts on all of its pages is left out once enough of them were read, also after a
/// restart, and said in the record.
@Suite struct TemplateTests {
    private let box = "The harbour letter brings you the news of the coast every morning, free."

    private func publish(_ numbers: Range<Int>, in scene: NewsScene) {
        scene.press.publish(numbers.map { PressItem($0) })
        for number in numbers {
            scene.press.page(
                "/a/\(number)", Samples.title(number), Samples.paragraphs(number) + [box])
        }
    }

    private func texts(_ scene: NewsScene) throws -> [String] {
        try scene.records.compactMap(\.article?.text)
    }

    @Test func aBoxOnEveryPageGoesFromTheSeventhOn() async throws {
        let first = try NewsScene()
        try await first.prepare()
        publish(1..<5, in: first)
        try await first.poll()
        first.time.pass(.seconds(86_400))
        publish(5..<7, in: first)
        try await first.poll()
        #expect(try texts(first).count == 6)
        #expect(try texts(first).allSatisfy { $0.contains(box) })
        // What was learnt is there after a restart.
        let scene = try await first.restarted()
        publish(7..<8, in: scene)
        try await scene.poll()
        await scene.stop()
        let article = try #require(try scene.records.last?.article)
        #expect(!article.text.contains(box))
        #expect(article.text.hasPrefix(Samples.paragraphs(7)[0]))
        #expect(article.textChoice?.recurring == 1)
    }

    @Test func whatCannotBeSavedIsReported() async throws {
        let scene = try LedgerScene()
        try await scene.open()
        let block = Block(.paragraph, "What a host puts on every page of its own.")
        let prints = BlockPrints(of: [block], address: "https://one.example/1")
        _ = await scene.ledger.recurringBlocks(in: prints, host: "one.example", at: Samples.noon)
        scene.faults.set(.init(kinds: [.write], isLasting: true, errno: ENOSPC))
        await scene.ledger.close()
        #expect(
            scene.journal.events.contains {
                if case .templatesUnsaved = $0 { true } else { false }
            })
    }

    @Test func oneHostTooManyIsToldOnceADay() async throws {
        let scene = try LedgerScene()
        try await scene.open()
        let block = Block(.paragraph, "What a host puts on every page of its own.")
        let prints = BlockPrints(of: [block], address: "https://one.example/1")
        let times = [Samples.noon, Samples.noon.adding(.seconds(86_400))]
        for time in times {
            for host in 0..<(TemplateBook.hostsMax + 9) {
                _ = await scene.ledger.recurringBlocks(in: prints, host: "host-\(host)", at: time)
            }
        }
        let told = scene.journal.events.compactMap {
            if case .templatesFull(let hosts) = $0 { hosts } else { nil }
        }
        #expect(told == times.map { _ in TemplateBook.hostsMax })
        await scene.ledger.close()
    }

    /// With more hosts than are remembered, those that are read every day are learnt from.
    @Test func aHostKeepsItsPlaceUntilItIsQuiet() {
        var book = TemplateBook(hostsMax: 2)
        let morning = Instant(millisecondsSince1970: 1_767_225_600_000)
        let box = Block(.paragraph, "The harbour letter, every morning.")
        func read(_ host: String, _ page: Int, day: Int) -> [Int] {
            let blocks = [
                "first", "second", "third", "fourth",
            ].map { Block(.paragraph, "The \($0) words of page \(page) of \(host) alone.") }
            return book.recurring(
                in: BlockPrints(of: blocks + [box], address: "https://\(host)/\(page)"), host: host,
                at: morning.adding(.seconds(86_400 * day)))
        }
        let hosts = ["a.example", "b.example", "c.example"]
        for page in 0..<8 {
            for host in hosts { _ = read(host, page, day: page / 4) }
        }
        #expect(hosts.map { read($0, 8, day: 2) } == [[4], [4], []])
        // One that was quiet makes room.
        for page in 9..<17 { _ = read("b.example", page, day: 4) }
        for page in 9..<17 { _ = read("c.example", page, day: 4 + page / 13) }
        #expect(read("c.example", 17, day: 5) == [4])
        #expect(read("b.example", 17, day: 5) == [4])
        #expect(read("a.example", 17, day: 5).isEmpty)
    }

    @Test func theFileMayBeDeletedOrDamaged() async throws {
        let first = try NewsScene()
        try await first.prepare()
        publish(1..<3, in: first)
        try await first.poll()
        await first.stop()
        let file = URL(filePath: first.folder.store).appending(path: "index/templates.json")
        #expect(FileManager.default.fileExists(atPath: file.path(percentEncoded: false)))
        try Data("{\"hosts\": 1".utf8).write(to: file)
        let next = try NewsScene(first.press, folder: first.folder)
        try await next.prepare()
        publish(3..<4, in: next)
        try await next.poll()
        await next.stop()
        #expect(try texts(next).count == 3)
    }
}
