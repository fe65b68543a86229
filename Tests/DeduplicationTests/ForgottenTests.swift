import Deduplication
import News
import Testing

/// What a person took out is nobody's source, and its copies go on without it.
@Suite struct ForgottenTests {
    private let original = article(Texts.bridge, at: "https://un.test/a", entry: "a")
    private let copy = article(
        Texts.bridge.replacing("onze mois", with: "bientôt un an"), at: "https://deux.test/b",
        seen: march(2))
    private let third = article(
        Texts.bridge.replacing("mardi", with: "mercredi"), at: "https://trois.test/c",
        seen: march(3))

    /// A desk that took these and then forgot the first.
    private func desk(_ articles: [Article]) throws -> Desk {
        var desk = Desk()
        for article in articles { desk.take(article) }
        desk.forget(try #require(articles.first).id)
        return desk
    }

    /// The same made anew from what is left of the records.
    private func anew(_ articles: [Article]) throws -> Desk {
        let first = try #require(articles.first)
        var whole = Desk()
        var desk = Desk()
        for article in articles {
            let record = whole.record(article, whole.take(article))
            let left = record.tombstone(of: first.id).map {
                Record(seq: record.seq, stored: record.stored, body: .tombstone($0))
            }
            desk.index.insert(left ?? record, fingerprint: nil)
        }
        desk.held = whole.held
        desk.held[first.id] = nil
        return desk
    }

    @Test func itIsNoSourceAndItsNamesStay() throws {
        for desk in [try desk([original]), try anew([original])] {
            #expect(desk.index.isForgotten(original.id))
            let same = article(Texts.bridge, at: "https://quatre.test/d", seen: march(5))
            for other in [copy, same] {
                let verdict = desk.verdict(on: other)
                #expect(verdict.kind == .new && verdict.of == nil)
                #expect(verdict.novelty.share == 1)
                #expect(verdict.novelty.passages.allSatisfy { $0.heldBy == nil })
                #expect(verdict.evidence.runnersUp.isEmpty)
                #expect(verdict.story?.nearest == nil)
            }
            for alias in original.aliases {
                #expect(desk.index.known(alias)?.article == original.id)
            }
        }
    }

    @Test func itsEarliestCopyStandsForIt() throws {
        for desk in [try desk([original, copy]), try anew([original, copy])] {
            let verdict = desk.verdict(on: third)
            #expect(verdict.kind == .nearDuplicate && verdict.of?.id == copy.id)
            let last = article(
                Texts.bridge.replacing("mardi", with: "jeudi"), at: "https://cinq.test/e",
                seen: march(6))
            var next = desk
            next.take(third)
            #expect(next.verdict(on: last).of?.id == copy.id, "no chain")
        }
    }

    /// An index that was saved before, or after, or in runs, decides the same.
    @Test func savedIndexesLearnItAgain() throws {
        let desk = try desk([original, copy])
        let loaded = try #require(
            DuplicateIndex(serialised: desk.index.serialised(), options: desk.options))
        var again = desk
        again.index = loaded
        #expect(!again.index.isForgotten(original.id), "the store knows them")
        again.index.forget([original.id])
        #expect(again.verdict(on: third) == desk.verdict(on: third))
    }

