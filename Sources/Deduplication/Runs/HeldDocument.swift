package import News

/// What is remembered of a document; its text is elsewhere.
struct HeldDocument: Hashable, Sendable {
    var id: ArticleID
    /// Of its latest text.
    var contentHash: Digest
    var seen: Instant
    /// When it or the last edited copy of it was published, as far as that is believed: never
    /// after it was seen.
    var time: Instant
    /// The document that it is a copy of, or itself. Never changes.
    var original: UInt32
    /// The document that began its story, or itself.
    var founder: HeldReference
    /// Rows of letters of its latest text.
    var letterRows: UInt16 = 0
}

/// Who is meant: mostly a document that is held, which a number tells.
enum HeldReference: Hashable, Sendable {
    case document(UInt32)
    /// One that is not held: a seed of a corpus that was since taken away.
    case stranger(ArticleID)
}

/// What a name leads to.
struct AliasTarget: Hashable, Sendable {
    /// nil for an entry that gave no article.
    var article: HeldReference?
    /// The mark of the entry that used the name last.
    var entry: EntryMark?
}

/// An entry's digest, cut to the 48 bits that tell whether it changed.
package struct EntryMark: Hashable, Sendable {
    /// Never 0.
    let bits: UInt64

    package init(of digest: Digest) { bits = max(digest.high >> 16, 1) }

    /// nil for 0, which says that there is none.
    init?(bits: UInt64) {
        guard bits > 0 else { return nil }
        self.bits = bits
    }
}
