package import ArticleStore
package import Deduplication
package import News

/// Decides a stream of documents without a daemon: each against the seed corpus, what a store
/// holds, and the documents before it.
///
/// The same values and functions as in the daemon. Documents are prepared apart from the decision,
/// on as many cores as there are, and decided in their order: the answers are the same for one core
/// and for many. Texts are kept in a store, or in a file that nobody finds again; memory grows by a
/// few bytes a document.
package struct Sifter {
    private let options: SiftOptions
    private var index: DuplicateIndex
    private let runs: RunKeeper
    private var mapped: ResidentFiles
    private var texts: HeldTexts
    private let store: ArticleStore?
    /// Records of the store that nobody was told of, the next few, the next one last …
    private var untold: [Record] = []
    /// … and the places of the others: after the first, up to the last.
    private var untoldPlaces: (after: UInt64, last: UInt64) = (0, 0)
    private var seq: UInt64 = 0
    /// When the last dated document of the stream was published.
    private var time: Instant?

    /// Hands on records in their order, and throws what taking them throws.
    package typealias RecordWalk = (_ take: (Record) throws -> Void) throws -> Void

    /// A sieve that holds `seeds` and `records` already.
    package init(
        seeds: SeedCorpus, records: RecordWalk = { _ in }, options: SiftOptions = SiftOptions()
    ) throws {
        self.options = options
        store = nil
        runs = RunKeeper(headMax: options.indexHeadMax)
        mapped = ResidentFiles(bytesMax: options.mappedBytesMax)
        texts = HeldTexts(seeds: seeds)
        index = DuplicateIndex(options: options.decisions)
        try learn(seeds, records)
    }

    /// A sieve that keeps its texts and decisions in `store`, which is its own. `told`: how many
    /// documents of the store were answered before; what it has beyond them is answered again as it
    /// was decided. Cost: one reading of the store, and a fingerprint for each of its texts.
    /// - Throws: `SiftError` for a store that is not the one that was kept with those answers.
    package init(
        seeds: SeedCorpus, records: RecordWalk = { _ in }, keptIn store: ArticleStore,
        told: UInt64, options: SiftOptions = SiftOptions()
    ) throws {
        guard told <= store.lastSeq else {
            throw SiftError.lost(told: told, kept: store.lastSeq, path: store.path)
        }
        self.options = options
        self.store = store
        runs = RunKeeper(headMax: options.indexHeadMax)
        mapped = ResidentFiles(bytesMax: options.mappedBytesMax)
        texts = HeldTexts(seeds: seeds)
        index = DuplicateIndex(options: options.decisions)
        try learn(seeds, records)
        // Its records have places of their own.
        seq = 0
        index.forgetPlace()
        try StoreReader(at: store.path).forEachRecord { record in
            guard record.isOfStream else { throw SiftError.changedByHand(path: store.path) }
            index.insert(record, fingerprint: nil)
            try settle()
        }
        untoldPlaces = (told, store.lastSeq)
    }

    /// The next record that nobody was told of. Nothing is added to the store before the last.
    private mutating func nextUntold() throws -> Record? {
        if untold.isEmpty, let store, untoldPlaces.after < untoldPlaces.last {
            untold = try StoreReader(at: store.path)
                .records(after: untoldPlaces.after, limit: options.untoldMax).reversed()
            untoldPlaces.after = untold.first?.seq ?? untoldPlaces.last
        }
        return untold.popLast()
    }

    private mutating func learn(_ seeds: SeedCorpus, _ records: RecordWalk) throws {
        try seeds.forEach { seed in
            index.insertSeed(seed, fingerprint: nil)
            try settle()
        }
        try records { record in
            index.insert(record, fingerprint: nil)
            if let (article, _) = record.articleAndVerdict { try keep(article) }
            try settle()
            seq = max(seq, record.seq)
        }
    }

    /// Lets memory grow neither with what was learnt nor with what was looked up.
    private mutating func settle() throws {
        try runs.settle(&index)
        guard mapped.areTooMuch() else { return }
        RunKeeper.giveBack(index.runs)
        store?.giveBackMapped()
    }

    /// Keeps the text of an article that the index has learnt.
    private mutating func keep(_ article: Article) throws {
        if let number = index.place(of: article.id) { try texts.hold(article, at: number) }
    }

    /// What the document is, compared with everything before it; it is held from then on. One
    /// without a time has the time of the last that had one, or else `now`.
    package mutating func decide(_ document: SiftDocument, at now: Instant) throws -> SiftAnswer {
        try decide(PreparedDocument(document, options: options, at: now), at: now)
    }

    /// The same for a document whose words have been read already, on whichever core.
    package mutating func decide(
        _ prepared: PreparedDocument, at now: Instant
    ) throws -> SiftAnswer {
        switch prepared.outcome {
        case .failure(let reason):
            return SiftAnswer(id: prepared.id, verdict: nil, rejected: reason.description)
        case .success((var article, let fingerprint)):
            time = article.published ?? time
            if article.published == nil, let time { article.seen = time }
            if let told = try nextUntold() {
                guard told.tells(of: article), let verdict = told.verdict else {
                    throw SiftError.otherInput(id: prepared.id)
                }
                return SiftAnswer(id: prepared.id, verdict: verdict, rejected: nil)
            }
            let verdict = index.verdict(on: article, fingerprint, earlier: earlier) { text(of: $0) }
            try texts.check()
            if let notice = store?.takeNotices().first { throw SiftError.unreadable(notice) }
            try hold(article, verdict, fingerprint, at: now)
            return SiftAnswer(id: prepared.id, verdict: verdict, rejected: nil)
        }
    }

    /// Passes over a document that was answered before. What comes without a time behind it has its
    /// time, as it had then.
    package mutating func pass(_ prepared: PreparedDocument) {
        if case .success((let article, _)) = prepared.outcome { time = article.published ?? time }
    }

    /// Makes what was decided durable, where it is kept in a store.
    package func sync() throws(StoreError) { _ = try store?.sync() }

    private func text(of id: ArticleID) -> Article? {
        store?.article(id)?.article ?? texts.text(of: id, at: index.place(of: id))
    }

    private func earlier(_ id: ArticleID) -> [Article] {
        let number = index.place(of: id)
        guard let store, store.holds(id) else { return texts.earlier(of: id, at: number) }
        return store.earlierTexts(of: id) + (texts.text(of: id, at: number).map { [$0] } ?? [])
    }

    private mutating func hold(
        _ article: Article, _ verdict: Verdict, _ fingerprint: Fingerprint, at now: Instant
    ) throws {
        seq += 1
        var article = article
        let body: Record.Body
        switch verdict.kind {
        case .duplicate: body = .sighting(Sighting(of: article, verdict: verdict))
        case .revision:
            // The article goes by the name that it had first.
            if let of = verdict.of, !of.origin.isSeed {
                article.id = of.id
                article.origin = of.origin
            }
            body = .revision(article, verdict)
        case .new, .nearDuplicate, .excerpt:
            article.id = article.identity { text(of: $0) != nil }
            body = .article(article, verdict)
        }
        if let store { seq = try store.append([body], at: now).last?.seq ?? seq }
        index.insert(
            Record(seq: seq, stored: now, body: body),
            fingerprint: verdict.kind == .duplicate ? nil : fingerprint)
        if store == nil, verdict.kind != .duplicate { try keep(article) }
        try settle()
    }
}

