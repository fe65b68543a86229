internal import Glibc

/// Where a Unix socket stands and who may connect to it.
package struct UnixSocketOptions: Hashable, Sendable {
    package var path: String
    /// Permission bits; to connect one needs the write bit.
    package var mode: UInt32
    /// User and group that own the file, by name or number; nil leaves the daemon's own.
    package var owner: String?
    package var group: String?

    /// The longest path that a Unix socket's address holds (unix(7): 108 bytes with the final NUL).
    package static let pathBytesMax = 107

    package init(path: String, mode: UInt32 = 0o660, owner: String? = nil, group: String? = nil) {
        self.path = path
        self.mode = mode
        self.owner = owner
        self.group = group
    }
}

/// A listening socket in the file system, with the file that it made.
///
/// 1. Nobody can connect before mode and owner are as configured: the socket is bound and set up in
///    a private folder and only then linked to its path.
/// 2. A file that is not a socket, or a socket at which somebody listens, is never replaced.
/// 3. Only a file that this process made is ever removed at the end.
struct UnixSocket: Sendable {
    let options: UnixSocketOptions
    /// Listening, non-blocking, closed on exec. Owned by whoever listens on it.
    let descriptor: Int32
    private let identity: FileIdentity

    /// Binds and listens.
    init(listeningAt options: UnixSocketOptions) throws(ControlError) {
        let path = options.path
        try Self.checkLength(path)
        let owner = try options.owner.map { name throws(ControlError) in try userID(name) }
        let group = try options.group.map { name throws(ControlError) in try groupID(name) }
        try Self.removeStaleSocket(at: path)

        let nursery = try PrivateFolder(beside: path)
        defer { nursery.remove() }
        let descriptor = socket(AF_UNIX, Self.streamType, 0)
        guard descriptor >= 0 else { throw systemError("socket", path) }
        do throws(ControlError) {
            guard Self.withAddress(nursery.bindPath, { bind(descriptor, $0, $1) }) == 0 else {
                throw systemError("bind", path)
            }
            let made = nursery.socketPath
            guard chmod(made, options.mode & 0o777) == 0 else { throw systemError("chmod", path) }
            if owner != nil || group != nil {
                guard lchown(made, owner ?? .max, group ?? .max) == 0 else {
                    throw systemError("chown", path)
                }
            }
            guard listen(descriptor, SOMAXCONN) == 0 else { throw systemError("listen", path) }
            guard let identity = FileIdentity(of: made) else { throw systemError("stat", path) }
            // Unlike rename, link never replaces what came there in the meantime.
            guard link(made, path) == 0 else {
                if errno == EEXIST { throw .alreadyRunning(path: path) }
                throw systemError("link", path)
            }
            self.identity = identity
        } catch {
            close(descriptor)
            throw error
        }
        self.options = options
        self.descriptor = descriptor
    }

    /// Whether the path still leads to this socket.
    var isInPlace: Bool { FileIdentity(of: options.path) == identity }

    /// Removes the file, if it is still ours.
    func removeFile() {
        if isInPlace { unlink(options.path) }
    }

    // MARK: -

    private static let streamType =
        Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)

    static func checkLength(_ path: String) throws(ControlError) {
        let bytes = path.utf8.count
        guard bytes <= UnixSocketOptions.pathBytesMax else {
            throw .pathTooLong(
                path: path, bytes: bytes, bytesMax: UnixSocketOptions.pathBytesMax)
        }
    }

    /// Makes room at `path`: removes a socket at which nobody listens, refuses anything else.
    private static func removeStaleSocket(at path: String) throws(ControlError) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT { return }
            throw systemError("stat", path)
        }
        let found: String? =
            switch status.st_mode & S_IFMT {
            case S_IFSOCK: nil
            case S_IFLNK: "a symbolic link"
            case S_IFDIR: "a folder"
            case S_IFREG: "a regular file"
            default: "a special file"
            }
        if let found { throw .notASocket(path: path, found: found) }

        let probe = socket(AF_UNIX, streamType, 0)
        guard probe >= 0 else { throw systemError("socket", path) }
        defer { close(probe) }
        let result = withAddress(path) { connect(probe, $0, $1) }
        // Only a refusal proves that nobody is there; a full queue (EAGAIN) proves the contrary.
        guard result != 0, errno == ECONNREFUSED else { throw .alreadyRunning(path: path) }
        guard unlink(path) == 0 || errno == ENOENT else { throw systemError("unlink", path) }
    }

    /// Calls `body` with the socket address of `path`, which is short enough.
    private static func withAddress(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { room in
            room.copyBytes(from: path.utf8.prefix(UnixSocketOptions.pathBytesMax))
        }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}

/// A new folder that only this user may enter, in the folder of some path.
private struct PrivateFolder {
    private let path: String
    private let descriptor: Int32

    init(beside neighbour: String) throws(ControlError) {
        let folder = neighbour.lastIndex(of: "/").map { String(neighbour[...$0]) } ?? "./"
        var template = Array("\(folder).tamis-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw systemError("mkdtemp", folder) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // The umask may have taken our own rights too.
        let isOpenToUs = chmod(path, 0o700) == 0
        descriptor = isOpenToUs ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1
        guard descriptor >= 0 else {
            let error = systemError("open", path)
            rmdir(path)
            throw error
        }
    }

    var socketPath: String { path + "/socket" }

    /// The same place by a name that fits into an address however long the folder's name is.
    var bindPath: String {
        socketPath.utf8.count <= UnixSocketOptions.pathBytesMax
            ? socketPath : "/proc/self/fd/\(descriptor)/socket"
    }

    func remove() {
        unlink(socketPath)
        rmdir(path)
        close(descriptor)
    }
}

/// What a file is, whatever name it goes by.
private struct FileIdentity: Hashable, Sendable {
    let device: UInt64
    let inode: UInt64

    /// nil when there is nothing at `path`. A link's own identity, not its target's.
    init?(of path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }
}

private func userID(_ name: String) throws(ControlError) -> uid_t {
    if let number = uid_t(name) { return number }
    guard let entry = getpwnam(name) else { throw .unknownUser(name) }
    return entry.pointee.pw_uid
}

private func groupID(_ name: String) throws(ControlError) -> gid_t {
    if let number = gid_t(name) { return number }
    guard let entry = getgrnam(name) else { throw .unknownGroup(name) }
    return entry.pointee.gr_gid
}

/// The error of the system call that has just failed.
func systemError(_ call: String, _ subject: String) -> ControlError {
    .system(call: call, subject: subject, errno: errno)
}
