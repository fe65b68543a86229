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
}
