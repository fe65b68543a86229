internal import Dispatch
internal import Synchronization

/// A fixed number of serial queues for pure CPU work: parse, extract, fingerprint.
///
/// 1. At most `count` pieces of work run at once, however many wait: the number of threads is
///    bounded, and Dispatch's shared pool is never blocked.
/// 2. New work goes to the lane with the fewest pieces waiting or running; within one lane, work
///    runs in the order it came.
/// 3. Heavy work, which needs much memory, goes to the first lane: one piece at a time.
/// 4. Work owns nothing and waits for nothing: no disk, no network, no other queue.
///
/// A call costs 10–20 µs beyond its work, so hand over whole documents, not items.
package final class Lanes: Sendable {
    private let lanes: [DispatchQueue]
    /// Pieces of work waiting or running, by lane.
    private let loads: Mutex<[Int]>

    /// Makes `count` lanes, at least one.
    package init(count: Int, label: String = "tamis.lane") {
        let count = max(1, count)
        lanes = (0..<count).map { DispatchQueue(label: "\(label).\($0)") }
        loads = Mutex(Array(repeating: 0, count: count))
    }

    /// How many pieces of work can run at once.
    package var count: Int { lanes.count }

    /// Pieces of work waiting or running, over all lanes.
    package var load: Int { loads.withLock { $0.reduce(0, +) } }

    /// Runs `work` on the least busy lane, or the first when it is heavy, and gives its result or
    /// its error. Not cancellable: work is short.
    nonisolated(nonsending)
        package func run<T: Sendable, Failure: Error>(
            isHeavy: Bool = false, _ work: @Sendable @escaping () throws(Failure) -> T
        ) async throws(Failure) -> T
    {
        let lane = enter(waitingMax: .max, isHeavy: isHeavy) ?? 0
        return try await perform(work, on: lane)
    }

    /// Runs `work` unless `loadMax` pieces are already waiting or running: then nil, at once.
    nonisolated(nonsending)
        package func run<T: Sendable, Failure: Error>(
            unlessLoadReaches loadMax: Int, _ work: @Sendable @escaping () throws(Failure) -> T
        ) async throws(Failure) -> T?
    {
        guard let lane = enter(waitingMax: loadMax) else { return nil }
        return try await perform(work, on: lane)
    }

    /// Takes a place on the least busy lane; nil when all lanes together hold `waitingMax`.
    private func enter(waitingMax: Int, isHeavy: Bool = false) -> Int? {
        loads.withLock { loads in
            var lane = 0
            var total = 0
            for (index, load) in loads.enumerated() {
                total += load
                if load < loads[lane], !isHeavy { lane = index }
            }
            guard total < waitingMax else { return nil }
            loads[lane] += 1
            return lane
        }
    }

    nonisolated(nonsending)
        private func perform<T: Sendable, Failure: Error>(
            _ work: @Sendable @escaping () throws(Failure) -> T, on lane: Int
        ) async throws(Failure) -> T
    {
        let result = await withCheckedContinuation { continuation in
            lanes[lane].async { [self] in
                let result: Result<T, Failure>
                do throws(Failure) {
                    result = .success(try work())
                } catch {
                    result = .failure(error)
                }
                // Before the caller goes on, so that it never sees its own work as load.
                loads.withLock { $0[lane] -= 1 }
                continuation.resume(returning: result)
            }
        }
        return try result.get()
    }
}
