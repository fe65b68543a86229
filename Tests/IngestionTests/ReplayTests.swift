import Deduplication
import Ingestion
import News
import Testing

/// Deciding again what was decided.
@Suite struct ReplayTests {
    /// Records as a daemon would have written them.
    private func records(_ options: DecisionOptions) throws -> [Record] {
        var index = DuplicateIndex(options: options)
        var texts: [ArticleID: Article] = [:]
        var records: [Record] = []
        func add(_ paragraphs: [String], at address: String) throws {
            var article = try normalise(
                Candidate(
                    origin: .stream(id: address), url: HTTPURL(address), title: nil,
                    blocks: paragraphs.map { Block(.paragraph, $0) }, language: "en",
                    seen: Samples.noon, textSource: .stream))
            let print = Fingerprint(of: article, options: options)
            let verdict = index.verdict(on: article, print) { texts[$0] }
            let body: Record.Body
            switch verdict.kind {
            case .duplicate: body = .sighting(Sighting(of: article, verdict: verdict))
            case .revision:
                article.id = verdict.of?.id ?? article.id
                body = .revision(article, verdict)
            case .new, .nearDuplicate, .excerpt: body = .article(article, verdict)
            }
            let seq = UInt64(records.count + 1)
            let record = Record(seq: seq, stored: Samples.noon, body: body)
            if let (article, _) = record.articleAndVerdict { texts[article.id] = article }
            index.insert(record, fingerprint: nil)
            records.append(record)
        }
        let text = Samples.paragraphs(1, count: 6)
        try add(text, at: "https://a.example/1")
        try add(text, at: "https://b.example/1")
        try add(["A beginning that only this one has."] + text, at: "https://c.example/1")
        try add(text + ["One paragraph more, about the dog."], at: "https://a.example/1")
        try add(Array(text.prefix(2)), at: "https://d.example/1")
        try add(Samples.paragraphs(2), at: "https://a.example/2")
        try add(Array(text.prefix(4)) + Samples.paragraphs(3), at: "https://e.example/3")
        return records
    }

    private func flips(
        of records: [Record], _ options: DecisionOptions, wanted: (Record) -> Bool = { _ in true }
    ) throws -> (flips: [Replay.Flip], decided: Int) {
        var replay = try Replay(seeds: SeedCorpus(articles: []), options: options)
        let flips = try records.compactMap { try replay.take($0, isWanted: wanted($0)) }
        return (flips, replay.decided)
    }

    @Test func unchangedSettingsFlipNothing() throws {
        let records = try records(DecisionOptions())
        #expect(Set(records.compactMap { $0.verdict?.kind }).count >= 4)
        let (flips, decided) = try flips(of: records, DecisionOptions())
        #expect(flips.isEmpty)
        #expect(decided == records.count { $0.articleAndVerdict != nil })
    }

    @Test func strictThresholdFlipsNearDuplicatesAndSaysWhy() throws {
        let records = try records(DecisionOptions())
        var strict = DecisionOptions()
        let isKnown = strict.set("deciding.near_duplicate_min", to: 1)
        let near = records.filter { $0.verdict?.kind == .nearDuplicate }
        let (flips, _) = try flips(of: records, strict)
        #expect(isKnown && !near.isEmpty)
        #expect(Set(near.map(\.seq)).isSubset(of: flips.map(\.seq)))
        #expect(flips.allSatisfy { $0.now.verdict != .nearDuplicate && !$0.scores.isEmpty })
        #expect(try flips == self.flips(of: records, strict).flips)
    }

    @Test func seedsThatAreNotHeldAreCounted() throws {
        let options = DecisionOptions()
        let blocks = Samples.paragraphs(1).map { Block(.paragraph, $0) }
        let seed = try normalise(
            Candidate(
                origin: .seed(path: "seed.txt", line: nil), title: nil, blocks: blocks,
                language: "en", seen: Samples.noon, textSource: .seed))
        let copy = try normalise(
            Candidate(
                origin: .stream(id: "copy"), url: HTTPURL("https://a.example/copy"), title: nil,
                blocks: blocks + [Block(.paragraph, "A last line of its own.")], language: "en",
                seen: Samples.noon, textSource: .stream))
        var index = DuplicateIndex(options: options)
        index.insertSeed(seed, fingerprint: nil)
        let verdict = index.verdict(on: copy, Fingerprint(of: copy, options: options)) { _ in seed }
        #expect(verdict.kind == .nearDuplicate && verdict.of?.id == seed.id)
        let record = Record(seq: 1, stored: Samples.noon, body: .article(copy, verdict))
        var without = try Replay(seeds: SeedCorpus(articles: []), options: options)
        #expect(try without.take(record)?.now.verdict == .new && without.seedsMissed == 1)
        var with = try Replay(seeds: SeedCorpus(articles: [seed]), options: options)
        #expect(try with.take(record) == nil && with.seedsMissed == 0)
    }

    @Test func onlyWhatIsWantedIsDecidedAgain() throws {
        let records = try records(DecisionOptions())
        var strict = DecisionOptions()
        let isKnown = strict.set("near_duplicate_min", to: 0.99)
        let (flips, decided) = try flips(of: records, strict) { $0.seq > 5 }
        #expect(isKnown && decided == 2 && flips.allSatisfy { $0.seq > 5 })
    }

    @Test(arguments: [("near", 0.5), ("near_duplicate_min", 0), ("story_min", 1.5)])
    func whatIsNoThresholdIsRefused(name: String, value: Double) {
        var options = DecisionOptions()
        let isKnown = options.set(name, to: value)
        #expect(!isKnown && options == DecisionOptions())
    }

    @Test func marksBindWhatWasDecidedBeforeThem() throws {
        let records = try records(DecisionOptions())
        let copy = try #require(
            records.first { $0.verdict?.kind == .nearDuplicate }?.articleAndVerdict)
        let original = try #require(copy.verdict.of?.id)
        let mark = Mark(id: original, other: copy.article.id, relation: .different)
        var replay = try Replay(
            seeds: SeedCorpus(articles: []), options: DecisionOptions(), marks: Marks([mark]))
        let said = Record(
            seq: UInt64(records.count + 1), stored: Samples.noon, body: .correction(mark))
        let flips = try (records + [said]).compactMap { try replay.take($0) }
        #expect(flips.first?.id == copy.article.id && flips.first?.now.verdict != .nearDuplicate)
    }
}
