internal import ArticleStore
package import News
internal import Synchronization

/// Notes on their way from the fetcher to the disk: many make one write.
package final class RequestNotes: Sendable {
    package init() {}

    /// Notes that wait for the disk, as many as one call writes; beyond it the oldest are dropped.
    private static let waitingMax = RequestLog.notesMax
    private let waiting = Mutex<(notes: [RequestNote], dropped: Int)>(([], 0))

    /// Adds one; true when nobody has been sent for the notes yet.
    package func add(_ note: RequestNote) -> Bool {
        waiting.withLock { waiting in
            if waiting.notes.count >= Self.waitingMax {
                waiting.notes.removeFirst(Self.waitingMax / 2)
                waiting.dropped += Self.waitingMax / 2
            }
            waiting.notes.append(note)
            return waiting.notes.count == 1
        }
    }

    /// Those that wait, and how many were dropped since this was asked before.
    func take() -> (notes: [RequestNote], dropped: Int) {
        waiting.withLock { waiting in
            defer { waiting = ([], 0) }
            return waiting
        }
    }
}
