internal import News

/// Which articles are about the same event: features of the articles inside the window, and how
/// many articles have each feature.
///
/// Likeness is the cosine of the two weighted feature lists, each feature weighted by how rare it
/// is among all articles held, times a decay over the time between them. In a small index nothing
/// is known to be common, so rarity starts from a prior: names and figures are rarer than words.
///
/// Memory is bounded: of articles, the latest `storyDocumentsMax` and a quarter more are held, each
/// with 48 bytes, and 6 a feature and about 7 for being found by it; of counts,
/// `countedFeaturesMax`, each with 12 to 23 bytes.
struct StoryIndex: Hashable, Sendable {
    private(set) var counts = CountTable()
    private(set) var countedDocuments = 0
    /// By document.
    private(set) var entries: [Entry] = []
    /// The features of all entries, one entry behind the other, those of each by key …
    private(set) var keys: [UInt32] = []
    /// … and in step with them, how much each counts there.
    private(set) var marks: [StoryFeatures.Mark] = []
    private(set) var measures: [StoryFeatures.Measure] = []
    /// How many features were left when those outside the window were last dropped.
    private(set) var keptAfterPruning = 0
    /// By feature, the latest of its articles, as places in `entries`.
    private(set) var postings = PostingTable()
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

    init() {}

    /// Learns the features of a document, whose number is higher than those of all before.
    mutating func append(
        _ features: StoryFeatures, document: UInt32, story: StoryID, time: Instant,
        options: DecisionOptions
    ) {
        hold(features, document: document, story: story, time: time, options: options)
        list(entries.count - 1, options)
    }

    /// The same without letting it be found.
    private mutating func hold(
        _ features: StoryFeatures, document: UInt32, story: StoryID, time: Instant,
        options: DecisionOptions
    ) {
        if counts.count >= options.countedFeaturesMax {
            counts.halve()
            countedDocuments /= 2
        }
        countedDocuments += 1
        entries.append(
            Entry(
                document: document, story: story, time: time,
                featuresStart: UInt32(truncatingIfNeeded: keys.count),
                featuresCount: UInt16(clamping: features.features.count),
                stemsCount: UInt16(clamping: features.stems.count), language: features.language,
                measuresStart: UInt32(truncatingIfNeeded: measures.count),
                measuresCount: UInt16(clamping: features.measures.count)))
        for list in [features.features, features.stems] {
            for feature in list {
                counts.increment(feature.key)
                keys.append(feature.key)
                marks.append(feature.mark)
            }
        }
        measures += features.measures
    }

    /// Lets the last entry be found by its features.
    private mutating func list(_ place: Int, _ options: DecisionOptions) {
        for key in keys[entries[place].allRange] {
            postings.insert(
                UInt64(key), document: UInt32(truncatingIfNeeded: place),
                most: options.postingsMax, kept: .latest)
        }
        members[entries[place].story, default: 0] += 1
    }

    /// The same for all entries.
    mutating func listAll(_ options: DecisionOptions) {
        // Given back before as much is taken again.
        postings = PostingTable()
        postings = PostingTable(keys: min(counts.count, keys.count))
        members = [:]
        for place in entries.indices { list(place, options) }
    }

    /// Learns that a document had an edited copy at that time.
    mutating func touch(_ document: UInt32, at time: Instant) {
        guard let place = place(of: document) else { return }
        entries[place].time = max(entries[place].time, time)
    }

    private func place(of document: UInt32) -> Int? {
        let place = firstIndex(in: entries.indices) { entries[$0].document >= document }
        return place < entries.count && entries[place].document == document ? place : nil
    }

    /// Whether a story has several articles inside the window, copies not counted.
    func hasSeveral(_ story: StoryID) -> Bool { members[story, default: 0] > 1 }

    /// Drops what is past, once there are twice as many features as the last time or a quarter more
    /// entries than are kept. How many articles have which features stays counted. Cost: shared
    /// out, about 20 µs an article.
    mutating func prune(latest: Instant, options: DecisionOptions) {
        let most = max(options.storyDocumentsMax, 1)
        guard
            keys.count >= 2 * max(keptAfterPruning, options.storyPruningMin)
                || entries.count > most + most / 4
        else { return }
        var (kept, keptFeatures, keptMeasures) = (0, 0, 0)
        for place in entries.indices.suffix(most)
        where latest.since(entries[place].time) <= options.storyWindow * 2 {
            var entry = entries[place]
            let (features, figures) = (entry.allRange, entry.measuresRange)
            entry.featuresStart = UInt32(truncatingIfNeeded: keptFeatures)
            entry.measuresStart = UInt32(truncatingIfNeeded: keptMeasures)
            for index in features {
                keys[keptFeatures] = keys[index]
                marks[keptFeatures] = marks[index]
                keptFeatures += 1
            }
            for index in figures {
                measures[keptMeasures] = measures[index]
                keptMeasures += 1
            }
            entries[kept] = entry
            kept += 1
        }
        entries.removeLast(entries.count - kept)
        keys.removeLast(keys.count - keptFeatures)
        marks.removeLast(marks.count - keptFeatures)
        measures.removeLast(measures.count - keptMeasures)
        listAll(options)
        keptAfterPruning = keys.count
    }

    /// What is learnt of a document.
    struct Told {
        var features: StoryFeatures
        var document: UInt32
        var story: StoryID
        var time: Instant
    }

    /// As if the documents `gone` had never been learnt, and `told`, which come in order, had been.
    /// Cost: that of listing all that is held, if any of them is.
    mutating func replace(
        _ gone: Set<UInt32>, by told: [Told], latest: Instant, options: DecisionOptions
    ) {
        guard !told.isEmpty || gone.contains(where: { place(of: $0) != nil }) else { return }
        let old = self
        (entries, keys, marks, measures) = ([], [], [], [])
        var next = told.filter { latest.since($0.time) <= options.storyWindow * 2 }[...]
        for entry in old.entries {
            while let first = next.first, first.document < entry.document {
                hold(first, options)
                next.removeFirst()
            }
            if gone.contains(entry.document) {
                countedDocuments = max(0, countedDocuments - 1)
                for key in old.keys[entry.allRange] { counts.decrement(key) }
            } else {
                // Told before.
                if next.first?.document == entry.document { next.removeFirst() }
                keep(entry, of: old)
            }
        }
        for last in next { hold(last, options) }
        listAll(options)
    }

    private mutating func hold(_ told: Told, _ options: DecisionOptions) {
        hold(
            told.features, document: told.document, story: told.story, time: told.time,
            options: options)
    }

    /// Takes an entry as it is in another index.
    private mutating func keep(_ entry: Entry, of other: StoryIndex) {
        var moved = entry
        moved.featuresStart = UInt32(truncatingIfNeeded: keys.count)
        moved.measuresStart = UInt32(truncatingIfNeeded: measures.count)
        entries.append(moved)
        keys += other.keys[entry.allRange]
        marks += other.marks[entry.allRange]
        measures += other.measures[entry.measuresRange]
    }

    /// From saved parts: as if they had been learnt one after the other, but for `listAll`.
    init(
        counts: CountTable, countedDocuments: Int, entries: [Entry], keys: [UInt32],
        marks: [StoryFeatures.Mark], measures: [StoryFeatures.Measure], keptAfterPruning: Int
    ) {
        self.counts = counts
        self.countedDocuments = countedDocuments
        self.entries = entries
        self.keys = keys
        self.marks = marks
        self.measures = measures
        self.keptAfterPruning = keptAfterPruning
    }
}
