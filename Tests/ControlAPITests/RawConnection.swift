import Dispatch
import Glibc

/// A client that sends what it likes, byte for byte. Its blocking calls run on a queue of their
/// own, so that they never take a thread from the server under test.
final class RawConnection: Sendable {
    private let descriptor: Int32
    private let queue = DispatchQueue(label: "raw-connection")

    struct Failure: Error { let call: String, code: Int32 }

    /// Connects; a read that takes longer than 20 s fails, so that no test can hang.
    init(unixSocket path: String) throws {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        descriptor = try Self.connected(AF_UNIX, &address)
    }

    init(port: UInt16) throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        descriptor = try Self.connected(AF_INET, &address)
    }

    private static func connected<Address>(
        _ family: Int32, _ address: inout Address
    ) throws -> Int32 {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<Address>.size))
            }
        }
        guard result == 0 else {
            let code = errno
            close(descriptor)
            throw Failure(call: "connect", code: code)
        }
        return descriptor
    }

    deinit { close(descriptor) }

    /// Sends all of it, or as much as the other side takes before it hangs up.
    func send(_ text: String) async { await send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) async {
        await onQueue { descriptor in
            var sent = 0
            while sent < bytes.count {
                let count = bytes[sent...].withUnsafeBytes {
                    Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { return }
                sent += count
            }
        }
    }

    /// Says that nothing more will come.
    func finishSending() async { await onQueue { _ = shutdown($0, Int32(SHUT_WR)) } }

    /// All that comes until the other side hangs up.
    func readToEnd() async throws -> String {
        let bytes = try await onQueue { descriptor in
            var all: [UInt8] = []
            while let some = try Self.read(descriptor) { all += some }
            return all
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What comes until that text has come; nil when the other side hangs up before.
    func read(until text: String) async throws -> String? {
        let wanted = Array(text.utf8)
        let bytes = try await onQueue { descriptor -> [UInt8]? in
            var all: [UInt8] = []
            while !all.suffix(wanted.count).elementsEqual(wanted) {
                guard let some = try Self.read(descriptor, 1) else { return nil }
                all += some
            }
            return all
        }
        return bytes.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Waits, without reading, until the other side has hung up.
    func waitForHangUp() async {
        await onQueue { descriptor in
            // A hang-up is reported whatever is asked for.
            var watched = pollfd(fd: descriptor, events: 0, revents: 0)
            _ = poll(&watched, 1, 20_000)
        }
    }

    /// nil at the end, also when that came with a reset.
    private static func read(_ descriptor: Int32, _ count: Int = 65_536) throws -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: count)
        let got = recv(descriptor, &buffer, count, 0)
        if got > 0 { return Array(buffer.prefix(got)) }
        if got == 0 || errno == ECONNRESET { return nil }
        throw Failure(call: "recv", code: errno)
    }

    private func onQueue<Value: Sendable, Failure: Error>(
        _ work: @escaping @Sendable (Int32) throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let descriptor = descriptor
        let queue = queue
        let result: Result<Value, Failure> = await withCheckedContinuation { continuation in
            queue.async {
                continuation.resume(
                    returning: Result { () throws(Failure) in try work(descriptor) })
            }
        }
        return try result.get()
    }
}
