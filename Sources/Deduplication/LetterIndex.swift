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
    /// many have, or one of a formula, says nothing.
    func candidates(
        _ keys: [UInt64], options: DecisionOptions, isFormula: ([UInt32]) -> Bool,
        isEarlier: (UInt32, UInt32) -> Bool
    ) -> [UInt32] {
        var hits: [(document: UInt32, weight: Float)] = []
        var found: [UInt32] = []
        for key in keys {
            found.removeAll(keepingCapacity: true)
            younger.collect(key, into: &found)
            older.collect(key, into: &found)
            if found.count >= options.letterPostingsMax || isFormula(found) { continue }
            let weight = 1 / (1 + Float(found.count)).squareRoot()
            for document in found { hits.append((document, weight)) }
        }
        hits.sort { $0.document < $1.document }
        var sums: [(document: UInt32, weight: Float, rows: Int)] = []
        for hit in hits {
            if let last = sums.indices.last, sums[last].document == hit.document {
                sums[last].weight += hit.weight
                sums[last].rows += 1
            } else {
                sums.append((hit.document, hit.weight, 1))
            }
        }
        sums = sums.filter { $0.rows >= options.letterRowsMin }
        sums.sort { a, b in
            a.weight == b.weight ? isEarlier(a.document, b.document) : a.weight > b.weight
        }
        return sums.prefix(options.alignedMax).map(\.document)
    }
}
