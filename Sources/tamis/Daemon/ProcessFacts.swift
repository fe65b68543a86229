internal import Glibc
internal import Ingestion

/// What `tamis --version` and the User-Agent say.
let tamisVersion = "0.1.0"

/// What the kernel knows of this process and of the store's disk.
func processFacts(storePath: String) -> ControlAnswers.ProcessFacts {
    ControlAnswers.ProcessFacts(
        version: tamisVersion, pid: getpid(), memoryBytes: residentBytes(),
        diskFreeBytes: freeBytes(at: storePath))
}

/// Resident memory (proc_pid_statm(5)); nil where there is no /proc.
private func residentBytes() -> Int64? {
    guard let file = fopen("/proc/self/statm", "re") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 128)
    guard fgets(&line, Int32(line.count), file) != nil else { return nil }
    let text = String(
        decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return text.split(separator: " ").dropFirst().first.flatMap { Int64($0) }
        .map { $0 * Int64(getpagesize()) }
}

/// Free space for unprivileged users on the disk of `path` (statvfs(3)).
private func freeBytes(at path: String) -> Int64? {
    var facts = statvfs()
    guard statvfs(path, &facts) == 0 else { return nil }
    return Int64(clamping: facts.f_bavail) * Int64(clamping: facts.f_frsize)
}
