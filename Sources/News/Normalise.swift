/// The limits of what is kept as one article.
package struct NormaliseLimits: Hashable, Sendable {
    /// Fewer words than this are no article.
    package var wordsMin: Int
    /// UTF-8 bytes of text.
    package var textBytesMax: Int

    package init(wordsMin: Int = 5, textBytesMax: Int = 1_000_000) {
        self.wordsMin = wordsMin
        self.textBytesMax = textBytesMax
    }
}

/// Brings a candidate to the one form in which articles are compared and kept.
///
/// The text is in NFC without control, bidirectional-control or zero-width characters; paragraphs
/// are parted by one blank line; the title is one line. A declared canonical address is believed
/// only on the same site and when it is not the site's root. Idempotent: an article's own blocks
/// give the same text again. Cost: linear.
/// - Throws: why there is no article here.
package func normalise(
    _ candidate: Candidate, limits: NormaliseLimits = NormaliseLimits()
) throws(Rejection) -> Article {
    guard candidate.kind == .article else { throw .notAnArticle(candidate.kind) }
    let text = candidate.blocks.map(\.text).joined(separator: "\n\n")
    let words = foldedWords(of: text)
    guard words.count >= limits.wordsMin else {
        throw .tooShort(words: words.count, wordsMin: limits.wordsMin)
    }
    let hash = Digest(kind: "words", words.joined(separator: " "))
    let canonical = candidate.url.map { canonicalise($0) }
    let identity = canonical.map { Digest(kind: "article-url", $0.text) } ?? hash
    return Article(
        id: ArticleID(identity), origin: candidate.origin, url: candidate.url,
        canonicalURL: canonical, title: candidate.title ?? "", text: text,
        authors: candidate.authors, language: candidate.language, published: candidate.published,
        updated: candidate.updated, seen: candidate.seen, fetched: candidate.fetched,
        textSource: candidate.textSource,
        aliases: candidate.aliases + (canonical.map { [Alias(of: $0)] } ?? []), contentHash: hash,
        entryDigest: candidate.entryDigest)
}

/// The words of a text as they are compared: lower case, without accents, punctuation or mark-up.
package func foldedWords(of text: String) -> [String] {
    text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
}
