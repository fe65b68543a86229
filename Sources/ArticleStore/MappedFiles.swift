internal import Glibc

/// Derived files that are written once, from front to back, and then read where they lie: mapped
/// into memory, so that opening one reads nothing, and what is not asked for takes no memory.
///
/// A file that is mapped must not be cut: whoever reads beyond its end is killed by the kernel. So
/// nothing here shortens one, and a file that is taken away stays as long as somebody reads it.
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

    /// Files for as long as they are read, and for nobody else: they lose their names at once, so
    /// that nothing is left of them, however the process ends.
    package init(passingIn folder: String) {
        self.folder = folder
        disk = Disk(calls: .real)
        isPassing = true
    }

    /// Writes a file, makes it durable, and gives it the name that its bytes get from `name`; a nil
    /// name refuses it. `make` hands the bytes on in order.
    /// - Returns: the file, mapped.
    /// - Throws: `StoreError`, or whatever `make` throws; nothing is left of the file then.
    package func write(
        named name: (MappedFile) -> String?,
        _ make: (_ sink: @escaping ([UInt8]) throws -> Void) throws -> Void
    ) throws -> MappedFile {
        try disk.makeFolder(folder)
        let temporary = "\(folder)/\(Disk.temporaryPrefix)\(UInt64.random(in: 0...UInt64.max))"
        let descriptor = try disk.open(temporary, O_WRONLY | O_CREAT | O_EXCL)
        var isPlaced = false
        defer {
            disk.close(descriptor)
            if !isPlaced { try? disk.remove(temporary) }
        }
        var offset = 0
        try make { bytes in
            try disk.write(bytes[...], to: descriptor, at: offset, path: temporary)
            offset += bytes.count
        }
        if !isPassing { try disk.syncData(descriptor, path: temporary) }
        guard let file = try map(temporary), let name = name(file), isSafeName(name) else {
            throw StoreError.damaged(path: temporary, reason: "it is not what was written")
        }
        if isPassing { return file }
        try disk.rename(temporary, to: "\(folder)/\(name)")
        isPlaced = true
        try disk.syncFolder(folder)
        return file
    }

    /// A file, mapped; nil when there is none, or it is no plain file.
    package func open(_ name: String) -> MappedFile? {
        isSafeName(name) ? try? map("\(folder)/\(name)") : nil
    }

    private func map(_ path: String) throws(StoreError) -> MappedFile? {
        let descriptor = try disk.open(path, O_RDONLY)
        defer { disk.close(descriptor) }
        let count = try disk.information(of: descriptor, path: path).bytes
        return count > 0 ? try MappedFile(descriptor, count: count, path: path) : nil
    }

    /// The names of all files that are there whole.
    package func names() throws(StoreError) -> [String] {
        guard try disk.information(at: folder) != nil else { return [] }
        return try disk.names(in: folder).filter { !$0.hasPrefix(Disk.temporaryPrefix) }
    }

    /// Removes all files but these, and what interrupted writing left behind.
    package func removeAll(except kept: Set<String>) throws(StoreError) {
        guard try disk.information(at: folder) != nil else { return }
        for name in try disk.names(in: folder) where !kept.contains(name) {
            try disk.remove("\(folder)/\(name)")
        }
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
        // It is asked here and there, never from front to back.
        madvise(start, count, MADV_RANDOM)
        address = UInt(bitPattern: start)
        self.count = count
    }

    deinit { munmap(UnsafeMutableRawPointer(bitPattern: address), count) }

    /// Its bytes, while this is held.
    package var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: address), count: count)
    }
}
