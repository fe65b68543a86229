internal import News

/// Which articles are about the same event: features of the articles inside the window, and how
/// many articles have each feature.
///
/// Likeness is the cosine of the two weighted feature lists, each feature weighted by how rare it
/// is among all articles held, times a decay over the time between them. In a small index nothing
/// is known to be common, so rarity starts from a prior: names and figures are rarer than words.
///
/// Memory is bounded by the window: what is twice as old, and what comes before the latest
/// `storyDocumentsMax`, is dropped once there is twice as much as last time. Per article about 48
/// bytes, and 8 a feature and as many for being found by it; besides these the counts.
struct StoryIndex: Hashable, Sendable {
    /// What was found when an article was held against its neighbours.
    struct Neighbour: Sendable {
        /// Its place in `entries`.
        var place: Int
        var document: UInt32
        var story: StoryID
        var time: Instant
        /// Cosine of the features, 0…1.
        var likeness: Double
        /// The smaller number of features of the two.
        var features: Int
        /// The two are in different languages, and were compared by the beginnings of their words.
        var isAcross: Bool
        /// Why the two are of two events whatever they have in common.
        var conflict: Conflict?
    }

    enum Conflict: Sendable {
        /// They give different figures for one unit, and name nothing that both name.
        case figures
        /// Both name several things, and hardly one that both name.
        case names
    }

    private(set) var counts = CountTable()
    private(set) var countedDocuments = 0
    /// By document.
    private(set) var entries: [Entry] = []
    private(set) var features: [StoredFeature] = []
    private(set) var measures: [StoryFeatures.Measure] = []
    /// How many features were left when those outside the window were last dropped.
    private(set) var keptAfterPruning = 0
    /// By feature, the latest of its articles, as places in `entries`.
    private var postings = PostingTable()
    /// How many of the entries each story has.
    private var members: [StoryID: Int] = [:]

    /// An article inside the window, with where its features and measures start.
    struct Entry: Hashable, Sendable {
        var document: UInt32
        var story: StoryID
        /// When it or the last edited copy of it was published.
        var time: Instant
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

    /// 64 bits: the key, the weight, and in the two bits of the weight that tell least the kind.
    struct StoredFeature: Hashable, Sendable {
        let key: UInt32
        let weightAndKind: UInt32

        var weight: Float { Float(bitPattern: weightAndKind & ~3) }
        var kind: StoryFeatures.Kind {
            StoryFeatures.Kind(rawValue: UInt8(weightAndKind & 3)) ?? .word
        }

        init(_ feature: StoryFeatures.Feature) {
            key = feature.key
            weightAndKind = feature.weight.bitPattern & ~3 | UInt32(feature.kind.rawValue)
        }

        /// From the two halves of a saved one; nil when it has no such weight or kind.
        init?(bits: UInt64) {
            key = UInt32(truncatingIfNeeded: bits >> 32)
            weightAndKind = UInt32(truncatingIfNeeded: bits)
            guard weight.isFinite, StoryFeatures.Kind(rawValue: UInt8(weightAndKind & 3)) != nil
            else { return nil }
        }
    }

    init() {}

    /// Learns the features of a document, whose number is higher than those of all before.
    mutating func append(
        _ features: StoryFeatures, document: UInt32, story: StoryID, time: Instant,
        options: DecisionOptions
    ) {
        countedDocuments += 1
        for feature in features.features + features.stems {
            counts.increment(feature.key, most: options.countedFeaturesMax)
        }
        let start = self.features.count
        keep(
            Entry(
                document: document, story: story, time: time,
                featuresStart: UInt32(truncatingIfNeeded: start),
                featuresCount: UInt16(clamping: features.features.count),
                stemsCount: UInt16(clamping: features.stems.count), language: features.language,
                measuresStart: UInt32(truncatingIfNeeded: measures.count),
                measuresCount: UInt16(clamping: features.measures.count)),
            (features.features + features.stems).map { StoredFeature($0) }[...],
            features.measures[...], options: options)
    }

    /// Appends an entry that begins where the features and measures end so far.
    private mutating func keep(
        _ entry: Entry, _ added: ArraySlice<StoredFeature>,
        _ addedMeasures: ArraySlice<StoryFeatures.Measure>, options: DecisionOptions
    ) {
        for feature in added {
            postings.insert(
                UInt64(feature.key), document: UInt32(truncatingIfNeeded: entries.count),
                most: options.postingsMax, kept: .latest)
        }
        entries.append(entry)
        features += added
        measures += addedMeasures
        members[entry.story, default: 0] += 1
    }

