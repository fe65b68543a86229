internal import FoundationEssentials
internal import News

/// Makes one run of several with consecutive documents, oldest first: what later ones say of a
/// document or a name holds. Rows of letters that have left the window are left out, and so are all
/// rows of the documents `forgotten`. Cost: linear, about 3 µs a document; memory for what changed
/// of documents and for which are copies.
package func mergeRuns(
    _ runs: [Run], options: DecisionOptions, forgotten: Set<UInt32> = [],
    blocks: RunBlocks = .usual, to write: @escaping RunSink
) throws {
    guard let first = runs.first, let last = runs.last else { return }
    let merge = RunMerge(
        runs: runs, numbers: first.numbers.lowerBound..<last.numbers.upperBound, options: options,
        forgotten: forgotten)
    var writer = RunWriter(to: write, blocks: blocks)
    try merge.writeDocuments(to: &writer)
    try merge.writeRows(.ids, .idsDirectory, \.ids, .all, to: &writer)
    try merge.writeRows(.contents, .contentsDirectory, \.contents, .all, to: &writer)
    try merge.writeFormerContents(to: &writer)
    try merge.writeAliases(to: &writer)
    try merge.writeStrangers(to: &writer)
    try merge.writeRows(
        .shingles, .shinglesDirectory, \.shingles, .lowest(options.postingsMax), to: &writer)
    try merge.writeRows(
        .letters, .lettersDirectory, \.letters,
        .latest(
            options.letterPostingsMax, from: options.firstInWindow(of: merge.numbers.upperBound)),
        to: &writer)
    try writer.finish(numbers: merge.numbers)
}

extension DecisionOptions {
    /// The first of the documents whose rows of letters are remembered, when `end` are held.
    func firstInWindow(of end: UInt32) -> UInt32 {
        UInt32(clamping: Int(end) - letterWindow)
    }
}

private struct RunMerge {
    let runs: [Run]
    let numbers: Range<UInt32>
    let options: DecisionOptions
    let forgotten: Set<UInt32>
    /// By number of a document that changed: the run and the place that say last what it is.
    private let changes: [UInt32: (run: Int, index: Int)]
    /// What is added to the places of each run's strangers.
    private let strangersBefore: [Int]

    init(
        runs: [Run], numbers: Range<UInt32>, options: DecisionOptions, forgotten: Set<UInt32>
    ) {
        self.forgotten = forgotten
        self.runs = runs
        self.numbers = numbers
        self.options = options
        var changes: [UInt32: (run: Int, index: Int)] = [:]
        var strangers = [0]
        for (place, run) in runs.enumerated() {
            for index in 0..<run.place(.changedNumbers).count {
                changes[run.changedNumber(at: index)] = (place, index)
            }
            strangers.append((strangers.last ?? 0) + run.place(.strangers).count)
        }
        self.changes = changes
        strangersBefore = strangers
    }

    /// The same reference in the new run.
    private func code(_ code: UInt32, from run: Int) -> UInt32 {
        guard code >= Run.strangerMark, code != Run.nobody else { return code }
        return code &+ UInt32(truncatingIfNeeded: strangersBefore[run])
    }

    // MARK: Documents

    func writeDocuments(to writer: inout RunWriter) throws {
        var place = 0
        try writer.appendFamilies(of: numbers) { number in
            while number >= runs[place].numbers.upperBound { place += 1 }
            return runs[place].family(of: number)
        }
        for (place, run) in runs.enumerated() {
            for number in run.numbers {
                if let change = changes[number] {
                    try append(change, to: &writer)
                } else if forgotten.contains(number) {
                    try writer.append(.blank(run.id(of: number), number), founder: number)
                } else {
                    let document = run.document(number)
                    let founder = code(run.founderCode(of: number), from: place)
                    try writer.append(document, founder: founder)
                }
            }
        }
        try writer.end(.documents, count: numbers.count)
        let earlier = changes.keys.filter { $0 < numbers.lowerBound }.sorted()
        for number in earlier { try writer.append(number) }
        try writer.end(.changedNumbers, count: earlier.count)
        for number in earlier {
            if let change = changes[number] { try append(change, to: &writer) }
        }
        try writer.end(.changedDocuments, count: earlier.count)
    }

    private func append(_ change: (run: Int, index: Int), to writer: inout RunWriter) throws {
        let run = runs[change.run]
        try writer.append(
            run.changedDocument(at: change.index, original: 0),
            founder: code(run.founderCode(ofChanged: change.index), from: change.run))
    }

    func writeFormerContents(to writer: inout RunWriter) throws {
        var former: [FormerContent] = []
        for run in runs {
            for index in 0..<run.place(.formerContents).count {
                let content = run.formerContent(at: index)
                if !forgotten.contains(content.number) { former.append(content) }
            }
            // What is now written over.
            for (number, change) in changes
            where run.numbers.contains(number) && !forgotten.contains(number) {
                let (before, now) = (run.document(number), runs[change.run])
                let after = now.changedDocument(at: change.index, original: 0)
                if before.contentHash != after.contentHash {
                    former.append(FormerContent(hash: before.contentHash, number: number))
                }
            }
        }
        try writer.write(former)
    }

