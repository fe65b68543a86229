internal import News

extension DuplicateIndex {
    /// Which sentences are held, and by whom: exactly against the rivals, by the sampled shingles
    /// against all else.
    func novelty(
        of article: Article, _ fingerprint: Fingerprint, _ rivals: [Rival],
        _ sampled: HolderPlaces
    ) -> Novelty {
        let words = fingerprint.text.words
        // Most articles share nothing with anybody, and need no cutting into sentences.
        if rivals.isEmpty, !isHeld(sampled) {
            let whole = TextRange(start: 0, end: fingerprint.text.length)
            return Novelty(
                share: words.isEmpty ? 0 : 1, passages: whole.end == 0 ? [] : [.init(range: whole)])
        }
        let ages = rivals.map { age(of: $0.number) }
        let byAge = rivals.indices.sorted { ages[$0] < ages[$1] }.map { rivals[$0] }
        var passages: [Novelty.Passage] = []
        var newWords = 0
        var next = 0
        for sentence in sentences(of: article.text) {
            let first = next
            while next < words.count, words[next].range.start < sentence.end { next += 1 }
            let holder = holder(of: first..<next, fingerprint, byAge, sampled)
            if holder == nil { newWords += next - first }
            // A sentence without words says nothing of its own.
            if let last = passages.indices.last, passages[last].heldBy == holder || first == next {
                passages[last].range.end = sentence.end
            } else {
                passages.append(.init(range: sentence, heldBy: holder))
            }
        }
        let share = words.isEmpty ? 0 : Double(newWords) / Double(words.count)
        return Novelty(share: rounded(share), passages: passages)
    }

    /// The earliest document that holds the sentence made of these words.
    private func holder(
        of sentence: Range<Int>, _ fingerprint: Fingerprint, _ rivals: [Rival],
        _ sampled: HolderPlaces
    ) -> ArticleID? {
        let places = shingles(in: sentence, of: fingerprint)
        guard !places.isEmpty else { return nil }
        let needed = options.sentenceHeld * Double(places.count)
        for rival in rivals {
            let held = places.reduce(0) { $0 + (rival.comparison.held[$1] ? 1 : 0) }
            if Double(held) >= needed { return rival.article.id }
        }
        return sampledHolder(of: places, fingerprint, sampled, besides: rivals)
    }

    /// The shingles that lie in the sentence; of a very short one, those that touch it.
    private func shingles(in sentence: Range<Int>, of fingerprint: Fingerprint) -> Range<Int> {
        let count = fingerprint.shingles.count
        guard !sentence.isEmpty, count > 0 else { return 0..<0 }
        let length = fingerprint.text.words.count - count + 1
        let end = min(sentence.upperBound - length + 1, count)
        if sentence.lowerBound < end { return sentence.lowerBound..<end }
        let first = max(0, sentence.lowerBound - length + 1)
        return min(first, count - 1)..<min(max(sentence.upperBound, first + 1), count)
    }

    /// Whether at least two sampled shingles are held by anybody.
    private func isHeld(_ sampled: HolderPlaces) -> Bool {
        var held = 0
        for index in sampled.keys.indices where isHeld(at: index, of: sampled) {
            held += 1
            if held == 2 { return true }
        }
        return false
    }

    /// By the index alone: at least two sampled shingles, all of one document, which is none of
    /// those that were compared word by word.
    private func sampledHolder(
        of places: Range<Int>, _ fingerprint: Fingerprint, _ sampled: HolderPlaces,
        besides compared: [Rival]
    ) -> ArticleID? {
        let limit = UInt64.max / UInt64(max(options.sampleRate, 1))
        var keys: [Int] = []
        for place in places where fingerprint.shingles[place] <= limit {
            guard let key = sampled.keys.firstIndex(of: fingerprint.shingles[place]),
                isHeld(at: key, of: sampled)
            else { return nil }
            keys.append(key)
        }
        guard keys.count >= 2 else { return nil }
        var shared: Set<UInt32>?
        for key in keys {
            var holders: [UInt32] = []
            collectHolders(at: key, of: sampled, into: &holders)
            shared = shared?.intersection(holders) ?? Set(holders)
            if shared?.isEmpty ?? true { return nil }
        }
        for rival in compared { shared?.remove(rival.number) }
        let earliest = shared?.min { isEarlier($0, than: $1) }
        return earliest.map { id(of: $0) }
    }
}
