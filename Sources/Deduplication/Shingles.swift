internal import News

/// A hash of every run of `length` words, by its first word; one of all words for a shorter text.
/// Rolling: linear.
func shingleHashes(of words: [FoldedText.Word], length: Int) -> [UInt64] {
    let length = max(1, min(length, words.count))
    guard !words.isEmpty else { return [] }
    var hashes: [UInt64] = []
    hashes.reserveCapacity(words.count - length + 1)
    var leading: UInt64 = 1
    for _ in 1..<length { leading = leading &* shingleBase }
    var rolling: UInt64 = 0
    for word in words[..<(length - 1)] { rolling = rolling &* shingleBase &+ word.hash }
    var last = length - 1
    for first in 0...(words.count - length) {
        rolling = rolling &* shingleBase &+ words[last].hash
        hashes.append(mixed(rolling))
        rolling = rolling &- words[first].hash &* leading
        last += 1
    }
    return hashes
}

private let shingleBase: UInt64 = 0x9E37_79B9_7F4A_7C15

/// A permutation of 64 bits in which every bit depends on every other (Stafford's variant 13).
func mixed(_ value: UInt64) -> UInt64 {
    var value = value
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
}

/// The shingles that stand for the text in the index: those in the lowest `1/rate` of all values,
/// and of a short text its `least` lowest. Each once.
func sample(of hashes: [UInt64], rate: Int, least: Int) -> [UInt64] {
    let limit = UInt64.max / UInt64(max(rate, 1))
    var sampled: [UInt64] = []
    sampled.reserveCapacity(2 * hashes.count / max(rate, 1))
    for hash in hashes where hash <= limit { sampled.append(hash) }
    sampled = eachOnce(sampled)
    if sampled.count >= least { return sampled }
    return Array(eachOnce(hashes).sorted().prefix(least))
}

/// The values, each where it first stood. They are hashes, of which any bits will do.
func eachOnce(_ values: [UInt64]) -> [UInt64] {
    var capacity = 64
    while capacity < values.count * 2 { capacity *= 2 }
    let mask = capacity - 1
    // 0 is free, and stands for itself in `hasZero`.
    var slots: [UInt64] = Array(repeating: 0, count: capacity)
    var hasZero = false
    var once: [UInt64] = []
    once.reserveCapacity(values.count)
    for value in values {
        if value == 0 {
            if !hasZero { once.append(0) }
            hasZero = true
            continue
        }
        var slot = Int(truncatingIfNeeded: value) & mask
        while slots[slot] != 0, slots[slot] != value { slot = (slot + 1) & mask }
        if slots[slot] == 0 {
            slots[slot] = value
            once.append(value)
        }
    }
    return once
}

/// The distinct shingles of one text, each with the place where it first stands: a flat table with
/// linear probing.
struct ShingleSet {
    private var keys: [UInt64]
    /// The place plus one; 0 marks a free slot.
    private var places: [Int32]
    private let mask: Int
    private(set) var count = 0

    init(_ hashes: [UInt64]) {
        var capacity = 16
        while capacity < hashes.count * 2 { capacity *= 2 }
        keys = Array(repeating: 0, count: capacity)
        places = Array(repeating: 0, count: capacity)
        mask = capacity - 1
        for (place, hash) in hashes.enumerated() {
            let slot = slot(of: hash)
            if places[slot] == 0 {
                keys[slot] = hash
                places[slot] = Int32(clamping: place + 1)
                count += 1
            }
        }
    }

    private func slot(of hash: UInt64) -> Int {
        var slot = Int(truncatingIfNeeded: hash) & mask
        while places[slot] != 0, keys[slot] != hash { slot = (slot + 1) & mask }
        return slot
    }

    /// The first word of the shingle, or nil when the text has it not.
    func place(of hash: UInt64) -> Int? {
        let place = places[slot(of: hash)]
        return place == 0 ? nil : Int(place) - 1
    }

    /// How many of the distinct shingles stand in `other` too.
    func countShared(with other: ShingleSet) -> Int {
        var shared = 0
        for slot in keys.indices where places[slot] != 0 {
            if other.place(of: keys[slot]) != nil { shared += 1 }
        }
        return shared
    }
}
