package import News

/// A held document whose stored text was compared with the article in question.
struct Rival {
    var number: UInt32
    var article: Article
    var text: FoldedText
    var comparison: Comparison
    /// Measured when the words do not make it a copy and the content is much alike.
    var alignment: LetterAlignment?

    /// How much of each text the other has, by words or by letters.
    var mutual: Double { max(comparison.mutual, alignment?.mutual ?? 0) }

    /// The share of one text that the other has, of whichever more, by words or by letters.
    var overlap: Double { max(comparison.overlap, alignment?.overlap ?? 0) }
}

extension DuplicateIndex {
    /// Decides about an article. `text` looks up a stored article or seed by its id; what it does
    /// not find cannot be compared and does not count. `earlier` gives the texts that it had before
    /// it was revised: a copy may be one of those. Changes nothing, and reads no text twice. Cost:
    /// the article's shingles in the index, and the texts of at most `2 * candidatesMax + 1` held
    /// documents.
    package func verdict(
        on article: Article, _ fingerprint: Fingerprint,
        earlier: (ArticleID) -> [Article] = { _ in [] }, text: (ArticleID) -> Article?
    ) -> Verdict {
        if !options.exceptions.isEmpty {
            // A copy of the value, not of what it holds.
            var index = self
            index.options = options.applied(to: article)
            return index.verdict(on: article, fingerprint, earlier: earlier, text: text)
        }
        // The nearest of the story is asked for several times, and may stand on the disk.
        var read: [ArticleID: Article] = [:]
        func readOnce(_ id: ArticleID) -> Article? {
            if let held = read[id] { return held }
            let held = text(id)
            read[id] = held
            return held
        }
        var verdict = decided(on: article, fingerprint, earlier: earlier, text: readOnce)
        if let of = verdict.of, verdict.kind != .revision, article.origin.feed != nil,
            let number = number(of: of.id), !of.origin.isSeed
        {
            verdict.evidence.order = Evidence.Order(
                heldSeen: document(number).seen, seen: article.seen, absent: article.absent)
        }
        return verdict
    }

    private func decided(
        on article: Article, _ fingerprint: Fingerprint,
        earlier: (ArticleID) -> [Article], text: (ArticleID) -> Article?
    ) -> Verdict {
        let identity = identity(of: article)
        if let identity, let held = text(identity.id),
            document(identity.number).contentHash == article.contentHash
        {
            return duplicate(of: held, identity.key, article, fingerprint)
        }
        let holder = holder(ofContent: article.contentHash)
        if let identity, holder == identity.number, let held = text(identity.id) {
            return duplicate(of: held, contentKey(article), article, fingerprint)
        }
        let sampled = places(of: fingerprint.sample)
        let rivals = rivals(
            of: fingerprint, sampled, identity: identity?.number, earlier: earlier, text: text)
        if let identity, let rival = rivals.first(where: { $0.number == identity.number }),
            let verdict = verdictAtKnownIdentity(
                rival, identity.key, article, fingerprint, rivals, sampled)
        {
            return finished(verdict, article, fingerprint, text: text)
        }
        if let holder, let held = text(id(of: holder)) {
            let isLonger = rivals.contains { $0.comparison.coverage < options.teaserCoverage }
            if isLonger {
                // A part of an article that comes once more is an excerpt of it once more.
                let verdict = verdictOnText(
                    article, fingerprint, rivals, sampled, identity: identity?.number)
                if verdict.kind == .excerpt {
                    return finished(verdict, article, fingerprint, text: text)
                }
            }
            return duplicate(of: held, contentKey(article), article, fingerprint)
        }
        if let number = markedOriginal(of: article.id), let held = text(id(of: number)) {
            let verdict = Verdict(
                kind: .nearDuplicate, of: Reference(to: held),
                novelty: novelty(of: article, fingerprint, rivals, sampled),
                evidence: Evidence(rule: "marked", rules: decisionRules))
            return finished(verdict, article, fingerprint, text: text)
        }
        let verdict = verdictOnText(
            article, fingerprint, rivals, sampled, identity: identity?.number)
        return finished(verdict, article, fingerprint, text: text)
    }

