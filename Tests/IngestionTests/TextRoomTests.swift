import Ingestion
import News
import Synchronization
import TestSupport
import Testing

/// What bounds the memory of many polls with long texts.
@Suite struct TextRoomTests {
    @Test func aPollTakesWhatIsFreeOrItsShare() {
        let room = TextRoom(bytesMax: 100, pollBytesMax: 60, shareBytes: 10)
        #expect(room.take(5) == 5)
        #expect(room.take(80) == 60, "not more than one poll may have")
        #expect(room.take(80) == 35, "what is free")
        #expect(room.take(80) == 10, "a share, though nothing is free")
        #expect(room.take(3) == 3)
        #expect(room.take(80, least: 20) == 20, "what was held before")
        #expect(room.bytes == 133)
        room.giveBack(60)
        #expect(room.take(80) == 27)
    }

    /// Whatever comes and goes, the room never holds more than all and a share for each.
    @Test(arguments: 0..<20 as Range<UInt64>) func theRoomStaysBounded(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let room = TextRoom(bytesMax: 1000, pollBytesMax: 400, shareBytes: 50)
        var taken: [Int] = []
        for _ in 0..<500 {
            if taken.count < 20, Bool.random(using: &random) {
                taken.append(room.take(Int.random(in: 0...900, using: &random)))
            } else if let last = taken.indices.randomElement(using: &random) {
                room.giveBack(taken.remove(at: last))
            }
            #expect(room.bytes == taken.reduce(0, +), "seed \(seed)")
            #expect(room.bytes <= 1000 + 20 * 50, "seed \(seed)")
        }
    }

    private final class Told: Sendable {
        let numbers = Mutex<[Int]>([])
        var count: Int { numbers.withLock { $0.count } }
    }

    @Test func turnsComeOneAtATime() async {
        let (turn, told) = (Turn(), Told())
        await turn.begin()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    await turn.begin()
                    let before = told.count
                    await Task.yield()
                    #expect(told.count == before, "nobody else in between")
                    told.numbers.withLock { $0.append(number) }
                    turn.end()
                }
            }
            #expect(told.count == 0, "it is taken")
            turn.end()
        }
        #expect(Set(told.numbers.withLock { $0 }) == Set(0..<20))
        // All have ended: it is free.
        await turn.begin()
        turn.end()
    }

    /// Three texts fit: the others follow, and none is missed.
    @Test(arguments: [true, false]) func longTextsFollowWithTheNextPoll(isRoom: Bool) async throws {
        let items = (1...8).map { PressItem.full($0) }
        let bytesMax = items.prefix(3).reduce(0) { $0 + $1.description.utf8.count } + 20
        let scene = try NewsScene {
            // Of this poll or, where nothing else is free, of its share.
            $0.pipeline.pollTextBytesMax = isRoom ? bytesMax : .max
            $0.pipeline.heldTextBytesMax = isRoom ? .max : 0
            $0.pipeline.shareTextBytes = isRoom ? 0 : bytesMax
        }
        scene.press.publish(items.reversed())
        try await scene.prepare(scene.feed { $0.fetchesPages = false })
        var kept: [Int] = []
        while let more = try await scene.poll().tally?.kept, more > 0 { kept.append(more) }
        #expect(kept.reduce(0, +) == 8)
        #expect(kept.first == 3 && kept.count <= 4, "\(kept)")
        #expect(Set(try scene.records.compactMap(\.article?.title)).count == 8)
        #expect(try await scene.poll().result == .notModified, "now all of it is known")
        await scene.stop()
    }

    /// Of what a poll leaves to the next, long texts are not kept but read again.
    @Test func longTextsThatWaitAreFoundAgain() async throws {
        let scene = try NewsScene {
            $0.pipeline.commitBatchMax = 1
            $0.pipeline.pollTimeMax = .zero
        }
        let items = (1...6).map { PressItem.full($0, paragraphs: 170) }
        scene.press.publish(items.reversed())
        try await scene.prepare(scene.feed { $0.fetchesPages = false })
        let size = items.map(\.description.utf8.count).max() ?? 0
        try #require(size > 52_500 && size < 250_000)
        #expect(try await scene.poll().tally?.kept == 1)
        let state = try scene.state()
        #expect((1...4).contains(state.pending.count), "some wait, and some are let go of")
        #expect(state.validators.isEmpty)
        for _ in 0..<5 { #expect(try await scene.poll().tally?.kept == 1) }
        #expect(try scene.state().pending.isEmpty)
        #expect(Set(try scene.records.compactMap(\.article?.title)).count == 6)
        await scene.stop()
    }
}
