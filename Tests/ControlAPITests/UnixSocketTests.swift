import ControlAPI
import Foundation
import Testing

/// Faults K1–K4 and K11: the file of a Unix socket.
@Suite struct UnixSocketTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func listening(_ options: UnixSocketOptions) throws -> HTTPListener {
        let listener = HTTPListener { _ in HTTPAnswer(status: 200, text: "here") }
        try listener.listen(on: .unixSocket(options))
        return listener
    }

    private func answers(_ path: String) async throws -> Bool {
        let connection = try RawConnection(unixSocket: path)
        await connection.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        return try await connection.readToEnd().contains("here")
    }

    private func mode(_ path: String) throws -> mode_t {
        var status = stat()
        try #require(lstat(path, &status) == 0)
        return status.st_mode
    }

    /// The umask belongs to the whole process, so one test goes through all, and none that would
    /// keep the others out of their own folders.
    @Test func modeIsAsConfiguredWhateverTheUmask() throws {
        for mask in [mode_t(0), 0o077] {
            for wanted in [UInt32(0o600), 0o660, 0o666] {
                let before = umask(mask)
                defer { umask(before) }
                let listener = try listening(UnixSocketOptions(path: folder("s"), mode: wanted))
                defer { listener.stop() }
                #expect(try mode(folder("s")) == S_IFSOCK | wanted)
                #expect(try folder.contents == ["s"], "nothing of the making is left behind")
            }
        }
    }

    @Test func ownerAndGroupCanBeNamedOrNumbered() throws {
        for (owner, group) in [("\(getuid())", "\(getgid())"), (NSUserName(), nil)] {
            let options = UnixSocketOptions(path: folder("s"), owner: owner, group: group)
            try listening(options).stop()
        }
        #expect(throws: ControlError.unknownUser("no such user")) {
            try listening(UnixSocketOptions(path: folder("s"), owner: "no such user"))
        }
        #expect(throws: ControlError.unknownGroup("no such group")) {
            try listening(UnixSocketOptions(path: folder("s"), group: "no such group"))
        }
        #expect(try folder.contents == [])
    }

    @Test func staleSocketIsReplaced() async throws {
        try leaveStaleSocket(at: folder("s"))
        let listener = try listening(UnixSocketOptions(path: folder("s")))
        defer { listener.stop() }
        #expect(try await answers(folder("s")))
    }

    @Test func liveSocketMeansAlreadyRunning() async throws {
        let listener = try listening(UnixSocketOptions(path: folder("s")))
        defer { listener.stop() }
        let error = #expect(throws: ControlError.self) {
            try listening(UnixSocketOptions(path: folder("s")))
        }
        #expect(error == .alreadyRunning(path: folder("s")))
        #expect(error?.description == "already running: somebody answers at \(folder("s"))")
        #expect(try await answers(folder("s")))
    }

    @Test(arguments: ["a regular file", "a folder", "a symbolic link"])
    func whatIsNoSocketIsLeftAlone(_ what: String) throws {
        let path = folder("s")
        switch what {
        case "a regular file": try Data("dear".utf8).write(to: URL(filePath: path))
        case "a folder": mkdir(path, 0o700)
        default:
            try leaveStaleSocket(at: folder("target"))
            symlink(folder("target"), path)
        }
        let before = try mode(path)
        #expect(throws: ControlError.notASocket(path: path, found: what)) {
            try listening(UnixSocketOptions(path: path))
        }
        #expect(try mode(path) == before)
    }

    @Test func longestPossiblePathWorksAndALongerOneIsRefused() async throws {
        let room = UnixSocketOptions.pathBytesMax - folder("").utf8.count
        let longest = folder(String(repeating: "s", count: room))
        let listener = try listening(UnixSocketOptions(path: longest))
        #expect(try await answers(longest))
        listener.stop()
        let error = #expect(throws: ControlError.self) {
            try listening(UnixSocketOptions(path: longest + "s"))
        }
        #expect(error == .pathTooLong(path: longest + "s", bytes: 108, bytesMax: 107))
    }

    @Test func missingFolderIsSaid() {
        let path = folder("no/s")
        let error = #expect(throws: ControlError.self) {
            try listening(UnixSocketOptions(path: path))
        }
        #expect(error?.description.contains("there is no folder") == true)
    }

    @Test func stopRemovesOnlyItsOwnFile() throws {
        let listener = try listening(UnixSocketOptions(path: folder("s")))
        unlink(folder("s"))
        try Data("another's".utf8).write(to: URL(filePath: folder("s")))
        listener.stop()
        #expect(try folder.contents == ["s"])
    }

    @Test func removedSocketIsPutBack() async throws {
        let listener = try listening(UnixSocketOptions(path: folder("s"), mode: 0o600))
        defer { listener.stop() }
        #expect(listener.repairSockets() == [])
        unlink(folder("s"))
        #expect(listener.repairSockets() == [.recreated(path: folder("s"))])
        #expect(try await answers(folder("s")))
        #expect(try mode(folder("s")) == S_IFSOCK | 0o600)
        #expect(listener.repairSockets() == [])
    }

    @Test func socketThatCannotBePutBackIsReportedUntilItCan() async throws {
        let listener = try listening(UnixSocketOptions(path: folder("s")))
        defer { listener.stop() }
        unlink(folder("s"))
        mkdir(folder("s"), 0o700)
        let reason = ControlError.notASocket(path: folder("s"), found: "a folder")
        for _ in 0..<2 {
            #expect(listener.repairSockets() == [.lost(path: folder("s"), reason)])
        }
        rmdir(folder("s"))
        #expect(listener.repairSockets() == [.recreated(path: folder("s"))])
        #expect(try await answers(folder("s")))
    }
}

/// A socket file at which nobody listens, as a killed daemon leaves it.
private func leaveStaleSocket(at path: String) throws {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let bound = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
    try #require(bound == 0)
}
