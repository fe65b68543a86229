import ArticleStore
import Foundation
import Glibc
import News
import TestSupport
import Testing

@Suite struct RecoveryTests {
    private func reopen(_ folder: TemporaryFolder) throws -> RecoveryReport {
        let store = try openQuickly(folder)
        defer { store.close() }
        return store.recovery
    }

    @Test func aCutAtEveryByteOfTheLastRecordYieldsAPrefix() throws {
        let folder = try TemporaryFolder()
        let written = try makeStore(folder, count: 3)
        let whole = try folder.bytes(firstSegment)
        let lines = whole.split(separator: 0x0A)
        let lastStart = whole.count - lines[2].count - 1
        for length in lastStart..<whole.count {
            try folder.write(whole[..<length], firstSegment)
            let report = try reopen(folder)
            // Without its newline alone, the record is still whole.
            let expected = length == whole.count - 1 ? 3 : 2
            #expect(report.records == expected, "cut at \(length)")
            #expect((report.cut != nil) == (length != lastStart && expected == 2))
            #expect(report.damage.isEmpty)
            #expect(try records(in: folder) == Array(written.prefix(expected)))
            let mended = try folder.bytes(firstSegment)
            #expect(mended == Array(whole.prefix(expected == 3 ? whole.count : lastStart)))
        }
    }

    @Test func afterACutTheNextRecordTakesTheFreePlace() throws {
        let folder = try TemporaryFolder()
        try makeStore(folder, count: 3)
        let whole = try folder.bytes(firstSegment)
        try folder.write(whole.dropLast(9), firstSegment)
        let store = try openQuickly(folder)
        #expect(store.recovery.sentences.count == 1)
        #expect(store.recovery.sentences[0].contains("cut an unfinished write"))
        #expect(try store.append([Samples.kept(9)], at: Samples.morning).map(\.seq) == [3])
        _ = try store.sync()
        #expect(try StoreReader(at: folder.store).verify { _ in }.isSound)
    }

    @Test(arguments: 0..<150) func aFlippedBitCostsAtMostItsOwnRecord(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let folder = try TemporaryFolder()
        let written = try makeStore(folder, count: 5)
        let whole = try folder.bytes(firstSegment)
        var bytes = whole
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        try folder.write(bytes, firstSegment)
        let struck = UInt64(whole[..<place].filter { $0 == 0x0A }.count)
        let report = try reopen(folder)
        let left = try records(in: folder)
        #expect(left.count >= 4, "seed \(seed), byte \(place)")
        #expect(left == written.filter { left.contains($0) }, "in order, and unchanged")
        #expect(written.filter { !left.contains($0) }.allSatisfy { $0.seq == struck + 1 })
        #expect(!report.isClean)
        let check = try StoreReader(at: folder.store).verify { _ in }
        #expect(left.count == 5 || !check.isSound)
    }

    @Test(arguments: 0..<8) func aNewlineThatLostABitCostsNoRecord(bit: UInt8) throws {
        let folder = try TemporaryFolder()
        let written = try makeStore(folder, count: 4)
        let whole = try folder.bytes(firstSegment)
        for place in whole.indices where whole[place] == 0x0A {
            var bytes = whole
            bytes[place] ^= 1 << bit
            try folder.write(bytes, firstSegment)
            #expect(try reopen(folder).records == 4)
            #expect(try records(in: folder) == written, "byte \(place)")
        }
    }

    @Test func damageInTheMiddleStaysAndGoesToQuarantine() throws {
        let folder = try TemporaryFolder()
        try makeStore(folder, count: 4)
        var bytes = try folder.bytes(firstSegment)
        let second = try #require(bytes.firstIndex(of: 0x0A)) + 50
        bytes[second] ^= 1
        try folder.write(bytes, firstSegment)
        let report = try reopen(folder)
        #expect(report.records == 3)
        #expect(report.damage.count == 1)
        #expect(report.damage.kept.first?.path.hasSuffix("2026-11-22.jsonl") == true)
        #expect(report.gaps.kept == [2...2])
        #expect(try folder.bytes(firstSegment) == bytes, "the segment was not touched")
        let aside = try folder.snapshot().filter { $0.key.hasPrefix("state/quarantine/") }
        #expect(aside.count == 2)
        let why = try #require(aside.first { $0.key.hasSuffix(".why.json") })
        #expect(String(decoding: why.value, as: UTF8.self).contains("not a sound record"))
        let struck = try #require(aside.first { !$0.key.hasSuffix(".why.json") })
        #expect(struck.value == Array(bytes.split(separator: 0x0A)[1]))
    }

