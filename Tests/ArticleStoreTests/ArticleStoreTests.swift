import ArticleStore
import Foundation
import Glibc
import News
import Testing

@Suite struct ArticleStoreTests {
    @Test func whatIsAppendedIsReadBackAfterReopening() throws {
        let folder = try TemporaryFolder()
        let bodies = [
            Samples.kept(1), Samples.revised(1, text: "The council met again and agreed at last."),
            Samples.seen(1), try Samples.rejected("short"),
        ]
        do {
            let store = try ArticleStore(opening: folder.store, now: Samples.morning)
            #expect(store.recovery.isNew)
            #expect(store.recovery.isClean)
            let written = try store.append(bodies, at: Samples.morning)
            #expect(written.map(\.seq) == [1, 2, 3, 4])
            #expect(store.durableSeq == 0)
            #expect(try store.sync() == Receipt(firstSeq: 1, lastSeq: 4))
            store.close()
        }
        let store = try ArticleStore(opening: folder.store, now: Samples.morning)
        #expect(!store.recovery.isNew)
        #expect(store.recovery.isClean)
        #expect(store.lastSeq == 4)
        #expect(store.articlesCount == 1)
        let latest = store.article(Samples.id(1))
        #expect(latest?.article.text == "The council met again and agreed at last.")
        #expect(latest?.verdict.kind == .revision)
        #expect(store.article(Samples.id(2)) == nil)
        #expect(try records(in: folder).map(\.body) == bodies)
    }

    @Test func aLineIsPlainJSONWithItsKeysInOrderAndAChecksumOverTheBytesBeforeIt() throws {
        let folder = try TemporaryFolder()
        try makeStore(folder, count: 1)
        let line = try #require(String(bytes: try folder.bytes(firstSegment), encoding: .utf8))
        #expect(
            line.hasPrefix(
                #"{"v":1,"seq":1,"kind":"article","stored":"2026-11-22T08:00:00Z","aliases":["#))
        #expect(line.hasSuffix("\"}\n"))
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(object["title"] as? String == "Meeting 1")
        #expect(object["url"] as? String == "https://news.example/1")
        #expect((object["verdict"] as? [String: Any])?["kind"] as? String == "new")
        let seal = try #require(line.range(of: ",\"sum\":\""))
        let sum = checksum(Array(line[..<seal.lowerBound].utf8))
        #expect(object["sum"] as? String == String(format: "%08x", sum))
    }

    /// RFC 3720, appendix B.4, and the usual check value.
    @Test func theChecksumOfThisTestIsTheOneOfTheStandard() {
        #expect(checksum(Array("123456789".utf8)) == 0xE306_9283)
        #expect(checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    }

    @Test(arguments: [
        "line\nbreak\r\nand\u{2028}others\u{2029}and\u{85}and \u{1E}", "quote \" and \\ slash /",
        "{\"v\":1,\"seq\":9,\"kind\":\"article\"", ",\"sum\":\"00000000\"}", "café 🗞 é \u{0}",
    ])
    func anyTextStaysOnOneLineAndComesBack(text: String) throws {
        let folder = try TemporaryFolder()
        let store = try ArticleStore(opening: folder.store, now: Samples.morning)
        _ = try store.append([Samples.kept(1, text: text)], at: Samples.morning)
        _ = try store.sync()
        #expect(store.article(Samples.id(1))?.article.text == text)
        let bytes = try folder.bytes(firstSegment)
        #expect(bytes.filter { $0 == 0x0A }.count == 1)
        #expect(bytes.last == 0x0A)
        let line = String(decoding: bytes.dropLast(), as: UTF8.self)
        #expect(!line.unicodeScalars.contains { [0x85, 0x2028, 0x2029].contains($0.value) })
        #expect(try records(in: folder).map(\.body) == [Samples.kept(1, text: text)])
    }

    @Test func aSegmentHoldsOneDayInUTC() throws {
        let folder = try TemporaryFolder()
        let store = try ArticleStore(opening: folder.store, now: Samples.morning)
        for (number, time) in [
            "2026-12-31T23:59:59.999Z", "2027-01-01T00:00:00Z", "2027-01-01T12:00:00Z",
        ].enumerated() {
            _ = try store.append([Samples.kept(number)], at: Samples.instant(time))
        }
        #expect(try store.sync().lastSeq == 3)
        #expect(folder.exists("state/articles/2026/2026-12-31.jsonl"))
        #expect(folder.exists("state/articles/2027/2027-01-01.jsonl"))
        #expect(try records(in: folder).map(\.seq) == [1, 2, 3])
        #expect((0..<3).allSatisfy { store.article(Samples.id($0)) != nil })
    }

    @Test func aClockThatGoesBackBeginsANewSegmentOfThatDayAndKeepsTheOrder() throws {
        let folder = try TemporaryFolder()
        do {
            let store = try ArticleStore(opening: folder.store, now: Samples.morning)
            for (number, day) in ["22", "19", "22", "30"].enumerated() {
                let time = Samples.instant("2026-11-\(day)T08:00:00Z")
                _ = try store.append([Samples.kept(number)], at: time)
            }
            _ = try store.sync()
            store.close()
        }
        #expect(folder.exists("state/articles/2026/2026-11-22-2.jsonl"))
        #expect(try records(in: folder).map(\.seq) == [1, 2, 3, 4])
        #expect(try StoreReader(at: folder.store).records(after: 2, limit: 9).map(\.seq) == [3, 4])
        let store = try ArticleStore(opening: folder.store, now: Samples.morning)
        #expect(store.recovery.isClean)
        #expect(store.lastSeq == 4)
    }

    @Test func aFullSegmentIsSealedAndTheNextBegins() throws {
        let folder = try TemporaryFolder()
        let options = StoreOptions(segmentBytesMax: 1500)
        let store = try ArticleStore(opening: folder.store, options: options, now: Samples.morning)
        for number in 1...6 {
            _ = try store.append([Samples.kept(number)], at: Samples.morning)
            _ = try store.sync()
        }
        #expect(folder.exists("state/articles/2026/2026-11-22-2.jsonl"))
        #expect(folder.exists("state/articles/2026/2026-11-22-3.jsonl"))
        #expect(try folder.bytes(firstSegment).count <= 1500)
        #expect(try records(in: folder).map(\.seq) == [1, 2, 3, 4, 5, 6])
        store.close()
        let again = try ArticleStore(opening: folder.store, options: options, now: Samples.morning)
        #expect(again.recovery.segments == 3)
        _ = try again.append([Samples.kept(7)], at: Samples.morning)
        _ = try again.sync()
        #expect(try records(in: folder).map(\.seq) == Array(1...7))
    }

    @Test func limitsRefuseAndLeaveTheStoreAsItWas() throws {
        let folder = try TemporaryFolder()
        let options = StoreOptions(recordBytesMax: 2000, unsyncedBytesMax: 3000)
        let store = try ArticleStore(opening: folder.store, options: options, now: Samples.morning)
        let long = String(repeating: "x", count: 2000)
        #expect(throws: StoreError.self) {
            try store.append([Samples.kept(1), Samples.kept(2, text: long)], at: Samples.morning)
        }
        #expect(throws: StoreError.self) {
            try store.append((1...9).map { Samples.kept($0) }, at: Samples.morning)
        }
        #expect(store.lastSeq == 0)
        for number in 1...9 { _ = try store.append([Samples.kept(number)], at: Samples.morning) }
        #expect(store.durableSeq > 0, "append syncs when too much is not synced")
        #expect(try store.sync().lastSeq == 9)
        #expect(try records(in: folder).count == 9)
    }

