import FeedParsing
import Foundation
import News
import Promises
import Testing

/// What `FeedParsing` promises of any bytes, on every fixture, cut and changed. The fuzzers of
/// `Tests/Fuzzing` try the same for hours.
struct PromiseTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures")

    private static func body(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appendingPathComponent("\(name)/input")))
    }

    /// Every entry that was whole before the cut is kept, and no other comes instead; the document
    /// says that it is damaged when one is missing.
    @Test(arguments: FixtureTests.cases)
    func aCutAtEveryByteKeepsAPrefix(name: String) throws {
        let bytes = try Self.body(name)
        let limits = FeedLimits()
        guard let whole = try? parseFeed(bytes, from: feedAddress, declared: nil) else { return }
        #expect(brokenPromise(of: whole, within: limits) == nil)
        for end in bytes.indices {
            guard let cut = try? parseFeed(Array(bytes[..<end]), from: feedAddress, declared: nil)
            else { continue }
            let sentence =
                brokenPromise(of: cut, within: limits)
                ?? brokenPromise(of: cut, asPrefixOf: whole, cutAt: end)
            #expect(sentence == nil, "\(name)")
        }
    }

    @Test(arguments: FixtureTests.cases)
    func changedBytesAreReadWithinTheLimits(name: String) throws {
        let bytes = try Self.body(name)
        for seed in UInt64(1)...300 {
            var generator = SeededGenerator(seed: seed)
            let changed = generator.mutated(bytes)
            let sentence =
                brokenPromise(ofFeed: changed) ?? brokenPromise(ofOPML: changed)
                ?? brokenPromise(ofAnswer: changed)
            #expect(sentence == nil, "\(name), seed \(seed)")
        }
    }

    @Test func changedDatesAreReadOrRefused() {
        let dates = [
            "Thu, 26 Nov 2026 10:00:00 GMT", "2026-11-26T10:00:00.5+01:00", "26/11/26 10 PM EST",
            "2026-W48-4", "1795687200000", "jeu. 26 nov. 2026 24:00 (CET)", "20261126101112",
        ]
        for date in dates {
            for seed in UInt64(1)...1000 {
                var generator = SeededGenerator(seed: seed)
                let changed = generator.mutated(Array(date.utf8))
                #expect(brokenPromise(ofDate: changed) == nil, "\(date), seed \(seed)")
            }
        }
    }
}

extension SeededGenerator {
    /// The same bytes with a few changes: bytes set, removed, doubled or moved, pieces of feeds put
    /// in.
    mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
        var result = bytes
        for _ in 0..<Int.random(in: 1...8, using: &self) {
            guard !result.isEmpty else { return feedBytes(count: 20) }
            let start = Int.random(in: result.indices, using: &self)
            let end = min(result.count, start + Int.random(in: 0...40, using: &self))
            switch Int.random(in: 0..<6, using: &self) {
            case 0: result[start] = UInt8.random(in: 0...255, using: &self)
            case 1: result.removeSubrange(start..<end)
            case 2: result.insert(contentsOf: result[start..<end], at: start)
            case 3: result.insert(contentsOf: feedBytes(count: 12), at: start)
            case 4: result[start] ^= 1 << UInt8.random(in: 0..<8, using: &self)
            default:
                let piece = result[start..<end]
                result.removeSubrange(start..<end)
                result.insert(
                    contentsOf: piece, at: Int.random(in: 0...result.count, using: &self))
            }
        }
        return result
    }
}