    @Test func recoveryTwiceLeavesTheSameBytes() throws {
        let folder = try TemporaryFolder()
        try makeStore(folder, count: 4)
        var bytes = try folder.bytes(firstSegment)
        bytes[60] ^= 4
        try folder.write(bytes.dropLast(30), firstSegment)
        _ = try reopen(folder)
        let once = try folder.snapshot()
        let report = try reopen(folder)
        #expect(report.cut == nil)
        #expect(report.damage.count == 1)
        #expect(try folder.snapshot() == once)
    }

    /// A block of zeros over parts of records 2 and 3.
    @Test func zerosInTheMiddleCostTheRecordsTheyStruck() throws {
        let folder = try TemporaryFolder()
        let written = try makeStore(folder, count: 5)
        var bytes = try folder.bytes(firstSegment)
        let ends = bytes.indices.filter { bytes[$0] == 0x0A }
        for index in (ends[0] + 40)...(ends[1] + 40) { bytes[index] = 0 }
        try folder.write(bytes, firstSegment)
        let report = try reopen(folder)
        #expect(report.records == 3)
        #expect(report.gaps.kept == [2...3])
        #expect(try records(in: folder).map(\.seq) == [1, 4, 5])
        #expect(try records(in: folder).first == written.first)
    }

    @Test(arguments: [
        [UInt8](repeating: 0, count: 5000), Array("garbage without an end".utf8),
        Array("{\"v\":1,\"seq\":4,\"kind\":\"article\",\"stored\":\"".utf8), [0xFF],
    ])
    func whatFollowsTheLastNewlineIsCut(tail: [UInt8]) throws {
        let folder = try TemporaryFolder()
        let written = try makeStore(folder, count: 3)
        let whole = try folder.bytes(firstSegment)
        try folder.write(whole + tail, firstSegment)
        let report = try reopen(folder)
        #expect(report.cut?.bytes == tail.count)
        #expect(try folder.bytes(firstSegment) == whole)
        #expect(try records(in: folder) == written)
    }

    @Test func garbageLinesAreReportedAndTheirPlacesNotGivenAgain() throws {
        let folder = try TemporaryFolder()
        try makeStore(folder, count: 2)
        let whole = try folder.bytes(firstSegment)
        let garbage = [UInt8](repeating: UInt8(ascii: "x"), count: 200) + [0x0A]
        try folder.write(whole + garbage + garbage, firstSegment)
        let store = try openQuickly(folder)
        #expect(store.recovery.damage.count == 2)
        #expect(store.lastSeq == 4)
        #expect(try store.append([Samples.kept(9)], at: Samples.morning).map(\.seq) == [5])
    }

    @Test func aSealedSegmentIsNeverWritten() throws {
        let folder = try TemporaryFolder()
        try makeStore(folder, count: 3)
        do {
            let store = try openQuickly(folder)
            let later = Samples.instant("2026-11-23T08:00:00Z")
            _ = try store.append([Samples.kept(4)], at: later)
            _ = try store.sync()
        }
        let cut = Array(try folder.bytes(firstSegment).dropLast(20))
        try folder.write(cut, firstSegment)
        let report = try reopen(folder)
        #expect(report.cut == nil)
        #expect(report.damage.count == 1)
        #expect(report.gaps.kept == [3...3])
        #expect(try folder.bytes(firstSegment) == cut)
        #expect(try records(in: folder).map(\.seq) == [1, 2, 4])
    }

    @Test func aCopiedSegmentCountsOnceAndAMissingOneIsSaid() throws {
        let folder = try TemporaryFolder()
        do {
            let store = try openQuickly(folder, segmentBytesMax: 10)
            for number in 1...4 {
                _ = try store.append([Samples.kept(number)], at: Samples.morning)
            }
            _ = try store.sync()
        }
        let base = "state/articles/2026/2026-11-22"
        try folder.write(try folder.bytes("\(base)-2.jsonl"), "\(base)-9.jsonl")
        try FileManager.default.removeItem(atPath: "\(folder.path)/\(base)-3.jsonl")
        let report = try reopen(folder)
        #expect(report.repeated == 1)
        #expect(report.gaps.kept == [3...3])
        #expect(try records(in: folder).map(\.seq) == [1, 2, 4])
        let check = try StoreReader(at: folder.store).verify { _ in }
        #expect(check.repeated.kept == [2])
        #expect(!check.isSound)
    }

