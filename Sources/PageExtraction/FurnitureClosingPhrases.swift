/// What stands beneath an article and speaks of its publisher, its author or its page instead of
/// its subject. Phrases of one reason and place, in words that publishers share.
let furnitureClosingPhrases: [FurniturePhraseRow] = [
    .init(
        .pageNote, .anywhere, "en",
        """
        this entry was posted|bookmark the permalink|no ratings yet|order reprints|print article|\
        this copy is for your personal non commercial use only|please update to a modern browser|\
        your browser is not supported|republish our articles|republish this article|\
        we've detected you are on|skip to main content|back to top|\
        this video has failed to load|try refreshing your browser|back to video
        """),
    .init(.pageNote, .whole, "en", "text size|explore the chapters|table of contents|posted in"),
    .init(
        .pageNote, .anywhere, "fr",
        "cette entrée a été publiée|mettre ce permalien en signet|retour en haut de page|"
            + "votre navigateur n'est pas|aller au contenu principal"),
    .init(.pageNote, .whole, "fr", "taille du texte|imprimer l'article|sommaire"),
    .init(
        .pageNote, .anywhere, "de",
        "noch keine bewertungen|dieser beitrag wurde unter|dieser eintrag wurde veröffentlicht|"
            + "setze ein lesezeichen auf den permalink|zum seitenanfang|nach oben scrollen|"
            + "möchten sie den artikel teilen"),
    .init(.pageNote, .anywhere, "es", "esta entrada fue publicada|guarda el enlace permanente"),
    .init(
        .commentInvitation, .anywhere, "pt",
        "comentários com textos|comentários serão aprovados|não serão aprovados pelo"),
    .init(.pageNote, .anywhere, "it", "questo articolo è stato pubblicato in|torna su"),

    .init(
        .authorNote, .tail, "en",
        """
        contact staff writer|can be reached at|follow him on|follow her on|follow them on|\
        is a staff writer|is a freelance writer|is a contributing writer|is the author of|\
        this story about|was produced by the|customer service center|small favor to ask|\
        share your story|fill out the form|request a free consultation|get started today|\
        sign up today|originally appeared on|was first published on|view all posts by
        """),
    .init(
        .authorNote, .tail, "fr",
        """
        cet article est paru dans|cet article a été publié dans|vous avez des renseignements|\
        retrouvez tous les articles|voir tous les articles|vous pouvez joindre
        """),
    .init(
        .authorNote, .tail, "de",
        """
        wenn sie uns per kontaktformular|alle beiträge von|alle artikel von|über den autor|\
        zur person|sendung
        """),
    .init(.authorNote, .tail, "es", "ver todos los artículos de|sobre el autor"),
    .init(.authorNote, .tail, "it", "tutti gli articoli di|sull'autore"),
    .init(.authorNote, .tail, "nl", "alle artikelen van|over de auteur"),
]
