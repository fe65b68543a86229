/// Which documents a key leads to: an open-addressing table of 8-byte slots, 32 bits of the key
/// beside the document's number. About 12 bytes a posting.
///
/// Two keys whose 32 bits are equal share their documents; whoever asks verifies on the text.
struct PostingTable: Hashable, Sendable {
    /// Key in the high half, number plus one in the low half; 0 is free.
    private(set) var slots: [UInt64]
    private(set) var count = 0
    private var shift: UInt64

    init() { self.init(capacity: 1024) }

    /// `capacity`: a power of two.
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

    private static func fingerprint(_ key: UInt64) -> UInt64 { key & 0xFFFF_FFFF }

    private func home(_ fingerprint: UInt64) -> Int {
        Int(truncatingIfNeeded: (fingerprint &* 0x9E37_79B9_7F4A_7C15) >> shift)
    }

    /// Lists `document` under `key`, once, unless `most` are listed there already.
    mutating func insert(_ key: UInt64, document: UInt32, most: Int) {
        if (count + 1) * 10 > slots.count * 7 { grow() }
        let fingerprint = Self.fingerprint(key)
        let entry = fingerprint << 32 | UInt64(document &+ 1)
        var slot = home(fingerprint)
        var listed = 0
        while slots[slot] != 0 {
            if slots[slot] == entry { return }
            if slots[slot] >> 32 == fingerprint {
                listed += 1
                if listed >= most { return }
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        slots[slot] = entry
        count += 1
    }

    /// Appends the documents listed under `key` to `found`, in the order of listing.
    func collect(_ key: UInt64, into found: inout [UInt32]) {
        let fingerprint = Self.fingerprint(key)
        var slot = home(fingerprint)
        while slots[slot] != 0 {
            if slots[slot] >> 32 == fingerprint {
                found.append(UInt32(truncatingIfNeeded: slots[slot]) &- 1)
            }
            slot = (slot + 1) & (slots.count - 1)
        }
    }

    /// Whether any document is listed under `key`.
    func contains(_ key: UInt64) -> Bool {
        let fingerprint = Self.fingerprint(key)
        var slot = home(fingerprint)
        while slots[slot] != 0 {
            if slots[slot] >> 32 == fingerprint { return true }
            slot = (slot + 1) & (slots.count - 1)
        }
        return false
    }

    /// Whether every listed document has a number below `count`.
    func leads(below count: Int) -> Bool {
        slots.allSatisfy { $0 == 0 || 1...UInt64(max(count, 1)) ~= ($0 & 0xFFFF_FFFF) }
    }

    private mutating func grow() {
        var larger = PostingTable(capacity: slots.count * 2)
        // Entries of one key keep their order: they stand in one chain, which may pass the end.
        let first = slots.firstIndex(of: 0) ?? 0
        for offset in 1...slots.count {
            let entry = slots[(first + offset) & (slots.count - 1)]
            if entry != 0 { larger.place(entry) }
        }
        larger.count = count
        self = larger
    }

    private mutating func place(_ entry: UInt64) {
        var slot = home(entry >> 32)
        while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = entry
    }
}

/// In how many documents a feature stands: the same kind of table, with the count in the low half.
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

    private func slot(of key: UInt32) -> Int {
        var slot = Int(truncatingIfNeeded: (UInt64(key) &* 0x9E37_79B9_7F4A_7C15) >> shift)
        while slots[slot] != 0, slots[slot] >> 32 != UInt64(key) {
            slot = (slot + 1) & (slots.count - 1)
        }
        return slot
    }

    subscript(key: UInt32) -> Int {
        Int(slots[slot(of: key)] & 0xFFFF_FFFF)
    }

    /// Counts one more, unless the feature is new and `most` features are counted already.
    mutating func increment(_ key: UInt32, most: Int) {
        if (count + 1) * 10 > slots.count * 7 { grow() }
        let slot = slot(of: key)
        if slots[slot] == 0 {
            guard count < most else { return }
            slots[slot] = UInt64(key) << 32 | 1
            count += 1
        } else if slots[slot] & 0xFFFF_FFFF < 0xFFFF_FFFF {
            slots[slot] += 1
        }
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
