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
    /// The daemon comes to its end, and begins no more.
    var isStopped = false
    /// What was told last is that something is left.
    var isTold = false
    /// What is to be done, of the round that runs or of one that failed.
    var remains: Remains?
    /// What was found for a round before this one is of no use.
    var round = 0
    /// Rings when the next step is due.
    var next: QueueTimer?
    var retry: QueueTimer?
    /// Who waits until nothing is being erased.
    var waiting: [CheckedContinuation<Void, Never>] = []

    /// After a disk that could not.
    static let retryInterval = Duration.seconds(600)
    /// Between two steps, however long the first took.
    static let pauseMax = Duration.seconds(30)
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
            // Only where what was decided meanwhile went with it does the index know more.
            throw store.lastSeq < before ? fail(error) : LedgerError(error)
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
    /// queue of its own; then each segment is written anew in a hop of this one, for which whatever
    /// comes meanwhile waits. Between two such hops as much time is left to others as the first
    /// took, at most `pauseMax`.
    func beginErasing() {
        guard !erasing.isRunning, isOpen, let ids = store?.unerased else { return }
        guard !ids.isEmpty else {
            if erasing.isTold { tell(.erased(articles: 0, left: 0)) }
            return
        }
        guard !erasing.isStopped else { return endErasing(failing: Self.stopping) }
        erasing.isRunning = true
        erasing.round += 1
        if let remains = erasing.remains, remains.ids.isSubset(of: ids) {
            tell(.erasing(articles: ids.count, segmentsLeft: remains.segmentsLeft))
            return eraseSoon(after: .zero)
        }
        tell(.erasing(articles: ids.count, segmentsLeft: nil))
        erasing.queue.async { [self, path, round = erasing.round] in
            let found = Result { try StoreReader(at: path).remains(of: ids) }
            queue.async { self.assumeIsolated { $0.erase(found, round) } }
        }
    }

    /// Begins no further step: what is left goes on when the store is opened the next time.
    package func stopErasing() {
        erasing.isStopped = true
        if erasing.isRunning { endErasing(failing: Self.stopping) }
    }

    private static let stopping = "the daemon stops, and goes on when it is started again"

    /// Returns when nothing is being erased.
    package func whenErased() async {
        guard erasing.isRunning else { return }
        await withCheckedContinuation { erasing.waiting.append($0) }
    }

    private func erase(_ found: Result<Remains, any Error>, _ round: Int) {
        guard erasing.isRunning, round == erasing.round else { return }
        switch found {
        case .success(let remains):
            erasing.remains = remains
            eraseNext()
        case .failure(let error): endErasing(failing: "\(error)")
        }
    }

    private func eraseSoon(after pause: Duration) {
        erasing.next = erasing.next ?? QueueTimer(of: self) { $0.eraseNext() }
        erasing.next?.arm(after: pause)
    }

    private func eraseNext() {
        guard erasing.isRunning, let store, var remains = erasing.remains else { return }
        // The sync is on its way.
        guard isAllDurable else { return eraseSoon(after: .zero) }
        let stopwatch = Stopwatch()
        do throws(StoreError) {
            let isMore = try store.erase(&remains)
            passOnNotices()
            erasing.remains = isMore ? remains : nil
            let left = store.unerased.count
            if isMore {
                tell(.erasing(articles: left, segmentsLeft: remains.segmentsLeft))
                return eraseSoon(after: min(stopwatch.elapsed, ErasingStanding.pauseMax))
            }
            tell(.erased(articles: remains.ids.count, left: left))
            endErasing()
            beginErasing()
        } catch {
            erasing.remains = remains
            endErasing(failing: error.description)
        }
    }

    /// Ends the round, if one runs: because it is done, the store is closed, or for a reason that
    /// is told, after which it is tried again.
    func endErasing(failing reason: String? = nil) {
        erasing.isRunning = false
        erasing.next?.disarm()
        if let reason {
            let articles = store?.unerased.count ?? erasing.remains?.ids.count ?? 0
            tell(.unerased(articles: articles, reason: reason))
            erasing.retry = erasing.retry ?? QueueTimer(of: self) { $0.beginErasing() }
            erasing.retry?.arm(after: ErasingStanding.retryInterval)
        }
        let waiters = erasing.waiting
        erasing.waiting = []
        for waiter in waiters { waiter.resume() }
    }

    private func tell(_ event: IngestionEvent) {
        if case .erased(_, left: 0) = event {
            erasing.isTold = false
        } else {
            erasing.isTold = true
        }
        report(event)
    }
}
