internal import ArticleStore
internal import Deduplication
internal import Dispatch
package import Isolation
package import News

/// Decides and commits: the one owner of the duplicate index and the article store.
///
/// Invariants:
/// 1. Verdict, append and index insert happen in that order, in one hop on this queue: two copies
///    in flight cannot both be new.
/// 2. A record is acknowledged only after `sync` returned: what `commit` gives back is durable.
/// 3. After a failed append or sync the index may know what the disk has not: nothing more is
///    decided until `recover` has opened the store anew and put the index right.
/// 4. The index is derived: missing, damaged or made under other options or seeds, it is rebuilt.
/// 5. Committing twice is committing once: an entry whose decision is on disk is not decided again
///    while it says the same.
package actor Ledger: QueueActor {
    package nonisolated let executor: QueueExecutor

    let path: String
    let options: LedgerOptions
    let report: @Sendable (IngestionEvent) -> Void
    private(set) var store: ArticleStore?
    let requests: RequestLog
    /// Files of politeness whose last writing failed.
    var unwritten: Set<PolitenessFile> = []
    var templates = TemplateBook()
    var index: DuplicateIndex
    var runs: RunStanding
    var erasing = ErasingStanding()
    var seeds: SeedMemory?
    var seedKey = Digest(kind: "seeds")
    private var standing = Standing.closed
    private var waiting: [CheckedContinuation<Result<Void, LedgerError>, Never>] = []
    private var isFlushQueued = false
    /// The last record that was reported as decided.
    private var reportedSeq: UInt64 = 0

    private enum Standing {
        case closed, open
        case unavailable(LedgerError)
    }

    package init(
        path: String, options: LedgerOptions,
        executor: QueueExecutor = QueueExecutor(label: "tamis.ledger"),
        report: @escaping @Sendable (IngestionEvent) -> Void
    ) {
        self.path = path
        self.options = options
        self.executor = executor
        self.report = report
        index = DuplicateIndex(options: options.decisions)
        runs = RunStanding(
            RunKeeper(ofStore: path, calls: options.store.calls, headMax: options.indexHeadMax),
            mappedBytesMax: options.mappedBytesMax)
        requests = RequestLog(
            at: path, bytesMax: options.requestBytesMax, calls: options.store.calls)
    }

    // MARK: - Opening and closing

    /// Opens the store, recovers what a crash left, reads the seed corpus where it changed, and
    /// brings the index up to both. Cost: that of opening the store; with a good index and
    /// unchanged seeds on disk, no document is read and no fingerprint is computed anew.
    package func open(
        seeds options: SeedOptions, at now: Instant
    ) throws(LedgerError) -> Board.SeedStanding {
        try openStore(at: now)
        do {
            let standing = try loadSeeds(options, at: now)
            try loadIndex()
            loadTemplates()
            reportedSeq = store?.lastSeq ?? 0
            self.standing = .open
            erasing.isStopped = false
            beginErasing()
            return standing
        } catch {
            store?.close()
            store = nil
            throw LedgerError(error)
        }
    }

    private func openStore(at now: Instant) throws(LedgerError) {
        let opened: ArticleStore
        do {
            opened = try ArticleStore(opening: path, options: options.store, now: now)
        } catch {
            throw LedgerError(error)
        }
        if !opened.recovery.sentences.isEmpty {
            report(.recovered(sentences: opened.recovery.sentences))
        }
        store = opened
        erasing.remains = nil
    }

    /// Saves the index, closes the store and gives up its lock.
    package func close() {
        flush()
        endErasing()
        if case .open = standing {
            endIndex()
            saveTemplates()
        }
        store?.close()
        store = nil
        standing = .closed
    }

    /// Tries to get a store back that failed: opens it anew, which repairs its tail, and rebuilds
    /// the index from it.
    /// - Throws: why the store is still not to be had.
    package func recover(at now: Instant) throws(LedgerError) {
        guard case .unavailable = standing else { return }
        store?.close()
        store = nil
        try openStore(at: now)
        do {
            try store?.probe()
            try rebuildIndex(because: "the store failed and was opened anew")
            // What reached the disk and was acknowledged to nobody is not decided again.
            try StoreReader(at: path).forEachRecord(after: reportedSeq) { record in
                tell(of: record)
                return true
            }
        } catch {
            throw LedgerError(error)
        }
        standing = .open
        beginErasing()
    }

    // MARK: - Asking

    /// What is known of each entry of a feed document by its own name or address, in their order.
    package func standings(of entries: [NamedEntry]) -> [EntryStanding] {
        entries.map { named in
            defer { keepMappedSmall() }
            let digest = named.entry.digest
            if let known = index.known(named.name.alias) {
                if let article = known.article, index.isForgotten(article) { return .known }
                if known.entry == nil || known.entry == EntryMark(of: digest) { return .known }
                // One that gave no article before has none that could have been revised.
                return known.article == nil ? .unseen : .changed
            }
            if named.name.rule == .words { return .nameless }
            if named.isAloneAtAddress,
                let article = named.address.flatMap({ index.known($0)?.article })
            {
                return index.isForgotten(article) ? .known : .knownByAddress(article)
            }
            return .unseen
        }
    }

    /// Whether the feed brought these entries before, under other names: nil for each that it did
    /// not. One whose address is held counts when this feed had brought what is held there. Cost:
    /// the text of each article that is held under the address.
    package func recognise(_ entries: [NamedEntry], in feed: FeedID) -> [EntryStanding?] {
        entries.map { named in
            for name in named.otherNames {
                if let article = index.known(name.alias)?.article {
                    if index.isForgotten(article) { return .known }
                    return .renamed(article, by: name.recognition)
                }
            }
            guard named.isAloneAtAddress,
                let article = named.address.flatMap({ index.known($0)?.article }),
                let store, text(of: article, in: store)?.origin.feed == feed
            else { return nil }
            return .renamed(article, by: .address)
        }
    }

    /// Why nothing can be committed; nil while all is well.
    package var problem: LedgerError? {
        if case .unavailable(let error) = standing { error } else { nil }
    }

    /// The place of the last record.
    package var lastSeq: UInt64 { store?.lastSeq ?? 0 }

    /// What is remembered of each feed.
    package func feedStates() -> [FeedState] { store?.feedStates() ?? [] }

    // MARK: - Deciding and committing

    /// Decides about everything handed in, writes it down and returns when it is durable.
    /// All or nothing reaches the caller; what reached the disk before an error is found again by
    /// its identity.
    package func commit(
        _ submissions: [Submission], at now: Instant
    ) async throws(LedgerError) -> [Record] {
        guard !submissions.isEmpty else { return [] }
        let records = try decideAndAppend(submissions, at: now)
        try await durable()
        for record in records { tell(of: record) }
        return records
    }

    func tell(of record: Record) {
        reportedSeq = max(reportedSeq, record.seq)
        report(.decided(record))
    }

    /// One hop: no suspension between a verdict and the insert that makes it count.
    private func decideAndAppend(
        _ submissions: [Submission], at now: Instant
    ) throws(LedgerError) -> [Record] {
        let store = try openedStore()
        var records: [Record] = []
        for submission in submissions {
            defer { keepMappedSmall() }
            guard let (body, fingerprint) = decide(submission, store: store) else { continue }
            do throws(StoreError) {
                for record in try append(body, of: submission, to: store, at: now) {
                    index.insert(record, fingerprint: fingerprint)
                    records.append(record)
                }
            } catch {
                throw fail(error)
            }
        }
        return records
    }

    /// A record that is too large is the article's fault, not the store's: its refusal is written
    /// in its place.
    private func append(
        _ body: Record.Body, of submission: Submission, to store: ArticleStore, at now: Instant
    ) throws(StoreError) -> [Record] {
        do throws(StoreError) {
            return try store.append([body], at: now)
        } catch {
            guard let (bytes, bytesMax) = error.exceeded,
                let refused = submission.refused(
                    because: .tooLong(bytes: bytes, bytesMax: bytesMax))
            else { throw error }
            return try store.append([.rejection(refused)], at: now)
        }
    }

    /// The record that a submission becomes; nil when it is there already.
    private func decide(
        _ submission: Submission, store: ArticleStore
    ) -> (Record.Body, Fingerprint?)? {
        switch submission {
        case .rejection(let rejected):
            let isKnown = isDecided(rejected.aliases.first, rejected.entryDigest)
            return isKnown ? nil : (.rejection(rejected), nil)
        case .sighting(let candidate, let of, let recognition):
            guard !isDecided(candidate.aliases.first, candidate.entryDigest),
                let held = text(of: of, in: store)
            else { return nil }
            return (.sighting(Sighting(of: candidate, held: held, by: recognition)), nil)
        case .article(var article, let fingerprint, let isAloneAtAddress):
            guard !isDecided(article.aliases.first, article.entryDigest) else { return nil }
            if isForgotten(article, isAloneAtAddress: isAloneAtAddress) {
                return submission.refused(because: .forgotten).map { (.rejection($0), nil) }
            }
            let verdict = index.verdict(
                on: article, fingerprint, earlier: { self.earlierTexts(of: $0, in: store) },
                text: { self.text(of: $0, in: store) })
            switch verdict.kind {
            case .duplicate:
                var sighting = Sighting(of: article, verdict: verdict)
                if let held = text(of: sighting.id, in: store) { sighting.noteName(before: held) }
                return (.sighting(sighting), nil)
            case .revision:
                if let of = verdict.of, !of.origin.isSeed { article.id = of.id }
                return (.revision(article, verdict), fingerprint)
            case .new, .nearDuplicate, .excerpt:
                article.id = article.identity {
                    index.isForgotten($0) || text(of: $0, in: store) != nil
                }
                return (.article(article, verdict), fingerprint)
            }
        }
    }

    /// Whether the entry of that name, with these words, has a record. Only its own name counts:
    /// its address leads to the entries of other feeds too.
    private func isDecided(_ alias: Alias?, _ entryDigest: Digest?) -> Bool {
        guard let alias, let entryDigest, let known = index.known(alias) else { return false }
        return known.entry == EntryMark(of: entryDigest)
    }

    func text(of id: ArticleID, in store: ArticleStore) -> Article? {
        store.article(id)?.article ?? seeds?.article(id)
    }

    /// The texts before the one that `text` gives.
    func earlierTexts(of id: ArticleID, in store: ArticleStore) -> [Article] {
        guard store.holds(id) else { return [] }
        return store.earlierTexts(of: id) + (seeds?.article(id).map { [$0] } ?? [])
    }

    // MARK: - Durability

    /// Returns when everything appended so far is on disk. Callers that wait together share one
    /// sync: whatever is appended before the queue gets to it goes along.
    func durable() async throws(LedgerError) {
        let result = await withCheckedContinuation { continuation in
            waiting.append(continuation)
            if !isFlushQueued {
                isFlushQueued = true
                queue.async { [self] in assumeIsolated { $0.flush() } }
            }
        }
        try result.get()
    }

    private func flush() {
        isFlushQueued = false
        let waiters = waiting
        waiting = []
        guard !waiters.isEmpty else { return }
        var result: Result<Void, LedgerError> = .success(())
        do {
            _ = try openedStore().sync()
        } catch let error as StoreError {
            result = .failure(fail(error))
        } catch {
            result = .failure(error as? LedgerError ?? .closed)
        }
        passOnNotices()
        for waiter in waiters { waiter.resume(returning: result) }
        if case .success = result { keepIndexSmall() }
    }

    /// Whether articles are decided.
    var isOpen: Bool { if case .open = standing { true } else { false } }

    /// Whether nothing was appended since the last sync.
    var isAllDurable: Bool { !isFlushQueued }

    /// What the store mended by itself and told nobody.
    func passOnNotices() {
        guard let notices = store?.takeNotices(), !notices.isEmpty else { return }
        report(.recovered(sentences: notices))
    }

    /// Replaces a feed's state on disk: called after the articles of its answer are durable.
    /// A state that is too large is saved without the entries that wait, which are found again
    /// when the feed is read anew.
    package func save(_ state: FeedState) throws(LedgerError) {
        do {
            try openedStore().save(state)
        } catch StoreError.fileTooLarge where !state.pending.isEmpty {
            var smaller = state
            smaller.pending = []
            smaller.validators = Validators()
            smaller.bodyDigest = nil
            try save(smaller)
        } catch let error as StoreError {
            throw fail(error)
        } catch {
            throw error as? LedgerError ?? .closed
        }
    }

    /// Forgets the state of a feed that is configured no longer. Its articles stay.
    package func forget(_ id: FeedID) throws(LedgerError) {
        do {
            try openedStore().removeFeedState(id)
        } catch let error as StoreError {
            throw fail(error)
        } catch {
            throw error as? LedgerError ?? .closed
        }
    }

    /// Keeps a document that nobody could read, with the reason.
    package func quarantine(
        _ bytes: [UInt8], name: String, reason: String, at now: Instant
    ) {
        try? store?.quarantine(bytes, name: name, reason: reason, now: now)
    }

    func openedStore() throws(LedgerError) -> ArticleStore {
        switch standing {
        case .unavailable(let error): throw error
        case .closed: throw .closed
        case .open:
            guard let store else { throw .closed }
            return store
        }
    }

    func fail(_ error: StoreError) -> LedgerError {
        let error = LedgerError(error)
        standing = .unavailable(error)
        if erasing.isRunning { endErasing(failing: error.description) }
        return error
    }
}

