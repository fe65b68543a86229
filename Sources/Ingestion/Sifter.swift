package import Deduplication
package import News

/// Decides a stream of documents without a daemon: each against the seed corpus, what a store
/// holds, and the documents before it.
///
/// The same values and functions as in the daemon, in memory alone: nothing is written. Memory
/// grows with the texts that are kept.
package struct Sifter {
    private let options: SiftOptions
    private let seeds: SeedCorpus
    private var index: DuplicateIndex
    private var texts: [ArticleID: Article] = [:]
    private var seq: UInt64 = 0

    /// A sieve that holds `seeds` and `records` already.
    package init(seeds: SeedCorpus, records: [Record], options: SiftOptions = SiftOptions()) {
        self.options = options
        self.seeds = seeds
        index = DuplicateIndex(options: options.decisions)
        for seed in seeds.articles { index.insertSeed(seed, fingerprint: nil) }
        for record in records {
            if let (article, _) = record.articleAndVerdict { texts[article.id] = article }
            index.insert(record, fingerprint: nil)
            seq = max(seq, record.seq)
        }
    }

    /// What the document is, compared with everything before it; it is held from then on.
    /// `now` stands in for a document without a time.
    package mutating func decide(_ document: SiftDocument, at now: Instant) -> SiftAnswer {
        let article: Article
        do throws(Rejection) {
            article = try normalise(
                candidate(document, at: now), limits: options.normaliseLimits)
        } catch {
            return SiftAnswer(id: document.id, verdict: nil, rejected: error.description)
        }
        let fingerprint = Fingerprint(of: article, options: options.decisions)
        let verdict = index.verdict(on: article, fingerprint) { seeds[$0] ?? texts[$0] }
        hold(article, verdict, fingerprint, at: now)
        return SiftAnswer(id: document.id, verdict: verdict, rejected: nil)
    }

    private func candidate(_ document: SiftDocument, at now: Instant) -> Candidate {
        let url = document.url.flatMap { HTTPURL($0) }
        let extraction = readText(document.text, from: url)
        let published = document.time ?? extraction.published
        return Candidate(
            origin: .stream(id: document.id), url: url, title: document.title ?? extraction.title,
            blocks: extraction.blocks, language: document.language ?? extraction.language,
            published: published, seen: published ?? now, textSource: .stream)
    }

    private mutating func hold(
        _ article: Article, _ verdict: Verdict, _ fingerprint: Fingerprint, at now: Instant
    ) {
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
            article.id = article.identity { texts[$0] != nil || seeds[$0] != nil }
            body = .article(article, verdict)
        }
        if case .duplicate = verdict.kind {} else { texts[article.id] = article }
        index.insert(
            Record(seq: seq, stored: now, body: body),
            fingerprint: verdict.kind == .duplicate ? nil : fingerprint)
    }
}

extension Article {
    /// This article's id, or another made from its words when that one names other words already:
    /// one id must not name two articles.
    func identity(isTaken: (ArticleID) -> Bool) -> ArticleID {
        guard isTaken(id) else { return id }
        return ArticleID(
            Digest(kind: "other-words", id.description, contentHash.hexadecimal))
    }
}

/// The settings of a sieve.
package struct SiftOptions: Sendable {
    package var decisions: DecisionOptions
    package var normaliseLimits: NormaliseLimits

    package init(
        decisions: DecisionOptions = DecisionOptions(),
        normaliseLimits: NormaliseLimits = NormaliseLimits(wordsMin: 1)
    ) {
        self.decisions = decisions
        self.normaliseLimits = normaliseLimits
    }
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
