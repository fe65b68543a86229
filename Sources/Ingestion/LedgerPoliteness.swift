internal import ArticleStore
package import News

// What is kept for the sake of the servers: who asked to be left alone, and what was asked of whom.
// Neither is a reason to stop polling when it cannot be written, and neither fails silently.

extension Ledger {
    /// Hosts that want no requests, as last saved.
    package func heldHosts() -> [String: Instant] {
        store?.derived(named: HeldHosts.name).flatMap { HeldHosts(bytes: $0) }?.until ?? [:]
    }

    /// Kept so that a restart does not make us ask again at once. What cannot be saved costs that.
    func save(holds: [String: Instant]) {
        guard let store else { return }
        saying(.holds) { () throws(StoreError) in
            try store.saveDerived(HeldHosts(holds).bytes, named: HeldHosts.name)
        }
    }

    /// Writes the notes that wait.
    package func write(_ notes: RequestNotes) {
        let (waiting, dropped) = notes.take()
        if dropped > 0 {
            let reason = "the disk did not keep up: \(dropped) lines are lost"
            report(.politenessUnwritten(.requests, reason: reason))
        }
        // Without a store the notes are lost; what is asked later is written again.
        guard store != nil, !waiting.isEmpty else { return }
        saying(.requests) { () throws(StoreError) in try requests.append(waiting) }
    }

    /// Writes, and reports the first failure of a row.
    private func saying(_ file: PolitenessFile, _ write: () throws(StoreError) -> Void) {
        do throws(StoreError) {
            try write()
            unwritten.remove(file)
        } catch {
            guard unwritten.insert(file).inserted else { return }
            report(.politenessUnwritten(file, reason: error.description))
        }
    }
}

/// A file that is kept for the sake of the servers.
package enum PolitenessFile: String, Sendable {
    /// Which hosts asked to be left alone, and until when.
    case holds
    /// The request ledger.
    case requests
}
