import Deduplication
import Glibc
import Ingestion
import News
import Testing

/// What the index learnt long ago is in files: nothing that becomes of them changes a verdict, and
/// none of them outlives its use.
@Suite struct LedgerRunTests {
    private static let headMax = 3
    private static let runs = "state/index/runs"

    /// What comes in, in order: new articles, copies and a revision among them.
    private static func submissions() throws -> [Submission] {
        try (0..<30).map { number in
            switch number % 5 {
            case 3: try Samples.article(100 + number, text: Samples.paragraphs(number - 2))
            case 4:
                try Samples.article(
                    number - 3, entry: Samples.entry(number - 3, change: "\(number)"),
                    text: Samples.paragraphs(number - 3) + ["What was learnt later: \(number)."])
            default: try Samples.article(number)
            }
        }
    }

    /// Of these, what was not revised afterwards: committing it again is committing nothing.
    private static func last() throws -> [Submission] {
        try submissions().enumerated().filter { $0.offset % 5 != 1 }.map(\.element)
    }

    private static func outcomes(_ scene: LedgerScene) async throws -> [String] {
        var outcomes: [String] = []
        for submission in try submissions() {
            outcomes += try await scene.commit(submission).map(\.outcome)
            await scene.ledger.whenMerged()
        }
        return outcomes
    }

    @Test func runsChangeNoVerdict() async throws {
        let whole = try LedgerScene()
        try await whole.open()
        let parted = LedgerScene(try TemporaryFolder(), indexHeadMax: Self.headMax)
        try await parted.open()
        let outcomes = try await Self.outcomes(whole)
        #expect(try await Self.outcomes(parted) == outcomes)
        #expect(Set(outcomes) == ["new", "duplicate", "revision"])
        let names = try parted.folder.names(in: Self.runs)
        #expect(!names.isEmpty && names.count <= 4, "merged, and what was merged is gone")

        await parted.ledger.close()
        let next = LedgerScene(parted.folder, indexHeadMax: Self.headMax)
        try await next.open()
        #expect(next.rebuilds == 0)
        #expect(try await next.ledger.commit(try Self.last(), at: Samples.noon).isEmpty)
    }

    enum Trouble: CaseIterable { case missing, cut, foreign, leftBehind }

    @Test(arguments: Trouble.allCases) func verdictsOutliveTheRuns(trouble: Trouble) async throws {
        let scene = LedgerScene(try TemporaryFolder(), indexHeadMax: Self.headMax)
        try await scene.open()
        _ = try await Self.outcomes(scene)
        await scene.ledger.close()
        let names = try scene.folder.names(in: Self.runs)
        let first = "\(Self.runs)/\(try #require(names.first))"
        switch trouble {
        case .missing: try scene.folder.remove(first)
        case .cut: try scene.folder.write(try scene.folder.bytes(first).dropLast(1), first)
        case .foreign: try scene.folder.write(Array("no run".utf8), first)
        case .leftBehind:
            // As after a merge that was killed: one half written, one whole that nobody names.
            try scene.folder.write(try scene.folder.bytes(first).dropLast(9), "\(Self.runs)/.tmp-1")
            try scene.folder.write(try scene.folder.bytes(first), "\(Self.runs)/run-1")
        }
        let next = LedgerScene(scene.folder, indexHeadMax: Self.headMax)
        try await next.open()
        #expect(next.rebuilds == (trouble == .leftBehind ? 0 : 1))
        #expect(try await next.ledger.commit(try Self.last(), at: Samples.noon).isEmpty)
        await next.ledger.close()
        let left = try scene.folder.names(in: Self.runs)
        #expect(!left.contains(".tmp-1") && !left.contains("run-1"))
    }

    /// A disk that fails at any moment of writing and merging runs, and a process that ends then.
    @Test(arguments: 0..<12) func aFailureLosesNothing(after calls: Int) async throws {
        let scene = LedgerScene(try TemporaryFolder(), indexHeadMax: Self.headMax)
        try await scene.open()
        let submissions = try Self.submissions()
        for submission in submissions.prefix(calls * 2) {
            try await scene.commit(submission)
            await scene.ledger.whenMerged()
        }
        // The names of runs are given by renaming, as nothing else here is but the saved index.
        scene.faults.set(.init(kinds: [.rename], isLasting: true, errno: EIO))
        for submission in submissions.dropFirst(calls * 2) {
            try await scene.commit(submission)
            await scene.ledger.whenMerged()
        }
        let unsaved = scene.journal.events.count {
            if case .indexUnsaved = $0 { true } else { false }
        }
        #expect(unsaved > 0 && unsaved <= 8, "said, but not for each article")
        // What it closes with is lost too, as after a kill.
        await scene.ledger.close()
        scene.faults.set(nil)
        let next = LedgerScene(scene.folder, indexHeadMax: Self.headMax)
        try await next.open()
        #expect(try await next.ledger.commit(try Self.last(), at: Samples.noon).isEmpty)
    }

    @Test func aDamagedRunIsFoundWhenItIsMerged() async throws {
        let scene = LedgerScene(try TemporaryFolder(), indexHeadMax: Self.headMax)
        try await scene.open()
        for number in 0..<3 { try await scene.commit(Samples.article(number)) }
        let name = try #require(try scene.folder.names(in: Self.runs).first)
        var bytes = try scene.folder.bytes("\(Self.runs)/\(name)")
        bytes[bytes.count / 2] ^= 0x10
        await scene.ledger.close()
        try scene.folder.write(bytes, "\(Self.runs)/\(name)")
        let next = LedgerScene(scene.folder, indexHeadMax: Self.headMax)
        try await next.open()
        #expect(next.rebuilds == 0, "opening reads no run")
        #expect(RunKeeper(ofStore: scene.folder.store).check().damaged == [name])
        for number in 3..<6 { try await next.commit(Samples.article(number)) }
        await next.ledger.whenMerged()
        #expect(
            next.journal.events.contains {
                if case .indexUnsaved(let reason) = $0 { reason.contains("damaged") } else { false }
            })
        await next.ledger.close()
        let last = LedgerScene(scene.folder, indexHeadMax: Self.headMax)
        try await last.open()
        #expect(last.rebuilds == 1)
    }
}
