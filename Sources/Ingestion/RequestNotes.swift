internal import ArticleStore
internal import News
internal import Synchronization

/// Notes on their way from the fetcher to the disk: many make one write.
final class RequestNotes: Sendable {
    /// Notes that wait for the disk, as many as one call writes; beyond it the oldest are dropped.
    private static let waitingMax = RequestLog.notesMax
    private let waiting = Mutex<[RequestNote]>([])

    /// Adds one; true when nobody has been sent for the notes yet.
    func add(_ note: RequestNote) -> Bool {
        waiting.withLock { notes in
            if notes.count >= Self.waitingMax { notes.removeFirst(Self.waitingMax / 2) }
            notes.append(note)
            return notes.count == 1
        }
    }

    func take() -> [RequestNote] {
        waiting.withLock { notes in
            defer { notes = [] }
            return notes
        }
    }
}
