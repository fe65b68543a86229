/// What was decided about an article, with the proof.
package struct Verdict: Hashable, Sendable, Codable {
    /// What the article is to everything held before it.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        /// Nothing held is this article, a copy of it, or most of it.
        case new
        /// The same article again: alias, canonical address or content hash.
        case duplicate
        /// A syndicated or lightly edited copy.
        case nearDuplicate
        /// A changed text at an identity already held.
        case revision
        /// It shares passages with another: a teaser, a quotation at length, a compilation, or the
        /// fuller telling of what was a teaser.
        case excerpt
    }

    package var kind: Kind
    /// The held document that it is a copy, revision or excerpt of; nil exactly when `new`.
    package var of: Reference?
    /// The story that it belongs to.
    package var story: StoryMembership?
    package var novelty: Novelty
    package var evidence: Evidence
    /// What it tells otherwise than the text before it, the gravest first; nil for all but a
    /// `revision`.
    package var changes: [RevisionChange]?

    package init(
        kind: Kind, of: Reference? = nil, story: StoryMembership? = nil,
        novelty: Novelty = Novelty(), evidence: Evidence, changes: [RevisionChange]? = nil
    ) {
        self.kind = kind
        self.of = of
        self.story = story
        self.novelty = novelty
        self.evidence = evidence
        self.changes = changes
    }
}

/// A held document, told so that a person recognises it without another look-up.
package struct Reference: Hashable, Sendable, Codable {
    package var id: ArticleID
    package var origin: Origin
    package var title: String
    package var url: HTTPURL?

    package init(id: ArticleID, origin: Origin, title: String, url: HTTPURL? = nil) {
        self.id = id
        self.origin = origin
        self.title = title
        self.url = url
    }

    package init(to article: Article) {
        self.init(
            id: article.id, origin: article.origin, title: article.title, url: article.url)
    }
}

/// The story that an article belongs to, and how sure that is.
package struct StoryMembership: Hashable, Sendable, Codable {
    package var id: StoryID
    /// The member nearest to it; nil when the article starts the story.
    package var nearest: Reference?
    /// Similarity to the story, 0…1; 0 when the article starts it.
    package var score: Double
    /// The score that was needed.
    package var threshold: Double
    /// What made them alike: shared names, figures and words, the weightiest first.
    package var shared: [String]
    /// The next best story and why it lost.
    package var runnerUp: RunnerUp?

    /// A story that was near but is not this article's.
    package struct RunnerUp: Hashable, Sendable, Codable {
        package var id: StoryID
        package var score: Double
        package var lostBecause: String

        package init(id: StoryID, score: Double, lostBecause: String) {
            self.id = id
            self.score = score
            self.lostBecause = lostBecause
        }
        enum CodingKeys: String, CodingKey {
            case id, score
            case lostBecause = "lost_because"
        }
    }

    package init(
        id: StoryID, nearest: Reference? = nil, score: Double = 0, threshold: Double,
        shared: [String] = [], runnerUp: RunnerUp? = nil
    ) {
        self.id = id
        self.nearest = nearest
        self.score = score
        self.threshold = threshold
        self.shared = shared
        self.runnerUp = runnerUp
    }
    enum CodingKeys: String, CodingKey {
        case id, nearest, score, threshold, shared
        case runnerUp = "runner_up"
    }
}

/// Half-open range of Unicode scalars in an article's `text`.
package struct TextRange: Hashable, Sendable, Codable {
    package var start: Int
    package var end: Int

    package init(start: Int, end: Int) {
        self.start = start
        self.end = end
    }
}

/// Which passages of an article are held nowhere yet, and who holds the others.
package struct Novelty: Hashable, Sendable, Codable {
    /// A sentence, or neighbouring sentences with the same answer.
    package struct Passage: Hashable, Sendable, Codable {
        package var range: TextRange
        /// nil: held nowhere in these words. Else: the earliest document that holds it.
        package var heldBy: ArticleID?
        /// An article that seems to tell the same in other words: then it is not known whether the
        /// passage is new.
        package var like: ArticleID?

        package init(range: TextRange, heldBy: ArticleID? = nil, like: ArticleID? = nil) {
            self.range = range
            self.heldBy = heldBy
            self.like = like
        }

        /// Held by nobody, in these words or others.
        package var isNew: Bool { heldBy == nil && like == nil }

        enum CodingKeys: String, CodingKey {
            case range, like
            case heldBy = "held_by"
        }
    }

    /// What another article of the story gives otherwise.
    package struct Contradiction: Hashable, Sendable, Codable {
        /// What is told otherwise.
        package enum Kind: String, Sendable, Codable {
            /// Another figure for the same thing.
            case figure
            /// Other names in the same list.
            case names
        }

        package var kind: Kind
        /// Where the article says it.
        package var ours: TextRange
        /// Where the other one does.
        package var theirs: TextRange
        package var other: Reference
        /// The words of the other one.
        package var passage: String

        package init(
            kind: Kind, ours: TextRange, theirs: TextRange, other: Reference, passage: String
        ) {
            self.kind = kind
            self.ours = ours
            self.theirs = theirs
            self.other = other
            self.passage = passage
        }
    }

    /// Share of the words that stand in new passages, 0…1.
    package var share: Double
    /// Share of the words in passages that somebody may have told in other words.
    package var unknown: Double
    /// The whole text in order.
    package var passages: [Passage]
    /// Figures and names that the nearest article of the story, or the version before, gives
    /// otherwise; bounded.
    package var contradictions: [Contradiction]

    package init(
        share: Double = 0, unknown: Double = 0, passages: [Passage] = [],
        contradictions: [Contradiction] = []
    ) {
        self.share = share
        self.unknown = unknown
        self.passages = passages
        self.contradictions = contradictions
    }

    enum CodingKeys: String, CodingKey {
        case share, unknown, passages, contradictions
    }

    /// Records from before contradictions or paraphrases were looked for have none.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        share = try container.decode(Double.self, forKey: .share)
        unknown = try container.decodeIfPresent(Double.self, forKey: .unknown) ?? 0
        passages = try container.decode([Passage].self, forKey: .passages)
        contradictions =
            try container.decodeIfPresent([Contradiction].self, forKey: .contradictions) ?? []
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(share, forKey: .share)
        if unknown > 0 { try container.encode(unknown, forKey: .unknown) }
        try container.encode(passages, forKey: .passages)
        if !contradictions.isEmpty { try container.encode(contradictions, forKey: .contradictions) }
    }
}

