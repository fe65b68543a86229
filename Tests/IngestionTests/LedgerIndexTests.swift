import Deduplication
import Foundation
import Ingestion
import News
import Testing

/// The index is derived: whatever becomes of its file, the verdicts stay the same.
@Suite struct LedgerIndexTests {
    enum Trouble: CaseIterable {
        case none, missing, damaged, cut, otherOptions, otherSeeds
    }

    @Test(arguments: Trouble.allCases) func verdictsOutliveTheIndex(trouble: Trouble) async throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "Title\n\n" + Samples.paragraphs(50).joined(separator: "\n\n"), "seeds/a.txt")
        let seeds = ["\(folder.path)/seeds"]
        let scene = LedgerScene(folder)
        try await scene.open(seeds: seeds)
        for number in 1...6 { try await scene.commit(Samples.article(number)) }
        await scene.ledger.close()

        let file = "state/index/duplicates"
        var decisions = DecisionOptions()
        switch trouble {
        case .none: break
        case .missing: try folder.remove(file)
        case .damaged:
            var bytes = try folder.bytes(file)
            bytes[bytes.count / 2] ^= 0x40
            try folder.write(bytes, file)
        case .cut: try folder.write(try folder.bytes(file).dropLast(100), file)
        case .otherOptions: decisions.sampleRate = 4
        case .otherSeeds:
            try folder.write(Samples.paragraphs(51).joined(separator: "\n\n"), "seeds/b.txt")
        }
        let next = LedgerScene(folder, decisions: decisions)
        try await next.open(seeds: seeds)
        #expect(next.rebuilds == (trouble == .none ? 0 : 1))
        let records = try await next.commit(
            try Samples.article(11, text: Samples.paragraphs(1), decisions: decisions),
            try Samples.article(
                12, text: ["A first paragraph of its own."] + Samples.paragraphs(2),
                decisions: decisions),
            try Samples.article(
                3, entry: Samples.entry(3, change: "!"),
                text: Samples.paragraphs(3) + ["A last paragraph was added to it later."],
                decisions: decisions),
            try Samples.article(13, text: Samples.paragraphs(50), decisions: decisions),
            try Samples.article(14, decisions: decisions))
        #expect(
            records.map(\.outcome) == [
                "duplicate", "nearDuplicate", "revision", "duplicate", "new",
            ])
        #expect(records.map { $0.verdict?.of?.origin.isSeed } == [false, false, false, true, nil])
    }

    @Test func whatCameAfterTheSavedIndexIsLearnt() async throws {
        let scene = try LedgerScene()
        try await scene.open()
        try await scene.commit(Samples.article(1))
        let second = try await scene.reopened()
        try await second.commit(Samples.article(2))
        let saved = try scene.folder.bytes("state/index/duplicates")
        await second.ledger.close()
        // As after a crash: the records are there, the index is the older one.
        try scene.folder.write(saved, "state/index/duplicates")
        let third = LedgerScene(scene.folder)
        try await third.open()
        #expect(third.rebuilds == 0)
        #expect(try await third.commit(Samples.article(1), Samples.article(2)).isEmpty)
    }

    @Test func anArticleLostToDamageMayComeAgain() async throws {
        let scene = try LedgerScene()
        try await scene.open()
        for number in 1...3 { try await scene.commit(Samples.article(number)) }
        await scene.ledger.close()
        let segment = try #require(
            try scene.folder.names(in: "state/articles/2026").first { $0.hasSuffix("jsonl") })
        let path = "state/articles/2026/\(segment)"
        var bytes = try scene.folder.bytes(path)
        let lines = bytes.split(separator: 0x0A)
        bytes[lines[0].count + lines[1].count / 2] ^= 0x01
        try scene.folder.write(bytes, path)

        let next = LedgerScene(scene.folder)
        try await next.open()
        #expect(next.journal.events.contains { if case .recovered = $0 { true } else { false } })
        let standings = await next.ledger.standings(
            of: NamedEntry.all(
                of: (1...3).map { Samples.entry($0) }, in: try Samples.feedID(), trustingIDs: true))
        #expect(standings == [.known, .unseen, .known])
        let again = try await next.commit(Samples.article(2))
        #expect(again.map(\.outcome) == ["new"])
        let last = try await next.reopened()
        #expect(last.rebuilds == 0, "the damage is the same as when the index was saved")
    }

    @Test func anIndexThatCannotBeSavedIsReportedAndRebuilt() async throws {
        let scene = try LedgerScene()
        try await scene.open()
        try await scene.commit(Samples.article(1))
        scene.faults.set(.init(kinds: [.write], isLasting: true, errno: ENOSPC))
        await scene.ledger.close()
        #expect(
            scene.journal.events.contains { if case .indexUnsaved = $0 { true } else { false } })
        let next = LedgerScene(scene.folder)
        try await next.open()
        #expect(next.rebuilds == 1)
        #expect(try await next.commit(Samples.article(1)).isEmpty)
    }
}
