import ArticleStore
import Foundation
import Glibc
import News
import Synchronization
import Testing

/// Erasing on disks that do what they like, and beside files that are not what they should be.
@Suite struct EraseFaultTests {
    private static let secret = "The ferryman's debt was paid by a man who wished to stay unknown"

    /// Articles 0…5, a segment each; number 2 has the secret, and is forgotten but not erased.
    private static func makeStore(_ folder: TemporaryFolder) throws {
        let store = try openQuickly(folder, segmentBytesMax: 10)
        defer { store.close() }
        for number in 0..<6 {
            let text = number == 2 ? "\(secret)." : nil
            _ = try store.append([Samples.kept(number, text: text)], at: Samples.morning)
            _ = try store.sync()
        }
        _ = try store.forget(Samples.id(2), because: nil, at: Samples.morning)
    }

    private static func hasSecret(_ folder: TemporaryFolder) throws -> Bool {
        try folder.snapshot().values.contains { Data($0).range(of: Data(secret.utf8)) != nil }
    }

    private static func open(
        _ folder: TemporaryFolder, _ calls: FileSystemCalls
    ) throws -> ArticleStore {
        try ArticleStore(
            opening: folder.store, options: StoreOptions(segmentBytesMax: 10, calls: calls),
            now: Samples.morning)
    }

    private static func expectErased(_ folder: TemporaryFolder) throws {
        #expect(try !hasSecret(folder) && !folder.exists("state/index/unerased"))
        let texts = try records(in: folder).compactMap(\.articleAndVerdict?.article.id)
        #expect(texts == [0, 1, 3, 4, 5].map(Samples.id))
        #expect(try StoreReader(at: folder.store).verify { _ in }.isSound)
    }

    /// Every call is interrupted once, and no write takes more than a few bytes.
    @Test func interruptedAndShortCallsGoOn() throws {
        let folder = try TemporaryFolder()
        try Self.makeStore(folder)
        let count = Mutex(0)
        let isInterrupted: @Sendable () -> Bool = {
            count.withLock { count in
                count += 1
                return count % 2 == 1
            }
        }
        let real = Faults().calls
        var calls = real
        calls.open = { isInterrupted() ? -Int(EINTR) : real.open($0, $1, $2) }
        calls.read = { isInterrupted() ? -Int(EINTR) : real.read($0, $1, $2) }
        calls.write = { descriptor, bytes, offset in
            isInterrupted()
                ? -Int(EINTR)
                : real.write(descriptor, UnsafeRawBufferPointer(rebasing: bytes.prefix(7)), offset)
        }
        calls.rename = { isInterrupted() ? -Int(EINTR) : real.rename($0, $1) }
        calls.unlink = { isInterrupted() ? -Int(EINTR) : real.unlink($0) }
        calls.syncData = { _ in isInterrupted() ? -Int(EINTR) : 0 }
        calls.sync = { _ in isInterrupted() ? -Int(EINTR) : 0 }
        let store = try Self.open(folder, calls)
        try store.eraseAll()
        #expect(store.takeNotices().isEmpty)
        store.close()
        try Self.expectErased(folder)
    }

    enum InTheWay: CaseIterable { case garbage, empty, otherJSON, folder, link }

