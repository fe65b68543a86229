import News
import PageExtraction
import Testing

@Suite struct ExtractPlainTextTests {
    private static let prose =
        "Le conseil municipal a voté hier soir la rénovation de la vieille halle du marché, que"
        + " trois maires avaient promise."

    private func plain(_ text: String) -> Extraction {
        extractText(text, dialect: .plain, from: nil)
    }

    private func markdown(_ text: String) -> Extraction {
        extractText(text, dialect: .markdown, from: nil)
    }

    // MARK: Dialect

    @Test(arguments: [
        ("# Titre\n\nTexte", TextDialect.markdown), ("Texte [lien](https://a.b/c).", .markdown),
        ("Texte ![](a.png)", .markdown), ("```\ncode\n```", .markdown),
        ("**gras** et\n> citation", .markdown), ("5 \\$ en **tout**", .markdown),
        ("Texte simple.", .plain), ("#motdièse", .plain), ("Voir [1](voir note) et [2].", .plain),
        ("- un\n- deux", .plain), ("> citation de courrier", .plain), ("2 ** 3", .plain),
        ("", .plain),
    ])
    func dialectIsToldByEvidence(text: String, dialect: TextDialect) {
        #expect(textDialect(of: text) == dialect)
    }

    // MARK: Lines

    /// Whatever ends the lines, and whatever parts the words, the blocks are the same.
    @Test(arguments: [
        "\n", "\r\n", "\r", "\u{85}", "\u{2028}", "\u{2029}", "\u{B}", "\u{C}",
    ])
    func everyEndOfALineIsOne(end: String) {
        let lines = [
            "La halle rouvre", "", "", Self.prose, "", "- un", "- deux", "", "l’été — fin.",
        ]
        let expected = plain(lines.joined(separator: "\n"))
        #expect(expected.blocks.count == 4 && expected.title == "La halle rouvre")
        #expect(plain(lines.joined(separator: end)) == expected)
        #expect(plain(lines.joined(separator: end) + end + " \u{200B}" + end) == expected)
        let wide = lines.map { $0.replacing(" ", with: " \u{A0}\t") }
        #expect(plain(wide.joined(separator: end)) == expected)
    }

    // MARK: Title

    @Test func firstHeadingIsTheTitle() {
        let extraction = markdown("Rubrique\n\n# La *halle*\n\n## Partie\n\n" + Self.prose)
        #expect(extraction.title == "La halle")
        #expect(extraction.blocks.map(\.text) == ["Rubrique", "Partie", Self.prose])
    }

    @Test func headingBehindProseIsNoTitle() {
        let prose = Self.prose + " " + Self.prose
        #expect(markdown(prose + "\n\n## Partie\n\n" + prose).title == nil)
    }

    @Test(arguments: [
        ("La halle rouvre", true), ("La halle va-t-elle rouvrir ?", true),
        ("La halle rouvre.", false), ("La halle rouvre :", false), ("La halle rouvre…", false),
        (Self.prose.dropLast() + " " + Self.prose.dropLast(), false),
    ])
    func shortFirstLineIsTheTitle(line: String, isTitle: Bool) {
        let extraction = plain(line + "\n\n" + Self.prose)
        #expect(extraction.title == (isTitle ? line : nil))
        #expect(extraction.blocks.count == (isTitle ? 1 : 2))
    }

    @Test func furnitureIsNoTitle() {
        let extraction = plain("Temps de lecture : 3 min\n\nLa halle rouvre\n\n" + Self.prose)
        #expect(extraction.title == "La halle rouvre")
        #expect(extraction.dropped.map(\.reason) == ["reading-time"])
    }

    @Test func onlyLineIsText() {
        let extraction = plain("La halle rouvre")
        #expect(extraction.title == nil)
        #expect(extraction.blocks == [Block(.paragraph, "La halle rouvre")])
    }

    // MARK: Front matter

    @Test func fencedFrontMatterIsMetadata() {
        let text = """
            ---
            title: "La halle : enfin"
            date: 2025-01-21
            author: Jeanne Martin, Jean Exemple
            url: https://exemple.fr/halle
            lang: fr-FR
            tags: [a, b]
            ---

            \(Self.prose)
            """
        let extraction = markdown(text)
        #expect(extraction.title == "La halle : enfin")
        #expect(extraction.published?.day == "2025-01-21")
        #expect(extraction.authors == ["Jeanne Martin", "Jean Exemple"])
        #expect(extraction.declaredCanonical == "https://exemple.fr/halle")
        #expect(extraction.language == "fr-FR")
        #expect(extraction.blocks.map(\.text) == [Self.prose])
    }

    @Test func unfencedFrontMatterNeedsKnownKeys() {
        let extraction = plain("Titre: La halle\nurl: https://exemple.fr/h\n\n" + Self.prose)
        #expect(extraction.title == "La halle")
        #expect(extraction.declaredCanonical == "https://exemple.fr/h")
        #expect(extraction.blocks.map(\.text) == [Self.prose])
        let other = plain(
            "Bilan: La halle coûte douze millions d’euros, dit la maire.\n\n" + Self.prose)
        #expect(other.blocks.count == 2)
    }

    @Test func ruleAtTheTopIsNoFrontMatter() {
        let extraction = markdown("---\n\n\(Self.prose)\n\n---\n\n\(Self.prose)")
        #expect(extraction.blocks.map(\.text) == [Self.prose, Self.prose])
    }