    /// With its story, and what the version before or the nearest article of the story gives
    /// otherwise.
    private func finished(
        _ verdict: Verdict, _ article: Article, _ fingerprint: Fingerprint,
        text: (ArticleID) -> Article?
    ) -> Verdict {
        var verdict = verdict
        let story = story(of: verdict, article, fingerprint, text: text)
        verdict.story = story
        if options.tellsStories, let nearest = story.nearest, let other = text(nearest.id) {
            let folded = FoldedText(other.text)
            // What a revision says otherwise is its news, however alike the words are.
            if verdict.kind != .revision {
                verdict.novelty = notingParaphrases(
                    verdict.novelty, of: article, fingerprint, in: other, folded)
            }
            verdict.novelty.contradictions = contradictions(
                of: article, fingerprint, with: other, folded)
        }
        return verdict
    }

    private func contentKey(_ article: Article) -> Evidence.Key {
        Evidence.Key(name: "content-hash", value: article.contentHash.hexadecimal)
    }

    // MARK: Identity

    private struct Identity {
        var number: UInt32
        var id: ArticleID
        var key: Evidence.Key
    }

    /// The held document that goes by one of the article's names.
    private func identity(of article: Article) -> Identity? {
        // Of most articles no name is held, the address being one of the names; and then it need
        // not be hashed.
        let held = article.aliases.first { number(of: $0) != nil }
        if held == nil, number(of: article.id) == nil { return nil }
        let address = article.canonicalURL.map { Alias(of: $0) }
        if let address, let number = number(of: address) {
            let key = Evidence.Key(name: "canonical-url", value: article.canonicalURL?.text ?? "")
            return Identity(number: number, id: id(of: number), key: key)
        }
        if let number = number(of: article.id) {
            let key = Evidence.Key(name: "id", value: article.id.description)
            return Identity(number: number, id: article.id, key: key)
        }
        guard let held, let number = number(of: held) else { return nil }
        let key = Evidence.Key(name: "alias", value: held.description)
        return Identity(number: number, id: id(of: number), key: key)
    }

    private func duplicate(
        of held: Article, _ key: Evidence.Key, scores: [Evidence.Score] = [], _ article: Article,
        _ fingerprint: Fingerprint
    ) -> Verdict {
        let number = number(of: held.id)
        let story = number.map { self.story(of: $0) } ?? StoryID(startedBy: held.id)
        let whole = TextRange(start: 0, end: fingerprint.text.length)
        return Verdict(
            kind: .duplicate, of: Reference(to: held),
            story: StoryMembership(
                id: story, nearest: Reference(to: held), score: 1,
                threshold: options.storyThreshold),
            novelty: Novelty(share: 0, passages: [.init(range: whole, heldBy: held.id)]),
            evidence: Evidence(
                rule: key.name == "id" ? rule(ofEqualID: article) : key.name, rules: decisionRules,
                keys: [key], scores: scores))
    }

    /// An id is made of the address, and where there is none of the words.
    private func rule(ofEqualID article: Article) -> String {
        article.canonicalURL == nil ? "content-hash" : "canonical-url"
    }

    /// A changed text under a known name: a revision, or the same told shorter; nil when the name
    /// was given to something else.
    private func verdictAtKnownIdentity(
        _ rival: Rival, _ key: Evidence.Key, _ article: Article, _ fingerprint: Fingerprint,
        _ rivals: [Rival], _ sampled: HolderPlaces
    ) -> Verdict? {
        let comparison = rival.comparison
        if comparison.containment >= options.shorterContainment,
            comparison.coverage < options.excerptCoverage,
            article.textSource.rank < rival.article.textSource.rank
        {
            let contained = Evidence.Score(
                name: "containment", value: comparison.containment,
                threshold: options.shorterContainment)
            return duplicate(
                of: rival.article, key, scores: scores(of: rival, proof: [contained]), article,
                fingerprint)
        }
        let isAlike = comparison.overlap >= options.revisionOverlap
        let titlesAgree = agree(fingerprint.title, FoldedText(rival.article.title))
        guard isAlike || titlesAgree else { return nil }
        let overlap = Evidence.Score(
            name: "overlap", value: comparison.overlap, threshold: options.revisionOverlap)
        let title = Evidence.Key(name: "title", value: article.title)
        return Verdict(
            kind: .revision, of: Reference(to: rival.article),
            novelty: novelty(of: article, fingerprint, rivals, sampled),
            evidence: Evidence(
                rule: "revision", rules: decisionRules, keys: [key] + (isAlike ? [] : [title]),
                scores: scores(of: rival, proof: isAlike ? [overlap] : []),
                shared: comparison.sharedPassages(fingerprint.text, rival.text, options: options)),
            changes: revisionChanges(
                from: rival.article, rival.text, to: article, fingerprint.text, comparison,
                options: options))
    }

