package import Isolation
package import News
internal import Synchronization

/// Keeps on disk which hosts want no requests: at once when one says so, and while more do, all of
/// them together every `interval`. A crash loses the holds of the last `interval` at most.
package actor HoldKeeper: QueueActor {
    package nonisolated let executor: QueueExecutor

    private let ledger: Ledger
    private let interval: Duration
    /// The latest picture that is not on its way to the disk.
    private nonisolated let waiting = Mutex<[String: Instant]?>(nil)
    private var timer: QueueTimer?
    private var isResting = false

    /// Shares the ledger's queue.
    package init(_ ledger: Ledger, interval: Duration = .seconds(5)) {
        self.ledger = ledger
        self.interval = interval
        executor = ledger.executor
    }

    /// Takes the hosts that want no requests at present, and until when; the last call counts.
    package nonisolated func note(_ holds: [String: Instant]) {
        let isFirst = waiting.withLock { waiting in
            defer { waiting = holds }
            return waiting == nil
        }
        if isFirst { Task { await keep() } }
    }

    private func keep() async {
        guard !isResting else { return }
        isResting = true
        await flush()
        let timer = timer ?? QueueTimer(of: self) { $0.rested() }
        self.timer = timer
        timer.arm(after: interval)
    }

    private func rested() {
        isResting = false
        if waiting.withLock({ $0 != nil }) { Task { await keep() } }
    }

    /// Writes what waits, now.
    package func flush() async {
        let holds = waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }
        if let holds { await ledger.save(holds: holds) }
    }
}
