/// The limits of what is kept as one article.
package struct NormaliseLimits: Hashable, Sendable {
    /// Fewer words than this are no article. In scripts without spaces two characters count as one
    /// word.
    package var wordsMin: Int
    /// UTF-8 bytes of text.
    package var textBytesMax: Int
    /// Characters of a title; a longer one is cut behind a word.
    package var titleCharactersMax: Int
    /// Further authors are left out.
    package var authorsMax: Int

    package init(
        wordsMin: Int = 5, textBytesMax: Int = 1_000_000, titleCharactersMax: Int = 500,
        authorsMax: Int = 50
    ) {
        self.wordsMin = wordsMin
        self.textBytesMax = textBytesMax
        self.titleCharactersMax = titleCharactersMax
        self.authorsMax = authorsMax
    }
}

/// Brings a candidate to the one form in which articles are compared and kept.
///
/// - The text is cleaned by `readingForm`; blocks without words or signs go, and so does a first
///   block that only repeats the title. Blocks are parted by one blank line, and no block holds
///   one.
/// - The title is one line, or empty.
/// - A declared canonical address is believed only on the same site, and when it is not the site's
///   root; of a document without an address (a seed file) it is believed as it stands.
/// - The language is the declared one in BCP 47 letter case, unless the text is surely in another;
///   else the detected one.
/// - The aliases are unique; the canonical address and the address that was read are among them.
/// - The id comes from the canonical address, else from the first alias, else from the words.
///
/// Idempotent: an article's own title and blocks give the same article again. Cost: linear.
/// - Throws: why there is no article here.
package func normalise(
    _ candidate: Candidate, limits: NormaliseLimits = NormaliseLimits()
) throws(Rejection) -> Article {
    guard candidate.kind == .article else { throw .notAnArticle(candidate.kind) }
    let title = titleLine(candidate.title ?? "", charactersMax: limits.titleCharactersMax)
    let text = articleText(candidate.blocks, title: title)
    guard text.utf8.count <= limits.textBytesMax else {
        throw .tooLong(bytes: text.utf8.count, bytesMax: limits.textBytesMax)
    }
    let folded = FoldedText(text)
    let words = spokenWords(of: text, folded)
    guard words >= limits.wordsMin else {
        throw .tooShort(words: words, wordsMin: limits.wordsMin)
    }
    let canonical = canonicalAddress(of: candidate)
    let language = language(declared: candidate.language, text: text)
    var sources = candidate.sources
    sources.language = language.flatMap { $0.source ?? sources.language }
    if canonical == nil { sources.canonical = nil }
    var article = Article(
        id: identity(canonical, candidate.aliases.first, folded.digest), origin: candidate.origin,
        url: candidate.url, canonicalURL: canonical, title: title, text: text,
        authors: authorNames(candidate.authors, limits),
        language: language?.tag,
        published: candidate.published, updated: candidate.updated, seen: candidate.seen,
        absent: candidate.absent,
        fetched: candidate.fetched, textSource: candidate.textSource,
        textChoice: candidate.textChoice,
        sources: sources.isEmpty ? nil : sources,
        aliases: aliases(of: candidate, canonical), contentHash: folded.digest,
        entryDigest: candidate.entryDigest, guid: candidate.guid)
    article.reservations = candidate.reservations.isEmpty ? nil : candidate.reservations
    return article
}

// MARK: - Words

private func titleLine(_ title: String, charactersMax: Int) -> String {
    let line = readingForm(title)
    guard line.count > charactersMax else { return line }
    let cut = line.prefix(max(1, charactersMax) - 1)
    let words = cut.lastIndex(of: " ").map { cut[..<$0] } ?? cut
    return words + "…"
}

private func articleText(_ blocks: [Block], title: String) -> String {
    var texts = blocks.map { block in
        readingForm(block.text, keepsLines: block.kind == .code || block.kind == .table)
    }
    .filter { !$0.isEmpty }[...]
    let titleDigest = FoldedText(title)
    while texts.count > 1, let first = texts.first, !titleDigest.words.isEmpty,
        first.utf8.count <= 2 * title.utf8.count + 16,
        FoldedText(first).digest == titleDigest.digest
    {
        texts = texts.dropFirst()
    }
    return texts.joined(separator: "\n\n")
}

/// Words, where two characters of a script without spaces make one.
private func spokenWords(of text: String, _ folded: FoldedText) -> Int {
    let characters = text.unicodeScalars.reduce(0) { count, scalar in
        guard scalar.value >= 0x0E00, case .wordCharacter = ScalarClass(of: scalar.value) else {
            return count
        }
        return count + 1
    }
    return max(0, folded.words.count - characters) + characters / 2
}