    /// Learns that a document had an edited copy at that time.
    mutating func touch(_ document: UInt32, at time: Instant) {
        let place = firstIndex(in: entries.indices) { entries[$0].document >= document }
        guard place < entries.count, entries[place].document == document else { return }
        entries[place].time = max(entries[place].time, time)
    }

    /// Whether a story has several articles inside the window, copies not counted.
    func hasSeveral(_ story: StoryID) -> Bool { members[story, default: 0] > 1 }

    /// Drops what is past, once there is twice as much as the last time. How many articles have
    /// which features stays counted.
    mutating func prune(latest: Instant, options: DecisionOptions) {
        let tooMany = 2 * max(options.storyDocumentsMax, 1)
        guard
            features.count >= 2 * max(keptAfterPruning, options.storyPruningMin)
                || entries.count >= tooMany
        else { return }
        let old = self
        (entries, features, measures, members) = ([], [], [], [:])
        postings = PostingTable()
        for entry in old.entries.suffix(options.storyDocumentsMax)
        where latest.since(entry.time) <= options.storyWindow * 2 {
            var moved = entry
            moved.featuresStart = UInt32(truncatingIfNeeded: features.count)
            moved.measuresStart = UInt32(truncatingIfNeeded: measures.count)
            keep(
                moved, old.features[entry.allRange], old.measures[entry.measuresRange],
                options: options)
        }
        keptAfterPruning = features.count
    }

    /// From saved parts: as if they had been learnt one after the other.
    init(
        counts: CountTable, countedDocuments: Int, entries: [Entry], features: [StoredFeature],
        measures: [StoryFeatures.Measure], keptAfterPruning: Int, options: DecisionOptions
    ) {
        self.counts = counts
        self.countedDocuments = countedDocuments
        self.entries = entries
        self.features = features
        self.measures = measures
        self.keptAfterPruning = keptAfterPruning
        postings = PostingTable(keys: min(counts.count, features.count))
        for (place, entry) in entries.enumerated() {
            members[entry.story, default: 0] += 1
            for feature in features[entry.allRange] {
                postings.insert(
                    UInt64(feature.key), document: UInt32(truncatingIfNeeded: place),
                    most: options.postingsMax, kept: .latest)
            }
        }
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
        var found: [Neighbour] = []
        var room = Room()
        for hit in hits.highest(options.storyCandidatesMax) {
            let place = Int(hit)
            let language = entries[place].language
            let isAcross = language != 0 && story.language != 0 && language != story.language
            let byWords = compare(story, words, with: place, isByStems: false, options, &room)
            // A language may have been guessed wrong: the words are heard too.
            let byStems =
                isAcross
                ? compare(story, stems, with: place, isByStems: true, options, &room) : nil
            let isByStems = byStems?.likeness ?? 0 > byWords?.likeness ?? 0
            if let neighbour = isByStems ? byStems : byWords { found.append(neighbour) }
        }
        return found
    }

    /// Room to work in, for the features of one article after the other.
    private struct Room {
        var slots: [UInt64] = []
        /// By feature: how many articles have it, and of those imagined before the first.
        var having: [Float] = []
        var weights: [Float] = []
    }

    /// The weights of stored features times how rare each is, in step with them: all that is read
    /// from the counts at once, then all logarithms.
    private func weigh(_ range: Range<Int>, in room: inout Room) {
        let features = features.span
        room.slots.removeAll(keepingCapacity: true)
        for place in range { room.slots.append(counts.first(features[place].key)) }
        room.having.removeAll(keepingCapacity: true)
        var index = 0
        for place in range {
            let feature = features[place]
            let count = counts.count(feature.key, first: room.slots[index])
            room.having.append(Float(count) + feature.kind.priorCount)
            index += 1
        }
        let total = Float(countedDocuments) + 500
        room.weights.removeAll(keepingCapacity: true)
        for having in room.having { room.weights.append(logarithm(total / having)) }
        var weights = room.weights.mutableSpan
        index = 0
        for place in range {
            weights[index] = features[place].weight * weights[index]
            index += 1
        }
    }

    /// The features of one article, each with its weight times how rare it is.
    private struct Weighted {
        let features: [StoryFeatures.Feature]
        let keys: [UInt32]
        let weights: [Float]
        let norm: Float
        let names: Names

        init(_ features: [StoryFeatures.Feature], rarity: (StoryFeatures.Feature) -> Float) {
            self.features = features
            keys = features.map { $0.key }
            weights = features.map { $0.weight * rarity($0) }
            norm = weights.reduce(0) { $0 + $1 * $1 }.squareRoot()
            var names = Names()
            for (feature, weight) in zip(features, weights) where feature.kind == .name {
                names.add(weight)
            }
            self.names = names
        }
    }

