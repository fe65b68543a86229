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
        /// The two name different things and different figures of one unit.
        var isConflicting: Bool
        /// The features in common, the weightiest first, as places in our title and text.
        var shared: [Int32]
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
        var measuresStart: UInt32 = 0
        var measuresCount: UInt16 = 0

        var featuresRange: Range<Int> {
            Int(featuresStart)..<(Int(featuresStart) + Int(featuresCount))
        }
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
                measuresStart: UInt32(truncatingIfNeeded: measures.count),
                measuresCount: UInt16(clamping: story.measures.count)))
        for feature in story.features {
            features.append(
                StoredFeature(key: feature.key, weight: feature.weight, kind: feature.kind))
            counts.increment(feature.key, most: options.countedFeaturesMax)
            postings.insert(UInt64(feature.key), document: document, most: options.postingsMax)
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
                featuresCount: entry.featuresCount,
                measuresStart: UInt32(truncatingIfNeeded: measures.count),
                measuresCount: entry.measuresCount)
            features += oldFeatures[entry.featuresRange]
            measures += oldMeasures[entry.measuresRange]
            for feature in oldFeatures[entry.featuresRange] {
                postings.insert(UInt64(feature.key), document: document, most: options.postingsMax)
            }
        }
        keptAfterPruning = features.count
    }

    // MARK: Asking

    /// The held articles most like this one, in no order that matters.
    func neighbours(of story: StoryFeatures, options: DecisionOptions) -> [Neighbour] {
        let weighted = story.features.map { feature in
            feature.weight * rarity(feature.key, feature.kind)
        }
        let norm = weighted.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard norm > 0 else { return [] }
        return candidates(story, weighted, options: options).compactMap { document in
            compare(story, weighted, norm, with: document)
        }
    }

    /// How much a feature tells: the logarithm of how few articles have it.
    private func rarity(_ key: UInt32, _ kind: StoryFeatures.Kind) -> Float {
        let having = Float(counts[key])
        return logarithm((Float(countedDocuments) + 500) / (having + kind.priorCount))
    }

    /// Documents that share the rarest features, in no order that matters.
    private func candidates(
        _ story: StoryFeatures, _ weighted: [Float], options: DecisionOptions
    ) -> [UInt32] {
        let order = weighted.indices.sorted {
            (weighted[$1], story.features[$0].key) < (weighted[$0], story.features[$1].key)
        }
        var hits: [(document: UInt32, weight: Float)] = []
        var found: [UInt32] = []
        for index in order.prefix(options.storyFeaturesAsked) {
            found.removeAll(keepingCapacity: true)
            postings.collect(UInt64(story.features[index].key), into: &found)
            for document in found { hits.append((document, weighted[index])) }
        }
        var scores = ScoreTable(capacity: hits.count)
        for hit in hits { scores.add(hit.weight, to: hit.document) }
        return scores.best(options.storyCandidatesMax)
    }

    private func compare(
        _ story: StoryFeatures, _ weighted: [Float], _ norm: Float, with document: UInt32
    ) -> Neighbour? {
        guard Int(document) < entries.count else { return nil }
        let entry = entries[Int(document)]
        let theirs = features[entry.featuresRange]
        var product: Float = 0
        var square: Float = 0
        var shared: [(gain: Float, place: Int32)] = []
        var sharesName = false
        var index = 0
        for feature in theirs {
            let weight = feature.weight * rarity(feature.key, feature.kind)
            square += weight * weight
            while index < weighted.count, story.features[index].key < feature.key { index += 1 }
            guard index < weighted.count, story.features[index].key == feature.key else { continue }
            let gain = weight * weighted[index]
            product += gain
            shared.append((gain, story.features[index].place))
            if feature.kind == .name, story.features[index].kind == .name { sharesName = true }
        }
        guard product > 0, square > 0 else { return nil }
        shared.sort { ($1.gain, $0.place) < ($0.gain, $1.place) }
        return Neighbour(
            document: document, likeness: Double(product / (norm * square.squareRoot())),
            features: min(weighted.count, theirs.count),
            isConflicting: !sharesName && contradicts(story.measures, entry),
            shared: shared.prefix(sharedFeaturesMax).map(\.place))
    }

    /// Whether some unit has figures on both sides, and none of them is the same.
    private func contradicts(_ ours: [StoryFeatures.Measure], _ entry: Entry) -> Bool {
        let theirs = measures[entry.measuresRange]
        let common = Set(ours.map(\.unit)).intersection(theirs.map(\.unit))
        guard !common.isEmpty else { return false }
        return Set(ours).isDisjoint(with: theirs)
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

/// Sums by document: a flat table for one question.
private struct ScoreTable {
    /// Numbers plus one; 0 is free.
    private var documents: [UInt32]
    private var scores: [Float]

    /// For at most `capacity` documents.
    init(capacity: Int) {
        var slots = 16
        while slots < capacity * 2 { slots *= 2 }
        documents = Array(repeating: 0, count: slots)
        scores = Array(repeating: 0, count: slots)
    }

    mutating func add(_ score: Float, to document: UInt32) {
        let mask = documents.count - 1
        var slot = Int(document &* 0x9E37_79B1 >> 7) & mask
        while documents[slot] != 0, documents[slot] != document &+ 1 { slot = (slot + 1) & mask }
        documents[slot] = document &+ 1
        scores[slot] += score
    }

    /// The documents with the highest scores.
    func best(_ most: Int) -> [UInt32] {
        let filled = documents.indices.filter { documents[$0] != 0 }
        let ordered = filled.sorted {
            (scores[$1], documents[$0]) < (scores[$0], documents[$1])
        }
        return ordered.prefix(most).map { documents[$0] - 1 }
    }
}
