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
    struct Difference: Hashable {
        var kind: Novelty.Contradiction.Kind
        var ours: TextRange
        var theirs: TextRange
    }

    /// `Oracle, SoftBank et OpenAI`.
    struct List {
        var names: Set<UInt64>
        var range: TextRange
    }

    let amounts: Amounts
    private(set) var lists: [List] = []

    /// Words between two names of a list, and names in one.
    private static let gapWordsMax = 5
    private static let namesMin = 3
    /// Names of one list, and lists of one text: what is compared is every one with every other,
    /// and texts come from strangers.
    private static let namesMax = 40
    private static let listsMax = 100

    init(of article: Article, _ folded: FoldedText) {
        amounts = Amounts(of: article, folded)
        readLists(folded, [Unicode.Scalar](scalarsOf: article.text))
    }

    /// Amounts that speak of one thing, and differ; in the order of ours.
    func otherAmounts(than other: Claims) -> [Difference] {
        differingAmounts(amounts, other.amounts).map {
            Difference(kind: .figure, ours: $0.range, theirs: $1.range)
        }
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
