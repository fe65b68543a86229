internal import Markup

/// What the words of an element's `class` and `id` say about it, as a set.
struct ClassEvidence: OptionSet, Sendable {
    let rawValue: UInt32

    /// Names that publishers give to the body of an article and to little else.
    static let body = ClassEvidence(rawValue: 1 << 0)
    /// Names of articles, stories, posts, contents.
    static let content = ClassEvidence(rawValue: 1 << 1)
    static let standfirst = ClassEvidence(rawValue: 1 << 2)
    static let comments = ClassEvidence(rawValue: 1 << 3)
    static let related = ClassEvidence(rawValue: 1 << 4)
    static let advertisement = ClassEvidence(rawValue: 1 << 5)
    static let share = ClassEvidence(rawValue: 1 << 6)
    static let caption = ClassEvidence(rawValue: 1 << 7)
    static let byline = ClassEvidence(rawValue: 1 << 8)
    static let navigation = ClassEvidence(rawValue: 1 << 9)
    static let footer = ClassEvidence(rawValue: 1 << 10)
    static let sidebar = ClassEvidence(rawValue: 1 << 11)
    static let tags = ClassEvidence(rawValue: 1 << 12)
    static let hidden = ClassEvidence(rawValue: 1 << 13)
    static let consent = ClassEvidence(rawValue: 1 << 14)
    static let signUp = ClassEvidence(rawValue: 1 << 15)
    /// A post of a social network, shown within the article.
    static let embeddedPost = ClassEvidence(rawValue: 1 << 16)
    static let paywall = ClassEvidence(rawValue: 1 << 17)

    /// The evidence in the words of `class` and `id`: cut at whatever is no letter and where small
    /// letters turn to capitals, looked up singly and in joined pairs (`read-more`, `articleBody`).
    init(of node: HTMLTree.Node, in tree: HTMLTree) {
        var evidence: ClassEvidence = []
        for name in [HTMLAttributeName.class, .id, .dataTestID, .dataComponent] {
            if let value = tree.rawAttribute(name, of: node) {
                evidence.formUnion(Self.words(in: value.prefix(Self.attributeBytesMax)))
            }
        }
        self = evidence
    }

    init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Longer lists of class names are cut: they are made by machines and say no more.
    private static let attributeBytesMax = 400

    private static func words(in value: ArraySlice<UInt8>) -> ClassEvidence {
        var evidence: ClassEvidence = []
        var previous = value.startIndex..<value.startIndex
        var index = value.startIndex
        while index < value.endIndex {
            guard isLetter(value[index]) else {
                if isSpace(value[index]) { previous = index..<index }
                index += 1
                continue
            }
            let start = index
            index += 1
            while index < value.endIndex, isLetter(value[index]),
                !(isCapital(value[index]) && !isCapital(value[index - 1]))
            {
                index += 1
            }
            let word = start..<index
            if let found = wordTable.find(value[word]) { evidence.formUnion(found) }
            if !previous.isEmpty {
                let pair = Array(value[previous] + value[word])
                if let found = wordTable.find(pair[...]) { evidence.formUnion(found) }
            }
            previous = word
        }
        return evidence
    }
}

private func isCapital(_ byte: UInt8) -> Bool { 0x41...0x5A ~= byte }
private func isLetter(_ byte: UInt8) -> Bool { 0x61...0x7A ~= byte | 0x20 || byte >= 0x80 }
private func isSpace(_ byte: UInt8) -> Bool { byte <= 0x20 }

/// English, French, German, Spanish, Italian, Portuguese, Dutch, as publishers' class names have
/// them.
private let wordTable = NameTable(
    wordGroups.flatMap { words, evidence in
        words.split(whereSeparator: \.isWhitespace).map { (String($0), evidence) }
    })

private let wordGroups: [(String, ClassEvidence)] = [
    (
        """
        articlebody storybody postbody entrycontent postcontent articlecontent storycontent
        articletext bodytext storytext posttext bodycopy articlecopy contentbody richtext wysiwyg
        prose corpsarticle articlecorps textearticle articletexte cuerpo articlemain mainarticle
        newscontent newsbody newstext blogcontent articlecontainer entrybody bodycontent
        articulocuerpo artikeltext articlecontents storyarticle
        """, .body
    ),
    ("article story post entry content main body text blog news texte artikel nota", .content),
    (
        """
        standfirst chapo chapeau intro introduction lead lede leadtext teasertext dek deck subtitle
        subheadline subheading summary excerpt abstract sapo bajada entradilla vorspann
        articlelead articleintro articlesummary articledek kicker-text sommario occhiello
        """, .standfirst
    ),
    (
        """
        comment comments commentlist commentsection disqus kommentar kommentare commentaire
        commentaires comentario comentarios commenti reacties respond replies reply livefyre spotim
        viafoura coral commentary-list usercomments
        """, .comments
    ),
    (
        """
        related recommend recommended recommendation recommendations recirc recirculation similar
        morestories morefrom readmore alsolike readnext nextup upnext mostread mostpopular trending
        popular outbrain taboola zergnet revcontent teaser teasers lireaussi voiraussi alire
        relacionadas relacionados verwandte seealso youmay otherarticles morearticles
        relatedarticles alsoread readalso correlati morenews latestnews topstories mostviewed
        nextarticle recentposts relatedposts crosslinks linkbox moreon inlinelink
        """, .related
    ),
    (
        """
        ad ads adv advert advertisement advertising adslot adunit adbox adcontainer sponsor
        sponsored sponsors dfp gpt anzeige werbung publicite publicidad pubblicita promo promos
        promotion affiliate adwrapper adplaceholder promobox
        """, .advertisement
    ),
    (
        """
        share sharing social sharebar sharetools addthis addtoany sharethis socials partage partager
        compartir teilen condividi sharebuttons socialshare followus
        """, .share
    ),
    (
        """
        caption captions credit credits photocredit imagecredit legende legend bildunterschrift
        figcaption copyright imagecaption wpcaption photocaption
        """, .caption
    ),
    (
        """
        byline bylines author authors autor autore auteur dateline timestamp pubdate publishdate
        postmeta entrymeta articlemeta metadata articleinfo storymeta postinfo readingtime
        authorbio authorbox aboutauthor postedon date signature biography
        """, .byline
    ),
    (
        """
        nav navbar navigation menu menus breadcrumb breadcrumbs pagination pager paging toolbar
        skiplink topbar megamenu jumplinks
        """, .navigation
    ),
    ("footer colophon pagefooter sitefooter", .footer),
    ("sidebar aside rail rightrail leftrail sidecolumn rightcolumn marginalia", .sidebar),
    (
        "tags taglist topics keywords etiquetas motscles tagcloud articletags posttags entrytags",
        .tags
    ),
    (
        """
        hidden invisible sronly visuallyhidden screenreader offscreen displaynone printonly
        accessibility assistive
        """, .hidden
    ),
    ("cookie cookies consent gdpr cmp onetrust didomi cookiebanner", .consent),
    (
        """
        newsletter newsletters subscribe subscription signup signin login register registration
        modal popup overlay lightbox tooltip poll quiz donate donation survey subscribebox
        newsletterbox abonnement inscription appdownload
        """, .signUp
    ),
    ("paywall premiumwall subscriberonly regwall", .paywall),
    ("twittertweet tweet instagrammedia fbpost blueskyembed mastodonembed", .embeddedPost),
]
