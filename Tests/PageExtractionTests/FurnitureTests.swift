import News
import PageExtraction
import Testing

@Suite struct FurnitureTests {
    private static let prose =
        "Le conseil municipal a voté hier soir la rénovation de la vieille halle, que les habitants"
        + " demandaient depuis dix ans et que trois maires avaient promise."

    private func reasons(_ blocks: [MarkedBlock], language: String? = nil) -> [String?] {
        furnitureReasons(of: blocks, language: language)
    }

    private func text(_ text: String, _ kind: Block.Kind = .paragraph) -> MarkedBlock {
        MarkedBlock(Block(kind, text))
    }

    private func link(
        _ text: String, to target: String = "https://exemple.fr/a", _ kind: Block.Kind = .paragraph
    ) -> MarkedBlock {
        MarkedBlock(Block(kind, text), linkedBytes: text.utf8.count, links: [target])
    }

    private func inTheMiddle(_ block: MarkedBlock) -> String? {
        reasons([text(Self.prose), block, text(Self.prose)])[1]
    }

    private func atTheEnd(_ block: MarkedBlock) -> String? {
        reasons([text(Self.prose), text(Self.prose), block])[2]
    }

    @Test(arguments: [
        ("Partager l’article :", "share"), ("PARTAGEZ CET ARTICLE", "share"),
        ("Share this story", "share"), ("Facebook Twitter LinkedIn WhatsApp", "share"),
        ("Share on Facebook", "share"), ("Diesen Artikel teilen", "share"),
        ("Newsletter", "newsletter"), ("Subscribe to our newsletter", "newsletter"),
        (
            "Certains liens de cette page nous permettent de percevoir une commission.",
            "affiliate"
        ),
        ("If you buy through our links, we may earn a commission.", "affiliate"),
        ("Lire aussi : Le pont de la Roche ferme pour six mois", "related"),
        ("À lire aussi – Le pont de la Roche ferme pour six mois", "related"),
        ("Read also: The old bridge closes for six months", "related"),
        ("READ MORE: The old bridge closes for six months", "related"),
        ("Leggi anche: Il ponte chiude per sei mesi", "related"),
        ("Lea también: El puente cierra seis meses", "related"),
        ("Leia também: A ponte fecha por seis meses", "related"),
        ("Lees ook: De oude brug gaat zes maanden dicht", "related"),
        ("Lesen Sie auch: Die Brücke schließt", "related"),
        ("Source : www.exemple.fr", "source-line"), ("Quelle: Beispielblatt", "source-line"),
        ("Photo : Jeanne Martin / Agence Exemple", "photo-credit"),
        ("Image credit: Jane Doe", "photo-credit"),
        ("Publicité", "advertisement"), ("Advertisement", "advertisement"),
        ("Story continues below advertisement", "advertisement"),
        ("© 2025 Le Courrier d’exemple. Tous droits réservés.", "copyright"),
        ("Ce site utilise des cookies. Accepter ?", "cookie"),
        ("Cet article est réservé aux abonnés", "paywall"),
        ("Suivez-nous sur Google News", "follow-us"), ("Temps de lecture : 3 min", "reading-time"),
        ("3 min read", "reading-time"), ("Mots-clés : halle, travaux, budget", "tags"),
        ("Laisser un commentaire", "comment-invitation"),
        ("This entry was posted in News. Bookmark the permalink.", "page-note"),
        ("(Noch keine Bewertungen) Loading...", "page-note"),
    ])
    func phraseIsFurnitureAnywhere(line: String, reason: String) {
        #expect(inTheMiddle(text(line)) == reason)
        #expect(atTheEnd(text(line)) == reason)
    }

    @Test(arguments: [
        "Contact staff writer Jane Doe at jane@a.example.",
        "Cet article est paru dans notre lettre du matin.",
        "Alle Beiträge von Erika Muster",
    ])
    func authorsAreIntroducedOnlyAtTheEnd(line: String) {
        #expect(atTheEnd(text(line)) == "author-note")
        #expect(inTheMiddle(text(line)) == nil)
    }

    @Test(arguments: [
        (
            "Et vous, qu’en pensez-vous ? Faut-il garder la halle ? Dites-le nous en commentaire !",
            "comment-invitation"
        ),
        ("What do you think about the bridge? Tell us in the comments!", "comment-invitation"),
        ("Chaque matin, l’essentiel directement dans votre boîte mail.", "newsletter"),
        ("For the latest, follow us on our channels every day.", "follow-us"),
        ("LinkedIn", "share"), ("(…)", "ornament"), ("* * *", "ornament"),
    ])
    func weakEvidenceCountsAtTheEndOnly(line: String, reason: String) {
        #expect(atTheEnd(text(line)) == reason)
        #expect(inTheMiddle(text(line)) == nil)
    }

    @Test(arguments: [
        "Il a partagé sa ferme entre ses trois enfants, sans un mot.",
        "La newsletter du parti, lue par trois mille personnes, l’avait annoncé la veille.",
        "Pour aller plus loin, la ville devra emprunter quatre millions d’euros.",
        "Facebook et Twitter ont refusé de répondre à nos questions.",
        "Source de nombreuses tensions, le projet a été abandonné.",
        "Read more books, the minister told the pupils of the school.",
        "La publicité pour le tabac est interdite en France depuis 1991.",
        "« Partager l’article avec la presse était une erreur », dit le maire.",
        "Watch out for the flood, the county warned on Monday.",
        "The photo shows two men near the bridge.",
        "L’Europe va-t-elle se retrouver sans gaz cet hiver ?",
        "Les commentaires du ministre ont surpris jusque dans son camp.",
    ])
    func proseStays(line: String) {
        #expect(inTheMiddle(text(line)) == nil)
        #expect(atTheEnd(text(line)) == nil)
    }

