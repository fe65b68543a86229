internal import ArticleStore
package import Deduplication
package import News

/// Decides the records of a store again, under these options, and tells which verdicts would be
/// others. Nothing is written; the same records and options give the same answer.
///
/// The index learns what was decided then, not what is decided now, so each verdict is compared
/// under the circumstances in which it was taken. What was a duplicate then has left no text and is
/// not decided again. Texts are kept in a file that nobody finds again.
package struct Replay {
    private let options: DecisionOptions
    private var index: DuplicateIndex
    private let runs = RunKeeper()
    private var mapped = ResidentFiles()
    private var texts: HeldTexts
    /// Decisions that were taken again.
    package private(set) var decided = 0
    /// Decisions of then that name a seed which is not held now.
    package private(set) var seedsMissed = 0

    /// `marks`: what people said, which binds every decision, also those taken before it was said.
    package init(seeds: SeedCorpus, options: DecisionOptions, marks: Marks = Marks()) throws {
        self.options = options
        texts = HeldTexts(seeds: seeds)
        index = DuplicateIndex(options: options)
        index.note(marks.all)
        try seeds.forEach { seed in
            index.insertSeed(seed, fingerprint: nil)
            try settle()
        }
    }

    /// Takes the next record, in order of `seq`.
    /// - Returns: what the verdict would be, where it is another; nil also where there is nothing
    ///   to decide, or nothing `isWanted`.
    package mutating func take(_ record: Record, isWanted: Bool = true) throws -> Flip? {
        let flip = isWanted ? decideAgain(record) : nil
        try texts.check()
        try learn(record)
        return flip
    }

    private mutating func decideAgain(_ record: Record) -> Flip? {
        guard let (article, verdict) = record.articleAndVerdict else { return nil }
        decided += 1
        if let of = verdict.of, of.origin.isSeed, text(of: of.id) == nil { seedsMissed += 1 }
        let fingerprint = Fingerprint(of: article, options: options)
        let again = index.verdict(
            on: article, fingerprint,
            earlier: { texts.earlier(of: $0, at: index.place(of: $0)) }, text: text)
        guard again.kind != verdict.kind || again.of?.id != verdict.of?.id else { return nil }
        return Flip(record.seq, article, was: verdict, now: again)
    }

    private func text(of id: ArticleID) -> Article? {
        texts.text(of: id, at: index.place(of: id))
    }

    private mutating func learn(_ record: Record) throws {
        if case .correction = record.body { return }
        index.insert(record, fingerprint: nil)
        if let (article, _) = record.articleAndVerdict, let number = index.place(of: article.id) {
            try texts.hold(article, at: number)
        }
        try settle()
    }

    private mutating func settle() throws {
        try runs.settle(&index)
        if mapped.areTooMuch() { RunKeeper.giveBack(index.runs) }
    }

    /// A verdict that would be another.
    package struct Flip: Hashable, Sendable, Encodable {
        /// A verdict without its proof.
        package struct Side: Hashable, Sendable, Encodable {
            package let verdict: Verdict.Kind
            package let of: ArticleID?
            package let rule: String
            package let rules: Int

            init(_ verdict: Verdict) {
                self.verdict = verdict.kind
                of = verdict.of?.id
                rule = verdict.evidence.rule
                rules = verdict.evidence.rules
            }
        }

        package let seq: UInt64
        package let id: ArticleID
        package let title: String
        package let was: Side
        package let now: Side
        /// The measures of the new verdict beside their thresholds.
        package let scores: [Evidence.Score]

        init(_ seq: UInt64, _ article: Article, was: Verdict, now: Verdict) {
            self.seq = seq
            id = article.id
            title = article.title
            self.was = Side(was)
            self.now = Side(now)
            scores = now.evidence.scores
        }
    }
}

extension DecisionOptions {
    /// The thresholds that the configuration names in its section `deciding`, as `set` takes them.
    package static let thresholdNames = ["near_duplicate_min", "excerpt_min", "story_min"]

    /// Changes a threshold by its name in the configuration, with or without `deciding.`; false for
    /// a name that is none, or a value outside of 0.01…1.
    package mutating func set(_ name: String, to value: Double) -> Bool {
        guard 0.01...1 ~= value else { return false }
        switch name.hasPrefix("deciding.") ? String(name.dropFirst("deciding.".count)) : name {
        case "near_duplicate_min": copyContainment = value
        case "excerpt_min": excerptContainment = value
        case "story_min": storyThreshold = value
        default: return false
        }
        return true
    }
}
