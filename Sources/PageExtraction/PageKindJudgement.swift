internal import Markup
internal import News

/// Tells what a page is. In doubt it is an article: only a page with little text of its own can be
/// anything else, and then only on evidence.
func judgeKind(
    of tree: HTMLTree, _ extraction: Extraction, text: PageText, metadata: PageMetadata
) -> PageKind {
    let bytes = extraction.textBytes
    guard bytes < KindLimits.articleBytes else { return .article }
    let judgement = KindJudgement(tree: tree, extraction: extraction, metadata: metadata)
    let title = (extraction.title ?? "").lowercased()
    if judgement.isBotWall(title: title) { return .botWall }
    if bytes < KindLimits.wallBytes, judgement.isNotFound(title: title) { return .notFound }
    if bytes < KindLimits.wallBytes, judgement.isConsentWall(title: title) { return .consentWall }
    if bytes < KindLimits.paywallStubBytes, judgement.isPaywallStub { return .paywallStub }
    if bytes < KindLimits.pictureBytes, let kind = judgement.pictures { return kind }
    if judgement.isList(proseBytes: text.proseBytes) { return .listPage }
    if bytes < KindLimits.shellBytes, judgement.isShell { return .emptyShell }
    return extraction.blocks.isEmpty ? .empty : .article
}

/// In UTF-8 bytes of text.
enum KindLimits {
    /// A page with as much text as this is an article, whatever else it says.
    static let articleBytes = 2_000
    /// A wall or an error page says no more than this.
    static let wallBytes = 1_200
    /// The teaser of a paid article is no longer than this.
    static let paywallStubBytes = 1_000
    /// A page that a script has yet to fill shows less than this.
    static let shellBytes = 200
    /// A page of pictures or of a video has no more text.
    static let pictureBytes = 700
    /// So many captions make a gallery, when there is less other text than captions.
    static let captionsMin = 8
    /// A list page's longest text is a teaser.
    static let listProseBytes = 700
    /// So many linked headlines make a list.
    static let listLinksMin = 15
}

private struct KindJudgement {
    let tree: HTMLTree
    let extraction: Extraction
    let metadata: PageMetadata
    /// All that can be read on the page, cut, as UTF-8, ASCII in small letters.
    private let visible: [UInt8]
    private let visibleBytes: Int

    init(tree: HTMLTree, extraction: Extraction, metadata: PageMetadata) {
        self.tree = tree
        self.extraction = extraction
        self.metadata = metadata
        var bytes = 0
        var text: [UInt8] = []
        func look(at piece: String) {
            bytes += piece.utf8.count
            guard text.count < Self.lookedAtBytes else { return }
            text += piece.utf8.prefix(Self.lookedAtBytes).lazy.map(smallLetter)
            text.append(0x20)
        }
        for block in extraction.blocks { look(at: block.text) }
        for dropped in extraction.dropped { look(at: dropped.text) }
        visibleBytes = bytes
        visible = text
    }
    private static let lookedAtBytes = 4_000

    private func isVisible(_ phrase: String) -> Bool { holds(Array(phrase.utf8), in: visible.span) }

    func isBotWall(title: String) -> Bool {
        guard visibleBytes < 3_000 else { return false }
        let titles = [
            "just a moment", "attention required", "access denied", "are you a robot",
            "pardon our interruption", "security check", "ddos protection", "bot verification",
            "human verification", "verify you are human", "un instant", "accès refusé",
            "vérification de sécurité", "request blocked", "you have been blocked",
        ]
        if titles.contains(where: { title.contains($0) }) { return true }
        let phrases = [
            "verify you are a human", "verify you are human", "verifying you are human",
            "checking your browser before", "enable javascript and cookies to continue",
            "unusual traffic from your", "why have i been blocked", "you are not a robot",
            "vous n'êtes pas un robot", "que vous n’êtes pas un robot", "complete the captcha",
            "press & hold to confirm", "you will be connected to",
        ]
        return phrases.contains(where: isVisible)
    }

