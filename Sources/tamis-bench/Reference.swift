/// The least that could be done with the same bytes: what makes figures of two machines comparable.
struct Reference {
    let name: String
    let work: () throws -> Int

    /// Looks at every byte once, as the fastest parser must.
    static func scan(_ documents: [[UInt8]]) -> Reference {
        Reference(name: "count '<'") {
            documents.reduce(0) { $0 + count(UInt8(ascii: "<"), in: $1) }
        }
    }

    /// Lets every byte change a number, as the simplest recogniser of equal texts must.
    static func hash(_ documents: [[UInt8]]) -> Reference {
        Reference(name: "FNV-1a") {
            documents.reduce(0) { $0 &+ hashed($1) }
        }
    }
}

/// How often a byte occurs.
private func count(_ wanted: UInt8, in bytes: [UInt8]) -> Int {
    var count = 0
    for byte in bytes where byte == wanted { count += 1 }
    return count
}

/// The Fowler–Noll–Vo hash 1a of 64 bits, byte by byte.
func hashed(_ bytes: [UInt8]) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return Int(truncatingIfNeeded: hash)
}
