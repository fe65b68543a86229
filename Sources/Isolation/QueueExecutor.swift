package import Dispatch

/// How Tamis runs: actors whose executor is a serial Dispatch queue.
///
/// The compiler then checks isolation, while timers, signals, descriptors and C callbacks arrive on
/// the very queue that owns the state and enter the actor without a hop. Dispatch's own
/// `DispatchSerialQueue` does not exist on Linux, hence this small executor.
///
/// Costs, measured: a call between actors on one executor 25 ns; between two executors 10–20 µs,
/// so batches cross queues, not items.
package final class QueueExecutor: SerialExecutor {
    /// The serial queue that everything of this executor runs on.
    package let queue: DispatchQueue

    /// An executor on a new serial queue of that label.
    package init(label: String) {
        queue = DispatchQueue(label: label)
    }

    /// An executor that takes turns with the code that belongs to no actor (`DefaultExecutor`), on
    /// the same thread: what goes to and fro between the two wakes nobody. For actors that many
    /// tasks ask for little.
    package init(besideTasks label: String) {
        queue = DispatchQueue(label: label, target: DefaultExecutor.queue)
    }

    /// Does something on the queue, after the code that belongs to no actor has had its turn.
    package func afterTasks(_ work: @Sendable @escaping () -> Void) {
        DefaultExecutor.queue.async { [queue] in queue.async(execute: work) }
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        // The job may be the actor's end, and release what owns this executor: whatever runs after
        // that on this thread still asks which executor is the present one.
        queue.async { [self] in
            withExtendedLifetime(self) { job.runSynchronously(on: asUnownedSerialExecutor()) }
        }
    }

    package func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }

    /// Traps, with a sentence, when the caller is not on the queue: what `assumeIsolated` asks.
    package func checkIsolated() {
        dispatchPrecondition(condition: .onQueue(queue))
    }
}

/// An actor that lives on a `QueueExecutor`. Several may share one: they then call each other
/// without a hop.
///
/// A conforming actor declares `nonisolated let executor: QueueExecutor`, nothing more.
package protocol QueueActor: Actor {
    nonisolated var executor: QueueExecutor { get }
}

extension QueueActor {
    nonisolated package var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    /// The actor's queue, for sources and for `async` from places that cannot `await`.
    nonisolated package var queue: DispatchQueue { executor.queue }
}
