internal import ArticleStore
internal import Deduplication
package import News

extension Ledger {
    /// Writes down what a person said of two articles and returns when it is durable; nil when one
    /// of them is not held.
    package func mark(_ mark: Mark, at now: Instant) async throws(LedgerError) -> Record? {
        let store = try openedStore()
        guard mark.id != mark.other, text(of: mark.id, in: store) != nil,
            text(of: mark.other, in: store) != nil
        else { return nil }
        let records: [Record]
        do throws(StoreError) {
            records = try store.append([.correction(mark)], at: now)
        } catch {
            throw fail(error)
        }
        for record in records { index.insert(record, fingerprint: nil) }
        try await durable()
        for record in records { tell(of: record) }
        return records.first
    }
}
