internal import Foundation
internal import Glibc
package import News

/// The request ledger on disk: `requests/requests.jsonl`, and the file before it.
///
/// 1. Both together never hold more than `bytesMax`; the oldest lines go with their file.
/// 2. A line is written by one call or, when the disk fails, not at all as far as readers care:
///    they pass over what is not a whole line. Nothing is synced: it is a log, not the record.
package final class RequestLog {
    private let folder: String
    private let bytesMax: Int
    private let disk: Disk

    /// `path`: of the store.
    package init(at path: String, bytesMax: Int, calls: FileSystemCalls = .real) {
        folder = "\(path)/requests"
        self.bytesMax = bytesMax
        disk = Disk(calls: calls)
    }

    /// Notes that one call writes; of more the newest.
    package static let notesMax = 4096
    private static let names = (present: "requests.jsonl", past: "requests.1.jsonl")

    /// Adds lines. Cost: one write.
    package func append(_ notes: [RequestNote]) throws(StoreError) {
        let path = "\(folder)/\(Self.names.present)"
        var bytes: [UInt8] = []
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // The newest that fit: one file never outgrows its half.
        for note in notes.suffix(Self.notesMax) {
            guard let line = try? encoder.encode(note), bytes.count + line.count < bytesMax / 2
            else { continue }
            bytes += line
            bytes.append(0x0A)
        }
        _ = disk.calls.makeFolder(folder, 0o700)
        let size = try disk.information(at: path)?.bytes ?? 0
        if size > 0, size + bytes.count > bytesMax / 2 {
            let code = disk.calls.rename(path, "\(folder)/\(Self.names.past)")
            guard code == 0 else { throw StoreError("rename", path, errno: Int32(-code)) }
        }
        let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW
        let descriptor = disk.calls.open(path, flags, 0o600)
        guard descriptor >= 0 else { throw StoreError("open", path, errno: Int32(-descriptor)) }
        defer { close(Int32(descriptor)) }
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes {
                disk.calls.write(Int32(descriptor), $0, size + written)
            }
            if count == -Int(EINTR) { continue }
            guard count > 0 else {
                throw StoreError("write", path, errno: count < 0 ? Int32(-count) : ENOSPC)
            }
            written += count
        }
    }

    /// Every whole line, the oldest first. Cost: linear, in constant memory.
    package static func forEachNote(
        at path: String, _ take: (RequestNote) throws -> Void
    ) throws {
        let decoder = JSONDecoder()
        for name in [names.past, names.present] {
            let file = "\(path)/requests/\(name)"
            guard let handle = FileHandle(forReadingAtPath: file) else { continue }
            defer { try? handle.close() }
            var rest: [UInt8] = []
            while let more = try handle.read(upToCount: 1 << 16), !more.isEmpty {
                rest += more
                let lines = rest.split(separator: 0x0A, omittingEmptySubsequences: false)
                for line in lines.dropLast() {
                    if let note = try? decoder.decode(RequestNote.self, from: Data(line)) {
                        try take(note)
                    }
                }
                rest = Array(lines.last ?? [])
            }
        }
    }
}
