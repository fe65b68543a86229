internal import FoundationEssentials
internal import Glibc
package import News

/// The articles that the seed corpus gave, so that a restart opens no unchanged file, and so that a
/// seed's text is at hand when another is compared with it.
///
/// Derived: `index/seeds.jsonl` may be deleted at any time. Its lines are sealed; damage costs the
/// file whose articles it struck, which is then read again; a damaged head costs all of it.
/// Same owner and queue as the store. Memory: 24 bytes an article, one entry a file.
package final class SeedMemory {
    /// Its name under `index/`.
    static let fileName = "seeds.jsonl"
    fileprivate static let version = 1

    fileprivate let disk: Disk
    fileprivate let path: String
    fileprivate let reader: String
    fileprivate var shelf = Shelf()
    fileprivate var descriptor: Int32?
    /// Whether something was there that could not be used.
    package private(set) var wasDamaged = false

    init(path: String, reader: String, disk: Disk) {
        self.path = path
        self.reader = reader
        self.disk = disk
        do throws(StoreError) {
            try load()
        } catch {
            // There was none, or it cannot be read: the corpus is.
            wasDamaged = (try? disk.information(at: path)) != nil
            shelf = Shelf()
        }
    }

    deinit { if let descriptor { disk.close(descriptor) } }

    package var filesCount: Int { shelf.files.count }
    package var articlesCount: Int { shelf.articles.count }

    /// Whether these files are held, unchanged, and no others.
    package func isUpToDate(with files: [SeedFile]) -> Bool {
        files.count == shelf.files.count && files.allSatisfy { holds($0) }
    }

    /// Whether the file's articles are here and it was not touched since.
    package func holds(_ file: SeedFile) -> Bool {
        shelf.files[file.path]?.stamp == file.stamp
    }

    /// The sentences of what was wrong in that file when it was read, bounded.
    package func problems(of file: SeedFile) -> [String] {
        shelf.files[file.path]?.problems ?? []
    }

    /// The seed article of that id; nil when there is none. Cost: one read.
    package func article(_ id: ArticleID) -> Article? {
        guard let descriptor, let offset = shelf.articles.offset(of: id) else { return nil }
        var lines = scanner(descriptor, from: offset)
        guard let line = try? lines.line(), SealedLine.isSound(line.bytes) else { return nil }
        return (try? JSONDecoder().decode(ArticleLine.self, from: Data(line.bytes)))?.article
    }

    /// Visits every seed article, file by file. Cost: one read, about 15 µs each.
    package func forEachArticle(_ visit: (Article) -> Void) throws(StoreError) {
        guard let descriptor else { return }
        for entry in shelf.files.values.sorted(by: { $0.start < $1.start }) {
            var lines = scanner(descriptor, from: entry.start)
            for _ in 0..<entry.articles {
                guard let line = try lines.line() else { break }
                let found = try? JSONDecoder().decode(ArticleLine.self, from: Data(line.bytes))
                if let found { visit(found.article) }
            }
        }
    }

    /// Begins the next memory; call it before the files are read. What is neither kept nor added
    /// is forgotten when it is finished.
    package func rewriting() throws(StoreError) -> SeedRewrite {
        try SeedRewrite(replacing: self)
    }

    // MARK: -

    fileprivate func scanner(_ descriptor: Int32, from offset: Int) -> LineScanner {
        LineScanner(
            disk: disk, descriptor: descriptor, path: path, from: offset,
            lineBytesMax: StoreOptions.recordBytesLimit)
    }

    private func load() throws(StoreError) {
        let descriptor = try disk.open(path, O_RDONLY)
        self.descriptor = descriptor
        var lines = scanner(descriptor, from: 0)
        guard let head = try lines.line(), head.bytes.elementsEqual(Self.head(reader: reader))
        else { throw .damaged(path: path, reason: "made by another reader") }
        var start = head.end
        var found: [(ArticleID, Int)] = []
        var isSound = true
        while let line = try lines.line() {
            if let file = FileLine(line.bytes) {
                if isSound && file.articles == found.count {
                    shelf.add(file, start: start, articles: found)
                } else {
                    wasDamaged = true
                }
                start = line.end
                found = []
                isSound = true
            } else if let id = ArticleLine.id(of: line.bytes) {
                found.append((id, line.offset))
            } else {
                isSound = false
            }
        }
        if start != lines.end { wasDamaged = true }
        shelf.articles.putInOrder()
    }

    /// The first line, without its newline.
    fileprivate static func head(reader: String) -> [UInt8] {
        let name = Digest(kind: "seed-reader", reader).hexadecimal
        return SealedLine.sealing(Array("{\"seeds\":\(version),\"reader\":\"\(name)\"".utf8))
    }

    fileprivate func take(_ shelf: Shelf) throws(StoreError) {
        if let descriptor { disk.close(descriptor) }
        descriptor = nil
        self.shelf = shelf
        self.shelf.articles.putInOrder()
        wasDamaged = false
        descriptor = try disk.open(path, O_RDONLY)
    }
}

