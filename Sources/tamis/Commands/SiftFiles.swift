internal import Foundation
internal import Glibc

/// Lines of a descriptor; never more than one line and one block in memory.
struct LineReader {
    struct Line {
        /// Without its end.
        var bytes: [UInt8] = []
        /// Bytes that it takes in the file, with its end.
        var length = 0
        /// Whether its end is there: at the end of a file it may not be.
        var isEnded = false
        /// Whether it is longer than a line may be. Its bytes are not kept then.
        var isTooLong = false
    }

    private let descriptor: Int32
    private let lineBytesMax: Int
    private var block: [UInt8] = []
    private var position = 0
    private var isAtEnd = false
    private static let blockBytes = 1 << 20

    init(descriptor: Int32, lineBytesMax: Int) {
        self.descriptor = descriptor
        self.lineBytesMax = lineBytesMax
    }

    /// The next line; nil at the end.
    mutating func next() throws -> Line? {
        var line = Line()
        while !line.isEnded {
            if position == block.count {
                guard try readBlock() else { return line.length > 0 ? line : nil }
            }
            let end = lineEnd
            let piece = position..<(end ?? block.count)
            line.length += piece.count + (end == nil ? 0 : 1)
            if line.bytes.count + piece.count > lineBytesMax { line.isTooLong = true }
            if line.isTooLong { line.bytes = [] } else { line.bytes += block[piece] }
            line.isEnded = end != nil
            position = piece.upperBound + (line.isEnded ? 1 : 0)
        }
        if line.bytes.last == 0x0D { line.bytes.removeLast() }
        return line
    }

    /// Where the next end of a line stands in the block.
    private var lineEnd: Int? {
        block.withUnsafeBytes { bytes -> Int? in
            guard let start = bytes.baseAddress else { return nil }
            return memchr(start + position, 0x0A, bytes.count - position)
                .map { UnsafeRawPointer($0) - start }
        }
    }

    private mutating func readBlock() throws -> Bool {
        guard !isAtEnd else { return false }
        var bytes = [UInt8](repeating: 0, count: Self.blockBytes)
        while true {
            let count = bytes.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw Failure(
                    "the input cannot be read: \(String(cString: strerror(errno)))", Exit.noInput)
            }
            isAtEnd = count == 0
            bytes.removeLast(bytes.count - count)
            block = bytes
            position = 0
            return count > 0
        }
    }
}

/// Where a sieve's answers go: standard output, or a file that may hold the answers of a run that
/// was ended. The beginning of an answer behind the last whole line is cut; a file with anything
/// else in it is refused and left as it is.
struct SiftOutput {
    /// Answers that the file holds already …
    private(set) var lines = 0
    /// … and of them, those of documents that were not rejected.
    private(set) var decided: UInt64 = 0
    private let descriptor: Int32
    private let isFile: Bool

    private struct Answer: Decodable {
        let id: String
        let verdict: String
    }

    /// What answers begin with, decided or not.
    private static let beginnings = ["{\"evidence\":", "{\"id\":"].map { Array($0.utf8) }

    /// `goesOn`: whether what is kept allows a run to go on behind the answers of a file.
    init(path: String?, goesOn: Bool) throws {
        guard let path else {
            (descriptor, isFile) = (STDOUT_FILENO, false)
            return
        }
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        isFile = true
        guard descriptor >= 0 else {
            throw Failure(
                "\(path) cannot be written: \(String(cString: strerror(errno)))", Exit.noInput)
        }
        guard goesOn || lseek(descriptor, 0, SEEK_END) <= 0 else {
            throw Failure(
                "\(path) is not empty: name what was kept with --keep, or another file", Exit.usage)
        }
        _ = lseek(descriptor, 0, SEEK_SET)
        var reader = LineReader(descriptor: descriptor, lineBytesMax: 64 << 20)
        var length = 0
        while let line = try reader.next() {
            let answer =
                line.isEnded
                ? try? JSONDecoder().decode(Answer.self, from: Data(line.bytes)) : nil
            let isCut = !line.isEnded && (lines > 0 || Self.mayBegin(line.bytes))
            guard answer != nil || isCut else {
                throw Failure(
                    "\(path) has something else than answers in line \(lines + 1): "
                        + "name another file", Exit.usage)
            }
            guard let answer else { break }
            length += line.length
            lines += 1
            if answer.verdict != "rejected" { decided += 1 }
        }
        guard ftruncate(descriptor, off_t(length)) == 0,
            lseek(descriptor, off_t(length), SEEK_SET) >= 0
        else { throw OutputError.failed(errno: errno) }
    }

    /// Whether an answer may have been written so far and no further.
    private static func mayBegin(_ piece: [UInt8]) -> Bool {
        beginnings.contains { zip($0, piece).allSatisfy { $0 == $1 } }
    }

    func write(_ bytes: [UInt8]) throws(OutputError) {
        try Terminal.write(bytes, to: descriptor)
    }

    func close() throws {
        guard isFile else { return }
        guard fdatasync(descriptor) == 0, Glibc.close(descriptor) == 0 else {
            throw OutputError.failed(errno: errno)
        }
    }
}
