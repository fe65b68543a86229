package import News

/// The articles that people took out. Not part of a saved index: the store knows them.
struct Forgotten: Hashable, Sendable {
    var ids: Set<ArticleID> = []
    /// Those of them that are documents of the index, learnt before they were taken out.
    var numbers: Set<UInt32> = []
    /// By number of an original that is gone: the earliest copy of it that is left, which is the
    /// original now.
    var heirs: [UInt32: UInt32] = [:]
}

/// What was learnt of an article stays until the index is made anew: its text is not looked up any
/// more, so it can be nobody's source, and what its rows lead to is the earliest copy that is left.
extension DuplicateIndex {
    /// Takes articles out. Their names go on leading to them. Cost: one look at each document's
    /// original, when any of them was learnt.
    package mutating func forget(_ ids: some Sequence<ArticleID>) {
        forgotten.ids.formUnion(ids)
        findHeirs()
    }

    /// Says which articles are out before their records are learnt. Heirs are found by `forget`,
    /// which must follow: once for all of them, and not for each tombstone.
    package mutating func expectTombstones(of ids: some Sequence<ArticleID>) {
        forgotten.ids.formUnion(ids)
    }

    /// Whether a person took the article out.
    package func isForgotten(_ id: ArticleID) -> Bool { forgotten.ids.contains(id) }

    private mutating func findHeirs() {
        defer { moveMarked() }
        forgotten.numbers = Set(forgotten.ids.compactMap { number(of: $0) })
        forgotten.heirs = [:]
        guard !forgotten.numbers.isEmpty else { return }
        for number in 0..<end where !forgotten.numbers.contains(number) {
            let original = family(of: number)
            guard original != number, forgotten.numbers.contains(original) else { continue }
            let heir = forgotten.heirs[original]
            if heir.map({ isEarlier(number, than: $0) }) ?? true {
                forgotten.heirs[original] = number
            }
        }
    }
}
