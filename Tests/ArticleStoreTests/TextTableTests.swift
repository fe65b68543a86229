import ArticleStore
import Foundation
import Glibc
import News
import Synchronization
import TestSupport
import Testing

/// What a store tells after it was opened.
struct Picture: Equatable {
    var recovery: RecoveryReport
    var lastSeq: UInt64
    var marks: [Mark]
    /// By number of the article: its texts, the latest first.
    var texts: [Int: [String]] = [:]

    static let numbersMax = 40

    init(_ store: ArticleStore) {
        recovery = store.recovery
        lastSeq = store.lastSeq
        marks = store.marks.all
        for number in 0..<Self.numbersMax {
            let id = Samples.id(number)
            guard let latest = store.article(id) else { continue }
            texts[number] = [latest.article.text] + store.earlierTexts(of: id).map(\.text)
        }
    }

    init(_ folder: TemporaryFolder) throws {
        let store = try openQuickly(folder, segmentBytesMax: 10)
        defer { store.close() }
        self.init(store)
    }
}

/// Sealed segments are read once; their tables tell the same, and are never believed when they are
/// not as they were written.
@Suite struct TextTableTests {
    /// Segments of one to three records, among them revisions, sightings and marks.
    private func makeSegments(_ folder: TemporaryFolder, seed: UInt64, count: Int) throws {
        var generator = SeededGenerator(seed: seed)
        let store = try openQuickly(folder, segmentBytesMax: 10)
        defer { store.close() }
        var known = 0
        for batch in 0..<count {
            let bodies = try (0..<Int.random(in: 1...3, using: &generator)).map { index in
                let old = Int.random(in: 0..<max(known, 1), using: &generator)
                switch Int.random(in: 0..<8, using: &generator) {
                case 0...2 where known < Picture.numbersMax:
                    known += 1
                    return Samples.kept(known - 1)
                case 3: return Samples.seen(old)
                case 4:
                    let mark = Mark(
                        id: Samples.id(old), other: Samples.id(known + 1),
                        relation: Mark.Relation.allCases[batch % 3])
                    return .correction(mark)
                case 5: return try Samples.rejected("\(batch)")
                default: return Samples.revised(old / 4, text: "Words \(batch), \(index).")
                }
            }
            _ = try store.append(bodies, at: Samples.morning)
            _ = try store.sync()
        }
    }

    private static let tables = "state/index/texts"

    /// Opens the store, and lists the segments that were opened for it.
    private func opened(_ folder: TemporaryFolder) throws -> (Picture, segments: Set<String>) {
        let paths = Mutex<[String]>([])
        var calls = Faults().calls
        let real = calls.open
        calls.open = { path, flags, mode in
            paths.withLock { $0.append(path) }
            return real(path, flags, mode)
        }
        let store = try ArticleStore(
            opening: folder.store, options: StoreOptions(segmentBytesMax: 10, calls: calls),
            now: Samples.morning)
        defer { store.close() }
        let segments = paths.withLock { $0.filter { $0.hasSuffix(".jsonl") } }
        return (Picture(store), Set(segments.map { ($0 as NSString).lastPathComponent }))
    }

    private func segments(of folder: TemporaryFolder) throws -> [String] {
        try folder.names(in: "state/articles/2026").sorted { number(of: $0) < number(of: $1) }
    }
    private func number(of segment: String) -> Int {
        Int(segment.dropLast(6).dropFirst(11)) ?? 1
    }

    @Test func aStartReadsTheLastSegmentAlone() throws {
        let folder = try TemporaryFolder()
        try makeSegments(folder, seed: 1, count: 30)
        let (told, read) = try opened(folder)
        #expect(read == [try #require(try segments(of: folder).last)])
        #expect(told.recovery.segments == 30 && told.recovery.isClean)
        #expect(try folder.names(in: Self.tables).count <= 8, "merged like runs")
        try folder.remove(Self.tables)
        let (scanned, all) = try opened(folder)
        #expect(all.count == 30, "as a store that an older program made")
        #expect(scanned == told)
        let (again, few) = try opened(folder)
        #expect(few.count == 1 && again == told)
    }

