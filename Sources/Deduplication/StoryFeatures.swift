internal import News

/// What an article is about, for telling stories apart: its weightiest words, names and figures.
///
/// A feature's weight grows with the logarithm of its frequency; names and figures count more than
/// words, and what the title and the lead say counts more than the rest. How rare a feature is, is
/// asked of the index when two articles are compared, not here.
struct StoryFeatures: Hashable, Sendable {
    enum Kind: UInt8, Sendable { case word, name, figure }

    struct Feature: Hashable, Sendable {
        /// 32 bits of the word's hash.
        var key: UInt32
        var mark: Mark
        /// Where it first stands, for showing it: a word of the title, or of the text behind that.
        var place: Int32
    }

    /// How much a feature counts in its article, and what it is, in 14 bits: from the lowest on,
    /// two for the kind, two for how often it stands in the lead, ten for how often in all; in the
    /// title three times.
    struct Mark: Hashable, Sendable {
        let bits: UInt16

        /// Standing there more often counts no more.
        private static let countMax = 1023
        private static let leadMax = 3
        fileprivate static let all = 0..<UInt16(1 << 14)

        init(_ kind: Kind, count: Int, lead: Int) {
            let often = min(max(count, 0), Self.countMax)
            let inLead = min(max(lead, 0), Self.leadMax)
            bits = UInt16(truncatingIfNeeded: often << 4 | inLead << 2 | Int(kind.rawValue))
        }

        /// nil for what is no mark.
        init?(bits: UInt16) {
            guard Self.all.contains(bits), Kind(rawValue: UInt8(bits & 3)) != nil else {
                return nil
            }
            self.bits = bits
        }

        @inline(__always)
        var kind: Kind { Kind(rawValue: UInt8(bits & 3)) ?? .word }

        /// Where its weight stands in `weights`.
        @inline(__always)
        var index: Int { Int(bits) }

        /// The weights of all marks, so that none is made of its parts in a loop.
        static let weights: [Float] = all.map { bits in
            Mark(bits: bits)?.ownWeight ?? 0
        }

        var weight: Float { Self.weights[index] }

        private var ownWeight: Float {
            let (count, lead) = (Float(bits >> 4), Float(bits >> 2 & 3))
            return (1 + logarithm(count) + 0.5 * lead) * kind.weight
        }
    }

    /// A figure with the word that says of what: its unit, or what stands before it.
    struct Measure: Hashable, Sendable {
        var unit: UInt32
        var figure: UInt32
    }

    /// By key.
    private(set) var features: [Feature] = []
    /// The consonants of its names, the beginnings of its other words in Latin letters, and its
    /// figures: what it may have in common with an article in another language. By key.
    private(set) var stems: [Feature] = []
    /// By unit, then figure; of title and lead alone.
    private(set) var measures: [Measure] = []
    /// Tells languages apart; 0 where it is not known.
    let language: UInt16

    /// Words of the text that count as its lead.
    static let leadWords = 80
    /// No more measures are kept.
    static let measuresMax = 24

    /// Made from the folded title and text; `most` features are kept, the weightiest, and half as
    /// many stems.
    init(title: FoldedText, text: FoldedText, language: String?, most: Int) {
        var reader = FeatureReader(words: title.words.count + text.words.count)
        reader.read(title, leads: title.words.count, counts: 3, from: 0)
        reader.read(text, leads: Self.leadWords, counts: 1, from: title.words.count)
        features = reader.words.features(most: most)
        stems = reader.stems.features(most: most / 2)
        measures = eachOnce(reader.measures).sorted().prefix(Self.measuresMax).map {
            Measure(
                unit: UInt32(truncatingIfNeeded: $0 >> 32), figure: UInt32(truncatingIfNeeded: $0))
        }
        self.language = Self.languageCode(language)
    }

    /// Of an article that is held against no story.
    init() { language = 0 }

    /// The two or three letters of a language tag (RFC 5646, 2.2.1) as a number.
    private static func languageCode(_ tag: String?) -> UInt16 {
        guard let tag else { return 0 }
        return tag.utf8.prefix { $0 != UInt8(ascii: "-") }.prefix(3).reduce(0) {
            $0 << 5 | UInt16($1 & 0x1F)
        }
    }
}

/// Reads the features of one article, those of its words and their stems at once.
private struct FeatureReader {
    var words: FeatureTally
    var stems: FeatureTally
    /// The unit above the figure.
    var measures: [UInt64] = []

    /// For so many words.
    init(words count: Int) {
        words = FeatureTally(words: count)
        stems = FeatureTally(words: count)
    }

    mutating func read(_ text: FoldedText, leads: Int, counts: Int, from offset: Int) {
        let folded = text.folded
        var start = 0
        for (index, word) in text.words.enumerated() {
            let first = start
            while start < folded.count, folded[start] != 0x20 { start += 1 }
            let bytes = first..<start
            start += 1
            let length = word.length
            guard let hash = featureHash(at: index, of: text.words) else { continue }
            let use = FeatureTally.Use(
                counts: counts, leads: index < leads, isFigure: word.isNumber,
                isName: word.isCapitalised && !word.opensSentence,
                place: Int32(clamping: index + offset))
            words.add(hash, use)
            if word.isNumber || length == 1 {
                stems.add(hash, use)
            } else if let stem = stem(of: word, folded, bytes) {
                stems.add(stem, use)
            }
            if word.isNumber, index < leads { readMeasures(at: index, of: text.words) }
        }
    }

