internal import Glibc

/// Files and folders with typed errors, over the given system calls. Interrupted calls are made
/// again; nothing else is.
struct Disk: Sendable {
    let calls: FileSystemCalls

    /// What `lstat(2)` tells of a path.
    struct Information: Hashable {
        enum Kind { case file, folder, other }

        var kind: Kind
        var device: UInt64
        var inode: UInt64
        var bytes: Int
        var owner: UInt32
        var mode: UInt32
        var modifiedNanoseconds: Int64

        init(_ status: stat) {
            switch status.st_mode & S_IFMT {
            case S_IFREG: kind = .file
            case S_IFDIR: kind = .folder
            default: kind = .other
            }
            device = UInt64(status.st_dev)
            inode = UInt64(status.st_ino)
            bytes = Int(status.st_size)
            owner = status.st_uid
            mode = status.st_mode & 0o7777
            modifiedNanoseconds =
                Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
        }

        func isSame(as other: Information) -> Bool {
            device == other.device && inode == other.inode
        }
    }

    // MARK: Looking

    /// What stands at the path itself, links not followed; nil when nothing does.
    func information(at path: String) throws(StoreError) -> Information? {
        var status = stat()
        if lstat(path, &status) == 0 { return Information(status) }
        if errno == ENOENT || errno == ENOTDIR { return nil }
        throw StoreError("look at", path, errno: errno)
    }

    /// What a link or path leads to in the end; nil when nothing.
    func informationFollowingLinks(at path: String) throws(StoreError) -> Information? {
        var status = stat()
        if stat(path, &status) == 0 { return Information(status) }
        if errno == ENOENT || errno == ENOTDIR { return nil }
        throw StoreError("look at", path, errno: errno)
    }

