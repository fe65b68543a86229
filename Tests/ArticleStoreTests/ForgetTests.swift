import ArticleStore
import Foundation
import Glibc
import News
import Testing

/// An article that is taken out leaves the disk, and nothing else does.
@Suite struct ForgetTests {
    private static let secret = "The widow of the third keeper asked not to be named"

    /// Articles 0…11 in segments of one batch; number 3 is what will be taken out: it has eight
    /// texts, a sighting and a mark, all over the store.
    private static func makeStore(_ folder: TemporaryFolder) throws {
        let store = try openQuickly(folder, segmentBytesMax: 10)
        defer { store.close() }
        for number in 0..<12 {
            var bodies = [Samples.kept(number, text: number == 3 ? "\(secret)." : nil)]
            // One segment has a sighting of it, and no text.
            if number > 3, number != 8 {
                bodies.append(Samples.revised(3, text: "\(secret), part \(number)."))
            }
            if number == 8 {
                var sighting = Sighting(
                    of: Samples.article(3), verdict: Samples.verdict(.duplicate, of: 3))
                sighting.title = secret
                bodies.append(.sighting(sighting))
                bodies.append(
                    .correction(Mark(id: Samples.id(3), other: Samples.id(2), relation: .same)))
            }
            _ = try store.append(bodies, at: Samples.morning)
            _ = try store.sync()
        }
    }

    private static func secrets(in folder: TemporaryFolder) throws -> [String] {
        try folder.snapshot().filter { name, bytes in
            name.hasPrefix("state/articles")
                && Data(bytes).range(of: Data(secret.utf8)) != nil
        }.keys.sorted()
    }

    private func forget(
        _ number: Int, in folder: TemporaryFolder, calls: FileSystemCalls = Faults().calls
    ) throws -> Record? {
        let id = Samples.id(number)
        let holding = try StoreReader(at: folder.store).holding(of: id)
        let store = try ArticleStore(
            opening: folder.store, options: StoreOptions(segmentBytesMax: 10, calls: calls),
            now: Samples.morning)
        defer { store.close() }
        return try store.forget(id, because: "asked for", holding: holding, at: Samples.morning)
    }

    @Test func itsWordsLeaveTheFilesAndNothingElseDoes() throws {
        let folder = try TemporaryFolder()
        try Self.makeStore(folder)
        var before = try Picture(folder)
        let old = try records(in: folder)
        #expect(try Self.secrets(in: folder).count == 9)
        let tombstone = try #require(try forget(3, in: folder))
        #expect(
            tombstone.body == .tombstone(Tombstone(id: Samples.id(3), reason: "asked for")))
        #expect(tombstone.seq == before.lastSeq + 1)
        #expect(try Self.secrets(in: folder).isEmpty)

