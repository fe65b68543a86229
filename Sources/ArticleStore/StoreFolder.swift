internal import FoundationEssentials
internal import Glibc
internal import News

/// The folder that a store lives in: that it is one, that it is ours, and that no other process
/// writes to it.
struct StoreFolder {
    /// What `store.json` says.
    struct Header: Codable {
        var format: Int
        var store: String
        var created: Instant
    }

    /// The format that is written, and the newest that is read.
    static let format = 1
    static let parts = ["articles", "feeds", "index", "quarantine", "requests"]
    private static let lockName = "store.lock"
    private static let headerName = "store.json"
    private static let headerBytesMax = 4096

    let root: String
    private(set) var header: Header
    /// Whether the folder held no store before.
    private(set) var isNew = false
    /// What was odd about it.
    private(set) var notices: [String] = []

    private let disk: Disk
    private let identity: Disk.Information
    private let lock: Int32
    private let lockIdentity: Disk.Information

    /// Makes the folder when it is missing, looks before it touches anything, and locks.
    init(opening path: String, disk: Disk, now: Instant) throws(StoreError) {
        if try disk.informationFollowingLinks(at: path) == nil { try disk.makeFolder(path) }
        root = try Self.absolute(path)
        self.disk = disk
        identity = try Self.checkedIdentity(of: root, disk: disk)
        _ = try Self.readHeader(in: root, disk: disk)
        let (lock, lockIdentity) = try Self.lock(in: root, disk: disk)
        self.lock = lock
        self.lockIdentity = lockIdentity
        do throws(StoreError) {
            switch try Self.readHeader(in: root, disk: disk) {
            case .sound(let found): header = found
            case .missing:
                header = try Self.makeHeader(in: root, disk: disk, now: now)
                isNew = true
            case .lost(let reason):
                header = try Self.makeHeader(in: root, disk: disk, now: now)
                notices.append("\(root)/\(Self.headerName) was made anew: the old one \(reason)")
            }
            for part in Self.parts { try disk.makeFolder("\(root)/\(part)") }
            try disk.syncFolder(root)
        } catch {
            disk.close(lock)
            throw error
        }
    }

    /// That the path still leads to this folder, and the lock to this lock.
    func check() throws(StoreError) {
        guard try disk.information(at: root)?.isSame(as: identity) == true else {
            throw .replaced(path: root)
        }
        let path = "\(root)/\(Self.lockName)"
        guard try disk.information(at: path)?.isSame(as: lockIdentity) == true else {
            throw .replaced(path: path)
        }
    }

    /// Removes what interrupted replacements left.
    func removeTemporaries() throws(StoreError) {
        for folder in [root] + Self.parts.map({ "\(root)/\($0)" }) {
            for name in try disk.names(in: folder) where name.hasPrefix(Disk.temporaryPrefix) {
                try disk.remove("\(folder)/\(name)")
            }
        }
    }

    func unlock() { disk.close(lock) }

    // MARK: -