    /// The index as it goes on, what becomes of it in runs, and one that is made anew of what is
    /// left of the records decide alike; and in the end runs that are merged have the same bytes.
    @Test(arguments: 0..<8 as Range<UInt64>)
    func itIsAsIfItHadNeverBeenLearnt(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var (live, parted) = (Desk(), Desk())
        var (records, gone) = ([Record](), [ArticleID]())
        // After how many records a run was made.
        var ends = Set<Int>()
        for number in 0..<40 {
            let article = Self.mixed(number, &random)
            let verdict = live.verdict(on: article)
            #expect(parted.verdict(on: article) == verdict, "seed \(seed), \(number)")
            records.append(live.record(article, verdict))
            live.take(article)
            parted.take(article)
            if number % 7 == 6 {
                try parted.makeRun()
                ends.insert(records.count)
            }
            if number % 7 == 3, let id = live.held.keys.sorted().randomElement(using: &random) {
                gone.append(id)
                records.append(live.forget(id))
                parted.forget(id)
            }
            if number % 15 == 14 { try parted.mergeAll() }
        }
        var anew = Desk()
        (anew.held, anew.earlier) = (live.held, live.earlier)
        anew.index.expectTombstones(of: gone)
        for (place, record) in records.enumerated() {
            anew.index.insert(record.left(without: gone), fingerprint: nil)
            if ends.contains(place + 1) { try anew.makeRun() }
        }
        anew.index.forget(gone)
        for number in 40..<70 {
            let article = Self.mixed(number, &random)
            let verdict = anew.take(article)
            #expect(live.take(article) == verdict, "seed \(seed), \(number) live")
            #expect(parted.take(article) == verdict, "seed \(seed), \(number) in runs")
        }
        #expect(parted.index.runs.count > 1 && gone.count == 6)
        // Directories have the size that the rows merged had before: another merge puts that right.
        for round in 0..<3 {
            let last = DeduplicationTests.article(
                Texts.bridge.replacing("mardi", with: "un jour \(round)"),
                at: "https://fin.test/\(round)", seen: march(20 + round))
            for place in 0..<2 {
                var desk = place == 0 ? parted : anew
                desk.take(last)
                try desk.makeRun()
                try desk.mergeAll()
                if place == 0 { parted = desk } else { anew = desk }
            }
        }
        #expect(parted.index.runs.map(\.name) == anew.index.runs.map(\.name), "seed \(seed)")
    }

    /// Copies, excerpts, revisions of few texts, and texts like no other.
    private static func mixed(_ number: Int, _ random: inout SeededGenerator) -> Article {
        let texts = [Texts.bridge, Texts.observatory, Texts.fireHere, Texts.earthquakeNorth]
        let text = texts[Int.random(in: 0..<texts.count, using: &random)]
        var pieces = sentences(of: text).map { passage($0, of: text) }
        switch Int.random(in: 0..<4, using: &random) {
        case 0: pieces.append("Une ligne de plus, la \(number)e, et rien d'autre.")
        case 1: pieces.remove(at: Int.random(in: 0..<pieces.count, using: &random))
        case 2: pieces = Array(pieces.prefix(3)) + ["Autre chose encore \(number)."]
        default: pieces = (0..<40).map { "mot\(($0 * 7 + number * 41) % 9000)" }
        }
        let name =
            Int.random(in: 0..<6, using: &random) == 0
            ? Int.random(in: 0...number, using: &random) : number
        return DeduplicationTests.article(
            pieces.joined(separator: " "), at: "https://un.test/\(name)",
            seen: march(1, hours: number), entry: "e\(number)")
    }

    @Test func marksOnItSayNothingAnyMore() throws {
        var desk = try desk([original, copy])
        desk.index.note(Mark(id: original.id, other: third.id, relation: .same))
        #expect(desk.verdict(on: third).of?.id == copy.id)
        let other = article(Texts.observatory, at: "https://six.test/f", seen: march(4))
        desk.take(other)
        desk.index.note(Mark(id: other.id, other: original.id, relation: .same))
        let last = article(
            Texts.observatory + " Une ligne de plus.", at: "https://sept.test/g", seen: march(5))
        #expect(desk.verdict(on: last).of?.id == other.id)
    }
}

extension Desk {
    /// Takes an article out as the daemon does.
    @discardableResult
    fileprivate mutating func forget(_ id: ArticleID) -> Record {
        held[id] = nil
        earlier[id] = nil
        let record = Record(
            seq: index.lastSeq + 1, stored: march(4), body: .tombstone(Tombstone(id: id)))
        index.insert(record, fingerprint: nil)
        let (held, earlier) = (held, earlier)
        index.relistCopies(of: [id]) { id in
            held[id].map { [$0] + (earlier[id] ?? []) } ?? []
        }
        return record
    }

    /// Makes one run of all.
    fileprivate mutating func mergeAll() throws {
        let runs = index.runs
        guard runs.count > 1 else { return }
        var bytes: [UInt8] = []
        try Deduplication.mergeRuns(
            runs, options: options, forgotten: index.forgottenNumbers
        ) { block, offset in
            bytes.place(block, at: offset)
        }
        index.replaceRuns(runs, by: try #require(Run(RunBytes(copying: bytes))))
    }
}

extension Record {
    /// What the store has of it when these are taken out.
    fileprivate func left(without ids: [ArticleID]) -> Record {
        for id in ids {
            if let left = tombstone(of: id) {
                return Record(seq: seq, stored: stored, body: .tombstone(left))
            }
        }
        return self
    }
}
