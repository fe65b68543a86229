/// Which documents a key leads to: an open-addressing table with one slot of 8 bytes a key, 32 bits
/// of the key beside its one document, or beside the list of its documents in an arena.
///
/// A key that many documents have takes one slot like any other, so no chain of slots grows long:
/// looking a key up touches one or two cache lines however many documents are held. About 12 bytes
/// for a key with one document, 4 to 8 for each further one.
///
/// Two keys whose 32 bits are equal share their documents; whoever asks verifies on the text.
struct PostingTable: Hashable, Sendable {
    /// Key in the high half. In the low half the number of the document plus one, or `listMark` and
    /// where its list starts, or `fullMark`; 0 is free.
    private(set) var slots: [UInt64]
    /// Slots that are taken.
    private(set) var count = 0
    private(set) var arena = ListArena()
    private var shift: UInt64

    /// Documents have lower numbers.
    static let documentsMax = 0x7FFF_FFFE
    private static let listMark: UInt32 = 0x8000_0000
    /// Of a key that has as many documents as may be listed, where these are of no more use.
    private static let fullMark: UInt32 = 0xFFFF_FFFF

    init() { self.init(capacity: 1024) }

    /// `capacity`: a power of two.
    private init(capacity: Int) {
        slots = Array(repeating: 0, count: capacity)
        shift = UInt64(64 - capacity.trailingZeroBitCount)
    }

    /// From saved parts; nil when they are no such table, or lead to a document from `documents`
    /// on.
    init?(slots: [UInt64], words: [UInt32], left: [UInt32], documents: Int) {
        let capacity = slots.count
        guard capacity >= 1024, capacity & (capacity - 1) == 0,
            let arena = ListArena(words: words, left: left, documents: documents)
        else { return nil }
        self.slots = slots
        self.arena = arena
        shift = UInt64(64 - capacity.trailingZeroBitCount)
        let starts = arena.starts
        for slot in slots where slot != 0 {
            count += 1
            let value = UInt32(truncatingIfNeeded: slot)
            if value & Self.listMark == 0 {
                guard value > 0, Int(value) <= documents else { return nil }
            } else if value != Self.fullMark {
                let start = Int(value & ~Self.listMark)
                guard start < words.count, starts[start / 64] >> UInt64(start % 64) & 1 == 1 else {
                    return nil
                }
            }
        }
        guard count * 10 <= capacity * 7 else { return nil }
    }

    @inline(__always)
    private func home(_ key: UInt64) -> Int {
        Int(truncatingIfNeeded: ((key & 0xFFFF_FFFF) &* 0x9E37_79B9_7F4A_7C15) >> shift)
    }

    /// The slot of the key, or the free one where it belongs.
    @inline(__always)
    private func slot(of key: UInt64) -> Int {
        let mask = slots.count &- 1
        let fingerprint = key & 0xFFFF_FFFF
        var slot = home(key)
        while slots[slot] != 0, slots[slot] >> 32 != fingerprint { slot = (slot &+ 1) & mask }
        return slot
    }

    /// Lists `document` under `key`, once, unless `most` are listed there already. With
    /// `forgetsFull` a key that has `most` keeps none of them. Documents come in the order of their
    /// numbers, or again.
    mutating func insert(
        _ key: UInt64, document: UInt32, most: Int, forgetsFull: Bool = false
    ) {
        guard document < Self.documentsMax, most > 0 else { return }
        if (count + 1) * 10 > slots.count * 7 { grow() }
        let slot = slot(of: key)
        let entry = slots[slot]
        let value = UInt32(truncatingIfNeeded: entry)
        var after = value
        if entry == 0 {
            after = document + 1
            count += 1
            if forgetsFull, most == 1 { after = Self.fullMark }
        } else if value == Self.fullMark {
            return
        } else if value & Self.listMark == 0 {
            guard value != document + 1, most > 1 else { return }
            if forgetsFull, most == 2 {
                after = Self.fullMark
            } else if let list = arena.makeList(of: value - 1, document) {
                after = Self.listMark | list
            }
        } else {
            let list = arena.append(document, to: value & ~Self.listMark, most: most)
            after = Self.listMark | list
            if forgetsFull, arena.count(of: list) >= most {
                arena.leave(list)
                after = Self.fullMark
            }
        }
        if after != value { slots[slot] = key << 32 | UInt64(after) }
    }

    /// Reads the slot where each key belongs, all of them before any is looked at: the reads do not
    /// wait for each other, so a batch of keys costs little more than one far read.
    func firstSlots(of keys: [UInt64]) -> [UInt64] {
        var first: [UInt64] = []
        first.reserveCapacity(keys.count)
        for key in keys { first.append(slots[home(key)]) }
        return first
    }

    /// About how many documents are listed in these slots. Reads the beginning of each list before
    /// any is gone through, so that these reads do not wait for each other either.
    func countDocuments(in first: [UInt64]) -> Int {
        var count = 0
        for entry in first {
            let value = UInt32(truncatingIfNeeded: entry)
            if value == 0 || value == Self.fullMark { continue }
            count += value & Self.listMark == 0 ? 1 : arena.count(of: value & ~Self.listMark)
        }
        return count
    }

    /// Appends the documents listed under `key` to `found`, in the order of listing.
    func collect(_ key: UInt64, into found: inout [UInt32]) {
        _ = append(slots[slot(of: key)], to: &found)
    }

    /// The same with the slot where the key belongs, which was read before.
    /// - Returns: false for a key that has had too many documents, and keeps none.
    @inline(__always)
    func collect(_ key: UInt64, first: UInt64, into found: inout [UInt32]) -> Bool {
        if first == 0 { return true }
        let isThere = first >> 32 == key & 0xFFFF_FFFF
        return append(isThere ? first : slots[slot(of: key)], to: &found)
    }

