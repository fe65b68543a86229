internal import Glibc

/// The one segment that grows.
///
/// 1. `append` adds all of its bytes or none: a short or failed write is cut back.
/// 2. `sync` makes everything appended durable, or takes all of it away again.
/// 3. A descriptor whose sync failed is never used again: the file is opened anew and what was not
///    acknowledged is written once more, because the kernel may have dropped those pages.
/// 4. While what is on disk is in doubt nothing is added. Each call tries to mend that first, so
///    that freed space or a healed disk needs no restart.
struct ActiveSegment {
    let name: SegmentName
    let path: String
    /// Bytes that are there, synced or not.
    private(set) var length: Int
    /// Bytes that survive a power cut.
    private(set) var synced: Int
    /// The bytes between the two.
    private(set) var unsynced: [UInt8] = []
    /// How often a sync failed and writing again succeeded.
    private(set) var rewrites = 0

    private let disk: Disk
    private let identity: Disk.Information
    /// Closed while the file is in doubt.
    private var descriptor: Int32?
    /// Why it is in doubt.
    private var doubt: Int32 = 0

    /// Makes a new, empty file whose name is durable.
    init(creating name: SegmentName, root: String, disk: Disk) throws(StoreError) {
        let folder = "\(root)/articles/\(name.year)"
        let path = "\(folder)/\(name.file)"
        try disk.makeFolder(folder)
        let descriptor = try disk.open(path, O_RDWR | O_CREAT | O_EXCL)
        do throws(StoreError) {
            identity = try disk.information(of: descriptor, path: path)
            try disk.syncFolder(folder)
            try disk.syncFolder("\(root)/articles")
        } catch {
            disk.close(descriptor)
            try? disk.remove(path)
            throw error
        }
        self.name = name
        self.path = path
        self.disk = disk
        self.descriptor = descriptor
        length = 0
        synced = 0
    }

    /// Goes on with a segment that recovery has read, mended and synced.
    init(continuing segment: Segment, disk: Disk) throws(StoreError) {
        let descriptor = try disk.open(segment.path, O_RDWR)
        do throws(StoreError) {
            identity = try disk.information(of: descriptor, path: segment.path)
        } catch {
            disk.close(descriptor)
            throw error
        }
        name = segment.name
        path = segment.path
        self.disk = disk
        self.descriptor = descriptor
        length = segment.length
        synced = segment.length
    }

    mutating func append(_ bytes: [UInt8]) throws(StoreError) {
        let descriptor = try trusted()
        do throws(StoreError) {
            try disk.write(bytes[...], to: descriptor, at: length, path: path)
        } catch {
            cutBack(descriptor)
            throw error
        }
        length += bytes.count
        unsynced += bytes
    }

    /// - Throws: why nothing since the last sync is kept.
    mutating func sync() throws(StoreError) {
        guard !unsynced.isEmpty else { return }
        do throws(StoreError) {
            let descriptor = try trusted()
            do throws(StoreError) {
                try disk.syncData(descriptor, path: path)
            } catch {
                close()
                try reopen()
                try disk.syncData(try trusted(), path: path)
                rewrites += 1
            }
        } catch {
            giveUp(because: error)
            throw error
        }
        synced = length
        unsynced = []
    }

    mutating func close() {
        if let descriptor { disk.close(descriptor) }
        descriptor = nil
    }

    // MARK: -

    /// The descriptor, when path, descriptor and length still agree.
    private mutating func trusted() throws(StoreError) -> Int32 {
        if descriptor == nil { try reopen() }
        guard let descriptor else { throw .untrusted(path: path, errno: doubt) }
        guard let found = try disk.information(at: path), found.isSame(as: identity) else {
            throw .replaced(path: path)
        }
        guard found.bytes == length else {
            throw .changedOutside(path: path, bytes: found.bytes, expected: length)
        }
        return descriptor
    }

    /// Takes away what a failed write left behind the last whole batch.
    private mutating func cutBack(_ descriptor: Int32) {
        do throws(StoreError) {
            try disk.truncate(descriptor, to: length, path: path)
        } catch {
            note(doubt: error)
        }
    }

    /// Opens the file anew and brings it to what it should hold: the durable bytes, checked to be
    /// there, and after them those that are not durable yet.
    private mutating func reopen() throws(StoreError) {
        let fresh: Int32
        do throws(StoreError) {
            fresh = try disk.open(path, O_RDWR)
        } catch {
            note(doubt: error)
            throw .untrusted(path: path, errno: doubt)
        }
        do throws(StoreError) {
            let found = try disk.information(of: fresh, path: path)
            guard found.isSame(as: identity) else { throw .replaced(path: path) }
            guard found.bytes >= synced else {
                throw .changedOutside(path: path, bytes: found.bytes, expected: synced)
            }
            try checkDurableBytes(fresh)
            try disk.truncate(fresh, to: synced, path: path)
            try disk.write(unsynced[...], to: fresh, at: synced, path: path)
        } catch {
            disk.close(fresh)
            note(doubt: error)
            throw error
        }
        close()
        descriptor = fresh
    }

    /// The last durable line must read back sound.
    private func checkDurableBytes(_ descriptor: Int32) throws(StoreError) {
        guard synced > 0 else { return }
        let count = min(synced, StoreOptions.recordBytesLimit)
        let end = try disk.bytes(descriptor, at: synced - count, count: count, path: path)
        guard end.last == 0x0A else {
            throw .damaged(path: path, reason: "its durable bytes do not end with a newline")
        }
        let line = end.dropLast()
        let start = line.lastIndex(of: 0x0A).map { $0 + 1 } ?? line.startIndex
        guard SealedLine.soundPrefixEnd(in: line[start...]) == line.endIndex else {
            throw .damaged(path: path, reason: "its last durable record does not read back")
        }
    }

    /// Takes everything away that is not durable.
    mutating func giveUp(because error: StoreError) {
        unsynced = []
        length = synced
        close()
        note(doubt: error)
        try? reopen()
    }

    private mutating func note(doubt error: StoreError) {
        close()
        doubt =
            switch error {
            case .full(_, let errno), .system(_, _, let errno), .untrusted(_, let errno): errno
            case .readOnly: EROFS
            default: EIO
            }
    }
}
