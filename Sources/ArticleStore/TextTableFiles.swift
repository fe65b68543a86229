internal import News

/// The files of `TextTable`s, under `index/texts`: derived, so one that is not as it was written is
/// of no use, and no loss.
struct TextTableFiles: Sendable {
    private let folder: String
    private let files: MappedFiles
    private let disk: Disk

    static let folderName = "texts"

    init(ofStore root: String, disk: Disk) {
        folder = "\(root)/index/\(Self.folderName)"
        files = MappedFiles(in: folder, disk: disk)
        self.disk = disk
    }

    /// Every table that is as it was written. Cost: reads them all.
    func readAll() -> [TextTable] {
        let names = (try? files.names(beginning: TextTable.namePrefix)) ?? []
        return names.compactMap { read($0) }
    }

    /// How many are as they were written, and the names of those that are not.
    func check() throws(StoreError) -> (sound: Int, damaged: [String]) {
        let names = try files.names(beginning: TextTable.namePrefix)
        let damaged = names.filter { read($0) == nil }
        // One that was merged meanwhile is gone.
        let left = try Set(files.names(beginning: TextTable.namePrefix))
        return (names.count - damaged.count, damaged.filter(left.contains))
    }

    /// A file is read from the disk before it is read where it lies: a page that the disk cannot
    /// give would end the process.
    private func read(_ name: String) -> TextTable? {
        var checksum = Checksum()
        var tail: [UInt8] = []
        let isRead: Void? = try? files.readWhole(name) { bytes in
            tail += bytes
            let ready = tail.dropLast(Self.sumLength)
            ready.withUnsafeBytes { checksum.update($0) }
            tail = tail.suffix(Self.sumLength)
        }
        guard isRead != nil, let file = files.open(name), let table = TextTable(file),
            table.name == name, checksum.value == table.checksum
        else { return nil }
        return table
    }

    private static let sumLength = 8

    /// Completes findings by when their segment was last written.
    /// - Throws: `changedOutside`, `replaced` when it is not as it was read.
    func stamp(_ findings: inout SegmentFindings, at path: String) throws(StoreError) {
        guard let found = try disk.information(at: path), found.kind == .file else {
            throw .replaced(path: path)
        }
        let modified = findings.modified ?? found.modifiedNanoseconds
        guard found.bytes == findings.bytes, found.modifiedNanoseconds == modified else {
            throw .changedOutside(path: path, bytes: found.bytes, expected: findings.bytes)
        }
        findings.modified = modified
    }

    // MARK: Making

    /// Writes a table of sorted rows.
    func write(
        _ rows: [TextTable.Row], _ findings: [SegmentFindings], first: Int
    ) throws -> TextTable {
        try table(first: first) { sink in
            var writer = TextTableWriter(count: rows.count, to: sink)
            for row in rows { try writer.add(row) }
            try writer.finish(findings)
        }
    }

    /// Writes one table of several. Their files stay.
    func merge(_ tables: ArraySlice<TextTable>) throws -> TextTable {
        try table(first: tables.first?.first ?? 0, from: tables.map(\.file)) { sink in
            try mergeTables(tables, to: sink)
        }
    }

    /// Writes a table anew without the texts of some articles. The old file stays.
    func rewrite(
        _ table: TextTable, _ findings: [SegmentFindings], without ids: Set<ArticleID>
    ) throws -> TextTable {
        try self.table(first: table.first) { sink in
            var writer = TextTableWriter(count: table.count, to: sink)
            for index in 0..<table.count where !ids.contains(table.row(at: index).id) {
                try writer.add(table.row(at: index))
            }
            try writer.finish(findings)
        }
    }

    private func table(
        first: Int, from sources: [MappedFile] = [],
        _ make: (_ sink: @escaping ([UInt8]) throws -> Void) throws -> Void
    ) throws -> TextTable {
        var made: TextTable?
        _ = try files.write(
            named: { file in
                made = TextTable(file)
                return made?.name
            }, from: sources
        ) { write in
            var offset = 0
            try make { bytes in
                try write(bytes, offset)
                offset += bytes.count
            }
        }
        guard var made else { throw StoreError.unencodable(reason: "a table of texts") }
        made.first = first
        return made
    }

    func remove(_ names: [String]) throws(StoreError) {
        for name in names { try disk.remove("\(folder)/\(name)") }
    }

    /// Removes the files of tables but these.
    func removeAll(except tables: [TextTable]) throws(StoreError) {
        try files.removeAll(
            beginning: TextTable.namePrefix, except: Set(tables.map(\.name)))
    }
}
