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
        var weight: Float
        var kind: Kind
        /// Where it first stands, for showing it: a word of the title, or of the text behind that.
        var place: Int32
    }

    /// A figure with the word that says of what: its unit, or what stands before it.
    struct Measure: Hashable, Sendable {
        var unit: UInt32
        var figure: UInt32
    }

    /// By key.
    private(set) var features: [Feature] = []
    /// The beginnings of its words in Latin letters, and its figures: what it may have in common
    /// with an article in another language. By key.
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
        let count = title.words.count + text.words.count
        var words = Tally(words: count, ofStems: false)
        var beginnings = Tally(words: count, ofStems: true)
        words.add(title, leads: title.words.count, weight: 3, from: 0)
        words.add(text, leads: Self.leadWords, weight: 1, from: title.words.count)
        beginnings.add(title, leads: title.words.count, weight: 3, from: 0)
        beginnings.add(text, leads: Self.leadWords, weight: 1, from: title.words.count)
        features = words.features(most: most)
        stems = beginnings.features(most: most / 2)
        measures = Array(words.measures.sorted(by: Measure.comesBefore).prefix(Self.measuresMax))
        self.language = Self.languageCode(language)
    }

    /// The two or three letters of a language tag (RFC 5646, 2.2.1) as a number.
    private static func languageCode(_ tag: String?) -> UInt16 {
        guard let tag else { return 0 }
        return tag.utf8.prefix { $0 != UInt8(ascii: "-") }.prefix(3).reduce(0) {
            $0 << 5 | UInt16($1 & 0x1F)
        }
    }
}

extension StoryFeatures.Measure {
    static func comesBefore(_ a: Self, _ b: Self) -> Bool {
        (a.unit, a.figure) < (b.unit, b.figure)
    }
}

/// The words of one article, counted in a flat table.
private struct Tally {
    private struct Entry {
        var key: UInt32 = 0
        var count: Float = 0
        var lead: Float = 0
        var place: Int32 = -1
        var isName = false
        var isFigure = false
    }

    /// A place of -1 is free.
    private var entries: [Entry]
    private var filled = 0
    var measures: Set<StoryFeatures.Measure> = []

    /// Whether words count by their beginnings.
    private let ofStems: Bool

    /// For so many words.
    init(words: Int, ofStems: Bool) {
        self.ofStems = ofStems
        var capacity = 64
        while capacity < words + words / 2 { capacity *= 2 }
        entries = Array(repeating: Entry(), count: capacity)
    }

    mutating func add(_ text: FoldedText, leads: Int, weight: Float, from offset: Int) {
        let words = text.words
        let folded = text.folded
        var start = 0
        for index in words.indices {
            let word = words[index]
            let first = start
            while start < folded.count, folded[start] != 0x20 { start += 1 }
            let bytes = first..<start
            start += 1
            guard let hash = featureHash(at: index, of: words, folded, bytes) else { continue }
            let key = UInt32(truncatingIfNeeded: hash)
            let slot = slot(of: key)
            if entries[slot].place < 0 {
                entries[slot].key = key
                entries[slot].place = Int32(clamping: index + offset)
                filled += 1
            }
            entries[slot].count += weight
            if index < leads { entries[slot].lead += weight }
            if word.isNumber { entries[slot].isFigure = true }
            if word.isCapitalised, !word.opensSentence { entries[slot].isName = true }
            if word.isNumber, index < leads { addMeasures(at: index, of: words) }
        }
    }

    private func slot(of key: UInt32) -> Int {
        let mask = entries.count - 1
        var slot = Int(truncatingIfNeeded: key &* 0x9E37_79B1 >> 3) & mask
        while entries[slot].place >= 0, entries[slot].key != key { slot = (slot + 1) & mask }
        return slot
    }

