internal import News
internal import Synchronization

/// Room for the feeds' own texts of the entries that are worked on, for all polls together. A
/// document is let go of as soon as its entries are chosen; the texts of these are held until they
/// are decided, which takes minutes where pages are slow.
///
/// No poll waits for room, or one with slow pages would keep others waiting: where little is left
/// it takes up fewer entries, and meets the others at its next poll.
package final class TextRoom: Sendable {
    private let bytesMax: Int
    /// What one poll may hold when there is room.
    private let pollBytesMax: Int
    /// What each poll may hold when there is none.
    private let shareBytes: Int
    private let held = Mutex(0)

    /// Bytes.
    package init(bytesMax: Int, pollBytesMax: Int, shareBytes: Int) {
        self.bytesMax = bytesMax
        self.pollBytesMax = pollBytesMax
        self.shareBytes = shareBytes
    }

    /// Bytes that are held now.
    package var bytes: Int { held.withLock { $0 } }

    /// Takes room for `wanted` bytes, or for as much of them as one poll may hold now.
    /// - Parameter least: what is held in any case.
    /// - Returns: for how many.
    package func take(_ wanted: Int, least: Int = 0) -> Int {
        held.withLock { held in
            let free = min(max(bytesMax - held, shareBytes), pollBytesMax)
            let taken = min(wanted, max(free, least))
            held += taken
            return taken
        }
    }

    /// Room that was taken and is needed no more.
    package func giveBack(_ bytes: Int) { held.withLock { $0 -= bytes } }
}

extension Entry {
    /// Bytes of the texts that its feed gives for it.
    var textBytes: Int {
        (content?.written.utf8.count ?? 0) + (summary?.written.utf8.count ?? 0)
    }
}