private func authorNames(_ authors: [String], _ limits: NormaliseLimits) -> [String] {
    var names: [String] = []
    for author in authors {
        let name = titleLine(author, charactersMax: limits.titleCharactersMax)
        if !name.isEmpty, !names.contains(name) { names.append(name) }
        if names.count >= limits.authorsMax { break }
    }
    return names
}

// MARK: - Identity

private func identity(
    _ canonical: CanonicalURL?, _ alias: Alias?, _ contentHash: Digest
) -> ArticleID {
    if let canonical { return ArticleID(Digest(kind: "article-url", canonical.text)) }
    if let alias { return ArticleID(Digest(kind: "article-alias", alias.digest.hexadecimal)) }
    return ArticleID(Digest(kind: "article-words", contentHash.hexadecimal))
}

private func aliases(of candidate: Candidate, _ canonical: CanonicalURL?) -> [Alias] {
    let addresses = [canonical, candidate.url.map { canonicalise($0) }].compactMap { $0 }
    var seen: Set<Alias> = []
    return (candidate.aliases + addresses.map { Alias(of: $0) }).filter { seen.insert($0).inserted }
}

private func canonicalAddress(of candidate: Candidate) -> CanonicalURL? {
    let own = candidate.url.map { canonicalise($0) }
    guard let written = candidate.declaredCanonical,
        let declared = HTTPURL(written, relativeTo: candidate.url)
    else { return own }
    let isRoot = declared.path == "/" && declared.query == nil
    guard let url = candidate.url else { return isRoot ? nil : canonicalise(declared) }
    return isBelievable(canonical: written, at: url) ? canonicalise(declared) : own
}

/// Whether a page at `url` may call that address its own: of the same site, and not its root.
package func isBelievable(canonical: String, at url: HTTPURL) -> Bool {
    guard let declared = HTTPURL(canonical, relativeTo: url) else { return false }
    let isRoot = declared.path == "/" && declared.query == nil
    return !isRoot && areOneSite(url.host, declared.host)
}

/// Equal hosts, or one beneath the other, `www.`, `m.` and their like apart.
private func areOneSite(_ a: String, _ b: String) -> Bool {
    let a = withoutVariantLabels(asciiName(ofHost: a))
    let b = withoutVariantLabels(asciiName(ofHost: b))
    let (long, short) = a.utf8.count >= b.utf8.count ? (a, b) : (b, a)
    return long == short || (short.contains(".") && long.hasSuffix("." + short))
}

// MARK: - Language

/// - Returns: the tag, and its source where that is not the declaration alone.
private func language(
    declared: String?, text: String
) -> (tag: String, source: FieldSource?)? {
    let declared = declared.flatMap { languageTag($0) }
    guard let guess = guessLanguage(of: text) else { return declared.map { ($0, nil) } }
    let detected = FieldSource(.detection, guess.isSure ? 0.95 : 0.8)
    guard let declared else { return (guess.tag, detected) }
    let primary = declared.prefix { $0 != "-" }
    return primary == guess.tag || !guess.isSure ? (declared, nil) : (guess.tag, detected)
}

/// A language tag in the letter case of RFC 5646, section 2.1.1 (`fr_ca` is `fr-CA`, `zh-hant` is
/// `zh-Hant`); nil for what is no tag, and for `und` and `mul`, which name no language.
package func languageTag(_ written: String) -> String? {
    guard written.utf8.count <= 64 else { return nil }
    let parts = written.lowercased().split(omittingEmptySubsequences: false) {
        $0 == "-" || $0 == "_"
    }
    .map { $0.filter { !$0.isWhitespace } }
    guard let primary = parts.first, 2...3 ~= primary.utf8.count,
        primary.utf8.allSatisfy({ isLetter($0) }), !["und", "mul", "zxx", "mis"].contains(primary),
        parts.allSatisfy({ part in
            1...8 ~= part.utf8.count
                && part.utf8.allSatisfy { isLetter($0) || 0x30...0x39 ~= $0 }
        })
    else { return nil }
    var isBehindSingleton = false
    let cased = parts.dropFirst().map { part in
        defer { isBehindSingleton = isBehindSingleton || part.utf8.count == 1 }
        if isBehindSingleton { return part }
        switch part.utf8.count {
        case 2: return part.uppercased()
        case 4 where part.utf8.first.map({ isLetter($0) }) == true: return part.capitalisedFirst
        default: return part
        }
    }
    return ([primary] + cased).joined(separator: "-")
}

extension String {
    fileprivate var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