    @inline(__always)
    private func append(_ entry: UInt64, to found: inout [UInt32]) -> Bool {
        let value = UInt32(truncatingIfNeeded: entry)
        if value == 0 { return true }
        if value == Self.fullMark { return false }
        if value & Self.listMark == 0 {
            found.append(value - 1)
        } else {
            arena.collect(value & ~Self.listMark, into: &found)
        }
        return true
    }

    /// Whether any document is listed under `key`.
    func contains(_ key: UInt64) -> Bool { slots[slot(of: key)] != 0 }

    private mutating func grow() {
        var larger = PostingTable(capacity: slots.count * 2)
        for entry in slots where entry != 0 { larger.slots[larger.slot(of: entry >> 32)] = entry }
        slots = larger.slots
        shift = larger.shift
    }
}

/// Lists of documents in one array. Each has room for a power of two; one that is full moves to
/// twice the room, and what it left is taken by the next list of that size.
///
/// A list: how much room it has, how many documents, the documents. Where none are, the first place
/// tells where the next list of that size was left, plus one.
struct ListArena: Hashable, Sendable {
    private(set) var words: [UInt32] = []
    /// By the logarithm of the room: where a list was left last, plus one; 0 for nowhere.
    private(set) var left: [UInt32] = Array(repeating: 0, count: 32)

    /// Words before the documents.
    private static let headerCount = 2
    private static let roomMin = 2
    /// Lists start below this.
    private static let startMax = 0x7FFF_FFFF

    init() {}

    func count(of list: UInt32) -> Int { Int(words[Int(list) + 1]) }

    @inline(__always)
    func collect(_ list: UInt32, into found: inout [UInt32]) {
        let first = Int(list) + Self.headerCount
        found.append(contentsOf: words[first..<(first + Int(words[Int(list) + 1]))])
    }

    /// nil when the arena is full.
    mutating func makeList(of first: UInt32, _ second: UInt32) -> UInt32? {
        guard let start = place(forRoom: Self.roomMin) else { return nil }
        words[start + 1] = 2
        words[start + Self.headerCount] = first
        words[start + Self.headerCount + 1] = second
        return UInt32(truncatingIfNeeded: start)
    }

    /// Appends the document unless it is there, or `most` are, or the arena is full.
    /// - Returns: where the list is now.
    mutating func append(_ document: UInt32, to list: UInt32, most: Int) -> UInt32 {
        let start = Int(list)
        let (room, count) = (Int(words[start]), Int(words[start + 1]))
        let first = start + Self.headerCount
        guard count < most, !words[first..<(first + count)].contains(document) else { return list }
        if count < room {
            words[first + count] = document
            words[start + 1] += 1
            return list
        }
        guard let moved = place(forRoom: room * 2) else { return list }
        for index in 0..<count {
            words[moved + Self.headerCount + index] = words[first + index]
        }
        words[moved + Self.headerCount + count] = document
        words[moved + 1] = UInt32(truncatingIfNeeded: count + 1)
        leave(list)
        return UInt32(truncatingIfNeeded: moved)
    }

    /// Gives the place of the list to others.
    mutating func leave(_ list: UInt32) {
        let start = Int(list)
        let size = Int(words[start]).trailingZeroBitCount & 31
        words[start + 1] = 0
        words[start + Self.headerCount] = left[size]
        left[size] = list + 1
    }

    /// A place for a list of that room: the one left last, else at the end; nil when that is full.
    private mutating func place(forRoom room: Int) -> Int? {
        let size = room.trailingZeroBitCount & 31
        if left[size] > 0 {
            let start = Int(left[size]) - 1
            left[size] = words[start + Self.headerCount]
            return start
        }
        let start = words.count
        guard start < Self.startMax - room - Self.headerCount else { return nil }
        words.append(UInt32(truncatingIfNeeded: room))
        words.append(contentsOf: repeatElement(0, count: room + 1))
        return start
    }
}

// MARK: - Saved

extension ListArena {
    /// From saved parts; nil when they are no arena, or a document is not below `documents`.
    init?(words: [UInt32], left: [UInt32], documents: Int) {
        guard left.count == 32, words.count <= Self.startMax else { return nil }
        self.words = words
        self.left = left
        var start = 0
        var empty = 0
        while start < words.count {
            guard let end = end(ofListAt: start) else { return nil }
            let count = Int(words[start + 1])
            if count == 0 { empty += 1 }
            for word in words[(start + Self.headerCount)...].prefix(count)
            where Int(word) >= documents {
                return nil
            }
            start = end
        }
        // Every place that was left is empty, and comes once.
        for (size, last) in left.enumerated() {
            var next = last
            while next > 0 {
                let start = Int(next) - 1
                guard empty > 0, end(ofListAt: start) != nil, words[start] == 1 << UInt32(size),
                    words[start + 1] == 0
                else { return nil }
                empty -= 1
                next = words[start + Self.headerCount]
            }
        }
    }

    /// Where the list that starts there ends; nil when none can.
    private func end(ofListAt start: Int) -> Int? {
        guard start + Self.headerCount <= words.count else { return nil }
        let (room, count) = (Int(words[start]), Int(words[start + 1]))
        guard room >= Self.roomMin, room & (room - 1) == 0, count <= room,
            room <= words.count - start - Self.headerCount
        else { return nil }
        return start + Self.headerCount + room
    }

    /// Where lists with documents start, one bit a word.
    var starts: [UInt64] {
        var starts = Array(repeating: UInt64(0), count: words.count / 64 + 1)
        var start = 0
        while start < words.count, let end = end(ofListAt: start) {
            if words[start + 1] > 0 { starts[start / 64] |= 1 << UInt64(start % 64) }
            start = end
        }
        return starts
    }
}
