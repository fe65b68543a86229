package import ArticleStore
internal import Deduplication
package import News

/// What became of the wish to take an article out.
package enum Forgetting: Hashable, Sendable {
    /// It is durable. `isErased`: the text is gone from the disk, and not only from what is held.
    case forgotten(Record, isErased: Bool)
    /// The article is one of the seed corpus, which is not ours to change.
    case seed
    case notHeld
}

extension Ledger {
    /// Takes an article out and returns when that is durable and its text gone, or told to be
    /// there still. `holding`: where its records are, as far as that is known. Cost: writes anew
    /// each segment that has one.
    package func forget(
        _ id: ArticleID, because reason: String?, holding: Holding?, at now: Instant
    ) async throws(LedgerError) -> Forgetting {
        let store = try openedStore()
        // What is appended already is decided, and may be revised texts of this article.
        try await durable()
        let record: Record?
        do throws(StoreError) {
            record = try store.forget(id, because: reason, holding: holding, at: now)
        } catch {
            throw fail(error)
        }
        guard let record else { return seeds?.article(id) == nil ? .notHeld : .seed }
        index.insert(record, fingerprint: nil)
        try await durable()
        tell(of: record)
        return .forgotten(record, isErased: store.isErased(id))
    }

    /// Whether the article, by its id or any of its names, is one that was taken out.
    func isForgotten(_ article: Article) -> Bool {
        if index.isForgotten(article.id) { return true }
        let address = article.canonicalURL.map { [Alias(of: $0)] } ?? []
        return (article.aliases + address).contains { alias in
            index.known(alias)?.article.map { index.isForgotten($0) } ?? false
        }
    }
}
