import ArticleStore
import Foundation
import News
import TestSupport
import Testing

@Suite struct SeedMemoryTests {
    private let reader = "extract 1"

    /// Reads the corpus as a start does: one article a text file. Returns how many were opened.
    @discardableResult
    private func refresh(_ memory: SeedMemory, _ folder: TemporaryFolder) throws -> Int {
        let files = scanSeeds(at: ["\(folder.path)/seeds"]).files
        if memory.isUpToDate(with: files) { return 0 }
        let rewrite = try memory.rewriting()
        var opened = 0
        for file in files where try !rewrite.keep(file) {
            opened += 1
            let (bytes, digest) = try file.contents(limits: SeedLimits())
            if try rewrite.keep(file, digest: digest) { continue }
            let text = String(decoding: bytes, as: UTF8.self)
            for number in text.split(separator: " ").compactMap({ Int($0) }) {
                try rewrite.add(Samples.article(number))
            }
            try rewrite.end(file, digest: digest, problems: ["odd in \(file.path)"])
        }
        try rewrite.finish()
        return opened
    }

    private func open(_ folder: TemporaryFolder, reader: String? = nil) throws -> SeedMemory {
        try openQuickly(folder).seedMemory(reader: reader ?? self.reader)
    }

    private func all(_ memory: SeedMemory) throws -> [ArticleID] {
        var found: [ArticleID] = []
        try memory.forEachArticle { found.append($0.id) }
        return found
    }

    private func makeCorpus(_ folder: TemporaryFolder) throws {
        for (name, text) in [("a", "1 2"), ("b", "3"), ("c", ""), ("d", "4 5 6")] {
            try write(text, name, folder)
        }
    }

    /// A seed file that was written a while ago.
    private func write(
        _ text: String, _ name: String, _ folder: TemporaryFolder, hoursAgo: Double = 2
    ) throws {
        try folder.write(text, "seeds/\(name).txt")
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -3600 * hoursAgo)],
            ofItemAtPath: "\(folder.path)/seeds/\(name).txt")
    }

    /// The second is larger than what is kept before it is written.
    @Test(arguments: [10, 40_000])
    func aFileThatBrokeOffLendsNothingToTheNext(words: Int) throws {
        let folder = try TemporaryFolder()
        try makeCorpus(folder)
        let files = scanSeeds(at: ["\(folder.path)/seeds"]).files
        let memory = try open(folder)
        let rewrite = try memory.rewriting()
        let text = String(repeating: "word ", count: words)
        try rewrite.add(Samples.article(1, text: text))
        try rewrite.end(files[0], digest: Digest(of: [1]))
        for number in 11...19 { try rewrite.add(Samples.article(number, text: text)) }
        try rewrite.discard()
        try rewrite.add(Samples.article(2))
        try rewrite.end(files[1], digest: Digest(of: [2]))
        try rewrite.finish()
        for memory in [memory, try open(folder)] {
            #expect(!memory.wasDamaged)
            #expect(try all(memory) == [Samples.id(1), Samples.id(2)])
            #expect(memory.holds(files[1]))
            #expect(!memory.holds(files[2]))
        }
    }

    @Test func aRestartOpensNoUnchangedFile() throws {
        let folder = try TemporaryFolder()
        try makeCorpus(folder)
        #expect(try refresh(try open(folder), folder) == 4)
        let memory = try open(folder)
        #expect(!memory.wasDamaged)
        #expect(try refresh(memory, folder) == 0)
        #expect(memory.filesCount == 4)
        #expect(try all(memory) == (1...6).map { Samples.id($0) })
        #expect(memory.article(Samples.id(4)) == Samples.article(4))
        #expect(memory.article(Samples.id(7)) == nil)
        let file = try #require(scanSeeds(at: ["\(folder.path)/seeds"]).files.first)
        #expect(memory.problems(of: file) == ["odd in \(file.path)"])
    }

    @Test func changedFilesAreReadVanishedOnesForgottenTouchedOnesKept() throws {
        let folder = try TemporaryFolder()
        try makeCorpus(folder)
        try refresh(try open(folder), folder)
        try write("7 8", "b", folder)
        try FileManager.default.removeItem(atPath: "\(folder.path)/seeds/a.txt")
        try write("4 5 6", "d", folder, hoursAgo: 1)
        let memory = try open(folder)
        #expect(try refresh(memory, folder) == 2, "b, which changed, and d, which was touched")
        #expect(try all(memory) == [7, 8, 4, 5, 6].map { Samples.id($0) })
        #expect(memory.article(Samples.id(1)) == nil)
        #expect(try all(try open(folder)) == [7, 8, 4, 5, 6].map { Samples.id($0) })
    }

    @Test func aFileWrittenAMomentAgoIsReadOnceMore() throws {
        let folder = try TemporaryFolder()
        try makeCorpus(folder)
        try write("9", "fresh", folder, hoursAgo: 0)
        try refresh(try open(folder), folder)
        #expect(try refresh(try open(folder), folder) == 1)
    }

    @Test func anotherReaderStartsAnew() throws {
        let folder = try TemporaryFolder()
        try makeCorpus(folder)
        try refresh(try open(folder), folder)
        let memory = try open(folder, reader: "extract 2")
        #expect(memory.articlesCount == 0)
        #expect(try refresh(memory, folder) == 4)
        #expect(memory.articlesCount == 6)
    }

    @Test(arguments: 0..<60) func damageCostsTheStruckFileOrAllOfItButNeverLies(seed: UInt64) throws
    {
        var generator = SeededGenerator(seed: seed)
        let folder = try TemporaryFolder()
        try makeCorpus(folder)
        try refresh(try open(folder), folder)
        var bytes = try folder.bytes("state/index/seeds.jsonl")
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        if seed.isMultiple(of: 3) {
            bytes.removeSubrange(place...)
        } else {
            bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        }
        try folder.write(bytes, "state/index/seeds.jsonl")
        let memory = try open(folder)
        for id in try all(memory) {
            let number = try #require((1...6).first { Samples.id($0) == id })
            #expect(memory.article(id) == Samples.article(number), "seed \(seed)")
        }
        #expect(memory.filesCount < 4 || memory.wasDamaged, "seed \(seed), byte \(place)")
        try refresh(memory, folder)
        #expect(try all(memory) == (1...6).map { Samples.id($0) }, "seed \(seed)")
    }

    @Test func anAbandonedRewriteLeavesTheOldMemory() throws {
        let folder = try TemporaryFolder()
        try makeCorpus(folder)
        let memory = try open(folder)
        try refresh(memory, folder)
        do {
            let rewrite = try memory.rewriting()
            try rewrite.add(Samples.article(9))
        }
        #expect(memory.article(Samples.id(9)) == nil)
        #expect(memory.articlesCount == 6)
        #expect(try folder.snapshot().keys.allSatisfy { !$0.contains(".tmp-") })
    }

    @Test func oneArticleInTwoFilesIsFoundOnceByItsID() throws {
        let folder = try TemporaryFolder()
        try folder.write("1", "seeds/a.txt")
        try folder.write("1 2", "seeds/b.txt")
        let memory = try open(folder)
        try refresh(memory, folder)
        #expect(memory.articlesCount == 2)
        #expect(try all(memory) == [1, 1, 2].map { Samples.id($0) })
    }
}
