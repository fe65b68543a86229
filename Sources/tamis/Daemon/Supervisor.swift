internal import Glibc

/// What systemd and the daemon tell each other (sd_notify(3), sd_listen_fds(3),
/// sd_watchdog_enabled(3)). Outside of systemd every message is dropped.
struct Supervisor: Sendable {
    private let socket: String?
    /// How often the watchdog wants to hear of us; nil when it does not.
    let watchdogInterval: Duration?
    /// The status socket that systemd opened for us, if it did.
    let inheritedDescriptor: Int32?

    /// First descriptor that is passed (SD_LISTEN_FDS_START).
    private static let firstDescriptor: Int32 = 3

    /// Reads what the service manager left in the environment.
    init(environment: [String: String]) {
        socket = environment["NOTIFY_SOCKET"].flatMap { $0.isEmpty ? nil : $0 }
        let isOurs = { (name: String) in
            environment[name].map { Int32($0) == getpid() }
        }
        watchdogInterval =
            isOurs("WATCHDOG_PID") == false
            ? nil
            : environment["WATCHDOG_USEC"].flatMap { Int64($0) }.map { .microseconds($0) }
        let count = environment["LISTEN_FDS"].flatMap { Int32($0) } ?? 0
        if isOurs("LISTEN_PID") == true, count >= 1 {
            inheritedDescriptor = Self.firstDescriptor
            _ = fcntl(Self.firstDescriptor, F_SETFD, FD_CLOEXEC)
        } else {
            inheritedDescriptor = nil
        }
    }

    /// The daemon is up: its store is verified and its socket answers.
    func ready(_ status: String) { notify("READY=1\nSTATUS=\(line(status))") }
    /// One line for `systemctl status`.
    func status(_ status: String) { notify("STATUS=\(line(status))") }
    /// A reload begins; `ready` ends it.
    func reloading() {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        let microseconds = Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
        notify("RELOADING=1\nMONOTONIC_USEC=\(microseconds)")
    }
    func stopping(_ status: String) { notify("STOPPING=1\nSTATUS=\(line(status))") }
    /// Progress was made.
    func watchdog() { notify("WATCHDOG=1") }
    /// Start-up takes longer: systemd is to wait that much more.
    func extendStart(by span: Duration) {
        notify("EXTEND_TIMEOUT_USEC=\(span.components.seconds * 1_000_000)")
    }

    private func line(_ text: String) -> String { visible(text) }

    /// One datagram to the address in NOTIFY_SOCKET; a leading `@` is the abstract namespace. What
    /// cannot be sent is lost: the service manager has its own time-outs, and one that does not
    /// listen for a second must not hold us up.
    private func notify(_ message: String) {
        guard let socket else { return }
        var address = sockaddr_un()
        let path = Array(socket.utf8)
        guard path.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { buffer in
            buffer.copyBytes(from: path)
            if path.first == UInt8(ascii: "@") { buffer[0] = 0 }
        }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
        let descriptor = Glibc.socket(
            AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { Glibc.close(descriptor) }
        var patience = timeval(tv_sec: 1, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience,
            socklen_t(MemoryLayout<timeval>.size))
        let bytes = Array(message.utf8)
        withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = bytes.withUnsafeBytes {
                    sendto(
                        descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL), address,
                        length)
                }
            }
        }
    }
}
