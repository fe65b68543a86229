internal import News

extension DuplicateIndex {
    /// The held documents worth comparing, compared: the one known by name, those that share the
    /// most rare shingles, and the originals of those that are copies. The most alike first, then
    /// the earliest.
    func rivals(
        of fingerprint: Fingerprint, identity: UInt32?, text: (ArticleID) -> Article?
    ) -> [Rival] {
        var chosen = identity.map { [$0] } ?? []
        for number in candidates(for: fingerprint) {
            for member in [number, documents[Int(number)].original] where !chosen.contains(member) {
                chosen.append(member)
            }
        }
        guard !chosen.isEmpty else { return [] }
        let ourSet = ShingleSet(fingerprint.shingles)
        let rivals = chosen.compactMap { number -> Rival? in
            guard let article = text(documents[Int(number)].id) else { return nil }
            let theirs = FoldedText(article.text)
            let comparison = Comparison(
                fingerprint.text, fingerprint.shingles, ourSet, with: theirs,
                shingleWords: options.shingleWords)
            return Rival(number: number, article: article, text: theirs, comparison: comparison)
        }
        return rivals.sorted { a, b in
            if a.comparison.mutual != b.comparison.mutual {
                return a.comparison.mutual > b.comparison.mutual
            }
            return isEarlier(a.number, than: b.number)
        }
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
        return counted.prefix(options.candidatesMax).map(\.number)
    }

    /// Whether a shingle stands in so many unrelated documents that it says nothing.
    private func isFormula(_ holders: [UInt32]) -> Bool {
        guard holders.count > options.familiesMax else { return false }
        return Set(holders.map { documents[Int($0)].original }).count > options.familiesMax
    }
}