    func writeStrangers(to writer: inout RunWriter) throws {
        for run in runs {
            let place = run.place(.strangers)
            for index in 0..<place.count {
                try writer.append(run.digest(at: place.offset + 16 * index))
            }
        }
        try writer.end(.strangers, count: strangersBefore.last ?? 0)
    }

    // MARK: Names

    func writeAliases(to writer: inout RunWriter) throws {
        let count = runs.reduce(0) { $0 + $1.aliases.count }
        try writer.begin(.aliasesDirectory, BucketDirectory(rows: count))
        var next = runs.map { _ in 0 }
        // The names that come next in each run.
        var names = runs.map { $0.aliases.count > 0 ? $0.aliases.row(at: 0, $0.bytes) : nil }
        while true {
            var newest: Int?
            for (place, row) in names.enumerated() {
                guard let row else { continue }
                if let other = newest.flatMap({ names[$0] }), other.name < row.name { continue }
                newest = place
            }
            guard let newest, var row = names[newest] else { break }
            for place in runs.indices where names[place]?.name == row.name {
                next[place] += 1
                let aliases = runs[place].aliases
                names[place] =
                    next[place] < aliases.count
                    ? aliases.row(at: next[place], runs[place].bytes) : nil
            }
            row.code = code(row.code, from: newest)
            try writer.append(row)
        }
        try writer.endRows(.aliases)
    }

    // MARK: Rows

    /// Which numbers of one key are kept.
    enum Kept {
        case all
        case lowest(Int)
        /// None below `from`.
        case latest(Int, from: UInt32)
    }

    func writeRows(
        _ section: Run.Section, _ directory: Run.Section, _ rows: KeyPath<Run, PackedRows>,
        _ kept: Kept, to writer: inout RunWriter
    ) throws {
        // Who was taken out is found by id still.
        var merged = MergedRows(runs, rows, without: section == .ids ? [] : forgotten)
        let count = runs.reduce(0) { $0 + $1[keyPath: rows].count }
        let written = PackedRows(about: count, numbersEnd: numbers.upperBound)
        try writer.begin(directory, written.directory)
        // The pairs of one key; nearly every key has one.
        var group: [KeyedNumber] = []
        var last = merged.next()
        while let pair = last {
            last = merged.next()
            if last?.key == pair.key || !group.isEmpty {
                group.append(pair)
                if last?.key == pair.key { continue }
                for pair in selected(group, kept) { try writer.append(pair, to: written) }
                group.removeAll(keepingCapacity: true)
            } else if isSelected(pair, kept) {
                try writer.append(pair, to: written)
            }
        }
        try writer.endRows(section)
    }

    private func isSelected(_ pair: KeyedNumber, _ kept: Kept) -> Bool {
        if case .latest(_, let from) = kept { pair.number >= from } else { true }
    }

    private func selected(_ group: [KeyedNumber], _ kept: Kept) -> ArraySlice<KeyedNumber> {
        switch kept {
        case .all: return group[...]
        case .lowest(let most): return group.prefix(most)
        case .latest(let most, let from):
            let first = group.firstIndex { $0.number >= from } ?? group.endIndex
            return group[first...].suffix(most)
        }
    }
}

/// The rows of several runs in order, each pair once.
private struct MergedRows {
    private var cursors: [RowCursor]
    /// The bits of the next pair of each run.
    private var heads: [UInt64]
    /// Documents whose rows are left out.
    private let forgotten: Set<UInt32>

    init(_ runs: [Run], _ rows: KeyPath<Run, PackedRows>, without forgotten: Set<UInt32>) {
        self.forgotten = forgotten
        cursors = runs.map { RowCursor($0, $0[keyPath: rows]) }
        heads = Array(repeating: 0, count: runs.count)
        for place in heads.indices { heads[place] = cursors[place].next() }
    }

    mutating func next() -> KeyedNumber? {
        while true {
            var least = UInt64.max
            for place in heads.indices where heads[place] < least { least = heads[place] }
            guard least < UInt64.max else { return nil }
            for place in heads.indices where heads[place] == least {
                heads[place] = cursors[place].next()
            }
            let pair = KeyedNumber(bits: least)
            if forgotten.isEmpty || !forgotten.contains(pair.number) { return pair }
        }
    }
}

/// Goes through the rows of one run in order.
private struct RowCursor {
    private let run: Run
    private let rows: PackedRows
    private var block: [UInt64] = []
    private var blockNext = 0
    private var row = 0
    private var bucket = 0

    private static let blockLength = 1024

    init(_ run: Run, _ rows: PackedRows) {
        self.run = run
        self.rows = rows
    }

    /// The bits of the next pair; all set after the last.
    @inline(__always)
    mutating func next() -> UInt64 {
        if blockNext == block.count { fill() }
        guard blockNext < block.count else { return .max }
        blockNext += 1
        return block[blockNext - 1]
    }

    private mutating func fill() {
        block.removeAll(keepingCapacity: true)
        blockNext = 0
        let bytes = run.bytes
        while block.count < Self.blockLength, row < rows.count {
            let end = rows.bounds(ofBucket: bucket, bytes).end
            while row < end, block.count < Self.blockLength {
                block.append(rows.pair(row: rows.row(at: row, bytes), bucket: bucket).bits)
                row += 1
            }
            if row >= end {
                guard bucket + 1 < rows.directory.bucketCount else { return row = rows.count }
                bucket += 1
            }
        }
    }
}
