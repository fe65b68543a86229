internal import News

/// The texts that were decided about, in memory, and the seed corpus: the latest text of each
/// article, and of a revised one those before it, because copies are made of those too.
struct HeldTexts: Sendable {
    private let seeds: SeedCorpus
    private var latest: [ArticleID: Article] = [:]
    private var earlier: [ArticleID: [Article]] = [:]
    /// Earlier texts of one article, as many as a store keeps at hand: the first, and the last ones
    /// before the latest.
    private static let earlierMax = 4

    init(seeds: SeedCorpus) { self.seeds = seeds }

    /// The latest text; nil when none is held.
    subscript(id: ArticleID) -> Article? { latest[id] ?? seeds[id] }

    /// The texts before it, the newest first.
    func earlier(_ id: ArticleID) -> [Article] {
        guard latest[id] != nil else { return [] }
        return (earlier[id] ?? []).reversed() + (seeds[id].map { [$0] } ?? [])
    }

    mutating func hold(_ article: Article) {
        guard let last = latest.updateValue(article, forKey: article.id) else { return }
        earlier[article.id, default: []].append(last)
        if let count = earlier[article.id]?.count, count > Self.earlierMax {
            earlier[article.id]?.remove(at: 1)
        }
    }
}