extension ArticleStore {
    /// The seed memory of this store. `reader` names whatever decides what a file becomes (the
    /// extraction's version, the field names): another one starts anew.
    package func seedMemory(reader: String) -> SeedMemory {
        SeedMemory(path: "\(path)/index/\(SeedMemory.fileName)", reader: reader, disk: disk)
    }
}

/// The next seed memory while it is written. The old one serves until `finish`.
package final class SeedRewrite {
    private let memory: SeedMemory
    private let temporary: String
    private let descriptor: Int32
    private var shelf = Shelf()
    private var buffer: [UInt8] = []
    private var written = 0
    private var start = 0
    private var open: [(ArticleID, Int)] = []
    private var isFinished = false
    /// A file that changed later than this may change again without a new time of modification,
    /// which moves in steps: its stamp proves nothing, and the next start reads it once more.
    private let stampsCountUntil: Int64

    private static let stampSafetyNanoseconds: Int64 = 1_000_000_000
    private static let bufferBytes = 1 << 20
    /// Sentences kept of one file.
    private static let problemsMax = 20

    fileprivate init(replacing memory: SeedMemory) throws(StoreError) {
        self.memory = memory
        let (folder, name) = splitting(memory.path)
        temporary = "\(folder)/\(Disk.temporaryPrefix)\(name)"
        try memory.disk.remove(temporary)
        descriptor = try memory.disk.open(temporary, O_RDWR | O_CREAT | O_EXCL)
        let made = try memory.disk.information(of: descriptor, path: temporary)
        stampsCountUntil = made.modifiedNanoseconds - Self.stampSafetyNanoseconds
        buffer = SeedMemory.head(reader: memory.reader) + [0x0A]
        start = buffer.count
    }

    deinit {
        memory.disk.close(descriptor)
        if !isFinished { try? memory.disk.remove(temporary) }
    }

    /// Copies what the old memory holds of an unchanged file, or, when its bytes turn out to be
    /// the same (`digest`), of one that was only touched.
    /// - Returns: false when it does not hold it; then the file must be read.
    package func keep(_ file: SeedFile, digest: Digest? = nil) throws(StoreError) -> Bool {
        guard let entry = memory.shelf.files[file.path], let source = memory.descriptor,
            entry.stamp == file.stamp || entry.digest == digest, shelf.files[file.path] == nil
        else { return false }
        var lines = memory.scanner(source, from: entry.start)
        for _ in 0..<entry.articles {
            guard let line = try lines.line(), let id = ArticleLine.id(of: line.bytes) else {
                try discard()
                return false
            }
            try write(line.bytes, of: id)
        }
        try end(file, digest: entry.digest, problems: entry.problems)
        return true
    }

    /// Adds an article of the file that is being read.
    package func add(_ article: Article) throws(StoreError) {
        let object = try RecordLine.encodingObject(article)
        let open = Array("{\"id\":\"\(article.id)\",\"article\":".utf8) + object
        try write(SealedLine.sealing(open)[...], of: article.id)
    }

    /// Takes back what was added since the last `end`: the file could not be read to its end.
    package func discard() throws(StoreError) {
        if start >= written {
            buffer.removeSubrange((start - written)...)
        } else {
            try memory.disk.truncate(descriptor, to: start, path: temporary)
            written = start
            buffer = []
        }
        open = []
    }

    /// Ends the file whose articles were added: only now do they count. `problems`: what was wrong
    /// in it, of which the first twenty are remembered.
    package func end(
        _ file: SeedFile, digest: Digest, problems: [String] = []
    ) throws(StoreError) {
        var stamp = file.stamp
        if stamp.modified > stampsCountUntil { stamp.modified = -1 }
        let line = FileLine(
            path: file.path, stamp: stamp, digest: digest, articles: open.count,
            problems: Array(problems.prefix(Self.problemsMax)))
        let object = try RecordLine.encodingObject(line)
        buffer += SealedLine.sealing(Array("{\"file\":".utf8) + object) + [0x0A]
        shelf.add(line, start: start, articles: open)
        start = written + buffer.count
        open = []
        try flush(atLeast: Self.bufferBytes)
    }

    /// Puts the new memory in the place of the old, durably.
    package func finish() throws(StoreError) {
        try flush(atLeast: 1)
        try memory.disk.syncData(descriptor, path: temporary)
        try memory.disk.rename(temporary, to: memory.path)
        isFinished = true
        try memory.disk.syncFolder(splitting(memory.path).folder)
        try memory.take(shelf)
    }

    private func write(_ line: ArraySlice<UInt8>, of id: ArticleID) throws(StoreError) {
        open.append((id, written + buffer.count))
        buffer += line
        buffer.append(0x0A)
        try flush(atLeast: Self.bufferBytes)
    }

    private func flush(atLeast bytes: Int) throws(StoreError) {
        guard buffer.count >= bytes else { return }
        try memory.disk.write(buffer[...], to: descriptor, at: written, path: temporary)
        written += buffer.count
        buffer = []
    }
}

