/// Which documents a key leads to: an open-addressing table with one slot of 8 bytes a key, the 36
/// bits of the key that count (`KeyedNumber`) beside its one document, or beside the list of its
/// documents in an arena.
///
/// A key that many documents have takes one slot like any other, so no chain of slots grows long:
/// looking a key up touches one or two cache lines however many documents are held. About 12 bytes
/// for a key with one document, 4 to 8 for each further one.
struct PostingTable: Hashable, Sendable {
    /// Above the key. Below it the number of the document plus one, or `listMark` and where its
    /// list starts; 0 is free.
    private(set) var slots: [UInt64]
    /// Slots that are taken.
    private(set) var count = 0
    private(set) var arena = ListArena()
    private var shift: UInt64

    /// Documents have lower numbers.
    static let documentsMax = Int(listMark) - 2
    private static let listMark: UInt32 = 1 << UInt32(KeyedNumber.numberBits - 1)
    private static let keyShift = UInt64(KeyedNumber.numberBits)

    init() { self.init(capacity: 1024) }

    /// An empty one with room for about so many keys.
    init(keys: Int) {
        var capacity = 1024
        while capacity * 7 < keys * 10 { capacity *= 2 }
        self.init(capacity: capacity)
    }

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
            let value = Self.value(of: slot)
            if value & Self.listMark == 0 {
                guard value > 0, Int(value) <= documents else { return nil }
            } else {
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
        Int(truncatingIfNeeded: ((key & KeyedNumber.keyMask) &* 0x9E37_79B9_7F4A_7C15) >> shift)
    }

    @inline(__always)
    private static func value(of slot: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: slot & KeyedNumber.numberMask)
    }

    /// The slot of the key, or the free one where it belongs.
    @inline(__always)
    private func slot(of key: UInt64) -> Int {
        let mask = slots.count &- 1
        let key = key & KeyedNumber.keyMask
        var slot = home(key)
        while slots[slot] != 0, slots[slot] >> Self.keyShift != key { slot = (slot &+ 1) & mask }
        return slot
    }

    /// Which documents of a key are kept when it has more than may be listed.
    enum Kept { case lowest, latest }

    /// Lists `document` under `key`, once; of more than `most` those that are `kept`, whatever the
    /// order in which they came.
    mutating func insert(_ key: UInt64, document: UInt32, most: Int, kept: Kept = .lowest) {
        guard document < Self.documentsMax, most > 0 else { return }
        if (count + 1) * 10 > slots.count * 7 { grow() }
        let slot = slot(of: key)
        let value = Self.value(of: slots[slot])
        var after = value
        if slots[slot] == 0 {
            after = document + 1
            count += 1
        } else if value & Self.listMark == 0 {
            let held = value - 1
            if most == 1 {
                after = (kept == .lowest ? min(held, document) : max(held, document)) + 1
            } else if held != document, let list = arena.makeList(of: held, document) {
                after = Self.listMark | list
            }
        } else {
            let list = arena.append(
                document, to: value & ~Self.listMark, most: most, kept: kept)
            after = Self.listMark | list
        }
        if after != value { slots[slot] = key << Self.keyShift | UInt64(after) }
    }

    /// Reads the slot where each key belongs, all of them before any is looked at: the reads do not
    /// wait for each other, so a batch of keys costs little more than one far read.
    func firstSlots(of keys: [UInt64]) -> [UInt64] {
        var first: [UInt64] = []
        first.reserveCapacity(keys.count)
        for key in keys { first.append(slots[home(key)]) }
        return first
    }

    /// Appends the documents listed under `key` to `found`. `first`: the slot where the key
    /// belongs, which was read before.
    @inline(__always)
    func collect(_ key: UInt64, first: UInt64, into found: inout [UInt32]) {
        if first == 0 { return }
        let isThere = first >> Self.keyShift == key & KeyedNumber.keyMask
        append(isThere ? first : slots[slot(of: key)], to: &found)
    }

    /// How many documents from `since` on are listed under `key`, where the earliest listed is one
    /// of them; else 0, which says nothing. `first`: the slot where the key belongs.
    @inline(__always)
    func count(_ key: UInt64, first: UInt64, since: UInt32) -> Int {
        if first == 0 { return 0 }
        let isThere = first >> Self.keyShift == key & KeyedNumber.keyMask
        let value = Self.value(of: isThere ? first : slots[slot(of: key)])
        if value == 0 { return 0 }
        if value & Self.listMark == 0 { return value - 1 >= since ? 1 : 0 }
        return arena.count(of: value & ~Self.listMark, since: since)
    }

    @inline(__always)
    private func append(_ entry: UInt64, to found: inout [UInt32]) {
        let value = Self.value(of: entry)
        if value == 0 { return }
        if value & Self.listMark == 0 {
            found.append(value - 1)
        } else {
            arena.collect(value & ~Self.listMark, into: &found)
        }
    }

    /// Whether any document is listed under `key`.
    func contains(_ key: UInt64) -> Bool { slots[slot(of: key)] != 0 }

    /// All that is listed, in no order.
    var pairs: [KeyedNumber] {
        var pairs: [KeyedNumber] = []
        pairs.reserveCapacity(count + count / 4)
        var found: [UInt32] = []
        for entry in slots where entry != 0 {
            found.removeAll(keepingCapacity: true)
            append(entry, to: &found)
            for number in found {
                pairs.append(KeyedNumber(key: entry >> Self.keyShift, number: number))
            }
        }
        return pairs
    }

    /// Forgets all, and keeps the room.
    mutating func removeAll() {
        for slot in slots.indices { slots[slot] = 0 }
        count = 0
        arena = ListArena()
    }

    private mutating func grow() {
        var larger = PostingTable(capacity: slots.count * 2)
        for entry in slots where entry != 0 {
            larger.slots[larger.slot(of: entry >> Self.keyShift)] = entry
        }
        slots = larger.slots
        shift = larger.shift
    }
}

