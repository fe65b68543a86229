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
    /// By unit, then figure; of title and lead alone.
    private(set) var measures: [Measure] = []

    /// Words of the text that count as its lead.
    static let leadWords = 80
    /// No more measures are kept.
    static let measuresMax = 24

    /// Made from the folded title and text; `most` features are kept, the weightiest.
    init(title: FoldedText, text: FoldedText, most: Int) {
        var tally = Tally()
        tally.add(title, leads: title.words.count, weight: 3, from: 0)
        tally.add(text, leads: Self.leadWords, weight: 1, from: title.words.count)
        features = tally.features(most: most)
        measures = Array(tally.measures.sorted(by: Measure.comesBefore).prefix(Self.measuresMax))
    }
}

extension StoryFeatures.Measure {
    static func comesBefore(_ a: Self, _ b: Self) -> Bool {
        (a.unit, a.figure) < (b.unit, b.figure)
    }
}

private struct Tally {
    private struct Entry {
        var count: Float = 0
        var lead: Float = 0
        var capitals = 0
        var isFigure = false
        var place: Int32
    }

    private var entries: [UInt32: Entry] = [:]
    var measures: Set<StoryFeatures.Measure> = []

    mutating func add(_ text: FoldedText, leads: Int, weight: Float, from offset: Int) {
        for (index, word) in text.words.enumerated() {
            guard let hash = featureHash(at: index, of: text.words) else { continue }
            let key = UInt32(truncatingIfNeeded: hash)
            var entry = entries[key] ?? Entry(place: Int32(clamping: index + offset))
            entry.count += weight
            if index < leads { entry.lead += weight }
            if word.isNumber { entry.isFigure = true }
            if word.isCapitalised, !word.opensSentence { entry.capitals += 1 }
            entries[key] = entry
            if word.isNumber, index < leads { addMeasures(at: index, of: text.words) }
        }
    }

    /// nil for what says nothing: stop words, single letters and digits, years. A year says when,
    /// not what; every article of a season shares it. Of scripts without spaces two characters in a
    /// row make a feature.
    private func featureHash(at index: Int, of words: [FoldedText.Word]) -> UInt64? {
        let word = words[index]
        let length = word.range.end - word.range.start
        if length == 1, !word.isNumber {
            guard index + 1 < words.count, words[index + 1].range.start == word.range.end,
                words[index + 1].range.end == word.range.end + 1
            else { return nil }
            return mixed(word.hash) ^ words[index + 1].hash
        }
        guard length > 1, !stopWords.contains(word.hash) else { return nil }
        return length == 4 && word.isNumber && yearHashes.contains(word.hash) ? nil : word.hash
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
        var features = entries.map { key, entry in
            let kind: StoryFeatures.Kind =
                entry.isFigure ? .figure : entry.capitals > 0 ? .name : .word
            let weight = (1 + logarithm(entry.count) + 0.5 * min(entry.lead, 3)) * kind.weight
            return StoryFeatures.Feature(
                key: key, weight: weight, kind: kind, place: entry.place)
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

private let yearHashes: Set<UInt64> = {
    let years = (1900...2099).map(String.init).joined(separator: ";")
    return Set(FoldedText(years).words.map(\.hash))
}()
