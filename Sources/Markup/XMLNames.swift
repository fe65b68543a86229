/// A name or an address that was met, by number: equal numbers are equal names, letter case apart.
/// Number 0 stands for all names that the table had no room for.
package struct XMLNameID: Hashable, Sendable {
    package let index: Int

    /// What the table had no room for; never one that a caller looks for.
    package static let other = XMLNameID(index: 0)
    /// The empty name: the prefix of a name without one, the address of no namespace.
    package static let empty = XMLNameID(index: 1)
}

/// The names and the namespaces that documents use, by number. Documents of one kind use mostly the
/// same: a table that one of them has filled is a good start for the next.
package struct XMLNameTables: Sendable {
    var names = XMLNameTable()
    var namespaces = XMLNameTable()
    let xmlns: XMLNameID

    package init() {
        let bytes = Array("xmlns".utf8)
        xmlns = names.id(of: bytes, bytes.indices)
    }

    /// The number that a name has, to compare with.
    package mutating func number(of name: String) -> XMLNameID {
        let bytes = Array(name.utf8)
        return names.id(of: bytes, bytes.indices)
    }
}

/// Names met in a document, each kept once, in ASCII lower case. Bounded: hostile names cost no
/// more than honest ones, because a name is sought in a few places only and many names are `other`.
struct XMLNameTable: Sendable {
    /// Distinct names that are told apart.
    static let namesMax = 4096
    /// Bytes of one name.
    static let nameBytesMax = 256
    /// Places where a name is sought.
    private static let probesMax = 16

    private struct Name {
        var hash: UInt32
        var start: Int
        var end: Int
        var prefix: XMLNameID
        var local: XMLNameID
    }

    /// A name as it was written lately, in any letter case, and its number.
    private struct Recent {
        var head: UInt64 = 0
        var tail: UInt64 = 0
        var id = XMLNameID.empty
    }

    private var slots: [Int32]
    private var recent = Array(repeating: Recent(), count: 256)
    private var names: [Name] = []
    private var pool: [UInt8] = []

    init() {
        slots = Array(repeating: -1, count: 256)
        let empty = Name(hash: 0, start: 0, end: 0, prefix: .empty, local: .empty)
        names = [empty, empty]
    }

    var count: Int { names.count }

    /// The number of the name at `range`; a new one when it was not met before. Most names were
    /// written the same way before, and are known by their bytes as two numbers.
    mutating func id(of bytes: [UInt8], _ range: Range<Int>) -> XMLNameID {
        guard !range.isEmpty else { return .empty }
        guard range.count <= Self.nameBytesMax else { return .other }
        guard let (head, tail) = packed(bytes.span, range) else { return search(bytes, range) }
        let mixed = (head ^ tail &* 0xC2B2_AE3D_27D4_EB4F) &* 0x9E37_79B9_7F4A_7C15
        let slot = Int(mixed >> 56)
        if recent[slot].head == head, recent[slot].tail == tail { return recent[slot].id }
        let id = search(bytes, range)
        recent[slot] = Recent(head: head, tail: tail, id: id)
        return id
    }

    /// A name of at most 16 bytes, none of which is NUL; nil when it is longer, or too near the end
    /// of the document to be read by words.
    @inline(__always)
    private func packed(
        _ bytes: borrowing Span<UInt8>, _ range: Range<Int>
    ) -> (head: UInt64, tail: UInt64)? {
        let start = range.lowerBound
        guard range.count <= 16, start &+ 16 <= bytes.count else { return nil }
        let bits = UInt64(range.count) &* 8
        let (head, tail) = (bytes.word(at: start), bytes.word(at: start &+ 8))
        // Shifts by 64 and more give zero, so that the masks need no cases.
        return (head & ~(UInt64.max << bits), bits > 64 ? tail & ~(UInt64.max << (bits - 64)) : 0)
    }

