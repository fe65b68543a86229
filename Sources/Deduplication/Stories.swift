internal import News

/// A story with the score that the article reaches in it.
private struct ScoredStory {
    var id: StoryID
    /// Likeness of the nearest member times the decay over the time between them.
    var score: Double
    /// What this pair of articles must reach.
    var threshold: Double
    var nearest: StoryIndex.Neighbour
    /// Of the nearest member.
    var age: DuplicateIndex.Age

    var isJoined: Bool { score >= threshold && nearest.conflict == nil }
    var relativeScore: Double { score / max(threshold, 0.001) }

    func isBetter(than other: ScoredStory) -> Bool {
        if isJoined != other.isJoined { return isJoined }
        return score == other.score ? age < other.age : score > other.score
    }
}

extension DuplicateIndex {
    /// The story of an article about which `verdict` was decided: that of its source, else the most
    /// alike, else its own.
    func story(
        of verdict: Verdict, _ article: Article, _ fingerprint: Fingerprint,
        text: (ArticleID) -> Article?
    ) -> StoryMembership {
        if let source = verdict.of, let number = number(of: source.id) {
            return StoryMembership(
                id: story(of: number), nearest: source, score: 1,
                threshold: options.storyThreshold)
        }
        let ranked = rankedStories(near: article, fingerprint)
        let joined = ranked.first { $0.isJoined }
        let other = ranked.first { $0.id != joined?.id }
        var membership = StoryMembership(
            id: StoryID(startedBy: article.id), threshold: options.storyThreshold)
        if let joined {
            let member = id(of: joined.nearest.document)
            membership.id = joined.id
            membership.nearest = text(member).map { Reference(to: $0) }
            membership.score = rounded(joined.score)
            membership.threshold = rounded(joined.threshold)
            let places = stories.shared(by: fingerprint.features, with: joined.nearest)
            membership.shared = words(at: places, of: article, fingerprint)
        }
        membership.runnerUp = other.map { other in
            StoryMembership.RunnerUp(
                id: other.id, score: rounded(other.score),
                lostBecause: reason(other, joined: joined))
        }
        return membership
    }

    /// The story that a document without verdict joins; nil when it starts one.
    func nearestStory(to article: Article, _ fingerprint: Fingerprint) -> StoryID? {
        if let number = holder(ofContent: article.contentHash) { return story(of: number) }
        return rankedStories(near: article, fingerprint).first { $0.isJoined }?.id
    }

    private func reason(_ other: ScoredStory, joined: ScoredStory?) -> String {
        switch other.nearest.conflict {
        case .figures: return "other figures for the same thing, and no name in common"
        case .names: return "other names, and hardly one in common"
        case nil: break
        }
        if joined != nil { return "another story is more alike" }
        return "the score is below the threshold"
    }

    /// The stories of the nearest articles, those that may be joined and the most alike first.
    private func rankedStories(
        near article: Article, _ fingerprint: Fingerprint
    ) -> [ScoredStory] {
        let time = storyTime(of: article)
        let neighbours = stories.neighbours(
            of: fingerprint.features, at: time, options: options)
        var byStory: [StoryID: [ScoredStory]] = [:]
        for neighbour in neighbours {
            let scored = ScoredStory(
                id: neighbour.story,
                score: neighbour.likeness * fading(from: time, to: neighbour.time),
                threshold: threshold(for: neighbour), nearest: neighbour,
                age: age(of: neighbour.document))
            byStory[scored.id, default: []].append(scored)
        }
        return byStory.values.compactMap { scored(by: $0) }.sorted { $0.isBetter(than: $1) }
    }

    /// A story by its nearest member and, where it has several, the next: an article that is like
    /// one of them alone is a bridge to another story.
    private func scored(by members: [ScoredStory]) -> ScoredStory? {
        let ranked = members.sorted { a, b in
            a.relativeScore == b.relativeScore
                ? a.age < b.age : a.relativeScore > b.relativeScore
        }
        guard var first = ranked.first, stories.hasSeveral(first.id) else {
            return ranked.first
        }
        let second = ranked.dropFirst().first?.relativeScore ?? 0
        let share = options.storySecondShare
        first.score = first.threshold * ((1 - share) * first.relativeScore + share * second)
        return first
    }

    /// What is left of a likeness over that time.
    private func fading(from time: Instant, to other: Instant) -> Double {
        let apart = other.since(time).milliseconds.magnitude
        return decay(Double(apart) / max(Double(options.storyDecay.milliseconds), 1))
    }

    /// Short texts have few features, and of those fewer in common; so have texts in two languages.
    private func threshold(for neighbour: StoryIndex.Neighbour) -> Double {
        let most = neighbour.isAcross ? options.storyFeaturesMax / 2 : options.storyFeaturesMax
        let share = Double(neighbour.features) / Double(max(most, 1))
        return neighbour.isAcross
            ? options.storyThresholdAcross * min(1, max(options.storyShortShareAcross, share))
            : options.storyThreshold * min(1, max(options.storyShortShare, share))
    }

    /// The words at these places of title and text, as written.
    private func words(
        at places: [Int32], of article: Article, _ fingerprint: Fingerprint
    ) -> [String] {
        let title = [Unicode.Scalar](scalarsOf: article.title)
        let text = [Unicode.Scalar](scalarsOf: article.text)
        let titleCount = fingerprint.title.words.count
        return places.compactMap { place in
            let place = Int(place)
            let isInTitle = place < titleCount
            let words = isInTitle ? fingerprint.title.words : fingerprint.text.words
            let scalars = isInTitle ? title : text
            let index = isInTitle ? place : place - titleCount
            guard words.indices.contains(index), words[index].range.end <= scalars.count else {
                return nil
            }
            let range = words[index].range
            return String(String.UnicodeScalarView(scalars[range.start..<range.end]))
        }
    }
}
