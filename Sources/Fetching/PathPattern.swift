/// A pattern of paths as `robots.txt` writes them (RFC 9309, section 2.2.3): `*` stands for any
/// bytes, a final `$` for the end; else it is a prefix.
struct PathPattern: Sendable, Equatable {
    /// One form for comparison (section 2.2.2): unreserved characters bare, all beyond ASCII
    /// encoded, hexadecimal digits in upper case. Paths are brought to it, too.
    let bytes: [UInt8]

    init(_ written: some Collection<UInt8>) {
        let source = Array(written)
        var result: [UInt8] = []
        result.reserveCapacity(source.count)
        var index = 0
        while index < source.count {
            let byte = source[index]
            if byte == UInt8(ascii: "%"), index + 2 < source.count,
                let high = hexValue(source[index + 1]), let low = hexValue(source[index + 2])
            {
                let value = high << 4 | low
                if isUnreserved(value) { result.append(value) } else { append(value, to: &result) }
                index += 3
                continue
            }
            if byte > 0x20 && byte < 0x7F { result.append(byte) } else { append(byte, to: &result) }
            index += 1
        }
        bytes = result
    }

    /// Its beginning, for a person.
    var shown: String { String(decoding: bytes.prefix(200), as: UTF8.self) }

    /// Whether it means a path in the one form. `steps` counts what that costs; beyond `stepsMax`
    /// it gives up, and the answer says nothing.
    func matches(_ path: [UInt8], steps: inout Int, stepsMax: Int) -> Bool {
        let star = UInt8(ascii: "*")
        let isAnchored = bytes.last == UInt8(ascii: "$")
        let pattern = isAnchored ? bytes.dropLast() : bytes[...]
        var p = 0
        var t = 0
        var retry: (p: Int, t: Int)?
        while true {
            steps += 1
            if steps > stepsMax { return false }
            if p < pattern.count, pattern[p] == star {
                retry = (p + 1, t)
                p += 1
            } else if p < pattern.count, t < path.count, pattern[p] == path[t] {
                p += 1
                t += 1
            } else if p == pattern.count, !isAnchored || t == path.count {
                return true
            } else if let last = retry, last.t < path.count {
                retry = (last.p, last.t + 1)
                p = last.p
                t = last.t + 1
            } else {
                return false
            }
        }
    }
}

private func append(_ byte: UInt8, to result: inout [UInt8]) {
    let digits = Array("0123456789ABCDEF".utf8)
    result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
}

private func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46, 0x61...0x66: (byte | 0x20) - 0x61 + 10
    default: nil
    }
}

private func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
    default: false
    }
}