    private func agree(_ ours: FoldedText, _ theirs: FoldedText) -> Bool {
        !ours.words.isEmpty && ours.words.map(\.hash) == theirs.words.map(\.hash)
    }

    // MARK: Text

    private func verdictOnText(
        _ article: Article, _ fingerprint: Fingerprint, _ rivals: [Rival],
        _ sampled: HolderPlaces, identity: UInt32?
    ) -> Verdict {
        let isTeaser = announcesMore(article.text)
        let judged = judged(
            rivals, fingerprint, barred: barredFamilies(of: article.id), isTeaser: isTeaser)
        let novelty = novelty(of: article, fingerprint, rivals, sampled)
        let copy =
            judged.first { $0.relation == .copy && isOriginal($0.rival.number) }
            ?? judged.first { $0.relation == .copy && isNearItsOriginal($0.rival, rivals) }
        let whole = self.source(ofPart: judged, before: copy, isTeaser: isTeaser)
        let alone =
            whole == nil
            ? copy.flatMap { isCopyAlone($0, judged) ? closest(to: $0, judged) : nil } : nil
        let source =
            whole ?? alone.map { Source(judged: $0) } ?? self.source(
                ofExcerpt: judged, orOf: copy.map { asExcerpt($0, fingerprint.text) ?? $0 })
            ?? self.source(ofCompilation: novelty, judged)
        let winner = source?.judged.rival
        let nearest = winner ?? rivals.first
        let kind: Verdict.Kind = alone != nil ? .nearDuplicate : winner != nil ? .excerpt : .new
        let proof = source?.proof ?? nearest.map { copyMeasures(of: $0) } ?? []
        return Verdict(
            kind: kind, of: winner.map { Reference(to: $0.article) }, novelty: novelty,
            evidence: Evidence(
                rule: kind.rule, rules: decisionRules,
                ofVersion: winner.flatMap { earlierVersion($0) },
                scores: nearest.map { scores(of: $0, proof: proof) } ?? [],
                shared: nearest.map {
                    $0.comparison.sharedPassages(fingerprint.text, $0.text, options: options)
                } ?? [],
                runnersUp: runnersUp(judged, source, kind, identity: identity)))
    }

    /// The content hash of a text that is not the document's latest.
    private func earlierVersion(_ rival: Rival) -> Digest? {
        let hash = rival.article.contentHash
        return hash == document(rival.number).contentHash ? nil : hash
    }

    private func judged(
        _ rivals: [Rival], _ fingerprint: Fingerprint, barred: Set<UInt32>, isTeaser: Bool
    ) -> [Judged] {
        let isForm = rivals.contains { rival in
            rival.comparison.overlap >= options.excerptContainment
                && isTemplate(fingerprint.text, rival.text, options: options)
                && !haveSameSubject(fingerprint.text, rival.text, rival.comparison)
        }
        let judged = rivals.map { rival in
            if barred.contains(original(of: rival.number)) {
                return Judged(rival: rival, finding: Finding(relation: .unlike), isBarred: true)
            }
            let closing = closingWords(of: fingerprint.text, rivals, besides: rival)
            return Judged(
                rival: rival,
                finding: relation(
                    to: rival, fingerprint, closing: closing, isForm: isForm, isTeaser: isTeaser))
        }
        // What is nearer to the clean text than to the damaged one was not made from this.
        return judged.map { one in
            let number = original(of: one.rival.number)
            guard one.relation == .copy, number != one.rival.number,
                let original = judged.first(where: { $0.rival.number == number }),
                original.relation == .excerpt,
                original.rival.comparison.overlap > one.rival.comparison.overlap
            else { return one }
            return asExcerpt(one, fingerprint.text)
                ?? Judged(rival: one.rival, finding: original.finding)
        }
    }

