internal import News

/// Which articles are about the same event: features of the articles inside the window, and how
/// many articles have each feature.
///
/// Likeness is the cosine of the two weighted feature lists, each feature weighted by how rare it
/// is among all articles held, times a decay over the time between them. In a small index nothing
/// is known to be common, so rarity starts from a prior: names and figures are rarer than words.
struct StoryIndex: Hashable, Sendable {
    /// What was found when an article was held against its neighbours.
    struct Neighbour: Sendable {
        var document: UInt32
        /// Cosine of the features, 0…1.
        var likeness: Double
        /// The smaller number of features of the two.
        var features: Int
        /// The two are in different languages, and were compared by the beginnings of their words.
        var isAcross: Bool
        /// The two name different things and different figures of one unit.
        var isConflicting: Bool
    }

    private(set) var counts = CountTable()
    private(set) var countedDocuments = 0
    private(set) var postings = PostingTable()
    /// By document number: where its features and measures start; empty for what has left the
    /// window.
    private(set) var entries: [Entry] = []
    private(set) var features: [StoredFeature] = []
    private(set) var measures: [StoryFeatures.Measure] = []

    struct Entry: Hashable, Sendable {
        var featuresStart: UInt32 = 0
        var featuresCount: UInt16 = 0
        /// The stems stand behind the features.
        var stemsCount: UInt16 = 0
        var language: UInt16 = 0
        var measuresStart: UInt32 = 0
        var measuresCount: UInt16 = 0

        var featuresRange: Range<Int> {
            Int(featuresStart)..<(Int(featuresStart) + Int(featuresCount))
        }
        var stemsRange: Range<Int> {
            featuresRange.upperBound..<(featuresRange.upperBound + Int(stemsCount))
        }
        var allRange: Range<Int> { featuresRange.lowerBound..<stemsRange.upperBound }
        var measuresRange: Range<Int> {
            Int(measuresStart)..<(Int(measuresStart) + Int(measuresCount))
        }
    }

    struct StoredFeature: Hashable, Sendable {
        var key: UInt32
        var weight: Float
        var kind: StoryFeatures.Kind
    }

    /// How many features were left when those outside the window were last dropped.
    private(set) var keptAfterPruning = 0

    init() {}

    /// From saved parts.
    init(
        counts: CountTable, countedDocuments: Int, postings: PostingTable, entries: [Entry],
        features: [StoredFeature], measures: [StoryFeatures.Measure], keptAfterPruning: Int
    ) {
        self.counts = counts
        self.countedDocuments = countedDocuments
        self.postings = postings
        self.entries = entries
        self.features = features
        self.measures = measures
        self.keptAfterPruning = keptAfterPruning
    }

    /// Learns the features of the document with the next number.
    mutating func append(_ story: StoryFeatures, options: DecisionOptions) {
        let document = UInt32(truncatingIfNeeded: entries.count)
        entries.append(
            Entry(
                featuresStart: UInt32(truncatingIfNeeded: features.count),
                featuresCount: UInt16(clamping: story.features.count),
                stemsCount: UInt16(clamping: story.stems.count), language: story.language,
                measuresStart: UInt32(truncatingIfNeeded: measures.count),
                measuresCount: UInt16(clamping: story.measures.count)))
        for list in [story.features, story.stems] {
            for feature in list {
                features.append(
                    StoredFeature(key: feature.key, weight: feature.weight, kind: feature.kind))
                counts.increment(feature.key, most: options.countedFeaturesMax)
                postings.insert(UInt64(feature.key), document: document, most: options.postingsMax)
            }
        }
        measures += story.measures
        countedDocuments += 1
    }

    /// A document without features, to keep the numbers in step.
    mutating func appendNothing() { entries.append(Entry()) }

    /// Drops the features of articles that `isPast`, once features have doubled since the last
    /// time. Their frequencies stay counted.
    mutating func prune(options: DecisionOptions, isPast: (UInt32) -> Bool) {
        guard features.count >= 2 * max(keptAfterPruning, options.storyPruningMin) else { return }
        let (oldFeatures, oldMeasures) = (features, measures)
        features = []
        measures = []
        postings = PostingTable()
        for number in entries.indices {
            let document = UInt32(truncatingIfNeeded: number)
            let entry = entries[number]
            entries[number] = Entry()
            if isPast(document) { continue }
            entries[number] = Entry(
                featuresStart: UInt32(truncatingIfNeeded: features.count),
                featuresCount: entry.featuresCount, stemsCount: entry.stemsCount,
                language: entry.language,
                measuresStart: UInt32(truncatingIfNeeded: measures.count),
                measuresCount: entry.measuresCount)
            features += oldFeatures[entry.allRange]
            measures += oldMeasures[entry.measuresRange]
            for feature in oldFeatures[entry.allRange] {
                postings.insert(UInt64(feature.key), document: document, most: options.postingsMax)
            }
        }
        keptAfterPruning = features.count
    }

    // MARK: Asking

