import ArticleStore
import Glibc
import News
import Testing

/// Every system call fails once, or the process dies there; what was acknowledged is there once, in
/// order, and the store goes on by itself.
@Suite struct FaultTests {
    /// Six batches over two days and several segments, as a daemon would: what fails is tried
    /// again later, with the same articles.
    private struct Script {
        let faults = Faults()
        let folder: TemporaryFolder
        var acknowledged: [Record] = []
        var failures = 0

        init() throws { folder = try TemporaryFolder() }

        mutating func run(attempts: Int) throws {
            let options = StoreOptions(segmentBytesMax: 3000, calls: faults.calls)
            var opened: ArticleStore?
            for _ in 0..<attempts where opened == nil {
                do {
                    opened = try ArticleStore(
                        opening: folder.store, options: options, now: Samples.morning)
                } catch {
                    failures += 1
                }
            }
            guard let store = opened else { return }
            for batch in 0..<6 {
                let day = Samples.instant("2026-11-2\(2 + batch / 4)T08:00:00Z")
                let bodies = (0..<2).map { Samples.kept(batch * 2 + $0) }
                for _ in 0..<attempts {
                    do {
                        let records = try store.append(bodies, at: day)
                        let receipt = try store.sync()
                        #expect(receipt.lastSeq == records.last?.seq)
                        acknowledged += records
                        break
                    } catch {
                        failures += 1
                        #expect(store.lastSeq == store.durableSeq, "\(error)")
                    }
                }
            }
        }

        func check(_ sentence: Comment) throws {
            faults.set(nil)
            let store = try openQuickly(folder)
            #expect(store.recovery.damage.isEmpty, sentence)
            #expect(store.recovery.gaps.isEmpty, sentence)
            let found = try records(in: folder)
            let ids = Set(acknowledged.compactMap { $0.articleAndVerdict?.article.id })
            let kept = found.filter { record in
                record.articleAndVerdict.map { ids.contains($0.article.id) } ?? false
            }
            #expect(kept == acknowledged, sentence)
            #expect(found.map(\.seq) == Array(1..<(1 + UInt64(found.count))), sentence)
            let all = ids.allSatisfy { store.article($0) != nil }
            #expect(all, sentence)
            store.close()
            // What tables tell is what reading the segments tells.
            let told = try Picture(folder)
            try folder.remove("state/index/texts")
            #expect(try Picture(folder) == told, sentence)
        }
    }

    private func callsOfAnUndisturbedRun(_ kinds: Set<Faults.Kind>) throws -> Int {
        var script = try Script()
        script.faults.set(Faults.Plan(index: .max, kinds: kinds, errno: EIO))
        try script.run(attempts: 1)
        #expect(script.acknowledged.count == 12)
        let count = script.faults.count
        try script.check("undisturbed")
        return count
    }

    @Test(arguments: [EIO, ENOSPC, EDQUOT, EROFS, EMFILE])
    func anyCallMayFailOnceAndTheStoreGoesOn(errno: Int32) throws {
        let all = Set(Faults.Kind.allCases)
        for index in 0..<(try callsOfAnUndisturbedRun(all)) {
            var script = try Script()
            script.faults.set(Faults.Plan(index: index, errno: errno, isTorn: true))
            try script.run(attempts: 3)
            #expect(script.acknowledged.count == 12, "call \(index)")
            try script.check("call \(index), errno \(errno)")
        }
    }

    @Test(arguments: [false, true])
    func theProcessMayDieAtAnyCall(isTorn: Bool) throws {
        let all = Set(Faults.Kind.allCases)
        for index in 0..<(try callsOfAnUndisturbedRun(all)) {
            var script = try Script()
            script.faults.set(
                Faults.Plan(index: index, errno: EIO, isFinal: true, isTorn: isTorn))
            try script.run(attempts: 1)
            try script.check("dead at call \(index)")
        }
    }

