internal import News

/// What two texts have in common, measured exactly on all their shingles.
struct Comparison: Sendable {
    struct Run: Hashable, Sendable {
        /// Indices of words.
        var ours: Int
        var theirs: Int
        var words: Int
    }

    /// Share of our distinct shingles that stand in theirs.
    let containment: Double
    /// Share of their distinct shingles that stand in ours.
    let coverage: Double
    /// Shared shingles among all of either.
    let jaccard: Double
    /// Distinct shingles that both have.
    let shared: Int
    /// For each of our shingles, whether they have it.
    let held: [Bool]
    /// Equal runs of words, in our order, at least a shingle long.
    let runs: [Run]
    /// Shares of our and their words that stand in runs, or in the few words between two runs that
    /// follow each other in both texts: what was edited, and is still the same sentence.
    let inStepOurs: Double
    let inStepTheirs: Double

    var overlap: Double { max(containment, coverage) }
    var mutual: Double { min(containment, coverage) }
    var inStep: Double { min(inStepOurs, inStepTheirs) }
    var mostInStep: Double { max(inStepOurs, inStepTheirs) }

    /// Words between two runs that an editor replaced, at most.
    private static let gapWordsMax = 8
    /// Words by which two runs may overlap in the other text, where a word is repeated.
    private static let gapWordsMin = -2

    /// `ourSet`: the set of `ourShingles`, so that it is made once for many comparisons.
    init(
        _ ours: FoldedText, _ ourShingles: [UInt64], _ ourSet: ShingleSet, with theirs: FoldedText,
        shingleWords: Int
    ) {
        let theirShingles = shingleHashes(of: theirs.words, length: shingleWords)
        let theirSet = ShingleSet(theirShingles)
        let places = ourShingles.map { theirSet.place(of: $0) ?? -1 }
        self.shared = places.indices.reduce(0) {
            $0 + (places[$1] >= 0 && ourSet.isFirst[$1] ? 1 : 0)
        }
        let shared = Double(self.shared)
        let union = Double(ourSet.count + theirSet.count) - shared
        containment = ourSet.count == 0 ? 0 : shared / Double(ourSet.count)
        coverage = theirSet.count == 0 ? 0 : shared / Double(theirSet.count)
        jaccard = union == 0 ? 0 : shared / union
        held = places.map { $0 >= 0 }
        runs = Self.runs(ours.words, theirs.words, places)
        let words = Self.wordsInStep(runs)
        inStepOurs = min(1, Double(words.ours) / Double(max(1, ours.words.count)))
        inStepTheirs = min(1, Double(words.theirs) / Double(max(1, theirs.words.count)))
    }

    private static func wordsInStep(_ runs: [Run]) -> (ours: Int, theirs: Int) {
        var words = (ours: 0, theirs: 0)
        var last: Run?
        for run in runs {
            words.ours += run.words
            words.theirs += run.words
            if let last {
                let ours = run.ours - (last.ours + last.words)
                let theirs = run.theirs - (last.theirs + last.words)
                if 0...gapWordsMax ~= ours, gapWordsMin...gapWordsMax ~= theirs {
                    words.ours += ours
                    words.theirs += max(0, theirs)
                }
            }
            last = run
        }
        return words
    }

    private static func runs(
        _ ours: [FoldedText.Word], _ theirs: [FoldedText.Word], _ places: [Int]
    ) -> [Run] {
        var runs: [Run] = []
        var next = 0
        while next < places.count {
            let place = places[next]
            guard place >= 0 else {
                next += 1
                continue
            }
            var length = 0
            while next + length < ours.count, place + length < theirs.count,
                ours[next + length].hash == theirs[place + length].hash
            {
                length += 1
            }
            if length > 0 { runs.append(Run(ours: next, theirs: place, words: length)) }
            next += max(length, 1)
        }
        return runs
    }
}

extension Comparison {
    /// Words in the run that closes both texts; 0 when they end otherwise.
    func closingWords(_ ours: FoldedText, _ theirs: FoldedText) -> Int {
        guard let last = runs.last, closes(last, ours, theirs) else { return 0 }
        return last.words
    }

    /// Whether next to nothing follows the run in either text.
    func closes(_ run: Run, _ ours: FoldedText, _ theirs: FoldedText) -> Bool {
        ours.words.count - (run.ours + run.words) <= Self.tailWordsMax
            && theirs.words.count - (run.theirs + run.words) <= Self.tailWordsMax
    }

    /// Words behind an outlet's line that may differ: a year, a name, the number of a page.
    private static let tailWordsMax = 4

    /// The longest runs as passages of the two texts.
    func sharedPassages(
        _ ours: FoldedText, _ theirs: FoldedText, options: DecisionOptions
    ) -> [Evidence.SharedPassage] {
        let long = runs.filter { $0.words >= min(options.sharedWordsMin, ours.words.count) }
        let longest = long.sorted { ($1.words, $0.ours) < ($0.words, $1.ours) }
        return longest.prefix(options.sharedPassagesMax).map { run in
            Evidence.SharedPassage(
                ours: Self.range(ours.words[run.ours..<(run.ours + run.words)]),
                theirs: Self.range(theirs.words[run.theirs..<(run.theirs + run.words)]),
                words: run.words)
        }
    }

    private static func range(_ words: ArraySlice<FoldedText.Word>) -> TextRange {
        TextRange(start: words.first?.range.start ?? 0, end: words.last?.range.end ?? 0)
    }
}
