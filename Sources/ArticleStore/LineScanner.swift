internal import Glibc

/// Reads a file line by line in constant memory: one piece of it, and one line of a bounded length.
struct LineScanner {
    struct Line {
        /// Where it begins in the file.
        var offset: Int
        /// Its bytes without the newline; of a line longer than the limit, the beginning.
        var bytes: ArraySlice<UInt8>
        /// How many bytes it has, without the newline.
        var count: Int
        /// Whether a newline ends it; only the last line of a file can have none.
        var isTerminated: Bool

        /// Where the next one begins.
        var end: Int { offset + count + (isTerminated ? 1 : 0) }
        var isTooLong: Bool { count > bytes.count }
    }

    private static let pieceBytesMax = 1 << 20

    private let disk: Disk
    private let descriptor: Int32
    private let path: String
    private let lineBytesMax: Int
    /// Bytes read and not yet given, from `next` on.
    private var buffer: [UInt8] = []
    private var next = 0
    /// Where the buffer's end stands in the file.
    private var position: Int
    private var isAtEnd = false
    /// Where the last line that was given ends, or where to begin.
    var end: Int { position - (buffer.count - next) }
    /// Grows from a small first piece, because many callers want one line only.
    private var pieceBytes = 1 << 15

    /// - Parameter offset: where to begin; the start of a line.
    init(disk: Disk, descriptor: Int32, path: String, from offset: Int = 0, lineBytesMax: Int) {
        self.disk = disk
        self.descriptor = descriptor
        self.path = path
        self.lineBytesMax = lineBytesMax
        position = offset
    }

    /// The next line; nil at the end of the file.
    mutating func line() throws(StoreError) -> Line? {
        let offset = end
        var searched = 0
        while true {
            if let end = newline(from: next + searched) {
                let bytes = buffer[next..<end]
                next = end + 1
                return Line(
                    offset: offset, bytes: bytes.prefix(lineBytesMax), count: bytes.count,
                    isTerminated: true)
            }
            searched = buffer.count - next
            if searched > lineBytesMax { return try longLine(offset: offset) }
            if isAtEnd {
                let bytes = buffer[next...]
                next = buffer.count
                guard !bytes.isEmpty else { return nil }
                return Line(
                    offset: offset, bytes: bytes.prefix(lineBytesMax), count: bytes.count,
                    isTerminated: false)
            }
            try fill()
        }
    }

    /// Keeps the beginning of a line beyond the limit and passes over the rest.
    private mutating func longLine(offset: Int) throws(StoreError) -> Line {
        let bytes = Array(buffer[next..<(next + lineBytesMax)])
        while true {
            if let end = newline(from: next) {
                next = end + 1
                let stop = position - (buffer.count - next)
                return Line(
                    offset: offset, bytes: bytes[...], count: stop - 1 - offset,
                    isTerminated: true)
            }
            next = buffer.count
            if isAtEnd {
                return Line(
                    offset: offset, bytes: bytes[...], count: position - offset,
                    isTerminated: false)
            }
            try fill()
        }
    }

    private mutating func fill() throws(StoreError) {
        let piece = try disk.bytes(
            descriptor, at: position, count: pieceBytes, path: path)
        position += piece.count
        isAtEnd = piece.count < pieceBytes
        pieceBytes = min(2 * pieceBytes, Self.pieceBytesMax)
        if next == buffer.count {
            buffer = piece
        } else {
            buffer = buffer[next...] + piece
        }
        next = 0
    }

    private func newline(from start: Int) -> Int? {
        buffer.withUnsafeBytes { bytes in
            guard start < bytes.count, let base = bytes.baseAddress,
                let found = memchr(base + start, 0x0A, bytes.count - start)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }
}
