internal import Foundation
internal import Glibc

/// Makes a folder, lends it, and removes it with all that is in it, also when the work throws.
/// Signals that would end the program wait until then, some seconds at most; longer work looks at
/// `isEndAskedFor`.
func withTemporaryFolder<Result>(_ work: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory
        .appending(path: "tamis-bench-\(UUID().uuidString)")
    let path = folder.path(percentEncoded: false)
    var ending = sigset_t()
    var before = sigset_t()
    sigemptyset(&ending)
    for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&ending, number) }
    pthread_sigmask(SIG_BLOCK, &ending, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try work(path)
}

/// Whether a signal waits that would end the program.
var isEndAskedFor: Bool {
    var waiting = sigset_t()
    sigpending(&waiting)
    return [SIGINT, SIGTERM, SIGHUP].contains { sigismember(&waiting, $0) == 1 }
}