    private mutating func search(_ bytes: [UInt8], _ range: Range<Int>) -> XMLNameID {
        var hash: UInt32 = 2_166_136_261
        for index in range { hash = (hash ^ UInt32(lowercased(bytes[index]))) &* 16_777_619 }
        hash ^= hash >> 15
        var slot = Int(hash) & (slots.count - 1)
        for _ in 0..<Self.probesMax {
            let entry = Int(slots[slot])
            if entry < 0 {
                return names.count < Self.namesMax
                    ? insert(bytes, range, hash: hash, slot: slot) : .other
            }
            if names[entry].hash == hash, isEqual(names[entry], bytes, range) {
                return XMLNameID(index: entry)
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return .other
    }

    /// The name in lower case.
    func bytes(of id: XMLNameID) -> ArraySlice<UInt8> {
        guard id.index < names.count else { return [] }
        return pool[names[id.index].start..<names[id.index].end]
    }

    /// What stands before the colon; `.empty` without one.
    func prefix(of id: XMLNameID) -> XMLNameID {
        id.index < names.count ? names[id.index].prefix : .other
    }

    /// What stands after the colon; the name itself without one.
    func local(of id: XMLNameID) -> XMLNameID {
        id.index < names.count ? names[id.index].local : .other
    }

    /// Doubles the places, so that they are at most a quarter full.
    private mutating func grow() {
        slots = Array(repeating: -1, count: slots.count * 2)
        for (index, name) in names.enumerated() where index > XMLNameID.empty.index {
            var slot = Int(name.hash) & (slots.count - 1)
            for _ in 0..<Self.probesMax {
                if slots[slot] < 0 {
                    slots[slot] = Int32(truncatingIfNeeded: index)
                    break
                }
                slot = (slot + 1) & (slots.count - 1)
            }
        }
    }

    private func isEqual(_ name: Name, _ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        guard name.end - name.start == range.count else { return false }
        var next = name.start
        for index in range {
            if pool[next] != lowercased(bytes[index]) { return false }
            next += 1
        }
        return true
    }

    private mutating func insert(
        _ bytes: [UInt8], _ range: Range<Int>, hash: UInt32, slot: Int
    ) -> XMLNameID {
        let id = XMLNameID(index: names.count)
        let start = pool.count
        for index in range { pool.append(lowercased(bytes[index])) }
        names.append(Name(hash: hash, start: start, end: pool.count, prefix: .empty, local: id))
        slots[slot] = Int32(truncatingIfNeeded: id.index)
        if names.count * 4 > slots.count { grow() }
        if let colon = range.firstIndex(where: { bytes[$0] == UInt8(ascii: ":") }) {
            let prefix = self.id(of: bytes, range.lowerBound..<colon)
            let local = self.id(of: bytes, colon + 1..<range.upperBound)
            names[id.index].prefix = prefix
            names[id.index].local = local
        }
        return id
    }
}

/// Which namespace each prefix stands for at this place of the document
/// (Namespaces in XML 1.0, section 6), undone element by element.
struct XMLNamespaceBindings {
    private var bound: [XMLNameID] = []
    private var undo: [(prefix: XMLNameID, previous: XMLNameID)] = []

    /// How far to undo when the element that is about to open closes.
    var mark: Int { undo.count }

    /// The namespace of a prefix; `.empty` when there is none.
    func namespace(of prefix: XMLNameID) -> XMLNameID {
        prefix.index < bound.count ? bound[prefix.index] : .empty
    }

    mutating func bind(_ prefix: XMLNameID, to namespace: XMLNameID) {
        while prefix.index >= bound.count { bound.append(.empty) }
        undo.append((prefix, bound[prefix.index]))
        bound[prefix.index] = namespace
    }

    mutating func unbind(to mark: Int) {
        while undo.count > mark, let last = undo.popLast() {
            bound[last.prefix.index] = last.previous
        }
    }
}

/// ASCII letters only.
@inline(__always)
func lowercased(_ byte: UInt8) -> UInt8 { 0x41...0x5A ~= byte ? byte | 0x20 : byte }