/// Why a verdict is what it is, small enough to be stored with every article.
package struct Evidence: Hashable, Sendable, Codable {
    /// The rule that decided: `alias`, `canonical-url`, `content-hash`, `entry-path`,
    /// `entry-words` (see `Recognition`), `near-duplicate`, `excerpt`, `revision`, `marked`,
    /// `nothing-alike`.
    package var rule: String
    /// The version of the rules, so that old verdicts can be told from new.
    package var rules: Int
    /// Which of the two we saw first; nil where no poll tells.
    package var order: Order?
    /// The keys that were equal.
    package var keys: [Key]
    /// The content hash of the text that was compared, where the document named in `of` has been
    /// revised since; nil when that was its latest.
    package var ofVersion: Digest?
    /// What was measured against the document named in `of` (or the best candidate).
    package var scores: [Score]
    /// Passages that both texts have, the longest first, bounded.
    package var shared: [SharedPassage]
    /// The documents that came close and why they lost, bounded.
    package var runnersUp: [RunnerUp]

    /// Which of the two was first seen by us, and whether that can be told: each was out since some
    /// moment between two polls of its feed.
    package struct Order: Hashable, Sendable, Codable {
        /// When the document named in `of` was seen.
        package var heldSeen: Instant
        package var seen: Instant
        /// When the article was not there yet; nil when we cannot tell.
        package var absent: Instant?
        /// The held one was seen before the article was out.
        package var isCertain: Bool

        package init(heldSeen: Instant, seen: Instant, absent: Instant?) {
            self.heldSeen = heldSeen
            self.seen = seen
            self.absent = absent
            isCertain = absent.map { heldSeen <= $0 } ?? false
        }
        enum CodingKeys: String, CodingKey {
            case seen, absent
            case heldSeen = "held_seen"
            case isCertain = "certain"
        }
    }
    /// A key of the article that a held document has too.
    package struct Key: Hashable, Sendable, Codable {
        package var name: String
        package var value: String
        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }
    /// A measure and what it was held against; no threshold when it decides nothing by itself.
    package struct Score: Hashable, Sendable, Codable {
        package var name: String
        package var value: Double
        package var threshold: Double?
        package init(name: String, value: Double, threshold: Double? = nil) {
            self.name = name
            self.value = value
            self.threshold = threshold
        }
    }
    /// The same words in both texts: where each has them, and how many.
    package struct SharedPassage: Hashable, Sendable, Codable {
        package var ours: TextRange
        package var theirs: TextRange
        package var words: Int
        package init(ours: TextRange, theirs: TextRange, words: Int) {
            self.ours = ours
            self.theirs = theirs
            self.words = words
        }
    }
    /// A held document that was compared and did not decide.
    package struct RunnerUp: Hashable, Sendable, Codable {
        package var reference: Reference
        package var scores: [Score]
        package var lostBecause: String
        package init(reference: Reference, scores: [Score], lostBecause: String) {
            self.reference = reference
            self.scores = scores
            self.lostBecause = lostBecause
        }
        enum CodingKeys: String, CodingKey {
            case reference, scores
            case lostBecause = "lost_because"
        }
    }

    package init(
        rule: String, rules: Int, keys: [Key] = [], ofVersion: Digest? = nil,
        scores: [Score] = [], shared: [SharedPassage] = [], runnersUp: [RunnerUp] = []
    ) {
        self.ofVersion = ofVersion
        self.rule = rule
        self.rules = rules
        self.keys = keys
        self.scores = scores
        self.shared = shared
        self.runnersUp = runnersUp
    }
    enum CodingKeys: String, CodingKey {
        case rule, rules, order, keys, scores, shared
        case ofVersion = "of_version"
        case runnersUp = "runners_up"
    }
}
