internal import Glibc

/// Why the store could not do what it was asked.
package enum StoreError: Error, Hashable, Sendable {
    /// No room: the disk, the quota or the file size limit (`ENOSPC`, `EDQUOT`, `EFBIG`). Nothing
    /// of the batch is kept; the next one is tried anew.
    case full(path: String, errno: Int32)
    /// The file system is mounted read-only.
    case readOnly(path: String)
    /// Another process has the store open.
    case locked(path: String, pid: Int32?)
    /// Written by a newer Tamis. Nothing was touched.
    case newerFormat(path: String, version: Int, supported: Int)
    /// The folder holds something else. Nothing was touched.
    case notAStore(path: String, reason: String)
    case wrongOwner(path: String, owner: UInt32, expected: UInt32)
    /// Others may write to it.
    case wrongMode(path: String, mode: UInt32)
    /// A folder, link, pipe or device where a plain file belongs, or no folder where one belongs.
    case notPlain(path: String, expected: String)
    case damaged(path: String, reason: String)
    /// The path leads no longer to the file or folder that was opened.
    case replaced(path: String)
    /// A segment has other bytes than were written; another program changed it.
    case changedOutside(path: String, bytes: Int, expected: Int)
    /// A failed write could not be undone, and nothing is added until it can.
    case untrusted(path: String, errno: Int32)
    case recordTooLarge(bytes: Int, bytesMax: Int)
    case batchTooLarge(bytes: Int, bytesMax: Int)
    case fileTooLarge(path: String, bytes: Int, bytesMax: Int)
    /// A record that JSON cannot express.
    case unencodable(reason: String)
    /// A name that may not become part of a path.
    case unsafeName(String)
    /// Used after `close`.
    case closed(path: String)
    /// Any other refusal of the system.
    case system(operation: String, path: String, errno: Int32)

    /// Names a refusal of the system by what it means.
    init(_ operation: String, _ path: String, errno: Int32) {
        switch errno {
        case ENOSPC, EDQUOT, EFBIG: self = .full(path: path, errno: errno)
        case EROFS: self = .readOnly(path: path)
        case ELOOP: self = .notPlain(path: path, expected: "file or folder, not a link")
        default: self = .system(operation: operation, path: path, errno: errno)
        }
    }
}

extension StoreError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .full(let path, let errno):
            "no room to write \(path) (\(reason(errno))): free some, and a daemon goes on by itself"
        case .readOnly(let path):
            "\(path) is on a read-only file system: mount it writable, or choose another folder"
        case .locked(let path, let pid):
            "\(path) is in use by \(pid.map { "process \($0)" } ?? "another process"): stop that"
                + " one first, or choose another folder"
        case .newerFormat(let path, let version, let supported):
            "\(path) has format \(version), this program knows up to \(supported): use a newer one"
        case .notAStore(let path, let reason):
            "\(path) is not a store (\(reason)): name one that Tamis made, or for tamis run an"
                + " empty folder"
        case .wrongOwner(let path, let owner, let expected):
            "\(path) belongs to user \(owner), not \(expected): run as that user, or chown it"
        case .wrongMode(let path, let mode):
            "\(path) may be written by others (mode \(octal(mode))): chmod go-w it"
        case .notPlain(let path, let expected):
            "\(path) is not a plain \(expected): move it away"
        case .damaged(let path, let reason): "\(path) is damaged: \(reason)"
        case .replaced(let path):
            "\(path) was deleted or replaced while in use: put it back, or restart to begin anew"
        case .changedOutside(let path, let bytes, let expected):
            "\(path) has \(bytes) bytes instead of \(expected): another program wrote to it;"
                + " stop that one and restart"
        case .untrusted(let path, let errno):
            "a failed write to \(path) could not be undone (\(reason(errno))): nothing is stored"
                + " until it can; look at the disk"
        case .recordTooLarge(let bytes, let bytesMax):
            "a record of \(bytes) bytes, at most \(bytesMax) are stored"
        case .batchTooLarge(let bytes, let bytesMax):
            "a batch of \(bytes) bytes, at most \(bytesMax) are written at once"
        case .fileTooLarge(let path, let bytes, let bytesMax):
            "\(path) has \(bytes) bytes, at most \(bytesMax) are read"
        case .unencodable(let reason): "the record cannot be written as JSON: \(reason)"
        case .unsafeName(let name):
            "\(name.prefix(80).debugDescription) cannot name a file: use letters, digits, . _ -"
        case .closed(let path): "the store at \(path) is closed"
        case .system(let operation, let path, let errno):
            "cannot \(operation) \(path): \(reason(errno))\(advice(errno))"
        }
    }
}

/// What the C library calls that number.
func reason(_ errno: Int32) -> String {
    strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
}

private func octal(_ mode: UInt32) -> String {
    let digits = String(mode & 0o7777, radix: 8)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}

private func advice(_ errno: Int32) -> String {
    switch errno {
    case EMFILE, ENFILE: "; raise LimitNOFILE or close other programs"
    case EACCES, EPERM: "; check owner and mode"
    case ENOENT: "; make the folder above it first"
    case EIO: "; the disk failed, look at its health"
    default: ""
    }
}