    func information(of descriptor: Int32, path: String) throws(StoreError) -> Information {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw StoreError("look at", path, errno: errno)
        }
        return Information(status)
    }

    /// The bytes that are free for us on the disk of that file.
    func freeBytes(besides descriptor: Int32, path: String) throws(StoreError) -> Int {
        try answer("look at the disk of", path) { calls.freeBytes(descriptor) }
    }

    /// The names in a folder, sorted by their bytes; empty when there is no such folder.
    func names(in folder: String) throws(StoreError) -> [String] {
        guard let stream = opendir(folder) else {
            if errno == ENOENT { return [] }
            throw StoreError("list", folder, errno: errno)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    // MARK: Opening

    /// Opens a plain file; a link is refused unless asked for, and a pipe does not block.
    func open(
        _ path: String, _ flags: Int32, followingLinks: Bool = false
    ) throws(StoreError) -> Int32 {
        let all =
            flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (followingLinks ? 0 : O_NOFOLLOW)
        let descriptor = try answer("open", path) { calls.open(path, all, 0o600) }
        let opened = Int32(truncatingIfNeeded: descriptor)
        do throws(StoreError) {
            let found = try information(of: opened, path: path)
            guard found.kind == .file else { throw .notPlain(path: path, expected: "file") }
        } catch {
            close(opened)
            throw error
        }
        return opened
    }

    func close(_ descriptor: Int32) { _ = Glibc.close(descriptor) }

    // MARK: Reading

    /// Reads up to the buffer's size at that offset: bytes read, fewer only at the end.
    func read(
        _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, at offset: Int,
        path: String
    ) throws(StoreError) -> Int {
        var done = 0
        while done < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
            let count = try answer("read", path) { calls.read(descriptor, rest, offset + done) }
            if count == 0 { break }
            done += count
        }
        return done
    }

    /// Up to `count` bytes at that offset.
    func bytes(
        _ descriptor: Int32, at offset: Int, count: Int, path: String
    ) throws(StoreError) -> [UInt8] {
        var failure: StoreError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(StoreError) {
                filled = try read(descriptor, into: .init(buffer), at: offset, path: path)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// A whole file; nil when there is none.
    func contents(of path: String, bytesMax: Int) throws(StoreError) -> [UInt8]? {
        let descriptor: Int32
        do throws(StoreError) {
            descriptor = try open(path, O_RDONLY)
        } catch {
            if case .system(_, _, ENOENT) = error { return nil }
            throw error
        }
        defer { close(descriptor) }
        let size = try information(of: descriptor, path: path).bytes
        guard size <= bytesMax else {
            throw .fileTooLarge(path: path, bytes: size, bytesMax: bytesMax)
        }
        return try bytes(descriptor, at: 0, count: size, path: path)
    }

    // MARK: Writing

    func write(
        _ bytes: ArraySlice<UInt8>, to descriptor: Int32, at offset: Int, path: String
    ) throws(StoreError) {
        var done = 0
        while done < bytes.count {
            let count = try answer("write", path) {
                bytes.withUnsafeBytes { all in
                    let rest = UnsafeRawBufferPointer(rebasing: all[done...])
                    return calls.write(descriptor, rest, offset + done)
                }
            }
            // A device that takes nothing and says nothing would hold us for ever.
            guard count > 0 else { throw StoreError("write", path, errno: EIO) }
            done += count
        }
    }

    func truncate(_ descriptor: Int32, to length: Int, path: String) throws(StoreError) {
        _ = try answer("shorten", path) { calls.truncate(descriptor, length) }
    }

    /// Never called again on a descriptor that failed: the kernel may have dropped the pages and
    /// would say yes the second time.
    func syncData(_ descriptor: Int32, path: String) throws(StoreError) {
        _ = try answer("sync", path) { calls.syncData(descriptor) }
    }

    /// Makes the names in a folder durable.
    func syncFolder(_ path: String) throws(StoreError) {
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
        let descriptor = Int32(
            truncatingIfNeeded: try answer("open", path) { calls.open(path, flags, 0) })
        defer { close(descriptor) }
        _ = try answer("sync", path) { calls.sync(descriptor) }
    }

    /// Makes a folder that only its owner may enter; content when there is one already.
    /// - Returns: whether it was made now.
    @discardableResult
    func makeFolder(_ path: String) throws(StoreError) -> Bool {
        do throws(StoreError) {
            _ = try answer("make", path) { calls.makeFolder(path, 0o700) }
            return true
        } catch {
            guard case .system(_, _, EEXIST) = error else { throw error }
            guard try informationFollowingLinks(at: path)?.kind == .folder else {
                throw .notPlain(path: path, expected: "folder")
            }
            return false
        }
    }

    /// Removes a file; content when there is none.
    func remove(_ path: String) throws(StoreError) {
        do throws(StoreError) {
            _ = try answer("remove", path) { calls.unlink(path) }
        } catch {
            guard case .system(_, _, ENOENT) = error else { throw error }
        }
    }

    func rename(_ path: String, to newPath: String) throws(StoreError) {
        _ = try answer("rename", path) { calls.rename(path, newPath) }
    }

    /// Puts a file in place whole or not at all: a reader finds the old bytes or the new ones, and
    /// so does the next start after a power cut. `isDurable` false leaves out the syncs, and the
    /// folder's is the caller's when `syncsFolder` is false.
    func replace(
        _ path: String, with bytes: ArraySlice<UInt8>, _ rest: ArraySlice<UInt8> = [],
        isDurable: Bool = true, syncsFolder: Bool = true
    ) throws(StoreError) {
        let (folder, name) = splitting(path)
        let temporary = "\(folder)/\(Disk.temporaryPrefix)\(name)"
        do throws(StoreError) {
            try remove(temporary)
            let descriptor = try open(temporary, O_WRONLY | O_CREAT | O_EXCL)
            defer { close(descriptor) }
            try write(bytes, to: descriptor, at: 0, path: temporary)
            try write(rest, to: descriptor, at: bytes.count, path: temporary)
            if isDurable { try syncData(descriptor, path: temporary) }
            try rename(temporary, to: path)
        } catch {
            try? remove(temporary)
            throw error
        }
        if isDurable && syncsFolder { try syncFolder(folder) }
    }

    /// Files of interrupted replacements begin with this; nothing else may.
    static let temporaryPrefix = ".tmp-"

    private func answer(
        _ operation: String, _ path: String, _ call: () -> Int
    ) throws(StoreError) -> Int {
        while true {
            let result = call()
            if result >= 0 { return result }
            let errno = Int32(truncatingIfNeeded: -result)
            if errno != EINTR { throw StoreError(operation, path, errno: errno) }
        }
    }
}

/// A path's folder and last name.
func splitting(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = path[..<slash]
    return (folder.isEmpty ? "/" : String(folder), String(path[path.index(after: slash)...]))
}

/// Whether a name can stand in a path without surprise: letters, digits, `.`, `_`, `-`, at most
/// 128 of them, not starting with a dot or a hyphen.
func isSafeName(_ name: String) -> Bool {
    guard let first = name.utf8.first, name.utf8.count <= 128 else { return false }
    return first != UInt8(ascii: ".") && first != UInt8(ascii: "-")
        && name.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2E, 0x5F, 0x2D: true
            default: false
            }
        }
}
