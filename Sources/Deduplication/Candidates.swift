internal import News

extension DuplicateIndex {
    /// The held documents worth comparing, compared: the one known by name, those that share the
    /// most rare shingles, the originals of those that are copies; and when none of them is a copy,
    /// those that letters betray. The most alike first, then the earliest.
    func rivals(
        of fingerprint: Fingerprint, identity: UInt32?, text: (ArticleID) -> Article?
    ) -> [Rival] {
        var chosen = identity.map { [$0] } ?? []
        for number in candidates(for: fingerprint) {
            for member in [number, documents[Int(number)].original] where !chosen.contains(member) {
                chosen.append(member)
            }
        }
        let alike = likelyDamaged(fingerprint)
        guard !chosen.isEmpty || !alike.isEmpty else { return [] }
        let ourSet = ShingleSet(fingerprint.shingles)
        var rivals = chosen.compactMap { number in
            text(documents[Int(number)].id).map { held in
                rival(number, held, FoldedText(held.text), fingerprint, ourSet)
            }
        }
        let hasOriginal = rivals.contains { rival in
            rival.comparison.mutual >= options.copyContainment
                && documents[Int(rival.number)].original == rival.number
        }
        if !hasOriginal {
            align(alike, with: fingerprint, ourSet, among: &rivals, text: text)
        }
        return rivals.sorted { a, b in
            if a.mutual != b.mutual { return a.mutual > b.mutual }
            return isEarlier(a.number, than: b.number)
        }
    }

    private func rival(
        _ number: UInt32, _ held: Article, _ theirs: FoldedText, _ fingerprint: Fingerprint,
        _ ourSet: ShingleSet
    ) -> Rival {
        let comparison = Comparison(
            fingerprint.text, fingerprint.shingles, ourSet, with: theirs,
            shingleWords: options.shingleWords)
        return Rival(number: number, article: held, text: theirs, comparison: comparison)
    }

    /// Measures how far the letters of `alike` run in step with ours, and adds to the rivals those
    /// that do.
    private func align(
        _ alike: [UInt32], with fingerprint: Fingerprint, _ ourSet: ShingleSet,
        among rivals: inout [Rival], text: (ArticleID) -> Article?
    ) {
        guard !alike.isEmpty, let ours = LetterRows(fingerprint.text) else { return }
        for number in alike {
            if let index = rivals.firstIndex(where: { $0.number == number }) {
                rivals[index].alignment = LetterRows(rivals[index].text).map {
                    LetterAlignment(ours, $0)
                }
                continue
            }
            guard let held = text(documents[Int(number)].id) else { continue }
            let folded = FoldedText(held.text)
            guard let theirs = LetterRows(folded) else { continue }
            let alignment = LetterAlignment(ours, theirs)
            if alignment.overlap < options.alignedOverlap { continue }
            var added = rival(number, held, folded, fingerprint, ourSet)
            added.alignment = alignment
            rivals.append(added)
        }
    }

    /// Those that share the most rows of letters, and the originals of those that are copies.
    private func likelyDamaged(_ fingerprint: Fingerprint) -> [UInt32] {
        var chosen: [UInt32] = []
        let found = letters.candidates(
            fingerprint.letterKeys, options: options,
            rows: { Int(documents[Int($0)].letterRows) }, isFormula: isFormula,
            isEarlier: { isEarlier($0, than: $1) })
        for number in found {
            for member in [number, documents[Int(number)].original] where !chosen.contains(member) {
                chosen.append(member)
            }
        }
        return chosen
    }

    /// The documents that share the most shingles with the text, formulas left out.
    private func candidates(for fingerprint: Fingerprint) -> [UInt32] {
        var hits: [UInt32] = []
        var holders: [UInt32] = []
        for shingle in fingerprint.sample {
            holders.removeAll(keepingCapacity: true)
            shingles.collect(shingle, into: &holders)
            if !isFormula(holders) { hits += holders }
        }
        hits.sort()
        var counted: [(number: UInt32, shared: Int)] = []
        for number in hits {
            if counted.last?.number == number {
                counted[counted.count - 1].shared += 1
            } else {
                counted.append((number, 1))
            }
        }
        // One shared shingle of many is chance; of few it may be all that there is.
        let least = fingerprint.sample.count < 2 * options.shinglesMin ? 1 : 2
        counted = counted.filter { $0.shared >= least }
        counted.sort { a, b in
            a.shared == b.shared ? isEarlier(a.number, than: b.number) : a.shared > b.shared
        }
        return ofManyFamilies(counted.lazy.map(\.number))
    }

    /// The first of these, but of one family of copies not so many that no other has a place: a
    /// text may be put together from several.
    private func ofManyFamilies(_ numbers: some Sequence<UInt32>) -> [UInt32] {
        var chosen: [UInt32] = []
        var families: [UInt32] = []
        for number in numbers {
            if chosen.count >= options.candidatesMax { break }
            let family = documents[Int(number)].original
            let members = families.reduce(0) { $0 + ($1 == family ? 1 : 0) }
            if members >= options.candidatesOfFamilyMax { continue }
            chosen.append(number)
            families.append(family)
        }
        return chosen
    }

    /// Whether a shingle stands in so many unrelated documents that it says nothing.
    private func isFormula(_ holders: [UInt32]) -> Bool {
        guard holders.count > options.familiesMax else { return false }
        var families: [UInt32] = []
        for holder in holders {
            let family = documents[Int(holder)].original
            if families.contains(family) { continue }
            families.append(family)
            if families.count > options.familiesMax { return true }
        }
        return false
    }
}