    @Test func foreignThingsAreLeftAloneAndSaid() throws {
        let folder = try TemporaryFolder()
        try makeStore(folder, count: 1)
        let year = "\(folder.store)/articles/2026"
        let files = FileManager.default
        try files.createDirectory(
            atPath: "\(year)/2026-11-23.jsonl", withIntermediateDirectories: false)
        try files.createSymbolicLink(
            atPath: "\(year)/2026-11-24.jsonl", withDestinationPath: "/etc/passwd")
        #expect(mkfifo("\(year)/2026-11-25.jsonl", 0o600) == 0)
        try folder.write("notes", "state/articles/2026/notes.txt")
        try folder.write("notes", "state/articles/readme")
        let store = try openQuickly(folder)
        #expect(store.recovery.notices.count == 5)
        #expect(store.lastSeq == 1)
        // Days whose first name is taken go to the next.
        _ = try store.append([Samples.kept(2)], at: Samples.instant("2026-11-23T08:00:00Z"))
        _ = try store.append([Samples.kept(3)], at: Samples.instant("2026-11-25T08:00:00Z"))
        _ = try store.sync()
        #expect(folder.exists("state/articles/2026/2026-11-23-2.jsonl"))
        #expect(try records(in: folder).map(\.seq) == [1, 2, 3])
        #expect(try StoreReader(at: folder.store).verify { _ in }.unknown.count == 5)
    }

    @Test func aRecordOfANewerProgramIsPassedOverAndItsPlaceKept() throws {
        let folder = try TemporaryFolder()
        try makeStore(folder, count: 1)
        let whole = try folder.bytes(firstSegment)
        let time = "\"stored\":\"2026-11-22T08:00:00Z\""
        let newer = "{\"v\":2,\"seq\":2,\"kind\":\"article\",\(time),\"id\":7"
        let other = "{\"v\":1,\"seq\":3,\"kind\":\"epitaph\",\(time),\"why\":{\"a\":[1]}"
        let odd = "{\"v\":1,\"seq\":4,\"kind\":\"article\",\(time),\"id\":7"
        let lines = [newer, other, odd].map { sealed($0) }.joined(separator: [0x0A])
        try folder.write(whole + Array(lines) + [0x0A], firstSegment)
        let store = try openQuickly(folder)
        #expect(store.recovery.unreadable == 2)
        #expect(store.lastSeq == 4)
        _ = try store.append([Samples.kept(5)], at: Samples.morning)
        _ = try store.sync()
        #expect(try records(in: folder).map(\.seq) == [1, 5])
        let check = try StoreReader(at: folder.store).verify { _ in }
        #expect(check.unreadable == 2)
        #expect(check.damage.count == 1, "the article without an id")
    }

    @Test func anEmptySegmentOfAnInterruptedBeginningGoes() throws {
        let folder = try TemporaryFolder()
        try makeStore(folder, count: 2)
        let whole = try folder.bytes(firstSegment)
        try folder.write(whole.dropLast(5), firstSegment)
        try folder.write("", "state/articles/2026/2026-11-23.jsonl")
        let report = try reopen(folder)
        #expect(report.cut != nil)
        #expect(!folder.exists("state/articles/2026/2026-11-23.jsonl"))
    }

    @Test func aStoreWithoutItsOldestSegmentsIsSound() throws {
        let folder = try TemporaryFolder()
        try makeStore(folder, count: 2)
        do {
            let store = try openQuickly(folder)
            _ = try store.append(
                [Samples.kept(3)], at: Samples.instant("2026-11-23T08:00:00Z"))
            _ = try store.sync()
        }
        try FileManager.default.removeItem(atPath: "\(folder.path)/\(firstSegment)")
        let report = try reopen(folder)
        #expect(report.isClean)
        #expect(report.firstSeq == 3)
        #expect(try StoreReader(at: folder.store).verify { _ in }.isSound)
        #expect(try records(in: folder).map(\.seq) == [3])
    }
}
