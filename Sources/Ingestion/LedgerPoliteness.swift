internal import ArticleStore
package import News

// What is kept for the sake of the servers: who asked to be left alone, and what was asked of whom.

extension Ledger {
    /// Hosts that want no requests, as last saved.
    package func heldHosts() -> [String: Instant] {
        store?.derived(named: HeldHosts.name).flatMap { HeldHosts(bytes: $0) }?.until ?? [:]
    }

    /// Kept so that a restart does not make us ask again at once. What cannot be saved costs that.
    func save(holds: [String: Instant]) {
        try? store?.saveDerived(HeldHosts(holds).bytes, named: HeldHosts.name)
    }

    /// Writes the notes that wait. The request ledger is no reason to stop polling.
    func write(_ notes: RequestNotes) {
        let waiting = notes.take()
        // Without a store the notes are lost; what is asked later is written again.
        guard store != nil else { return }
        try? requests.append(waiting)
    }
}
