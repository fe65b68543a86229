internal import News

/// Letters that a reading machine takes for each other have one look: `1`, `i`, `l`, `t`; `c`, `e`,
/// `o`; `n`, `u`, `h`; `v`, `y`, `r`. By the byte of folded text.
let letterLooks: [UInt8] = {
    var looks = (0...255).map { UInt8($0) }
    for family in ["il1jtf", "oec0a", "nuhb", "vwyr", "s5", "gq9", "z2", "38"] {
        for letter in family.utf8 { looks[Int(letter)] = family.utf8.first ?? letter }
    }
    return looks
}()

/// The hashes of rows of nine letters, by their looks and without the spaces between words, that
/// lie in the lowest `1/rate` of all values: what a damaged copy of a text still has in common with
/// it. Of the first `most` letters; sorted, each once. Cost: linear.
func letterKeys(of text: FoldedText, rate: Int, most: Int) -> [UInt64] {
    let length = 9
    let base: UInt64 = 0x9E37_79B9_7F4A_7C15
    let limit = UInt64.max / UInt64(max(rate, 1))
    var leading: UInt64 = 1
    for _ in 0..<length { leading = leading &* base }
    var looks: [UInt8] = []
    looks.reserveCapacity(min(text.folded.count, most))
    var keys: [UInt64] = []
    var rolling: UInt64 = 0
    for letter in text.folded where letter != 0x20 {
        let look = letterLooks[Int(letter)]
        looks.append(look)
        rolling = rolling &* base &+ UInt64(look)
        if looks.count > length {
            rolling = rolling &- UInt64(looks[looks.count - 1 - length]) &* leading
        }
        if looks.count >= length {
            let hash = mixed(rolling)
            if hash <= limit { keys.append(hash) }
        }
        if looks.count >= most { break }
    }
    keys.sort()
    var kept = 0
    for key in keys where kept == 0 || keys[kept - 1] != key {
        keys[kept] = key
        kept += 1
    }
    keys.removeLast(keys.count - kept)
    return keys
}

/// Which of the latest documents have which rows of letters, for finding what words cannot find:
/// copies read by a machine, and texts too short for a sample of shingles.
///
/// Two generations: when the younger is full, the older is forgotten whole. So memory is bounded,
/// and between one and two windows of documents are remembered.
struct LetterIndex: Hashable, Sendable {
    private(set) var younger = PostingTable()
    private(set) var older = PostingTable()
    /// Documents in the younger generation.
    private(set) var youngerCount = 0

    init() {}

    /// From saved parts.
    init(younger: PostingTable, older: PostingTable, youngerCount: Int) {
        self.younger = younger
        self.older = older
        self.youngerCount = youngerCount
    }

    mutating func insert(_ keys: [UInt64], document: UInt32, options: DecisionOptions) {
        if youngerCount >= options.letterWindow {
            older = younger
            younger = PostingTable()
            youngerCount = 0
        }
        youngerCount += 1
        for key in keys {
            younger.insert(key, document: document, most: options.letterPostingsMax)
        }
    }

    /// The documents that share the most of `keys`, the rarer the more; most first. A row that very
    /// many have, or one of a formula, says nothing, and so do fewer shared rows than that share of
    /// the shorter text's. `rows` tells how many a document has.
    func candidates(
        _ keys: [UInt64], options: DecisionOptions, rows: (UInt32) -> Int,
        isFormula: ([UInt32]) -> Bool, isEarlier: (UInt32, UInt32) -> Bool
    ) -> [UInt32] {
        var tally = SharedRows(capacity: keys.count * options.letterPostingsMax)
        var found: [UInt32] = []
        for key in keys {
            found.removeAll(keepingCapacity: true)
            younger.collect(key, into: &found)
            older.collect(key, into: &found)
            if found.isEmpty { continue }
            if found.count >= options.letterPostingsMax || isFormula(found) { continue }
            // The more have a row, the less it weighs.
            let weight = UInt32(1024 / (1 + found.count))
            for document in found { tally.add(weight, to: document) }
        }
        var best: [(weight: UInt32, document: UInt32)] = []
        for entry in tally.entries where Int(entry.rows) >= options.letterRowsMin {
            let fewer = Double(min(keys.count, rows(entry.document)))
            if Double(entry.rows) >= options.letterRowsShare * fewer {
                best.append((entry.weight, entry.document))
            }
        }
        best.sort { a, b in
            a.weight == b.weight ? isEarlier(a.document, b.document) : a.weight > b.weight
        }
        return best.prefix(options.alignedMax).map(\.document)
    }
}

/// Sums by document for one question: a flat table that grows when half of it is filled.
private struct SharedRows {
    struct Entry {
        var document: UInt32
        /// 0 is free.
        var rows: Int32 = 0
        var weight: UInt32 = 0
    }

    private var slots: [Entry]
    private var filled = 0

    /// For at most `capacity` documents; begins smaller.
    init(capacity: Int) {
        var count = 256
        while count < min(capacity, 2048) { count *= 2 }
        slots = Array(repeating: Entry(document: 0), count: count)
    }

    var entries: some Sequence<Entry> { slots.lazy.filter { $0.rows > 0 } }

    mutating func add(_ weight: UInt32, to document: UInt32) {
        if filled * 2 > slots.count { grow() }
        let slot = slot(of: document)
        if slots[slot].rows == 0 {
            filled += 1
            slots[slot].document = document
        }
        slots[slot].rows += 1
        slots[slot].weight += weight
    }

    private func slot(of document: UInt32) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: (document &* 0x9E37_79B1) >> 8) & mask
        while slots[slot].rows > 0, slots[slot].document != document { slot = (slot + 1) & mask }
        return slot
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: Entry(document: 0), count: old.count * 2)
        for entry in old where entry.rows > 0 { slots[slot(of: entry.document)] = entry }
    }
}