/// Why a stream cannot be decided further.
package enum SiftError: Error, Hashable, CustomStringConvertible {
    /// The document is not the one that was decided before in its place.
    case otherInput(id: String)
    /// More documents were answered than the store has decisions.
    case lost(told: UInt64, kept: UInt64, path: String)
    /// The store has records that no stream makes.
    case changedByHand(path: String)
    /// A kept text cannot be compared with: what the store says of it.
    case unreadable(String)

    package var description: String {
        switch self {
        case .lost(let told, let kept, let path):
            "\(told) decisions are written, but \(path) keeps \(kept): name the folder that was "
                + "kept with them, or begin with another file"
        case .changedByHand(let path):
            "\(path) was changed by hand, by \"tamis forget\" or \"tamis mark\" say, and no run "
                + "can go on with it: begin with another folder and another file"
        case .unreadable(let notice): "a kept text cannot be read: \(notice)"
        case .otherInput(let id):
            "the input is not the one of before: another document came where \(id) comes now"
        }
    }
}

/// A document of a stream as an article with its fingerprint, or why it is none. Made apart from
/// the sieve, on any core.
package struct PreparedDocument: Sendable {
    let id: String
    let outcome: Result<(Article, Fingerprint), Rejection>

    /// `now` stands in for a document without a time.
    package init(_ document: SiftDocument, options: SiftOptions, at now: Instant) {
        id = document.id
        outcome = Result { () throws(Rejection) in
            let article = try normalise(
                Self.candidate(document, at: now), limits: options.normaliseLimits)
            return (article, Fingerprint(of: article, options: options.decisions))
        }
    }

    /// An article that was read from a file, by the name of this.
    package init(_ article: Article, named id: String, options: SiftOptions) {
        var article = article
        article.origin = .stream(id: id)
        self.id = id
        outcome = .success((article, Fingerprint(of: article, options: options.decisions)))
    }

    private static func candidate(_ document: SiftDocument, at now: Instant) -> Candidate {
        let url = document.url.flatMap { HTTPURL($0) }
        let extraction = readText(document.text, from: url, title: document.title)
        let published = document.time ?? extraction.published
        return Candidate(
            origin: .stream(id: document.id), url: url, title: document.title ?? extraction.title,
            blocks: extraction.blocks, language: document.language ?? extraction.language,
            published: published, seen: published ?? now, textSource: .stream)
    }
}

extension Record {
    /// Whether it is of the kinds that a sieve keeps.
    fileprivate var isOfStream: Bool {
        switch body {
        case .article, .revision, .sighting: true
        case .rejection, .correction, .tombstone: false
        }
    }