    /// The held articles most like this one, in no order that matters. Two in one language are
    /// compared by their words, two in different ones by the beginnings of these.
    func neighbours(of story: StoryFeatures, options: DecisionOptions) -> [Neighbour] {
        let words = Weighted(story.features) { rarity($0.key, $0.kind) }
        let stems = Weighted(story.stems) { rarity($0.key, $0.kind) }
        guard words.norm > 0 else { return [] }
        var hits = DocumentTally()
        collect(words, asked: options.storyFeaturesAsked, into: &hits)
        collect(stems, asked: options.storyFeaturesAsked / 2, into: &hits)
        return hits.highest(options.storyCandidatesMax).compactMap { document in
            guard Int(document) < entries.count else { return nil }
            let entry = entries[Int(document)]
            let isAcross =
                entry.language != 0 && story.language != 0 && entry.language != story.language
            let byWords = compare(story, words, with: document, entry, isByStems: false)
            guard isAcross else { return byWords }
            // A language may have been guessed wrong: the words are heard too.
            let byStems = compare(story, stems, with: document, entry, isByStems: true)
            return (byWords?.likeness ?? 0) >= (byStems?.likeness ?? 0) ? byWords : byStems
        }
    }

    /// The features of one article, each with its weight times how rare it is.
    private struct Weighted {
        let features: [StoryFeatures.Feature]
        let weights: [Float]
        let norm: Float

        init(_ features: [StoryFeatures.Feature], rarity: (StoryFeatures.Feature) -> Float) {
            self.features = features
            weights = features.map { $0.weight * rarity($0) }
            norm = weights.reduce(0) { $0 + $1 * $1 }.squareRoot()
        }
    }

    /// How much a feature tells: the logarithm of how few articles have it.
    private func rarity(_ key: UInt32, _ kind: StoryFeatures.Kind) -> Float {
        let having = Float(counts[key])
        return logarithm((Float(countedDocuments) + 500) / (having + kind.priorCount))
    }

    /// Adds up the documents that share the rarest features.
    private func collect(_ ours: Weighted, asked: Int, into hits: inout DocumentTally) {
        let ranks = ours.features.indices.map {
            UInt64(~ours.weights[$0].bitPattern) << 32 | UInt64(ours.features[$0].key)
        }
        let rarest = lowest(asked, of: ranks)
        let slots = postings.firstSlots(of: rarest)
        var found: [UInt32] = []
        for (index, rank) in rarest.enumerated() {
            found.removeAll(keepingCapacity: true)
            guard postings.collect(rank, first: slots[index], into: &found) else { continue }
            let weight = Float(bitPattern: ~UInt32(truncatingIfNeeded: rank >> 32))
            for document in found { hits.add(weight, to: document) }
        }
    }

    private func compare(
        _ story: StoryFeatures, _ ours: Weighted, with document: UInt32, _ entry: Entry,
        isByStems: Bool
    ) -> Neighbour? {
        let theirs = isByStems ? entry.stemsRange : entry.featuresRange
        var product: Float = 0
        var square: Float = 0
        var sharesName = false
        forEachFeature(in: theirs, with: ours) { weight, feature, index in
            square += weight * weight
            guard let index else { return }
            product += weight * ours.weights[index]
            if feature.kind == .name, ours.features[index].kind == .name { sharesName = true }
        }
        guard product > 0, square > 0 else { return nil }
        return Neighbour(
            document: document, likeness: Double(product / (ours.norm * square.squareRoot())),
            features: min(ours.features.count, theirs.count), isAcross: isByStems,
            isConflicting: !sharesName && contradicts(story.measures, entry))
    }

    /// The features that an article has in common with its neighbour, the weightiest first, as
    /// places in its title and text.
    func shared(by story: StoryFeatures, with neighbour: Neighbour) -> [Int32] {
        let entry = entries[Int(neighbour.document)]
        let isByStems = neighbour.isAcross
        let ours = Weighted(isByStems ? story.stems : story.features) { rarity($0.key, $0.kind) }
        var shared: [(gain: Float, place: Int32)] = []
        forEachFeature(in: isByStems ? entry.stemsRange : entry.featuresRange, with: ours) {
            weight, _, index in
            guard let index else { return }
            shared.append((weight * ours.weights[index], ours.features[index].place))
        }
        shared.sort { ($1.gain, $0.place) < ($0.gain, $1.place) }
        return shared.prefix(sharedFeaturesMax).map(\.place)
    }

    /// Each of the stored features with its weight, and which of ours it is.
    @inline(__always)
    private func forEachFeature(
        in range: Range<Int>, with ours: Weighted, _ visit: (Float, StoredFeature, Int?) -> Void
    ) {
        var index = 0
        for feature in features[range] {
            let weight = feature.weight * rarity(feature.key, feature.kind)
            while index < ours.features.count, ours.features[index].key < feature.key { index += 1 }
            let isOurs = index < ours.features.count && ours.features[index].key == feature.key
            visit(weight, feature, isOurs ? index : nil)
        }
    }

    /// Whether some unit has figures on both sides, and none of them is the same.
    private func contradicts(_ ours: [StoryFeatures.Measure], _ entry: Entry) -> Bool {
        let theirs = measures[entry.measuresRange]
        // Both are in order of their units.
        var hasCommonUnit = false
        var index = 0
        for measure in theirs {
            while index < ours.count, ours[index].unit < measure.unit { index += 1 }
            var next = index
            while next < ours.count, ours[next].unit == measure.unit {
                if ours[next].figure == measure.figure { return false }
                hasCommonUnit = true
                next += 1
            }
        }
        return hasCommonUnit
    }
}

/// The features named as shared.
private let sharedFeaturesMax = 8

extension StoryFeatures.Kind {
    /// In how many of the 500 articles that are imagined before the first it is taken to stand.
    fileprivate var priorCount: Float {
        switch self {
        case .word: 8
        case .name: 2
        case .figure: 2
        }
    }
}
