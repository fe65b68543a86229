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
    /// there still; asked for again, it is tried again. `holding`: where its records are, as far as
    /// that is known. Cost: writes anew each segment that has one.
    package func forget(
        _ id: ArticleID, because reason: String?, holding: Holding?, at now: Instant
    ) async throws(LedgerError) -> Forgetting {
        let store = try openedStore()
        // What is appended already is decided, and may be revised texts of this article.
        try await durable()
        let before = store.lastSeq
        let record: Record?
        do throws(StoreError) {
            record = try store.forget(id, because: reason, holding: holding, at: now)
        } catch {
            throw fail(error)
        }
        guard let record else { return seeds?.article(id) == nil ? .notHeld : .seed }
        if record.seq > before { index.insert(record, fingerprint: nil) }
        try await durable()
        if record.seq > before { tell(of: record) }
        return .forgotten(record, isErased: store.isErased(id))
    }

    /// Whether the article is one that was taken out: by any of its names, and by its address and
    /// the id that is made of it, unless others of its feed have those too.
    func isForgotten(_ article: Article, isAloneAtAddress: Bool) -> Bool {
        let address = article.canonicalURL.map { Alias(of: $0) }
        var names = Set(article.aliases)
        if isAloneAtAddress {
            if index.isForgotten(article.id) { return true }
            address.map { _ = names.insert($0) }
        } else {
            address.map { _ = names.remove($0) }
        }
        return names.contains { alias in
            index.known(alias)?.article.map { index.isForgotten($0) } ?? false
        }
    }
}
