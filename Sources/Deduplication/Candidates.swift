internal import News

extension DuplicateIndex {
    /// The held documents worth comparing, compared: the one known by name, those that share the
    /// most rare shingles, the originals of those that are copies; and when none of them is a copy,
    /// those that letters betray. Of a revised one, the text most alike; of the one known by name,
    /// the latest. The most alike first, then the earliest.
    func rivals(
        of fingerprint: Fingerprint, _ sampled: HolderPlaces, identity: UInt32?,
        earlier: (ArticleID) -> [Article],
        text: (ArticleID) -> Article?
    ) -> [Rival] {
        var chosen = identity.map { [$0] } ?? []
        for number in candidates(for: fingerprint, sampled) {
            let members = [number, original(of: number)] + taken(outOfFamilyOf: number)
            for member in members where !chosen.contains(member) { chosen.append(member) }
        }
        var proof = Proof(fingerprint)
        var rivals = chosen.compactMap { number -> Rival? in
            let id = id(of: number)
            guard let latest = text(id) else { return nil }
            // Of a revised one, the text most alike; of the one known by name, the latest.
            let texts = number == identity ? [latest] : [latest] + earlier(id)
            var best: Rival?
            for held in texts {
                let rival = proof.rival(number, held, comparedWords(of: held.text), options)
                if best == nil || rival.mutual > best?.mutual ?? 0 { best = rival }
            }
            return best
        }
        let hasOriginal = rivals.contains { rival in
            rival.comparison.mutual >= options.copyContainment
                && original(of: rival.number) == rival.number
        }
        if !hasOriginal { align(likelyDamaged(fingerprint), &proof, among: &rivals, text: text) }
        if rivals.count < 2 { return rivals }
        let ranked = rivals.map { ($0, $0.mutual, age(of: $0.number)) }
        return ranked.sorted { a, b in a.1 == b.1 ? a.2 < b.2 : a.1 > b.1 }.map { $0.0 }
    }

    /// Measures how far the letters of `alike` run in step with ours, and adds to the rivals those
    /// that do.
    private func align(
        _ alike: [UInt32], _ proof: inout Proof, among rivals: inout [Rival],
        text: (ArticleID) -> Article?
    ) {
        guard !alike.isEmpty, let ours = LetterRows(proof.fingerprint.text) else { return }
        for number in alike {
            if let index = rivals.firstIndex(where: { $0.number == number }) {
                rivals[index].alignment = LetterRows(rivals[index].text).map {
                    LetterAlignment(ours, $0)
                }
                continue
            }
            guard let held = text(id(of: number)) else { continue }
            let folded = comparedWords(of: held.text)
            guard let theirs = LetterRows(folded) else { continue }
            let alignment = LetterAlignment(ours, theirs)
            if alignment.overlap < options.alignedOverlap { continue }
            var added = proof.rival(number, held, folded, options)
            added.alignment = alignment
            rivals.append(added)
        }
    }

    /// Those that share the most rows of letters, and the originals of those that are copies.
    private func likelyDamaged(_ fingerprint: Fingerprint) -> [UInt32] {
        var chosen: [UInt32] = []
        for number in candidates(byLetters: fingerprint.letterKeys) {
            for member in [number, original(of: number)] where !chosen.contains(member) {
                chosen.append(member)
            }
        }
        return chosen
    }

    /// The documents that share the most shingles with the text, formulas left out.
    private func candidates(
        for fingerprint: Fingerprint, _ sampled: HolderPlaces
    ) -> [UInt32] {
        var tally = DocumentTally()
        var (holders, known): ([UInt32], [UInt32]) = ([], [])
        for index in fingerprint.sample.indices {
            holders.removeAll(keepingCapacity: true)
            collectHolders(at: index, of: sampled, into: &holders)
            if holders.isEmpty || isFormula(holders, &known) { continue }
            for holder in holders { tally.add(1, to: holder) }
        }
        // One shared shingle of many is chance; of few it may be all that there is.
        let least = fingerprint.sample.count < 2 * options.shinglesMin ? 1 : 2
        var counted: [(number: UInt32, shared: UInt32, age: Age)] = []
        for entry in tally.entries where Int(entry.hits) >= least {
            counted.append((entry.document, entry.hits, age(of: entry.document)))
        }
        counted.sort { a, b in a.shared == b.shared ? a.age < b.age : a.shared > b.shared }
        return ofManyFamilies(counted.map { $0.number })
    }

    /// The first of these, but of one family of copies not so many that no other has a place: a
    /// text may be put together from several.
    private func ofManyFamilies(_ numbers: [UInt32]) -> [UInt32] {
        var chosen: [UInt32] = []
        var families: [UInt32] = []
        for number in numbers {
            if chosen.count >= options.candidatesMax { break }
            let family = original(of: number)
            let members = families.reduce(0) { $0 + ($1 == family ? 1 : 0) }
            if members >= options.candidatesOfFamilyMax { continue }
            chosen.append(number)
            families.append(family)
        }
        return chosen
    }

    /// Whether a shingle stands in so many unrelated documents that it says nothing. `known` is
    /// room to work in.
    func isFormula(_ holders: [UInt32], _ known: inout [UInt32]) -> Bool {
        guard holders.count > options.familiesMax else { return false }
        known.removeAll(keepingCapacity: true)
        for holder in holders {
            let family = original(of: holder)
            if known.contains(family) { continue }
            known.append(family)
            if known.count > options.familiesMax { return true }
        }
        return false
    }
}

/// Compares texts with the one in question, whose set of shingles is made once, when the first is
/// compared: most articles are compared with none.
private struct Proof {
    let fingerprint: Fingerprint
    private var set: ShingleSet?

    init(_ fingerprint: Fingerprint) { self.fingerprint = fingerprint }

    mutating func rival(
        _ number: UInt32, _ held: Article, _ theirs: FoldedText, _ options: DecisionOptions
    ) -> Rival {
        let ours = set ?? ShingleSet(fingerprint.shingles)
        set = ours
        let comparison = Comparison(
            fingerprint.text, fingerprint.shingles, ours, with: theirs,
            shingleWords: options.shingleWords)
        return Rival(number: number, article: held, text: theirs, comparison: comparison)
    }
}
