internal import Glibc

extension ArticleStore {
    /// Bytes that must fit on the disk again before a store that was full is taken back into use:
    /// the records of a batch, so that it does not fail at once again.
    package static let probeBytes = 1 << 20

    /// Tries whether the disk takes new bytes: writes and syncs a file beside the records and
    /// removes it. Cost: one sync.
    /// - Throws: why it does not.
    package func probe() throws(StoreError) {
        let file = "\(path)/index/\(Disk.temporaryPrefix)probe"
        try disk.remove(file)
        let descriptor = try disk.open(file, O_WRONLY | O_CREAT | O_EXCL)
        defer {
            disk.close(descriptor)
            try? disk.remove(file)
        }
        let bytes = [UInt8](repeating: 0x20, count: Self.probeBytes)
        try disk.write(bytes[...], to: descriptor, at: 0, path: file)
        try disk.syncData(descriptor, path: file)
    }
}
