internal import News

/// What was learnt since the last run was made, in memory: new documents, and what changed of
/// earlier ones.
struct IndexHead: Hashable, Sendable {
    /// The number of the first document.
    private(set) var first: UInt32
    var documents: [HeldDocument] = []
    /// Earlier documents that are other than their runs say.
    var changed: [UInt32: HeldDocument] = [:]
    var numbers: [ArticleID: UInt32] = [:]
    /// By the leading 64 bits of a name.
    var aliases: [UInt64: AliasTarget] = [:]
    /// The documents that have, or had, a content, the earliest of several.
    var contents: [Digest: UInt32] = [:]
    var shingles = PostingTable()
    var letters = PostingTable()

    init(first: UInt32) { self.first = first }

    /// Goes on behind what it holds, without it, in the same memory: growing anew would move all of
    /// it many times.
    mutating func beginAnew() {
        first = end
        documents.removeAll(keepingCapacity: true)
        changed = [:]
        numbers.removeAll(keepingCapacity: true)
        aliases.removeAll(keepingCapacity: true)
        contents.removeAll(keepingCapacity: true)
        shingles.removeAll()
        letters.removeAll()
    }

    var end: UInt32 { first + UInt32(truncatingIfNeeded: documents.count) }

    /// Whether all numbers that it names are those of documents.
    var areNumbersSound: Bool {
        let end = end
        let isSound = { (reference: HeldReference?) in
            if case .document(let number) = reference { number < end } else { true }
        }
        return documents.allSatisfy { $0.original < end && isSound($0.founder) }
            && changed.allSatisfy { $0.key < first && isSound($0.value.founder) }
            && aliases.values.allSatisfy { isSound($0.article) }
            && contents.values.allSatisfy { $0 < end }
    }

    /// Whether nothing was learnt.
    var isEmpty: Bool {
        documents.isEmpty && changed.isEmpty && aliases.isEmpty && contents.isEmpty
    }

    /// Rows that a document has: of usual ones some fifty, of a book thousands.
    static let rowsUsual = 64

    /// How much is in it, in documents with their usual names and rows.
    var weight: Int {
        max(
            documents.count, max(aliases.count, contents.count) / 4,
            (shingles.count + letters.count) / Self.rowsUsual)
    }
}

extension DuplicateIndex {
    /// Writes the head as a run, which has no documents when nothing but names was learnt. Nothing
    /// is written when nothing was learnt. Cost: about 5 µs a document.
    package func writeHead(blocks: RunBlocks = .usual, to sink: @escaping RunSink) throws {
        guard !head.isEmpty else { return }
        var writer = RunWriter(to: sink, blocks: blocks)
        var strangers = Strangers()
        try writeDocuments(to: &writer, &strangers)
        let ids = head.documents.enumerated().map {
            KeyedNumber(key: idKey($1.id), number: head.first + UInt32($0))
        }
        try write(ids, .ids, .idsDirectory, to: &writer)
        var (contents, former) = ([KeyedNumber](), [FormerContent]())
        for (hash, number) in head.contents.sorted(by: { $0.value < $1.value }) {
            if number >= head.first, document(number).contentHash == hash {
                contents.append(KeyedNumber(key: contentKey(hash), number: number))
            } else {
                former.append(FormerContent(hash: hash, number: number))
            }
        }
        try write(contents, .contents, .contentsDirectory, to: &writer)
        try writer.write(former)
        try writeAliases(to: &writer, &strangers)
        for id in strangers.ids { try writer.append(id.digest) }
        try writer.end(.strangers, count: strangers.ids.count)
        try write(held(head.shingles.pairs), .shingles, .shinglesDirectory, to: &writer)
        try write(held(head.letters.pairs), .letters, .lettersDirectory, to: &writer)
        try writer.finish(numbers: head.first..<head.end)
    }

    /// Those of documents that nobody took out.
    private func held(_ pairs: [KeyedNumber]) -> [KeyedNumber] {
        forgotten.numbers.isEmpty ? pairs : pairs.filter { !isForgotten($0.number) }
    }

