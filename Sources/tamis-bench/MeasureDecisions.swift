internal import Deduplication
internal import News

/// Deciding about articles of 400 words: preparing them, looking them up, comparing the texts that
/// may be copies, and learning the outcome. Held texts come from memory.
extension Bench {
    /// Without stories, with few and with many held; then with stories, which know the articles of
    /// the last weeks alone.
    func measureDecisions() throws {
        let few = size(20_000, quick: 200)
        let many = size(max(few, options.held), quick: 1000)
        let counts = Set([few, min(size(100_000, quick: 1000), many), many])
        try measureDecisions("decide", tellsStories: false, counts.sorted())
        if let peer = options.peer { try measurePeer(peer, holding: few) }
        try measureDecisions("decide-stories", tellsStories: true, [few])
    }

    private func measureDecisions(
        _ name: String, tellsStories: Bool, _ counts: [Int]
    ) throws {
        var stream = ArticleStream()
        var decisions = DecisionOptions()
        decisions.tellsStories = tellsStories
        var holdings = Holdings(options: decisions)
        var smaller: Measurement?
        for count in counts {
            try holdings.take(count - holdings.count, from: &stream)
            let asked = size(1000, quick: 50)
            var batches = (0..<options.rounds).map { _ in stream.plainArticles(asked) }
            let texts = batches.joined().prefix(asked).map { Array($0.text.utf8) }
            let reference = Reference.hash(texts)
            var work = Workload(texts)
            work.isOfDocuments = true
            smaller = try measure(
                "\(name)/\(count)", work, growsFrom: smaller, against: reference.name
            ) {
                let articles = batches.popLast() ?? []
                let subject = try time {
                    for article in articles { try holdings.take(article) }
                    return holdings.count
                }
                return (subject, try timeRepeatedly(secondsMin: 0.01, reference.work))
            }
        }
    }

    /// The same articles, looked up and learnt by MinHash-LSH.
    private func measurePeer(_ python: String, holding held: Int) throws {
        var stream = ArticleStream()
        let asked = size(1000, quick: 50)
        let articles = stream.plainArticles(held) + stream.plainArticles(asked)
        let texts = articles.suffix(asked).map { Array($0.text.utf8) }
        let reference = Reference.hash(texts)
        var work = Workload(texts)
        work.isOfDocuments = true
        try measure("decide/rensa", work, against: reference.name) {
            let subject = try timePeer(python, articles.map(\.text), held: held)
            return (subject, try timeRepeatedly(secondsMin: 0.01, reference.work))
        }
    }
}