        let after = try Picture(folder)
        before.texts[3] = nil
        #expect(after.texts == before.texts)
        #expect(after.recovery.isClean && after.marks == before.marks)
        let new = try records(in: folder)
        #expect(new.map(\.seq) == Array(1...tombstone.seq))
        for (old, new) in zip(old, new) {
            guard let left = old.tombstone(of: Samples.id(3)) else {
                #expect(new == old)
                continue
            }
            #expect(new == Record(seq: old.seq, stored: old.stored, body: .tombstone(left)))
            #expect(left.aliases?.isEmpty == false && left.reason == nil)
        }
        let check = try StoreReader(at: folder.store).verify { _ in }
        #expect(check.isSound && check.tombstones == 10 && check.unknown.isEmpty)
        #expect(check.orphans.isEmpty)
        // What tables tell is what reading the segments tells.
        try folder.remove("state/index/texts")
        let scanned = try Picture(folder)
        #expect(scanned.texts == after.texts && scanned.recovery == after.recovery)
    }

    @Test func itStaysOutWhateverIsAsked() throws {
        let folder = try TemporaryFolder()
        try Self.makeStore(folder)
        _ = try forget(3, in: folder)
        let store = try openQuickly(folder, segmentBytesMax: 10)
        #expect(store.forgotten == [Samples.id(3)])
        #expect(store.article(Samples.id(3)) == nil && !store.holds(Samples.id(3)))
        #expect(store.earlierTexts(of: Samples.id(3)).isEmpty)
        let again = try store.forget(
            Samples.id(3), because: nil, holding: nil, at: Samples.morning)
        #expect(again?.seq == store.lastSeq, "twice")
        let unknown = try store.forget(
            Samples.id(77), because: nil, holding: nil, at: Samples.morning)
        #expect(unknown == nil && store.lastSeq == store.durableSeq)
        store.close()
        #expect(
            try StoreReader(at: folder.store).latest(idPrefix: "\(Samples.id(3))")
                == .forgotten(Samples.id(3)))
    }

    /// In the store that goes on, and without knowing where its records are.
    @Test(arguments: [0, 3, 11]) func theStoreGoesOn(number: Int) throws {
        let folder = try TemporaryFolder()
        try Self.makeStore(folder)
        let store = try openQuickly(folder, segmentBytesMax: 10)
        _ = try store.append([Samples.kept(20)], at: Samples.morning)
        let forgotten = try store.forget(
            Samples.id(number), because: nil, holding: nil, at: Samples.morning)
        #expect(forgotten?.seq == store.durableSeq)
        for other in 21..<30 {
            _ = try store.append([Samples.kept(other)], at: Samples.morning)
            _ = try store.sync()
        }
        let others = Array(0..<12) + Array(20..<30)
        #expect(others.allSatisfy { store.holds(Samples.id($0)) == ($0 != number) })
        #expect(others.allSatisfy { $0 == number || store.article(Samples.id($0)) != nil })
        #expect(store.takeNotices().isEmpty)
        store.close()
        let told = try Picture(folder)
        #expect(told.texts.keys.sorted() == others.filter { $0 != number })
        try folder.remove("state/index/texts")
        #expect(try Picture(folder).texts == told.texts)
    }

    /// While the disk cannot be rid of it nobody is shown it; asked for again, it goes.
    @Test func whatCannotBeErasedIsHiddenAndTriedAgain() throws {
        let folder = try TemporaryFolder()
        try Self.makeStore(folder)
        let faults = Faults()
        let store = try ArticleStore(
            opening: folder.store,
            options: StoreOptions(segmentBytesMax: 10, calls: faults.calls), now: Samples.morning)
        defer { store.close() }
        func forget() throws -> Record? {
            try store.forget(Samples.id(3), because: nil, holding: nil, at: Samples.morning)
        }
        // All that is renamed before the segments is the list of what is not erased yet.
        faults.set(Faults.Plan(index: 1, kinds: [.rename], errno: ENOSPC, isFinal: true))
        let tombstone = try #require(try forget())
        #expect(!store.isErased(Samples.id(3)))
        #expect(store.takeNotices().contains { $0.contains("until it is forgotten again") })
        #expect(try !Self.secrets(in: folder).isEmpty)
        let reader = try StoreReader(at: folder.store)
        var shown = try records(in: folder) + reader.history(of: Samples.id(3), limit: 99)
        try reader.forEachRecordBackwards(before: nil) { record in
            shown.append(record)
            return true
        }
        #expect(shown.allSatisfy { $0.tombstone(of: Samples.id(3)) == nil })
        #expect(try reader.latest(idPrefix: "\(Samples.id(3))") == .forgotten(Samples.id(3)))
        #expect(try forget() == tombstone && !store.isErased(Samples.id(3)))

        faults.set(nil)
        #expect(try forget() == tombstone && store.isErased(Samples.id(3)))
        #expect(try Self.secrets(in: folder).isEmpty && !folder.exists("state/index/unerased"))
        #expect(try forget() == tombstone, "and again")
        #expect(store.lastSeq == tombstone.seq)
    }

    /// An opening goes on with all of them in one reading of each segment.
    @Test func anOpeningErasesAllInOneReading() throws {
        let folder = try TemporaryFolder()
        try Self.makeStore(folder)
        let opened = Told()
        let calls = Faults().calls
        var full = calls
        full.open = { path, flags, mode in
            path.contains("articles/.tmp-") ? -Int(ENOSPC) : calls.open(path, flags, mode)
        }
        var counting = calls
        counting.open = { path, flags, mode in
            if path.hasSuffix(firstSegment) { opened.add(1) }
            return calls.open(path, flags, mode)
        }
        func open(_ calls: FileSystemCalls) throws -> ArticleStore {
            try ArticleStore(
                opening: folder.store, options: StoreOptions(segmentBytesMax: 10, calls: calls),
                now: Samples.morning)
        }
        let failing = try open(full)
        for id in [Samples.id(3), Samples.id(5)] {
            _ = try failing.forget(id, because: nil, holding: nil, at: Samples.morning)
            #expect(!failing.isErased(id))
        }
        failing.close()
        let store = try open(counting)
        defer { store.close() }
        #expect(store.isErased(Samples.id(3)) && store.isErased(Samples.id(5)))
        #expect(opened.all.count == 1)
        #expect(try Self.secrets(in: folder).isEmpty)
    }

    /// A record of it whose content nobody can read may be the text.
    @Test func whatCannotBeReadGoesToo() throws {
        let folder = try TemporaryFolder()
        let store = try openQuickly(folder)
        _ = try store.append((1...3).map { Samples.kept($0) }, at: Samples.morning)
        _ = try store.sync()
        store.close()
        let open =
            "{\"v\":1,\"seq\":4,\"kind\":\"revision\",\"stored\":\"2026-11-22T09:00:00Z\","
            + "\"id\":\"\(Samples.id(3))\",\"text\":[\"\(Self.secret)\"]"
        try folder.write(
            try folder.bytes(firstSegment) + sealed(open) + [0x0A], firstSegment)
        #expect(try !Self.secrets(in: folder).isEmpty)
        _ = try forget(3, in: folder)
        #expect(try Self.secrets(in: folder).isEmpty)
        let left = try records(in: folder).first { $0.seq == 4 }
        #expect(left?.stored == Samples.instant("2026-11-22T09:00:00Z"))
        #expect(left?.body == .tombstone(Tombstone(id: Samples.id(3), aliases: [])))
    }

    /// The disk fails once at any call, or for good: then the article is there as before, or out;
    /// and out of the files after the next opening.
    @Test(arguments: [false, true]) func anyCallMayFail(isFinal: Bool) throws {
        let whole = try TemporaryFolder()
        try Self.makeStore(whole)
        let faults = Faults()
        faults.set(Faults.Plan(index: .max, errno: EIO))
        let probe = try copy(whole)
        _ = try forget(3, in: probe, calls: faults.calls)
        let before = try Picture(whole)
        var outcomes = Set<Bool>()
        for index in 0..<faults.count {
            let folder = try copy(whole)
            faults.set(Faults.Plan(index: index, errno: EIO, isFinal: isFinal, isTorn: true))
            _ = try? forget(3, in: folder, calls: faults.calls)
            let after = try Picture(folder)
            let isOut = after.texts[3] == nil
            outcomes.insert(isOut)
            var others = (before.texts, after.texts)
            others.0[3] = nil
            others.1[3] = nil
            #expect(others.0 == others.1, "call \(index)")
            if isOut {
                #expect(try Self.secrets(in: folder).isEmpty, "call \(index)")
            } else {
                #expect(after.texts[3] == before.texts[3], "call \(index)")
            }
            let check = try StoreReader(at: folder.store).verify { _ in }
            #expect(check.isSound && check.unknown.isEmpty, "call \(index)")
        }
        #expect(outcomes == [true, false])
    }

    private func copy(_ folder: TemporaryFolder) throws -> TemporaryFolder {
        let other = try TemporaryFolder()
        try FileManager.default.copyItem(atPath: folder.store, toPath: other.store)
        return other
    }
}
