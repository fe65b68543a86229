internal import Glibc
package import News

/// The kinds of document that a seed corpus may hold, told by the end of the name.
package enum SeedFormat: String, Sendable, Codable, CaseIterable {
    case text, markdown, html
    /// One object, or an array of objects.
    case json
    /// One object a line.
    case jsonLines = "json_lines"

    init?(fileName name: String) {
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return nil }
        switch name[name.index(after: dot)...].lowercased() {
        case "txt": self = .text
        case "md": self = .markdown
        case "html", "htm": self = .html
        case "json": self = .json
        case "jsonl": self = .jsonLines
        default: return nil
        }
    }
}

/// How much of a seed corpus is taken.
package struct SeedLimits: Hashable, Sendable {
    /// Folders below a configured one.
    package var depthMax: Int
    package var filesMax: Int
    /// Bytes of all files together.
    package var bytesMax: Int
    /// Bytes of one file that is read whole: all but JSON Lines.
    package var fileBytesMax: Int
    /// Bytes of one line of a JSON Lines file.
    package var lineBytesMax: Int

    package init(
        depthMax: Int = 16, filesMax: Int = 1_000_000, bytesMax: Int = 64 << 30,
        fileBytesMax: Int = 64 << 20, lineBytesMax: Int = 16 << 20
    ) {
        self.depthMax = depthMax
        self.filesMax = filesMax
        self.bytesMax = bytesMax
        self.fileBytesMax = fileBytesMax
        self.lineBytesMax = lineBytesMax
    }
}

/// Something in the seed corpus that could not be taken. The rest goes on.
package struct SeedProblem: Error, Hashable, Sendable {
    /// What was wrong, with the fact that tells a person what to change.
    package enum Reason: Hashable, Sendable {
        case missing
        case unreadable(StoreError)
        /// Named in the configuration, but of no kind that is read.
        case unknownKind
        case tooLarge(bytes: Int, bytesMax: Int)
        /// A folder deeper than the limit.
        case tooDeep(depthMax: Int)
        case tooManyFiles(filesMax: Int)
        case tooManyBytes(bytesMax: Int)
        case changedWhileRead
        case lineTooLong(bytes: Int, bytesMax: Int)
        /// A line or file that is not JSON, or not an object or array of objects.
        case notJSON(String)
        /// No field with the text, by any of its names.
        case noText(names: [String])
    }

    package var path: String
    /// The line of a JSON Lines file, or the element of a JSON array, from 1 up.
    package var line: Int?
    package var reason: Reason

    package init(path: String, line: Int? = nil, reason: Reason) {
        self.path = path
        self.line = line
        self.reason = reason
    }
}

extension SeedProblem: CustomStringConvertible {
    package var description: String {
        (line.map { "\(path):\($0)" } ?? path) + ": \(reason)"
    }
}

extension SeedProblem.Reason: CustomStringConvertible {
    /// What is wrong, to stand behind the name of the file.
    package var description: String {
        switch self {
        case .missing: "not there"
        case .unreadable(let error): "\(error)"
        case .unknownKind: "none of .txt .md .html .htm .json .jsonl"
        case .tooLarge(let bytes, let bytesMax): "\(bytes) bytes, at most \(bytesMax) are read"
        case .tooDeep(let depthMax): "more than \(depthMax) folders deep"
        case .tooManyFiles(let filesMax):
            "left out with what follows: more than \(filesMax) files"
        case .tooManyBytes(let bytesMax):
            "left out with what follows: more than \(bytesMax) bytes"
        case .changedWhileRead: "changed while it was read"
        case .lineTooLong(let bytes, let bytesMax):
            "\(bytes) bytes, a line has at most \(bytesMax)"
        case .notJSON(let detail): "not JSON of the form expected: \(detail)"
        case .noText(let names):
            "no text: a field named \(names.joined(separator: " or ")) is needed"
        }
    }
}

