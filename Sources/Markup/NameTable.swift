/// Names to values: a fixed table, probed from the name's own bytes in any letter case, without
/// making a `String`.
package struct NameTable<Value: Sendable>: Sendable {
    /// Many more than names, so that a probe ends at once.
    private static var slots: Int { 512 }
    /// Two words of eight bytes hold any name.
    private static var nameBytesMax: Int { 16 }

    private var keys: [UInt64]
    private var tails: [UInt64]
    private var values: [Value?]

    package init(_ pairs: some Sequence<(String, Value)>) {
        keys = Array(repeating: 0, count: Self.slots)
        tails = keys
        values = Array(repeating: nil, count: Self.slots)
        for (name, value) in pairs where !name.isEmpty {
            let (key, tail) = Self.pack(Array(name.utf8).span)
            var slot = Self.slot(key)
            while values[slot] != nil { slot = (slot + 1) % Self.slots }
            keys[slot] = key
            tails[slot] = tail
            values[slot] = value
        }
    }

    /// The value under that name.
    package func find(_ name: ArraySlice<UInt8>) -> Value? { find(name.span) }

    /// The value under that name.
    package func find(_ name: Span<UInt8>) -> Value? {
        guard name.count <= Self.nameBytesMax else { return nil }
        let (key, tail) = Self.pack(name)
        var slot = Self.slot(key)
        while let found = values[slot] {
            if keys[slot] == key, tails[slot] == tail { return found }
            slot = (slot + 1) % Self.slots
        }
        return nil
    }

    /// The name's last eight bytes and those before, in lower case.
    private static func pack(_ name: Span<UInt8>) -> (UInt64, UInt64) {
        var key: UInt64 = 0
        var tail: UInt64 = 0
        for index in name.indices {
            tail = tail << 8 | key >> 56
            key = key << 8 | UInt64(asciiLowercased(name[index]))
        }
        return (key, tail)
    }

    private static func slot(_ key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 55)
    }
}
