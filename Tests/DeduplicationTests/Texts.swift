/// Invented reports, French and English.
enum Texts {
    static let bridge = """
        Le pont suspendu de Valmorey, fermé depuis onze mois, rouvrira à la circulation mardi \
        prochain, a annoncé la préfecture. Les travaux ont coûté 14 millions d’euros, soit deux de \
        plus que prévu. Près de 9 200 véhicules l’empruntaient chaque jour avant sa fermeture.

        « Nous avons remplacé les quarante-six suspentes et repeint tout l’ouvrage », explique \
        l’ingénieure Claire Aubanel, qui dirigeait le chantier pour l’entreprise Rocamat. Le \
        tablier, lui, date toujours de 1932. Une inspection est prévue tous les six mois.

        Les commerçants de la rive gauche respirent. « Mon chiffre d’affaires avait fondu d’un \
        tiers », raconte Hugo Lestrade, boulanger place du Marché. La mairie de Valmorey promet \
        une fête populaire le samedi suivant, avec fanfare et feu d’artifice sur le fleuve.

        Reste la question du péage. Le conseil départemental n’exclut pas d’en instaurer un pour \
        les poids lourds, afin de financer l’entretien. L’association des riverains, présidée par \
        Odette Marchand, demande au contraire que les camions soient interdits sur le pont.
        """

    static let observatory = """
        Astronomers at the Kestrel Ridge observatory said on Thursday that they had found a pair \
        of dwarf galaxies circling each other every 180 million years, closer than any pair known \
        before. The discovery came out of a survey that was meant to look for comets.

        “We nearly threw the images away,” said Miriam Okafor, who leads the survey. Her student, \
        Tobias Lindqvist, noticed that a smudge on the detector came back night after night in the \
        same place. The team then asked for time on the larger Halden telescope.

        The two galaxies, named Finch and Wren after birds on the ridge, hold about 40 million \
        stars between them. Models suggest that they will merge long before either reaches the \
        Milky Way, and that the merger will light up thousands of new stars.

        The results appear in the Annals of the Northern Sky. The survey continues until 2029, \
        unless the valley’s new stadium, with its floodlights, makes the nights too bright to work.
        """

    /// One event told by two newsrooms in different words.
    static let fireHere = """
        Un violent incendie a ravagé dans la nuit de lundi à mardi l’usine Tissandière de \
        Corbigny-sur-Arve, faisant 3 blessés légers parmi les pompiers. Le feu s’est déclaré vers \
        2 heures dans l’atelier de teinture. Quelque 120 pompiers ont été mobilisés.

        La directrice, Solange Perrault, évoque « un désastre pour 260 familles ». Le préfet \
        Antoine Delcourt a demandé aux habitants de Corbigny de fermer leurs fenêtres. Les fumées \
        ne seraient pas toxiques, selon les premières mesures de l’agence AtmoArve.
        """
    static let fireThere = """
        À Corbigny-sur-Arve, il ne reste que des murs noircis de la Tissandière. Mardi matin, 120 \
        soldats du feu luttaient encore contre les flammes, a constaté notre correspondant. Trois \
        d’entre eux ont été hospitalisés par précaution.

        Que vont devenir les 260 salariés ? Solange Perrault, patronne de l’entreprise textile, \
        promet de reconstruire. Sur place, Antoine Delcourt, préfet du département, s’est voulu \
        rassurant à propos du nuage : AtmoArve n’a relevé aucun polluant dangereux.
        """

    static let earthquakeNorth = """
        A magnitude 6.4 earthquake struck the coastal province of Tarapel early on Sunday, killing \
        at least 31 people and destroying hundreds of homes, officials said. Rescuers dug through \
        rubble in the town of Quilmar, where a school collapsed.

        Governor Esteban Ruiloba declared a state of emergency. The national seismological \
        institute said the quake had a depth of 22 kilometres. Aftershocks continued through the \
        day, and thousands of residents spent the night in the open.
        """
    static let earthquakeEast = """
        A magnitude 5.8 earthquake struck the mountainous district of Hazgar late on Monday, \
        killing at least 12 people and destroying dozens of homes, officials said. Rescuers dug \
        through rubble in the village of Ostrevan, where a mosque collapsed.

        Interior minister Leyla Turan declared a state of emergency. The regional seismological \
        centre said the quake had a depth of 9 kilometres. Aftershocks continued through the \
        night, and hundreds of residents slept in their cars.
        """

    static let fundingLumio = """
        La jeune pousse lyonnaise Lumio a levé 12 millions d’euros auprès des fonds Serval \
        Ventures et Alpaga Capital. Fondée en 2021 par Inès Baraduc, la société fabrique des \
        capteurs qui surveillent l’éclairage public. Elle compte recruter 40 personnes d’ici la \
        fin de l’année.

        Ce tour de table doit financer son arrivée en Espagne, où les villes de Murcie et de \
        Saragosse testent déjà ses boîtiers.
        """
    static let fundingBraise = """
        La jeune pousse nantaise Braise a levé 30 millions d’euros auprès des fonds Cormoran et \
        Tilleul Partners. Fondée en 2019 par Malo Kervella, la société fabrique des poêles à \
        granulés connectés. Elle compte recruter 85 personnes d’ici la fin de l’année.

        Ce tour de table doit financer une usine à Saint-Nazaire, dont la première pierre sera \
        posée au printemps.
        """

    static func forecast(_ city: String, _ figures: [Int]) -> String {
        """
        À \(city), les températures iront de \(figures[0]) degrés au lever du jour à \(figures[1]) \
        degrés l’après-midi. Le risque de pluie est de \(figures[2]) %, avec un vent de \
        \(figures[3]) kilomètres par heure en moyenne. Retrouvez chaque matin nos prévisions heure \
        par heure et les vigilances en cours.
        """
    }
}
