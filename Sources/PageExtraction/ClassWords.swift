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

    /// The evidence in the words of a `class` or an `id`: cut at whatever is no letter and where
    /// small letters turn to capitals, looked up singly and in joined pairs (`read-more`,
    /// `articleBody`). At most `attributeBytesMax` bytes are read. Cost: linear, no allocation.
    init(wordsIn value: Span<UInt8>) {
        let end = min(value.count, Self.attributeBytesMax)
        var found: UInt32 = 0
        var previous: UInt64?
        var index = 0
        while index < end {
            guard isLetter(value[index]) else {
                if value[index] <= 0x20 { previous = nil }
                index += 1
                continue
            }
            var word = EvidenceTable.seed
            var pair = previous
            repeat {
                let isSmall = !isCapital(value[index])
                word = EvidenceTable.hash(word, value[index])
                if let begun = pair { pair = EvidenceTable.hash(begun, value[index]) }
                index += 1
                if isSmall, index < end, isCapital(value[index]) { break }
            } while index < end && isLetter(value[index])
            found |= evidenceTable.find(word)
            if let pair { found |= evidenceTable.find(pair) }
            previous = word
        }
        rawValue = found
    }

    init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Longer lists of class names are cut: they are made by machines and say no more.
    private static let attributeBytesMax = 400
}

@inline(__always)
private func isCapital(_ byte: UInt8) -> Bool { 0x41...0x5A ~= byte }
@inline(__always)
private func isLetter(_ byte: UInt8) -> Bool { 0x61...0x7A ~= byte | 0x20 || byte >= 0x80 }

/// Words to evidence by the words' hashes (FNV-1a, 64 bits, small letters). Two words of one hash
/// would be taken for each other; a page can bring that about no more easily than it can write the
/// word itself.
private struct EvidenceTable: Sendable {
    static let seed: UInt64 = 0xCBF2_9CE4_8422_2325
    /// Several times as many as words, so that a probe ends at once; a power of two.
    private static let slots = 2048

    private var hashes = Array(repeating: UInt64(0), count: slots)
    private var masks = Array(repeating: UInt32(0), count: slots)

    init(_ groups: [(String, ClassEvidence)]) {
        for (words, evidence) in groups {
            for word in words.split(whereSeparator: \.isWhitespace) {
                let hash = word.utf8.reduce(Self.seed, Self.hash)
                var slot = Self.slot(hash)
                while masks[slot] != 0, hashes[slot] != hash { slot = (slot + 1) % Self.slots }
                hashes[slot] = hash
                masks[slot] |= evidence.rawValue
            }
        }
    }

    @inline(__always)
    static func hash(_ begun: UInt64, _ byte: UInt8) -> UInt64 {
        (begun ^ UInt64(byte | (isCapital(byte) ? 0x20 : 0))) &* 0x0000_0100_0000_01B3
    }

    private static func slot(_ hash: UInt64) -> Int {
        Int(truncatingIfNeeded: hash >> 32) & (slots - 1)
    }

    /// The evidence of the word with that hash; 0 when it is none of ours.
    @inline(__always)
    func find(_ hash: UInt64) -> UInt32 {
        var slot = Self.slot(hash)
        while masks[slot] != 0 {
            if hashes[slot] == hash { return masks[slot] }
            slot = (slot + 1) & (Self.slots - 1)
        }
        return 0
    }
}

/// English, French, German, Spanish, Italian, Portuguese, Dutch, as publishers' class names have
/// them.
private let evidenceTable = EvidenceTable(wordGroups)

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
