internal import Dispatch
internal import Glibc
internal import Synchronization

/// A name server for tests (RFC 1035), over UDP, that answers as it is told.
package final class NameServer: Sendable {
    /// What is said about a name.
    package enum Answer: Sendable, Equatable {
        /// IPv4 and IPv6 addresses; a question for the other kind gets an empty answer.
        case addresses([String])
        /// Another name, and its addresses in the same answer.
        case alias(String, [String])
        /// Nothing at all.
        case silence
        /// No addresses, no error.
        case nothing
        /// A response code of RFC 1035, section 4.1.1: 2 the server failed, 3 no such name.
        case failure(UInt8)
        /// Bytes that are no answer.
        case garbage
    }

    /// `times`: how often this name was asked for with this type before.
    package typealias Zone = @Sendable (_ name: String, _ times: Int) -> Answer

    private let descriptor: Int32
    private let asked = Mutex<[String: Int]>([:])

    /// Answers at once, on that port of that address.
    package init(address: String, port: UInt16 = 53, _ zone: @escaping Zone) throws {
        let (descriptor, _) = try boundSocket(
            at: address, port: port, type: SOCK_DGRAM, { _ in 0 })
        self.descriptor = descriptor
        DispatchQueue(label: "names.\(port)").async { [weak self] in
            var buffer = [UInt8](repeating: 0, count: 512)
            while true {
                var from = sockaddr_in6()
                let (count, length) = receive(from: descriptor, into: &buffer, &from)
                guard count > 0, let self else { break }
                guard let answer = answer(to: Array(buffer.prefix(count)), zone) else { continue }
                send(answer, by: descriptor, to: &from, length)
            }
            close(descriptor)
        }
    }

    deinit { stop() }

    /// Says nothing any more.
    package func stop() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// How often a name was asked for, whatever the type.
    package func questions(for name: String) -> Int {
        asked.withLock { $0.filter { $0.key.hasSuffix(" \(name)") }.values.reduce(0, +) }
    }

    private func answer(to query: [UInt8], _ zone: Zone) -> [UInt8]? {
        guard let (name, type, end) = question(in: query) else { return nil }
        let times = asked.withLock { asked in
            defer { asked["\(type) \(name)", default: 0] += 1 }
            return asked["\(type) \(name)"] ?? 0
        }
        let echo = Array(query[12..<end])
        func message(code: UInt8, _ records: [[UInt8]]) -> [UInt8] {
            Array(query.prefix(2)) + [0x81, 0x80 | code, 0, 1, 0, UInt8(records.count), 0, 0, 0, 0]
                + echo
                + records.flatMap { $0 }
        }
        switch zone(name, times) {
        case .silence: return nil
        case .garbage: return Array(query.prefix(2)) + [UInt8](repeating: 0xFF, count: 40)
        case .nothing: return message(code: 0, [])
        case .failure(let code): return message(code: code, [])
        case .addresses(let addresses):
            // 0xC00C points to the name of the question.
            return message(code: 0, records(of: [0xC0, 0x0C], type, addresses))
        case .alias(let other, let addresses):
            let target = labels(of: other)
            let alias = record([0xC0, 0x0C], type: 5, target)
            return message(code: 0, [alias] + records(of: target, type, addresses))
        }
    }

    private func records(of name: [UInt8], _ type: UInt16, _ addresses: [String]) -> [[UInt8]] {
        addresses.compactMap { address in
            let isV6 = address.contains(":")
            guard type == (isV6 ? 28 : 1) else { return nil }
            var bytes = [UInt8](repeating: 0, count: isV6 ? 16 : 4)
            guard inet_pton(isV6 ? AF_INET6 : AF_INET, address, &bytes) == 1 else { return nil }
            return record(name, type: type, bytes)
        }
    }

    /// To be forgotten at once: a time to live of zero.
    private func record(_ name: [UInt8], type: UInt16, _ data: [UInt8]) -> [UInt8] {
        name + [UInt8(type >> 8), UInt8(type & 0xFF), 0, 1, 0, 0, 0, 0, 0, UInt8(data.count)] + data
    }

    private func labels(of name: String) -> [UInt8] {
        name.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
    }
}

/// The name, the type and the end of the one question of a message.
private func question(in query: [UInt8]) -> (name: String, type: UInt16, end: Int)? {
    var labels: [String] = []
    var index = 12
    while index < query.count, query[index] > 0 {
        let end = index + 1 + Int(query[index])
        guard end < query.count else { return nil }
        labels.append(String(decoding: query[(index + 1)..<end], as: UTF8.self).lowercased())
        index = end
    }
    guard index + 5 <= query.count else { return nil }
    let type = UInt16(query[index + 1]) << 8 | UInt16(query[index + 2])
    return (labels.joined(separator: "."), type, index + 5)
}

private func receive(
    from descriptor: Int32, into buffer: inout [UInt8], _ from: inout sockaddr_in6
) -> (count: Int, length: socklen_t) {
    var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
    let count = withUnsafeMutableBytes(of: &from) { name in
        recvfrom(
            descriptor, &buffer, buffer.count, 0,
            name.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length)
    }
    return (count, length)
}

private func send(
    _ bytes: [UInt8], by descriptor: Int32, to name: inout sockaddr_in6, _ length: socklen_t
) {
    withUnsafeBytes(of: &name) { name in
        _ = sendto(
            descriptor, bytes, bytes.count, 0,
            name.baseAddress?.assumingMemoryBound(to: sockaddr.self), length)
    }
}
