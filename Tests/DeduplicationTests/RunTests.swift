import Deduplication
import Foundation
import News
import Testing

/// Runs change nothing but where things lie.
@Suite struct RunTests {
    private static let texts = [
        Texts.bridge, Texts.observatory, Texts.fireHere, Texts.fireThere, Texts.earthquakeNorth,
        Texts.fundingLumio,
    ]

    /// An article made of what came before it, under a new name or an old one.
    private func article(_ number: Int, _ random: inout SeededGenerator) -> Article {
        let text = Self.texts[Int.random(in: 0..<Self.texts.count, using: &random)]
        var pieces = sentences(of: text).map { passage($0, of: text) }
        switch Int.random(in: 0..<6, using: &random) {
        case 0: break
        case 1: pieces = Array(pieces.prefix(Int.random(in: 1...pieces.count, using: &random)))
        case 2: pieces.shuffle(using: &random)
        case 3: pieces[Int.random(in: 0..<pieces.count, using: &random)] = "Autre chose ici."
        case 4:
            // As a machine would read it.
            pieces = pieces.map {
                $0.replacingOccurrences(of: "e", with: "c").replacingOccurrences(of: "l", with: "1")
            }
        default:
            pieces = (0..<40).map { _ in "mot\(Int.random(in: 0..<9000, using: &random))" }
        }
        let isRevision = Int.random(in: 0..<5, using: &random) == 0
        let name = isRevision ? Int.random(in: 0...number, using: &random) : number
        return DeduplicationTests.article(
            pieces.joined(separator: " "), at: "https://un.test/\(name)",
            seen: march(1, hours: number), entry: "e\(number)")
    }

    /// The memory of what is learnt is bounded whatever its length: a few books are a run as many
    /// articles are.
    @Test func aBookWeighsAsManyArticles() throws {
        var index = DuplicateIndex(options: DecisionOptions())
        let usual = (0..<400).map { "word\($0)" }.joined(separator: " ")
        index.insertSeed(
            DeduplicationTests.article(usual, at: "https://un.test/1"), fingerprint: nil)
        #expect(index.headWeight == 1)
        let book = (0..<40_000).map { "mot\($0)" }.joined(separator: " ")
        index.insertSeed(
            DeduplicationTests.article(book, at: "https://un.test/2"), fingerprint: nil)
        #expect((60...120).contains(index.headWeight), "\(index.headWeight)")
    }

    /// All of a desk's questions, those that change it and those that do not.
    @Test(arguments: 0..<12 as Range<UInt64>)
    func boundariesChangeNothing(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var options = DecisionOptions()
        // Small limits, so that lists are full and windows end.
        if seed % 2 == 1 {
            options.postingsMax = 3
            options.letterWindow = 15
            options.letterPostingsMax = 4
        }
        var (whole, parted) = (Desk(options: options), Desk(options: options))
        for number in 0..<60 {
            let article = article(number, &random)
            #expect(whole.take(article) == parted.take(article), "seed \(seed), \(number)")
            for alias in article.aliases {
                let (one, other) = (whole.index.known(alias), parted.index.known(alias))
                #expect(one?.article == other?.article && one?.entry == other?.entry)
            }
            if Int.random(in: 0..<4, using: &random) == 0 { try parted.makeRun() }
            if Int.random(in: 0..<6, using: &random) == 0 {
                try parted.mergeRuns(of: &random)
            }
            if Int.random(in: 0..<15, using: &random) == 0 { try parted.saveAndLoad() }
        }
        #expect(!parted.index.runs.isEmpty && whole.index.runs.isEmpty)
        #expect(whole.index.count == parted.index.count)
    }

    /// Enough rows for many buckets, of which a run of other size has others: what was written is
    /// found again by every key, and nothing else is.
    @Test(arguments: [1, 40, 300]) func everyDocumentIsFoundAgain(inRunsOf count: Int) throws {
        var random = SeededGenerator(seed: UInt64(count))
        func unlike() -> Article {
            let number = Int.random(in: 0...Int.max, using: &random)
            let words = (0..<30).map { _ in "mot\(Int.random(in: 0..<100_000, using: &random))" }
            return DeduplicationTests.article(
                words.joined(separator: " "), at: "https://un.test/\(number)")
        }
        let articles = (0..<300).map { _ in unlike() }
        var desk = Desk()
        for (number, article) in articles.enumerated() {
            #expect(desk.take(article).kind == .new)
            if (number + 1) % count == 0 {
                #expect(try desk.headBytes(in: RunBlocks(length: 64)) == desk.headBytes())
                try desk.makeRun()
            }
            if number % 30 == 29, desk.index.runs.count > 1 {
                let runs = desk.index.runs
                let whole = try mergedBytes(runs)
                for length in [16, 64, 4096] {
                    #expect(try mergedBytes(runs, in: RunBlocks(length: length)) == whole)
                }
                desk.index.replaceRuns(runs, by: try merged(runs))
            }
        }
        #expect(desk.index.runs.count == 1)
        for article in articles {
            let copy = DeduplicationTests.article(
                article.text + " Une ligne de plus ne fait pas un autre article.",
                at: "https://deux.test/\(article.id)")
            #expect(desk.verdict(on: copy).of?.id == article.id)
        }
    }

