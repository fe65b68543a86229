import ArticleStore
import Foundation
import News
import TestSupport
import Testing

@Suite struct StateFilesTests {
    @Test func feedStatesComeBackSortedAndCanBeRemoved() throws {
        let folder = try TemporaryFolder()
        let states = try ["b", "a", "c.d_e-f"].map { try Samples.state($0) }
        do {
            let store = try openQuickly(folder)
            try store.save(states)
            try store.save(try Samples.state("a", etag: "newer"))
            try store.removeFeedState(try Samples.feed("b"))
            try store.removeFeedState(try Samples.feed("b"))
        }
        let store = try openQuickly(folder)
        #expect(store.feedStates() == [try Samples.state("a", etag: "newer"), states[2]])
        #expect(try StoreReader(at: folder.store).feedStates() == store.feedStates())
        #expect(store.takeNotices().isEmpty)
    }

    /// An earlier version called it otherwise: with a daemon and without one it is read, and
    /// written by its present name.
    @Test func aFeedThatWasQuarantinedIsParked() throws {
        let folder = try TemporaryFolder()
        var state = try Samples.state("a")
        state.failures = 30
        state.parkedUntil = Samples.morning
        let store = try openQuickly(folder)
        try store.save(state)
        let saved = String(decoding: try folder.bytes("state/feeds/a.json"), as: UTF8.self)
        let open = saved.prefix(upTo: try #require(saved.range(of: ",\"sum\"")).lowerBound)
        let old = open.replacing("\"parked_until\"", with: "\"quarantined_until\"")
        #expect(old != open)
        try folder.write("\(old),\"sum\":\"\(castagnoli(old))\"}\n", "state/feeds/a.json")
        #expect(try StoreReader(at: folder.store).feedStates() == [state])
        #expect(store.feedStates() == [state])
        try store.save(store.feedStates())
        #expect(try folder.bytes("state/feeds/a.json") == Array(saved.utf8))
        #expect(store.takeNotices().isEmpty)
    }

    /// CRC-32C bit by bit, as eight digits.
    private func castagnoli(_ text: some StringProtocol) -> String {
        let value = ~text.utf8.reduce(UInt32.max) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { rest, _ in
                rest >> 1 ^ (rest & 1 == 1 ? 0x82F6_3B78 : 0)
            }
        }
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    @Test(arguments: 0..<40) func aDamagedFeedStateIsSetAsideAndSaid(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let folder = try TemporaryFolder()
        let store = try openQuickly(folder)
        try store.save([try Samples.state("a"), try Samples.state("b")])
        var bytes = try folder.bytes("state/feeds/a.json")
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        try folder.write(bytes, "state/feeds/a.json")
        #expect(store.feedStates() == [try Samples.state("b")], "seed \(seed), byte \(place)")
        #expect(store.takeNotices().count == 1)
        #expect(!folder.exists("state/feeds/a.json"))
        let aside = try folder.snapshot().filter { $0.key.hasPrefix("state/quarantine/a.json.") }
        #expect(aside.values.contains(bytes))
    }

    @Test func aStateUnderAnotherFeedsNameIsNotBelieved() throws {
        let folder = try TemporaryFolder()
        let store = try openQuickly(folder)
        try store.save(try Samples.state("a"))
        try folder.write(try folder.bytes("state/feeds/a.json"), "state/feeds/b.json")
        try folder.write("x", "state/feeds/notes.txt")
        #expect(store.feedStates() == [try Samples.state("a")])
        #expect(store.takeNotices().count == 2)
        #expect(folder.exists("state/feeds/notes.txt"))
    }

    @Test func aStateBeyondTheLimitIsRefused() throws {
        let folder = try TemporaryFolder()
        let options = StoreOptions(feedStateBytesMax: 1000)
        let store = try ArticleStore(opening: folder.store, options: options, now: Samples.morning)
        let long = String(repeating: "e", count: 1000)
        #expect(throws: StoreError.self) { try store.save(try Samples.state("a", etag: long)) }
        try store.save(try Samples.state("a"))
        #expect(store.feedStates().count == 1)
    }

    @Test func derivedBytesComeBackWholeOrNotAtAll() throws {
        let folder = try TemporaryFolder()
        let store = try openQuickly(folder)
        let payload = (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        try store.saveDerived(payload, named: "duplicates")
        #expect(store.derived(named: "duplicates") == payload)
        #expect(store.derived(named: "other") == nil)
        #expect(store.takeNotices().isEmpty)
        let whole = try folder.bytes("state/index/duplicates")
        for length in [0, 1, 60, whole.count / 2, whole.count - 1] {
            try folder.write(whole[..<length], "state/index/duplicates")
            #expect(store.derived(named: "duplicates") == nil)
            #expect(store.takeNotices().count == 1)
        }
        for place in [3, 40, whole.count - 1] {
            var flipped = whole
            flipped[place] ^= 0x10
            try folder.write(flipped, "state/index/duplicates")
            #expect(store.derived(named: "duplicates") == nil, "byte \(place)")
        }
        try store.saveDerived([], named: "duplicates")
        #expect(store.derived(named: "duplicates") == [])
    }

    @Test(arguments: ["", ".", "..", "../x", "a/b", ".tmp-x", "-x", "a\u{0}", "é"])
    func aNameThatCouldLeaveTheFolderIsRefused(name: String) throws {
        let folder = try TemporaryFolder()
        let store = try openQuickly(folder)
        #expect(throws: StoreError.unsafeName(name)) { try store.saveDerived([1], named: name) }
        #expect(store.derived(named: name) == nil)
    }

    @Test func aDerivedFileBeyondTheLimitIsRefused() throws {
        let folder = try TemporaryFolder()
        let options = StoreOptions(derivedBytesMax: 10)
        let store = try ArticleStore(opening: folder.store, options: options, now: Samples.morning)
        #expect(throws: StoreError.self) {
            try store.saveDerived([UInt8](repeating: 0, count: 11), named: "x")
        }
        try store.saveDerived([UInt8](repeating: 0, count: 10), named: "x")
        #expect(store.derived(named: "x")?.count == 10)
    }

    @Test func theQuarantineKeepsBytesAndReasonOnce() throws {
        let folder = try TemporaryFolder()
        let store = try openQuickly(folder)
        for name in ["../../etc/passwd", "../../etc/passwd", "body"] {
            try store.quarantine(
                Array("<rss".utf8), name: name, reason: "not XML", now: Samples.morning)
        }
        let files = try folder.snapshot().filter { $0.key.hasPrefix("state/quarantine/") }
        #expect(files.count == 4)
        #expect(files.values.filter { $0 == Array("<rss".utf8) }.count == 2)
        let why = try #require(
            files.first { $0.key.contains("etc_passwd") && $0.key.hasSuffix(".why.json") })
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(why.value)) as? [String: Any])
        #expect(object["name"] as? String == "../../etc/passwd")
        #expect(object["reason"] as? String == "not XML")
        #expect(object["at"] as? String == "2026-11-22T08:00:00Z")
        #expect(object["bytes"] as? Int == 4)
    }

    @Test func theQuarantineIsBounded() throws {
        let folder = try TemporaryFolder()
        let options = StoreOptions(
            quarantineItemsMax: 5, quarantineBytesMax: 2000, quarantineItemBytesMax: 300)
        let store = try ArticleStore(opening: folder.store, options: options, now: Samples.morning)
        func items() throws -> [String: [UInt8]] {
            try folder.snapshot().filter {
                $0.key.hasPrefix("state/quarantine/") && !$0.key.hasSuffix(".why.json")
            }
        }
        for number in 0..<9 {
            try store.quarantine(
                [UInt8(number)], name: "n\(number)", reason: "r", now: Samples.morning)
        }
        #expect(try items().values.map { $0[0] }.sorted() == [4, 5, 6, 7, 8])
        for number in 0..<9 {
            let bytes = [UInt8](repeating: UInt8(number), count: 1000)
            try store.quarantine(bytes, name: "big", reason: "r", now: Samples.morning)
        }
        let kept = try items()
        #expect(kept.values.allSatisfy { $0.count == 300 })
        #expect(kept.values.contains { $0[0] == 8 })
        let all = try folder.snapshot().filter { $0.key.hasPrefix("state/quarantine/") }
        #expect(all.values.reduce(0) { $0 + $1.count } <= 2000)
        let why = try #require(all.first { $0.key.hasSuffix(".why.json") })
        #expect(String(decoding: why.value, as: UTF8.self).contains("the first 300 bytes"))
    }

    @Test func interruptedReplacementsAreRemovedAtOpening() throws {
        let folder = try TemporaryFolder()
        try makeStore(folder, count: 1)
        for name in ["", "feeds/", "index/", "quarantine/"] {
            try folder.write("half", "state/\(name).tmp-x")
        }
        let store = try openQuickly(folder)
        #expect(store.feedStates().isEmpty)
        #expect(try folder.snapshot().keys.allSatisfy { !$0.contains(".tmp-") })
    }
}
