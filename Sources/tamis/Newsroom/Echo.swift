// A French regional paper: JSON Feed, pages of nested `div` without a single `p`, and a bulletin in
// plain text that says windows-1252 and means it. Its server never sends an ETag.

extension Newsroom {
    static let echo = NewsroomOutlet(
        key: "echo", host: "127.0.0.5", name: "L’Écho de la Sarmelle", language: "fr",
        feedPath: "/feed.json",
        lesson: """
            The broken dyke in other words joins the story of the daily; an agency dispatch under \
            a new headline and frame is a near-duplicate.
            """,
        articles: [saltDistrict, dairy, waterLevels, freighterAgain],
        feed: { entries in
            NewsroomPage(
                path: "/feed.json", contentType: "application/feed+json",
                body: jsonFeed11(
                    NewsroomChannel(
                        title: "L’Écho de la Sarmelle", language: "fr", path: "/feed.json",
                        description: "Le journal de la vallée"),
                    entries),
                isTagged: false)
        },
        layOut: { $0.pagePath.hasSuffix(".txt") ? layOutBulletin($0) : layOutEcho($0) })

    private static let saltDistrict = NewsroomArticle(
        path: "/actu/salines-sous-l-eau",
        title: "Aux Salines, la nuit où la mer est entrée",
        author: "Jeanne Ostrevin", age: "3h", section: "Mérival",
        summary: "Au gymnase du Levant, les évacués attendent de savoir quand rentrer.",
        text: """
            Les lits de camp sont alignés sous les paniers de basket. Au gymnase du Levant, à
            Mérival, deux cent trente personnes ont passé la journée de dimanche à attendre.
            Leurs maisons, dans le quartier des Salines, sont dans l’eau depuis que la tempête
            Orsine a emporté un morceau de la digue nord.

            Gaspard Lhéry tient une poche en plastique : les papiers, deux photos, un
            chargeur. « Ma femme dormait. J’ai ouvert la porte pour voir d’où venait le bruit,
            et la porte est restée ouverte », dit-il. Un voisin l’a pris dans son bateau de
            pêche. Derrière eux flottaient les poubelles de toute la rue des Sauniers.

            Hélène Vaucourt, la maire, passe de lit en lit. On lui parle moins de cette nuit
            que des six dernières années. Le rapport de l’ingénieur Corlay, tout le monde ici
            en connaît le chiffre, 5,1 millions d’euros, et la suite, deux reports. « Je ne
            vais pas vous dire que j’ignorais », répond-elle à une institutrice. Des
            applaudissements, quelques sifflets.

            Ce lundi, les barges de Port-Sablon commenceront à déverser des rochers dans la
            brèche, large de quarante mètres. Il faut avoir fini avant jeudi, jour de grande
            marée. Pour les cent soixante-quatre foyers évacués, la préfecture ne promet pas
            de retour avant dix jours.

            Dans un coin, des enfants ont dessiné la digue. Sur leurs dessins elle est
            entière, très haute, et il y a un phare dessus.
            """,
        expectation: .story(with: "fanal:/societe/tempete-orsine-digue-nord.html"))

    private static let dairy = NewsroomArticle(
        path: "/eco/cooperative-laitiere-hautes-combes",
        title: "Dans les Hautes-Combes, neuf éleveuses rachètent leur laiterie",
        author: "Paul-Émile Garan", age: "1d", section: "Économie",
        summary: "La fromagerie de Sainte-Ombre, fermée depuis dix-huit mois, rouvre.",
        text: dairyText, expectation: .new)

    static let dairyText = """
        La cheminée de la fromagerie de Sainte-Ombre fume de nouveau. Dix-huit mois après la
        faillite de son propriétaire, l’atelier a rouvert mardi sous la forme d’une
        coopérative, fondée par neuf éleveuses des Hautes-Combes qui lui livraient leur lait
        depuis toujours.

        Elles ont réuni 315 000 euros : un tiers d’économies, un tiers d’emprunt, et le
        dernier tiers en parts de cent euros, vendues sur les marchés. « Les gens achetaient
        un fromage et une part », raconte Léontine Vasseray, élue présidente à mains levées.
        Plus de huit cents habitants de la vallée sont aujourd’hui sociétaires.

        La recette n’a pas bougé. La tomme de Sainte-Ombre se fait au lait cru, dans trois
        cuves de cuivre, et mûrit onze semaines dans une ancienne galerie de mine. En
        revanche, le prix payé aux fermes a changé : cinquante-quatre centimes le litre,
        contre trente-neuf avant la fermeture.

        Le pari est serré. Il faut vendre quarante tonnes par an pour rembourser la banque, et
        l’ancien patron n’en vendait que trente. Un grossiste de Vermoncourt s’est engagé sur
        douze. Le reste partira sur les marchés, dans les cantines et, l’été, au bord de la
        route.

        L’atelier emploie six personnes, dont quatre anciens. Le maître fromager, parti
        travailler dans la plaine, est revenu pour moins cher. Il dit que la galerie lui
        manquait.
        """