/// What a memory holds, and where.
private struct Shelf {
    struct Entry {
        var stamp: SeedFile.Stamp
        var digest: Digest
        var articles: Int
        var problems: [String]
        /// Where its first line begins.
        var start: Int
    }

    var files: [String: Entry] = [:]
    var articles = SeedRows()

    mutating func add(_ file: FileLine, start: Int, articles found: [(ArticleID, Int)]) {
        files[file.path] = Entry(
            stamp: file.stamp, digest: file.digest, articles: file.articles,
            problems: file.problems, start: start)
        for (id, offset) in found { articles.append(id, at: offset) }
    }
}

/// Where the line of each article begins: rows, which are put in order of their ids when all are
/// there. A dictionary would take twice as much.
private struct SeedRows {
    private var rows: [(id: ArticleID, offset: Int)] = []

    var count: Int { rows.count }

    /// Adds one whose line is behind all others.
    mutating func append(_ id: ArticleID, at offset: Int) { rows.append((id, offset)) }

    /// Of several articles with one id the first counts.
    mutating func putInOrder() {
        rows.sort { ($0.id, $0.offset) < ($1.id, $1.offset) }
        var kept: [(id: ArticleID, offset: Int)] = []
        kept.reserveCapacity(rows.count)
        for row in rows where kept.last?.id != row.id { kept.append(row) }
        rows = kept
    }

    /// nil when there is no such article. Cost: a search by halving.
    func offset(of id: ArticleID) -> Int? {
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if rows[middle].id < id { low = middle + 1 } else { high = middle }
        }
        return low < rows.count && rows[low].id == id ? rows[low].offset : nil
    }
}

private struct ArticleLine: Decodable {
    var article: Article

    /// The id of a sound line that holds an article.
    static func id(of line: ArraySlice<UInt8>) -> ArticleID? {
        let mark = Array("{\"id\":\"".utf8)
        guard line.starts(with: mark), SealedLine.isSound(line) else { return nil }
        return ArticleID(String(decoding: line.dropFirst(mark.count).prefix(32), as: UTF8.self))
    }
}

/// The line that ends a file's articles.
private struct FileLine: Codable {
    var path: String
    var stamp: SeedFile.Stamp
    var digest: Digest
    var articles: Int
    var problems: [String]

    private struct Outer: Decodable { var file: FileLine }

    init(
        path: String, stamp: SeedFile.Stamp, digest: Digest, articles: Int, problems: [String]
    ) {
        self.path = path
        self.stamp = stamp
        self.digest = digest
        self.articles = articles
        self.problems = problems
    }

    init?(_ line: ArraySlice<UInt8>) {
        guard line.starts(with: Array("{\"file\":".utf8)), SealedLine.isSound(line),
            let outer = try? JSONDecoder().decode(Outer.self, from: Data(line))
        else { return nil }
        self = outer.file
    }
}
