internal import Dispatch
internal import Glibc
internal import Synchronization
internal import TestSupport

/// A process that a test started: what it is told, what it says, how it ends.
///
/// Starts with default signal dispositions and no descriptors but the standard three, and is killed
/// with the test process, however that ends. Its pipes are
/// read on queues of their own, so that no test holds a thread of the test runner while it waits.
final class ChildProcess: Sendable {
    enum Ending: Hashable, Sendable { case exit(Int32), signal(Int32) }

    /// Where standard output goes.
    enum Output: Sendable {
        case kept
        case file(String)
        /// Read up to the first newline, then closed, as `head -1` does.
        case firstLine
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let pid: pid_t
    private let state = Mutex(State())
    private let group = DispatchGroup()

    private struct LineWaiter: Sendable {
        let start: String
        let continuation: CheckedContinuation<String?, Never>

        init(start: String, _ continuation: CheckedContinuation<String?, Never>) {
            self.start = start
            self.continuation = continuation
        }
    }

    private struct State {
        var output: [UInt8] = []
        var errors: [UInt8] = []
        var ending: Ending?
        var isReaped = false
        var isSilent = false
        var lineWaiters: [LineWaiter] = []
    }

    init(
        _ program: String, _ arguments: [String], input: [UInt8] = [],
        environment: [String: String] = [:], output: Output = .kept,
        network: NetworkNamespace? = nil
    ) throws {
        let (inEnd, inRest) = try pipe()
        let (outRest, outEnd) = try pipe()
        let (errorRest, errorEnd) = try pipe()
        defer { for end in [inEnd, outEnd, errorEnd] { close(end) } }
        let (mortal, words) = LastingThread.mortal(program, arguments)
        let start = { @Sendable in
            try spawn(
                mortal, words, environment, standard: (inEnd, outEnd, errorEnd), output: output)
        }
        pid = try network?.insideLasting(start) ?? LastingThread.perform(start)
        perform("in") { _ in
            Self.write(input, to: inRest)
            close(inRest)
        }
        perform("out") { child in
            let isShort = if case .firstLine = output { true } else { false }
            Self.read(outRest, byLine: isShort) { some in
                child.state.withLock { $0.output += some }
                child.answerLineWaiters()
                return !(isShort && some.contains(0x0A))
            }
            child.state.withLock { $0.isSilent = true }
            child.answerLineWaiters()
        }
        perform("err") { child in
            Self.read(errorRest, byLine: false) { some in
                child.state.withLock { $0.errors += some }
                return true
            }
        }
        perform("end") { $0.reap() }
    }

    /// What it has said on standard output.
    var output: [UInt8] { state.withLock { $0.output } }
    /// What it has said on standard error.
    var errors: String { String(decoding: state.withLock { $0.errors }, as: UTF8.self) }
    /// How it ended; nil while it runs.
    var ending: Ending? { state.withLock { $0.ending } }

    /// The first line on standard output that starts so, once it is there; nil when none does.
    func line(startingWith start: String) async -> String? {
        await withCheckedContinuation { continuation in
            state.withLock { $0.lineWaiters.append(LineWaiter(start: start, continuation)) }
            answerLineWaiters()
        }
    }

    private func answerLineWaiters() {
        let answers = state.withLock { state -> [(LineWaiter, String?)] in
            let end = state.output.lastIndex(of: 0x0A) ?? 0
            let whole = state.output[..<end]
            let lines = String(decoding: whole, as: UTF8.self).split(separator: "\n")
            let answers = state.lineWaiters.compactMap { waiter -> (LineWaiter, String?)? in
                let line = lines.first { $0.hasPrefix(waiter.start) }.map(String.init)
                return line == nil && !state.isSilent ? nil : (waiter, line)
            }
            let starts = answers.map(\.0.start)
            state.lineWaiters.removeAll { starts.contains($0.start) }
            return answers
        }
        for (waiter, line) in answers { waiter.continuation.resume(returning: line) }
    }

    /// Sends a signal, unless it has ended.
    func send(_ signal: Int32) {
        state.withLock { state in
            if !state.isReaped { kill(pid, signal) }
        }
    }

