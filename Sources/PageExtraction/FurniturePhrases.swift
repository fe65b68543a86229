// The words that furniture is known by: data, one row for a reason, a place and a language, the
// phrases parted by `|`. Matched word by word after folding, so accents, letter case and
// punctuation are free. Add a phrase only when nobody would write it in an article's own prose at
// that place.

/// Names that share buttons bear.
let shareNetworks = """
    facebook twitter linkedin whatsapp pinterest reddit tumblr telegram flipboard bluesky mastodon \
    threads xing viber instagram youtube tiktok snapchat messenger x email
    """

/// What may stand beside them on a row of buttons.
let shareFillerWords = """
    mail e print imprimer copy copier link lien url the le de du sur on via par et and \
    share partager partagez tweet tweeter teilen auf compartir compartilhar condividi delen
    """

let furniturePhrases: [FurniturePhraseRow] = [
    .init(
        .share, .whole, "fr",
        """
        partager|partagez|partage|partager l'article|partager cet article|partagez l'article|\
        partagez cet article|partager sur|partager cette page|partager ce contenu|\
        partager par email|partager via|partagez cet article sur|copier le lien|lien copié|\
        envoyer par mail|envoyer par email|imprimer l'article|imprimer cet article|imprimer|\
        tweeter|j'aime ça|cliquez pour partager sur|partager sur les réseaux sociaux|\
        si cet article vous a plu partagez le
        """),
    .init(
        .share, .whole, "en",
        """
        share|share this|share this article|share this story|share this post|share this page|\
        share on|share via|share article|share with friends|click to share on|share on facebook|\
        share on twitter|copy link|link copied|copy link to clipboard|email this article|\
        print this article|tweet this|pin it|like this|spread the word|sharing is caring|\
        save this article|gift this article
        """),
    .init(
        .share, .whole, "de",
        "teilen|artikel teilen|diesen artikel teilen|beitrag teilen|auf facebook teilen|"
            + "link kopieren|per e mail teilen|drucken"),
    .init(
        .share, .whole, "es",
        "compartir|comparte|comparte este artículo|compartir en|compartir artículo|"
            + "comparte esta noticia|compartir esta noticia|copiar enlace|imprimir"),
    .init(
        .share, .whole, "it",
        "condividi|condividi l'articolo|condividi questo articolo|condividi su|copia link|stampa"),
    .init(
        .share, .whole, "pt",
        "compartilhar|compartilhe|partilhar|partilhe este artigo|compartilhe esta notícia|"
            + "copiar link|imprimir"),
    .init(.share, .whole, "nl", "delen|deel dit artikel|artikel delen|deel op|link kopiëren"),

    .init(
        .newsletter, .whole, "fr",
        """
        newsletter|newsletters|la newsletter|notre newsletter|inscription newsletter|\
        s'inscrire à la newsletter|inscrivez vous à la newsletter|\
        inscrivez vous à notre newsletter|abonnez vous à notre newsletter|\
        abonnez vous à la newsletter|recevez notre newsletter|recevoir la newsletter|\
        recevez nos dernières actualités|votre adresse email|votre adresse e mail|je m'inscris
        """),
    .init(
        .newsletter, .tail, "fr",
        """
        inscrivez vous à notre newsletter|inscrivez vous gratuitement à notre newsletter|\
        abonnez vous à notre newsletter|recevez chaque matin|recevez chaque semaine|\
        recevez toute l'actualité|directement dans votre boîte mail|dans votre boîte de réception|\
        inscrivez vous à nos newsletters|à notre lettre d'information
        """),
    .init(
        .newsletter, .whole, "en",
        """
        newsletter|newsletters|our newsletter|sign up for our newsletter|\
        subscribe to our newsletter|join our newsletter|get our newsletter|\
        sign up to our newsletter|newsletter sign up|newsletter signup|enter your email|\
        your email address|email address|sign up|get the newsletter|thank you for subscribing
        """),
    .init(
        .newsletter, .tail, "en",
        """
        sign up for our|sign up to our|sign up to receive|subscribe to our newsletter|\
        subscribe to our free|delivered to your inbox|straight to your inbox|\
        in your inbox every|delivered straight to your|by signing up you agree|\
        join our mailing list|get our daily newsletter|newsletter for the latest
        """),
    .init(
        .newsletter, .tail, "de",
        "newsletter abonnieren|abonnieren sie unseren newsletter|melden sie sich zum newsletter|"
            + "jetzt newsletter bestellen|direkt in ihr postfach"),
    .init(
        .newsletter, .tail, "es",
        "suscríbete a nuestra newsletter|suscríbete a nuestro boletín|recibe nuestro boletín|"
            + "en tu correo cada"),
    .init(
        .newsletter, .tail, "it",
        "iscriviti alla newsletter|iscriviti alla nostra newsletter|ricevi la newsletter"),
    .init(
        .newsletter, .tail, "pt",
        "assine a newsletter|assine nossa newsletter|inscreva se na newsletter|"
            + "subscreva a newsletter|receba as notícias"),
    .init(
        .newsletter, .tail, "nl",
        "schrijf je in voor de nieuwsbrief|meld je aan voor onze nieuwsbrief|"
            + "abonneer je op onze nieuwsbrief"),

    .init(
        .affiliate, .anywhere, "fr",
        """
        percevoir une commission|toucher une commission|recevoir une commission d'affiliation|\
        commission d'affiliation|liens d'affiliation|lien d'affiliation|liens affiliés|\
        contient des liens affiliés|lorsque vous achetez via des liens|\
        si vous achetez via ces liens|nous touchons une commission
        """),
    .init(
        .affiliate, .anywhere, "en",
        """
        we may earn a commission|may earn an affiliate commission|may earn a small commission|\
        we may receive a commission|may earn us a commission|we earn a commission|\
        contains affiliate links|contain affiliate links|affiliate links on our site|\
        when you buy through links|when you purchase through links|if you buy through our links|\
        as an amazon associate|earn from qualifying purchases|we may get a commission|\
        may be compensated if you|this post may contain affiliate
        """),
    .init(
        .affiliate, .anywhere, "de",
        "affiliate links|erhalten wir eine provision|erhalten wir eine kleine provision|"
            + "bekommen wir eine provision|sogenannte affiliate links"),
    .init(
        .affiliate, .anywhere, "es",
        "enlaces de afiliado|enlaces de afiliados|podemos recibir una comisión|"
            + "podríamos recibir una comisión"),
    .init(
        .affiliate, .anywhere, "it",
        "link di affiliazione|potremmo ricevere una commissione|riceviamo una commissione"),
    .init(.affiliate, .anywhere, "pt", "links de afiliados|podemos receber uma comissão"),
    .init(.affiliate, .anywhere, "nl", "affiliate links|ontvangen wij een commissie"),

    .init(
        .related, .opening, "fr",
        """
        à lire aussi|lire aussi|lisez aussi|à lire également|lire également|à lire|\
        à lire sur le même sujet|a lire aussi sur|voir aussi|à voir aussi|à découvrir|\
        à découvrir aussi|à écouter|à regarder|pour aller plus loin|pour en savoir plus|\
        en savoir plus|sur le même sujet|sur le même thème|dans la même rubrique|\
        articles similaires|articles liés|articles connexes|article lié|à relire|\
        nos derniers articles|les plus lus|articles les plus lus|les plus populaires|\
        vous aimerez aussi|vous pourriez aussi aimer|ces articles pourraient vous intéresser|\
        cela pourrait aussi vous intéresser|notre dossier|notre sélection|retrouvez aussi|\
        article précédent|article suivant|dernières actualités|les dernières actualités|\
        lire la suite|lire plus|lire l'article|dossier
        """),
    .init(
        .related, .opening, "en",
        """
        read also|also read|read more|read next|read the full story|read more about|see also|\
        see more|learn more|find out more|further reading|related|related articles|\
        related stories|related posts|related story|related article|related content|\
        related coverage|related topics|related news|more on this|more on this story|\
        more from|more stories|more news|more like this|most read|most popular|trending|\
        trending now|recommended|recommended stories|recommended for you|you may also like|\
        you might also like|you may be interested in|don't miss|must read|top stories|\
        latest news|latest stories|keep reading|continue reading|up next|watch|listen|\
        previous article|next article|previous post|next post|to go further|editor's picks|\
        what to read next
        """),
    .init(
        .related, .opening, "de",
        "lesen sie auch|lesen sie mehr|lies auch|mehr zum thema|mehr dazu|auch interessant|"
            + "das könnte sie auch interessieren|das könnte dich auch interessieren|"
            + "weiterlesen|siehe auch|meistgelesen|zum thema|weitere artikel|mehr lesen"),
    .init(
        .related, .opening, "es",
        "lea también|lee también|leer también|leer más|te puede interesar|"
            + "también te puede interesar|le puede interesar|más información|noticias relacionadas|"
            + "artículos relacionados|ver también|vea también|lo más leído|mira también"),
    .init(
        .related, .opening, "it",
        "leggi anche|leggi di più|per approfondire|potrebbe interessarti|vedi anche|"
            + "ti potrebbe interessare|articoli correlati|i più letti|continua a leggere"),
    .init(
        .related, .opening, "pt",
        "leia também|leia mais|veja também|saiba mais|notícias relacionadas|mais lidas|"
            + "você também pode gostar|artigos relacionados|ler também|continue lendo"),
    .init(
        .related, .opening, "nl",
        "lees ook|lees meer|lees verder|zie ook|meer over dit onderwerp|gerelateerd|"
            + "gerelateerde artikelen|meest gelezen|bekijk ook|aanbevolen"),

    .init(
        .sourceLine, .opening, "fr",
        "source|sources|source de l'article|article original|lien vers l'article original|via"),
    .init(
        .sourceLine, .opening, "en",
        "source|sources|original source|original article|via|originally published at|"
            + "read the original article|source link|h t"),
    .init(.sourceLine, .opening, "de", "quelle|quellen"),
    .init(.sourceLine, .opening, "es", "fuente|fuentes"),
    .init(.sourceLine, .opening, "it", "fonte|fonti"),
    .init(.sourceLine, .opening, "pt", "fonte|fontes"),
    .init(.sourceLine, .opening, "nl", "bron|bronnen"),

    .init(
        .callToAction, .whole, "fr",
        """
        cliquez ici|cliquer ici|en cliquant ici|en cliquant dessus|télécharger l'application|\
        téléchargez notre application|découvrir l'offre|voir l'offre|profiter de l'offre|\
        j'en profite|réserver maintenant|acheter maintenant|essayer gratuitement|en profiter|\
        accéder au site|contactez nous
        """),
    .init(
        .callToAction, .tail, "fr",
        """
        cliquez ici|en cliquant dessus|en cliquant ici|téléchargez notre application|\
        n'hésitez pas à nous contacter|prenez rendez vous|demandez un devis|\
        soutenez nous en faisant un don|faites un don
        """),
    .init(
        .callToAction, .whole, "en",
        """
        click here|click here to|download our app|download the app|get the app|get started|\
        try it free|try it now|buy now|shop now|book now|learn how|contact us|check it out|\
        start your free trial|view deal|see deal|get this deal|add us as a preferred source
        """),
    .init(
        .callToAction, .tail, "en",
        """
        click here to|click the link|download our app|support our journalism|\
        support our work|make a donation|donate today|got a tip|have a tip|contact us at|\
        send us a tip|start your free trial
        """),
    .init(.callToAction, .whole, "de", "hier klicken|jetzt kaufen|zum angebot|app herunterladen"),
    .init(.callToAction, .whole, "es", "haz clic aquí|haga clic aquí|comprar ahora|ver oferta"),
    .init(.callToAction, .whole, "it", "clicca qui|scarica l'app|acquista ora"),
    .init(.callToAction, .whole, "pt", "clique aqui|baixe o aplicativo|compre agora"),
    .init(.callToAction, .whole, "nl", "klik hier|download de app|koop nu"),

    .init(
        .commentInvitation, .whole, "fr",
        """
        commentaires|commentaire|laisser un commentaire|laissez un commentaire|\
        ajouter un commentaire|poster un commentaire|écrire un commentaire|\
        voir les commentaires|aucun commentaire|réagir|réagissez|vos réactions|\
        publier un commentaire|0 commentaire|laisser une réponse|annuler la réponse
        """),
    .init(
        .commentInvitation, .tail, "fr",
        """
        et vous qu'en pensez vous|qu'en pensez vous|et vous que pensez vous|\
        partagez votre avis|partagez vos avis|partagez votre expérience|donnez votre avis|\
        donnez nous votre avis|dites nous en commentaire|dites le nous en commentaire|\
        dans les commentaires|en commentaire|en commentaires|laissez nous un commentaire|\
        n'hésitez pas à commenter|votre avis nous intéresse|l'espace commentaires
        """),
    .init(
        .commentInvitation, .whole, "en",
        """
        comments|comment|leave a comment|leave a reply|add a comment|post a comment|\
        post comment|write a comment|view comments|show comments|no comments|no comments yet|\
        join the conversation|join the discussion|cancel reply|0 comments|what do you think
        """),
    .init(
        .commentInvitation, .tail, "en",
        """
        what do you think|what are your thoughts|let us know what you think|let us know in the|\
        share your thoughts|tell us what you think|in the comments|in the comment section|\
        comments below|leave a comment|join the conversation|sound off|have your say
        """),
    .init(
        .commentInvitation, .tail, "de",
        "was meinen sie|was denkt ihr|schreibt es in die kommentare|in den kommentaren|"
            + "diskutieren sie mit|kommentar schreiben|hinterlasse einen kommentar"),
    .init(
        .commentInvitation, .tail, "es",
        "qué opinas|qué opina usted|déjanos tu comentario|déjanos tu opinión|"
            + "en los comentarios|deja un comentario"),
    .init(
        .commentInvitation, .tail, "it",
        "cosa ne pensate|cosa ne pensi|che ne pensate|fatecelo sapere nei commenti|"
            + "nei commenti|lascia un commento"),
    .init(
        .commentInvitation, .tail, "pt",
        "o que você acha|o que acha|deixe seu comentário|deixe o seu comentário|nos comentários"),
    .init(
        .commentInvitation, .tail, "nl",
        "wat vind jij|wat denk jij|laat het weten in de reacties|in de reacties|"
            + "laat een reactie achter"),

    .init(
        .cookie, .anywhere, "fr",
        """
        nous utilisons des cookies|ce site utilise des cookies|accepter les cookies|\
        accepter tous les cookies|paramétrer les cookies|gérer mes cookies|tout accepter|\
        gestion des cookies|vous devez accepter les cookies|nos partenaires stockons
        """),
    .init(
        .cookie, .anywhere, "en",
        """
        this site uses cookies|this website uses cookies|we use cookies to|accept cookies|\
        accept all cookies|cookie settings|cookie policy|manage cookies|cookie preferences|\
        we and our partners store|we value your privacy|your privacy choices|\
        do not sell my personal information|do not sell or share my
        """),
    .init(
        .cookie, .anywhere, "de",
        "diese website verwendet cookies|cookies akzeptieren|alle akzeptieren"),
    .init(
        .cookie, .anywhere, "es", "este sitio utiliza cookies|utilizamos cookies|aceptar cookies"),
    .init(
        .cookie, .anywhere, "it",
        "questo sito utilizza i cookie|utilizziamo i cookie|accetta i cookie"),
    .init(.cookie, .anywhere, "pt", "este site utiliza cookies|utilizamos cookies|aceitar cookies"),
    .init(
        .cookie, .anywhere, "nl",
        "deze website gebruikt cookies|wij gebruiken cookies|cookies accepteren"),

    .init(
        .paywall, .anywhere, "fr",
        """
        article réservé aux abonnés|\
        cet article est réservé aux abonnés|contenu réservé aux abonnés|\
        la suite est réservée aux abonnés|la suite de cet article est réservée|\
        il vous reste à lire|abonnez vous pour lire la suite|déjà abonné|déjà abonnée|\
        cet article vous est offert|pour lire la suite
        """),
    .init(
        .paywall, .anywhere, "en",
        """
        subscribe to read|subscribe to continue|this article is for subscribers|subscribers only|\
        subscriber only content|already a subscriber|already have an account|\
        to continue reading|to read the full article|create a free account to|\
        you have reached your article limit|you have read your last free|unlock this article|\
        log in to continue|sign in to read|this is a premium article
        """),
    .init(
        .paywall, .anywhere, "de",
        "jetzt weiterlesen|weiterlesen mit|bereits abonnent|diesen artikel freischalten|"
            + "um den artikel weiterzulesen"),
    .init(
        .paywall, .anywhere, "es",
        "contenido exclusivo para suscriptores|suscríbete para seguir leyendo"),
    .init(
        .paywall, .anywhere, "it",
        "contenuto riservato agli abbonati|abbonati per continuare a leggere"),
    .init(
        .paywall, .anywhere, "pt",
        "conteúdo exclusivo para assinantes|assine para continuar lendo"),
    .init(.paywall, .anywhere, "nl", "alleen voor abonnees|word abonnee om verder te lezen"),

    .init(
        .advertisement, .whole, "fr",
        "publicité|publicités|annonce|contenu sponsorisé|article sponsorisé|"
            + "la suite après la publicité|"
            + "la suite après cette publicité|l'article continue après la publicité|partenariat|"
            + "en partenariat avec|contenu partenaire|publi rédactionnel|publireportage"),
    .init(
        .advertisement, .whole, "en",
        """
        advertisement|advertisements|advertising|ad|sponsored|sponsored content|sponsored post|\
        story continues below advertisement|article continues below advertisement|\
        continue reading below advertisement|scroll to continue|story continues below|\
        article continues after ad|paid content|promoted content|promoted|\
        article continues below|advertisement scroll to continue|skip advertisement
        """),
    .init(.advertisement, .whole, "de", "anzeige|werbung|gesponsert"),
    .init(.advertisement, .whole, "es", "publicidad|anuncio|contenido patrocinado"),
    .init(.advertisement, .whole, "it", "pubblicità|contenuto sponsorizzato|annuncio"),
    .init(.advertisement, .whole, "pt", "publicidade|anúncio|conteúdo patrocinado|patrocinado"),
    .init(.advertisement, .whole, "nl", "advertentie|gesponsord"),

    .init(
        .copyright, .anywhere, "fr",
        "tous droits réservés|reproduction interdite|toute reproduction interdite|"
            + "droits de reproduction"
    ),
    .init(
        .copyright, .anywhere, "en",
        """
        all rights reserved|all right reserved|may not be reproduced|\
        may not be published broadcast rewritten|not be republished without permission|\
        terms of use and privacy policy|terms of service apply
        """),
    .init(.copyright, .opening, "en", "copyright"),
    .init(.copyright, .anywhere, "de", "alle rechte vorbehalten"),
    .init(.copyright, .anywhere, "es", "todos los derechos reservados"),
    .init(.copyright, .anywhere, "it", "tutti i diritti riservati|riproduzione riservata"),
    .init(.copyright, .anywhere, "pt", "todos os direitos reservados"),
    .init(.copyright, .anywhere, "nl", "alle rechten voorbehouden"),

    .init(
        .photoCredit, .opening, "fr",
        "photo|photos|crédit photo|crédits photo|crédit|crédits|crédit image|crédits image|"
            + "crédit photos|crédits photos|image|illustration|photo d'illustration|légende"),
    .init(
        .photoCredit, .opening, "en",
        "photo|photos|photo credit|image credit|image credits|image source|photo by|image|"
            + "photograph|picture|featured image|image courtesy of|photo courtesy of|credit"),
    .init(.photoCredit, .opening, "de", "foto|fotos|bild|bildquelle|bildnachweis"),
    .init(.photoCredit, .opening, "es", "foto|imagen|fotografía"),
    .init(.photoCredit, .opening, "it", "foto|immagine|credito fotografico"),
    .init(.photoCredit, .opening, "pt", "foto|imagem|crédito"),
    .init(.photoCredit, .opening, "nl", "foto|beeld|afbeelding"),
    .init(
        .photoCredit, .whole, "en", "getty images|via getty images|afp via getty images|ap photo"),

    .init(
        .followUs, .whole, "fr",
        """
        suivez nous|nous suivre|suivez nous sur|rejoignez nous sur|retrouvez nous sur|\
        abonnez vous à notre chaîne|suivez nous sur google news|suivre
        """),
    .init(
        .followUs, .tail, "fr",
        "suivez nous sur|rejoignez nous sur|retrouvez nous sur|abonnez vous à notre chaîne|"
            + "suivez toute l'actualité|pour ne rien manquer"),
    .init(
        .followUs, .whole, "en",
        "follow us|follow us on|follow|join us on|find us on|connect with us|"
            + "subscribe to our channel|follow us on google news|follow us on social media"),
    .init(
        .followUs, .tail, "en",
        "follow us on|join us on|find us on|like us on|subscribe to our channel|"
            + "follow on twitter|follow the author|on google news"),
    .init(.followUs, .tail, "de", "folgen sie uns|folge uns|folgt uns"),
    .init(.followUs, .tail, "es", "síguenos en|síganos en"),
    .init(.followUs, .tail, "it", "seguici su|seguiteci su"),
    .init(.followUs, .tail, "pt", "siga nos|siga a gente|segue nos"),
    .init(.followUs, .tail, "nl", "volg ons op|volg ons"),

    .init(.tags, .opening, "fr", "mots clés|mots clefs|étiquettes|thèmes|sujets|tags"),
    .init(.tags, .opening, "en", "tags|tagged|tagged with|filed under|topics|keywords|categories"),
    .init(.tags, .opening, "de", "schlagwörter|stichwörter|themen"),
    .init(.tags, .opening, "es", "etiquetas|temas"),
    .init(.tags, .opening, "it", "etichette|argomenti"),

    .init(.readingTime, .whole, "fr", "temps de lecture|min de lecture|minutes de lecture"),
    .init(.readingTime, .whole, "en", "min read|minute read|minutes read|reading time|read time"),
    .init(.readingTime, .whole, "de", "lesezeit|min lesezeit|minuten lesezeit"),
    .init(.readingTime, .whole, "es", "tiempo de lectura|min de lectura"),
    .init(.readingTime, .whole, "it", "tempo di lettura|min di lettura"),
]
