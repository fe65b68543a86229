internal import Dispatch
internal import Foundation
internal import Synchronization

/// A thread that lasts as long as the process.
///
/// The signal that a child gets when its parent dies (prctl(2), `PR_SET_PDEATHSIG`) comes when the
/// thread ends that started the child, not the process. Threads of Dispatch end when they are idle.
package enum LastingThread {
    /// Starts a command that is killed with this process, however that ends. The command must have
    /// its executable and its arguments by then.
    static func start(_ command: Process) throws {
        if let path = command.executableURL {
            let (program, arguments) = mortal(path.path, command.arguments ?? [])
            command.executableURL = URL(filePath: program)
            command.arguments = arguments
        }
        try perform { try command.run() }
    }

    /// The same command, but killed with this process if it is started on this thread; unchanged
    /// where `setpriv` is not there to ask for it.
    package static func mortal(
        _ program: String, _ arguments: [String]
    ) -> (program: String, arguments: [String]) {
        let setpriv = "/usr/bin/setpriv"
        guard FileManager.default.isExecutableFile(atPath: setpriv) else {
            return (program, arguments)
        }
        return (setpriv, ["--pdeathsig", "KILL", program] + arguments)
    }

    /// Does something short on this thread, and waits for its end.
    package static func perform<Result: Sendable>(
        _ work: @Sendable @escaping () throws -> Result
    ) throws -> Result {
        let (done, outcome) = (DispatchSemaphore(value: 0), Outcome<Result>())
        jobs.add {
            let result = Swift.Result { try work() }
            outcome.result.withLock { $0 = result }
            done.signal()
        }
        done.wait()
        guard let result = outcome.result.withLock({ $0 }) else { throw CancellationError() }
        return try result.get()
    }

    private final class Outcome<Result: Sendable>: Sendable {
        let result = Mutex<Swift.Result<Result, any Error>?>(nil)
    }

    private final class Jobs: Sendable {
        let waiting = Mutex<[@Sendable () -> Void]>([])
        let count = DispatchSemaphore(value: 0)

        func add(_ job: @Sendable @escaping () -> Void) {
            waiting.withLock { $0.append(job) }
            count.signal()
        }
    }

    private static let jobs: Jobs = {
        let jobs = Jobs()
        Thread.detachNewThread {
            while true {
                jobs.count.wait()
                jobs.waiting.withLock { $0.isEmpty ? nil : $0.removeFirst() }?()
            }
        }
        return jobs
    }()
}