    private static let waterLevels = NewsroomArticle(
        path: "/bulletins/hydrologie.txt",
        title: "Bulletin hydrologique de la Sarmelle", author: "Service des eaux",
        age: "2h", section: "Bulletins",
        summary: "Décrue lente à l’aval, vigilance maintenue jusqu’à jeudi.",
        text: """
            La décrue de la Sarmelle se poursuit lentement. À l’échelle du pont aux Ânes, la
            cote était de 3,84 mètres dimanche à 18 heures, soit vingt-deux centimètres de
            moins que le maximum observé à l’aube. En amont, à Sainte-Ombre, la rivière a
            retrouvé son lit ; les prés restent gorgés d’eau.

            À l’aval, le niveau dépend de la marée. Les prochaines pleines mers retarderont
            l’écoulement de deux à trois heures et pourront faire remonter la cote d’une
            dizaine de centimètres entre Vermoncourt et l’estuaire. Les chemins de halage
            demeurent fermés sur toute leur longueur.

            Le barrage de la Roche-Pourpre relâche 62 mètres cubes par seconde, après 95 au
            plus fort de la nuit. Sa retenue est remplie à 81 %. Le service des eaux compte
            ramener ce débit à 40 mètres cubes d’ici mercredi, si les pluies annoncées sur les
            Hautes-Combes ne dépassent pas quinze millimètres.

            La vigilance est maintenue jusqu’à jeudi, jour de grande marée. Les puits
            particuliers touchés par la crue ne doivent pas être utilisés avant analyse. Des
            flacons sont remis gratuitement dans les mairies ; les résultats sont donnés en
            quarante-huit heures. Prochain bulletin demain à 8 heures. Coût du dispositif
            depuis samedi : environ 12 000 €.
            """,
        expectation: .new)

    private static let freighterAgain = NewsroomArticle(
        path: "/actu/halvard-marins-saufs",
        title: "Dix-neuf marins saufs : le Halvard arrive demain à Port-Sablon",
        author: "L’Écho avec ACV", age: "45m", section: "Mer",
        summary: "Le cargo en avarie a été pris en remorque après une nuit de dérive.",
        text: "(ACV) – "
            + edited(
                freighterText,
                [
                    (
                        "pris en remorque dimanche à la mi-journée",
                        "pris en remorque ce dimanche midi"
                    ),
                    ("sont indemnes", "sont sains et saufs"),
                    ("aucune fuite n’a été constatée", "aucune fuite n’est à signaler"),
                    ("La barre ne répondait plus du tout", "La barre ne répondait plus"),
                    ("a finalement réussi à passer", "est finalement parvenu à passer"),
                    ("L’armateur assure que", "La compagnie assure que"),
                ]) + "\n\nAvec nos correspondants à Port-Sablon.",
        fromRound: 2, expectation: .nearDuplicate(of: "fanal:/monde/cargo-halvard-remorque.html"))
}

private func layOutEcho(_ article: NewsroomArticle) -> NewsroomPage {
    let text = article.paragraphs.map { "<div>\(escaped($0))</div>" }.joined(separator: "\n")
    return NewsroomPage(
        path: article.pagePath, contentType: "text/html; charset=utf-8",
        body: """
            <html lang="fr"><head>
            <meta http-equiv="Content-Type" content="text/html; charset=utf-8">
            <title>\(escaped(article.title)) - L’Écho de la Sarmelle</title>
            <meta property="og:title" content="\(escaped(article.title))">
            <meta name="date" content="{{AGO3339:\(article.age)}}"></head>
            <body><div class="x1"><div class="x2"><div class="x3"><div class="top">
            <a href="{{BASE}}/">L’Écho de la Sarmelle</a></div><div class="mn">
            <a href="{{BASE}}/actu">Actu</a> | <a href="{{BASE}}/eco">Éco</a> |
            <a href="{{BASE}}/bulletins">Bulletins</a> |
            <a href="{{BASE}}/obseques">Avis d’obsèques</a>
            </div></div><div class="x3"><div class="x4">
            <div class="t1">\(escaped(article.title))</div>
            <div class="t2">\(escaped(article.author)), le {{AGOFR:\(article.age)}}</div>
            <div class="t3"><div class="t4">
            \(text)
            </div></div>
            <div class="t9"><div><a href="#">Réagir à cet article</a></div>
            <div><a href="#">Envoyer à un ami</a></div>
            <div><a href="#">Signaler une erreur</a></div></div></div>
            <div class="x5"><div>Les plus lus</div>
            <div><a href="{{BASE}}/actu/salines-sous-l-eau">Aux Salines, la nuit où la mer est
            entrée</a></div>
            <div><a href="{{BASE}}/eco/cooperative-laitiere-hautes-combes">Neuf éleveuses
            rachètent leur laiterie</a></div></div>
            <div class="x6">Abonnez-vous à l’Écho : 9 € par mois, sans engagement.</div></div>
            <div class="bt">© L’Écho de la Sarmelle -
            <a href="{{BASE}}/legal">Mentions légales</a></div>
            </div></div></body></html>

            """,
        isTagged: false)
}

private func layOutBulletin(_ article: NewsroomArticle) -> NewsroomPage {
    NewsroomPage(
        path: article.pagePath, contentType: "text/plain; charset=windows-1252",
        body: """
            \(article.title)

            \(article.paragraphs.joined(separator: "\n\n"))

            """,
        charset: .windows1252, isTagged: false)
}