    @Test func marksHoldAcrossRuns() throws {
        var random = SeededGenerator(seed: 3)
        var (whole, parted) = (Desk(), Desk())
        for number in 0..<30 {
            let article = article(number, &random)
            let verdict = whole.take(article)
            #expect(parted.take(article) == verdict)
            if number % 5 == 4 { try parted.makeRun() }
            if let of = verdict.of, number % 3 == 0 {
                let mark = Mark(
                    id: article.id, other: of.id, relation: number % 2 == 0 ? .different : .same)
                whole.index.note(mark)
                parted.index.note(mark)
            }
        }
    }

    @Test func theSamePartsMakeTheSameBytes() throws {
        var random = SeededGenerator(seed: 5)
        var (one, other) = (Desk(), Desk())
        for number in 0..<40 {
            let article = article(number, &random)
            one.take(article)
            other.take(article)
            if number % 9 == 8 {
                try one.makeRun()
                try other.makeRun()
            }
        }
        #expect(one.index.runs.map(\.name) == other.index.runs.map(\.name))
        #expect(one.index.serialised() == other.index.serialised())
    }

    @Test func anIndexWithoutItsRunsIsRefused() throws {
        var desk = Desk()
        for (number, text) in Self.texts.enumerated() {
            desk.take(DeduplicationTests.article(text, at: "https://un.test/\(number)"))
        }
        try desk.makeRun()
        let saved = desk.index.serialised()
        #expect(DuplicateIndex(serialised: saved, options: desk.options) == nil)
        let run = desk.index.runs[0]
        #expect(DuplicateIndex(serialised: saved, options: desk.options) { _ in run } != nil)
    }

    /// Whatever bytes stand in a file: none can trap, and none makes a look-up leave it.
    @Test func damagedRunsAreRefusedOrHarmless() throws {
        var random = SeededGenerator(seed: 11)
        let options = DecisionOptions()
        var desk = Desk()
        for number in 0..<30 { desk.take(article(number, &random)) }
        let bytes = try desk.headBytes()
        let sound = try #require(Run(RunBytes(copying: bytes)))
        #expect(isSound(sound, bytes))
        for round in 0..<200 {
            var damaged = bytes
            for _ in 0..<(1 << (round % 8)) {
                let place = Int.random(in: 0..<damaged.count, using: &random)
                damaged[place] = UInt8.random(in: 0...255, using: &random)
            }
            if round % 3 == 0 {
                damaged.removeLast(Int.random(in: 1...damaged.count, using: &random))
            }
            guard let run = Run(RunBytes(copying: damaged)) else { continue }
            #expect(!isSound(run, damaged) || damaged == bytes)
            var other = desk
            other.index.replaceHead(by: run)
            for number in 0..<5 {
                let next = article(number, &random)
                _ = other.take(next)
                for alias in next.aliases { _ = other.index.known(alias) }
            }
            // What it is merged with is nonsense, but some run, or none.
            if let more = Run(RunBytes(copying: try other.headBytes())) {
                var merged: [UInt8] = []
                try? Deduplication.mergeRuns([run, more], options: options) {
                    merged.place($0, at: $1)
                }
            }
        }
        for length in [0, 1, 511, 512, 513] {
            #expect(Run(RunBytes(copying: Array(repeating: 0, count: length))) == nil)
        }
    }

