internal import News

/// A rival with what it is to the article.
struct Judged {
    var rival: Rival
    var relation: Relation
    /// A person said that it is another.
    var isBarred = false
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
    func source(ofExcerpt judged: [Judged], orOf copy: Judged?) -> Judged? {
        let sources = judged.filter {
            $0.relation == .excerpt || $0.rival.number == copy?.rival.number
        }
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
        let givers = judged.filter {
            !$0.isBarred && $0.relation != .template
                && gives($0.rival.comparison.held, allOf: source.rival.comparison.held)
        }
        return givers.min { isEarlier($0.rival.number, than: $1.rival.number) } ?? source
    }

    /// Whether nearly all of our shingles that one text has, another has.
    private func gives(_ another: [Bool], allOf one: [Bool]) -> Bool {
        var (all, given) = (0, 0)
        for (held, again) in zip(one, another) where held {
            all += 1
            given += again ? 1 : 0
        }
        return all > 0 && Double(given) >= sameSourceShare * Double(all)
    }

    /// Of a text put together from the sentences of others: the one that holds most of it.
    func source(ofCompilation novelty: Novelty, _ judged: [Judged]) -> Judged? {
        guard novelty.share < options.excerptNovelty else { return nil }
        var lengths: [ArticleID: Int] = [:]
        for passage in novelty.passages {
            guard let holder = passage.heldBy else { continue }
            lengths[holder, default: 0] += passage.range.end - passage.range.start
        }
        guard lengths.count >= 2 else { return nil }
        let most = lengths.max { ($0.value, $1.key) < ($1.value, $0.key) }
        return judged.first { $0.rival.article.id == most?.key && $0.relation == .unlike }
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
