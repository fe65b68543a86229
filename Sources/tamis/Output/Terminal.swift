internal import Foundation
internal import Glibc

/// Where a command writes. Standard output is written through its descriptor, unbuffered by line,
/// so that a reader sees every line at once and a full disk is noticed.
struct Terminal: Sendable {
    /// Whether standard output is a terminal: then tables are cut to its width and may have colour.
    let isInteractive: Bool
    let hasColour: Bool
    /// Columns; for a pipe, wide enough to cut nothing.
    let columns: Int

    /// No terminal is taken to be narrower.
    static let columnsMin = 20

    init(columns: Int, isInteractive: Bool = false, hasColour: Bool = false) {
        self.columns = max(Self.columnsMin, columns)
        self.isInteractive = isInteractive
        self.hasColour = hasColour
    }

    /// What the process was started with. Honours `NO_COLOR` (no-color.org) and `COLUMNS`.
    init(environment: [String: String]) {
        let isInteractive = isatty(STDOUT_FILENO) == 1
        let wanted = environment["COLUMNS"].flatMap { Int($0) }
        var size = winsize()
        let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        self.init(
            columns: isInteractive && isKnown
                ? Int(size.ws_col) : wanted ?? (isInteractive ? 80 : 1000),
            isInteractive: isInteractive,
            hasColour: isInteractive && (environment["NO_COLOR"] ?? "").isEmpty
                && environment["TERM"] != "dumb")
    }

    enum Colour: String {
        case bold = "1"
        case red = "31"
        case green = "32"
        case yellow = "33"
        case blue = "34"
        case grey = "90"
    }

    /// `text` in colour where there is colour.
    func paint(_ text: String, _ colour: Colour?) -> String {
        guard hasColour, let colour else { return text }
        return "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m"
    }

    /// Writes a line to standard output.
    /// - Throws: `OutputError` when nobody reads any more, or the disk behind it is full.
    func line(_ text: String = "") throws(OutputError) {
        try Self.write(Array((text + "\n").utf8), to: STDOUT_FILENO)
    }

    /// Writes bytes to standard output.
    func write(_ bytes: [UInt8]) throws(OutputError) {
        try Self.write(bytes, to: STDOUT_FILENO)
    }

    /// Writes a line to standard error; what cannot be written there is lost.
    static func complain(_ text: String) {
        let bytes = Array("tamis: \(text)\n".utf8)
        _ = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// Progress of long work, on standard error, only where a person watches; overwritten in place.
    static func progress(_ text: String?) {
        guard isatty(STDERR_FILENO) == 1 else { return }
        let bytes = Array("\r\u{1B}[K\(text ?? "")".utf8)
        _ = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// Writes all of the bytes, however often it takes.
    static func write(_ bytes: [UInt8], to descriptor: Int32) throws(OutputError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(
                    descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
            }
            if count < 0 {
                if errno == EINTR { continue }
                if errno == EPIPE { throw .nobodyReads }
                throw .failed(errno: errno)
            }
            written += count
        }
    }
}

/// Why output could not be written.
enum OutputError: Error, Hashable, CustomStringConvertible {
    /// The reader has gone, as with `| head`: no error for a person.
    case nobodyReads
    case failed(errno: Int32)

    var description: String {
        switch self {
        case .nobodyReads: "nobody reads the output any more"
        case .failed(let errno):
            "the output could not be written: \(String(cString: strerror(errno)))"
        }
    }
}

extension Terminal {
    /// The terminal of this process.
    static func ofProcess() -> Terminal {
        Terminal(environment: ProcessInfo.processInfo.environment)
    }
}
