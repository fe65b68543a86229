internal import Glibc

/// Derived files that are written once and then read where they lie: mapped
/// into memory, so that opening one reads nothing, and what is not asked for takes no memory.
///
/// Whoever reads a mapped page that the disk cannot give, or that was cut off, is killed by the
/// kernel. So nothing here shortens a file, one that is taken away stays as long as somebody reads
/// it, and after a use that did not end well (`beginUse`) the files are read by `readWhole` first,
/// which fails in words.
package struct MappedFiles: Sendable {
    private let folder: String
    private let disk: Disk
    private let isPassing: Bool

    /// Beside the other derived files of a store.
    static let folderName = "runs"

    /// What stands under `index/runs` of a store.
    package init(ofStore path: String, calls: FileSystemCalls = .real) {
        folder = "\(path)/index/\(Self.folderName)"
        disk = Disk(calls: calls)
        isPassing = false
    }

    /// What stands in a folder of its own.
    init(in folder: String, disk: Disk) {
        self.folder = folder
        self.disk = disk
        isPassing = false
    }

    /// Files for as long as they are read, and for nobody else: they lose their names before
    /// anything is written, so that nothing is left of them, however the process ends.
    package init(passingIn folder: String) {
        self.folder = folder
        disk = Disk(calls: .real)
        isPassing = true
    }

    /// Writes a file, makes it durable, and gives it the name that its bytes get from `name`; a nil
    /// name refuses it. `make` hands the bytes on, and where each belongs. `sources`: files that it
    /// reads side by side, from front to back; what they take of memory is given back on the way.
    /// - Returns: the file, mapped.
    /// - Throws: `StoreError`, or whatever `make` throws; nothing is left of the file then.
    package func write(
        named name: (MappedFile) -> String?, from sources: [MappedFile] = [],
        _ make: (_ sink: @escaping (_ bytes: [UInt8], _ offset: Int) throws -> Void) throws -> Void
    ) throws -> MappedFile {
        try disk.makeFolder(folder)
        let temporary = "\(folder)/\(Disk.temporaryPrefix)\(UInt64.random(in: 0...UInt64.max))"
        let descriptor = try disk.open(temporary, O_RDWR | O_CREAT | O_EXCL)
        var hasName = true
        defer {
            disk.close(descriptor)
            if hasName { try? disk.remove(temporary) }
        }
        if isPassing {
            try disk.remove(temporary)
            hasName = false
        }
        try Self.reading(sources) { giveBack in
            try make { bytes, offset in
                try disk.write(bytes[...], to: descriptor, at: offset, path: temporary)
                giveBack(bytes.count)
            }
        }
        if !isPassing { try disk.syncData(descriptor, path: temporary) }
        guard let file = try map(descriptor, temporary), let name = name(file), isSafeName(name)
        else { throw StoreError.damaged(path: temporary, reason: "it is not what was written") }
        if isPassing { return file }
        try disk.rename(temporary, to: "\(folder)/\(name)")
        hasName = false
        try disk.syncFolder(folder)
        return file
    }

    /// Bytes that are written before what was read for them is given back.
    private static let bytesBetween = 8 << 20

    /// Calls `make` while files are read from front to back, which tells how much it has written.
    private static func reading(
        _ sources: [MappedFile], _ make: (_ tell: @escaping (_ bytes: Int) -> Void) throws -> Void
    ) rethrows {
        for source in sources { source.expectReading(isInOrder: true) }
        defer { for source in sources { source.expectReading(isInOrder: false) } }
        var written = 0
        try make { bytes in
            written += bytes
            guard written >= bytesBetween else { return }
            written = 0
            for source in sources { source.giveBack() }
        }
    }

    // MARK: Reading

    /// A file, mapped; nil when there is none, or it is no plain file.
    package func open(_ name: String) -> MappedFile? {
        guard isSafeName(name) else { return nil }
        let path = "\(folder)/\(name)"
        guard let descriptor = try? disk.open(path, O_RDONLY) else { return nil }
        defer { disk.close(descriptor) }
        return try? map(descriptor, path)
    }

    private func map(_ descriptor: Int32, _ path: String) throws(StoreError) -> MappedFile? {
        let count = try disk.information(of: descriptor, path: path).bytes
        return count > 0 ? try MappedFile(descriptor, count: count, path: path) : nil
    }

    /// Hands on the bytes of a file in order, from the disk and not from a mapping: what cannot be
    /// read is an error.
    package func readWhole(_ name: String, _ take: ([UInt8]) -> Void) throws(StoreError) {
        guard isSafeName(name) else { throw .unsafeName(name) }
        let path = "\(folder)/\(name)"
        let descriptor = try disk.open(path, O_RDONLY)
        defer { disk.close(descriptor) }
        var offset = 0
        while true {
            let bytes = try disk.bytes(descriptor, at: offset, count: 1 << 20, path: path)
            if bytes.isEmpty { return }
            take(bytes)
            offset += bytes.count
        }
    }

    // MARK: Use

    private static let useMark = "in-use"

    /// Notes that the files are used from now on.
    /// - Returns: whether the last use was ended by `endUse`.
    package func beginUse() throws(StoreError) -> Bool {
        try disk.makeFolder(folder)
        let path = "\(folder)/\(Self.useMark)"
        if try disk.information(at: path) != nil { return false }
        try disk.replace(path, with: [])
        return true
    }

    /// Notes that the files are not used any more.
    package func endUse() throws(StoreError) { try disk.remove("\(folder)/\(Self.useMark)") }

    /// The names, beginning so, of all files that are there whole.
    package func names(beginning prefix: String) throws(StoreError) -> [String] {
        guard try disk.information(at: folder) != nil else { return [] }
        return try disk.names(in: folder).filter { $0.hasPrefix(prefix) }
    }

    /// Removes the files whose names begin so but these, and what interrupted writing left behind.
    /// Nothing must be written meanwhile. Goes on where one cannot be removed.
    /// - Throws: the first reason why one could not.
    package func removeAll(beginning prefix: String, except kept: Set<String>) throws(StoreError) {
        guard try disk.information(at: folder) != nil else { return }
        var failure: StoreError?
        for name in try disk.names(in: folder) where !kept.contains(name) {
            guard name.hasPrefix(prefix) || name.hasPrefix(Disk.temporaryPrefix) else { continue }
            do throws(StoreError) {
                try disk.remove("\(folder)/\(name)")
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }
}

/// A file that lies in memory as it lies on disk, for reading; for as long as this is held.
package final class MappedFile: Sendable {
    /// As a number: an address may be shared between threads, since nobody writes there.
    private let address: UInt
    package let count: Int

    fileprivate init(_ descriptor: Int32, count: Int, path: String) throws(StoreError) {
        let start = mmap(nil, count, PROT_READ, MAP_SHARED, descriptor, 0)
        guard let start, start != MAP_FAILED else { throw StoreError("map", path, errno: errno) }
        address = UInt(bitPattern: start)
        self.count = count
        expectReading(isInOrder: false)
    }

    /// Whether it is read from front to back from now on, or here and there: how much the kernel
    /// reads ahead.
    fileprivate func expectReading(isInOrder: Bool) {
        let advice = isInOrder ? MADV_SEQUENTIAL : MADV_RANDOM
        madvise(UnsafeMutableRawPointer(bitPattern: address), count, advice)
    }

    /// Gives back the memory that it takes of this process (`ResidentFiles`). Whoever reads there
    /// meanwhile notices nothing.
    package func giveBack() {
        madvise(UnsafeMutableRawPointer(bitPattern: address), count, MADV_DONTNEED)
    }

    deinit { munmap(UnsafeMutableRawPointer(bitPattern: address), count) }

    /// Its bytes, while this is held.
    package var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: address), count: count)
    }
}