    /// Known articles are seen again under ever new names, and nothing else comes.
    @Test func namesAloneBecomeRunsToo() throws {
        var (whole, parted) = (Desk(), Desk())
        let headMax = 8
        let first = DeduplicationTests.article(Texts.bridge, at: "https://un.test/a")
        let verdict = Verdict(kind: .duplicate, evidence: Evidence(rule: "alias", rules: 1))
        func names(_ number: Int) -> [Alias] {
            (0..<3).map { Alias(Digest(kind: "name", "\(number / 2) \($0)")) }
        }
        for isKnown in [false, true] {
            if isKnown {
                whole.take(first)
                parted.take(first)
            }
            for number in 0..<300 {
                var sighting = Sighting(of: first, verdict: verdict)
                sighting.aliases = names(isKnown ? number : 1000 + number)
                let record = Record(
                    seq: whole.index.lastSeq + 1, stored: march(2), body: .sighting(sighting))
                whole.index.insert(record, fingerprint: nil)
                parted.index.insert(record, fingerprint: nil)
                guard parted.index.isHeadFull(headMax: headMax) else { continue }
                try parted.makeRun()
                #expect(parted.index.headWeight == 0)
                while !parted.index.nextMerge.isEmpty {
                    let old = parted.index.nextMerge
                    parted.index.replaceRuns(old, by: try merged(old))
                }
                #expect(parted.index.runs.count <= 7)
            }
        }
        try parted.saveAndLoad()
        #expect(parted.index.count == 1 && parted.index.runs.count > 1)
        for number in [0, 17, 299, 1000, 1299, 5000] {
            for name in names(number) {
                let (found, expected) = (parted.index.known(name), whole.index.known(name))
                #expect(found?.article == expected?.article && found?.entry == expected?.entry)
                #expect((found != nil) == (number != 5000))
            }
        }
        let copy = DeduplicationTests.article(
            Texts.bridge.replacing("onze mois", with: "bientôt un an"), at: "https://deux.test/b",
            seen: march(3))
        #expect(parted.take(copy) == whole.take(copy))
    }

    @Test func fewRunsRemain() throws {
        var desk = Desk()
        for number in 0..<120 {
            desk.take(
                DeduplicationTests.article(
                    "mot\(number) et mot\(number + 1000)", at: "https://un.test/\(number)"))
            try desk.makeRun()
            while !desk.index.nextMerge.isEmpty {
                let old = desk.index.nextMerge
                desk.index.replaceRuns(old, by: try merged(old))
            }
            #expect(desk.index.runs.count <= 7)
        }
        #expect(desk.index.count == 120)
    }
}

/// Read in blocks, as from a disk.
private func isSound(_ run: Run, _ bytes: [UInt8]) -> Bool {
    var check = RunCheck()
    for start in stride(from: 0, to: bytes.count, by: 1000) {
        check.add(Array(bytes[start..<min(start + 1000, bytes.count)]))
    }
    return check.isOf(run)
}

extension [UInt8] {
    /// As writing to a file does.
    mutating func place(_ bytes: [UInt8], at offset: Int) {
        if count < offset + bytes.count {
            append(contentsOf: repeatElement(0xAA, count: offset + bytes.count - count))
        }
        replaceSubrange(offset..<(offset + bytes.count), with: bytes)
    }
}

private func merged(_ runs: [Run]) throws -> Run {
    try #require(Run(RunBytes(copying: try mergedBytes(runs))))
}

private func mergedBytes(_ runs: [Run], in blocks: RunBlocks = .usual) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try mergeRuns(runs, options: DecisionOptions(), blocks: blocks) { block, offset in
        #expect(block.count <= max(blocks.rows, blocks.directories))
        bytes.place(block, at: offset)
    }
    return bytes
}

extension Desk {
    func headBytes(in blocks: RunBlocks = .usual) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try index.writeHead(blocks: blocks) { block, offset in
            #expect(block.count <= max(blocks.rows, blocks.directories))
            bytes.place(block, at: offset)
        }
        return bytes
    }

    mutating func makeRun() throws {
        let bytes = try headBytes()
        if bytes.isEmpty { return }
        index.replaceHead(by: try #require(Run(RunBytes(copying: bytes))))
    }

    /// Makes one of some neighbouring runs.
    mutating func mergeRuns(of random: inout SeededGenerator) throws {
        let count = index.runs.count
        guard count > 1 else { return }
        let first = Int.random(in: 0..<(count - 1), using: &random)
        let last = Int.random(in: (first + 1)..<count, using: &random)
        var bytes: [UInt8] = []
        try Deduplication.mergeRuns(Array(index.runs[first...last]), options: options) {
            bytes.place($0, at: $1)
        }
        let run = try #require(Run(RunBytes(copying: bytes)))
        #expect(isSound(run, bytes))
        index.replaceRuns(Array(index.runs[first...last]), by: run)
        #expect(index.runs.count == count - (last - first))
    }

    mutating func saveAndLoad() throws {
        let runs = index.runs
        let marks = index
        index = try #require(
            DuplicateIndex(serialised: marks.serialised(), options: options) { name in
                runs.first { $0.name == name }
            })
    }
}
