internal import News

/// What a revision tells otherwise than the text before it: the gravest first, bounded by
/// `DecisionOptions.changesMax`. Cost: linear in both texts.
func revisionChanges(
    from old: Article, _ oldText: FoldedText, to new: Article, _ newText: FoldedText,
    _ comparison: Comparison, options: DecisionOptions
) -> [RevisionChange] {
    var changes: [RevisionChange] = []
    if FoldedText(old.title).digest != FoldedText(new.title).digest, !new.title.isEmpty {
        changes.append(
            RevisionChange(
                kind: .headline, was: shortened(old.title.unicodeScalars),
                now: shortened(new.title.unicodeScalars)))
    }
    let ours = ChangedText(new, newText)
    let theirs = ChangedText(old, oldText)
    changes += hunks(comparison.runs, newText.words.count, oldText.words.count).map {
        change($0, ours, theirs)
    }
    let order = RevisionChange.Kind.allCases
    let ranked = changes.enumerated().sorted { a, b in
        let first = order.firstIndex(of: a.element.kind) ?? 0
        let second = order.firstIndex(of: b.element.kind) ?? 0
        return (first, a.offset) < (second, b.offset)
    }
    return ranked.prefix(options.changesMax).map(\.element)
}

/// A stretch of words that stand in the place of others; one of the two may be empty.
private struct Hunk {
    var ours: Range<Int>
    var theirs: Range<Int>
}

/// Changes of one text that are looked at: texts come from strangers.
private let hunksMax = 200

/// What lies between the runs that stand in one order in both texts.
private func hunks(_ runs: [Comparison.Run], _ ourCount: Int, _ theirCount: Int) -> [Hunk] {
    var hunks: [Hunk] = []
    var (ours, theirs) = (0, 0)
    for run in inOrder(runs) + [Comparison.Run(ours: ourCount, theirs: theirCount, words: 0)]
    where hunks.count < hunksMax {
        // A word said twice may end one run and begin the next.
        let start = (max(ours, run.ours), max(theirs, run.theirs))
        if start.0 > ours || start.1 > theirs {
            hunks.append(Hunk(ours: ours..<start.0, theirs: theirs..<start.1))
        }
        ours = max(ours, run.ours + run.words)
        theirs = max(theirs, run.theirs + run.words)
    }
    return hunks
}

/// The longest runs that stand in one order in both texts: a run that would lead back is left out
/// for those around it when they are longer.
private func inOrder(_ runs: [Comparison.Run]) -> [Comparison.Run] {
    var kept: [Comparison.Run] = []
    for run in runs {
        var passed = kept.count
        var words = 0
        // No further than its own words reach, so that the whole stays linear.
        while passed > 0, words < run.words,
            kept[passed - 1].theirs + kept[passed - 1].words > run.theirs + 4
        {
            passed -= 1
            words += kept[passed].words
        }
        if words >= run.words, passed < kept.count { continue }
        kept.removeLast(kept.count - passed)
        kept.append(run)
    }
    return kept
}

/// A text with what its changes are told by.
private struct ChangedText {
    let text: FoldedText
    let scalars: [Unicode.Scalar]
    let figures: [Figure]
    /// By word: whether it stands between quotation marks.
    let isQuoted: [Bool]

    init(_ article: Article, _ text: FoldedText) {
        self.text = text
        scalars = [Unicode.Scalar](scalarsOf: article.text)
        figures = News.figures(in: article.text, language: article.language)
        isQuoted = Self.quoted(text.words, scalars)
    }

    private static func quoted(
        _ words: [FoldedText.Word], _ scalars: [Unicode.Scalar]
    ) -> [Bool] {
        var result: [Bool] = []
        result.reserveCapacity(words.count)
        var isOpen = false
        var place = 0
        for scalar in scalars {
            while result.count < words.count, words[result.count].range.start <= place {
                result.append(isOpen)
            }
            switch scalar {
            case "«", "“", "„": isOpen = true
            case "»", "”", "\n": isOpen = false
            case "\"": isOpen.toggle()
            default: break
            }
            place += 1
        }
        while result.count < words.count { result.append(isOpen) }
        return result
    }