    /// How many names an article has, and the sum of their squared weights.
    private struct Names {
        var count = 0
        var square: Float = 0

        mutating func add(_ weight: Float) {
            count += 1
            square += weight * weight
        }
    }

    /// How much a feature tells: the logarithm of how few articles have it.
    private func rarity(_ key: UInt32, _ kind: StoryFeatures.Kind) -> Float {
        let having = Float(counts[key])
        return logarithm((Float(countedDocuments) + 500) / (having + kind.priorCount))
    }

    /// Adds up the articles that share the rarest features.
    private func collect(_ ours: Weighted, asked: Int, into hits: inout DocumentTally) {
        let ranks = ours.keys.indices.map {
            UInt64(~ours.weights[$0].bitPattern) << 32 | UInt64(ours.keys[$0])
        }
        let rarest = lowest(asked, of: ranks)
        let weights = rarest.map { Float(bitPattern: ~UInt32(truncatingIfNeeded: $0 >> 32)) }
        let keys = rarest.map { $0 & 0xFFFF_FFFF }
        let slots = postings.firstSlots(of: keys)
        var articles: [UInt32] = []
        for (index, key) in keys.enumerated() {
            articles.removeAll(keepingCapacity: true)
            postings.collect(key, first: slots[index], into: &articles)
            for article in articles { hits.add(weights[index], to: article) }
        }
    }

    private func compare(
        _ story: StoryFeatures, _ ours: Weighted, with place: Int, isByStems: Bool,
        _ options: DecisionOptions, _ room: inout Room
    ) -> Neighbour? {
        let entry = entries[place]
        let theirs = isByStems ? entry.stemsRange : entry.featuresRange
        var product: Float = 0
        var square: Float = 0
        var sharesName = false
        var theirNames = Names()
        var sharedNames: Float = 0
        forEachFeature(in: theirs, with: ours, &room) { weight, feature, index in
            square += weight * weight
            if feature.kind == .name { theirNames.add(weight) }
            guard let index else { return }
            product += weight * ours.weights[index]
            if feature.kind == .name, ours.features[index].kind == .name {
                sharesName = true
                sharedNames += weight * ours.weights[index]
            }
        }
        guard product > 0, square > 0 else { return nil }
        let fewer = min(theirNames.square, ours.names.square)
        let haveNames = min(theirNames.count, ours.names.count) >= options.storyNamesMin
        let areOthers = haveNames && Double(sharedNames) < options.storyNamesShared * Double(fewer)
        let tellOthers = !sharesName && contradicts(story.measures, entry)
        return Neighbour(
            place: place, document: entry.document, story: entry.story, time: entry.time,
            likeness: Double(product / (ours.norm * square.squareRoot())),
            features: min(ours.features.count, theirs.count), isAcross: isByStems,
            conflict: tellOthers ? .figures : areOthers ? .names : nil)
    }

    /// The features that an article has in common with its neighbour, the weightiest first, as
    /// places in its title and text.
    func shared(by story: StoryFeatures, with neighbour: Neighbour) -> [Int32] {
        let entry = entries[neighbour.place]
        let isByStems = neighbour.isAcross
        let ours = Weighted(isByStems ? story.stems : story.features) { rarity($0.key, $0.kind) }
        var shared: [(gain: Float, place: Int32)] = []
        let range = isByStems ? entry.stemsRange : entry.featuresRange
        var room = Room()
        forEachFeature(in: range, with: ours, &room) { weight, _, index in
            guard let index else { return }
            shared.append((weight * ours.weights[index], ours.features[index].place))
        }
        shared.sort { ($1.gain, $0.place) < ($0.gain, $1.place) }
        return shared.prefix(sharedFeaturesMax).map(\.place)
    }

    /// Each of the stored features with its weight, and which of ours it is.
    @inline(__always)
    private func forEachFeature(
        in range: Range<Int>, with ours: Weighted, _ room: inout Room,
        _ visit: (Float, StoredFeature, Int?) -> Void
    ) {
        weigh(range, in: &room)
        let (features, keys, weights) = (features.span, ours.keys.span, room.weights.span)
        var (index, read) = (0, 0)
        for place in range {
            let feature = features[place]
            while index < keys.count, keys[index] < feature.key { index += 1 }
            let isOurs = index < keys.count && keys[index] == feature.key
            visit(weights[read], feature, isOurs ? index : nil)
            read += 1
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
