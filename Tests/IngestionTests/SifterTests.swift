import ArticleStore
import Foundation
import Ingestion
import News
import Testing

/// A store in a temporary folder that a sieve keeps its decisions in.
private final class Kept {
    private let folder: TemporaryFolder
    private(set) var store: ArticleStore

    init() throws {
        folder = try TemporaryFolder()
        store = try Self.open(folder)
    }

    deinit { store.close() }

    private static func open(_ folder: TemporaryFolder) throws -> ArticleStore {
        try ArticleStore(
            opening: "\(folder.path)/kept", options: StoreOptions(), now: Samples.noon)
    }

    func reopen() throws {
        store.close()
        store = try Self.open(folder)
    }

    /// Goes on with the store, of which so many decisions were answered.
    func sifter(told: UInt64, options: SiftOptions = SiftOptions()) throws -> Sifter {
        try Sifter(seeds: SeedCorpus(articles: []), keptIn: store, told: told, options: options)
    }
}

/// A stream of documents, decided in memory.
@Suite struct SifterTests {
    /// A document as it comes in: one JSON object.
    private func document(
        _ id: String, _ paragraphs: [String], url: String? = nil, title: String? = nil,
        time: String? = nil
    ) throws -> SiftDocument {
        let all: [String: String?] = [
            "id": id, "text": paragraphs.joined(separator: "\n\n"), "url": url, "title": title,
            "time": time, "lang": "en",
        ]
        let object = all.compactMapValues { $0 }
        return try JSONDecoder().decode(SiftDocument.self, from: JSONEncoder().encode(object))
    }

    private func decide(
        _ documents: [SiftDocument], seeds: [Article] = [], records: [Record] = []
    ) throws -> [SiftAnswer] {
        var sifter = try Sifter(seeds: SeedCorpus(articles: seeds), records: records.forEach)
        return try documents.map { try sifter.decide($0, at: Samples.noon) }
    }

    private func verdicts(_ answers: [SiftAnswer]) -> [String] {
        answers.map { $0.verdict?.kind.rawValue ?? "rejected" }
    }

    private func stream() throws -> [SiftDocument] {
        let text = Samples.paragraphs(1, count: 6)
        return [
            try document("first", text, url: "https://a.example/1"),
            try document("again", text, url: "https://a.example/1"),
            try document("elsewhere", text, url: "https://b.example/1"),
            try document(
                "edited", ["A beginning that only this one has."] + text,
                url: "https://c.example/1"),
            try document(
                "revised", text + ["One paragraph more, about the mayor and the dog."],
                url: "https://a.example/1"),
            try document("part", Array(text.prefix(2)), url: "https://d.example/1"),
            try document("other", Samples.paragraphs(2), url: "https://a.example/2"),
            try document("same address", Samples.paragraphs(3), url: "https://a.example/2"),
            try document("nothing", ["..."], url: "https://a.example/3"),
        ]
    }

