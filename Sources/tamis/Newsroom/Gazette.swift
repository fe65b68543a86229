// A small French weekly whose feed breaks off in mid-entry and whose pages are windows-1252.

extension Newsroom {
    static let gazette = NewsroomOutlet(
        key: "gazette", host: "127.0.0.7", name: "La Gazette de Tourmelin", language: "fr",
        feedPath: "/flux.rss",
        lesson: """
            The feed is cut off in its third entry: the two whole ones are kept, the damage is \
            said, nothing is made up.
            """,
        articles: [lanternFair, well, bakery],
        feed: { entries in
            NewsroomPage(
                path: "/flux.rss", contentType: "application/rss+xml",
                body: cutOff(
                    rss20(
                        NewsroomChannel(
                            title: "La Gazette de Tourmelin", language: "fr", path: "/flux.rss",
                            description: "Paraît le jeudi, quand il paraît"),
                        entries)))
        },
        layOut: { layOutGazette($0) })

    /// The document up to the middle of its last entry's title.
    private static func cutOff(_ document: String) -> String {
        guard let last = document.ranges(of: "<title>").last else { return document }
        return document[..<last.upperBound] + "La boulang"
    }

    private static let lanternFair = NewsroomArticle(
        path: "/fete-des-lanternes.htm",
        title: "Tourmelin : la fête des lanternes aura lieu sans lanternes",
        author: "F. Quintard", age: "20h", section: "Vie locale",
        summary: "Le vent oblige le comité à changer de programme.",
        text: """
            La fête des lanternes de Tourmelin aura bien lieu samedi, mais sans lanternes. Le
            comité, réuni mercredi dans l’arrière-salle du café des Tilleuls, a préféré y
            renoncer : on annonce des rafales à soixante-dix kilomètres à l’heure, et personne
            n’a oublié le hangar à foin d’il y a deux ans.

            À la place, les enfants défileront avec des bocaux de verre, où l’on mettra de
            petites lampes à pile. L’instituteur en a réuni cent quatre-vingts. « C’est moins
            joli de loin, plus joli de près », assure-t-il. Les bocaux ont contenu, pour la
            plupart, des cornichons ; on les a lavés deux fois.

            Le départ est fixé à 18 heures devant la fontaine. La fanfare jouera en tête, puis
            viendront les plus petits, les chiens tenus en laisse et le conseil municipal. Une
            soupe sera servie sous la halle, au prix de deux euros, gratuite pour ceux qui
            apportent un légume avant midi.

            Les lanternes de papier, elles, sont prêtes depuis octobre. On les gardera au sec
            jusqu’au printemps. Le comité songe à une fête des lanternes en mai, le soir, sans
            vent ; le doyen a fait remarquer qu’en mai, à 18 heures, il fait jour. La question
            sera reprise à la prochaine réunion.
            """,
        expectation: .new)

    private static let well = NewsroomArticle(
        path: "/puits-communal.htm",
        title: "Le puits communal rend une cloche", author: "F. Quintard", age: "3d",
        section: "Patrimoine",
        summary: "Elle pèse quarante kilos et sonne encore.",
        text: """
            En curant le puits communal, derrière l’église, l’entreprise Bessandre a remonté
            jeudi une cloche de bronze de quarante kilos. Elle reposait à neuf mètres de fond,
            sous un mètre de vase, avec un seau, trois fers à cheval et une serrure fermée à
            double tour.

            Tourmelin avait trois cloches ; on le sait par un devis de fonte conservé à la
            mairie. Deux furent descendues et emportées sur ordre, au temps des réquisitions.
            La troisième, la plus petite, disparut la veille de l’arrivée des commissaires. Le
            curé jura qu’il n’en savait rien, ce qui lui valut une nuit au poste et, dit-on,
            la considération de toute la paroisse.

            L’inscription est lisible : un nom, Marguerite, et deux parrains, un meunier et
            une fileuse. Le battant manque, mais la cloche sonne quand on la frappe du doigt,
            un peu plus haut que le la. Un campanologue de Vermoncourt viendra la voir lundi.

            Le maire voudrait la rependre ; l’évêché voudrait l’exposer ; la doyenne, qui a
            quatre-vingt-dix-sept ans, voudrait qu’on la remette où elle était, « pour la
            prochaine fois ». En attendant, elle dort dans la salle du conseil, sur une
            couverture, et les écoliers viennent la faire tinter à la récréation.
            """,
        expectation: .new)

    private static let bakery = NewsroomArticle(
        path: "/boulangerie-rouvre.htm", title: "La boulangerie rouvre mardi",
        author: "F. Quintard",
        age: "4d", section: "Commerce", summary: "",
        text: "La boulangerie de la place rouvre mardi à six heures, brioches comprises.",
        expectation: .lost)
}

/// HTML 4 as it was typed in those days: no charset but in the header, paragraphs left open.
private func layOutGazette(_ article: NewsroomArticle) -> NewsroomPage {
    NewsroomPage(
        path: article.pagePath, contentType: "text/html; charset=windows-1252",
        body: """
            <!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">
            <HTML LANG="fr"><HEAD><TITLE>\(escaped(article.title))</TITLE></HEAD>
            <BODY BGCOLOR="#fffff0">
            <TABLE WIDTH="100%"><TR><TD WIDTH="20%" VALIGN="top">
            <A HREF="{{BASE}}/">Accueil</A><BR>
            <A HREF="{{BASE}}/annonces.htm">Petites annonces</A><BR>
            <A HREF="{{BASE}}/marees.htm">Horaires</A><BR><A HREF="{{BASE}}/contact.htm">Écrire</A>
            </TD><TD VALIGN="top">
            <H1>\(escaped(article.title))</H1>
            <FONT SIZE="2">\(escaped(article.author)), {{AGOFR:\(article.age)}}</FONT>
            \(article.paragraphs.map { "<P>" + escaped($0) }.joined(separator: "\n"))
            </TD></TR></TABLE>
            <HR><CENTER><FONT SIZE="1">© La Gazette de Tourmelin. Reproduction interdite sans
            l’accord de la rédaction.</FONT></CENTER>
            </BODY></HTML>

            """,
        charset: .windows1252)
}
