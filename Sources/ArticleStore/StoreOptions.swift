/// How the store behaves, with its limits.
package struct StoreOptions: Sendable {
    /// Bytes of one record's line. More is refused, never cut. At most `recordBytesLimit`.
    package var recordBytesMax: Int
    /// A segment that would grow beyond this is sealed and the next begins; a batch is never
    /// split, so one batch larger than this makes one larger segment.
    package var segmentBytesMax: Int
    /// Bytes written but not yet synced, kept in memory so that they can be written again. An
    /// `append` that would exceed it syncs first; a single batch larger than this is refused.
    package var unsyncedBytesMax: Int
    /// Bytes of one derived file.
    package var derivedBytesMax: Int
    /// Bytes of one feed's state.
    package var feedStateBytesMax: Int
    /// Items in quarantine; the oldest make room.
    package var quarantineItemsMax: Int
    /// Bytes in quarantine; the oldest make room.
    package var quarantineBytesMax: Int
    /// Bytes of one item; of a longer one the beginning is kept, and its reason says so.
    package var quarantineItemBytesMax: Int
    /// The system calls; the kernel's own unless a test says otherwise.
    package var calls: FileSystemCalls
    /// Called while an existing store is read at opening, with the number of records so far.
    package var progress: (@Sendable (Int) -> Void)?

    /// No line of a segment is ever longer, whatever the options say: 32 MiB.
    package static let recordBytesLimit = 32 << 20

    package init(
        recordBytesMax: Int = 16 << 20, segmentBytesMax: Int = 256 << 20,
        unsyncedBytesMax: Int = 64 << 20, derivedBytesMax: Int = 2 << 30,
        feedStateBytesMax: Int = 16 << 20, quarantineItemsMax: Int = 200,
        quarantineBytesMax: Int = 64 << 20, quarantineItemBytesMax: Int = 4 << 20,
        calls: FileSystemCalls = .real, progress: (@Sendable (Int) -> Void)? = nil
    ) {
        self.recordBytesMax = min(recordBytesMax, Self.recordBytesLimit)
        self.segmentBytesMax = segmentBytesMax
        self.unsyncedBytesMax = unsyncedBytesMax
        self.derivedBytesMax = derivedBytesMax
        self.feedStateBytesMax = feedStateBytesMax
        self.quarantineItemsMax = quarantineItemsMax
        self.quarantineBytesMax = quarantineBytesMax
        self.quarantineItemBytesMax = quarantineItemBytesMax
        self.calls = calls
        self.progress = progress
    }
}
