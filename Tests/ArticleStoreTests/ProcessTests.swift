import ArticleStore
import Glibc
import News
import Testing

/// What only a process of its own can show.
@Suite struct ProcessTests {
    @Test func aKilledProcessLeavesItsRecordsAndNoLock() async throws {
        let folder = try TemporaryFolder()
        let path = folder.store
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let store = try ArticleStore(opening: path, now: Samples.morning)
            _ = try store.append([Samples.kept(1), Samples.kept(2)], at: Samples.morning)
            _ = try store.sync()
            _ = try store.append([Samples.kept(3)], at: Samples.morning)
            kill(getpid(), SIGKILL)
        }
        let store = try ArticleStore(opening: path, now: Samples.morning)
        #expect(store.recovery.isClean)
        #expect(store.lastSeq == 3)
        #expect(try records(in: folder).map(\.seq) == [1, 2, 3])
    }

    /// T9: the kernel's own short write and EFBIG. The signal is ignored, as the daemon does.
    @Test func aFileSizeLimitIsAFullDiskAndLeavesWholeRecords() async throws {
        let folder = try TemporaryFolder()
        let path = folder.store
        await #expect(processExitsWith: .success) { [path = path as String] in
            signal(SIGXFSZ, SIG_IGN)
            let store = try ArticleStore(opening: path, now: Samples.morning)
            var limit = rlimit(rlim_cur: 2500, rlim_max: 2500)
            guard setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 else {
                exit(2)
            }
            for number in 1...9 {
                do {
                    _ = try store.append([Samples.kept(number)], at: Samples.morning)
                } catch {
                    guard case StoreError.full(_, EFBIG) = error else { exit(3) }
                    let receipt = try store.sync()
                    exit(receipt.lastSeq == UInt64(number - 1) && number > 1 ? 0 : 4)
                }
            }
            exit(5)
        }
        let store = try ArticleStore(opening: path, now: Samples.morning)
        #expect(store.recovery.isClean)
        #expect(store.lastSeq > 0)
        #expect(try folder.bytes(firstSegment).count <= 2500)
    }
}
