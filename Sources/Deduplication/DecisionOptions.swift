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
    /// Of so many at the beginning of a text one is indexed in any case.
    package var leadShingles = 4
    /// Documents that one shingle leads to, later ones not; and that a feature of stories leads to,
    /// the latest.
    package var postingsMax = 64
    /// A shingle held by more families of copies than this is a formula and proposes nobody.
    package var familiesMax = 6
    /// Held documents whose stored text is compared, before their originals are added.
    package var candidatesMax = 5
    /// Of them, members of one family of copies.
    package var candidatesOfFamilyMax = 2

    // MARK: Copies

    /// A copy: this share of the shingles of each text stands in the other; fewer than half,
    /// because light edits break five shingles each.
    package var copyContainment = 0.48
    /// Of longer texts so much of one or the other must be in step; else they are woven from two.
    package var wovenInStep = 0.63
    package var wovenWordsMin = 200
    /// An edited copy: less of each, down to this …
    package var editedContainment = 0.2
    /// … when so much of each is in step, the few words that were replaced counted in …
    package var editedInStep = 0.7
    /// … in texts of so many words: edits all along, where a quotation is whole.
    package var editedWordsMin = 130
    /// A copy cut short: this share of its shingles stands in the other …
    package var cutContainment = 0.85
    /// … and is this share of the other's; what is shorter is a teaser.
    package var cutCoverage = 0.42
    /// Where nothing was added, all of it standing there …
    package var pureCutContainment = 0.99
    /// … this share of the other's is enough.
    package var pureCutCoverage = 0.35
    /// A text that ends with an ellipsis is a teaser, unless it is this share of the other's.
    package var teaserCoverage = 0.75
    /// A copy with something added: this share of the other one stands in it …
    package var extendedCoverage = 0.9
    /// … and makes this share of it.
    package var extendedContainment = 0.42
    /// Of a family of copies the original is named, unless this much more of each text stands in
    /// one of its copies.
    package var nearestMargin = 0.15

    /// The lines that close an article and an unrelated one are the outlet's, from so many words
    /// on, and weigh nothing.
    package var closingWordsMin = 20
    /// More words than this are not an outlet's line.
    package var closingWordsMax = 160

    // MARK: Damaged copies

    /// A copy read by a machine: this share of the letters of either runs in step with the other …
    package var damagedAlignment = 0.735
    /// … of which so many are misread …
    package var misreadMin = 0.006
    /// … and not fewer than these.
    package var misreadsMin = 3
    /// Where twice as many are misread, and this share of the letters in step …
    package var heavyMisread = 0.02
    /// … less in step will do.
    package var heavyAlignment = 0.5
    /// Misreading all along breaks shingles: of them e to the power of minus this times the share
    /// of misread letters may be left, and a tenth more; else the differences are an editor's.
    package var shingleLoss = 60.0
    /// From this share in step on, a third more.
    package var wholeAlignment = 0.87
    /// Where fewer than so many are misread …
    package var fewMisread = 0.015
    /// … this share of the shingles is left at least; else the words are others: a kin language.
    package var fewMisreadWhole = 0.05
    /// This share of the longer text is in step at least; else a part of it is.
    package var damagedMutual = 0.1
    /// Not a copy when more than this share of the figures in step differ: that is a form.
    package var damagedFigures = 0.35
    /// Held articles whose letters are compared when the words make no copy …
    package var alignedMax = 3
    /// … chosen by rows of letters in common, of which there must be so many …
    package var letterRowsMin = 2
    /// … and this share of those of the shorter text …
    package var letterRowsShare = 0.1
    /// … and dropped when less than this share of either is in step.
    package var alignedOverlap = 0.2
    /// One row in so many is indexed.
    package var letterSampleRate = 32
    /// Letters of a text whose rows are indexed: its head is enough to be found by.
    package var lettersMax = 640
    /// The latest documents, whose rows are remembered.
    package var letterWindow = 131_072
    /// Documents of these that one row leads to; one that leads to as many proposes nobody.
    package var letterPostingsMax = 32

    // MARK: Excerpts

    /// Passages in common make an excerpt: this share of the shorter text …
    package var excerptContainment = 0.25
    /// … and so many shingles …
    package var excerptShinglesMin = 25
    /// … or this share and so many …
    package var shortExcerptContainment = 0.33
    package var shortExcerptShinglesMin = 16
    /// … or this share, however short it is …
    package var wholeContainment = 0.75
    /// … or one run of so many words …
    package var quotationWords = 55
    /// … of which this share are different ones: style sheets and tables repeat theirs.
    package var quotationVariety = 0.4
    /// … or passages of so many words each …
    package var passageWords = 12
    /// … so many together …
    package var passagesWordsMin = 48
    /// … that are this share of the shorter text.
    package var passagesShare = 0.16
    /// The source is that which the passages leave least of, among those that have this share of
    /// what the one with most has.
    package var excerptSourceShare = 0.25
    /// A text of the sentences of several others is an excerpt of the one that has most, when less
    /// of it is new.
    package var excerptNovelty = 0.7
    /// At a known identity, a text shorter than this share of the held one may be the same told
    /// shorter.
    package var excerptCoverage = 0.5
    /// A changed text at a known identity is a revision when it shares this much, or its title.
    package var revisionOverlap = 0.15
    /// At a known identity, a text from a weaker source that the held one contains to this share
    /// is the same article told shorter.
    package var shorterContainment = 0.9

    // MARK: Templates

    /// Texts of fewer words may be filled-in forms: results, forecasts, quotations of the exchange.
    package var templateWordsMax = 160
    /// With at least so many figures on both sides …
    package var templateFiguresMin = 4
    /// … of which less than this share stands behind the same words in both, they are two reports.
    package var templateFiguresShared = 0.4

    /// Of two that speak of others by name, this share is not enough either.
    package var templateFiguresOfOthers = 0.65

    // MARK: Novelty and evidence

    /// A sentence is held when this share of its shingles is.
    package var sentenceHeld = 0.6
    /// A sentence in other words may tell what another tells: so many content words in common …
    package var paraphraseWordsMin = 4
    /// … and this share of its own.
    package var paraphraseShare = 0.5
    /// Between two languages this share of its names and figures.
    package var paraphraseShareAcross = 0.6
    /// Sentences of a text that are looked at for this.
    package var paraphraseSentencesMax = 400
    /// Shared passages named in the evidence, each of at least `sharedWordsMin` words.
    package var sharedPassagesMax = 8
    package var sharedWordsMin = 8
    package var runnersUpMax = 3
    /// Figures and names told that another article gives otherwise.
    package var contradictionsMax = 6
    /// Things named that a revision tells otherwise.
    package var changesMax = 12

    // MARK: Stories

    /// Whether articles are held against the stories so far. If not, one that is no copy is a story
    /// of its own, and what its story tells otherwise is not looked for.
    package var tellsStories = true
    /// The score that joins an article to a story; less is asked of articles with few features,
    /// down to this share of it.
    package var storyThreshold = 0.29
    /// How much of the score the second nearest member gives, where a story has several: one
    /// article that two stories share does not make them one.
    package var storySecondShare = 0.4
    package var storyShortShare = 0.5
    /// The same for two articles in different languages.
    package var storyThresholdAcross = 0.16
    package var storyShortShareAcross = 0.25
    /// Two articles with so many names each …
    package var storyNamesMin = 3
    /// … are of two events when less than this share of the names of either, by their weight, is
    /// the other's.
    package var storyNamesShared = 0.1
    /// The time after which likeness has fallen to 1/e.
    package var storyDecay = Duration.seconds(5 * 86_400)
    /// Articles further apart never meet in a story.
    package var storyWindow = Duration.seconds(14 * 86_400)
    /// The weightiest features of an article that are kept.
    package var storyFeaturesMax = 64
    /// The rarest of them, by which neighbours are sought.
    package var storyFeaturesAsked = 24
    /// Members whose features are compared in full.
    package var storyCandidatesMax = 32
    /// Features are dropped with their articles twice the window after the newest, each time that
    /// they have doubled, but not below this many.
    package var storyPruningMin = 500_000
    /// Articles, copies not counted, that later ones can be held against: the latest; a quarter
    /// more before the others are dropped.
    package var storyDocumentsMax = 65_536
    /// Words, names and figures whose frequency is counted. From then on all counts are halved, and
    /// what came once is forgotten.
    package var countedFeaturesMax = 1_400_000

    // MARK: Exceptions

    /// Languages and outlets with thresholds of their own, in the order in which they are applied.
    package var exceptions: [DecisionException] = []

    package init() {}
}

/// The version of the rules, written into every verdict.
package let decisionRules = 7
