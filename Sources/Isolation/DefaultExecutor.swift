internal import CSwiftRuntime
internal import Dispatch

/// Where asynchronous code runs that belongs to no actor.
package enum DefaultExecutor {
    static let queue = DispatchQueue(label: "tamis.tasks")

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
            DefaultExecutor.queue.async {
                tamis_run_job(UnsafeMutableRawPointer(bitPattern: address))
            }
        }
    }
}