    @Test(arguments: 0..<12) func tablesTellWhatTheSegmentsHold(seed: UInt64) throws {
        let folder = try TemporaryFolder()
        try makeSegments(folder, seed: seed, count: 3 + 7 * Int(seed))
        let told = try Picture(folder)
        var texts: [Int: [String]] = [:]
        for record in try records(in: folder) {
            guard let article = record.articleAndVerdict?.article else { continue }
            let number = try #require(
                (0..<Picture.numbersMax).first { Samples.id($0) == article.id })
            texts[number, default: []].insert(article.text, at: 0)
        }
        // The latest, at most three before it, and the first.
        for (number, all) in texts where all.count > 5 {
            texts[number] = all.prefix(4) + all.suffix(1)
        }
        #expect(told.texts == texts)
        try folder.remove(Self.tables)
        #expect(try Picture(folder) == told)
    }

    /// Damage that shows in no length and no time, met where a text is read: the next start reads
    /// its segment, also when tables were merged meanwhile.
    @Test func silentDamageIsReadAtTheNextStart() throws {
        let folder = try TemporaryFolder()
        func fill(_ numbers: Range<Int>, _ store: ArticleStore) throws {
            for number in numbers {
                _ = try store.append([Samples.kept(number)], at: Samples.morning)
                _ = try store.sync()
            }
        }
        let first = try openQuickly(folder, segmentBytesMax: 10)
        try fill(0..<9, first)
        first.close()
        let path = "\(folder.path)/\(firstSegment)"
        var before = stat()
        #expect(stat(path, &before) == 0)
        var bytes = try folder.bytes(firstSegment)
        let place = try #require(bytes.firstRange(of: Array("\"text\":\"".utf8))?.upperBound)
        bytes[place] ^= 1
        let file = try #require(FileHandle(forWritingAtPath: path))
        try file.write(contentsOf: bytes)
        try file.close()
        #expect(utimensat(AT_FDCWD, path, [before.st_atim, before.st_mtim], 0) == 0)
        do {
            let store = try openQuickly(folder, segmentBytesMax: 10)
            defer { store.close() }
            #expect(store.recovery.isClean, "nobody looked")
            #expect(store.article(Samples.id(0)) == nil && !store.takeNotices().isEmpty)
            try fill(9..<30, store)
        }
        #expect(try Picture(folder).recovery.damage.count == 1)
        let told = try StoreReader(at: folder.store).verify { _ in }.sentences
        #expect(told.contains { $0.contains("end the daemon and remove index/texts") })
    }

    @Test func aTableThatIsNotAsItWasWrittenIsMadeAnew() throws {
        let folder = try TemporaryFolder()
        try makeSegments(folder, seed: 7, count: 9)
        let told = try Picture(folder)
        let names = try folder.names(in: Self.tables)
        let name = try #require(
            names.max {
                try folder.bytes("\(Self.tables)/\($0)").count
                    < folder.bytes("\(Self.tables)/\($1)").count
            })
        let path = "\(Self.tables)/\(name)"
        let whole = try folder.bytes(path)
        var troubles: [[UInt8]] = [
            [], Array("no table".utf8), whole + [0], Array(whole.dropLast()),
        ]
        for length in stride(from: 1, to: whole.count, by: 97) {
            troubles.append(Array(whole.prefix(length)))
        }
        for place in stride(from: 0, to: whole.count, by: 13) {
            var bytes = whole
            bytes[place] ^= 0x20
            troubles.append(bytes)
        }
        for trouble in troubles {
            try folder.write(trouble, path)
            let (found, read) = try opened(folder)
            #expect(found == told)
            #expect(read.count > 1, "believed")
            #expect(try folder.bytes(path) != trouble || !folder.exists(path), "kept")
            #expect(try opened(folder).segments.count == 1, "made anew")
        }
    }

    @Test func aTableOfAnotherStoreTellsNothingHere() throws {
        let (mine, other) = (try TemporaryFolder(), try TemporaryFolder())
        try makeSegments(mine, seed: 3, count: 9)
        try makeSegments(other, seed: 4, count: 9)
        let told = try Picture(mine)
        for name in try mine.names(in: Self.tables) { try mine.remove("\(Self.tables)/\(name)") }
        for name in try other.names(in: Self.tables) {
            try mine.write(try other.bytes("\(Self.tables)/\(name)"), "\(Self.tables)/\(name)")
        }
        let (found, read) = try opened(mine)
        #expect(found == told)
        #expect(read.count == 9)
    }

    enum Change: CaseIterable { case damaged, shortened, removedFirst, removedLast, copied }

    @Test(arguments: Change.allCases) func aSegmentChangedOutsideIsReadAgain(change: Change) throws
    {
        let folder = try TemporaryFolder()
        try makeSegments(folder, seed: 5, count: 9)
        _ = try Picture(folder)
        let names = try segments(of: folder)
        let path = "state/articles/2026/\(names[3])"
        let bytes = try folder.bytes(path)
        switch change {
        case .damaged:
            var other = bytes
            other[bytes.count / 3] ^= 1
            try folder.write(other, path)
            // The clock that files are stamped by may not have ticked since the store wrote.
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: 1)],
                ofItemAtPath: "\(folder.path)/\(path)")
        case .shortened: try folder.write(bytes.dropLast(5), path)
        case .removedFirst: try folder.remove("state/articles/2026/\(names[0])")
        case .removedLast: try folder.remove("state/articles/2026/\(names[8])")
        case .copied: try folder.write(bytes, "state/articles/2026/2026-11-22-99.jsonl")
        }
        let (found, read) = try opened(folder)
        if change == .damaged || change == .shortened { #expect(read.contains(names[3])) }
        #expect(found.recovery.isClean == (change == .removedFirst || change == .removedLast))
        let (again, few) = try opened(folder)
        #expect(again == found, "what was found is told at each start")
        #expect(few.count == 1)
        try folder.remove(Self.tables)
        #expect(try Picture(folder) == found)
    }

    @Test func aDiskThatTakesNoTableKeepsTheStoreGoing() throws {
        let folder = try TemporaryFolder()
        let faults = Faults()
        let options = StoreOptions(segmentBytesMax: 10, calls: faults.calls)
        let store = try ArticleStore(opening: folder.store, options: options, now: Samples.morning)
        faults.set(Faults.Plan(kinds: [.rename], errno: ENOSPC))
        for number in 0..<20 {
            _ = try store.append([Samples.kept(number)], at: Samples.morning)
            _ = try store.sync()
        }
        #expect((1...6).contains(store.takeNotices().count), "said, but not for each segment")
        #expect((0..<20).allSatisfy { store.holds(Samples.id($0)) })
        faults.set(nil)
        for number in 20..<40 {
            _ = try store.append([Samples.kept(number)], at: Samples.morning)
            _ = try store.sync()
        }
        #expect((0..<40).allSatisfy { store.article(Samples.id($0)) != nil })
        #expect(!(try folder.names(in: Self.tables).isEmpty), "tried again")
        store.close()
        let (told, read) = try opened(folder)
        #expect(told.texts.count == 40 && read.count < 40)
    }

    @Test func whatIsUndoneIsInNoTable() throws {
        let folder = try TemporaryFolder()
        let faults = Faults()
        let options = StoreOptions(segmentBytesMax: 10, calls: faults.calls)
        let store = try ArticleStore(opening: folder.store, options: options, now: Samples.morning)
        _ = try store.append([Samples.kept(1)], at: Samples.morning)
        _ = try store.sync()
        let mark = Mark(id: Samples.id(1), other: Samples.id(2), relation: .same)
        _ = try store.append([Samples.kept(2), .correction(mark)], at: Samples.morning)
        faults.set(Faults.Plan(kinds: [.syncData], errno: EIO))
        #expect(throws: StoreError.self) { try store.sync() }
        faults.set(nil)
        for number in 3..<6 {
            _ = try store.append([Samples.kept(number)], at: Samples.morning)
            _ = try store.sync()
        }
        store.close()
        let told = try Picture(folder)
        #expect(told.texts.keys.sorted() == [1, 3, 4, 5] && told.marks.isEmpty)
        #expect(told.recovery.isClean && told.recovery.records == 4)
        try folder.remove(Self.tables)
        #expect(try Picture(folder) == told)
    }
}