    @Test func eachDocumentIsHeldAgainstThoseBeforeIt() throws {
        let answers = try decide(stream())
        #expect(
            verdicts(answers) == [
                "new", "duplicate", "duplicate", "nearDuplicate", "revision", "excerpt", "new",
                "new", "rejected",
            ])
        let names = answers.map { answer -> String? in
            if case .stream(let id)? = answer.verdict?.of?.origin { id } else { nil }
        }
        #expect(names[1...4] == ["first", "first", "first", "first"])
        #expect(names[6...8] == [nil, nil, nil])
    }

    @Test func theSameStreamGivesTheSameAnswers() throws {
        let (once, again) = (try decide(stream()), try decide(stream()))
        #expect(once == again)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(try encoder.encode(once) == encoder.encode(again))
    }

    @Test func undatedDocumentStandsWhereItCame() throws {
        let fire = [
            "Fire destroyed the market hall of Saltmere on Thursday night, a listed building since "
                + "1938. Mayor Solene Vautrin puts the damage at 3 million euros.",
            "Twenty traders of Saltmere have lost their stalls, and Vautrin promised them tents.",
        ]
        let retold = [
            "The traders of the burnt market hall of Saltmere will sell from tents, says the "
                + "mayor, Solene Vautrin.",
            "Firemen still look for what set the listed hall alight on Thursday.",
        ]
        let answers = try decide([
            document("dated", fire, time: "2020-01-03T06:00:00Z"), document("undated", retold),
        ])
        #expect(verdicts(answers) == ["new", "new"])
        #expect(answers[1].verdict?.story?.id == answers[0].verdict?.story?.id)
    }

    @Test func rejectedDocumentsSayWhyAndAreNotHeld() throws {
        let answers = try decide([
            try document("a", [""]), try document("b", [""]), try document("c", ["!?"]),
        ])
        #expect(answers.map(\.verdict) == [nil, nil, nil])
        #expect(
            answers.map(\.rejected)
                == Array(
                    repeating: "only 0 words of text, an article has at least 1", count: 3))
        let json = String(decoding: try JSONEncoder().encode(answers[0]), as: UTF8.self)
        #expect(json.contains("\"verdict\":\"rejected\""))
        #expect(json.contains("\"of\":null"))
    }

    @Test func seedsAndStoredRecordsAreHeldFromTheStart() throws {
        var seed = try normalise(try Samples.candidate(1))
        seed.origin = .seed(path: "old.txt", line: 3)
        seed.aliases = []
        seed.url = nil
        seed.canonicalURL = nil
        let stored = try normalise(try Samples.candidate(2))
        let verdict = Verdict(kind: .new, evidence: Evidence(rule: "nothing-alike", rules: 1))
        let record = Record(seq: 1, stored: Samples.noon, body: .article(stored, verdict))
        let answers = try decide(
            [
                try document("a", Samples.paragraphs(1)), try document("b", Samples.paragraphs(2)),
                try document("c", Samples.paragraphs(3)),
            ], seeds: [seed], records: [record])
        #expect(verdicts(answers) == ["duplicate", "duplicate", "new"])
        let held = try answers.map { answer in
            let json = try JSONSerialization.jsonObject(with: JSONEncoder().encode(answer))
            return (json as? [String: Any])?["held"] as? String
        }
        #expect(held == ["seed", "store", nil])
    }

    @Test(
        arguments: [
            ("2026-11-20T08:00:00Z", "2026-11-20T08:00:00Z"),
            ("2026-11-20T08:00:00", "2026-11-20T08:00:00Z"),
            ("2026-11-20", "2026-11-20T00:00:00Z"), ("yesterday", nil),
        ] as [(String, String?)])
    func timesAreReadOrCountAsAbsent(written: String, read: String?) throws {
        let document = try document("a", ["Words."], time: written)
        #expect(document.time == read.flatMap { Instant(rfc3339: $0) })
    }

    @Test func numbersAreNamesToo() throws {
        let json = Data(#"{"id": 12, "text": "Words."}"#.utf8)
        #expect(try JSONDecoder().decode(SiftDocument.self, from: json).id == "12")
        #expect(throws: (any Error).self) {
            try JSONDecoder().decode(SiftDocument.self, from: Data(#"{"id": "a"}"#.utf8))
        }
    }

    @Test func whatIsKeptIsAnsweredAsBeforeAndGoneOnWith() throws {
        let documents = try stream()
        let whole = try decide(documents)
        for told in 0..<documents.count {
            let kept = try Kept()
            var sifter = try kept.sifter(told: 0)
            // Killed when all was kept that came by then, and less was told.
            for document in documents.prefix(told + 2) {
                _ = try sifter.decide(document, at: Samples.noon)
            }
            try sifter.sync()
            try kept.reopen()
            let toldRecords = whole.prefix(told).count { $0.verdict != nil }
            var settings = SiftOptions()
            settings.untoldMax = 1
            sifter = try kept.sifter(told: UInt64(toldRecords), options: settings)
            let rest = try documents.dropFirst(told).map {
                try sifter.decide($0, at: Samples.noon)
            }
            #expect(rest == Array(whole.dropFirst(told)), "\(told)")
        }
    }

    @Test func whatWasToldAndIsNotKeptIsRefused() throws {
        let kept = try Kept()
        var sifter = try kept.sifter(told: 0)
        _ = try sifter.decide(try stream()[0], at: Samples.noon)
        _ = try kept.sifter(told: 1)
        #expect(throws: SiftError.lost(told: 2, kept: 1, path: kept.store.path)) {
            try kept.sifter(told: 2)
        }
    }

    /// An article taken out, or a word about two.
    @Test(arguments: [true, false]) func storeChangedByHandIsRefused(isForgotten: Bool) throws {
        let kept = try Kept()
        var sifter = try kept.sifter(told: 0)
        let answers = try [stream()[0], stream()[6]].map {
            try sifter.decide($0, at: Samples.noon)
        }
        #expect(verdicts(answers) == ["new", "new"])
        try sifter.sync()
        let articles = try StoreReader(at: kept.store.path).records(after: 0, limit: 9).compactMap {
            $0.articleAndVerdict?.article.id
        }
        let body: Record.Body =
            isForgotten
            ? .tombstone(Tombstone(id: articles[0], reason: nil))
            : .correction(Mark(id: articles[0], other: articles[1], relation: .same))
        _ = try kept.store.append([body], at: Samples.noon)
        _ = try kept.store.sync()
        #expect(throws: SiftError.changedByHand(path: kept.store.path)) {
            try kept.sifter(told: 2)
        }
    }

    @Test func keptTextThatCannotBeReadEndsTheRun() throws {
        let kept = try Kept()
        var sifter = try kept.sifter(told: 0)
        let documents = try stream()
        _ = try sifter.decide(documents[0], at: Samples.noon)
        try sifter.sync()
        let path = kept.store.path
        let files = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        let segment = try #require(files.first { $0.hasSuffix(".jsonl") })
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: "\(path)/\(segment)"))
        try file.seek(toOffset: 200)
        try file.write(contentsOf: Data("damage".utf8))
        try file.close()
        #expect(throws: SiftError.self) { try sifter.decide(documents[3], at: Samples.noon) }
    }

    @Test func filesWithoutNamesAreWhereTheSystemSays() {
        let folders = ["/tmp", "/tmp/", "/tmp/big/", "/tmpfs", "/data/tmp/"]
        #expect(
            folders.map { RunKeeper.passingFolder(for: $0) }
                == ["/var/tmp", "/var/tmp", "/tmp/big/", "/tmpfs", "/data/tmp/"])
    }

    @Test func anotherInputThanBeforeIsRefused() throws {
        let kept = try Kept()
        var sifter = try kept.sifter(told: 0)
        _ = try sifter.decide(try stream()[0], at: Samples.noon)
        sifter = try kept.sifter(told: 0)
        let other = try document("other", Samples.paragraphs(9))
        #expect(throws: SiftError.otherInput(id: "other")) {
            try sifter.decide(other, at: Samples.noon)
        }
    }
}