// MARK: - Seeds

extension Ledger {
    /// Brings the memory of the seed corpus up to the files: unchanged ones are not opened.
    private func loadSeeds(
        _ options: SeedOptions, at now: Instant
    ) throws(StoreError) -> Board.SeedStanding {
        guard let store else { return Board.SeedStanding() }
        let reader = SeedReader(options: options, now: now)
        let memory = store.seedMemory(reader: reader.name)
        let scan = scanSeeds(at: options.paths, limits: options.limits)
        var standing = Board.SeedStanding(of: scan, options)
        var fromMemory = scan.files.count
        if memory.isUpToDate(with: scan.files) {
            for file in scan.files {
                standing.problems += memory.problems(of: file).map {
                    .init(path: file.path, reason: $0)
                }
            }
        } else {
            fromMemory = try reader.rewrite(memory, scan.files, &standing)
        }
        seeds = memory
        seedKey = Digest(kind: "seeds", reader.name, scan.files.map(\.mark).joined(separator: "\n"))
        standing.documents = memory.articlesCount
        standing.loaded = now
        report(
            .seedsLoaded(
                documents: standing.documents, files: scan.files.count, fromMemory: fromMemory))
        for problem in standing.problems {
            report(.seedProblem(problem.sentence))
        }
        return standing
    }
}
