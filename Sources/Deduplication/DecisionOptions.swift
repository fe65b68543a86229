/// The thresholds and limits of all decisions, none of them negative. A saved index belongs to the
/// options that it was made with; verdicts name the thresholds that they were held against.
package struct DecisionOptions: Hashable, Sendable {
    // MARK: Shingles

    /// Words in a shingle.
    package var shingleWords = 5
    /// One shingle in so many is indexed. A passage of 60 words is then missed once in 1,500 times.
    package var sampleRate = 8
    /// A text with fewer sampled shingles is indexed by this many of its lowest ones.
    package var shinglesMin = 8
    /// Documents that one shingle leads to; later ones are not listed.
    package var postingsMax = 64
    /// A shingle held by more families of copies than this is a formula and proposes nobody.
    package var familiesMax = 6
    /// Held documents whose stored text is compared, before their originals are added.
    package var candidatesMax = 5

    // MARK: Copies

    /// A copy: this share of the shingles of each text stands in the other.
    package var copyContainment = 0.5
    /// A damaged copy, read by a machine or mistyped: this share of the letters of each runs in
    /// step …
    package var damagedAlignment = 0.35
    /// … with so many damaged places a letter …
    package var damageMin = 0.025
    /// … and the shingles shared are at most this part of it, because damage breaks them …
    package var damagedWords = 0.4
    /// … unless more than this share of the figures in the same places differ: that is a form.
    package var damagedFigures = 0.5
    /// Held articles of like content whose letters are compared when the words make no copy …
    package var alignedMax = 3
    /// … and how like they must be, 0…1, the time between them left out.
    package var alignedLikeness = 0.2
    /// An excerpt: this share of its shingles stands in the other …
    package var excerptContainment = 0.75
    /// … and they are less than this share of the other's.
    package var excerptCoverage = 0.5
    /// A changed text at a known identity is a revision when it shares this much, or its title.
    package var revisionOverlap = 0.15
    /// At a known identity, a text from a weaker source that the held one contains to this share
    /// is the same article told shorter.
    package var shorterContainment = 0.9

    /// A text of others' sentences is an excerpt of the one that has most, when less of it is new.
    package var excerptNovelty = 0.4

    // MARK: Templates

    /// Texts of fewer words may be filled-in forms: results, forecasts, quotations of the exchange.
    package var templateWordsMax = 160
    /// With at least so many figures on both sides …
    package var templateFiguresMin = 4
    /// … of which less than this share stands behind the same words in both, they are two reports.
    package var templateFiguresShared = 0.25

    // MARK: Novelty and evidence

    /// A sentence is held when this share of its shingles is.
    package var sentenceHeld = 0.6
    /// Shared passages named in the evidence, each of at least `sharedWordsMin` words.
    package var sharedPassagesMax = 8
    package var sharedWordsMin = 8
    package var runnersUpMax = 3

    // MARK: Stories

    /// The score that joins an article to a story; less is asked of articles with few features,
    /// down to half.
    package var storyThreshold = 0.3
    /// The time after which likeness has fallen to 1/e.
    package var storyDecay = Duration.seconds(4 * 86_400)
    /// Articles further apart never meet in a story.
    package var storyWindow = Duration.seconds(14 * 86_400)
    /// The weightiest features of an article that are kept.
    package var storyFeaturesMax = 48
    /// The rarest of them, by which neighbours are sought.
    package var storyFeaturesAsked = 24
    /// Members whose features are compared in full.
    package var storyCandidatesMax = 12
    /// Features are dropped with their articles twice the window after the newest, each time that
    /// they have doubled, but not below this many.
    package var storyPruningMin = 500_000
    /// Words, names and figures whose frequency is counted; more are taken as rare.
    package var countedFeaturesMax = 4_000_000

    package init() {}
}

/// The version of the rules, written into every verdict.
package let decisionRules = 1
