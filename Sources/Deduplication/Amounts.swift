internal import News

/// What a text says of one thing that can be counted, where it says it first. `500 milliards de
/// dollars` and `$500 billion` are one amount.
struct Amount {
    enum Unit: Hashable {
        case currency(String)
        case percent
        /// The thing counted, by the hash of its word.
        case thing(UInt64)
    }

    var thousandths: Int64
    var unit: Unit
    var range: TextRange
    /// The words of the text that say it, each time.
    var places: [Range<Int>]

    func says(sameAs other: Amount) -> Bool {
        unit == other.unit && thousandths == other.thousandths
    }

    /// Amounts of one unit further apart than 20 times speak of different things.
    func isComparable(to other: Amount) -> Bool {
        let (one, two) = (Double(thousandths), Double(other.thousandths))
        return unit == other.unit && max(one, two) <= 20 * min(one, two)
    }

    /// Words in common that it takes to hold it against another: percentages are told of
    /// everything, while sums in one story, and things counted, are of few. `isSaidByBoth`: one of
    /// the two amounts stands in both texts, and may be right there.
    func contextNeeded(isSaidByBoth: Bool) -> Int {
        guard case .percent = unit else { return 0 }
        return isSaidByBoth ? 2 : 1
    }
}

/// Amounts of one text: what is compared is every one with every other, and texts come from
/// strangers.
private let amountsMax = 200
/// Words on either side of an amount that say of what, and how many of them are kept.
private let contextWords = 8
private let contextMax = 64

/// The amounts of a text, each once, and what they are amounts of. Cost: linear.
struct Amounts {
    let all: [Amount]
    private let folded: FoldedText

    init(of article: Article, _ folded: FoldedText) {
        all = amounts(of: article, folded.words)
        self.folded = folded
    }

    /// By number of an amount: the beginnings of the content words around it, in its sentence, and
    /// figures there. Of an amount that is said several times, those of all.
    func contexts(of numbers: Set<Int>) -> [Int: Set<UInt64>] {
        guard !numbers.isEmpty else { return [:] }
        let stems = contentStems(of: folded)
        var found: [Int: Set<UInt64>] = [:]
        for number in numbers {
            var all: Set<UInt64> = []
            for place in self.all[number].places where all.count < contextMax {
                all.formUnion(context(of: place, folded.words, stems))
            }
            found[number] = all
        }
        return found
    }
}

private func amounts(of article: Article, _ words: [FoldedText.Word]) -> [Amount] {
    var found: [Amount] = []
    var next = 0
    for figure in figures(in: article.text, language: article.language) {
        while next < words.count, words[next].range.start < figure.range.start { next += 1 }
        var end = next
        while end < words.count, words[end].range.start < figure.range.end { end += 1 }
        guard var amount = Amount(figure, words[end...]), amount.thousandths > 0 else { continue }
        amount.places = [next..<end]
        if let number = found.firstIndex(where: { $0.says(sameAs: amount) }) {
            found[number].places += amount.places
        } else if found.count < amountsMax {
            found.append(amount)
        }
    }
    return found
}

extension Amount {
    /// `following`: the words behind the figure. Nil for what is no amount of anything.
    fileprivate init?(_ figure: Figure, _ following: ArraySlice<FoldedText.Word>) {
        range = figure.range
        places = []
        switch figure.value {
        case .money(let thousandths, let currency):
            (self.thousandths, unit) = (thousandths, .currency(currency))
        case .percentage(let thousandths):
            (self.thousandths, unit) = (thousandths, .percent)
        case .count(let thousandths):
            // The next word that says of what.
            let near = following.prefix(2).prefix { !$0.opensSentence }
            let thing = near.first { word in
                !word.isNumber && word.length >= 4 && !stopWords.contains(word.hash)
            }
            guard let thing else { return nil }
            (self.thousandths, unit) = (thousandths, .thing(thing.hash))
            range.end = thing.range.end
        case .day: return nil
        }
    }
}

/// By word: its first letters as one hash, or the figure; nil for what says nothing.
private func contentStems(of folded: FoldedText) -> [UInt64?] {
    var byte = 0
    return folded.words.map { word in
        let start = byte
        while byte < folded.folded.count, folded.folded[byte] != 0x20 { byte += 1 }
        defer { byte += 1 }
        if word.isNumber { return word.hash }
        guard word.length >= 4, !stopWords.contains(word.hash) else { return nil }
        return stemHash(folded.folded, start..<byte, letters: 5)
    }
}

private func context(
    of figure: Range<Int>, _ words: [FoldedText.Word], _ stems: [UInt64?]
) -> Set<UInt64> {
    var found: Set<UInt64> = []
    var place = figure.lowerBound
    while place > 0, figure.lowerBound - place < contextWords {
        if place < words.count, words[place].opensSentence { break }
        place -= 1
        if let stem = stems[place] { found.insert(stem) }
    }
    place = figure.upperBound
    while place < words.count, place - figure.upperBound < contextWords,
        !words[place].opensSentence
    {
        if let stem = stems[place] { found.insert(stem) }
        place += 1
    }
    return found
}

/// Two amounts, by their numbers in their texts, that may speak of one thing.
private struct AmountPair {
    var ours: Int
    var theirs: Int
    var isSaidByBoth: Bool
    /// Words that both have around them.
    var likeness = 0
}

/// Pairs of amounts that speak of one thing and differ: at least one of the two is said by its text
/// alone, and is paired once. Those whose words agree most are paired first, with what both say
/// when nothing else is left. In the order of `ours`.
func differingAmounts(_ one: Amounts, _ other: Amounts) -> [(ours: Amount, theirs: Amount)] {
    let (ours, theirs) = (one.all, other.all)
    let oursOnly = ours.map { one in !theirs.contains { $0.says(sameAs: one) } }
    let theirsOnly = theirs.map { one in !ours.contains { $0.says(sameAs: one) } }
    var pairs: [AmountPair] = []
    for (i, one) in ours.enumerated() {
        for (j, two) in theirs.enumerated()
        where (oursOnly[i] || theirsOnly[j]) && one.isComparable(to: two) {
            pairs.append(
                AmountPair(
                    ours: i, theirs: j, isSaidByBoth: !(oursOnly[i] && theirsOnly[j])))
        }
    }
    let contexts = one.contexts(of: Set(pairs.map(\.ours)))
    let contextsThere = other.contexts(of: Set(pairs.map(\.theirs)))
    for index in pairs.indices {
        let there = contextsThere[pairs[index].theirs] ?? []
        pairs[index].likeness = contexts[pairs[index].ours]?.intersection(there).count ?? 0
    }
    pairs.removeAll {
        $0.likeness < ours[$0.ours].contextNeeded(isSaidByBoth: $0.isSaidByBoth)
    }
    pairs.sort { a, b in
        if a.isSaidByBoth != b.isSaidByBoth { return b.isSaidByBoth }
        return (b.likeness, a.ours, a.theirs) < (a.likeness, b.ours, b.theirs)
    }
    var (taken, takenThere): (Set<Int>, Set<Int>) = ([], [])
    let chosen = pairs.filter { pair in
        guard !taken.contains(pair.ours), !takenThere.contains(pair.theirs) else { return false }
        if oursOnly[pair.ours] { taken.insert(pair.ours) }
        if theirsOnly[pair.theirs] { takenThere.insert(pair.theirs) }
        return true
    }
    return chosen.sorted { ($0.ours, $0.theirs) < ($1.ours, $1.theirs) }
        .map { (ours[$0.ours], theirs[$0.theirs]) }
}
