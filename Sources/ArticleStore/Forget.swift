internal import FoundationEssentials
internal import Glibc
package import News

/// Taking an article out of the store.
///
/// 1. The tombstone is durable, at the end of the store, before anything is taken away. From then
///    on the article is not held, whatever is still on the disk, and readers are told to pass it
///    over.
/// 2. Its bytes are taken away later, segment by segment (`erase`), by whoever has the time. What
///    is interrupted goes on after the next opening.
extension ArticleStore {
    /// Takes an article out, and returns when that is durable. Its records are on the disk until
    /// they are erased. Cost: one line and one small file; of one that was taken out before, one
    /// read of the segment with its tombstone.
    /// - Returns: the tombstone, also of one that was taken out before; nil when no such article is
    ///   held.
    package func forget(
        _ id: ArticleID, because reason: String?, at now: Instant
    ) throws(StoreError) -> Record? {
        if forgotten.contains(id) { return try tombstone(of: id) }
        guard holds(id) else { return nil }
        // Before there is a tombstone, so that nothing is done where this finds no room.
        try saveUnerased(unerased.union([id]))
        let records = try append([.tombstone(Tombstone(id: id, reason: reason))], at: now)
        _ = try sync()
        forgotten.insert(id)
        unerased.insert(id)
        return records.first
    }

    /// Whether no record of the article is left on the disk.
    package func isErased(_ id: ArticleID) -> Bool { !unerased.contains(id) }

    /// The tombstone that was appended: the last of the article's records.
    private func tombstone(of id: ArticleID) throws(StoreError) -> Record? {
        for index in segments.indices.reversed()
        where texts.findings(of: index)?.forgotten.contains(id) == true {
            let path = segments[index].path
            let descriptor = try disk.open(path, O_RDONLY)
            defer { disk.close(descriptor) }
            var scanner = SegmentScanner(disk: disk, descriptor: descriptor, path: path)
            var last: Record?
            while let piece = try scanner.next() {
                guard case .record(let head, let line, _) = piece, head.kind == .tombstone,
                    RecordLine.articleID(of: line, head: head) == id
                else { continue }
                last = RecordLine.readable(line, head: head, path: path) ?? last
            }
            if let last { return last }
        }
        return nil
    }

    /// Finds, when the store is opened, what an interrupted erasing left.
    func findUnerased() {
        let saved = Unerased.saved(in: path, disk: disk)
        unerased = forgotten.filter { saved?.contains($0) == true || texts[$0] != nil }
        if saved ?? [] != unerased || saved?.isEmpty == true { noteUnerased() }
    }

    /// Notes that no record of these is left.
    func noteErased(_ ids: Set<ArticleID>) {
        unerased.subtract(ids)
        noteUnerased()
    }

    private func noteUnerased() {
        do throws(StoreError) {
            try saveUnerased(unerased)
        } catch {
            note("which articles are still on the disk could not be saved: \(error)")
        }
    }

    /// Tells readers beside this process which articles to pass over.
    private func saveUnerased(_ ids: Set<ArticleID>) throws(StoreError) {
        if ids.isEmpty {
            try removeDerived(named: Unerased.fileName)
        } else {
            try saveDerived(
                try RecordLine.encodingObject(ids.sorted()), named: Unerased.fileName)
        }
    }
}

extension Record {
    /// What is left of a record once that article is taken out; nil when it does not speak of it.
    func left(without id: ArticleID) -> Record? {
        tombstone(of: id).map { Record(seq: seq, stored: stored, body: .tombstone($0)) }
    }
}

/// The file with the articles that were taken out and may have records on the disk still. It is
/// there only while that is so.
enum Unerased {
    static let fileName = "unerased"
    private static let bytesMax = 64 << 20

    /// nil when there is no such file; nobody when it is damaged.
    static func saved(in root: String, disk: Disk) -> Set<ArticleID>? {
        do {
            let path = "\(root)/index/\(fileName)"
            let bytes = try DerivedFile.payload(at: path, disk: disk, bytesMax: bytesMax)
            return try bytes.map { Set(try JSONDecoder().decode([ArticleID].self, from: Data($0))) }
        } catch {
            return []
        }
    }
}
