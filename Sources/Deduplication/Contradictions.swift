internal import News

extension DuplicateIndex {
    /// Where the article and the nearest of its story, which is no copy of it, give other figures
    /// for the same thing, or other names in the same list. Cost: linear in both texts.
    func contradictions(
        of article: Article, _ fingerprint: Fingerprint, with other: Article
    ) -> [Novelty.Contradiction] {
        let ours = Claims(of: article.text, fingerprint.text)
        let theirs = Claims(of: other.text, FoldedText(other.text))
        let found = ours.otherAmounts(than: theirs) + ours.otherNames(than: theirs)
        return found.prefix(options.contradictionsMax).map { claim in
            Novelty.Contradiction(
                kind: claim.kind, ours: claim.ours, theirs: claim.theirs,
                other: Reference(to: other), passage: passage(claim.theirs, of: other.text))
        }
    }

    private func passage(_ range: TextRange, of text: String) -> String {
        let scalars = text.unicodeScalars.dropFirst(range.start).prefix(range.end - range.start)
        return String(scalars)
    }
}

/// What a text claims that can be held against another: amounts, and lists of names.
private struct Claims {
    /// `500 milliards de dollars` and `$500 billion` are one amount.
    struct Amount {
        var value: Double
        /// A currency, per cent, or the thing counted.
        var unit: UInt64
        var range: TextRange
    }

    /// `Oracle, SoftBank et OpenAI`.
    struct List {
        var names: Set<UInt64>
        var range: TextRange
    }

    struct Difference: Hashable {
        var kind: Novelty.Contradiction.Kind
        var ours: TextRange
        var theirs: TextRange
    }

    private(set) var amounts: [Amount] = []
    private(set) var lists: [List] = []

    /// Words between two names of a list, and names in one.
    private static let gapWordsMax = 5
    private static let namesMin = 3
    /// Names of one list, lists and amounts of one text: what is compared is every one with every
    /// other, and texts come from strangers.
    private static let namesMax = 40
    private static let listsMax = 100
    private static let amountsMax = 200
    /// Amounts further apart than this many times speak of different things.
    private static let ratioMax = 20.0

    init(of text: String, _ folded: FoldedText) {
        let scalars = Array(text.unicodeScalars)
        readAmounts(folded, scalars)
        readLists(folded, scalars)
    }

    // MARK: Amounts

    private mutating func readAmounts(_ text: FoldedText, _ scalars: [Unicode.Scalar]) {
        var start = 0
        for (index, word) in text.words.enumerated() {
            let first = start
            while start < text.folded.count, text.folded[start] != 0x20 { start += 1 }
            let bytes = text.folded[first..<start]
            start += 1
            guard amounts.count < Self.amountsMax, word.isNumber,
                let number = Double(String(decoding: bytes, as: UTF8.self)),
                number.isFinite, number > 0
            else { continue }
            if let amount = amount(number, at: index, of: text.words, scalars) {
                amounts.append(amount)
            }
        }
    }

    private func amount(
        _ number: Double, at index: Int, of words: [FoldedText.Word], _ scalars: [Unicode.Scalar]
    ) -> Amount? {
        var range = words[index].range
        var next = index + 1
        var value = number
        if next < words.count, let factor = magnitudes[words[next].hash] {
            value *= factor
            range.end = words[next].range.end
            next += 1
        }
        if let sign = sign(before: range.start, scalars) {
            range.start -= 1
            return Amount(value: value, unit: sign, range: range)
        }
        if let sign = sign(after: range.end, scalars) {
            return Amount(
                value: value, unit: sign.unit, range: .init(start: range.start, end: sign.end))
        }
        // The next word that means something says of what.
        for word in words[min(next, words.count)...].prefix(2) where !word.opensSentence {
            if let currency = currencies[word.hash] {
                return Amount(
                    value: value, unit: currency,
                    range: .init(start: range.start, end: word.range.end))
            }
            guard !word.isNumber, word.range.end - word.range.start >= 4,
                !stopWords.contains(word.hash)
            else { continue }
            return Amount(
                value: value, unit: word.hash, range: .init(start: range.start, end: word.range.end)
            )
        }
        return nil
    }

    private func sign(before place: Int, _ scalars: [Unicode.Scalar]) -> UInt64? {
        place > 0 && place <= scalars.count ? unitSigns[scalars[place - 1].value] : nil
    }

    private func sign(
        after place: Int, _ scalars: [Unicode.Scalar]
    ) -> (unit: UInt64, end: Int)? {
        for end in place..<min(place + 2, scalars.count) {
            if let unit = unitSigns[scalars[end].value] { return (unit, end + 1) }
            if !scalars[end].properties.isWhitespace { return nil }
        }
        return nil
    }