    @Test func frontMatterIsBounded() {
        let keys = String(repeating: "key: value\n", count: TextLimits.frontMatterLinesMax - 1)
        #expect(markdown("---\n\(keys)---\n\n\(Self.prose)").blocks.count == 1)
        #expect(markdown("---\n\(keys)key: value\n---\n\n\(Self.prose)").blocks.count > 1)
    }

    // MARK: Byline

    @Test(arguments: [
        ("Par Jeanne Martin", ["Jeanne Martin"]),
        ("By Jane Doe and John Roe", ["Jane Doe", "John Roe"]),
        ("Par Jeanne Martin, le 21 janvier 2025", ["Jeanne Martin"]), ("Par un froid matin", []),
        ("By the river they sat down", []), ("Par Jeanne Martin, qui a tout vu.", []),
    ])
    func bylineBeneathTheTitleNamesAuthors(line: String, authors: [String]) {
        let extraction = plain("La halle rouvre\n\n\(line)\n\n\(Self.prose)")
        #expect(extraction.authors == authors)
        #expect(extraction.blocks.count == (authors.isEmpty ? 2 : 1))
    }

    // MARK: Paragraphs

    @Test func wrappedLinesAreOneParagraph() {
        let wrapped = """
            Le conseil municipal a voté hier soir la rénovation de la
            vieille halle du marché, que trois maires avaient promise
            en vain.
            """
        #expect(plain(wrapped).blocks.count == 1)
        #expect(plain(wrapped).blocks.first?.text.contains("de la vieille halle") == true)
    }

    @Test func longLinesAreAParagraphEach() {
        let lines = Self.prose + " " + Self.prose + "\n" + Self.prose
        #expect(plain(lines).blocks.count == 2)
    }

    @Test func dashesMakeListItems() {
        let extraction = plain("\(Self.prose)\n\n- un\n- deux\n\n\(Self.prose)")
        #expect(extraction.blocks.map(\.kind) == [.paragraph, .listItem, .listItem, .paragraph])
    }

    @Test func shortLineAboveProseIsAHeading() {
        let text = "\(Self.prose)\n\nDix ans de promesses\n\n\(Self.prose)"
        #expect(plain(text).blocks.map(\.kind) == [.paragraph, .heading, .paragraph])
        let verse = "\(Self.prose)\n\nDix ans de promesses\n\nTrois mots seuls\n\n\(Self.prose)"
        #expect(plain(verse).blocks[1].kind == .paragraph)
    }

    // MARK: Embedded posts

    @Test(arguments: [
        "We open the hall. — Town Hall (@townhall) January 21, 2025",
        "Nous ouvrons la halle. – Mairie (@mairie) 21 janvier 2025",
        "We open the hall — Town Hall (@town_hall.bsky)",
    ])
    func pastedPostIsAQuotation(post: String) {
        let extraction = plain("\(Self.prose)\n\n\(post)\n\n\(Self.prose)")
        #expect(extraction.blocks[1] == Block(.quotation, post))
    }

    @Test func pictureLinksOfAPostGo() {
        let post = "We open the hall pic.twitter.com/AbC1 https://t.co/xYz — Hall (@hall)"
        let extraction = plain("\(Self.prose)\n\n\(post)\n\n\(Self.prose)")
        #expect(extraction.blocks[1] == Block(.quotation, "We open the hall — Hall (@hall)"))
    }

    @Test func proseThatNamesAHandleIsNoPost() {
        let prose = "La maire — Claire Modèle (@cmodele) — a parlé hier soir devant le conseil."
        let extraction = plain("\(Self.prose)\n\n\(prose)\n\n\(Self.prose)")
        #expect(extraction.blocks[1].kind == .paragraph)
    }

    // MARK: Limits

    @Test func titleAndHeadingHaveAFewWords() {
        func words(_ count: Int) -> String {
            (["Mot"] + Array(repeating: "mot", count: count - 1)).joined(separator: " ")
        }
        #expect(plain(words(TextLimits.titleWordsMax) + "\n\n" + Self.prose).title != nil)
        #expect(plain(words(TextLimits.titleWordsMax + 1) + "\n\n" + Self.prose).title == nil)
        func kind(heading: Int, prose: Int) -> Block.Kind {
            plain("\(Self.prose)\n\n\(words(heading))\n\n\(words(prose)).").blocks[1].kind
        }
        let (heading, headed) = (TextLimits.headingWordsMax, TextLimits.headedWordsMin)
        #expect(kind(heading: heading, prose: headed) == .heading)
        #expect(kind(heading: heading + 1, prose: headed) == .paragraph)
        #expect(kind(heading: heading, prose: headed - 1) == .paragraph)
    }

    @Test func dateLineFurtherDownIsText() {
        let head = Array(repeating: Self.prose, count: TextLimits.headBlocksMax - 1)
        func published(_ before: [String]) -> Instant? {
            plain((before + ["21 janvier 2025", Self.prose]).joined(separator: "\n\n")).published
        }
        #expect(published(head) != nil)
        #expect(published(head + [Self.prose]) == nil)
    }

    @Test func signatureIsShort() {
        let name = String(repeating: "N", count: TextLimits.signatureCharactersMax - 9)
        func kind(_ name: String) -> Block.Kind {
            plain("\(Self.prose)\n\n\(Self.prose) — \(name) (@abc)").blocks[1].kind
        }
        #expect(kind(name) == .quotation)
        #expect(kind(name + "N") == .paragraph)
    }

    @Test func nothingIsEmpty() {
        for text in ["", "\n \u{FEFF}\n", "---", "Partager"] {
            #expect(plain(text).kind == .empty)
            #expect(plain(text).blocks.isEmpty)
        }
        #expect(plain(Self.prose).kind == .article)
    }
}
