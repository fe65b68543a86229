import News
import Testing

@Suite struct NormaliseTests {
    private static let words = "Le conseil a voté la rénovation de la halle."

    private func candidate(
        _ texts: [String], title: String? = nil, url: String? = nil, canonical: String? = nil,
        language: String? = nil, kind: PageKind = .article, aliases: [Alias] = []
    ) -> Candidate {
        Candidate(
            origin: .stream(id: "1"), url: url.flatMap { HTTPURL($0) },
            declaredCanonical: canonical, title: title, blocks: texts.map { Block(.paragraph, $0) },
            language: language, seen: Instant(millisecondsSince1970: 0), kind: kind,
            textSource: .stream, aliases: aliases)
    }

    private func rejection(of candidate: Candidate, _ limits: NormaliseLimits = .init())
        -> Rejection?
    {
        do throws(Rejection) {
            _ = try normalise(candidate, limits: limits)
            return nil
        } catch {
            return error
        }
    }

    // MARK: Text and title

    @Test func paragraphsArePartedByOneBlankLine() throws {
        let article = try normalise(
            candidate(["Un deux\ntrois.", " \u{200B}", "Quatre cinq six."]))
        #expect(article.text == "Un deux trois.\n\nQuatre cinq six.")
    }

    @Test func codeKeepsItsLines() throws {
        var code = candidate([Self.words])
        code.blocks.append(Block(.code, "a\n\n  b\n"))
        #expect(try normalise(code).text == Self.words + "\n\na\n  b")
    }

    @Test func titleIsOneLine() throws {
        let article = try normalise(candidate([Self.words], title: " La\nhalle\u{AD}s "))
        #expect(article.title == "La halles")
        #expect(try normalise(candidate([Self.words])).title == "")
    }

    @Test func longTitleIsCutBehindAWord() throws {
        let limits = NormaliseLimits(titleCharactersMax: 12)
        let cut = try normalise(candidate([Self.words], title: "Une longue phrase"), limits: limits)
        #expect(cut.title == "Une longue…")
        let whole = try normalise(candidate([Self.words], title: "Douze signes"), limits: limits)
        #expect(whole.title == "Douze signes")
        #expect(NormaliseLimits().titleCharactersMax == 500)
    }

    @Test func titleRepeatedAboveTheTextGoes() throws {
        let article = try normalise(
            candidate(["LA HALLE SERA « RÉNOVÉE »", Self.words], title: "La halle sera rénovée"))
        #expect(article.text == Self.words)
    }

    @Test func textThatIsItsTitleStays() throws {
        let article = try normalise(candidate([Self.words], title: Self.words))
        #expect(article.text == Self.words)
    }

    @Test func typographyDoesNotChangeTheContentHash() throws {
        let plain = try normalise(candidate(["L'eau coûte 100 000 euros \"au moins\" ici."]))
        let typeset = try normalise(
            candidate(["L’eau coûte 100\u{202F}000 euros «\u{A0}au moins\u{A0}» ici."]))
        #expect(plain.contentHash == typeset.contentHash)
        #expect(plain.text != typeset.text)
    }

    // MARK: Refusals

    @Test(arguments: [PageKind.consentWall, .botWall, .paywallStub, .notFound, .listPage, .empty])
    func whatIsNoArticleIsRefused(kind: PageKind) {
        #expect(rejection(of: candidate([Self.words], kind: kind)) == .notAnArticle(kind))
    }

