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
        /// The two are in different languages.
        var isAcross: Bool
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
        for feature in story.features + story.stems {
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
        var hits = ScoreTable(capacity: 512)
        collect(words, asked: options.storyFeaturesAsked, into: &hits)
        collect(stems, asked: options.storyFeaturesAsked / 2, into: &hits)
        return hits.best(options.storyCandidatesMax).compactMap { document in
            guard Int(document) < entries.count else { return nil }
            let entry = entries[Int(document)]
            let isAcross =
                entry.language != 0 && story.language != 0 && entry.language != story.language
            let byWords = compare(story, words, with: document, entry, isAcross: false)
            guard isAcross else { return byWords }
            // A language may have been guessed wrong: the words are heard too.
            let byStems = compare(story, stems, with: document, entry, isAcross: true)
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
    private func collect(_ ours: Weighted, asked: Int, into hits: inout ScoreTable) {
        let (features, weights) = (ours.features, ours.weights)
        let order = weights.indices.sorted {
            (weights[$1], features[$0].key) < (weights[$0], features[$1].key)
        }
        var found: [UInt32] = []
        for index in order.prefix(asked) {
            found.removeAll(keepingCapacity: true)
            postings.collect(UInt64(features[index].key), into: &found)
            for document in found { hits.add(weights[index], to: document) }
        }
    }

    private func compare(
        _ story: StoryFeatures, _ ours: Weighted, with document: UInt32, _ entry: Entry,
        isAcross: Bool
    ) -> Neighbour? {
        let theirs = features[isAcross ? entry.stemsRange : entry.featuresRange]
        var product: Float = 0
        var square: Float = 0
        var shared: [(gain: Float, place: Int32)] = []
        var sharesName = false
        var index = 0
        for feature in theirs {
            let weight = feature.weight * rarity(feature.key, feature.kind)
            square += weight * weight
            while index < ours.features.count, ours.features[index].key < feature.key { index += 1 }
            guard index < ours.features.count, ours.features[index].key == feature.key else {
                continue
            }
            let gain = weight * ours.weights[index]
            product += gain
            shared.append((gain, ours.features[index].place))
            if feature.kind == .name, ours.features[index].kind == .name { sharesName = true }
        }
        guard product > 0, square > 0 else { return nil }
        shared.sort { ($1.gain, $0.place) < ($0.gain, $1.place) }
        return Neighbour(
            document: document, likeness: Double(product / (ours.norm * square.squareRoot())),
            features: min(ours.features.count, theirs.count), isAcross: isAcross,
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

/// Sums by document: a flat table for one question, which grows when half of it is filled.
private struct ScoreTable {
    /// Numbers plus one; 0 is free.
    private var documents: [UInt32]
    private var scores: [Float]
    private var filled = 0

    /// `capacity`: a power of two.
    init(capacity: Int) {
        documents = Array(repeating: 0, count: capacity)
        scores = Array(repeating: 0, count: capacity)
    }

    mutating func add(_ score: Float, to document: UInt32) {
        if filled * 2 > documents.count { grow() }
        let slot = slot(of: document)
        if documents[slot] == 0 {
            filled += 1
            documents[slot] = document &+ 1
        }
        scores[slot] += score
    }

    private func slot(of document: UInt32) -> Int {
        let mask = documents.count - 1
        var slot = Int(document &* 0x9E37_79B1 >> 7) & mask
        while documents[slot] != 0, documents[slot] != document &+ 1 { slot = (slot + 1) & mask }
        return slot
    }

    private mutating func grow() {
        let (oldDocuments, oldScores) = (documents, scores)
        documents = Array(repeating: 0, count: oldDocuments.count * 2)
        scores = Array(repeating: 0, count: oldScores.count * 2)
        for index in oldDocuments.indices where oldDocuments[index] != 0 {
            let slot = slot(of: oldDocuments[index] - 1)
            documents[slot] = oldDocuments[index]
            scores[slot] = oldScores[index]
        }
    }

    /// The documents with the highest scores.
    func best(_ most: Int) -> [UInt32] {
        var found: [(score: Float, document: UInt32)] = []
        for index in documents.indices where documents[index] != 0 {
            found.append((scores[index], documents[index] - 1))
        }
        found.sort { ($1.score, $0.document) < ($0.score, $1.document) }
        return found.prefix(most).map(\.document)
    }
}