    /// Of what may be a name the consonants, else the beginning; nil for what is too short.
    private func stem(of word: FoldedText.Word, _ folded: [UInt8], _ bytes: Range<Int>) -> UInt64? {
        let mayBeName = word.isCapitalised || isWithoutCase(folded, bytes)
        if mayBeName, let consonants = consonantHash(folded, bytes) { return consonants }
        guard word.length >= 4 else { return nil }
        return stemHash(folded, bytes, letters: word.isCapitalised ? 4 : 5)
    }

    /// nil for what says nothing: stop words, single letters and digits, years. A year says when,
    /// not what; every article of a season shares it. Of scripts without spaces two characters in a
    /// row make a feature.
    private func featureHash(at index: Int, of words: [FoldedText.Word]) -> UInt64? {
        let word = words[index]
        let length = word.length
        if length == 1 {
            guard !word.isNumber, index + 1 < words.count else { return nil }
            let (ours, next) = (word.range, words[index + 1].range)
            guard next.start == ours.end, next.end == ours.end + 1 else { return nil }
            return mixed(word.hash) ^ words[index + 1].hash
        }
        guard length > 1, !stopWords.contains(word.hash) else { return nil }
        return word.isNumber && length == 4 && yearHashes.contains(word.hash) ? nil : word.hash
    }

    /// The figure with the content words on either side of it.
    private mutating func readMeasures(at index: Int, of words: [FoldedText.Word]) {
        let figure = words[index].hash & 0xFFFF_FFFF
        let after = words[(index + 1)...].prefix(2).first { isUnit($0) }
        if let after { measures.append(after.hash << 32 | figure) }
        let before = words[..<index].suffix(2).last { isUnit($0) }
        if let before { measures.append(before.hash << 32 | figure) }
    }

    private func isUnit(_ word: FoldedText.Word) -> Bool { !word.isNumber && word.length > 2 }
}

/// The features of one article, counted in a flat table, in the order in which they were met.
private struct FeatureTally {
    /// What one word adds to its feature.
    struct Use {
        var counts: Int
        var leads: Bool
        var isFigure: Bool
        var isName: Bool
        var place: Int32
    }

    private struct Entry {
        var key: UInt32
        var place: Int32
        var count = 0
        var lead = 0
        var isName = false
        var isFigure = false

        var mark: StoryFeatures.Mark {
            StoryFeatures.Mark(
                isFigure ? .figure : isName ? .name : .word, count: count, lead: lead)
        }
    }

    private var entries: [Entry] = []
    /// Places in `entries` plus one; 0 is free.
    private var slots: [UInt32]

    /// For so many words.
    init(words: Int) {
        var capacity = 64
        while capacity < words + words / 2 { capacity *= 2 }
        slots = Array(repeating: 0, count: capacity)
        entries.reserveCapacity(words / 2)
    }

    mutating func add(_ hash: UInt64, _ use: Use) {
        let key = UInt32(truncatingIfNeeded: hash)
        let slot = slot(of: key)
        if slots[slot] == 0 {
            entries.append(Entry(key: key, place: use.place))
            slots[slot] = UInt32(truncatingIfNeeded: entries.count)
        }
        let place = Int(slots[slot]) - 1
        entries[place].count += use.counts
        if use.leads { entries[place].lead += use.counts }
        if use.isFigure { entries[place].isFigure = true }
        if use.isName { entries[place].isName = true }
    }

    private func slot(of key: UInt32) -> Int {
        let mask = slots.count &- 1
        var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B1) >> 3) & mask
        while slots[slot] != 0, entries[Int(slots[slot]) - 1].key != key {
            slot = (slot &+ 1) & mask
        }
        return slot
    }

    /// The `most` weightiest, of equal ones those with the lower keys; by key.
    func features(most: Int) -> [StoryFeatures.Feature] {
        let weights = StoryFeatures.Mark.weights
        let marks = entries.map { $0.mark }
        // No weight is negative, so the order of their bits is theirs.
        let ranks = entries.indices.map {
            UInt64(~weights[marks[$0].index].bitPattern) << 32 | UInt64(entries[$0].key)
        }
        let last = ranks.count > most ? lowest(most, of: ranks).last ?? 0 : UInt64.max
        let places = entries.indices.lazy.filter { ranks[$0] <= last }
        let byKey = places.map { UInt64(entries[$0].key) << 32 | UInt64($0) }.sorted()
        return byKey.map { keyAndPlace in
            let place = Int(keyAndPlace & 0xFFFF_FFFF)
            return StoryFeatures.Feature(
                key: entries[place].key, mark: marks[place], place: entries[place].place)
        }
    }
}

extension StoryFeatures.Kind {
    var weight: Float {
        switch self {
        case .word: 1
        case .name: 2
        case .figure: 1.5
        }
    }
}

private let yearHashes: WordSet = {
    let years = (1900...2099).map(String.init).joined(separator: ";")
    return WordSet(FoldedText(years).words.map(\.hash))
}()
