import Deduplication
import Glibc
import Ingestion
import News
import TestSupport
import Testing

/// What the index learnt long ago is in files: nothing that becomes of them changes a verdict, and
/// none of them outlives its use.
@Suite struct LedgerRunTests {
    private static let headMax = 3
    private static let runs = "state/index/runs"

    /// What comes in, in order: new articles, copies and a revision among them.
    static func submissions() throws -> [Submission] {
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

    /// Copies of what came in, from other feeds and addresses: only what the index says of their
    /// words can tell what they are.
    static func copies() throws -> [Submission] {
        try (0..<30).filter { $0 % 5 < 3 }.map {
            try Samples.article(500 + $0, feed: "other", text: Samples.paragraphs($0))
        }
    }

    /// Of these, what was not revised afterwards: committing it again is committing nothing.
    static func last() throws -> [Submission] {
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
        let copies = try Self.copies()
        let expected = try await whole.ledger.commit(copies, at: Samples.noon)
        let found = try await next.ledger.commit(copies, at: Samples.noon)
        #expect(found.map(\.outcome) == expected.map(\.outcome))
        #expect(found.map { $0.verdict?.of?.id } == expected.map { $0.verdict?.of?.id })
        #expect(expected.count { $0.outcome == "duplicate" } >= 12)
    }

    /// New runs are made and the index is saved while others are being merged.
    @Test(arguments: 0..<8) func mergingWhileMoreComesLosesNothing(round: Int) async throws {
        let scene = LedgerScene(try TemporaryFolder(), indexHeadMax: 2)
        try await scene.open()
        for submission in try Self.submissions() { try await scene.commit(submission) }
        if round % 2 == 0 { await scene.ledger.whenMerged() }
        await scene.ledger.close()
        #expect(
            !scene.journal.events.contains { if case .indexUnsaved = $0 { true } else { false } })
        let next = LedgerScene(scene.folder, indexHeadMax: 2)
        try await next.open()
        #expect(next.rebuilds == 0, "the saved index names what is there")
        #expect(try await next.ledger.commit(try Self.last(), at: Samples.noon).isEmpty)
        let found = try await next.ledger.commit(try Self.copies(), at: Samples.noon)
        #expect(found.count { $0.outcome == "duplicate" } >= 12)
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
        await scene.ledger.close()
        let name = try #require(try scene.folder.names(in: Self.runs).first)
        var bytes = try scene.folder.bytes("\(Self.runs)/\(name)")
        bytes[bytes.count / 2] ^= 0x10
        try scene.folder.write(bytes, "\(Self.runs)/\(name)")
        let next = LedgerScene(scene.folder, indexHeadMax: Self.headMax)
        try await next.open()
        #expect(next.rebuilds == 0, "opening reads no run")
        #expect(try RunKeeper(ofStore: scene.folder.store).check().damaged == [name])
        for number in 3..<6 { try await next.commit(Samples.article(number)) }
        await next.ledger.whenMerged()
        #expect(next.rebuilds == 1, "at once")
        #expect(try RunKeeper(ofStore: scene.folder.store).check().damaged.isEmpty)
        #expect(try await next.commit(Samples.article(1), Samples.article(4)).isEmpty)
    }

    /// After a use that did not end well the runs are read before they are mapped.
    @Test func aDamagedRunIsFoundAfterACrash() async throws {
        let scene = LedgerScene(try TemporaryFolder(), indexHeadMax: Self.headMax)
        try await scene.open()
        for number in 0..<3 { try await scene.commit(Samples.article(number)) }
        await scene.ledger.close()
        let name = try #require(
            try scene.folder.names(in: Self.runs).first { $0.hasPrefix("run-") })
        var bytes = try scene.folder.bytes("\(Self.runs)/\(name)")
        bytes[bytes.count / 2] ^= 0x10
        try scene.folder.write(bytes, "\(Self.runs)/\(name)")
        try scene.folder.write("", "\(Self.runs)/in-use")
        let next = LedgerScene(scene.folder, indexHeadMax: Self.headMax)
        try await next.open()
        #expect(next.rebuilds == 1)
    }

    /// What looking runs up brings into memory goes when it is much, and no verdict with it.
    @Test(arguments: [(0, true), (.max, false)])
    func memoryOfRunsIsGivenBack(mappedBytesMax: Int, isGivenBack: Bool) async throws {
        let scene = LedgerScene(
            try TemporaryFolder(), indexHeadMax: Self.headMax, mappedBytesMax: mappedBytesMax)
        try await scene.open()
        _ = try await Self.outcomes(scene)
        var resident: [Int] = []
        for copy in try Self.copies() {
            #expect(try await scene.commit(copy).map(\.outcome) == ["duplicate"])
            await scene.ledger.whenMerged()
            resident.append(try residentBytes(ofFilesAt: "\(scene.folder.path)/\(Self.runs)/run-"))
        }
        #expect(resident.contains(0) == isGivenBack)
        #expect(resident.contains { $0 > 0 }, "runs are read where they are mapped")
    }

    @Test func whatIsNoRunIsLeftAlone() async throws {
        let scene = LedgerScene(try TemporaryFolder(), indexHeadMax: Self.headMax)
        try scene.folder.write("mine", "\(Self.runs)/notes/a.txt")
        try scene.folder.write("mine", "\(Self.runs)/run-notes/a.txt")
        try await scene.open()
        _ = try await Self.outcomes(scene)
        await scene.ledger.close()
        let names = try scene.folder.names(in: Self.runs)
        #expect(names.contains("notes") && names.contains("run-notes"))
        #expect(names.count <= 2 + 4, "what was merged is gone, though one could not be removed")
    }
}
