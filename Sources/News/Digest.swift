internal import Crypto

/// The first 128 bits of a SHA-256 (FIPS 180-4), written as 32 lower-case hexadecimal digits.
///
/// Identities are made of these: nobody who chooses a text or an address can make two of them meet.
package struct Digest: Hashable, Comparable, Sendable {
    /// The leading 64 bits, most significant byte first.
    package let high: UInt64
    /// The 64 bits after them.
    package let low: UInt64

    /// The digest of `bytes`. Cost: linear, about 0.5 GB/s.
    package init(of bytes: some Sequence<UInt8>) {
        self.init(ofParts: [Array(bytes)])
    }

    /// The digest of several parts, each preceded by its length, so that parts cannot run together.
    package init(kind: String, _ parts: String...) {
        self.init(
            ofParts: ([kind] + parts).map { part in
                Array("\(part.utf8.count):\(part)".utf8)
            })
    }

    private init(ofParts parts: [[UInt8]]) {
        var hash = SHA256()
        for part in parts { hash.update(data: part) }
        var words: (high: UInt64, low: UInt64) = (0, 0)
        for (index, byte) in hash.finalize().enumerated() where index < 16 {
            if index < 8 {
                words.high = words.high << 8 | UInt64(byte)
            } else {
                words.low = words.low << 8 | UInt64(byte)
            }
        }
        (high, low) = words
    }

    /// From stored halves.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads 32 hexadecimal digits; nil for anything else.
    package init?(hexadecimal text: String) {
        guard text.utf8.count == 32, text.utf8.allSatisfy({ isHexadecimalDigit($0) }),
            let high = UInt64(text.prefix(16), radix: 16),
            let low = UInt64(text.suffix(16), radix: 16)
        else { return nil }
        self.init(high: high, low: low)
    }

    package static func < (a: Digest, b: Digest) -> Bool {
        (a.high, a.low) < (b.high, b.low)
    }

    /// 32 lower-case hexadecimal digits.
    package var hexadecimal: String {
        [high, low].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}

private func isHexadecimalDigit(_ byte: UInt8) -> Bool {
    0x30...0x39 ~= byte || 0x61...0x66 ~= byte | 0x20
}

extension Digest: Codable, CustomStringConvertible {
    package var description: String { hexadecimal }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let digest = Digest(hexadecimal: text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "not 32 hexadecimal digits: \(text.prefix(40))")
        }
        self = digest
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(hexadecimal)
    }
}
