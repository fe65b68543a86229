import ArticleStore
import Dispatch
import Glibc
import Ingestion
import Isolation
import News
import Synchronization
import Testing

/// What a person took out does not come back, by whatever name.
@Suite struct LedgerForgettingTests {
    private static func forget(_ number: Int, in scene: LedgerScene) async throws -> Forgetting {
        let record = try scene.folder.records().first {
            $0.articleAndVerdict?.article.title == Samples.title(number)
        }
        let id = try #require(record?.articleAndVerdict?.article.id)
        return try await scene.ledger.forget(id, because: "asked for", at: Samples.noon)
    }

    private static func forget(
        _ tombstone: Record, in scene: LedgerScene
    ) async throws -> Forgetting {
        guard case .tombstone(let told) = tombstone.body else { return .notHeld }
        return try await scene.ledger.forget(told.id, because: nil, at: Samples.noon)
    }

    private static func standings(
        _ entries: [Entry], in scene: LedgerScene, feed: String = "paper"
    ) async throws -> [EntryStanding] {
        await scene.ledger.standings(
            of: NamedEntry.all(of: entries, in: try Samples.feedID(feed), trustingIDs: true))
    }

    private static func check(_ scene: LedgerScene) async throws {
        let changed = Samples.entry(1, change: " again")
        #expect(
            try await standings([Samples.entry(1), changed, Samples.entry(2)], in: scene)
                == [.known, .known, .known])
        #expect(
            try await standings([Samples.entry(1, id: "other")], in: scene, feed: "other")
                == [.known], "its address is not fetched for another feed")
        // A page that turns out to be it.
        let back = try await scene.commit(Samples.article(1, entry: changed))
        #expect(back.map(\.outcome) == ["rejected"])
        guard case .rejection(let rejected)? = back.first?.body else {
            Issue.record("\(back)")
            return
        }
        #expect(rejected.reason == .forgotten)
        #expect(rejected.title.isEmpty && rejected.url == nil)
        #expect(try await scene.commit(Samples.article(1, entry: changed)).isEmpty, "once")
    }

    @Test(arguments: [DuplicateIndexKept.kept, .rebuilt])
    func itDoesNotComeBack(index: DuplicateIndexKept) async throws {
        let scene = LedgerScene(try TemporaryFolder(), indexHeadMax: 2)
        try await scene.open()
        for number in 1...5 { try await scene.commit(Samples.article(number)) }
        guard case .forgotten(let record, isErased: false) = try await Self.forget(1, in: scene)
        else {
            Issue.record("not forgotten")
            return
        }
        #expect(scene.journal.decided.last == record)
        await scene.ledger.whenErased()
        #expect(
            try await Self.forget(record, in: scene) == .forgotten(record, isErased: true), "twice")
        #expect(try scene.folder.records().last == record)
        try await Self.check(scene)
        await scene.ledger.whenMerged()
        await scene.ledger.close()
        if index == .rebuilt { try scene.folder.remove("state/index/duplicates") }
        let next = LedgerScene(scene.folder, indexHeadMax: 2)
        try await next.open()
        #expect(next.rebuilds == (index == .rebuilt ? 1 : 0))
        #expect(
            try await Self.standings([Samples.entry(1), Samples.entry(3)], in: next)
                == [.known, .known])
        let copies = try await next.commit(
            Samples.article(100, text: Samples.paragraphs(1)),
            Samples.article(101, text: Samples.paragraphs(2)))
        #expect(copies.map(\.outcome) == ["new", "duplicate"], "a copy elsewhere is its own")
        #expect(copies.first?.verdict?.of == nil)
    }

    enum DuplicateIndexKept { case kept, rebuilt }

    /// Where every entry of a feed stands at one address, that and the id made of it are nobody's:
    /// the others of the feed are kept and revised as before, and none gets a forgotten id.
    @Test(arguments: 1...3) func onesThatShareItsAddressStay(number: Int) async throws {
        let scene = try NewsScene()
        let link = try scene.press.url("/live").description
        func publish(_ numbers: [Int], revised: Int? = nil) {
            scene.press.publish(
                numbers.map { number in
                    var item = PressItem.full(number)
                    item.link = link
                    if number == revised { item.description += "<p>And a word more.</p>" }
                    return item
                })
        }
        publish([1, 2, 3])
        try await scene.prepare()
        try await scene.poll()
        func articles() throws -> [Article] { try scene.records.compactMap(\.article) }
        func kept(_ number: Int) throws -> Article? {
            try articles().last { $0.title == Samples.title(number) }
        }
        #expect(try articles().count == 3)
        let gone = try #require(try kept(number)?.id)
        _ = try await scene.ingestor.forget(gone, because: nil)
        let other = number % 3 + 1
        publish([1, 2, 3, 4], revised: other)
        try await scene.poll()
        let later = try scene.records.filter { $0.seq > 4 }
        #expect(later.count == 2 && later.allSatisfy { $0.article != nil }, "\(later)")
        #expect(try kept(4) != nil && kept(other)?.text.hasSuffix("And a word more.") == true)
        publish([1, 2, 3, 4], revised: number)
        try await scene.poll()
        #expect(try kept(number) == nil, "its own words stay out")
        #expect(try !articles().contains { $0.id == gone }, "no other has its id")
    }

    /// A copy that came between the last saving of the index and the forgetting is its heir all
    /// the same.
    @Test func whatAStartLearnsOfItIsFound() async throws {
        let scene = LedgerScene(try TemporaryFolder())
        try await scene.open()
        let words = Samples.paragraphs(1, count: 12)
        func copy(_ place: Int) -> [String] {
            var words = words
            words[place] = words[place].replacing("many", with: "several", maxReplacements: 1)
            return words
        }
        try await scene.commit(Samples.article(1, text: words))
        let next = try await scene.reopened()
        let second = try await next.commit(Samples.article(2, text: copy(3)))
        #expect(second.map(\.outcome) == ["nearDuplicate"])
        _ = try await Self.forget(1, in: next)
        next.faults.set(.init(kinds: [.rename], isLasting: true, errno: ENOSPC))
        let last = try await next.reopened()
        #expect(last.rebuilds == 0)
        let third = try await last.commit(Samples.article(3, text: copy(9)))
        #expect(third.first?.verdict?.of?.id == second.first?.article?.id)
    }

    /// It is answered at once; while the disk cannot be rid of it decisions go on, and it is tried
    /// again when asked, or when the store is opened.
    @Test(arguments: [true, false]) func erasingIsTriedAgain(byAsking: Bool) async throws {
        let scene = LedgerScene(try TemporaryFolder())
        try await scene.open()
        for number in 1...3 { try await scene.commit(Samples.article(number)) }
        // The first is of the list of what is not erased yet.
        scene.faults.set(.init(kinds: [.rename], index: 1, isLasting: true, errno: ENOSPC))
        guard case .forgotten(let record, isErased: false) = try await Self.forget(1, in: scene)
        else {
            Issue.record("not forgotten")
            return
        }
        await scene.ledger.whenErased()
        let problems = scene.journal.events.compactMap { event -> Int? in
            if case .unerased(let articles, _) = event { articles } else { nil }
        }
        #expect(problems == [1])
        try await scene.commit(Samples.article(4))
        #expect(await scene.ledger.problem == nil)
        scene.faults.set(nil)
        var last = scene
        if byAsking {
            _ = try await Self.forget(record, in: scene)
        } else {
            last = try await scene.reopened()
        }
        await last.ledger.whenErased()
        #expect(
            last.journal.events.contains {
                if case .erased(articles: 1, left: 0) = $0 { true } else { false }
            })
        #expect(
            try await Self.forget(record, in: last) == .forgotten(record, isErased: true))
        let left = try last.folder.records().compactMap(\.articleAndVerdict?.article.title)
        #expect(left == [2, 3, 4].map(Samples.title))
    }

    /// Three articles, a segment each, which are forgotten and not erased. `between` is called in
    /// the first step of erasing them, and what it queues comes before the second.
    private static func steps(
        between: @escaping @Sendable (LedgerScene) -> Void
    ) async throws -> (LedgerScene, written: @Sendable () -> Int) {
        let folder = try TemporaryFolder()
        let before = LedgerScene(folder) { $0.segmentBytesMax = 10 }
        try await before.open()
        var ids: [ArticleID] = []
        for number in 1...3 {
            ids += try await before.commit(Samples.article(number)).compactMap(\.article?.id)
        }
        await before.ledger.close()
        let store = try ArticleStore(opening: folder.store, now: Samples.noon)
        for id in ids { _ = try store.forget(id, because: nil, at: Samples.noon) }
        store.close()
        let written = Mutex(0)
        let first = Mutex<LedgerScene?>(nil)
        let scene = LedgerScene(folder) { options in
            options.segmentBytesMax = 10
            let real = options.calls.rename
            options.calls.rename = { from, to in
                if to.hasSuffix(".jsonl") {
                    written.withLock { $0 += 1 }
                    first.take().map(between)
                }
                return real(from, to)
            }
        }
        first.withLock { $0 = scene }
        try await scene.open()
        return (scene, { written.withLock { $0 } })
    }

    /// What was last told of erasing.
    private static func standing(_ scene: LedgerScene) -> IngestionEvent? {
        scene.journal.events.last { event in
            switch event {
            case .erasing, .erased, .unerased: true
            default: false
            }
        }
    }

    /// A stop waits for the step that is under way, and for no other.
    @Test func aStopEndsErasing() async throws {
        let (scene, written) = try await Self.steps { scene in
            scene.ledger.queue.async { scene.ledger.assumeIsolated { $0.stopErasing() } }
        }
        await scene.ledger.whenErased()
        guard case .unerased(articles: 3, let reason)? = Self.standing(scene) else {
            Issue.record("\(scene.journal.events)")
            return
        }
        #expect(written() == 1 && reason.contains("stops"))
        await scene.ledger.close()
        // Somebody else ends it meanwhile.
        let store = try ArticleStore(opening: scene.folder.store, now: Samples.noon)
        try store.eraseAll()
        store.close()
        try await scene.open()
        guard case .erased(articles: 0, left: 0)? = Self.standing(scene) else {
            Issue.record("\(scene.journal.events)")
            return
        }
        #expect(written() == 1)
    }

    /// Where the store fails between two steps it is told why nothing is being erased, until the
    /// store is had again.
    @Test func aStoreThatFailsMeanwhileIsToldOf() async throws {
        let (scene, written) = try await Self.steps { scene in
            scene.faults.set(.init(kinds: [.write], isLasting: true, errno: ENOSPC))
            scene.ledger.assumeIsolated { ledger in
                _ = ledger.begin { try await $0.commit([Samples.article(4)], at: Samples.noon) }
            }
        }
        await scene.ledger.whenErased()
        #expect(await scene.ledger.problem != nil)
        guard case .unerased(articles: 3, let reason)? = Self.standing(scene) else {
            Issue.record("\(scene.journal.events)")
            return
        }
        #expect(written() == 1 && reason.hasPrefix("no room"))
        scene.faults.set(nil)
        try await scene.ledger.recover(at: Samples.noon)
        await scene.ledger.whenErased()
        guard case .erased(articles: 3, left: 0)? = Self.standing(scene) else {
            Issue.record("\(scene.journal.events)")
            return
        }
        #expect(written() == 3)
    }

    /// A tombstone that cannot be read costs the question alone, whatever is decided meanwhile.
    @Test func questionThatFailsStopsNothing() async throws {
        let during = Mutex<(@Sendable () -> Void)?>(nil)
        let scene = LedgerScene(try TemporaryFolder()) { options in
            let real = options.calls.syncData
            options.calls.syncData = { descriptor in
                during.take()?()
                return real(descriptor)
            }
        }
        try await scene.open()
        for number in 1...2 { try await scene.commit(Samples.article(number)) }
        guard case .forgotten(let record, _) = try await Self.forget(1, in: scene),
            case .tombstone(let tombstone) = record.body
        else {
            Issue.record("not forgotten")
            return
        }
        await scene.ledger.whenErased()
        // While the third is synced, which the question waits for, the fourth comes.
        let fourth = Mutex<Task<[Record], any Error>?>(nil)
        during.withLock {
            $0 = {
                scene.ledger.assumeIsolated { ledger in
                    let task = ledger.begin {
                        try await $0.commit([Samples.article(4)], at: Samples.noon)
                    }
                    fourth.withLock { $0 = task }
                }
                scene.faults.set(.init(kinds: [.open], isLasting: true, errno: EIO))
            }
        }
        let (question, third) = await scene.ledger.beginBoth(
            { try await $0.forget(tombstone.id, because: nil, at: Samples.noon) },
            { try await $0.commit([Samples.article(3)], at: Samples.noon) })
        await #expect(throws: LedgerError.self) { try await question.value }
        #expect(try await third.value.count == 1)
        #expect(try await fourth.take()?.value.count == 1)
        #expect(scene.faults.hits > 0)
        #expect(await scene.ledger.problem == nil)
    }

    /// A disk that has no room for the wish costs the wish alone.
    @Test(arguments: [Faults.Kind.rename, .write, .syncData])
    func wishThatFailsStopsNothing(kind: Faults.Kind) async throws {
        let scene = LedgerScene(try TemporaryFolder())
        try await scene.open()
        for number in 1...2 { try await scene.commit(Samples.article(number)) }
        scene.faults.set(.init(kinds: [kind], isLasting: true, errno: ENOSPC))
        await #expect(throws: LedgerError.self) { try await Self.forget(1, in: scene) }
        scene.faults.set(nil)
        #expect(await scene.ledger.problem == nil)
        let copy = try await scene.commit(Samples.article(3, text: Samples.paragraphs(1)))
        #expect(copy.map(\.outcome) == ["duplicate"], "it is held still")
        guard case .forgotten = try await Self.forget(1, in: scene) else {
            Issue.record("not forgotten")
            return
        }
        await scene.ledger.whenErased()
        #expect(try scene.folder.records().filter { $0.articleAndVerdict != nil }.count == 1)
    }

    @Test func seedsAndStrangersAreNotForgotten() async throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "Title\n\n" + Samples.paragraphs(50).joined(separator: "\n\n"), "seeds/a.txt")
        let scene = LedgerScene(folder)
        try await scene.open(seeds: ["\(folder.path)/seeds"])
        let copy = try await scene.commit(Samples.article(1, text: Samples.paragraphs(50)))
        let seed = try #require(copy.first?.verdict?.of)
        #expect(seed.origin.isSeed)
        for (id, expected) in [(seed.id, Forgetting.seed), (ArticleID(Digest(of: [1])), .notHeld)] {
            let answer = try await scene.ledger.forget(
                id, because: nil, at: Samples.noon)
            #expect(answer == expected)
        }
        #expect(try folder.records().count == 1)
    }
}

extension Ledger {
    /// Queues work: it begins in a hop of its own, after what is queued already.
    fileprivate func begin<Value: Sendable>(
        _ work: @escaping @Sendable (isolated Ledger) async throws -> Value
    ) -> Task<Value, any Error> {
        Task { try await work(self) }
    }

    fileprivate func beginBoth<One: Sendable, Other: Sendable>(
        _ one: @escaping @Sendable (isolated Ledger) async throws -> One,
        _ other: @escaping @Sendable (isolated Ledger) async throws -> Other
    ) -> (Task<One, any Error>, Task<Other, any Error>) {
        (begin(one), begin(other))
    }
}

extension Mutex {
    /// What is in it, which is nothing then.
    fileprivate borrowing func take<Wrapped: Sendable>() -> Wrapped? where Value == Wrapped? {
        withLock { value in
            defer { value = nil }
            return value
        }
    }
}
