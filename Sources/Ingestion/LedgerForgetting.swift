internal import ArticleStore
internal import Deduplication
internal import Dispatch
internal import Isolation
package import News

/// What became of the wish to take an article out.
package enum Forgetting: Hashable, Sendable {
    /// It is durable. `isErased`: the text is gone from the disk, and not only from what is held.
    case forgotten(Record, isErased: Bool)
    /// The article is one of the seed corpus, which is not ours to change.
    case seed
    case notHeld
}

/// Where the ledger is with taking what was forgotten off the disk.
struct ErasingStanding {
    /// Reading the store takes a while, which nobody waits for.
    let queue = DispatchQueue(label: "tamis.erase", qos: .utility)
    var isRunning = false
    /// What a round left that failed.
    var remains: Remains?
    /// Of the store that is open: what was found in one before it is of no use.
    var generation = 0
    var retry: QueueTimer?
    /// Who waits until nothing is being erased.
    var waiting: [CheckedContinuation<Void, Never>] = []

    /// After a disk that could not.
    static let retryInterval = Duration.seconds(600)
}

extension Ledger {
    /// Takes an article out and returns when that is durable: then nobody is shown it, and it is
    /// compared with nothing. Its bytes are taken off the disk in the background; asked for again,
    /// what failed of that is tried again.
    package func forget(
        _ id: ArticleID, because reason: String?, at now: Instant
    ) async throws(LedgerError) -> Forgetting {
        let store = try openedStore()
        // What is appended already is decided, and may be revised texts of this article.
        try await durable()
        let before = store.lastSeq
        let record: Record?
        do throws(StoreError) {
            record = try store.forget(id, because: reason, at: now)
        } catch {
            // Nothing was decided that the disk has not, unless it was decided meanwhile.
            throw isAllDurable ? LedgerError(error) : fail(error)
        }
        guard let record else { return seeds?.article(id) == nil ? .notHeld : .seed }
        if record.seq > before {
            index.insert(record, fingerprint: nil)
            relistCopies(of: [id], in: store)
        }
        try await durable()
        if record.seq > before { tell(of: record) }
        beginErasing()
        return .forgotten(record, isErased: store.isErased(id))
    }

    /// Whether the article is one that was taken out: by any of its names, and by its address and
    /// the id that is made of it, unless others of its feed have those too.
    func isForgotten(_ article: Article, isAloneAtAddress: Bool) -> Bool {
        let address = article.canonicalURL.map { Alias(of: $0) }
        var names = Set(article.aliases)
        if isAloneAtAddress {
            if index.isForgotten(article.id) { return true }
            address.map { _ = names.insert($0) }
        } else {
            address.map { _ = names.remove($0) }
        }
        return names.contains { alias in
            index.known(alias)?.article.map { index.isForgotten($0) } ?? false
        }
    }

    // MARK: Erasing

    /// Begins to take what was forgotten off the disk, or goes on with it. The store is read on a
    /// queue of its own; then each segment is written anew in a hop of this one, so that decisions
    /// wait for one segment at most.
    func beginErasing() {
        guard !erasing.isRunning, isOpen, let store, !store.unerased.isEmpty else { return }
        erasing.isRunning = true
        let (ids, generation) = (store.unerased, erasing.generation)
        if let remains = erasing.remains, remains.ids.isSubset(of: ids) {
            report(.erasing(articles: ids.count, segmentsLeft: remains.segmentsLeft))
            return eraseSoon(remains, generation)
        }
        report(.erasing(articles: ids.count, segmentsLeft: nil))
        erasing.queue.async { [self, path] in
            let found = Result { try StoreReader(at: path).remains(of: ids) }
            queue.async { self.assumeIsolated { $0.erase(found, generation) } }
        }
    }

    /// Returns when nothing is being erased.
    package func whenErased() async {
        guard erasing.isRunning else { return }
        await withCheckedContinuation { erasing.waiting.append($0) }
    }

    private func erase(
        _ found: Result<Remains, any Error>, _ generation: Int
    ) {
        switch found {
        case .success(let remains): eraseNext(remains, generation)
        case .failure(let error): endErasing(failing: "\(error)")
        }
    }

    private func eraseSoon(_ remains: Remains, _ generation: Int) {
        queue.async { [self] in assumeIsolated { $0.eraseNext(remains, generation) } }
    }

    private func eraseNext(_ remains: Remains, _ generation: Int) {
        guard generation == erasing.generation, isOpen, let store else {
            // Another store may be open by now.
            endErasing()
            return beginErasing()
        }
        // The sync is on its way, and comes before the next hop.
        guard isAllDurable else { return eraseSoon(remains, generation) }
        var remains = remains
        do throws(StoreError) {
            let isMore = try store.erase(&remains)
            passOnNotices()
            if isMore {
                report(
                    .erasing(
                        articles: store.unerased.count, segmentsLeft: remains.segmentsLeft))
                return eraseSoon(remains, generation)
            }
            erasing.remains = nil
            report(.erased(articles: remains.ids.count, left: store.unerased.count))
            endErasing()
            beginErasing()
        } catch {
            erasing.remains = remains
            endErasing(failing: error.description)
        }
    }

    private func endErasing(failing reason: String? = nil) {
        erasing.isRunning = false
        if let reason {
            report(.unerased(articles: store?.unerased.count ?? 0, reason: reason))
            erasing.retry = erasing.retry ?? QueueTimer(of: self) { $0.beginErasing() }
            erasing.retry?.arm(after: ErasingStanding.retryInterval)
        }
        let waiters = erasing.waiting
        erasing.waiting = []
        for waiter in waiters { waiter.resume() }
    }
}
