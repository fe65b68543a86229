import ArticleStore
import Deduplication
import Ingestion
import News

/// A ledger on a store in a temporary folder, whose disk can be made to fail.
final class LedgerScene: Sendable {
    let folder: TemporaryFolder
    let faults = Faults()
    let journal = Journal()
    let ledger: Ledger

    init(
        _ folder: TemporaryFolder, decisions: DecisionOptions = DecisionOptions(),
        indexHeadMax: Int = DuplicateIndex.headMax, mappedBytesMax: Int = ResidentFiles.bytesMax,
        _ change: (inout StoreOptions) -> Void = { _ in }
    ) {
        self.folder = folder
        var store = StoreOptions(calls: faults.calls)
        change(&store)
        var options = LedgerOptions(decisions: decisions, store: store)
        options.indexHeadMax = indexHeadMax
        options.mappedBytesMax = mappedBytesMax
        ledger = Ledger(path: folder.store, options: options) { [journal] in journal.add($0) }
    }

    convenience init() throws { self.init(try TemporaryFolder()) }

    @discardableResult
    func open(seeds: [String] = []) async throws -> Board.SeedStanding {
        try await ledger.open(seeds: SeedOptions(paths: seeds), at: Samples.noon)
    }

    @discardableResult
    func commit(_ submissions: Submission...) async throws -> [Record] {
        try await ledger.commit(submissions, at: Samples.noon)
    }

    /// A new ledger on the same folder, opened.
    func reopened(
        seeds: [String] = [], decisions: DecisionOptions = DecisionOptions()
    ) async throws -> LedgerScene {
        await ledger.close()
        let next = LedgerScene(folder, decisions: decisions)
        try await next.open(seeds: seeds)
        return next
    }

    var rebuilds: Int {
        journal.events.count { if case .indexRebuilt = $0 { true } else { false } }
    }
}

extension Record {
    /// What was decided, in one word.
    var outcome: String { verdict?.kind.rawValue ?? "rejected" }
}
