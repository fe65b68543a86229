import ArticleStore
import Deduplication
import Foundation
import Glibc
import Ingestion
import News
import Synchronization
import Testing

/// A process that makes and merges runs is killed at any change that it makes to the disk, in the
/// middle of a write where it is one: nothing acknowledged is lost, nothing is there twice, and the
/// verdicts are those of an index that was never on disk.
@Suite struct KilledMergeTests {
    private static let headMax = 2
    /// At how many moments it is killed, from the first change to the last.
    private static let kills = 16

    /// Commits all submissions, and notes in a file how many are acknowledged.
    private static func work(
        in path: String, calls: FileSystemCalls, mergingFirst: Bool
    ) async throws {
        var options = LedgerOptions(
            decisions: DecisionOptions(), store: StoreOptions(segmentBytesMax: 20_000, calls: calls)
        )
        options.indexHeadMax = headMax
        let ledger = Ledger(path: "\(path)/state", options: options) { _ in }
        _ = try await ledger.open(seeds: SeedOptions(paths: []), at: Samples.noon)
        for (number, submission) in try LedgerRunTests.submissions().enumerated() {
            _ = try await ledger.commit([submission], at: Samples.noon)
            try Data("\(number + 1)".utf8).write(to: URL(filePath: "\(path)/acknowledged"))
            if mergingFirst { await ledger.whenMerged() }
        }
        await ledger.whenMerged()
        await ledger.close()
    }

    /// How many changes the work makes that is not killed, when each merge is waited for.
    private static func changesOfAll() async throws -> Int {
        let folder = try TemporaryFolder()
        let changes = Changes(killedAt: .max)
        try await work(in: folder.path, calls: changes.calls, mergingFirst: true)
        return changes.count
    }

    @Test(arguments: [true, false]) func aKilledMergeLosesNothing(mergingFirst: Bool) async throws {
        // Without waiting there may be fewer merges, and fewer changes.
        let changes = try await Self.changesOfAll() * (mergingFirst ? 100 : 60) / 100
        var acknowledged = Set<Int>()
        for kill in 0..<Self.kills {
            let folder = try TemporaryFolder()
            let (path, at) = (folder.path, changes * kill / Self.kills)
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [path = path as String, at = at as Int, mergingFirst = mergingFirst as Bool] in
                try await Self.work(
                    in: path, calls: Changes(killedAt: at).calls, mergingFirst: mergingFirst)
            }
            acknowledged.insert(try await check(folder, "killed at change \(at) of \(changes)"))
        }
        #expect(acknowledged.count > Self.kills / 3, "at many moments")
    }

    /// - Returns: how many submissions had been acknowledged.
    private func check(_ folder: TemporaryFolder, _ moment: Comment) async throws -> Int {
        let told = try? folder.bytes("acknowledged")
        let count = told.flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 0
        let twin = try TemporaryFolder()
        let killed = LedgerScene(folder, indexHeadMax: Self.headMax)
        try await killed.open()
        #expect(try RunKeeper(ofStore: folder.store).check().damaged.isEmpty, moment)
        let lastKept = Array(try LedgerRunTests.submissions().prefix(count).enumerated())
            .filter { $0.offset % 5 == 0 || $0.offset % 5 == 2 }.map(\.element)
        #expect(
            try await killed.ledger.commit(lastKept, at: Samples.noon).isEmpty, moment)
        // The same records, under an index that has no runs.
        let articles = "state/articles"
        if FileManager.default.fileExists(atPath: "\(folder.path)/\(articles)") {
            try FileManager.default.createDirectory(
                atPath: twin.store, withIntermediateDirectories: false)
            try FileManager.default.copyItem(
                atPath: "\(folder.path)/\(articles)", toPath: "\(twin.path)/\(articles)")
        }
        let whole = LedgerScene(twin)
        try await whole.open()
        let copies = try LedgerRunTests.copies()
        let found = try await killed.ledger.commit(copies, at: Samples.noon)
        let expected = try await whole.ledger.commit(copies, at: Samples.noon)
        #expect(found.map(\.body) == expected.map(\.body), moment)
        await killed.ledger.whenMerged()
        await killed.ledger.close()
        await whole.ledger.close()
        let report = try StoreReader(at: folder.store).verify { _ in }
        #expect(report.isSound && report.damagedTables.isEmpty, moment)
        let left = try folder.names(in: "state/index/runs")
        #expect(left.allSatisfy { $0.hasPrefix("run-") } && left.count <= 8, moment)
        return count
    }
}

/// The kernel's calls; at one of those that change the disk the process is killed, half way through
/// when it writes. Syncs reach no disk: the kernel outlives the process.
private final class Changes: Sendable {
    private let made = Mutex(0)
    private let killedAt: Int

    init(killedAt: Int) { self.killedAt = killedAt }

    var count: Int { made.withLock { $0 } }

    private func next(_ half: () -> Void = {}) {
        let isLast = made.withLock { made in
            defer { made += 1 }
            return made == killedAt
        }
        guard isLast else { return }
        half()
        kill(getpid(), SIGKILL)
    }

    var calls: FileSystemCalls {
        let real = FileSystemCalls.real
        var calls = real
        calls.open = { path, flags, mode in
            if flags & O_CREAT != 0 { self.next() }
            return real.open(path, flags, mode)
        }
        calls.write = { descriptor, bytes, offset in
            self.next {
                let half = UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count / 2)])
                _ = real.write(descriptor, half, offset)
            }
            return real.write(descriptor, bytes, offset)
        }
        calls.truncate = { descriptor, length in
            self.next()
            return real.truncate(descriptor, length)
        }
        calls.rename = { from, to in
            self.next()
            return real.rename(from, to)
        }
        calls.unlink = { path in
            self.next()
            return real.unlink(path)
        }
        calls.makeFolder = { path, mode in
            self.next()
            return real.makeFolder(path, mode)
        }
        calls.syncData = { _ in 0 }
        calls.sync = { _ in 0 }
        return calls
    }
}
