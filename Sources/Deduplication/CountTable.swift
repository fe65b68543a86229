/// In how many documents a feature stands: an open-addressing table, 32 bits of the feature above
/// 32 bits of the count.
struct CountTable: Hashable, Sendable {
    private(set) var slots: [UInt64]
    private(set) var count = 0
    private var shift: UInt64

    init() { self.init(capacity: 1024) }

    private init(capacity: Int) {
        slots = Array(repeating: 0, count: capacity)
        shift = UInt64(64 - capacity.trailingZeroBitCount)
    }

    /// From saved slots; nil when they are no such table.
    init?(slots: [UInt64]) {
        let capacity = slots.count
        guard capacity >= 1024, capacity & (capacity - 1) == 0 else { return nil }
        self.slots = slots
        shift = UInt64(64 - capacity.trailingZeroBitCount)
        count = slots.reduce(0) { $0 + ($1 == 0 ? 0 : 1) }
        guard count * 10 <= capacity * 7 else { return nil }
    }

    @inline(__always)
    private func home(_ key: UInt32) -> Int {
        Int(truncatingIfNeeded: (UInt64(key) &* 0x9E37_79B9_7F4A_7C15) >> shift)
    }

    private func slot(of key: UInt32) -> Int {
        var slot = home(key)
        while slots[slot] != 0, slots[slot] >> 32 != UInt64(key) {
            slot = (slot + 1) & (slots.count - 1)
        }
        return slot
    }

    subscript(key: UInt32) -> Int {
        Int(slots[slot(of: key)] & 0xFFFF_FFFF)
    }

    /// The slot where the feature belongs, for `count(_:first:)`: read for many features before
    /// any is looked at, the reads do not wait for each other.
    @inline(__always)
    func first(_ key: UInt32) -> UInt64 { slots[home(key)] }

    /// The count of the feature with that first slot.
    @inline(__always)
    func count(_ key: UInt32, first: UInt64) -> Int {
        first >> 32 == UInt64(key) || first == 0 ? Int(first & 0xFFFF_FFFF) : self[key]
    }

    /// Counts one more.
    mutating func increment(_ key: UInt32) {
        if (count + 1) * 10 > slots.count * 7 { grow() }
        let slot = slot(of: key)
        if slots[slot] == 0 {
            slots[slot] = UInt64(key) << 32 | 1
            count += 1
        } else if slots[slot] & 0xFFFF_FFFF < 0xFFFF_FFFF {
            slots[slot] += 1
        }
    }

    /// Counts one less.
    mutating func decrement(_ key: UInt32) {
        let slot = slot(of: key)
        if slots[slot] & 0xFFFF_FFFF > 0 { slots[slot] -= 1 }
    }

    /// Halves all counts, and forgets features that were met once: what came often of late stays.
    mutating func halve() {
        var halved = CountTable(capacity: slots.count)
        for entry in slots where entry & 0xFFFF_FFFF > 1 {
            let key = UInt32(truncatingIfNeeded: entry >> 32)
            halved.slots[halved.slot(of: key)] = UInt64(key) << 32 | (entry & 0xFFFF_FFFF) / 2
            halved.count += 1
        }
        self = halved
    }

    private mutating func grow() {
        var larger = CountTable(capacity: slots.count * 2)
        for entry in slots where entry != 0 {
            larger.slots[larger.slot(of: UInt32(truncatingIfNeeded: entry >> 32))] = entry
        }
        larger.count = count
        self = larger
    }
}
