internal import News

/// What a rival turns out to be to the article.
enum Relation {
    /// The same article: edited, cut, framed, or read by a machine.
    case copy
    /// Passages of it stand in the article.
    case excerpt
    /// The same form with other figures.
    case template
    case unlike
}

/// What a rival is, and what showed it: each measure reaches its threshold.
struct Finding {
    var relation: Relation
    var proof: [Evidence.Score] = []
}

private let usual = DecisionOptions()

/// The measures when each reaches its threshold, which makes them the proof; else nil.
private func reached(_ measures: Evidence.Score...) -> [Evidence.Score]? {
    measures.allSatisfy { $0.value >= ($0.threshold ?? 0) } ? measures : nil
}

private func measure(_ name: String, _ value: Double, _ threshold: Double) -> Evidence.Score {
    Evidence.Score(name: name, value: value, threshold: threshold)
}

extension DuplicateIndex {
    /// Words at the end of the text that close an otherwise unlike one too, one that is not
    /// `judged`.
    func closingWords(of ours: FoldedText, _ rivals: [Rival], besides judged: Rival) -> Int {
        let closing = rivals.map { rival -> Int in
            let words = rival.comparison.closingWords(ours, rival.text)
            let others = rival.comparison.shared - words
            let isUnlike = 2 * words <= rival.text.words.count && others < words / 4
            return isUnlike && rival.number != judged.number ? words : 0
        }
        let most = closing.max() ?? 0
        return most >= options.closingWordsMin ? most : 0
    }

    /// What the rival is to the article; the last `closing` words of this weigh nothing. `isForm`:
    /// the article fills in a form that another subject fills in too, which then is a formula.
    /// `isTeaser`: it says that it goes on elsewhere.
    func relation(
        to rival: Rival, _ fingerprint: Fingerprint, closing: Int, isForm: Bool, isTeaser: Bool
    ) -> Finding {
        let (comparison, ours) = (rival.comparison, fingerprint.text)
        if let alignment = rival.alignment, let proof = damagedCopy(alignment, comparison) {
            let figures = measure(
                "same-figures", 1 - alignment.otherFigures, 1 - options.damagedFigures)
            return figures.value < figures.threshold ?? 0
                ? Finding(relation: .template) : Finding(relation: .copy, proof: proof + [figures])
        }
        if isTemplate(ours, rival.text, options: options) {
            guard !isForm, haveSameSubject(ours, rival.text, comparison),
                let proof = sharedPassages(comparison, ours, rival.text)
            else { return Finding(relation: .template) }
            return Finding(relation: .excerpt, proof: proof)
        }
        if !(isTeaser && isPart(comparison)),
            let proof = copy(comparison, ours, rival.text, closing: closing)
        {
            return Finding(relation: .copy, proof: proof)
        }
        if let proof = sharedPassages(comparison, ours, rival.text) {
            return Finding(relation: .excerpt, proof: proof)
        }
        return Finding(relation: .unlike)
    }

    /// Whether nearly all of our text stands in that one, which goes on.
    func isPart(_ comparison: Comparison) -> Bool {
        comparison.containment >= options.cutContainment
            && comparison.coverage < options.teaserCoverage
    }

    /// Much of each stands in the other; or less, with small changes all along; or the one is the
    /// other cut short. Nil for what is no copy.
    private func copy(
        _ comparison: Comparison, _ ours: FoldedText, _ theirs: FoldedText, closing: Int
    ) -> [Evidence.Score]? {
        func both(_ containment: Double, _ coverage: Double) -> [Evidence.Score]? {
            reached(
                measure("containment", comparison.containment, containment),
                measure("coverage", comparison.coverage, coverage))
        }
        let isLong = min(ours.words.count, theirs.words.count) >= options.wovenWordsMin
        let asked = copyContainment(of: theirs)
        if let proof = both(asked, asked) {
            if !isLong { return proof }
            let inStep = measure("in-step", comparison.mostInStep, options.wovenInStep)
            if comparison.mostInStep >= options.wovenInStep { return proof + [inStep] }
        }
        if closing > 0, ours.words.count > closing,
            let proof = reached(
                measure("coverage", comparison.coverage, options.copyContainment),
                measure(
                    "before-closing",
                    Double(comparison.shared) / Double(ours.words.count - closing),
                    options.copyContainment))
        {
            return proof
        }
        return edited(comparison, ours, theirs)
            ?? both(
                asStrictly(options.extendedContainment), asStrictly(options.extendedCoverage))
            ?? both(options.pureCutContainment, asStrictly(options.pureCutCoverage))
            ?? both(asStrictly(options.cutContainment), asStrictly(options.cutCoverage))
    }

    private func edited(
        _ comparison: Comparison, _ ours: FoldedText, _ theirs: FoldedText
    ) -> [Evidence.Score]? {
        let least = asStrictly(options.editedContainment)
        guard ours.words.count >= options.editedWordsMin,
            let proof = reached(
                measure("containment", comparison.containment, least),
                measure("coverage", comparison.coverage, least),
                measure("in-step", comparison.inStep, asStrictly(options.editedInStep)))
        else { return nil }
        return haveOtherFigures(ours, theirs, options: options) ? nil : proof
    }

