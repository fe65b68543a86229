internal import ArticleStore
internal import Deduplication
internal import News

extension Bench {
    /// Making records durable, in batches of several sizes: each batch is appended and synced.
    func measureAppending() throws {
        let bodies = try records(size(512, quick: 128))
        for batch in [1, 16, 128] {
            let work = Workload(
                documents: bodies.count,
                bytes: try bytesAppended(bodies, batch: batch).count, isOfDocuments: true)
            try measure("append/\(batch)", work, against: "write, fdatasync") {
                try withTemporaryFolder { folder in
                    let store = try ArticleStore(
                        opening: "\(folder)/store", now: ArticleStream.start)
                    defer { store.close() }
                    let subject = try time { try append(bodies, batch: batch, to: store) }
                    let written = try bytes(ofFiles: segmentPaths(ofStore: store.path))
                    let groups = lineGroups(of: written, linesEach: batch)
                    let reference = try time {
                        try writeDurably(groups, to: "\(folder)/reference")
                    }
                    return (subject, reference)
                }
            }
        }
    }

    /// Coming up with a store and its index: the index made anew from the records, and the index
    /// read from its file. The store is checked at each opening, so `open/store` is part of both.
    func measureOpening() throws {
        let bodies = try records(size(5000, quick: 400))
        var smaller: [String: Measurement] = [:]
        for count in [bodies.count / 5, bodies.count] {
            try withTemporaryFolder { folder in
                let path = "\(folder)/store"
                try makeStore(of: Array(bodies.prefix(count)), at: path)
                let stored = try bytes(ofFiles: segmentPaths(ofStore: path))
                let work = Workload(documents: count, bytes: stored.count, isOfDocuments: true)
                let reference = readingSegments(ofStore: path)
                let starts = [
                    ("open/store", openStore), ("open/rebuild", openAndRebuild),
                    ("open/load", openAndLoad),
                ]
                for (name, start) in starts {
                    smaller[name] = try measure(
                        "\(name)-\(count)", work, growsFrom: smaller[name], against: reference
                    ) {
                        try start(path)
                    }
                }
            }
        }
    }

    /// Checking everything in a store.
    func measureVerifying() throws {
        let bodies = try records(size(2000, quick: 200))
        try withTemporaryFolder { folder in
            let path = "\(folder)/store"
            try makeStore(of: bodies, at: path)
            let stored = try bytes(ofFiles: segmentPaths(ofStore: path))
            let work = Workload(documents: bodies.count, bytes: stored.count, isOfDocuments: true)
            try measure("verify", work, against: readingSegments(ofStore: path)) {
                let report = try StoreReader(at: path).verify { _ in }
                guard report.isSound else {
                    throw StoreError.damaged(path: path, reason: "\(report.sentences)")
                }
                return report.records
            }
        }
    }

    // MARK: -

    private func records(_ count: Int) throws -> [Record.Body] {
        var stream = ArticleStream()
        var holdings = Holdings()
        return try stream.articles(count).map { try holdings.take($0) }
    }

    private func bytesAppended(_ bodies: [Record.Body], batch: Int) throws -> [UInt8] {
        try withTemporaryFolder { folder in
            let store = try ArticleStore(opening: "\(folder)/store", now: ArticleStream.start)
            defer { store.close() }
            _ = try store.append(bodies, at: ArticleStream.start)
            return try bytes(ofFiles: segmentPaths(ofStore: store.path))
        }
    }

    /// A store with these records, some days of them, and the saved index.
    private func makeStore(of bodies: [Record.Body], at path: String) throws {
        let perDay = 300
        let store = try ArticleStore(opening: path, now: ArticleStream.start)
        defer { store.close() }
        var index = DuplicateIndex(options: DecisionOptions())
        for start in stride(from: 0, to: bodies.count, by: perDay) {
            let day = ArticleStream.start.adding(.seconds(86_400 * (start / perDay)))
            let end = min(start + perDay, bodies.count)
            for record in try store.append(Array(bodies[start..<end]), at: day) {
                index.insert(record, fingerprint: nil)
            }
        }
        _ = try store.sync()
        try store.saveDerived(index.serialised(), named: indexName)
    }

    /// Reads every segment and hashes it.
    func readingSegments(ofStore path: String) -> Reference {
        Reference(name: "read, FNV-1a") {
            try segmentPaths(ofStore: path).reduce(0) { try $0 &+ hashed(bytes(ofFiles: [$1])) }
        }
    }
}

private let indexName = "duplicates"

private func append(_ bodies: [Record.Body], batch: Int, to store: ArticleStore) throws -> Int {
    for start in stride(from: 0, to: bodies.count, by: batch) {
        let end = min(start + batch, bodies.count)
        _ = try store.append(Array(bodies[start..<end]), at: ArticleStream.start)
        _ = try store.sync()
    }
    return Int(store.lastSeq)
}

func openStore(at path: String) throws -> Int {
    let store = try ArticleStore(opening: path, now: ArticleStream.start)
    defer { store.close() }
    return Int(store.lastSeq)
}

private func openAndRebuild(at path: String) throws -> Int {
    let store = try ArticleStore(opening: path, now: ArticleStream.start)
    defer { store.close() }
    var index = DuplicateIndex(options: DecisionOptions())
    try StoreReader(at: path).forEachRecord(after: 0) { record in
        index.insert(record, fingerprint: nil)
        return true
    }
    return index.count
}

private func openAndLoad(at path: String) throws -> Int {
    let store = try ArticleStore(opening: path, now: ArticleStream.start)
    defer { store.close() }
    guard let saved = store.derived(named: indexName),
        var index = DuplicateIndex(serialised: saved, options: DecisionOptions())
    else { throw StoreError.damaged(path: path, reason: "the saved index is not read back") }
    try StoreReader(at: path).forEachRecord(after: index.lastSeq) { record in
        index.insert(record, fingerprint: nil)
        return true
    }
    return index.count
}
