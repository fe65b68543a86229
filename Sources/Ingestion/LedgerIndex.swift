internal import ArticleStore
internal import Deduplication
internal import Dispatch
internal import Isolation
internal import News

// The index of the ledger: from disk when it fits, else from the store; and its runs.

/// Where the ledger is with the files of its index.
struct RunStanding {
    let keeper: RunKeeper
    /// Merging reads and writes for a while, which nobody waits for.
    let queue = DispatchQueue(label: "tamis.merge", qos: .utility)
    var isMerging = false
    /// Of the index that is being kept: what was merged for one before it is of no use.
    var generation = 0
    /// How much the head holds before it becomes a run; more after a disk that took none.
    var headMax: Int
    /// The runs that the index on disk names.
    var saved: [Run] = []
    /// A run was found damaged: the next start makes the index anew.
    var isDamaged = false
    /// Who waits until nothing is being merged.
    var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ keeper: RunKeeper) {
        self.keeper = keeper
        headMax = keeper.headMax
    }
}

extension Ledger {
    /// Takes the index from disk when it fits, and learns what the store has beyond it.
    func loadIndex() throws(StoreError) {
        guard let store else { return }
        guard let saved = store.derived(named: IndexFile.name),
            let file = IndexFile(bytes: saved, madeOf: sources(with: store)),
            let loaded = DuplicateIndex(
                serialised: file.index, options: options.decisions, run: runs.keeper.open),
            loaded.lastSeq <= store.lastSeq
        else {
            return try rebuildIndex(because: "it was missing, damaged, or made for other settings")
        }
        index = loaded
        runs.generation += 1
        runs.saved = loaded.runs
        runs.keeper.removeAll(except: loaded.runs)
        for mark in store.marks.all { index.note(mark) }
        try learn(after: loaded.lastSeq)
    }

    func rebuildIndex(because reason: String) throws(StoreError) {
        index = DuplicateIndex(options: options.decisions)
        runs.generation += 1
        runs.saved = []
        runs.isDamaged = false
        runs.keeper.removeAll(except: [])
        try seeds?.forEachArticle {
            index.insertSeed($0, fingerprint: nil)
            settleIndex()
        }
        let records = try learn(after: 0)
        if records > 0 { report(.indexRebuilt(reason: reason, records: records)) }
        if !index.runs.isEmpty { saveIndex() }
    }

    @discardableResult
    private func learn(after seq: UInt64) throws(StoreError) -> Int {
        var count = 0
        try StoreReader(at: path).forEachRecord(after: seq) { record in
            index.insert(record, fingerprint: nil)
            settleIndex()
            count += 1
            return true
        }
        return count
    }

    /// What the index is made of besides its records. Damage counts: an index from before it knows
    /// articles that are lost, and would not let them be fetched again.
    private func sources(with store: ArticleStore) -> Digest {
        let (damage, gaps) = (store.recovery.damage, store.recovery.gaps)
        return Digest(
            kind: "index-sources", seedKey.hexadecimal, "\(damage.count) \(gaps.count)",
            damage.kept.map(\.description).joined(separator: "\n"),
            gaps.kept.map(\.description).joined(separator: "\n"))
    }

    /// An index that cannot be saved costs a rebuild, no more.
    func saveIndex() {
        guard let store, !runs.isDamaged else { return }
        let file = IndexFile(index: index.serialised(), madeOf: sources(with: store))
        do {
            try store.saveDerived(file.bytes, named: IndexFile.name)
            runs.saved = index.runs
            runs.keeper.removeAll(except: index.runs)
        } catch {
            report(.indexUnsaved(reason: error.description))
        }
    }

    // MARK: Runs

    /// Makes runs of what was learnt, and few of many, while nothing else is done.
    private func settleIndex() {
        guard index.isHeadFull(headMax: runs.headMax) else { return }
        do {
            try runs.keeper.settle(&index)
            runs.keeper.removeAll(except: runs.saved + index.runs)
        } catch {
            giveUpRun(error)
        }
    }

    /// Makes a run of the head when that is full, and begins to merge runs when they are many.
    func keepIndexSmall() {
        guard index.isHeadFull(headMax: runs.headMax) else { return }
        do {
            try runs.keeper.makeRun(of: &index)
        } catch {
            return giveUpRun(error)
        }
        runs.headMax = runs.keeper.headMax
        saveIndex()
        beginMerge()
    }

    /// A disk that takes no run is asked again when twice as much is in memory.
    private func giveUpRun(_ error: any Error) {
        runs.headMax = 2 * max(index.headWeight, runs.headMax)
        report(.indexUnsaved(reason: "\(error)"))
    }

    private func beginMerge() {
        let old = index.nextMerge
        guard !old.isEmpty, !runs.isMerging else { return }
        runs.isMerging = true
        let (keeper, options, generation) = (runs.keeper, index.options, runs.generation)
        runs.queue.async { [self] in
            let merged = Result { try keeper.merge(old, options: options) }
            queue.async { self.assumeIsolated { $0.endMerge(merged, of: generation) } }
        }
    }

    /// Returns when no runs are being merged.
    package func whenMerged() async {
        guard runs.isMerging else { return }
        await withCheckedContinuation { runs.waiting.append($0) }
    }

    private func endMerge(_ merged: Result<Run, any Error>, of generation: Int) {
        runs.isMerging = false
        if generation == runs.generation, store != nil { take(merged) }
        guard !runs.isMerging else { return }
        for waiter in runs.waiting { waiter.resume() }
        runs.waiting = []
    }

    private func take(_ merged: Result<Run, any Error>) {
        switch merged {
        case .success(let run):
            index.replaceRuns(by: run)
            saveIndex()
            beginMerge()
        case .failure(let error as RunDamage):
            runs.isDamaged = true
            try? store?.saveDerived([], named: IndexFile.name)
            report(.indexUnsaved(reason: "\(error); it is built again at the next start"))
        case .failure(let error):
            report(.indexUnsaved(reason: "\(error)"))
        }
    }
}
