import ArticleStore
import Foundation
import Ingestion
import News
import Testing

/// The documents that the user holds already.
@Suite struct SeedTests {
    /// A corpus of every format; numbers tell the samples.
    private func corpus() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        func text(_ number: Int) -> String {
            Samples.paragraphs(number).joined(separator: "\n\n")
        }
        func json(_ number: Int) throws -> String {
            let object = ["title": Samples.title(number), "text": text(number)]
            return String(decoding: try JSONEncoder().encode(object), as: UTF8.self)
        }
        try folder.write(text(101), "seeds/a.txt")
        try folder.write("# \(Samples.title(102))\n\n" + text(102), "seeds/b.md")
        try folder.write(Press.html(Samples.title(103), Samples.paragraphs(103)), "seeds/c.html")
        try folder.write(try json(104), "seeds/d.json")
        try folder.write("[\(try json(105)),\(try json(106))]", "seeds/e.json")
        try folder.write("\(try json(107))\n\(try json(108))\n", "seeds/f.jsonl")
        return folder
    }

    /// Which of the samples are held already.
    private func held(_ numbers: ClosedRange<Int>, in scene: LedgerScene) async throws -> [Int] {
        var held: [Int] = []
        for number in numbers {
            let records = try await scene.commit(Samples.article(number))
            if records.first?.verdict?.of?.origin.isSeed == true { held.append(number) }
        }
        return held
    }

    @Test func everyFormatIsRead() async throws {
        let folder = try corpus()
        let scene = LedgerScene(folder)
        let standing = try await scene.open(seeds: ["\(folder.path)/seeds"])
        #expect(standing.files == 6)
        #expect(standing.documents == 8)
        #expect(standing.problems.isEmpty)
        #expect(standing.loaded == Samples.noon)
        #expect(try await held(101...109, in: scene) == Array(101...108))
        let records = try folder.records()
        #expect(records.map(\.outcome) == Array(repeating: "duplicate", count: 8) + ["new"])
    }

    @Test func whatIsBrokenIsNamedAndTheOthersLoad() async throws {
        let folder = try corpus()
        try folder.write("{\"title\": \"cut", "seeds/broken.json")
        try folder.write("Too short.", "seeds/short.txt")
        try folder.write("{\"text\": 1}\nnot json\n", "seeds/lines.jsonl")
        let scene = LedgerScene(folder)
        let paths = ["\(folder.path)/seeds", "\(folder.path)/nowhere"]
        let standing = try await scene.open(seeds: paths)
        #expect(standing.documents == 8)
        let sentences = standing.problems.map(\.sentence)
        for name in ["broken.json", "short.txt", "lines.jsonl:1", "lines.jsonl:2", "nowhere"] {
            #expect(sentences.contains { $0.contains(name) }, "\(name) in \(sentences)")
        }
        let reported = scene.journal.events.compactMap { event in
            if case .seedProblem(let sentence) = event { sentence } else { nil }
        }
        #expect(reported == sentences)
        // They are named again when the rest comes from memory.
        let again = LedgerScene(folder)
        await scene.ledger.close()
        let second = try await again.open(seeds: paths)
        #expect(second.problems.count == standing.problems.count)
        #expect(second.documents == 8)
        await again.ledger.close()
    }

    @Test func unchangedFilesAreNotOpenedAgain() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/seeds/a.txt"
        let (old, new) = try twins()
        try folder.write(old, "seeds/a.txt")
        try stamp(path, 1_700_000_000)
        let first = LedgerScene(folder)
        try await first.open(seeds: [path])
        await first.ledger.close()
        // Other words in the same file, whose stamp claims that it was not touched.
        try overwrite(path, new)
        try stamp(path, 1_700_000_000)
        let second = LedgerScene(folder)
        try await second.open(seeds: [path])
        #expect(second.rebuilds == 0)
        #expect(
            second.journal.events.contains { event in
                if case .seedsLoaded(documents: 1, files: 1, fromMemory: 1) = event {
                    true
                } else {
                    false
                }
            })
        #expect(try await outcome(of: old, in: second) == "duplicate")
        await second.ledger.close()
        // Touched, it is read.
        try stamp(path, 1_700_000_001)
        let third = LedgerScene(folder)
        try await third.open(seeds: [path])
        #expect(try await outcome(of: new, number: 2, in: third) == "duplicate")
        await third.ledger.close()
    }

    @Test func changedRemovedAndAddedFilesTakeEffect() async throws {
        let folder = try corpus()
        let paths = ["\(folder.path)/seeds"]
        let first = LedgerScene(folder)
        try await first.open(seeds: paths)
        await first.ledger.close()
        try folder.write(Samples.paragraphs(201).joined(separator: "\n\n"), "seeds/a.txt")
        try folder.remove("seeds/b.md")
        try folder.write(Samples.paragraphs(202).joined(separator: "\n\n"), "seeds/z.txt")
        let second = LedgerScene(folder)
        let standing = try await second.open(seeds: paths)
        #expect(standing.files == 6)
        #expect(standing.documents == 8)
        #expect(try await held(101...108, in: second) == Array(103...108))
        #expect(try await held(201...202, in: second) == [201, 202])
        await second.ledger.close()
        let third = LedgerScene(folder)
        #expect(try await third.open(seeds: []).documents == 0)
        await third.ledger.close()
    }

    @Test func aSeedsTextIsComparedInFull() async throws {
        let folder = try corpus()
        let scene = LedgerScene(folder)
        try await scene.open(seeds: ["\(folder.path)/seeds"])
        let edited = try Samples.article(
            1, text: ["A new first paragraph, that nobody had written."] + Samples.paragraphs(107))
        let record = try #require(try await scene.commit(edited).first)
        #expect(record.outcome == "nearDuplicate")
        #expect(record.verdict?.evidence.shared.isEmpty == false)
        #expect(
            record.verdict?.of?.origin
                == .seed(path: "\(folder.path)/seeds/f.jsonl", line: 1))
    }

    @Test func theCorpusCanBeReadWithoutAStore() throws {
        let folder = try corpus()
        try folder.write("{", "seeds/broken.json")
        var (corpus, articles) = (try SeedCorpus(), [Article]())
        let standing = try readSeeds(
            SeedOptions(paths: ["\(folder.path)/seeds"]), now: Samples.noon
        ) { try corpus.add($0) }
        try corpus.forEach { articles.append($0) }
        #expect(corpus.count == 8)
        #expect(articles.count == 8)
        #expect(standing.documents == 8)
        #expect(standing.problems.map(\.path) == ["\(folder.path)/seeds/broken.json"])
        let first = try #require(articles.first)
        #expect(try corpus.article(first.id) == first)
        #expect(try corpus.article(ArticleID(Digest(of: [1]))) == nil)
        #expect(first.origin == .seed(path: "\(folder.path)/seeds/a.txt", line: nil))
    }

    @Test func documentsWithOneIdentityCountOnce() throws {
        let folder = try TemporaryFolder()
        for name in ["a.txt", "b.txt"] {
            try folder.write(Samples.paragraphs(1).joined(separator: "\n\n"), "seeds/\(name)")
        }
        var corpus = try SeedCorpus()
        let standing = try readSeeds(
            SeedOptions(paths: ["\(folder.path)/seeds"]), now: Samples.noon
        ) { article in
            try corpus.add(article)
            try corpus.add(article)
        }
        #expect(corpus.count == 1)
        #expect(standing.documents == 1)
    }

    // MARK: -

    /// Two texts of one length.
    private func twins() throws -> (String, String) {
        let old = Samples.paragraphs(1).joined(separator: "\n\n")
        var new = Samples.paragraphs(2, count: 5).joined(separator: "\n\n")
        new = String(new.prefix(old.count))
        try #require(new.utf8.count == old.utf8.count)
        return (old, new)
    }

    private func outcome(
        of text: String, number: Int = 1, in scene: LedgerScene
    ) async throws -> String? {
        let paragraphs = text.split(separator: "\n\n").map(String.init)
        return try await scene.commit(Samples.article(number, text: paragraphs)).first?.outcome
    }

    private func stamp(_ path: String, _ seconds: Double) throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: seconds)], ofItemAtPath: path)
    }

    /// In place, so that it stays the same file.
    private func overwrite(_ path: String, _ text: String) throws {
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try handle.write(contentsOf: Data(text.utf8))
        try handle.close()
    }
}