    private func writeDocuments(to writer: inout RunWriter, _ strangers: inout Strangers) throws {
        try writer.appendFamilies(of: head.first..<head.end) {
            head.documents[Int($0 - head.first)].original
        }
        for document in head.documents {
            try writer.append(document, founder: strangers.code(document.founder))
        }
        try writer.end(.documents, count: head.documents.count)
        let changed = head.changed.sorted { $0.key < $1.key }
        for (number, _) in changed { try writer.append(number) }
        try writer.end(.changedNumbers, count: changed.count)
        for (_, document) in changed {
            try writer.append(document, founder: strangers.code(document.founder))
        }
        try writer.end(.changedDocuments, count: changed.count)
    }

    private func writeAliases(to writer: inout RunWriter, _ strangers: inout Strangers) throws {
        try writer.begin(.aliasesDirectory, BucketDirectory(rows: head.aliases.count))
        for (name, target) in head.aliases.sorted(by: { $0.key < $1.key }) {
            try writer.append(
                AliasRows.Row(
                    name: name, code: target.article.map { strangers.code($0) } ?? Run.nobody,
                    entry: target.entry?.bits ?? 0))
        }
        try writer.endRows(.aliases)
    }

    private func write(
        _ pairs: [KeyedNumber], _ section: Run.Section, _ directory: Run.Section,
        to writer: inout RunWriter
    ) throws {
        let rows = PackedRows(about: pairs.count, numbersEnd: head.end)
        try writer.begin(directory, rows.directory)
        for pair in inOrder(pairs) { try writer.append(pair, to: rows) }
        try writer.endRows(section)
    }
}

/// The ids that a run names and that are no document's, each once.
private struct Strangers {
    private(set) var ids: [ArticleID] = []
    private var places: [ArticleID: Int] = [:]

    mutating func code(_ reference: HeldReference) -> UInt32 {
        switch reference {
        case .document(let number): return number
        case .stranger(let id):
            let place = places[id] ?? ids.count
            if place == ids.count {
                ids.append(id)
                places[id] = place
            }
            return Run.strangerMark | UInt32(truncatingIfNeeded: place)
        }
    }
}

/// A content that a document had before it was revised, or that it got when it was.
struct FormerContent: Hashable, Comparable {
    var hash: Digest
    var number: UInt32

    static func < (a: FormerContent, b: FormerContent) -> Bool {
        (a.hash, a.number) < (b.hash, b.number)
    }
}

extension RunWriter {
    /// Puts them in order, each once.
    mutating func write(_ former: [FormerContent]) throws {
        var last: FormerContent?
        var count = 0
        for content in former.sorted() where content != last {
            try append(content.hash)
            try append(content.number)
            last = content
            count += 1
        }
        try end(.formerContents, count: count)
    }
}

/// Pairs in order, of which those of one key come in order: by twelve bits of the key at a time,
/// from the last to the first, each time without changing the order of equal ones. Cost: about
/// 10 ns each.
private func inOrder(_ pairs: [KeyedNumber]) -> [KeyedNumber] {
    let bits = 12
    var (from, to) = (pairs, pairs)
    for shift in stride(from: KeyedNumber.numberBits, to: 64, by: bits) {
        var places = Array(repeating: 0, count: 1 << bits)
        for pair in from { places[pair.digit(at: shift, bits)] += 1 }
        var next = 0
        for digit in places.indices { (places[digit], next) = (next, next + places[digit]) }
        for pair in from {
            let digit = pair.digit(at: shift, bits)
            to[places[digit]] = pair
            places[digit] += 1
        }
        swap(&from, &to)
    }
    return from
}

extension KeyedNumber {
    @inline(__always)
    fileprivate func digit(at shift: Int, _ count: Int) -> Int {
        Int(truncatingIfNeeded: bits >> UInt64(shift) & (1 << UInt64(count) - 1))
    }
}
