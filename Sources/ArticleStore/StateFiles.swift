internal import FoundationEssentials
package import News

/// The small files beside the articles: feed states, derived files, the quarantine. Each is put in
/// place whole, and carries a checksum.
extension ArticleStore {
    // MARK: Feed states

    /// All feed states that are sound, by name. A damaged one is set aside and treated as absent;
    /// `takeNotices` says so. Cost: one read of each file.
    package func feedStates() -> [FeedState] {
        var found = FeedStateFiles()
        do throws(StoreError) {
            try checkUsable()
            found = try FeedStateFiles(
                root: path, disk: disk, bytesMax: options.feedStateBytesMax)
        } catch {
            note("the feed states could not be read: \(error)")
        }
        for file in found.damaged {
            note("\(file.path) was set aside and its feed starts anew: \(file.reason)")
            setAside(file)
        }
        for path in found.unknown { note("\(path) is no feed state and was left alone") }
        return found.states
    }

    /// Puts one feed's state in place, durably. Save it after the articles of the same answer.
    package func save(_ state: FeedState) throws(StoreError) { try save([state]) }

    /// Puts several states in place: each whole, and all durable when it returns.
    package func save(_ states: [FeedState]) throws(StoreError) {
        try checkUsable()
        guard !states.isEmpty else { return }
        for state in states {
            let bytes = try FeedStateFiles.encoding(state)
            let file = FeedStateFiles.path(of: state.id, in: path)
            guard bytes.count <= options.feedStateBytesMax else {
                throw .fileTooLarge(
                    path: file, bytes: bytes.count, bytesMax: options.feedStateBytesMax)
            }
            try disk.replace(file, with: bytes[...], syncsFolder: false)
        }
        try disk.syncFolder("\(path)/feeds")
    }

    /// Forgets a feed's state; content when there is none.
    package func removeFeedState(_ id: FeedID) throws(StoreError) {
        try checkUsable()
        try disk.remove(FeedStateFiles.path(of: id, in: path))
        try disk.syncFolder("\(path)/feeds")
    }

    private func setAside(_ file: FeedStateFiles.Damaged) {
        do throws(StoreError) {
            try quarantineFolder.keep(
                file.bytes[...], name: splitting(file.path).name, reason: file.reason, now: file.at)
            try disk.remove(file.path)
        } catch {
            note("\(file.path) could not be set aside: \(error)")
        }
    }

    // MARK: Derived files

    /// The bytes saved under that name; nil when there are none or they are damaged, so that the
    /// caller builds them again. Cost: one read, one checksum.
    package func derived(named name: String) -> [UInt8]? {
        guard isSafeName(name) else { return nil }
        do throws(StoreError) {
            try checkUsable()
            return try DerivedFile.payload(
                at: "\(path)/index/\(name)", disk: disk, bytesMax: options.derivedBytesMax)
        } catch {
            note("\(error); it is built again")
            return nil
        }
    }

    /// Puts derived bytes in place whole, durably. `name`: letters, digits, `.`, `_`, `-`.
    package func saveDerived(_ bytes: [UInt8], named name: String) throws(StoreError) {
        try checkUsable()
        guard isSafeName(name) else { throw .unsafeName(name) }
        let path = "\(self.path)/index/\(name)"
        guard bytes.count <= options.derivedBytesMax else {
            throw .fileTooLarge(
                path: path, bytes: bytes.count, bytesMax: options.derivedBytesMax)
        }
        try disk.replace(path, with: try DerivedFile.header(of: bytes)[...], bytes[...])
    }

    /// Removes what was saved under that name; content when there is nothing.
    package func removeDerived(named name: String) throws(StoreError) {
        try checkUsable()
        guard isSafeName(name) else { throw .unsafeName(name) }
        try disk.remove("\(path)/index/\(name)")
        try disk.syncFolder("\(path)/index")
    }

    // MARK: Quarantine