    func isNotFound(title: String) -> Bool {
        guard metadata.published == nil else { return false }
        let phrases = [
            "page not found", "not found", "page introuvable", "introuvable",
            "seite nicht gefunden",
            "nicht gefunden", "página no encontrada", "pagina non trovata", "niet gevonden",
            "página não encontrada", "page doesn't exist", "n’existe pas", "n'existe pas",
            "no longer available", "n’est plus disponible",
        ]
        let words = title.split { !$0.isLetter && !$0.isNumber }
        if words.contains("404") || words.contains("410") { return true }
        return phrases.contains { title.contains($0) }
            || (visibleBytes < 1_500 && phrases[0...2].contains(where: isVisible))
    }

    func isConsentWall(title: String) -> Bool {
        guard metadata.linkedData.headline == nil else { return false }
        let phrases = [
            "before you continue", "avant de continuer", "bevor sie fortfahren",
            "we value your privacy", "nous respectons votre vie privée",
            "le respect de votre vie privée", "your privacy choices", "vos choix concernant",
            "continuer sans accepter", "tout accepter", "accept all cookies", "accept all",
            "alle akzeptieren", "aceptar todo", "accetta tutti", "alles accepteren",
            "consent", "cookies", "partenaires", "partners", "datenschutz",
        ]
        let hits = phrases.filter(isVisible).count
        return hits >= 4 || (hits >= 2 && phrases[0...6].contains { title.contains($0) })
    }

    func isList(proseBytes: Int) -> Bool {
        let listTypes: Set<String> = ["collectionpage", "itemlist", "searchresultspage"]
        guard proseBytes < KindLimits.listProseBytes, metadata.linkedData.headline == nil,
            metadata.published == nil || !metadata.linkedData.types.isDisjoint(with: listTypes)
        else { return false }
        var headlines = 0
        for node in tree.nodes where tree.elements[node].headingLevel != nil {
            let hasLink = (node..<tree.end(of: node)).contains { tree.elements[$0] == .a }
            let isInLink = tree.parent(of: node).map { tree.elements[$0] == .a } ?? false
            if hasLink || isInLink { headlines += 1 }
        }
        return headlines >= KindLimits.listLinksMin
    }

    /// Declared not to be free, or cut off above an offer to subscribe.
    var isPaywallStub: Bool {
        if let isFree = metadata.linkedData.isFree { return !isFree }
        let offers = [
            "de cet article à lire", "la suite est réservée", "réservé aux abonnés",
            "réservé à nos abonnés", "article réservé", "déjà abonné", "subscribe to continue",
            "subscribe to read", "to continue reading", "to read the full", "already a subscriber",
            "for subscribers only", "subscriber-only", "nur für abonnenten", "bereits abonnent",
            "jetzt weiterlesen", "solo para suscriptores", "exclusivo para suscriptores",
            "ya eres suscriptor", "riservato agli abbonati", "sei già abbonato",
            "exclusivo para assinantes", "já é assinante", "alleen voor abonnees",
            "al abonnee",
        ]
        let isCut = extraction.blocks.last.map { text in
            ["…", "...", "…]", "...]"].contains { text.text.hasSuffix($0) }
        }
        return offers.count(where: isVisible) >= (isCut == true ? 1 : 2)
    }

    /// A video or a gallery, when the page says so, or shows captions and little else.
    var pictures: PageKind? {
        let types = metadata.linkedData.types
        let isArticle = types.contains { $0.hasSuffix("article") || $0.hasSuffix("posting") }
        let declared = metadata.declaredType?.lowercased() ?? ""
        if declared.hasPrefix("video") || (types.contains("videoobject") && !isArticle) {
            return .video
        }
        if !types.isDisjoint(with: ["imagegallery", "mediagallery"]) { return .gallery }
        let captions = extraction.dropped.filter { $0.reason == OmissionReason.caption.rawValue }
        let captionBytes = captions.reduce(0) { $0 + $1.text.utf8.count }
        let isMostlyCaptions = captionBytes > extraction.textBytes
        return captions.count >= KindLimits.captionsMin && isMostlyCaptions ? .gallery : nil
    }

    /// A page with scripts and next to nothing to read.
    var isShell: Bool {
        visibleBytes < 600 && tree.nodes.contains { tree.elements[$0] == .script }
    }
}
