internal import ArticleStore
internal import News

/// The texts that were decided about, in a file that nobody finds again, and the seed corpus: the
/// latest text of each article, and of a revised one those before it, because copies are made of
/// those too. `number` is everywhere the article's place in the index, nil for one that is not held
/// there. Memory: eight bytes an article.
struct HeldTexts {
    private let seeds: SeedCorpus
    /// Made when the first text is held.
    private var file: PassingArticles?
    /// By number: where the latest text stands.
    private var latest: [PassingArticles.Place] = []
    private let failure = Failure()

    /// Why a text could not be read, if one could not.
    private final class Failure {
        var first: (any Error)?
    }

    init(seeds: SeedCorpus) { self.seeds = seeds }

    /// The latest text; nil when none is held, or none can be read: `check` tells.
    func text(of id: ArticleID, at number: Int?) -> Article? {
        read(place(number))?.article ?? seed(id)
    }

    /// The texts before it, the newest first: the first, and the last few before the latest.
    func earlier(of id: ArticleID, at number: Int?) -> [Article] {
        guard let last = read(place(number)) else { return [] }
        return last.earlier.reversed().compactMap { read($0)?.article }
            + (seed(id).map { [$0] } ?? [])
    }

    /// Throws what `text` and `earlier` could not.
    func check() throws {
        if let error = failure.first { throw error }
    }

    mutating func hold(_ article: Article, at number: Int) throws(StoreError) {
        if file == nil { file = try PassingArticles(in: RunKeeper.passingFolder) }
        guard let file else { return }
        var earlier: [PassingArticles.Place] = []
        if let last = place(number) { earlier = try file.entry(at: last).earlier + [last] }
        while latest.count <= number { latest.append(.nowhere) }
        latest[number] = try file.append(article, after: earlier)
    }

    private func seed(_ id: ArticleID) -> Article? { noting { try seeds.article(id) } }

    private func place(_ number: Int?) -> PassingArticles.Place? {
        guard let number, latest.indices.contains(number), latest[number] != .nowhere else {
            return nil
        }
        return latest[number]
    }

    private func read(
        _ place: PassingArticles.Place?
    ) -> (article: Article, earlier: [PassingArticles.Place])? {
        guard let place, let file else { return nil }
        return noting { try file.entry(at: place) }
    }

    /// What `read` gives; nil when it fails, which `check` tells.
    private func noting<Text>(_ read: () throws -> Text?) -> Text? {
        do {
            return try read()
        } catch {
            failure.first = failure.first ?? error
            return nil
        }
    }
}
