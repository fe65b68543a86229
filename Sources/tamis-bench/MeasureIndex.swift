internal import Deduplication
internal import Foundation
internal import Ingestion
internal import News

/// The index by itself: how much of it is on disk and how much in memory, how soon it is open, and
/// what it costs to ask it then.
extension Bench {
    func measureIndex() throws {
        try withTemporaryFolder { folder in
            try FileManager.default.createDirectory(
                atPath: "\(folder)/index", withIntermediateDirectories: true)
            let runs = RunKeeper(ofStore: folder)
            let held = size(options.held, quick: 1000)
            let saved = try makeIndex(of: held, keptBy: runs)
            var stream = ArticleStream()
            let asked = stream.plainArticles(size(1000, quick: 50))
            let texts = asked.map { Array($0.text.utf8) }
            let reference = Reference.hash(texts)
            var work = Workload(texts)
            work.isOfDocuments = true
            var index: DuplicateIndex?
            try measure("index-open/\(held)", work, against: reference.name) {
                index = nil
                let subject = time {
                    index = DuplicateIndex(serialised: saved, options: Self.plain, run: runs.open)
                    return index?.count ?? 0
                }
                return (subject, try timeRepeatedly(secondsMin: 0.01, reference.work))
            }
            guard let index, index.count == held else { throw UnreadIndex() }
            let byID = Dictionary(asked.map { ($0.id, $0) }) { first, _ in first }
            try measure("index-ask/\(held)", work, against: reference.name) {
                let subject = time {
                    asked.reduce(0) { found, article in
                        let fingerprint = Fingerprint(of: article, options: Self.plain)
                        let verdict = index.verdict(on: article, fingerprint) { byID[$0] }
                        return found + (verdict.kind == .duplicate ? 1 : 0)
                    }
                }
                return (subject, try timeRepeatedly(secondsMin: 0.01, reference.work))
            }
        }
    }

    private static var plain: DecisionOptions {
        var options = DecisionOptions()
        options.tellsStories = false
        return options
    }

    /// An index of so many new documents, as its own bytes; its runs are with `runs`. Prints how
    /// large it is.
    private func makeIndex(of held: Int, keptBy runs: RunKeeper) throws -> [UInt8] {
        var index = DuplicateIndex(options: Self.plain)
        var stream = ArticleStream()
        let before = ProcessClock.anonymousMemoryBytes
        let verdict = Verdict(kind: .new, evidence: Evidence(rule: "", rules: decisionRules))
        while index.count < held {
            let article = stream.plainArticle()
            index.insert(
                Record(
                    seq: index.lastSeq + 1, stored: article.seen, body: .article(article, verdict)),
                fingerprint: nil)
            let newest = index.runs.last?.name
            try runs.settle(&index)
            if index.runs.last?.name == newest { continue }
            try runs.removeAll(except: index.runs)
            if isEndAskedFor { throw Interrupted() }
        }
        let saved = index.serialised()
        let each = { (bytes: Int) in rounded(Double(bytes) / Double(held)) }
        let letters = index.runs.reduce(0) { $0 + $1.lettersLength }
        try writeLine(
            of: IndexSize(
                name: "index-size/\(held)", documents: held, runs: index.runs.count,
                diskBytesEach: each(index.runs.reduce(saved.count - letters) { $0 + $1.length }),
                letterBytesEach: each(letters),
                memoryBytesEach: each(ProcessClock.anonymousMemoryBytes - before),
                mappedBytesEach: each(ProcessClock.mappedMemoryBytes)))
        return saved
    }
}

/// How large an index is, in bytes a document.
private struct IndexSize: Encodable {
    let name: String
    let documents: Int
    let runs: Int
    /// All but the letters of the latest documents.
    let diskBytesEach: Double
    let letterBytesEach: Double
    /// Resident and of no file, beside what was there before.
    let memoryBytesEach: Double
    /// Resident of files, which the kernel takes back when it wants memory.
    let mappedBytesEach: Double

    enum CodingKeys: String, CodingKey {
        case name, documents, runs
        case diskBytesEach = "disk_bytes_each"
        case letterBytesEach = "letter_bytes_each"
        case memoryBytesEach = "memory_bytes_each"
        case mappedBytesEach = "mapped_bytes_each"
    }
}

private struct UnreadIndex: Error, CustomStringConvertible {
    var description: String { "the index is not read back as it was saved" }
}

private struct Interrupted: Error, CustomStringConvertible {
    var description: String { "ended while the index was made" }
}
