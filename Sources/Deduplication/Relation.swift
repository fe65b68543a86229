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

private let usualCopyContainment = DecisionOptions().copyContainment

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
    ) -> Relation {
        let comparison = rival.comparison
        if let alignment = rival.alignment, isDamagedCopy(alignment, comparison) {
            return alignment.otherFigures > options.damagedFigures ? .template : .copy
        }
        if isTemplate(fingerprint.text, rival.text, options: options) {
            let isExcerpt =
                !isForm && haveSameSubject(fingerprint.text, rival.text, comparison)
                && sharesPassages(comparison, fingerprint.text, rival.text)
            return isExcerpt ? .excerpt : .template
        }
        let isCut =
            isTeaser && comparison.containment >= options.cutContainment
            && comparison.coverage < options.teaserCoverage
        if !isCut, isCopy(comparison, fingerprint.text, rival.text, closing: closing) {
            return .copy
        }
        if sharesPassages(comparison, fingerprint.text, rival.text) { return .excerpt }
        return .unlike
    }

    /// Much of each stands in the other; or less, with small changes all along; or the one is the
    /// other cut short.
    private func isCopy(
        _ comparison: Comparison, _ ours: FoldedText, _ theirs: FoldedText, closing: Int
    ) -> Bool {
        let isLong = min(ours.words.count, theirs.words.count) >= options.wovenWordsMin
        if comparison.mutual >= copyContainment(of: theirs),
            !isLong || comparison.mostInStep >= options.wovenInStep
        {
            return true
        }
        if closing > 0, comparison.coverage >= options.copyContainment,
            Double(comparison.shared) >= options.copyContainment
                * Double(ours.words.count - closing)
        {
            return true
        }
        if comparison.mutual >= asStrictly(options.editedContainment),
            comparison.inStep >= asStrictly(options.editedInStep),
            ours.words.count >= options.editedWordsMin,
            !haveOtherFigures(ours, theirs, options: options)
        {
            return true
        }
        if comparison.coverage >= asStrictly(options.extendedCoverage),
            comparison.containment >= asStrictly(options.extendedContainment)
        {
            return true
        }
        if comparison.containment >= options.pureCutContainment,
            comparison.coverage >= asStrictly(options.pureCutCoverage)
        {
            return true
        }
        return comparison.containment >= asStrictly(options.cutContainment)
            && comparison.coverage >= asStrictly(options.cutCoverage)
    }

    /// The share of shingles that a copy has in common with that text. A shingle of characters
    /// spans three words where others span five, so what breaks (1 - e)^5 of the others leaves
    /// (1 - e)^3 of them.
    func copyContainment(of text: FoldedText) -> Double {
        let asked = options.copyContainment
        guard asked > 0, isWrittenInCharacters(text) else { return asked }
        return decay(0.6 * Double(logarithm(Float(1 / asked))))
    }

    /// A threshold beside that of copies: whoever asks more of copies asks more here too, and all
    /// at 1; whoever asks less, less in proportion.
    private func asStrictly(_ threshold: Double) -> Double {
        let asked = options.copyContainment
        return asked <= usualCopyContainment
            ? threshold * asked / usualCopyContainment
            : threshold + (1 - threshold) * (asked - usualCopyContainment)
                / (1 - usualCopyContainment)
    }

    /// One has a good part of the other, or quotes it at length; what closes both texts is no
    /// quotation but the outlet's own line.
    private func sharesPassages(
        _ comparison: Comparison, _ ours: FoldedText, _ theirs: FoldedText
    ) -> Bool {
        let closing = comparison.closingWords(ours, theirs)
        let others = comparison.runs.reduce(0) { $0 + $1.words } - closing
        var shingles = 0
        var longest = 0
        let isArticle = closing > options.closingWordsMax
        for run in comparison.runs
        where comparison.overlap >= options.wholeContainment || others >= closing || isArticle
            || !comparison.closes(run, ours, theirs)
        {
            shingles += max(0, run.words - options.shingleWords + 1)
            longest = max(longest, run.words)
            if isQuotation(run, of: ours) { return true }
        }
        // Of what is shared, that which stands in these runs; a passage told twice counts once.
        shingles = min(shingles, comparison.shared)
        let share = comparison.overlap * Double(shingles) / Double(max(1, comparison.shared))
        guard longest >= min(options.sharedWordsMin, ours.words.count, theirs.words.count) else {
            return false
        }
        return share >= options.wholeContainment
            || share >= options.excerptContainment && shingles >= options.excerptShinglesMin
            || share >= options.shortExcerptContainment
                && shingles >= options.shortExcerptShinglesMin
    }

    private func isQuotation(_ run: Comparison.Run, of ours: FoldedText) -> Bool {
        guard run.words >= options.quotationWords else { return false }
        let words = ours.words[run.ours...].prefix(options.quotationWords)
        let different = Set(words.lazy.map(\.hash)).count
        return Double(different) >= options.quotationVariety * Double(words.count)
    }

    /// The letters run in step, and here and there one stands for another of the same looks: a
    /// machine read one of them. A form filled in anew, or a report that quotes another, has whole
    /// words wherever its letters agree.
    private func isDamagedCopy(_ alignment: LetterAlignment, _ comparison: Comparison) -> Bool {
        let isLight =
            alignment.overlap >= options.damagedAlignment
            && alignment.misread >= options.misreadMin && alignment.misreads >= options.misreadsMin
        let isHeavy =
            alignment.overlap >= options.heavyAlignment
            && alignment.misread >= options.heavyMisread
            && alignment.misreads >= 2 * options.misreadsMin
        guard isLight || isHeavy, alignment.mutual >= options.damagedMutual else { return false }
        // What is misread all along leaves so many shingles whole; more means that it is not.
        let kept = alignment.overlap >= options.wholeAlignment ? 0.35 : 0.1
        let whole = decay(alignment.misread * options.shingleLoss) + kept
        let least = alignment.misread < options.fewMisread ? options.fewMisreadWhole : 0
        return comparison.overlap <= whole * alignment.overlap && comparison.overlap >= least
    }
}
