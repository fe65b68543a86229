import Dispatch
import Isolation
import Synchronization
import Testing

struct LanesTests {
    struct Refusal: Error, Equatable {}

    /// How many pieces of work were ever running at once.
    private final class Peak: Sendable {
        private let running = Mutex((now: 0, most: 0))

        func enter() {
            running.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
        }
        func leave() { running.withLock { $0.now -= 1 } }
        var value: Int { running.withLock { $0.most } }
    }

    @Test func workGivesItsResult() async {
        let lanes = Lanes(count: 2)
        #expect(await lanes.run { 6 * 7 } == 42)
        #expect(lanes.load == 0)
    }

    @Test func workThrowsItsOwnError() async {
        let lanes = Lanes(count: 1)
        await #expect(throws: Refusal()) {
            try await lanes.run { () throws(Refusal) -> Int in throw Refusal() }
        }
        #expect(lanes.load == 0)
    }

    @Test func thereIsAlwaysALane() {
        #expect(Lanes(count: -3).count == 1)
    }

    @Test func noMoreRunsAtOnceThanThereAreLanes() async {
        let lanes = Lanes(count: 3)
        let peak = Peak()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    await lanes.run {
                        peak.enter()
                        peak.leave()
                    }
                }
            }
        }
        #expect(1...3 ~= peak.value)
        #expect(lanes.load == 0)
    }

    @Test func heavyWorkIsDoneOneAtATime() async {
        let lanes = Lanes(count: 3)
        let peak = Peak()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask {
                    await lanes.run(isHeavy: number % 2 == 0) {
                        guard number % 2 == 0 else { return }
                        peak.enter()
                        // As long as the others need to come.
                        for _ in 0..<1000 { _ = peak.value }
                        peak.leave()
                    }
                }
            }
        }
        #expect(peak.value == 1)
        #expect(lanes.load == 0)
    }

    @Test func idleLaneIsPreferredToABusyOne() async {
        let lanes = Lanes(count: 2)
        let gate = DispatchSemaphore(value: 0)
        let blocked = Task { await lanes.run { gate.wait() } }
        while lanes.load == 0 { await Task.yield() }
        // With one lane shut, twenty pieces in a row can only end if all choose the other.
        for number in 0..<20 { #expect(await lanes.run { number } == number) }
        gate.signal()
        await blocked.value
    }

    @Test func fullLanesRefuseAtOnce() async {
        let lanes = Lanes(count: 1)
        let gate = DispatchSemaphore(value: 0)
        let blocked = Task { await lanes.run { gate.wait() } }
        while lanes.load == 0 { await Task.yield() }
        #expect(await lanes.run(unlessLoadReaches: 1) { 1 } == nil)
        gate.signal()
        await blocked.value
        #expect(await lanes.run(unlessLoadReaches: 1) { 1 } == 1)
    }
}
