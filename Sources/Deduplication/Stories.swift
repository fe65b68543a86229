internal import News

/// A story with the score that the article reaches in it.
private struct ScoredStory {
    var id: StoryID
    var score: Double
    var nearest: StoryIndex.Neighbour
}

extension DuplicateIndex {
    /// The story of an article about which `verdict` was decided: that of its source, else the most
    /// alike, else its own.
    func story(
        of verdict: Verdict, _ article: Article, _ fingerprint: Fingerprint,
        text: (ArticleID) -> Article?
    ) -> StoryMembership {
        if let source = verdict.of, let number = numbers[source.id] {
            return StoryMembership(
                id: documents[Int(number)].story, nearest: source, score: 1,
                threshold: options.storyThreshold)
        }
        let ranked = rankedStories(near: article, fingerprint)
        let joined = ranked.first {
            $0.score >= options.storyThreshold && !$0.nearest.isConflicting
        }
        let other = ranked.first { $0.id != joined?.id }
        var membership = StoryMembership(
            id: StoryID(startedBy: article.id), threshold: options.storyThreshold)
        if let joined {
            let member = documents[Int(joined.nearest.document)].id
            membership.id = joined.id
            membership.nearest = text(member).map { Reference(to: $0) }
            membership.score = rounded(joined.score)
            membership.shared = words(at: joined.nearest.shared, of: article, fingerprint)
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
        if let number = contents[article.contentHash] { return documents[Int(number)].story }
        return rankedStories(near: article, fingerprint).first {
            $0.score >= options.storyThreshold && !$0.nearest.isConflicting
        }?.id
    }

    private func reason(_ other: ScoredStory, joined: ScoredStory?) -> String {
        if other.nearest.isConflicting {
            return "other figures for the same thing, and no name in common"
        }
        if joined != nil { return "another story is more alike" }
        return "the score is below the threshold"
    }

    /// The stories of the nearest articles, the most alike first.
    private func rankedStories(near article: Article, _ fingerprint: Fingerprint) -> [ScoredStory] {
        let time = storyTime(of: article)
        let window = options.storyWindow.milliseconds
        let fading = max(Double(options.storyDecay.milliseconds), 1)
        let neighbours = stories.neighbours(of: fingerprint.features, options: options) { number in
            let apart = documents[Int(number)].time.since(time).milliseconds.magnitude
            return apart > window.magnitude ? nil : decay(Double(apart) / fading)
        }
        var byStory: [StoryID: ScoredStory] = [:]
        for neighbour in neighbours {
            let id = documents[Int(neighbour.document)].story
            if let known = byStory[id], !isNearer(neighbour, than: known.nearest) { continue }
            byStory[id] = ScoredStory(id: id, score: neighbour.score, nearest: neighbour)
        }
        return byStory.values.sorted { ($1.score, $0.id) < ($0.score, $1.id) }
    }

    private func isNearer(_ a: StoryIndex.Neighbour, than b: StoryIndex.Neighbour) -> Bool {
        a.score == b.score ? isEarlier(a.document, than: b.document) : a.score > b.score
    }

    /// The words at these places of title and text, as written.
    private func words(
        at places: [Int32], of article: Article, _ fingerprint: Fingerprint
    ) -> [String] {
        let title = Array(article.title.unicodeScalars)
        let text = Array(article.text.unicodeScalars)
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