    /// The list of what is to be erased is something else: its texts tell, and nobody else is taken
    /// for forgotten.
    @Test(arguments: InTheWay.allCases) func aListThatIsNoneLosesNothing(way: InTheWay) throws {
        let folder = try TemporaryFolder()
        try Self.makeStore(folder)
        let (name, path) = ("state/index/unerased", "\(folder.store)/index/unerased")
        let sound = try folder.bytes(name)
        try folder.remove(name)
        switch way {
        case .garbage: try folder.write(sound.map { $0 ^ 0x21 }, name)
        case .empty: try folder.write([], name)
        case .otherJSON: try folder.write(try folder.bytes("state/store.json"), name)
        case .folder: try folder.write("", "\(name)/file")
        case .link: symlink("/dev/zero", path)
        }
        let store = try openQuickly(folder, segmentBytesMax: 10)
        #expect(store.unerased == [Samples.id(2)])
        try store.eraseAll()
        #expect(store.isErased(Samples.id(2)))
        #expect(
            store.takeNotices().contains { $0.contains("could not be saved") } == (way == .folder))
        store.close()
        try folder.remove(name)
        try Self.expectErased(folder)
    }

    /// Something stands where the copy belongs, the disk is full, read-only, or fails in the
    /// middle: nothing changes but what is told, and no copy is left over.
    @Test(arguments: [ENOSPC, EROFS, EIO, EDQUOT, EMFILE, EISDIR])
    func whatCannotBeCopiedStays(errno: Int32) throws {
        let folder = try TemporaryFolder()
        try Self.makeStore(folder)
        let before = try folder.snapshot()
        let isFailing = Mutex(true)
        let real = Faults().calls
        var calls = real
        calls.open = { path, flags, mode in
            errno != ENOSPC && errno != EIO && isFailing.withLock { $0 }
                && path.contains("articles/.tmp-") ? -Int(errno) : real.open(path, flags, mode)
        }
        calls.write = { descriptor, bytes, offset in
            guard isFailing.withLock({ $0 }), bytes.count > 300 else {
                return real.write(descriptor, bytes, offset)
            }
            return offset > 0
                ? -Int(errno)
                : real.write(descriptor, UnsafeRawBufferPointer(rebasing: bytes[..<300]), offset)
        }
        let store = try Self.open(folder, calls)
        #expect(throws: StoreError.self) { try store.eraseAll() }
        #expect(try folder.snapshot().filter { $0.value != before[$0.key] }.isEmpty)
        #expect(try Self.hasSecret(folder) && store.article(Samples.id(2)) == nil)
        isFailing.withLock { $0 = false }
        try store.eraseAll()
        store.close()
        try Self.expectErased(folder)
    }

    /// A copy whose place was taken, and whose folder could not be synced, is synced when it is
    /// tried again: only then is the list removed.
    @Test func namesAreSyncedBeforeItCountsAsErased() throws {
        let folder = try TemporaryFolder()
        try Self.makeStore(folder)
        let isFailing = Mutex(true)
        let synced = Mutex(0)
        let real = Faults().calls
        var calls = real
        calls.sync = { _ in
            if isFailing.withLock({ $0 }) { return -Int(EIO) }
            synced.withLock { $0 += 1 }
            return 0
        }
        isFailing.withLock { $0 = false }
        let store = try Self.open(folder, calls)
        var remains = try StoreReader(at: folder.store).remains(of: store.unerased)
        isFailing.withLock { $0 = true }
        #expect(throws: StoreError.self) { try store.erase(&remains) }
        #expect(try !Self.hasSecret(folder) && folder.exists("state/index/unerased"))
        isFailing.withLock { $0 = false }
        let before = synced.withLock { $0 }
        #expect(try !store.erase(&remains))
        #expect(synced.withLock { $0 } >= before + 3)
        store.close()
        try Self.expectErased(folder)
    }

    /// Where a copy would take what is free, none is begun: decisions need it.
    @Test func aFullDiskIsNotFilledToTheBrim() throws {
        let folder = try TemporaryFolder()
        try Self.makeStore(folder)
        let before = try folder.snapshot()
        let free = Mutex(0)
        let copies = Mutex(0)
        let real = Faults().calls
        var calls = real
        calls.freeBytes = { _ in free.withLock { $0 } }
        calls.open = { path, flags, mode in
            if path.contains("articles/.tmp-") { copies.withLock { $0 += 1 } }
            return real.open(path, flags, mode)
        }
        let store = try Self.open(folder, calls)
        let segment = try #require(
            before.values.first { Data($0).range(of: Data(Self.secret.utf8)) != nil })
        let enough = ArticleStore.erasingReserveBytes + segment.count
        for room in [0, segment.count, enough - 1] {
            free.withLock { $0 = room }
            let error = #expect(throws: StoreError.self) { try store.eraseAll() }
            guard case .full = error else { throw try #require(error) }
        }
        #expect(copies.withLock { $0 } == 0)
        #expect(try folder.snapshot().filter { $0.value != before[$0.key] }.isEmpty)
        free.withLock { $0 = enough }
        try store.eraseAll()
        store.close()
        try Self.expectErased(folder)
    }

    /// A store that was moved away, and another put in its place, is not ours to change.
    @Test func filesThatAreNotOursStay() throws {
        let folder = try TemporaryFolder()
        try Self.makeStore(folder)
        let store = try openQuickly(folder, segmentBytesMax: 10)
        defer { store.close() }
        var remains = try StoreReader(at: folder.store).remains(of: store.unerased)
        try FileManager.default.moveItem(atPath: folder.store, toPath: "\(folder.path)/moved")
        try FileManager.default.copyItem(atPath: "\(folder.path)/moved", toPath: folder.store)
        let before = try folder.snapshot()
        #expect(throws: StoreError.replaced(path: folder.store)) { try store.erase(&remains) }
        #expect(try folder.snapshot() == before)
    }
}
