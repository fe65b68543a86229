/// The word in these scalars in small letters, packed into 64 bits, the last letter lowest; nil for
/// more than eight, and for letters beyond Latin-1. Words are compared by it without a string.
func packedWord(_ scalars: [Unicode.Scalar], _ word: Range<Int>) -> UInt64? {
    guard word.count <= 8 else { return nil }
    return packedLetters(scalars, word)
}

/// The first eight letters of the word, packed so; nil for letters beyond Latin-1 among them.
func packedHead(_ scalars: [Unicode.Scalar], _ word: Range<Int>) -> UInt64? {
    packedLetters(scalars, word.prefix(8))
}

private func packedLetters(_ scalars: [Unicode.Scalar], _ word: Range<Int>) -> UInt64? {
    var packed: UInt64 = 0
    for place in word {
        let value = scalars[place].value
        guard value <= 0xFF else { return nil }
        // Of the letters of Latin-1 too the small ones have this bit.
        let isCapital = 0x41...0x5A ~= value || 0xC0...0xDE ~= value
        packed = packed << 8 | UInt64(isCapital ? value | 0x20 : value)
    }
    return packed
}

/// A fixed set of words by their first eight letters: a flat table, for it is asked at every word.
struct PackedWords: Sendable {
    /// 0 is free.
    private let slots: [UInt64]
    private let shift: UInt64

    /// Words in small letters of Latin-1.
    init(_ words: some Collection<String>) {
        var capacity = 16
        while capacity < words.count * 4 { capacity *= 2 }
        shift = UInt64(64 - capacity.trailingZeroBitCount)
        var slots = Array(repeating: UInt64(0), count: capacity)
        for word in words {
            let scalars = [Unicode.Scalar](scalarsOf: word)
            guard let packed = packedHead(scalars, scalars.indices) else { continue }
            slots[Self.slot(of: packed, in: slots, shift)] = packed
        }
        self.slots = slots
    }

    /// The slot of the word, or the free one where it would be.
    @inline(__always)
    private static func slot(of packed: UInt64, in slots: [UInt64], _ shift: UInt64) -> Int {
        var slot = Int(truncatingIfNeeded: (packed &* 0x9E37_79B9_7F4A_7C15) >> shift)
        while slots[slot] != 0, slots[slot] != packed { slot = (slot &+ 1) & (slots.count &- 1) }
        return slot
    }

    func contains(_ packed: UInt64) -> Bool {
        packed != 0 && slots[Self.slot(of: packed, in: slots, shift)] == packed
    }
}
