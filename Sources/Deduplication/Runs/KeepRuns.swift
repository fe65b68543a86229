/// When the head becomes a run, and when runs become one. Whoever keeps the files asks
/// `isHeadFull`, writes the run with `writeHead`, opens it and hands it to `replaceHead`; then
/// merges what `nextMerge` names, now or later, here or elsewhere, and hands the outcome to
/// `replaceRuns`. No verdict depends on what of this was done, or when.
extension DuplicateIndex {
    /// Documents that are learnt before they become a run: at most 40 MB of memory.
    package static let headMax = 16_384

    /// How much is in the head, in documents with their usual names and rows.
    package var headWeight: Int { head.weight }

    /// Whether the head is better a run.
    package func isHeadFull(headMax: Int = Self.headMax) -> Bool { head.weight >= headMax }

    /// Takes the run in place of what was in the head when it was written, which was all of it.
    package mutating func replaceHead(by run: Run) {
        guard run.numbers == head.first..<head.end else { return }
        runs.append(run)
        head.beginAnew()
    }

    /// Documents of a run that is made of others: each has some fifty rows, and 32 bits count them.
    private static let mergedMax = 40_000_000

    /// The runs that are better one: the newest, together with each before them that is no larger
    /// than all after it. So there are as many as the logarithm of what is held, and a document is
    /// written as often.
    package var nextMerge: [Run] {
        guard let newest = runs.last else { return [] }
        var (first, merged) = (runs.count - 1, newest.weight)
        for place in runs.indices.dropLast().reversed() {
            let count = runs[place].weight
            guard merged + count <= Self.mergedMax else { break }
            if count <= merged { first = place }
            merged += count
        }
        return first < runs.count - 1 ? Array(runs[first...]) : []
    }

    /// Takes the run in place of those that it was merged of; nothing when these are not here.
    package mutating func replaceRuns(_ old: [Run], by run: Run) {
        guard let first = runs.firstIndex(where: { $0.name == old.first?.name }),
            runs[first...].prefix(old.count).map(\.name) == old.map(\.name)
        else { return }
        runs.replaceSubrange(first..<(first + old.count), with: [run])
    }
}
