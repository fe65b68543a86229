import Fetching
import TestSupport
import Testing

/// A transfer's limits of time, stepped through simulated time.
@Suite struct TransferTimeTests {
    private static let limits: FetchOptions = {
        var limits = FetchOptions()
        limits.firstByteTimeMax = .seconds(10)
        limits.lowSpeedBytesPerSecond = 100
        limits.lowSpeedTimeMax = .seconds(5)
        return limits
    }()

    /// Begun at 100 s, in libcurl's hands at 102 s, with 30 s in all.
    private func time() -> TransferTime {
        TransferTime(
            begun: .seconds(100), handedOver: .seconds(102), timeMax: .seconds(30),
            limits: Self.limits)
    }

    @Test func firstByteIsAwaitedFromHandingOverOn() {
        var time = time()
        #expect(time.firstLook == .seconds(112))
        #expect(time.look(at: .seconds(111), bytes: 0) == .inTime(until: .seconds(112)))
        #expect(
            time.look(at: .seconds(112), bytes: 0)
                == .late(.firstByteIsLate(after: .seconds(10))))
        #expect(time.look(at: .seconds(112), bytes: 1) == .inTime(until: .seconds(130)))
    }

    @Test func wholeTimeRunsFromTheTurnOn() {
        var time = time()
        #expect(time.look(at: .seconds(129), bytes: 9) == .inTime(until: .seconds(130)))
        #expect(time.look(at: .seconds(130), bytes: .max) == .late(.isOutOfTime))
        // Where it is shorter than the time until the first byte, it goes before.
        var short = TransferTime(
            begun: .seconds(100), handedOver: .seconds(102), timeMax: .seconds(8),
            limits: Self.limits)
        #expect(short.firstLook == .seconds(108))
        #expect(short.look(at: .seconds(112), bytes: 0) == .late(.isOutOfTime))
    }

    @Test func speedIsMeasuredOverWholeSpansSinceTheRequest() {
        var time = time()
        time.noteSending(at: .seconds(103))
        #expect(time.look(at: .seconds(107), bytes: 1) == .inTime(until: .seconds(108)))
        // 500 bytes in five seconds are enough, and begin a new span.
        #expect(time.look(at: .seconds(108), bytes: 500) == .inTime(until: .seconds(113)))
        #expect(time.look(at: .seconds(113), bytes: 999) == .late(.isTooSlow))
    }

    /// A look that comes late measures over what has passed.
    @Test(arguments: [(999, true), (1000, false)])
    func lateLookAsksForMore(bytes: Int, isLate: Bool) {
        var time = time()
        time.noteSending(at: .seconds(103))
        let finding = time.look(at: .seconds(113), bytes: bytes)
        #expect(finding == (isLate ? .late(.isTooSlow) : .inTime(until: .seconds(118))))
    }

    @Test func requestThatIsSentAgainBeginsAnew() {
        var time = time()
        time.noteSending(at: .seconds(103))
        time.noteSending(at: .seconds(106))
        #expect(time.look(at: .seconds(108), bytes: 1) == .inTime(until: .seconds(111)))
    }

    @Test func noSpeedIsAskedForWhereNoneIsConfigured() {
        var limits = Self.limits
        limits.lowSpeedBytesPerSecond = 0
        var time = TransferTime(
            begun: .zero, handedOver: .zero, timeMax: .seconds(30), limits: limits)
        time.noteSending(at: .zero)
        #expect(time.look(at: .seconds(29), bytes: 1) == .inTime(until: .seconds(30)))
    }

    /// Whoever looks exactly when he is told to never looks twice for nothing, and ends all.
    @Test(arguments: 0..<50) func looksGoOnAndEnd(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var time = time()
        var now = time.firstLook
        var bytes = 0
        time.noteSending(at: .seconds(Int64.random(in: 102...104, using: &random)))
        for _ in 0..<100 {
            bytes += Int.random(in: 0...2000, using: &random)
            guard case .inTime(let until) = time.look(at: now, bytes: bytes) else { return }
            #expect(until > now)
            now = until
        }
        Issue.record("a transfer of thirty seconds was looked at a hundred times")
    }
}
