// A French portal that republishes others: RSS 1.0, its own mark-up around other people's words.

extension Newsroom {
    static let vigie = NewsroomOutlet(
        key: "vigie", host: "127.0.0.8", name: "La Vigie des dépêches", language: "fr",
        feedPath: "/index.rdf",
        lesson: """
            Copies under other addresses and in other mark-up: the same words are duplicates, \
            edited ones near-duplicates, a teaser is an excerpt, and a link that differs in its \
            tracking parameters alone leads to an article already held.
            """,
        articles: [
            manifesto, freighterCopy, dykeTeaser, ferryCopy, libraryLink, dairyAgain,
        ],
        feed: { entries in
            NewsroomPage(
                path: "/index.rdf", contentType: "application/rdf+xml; charset=utf-8",
                body: rss10(
                    NewsroomChannel(
                        title: "La Vigie des dépêches", language: "fr", path: "/index.rdf",
                        description: "Toute la presse de l’estuaire en une page"),
                    entries))
        },
        layOut: { layOutVigie($0) })

    private static let manifesto = NewsroomArticle(
        path: "/d/1001", title: "Pourquoi la Vigie ouvre ses comptes", author: "La Vigie",
        age: "5d",
        section: "La Vigie",
        summary: "Qui nous paie, combien, et pour quelles dépêches.",
        text: """
            La Vigie des dépêches publie pour la première fois ses comptes. On nous le
            demandait souvent, et pas toujours poliment : qui paie un portail sans rédaction,
            qui reprend les articles des autres ? Voici la réponse, au centime près.

            L’an dernier, nous avons reçu 184 300 euros. Un peu plus de la moitié vient des
            journaux eux-mêmes, qui nous versent une cotisation pour que leurs articles
            paraissent ici en entier, avec leur nom et leur lien. Un tiers vient de la
            publicité. Le reste, 21 000 euros, ce sont des dons de lecteurs, dont le plus
            petit est de quarante centimes.

            Nous avons dépensé 179 900 euros. Deux salaires et demi, un loyer, les machines,
            l’abonnement à l’agence Corvane. Les 4 400 euros qui restent iront à un fonds de
            secours pour les pigistes de la vallée.

            Ce que nous ne faisons pas : réécrire. Une dépêche reprise l’est mot pour mot, ou
            bien elle porte la mention « adapté ». Quand un journal corrige un article, nous
            le corrigeons aussi, dans la journée, et nous laissons la trace de la première
            version. Quand il nous demande de retirer une page, nous la retirons.

            Les comptes complets sont affichés dans la vitrine, rue des Tanneurs, à hauteur
            d’enfant.
            """,
        expectation: .new)

    private static let freighterCopy = NewsroomArticle(
        path: "/d/1042",
        title: "Le cargo Halvard, en avarie au large des Trois-Sœurs, remorqué vers Port-Sablon",
        author: "ACV", age: "40m", section: "Dépêches",
        summary: "Le navire transportait 3 100 tonnes d’engrais. Ses dix-neuf marins sont saufs.",
        text: freighterText, fromRound: 2,
        expectation: .duplicate(of: "fanal:/monde/cargo-halvard-remorque.html"))

    private static let dykeTeaser = NewsroomArticle(
        path: "/d/1043", title: "Mérival : la digue nord a cédé", author: "Le Fanal de Mérival",
        age: "38m", section: "Revue de presse",
        summary: "La digue nord de Mérival a cédé sur quarante mètres dans la nuit.",
        text: opening(of: dykeText, paragraphs: 1), fromRound: 2,
        expectation: .excerpt(of: "fanal:/societe/tempete-orsine-digue-nord.html"))

    private static let ferryCopy = NewsroomArticle(
        path: "/d/1044",
        title: "Quarrow ferry keeps its late boat after islanders count the passengers",
        author: "The Eldenmouth Chronicle", age: "36m", section: "In English",
        summary: "The company's figures left out everyone with a return ticket.",
        text: ferryText, fromRound: 2,
        expectation: .duplicate(of: "chronicle:/2026/11/quarrow-ferry-winter-timetable/"))

    private static let libraryLink = NewsroomArticle(
        path: """
            /culture/bibliotheque-outils-vermoncourt.html\
            ?utm_source=vigie&utm_campaign=revue&fbclid=Kx27bQ
            """,
        title: "Revue de presse : la bibliothèque qui prête des perceuses", author: "La Vigie",
        age: "34m", section: "Revue de presse",
        summary: "À lire dans Le Fanal de Mérival.", text: "", fromRound: 2, linksTo: "fanal",
        expectation: .duplicate(of: "fanal:/culture/bibliotheque-outils-vermoncourt.html"))

