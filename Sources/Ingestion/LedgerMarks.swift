internal import ArticleStore
internal import Deduplication
package import News

/// What became of what a person said of two articles.
package enum Marking: Hashable, Sendable {
    /// It is durable, at this place.
    case marked(seq: UInt64)
    /// This one of the two is not held.
    case notHeld(ArticleID)
    /// The two are one.
    case oneArticle
}

extension Ledger {
    /// Writes down what a person said of two articles and returns when it is durable.
    package func mark(_ mark: Mark, at now: Instant) async throws(LedgerError) -> Marking {
        let store = try openedStore()
        for id in [mark.id, mark.other] where text(of: id, in: store) == nil {
            return .notHeld(id)
        }
        guard mark.id != mark.other else { return .oneArticle }
        let records: [Record]
        do throws(StoreError) {
            records = try store.append([.correction(mark)], at: now)
        } catch {
            throw fail(error)
        }
        for record in records { index.insert(record, fingerprint: nil) }
        try await durable()
        for record in records { tell(of: record) }
        return .marked(seq: records.first?.seq ?? store.lastSeq)
    }
}
