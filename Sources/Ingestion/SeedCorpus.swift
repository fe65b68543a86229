internal import ArticleStore
package import News

/// The documents that the user held before Tamis came, for whoever keeps no store: their texts are
/// in a file that nobody finds again. Memory: some fifty bytes a document.
package struct SeedCorpus {
    /// Made when the first document is added.
    private var file: PassingArticles?
    private var places: [ArticleID: PassingArticles.Place] = [:]
    /// In the order in which they came.
    private var order: [PassingArticles.Place] = []

    /// With these documents, added one after the other.
    package init(articles: [Article] = []) throws {
        for article in articles { try add(article) }
    }

    package var count: Int { order.count }

    /// Adds a document; of several with one identity the first counts.
    /// - Throws: `StoreError` when it cannot be written.
    package mutating func add(_ article: Article) throws {
        guard places[article.id] == nil else { return }
        let file = try file ?? PassingArticles(in: RunKeeper.passingFolder)
        self.file = file
        let place = try file.append(article)
        places[article.id] = place
        order.append(place)
    }

    /// The document of that identity; nil when there is none.
    package func article(_ id: ArticleID) throws -> Article? {
        guard let place = places[id] else { return nil }
        return try file?.entry(at: place).article
    }

    /// Visits all, in the order in which they came.
    package func forEach(_ visit: (Article) throws -> Void) throws {
        guard let file else { return }
        for place in order { try visit(try file.entry(at: place).article) }
    }
}
