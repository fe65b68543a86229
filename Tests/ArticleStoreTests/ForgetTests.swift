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
        let store = try ArticleStore(
            opening: folder.store, options: StoreOptions(segmentBytesMax: 10, calls: calls),
            now: Samples.morning)
        defer { store.close() }
        let record = try store.forget(
            Samples.id(number), because: "asked for", at: Samples.morning)
        try store.eraseAll()
        return record
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
            Samples.id(3), because: nil, at: Samples.morning)
        #expect(again?.seq == store.lastSeq, "twice")
        let unknown = try store.forget(
            Samples.id(77), because: nil, at: Samples.morning)
        #expect(unknown == nil && store.lastSeq == store.durableSeq)
        store.close()
        #expect(
            try StoreReader(at: folder.store).latest(idPrefix: "\(Samples.id(3))")
                == .forgotten(Samples.id(3)))
    }

    /// In the store that goes on, between the steps too: one of them writes the segment anew that
    /// grows.
    @Test(arguments: [0, 3, 11]) func theStoreGoesOn(number: Int) throws {
        let folder = try TemporaryFolder()
        try Self.makeStore(folder)
        let store = try openQuickly(folder, segmentBytesMax: 10)
        _ = try store.append([Samples.kept(20)], at: Samples.morning)
        let forgotten = try store.forget(Samples.id(number), because: nil, at: Samples.morning)
        #expect(forgotten?.seq == store.durableSeq)
        var remains = try StoreReader(at: folder.store).remains(of: store.unerased)
        var isMore = true
        for other in 21..<30 {
            if isMore { isMore = try store.erase(&remains) }
            _ = try store.append([Samples.kept(other)], at: Samples.morning)
            _ = try store.sync()
        }
        while isMore { isMore = try store.erase(&remains) }
        #expect(store.isErased(Samples.id(number)) && !folder.exists("state/index/unerased"))
        #expect(try number != 3 || Self.secrets(in: folder).isEmpty)
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
            try store.forget(Samples.id(3), because: nil, at: Samples.morning)
        }
        let tombstone = try #require(try forget())
        faults.set(Faults.Plan(kinds: [.rename], errno: ENOSPC))
        var remains = try StoreReader(at: folder.store).remains(of: store.unerased)
        let count = remains.segmentsLeft
        for _ in 0..<3 { #expect(throws: StoreError.self) { try store.erase(&remains) } }
        #expect(remains.segmentsLeft == count && count == 9)
        #expect(!store.isErased(Samples.id(3)))
        #expect(try folder.names(in: "state/articles") == ["2026"], "no copy is left over")
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
        while try store.erase(&remains) {}
        #expect(try forget() == tombstone && store.isErased(Samples.id(3)))
        #expect(try Self.secrets(in: folder).isEmpty && !folder.exists("state/index/unerased"))
        #expect(try forget() == tombstone, "and again")
        #expect(store.lastSeq == tombstone.seq)
    }

    /// What is asked again of one that was taken out reads the segment with its tombstone alone.
    @Test func askingAgainReadsOneSegment() throws {
        let folder = try TemporaryFolder()
        try Self.makeStore(folder)
        let tombstone = try forget(3, in: folder)
        let opened = Told()
        let calls = Faults().calls
        var counting = calls
        counting.open = { path, flags, mode in
            if path.hasSuffix(".jsonl") { opened.add(1) }
            return calls.open(path, flags, mode)
        }
        let store = try ArticleStore(
            opening: folder.store, options: StoreOptions(segmentBytesMax: 10, calls: counting),
            now: Samples.morning)
        defer { store.close() }
        let before = opened.all.count
        #expect(
            try store.forget(Samples.id(3), because: nil, at: Samples.morning) == tombstone)
        try store.eraseAll()
        #expect(opened.all.count == before + 1)
    }

    /// What an opening finds unfinished, of all that were taken out.
    @Test func anOpeningGoesOn() throws {
        let folder = try TemporaryFolder()
        try Self.makeStore(folder)
        let ids: Set = [Samples.id(3), Samples.id(5)]
        for isListed in [true, false] {
            let first = try openQuickly(folder, segmentBytesMax: 10)
            for id in ids { _ = try first.forget(id, because: nil, at: Samples.morning) }
            #expect(first.unerased == ids)
            first.close()
            if !isListed { try folder.remove("state/index/unerased") }
        }
        let store = try openQuickly(folder, segmentBytesMax: 10)
        defer { store.close() }
        #expect(store.unerased == ids, "by their texts")
        try store.eraseAll()
        #expect(store.unerased.isEmpty && store.takeNotices().isEmpty)
        #expect(try Self.secrets(in: folder).isEmpty)
    }

    private static func rejected(_ title: String, _ names: [Alias]) throws -> Record.Body {
        .rejection(
            RejectedEntry(
                feed: try Samples.feed("f"), url: "https://news.example/live", title: title,
                published: nil, seen: Samples.morning, aliases: names,
                entryDigest: Digest(kind: "entry", title), reason: .tooOld))
    }

    /// What the tables of texts say was found in each segment, by its name.
    private static func told(in folder: TemporaryFolder) throws -> [String: SegmentTold] {
        let tables = "state/index/texts"
        let told = try folder.names(in: tables).flatMap { name in
            let bytes = Data(try folder.bytes("\(tables)/\(name)"))
            let length = bytes[(bytes.endIndex - 16)..<(bytes.endIndex - 8)]
                .reversed().reduce(0) { $0 << 8 | Int($1) }
            return try JSONDecoder().decode(
                [SegmentTold].self, from: bytes.dropLast(40).suffix(length))
        }
        return Dictionary(told.map { ($0.file, $0) }, uniquingKeysWith: { $1 })
    }

    private struct SegmentTold: Hashable, Decodable {
        var file: String
        var bytes: Int
        var modified: Int64?
        var records: Int
        var articles: Int
        var forgotten: Set<ArticleID>
    }

    /// A segment with rejections of one article's entry and records of another is written anew in
    /// two steps, and its table says both, as reading it does.
    @Test func tablesTellOfBothSteps() throws {
        let folder = try TemporaryFolder()
        let own = Alias(Digest(kind: "entry", "own"))
        var article = Samples.article(3, text: "\(Self.secret).")
        article.aliases = [own]
        let batches: [[Record.Body]] = [
            [try Self.rejected(Self.secret, [own]), Samples.kept(4), Samples.kept(5)],
            [.article(article, Samples.verdict())], [Samples.kept(6)], [Samples.kept(7)],
        ]
        let store = try openQuickly(folder, segmentBytesMax: 10)
        for batch in batches {
            _ = try store.append(batch, at: Samples.morning)
            _ = try store.sync()
        }
        for number in [3, 4] {
            _ = try store.forget(Samples.id(number), because: nil, at: Samples.morning)
        }
        try store.eraseAll()
        #expect(store.takeNotices().isEmpty)
        store.close()
        let told = try Self.told(in: folder)
        try folder.remove("state/index/texts")
        try openQuickly(folder, segmentBytesMax: 10).close()
        let read = try Self.told(in: folder)
        #expect(told.count >= 3 && told.allSatisfy { $0.value == read[$0.key] })
        let both: Set = [Samples.id(3), Samples.id(4)]
        #expect(told.values.count { $0.forgotten == both && $0.articles == 1 } == 1)
    }

    /// Rejections of the same entry say its title, before and after it became an article; those of
    /// others at its address do not, unless they have its title.
    @Test func rejectionsOfItsEntryGoToo() throws {
        let folder = try TemporaryFolder()
        let own = Alias(Digest(kind: "entry", "own"))
        let address = Alias(Digest(kind: "address", "shared"))
        func other(_ number: Int) -> Alias { Alias(Digest(kind: "entry", "\(number)")) }
        var article = Samples.article(3, text: "\(Self.secret).")
        article.title = Self.secret
        article.aliases = [own, address]
        let store = try openQuickly(folder, segmentBytesMax: 10)
        let bodies = [
            try Self.rejected("Before: \(Self.secret)", [own]), try Self.rejected("T", [other(1)]),
            try Self.rejected("Another at its address", [other(2), address]),
            .article(article, Samples.verdict()),
            try Self.rejected(Self.secret, [other(3), address]), try Self.rejected("", [own]),
            Samples.kept(1),
        ]
        for body in bodies {
            _ = try store.append([body], at: Samples.morning)
            _ = try store.sync()
        }
        store.close()
        let before = try records(in: folder)
        let tombstone = try forget(3, in: folder)
        #expect(try Self.secrets(in: folder).isEmpty)
        let after = try records(in: folder)
        #expect(after.count == before.count + 1 && after.last == tombstone)
        for (old, new) in zip(before, after) {
            switch old.seq {
            case 1, 5, 6:
                guard case .rejection(let rejected) = old.body else {
                    Issue.record("\(old)")
                    continue
                }
                let left = Tombstone(
                    id: Samples.id(3), aliases: rejected.aliases,
                    entryDigest: rejected.entryDigest)
                #expect(new.body == .tombstone(left) && new.stored == old.stored)
            case 4: #expect(new == old.withoutWords(of: Samples.id(3)))
            default: #expect(new == old)
            }
        }
        #expect(try StoreReader(at: folder.store).verify { _ in }.isSound)
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
            let next = try openQuickly(folder, segmentBytesMax: 10)
            try next.eraseAll()
            next.close()
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

extension Record {
    /// What is to be left of it.
    fileprivate func withoutWords(of id: ArticleID) -> Record? {
        tombstone(of: id).map { Record(seq: seq, stored: stored, body: .tombstone($0)) }
    }
}
