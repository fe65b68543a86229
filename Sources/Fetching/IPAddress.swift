/// An Internet address, and whether strangers' links may lead us to it.
package enum IPAddress: Hashable, Sendable {
    case v4(UInt32)
    case v6(high: UInt64, low: UInt64)

    /// From 4 or 16 bytes in network order; nil for any other number.
    package init?(_ bytes: some Collection<UInt8>) {
        func number(_ part: some Sequence<UInt8>) -> UInt64 {
            part.reduce(0) { $0 << 8 | UInt64($1) }
        }
        switch bytes.count {
        case 4: self = .v4(UInt32(truncatingIfNeeded: number(bytes)))
        case 16: self = .v6(high: number(bytes.prefix(8)), low: number(bytes.dropFirst(8)))
        default: return nil
        }
    }

    /// Why no connection is made to this address; nil when it is public.
    ///
    /// The IANA special-purpose registries (RFC 6890), read strictly: of IPv6 only global unicast
    /// passes. Forms that carry an IPv4 address are judged by it.
    package var refusal: String? {
        switch self {
        case .v4(let address):
            return Self.blocks4.first { $0.holds(address) }?.reason
        case .v6(let high, let low):
            if let carried = Self.carriedAddress(high, low) { return carried.refusal }
            if let block = Self.blocks6.first(where: { $0.holds(high, low) }) {
                return block.reason
            }
            return high >> 61 == 0b001 ? nil : "an address outside global unicast"
        }
    }

    /// The IPv4 address inside `::ffff:0:0/96` (mapped) or `64:ff9b::/96` (NAT64, RFC 6052).
    static func carriedAddress(_ high: UInt64, _ low: UInt64) -> IPAddress? {
        let isMapped = high == 0 && low >> 32 == 0xFFFF
        let isTranslated = high == 0x0064_FF9B_0000_0000 && low >> 32 == 0
        return isMapped || isTranslated ? .v4(UInt32(truncatingIfNeeded: low)) : nil
    }

    private struct Block4 {
        let prefix: UInt32
        let bits: UInt32
        let reason: String
        func holds(_ address: UInt32) -> Bool { (address ^ prefix) >> (32 - bits) == 0 }
    }

    private struct Block6 {
        let high: UInt64
        let low: UInt64
        let bits: UInt64
        let reason: String
        func holds(_ high: UInt64, _ low: UInt64) -> Bool {
            bits > 64
                ? high == self.high && (low ^ self.low) >> (128 - bits) == 0
                : (high ^ self.high) >> (64 - bits) == 0
        }
    }

    private static let blocks4: [Block4] = [
        Block4(prefix: 0x0000_0000, bits: 8, reason: "an address of this very network"),
        Block4(prefix: 0x0A00_0000, bits: 8, reason: "a private address"),
        Block4(prefix: 0x6440_0000, bits: 10, reason: "an address of a carrier's own network"),
        Block4(prefix: 0x7F00_0000, bits: 8, reason: "a loopback address"),
        Block4(prefix: 0xA9FE_0000, bits: 16, reason: "a link-local address"),
        Block4(prefix: 0xAC10_0000, bits: 12, reason: "a private address"),
        Block4(prefix: 0xC000_0000, bits: 24, reason: "an address for protocol assignments"),
        Block4(prefix: 0xC000_0200, bits: 24, reason: "an address for documentation"),
        Block4(prefix: 0xC0A8_0000, bits: 16, reason: "a private address"),
        Block4(prefix: 0xC612_0000, bits: 15, reason: "an address for benchmarks"),
        Block4(prefix: 0xC633_6400, bits: 24, reason: "an address for documentation"),
        Block4(prefix: 0xCB00_7100, bits: 24, reason: "an address for documentation"),
        Block4(prefix: 0xE000_0000, bits: 3, reason: "a multicast or reserved address"),
    ]

    private static let blocks6: [Block6] = [
        Block6(high: 0, low: 0, bits: 128, reason: "the unspecified address"),
        Block6(high: 0, low: 1, bits: 128, reason: "a loopback address"),
        Block6(high: 0xFC00 << 48, low: 0, bits: 7, reason: "a private address"),
        Block6(high: 0xFE80 << 48, low: 0, bits: 10, reason: "a link-local address"),
        Block6(high: 0xFF00 << 48, low: 0, bits: 8, reason: "a multicast address"),
        Block6(high: 0x2001 << 48, low: 0, bits: 32, reason: "a Teredo address"),
        Block6(high: 0x2001_0DB8 << 32, low: 0, bits: 32, reason: "an address for documentation"),
        Block6(high: 0x2002 << 48, low: 0, bits: 16, reason: "a 6to4 address"),
    ]
}

extension IPAddress: CustomStringConvertible {
    /// Dotted, or as RFC 5952 writes it.
    package var description: String {
        switch self {
        case .v4(let address):
            return [24, 16, 8, 0].map { String(address >> $0 & 0xFF) }.joined(separator: ".")
        case .v6(let high, let low):
            let groups = [high, low].flatMap { half in [48, 32, 16, 0].map { half >> $0 & 0xFFFF } }
            let zeros = Self.longestZeros(in: groups)
            let text = { (part: ArraySlice<UInt64>) in
                part.map { String($0, radix: 16) }.joined(separator: ":")
            }
            guard zeros.count > 1 else { return text(groups[...]) }
            return text(groups[..<zeros.lowerBound]) + "::" + text(groups[zeros.upperBound...])
        }
    }

    private static func longestZeros(in groups: [UInt64]) -> Range<Int> {
        var best = 0..<0
        var start = 0
        for (index, group) in groups.enumerated() {
            if group != 0 {
                start = index + 1
            } else if index + 1 - start > best.count {
                best = start..<index + 1
            }
        }
        return best
    }
}
