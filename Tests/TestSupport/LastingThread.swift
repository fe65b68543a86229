internal import Dispatch
internal import Foundation
internal import Synchronization

/// A thread that lasts as long as the process.
///
/// The signal that a child gets when its parent dies (prctl(2), `PR_SET_PDEATHSIG`) comes when the
/// thread ends that started the child, not the process. Threads of Dispatch end when they are idle.
enum LastingThread {
    /// Starts a command that is killed with this process, however that ends, where `setpriv` is
    /// there to ask for it. The command must have its executable and its arguments by then.
    static func start(_ command: Process) throws {
        let setpriv = "/usr/bin/setpriv"
        if FileManager.default.isExecutableFile(atPath: setpriv), let path = command.executableURL {
            command.arguments = ["--pdeathsig", "KILL", path.path] + (command.arguments ?? [])
            command.executableURL = URL(filePath: setpriv)
        }
        let (done, outcome) = (DispatchSemaphore(value: 0), Outcome())
        jobs.add {
            outcome.result.withLock { $0 = Result { try command.run() } }
            done.signal()
        }
        done.wait()
        try outcome.result.withLock { $0 }?.get()
    }

    private final class Outcome: Sendable {
        let result = Mutex<Result<Void, any Error>?>(nil)
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