    /// nil for what says nothing: stop words, single letters and digits, years. A year says when,
    /// not what; every article of a season shares it. Of scripts without spaces two characters in a
    /// row make a feature.
    private func featureHash(
        at index: Int, of words: [FoldedText.Word], _ folded: [UInt8], _ bytes: Range<Int>
    ) -> UInt64? {
        let word = words[index]
        let length = word.range.end - word.range.start
        if length == 1, !word.isNumber {
            guard index + 1 < words.count, words[index + 1].range.start == word.range.end,
                words[index + 1].range.end == word.range.end + 1
            else { return nil }
            return mixed(word.hash) ^ words[index + 1].hash
        }
        guard length > 1, !stopWords.contains(word.hash) else { return nil }
        if word.isNumber {
            return length == 4 && yearHashes.contains(word.hash) ? nil : word.hash
        }
        guard ofStems else { return word.hash }
        return length < 4 ? nil : stemHash(folded, bytes, letters: word.isCapitalised ? 4 : 5)
    }

    /// The figure with the content words on either side of it.
    private mutating func addMeasures(at index: Int, of words: [FoldedText.Word]) {
        let figure = UInt32(truncatingIfNeeded: words[index].hash)
        func add(_ unit: FoldedText.Word) {
            measures.insert(.init(unit: UInt32(truncatingIfNeeded: unit.hash), figure: figure))
        }
        let after = words[(index + 1)...].prefix(2).first { isUnit($0) }
        if let after { add(after) }
        let before = words[..<index].suffix(2).last { isUnit($0) }
        if let before { add(before) }
    }

    private func isUnit(_ word: FoldedText.Word) -> Bool {
        !word.isNumber && word.range.end - word.range.start > 2
    }

    func features(most: Int) -> [StoryFeatures.Feature] {
        var features: [StoryFeatures.Feature] = []
        features.reserveCapacity(filled)
        for entry in entries where entry.place >= 0 {
            let kind: StoryFeatures.Kind =
                entry.isFigure ? .figure : entry.isName ? .name : .word
            let weight = (1 + logarithm(entry.count) + 0.5 * min(entry.lead, 3)) * kind.weight
            features.append(
                .init(key: entry.key, weight: weight, kind: kind, place: entry.place))
        }
        if features.count > most {
            features.sort { ($1.weight, $0.key) < ($0.weight, $1.key) }
            features.removeLast(features.count - most)
        }
        return features.sorted { $0.key < $1.key }
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

/// A hash of the first letters of a word, written in Latin ones.
private func stemHash(_ folded: [UInt8], _ bytes: Range<Int>, letters: Int) -> UInt64 {
    var hash: UInt64 = 0
    var count = 0
    var next = bytes.lowerBound
    while next < bytes.upperBound, count < letters {
        var letter = UInt64(folded[next])
        if folded[next] >= 0x80 {
            if folded[next] & 0xFE == 0xD0, next + 1 < bytes.upperBound {
                let scalar = Int(folded[next] & 0x1F) << 6 | Int(folded[next + 1] & 0x3F)
                letter = UInt64(latinLetter(scalar))
                next += 1
            } else {
                while next + 1 < bytes.upperBound, folded[next + 1] & 0xC0 == 0x80 {
                    next += 1
                    letter = letter << 8 | UInt64(folded[next])
                }
            }
        }
        next += 1
        if letter == 0 { continue }
        hash = mixed(hash &* 31 &+ letter)
        count += 1
    }
    return hash
}

/// The Latin letter that a Cyrillic one sounds like; 0 for signs that have no sound.
private func latinLetter(_ scalar: Int) -> UInt8 {
    switch scalar {
    case 0x430...0x44F: cyrillicLetters[scalar - 0x430]
    case 0x456, 0x457: UInt8(ascii: "i")
    case 0x454: UInt8(ascii: "e")
    case 0x45E: UInt8(ascii: "u")
    default: UInt8(ascii: "?")
    }
}

private let cyrillicLetters = "abvgdezziiklmnoprstufhccss_i_eua".utf8.map { $0 == 0x5F ? 0 : $0 }

private let yearHashes: WordSet = {
    let years = (1900...2099).map(String.init).joined(separator: ";")
    return WordSet(FoldedText(years).words.map(\.hash))
}()