    /// Waits until it has ended and all that it said is read.
    /// - Throws: when that takes longer than `limit`; it is killed then.
    @discardableResult
    func end(within limit: Duration = .seconds(60)) async throws(Failure) -> Ending {
        let alarm = Alarm(after: limit) { [self] in send(SIGKILL) }
        await withCheckedContinuation { continuation in
            group.notify(queue: DispatchQueue(label: "child.\(pid).done")) {
                // Here and not later: a busy test runner may take its time to go on.
                alarm.cancel()
                continuation.resume()
            }
        }
        guard !alarm.hasRung, let ending else {
            throw Failure(description: "process \(pid) ran longer than \(limit):\n\(errors)")
        }
        return ending
    }

    // MARK: - On the queues

    private func perform(_ name: String, _ work: @escaping @Sendable (ChildProcess) -> Void) {
        DispatchQueue(label: "child.\(pid).\(name)").async(group: group) { [self] in work(self) }
    }

    /// The number stays ours until the lock is held: no stranger gets a signal.
    private func reap() {
        var facts = siginfo_t()
        while waitid(P_PID, id_t(pid), &facts, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        state.withLock { state in
            var status: Int32 = 0
            waitpid(pid, &status, 0)
            state.isReaped = true
            state.ending = status & 0x7F == 0 ? .exit(status >> 8 & 0xFF) : .signal(status & 0x7F)
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        signal(SIGPIPE, SIG_IGN)
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count <= 0 { return }
            written += count
        }
    }

    private static func read(
        _ descriptor: Int32, byLine isByLine: Bool, _ take: ([UInt8]) -> Bool
    ) {
        var buffer = [UInt8](repeating: 0, count: isByLine ? 1 : 65_536)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0, take(Array(buffer.prefix(count))) else { break }
        }
        close(descriptor)
    }
}

/// Does something once, after a while, unless it is cancelled before.
final class Alarm: Sendable {
    private enum Standing { case waiting, rung, cancelled }
    private let standing = Mutex(Standing.waiting)

    init(after delay: Duration, _ ring: @escaping @Sendable () -> Void) {
        let (seconds, attoseconds) = delay.components
        let microseconds = Int(seconds) * 1_000_000 + Int(attoseconds / 1_000_000_000_000)
        let deadline = DispatchTime.now() + .microseconds(microseconds)
        DispatchQueue(label: "alarm").asyncAfter(deadline: deadline) { [weak self] in
            if self?.mayRing() == true { ring() }
        }
    }

    private func mayRing() -> Bool {
        standing.withLock { standing in
            guard standing == .waiting else { return false }
            standing = .rung
            return true
        }
    }

    var hasRung: Bool { standing.withLock { $0 == .rung } }

    func cancel() {
        standing.withLock { standing in
            if standing == .waiting { standing = .cancelled }
        }
    }
}

private func pipe() throws(ChildProcess.Failure) -> (read: Int32, write: Int32) {
    var ends: [Int32] = [0, 0]
    guard Glibc.pipe(&ends) == 0 else {
        throw ChildProcess.Failure(description: "no pipe: errno \(errno)")
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
}

/// Descriptors of the test process that are kept from a child.
private let descriptorsMax = 1024

private func spawn(
    _ program: String, _ arguments: [String], _ environment: [String: String],
    standard: (input: Int32, output: Int32, errors: Int32), output: ChildProcess.Output
) throws(ChildProcess.Failure) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, standard.input, 0)
    if case .file(let path) = output {
        posix_spawn_file_actions_addopen(&actions, 1, path, O_WRONLY, 0)
    } else {
        posix_spawn_file_actions_adddup2(&actions, standard.output, 1)
    }
    posix_spawn_file_actions_adddup2(&actions, standard.errors, 2)
    // Whatever is open here by chance, of this test or of its neighbours.
    for descriptor in 3..<Int32(descriptorsMax) {
        posix_spawn_file_actions_addclose(&actions, descriptor)
    }

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setflags(
        &attributes, Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK))

    let settings = environment.map { "\($0.key)=\($0.value)" }
    var argv = ([program] + arguments).map { strdup($0) } + [nil]
    var envp = settings.map { strdup($0) } + [nil]
    defer { for text in argv + envp { free(text) } }
    var pid: pid_t = 0
    let code = posix_spawn(&pid, program, &actions, &attributes, &argv, &envp)
    guard code == 0 else {
        throw ChildProcess.Failure(description: "\(program) cannot be started: errno \(code)")
    }
    return pid
}