    /// The scalars of these words; nil when there are none.
    func range(of words: Range<Int>) -> TextRange? {
        guard let first = words.first, let last = words.last,
            text.words.indices.contains(first), text.words.indices.contains(last)
        else { return nil }
        return TextRange(start: text.words[first].range.start, end: text.words[last].range.end)
    }

    func passage(_ range: TextRange?) -> String? {
        guard let range else { return nil }
        return shortened(scalars[min(range.start, scalars.count)..<min(range.end, scalars.count)])
    }

    func figures(in range: TextRange?) -> Set<Figure.Value> {
        guard let range else { return [] }
        return Set(
            figures.lazy.filter { $0.range.start < range.end && $0.range.end > range.start }
                .map(\.value))
    }

    func numbers(_ words: Range<Int>) -> Set<UInt64> {
        Set(text.words[words].lazy.filter(\.isNumber).map(\.hash))
    }

    func names(_ words: Range<Int>) -> Set<UInt64> {
        Set(
            text.words[words].lazy
                .filter {
                    $0.isCapitalised && !$0.isNumber && !$0.opensSentence
                        && !stopWords.contains($0.hash)
                }
                .map(\.hash))
    }

    func isQuoted(_ words: Range<Int>) -> Bool {
        !words.isEmpty && isQuoted[words].allSatisfy { $0 }
    }

    func saysCorrected(_ words: Range<Int>) -> Bool {
        text.words[words].contains { correctionWords.contains($0.hash) }
    }
}

/// A correction note has at least this many words.
private let noteWordsMin = 4
/// A passage that came or went has at least this many words …
private let passageWordsMin = 6
/// … and stands against at most one of so many.
private let passageShare = 4
/// Scalars of a passage that are kept.
private let passageScalarsMax = 160

private func change(_ hunk: Hunk, _ ours: ChangedText, _ theirs: ChangedText) -> RevisionChange {
    let ourRange = ours.range(of: hunk.ours)
    let theirRange = theirs.range(of: hunk.theirs)
    return RevisionChange(
        kind: kind(of: hunk, ours, theirs, ourRange, theirRange), ours: ourRange,
        theirs: theirRange, was: theirs.passage(theirRange), now: ours.passage(ourRange))
}

private func kind(
    of hunk: Hunk, _ ours: ChangedText, _ theirs: ChangedText, _ ourRange: TextRange?,
    _ theirRange: TextRange?
) -> RevisionChange.Kind {
    let (now, was) = (hunk.ours.count, hunk.theirs.count)
    if now >= noteWordsMin, ours.saysCorrected(hunk.ours), !theirs.saysCorrected(hunk.theirs) {
        return .correctionNote
    }
    if was == 0 || now >= passageWordsMin && was * passageShare <= now { return .addition }
    if now == 0 || was >= passageWordsMin && now * passageShare <= was { return .removal }
    if ours.figures(in: ourRange) != theirs.figures(in: theirRange)
        || ours.numbers(hunk.ours) != theirs.numbers(hunk.theirs)
    {
        return .figure
    }
    let (ourNames, theirNames) = (ours.names(hunk.ours), theirs.names(hunk.theirs))
    if !ourNames.isSubset(of: theirNames), !theirNames.isSubset(of: ourNames) { return .name }
    if ours.isQuoted(hunk.ours), theirs.isQuoted(hunk.theirs) { return .quotation }
    return .wording
}

/// The first scalars of a passage.
private func shortened(_ scalars: some Collection<Unicode.Scalar>) -> String {
    var text = String(String.UnicodeScalarView(scalars.prefix(passageScalarsMax)))
    if scalars.count > passageScalarsMax { text += "…" }
    return text
}

/// Words by which a text says that it was corrected.
private let correctionWords = WordSet(
    FoldedText(
        """
        correction corrections corrected corrects erratum errata clarification clarifies
        rectificatif rectification rectifié corrigé corrigée correctif précision
        corrección corregido corregida rectificación correzione corretto rettifica
        korrektur korrigiert berichtigung richtigstellung
        """
    ).words.map(\.hash))
