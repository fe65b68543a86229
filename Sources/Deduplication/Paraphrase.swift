internal import News

extension DuplicateIndex {
    /// The same novelty, with the sentences that are in nobody's words, and that yet tell what a
    /// sentence of `other` tells, taken from the new ones: whether they are new is not known. Two
    /// sentences tell alike when most of the content words of ours begin as words of theirs do; in
    /// two languages, also when they have most names and figures in common, a figure among them.
    /// Cost: the sentences of one text times those of the other, bounded by
    /// `DecisionOptions.paraphraseSentencesMax`.
    func notingParaphrases(
        _ novelty: Novelty, of article: Article, _ fingerprint: Fingerprint, in other: Article,
        _ folded: FoldedText
    ) -> Novelty {
        guard novelty.share > 0 else { return novelty }
        var theirs = StemTable(told(by: other.text, folded).map(\.stems))
        let ours = told(by: article.text, fingerprint.text)
        let isTranslated = areInTwoLanguages(article, other)
        let toldEnd = ours.last?.range.end ?? 0
        let words = fingerprint.text.words
        var passages: [Novelty.Passage] = []
        var (newWords, unknownWords, next) = (0, 0, 0)
        for passage in novelty.passages {
            guard passage.heldBy == nil else {
                passages.append(passage)
                continue
            }
            for sentence in ours
            where sentence.range.start < passage.range.end
                && sentence.range.end > passage.range.start
            {
                let isAlike =
                    tellsAlike(sentence.stems, &theirs)
                    || isTranslated && tellsAcross(sentence, &theirs)
                newWords += isAlike ? 0 : sentence.words
                unknownWords += isAlike ? sentence.words : 0
                let like = isAlike ? other.id : nil
                if let last = passages.indices.last, passages[last].heldBy == nil,
                    passages[last].like == like, passages[last].range.end > passage.range.start
                {
                    passages[last].range.end = sentence.range.end
                } else {
                    passages.append(.init(range: sentence.range, like: like))
                }
            }
            // What lies behind the sentences that are looked at stays as it was: new.
            let rest = max(passage.range.start, toldEnd)
            guard rest < passage.range.end else { continue }
            while next < words.count, words[next].range.start < rest { next += 1 }
            let first = next
            while next < words.count, words[next].range.start < passage.range.end { next += 1 }
            newWords += next - first
            passages.append(.init(range: TextRange(start: rest, end: passage.range.end)))
        }
        guard unknownWords > 0 else { return novelty }
        var novelty = novelty
        let count = Double(max(1, words.count))
        novelty.passages = passages
        novelty.share = rounded(Double(newWords) / count)
        novelty.unknown = rounded(Double(unknownWords) / count)
        return novelty
    }

    private struct Told {
        var range: TextRange
        var words: Int
        var stems: [UInt64]
        /// Of the stems, those that are the same in another language.
        var figures: [UInt64] = []
        var names: [UInt64] = []
    }

    /// The sentences of a text with the beginnings of their content words, each once.
    private func told(by text: String, _ folded: FoldedText) -> [Told] {
        let words = folded.words
        var result: [Told] = []
        var (next, byte) = (0, 0)
        for range in sentences(of: text).prefix(options.paraphraseSentencesMax) {
            let first = next
            var told = Told(range: range, words: 0, stems: [])
            while next < words.count, words[next].range.start < range.end {
                let start = byte
                while byte < folded.folded.count, folded.folded[byte] != 0x20 { byte += 1 }
                let word = words[next]
                if let stem = contentStem(word, folded.folded, start..<byte),
                    !told.stems.contains(stem), told.stems.count < Self.stemsMax
                {
                    told.stems.append(stem)
                    if word.isNumber { told.figures.append(stem) }
                    let isName = word.isCapitalised && !word.isNumber && !word.opensSentence
                    if isName { told.names.append(stem) }
                }
                byte += 1
                next += 1
            }
            told.words = next - first
            result.append(told)
        }
        return result
    }

    /// Content words of one sentence that are looked at.
    private static let stemsMax = 60

    private func contentStem(
        _ word: FoldedText.Word, _ folded: [UInt8], _ bytes: Range<Int>
    ) -> UInt64? {
        if word.isNumber { return word.hash }
        guard word.range.end - word.range.start >= 4, !stopWords.contains(word.hash) else {
            return nil
        }
        return stemHash(folded, bytes, letters: 5)
    }

    private func areInTwoLanguages(_ one: Article, _ two: Article) -> Bool {
        guard let one = one.language?.prefix(2), let two = two.language?.prefix(2) else {
            return false
        }
        return one.lowercased() != two.lowercased()
    }

    private func tellsAcross(_ ours: Told, _ theirs: inout StemTable) -> Bool {
        let own = ours.figures + ours.names
        guard own.count >= 2, theirs.mostShared(ours.figures) > 0 else { return false }
        let shared = theirs.mostShared(own)
        return shared >= 2 && Double(shared) >= options.paraphraseShareAcross * Double(own.count)
    }

    private func tellsAlike(_ ours: [UInt64], _ theirs: inout StemTable) -> Bool {
        guard ours.count >= options.paraphraseWordsMin else { return false }
        let shared = theirs.mostShared(ours)
        return shared >= options.paraphraseWordsMin
            && Double(shared) >= options.paraphraseShare * Double(ours.count)
    }
}

/// Which sentences have which stems: a flat table, so that a sentence is held against all others by
/// one look-up a stem.
private struct StemTable {
    private struct Entry {
        var stem: UInt64
        var sentence: Int32
        /// The next entry of the slot plus one; 0 behind the last.
        var next: Int32
    }

    private var entries: [Entry] = []
    /// By the lowest bits of a stem, which is a hash: the first entry plus one.
    private var slots: [Int32]
    /// By sentence: stems met; all 0 between two questions.
    private var met: [Int32]

    /// The stems of each sentence, each once.
    init(_ sentences: [[UInt64]]) {
        let count = sentences.reduce(0) { $0 + $1.count }
        var capacity = 64
        while capacity < count * 2 { capacity *= 2 }
        slots = Array(repeating: 0, count: capacity)
        met = Array(repeating: 0, count: sentences.count)
        entries.reserveCapacity(count)
        for (sentence, stems) in sentences.enumerated() {
            for stem in stems {
                let slot = slot(of: stem)
                entries.append(
                    Entry(stem: stem, sentence: Int32(clamping: sentence), next: slots[slot]))
                slots[slot] = Int32(clamping: entries.count)
            }
        }
    }

    private func slot(of stem: UInt64) -> Int {
        Int(truncatingIfNeeded: stem) & (slots.count &- 1)
    }

    /// How many of these stems, each once, the sentence has that has the most of them.
    mutating func mostShared(_ stems: [UInt64]) -> Int {
        var most: Int32 = 0
        for stem in stems {
            forEachSentence(with: stem) { met, sentence in
                met[sentence] += 1
                most = max(most, met[sentence])
            }
        }
        if most > 0 {
            for stem in stems { forEachSentence(with: stem) { met, sentence in met[sentence] = 0 } }
        }
        return Int(most)
    }

    @inline(__always)
    private mutating func forEachSentence(
        with stem: UInt64, _ visit: (inout [Int32], Int) -> Void
    ) {
        var next = Int(slots[slot(of: stem)])
        while next > 0 {
            let entry = entries[next - 1]
            if entry.stem == stem { visit(&met, Int(entry.sentence)) }
            next = Int(entry.next)
        }
    }
}