    /// Whether it was made of this article.
    fileprivate func tells(of article: Article) -> Bool {
        switch body {
        case .article(let told, _), .revision(let told, _):
            told.contentHash == article.contentHash && told.title == article.title
        case .sighting(let sighting):
            sighting.origin == article.origin && sighting.title == article.title
        case .rejection, .correction, .tombstone: false
        }
    }
}

extension Article {
    /// This article's id, or another made from its words when that one names other words already:
    /// one id must not name two articles.
    func identity(isTaken: (ArticleID) -> Bool) -> ArticleID {
        var free = id
        while isTaken(free) {
            free = ArticleID(
                Digest(kind: "other-words", free.description, contentHash.hexadecimal))
        }
        return free
    }
}

/// The settings of a sieve.
package struct SiftOptions: Sendable {
    package var decisions: DecisionOptions
    package var normaliseLimits: NormaliseLimits
    /// Records of a store that are read at once to be told again. For each so many, the segment
    /// that holds them is read from its beginning.
    package var untoldMax = 8192
    /// Documents that the index learns in memory before they become a run on disk.
    package var indexHeadMax = DuplicateIndex.headMax
    /// Bytes of mapped files that may be resident.
    package var mappedBytesMax = ResidentFiles.bytesMax

    package init(
        decisions: DecisionOptions = DecisionOptions(),
        normaliseLimits: NormaliseLimits = NormaliseLimits(wordsMin: 1)
    ) {
        self.decisions = decisions
        self.normaliseLimits = normaliseLimits
    }
}

/// Reads the articles of a file for a sieve, each by the name of its file and line.
/// - Throws: why the file as a whole cannot be read.
/// - Returns: what in it was no article, a sentence each.
package func readArticles(
    of file: SeedFile, at now: Instant, _ take: (_ name: String, Article) -> Void
) throws(SeedProblem) -> [String] {
    let reader = SeedReader(options: SeedOptions(), now: now)
    let problems = try reader.read(file) { article in
        take(Reference(to: article).name, article)
    }.problems
    return problems.map(\.sentence)
}

/// One document of a stream, as JSON: `{id, time, url, title, text, lang}`.
package struct SiftDocument: Hashable, Sendable, Decodable {
    package var id: String
    /// RFC 3339; what is written otherwise counts as absent.
    package var time: Instant?
    package var url: String?
    package var title: String?
    package var text: String
    package var language: String?

    enum CodingKeys: String, CodingKey {
        case id, time, url, title, text
        case language = "lang"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let number = try? container.decode(Int.self, forKey: .id) {
            id = String(number)
        } else {
            id = try container.decode(String.self, forKey: .id)
        }
        time = (try? container.decodeIfPresent(String.self, forKey: .time))
            .flatMap { $0 }.flatMap { Instant(written: $0) }
        url = try container.decodeIfPresent(String.self, forKey: .url)
        title = try container.decodeIfPresent(String.self, forKey: .title)
        text = try container.decode(String.self, forKey: .text)
        language = try container.decodeIfPresent(String.self, forKey: .language)
    }
}

extension Instant {
    /// RFC 3339, a date alone, or a date and time without a zone (taken for UTC).
    fileprivate init?(written text: String) {
        guard
            let instant = Instant(rfc3339: text) ?? Instant(rfc3339: text + "Z")
                ?? Instant(rfc3339: text + "T00:00:00Z")
        else { return nil }
        self = instant
    }
}

/// The decision about one document of a stream, as JSON.
package struct SiftAnswer: Hashable, Sendable, Encodable {
    package var id: String
    /// nil when the document was rejected.
    package var verdict: Verdict?
    /// Why there was nothing to decide.
    package var rejected: String?

    enum CodingKeys: String, CodingKey {
        case id, verdict, of, held, story, novelty, evidence, rejected
        case storyEvidence = "story_evidence"
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        guard let verdict else {
            try container.encode("rejected", forKey: .verdict)
            try container.encodeNil(forKey: .of)
            return try container.encodeIfPresent(rejected, forKey: .rejected)
        }
        try container.encode(verdict.kind, forKey: .verdict)
        try container.encode(verdict.of?.name, forKey: .of)
        try container.encodeIfPresent(verdict.of?.place, forKey: .held)
        try container.encodeIfPresent(verdict.story?.id, forKey: .story)
        try container.encodeIfPresent(verdict.story, forKey: .storyEvidence)
        try container.encode(verdict.novelty, forKey: .novelty)
        try container.encode(verdict.evidence, forKey: .evidence)
    }
}

extension Reference {
    /// What its holder calls it: the stream's id, the seed file, or the stored article's id.
    fileprivate var name: String {
        switch origin {
        case .stream(let id): id
        case .seed(let path, let line): path + (line.map { ":\($0)" } ?? "")
        case .feed: id.description
        }
    }

    fileprivate var place: String {
        switch origin {
        case .stream: "stream"
        case .seed: "seed"
        case .feed: "store"
        }
    }
}