/// Lists of documents in one array, each in ascending order. Each has room for a power of two; one
/// that is full moves to twice the room, and what it left is taken by the next list of that size.
///
/// A list: how much room it has; how many documents in the low 16 bits, and in the high ones which
/// of them is the first, from where they go around; the documents. Where none are, the first place
/// tells where the next list of that size was left, plus one.
struct ListArena: Hashable, Sendable {
    private(set) var words: [UInt32] = []
    /// By the logarithm of the room: where a list was left last, plus one; 0 for nowhere.
    private(set) var left: [UInt32] = Array(repeating: 0, count: 32)

    /// Words before the documents.
    private static let headerCount = 2
    private static let roomMin = 2
    /// Lists start below this.
    private static let startMax = 1 << (KeyedNumber.numberBits - 1)
    /// Documents in a list.
    static let listMax = 0x8000

    init() {}

    private func count(of list: Int) -> Int { Int(words[list + 1] & 0xFFFF) }
    private func turn(of list: Int) -> Int { Int(words[list + 1] >> 16) }

    /// How many documents, where the earliest of them is not before `since`; else 0.
    @inline(__always)
    func count(of list: UInt32, since: UInt32) -> Int {
        let start = Int(list)
        return words[start + Self.headerCount + turn(of: start)] >= since ? count(of: start) : 0
    }

    @inline(__always)
    func collect(_ list: UInt32, into found: inout [UInt32]) {
        let start = Int(list)
        let (count, turn) = (count(of: start), turn(of: start))
        let first = start + Self.headerCount
        if turn > 0 { found.append(contentsOf: words[(first + turn)..<(first + count)]) }
        found.append(contentsOf: words[first..<(first + (turn > 0 ? turn : count))])
    }

    /// nil when the arena is full.
    mutating func makeList(of first: UInt32, _ second: UInt32) -> UInt32? {
        guard let start = place(forRoom: Self.roomMin) else { return nil }
        words[start + 1] = 2
        words[start + Self.headerCount] = min(first, second)
        words[start + Self.headerCount + 1] = max(first, second)
        return UInt32(truncatingIfNeeded: start)
    }

    /// Appends the document unless it is there, or the arena is full; of more than `most` those
    /// that are `kept` stay.
    /// - Returns: where the list is now.
    mutating func append(
        _ document: UInt32, to list: UInt32, most: Int, kept: PostingTable.Kept
    ) -> UInt32 {
        let start = Int(list)
        let (count, turn) = (count(of: start), turn(of: start))
        let first = start + Self.headerCount
        let last = words[first + (turn > 0 ? turn : count) - 1]
        if document == last { return list }
        if document < last { return insert(document, to: list, most: most, kept: kept) }
        if count >= min(most, Self.listMax) {
            if kept == .latest {
                words[first + turn] = document
                setCount(count, turn: turn + 1 < count ? turn + 1 : 0, of: start)
            }
            return list
        }
        let room = Int(words[start])
        if count < room {
            words[first + count] = document
            setCount(count + 1, turn: 0, of: start)
            return list
        }
        guard let moved = place(forRoom: room * 2) else { return list }
        for index in 0..<count {
            words[moved + Self.headerCount + index] = words[first + index]
        }
        words[moved + Self.headerCount + count] = document
        setCount(count + 1, turn: 0, of: moved)
        leave(list)
        return UInt32(truncatingIfNeeded: moved)
    }

    /// Puts a document among later ones: one that was revised.
    private mutating func insert(
        _ document: UInt32, to list: UInt32, most: Int, kept: PostingTable.Kept
    ) -> UInt32 {
        var documents: [UInt32] = []
        collect(list, into: &documents)
        let place = documents.firstIndex { $0 >= document } ?? documents.endIndex
        if place < documents.endIndex, documents[place] == document { return list }
        documents.insert(document, at: place)
        let leaving = max(0, documents.count - most)
        let chosen = kept == .lowest ? documents.dropLast(leaving) : documents.dropFirst(leaving)
        // Written anew, one after the other, so that it has the room.
        setCount(0, turn: 0, of: Int(list))
        var moved = list
        for document in chosen {
            if count(of: Int(moved)) == 0 {
                words[Int(moved) + Self.headerCount] = document
                setCount(1, turn: 0, of: Int(moved))
            } else {
                moved = append(document, to: moved, most: most, kept: kept)
            }
        }
        return moved
    }

    private mutating func setCount(_ count: Int, turn: Int, of list: Int) {
        words[list + 1] = UInt32(truncatingIfNeeded: turn << 16 | count)
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
            let count = count(of: start)
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
        let (room, count, turn) = (Int(words[start]), count(of: start), turn(of: start))
        guard room >= Self.roomMin, room & (room - 1) == 0, count <= room, turn < max(count, 1),
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
