package import News

/// The articles that people took out. Not part of a saved index: the store knows them.
struct Forgotten: Hashable, Sendable {
    var ids: Set<ArticleID> = []
    /// Those of them that are documents of the index.
    var numbers: Set<UInt32> = []
    /// By number of an original that is gone: the earliest copy of it that is left, which is the
    /// original now.
    var heirs: [UInt32: UInt32] = [:]
    /// By number of an original that is gone: all copies that are left, in order.
    var copies: [UInt32: [UInt32]] = [:]
}

/// An article that is taken out leaves its number, its id, its original and its names. No look-up
/// finds its rows, which are left out when the head becomes a run and when runs are merged. Its
/// copies, which were listed for what it had not, are listed for all that they have. So verdicts,
/// and in the end the bytes of runs, are those of an index that never learnt its text; but where
/// more documents share a key than are listed for it.
extension DuplicateIndex {
    /// Takes articles out. Their names go on leading to them. Cost: one look at each document's
    /// original, when any of them was learnt.
    package mutating func forget(_ ids: some Sequence<ArticleID>) {
        expectTombstones(of: ids)
        for number in forgotten.numbers where !document(number).isBlank {
            change(number) { $0.leaveNothing(of: number) }
        }
        head.contents = head.contents.filter { !forgotten.numbers.contains($0.value) }
        findHeirs()
    }

    /// Says which articles are out before their records are learnt. Heirs are found by `forget`,
    /// which must follow: once for all of them, and not for each tombstone.
    package mutating func expectTombstones(of ids: some Sequence<ArticleID>) {
        forgotten.ids.formUnion(ids)
        forgotten.numbers = Set(forgotten.ids.compactMap { number(of: $0) })
    }

    /// Lists the copies of articles that were taken out after they had been learnt. `texts`: of a
    /// document, those that are at hand, the latest first. `forget` comes before it. Cost: a
    /// fingerprint a text; what `StoryIndex.replace` costs.
    package mutating func relistCopies(
        of ids: Set<ArticleID>, texts: (ArticleID) -> [Article]
    ) {
        let gone = Set(ids.compactMap { number(of: $0) })
        var told: [StoryIndex.Told] = []
        for number in gone.flatMap({ forgotten.copies[$0] ?? [] }).sorted() {
            let texts = texts(id(of: number))
            for (place, text) in texts.enumerated() {
                let fingerprint = Fingerprint(of: text, options: options)
                for shingle in fingerprint.sample {
                    head.shingles.insert(shingle, document: number, most: options.postingsMax)
                }
                guard place == texts.count - 1 else { continue }
                told.append(
                    StoryIndex.Told(
                        features: fingerprint.features, document: number, story: story(of: number),
                        time: storyTime(of: text)))
            }
        }
        stories.replace(gone, by: told, latest: latest, options: options)
    }

    /// The documents that were taken out, for `mergeRuns`.
    package var forgottenNumbers: Set<UInt32> { forgotten.numbers }

    /// Whether a person took the article out.
    package func isForgotten(_ id: ArticleID) -> Bool { forgotten.ids.contains(id) }

    /// The same of a document.
    @inline(__always)
    func isForgotten(_ number: UInt32) -> Bool {
        !forgotten.numbers.isEmpty && forgotten.numbers.contains(number)
    }

    /// Keeps a number for an article of which nothing but tombstones is left, so that its copies
    /// are those of one original still.
    mutating func holdPlace(of tombstone: Tombstone) {
        let id = tombstone.id
        guard number(of: id) == nil, count < PostingTable.documentsMax else { return }
        let number = end
        let original = tombstone.of.flatMap { self.number(of: $0) }.map { family(of: $0) }
        head.documents.append(.blank(id, number, copyOf: original))
        head.numbers[id] = number
        forgotten.numbers.insert(number)
    }

    private mutating func findHeirs() {
        defer { moveMarked() }
        (forgotten.heirs, forgotten.copies) = ([:], [:])
        guard !forgotten.numbers.isEmpty else { return }
        for number in 0..<end where !forgotten.numbers.contains(number) {
            let original = family(of: number)
            if original != number, forgotten.numbers.contains(original) {
                noteCopy(number, of: original)
            }
        }
    }

    /// Notes a copy of an original that is gone.
    mutating func noteCopy(_ number: UInt32, of original: UInt32) {
        forgotten.copies[original, default: []].append(number)
        if let heir = forgotten.heirs[original], !isEarlier(number, than: heir) { return }
        forgotten.heirs[original] = number
    }
}

extension HeldDocument {
    private static let noContent = Digest(high: 0, low: 0)

    /// What is held of one that was taken out.
    static func blank(
        _ id: ArticleID, _ number: UInt32, copyOf original: UInt32? = nil
    ) -> HeldDocument {
        HeldDocument(
            id: id, contentHash: noContent, seen: Instant(millisecondsSince1970: 0),
            time: Instant(millisecondsSince1970: 0), original: original ?? number,
            founder: .document(number))
    }

    var isBlank: Bool { contentHash == Self.noContent }

    mutating func leaveNothing(of number: UInt32) {
        self = .blank(id, number, copyOf: original)
    }
}
