internal import FoundationEssentials
internal import News

/// Bytes set aside with the reason, in a folder of bounded size: the oldest make room.
///
/// An item is two files, `<name>.<digest>` and `<name>.<digest>.why.json`. The same bytes under the
/// same name are one item. Nothing here is synced: it is evidence, not the store.
struct QuarantineFolder {
    let disk: Disk
    let path: String
    let options: StoreOptions

    /// How an item explains itself.
    struct Why: Codable {
        var name: String
        var reason: String
        var at: Instant
        /// Bytes that the whole had; the file may hold only the first of them.
        var bytes: Int
    }

    /// Keeps the bytes; does nothing when they are here already.
    func keep(
        _ bytes: ArraySlice<UInt8>, name: String, reason: String, now: Instant
    ) throws(StoreError) {
        let kept = bytes.prefix(options.quarantineItemBytesMax)
        let digest = Digest(of: bytes).hexadecimal.prefix(12)
        let item = "\(path)/\(Self.safe(name)).\(digest)"
        guard try disk.information(at: item + Self.whySuffix) == nil else { return }
        let cut = kept.count < bytes.count ? " (the first \(kept.count) bytes are kept)" : ""
        let why = try RecordLine.encodingObject(
            Why(name: name, reason: reason + cut, at: now, bytes: bytes.count))
        try makeRoom(for: kept.count + why.count + 1)
        try disk.replace(item, with: kept, isDurable: false)
        try disk.replace(item + Self.whySuffix, with: (why + [0x0A])[...], isDurable: false)
    }

    private static let whySuffix = ".why.json"

    /// Removes the oldest items until one of that size fits.
    private func makeRoom(for bytes: Int) throws(StoreError) {
        var items: [(name: String, bytes: Int, modified: Int64)] = []
        for name in try disk.names(in: path) where !name.hasSuffix(Self.whySuffix) {
            guard let file = try disk.information(at: "\(path)/\(name)"), file.kind == .file
            else { continue }
            let why = try disk.information(at: "\(path)/\(name)\(Self.whySuffix)")
            items.append((name, file.bytes + (why?.bytes ?? 0), file.modifiedNanoseconds))
        }
        items.sort { ($0.modified, $0.name) < ($1.modified, $1.name) }
        var total = items.reduce(bytes) { $0 + $1.bytes }
        var count = items.count + 1
        for item in items {
            if count <= options.quarantineItemsMax && total <= options.quarantineBytesMax { break }
            try disk.remove("\(path)/\(item.name)\(Self.whySuffix)")
            try disk.remove("\(path)/\(item.name)")
            count -= 1
            total -= item.bytes
        }
    }

    /// What of a name may stand in a path: at most 80 letters, digits, `.`, `_` and `-`.
    private static func safe(_ name: String) -> String {
        let bytes = name.utf8.prefix(80).map { byte -> UInt8 in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2E, 0x5F, 0x2D: byte
            default: UInt8(ascii: "_")
            }
        }
        let text = String(decoding: bytes, as: UTF8.self)
        return isSafeName(text) ? text : "_" + text
    }
}
