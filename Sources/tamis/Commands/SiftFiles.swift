internal import Foundation
internal import Glibc

/// Lines of a descriptor, each without its end; never more than one line and one block in memory.
struct LineReader {
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

    /// The next line; nil at the end. What is longer than a line may be comes as an empty one.
    mutating func next() throws -> [UInt8]? {
        var line: [UInt8] = []
        var isTooLong = false
        var isBegun = false
        while true {
            if position == block.count {
                guard try readBlock() else { return isBegun ? line : nil }
            }
            isBegun = true
            let end = block[position...].firstIndex(of: 0x0A)
            if line.count + (end ?? block.count) - position > lineBytesMax { isTooLong = true }
            if !isTooLong { line += block[position..<(end ?? block.count)] }
            position = end.map { $0 + 1 } ?? block.count
            if end != nil {
                if line.last == 0x0D { line.removeLast() }
                return isTooLong ? [] : line
            }
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
/// was ended. What follows its last whole line is cut.
struct SiftOutput {
    /// Answers that the file holds already …
    private(set) var lines = 0
    /// … and of them, those of documents that were not rejected.
    private(set) var decided: UInt64 = 0
    private let descriptor: Int32
    private let isFile: Bool

    private struct Answer: Decodable { let verdict: String }

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
        var reader = LineReader(descriptor: descriptor, lineBytesMax: 64 << 20)
        var length = 0
        let size = lseek(descriptor, 0, SEEK_END)
        _ = lseek(descriptor, 0, SEEK_SET)
        while let line = try reader.next() {
            // An answer without its line end, or half of one, was being written at the end.
            guard length + line.count < size,
                let answer = try? JSONDecoder().decode(Answer.self, from: Data(line))
            else { break }
            length += line.count + 1
            lines += 1
            if answer.verdict != "rejected" { decided += 1 }
        }
        guard size <= 0 || goesOn else {
            throw Failure(
                "\(path) is not empty: name what was kept with --keep, or another file", Exit.usage)
        }
        guard ftruncate(descriptor, off_t(length)) == 0,
            lseek(descriptor, off_t(length), SEEK_SET) >= 0
        else { throw OutputError.failed(errno: errno) }
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