    @Test func aShortWriteThatCannotBeCutBackIsMendedLater() throws {
        let folder = try TemporaryFolder()
        let faults = Faults()
        let options = StoreOptions(calls: faults.calls)
        let store = try ArticleStore(opening: folder.store, options: options, now: Samples.morning)
        let first = try store.append([Samples.kept(1)], at: Samples.morning)
        _ = try store.sync()
        let second = try store.append([Samples.kept(2)], at: Samples.morning)
        faults.set(Faults.Plan(kinds: [.write, .truncate], errno: ENOSPC, isTorn: true))
        #expect(throws: StoreError.full(path: "\(folder.path)/\(firstSegment)", errno: ENOSPC)) {
            try store.append([Samples.kept(3)], at: Samples.morning)
        }
        #expect(throws: StoreError.self) {
            try store.append([Samples.kept(3)], at: Samples.morning)
        }
        // A reader beside it sees whole records only.
        #expect(try records(in: folder) == first + second)
        faults.set(nil)
        let third = try store.append([Samples.kept(3)], at: Samples.morning)
        #expect(try store.sync() == Receipt(firstSeq: 2, lastSeq: 3))
        #expect(try records(in: folder) == first + second + third)
    }

    @Test func aFailedSyncIsFollowedByWritingAgainOnAnotherDescriptor() throws {
        let folder = try TemporaryFolder()
        let faults = Faults()
        let options = StoreOptions(calls: faults.calls)
        let store = try ArticleStore(opening: folder.store, options: options, now: Samples.morning)
        _ = try store.append([Samples.kept(1)], at: Samples.morning)
        faults.set(Faults.Plan(index: 0, kinds: [.syncData], errno: EIO))
        #expect(try store.sync().lastSeq == 1)
        let calls = faults.seen.filter { $0 != .read }
        #expect(calls == [.syncData, .open, .truncate, .write, .syncData])
        #expect(store.takeNotices().count == 1)
        #expect(store.takeNotices().isEmpty)
        #expect(try records(in: folder).count == 1)
    }

    @Test func whenWritingAgainFailsTooNothingUnacknowledgedStays() throws {
        let folder = try TemporaryFolder()
        let faults = Faults()
        let options = StoreOptions(calls: faults.calls)
        let store = try ArticleStore(opening: folder.store, options: options, now: Samples.morning)
        _ = try store.append([Samples.kept(1)], at: Samples.morning)
        _ = try store.sync()
        let revised = Samples.revised(1, text: "Other words that were never acknowledged.")
        _ = try store.append([revised, Samples.kept(2)], at: Samples.morning)
        faults.set(Faults.Plan(kinds: [.syncData], errno: EIO))
        #expect(throws: StoreError.self) { try store.sync() }
        #expect(store.lastSeq == 1)
        #expect(store.article(Samples.id(2)) == nil)
        #expect(store.article(Samples.id(1))?.article == Samples.article(1))
        faults.set(nil)
        #expect(try records(in: folder).count == 1)
        #expect(try store.append([Samples.kept(3)], at: Samples.morning).map(\.seq) == [2])
        #expect(try store.sync().lastSeq == 2)
        #expect(try records(in: folder).map(\.seq) == [1, 2])
    }

    @Test func aFullDiskWhileSavingStatesKeepsTheOldOnes() throws {
        let folder = try TemporaryFolder()
        let faults = Faults()
        let options = StoreOptions(calls: faults.calls)
        let store = try ArticleStore(opening: folder.store, options: options, now: Samples.morning)
        try store.save(try Samples.state("f"))
        try store.saveDerived([1, 2, 3], named: "index")
        faults.set(Faults.Plan(kinds: [.write], errno: ENOSPC, isTorn: true))
        #expect(throws: StoreError.self) { try store.save(try Samples.state("f", etag: "new")) }
        #expect(throws: StoreError.self) { try store.saveDerived([4], named: "index") }
        #expect(throws: StoreError.self) {
            try store.quarantine([1], name: "q", reason: "r", now: Samples.morning)
        }
        faults.set(nil)
        #expect(store.feedStates() == [try Samples.state("f")])
        #expect(store.derived(named: "index") == [1, 2, 3])
        #expect(try folder.snapshot().keys.allSatisfy { !$0.contains(".tmp-") })
    }

    /// The message says what to do.
    @Test(arguments: [
        (ENOSPC, "free some"), (EROFS, "read-only"), (EMFILE, "LimitNOFILE"), (EIO, "disk failed"),
        (EACCES, "owner and mode"),
    ])
    func anErrorSaysWhatToDo(errno: Int32, expected: String) throws {
        let folder = try TemporaryFolder()
        let faults = Faults()
        faults.set(Faults.Plan(kinds: [.open], errno: errno))
        let error = #expect(throws: StoreError.self) {
            try ArticleStore(
                opening: folder.store, options: StoreOptions(calls: faults.calls),
                now: Samples.morning)
        }
        #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
    }
}
