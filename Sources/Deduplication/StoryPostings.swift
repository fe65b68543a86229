/// Which articles inside the window have a feature: of each feature the latest, in the order of
/// their places in `StoryIndex`.
///
/// An open-addressing table with one slot of 8 bytes a feature, 32 bits of it beside its one
/// article, or beside the list of its articles in one array: how much room that has, a word that
/// holds how many there are and which is the oldest, then they. A list that is full moves to twice
/// the room, and what it left is taken by the next of that size; one that has as many as are kept
/// goes on in a ring, over the oldest. About 12 bytes for a feature with one article, 4 to 8 for
/// each further one. Never saved: it follows from the features of the articles, in their order.
struct StoryPostings: Hashable, Sendable {
    /// The feature in the high half. In the low half the article plus one, or `listMark` and where
    /// its list starts; 0 is free.
    private var slots: [UInt64]
    private var count = 0
    private var shift: UInt64
    private var lists: [UInt32] = []
    /// By the logarithm of the room: where a list was left last, plus one; 0 for nowhere.
    private var left: [UInt32] = Array(repeating: 0, count: 32)

    private static let listMark: UInt32 = 0x8000_0000
    /// Words before the articles.
    private static let headerCount = 2
    private static let roomMin = 2
    /// A word holds how many articles a list has, and its oldest.
    private static let listedMax = 0xFFFF

    /// With room for about so many features.
    init(features: Int = 0) {
        var capacity = 1024
        while capacity * 7 < features * 10 { capacity *= 2 }
        self.init(capacity: capacity)
    }

    /// `capacity`: a power of two.
    private init(capacity: Int) {
        slots = Array(repeating: 0, count: capacity)
        shift = UInt64(64 - capacity.trailingZeroBitCount)
    }

    @inline(__always)
    private func home(_ key: UInt32) -> Int {
        Int(truncatingIfNeeded: (UInt64(key) &* 0x9E37_79B9_7F4A_7C15) >> shift)
    }

    /// The slot of the feature, or the free one where it belongs.
    @inline(__always)
    private func slot(of key: UInt32) -> Int {
        let mask = slots.count &- 1
        var slot = home(key)
        while slots[slot] != 0, slots[slot] >> 32 != UInt64(key) { slot = (slot &+ 1) & mask }
        return slot
    }

    /// Lists the article under the feature, once, instead of the oldest when `most` are listed.
    /// Articles come in ascending order.
    mutating func insert(_ key: UInt32, article: UInt32, most: Int) {
        guard article < Self.listMark - 1, most > 0 else { return }
        if (count + 1) * 10 > slots.count * 7 { grow() }
        let slot = slot(of: key)
        let value = UInt32(truncatingIfNeeded: slots[slot])
        var after = value
        if value == 0 {
            after = article + 1
            count += 1
        } else if value & Self.listMark != 0 {
            let list = append(article, to: Int(value & ~Self.listMark), most: most)
            after = Self.listMark | UInt32(truncatingIfNeeded: list)
        } else if value != article + 1 {
            after = article + 1
            if most > 1, let list = makeList(of: value - 1, article) {
                after = Self.listMark | UInt32(truncatingIfNeeded: list)
            }
        }
        slots[slot] = UInt64(key) << 32 | UInt64(after)
    }

    /// Calls `visit` with each of the keys, by its place, and each article listed under it. Reads
    /// the slots of all keys before any list, so that these reads do not wait for each other.
    @inline(__always)
    func forEachArticle(under keys: [UInt32], _ visit: (Int, UInt32) -> Void) {
        var first: [UInt64] = []
        first.reserveCapacity(keys.count)
        for key in keys { first.append(slots[home(key)]) }
        for (place, key) in keys.enumerated() {
            if first[place] == 0 { continue }
            let isThere = first[place] >> 32 == UInt64(key)
            let entry = isThere ? first[place] : slots[slot(of: key)]
            let value = UInt32(truncatingIfNeeded: entry)
            if value == 0 { continue }
            if value & Self.listMark == 0 {
                visit(place, value - 1)
                continue
            }
            let list = Int(value & ~Self.listMark)
            let start = list + Self.headerCount
            for article in lists[start..<(start + Int(lists[list + 1] & 0xFFFF))] {
                visit(place, article)
            }
        }
    }

    // MARK: Lists

    /// nil when there is no room left.
    private mutating func makeList(of first: UInt32, _ second: UInt32) -> Int? {
        guard let list = place(forRoom: Self.roomMin) else { return nil }
        lists[list + 1] = 2
        lists[list + Self.headerCount] = first
        lists[list + Self.headerCount + 1] = second
        return list
    }

    /// - Returns: where the list is now.
    private mutating func append(_ article: UInt32, to list: Int, most: Int) -> Int {
        let (room, state) = (Int(lists[list]), lists[list + 1])
        let (count, oldest) = (Int(state & 0xFFFF), Int(state >> 16))
        let first = list + Self.headerCount
        let last = oldest > 0 ? oldest - 1 : count - 1
        if lists[first + last] == article { return list }
        let isFull = count >= min(most, Self.listedMax)
        if !isFull, count < room {
            lists[first + count] = article
            lists[list + 1] = UInt32(truncatingIfNeeded: count + 1)
            return list
        }
        if !isFull, let moved = place(forRoom: room * 2) {
            let start = moved + Self.headerCount
            for index in 0..<count {
                lists[start + index] = lists[first + (oldest + index) % count]
            }
            lists[start + count] = article
            lists[moved + 1] = UInt32(truncatingIfNeeded: count + 1)
            lists[list + 1] = 0
            let size = room.trailingZeroBitCount & 31
            lists[first] = left[size]
            left[size] = UInt32(truncatingIfNeeded: list + 1)
            return moved
        }
        lists[first + oldest] = article
        let next = oldest + 1 < count ? oldest + 1 : 0
        lists[list + 1] = UInt32(truncatingIfNeeded: next << 16 | count)
        return list
    }

    /// A place for a list of that room: the one left last, else at the end; nil when that is full.
    private mutating func place(forRoom room: Int) -> Int? {
        let size = room.trailingZeroBitCount & 31
        if left[size] > 0 {
            let list = Int(left[size]) - 1
            left[size] = lists[list + Self.headerCount]
            return list
        }
        let list = lists.count
        guard list < Int(Self.listMark) - room - Self.headerCount else { return nil }
        lists.append(UInt32(truncatingIfNeeded: room))
        lists.append(contentsOf: repeatElement(0, count: room + 1))
        return list
    }

    private mutating func grow() {
        var larger = StoryPostings(capacity: slots.count * 2)
        for entry in slots where entry != 0 {
            larger.slots[larger.slot(of: UInt32(truncatingIfNeeded: entry >> 32))] = entry
        }
        slots = larger.slots
        shift = larger.shift
    }
}
