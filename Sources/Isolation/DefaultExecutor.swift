internal import CSwiftRuntime
internal import Dispatch
internal import Synchronization

/// Where asynchronous code runs that belongs to no actor.
package enum DefaultExecutor {
    static let queue = DispatchQueue(label: "tamis.tasks")
    /// Jobs that the queue has not come to, by their addresses.
    private static let waiting = Mutex<[UInt]>([])

    /// Moves that code from Dispatch's shared pool to one serial queue, for the rest of the
    /// process's life.
    ///
    /// On Linux the first use of the pool starts a monitor that wakes the process once a second for
    /// good (libdispatch, `_dispatch_workq_monitor_pools`); an idle daemon should sleep. Only glue
    /// may run there: work that takes time goes to `Lanes`, waiting costs nothing. To be called
    /// once, before the work of the process begins.
    package static func moveToOwnQueue() {
        tamis_take_over_default_executor { job in
            let address = UInt(bitPattern: job)
            let isFirst = DefaultExecutor.waiting.withLock { waiting in
                waiting.append(address)
                return waiting.count == 1
            }
            // One crossing for all that come before the queue gets to run.
            if isFirst { DefaultExecutor.queue.async { DefaultExecutor.runWaiting() } }
        }
    }

    /// Those that they bring about in turn wait for the queue once more, behind what else it has.
    private static func runWaiting() {
        let jobs = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        for job in jobs { tamis_run_job(UnsafeMutableRawPointer(bitPattern: job)) }
    }
}
