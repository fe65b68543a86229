internal import News

/// A rival with what it is to the article.
struct Judged {
    var rival: Rival
    var finding: Finding
    /// A person said that it is another.
    var isBarred = false

    var relation: Relation { finding.relation }
}

/// The text that a verdict names, and why this one.
struct Source {
    var judged: Judged
    /// The measures that decided.
    var proof: [Evidence.Score]
    /// The text that the article was found to be an excerpt of, where an earlier one gives as much.
    var decider: Judged?

    init(judged: Judged, proof: [Evidence.Score]? = nil, decider: Judged? = nil) {
        self.judged = judged
        self.proof = proof ?? judged.finding.proof
        self.decider = decider
    }
}

/// Whom a copy or an excerpt names as its source.
extension DuplicateIndex {
    /// Whether it is a copy of that one, and not put together from this and another text.
    func isCopyAlone(_ copy: Judged, _ judged: [Judged]) -> Bool {
        let comparison = copy.rival.comparison
        let ours = max(comparison.containment, copy.rival.alignment?.ours ?? 0)
        guard ours < 1 - options.excerptContainment else { return true }
        let family = original(of: copy.rival.number)
        return !judged.contains { other in
            guard other.relation == .copy || other.relation == .excerpt,
                original(of: other.rival.number) != family
            else { return false }
            let added = zip(other.rival.comparison.held, comparison.held).reduce(0) {
                $0 + ($1.0 && !$1.1 ? 1 : 0)
            }
            return Double(added) >= options.excerptContainment * Double(comparison.held.count)
        }
    }

    /// Of a family of copies the one that the article was made from: the original, or a copy that
    /// is much more alike.
    func closest(to copy: Judged, _ judged: [Judged]) -> Judged {
        let family = original(of: copy.rival.number)
        let members = judged.filter {
            $0.relation == .copy && original(of: $0.rival.number) == family
        }
        let least = copy.rival.comparison.mutual + options.nearestMargin
        let nearer = members.filter { $0.rival.comparison.mutual >= least }
        let nearest = nearer.min { a, b in
            let (first, second) = (a.rival.comparison.mutual, b.rival.comparison.mutual)
            return first == second
                ? isEarlier(a.rival.number, than: b.rival.number) : first > second
        }
        return nearest ?? copy
    }

    /// Of the held texts that share passages: the one of which, or of this, most stands in the
    /// other, then the one that has most of ours, then the earliest. A few lines that stand in it
    /// whole are not preferred to a text that has much more of it. Where an earlier text gives all
    /// that this one gives, it is the earliest such.
    func source(ofExcerpt judged: [Judged], orOf copy: Judged?) -> Source? {
        let sources =
            judged.filter { $0.relation == .excerpt && $0.rival.number != copy?.rival.number }
            + (copy.map { [$0] } ?? [])
        let most = sources.map(\.rival.comparison.shared).max() ?? 0
        let least = options.excerptSourceShare * Double(most)
        let source = sources.filter { Double($0.rival.comparison.shared) >= least }.min { a, b in
            let (first, second) = (a.rival.comparison, b.rival.comparison)
            if first.overlap != second.overlap { return first.overlap > second.overlap }
            return first.containment == second.containment
                ? isEarlier(a.rival.number, than: b.rival.number)
                : first.containment > second.containment
        }
        guard let source else { return nil }
        var earliest = Source(judged: source)
        for other in judged where !other.isBarred && other.relation != .template {
            let number = other.rival.number
            guard isEarlier(number, than: earliest.judged.rival.number) else { continue }
            let given = shareGiven(
                by: other.rival.comparison.held, of: source.rival.comparison.held)
            if given < sameSourceShare { continue }
            earliest = Source(
                judged: other,
                proof: [Evidence.Score(name: "given", value: given, threshold: sameSourceShare)],
                decider: source)
        }
        return earliest
    }

    /// The article of which this is a part and nothing else, when it came before `copy`: then this
    /// is a part of the article once more, and no copy of the first such part, though that is the
    /// same to the word. `isTeaser`: it says that it goes on elsewhere.
    func source(ofPart judged: [Judged], before copy: Judged?, isTeaser: Bool) -> Source? {
        let whole = judged.filter { other in
            let comparison = other.rival.comparison
            return other.relation == .excerpt
                && (comparison.containment >= options.pureCutContainment
                    || isTeaser && isPart(comparison))
        }
        let source = source(ofExcerpt: whole, orOf: nil)
        guard let source, let copy else { return source }
        return isEarlier(source.judged.rival.number, than: copy.rival.number) ? source : nil
    }

    /// Of our shingles that one text has, the share that another has.
    private func shareGiven(by another: [Bool], of one: [Bool]) -> Double {
        var (all, given) = (0, 0)
        for (held, again) in zip(one, another) where held {
            all += 1
            given += again ? 1 : 0
        }
        return all == 0 ? 0 : Double(given) / Double(all)
    }

    /// Of a text put together from the sentences of others: the one that holds most of it.
    func source(ofCompilation novelty: Novelty, _ judged: [Judged]) -> Source? {
        guard novelty.share < options.excerptNovelty else { return nil }
        var lengths: [ArticleID: Int] = [:]
        for passage in novelty.passages {
            guard let holder = passage.heldBy else { continue }
            lengths[holder, default: 0] += passage.range.end - passage.range.start
        }
        guard lengths.count >= 2 else { return nil }
        let most = lengths.max { ($0.value, $1.key) < ($1.value, $0.key) }
        let source = judged.first {
            $0.rival.article.id == most?.key && $0.relation == .unlike && !$0.isBarred
        }
        return source.map {
            Source(
                judged: $0,
                proof: [
                    Evidence.Score(
                        name: "held", value: 1 - novelty.share,
                        threshold: 1 - options.excerptNovelty)
                ])
        }
    }

    /// Whether the article is like the original of that copy too, though less: an original that
    /// was cut or extended since. Without this a row of copies could lead anywhere.
    func isNearItsOriginal(_ copy: Rival, _ rivals: [Rival]) -> Bool {
        let original = original(of: copy.number)
        return rivals.contains { rival in
            rival.number == original && rival.overlap >= options.excerptContainment
        }
    }

    func isOriginal(_ number: UInt32) -> Bool { original(of: number) == number }
}

/// Of the shingles that one text gives, those that another gives, when this gives the same.
private let sameSourceShare = 0.95
