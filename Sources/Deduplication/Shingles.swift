internal import News

/// A hash of every run of `length` words, by its first word; one of all words for a shorter text.
/// Rolling: linear.
func shingleHashes(of words: [FoldedText.Word], length: Int) -> [UInt64] {
    let length = max(1, min(length, words.count))
    guard !words.isEmpty else { return [] }
    let words = words.span
    var leaving: UInt64 = 1
    for _ in 0..<length { leaving = leaving &* shingleBase }
    return [UInt64](capacity: words.count - length + 1) { hashes in
        var rolling: UInt64 = 0
        for place in 0..<words.count {
            // What leaves the run is taken off beside the chain of multiplications.
            let left = place < length ? 0 : words[place &- length].hash &* leaving
            rolling = rolling &* shingleBase &+ (words[place].hash &- left)
            if place >= length - 1 { hashes.append(mixed(rolling)) }
        }
    }
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
/// of a short text its `least` lowest, and the lowest of the first `lead`: a few words from the
/// beginning of a text, which is what teasers are, lead to it then. Each once.
func sample(of hashes: [UInt64], rate: Int, least: Int, lead: Int) -> [UInt64] {
    let limit = UInt64.max / UInt64(max(rate, 1))
    var sampled: [UInt64] = []
    sampled.reserveCapacity(2 * hashes.count / max(rate, 1))
    let first = hashes.prefix(lead).min()
    if let first, first > limit { sampled.append(first) }
    for hash in hashes where hash <= limit { sampled.append(hash) }
    sampled = eachOnce(sampled)
    if sampled.count >= least { return sampled }
    let lowest = eachOnce(hashes).sorted().prefix(least)
    guard let first, !lowest.contains(first) else { return Array(lowest) }
    return lowest + [first]
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
    /// By place: whether the shingle there stands nowhere before.
    private(set) var isFirst: [Bool]

    init(_ hashes: [UInt64]) {
        var capacity = 16
        while capacity < hashes.count * 2 { capacity *= 2 }
        keys = Array(repeating: 0, count: capacity)
        places = Array(repeating: 0, count: capacity)
        isFirst = Array(repeating: false, count: hashes.count)
        mask = capacity - 1
        for (place, hash) in hashes.enumerated() {
            let slot = slot(of: hash)
            if places[slot] == 0 {
                keys[slot] = hash
                places[slot] = Int32(clamping: place + 1)
                isFirst[place] = true
                count += 1
            }
        }
    }

    @inline(__always)
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
}
