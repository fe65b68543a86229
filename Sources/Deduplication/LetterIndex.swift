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
/// it. Of the first `most` letters; each once. Cost: linear.
func letterKeys(of text: FoldedText, rate: Int, most: Int) -> [UInt64] {
    let length = 9
    let limit = UInt64.max / UInt64(max(rate, 1))
    let letters = looksOfLetters(in: text.folded, most: most)
    let looks = letters.span
    guard looks.count >= length else { return [] }
    var keys: [UInt64] = []
    keys.reserveCapacity(2 * looks.count / max(rate, 1))
    var rolling: UInt64 = 0
    for place in 0..<looks.count {
        // What leaves the row is taken off beside the chain of multiplications.
        let leaving = place < length ? 0 : UInt64(looks[place &- length]) &* leavingFactor
        rolling = rolling &* letterBase &+ (UInt64(looks[place]) &- leaving)
        guard place >= length - 1 else { continue }
        let hash = mixed(rolling)
        if hash <= limit { keys.append(hash) }
    }
    return eachOnce(keys)
}

private let letterBase: UInt64 = 0x9E37_79B9_7F4A_7C15
/// `letterBase` to the power of nine.
private let leavingFactor = (0..<9).reduce(UInt64(1)) { power, _ in power &* letterBase }

/// The looks of the first `most` letters of folded words, without the spaces between these.
func looksOfLetters(in folded: [UInt8], most: Int) -> [UInt8] {
    var looks = Array(repeating: UInt8(0), count: min(folded.count, most))
    var target = looks.mutableSpan
    let (letters, all) = (folded, letterLooks)
    let (source, table) = (letters.span, all.span)
    var (place, count) = (0, 0)
    while place < source.count, count < target.count {
        let letter = source[place]
        target[count] = table[Int(letter)]
        count &+= letter == 0x20 ? 0 : 1
        place &+= 1
    }
    looks.removeLast(looks.count - count)
    return looks
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
            younger.insert(
                key, document: document, most: options.letterPostingsMax, forgetsFull: true)
        }
    }

    /// The documents that share the most of `keys`, the rarer the more; most first. A row that very
    /// many have, or one of a formula, says nothing, and so do fewer shared rows than that share of
    /// the shorter text's. `rows` tells how many a document has.
    func candidates(
        _ keys: [UInt64], options: DecisionOptions, rows: (UInt32) -> Int,
        isFormula: ([UInt32]) -> Bool, isEarlier: (UInt32, UInt32) -> Bool
    ) -> [UInt32] {
        let (youngerSlots, olderSlots) = (younger.firstSlots(of: keys), older.firstSlots(of: keys))
        var tally = DocumentTally(
            documents: younger.countDocuments(in: youngerSlots)
                + older.countDocuments(in: olderSlots))
        var found: [UInt32] = []
        for (index, key) in keys.enumerated() {
            found.removeAll(keepingCapacity: true)
            guard younger.collect(key, first: youngerSlots[index], into: &found),
                older.collect(key, first: olderSlots[index], into: &found), !found.isEmpty,
                found.count < options.letterPostingsMax, !isFormula(found)
            else { continue }
            // The more have a row, the less it weighs.
            let weight = Float(1024 / (1 + found.count))
            for document in found { tally.add(weight, to: document) }
        }
        var best: [(weight: Float, document: UInt32)] = []
        for entry in tally.entries where Int(entry.hits) >= options.letterRowsMin {
            let fewer = Double(min(keys.count, rows(entry.document)))
            if Double(entry.hits) >= options.letterRowsShare * fewer {
                best.append((entry.sum, entry.document))
            }
        }
        best.sort { a, b in
            a.weight == b.weight ? isEarlier(a.document, b.document) : a.weight > b.weight
        }
        return best.prefix(options.alignedMax).map(\.document)
    }
}