    @Test func aRecordThatJSONCannotSayIsRefusedAlone() throws {
        let folder = try TemporaryFolder()
        let store = try ArticleStore(opening: folder.store, now: Samples.morning)
        var verdict = Samples.verdict()
        verdict.novelty.share = .nan
        #expect(throws: StoreError.self) {
            try store.append([.article(Samples.article(1), verdict)], at: Samples.morning)
        }
        #expect(try store.append([Samples.kept(2)], at: Samples.morning).map(\.seq) == [1])
    }

    @Test func aRecordOfFiveMegabytesIsKept() throws {
        let folder = try TemporaryFolder()
        let store = try ArticleStore(opening: folder.store, now: Samples.morning)
        let text = String(repeating: "abcde", count: 1_000_000)
        _ = try store.append([Samples.kept(1, text: text), Samples.kept(2)], at: Samples.morning)
        _ = try store.sync()
        #expect(store.article(Samples.id(1))?.article.text == text)
        store.close()
        let again = try ArticleStore(opening: folder.store, now: Samples.morning)
        #expect(again.recovery.isClean)
        #expect(again.article(Samples.id(1))?.article.text.utf8.count == 5_000_000)
    }

    @Test func aSecondOpenerIsRefusedWithTheHoldersProcess() throws {
        let folder = try TemporaryFolder()
        let store = try ArticleStore(opening: folder.store, now: Samples.morning)
        let error = #expect(throws: StoreError.self) {
            try ArticleStore(opening: folder.store, now: Samples.morning)
        }
        #expect(error == .locked(path: store.path, pid: getpid()))
        store.close()
        try folder.write("99999999\n", "state/store.lock")
        #expect(throws: Never.self) {
            try ArticleStore(opening: folder.store, now: Samples.morning).close()
        }
    }

    @Test func onlyTheOwnerMayLook() throws {
        let folder = try TemporaryFolder()
        let store = try ArticleStore(opening: folder.store, now: Samples.morning)
        _ = try store.append([Samples.kept(1)], at: Samples.morning)
        try store.save(try Samples.state("f"))
        try store.saveDerived([1], named: "index")
        try store.quarantine([1], name: "q", reason: "r", now: Samples.morning)
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
            var status = stat()
            #expect(stat("\(folder.path)/\(name)", &status) == 0)
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            #expect(status.st_mode & 0o777 == (isFolder ? 0o700 : 0o600), "\(name)")
        }
    }

    @Test func aClosedStoreSaysSo() throws {
        let folder = try TemporaryFolder()
        let store = try ArticleStore(opening: folder.store, now: Samples.morning)
        store.close()
        store.close()
        #expect(throws: StoreError.closed(path: store.path)) {
            try store.append([Samples.kept(1)], at: Samples.morning)
        }
        #expect(throws: StoreError.closed(path: store.path)) { try store.sync() }
        #expect(store.article(Samples.id(1)) == nil)
    }

    @Test func closingWithoutSyncKeepsWhatTheKernelHas() throws {
        let folder = try TemporaryFolder()
        do {
            let store = try ArticleStore(opening: folder.store, now: Samples.morning)
            _ = try store.append([Samples.kept(1)], at: Samples.morning)
        }
        let store = try ArticleStore(opening: folder.store, now: Samples.morning)
        #expect(store.lastSeq == 1)
        #expect(store.recovery.isClean)
    }

    @Test func progressIsTold() throws {
        let folder = try TemporaryFolder()
        try makeStore(folder, count: 3)
        let told = Told()
        let options = StoreOptions(progress: { told.add($0) })
        _ = try ArticleStore(opening: folder.store, options: options, now: Samples.morning)
        #expect(told.all == [3])
    }
}