    @Test func longProseStaysWhateverItSays() {
        let words = Array(repeating: "mot", count: FurnitureLimits.wordsMax - 5)
        let short = words.joined(separator: " ") + " nous pouvons percevoir une commission."
        #expect(atTheEnd(text(short)) == "affiliate")
        #expect(atTheEnd(text("Encore deux mots " + short)) == nil)
    }

    @Test func oneNoticeInsideAParagraphOfProseIsNotEnough() {
        let notice = " Tous droits réservés."
        #expect(inTheMiddle(text(Self.prose + notice)) == "copyright")
        let long = Self.prose + " Les travaux dureront trois ans, dit la maire."
        #expect(atTheEnd(text(long + notice)) == nil)
        #expect(atTheEnd(text(long + " Toute reproduction interdite.")) == nil)
        #expect(atTheEnd(text(long + notice + " Reproduction interdite.")) == "copyright")
    }

    @Test func teaserAndLabelAreShort() {
        func words(_ count: Int) -> String {
            Array(repeating: "mot", count: count).joined(separator: " ")
        }
        let line = FurnitureLimits.lineWordsMax
        #expect(inTheMiddle(text("Lire aussi : " + words(line - 2))) == "related")
        #expect(inTheMiddle(text("Lire aussi : " + words(line - 1))) == nil)
        func label(_ count: Int) -> String? {
            reasons([text(Self.prose), text(words(count) + " :"), link("Le budget")])[1]
        }
        #expect(label(FurnitureLimits.labelWordsMax) == "link-list")
        #expect(label(FurnitureLimits.labelWordsMax + 1) == nil)
    }

    @Test func labelTakesTheLinksBeneathIt() {
        let blocks = [
            text(Self.prose), text("Pour aller plus loin :"), link("Le budget de la ville"),
            link("Dix ans de promesses"), text(Self.prose),
        ]
        #expect(reasons(blocks) == [nil, "related", "related", "related", nil])
    }

    @Test func labelTakesOneHeadlineInTheMiddleAndAllAtTheEnd() {
        let label = text("Lire aussi")
        let headline = text("Le pont ferme pour six mois")
        let middle = [label, headline, text("La halle en travaux"), text(Self.prose)]
        #expect(reasons(middle) == ["related", "related", nil, nil])
        #expect(
            reasons([text(Self.prose), label, headline, headline])
                == [nil, "related", "related", "related"])
    }

    @Test func loneLinkStaysInTheMiddleAndGoesAtTheEnd() {
        #expect(inTheMiddle(link("Le rapport complet du conseil")) == nil)
        #expect(atTheEnd(link("Le rapport complet du conseil")) == "link-list")
    }

    @Test func listOfLinksIsAMenuFromThreeItemsOn() {
        let item = link("Une autre nouvelle", to: "/b", .listItem)
        let prose = text(Self.prose)
        #expect(reasons([prose, item, item, prose]) == [nil, nil, nil, nil])
        #expect(
            reasons([prose, item, item, item, prose])
                == [nil, "link-list", "link-list", "link-list", nil])
        let real = MarkedBlock(
            Block(.listItem, "Le rapport du conseil, publié lundi, chiffre les travaux"),
            linkedBytes: 10, links: ["/r"])
        #expect(reasons([prose, real, real, real, prose]) == [nil, nil, nil, nil, nil])
    }

    @Test func signBeforeALinkCallsToAction() {
        let block = MarkedBlock(
            Block(.paragraph, "→ ☐ Ouvrir le simulateur en un clic"), linkedBytes: 13, links: ["/s"]
        )
        #expect(inTheMiddle(block) == "call-to-action")
        #expect(inTheMiddle(text("→ Le conseil vote le budget de la ville")) == nil)
    }

    @Test func networkNameBesideAShareLabelIsAButton() {
        let blocks = [text(Self.prose), text("Partager"), text("LinkedIn"), text(Self.prose)]
        #expect(reasons(blocks) == [nil, "share", "share", nil])
        #expect(inTheMiddle(text("Facebook", .heading)) == nil)
    }

    @Test func linkThatHandsThePageOnIsShare() {
        #expect(inTheMiddle(link("Envoyer", to: "mailto:?subject=Halle")) == "share")
        #expect(inTheMiddle(link("F", to: "https://exemple.net/sharer?u=x")) == "share")
    }

    @Test func tailIsTakenAsAWholeWithItsHeading() {
        let blocks = [
            text(Self.prose), text("Restons en contact", .heading),
            text("Ils en parlent :"), link("Le budget"), text("LinkedIn"),
            text("Tous droits réservés"),
        ]
        #expect(
            reasons(blocks) == [nil, "link-list", "link-list", "link-list", "share", "copyright"])
    }

    @Test func languageLeavesOutTheOthersButEnglish() {
        let line = [text("Anzeige")]
        #expect(reasons(line, language: "de-AT") == ["advertisement"])
        #expect(reasons(line, language: nil) == ["advertisement"])
        #expect(reasons(line, language: "fr") == [nil])
        #expect(reasons([text("Advertisement")], language: "fr") == ["advertisement"])
    }

    @Test func codeAndTablesAreNeverFurniture() {
        #expect(inTheMiddle(text("newsletter", .code)) == nil)
        #expect(atTheEnd(text("Advertisement", .table)) == nil)
    }

    @Test func nothingGivesNothing() {
        #expect(reasons([]).isEmpty)
        #expect(reasons([text("")]) == [nil])
    }
}
