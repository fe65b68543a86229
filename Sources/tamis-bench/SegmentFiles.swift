internal import Foundation
internal import Glibc

/// The paths of a store's segments, the oldest first (`FORMAT.md`: `articles/<year>/<day>.jsonl`).
func segmentPaths(ofStore store: String) -> [String] {
    let folder = "\(store)/articles"
    let paths = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return paths.filter { $0.hasSuffix(".jsonl") }.sorted().map { "\(folder)/\($0)" }
}

/// The bytes of some files, one after the other.
func bytes(ofFiles paths: [String]) throws -> [UInt8] {
    try paths.flatMap { [UInt8](try Data(contentsOf: URL(filePath: $0))) }
}

/// The lines of a segment in groups of so many, each with its newlines.
func lineGroups(of bytes: [UInt8], linesEach: Int) -> [ArraySlice<UInt8>] {
    var groups: [ArraySlice<UInt8>] = []
    var start = 0
    var lines = 0
    for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
        lines += 1
        if lines % linesEach == 0 || index == bytes.count - 1 {
            groups.append(bytes[start...index])
            start = index + 1
        }
    }
    return groups
}

/// Writes the pieces to a new file, each with one write(2) and one fdatasync(2): what durability
/// costs without a store.
/// - Returns: the bytes written.
/// - Throws: what the system refused.
func writeDurably(_ pieces: [ArraySlice<UInt8>], to path: String) throws -> Int {
    let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Refusal(operation: "open", path: path, errno: errno) }
    defer { Glibc.close(descriptor) }
    var written = 0
    for piece in pieces {
        let count = piece.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        guard count == piece.count, fdatasync(descriptor) == 0 else {
            throw Refusal(operation: "write", path: path, errno: errno)
        }
        written += count
    }
    return written
}

/// A system call that failed.
struct Refusal: Error, CustomStringConvertible {
    let operation: String
    let path: String
    let errno: Int32

    var description: String { "\(operation) of \(path): \(String(cString: strerror(errno)))" }
}
