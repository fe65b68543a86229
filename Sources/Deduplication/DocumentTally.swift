/// Sums by document, for one question: a flat index over the documents met so far, in the order in
/// which they were met. Grows when half of the index is filled.
struct DocumentTally {
    struct Entry {
        var document: UInt32
        /// How often something was added.
        var hits: UInt32
        var sum: Float
    }

    private(set) var entries: [Entry] = []
    /// Places in `entries` plus one; 0 is free.
    private var slots: [UInt32]

    /// Begins with room for about so many documents; many are met more than once.
    init(documents: Int = 256) {
        var capacity = 64
        while capacity < min(documents, 1024) { capacity *= 2 }
        slots = Array(repeating: 0, count: capacity)
        entries.reserveCapacity(capacity / 2)
    }

    @inline(__always)
    mutating func add(_ value: Float, to document: UInt32) { add(value, toEach: [document]) }

    /// Adds the value to each of these documents.
    @inline(__always)
    mutating func add(_ value: Float, toEach documents: [UInt32]) {
        while (entries.count + documents.count) * 2 > slots.count { grow() }
        Self.add(value, toEach: documents, in: &slots, &entries)
    }

    /// There is room for all of them.
    private static func add(
        _ value: Float, toEach documents: [UInt32], in slots: inout [UInt32],
        _ entries: inout [Entry]
    ) {
        var slots = slots.mutableSpan
        let mask = slots.count &- 1
        for document in documents {
            var slot = home(of: document) & mask
            while slots[slot] != 0, entries[Int(slots[slot]) - 1].document != document {
                slot = (slot &+ 1) & mask
            }
            let place = Int(slots[slot])
            if place == 0 {
                entries.append(Entry(document: document, hits: 1, sum: value))
                slots[slot] = UInt32(truncatingIfNeeded: entries.count)
            } else {
                entries[place - 1].hits &+= 1
                entries[place - 1].sum += value
            }
        }
    }

    @inline(__always)
    private static func home(of document: UInt32) -> Int {
        Int((document &* 0x9E37_79B1) >> 7)
    }

    @inline(__always)
    private func slot(of document: UInt32) -> Int {
        let mask = slots.count &- 1
        var slot = Self.home(of: document) & mask
        while slots[slot] != 0, entries[Int(slots[slot]) - 1].document != document {
            slot = (slot &+ 1) & mask
        }
        return slot
    }

    private mutating func grow() {
        slots = Array(repeating: 0, count: slots.count * 2)
        for (place, entry) in entries.enumerated() {
            slots[slot(of: entry.document)] = UInt32(truncatingIfNeeded: place + 1)
        }
    }

    /// The documents with the highest sums, of equal ones the lower number first.
    func highest(_ most: Int) -> [UInt32] {
        // No sum is negative, so the order of their bits is theirs.
        let ranks = entries.map { UInt64(~$0.sum.bitPattern) << 32 | UInt64($0.document) }
        return lowest(most, of: ranks).map { UInt32(truncatingIfNeeded: $0) }
    }
}

/// The `most` lowest of these values in ascending order, without putting the others in order.
/// Cost: linear, and never more than that of sorting, whatever the values.
func lowest(_ most: Int, of values: [UInt64]) -> [UInt64] {
    guard values.count > most, most > 0 else { return Array(values.sorted().prefix(most)) }
    var values = values
    var (low, high) = (0, values.count - 1)
    // Quickselect (Hoare 1961), given up when the pivots are bad ones.
    var roundsLeft = 32
    while low < high {
        roundsLeft -= 1
        guard roundsLeft > 0 else { return Array(values.sorted().prefix(most)) }
        let pivot = middle(values[low], values[(low + high) / 2], values[high])
        var (left, right) = (low, high)
        while left <= right {
            while values[left] < pivot { left += 1 }
            while values[right] > pivot { right -= 1 }
            if left <= right {
                values.swapAt(left, right)
                left += 1
                right -= 1
            }
        }
        if most - 1 <= right {
            high = right
        } else if most - 1 >= left {
            low = left
        } else {
            break
        }
    }
    return values[..<most].sorted()
}

private func middle(_ a: UInt64, _ b: UInt64, _ c: UInt64) -> UInt64 {
    max(min(a, b), min(max(a, b), c))
}
