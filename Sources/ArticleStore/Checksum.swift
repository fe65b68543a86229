/// CRC-32C (Castagnoli; RFC 3720, appendix B.4), the checksum of everything on disk: it finds every
/// burst of up to 32 bits. It guards against damage, not against people. Cost: about 1 GB/s.
struct Checksum {
    private var state: UInt32 = .max

    /// The checksum of all bytes so far.
    var value: UInt32 { ~state }
    /// Eight lower-case hexadecimal digits, as it is written.
    var hexadecimal: [UInt8] { Self.hexadecimal(value) }

    init() {}

    init(of bytes: UnsafeRawBufferPointer) { update(bytes) }

    init(of bytes: some Sequence<UInt8>) {
        let isDone: Void? = bytes.withContiguousStorageIfAvailable { update(.init($0)) }
        if isDone == nil { Array(bytes).withUnsafeBytes { update($0) } }
    }

    /// Takes eight bytes a step, each through its own table (M. Kounavis and F. Berry, "Novel
    /// Table Lookup-Based Algorithms for High-Performance CRC Generation", 2008).
    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        var crc = state
        Self.tables.withUnsafeBufferPointer { table in
            var index = 0
            while index &+ 8 <= bytes.count {
                let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
                let low = UInt32(truncatingIfNeeded: word) ^ crc
                let high = UInt32(truncatingIfNeeded: word >> 32)
                crc = table[Int(1792 &+ (low & 0xFF))]
                crc ^= table[Int(1536 &+ (low >> 8 & 0xFF))]
                crc ^= table[Int(1280 &+ (low >> 16 & 0xFF))]
                crc ^= table[Int(1024 &+ (low >> 24))]
                crc ^= table[Int(768 &+ (high & 0xFF))]
                crc ^= table[Int(512 &+ (high >> 8 & 0xFF))]
                crc ^= table[Int(256 &+ (high >> 16 & 0xFF))]
                crc ^= table[Int(high >> 24)]
                index &+= 8
            }
            while index < bytes.count {
                crc = table[Int((crc ^ UInt32(bytes[index])) & 0xFF)] ^ (crc >> 8)
                index &+= 1
            }
        }
        state = crc
    }

    private static let tables: [UInt32] = {
        var tables: [UInt32] = []
        for byte in UInt32(0)..<256 {
            var crc = byte
            for _ in 0..<8 { crc = (crc >> 1) ^ (crc & 1 == 1 ? 0x82F6_3B78 : 0) }
            tables.append(crc)
        }
        for index in 256..<2048 {
            let before = tables[index - 256]
            tables.append(tables[Int(before & 0xFF)] ^ (before >> 8))
        }
        return tables
    }()

    static func hexadecimal(_ value: UInt32) -> [UInt8] {
        (0..<8).map { digit in
            let nibble = UInt8(truncatingIfNeeded: value >> UInt32(28 - 4 * digit)) & 15
            return nibble < 10 ? 0x30 + nibble : 0x57 + nibble
        }
    }
}
