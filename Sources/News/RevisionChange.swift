/// One thing that a revision tells otherwise than the text before it.
package struct RevisionChange: Hashable, Sendable, Codable {
    /// What changed, the gravest first.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        /// A note was added that says that the text was corrected.
        case correctionNote
        /// Another title.
        case headline
        /// A figure, a sum, a share or a day is another.
        case figure
        /// A name is another.
        case name
        /// Words between quotation marks are others.
        case quotation
        /// A passage went away.
        case removal
        /// A passage came in.
        case addition
        /// Other words.
        case wording
    }

    package var kind: Kind
    /// Where the new text has it; nil for a removal, and for a title.
    package var ours: TextRange?
    /// Where the text before had it; nil for an addition, and for a title.
    package var theirs: TextRange?
    /// The words before, cut short when they are many; nil for an addition.
    package var was: String?
    /// The words now; nil for a removal.
    package var now: String?

    package init(
        kind: Kind, ours: TextRange? = nil, theirs: TextRange? = nil, was: String? = nil,
        now: String? = nil
    ) {
        self.kind = kind
        self.ours = ours
        self.theirs = theirs
        self.was = was
        self.now = now
    }
}
