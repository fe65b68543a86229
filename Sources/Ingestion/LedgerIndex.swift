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
    /// What the runs take of this process's memory, and what tells where texts are.
    var mapped: ResidentFiles
    /// Runs were merged while records were not durable yet, so the index was not saved.
    var isSavePending = false
    /// Who waits until nothing is being merged.
    var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ keeper: RunKeeper, mappedBytesMax: Int) {
        self.keeper = keeper
        mapped = ResidentFiles(bytesMax: mappedBytesMax)
        headMax = keeper.headMax
    }
}

extension Ledger {
    /// Takes the index from disk when it fits, and learns what the store has beyond it.
    func loadIndex() throws(StoreError) {
        guard let store else { return }
        // After a use that ended otherwise the disk may give no bytes, which a mapping would be
        // killed for.
        let keeper = runs.keeper
        let endedWell = (try? keeper.beginUse()) ?? false
        guard let saved = store.derived(named: IndexFile.name),
            let loaded = IndexFile.index(
                from: consume saved, madeOf: sources(with: store), options: options.decisions,
                run: endedWell ? keeper.open : keeper.openReading),
            loaded.lastSeq <= store.lastSeq
        else {
            return try rebuildIndex(because: "it was missing, damaged, or made for other settings")
        }
        index = loaded
        runs.generation += 1
        runs.saved = loaded.runs
        removeOtherRuns()
        index.note(store.marks.all)
        relistCopies(of: try learn(after: loaded.lastSeq).forgotten, in: store)
    }

    /// Lists the copies of articles that were taken out after they had been learnt.
    func relistCopies(of ids: Set<ArticleID>, in store: ArticleStore) {
        index.relistCopies(of: ids) { id in
            text(of: id, in: store).map { [$0] + earlierTexts(of: id, in: store) } ?? []
        }
    }

    func rebuildIndex(because reason: String) throws(StoreError) {
        // What is half made must not be taken for the index, nor the old one for what comes.
        try store?.removeDerived(named: IndexFile.name)
        index = DuplicateIndex(options: options.decisions)
        runs.generation += 1
        runs.saved = []
        removeOtherRuns()
        try seeds?.forEachArticle {
            index.insertSeed($0, fingerprint: nil)
            settleIndex()
        }
        let records = try learn(after: 0).records
        if records > 0 { report(.indexRebuilt(reason: reason, records: records)) }
        if !index.runs.isEmpty { saveIndex() }
    }

    /// - Returns: how many records there were, and whose tombstones were among them.
    private func learn(
        after seq: UInt64
    ) throws(StoreError) -> (records: Int, forgotten: Set<ArticleID>) {
        var (count, told) = (0, Set<ArticleID>())
        let forgotten = store?.forgotten ?? []
        index.expectTombstones(of: forgotten)
        defer { index.forget(forgotten) }
        try StoreReader(at: path).forEachRecord(after: seq) { record in
            index.insert(record, fingerprint: nil)
            settleIndex()
            count += 1
            if case .tombstone(let tombstone) = record.body { told.insert(tombstone.id) }
            return true
        }
        return (count, told)
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
        guard let store else { return }
        runs.isSavePending = false
        do {
            try store.saveDerived(
                IndexFile.bytes(of: index, madeOf: sources(with: store)), named: IndexFile.name)
            runs.saved = index.runs
            removeOtherRuns()
        } catch {
            report(.indexUnsaved(reason: error.description))
        }
    }

    /// Removes the runs that neither the index nor the saved one names. While one is being written
    /// nobody can tell it from them.
    private func removeOtherRuns() {
        guard !runs.isMerging else { return }
        do {
            try runs.keeper.removeAll(except: runs.saved + index.runs)
        } catch {
            report(.indexUnsaved(reason: error.description))
        }
    }

    /// The index is put away for the next start.
    func endIndex() {
        saveIndex()
        do {
            try runs.keeper.endUse()
        } catch {
            report(.indexUnsaved(reason: error.description))
        }
    }

    // MARK: Runs

    /// Makes runs of what was learnt, and few of many, while nothing else is done.
    private func settleIndex() {
        keepMappedSmall()
        guard index.isHeadFull(headMax: runs.headMax) else { return }
        makeRun()
        do {
            try runs.keeper.mergeAll(of: &index)
        } catch {
            report(.indexUnsaved(reason: "\(error)"))
        }
        removeOtherRuns()
    }

    /// A disk that takes no run is asked again when twice as much is in memory.
    private func makeRun() {
        do {
            try runs.keeper.makeRun(of: &index)
            runs.headMax = runs.keeper.headMax
        } catch {
            runs.headMax = 2 * max(index.headWeight, runs.headMax)
            report(.indexUnsaved(reason: "\(error)"))
        }
    }

    /// Gives back what mapped files take of memory, when that is much. Called after each use of the
    /// index.
    func keepMappedSmall() {
        guard runs.mapped.areTooMuch() else { return }
        RunKeeper.giveBack(index.runs)
        store?.giveBackMapped()
    }

    /// Makes a run of the head when that is full, and begins to merge runs when they are many.
    /// Called when all that the index knows is durable.
    func keepIndexSmall() {
        if index.isHeadFull(headMax: runs.headMax) {
            makeRun()
            saveIndex()
            beginMerge()
        } else if runs.isSavePending {
            saveIndex()
        }
    }

    private func beginMerge() {
        let old = index.nextMerge
        guard !old.isEmpty, !runs.isMerging else { return }
        runs.isMerging = true
        let (keeper, options, generation) = (runs.keeper, index.options, runs.generation)
        let forgotten = index.forgottenNumbers
        runs.queue.async { [self] in
            let merged = Result {
                try keeper.merge(old, options: options, forgotten: forgotten)
            }
            queue.async { self.assumeIsolated { $0.endMerge(of: old, merged, generation) } }
        }
    }

    /// Returns when no runs are being merged.
    package func whenMerged() async {
        guard runs.isMerging else { return }
        await withCheckedContinuation { runs.waiting.append($0) }
    }

    private func endMerge(
        of old: [Run], _ merged: Result<Run, any Error>, _ generation: Int
    ) {
        runs.isMerging = false
        if generation == runs.generation, isOpen { take(merged, of: old) }
        guard !runs.isMerging else { return }
        for waiter in runs.waiting { waiter.resume() }
        runs.waiting = []
    }

    private func take(_ merged: Result<Run, any Error>, of old: [Run]) {
        switch merged {
        case .success(let run):
            index.replaceRuns(old, by: run)
            if isAllDurable { saveIndex() } else { runs.isSavePending = true }
            beginMerge()
        case .failure(let damage as RunDamage):
            // Nobody knows which verdicts it would spoil.
            do {
                try rebuildIndex(because: damage.description)
            } catch {
                _ = fail(error)
            }
        case .failure(let error):
            report(.indexUnsaved(reason: "\(error)"))
        }
    }
}
