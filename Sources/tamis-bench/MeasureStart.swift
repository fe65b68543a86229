internal import ArticleStore
internal import Foundation
internal import News

/// Coming up with a store that holds much: once each segment is read, as at the first start, then
/// tables tell of all but the last.
extension Bench {
    func measureStarting() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/store"
            let held = size(options.held, quick: 2000)
            let asked = try makeStore(holding: held, at: path)
            let files = segmentPaths(ofStore: path)
            let segmentBytes = try files.reduce(0) { try $0 + bytes(ofFiles: [$1]).count }
            let work = Workload(documents: held, bytes: segmentBytes, isOfDocuments: true)
            let reference = readingSegments(ofStore: path)
            let tables = "\(path)/index/texts"
            try measure("start/segments-\(held)", work, against: reference) {
                if FileManager.default.fileExists(atPath: tables) {
                    try FileManager.default.removeItem(atPath: tables)
                }
                return try openStore(at: path)
            }
            try measure("start/tables-\(held)", work, against: reference) {
                try openStore(at: path)
            }
            try writeSize(holding: held, segments: files.count, tables: tables)
            let store = try ArticleStore(opening: path, now: ArticleStream.start)
            defer { store.close() }
            let strangers = asked.map { ArticleID(Digest(kind: "stranger", $0.description)) }
            try measure(
                "start/ask-\(held)",
                Workload(documents: 2 * asked.count, bytes: 0, isOfDocuments: true),
                against: Reference.hash(asked.map { Array($0.description.utf8) })
            ) {
                let found = asked.count { store.holds($0) } - strangers.count { store.holds($0) }
                guard found == asked.count else { throw Unfound() }
                return found
            }
        }
    }

    /// A store of so many short articles, some thousand a day.
    /// - Returns: the ids of some of them.
    private func makeStore(holding held: Int, at path: String) throws -> [ArticleID] {
        let perDay = size(5000, quick: 100)
        let store = try ArticleStore(opening: path, now: ArticleStream.start)
        defer { store.close() }
        var stream = ArticleStream()
        let verdict = Verdict(kind: .new, evidence: Evidence(rule: "", rules: 1))
        var asked: [ArticleID] = []
        for start in stride(from: 0, to: held, by: perDay) {
            let day = ArticleStream.start.adding(.seconds(86_400 * (start / perDay)))
            let articles = (start..<min(start + perDay, held)).map { _ in
                stream.plainArticle(words: 30)
            }
            _ = try store.append(articles.map { .article($0, verdict) }, at: day)
            _ = try store.sync()
            asked += articles.prefix(10).map(\.id)
        }
        return asked
    }

    private func writeSize(holding held: Int, segments: Int, tables: String) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: tables)
        let tableBytes = try names.reduce(0) { try $0 + bytes(ofFiles: ["\(tables)/\($1)"]).count }
        try writeLine(
            of: StoreSize(
                name: "start-size/\(held)", documents: held, segments: segments,
                tables: names.count, tableBytesEach: rounded(Double(tableBytes) / Double(held))))
    }
}

/// How much a store takes beside its segments.
private struct StoreSize: Encodable {
    let name: String
    let documents: Int
    let segments: Int
    let tables: Int
    let tableBytesEach: Double

    enum CodingKeys: String, CodingKey {
        case name, documents, segments, tables
        case tableBytesEach = "table_bytes_each"
    }
}

private struct Unfound: Error, CustomStringConvertible {
    var description: String { "the store does not hold what it was given" }
}
