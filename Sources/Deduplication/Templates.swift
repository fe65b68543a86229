internal import News

/// Whether two short texts are one form filled in twice: many figures, few of them equal in the
/// same place; or other names, and still not most of them.
func isTemplate(_ ours: FoldedText, _ theirs: FoldedText, options: DecisionOptions) -> Bool {
    max(ours.words.count, theirs.words.count) < options.templateWordsMax
        && haveOtherFigures(ours, theirs, options: options)
}

/// Whether both have many figures, and few of them behind the same words.
func haveOtherFigures(
    _ ours: FoldedText, _ theirs: FoldedText, options: DecisionOptions
) -> Bool {
    let ourFigures = placedFigures(of: ours)
    let theirFigures = placedFigures(of: theirs)
    let fewer = min(ourFigures.count, theirFigures.count)
    guard fewer >= options.templateFiguresMin else { return false }
    let shared = ourFigures.intersection(theirFigures).count
    let limit =
        haveOtherNames(ours, theirs)
        ? options.templateFiguresOfOthers : options.templateFiguresShared
    return Double(shared) < limit * Double(fewer)
}

/// Whether fewer than half of the names of either text stand in the other.
private func haveOtherNames(_ ours: FoldedText, _ theirs: FoldedText) -> Bool {
    let ourNames = names(in: ours)
    let theirNames = names(in: theirs)
    let fewer = min(ourNames.count, theirNames.count)
    return fewer > 0 && 2 * ourNames.intersection(theirNames).count < fewer
}

private func names(in text: FoldedText) -> Set<UInt64> {
    Set(text.words.lazy.filter { $0.isCapitalised && !$0.opensSentence }.map(\.hash))
}

/// Whether the two forms speak of the same: what stands in one alone is no name, or the names are
/// the other's too.
func haveSameSubject(_ ours: FoldedText, _ theirs: FoldedText, _ comparison: Comparison) -> Bool {
    let ourNames = namesOutside(comparison.runs.map { $0.ours..<($0.ours + $0.words) }, of: ours)
    let theirNames = namesOutside(
        comparison.runs.map { $0.theirs..<($0.theirs + $0.words) }, of: theirs)
    return ourNames.isSubset(of: theirNames) || theirNames.isSubset(of: ourNames)
}

/// Capitalised words outside of these runs of words, but those that open many sentences and those
/// of the calendar.
private func namesOutside(_ runs: [Range<Int>], of text: FoldedText) -> Set<UInt64> {
    var isInside = Array(repeating: false, count: text.words.count)
    for run in runs {
        for index in run where isInside.indices.contains(index) { isInside[index] = true }
    }
    var names: Set<UInt64> = []
    for (word, isInside) in zip(text.words, isInside)
    where !isInside && word.isCapitalised && !word.isNumber
        && !stopWords.contains(word.hash) && !calendarWords.contains(word.hash)
    {
        names.insert(word.hash)
    }
    return names
}

private let calendarWords = WordSet(
    FoldedText(
        """
        January February March April May June July August September October November December
        Jan Feb Mar Apr Jun Jul Aug Sept Sep Oct Nov Dec
        Monday Tuesday Wednesday Thursday Friday Saturday Sunday
        janvier février mars avril mai juin juillet août septembre octobre novembre décembre
        lundi mardi mercredi jeudi vendredi samedi dimanche
        """
    ).words.map(\.hash))

/// Each figure with the word before it.
private func placedFigures(of text: FoldedText) -> Set<UInt64> {
    var figures: Set<UInt64> = []
    var before: UInt64 = 0
    for word in text.words {
        if word.isNumber { figures.insert(mixed(before) ^ word.hash) }
        before = word.hash
    }
    return figures
}
