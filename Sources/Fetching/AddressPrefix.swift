internal import Glibc
private import News

/// A block of addresses in the notation of RFC 4632, section 3.1, and RFC 4291, section 2.3:
/// `10.1.0.0/16`, `fd00::/8`.
package struct AddressPrefix: Hashable, Sendable, CustomStringConvertible {
    private let first: IPAddress
    private let bits: Int

    /// nil for anything else than an address of the block's start, a slash and its length.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(text: String(parts[0])),
            1...3 ~= parts[1].utf8.count, parts[1].utf8.allSatisfy({ 0x30...0x39 ~= $0 }),
            let bits = Int(parts[1]), bits <= address.width
        else { return nil }
        first = address
        self.bits = bits
        // Bits behind the length would be a slip: `10.1.2.3/8` means less or more than it says.
        guard address.leading(bits) == address else { return nil }
        // An IPv4 prefix in the clothes of IPv6 would match nothing: `holds` looks at the IPv4.
        if address.carried != nil, bits >= 96 { return nil }
    }

    /// Whether an address lies in it. IPv6 forms that carry an IPv4 address count as that one.
    package func holds(_ address: IPAddress) -> Bool {
        let address = address.carried ?? address
        return address.width == first.width && address.leading(bits) == first
    }

    package var description: String { "\(first)/\(bits)" }
}

extension IPAddress {
    /// Reads the dotted form of IPv4 or any form of IPv6, without brackets; nil for anything else.
    package init?(text: String) {
        // Asked of every host, and most have names.
        guard let last = text.utf8.last, 0x30...0x3A ~= last || text.utf8.contains(0x3A) else {
            return nil
        }
        var (v4, v6) = (in_addr(), in6_addr())
        if text.withCString({ inet_pton(AF_INET, $0, &v4) }) == 1 {
            self = .v4(UInt32(bigEndian: v4.s_addr))
        } else if text.withCString({ inet_pton(AF_INET6, $0, &v6) }) == 1 {
            let address = withUnsafeBytes(of: v6) { IPAddress($0) }
            guard let address else { return nil }
            self = address
        } else {
            return nil
        }
    }

    /// How many bits an address of this kind has.
    var width: Int { if case .v4 = self { 32 } else { 128 } }

    /// With all but the first so many bits zero.
    func leading(_ bits: Int) -> IPAddress {
        switch self {
        // A shift by the whole width gives zero, not a trap.
        case .v4(let address): .v4(address & UInt32.max << (32 - bits))
        case .v6(let high, let low):
            .v6(
                high: high & UInt64.max << max(64 - bits, 0),
                low: low & UInt64.max << (128 - max(bits, 64)))
        }
    }

    /// The IPv4 address inside of an IPv6 form that carries one.
    var carried: IPAddress? {
        if case .v6(let high, let low) = self { Self.carriedAddress(high, low) } else { nil }
    }
}

extension FetchOptions {
    /// Why no connection is made to an address that a host leads to; nil when one may be.
    func refusal(of address: IPAddress, as host: String) -> String? {
        guard let reason = address.refusal, !allowedPrivateHosts.contains(host),
            !allowedPrivatePrefixes.contains(where: { $0.holds(address) })
        else { return nil }
        return reason
    }

    /// What `allowPrivate` takes.
    package static let privateForm =
        "must be a host like \"wiki.intranet\" or \"[fd00::7]\", or a block of addresses from its "
        + "first on, like \"10.1.0.0/16\" or \"fd00::/8\""

    /// Allows a host, as it stands in addresses, or a block of addresses; false when it is neither.
    package mutating func allowPrivate(_ text: String) -> Bool {
        if let prefix = AddressPrefix(text) {
            allowedPrivatePrefixes.append(prefix)
            return true
        }
        let isBareV6 = text.contains(":") && IPAddress(text: text) != nil
        let written = isBareV6 ? "[\(text)]" : text
        // Nothing but a host: an address would be taken in part, and the rest of it forgotten.
        guard let url = HTTPURL("http://\(written)/"), url.host == written.lowercased() else {
            return false
        }
        allowedPrivateHosts.insert(url.host)
        return true
    }
}
