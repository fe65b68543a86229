internal import Deduplication
internal import News

extension Bench {
    /// Bringing extracted blocks to the stored form: articles of 400 words, then long ones, whose
    /// cost by the byte must be the same.
    func measureNormalising() throws {
        var stream = ArticleStream()
        let usual = (0..<size(100, quick: 10)).map { _ in stream.candidate() }
        let long = (0..<2).map { _ in stream.unique(words: size(40_000, quick: 4000)) }
        var smaller: Measurement?
        for (name, candidates) in [("normalise", usual), ("normalise/long", long)] {
            let texts = candidates.map { candidate in
                Array(candidate.blocks.map(\.text).joined(separator: "\n").utf8)
            }
            smaller = try measure(
                name, Workload(texts), growsFrom: smaller, against: .hash(texts)
            ) {
                try candidates.reduce(0) { try $0 + normalise($1).text.utf8.count }
            }
        }
    }

    /// Preparing articles for a decision, likewise.
    func measureFingerprints() throws {
        var stream = ArticleStream()
        let options = DecisionOptions()
        let usual = try stream.articles(size(100, quick: 10))
        let words = size(40_000, quick: 4000)
        let long = try (0..<2).map { _ in try normalise(stream.unique(words: words)) }
        var smaller: Measurement?
        for (name, articles) in [("fingerprint", usual), ("fingerprint/long", long)] {
            let texts = articles.map { Array($0.text.utf8) }
            smaller = try measure(
                name, Workload(texts), growsFrom: smaller, against: .hash(texts)
            ) {
                for article in articles { _ = Fingerprint(of: article, options: options) }
                return articles.count
            }
        }
    }

    /// Deciding about articles and learning them, with few and with many held. Fingerprints are
    /// made before, held texts come from memory.
    func measureDecisions() throws {
        var smaller: Measurement?
        var stream = ArticleStream()
        var holdings = Holdings()
        let counts = [size(1000, quick: 200), size(20_000, quick: 1000)]
        for count in counts {
            try holdings.take(count - holdings.bodies.count, from: &stream)
            smaller = try measureDecisions(holdings, stream, growsFrom: smaller)
        }
    }

    private func measureDecisions(
        _ holdings: Holdings, _ stream: ArticleStream, growsFrom smaller: Measurement?
    ) throws -> Measurement {
        var stream = stream
        let articles = try stream.articles(size(400, quick: 50))
        let prints = articles.map { Fingerprint(of: $0, options: holdings.index.options) }
        let texts = articles.map { Array($0.text.utf8) }
        // Learnt first, outside of the time: it makes each round's holdings a copy of their own.
        let first = try normalise(stream.unique())
        let reference = Reference.hash(texts)
        var work = Workload(texts)
        work.isOfDocuments = true
        return try measure(
            "decide/\(holdings.bodies.count)", work, growsFrom: smaller, against: reference.name
        ) {
            var own = holdings
            own.take(first, Fingerprint(of: first, options: own.index.options))
            let subject = time {
                for (article, print) in zip(articles, prints) { own.take(article, print) }
                return own.bodies.count
            }
            return (subject, try timeRepeatedly(secondsMin: 0.01, reference.work))
        }
    }
}