    private static let dairyAgain = NewsroomArticle(
        path: "/d/1046", title: "Sainte-Ombre : la laiterie appartient désormais aux éleveuses",
        author: "Adapté de L’Écho de la Sarmelle", age: "32m", section: "Économie",
        summary: "La fromagerie rouvre en coopérative.",
        text: edited(
            dairyText,
            [
                ("fume de nouveau", "fume à nouveau"),
                ("sous la forme d’une coopérative", "sous forme de coopérative"),
                ("raconte Léontine Vasseray", "explique Léontine Vasseray"),
                ("En revanche, le prix payé", "Le prix payé"),
                ("Le pari est serré.", "Le pari reste serré."),
            ]),
        fromRound: 2,
        expectation: .nearDuplicate(of: "echo:/eco/cooperative-laitiere-hautes-combes"))
}

/// Capital letters, entities for accents, tables, and quotation marks of a typewriter: nothing
/// of the original's mark-up is left.
private func layOutVigie(_ article: NewsroomArticle) -> NewsroomPage {
    let isTeaser = article.pagePath == "/d/1043"
    let text = article.paragraphs.map { paragraph in
        paragraph.hasPrefix("## ")
            ? "<H4>\(entities(String(paragraph.dropFirst(3))))</H4>"
            : "<SECTION><SPAN CLASS=depeche>\(entities(paragraph))</SPAN></SECTION>"
    }
    let more = """
        <P CLASS=suite><A HREF="{{BASE:fanal}}/societe/tempete-orsine-digue-nord.html">Lire la suite
        sur Le Fanal de M&eacute;rival</A></P>
        """
    return NewsroomPage(
        path: article.pagePath, contentType: "text/html; charset=utf-8",
        body: """
            <!DOCTYPE html>
            <HTML><HEAD><META CHARSET=utf-8>
            <TITLE>\(entities(article.title)) : La Vigie</TITLE>
            <META NAME=dcterms.date CONTENT="{{AGO3339:\(article.age)}}"></HEAD>
            <BODY>
            <DIV ID=bandeau><A HREF="{{BASE}}/">La Vigie des d&eacute;p&ecirc;ches</A>
            <FORM ACTION="{{BASE}}/q"><INPUT NAME=q PLACEHOLDER=Chercher></FORM></DIV>
            <DIV ID=menu><A HREF="{{BASE}}/mer">Mer</A> <A HREF="{{BASE}}/terre">Terre</A>
            <A HREF="{{BASE}}/ciel">Ciel</A> <A HREF="{{BASE}}/compte">Mon compte</A></DIV>
            <DIV ID=fiche>
            <H1>\(entities(article.title))</H1>
            <DIV CLASS=infos>Source : \(entities(article.author)) | {{AGOFR:\(article.age)}}</DIV>
            <DIV CLASS=texte>
            \(text.joined(separator: "\n"))
            </DIV>
            \(isTeaser ? more : "")
            <DIV CLASS=outils><A HREF="#">Partager</A> <A HREF="#">Imprimer</A>
            <A HREF="#">Ajouter &agrave; mes d&eacute;p&ecirc;ches</A></DIV>
            </DIV>
            <DIV ID=fil><H3>Le fil</H3><UL>
            <LI>09:12 <A HREF="{{BASE}}/d/1001">Pourquoi la Vigie ouvre ses comptes</A></LI>
            <LI>08:57 <A HREF="{{BASE}}/d/1042">Le cargo Halvard remorqu&eacute;</A></LI>
            </UL></DIV>
            <DIV ID=pied>La Vigie - Mentions l&eacute;gales - Publicit&eacute; -
            Nous &eacute;crire</DIV>
            </BODY></HTML>

            """)
}

/// Typewritten text with its accented letters as named character references.
private func entities(_ text: String) -> String {
    let names: [Character: String] = [
        "é": "eacute", "è": "egrave", "ê": "ecirc", "à": "agrave", "â": "acirc", "î": "icirc",
        "ô": "ocirc", "û": "ucirc", "ù": "ugrave", "ç": "ccedil", "É": "Eacute", "À": "Agrave",
        "œ": "oelig",
    ]
    return escaped(typewritten(text)).map { character in
        names[character].map { "&\($0);" } ?? String(character)
    }.joined()
}