    private static func absolute(_ path: String) throws(StoreError) -> String {
        guard let resolved = realpath(path, nil) else {
            throw StoreError("open", path, errno: errno)
        }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func checkedIdentity(
        of root: String, disk: Disk
    ) throws(StoreError) -> Disk.Information {
        guard let found = try disk.information(at: root), found.kind == .folder else {
            throw .notPlain(path: root, expected: "folder")
        }
        let user = geteuid()
        guard found.owner == user else {
            throw .wrongOwner(path: root, owner: found.owner, expected: user)
        }
        guard found.mode & 0o022 == 0 else { throw .wrongMode(path: root, mode: found.mode) }
        return found
    }

    /// What was found where the header belongs.
    enum Found {
        case sound(Header)
        /// The folder is empty, or its making was interrupted.
        case missing
        /// Gone or damaged, though there is a store around it; why.
        case lost(String)
    }

    /// - Throws: `newerFormat`, `notAStore`. Touches nothing.
    static func readHeader(in root: String, disk: Disk) throws(StoreError) -> Found {
        let path = "\(root)/\(headerName)"
        let hasArticles = try disk.information(at: "\(root)/articles")?.kind == .folder
        guard let bytes = try disk.contents(of: path, bytesMax: headerBytesMax) else {
            let known = Set(parts + [lockName, "lost+found"])
            for name in try disk.names(in: root)
            where !known.contains(name) && !name.hasPrefix(Disk.temporaryPrefix) {
                throw .notAStore(path: root, reason: "it holds \(name)")
            }
            let holdsYears = try !disk.names(in: "\(root)/articles").isEmpty
            return holdsYears ? .lost("was missing") : .missing
        }
        let header = try? JSONDecoder().decode(Header.self, from: Data(bytes))
        let version = header?.format ?? formatAlone(bytes)
        if let version, version > format {
            throw .newerFormat(path: root, version: version, supported: format)
        }
        if let header, SealedLine.isSound(bytes.dropLast()) { return .sound(header) }
        guard hasArticles else {
            throw .notAStore(path: root, reason: "its \(headerName) is not ours")
        }
        return .lost("was damaged")
    }

    /// The version in a header whose other keys a newer format may have changed.
    private static func formatAlone(_ bytes: [UInt8]) -> Int? {
        struct Format: Decodable { var format: Int }
        return (try? JSONDecoder().decode(Format.self, from: Data(bytes)))?.format
    }

    private static func makeHeader(
        in root: String, disk: Disk, now: Instant
    ) throws(StoreError) -> Header {
        let header = Header(format: format, store: try randomName(disk), created: now)
        let object = try RecordLine.encodingObject(header)
        let line = SealedLine.sealing(Array(object.dropLast())) + [0x0A]
        try disk.replace("\(root)/\(headerName)", with: line[...])
        return header
    }

    /// 32 hexadecimal digits that no other store has.
    private static func randomName(_ disk: Disk) throws(StoreError) -> String {
        let path = "/dev/urandom"
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StoreError("open", path, errno: errno) }
        defer { disk.close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 16)
        guard Glibc.read(descriptor, &bytes, bytes.count) == bytes.count else {
            throw StoreError("read", path, errno: errno)
        }
        return Digest(of: bytes).hexadecimal
    }

    /// Takes the lock and writes our process id into it, for whoever comes second.
    private static func lock(
        in root: String, disk: Disk
    ) throws(StoreError) -> (Int32, Disk.Information) {
        let path = "\(root)/\(lockName)"
        let descriptor = try disk.open(path, O_RDWR | O_CREAT)
        do throws(StoreError) {
            guard locked(descriptor) else {
                guard errno == EWOULDBLOCK else { throw StoreError("lock", path, errno: errno) }
                let holder = try disk.bytes(descriptor, at: 0, count: 16, path: path)
                let digits = String(decoding: holder.prefix { 0x30...0x39 ~= $0 }, as: UTF8.self)
                throw .locked(path: root, pid: Int32(digits))
            }
            try disk.truncate(descriptor, to: 0, path: path)
            try disk.write(Array("\(getpid())\n".utf8)[...], to: descriptor, at: 0, path: path)
            return (descriptor, try disk.information(of: descriptor, path: path))
        } catch {
            disk.close(descriptor)
            throw error
        }
    }

    /// Tries for a moment: a lock outlives its holder while a child that the holder has just made
    /// still has the holder's descriptors.
    private static func locked(_ descriptor: Int32) -> Bool {
        for attempt in 1...lockAttemptsMax {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
            guard errno == EWOULDBLOCK, attempt < lockAttemptsMax else { return false }
            usleep(lockPauseMicroseconds)
        }
        return false
    }

    private static let lockAttemptsMax = 20
    private static let lockPauseMicroseconds: UInt32 = 5000
}
