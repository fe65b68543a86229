internal import Glibc

/// The system calls by which the store changes the disk, so that a test can let any of them fail.
///
/// Each answers as the kernel does: zero or a count, or an `errno` with a minus sign.
package struct FileSystemCalls: Sendable {
    /// `open(2)` of a path with flags and mode: a descriptor.
    package var open: @Sendable (String, Int32, UInt32) -> Int
    /// `pread(2)` into a buffer at an offset: bytes read, 0 at the end.
    package var read: @Sendable (Int32, UnsafeMutableRawBufferPointer, Int) -> Int
    /// `pwrite(2)` of a buffer at an offset: bytes written, perhaps fewer than asked.
    package var write: @Sendable (Int32, UnsafeRawBufferPointer, Int) -> Int
    /// `ftruncate(2)` to a length.
    package var truncate: @Sendable (Int32, Int) -> Int
    /// `fdatasync(2)` of a file.
    package var syncData: @Sendable (Int32) -> Int
    /// `fsync(2)` of a file or folder.
    package var sync: @Sendable (Int32) -> Int
    /// `rename(2)` from one path to another.
    package var rename: @Sendable (String, String) -> Int
    /// `unlink(2)` of a path.
    package var unlink: @Sendable (String) -> Int
    /// `mkdir(2)` of a path with a mode.
    package var makeFolder: @Sendable (String, UInt32) -> Int
    /// `fstatvfs(3)` of a file: the bytes that are free for us on its disk.
    package var freeBytes: @Sendable (Int32) -> Int

    /// The kernel's own.
    package static let real = FileSystemCalls(
        open: { path, flags, mode in answer(Int(Glibc.open(path, flags, mode))) },
        read: { descriptor, buffer, offset in
            answer(pread(descriptor, buffer.baseAddress, buffer.count, offset))
        },
        write: { descriptor, bytes, offset in
            answer(pwrite(descriptor, bytes.baseAddress, bytes.count, offset))
        },
        truncate: { descriptor, length in answer(Int(ftruncate(descriptor, length))) },
        syncData: { descriptor in answer(Int(fdatasync(descriptor))) },
        sync: { descriptor in answer(Int(fsync(descriptor))) },
        rename: { from, to in answer(Int(Glibc.rename(from, to))) },
        unlink: { path in answer(Int(Glibc.unlink(path))) },
        makeFolder: { path, mode in answer(Int(mkdir(path, mode))) },
        freeBytes: { descriptor in
            var facts = statvfs()
            let result = fstatvfs(descriptor, &facts)
            guard result == 0 || errno == ENOSYS else { return -Int(errno) }
            // Some file systems do not say.
            guard result == 0, facts.f_blocks > 0 else { return .max }
            let (bytes, isTooMany) = Int(clamping: facts.f_bavail)
                .multipliedReportingOverflow(by: Int(clamping: facts.f_frsize))
            return isTooMany ? .max : bytes
        })
}

private func answer(_ result: Int) -> Int {
    result < 0 ? -Int(errno) : result
}
