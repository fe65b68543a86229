internal import Glibc

/// Watches how much memory of this process is of files that are mapped, its program among them.
///
/// The kernel takes such memory back when it wants some. Until then it counts as this process's,
/// and grows with what was ever looked at, which is all of an index in the end. What is given back
/// (`MappedFile.giveBack`) stays where the kernel keeps files, so asking for it again costs about a
/// microsecond a piece, not a read from the disk.
package struct ResidentFiles: Sendable {
    /// Bytes beyond which it is given back.
    package let bytesMax: Int
    private var uses = 0

    /// 96 MB: the program, and what is asked most of an index of a million articles.
    package static let bytesMax = 96 << 20

    /// Uses between two looks, each of which costs some five microseconds. One decision brings
    /// about a megabyte.
    private static let usesEach = 8

    package init(bytesMax: Int = Self.bytesMax) { self.bytesMax = bytesMax }

    /// Counts a use of mapped files; whether they are to be given back now. False where the kernel
    /// does not tell.
    package mutating func areTooMuch() -> Bool {
        uses &+= 1
        guard uses % Self.usesEach == 0 else { return false }
        return Self.bytes.map { $0 > bytesMax } ?? false
    }

    /// What proc(5) says in `statm`: the third of its numbers is of files, in pages.
    private static var bytes: Int? {
        let descriptor = Glibc.open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { Glibc.close(descriptor) }
        var text = [UInt8](repeating: 0, count: 256)
        let count = text.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
        let numbers = text.prefix(max(0, count)).split(separator: UInt8(ascii: " "))
        guard numbers.count > 2, let pages = Int(String(decoding: numbers[2], as: UTF8.self)) else {
            return nil
        }
        let (bytes, isTooMany) = pages.multipliedReportingOverflow(by: sysconf(Int32(_SC_PAGESIZE)))
        return isTooMany ? nil : bytes
    }
}