    /// The share of shingles that a copy has in common with that text. A shingle of characters
    /// spans three words where others span five, so what breaks (1 - e)^5 of the others leaves
    /// (1 - e)^3 of them.
    func copyContainment(of text: FoldedText) -> Double {
        let asked = options.copyContainment
        guard asked > 0, isWrittenInCharacters(text) else { return asked }
        return decay(0.6 * Double(logarithm(Float(1 / asked))))
    }

    /// A threshold beside that of copies, or another: whoever asks more there asks more here too,
    /// and all at 1; whoever asks less, less in proportion.
    private func asStrictly(
        _ threshold: Double, as main: KeyPath<DecisionOptions, Double> = \.copyContainment
    ) -> Double {
        let (asked, usual) = (options[keyPath: main], usual[keyPath: main])
        return asked <= usual
            ? threshold * asked / usual
            : threshold + (1 - threshold) * (asked - usual) / (1 - usual)
    }

    /// One has a good part of the other, or quotes it at length; what closes both texts is no
    /// quotation but the outlet's own line. Nil when that is not so.
    func sharedPassages(
        _ comparison: Comparison, _ ours: FoldedText, _ theirs: FoldedText
    ) -> [Evidence.Score]? {
        let closing = comparison.closingWords(ours, theirs)
        let others = comparison.runs.reduce(0) { $0 + $1.words } - closing
        var shingles = 0
        var longest = 0
        // By where they stand there: a passage told twice counts once.
        var passages: [Int: Int] = [:]
        let isArticle = closing > options.closingWordsMax
        for run in comparison.runs
        where comparison.overlap >= options.wholeContainment || others >= closing || isArticle
            || !comparison.closes(run, ours, theirs)
        {
            shingles += max(0, run.words - options.shingleWords + 1)
            longest = max(longest, run.words)
            guard run.words >= options.passageWords, isVaried(run, of: ours) else { continue }
            if run.words >= options.quotationWords {
                return [
                    measure("quoted-words", Double(run.words), Double(options.quotationWords))
                ]
            }
            passages[run.theirs] = max(passages[run.theirs] ?? 0, run.words)
        }
        // Of what is shared, that which stands in these runs; a passage told twice counts once.
        shingles = min(shingles, comparison.shared)
        let share = comparison.overlap * Double(shingles) / Double(max(1, comparison.shared))
        guard longest >= min(options.sharedWordsMin, ours.words.count, theirs.words.count) else {
            return nil
        }
        func shares(_ least: Double, _ shinglesMin: Int) -> [Evidence.Score]? {
            reached(
                measure("in-passages", share, least),
                measure("shingles", Double(shingles), Double(shinglesMin)))
        }
        let told = Double(passages.values.reduce(0, +))
        let shorter = Double(min(ours.words.count, theirs.words.count))
        return reached(measure("in-passages", share, options.wholeContainment))
            ?? shares(options.excerptContainment, options.excerptShinglesMin)
            ?? shares(
                asStrictly(options.shortExcerptContainment, as: \.excerptContainment),
                options.shortExcerptShinglesMin)
            ?? reached(
                measure("passage-words", told, Double(options.passagesWordsMin)),
                measure(
                    "passage-share", told / shorter,
                    asStrictly(options.passagesShare, as: \.excerptContainment)))
    }

    /// Whether a run says something: style sheets and tables repeat their words.
    private func isVaried(_ run: Comparison.Run, of ours: FoldedText) -> Bool {
        let words = ours.words[run.ours...].prefix(min(run.words, options.quotationWords))
        let different = Set(words.lazy.map(\.hash)).count
        return Double(different) >= options.quotationVariety * Double(words.count)
    }

    /// The letters run in step, and here and there one stands for another of the same looks: a
    /// machine read one of them. A form filled in anew, or a report that quotes another, has whole
    /// words wherever its letters agree.
    private func damagedCopy(
        _ alignment: LetterAlignment, _ comparison: Comparison
    ) -> [Evidence.Score]? {
        func lettersAgree(_ overlap: Double, _ misread: Double, _ count: Int) -> [Evidence.Score]? {
            reached(
                measure("alignment", alignment.overlap, overlap),
                measure("misread", alignment.misread, misread),
                measure("misreads", Double(alignment.misreads), Double(count)))
        }
        let proof =
            lettersAgree(options.damagedAlignment, options.misreadMin, options.misreadsMin)
            ?? lettersAgree(
                options.heavyAlignment, options.heavyMisread, 2 * options.misreadsMin)
        guard let proof, alignment.mutual >= options.damagedMutual else { return nil }
        // What is misread all along leaves so many shingles whole; more means that it is not.
        let kept = alignment.overlap >= options.wholeAlignment ? 0.35 : 0.1
        let whole = decay(alignment.misread * options.shingleLoss) + kept
        let least = alignment.misread < options.fewMisread ? options.fewMisreadWhole : 0
        return comparison.overlap <= whole * alignment.overlap && comparison.overlap >= least
            ? proof : nil
    }
}
