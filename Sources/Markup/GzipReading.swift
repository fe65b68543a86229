/// A document that came as gzip (RFC 1952), as servers leave it: `.xml.gz` files, and bodies that
/// were compressed twice and said so once. All members are read; what stands before damage is kept.
/// Cost: linear in the source and in what it holds.
package struct GzipReading: Sendable {
    /// What was wrong with the data.
    package enum Damage: Sendable {
        /// The data ends too early.
        case cutOff
        /// The data is wrong at some place, and what follows it was left out.
        case malformed
        /// It can be read, but it is not what was compressed: its checksum or its length differ.
        case unlikeItsChecksum
        /// Something else follows.
        case trailingBytes
    }

    /// What was compressed.
    package private(set) var bytes: [UInt8] = []
    package private(set) var damage: Damage?
    /// Whether there is more than `bytesMax`, and reading stopped there.
    package private(set) var isTooLarge = false

    /// nil when `source` does not start as gzip does.
    package init?(_ source: [UInt8], bytesMax: Int) {
        guard Self.startsMember(source, at: 0) else { return nil }
        var next = 0
        while Self.startsMember(source, at: next) {
            guard let end = readMember(source, at: next, bytesMax: bytesMax) else { return }
            next = end
        }
        // Files on tapes and in archives are filled up with zeros.
        if source[next...].contains(where: { $0 != 0 }) { damage = damage ?? .trailingBytes }
    }

    /// Whether `body` starts as gzip does: its two bytes, and the only method that there is.
    private static func startsMember(_ body: [UInt8], at index: Int) -> Bool {
        index + 3 <= body.count && body[index] == 0x1F && body[index + 1] == 0x8B
            && body[index + 2] == 8
    }

    /// Gives the index after the member; nil when reading ends in it.
    private mutating func readMember(_ source: [UInt8], at start: Int, bytesMax: Int) -> Int? {
        guard let body = Self.endOfHeader(source, from: start) else {
            damage = .cutOff
            return nil
        }
        var inflation = Inflation(source, from: body, bytesMax: bytesMax - bytes.count)
        let end = inflation.run()
        let output = inflation.output
        if bytes.isEmpty { bytes = output } else { bytes += output }
        switch end {
        case .complete: break
        case .cutOff: damage = .cutOff
        case .malformed: damage = .malformed
        case .full: isTooLarge = true
        }
        guard end == .complete else { return nil }
        let trailer = inflation.position
        guard trailer + 8 <= source.count else {
            damage = .cutOff
            return nil
        }
        let wanted = (Self.number(source, at: trailer), Self.number(source, at: trailer + 4))
        if wanted != (checksum(of: output), UInt32(truncatingIfNeeded: output.count)) {
            damage = .unlikeItsChecksum
        }
        return trailer + 8
    }

    /// After the fields that its flags announce (RFC 1952, section 2.3); nil when the source ends
    /// before.
    private static func endOfHeader(_ source: [UInt8], from start: Int) -> Int? {
        guard start + 10 <= source.count else { return nil }
        let flags = source[start + 3]
        var next = start + 10
        if flags & 4 != 0 {
            guard next + 2 <= source.count else { return nil }
            next += 2 + Int(source[next]) + Int(source[next + 1]) << 8
        }
        // The name and the comment, each up to its zero.
        for flag: UInt8 in [8, 16] where flags & flag != 0 {
            guard next < source.count, let end = source[next...].firstIndex(of: 0) else {
                return nil
            }
            next = end + 1
        }
        if flags & 2 != 0 { next += 2 }
        return next <= source.count ? next : nil
    }

    /// Four bytes, the least significant first.
    private static func number(_ source: [UInt8], at index: Int) -> UInt32 {
        source[index..<index + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}

/// CRC-32 as gzip has it (RFC 1952, section 8).
private func checksum(of bytes: [UInt8]) -> UInt32 {
    var sum = UInt32.max
    for byte in bytes { sum = sum >> 8 ^ remainders[Int((sum ^ UInt32(byte)) & 0xFF)] }
    return ~sum
}

private let remainders: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { sum, _ in sum & 1 == 0 ? sum >> 1 : sum >> 1 ^ 0xEDB8_8320 }
}
