import ArticleStore
import Foundation
import Glibc
import News
import Testing

@Suite struct StoreFolderTests {
    @Test func aNewerFormatIsRefusedAndNothingIsTouched() throws {
        let folder = try TemporaryFolder()
        try folder.write("{\"format\":2,\"other\":true}\n", "state/store.json")
        let before = try folder.snapshot()
        let error = StoreError.newerFormat(path: folder.store, version: 2, supported: 1)
        #expect(throws: error) { try openQuickly(folder) }
        #expect(throws: error) { try StoreReader(at: folder.store) }
        #expect(try folder.snapshot() == before)
    }

    @Test(arguments: ["photo.jpg", "store.json"])
    func aFolderOfOtherThingsIsRefusedAndNotTouched(name: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("{}", "state/\(name)")
        let before = try folder.snapshot()
        let error = #expect(throws: StoreError.self) { try openQuickly(folder) }
        guard case .notAStore = error else { throw try #require(error) }
        #expect(try folder.snapshot() == before)
    }

    @Test(arguments: [true, false])
    func aLostOrDamagedHeaderIsMadeAnewAndSaid(isDamaged: Bool) throws {
        let folder = try TemporaryFolder()
        let written = try makeStore(folder, count: 2)
        var header = try folder.bytes("state/store.json")
        header[header.count / 2] ^= 1
        if isDamaged {
            try folder.write(header, "state/store.json")
        } else {
            try FileManager.default.removeItem(atPath: "\(folder.store)/store.json")
        }
        let store = try openQuickly(folder)
        #expect(store.recovery.notices.count == 1)
        #expect(store.recovery.notices[0].contains("store.json was made anew"))
        #expect(try records(in: folder) == written)
        store.close()
        #expect(try openQuickly(folder).recovery.isClean)
    }

    @Test func theNameOfAStoreStays() throws {
        let folder = try TemporaryFolder()
        let first = try openQuickly(folder)
        let name = first.name
        first.close()
        #expect(name.utf8.count == 32)
        #expect(try openQuickly(folder).name == name)
        #expect(try openQuickly(try TemporaryFolder()).name != name)
    }

    @Test func aFolderThatOthersMayWriteIsRefused() throws {
        let folder = try TemporaryFolder()
        try makeStore(folder, count: 1)
        #expect(chmod(folder.store, 0o777) == 0)
        #expect(throws: StoreError.wrongMode(path: folder.store, mode: 0o777)) {
            try openQuickly(folder)
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give a folder away"))
    func aFolderOfAnotherUserIsRefused() throws {
        let folder = try TemporaryFolder()
        try makeStore(folder, count: 1)
        #expect(chown(folder.store, 12345, 12345) == 0)
        #expect(throws: StoreError.wrongOwner(path: folder.store, owner: 12345, expected: 0)) {
            try openQuickly(folder)
        }
    }

    @Test func aFileWhereTheFolderBelongsIsRefused() throws {
        let folder = try TemporaryFolder()
        try folder.write("x", "state")
        #expect(throws: StoreError.notPlain(path: folder.store, expected: "folder")) {
            try openQuickly(folder)
        }
    }

    @Test func aMissingParentIsSaid() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: StoreError.self) {
            try ArticleStore(opening: "\(folder.path)/a/b", now: Samples.morning)
        }
        #expect(error?.description.contains("make the folder above it first") == true)
    }

    /// T24: what happens to a path while the store is open, and the way back.
    @Test(arguments: ["state", "state/store.lock", firstSegment])
    func whatWasMovedAwayWhileRunningIsNoticedAtTheNextWrite(name: String) throws {
        let folder = try TemporaryFolder()
        let store = try openQuickly(folder)
        _ = try store.append([Samples.kept(1)], at: Samples.morning)
        _ = try store.sync()
        let path = "\(folder.path)/\(name)"
        try FileManager.default.moveItem(atPath: path, toPath: path + ".away")
        let error = StoreError.replaced(path: path)
        #expect(throws: error) { try store.append([Samples.kept(2)], at: Samples.morning) }
        // Another one in its place is not the same.
        try FileManager.default.copyItem(atPath: path + ".away", toPath: path)
        #expect(throws: error) { try store.append([Samples.kept(2)], at: Samples.morning) }
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.moveItem(atPath: path + ".away", toPath: path)
        #expect(try store.append([Samples.kept(2)], at: Samples.morning).map(\.seq) == [2])
        #expect(try store.sync().lastSeq == 2)
    }

    @Test func whatIsNotSyncedWhenTheFolderGoesIsNotAcknowledged() throws {
        let folder = try TemporaryFolder()
        let store = try openQuickly(folder)
        _ = try store.append([Samples.kept(1)], at: Samples.morning)
        try FileManager.default.removeItem(atPath: folder.store)
        #expect(throws: StoreError.replaced(path: folder.store)) { try store.sync() }
        #expect(store.lastSeq == 0)
    }

    @Test func aSegmentThatAnotherProgramChangedIsNotWritten() throws {
        let folder = try TemporaryFolder()
        let store = try openQuickly(folder)
        _ = try store.append([Samples.kept(1)], at: Samples.morning)
        _ = try store.sync()
        let handle = try #require(FileHandle(forWritingAtPath: "\(folder.path)/\(firstSegment)"))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("intruder\n".utf8))
        let error = #expect(throws: StoreError.self) {
            try store.append([Samples.kept(2)], at: Samples.morning)
        }
        guard case .changedOutside = error else { throw try #require(error) }
    }

    @Test func aReadOnlyFileSystemIsNamed() throws {
        let folder = try TemporaryFolder()
        let faults = Faults()
        faults.set(Faults.Plan(kinds: [.makeFolder], errno: EROFS))
        #expect(throws: StoreError.readOnly(path: folder.store)) {
            try ArticleStore(
                opening: folder.store, options: StoreOptions(calls: faults.calls),
                now: Samples.morning)
        }
    }
}