    /// A copy, with what shows that passages of it stand in ours; nil when nothing does.
    private func asExcerpt(_ copy: Judged, _ ours: FoldedText) -> Judged? {
        sharedPassages(copy.rival.comparison, ours, copy.rival.text).map {
            Judged(rival: copy.rival, finding: Finding(relation: .excerpt, proof: $0))
        }
    }

    private func runnersUp(
        _ judged: [Judged], _ source: Source?, _ kind: Verdict.Kind, identity: UInt32?
    ) -> [Evidence.RunnerUp] {
        let winner = source?.judged.rival
        // Who decided comes first, where an earlier text is named for it.
        let others =
            judged.filter { $0.rival.number == source?.decider?.rival.number }
            + judged.filter {
                $0.rival.number != winner?.number
                    && $0.rival.number != source?.decider?.rival.number
            }
        return others.prefix(options.runnersUpMax).map { other in
            let decider = source?.decider.flatMap {
                $0.rival.number == other.rival.number ? $0 : nil
            }
            return Evidence.RunnerUp(
                reference: Reference(to: other.rival.article),
                scores: scores(
                    of: other.rival,
                    proof: decider?.finding.proof ?? copyMeasures(of: other.rival)),
                lostBecause: decider != nil
                    ? "all that it gives stood in the winner before"
                    : reason(
                        other, winner: winner, kind, isIdentity: other.rival.number == identity))
        }
    }

    private func reason(
        _ other: Judged, winner: Rival?, _ kind: Verdict.Kind, isIdentity: Bool
    ) -> String {
        let (rival, relation) = (other.rival, other.relation)
        if other.isBarred { return "marked as different by hand" }
        let shared = percent(rival.comparison.overlap)
        if isIdentity {
            return "known by its name, but only \(shared) is shared and the title is another"
        }
        switch relation {
        case .copy, .excerpt:
            guard let winner else {
                return "is itself a copy, and this is not a copy of its original"
            }
            if original(of: rival.number) == winner.number { return "is a copy of the winner" }
            if original(of: winner.number) == rival.number {
                return "is the winner's original, and less alike"
            }
            return kind == .excerpt && rival.comparison.shared >= winner.comparison.shared
                ? "gives as much, but is not the earliest or has more besides"
                : "less is shared than with the winner"
        case .template: return "the same form with other figures"
        case .unlike: return "only \(percent(rival.mutual)) is shared both ways"
        }
    }

    private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }

    // MARK: Scores

    /// What a copy would have to reach first of all.
    private func copyMeasures(of rival: Rival) -> [Evidence.Score] {
        let asked = copyContainment(of: rival.text)
        let (comparison, alignment) = (rival.comparison, rival.alignment)
        let words = [
            Evidence.Score(
                name: "containment", value: comparison.containment, threshold: asked),
            Evidence.Score(name: "coverage", value: comparison.coverage, threshold: asked),
        ]
        guard let alignment else { return words }
        return words + [
            Evidence.Score(
                name: "alignment", value: alignment.overlap, threshold: options.damagedAlignment),
            Evidence.Score(
                name: "misread", value: alignment.misread, threshold: options.misreadMin),
        ]
    }

    /// How much of each text the other has, and the measures that decided beside their thresholds.
    private func scores(of rival: Rival, proof: [Evidence.Score]) -> [Evidence.Score] {
        let comparison = rival.comparison
        let always = [
            ("containment", comparison.containment), ("coverage", comparison.coverage),
            ("jaccard", comparison.jaccard),
        ]
        let first = always.map { name, value in
            proof.first { $0.name == name } ?? Evidence.Score(name: name, value: value)
        }
        let others = proof.filter { score in !always.contains { $0.0 == score.name } }
        return (first + others).map {
            Evidence.Score(
                name: $0.name, value: rounded($0.value), threshold: $0.threshold.map(rounded))
        }
    }
}

/// To four digits: what is stored is what people read.
func rounded(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }

extension Verdict.Kind {
    fileprivate var rule: String {
        switch self {
        case .new, .duplicate: "nothing-alike"
        case .nearDuplicate: "near-duplicate"
        case .revision: "revision"
        case .excerpt: "excerpt"
        }
    }
}

extension TextSource {
    /// How near the text is to the article's own page.
    fileprivate var rank: Int {
        switch self {
        case .page, .seed, .stream: 2
        case .feed: 1
        case .summary: 0
        }
    }
}
