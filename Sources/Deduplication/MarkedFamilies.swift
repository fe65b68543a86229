package import News

/// What people said of pairs of articles, and how that moves articles between families of copies.
extension DuplicateIndex {
    /// Takes a person's word; of two on one pair the last holds. Cost: the marks that there are.
    package mutating func note(_ mark: Mark) {
        marks.note(mark)
        moveMarked()
    }

    /// Takes many words at once, in their order.
    package mutating func note(_ all: some Sequence<Mark>) {
        for mark in all { marks.note(mark) }
        moveMarked()
    }

    /// The original of the family of copies that a document belongs to: as decided, unless a
    /// person knew better.
    func original(of number: UInt32) -> UInt32 {
        let decided = decidedOriginal(of: number)
        if markedOriginals.isEmpty { return decided }
        return markedOriginals[number] ?? markedOriginals[decided] ?? decided
    }

    /// As decided; in place of one that was forgotten, its heir.
    private func decidedOriginal(of number: UInt32) -> UInt32 {
        let decided = family(of: number)
        if forgotten.heirs.isEmpty { return decided }
        return forgotten.heirs[decided] ?? decided
    }

    /// The documents that a person took out of the document's family. The index lists little of
    /// them, because their original has it, so whoever finds the family finds them through this.
    func taken(outOfFamilyOf number: UInt32) -> [UInt32] {
        if markedOriginals.isEmpty { return [] }
        let decided = decidedOriginal(of: number)
        return markedOriginals.compactMap { leaving, original in
            leaving == original && decidedOriginal(of: leaving) == decided ? leaving : nil
        }.sorted()
    }

    /// Finds anew where the marks move documents.
    mutating func moveMarked() {
        markedOriginals = [:]
        for mark in marks.all {
            guard let one = held(mark.id), let two = held(mark.other) else { continue }
            let (first, second) = isEarlier(one, than: two) ? (one, two) : (two, one)
            let isOneFamily = original(of: first) == original(of: second)
            switch mark.relation {
            case .same where !isOneFamily:
                // Those that came to the second before go on with it: no chains.
                let target = original(of: first)
                for (member, original) in markedOriginals where original == second {
                    markedOriginals[member] = target
                }
                markedOriginals[second] = target
            case .different where isOneFamily:
                // Of a copy and its original, the copy goes its own way.
                let leaving = original(of: second) == second ? first : second
                markedOriginals[leaving] = leaving
            case .same, .different, .clear: break
            }
        }
    }

    /// A document of which marks tell: not one that was taken out.
    private func held(_ id: ArticleID) -> UInt32? { isForgotten(id) ? nil : number(of: id) }

    /// The families that the article is not to be taken into.
    func barredFamilies(of id: ArticleID) -> Set<UInt32> {
        Set(marked(.different, of: id))
    }

    /// The held original that a person called the same as this article; the earliest of several.
    func markedOriginal(of id: ArticleID) -> UInt32? {
        let same = marked(.same, of: id).map { ($0, age(of: $0)) }
        return same.min { $0.1 < $1.1 }?.0
    }

    /// The families of what a person put into that relation to an article: of most, of none.
    private func marked(_ relation: Mark.Relation, of id: ArticleID) -> [UInt32] {
        var originals: [UInt32] = []
        for mark in marks.of(id) where mark.relation == relation {
            if let number = held(mark.other) { originals.append(original(of: number)) }
        }
        return originals
    }
}
