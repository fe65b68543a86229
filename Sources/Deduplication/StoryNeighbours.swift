internal import News

/// Holding an article against those of the window.
extension StoryIndex {
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

    /// The held articles most like one of that time, in no order that matters; none of those
    /// outside its window. Two in one language are compared by their words, two in different ones
    /// by the beginnings of these.
    func neighbours(
        of story: StoryFeatures, at time: Instant, options: DecisionOptions
    ) -> [Neighbour] {
        let words = weighted(story.features)
        let stems = weighted(story.stems)
        guard words.norm > 0 else { return [] }
        var hits = DocumentTally()
        collect(words, asked: options.storyFeaturesAsked, into: &hits)
        collect(stems, asked: options.storyFeaturesAsked / 2, into: &hits)
        var found: [Neighbour] = []
        var room = Room()
        for hit in hits.highest(options.storyCandidatesMax) {
            let place = Int(hit)
            guard options.isInStoryWindow(entries[place].time, of: time) else { continue }
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

    /// The features that an article has in common with its neighbour, the weightiest first, as
    /// places in its title and text.
    func shared(by story: StoryFeatures, with neighbour: Neighbour) -> [Int32] {
        let entry = entries[neighbour.place]
        let isByStems = neighbour.isAcross
        let ours = weighted(isByStems ? story.stems : story.features)
        var shared: [(gain: Float, place: Int32)] = []
        var room = Room()
        forEachFeature(in: isByStems ? entry.stemsRange : entry.featuresRange, &room) {
            weight, key, _ in
            guard let index = ours.index(of: key) else { return }
            shared.append((weight * ours.weights[index], ours.features[index].place))
        }
        shared.sort { ($1.gain, $0.place) < ($0.gain, $1.place) }
        return shared.prefix(sharedFeaturesMax).map(\.place)
    }

    // MARK: Weights

    /// The features of one article, each with its weight times how rare it is.
    private struct Weighted {
        let features: [StoryFeatures.Feature]
        let keys: [UInt32]
        let weights: [Float]
        let norm: Float
        let names: Names
        /// By the leading eleven bits of a key: the first feature with such a key plus one.
        private let firsts: [UInt16]

        init(_ features: [StoryFeatures.Feature], weights: [Float]) {
            self.features = features
            self.weights = weights
            keys = features.map { $0.key }
            norm = weights.reduce(0) { $0 + $1 * $1 }.squareRoot()
            var names = Names()
            var firsts = Array(repeating: UInt16(0), count: 1 << 11)
            for index in features.indices.reversed() {
                names.add(weights[index], if: features[index].mark.kind == .name)
                firsts[Int(features[index].key >> 21)] = UInt16(clamping: index + 1)
            }
            self.names = names
            self.firsts = firsts
        }

        /// Which feature has that key. Most have none, and are told by one look.
        @inline(__always)
        func index(of key: UInt32) -> Int? {
            let first = Int(firsts[Int(key >> 21)])
            if first == 0 { return nil }
            var index = first - 1
            while index < keys.count, keys[index] < key { index += 1 }
            return index < keys.count && keys[index] == key ? index : nil
        }
    }

    /// How many names an article has, and the sum of their squared weights.
    private struct Names {
        var count = 0
        var square: Float = 0

        /// Without a branch, which would be guessed wrong one time in three.
        @inline(__always)
        mutating func add(_ weight: Float, if isName: Bool) {
            count += isName ? 1 : 0
            square += isName ? weight * weight : 0
        }
    }

    private func weighted(_ features: [StoryFeatures.Feature]) -> Weighted {
        let documents = imaginedDocuments
        return Weighted(
            features,
            weights: features.map {
                $0.mark.weight * rarity(having: counts[$0.key], $0.mark, among: documents)
            })
    }

    /// Documents that are held, and those that are imagined before the first.
    private var imaginedDocuments: Float { Float(countedDocuments) + 500 }

    /// How much a feature tells: the logarithm of how few articles have it.
    @inline(__always)
    private func rarity(
        having: Int, _ mark: StoryFeatures.Mark, among documents: Float
    ) -> Float {
        logarithm(documents / (Float(having) + mark.priorCount))
    }

    /// Room to work in, for the features of one article after the other.
    private struct Room {
        var slots: [UInt64] = []
        var weights: [Float] = []

        mutating func fit(_ count: Int) {
            guard slots.count < count else { return }
            slots = Array(repeating: 0, count: max(count, 128))
            weights = Array(repeating: 0, count: max(count, 128))
        }
    }

    /// Each of the stored features with its weight times how rare it is.
    @inline(__always)
    private func forEachFeature(
        in range: Range<Int>, _ room: inout Room,
        _ visit: (_ weight: Float, _ key: UInt32, StoryFeatures.Mark) -> Void
    ) {
        room.fit(range.count)
        weigh(range, &room.slots, &room.weights)
        let (keys, marks, weights) = (keys.span, marks.span, room.weights.span)
        var index = 0
        for place in range {
            visit(weights[index], keys[place], marks[place])
            index += 1
        }
    }

    /// Bits of a held weight that do not count: saved indexes once kept something else in them, and
    /// scores stay what they were.
    private static let dropped: UInt32 = 3

    /// All that is read from the counts at once, then all logarithms.
    private func weigh(_ range: Range<Int>, _ slots: inout [UInt64], _ weights: inout [Float]) {
        let (keys, marks) = (keys.span, marks.span)
        var slots = slots.mutableSpan
        var weights = weights.mutableSpan
        var index = 0
        for place in range {
            slots[index] = counts.first(keys[place])
            index += 1
        }
        let allWeights = StoryFeatures.Mark.weights
        let weightOf = allWeights.span
        let documents = imaginedDocuments
        index = 0
        for place in range {
            let (key, mark) = (keys[place], marks[place])
            let having = counts.count(key, first: slots[index])
            let weight = weightOf[mark.index].bitPattern & ~Self.dropped
            weights[index] =
                Float(bitPattern: weight) * rarity(having: having, mark, among: documents)
            index += 1
        }
    }

    // MARK: Comparing

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
            hits.add(weights[index], toEach: articles)
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
        forEachFeature(in: theirs, &room) { weight, key, mark in
            let isName = mark.kind == .name
            square += weight * weight
            theirNames.add(weight, if: isName)
            guard let index = ours.index(of: key) else { return }
            product += weight * ours.weights[index]
            if isName, ours.features[index].mark.kind == .name {
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

extension DecisionOptions {
    /// Whether articles of these two times can meet in a story.
    @inline(__always)
    func isInStoryWindow(_ one: Instant, of other: Instant) -> Bool {
        one.since(other).milliseconds.magnitude <= storyWindow.milliseconds.magnitude
    }
}

extension StoryFeatures.Mark {
    /// In how many of the 500 articles that are imagined before the first the feature is taken to
    /// stand.
    @inline(__always)
    fileprivate var priorCount: Float { kind == .word ? 8 : 2 }
}