    @Test func anArticleHasFiveWords() {
        #expect(rejection(of: candidate(["un deux trois quatre cinq"])) == nil)
        #expect(
            rejection(of: candidate(["un deux trois quatre"], title: "Un titre de cinq mots"))
                == .tooShort(words: 4, wordsMin: 5))
        #expect(rejection(of: candidate([])) == .tooShort(words: 0, wordsMin: 5))
    }

    @Test func twoCharactersWithoutSpacesAreAWord() {
        #expect(rejection(of: candidate(["東京都議会は来年度"])) == .tooShort(words: 4, wordsMin: 5))
        #expect(rejection(of: candidate(["東京都議会は来年度予"])) == nil)
    }

    @Test func textIsBounded() {
        let limits = NormaliseLimits(textBytesMax: Self.words.utf8.count)
        #expect(rejection(of: candidate([Self.words]), limits) == nil)
        #expect(
            rejection(of: candidate([Self.words + "."]), limits)
                == .tooLong(bytes: Self.words.utf8.count + 1, bytesMax: Self.words.utf8.count))
    }

    @Test func authorsAreUniqueAndBounded() throws {
        var authored = candidate([Self.words])
        authored.authors = ["Jeanne\nMartin", "", "Jeanne Martin", "A", "B"]
        let article = try normalise(authored, limits: NormaliseLimits(authorsMax: 2))
        #expect(article.authors == ["Jeanne Martin", "A"])
    }

    // MARK: Identity

    @Test(arguments: [
        // On the same site, whatever its rendering.
        ("https://www.example.org/a?x=1", "https://example.org/a", "https://example.org/a"),
        ("https://m.example.org/a", "https://www.example.org/b", "https://example.org/b"),
        ("https://news.example.org/a", "https://example.org/b", "https://example.org/b"),
        ("https://example.org/a", "https://news.example.org/b", "https://news.example.org/b"),
        ("https://example.org/a", "/b", "https://example.org/b"),
        // Elsewhere, on the root, or nowhere: not believed.
        ("https://example.org/a", "https://example.com/b", "https://example.org/a"),
        ("https://example.org/a", "https://badexample.org/b", "https://example.org/a"),
        ("https://example.org/a", "https://org/b", "https://example.org/a"),
        ("https://example.org/a", "https://example.org/", "https://example.org/a"),
        ("https://example.org/a", "javascript:0", "https://example.org/a"),
    ])
    func declaredAddressIsBelievedOnItsOwnSite(url: String, declared: String, expected: String)
        throws
    {
        let article = try normalise(candidate([Self.words], url: url, canonical: declared))
        #expect(article.canonicalURL?.text == expected)
        let canonical = CanonicalURL(stored: expected)
        #expect(article.aliases.contains(Alias(of: canonical)))
    }

    @Test func seedMayDeclareItsAddress() throws {
        let article = try normalise(candidate([Self.words], canonical: "https://example.org/a"))
        #expect(article.canonicalURL?.text == "https://example.org/a")
        #expect(article.url == nil)
        let root = try normalise(candidate([Self.words], canonical: "https://example.org/"))
        #expect(root.canonicalURL == nil)
    }

    @Test func identityIsAddressElseAliasElseWords() throws {
        let alias = Alias(Digest(high: 1, low: 1))
        let url = "https://example.org/a"
        let other = candidate(["Tout autre chose que la halle, vraiment."], url: url)
        #expect(
            try normalise(candidate([Self.words], url: url, aliases: [alias])).id
                == normalise(other).id)
        let byAlias = try normalise(candidate([Self.words], aliases: [alias]))
        let revised = try normalise(candidate([Self.words + " Encore."], aliases: [alias]))
        #expect(byAlias.id == revised.id)
        let bare = try normalise(candidate([Self.words]))
        #expect(bare.id == (try normalise(candidate([Self.words.uppercased()]))).id)
        #expect(bare.id != byAlias.id)
    }

    @Test func aliasesAreUnique() throws {
        let alias = Alias(Digest(high: 1, low: 1))
        let article = try normalise(
            candidate(
                [Self.words], url: "https://m.example.org/a?x=1",
                canonical: "https://example.org/a", aliases: [alias, alias]))
        #expect(article.aliases.first == alias)
        #expect(article.aliases.count == 3)
        #expect(Set(article.aliases).count == 3)
    }

    // MARK: Language

    @Test func declaredLanguageHoldsUnlessTheTextIsSurelyInAnother() throws {
        let french = Array(
            repeating: "Le maire de la ville a dit que les travaux sont finis.", count: 6)
        #expect(try normalise(candidate(french, language: "fr_ca")).language == "fr-CA")
        #expect(try normalise(candidate(french, language: "en-US")).language == "fr")
        #expect(try normalise(candidate(french)).language == "fr")
        #expect(try normalise(candidate(french)).sources?.language?.from == .detection)
        var declared = candidate(french, language: "fr-FR")
        declared.sources.language = FieldSource(.language, 0.9)
        #expect(try normalise(declared).sources?.language == FieldSource(.language, 0.9))
        declared.language = "en-US"
        #expect(try normalise(declared).sources?.language?.from == .detection)
        let short = candidate(["Bonjour tout le monde, salut !"], language: "en")
        #expect(try normalise(short).language == "en")
    }

    @Test(arguments: [
        ("FR", "fr"), ("en_us", "en-US"), ("zh-hant-tw", "zh-Hant-TW"), ("es-419", "es-419"),
        ("de-x-ab", "de-x-ab"), ("sr-Latn", "sr-Latn"), (" fr ", "fr"), ("und", nil), ("", nil),
        ("french", nil), ("f", nil), ("fr-", nil), ("fr-verylongsubtag", nil), ("12", nil),
    ])
    func tagIsWrittenInItsLetterCase(written: String, expected: String?) {
        #expect(languageTag(written) == expected)
    }

    // MARK: Properties

    @Test(arguments: [UInt64(41), 42, 43, 44])
    func normaliseIsIdempotent(seed: UInt64) throws {
        var random = SeededRandom(seed)
        for _ in 0..<400 {
            let title = random.text(parts: Int.random(in: 0...8, using: &random))
            var blocks = [Block(.paragraph, title)]
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let kind = random.pick([Block.Kind.paragraph, .heading, .code, .table])
                blocks.append(Block(kind, random.text()))
            }
            var first = candidate([], title: title, url: "https://www.example.org/a/?b=1")
            first.blocks = blocks
            first.authors = [random.text(parts: 4)]
            guard let once = try? normalise(first) else { continue }
            var second = candidate(
                once.text.split(separator: "\n\n").map(String.init), title: once.title,
                url: once.canonicalURL?.text, language: once.language, aliases: once.aliases)
            // Lines inside code and tables stay only where the block says what it is.
            let kinds = blocks.map(\.kind)
            if kinds.contains(.code) || kinds.contains(.table) {
                second.blocks = second.blocks.map { Block(.code, $0.text) }
            }
            second.authors = once.authors
            second.sources = once.sources ?? FieldSources()
            var twice = try normalise(second)
            twice.url = once.url
            twice.aliases = once.aliases
            #expect(twice == once, "seed \(seed)")
        }
    }
}