/// A document file of the seed corpus, as it lay there when it was looked at.
package struct SeedFile: Hashable, Sendable {
    /// As configured, and then as found.
    package let path: String
    package let format: SeedFormat
    package let bytesCount: Int
    let stamp: Stamp

    /// What changes when a file does.
    struct Stamp: Hashable, Sendable, Codable {
        var bytes: Int
        var inode: UInt64
        /// Nanoseconds since 1970.
        var modified: Int64

        init(_ information: Disk.Information) {
            bytes = information.bytes
            inode = information.inode
            modified = information.modifiedNanoseconds
        }
    }

    /// The whole file and the digest of its bytes. Not for JSON Lines, which has no size limit.
    /// - Throws: when it is gone, too large, unreadable, or changed meanwhile.
    package func contents(
        limits: SeedLimits
    ) throws(SeedProblem) -> (bytes: [UInt8], digest: Digest) {
        guard bytesCount <= limits.fileBytesMax else {
            throw SeedProblem(
                path: path,
                reason: .tooLarge(bytes: bytesCount, bytesMax: limits.fileBytesMax))
        }
        let disk = Disk(calls: .real)
        let bytes = try opened(disk) { descriptor throws(StoreError) in
            try disk.bytes(descriptor, at: 0, count: bytesCount, path: path)
        }
        return (bytes, Digest(of: bytes))
    }

    /// Runs `read` with the file open, and makes sure that it is the one that was seen, before and
    /// after.
    func opened<Value>(
        _ disk: Disk, _ read: (Int32) throws(StoreError) -> Value
    ) throws(SeedProblem) -> Value {
        do throws(StoreError) {
            let descriptor = try disk.open(path, O_RDONLY, followingLinks: true)
            defer { disk.close(descriptor) }
            let before = Stamp(try disk.information(of: descriptor, path: path))
            let value = try read(descriptor)
            let after = Stamp(try disk.information(of: descriptor, path: path))
            if before == stamp && after == stamp { return value }
        } catch {
            if case .system(_, _, ENOENT) = error {
                throw SeedProblem(path: path, reason: .missing)
            }
            throw SeedProblem(path: path, reason: .unreadable(error))
        }
        throw SeedProblem(path: path, reason: .changedWhileRead)
    }
}

/// The files of a seed corpus, and what could not be taken.
package struct SeedScan: Hashable, Sendable {
    /// In the order of the configured paths, and of names within a folder.
    package var files: [SeedFile] = []
    package var problems = Sample<SeedProblem>()
    /// Files of kinds that are not read.
    package var ignored = 0
    package var bytes = 0
}

/// Finds the document files at the given paths, files or folders, without opening any. Links are
/// followed, each file and folder is taken once; names that begin with a dot are skipped.
/// Cost: one `stat` a file.
package func scanSeeds(at paths: [String], limits: SeedLimits = SeedLimits()) -> SeedScan {
    var walk = SeedWalk(limits: limits)
    for path in paths where !walk.isFull { walk.visit(path, depth: 0, isNamed: true) }
    return walk.scan
}

private struct SeedWalk {
    let limits: SeedLimits
    var scan = SeedScan()
    var isFull = false
    private let disk = Disk(calls: .real)
    private var visited: Set<Place> = []

    private struct Place: Hashable {
        var device: UInt64
        var inode: UInt64
    }

    init(limits: SeedLimits) { self.limits = limits }

    /// `isNamed`: by the configuration, so that nothing about it is passed over in silence.
    mutating func visit(_ path: String, depth: Int, isNamed: Bool) {
        do throws(StoreError) {
            guard let found = try disk.informationFollowingLinks(at: path) else {
                return note(path, .missing)
            }
            let place = Place(device: found.device, inode: found.inode)
            guard visited.insert(place).inserted else { return }
            switch found.kind {
            case .folder: try enter(path, found, depth: depth)
            case .file: add(path, found, isNamed: isNamed)
            case .other:
                if isNamed { note(path, .unknownKind) } else { scan.ignored += 1 }
            }
        } catch {
            note(path, .unreadable(error))
        }
    }

    private mutating func enter(
        _ path: String, _ found: Disk.Information, depth: Int
    ) throws(StoreError) {
        guard depth <= limits.depthMax else {
            return note(path, .tooDeep(depthMax: limits.depthMax))
        }
        for name in try disk.names(in: path) where !name.hasPrefix(".") && !isFull {
            visit(
                path.hasSuffix("/") ? path + name : "\(path)/\(name)", depth: depth + 1,
                isNamed: false)
        }
    }

    private mutating func add(_ path: String, _ found: Disk.Information, isNamed: Bool) {
        guard let format = SeedFormat(fileName: splitting(path).name) else {
            if isNamed { note(path, .unknownKind) } else { scan.ignored += 1 }
            return
        }
        if format != .jsonLines && found.bytes > limits.fileBytesMax {
            return note(path, .tooLarge(bytes: found.bytes, bytesMax: limits.fileBytesMax))
        }
        guard scan.files.count < limits.filesMax else {
            isFull = true
            return note(path, .tooManyFiles(filesMax: limits.filesMax))
        }
        guard scan.bytes + found.bytes <= limits.bytesMax else {
            isFull = true
            return note(path, .tooManyBytes(bytesMax: limits.bytesMax))
        }
        scan.bytes += found.bytes
        scan.files.append(
            SeedFile(path: path, format: format, bytesCount: found.bytes, stamp: .init(found)))
    }

    private mutating func note(_ path: String, _ reason: SeedProblem.Reason) {
        scan.problems.append(SeedProblem(path: path, reason: reason))
    }
}

extension SeedFile {
    /// One line that changes when the file does, or is another.
    package var mark: String { "\(path) \(stamp.bytes) \(stamp.inode) \(stamp.modified)" }
}
