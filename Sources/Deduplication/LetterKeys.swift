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

extension DuplicateIndex {
    /// The latest documents that share the most of these rows of letters, the rarer the more; most
    /// first: what words cannot find, copies read by a machine and texts too short for a sample of
    /// shingles. A row that very many have, or one of a formula, says nothing, and so do fewer
    /// shared rows than that share of the shorter text's.
    func candidates(byLetters keys: [UInt64]) -> [UInt32] {
        let places = places(ofTelling: keys)
        var tally = DocumentTally()
        var (found, known): ([UInt32], [UInt32]) = ([], [])
        for index in places.keys.indices {
            found.removeAll(keepingCapacity: true)
            guard collectLatest(at: index, of: places, into: &found), !found.isEmpty,
                !isFormula(found, &known)
            else { continue }
            // The more have a row, the less it weighs.
            let weight = Float(1024 / (1 + found.count))
            for document in found { tally.add(weight, to: document) }
        }
        var best: [(weight: Float, document: UInt32, age: Age)] = []
        for entry in tally.entries where Int(entry.hits) >= options.letterRowsMin {
            let held = document(entry.document)
            let fewer = Double(min(keys.count, Int(held.letterRows)))
            if Double(entry.hits) >= options.letterRowsShare * fewer {
                let age = Age(seen: held.seen, id: held.id)
                best.append((entry.sum, entry.document, age))
            }
        }
        best.sort { $0.weight == $1.weight ? $0.age < $1.age : $0.weight > $1.weight }
        return best.prefix(options.alignedMax).map(\.document)
    }
}
