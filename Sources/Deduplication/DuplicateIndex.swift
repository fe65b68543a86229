package import News

/// Deduplication answers three questions about an article: has it been seen, in these words or
/// nearly? What in it is new? Which story does it belong to?
///
/// The index remembers, of all that is held, names, hashes and a sample of shingles, no text;
/// before anything is called a copy, the stored text is compared in full. It is a value: whoever
/// owns it asks for a verdict, writes the outcome to disk, and only then lets the index learn it.
///
/// 1. A verdict changes nothing, and is the same for the same held documents, in whatever order
///    unrelated ones were learnt.
/// 2. A copy is a copy of an original: copies never form chains. One that is much more alike may be
///    named, but the family is the original's, with which it was compared.
/// 3. Learning a record twice is learning it once.
/// 4. What was saved and is read back decides as before; what was damaged is refused whole.
package struct DuplicateIndex: Sendable {
    /// What all verdicts are held against.
    package internal(set) var options: DecisionOptions
    /// The last record learnt; 0 before the first.
    package internal(set) var lastSeq: UInt64 = 0

    var documents: [HeldDocument] = []
    /// The original of each document once more: it is asked for very often, and many fit into a
    /// cache line.
    var families: [UInt32] = []
    var numbers: [ArticleID: UInt32] = [:]
    var aliases: [Alias: AliasTarget] = [:]
    /// The earliest document with that content.
    var contents: [Digest: UInt32] = [:]
    var shingles = PostingTable()
    var stories = StoryIndex()
    var letters = LetterIndex()
    /// The newest `time` of all documents.
    var latest = Instant.distantPast
    /// What people said of pairs. Not part of a saved index: the store has it.
    var marks = Marks()
    /// By document: the original that a mark gives it.
    var markedOriginals: [UInt32: UInt32] = [:]

    /// What is remembered of a document; its text is elsewhere.
    struct HeldDocument: Hashable, Sendable {
        var id: ArticleID
        /// Of its latest text.
        var contentHash: Digest
        var seen: Instant
        /// When it or the last edited copy of it was published, as far as that is believed: never
        /// after it was seen.
        var time: Instant
        /// The document that it is a copy of, or itself.
        var original: UInt32
        var story: StoryID
        /// Rows of letters of its latest text.
        var letterRows: UInt16 = 0
    }

    struct AliasTarget: Hashable, Sendable {
        /// nil for an entry that gave no article.
        var article: ArticleID?
        var entryDigest: Digest?
    }

    package init(options: DecisionOptions) { self.options = options }

    /// How many documents are held.
    package var count: Int { documents.count }

    /// What an alias leads to, and the digest of the entry that used it last; nil when it was never
    /// seen. The article is nil for an entry that was rejected.
    package func known(_ alias: Alias) -> (article: ArticleID?, entryDigest: Digest?)? {
        aliases[alias].map { ($0.article, $0.entryDigest) }
    }

    // MARK: Learning

    /// Learns what the disk has. Records come in order of `seq`; one that is not after the last is
    /// known already. `fingerprint` is made when nil.
    package mutating func insert(_ record: Record, fingerprint: Fingerprint?) {
        if record.seq > 0 {
            guard record.seq > lastSeq else { return }
            lastSeq = record.seq
        }
        switch record.body {
        case .article(let article, let verdict), .revision(let article, let verdict):
            let original = verdict.kind == .nearDuplicate ? verdict.of?.id : nil
            learn(article, fingerprint, copyOf: original, story: verdict.story?.id)
        case .sighting(let sighting):
            learn(sighting.aliases, of: sighting.id, sighting.entryDigest)
        case .rejection(let rejected):
            learn(rejected.aliases, of: nil, rejected.entryDigest)
        case .correction(let mark): note(mark)
        }
    }

    /// Lets the next record come from another store, whose places begin anew.
    package mutating func forgetPlace() { lastSeq = 0 }

    /// Learns a document of the seed corpus, which has no verdict: its story is found here.
    package mutating func insertSeed(_ article: Article, fingerprint: Fingerprint?) {
        learn(article, fingerprint, copyOf: nil, story: nil)
    }

    private mutating func learn(_ names: [Alias], of article: ArticleID?, _ entry: Digest?) {
        for alias in names {
            // A rejected entry does not take a name away from an article.
            let held = article ?? aliases[alias]?.article
            aliases[alias] = AliasTarget(article: held, entryDigest: entry)
        }
    }

    private mutating func learn(
        _ article: Article, _ fingerprint: Fingerprint?, copyOf original: ArticleID?,
        story: StoryID?
    ) {
        learn(article.aliases, of: article.id, article.entryDigest)
        if let number = numbers[article.id] {
            guard documents[Int(number)].contentHash != article.contentHash else { return }
            documents[Int(number)].contentHash = article.contentHash
            learnText(of: article, fingerprint, number)
            return
        }
        guard documents.count < PostingTable.documentsMax else { return }
        let number = UInt32(documents.count)
        let fingerprint = fingerprint ?? Fingerprint(of: article, options: options)
        let story =
            story ?? nearestStory(to: article, fingerprint) ?? StoryID(startedBy: article.id)
        let originalNumber = original.flatMap { numbers[$0] }.map { documents[Int($0)].original }
        documents.append(
            HeldDocument(
                id: article.id, contentHash: article.contentHash, seen: article.seen,
                time: storyTime(of: article), original: originalNumber ?? number, story: story))
        families.append(originalNumber ?? number)
        numbers[article.id] = number
        if !marks.of(article.id).isEmpty { moveMarked() }
        learnText(of: article, fingerprint, number)
        latest = max(latest, documents[Int(number)].time)
        // Copies inherit their story and do not move it; one that was edited keeps it alive, the
        // same words once more do not.
        let time = documents[Int(number)].time
        if let originalNumber {
            documents[Int(originalNumber)].time = max(documents[Int(originalNumber)].time, time)
            stories.touch(originalNumber, at: time)
        } else {
            stories.append(
                fingerprint.features, document: number, story: story, time: time, options: options)
        }
        stories.prune(latest: latest, options: options)
    }

    private mutating func learnText(
        of article: Article, _ fingerprint: Fingerprint?, _ number: UInt32
    ) {
        if let held = contents[article.contentHash] {
            if isEarlier(number, than: held) { contents[article.contentHash] = number }
        } else {
            contents[article.contentHash] = number
        }
        let fingerprint = fingerprint ?? Fingerprint(of: article, options: options)
        documents[Int(number)].letterRows = UInt16(clamping: fingerprint.letterKeys.count)
        letters.insert(fingerprint.letterKeys, document: number, options: options)
        let original = documents[Int(number)].original
        var holders: [UInt32] = []
        for shingle in fingerprint.sample {
            // What the original has, a copy need not be listed for.
            if original != number {
                holders.removeAll(keepingCapacity: true)
                shingles.collect(shingle, into: &holders)
                if holders.contains(original) { continue }
            }
            shingles.insert(shingle, document: number, most: options.postingsMax)
        }
    }

    // MARK: Order among documents

    /// Earlier seen, else by id: the same whatever the order of learning.
    func isEarlier(_ a: UInt32, than b: UInt32) -> Bool { age(of: a) < age(of: b) }

    /// By which documents are put in order. Closures compare these: one that asked the index would
    /// copy it.
    struct Age: Comparable {
        var seen: Instant
        var id: ArticleID

        static func < (a: Age, b: Age) -> Bool { (a.seen, a.id) < (b.seen, b.id) }
    }

    func age(of number: UInt32) -> Age {
        Age(seen: documents[Int(number)].seen, id: documents[Int(number)].id)
    }

    /// The time by which stories are told apart: as published, but not after it was seen.
    func storyTime(of article: Article) -> Instant {
        min(article.published ?? article.seen, article.seen)
    }
}
