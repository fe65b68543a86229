internal import News

extension DuplicateIndex {
    /// Where the article and the nearest of its story, which is no copy of it, give other figures
    /// for the same thing, or other names in the same list. Cost: linear in both texts.
    func contradictions(
        of article: Article, _ fingerprint: Fingerprint, with other: Article,
        _ folded: FoldedText
    ) -> [Novelty.Contradiction] {
        let ours = Claims(of: article, fingerprint.text)
        let theirs = Claims(of: other, folded)
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
        enum Unit: Hashable {
            case currency(String)
            case percent
            /// The thing counted, by the hash of its word.
            case thing(UInt64)
        }

        var thousandths: Int64
        var unit: Unit
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

    init(of article: Article, _ folded: FoldedText) {
        readAmounts(figures(in: article.text, language: article.language), folded.words)
        readLists(folded, [Unicode.Scalar](scalarsOf: article.text))
    }

    // MARK: Amounts

    private mutating func readAmounts(_ figures: [Figure], _ words: [FoldedText.Word]) {
        var next = 0
        for figure in figures where amounts.count < Self.amountsMax {
            switch figure.value {
            case .money(let thousandths, let currency):
                add(thousandths, .currency(currency), figure.range)
            case .percentage(let thousandths):
                add(thousandths, .percent, figure.range)
            case .count(let thousandths):
                while next < words.count, words[next].range.start < figure.range.end { next += 1 }
                if let thing = thingCounted(words[next...]) {
                    let range = TextRange(start: figure.range.start, end: thing.range.end)
                    add(thousandths, .thing(thing.hash), range)
                }
            case .day: break
            }
        }
    }

    private mutating func add(_ thousandths: Int64, _ unit: Amount.Unit, _ range: TextRange) {
        guard thousandths > 0 else { return }
        amounts.append(Amount(thousandths: thousandths, unit: unit, range: range))
    }

    /// The next word behind a number that says of what.
    private func thingCounted(_ words: ArraySlice<FoldedText.Word>) -> FoldedText.Word? {
        let near = words.prefix(2).prefix { !$0.opensSentence }
        return near.first { word in
            !word.isNumber && word.range.end - word.range.start >= 4
                && !stopWords.contains(word.hash)
        }
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
            let values = (Double(ours.thousandths), Double(amount.thousandths))
            return ours.unit == amount.unit
                && max(values.0, values.1) <= Self.ratioMax * min(values.0, values.1)
        }
        guard !comparable.contains(where: { $0.thousandths == amount.thousandths }) else {
            return nil
        }
        return comparable.first { ours in
            !other.amounts.contains {
                $0.unit == ours.unit && $0.thousandths == ours.thousandths
            }
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
        var hasComma = false
        for scalar in scalars[start..<end] {
            switch scalar {
            case ".", "!", "?", ";", ":", "(", ")", "\n": return false
            case ",": hasComma = true
            default: break
            }
        }
        if hasComma || words == 0 { return hasComma }
        let first = scalars[start..<end].drop { $0 == " " }.prefix { $0 != " " }
        return conjunctions.contains { $0.elementsEqual(first) }
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

private let conjunctions = ["et", "and", "y", "e", "und", "ou", "or", "avec", "with"].map {
    [Unicode.Scalar](scalarsOf: $0)
}
