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
    package internal(set) var options: DecisionOptions {
        _read { yield limits.options }
        set { limits = Limits(newValue) }
    }
    private var limits: Limits

    /// Apart from the index, so that copying that, as closures do, stays cheap: these are most of
    /// its bytes.
    private final class Limits: Sendable {
        let options: DecisionOptions

        init(_ options: DecisionOptions) { self.options = options }
    }

    /// The last record learnt; 0 before the first.
    package internal(set) var lastSeq: UInt64 = 0

    /// What was learnt long ago, the oldest first, each with the documents after those of the one
    /// before.
    package internal(set) var runs: [Run] = []
    /// What was learnt since.
    var head = IndexHead(first: 0)
    var stories = StoryIndex()
    /// The newest `time` of all documents.
    var latest = Instant.distantPast
    /// What people said of pairs. Not part of a saved index: the store has it.
    var marks = Marks()
    /// By document: the original that a mark gives it.
    var markedOriginals: [UInt32: UInt32] = [:]
    var forgotten = Forgotten()

    package init(options: DecisionOptions) { limits = Limits(options) }

    /// How many documents are held.
    package var count: Int { Int(end) }

    /// Where a held document stands in the order of learning, from 0; nil for one that is not held.
    package func place(of id: ArticleID) -> Int? { number(of: id).map { Int($0) } }

    /// What an alias leads to, and the mark of the entry that used it last; nil when it was never
    /// seen. The article is nil for an entry that was rejected.
    package func known(_ alias: Alias) -> (article: ArticleID?, entry: EntryMark?)? {
        target(of: alias).map { target in
            let article = target.article.map { reference in
                switch reference {
                case .document(let number): id(of: number)
                case .stranger(let id): id
                }
            }
            return (article, target.entry)
        }
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
            learn(
                article, fingerprint, copyOf: original, story: verdict.story?.id,
                isExcerpt: verdict.kind == .excerpt)
        case .sighting(let sighting):
            learn(sighting.aliases, of: reference(to: sighting.id), sighting.entryDigest)
        case .rejection(let rejected):
            learn(rejected.aliases, of: nil, rejected.entryDigest)
        case .correction(let mark): note(mark)
        case .tombstone(let tombstone):
            let isHeld = number(of: tombstone.id) != nil
            // Only what is left of a record has names.
            if tombstone.aliases != nil { holdPlace(of: tombstone) }
            learn(
                tombstone.aliases ?? [], of: reference(to: tombstone.id), tombstone.entryDigest)
            if isForgotten(tombstone.id) { return }
            if isHeld { forget([tombstone.id]) } else { forgotten.ids.insert(tombstone.id) }
        }
    }

    /// Lets the next record come from another store, whose places begin anew.
    package mutating func forgetPlace() { lastSeq = 0 }

    /// Learns a document of the seed corpus, which has no verdict: its story is found here.
    package mutating func insertSeed(_ article: Article, fingerprint: Fingerprint?) {
        learn(article, fingerprint, copyOf: nil, story: nil)
    }

    private mutating func learn(_ names: [Alias], of article: HeldReference?, _ entry: Digest?) {
        for alias in names {
            // A rejected entry does not take a name away from an article.
            let held = article ?? target(of: alias)?.article
            head.aliases[alias.digest.high] = AliasTarget(
                article: held, entry: entry.map { EntryMark(of: $0) })
        }
    }

    private mutating func learn(
        _ article: Article, _ fingerprint: Fingerprint?, copyOf original: ArticleID?,
        story: StoryID?, isExcerpt: Bool = false
    ) {
        if let number = number(of: article.id) {
            learn(article.aliases, of: .document(number), article.entryDigest)
            guard document(number).contentHash != article.contentHash else { return }
            change(number) { $0.contentHash = article.contentHash }
            learnText(of: article, fingerprint, number)
            return
        }
        guard count < PostingTable.documentsMax else { return }
        let number = end
        let fingerprint = fingerprint ?? Fingerprint(of: article, options: options)
        let story =
            story ?? nearestStory(to: article, fingerprint) ?? StoryID(startedBy: article.id)
        let original = original.flatMap { self.number(of: $0) }.map { family(of: $0) }
        head.documents.append(
            HeldDocument(
                id: article.id, contentHash: article.contentHash, seen: article.seen,
                time: storyTime(of: article), original: original ?? number,
                founder: founder(of: story, for: article.id, number)))
        head.numbers[article.id] = number
        learn(article.aliases, of: .document(number), article.entryDigest)
        if !marks.of(article.id).isEmpty { moveMarked() }
        learnText(of: article, fingerprint, number, isExcerpt: isExcerpt)
        let time = storyTime(of: article)
        latest = max(latest, time)
        // Copies inherit their story and do not move it; one that was edited keeps it alive, the
        // same words once more do not.
        if let original, isForgotten(original) { noteCopy(number, of: original) }
        if let original, !isForgotten(original) {
            if document(original).time < time { change(original) { $0.time = time } }
            stories.touch(original, at: time)
        } else {
            stories.append(
                fingerprint.features, document: number, story: story, time: time, options: options)
        }
        stories.prune(latest: latest, options: options)
    }

    private func founder(
        of story: StoryID, for id: ArticleID, _ number: UInt32
    ) -> HeldReference {
        story == StoryID(startedBy: id)
            ? .document(number) : reference(to: ArticleID(story.digest))
    }

    private mutating func learnText(
        of article: Article, _ fingerprint: Fingerprint?, _ number: UInt32, isExcerpt: Bool = false
    ) {
        // The same excerpt may come often; what its first leads to need not be listed again, and
        // its words shall not pass for a formula.
        let isRepeated = isExcerpt && holder(ofContent: article.contentHash) != nil
        let held = head.contents[article.contentHash]
        if held.map({ isEarlier(number, than: $0) }) ?? true {
            head.contents[article.contentHash] = number
        }
        let fingerprint = fingerprint ?? Fingerprint(of: article, options: options)
        if isRepeated { return }
        change(number) { $0.letterRows = UInt16(clamping: fingerprint.letterKeys.count) }
        for key in fingerprint.letterKeys {
            head.letters.insert(
                key, document: number, most: options.letterPostingsMax, kept: .latest)
        }
        let original = family(of: number)
        // What the original has, a copy need not be listed for.
        let isListed = original != number && !isForgotten(original)
        let places = isListed ? places(of: fingerprint.sample) : nil
        var holders: [UInt32] = []
        for (index, shingle) in fingerprint.sample.enumerated() {
            if let places {
                holders.removeAll(keepingCapacity: true)
                collectHolders(at: index, of: places, into: &holders)
                if holders.contains(original) { continue }
            }
            head.shingles.insert(shingle, document: number, most: options.postingsMax)
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
        let document = document(number)
        return Age(seen: document.seen, id: document.id)
    }

    /// The time by which stories are told apart: as published, but not after it was seen.
    func storyTime(of article: Article) -> Instant {
        min(article.published ?? article.seen, article.seen)
    }
}
