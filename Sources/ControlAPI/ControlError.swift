internal import Glibc

/// What can be wrong with a control socket, on either side of it.
package enum ControlError: Error, Hashable, Sendable {
    // MARK: Serving

    /// Longer than a Unix socket's address can be.
    case pathTooLong(path: String, bytes: Int, bytesMax: Int)
    /// Somebody answers at this path.
    case alreadyRunning(path: String)
    /// Something else stands at this path, and it is not ours to remove.
    case notASocket(path: String, found: String)
    case unknownUser(String)
    case unknownGroup(String)
    /// Not an address of this machine's own loopback interface.
    case notLoopback(String)
    case addressInUse(String)
    /// What systemd handed over cannot be listened on.
    case badDescriptor(Int32, reason: String)
    /// A system call failed.
    case system(call: String, subject: String, errno: Int32)

    // MARK: Asking

    /// There is no socket, or nobody listens at it.
    case notRunning(path: String, socketExists: Bool)
    case permissionDenied(path: String)
    /// The daemon refused, and said why.
    case refused(ControlProblem)
    /// What came back is not what a daemon of this kind says.
    case unexpectedAnswer(status: Int, reason: String)
    /// The connection ended in the middle.
    case connectionLost
    /// Events came faster than they were read.
    case fellBehind
    /// No answer came in time.
    case timedOut(after: Duration)
}

extension ControlError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .pathTooLong(let path, let bytes, let bytesMax):
            """
            the socket path has \(bytes) bytes, at most \(bytesMax) are possible; \
            choose a shorter one than \(path)
            """
        case .alreadyRunning(let path):
            "already running: somebody answers at \(path)"
        case .notASocket(let path, let found):
            "\(path) is \(found), not a socket; move it away or configure another path"
        case .unknownUser(let name): "there is no user \(name) to own the socket"
        case .unknownGroup(let name): "there is no group \(name) to own the socket"
        case .notLoopback(let text):
            "\(text) is not a loopback address with a port, like 127.0.0.1:8080 or [::1]:8080"
        case .addressInUse(let address): "another process listens at \(address)"
        case .badDescriptor(let descriptor, let reason):
            "the inherited descriptor \(descriptor) cannot be used: \(reason)"
        case .system("mkdtemp", let folder, ENOENT):
            "there is no folder \(folder) for the status socket: make it, or set status.socket"
        case .system("mkdtemp", let folder, EACCES):
            "no right to write to \(folder): run as its owner, or set status.socket"
        case .system(let call, let subject, let errno):
            "\(subject): \(call) failed: \(String(cString: strerror(errno)))"
        case .notRunning(let path, let socketExists):
            socketExists
                ? "the daemon is not running: nobody listens at \(path)"
                : "the daemon is not running: there is no socket at \(path)"
        case .permissionDenied(let path):
            "not allowed to talk to the daemon at \(path); ask as root or join the socket's group"
        case .refused(let problem): problem.description
        case .unexpectedAnswer(let status, let reason):
            "the daemon's answer (status \(status)) cannot be understood: \(reason)"
        case .connectionLost: "the daemon hung up in the middle of its answer"
        case .fellBehind: "events came faster than they were read; resume after the last one"
        case .timedOut(let timeout):
            "the daemon did not answer within \(timeout.components.seconds) s"
        }
    }
}