    /// Sets bytes aside with the reason. The same bytes under the same name are kept once; the
    /// oldest items make room. What of `name` cannot stand in a path becomes `_`.
    package func quarantine(
        _ bytes: [UInt8], name: String, reason: String, now: Instant
    ) throws(StoreError) {
        try checkUsable()
        try quarantineFolder.keep(bytes[...], name: name, reason: reason, now: now)
    }
}

/// What stands under `feeds/`: one sealed line a file, `<feed id>.json`.
struct FeedStateFiles {
    struct Damaged {
        var path: String
        var reason: String
        var bytes: [UInt8]
        /// When the file was last written: the moment of the loss is not known.
        var at: Instant
    }

    var states: [FeedState] = []
    var damaged: [Damaged] = []
    var unknown: [String] = []

    private static let suffix = ".json"

    init() {}

    init(root: String, disk: Disk, bytesMax: Int) throws(StoreError) {
        let folder = "\(root)/feeds"
        for name in try disk.names(in: folder) where !name.hasPrefix(Disk.temporaryPrefix) {
            let path = "\(folder)/\(name)"
            guard name.hasSuffix(Self.suffix),
                let id = FeedID(String(name.dropLast(Self.suffix.utf8.count))),
                let file = try disk.information(at: path), file.kind == .file,
                let bytes = try disk.contents(of: path, bytesMax: max(bytesMax, file.bytes))
            else {
                unknown.append(path)
                continue
            }
            if let state = Self.decoding(bytes), state.id == id {
                states.append(state)
            } else {
                let written = Instant(
                    millisecondsSince1970: file.modifiedNanoseconds / 1_000_000)
                damaged.append(
                    Damaged(
                        path: path, reason: "not a sound feed state", bytes: bytes, at: written))
            }
        }
    }

    static func path(of id: FeedID, in root: String) -> String {
        "\(root)/feeds/\(id.text)\(suffix)"
    }

    static func encoding(_ state: FeedState) throws(StoreError) -> [UInt8] {
        let object = try RecordLine.encodingObject(state)
        let open = Array("{\"v\":\(RecordLine.version),".utf8) + object.dropFirst().dropLast()
        return SealedLine.sealing(open) + [0x0A]
    }

    private static func decoding(_ bytes: [UInt8]) -> FeedState? {
        guard bytes.last == 0x0A, SealedLine.isSound(bytes.dropLast()) else { return nil }
        var state = try? JSONDecoder().decode(FeedState.self, from: Data(bytes))
        state?.takeOverOldNames()
        return state
    }
}

/// A file under `index/`: a sealed line that tells length and checksum, then the bytes.
enum DerivedFile {
    private struct Header: Codable {
        var bytes: Int
        var checksum: UInt32
    }
    private static let headerBytesMax = 256

    /// What stands before these bytes.
    static func header(of payload: [UInt8]) throws(StoreError) -> [UInt8] {
        let header = Header(bytes: payload.count, checksum: Checksum(of: payload).value)
        let object = try RecordLine.encodingObject(header)
        return SealedLine.sealing(Array(object.dropLast())) + [0x0A]
    }

    /// - Throws: `damaged` when the bytes are not those that were written.
    static func payload(
        at path: String, disk: Disk, bytesMax: Int
    ) throws(StoreError) -> [UInt8]? {
        let limit = bytesMax + headerBytesMax
        guard var file = try disk.contents(of: path, bytesMax: limit) else { return nil }
        guard let newline = file.prefix(headerBytesMax).firstIndex(of: 0x0A),
            SealedLine.isSound(file[..<newline]),
            let header = try? JSONDecoder().decode(Header.self, from: Data(file[..<newline])),
            header.bytes == file.count - newline - 1
        else { throw .damaged(path: path, reason: "its header does not fit its bytes") }
        // Where it is: a large one is not copied.
        file.removeSubrange(...newline)
        guard Checksum(of: file).value == header.checksum else {
            throw .damaged(path: path, reason: "its checksum is wrong")
        }
        return file
    }
}