    /// Amounts of one unit that only one of the two has, each beside one of the other's: first what
    /// only we say, then what only they say. No pair twice.
    func otherAmounts(than other: Claims) -> [Difference] {
        var told: Set<Difference> = []
        let ours = amounts.compactMap { amount -> Difference? in
            other.counterpart(of: amount, besides: self).map {
                Difference(kind: .figure, ours: amount.range, theirs: $0.range)
            }
        }
        let theirs = other.amounts.compactMap { amount -> Difference? in
            counterpart(of: amount, besides: other).map {
                Difference(kind: .figure, ours: $0.range, theirs: amount.range)
            }
        }
        return (ours + theirs).filter { told.insert($0).inserted }
    }

    /// What is said here for an amount that is not: one that is not said there either, or else the
    /// first of its unit; nil when the amount is said here too, or nothing comparable.
    private func counterpart(of amount: Amount, besides other: Claims) -> Amount? {
        let comparable = amounts.filter { ours in
            ours.unit == amount.unit
                && max(ours.value, amount.value) <= Self.ratioMax * min(ours.value, amount.value)
        }
        guard !comparable.contains(where: { $0.value == amount.value }) else { return nil }
        return comparable.first { ours in
            !other.amounts.contains { $0.unit == ours.unit && $0.value == ours.value }
        } ?? comparable.first
    }

    // MARK: Lists of names

    private mutating func readLists(_ text: FoldedText, _ scalars: [Unicode.Scalar]) {
        var open: List?
        var last = -1
        func isName(_ word: FoldedText.Word) -> Bool { word.isCapitalised && !word.isNumber }
        for (index, word) in text.words.enumerated() where isName(word) {
            let follows =
                last >= 0 && index - last - 1 <= Self.gapWordsMax && !word.opensSentence
                && isGap(
                    from: text.words[last].range.end, to: word.range.start, scalars,
                    words: index - last - 1)
            if follows {
                open?.names.insert(word.hash)
                open?.range.end = word.range.end
            } else {
                close(open)
                open = List(names: [word.hash], range: word.range)
            }
            last = index
        }
        close(open)
    }

    private mutating func close(_ list: List?) {
        guard let list, Self.namesMin...Self.namesMax ~= list.names.count,
            lists.count < Self.listsMax
        else { return }
        lists.append(list)
    }

    /// Whether a comma or a conjunction joins two names, and no sentence ends between them.
    private func isGap(
        from start: Int, to end: Int, _ scalars: [Unicode.Scalar], words: Int
    ) -> Bool {
        guard start <= end, end <= scalars.count else { return false }
        let gap = scalars[start..<end]
        if gap.contains(where: { ".!?;:()\n".unicodeScalars.contains($0) }) { return false }
        return gap.contains(",")
            || words > 0
                && conjunctions.contains(
                    String(String.UnicodeScalarView(gap)).split(separator: " ").first.map(
                        String.init) ?? "")
    }

    /// Our lists that share a name with one of theirs, where either has names that the other has
    /// not; one pair, the one that shares most.
    func otherNames(than other: Claims) -> [Difference] {
        var best: (shared: Int, difference: Difference)?
        for ours in lists {
            for theirs in other.lists {
                let shared = ours.names.intersection(theirs.names).count
                guard shared > 0, ours.names != theirs.names, shared > best?.shared ?? 0 else {
                    continue
                }
                best = (shared, .init(kind: .names, ours: ours.range, theirs: theirs.range))
            }
        }
        return best.map { [$0.difference] } ?? []
    }
}

private func hashes<Value>(_ table: [(String, Value)]) -> [UInt64: Value] {
    var result: [UInt64: Value] = [:]
    for (words, value) in table {
        for word in FoldedText(words).words { result[word.hash] = value }
    }
    return result
}

private let magnitudes = hashes([
    ("mille thousand mil tausend mila", 1e3),
    ("million millions mln millones milioni millionen", 1e6),
    ("milliard milliards billion billions bn mds miliardi milliarden", 1e9),
])

private let currencies: [UInt64: UInt64] = hashes([
    ("dollar dollars dlr dlrs dollari dolares usd", 1), ("euro euros eur", 2),
    ("pounds livres sterling gbp stg", 3), ("percent pct", 4), ("yen yens", 5),
])

/// By scalar: the same units.
private let unitSigns: [UInt32: UInt64] = [0x24: 1, 0x20AC: 2, 0xA3: 3, 0x25: 4, 0xA5: 5]

private let conjunctions: Set<String> = ["et", "and", "y", "e", "und", "ou", "or", "avec", "with"]
