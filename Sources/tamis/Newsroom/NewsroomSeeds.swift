// The seed corpus of the demo: what the visitor is supposed to hold already.

extension Newsroom {
    /// Files by name, to be written into a folder that the demo's configuration names as seeds.
    static let seeds: [(name: String, text: String)] = [
        ("phares-de-merival.md", lighthouseFile), ("kelp-roofs.txt", kelpFile),
    ]

    /// The text of the first seed document; an article of the daily copies it with light edits.
    static let lighthouseNotes = """
        Les sept phares de la côte de Mérival ont perdu leur dernier gardien il y a dix-sept
        ans, un matin de novembre, quand Anselme Kerdoual a fermé à clé la porte de la
        Grande-Veuve et rendu son trousseau. Depuis, les feux s’allument seuls. Personne n’a
        protesté ; les marins, eux, disent qu’il leur a fallu un hiver pour s’y faire.

        L’automatisation avait commencé bien plus tôt. Le feu des Moines fut le premier équipé
        d’une cellule, dont le seul défaut était de s’allumer aussi pendant les éclipses. Puis
        vinrent les lampes à décharge, les batteries et, à la fin, une liaison radio qui donne
        chaque heure l’état des sept feux sur un écran de Port-Sablon. Un phare habité coûtait
        par an le salaire de trois hommes, quatre-vingts sacs de charbon et une trentaine de
        traversées. Un phare automatique coûte beaucoup moins cher : un technicien passe deux
        fois par an, l’été de préférence.

        Ce qui s’est perdu tient dans les registres. Les gardiens notaient tout : le vent, les
        oiseaux tués contre la lanterne, les voiles inconnues, l’heure exacte à laquelle la
        brume se levait. Les cent quarante volumes de la Grande-Veuve couvrent cent douze
        années sans un jour manquant. Des climatologues les recopient aujourd’hui, page après
        page, parce qu’aucune station n’a mesuré si longtemps au même endroit.

        Ce qui s’est gagné se compte aussi. Onze gardiens sont morts à leur poste en un
        siècle, la plupart pendant la relève. Depuis l’automatisation, il n’y a pas eu un seul
        accident.
        """

    private static let lighthouseFile = """
        ---
        titre: Phares de Mérival, notes de lecture
        mots-clés: [phares, automatisation, registres]
        ---

        # Ce que l’automatisation des phares a changé

        *Notes prises à la bibliothèque du port, à relire.*

        \(lighthouseNotes)

        ## À vérifier

        - le nombre exact de volumes ([catalogue](http://catalogue.example/grande-veuve))
        - la date de la cellule des Moines


        """

    /// Saved from a web page by hand: navigation, consent text, broken lines and an advertisement
    /// stand around the article.
    private static let kelpFile = """
        Home | News | Opinion | Weather | Subscribe
        We value your privacy. We and our 88 partners use cookies.  [Accept all] [Manage]

        Share this   Print   Email

        THE KELP ROOFS OF QUARROW
        By Wilmot Hale      Last updated: 4 May

        On the island of Quarrow, houses have been roofed with kelp for longer than anyone has
        kept records. The weed is cut in late winter, dried on the stone walls until it is stiff,
        twisted into ropes as thick as an arm and laid over birch rafters in two hundred layers.
        A good roof weighs thirty tonnes and outlives the people who built it.

        ADVERTISEMENT

        Eleven such roofs were left when the carpenter Una Strand began counting them. Nineteen
        stand today. She taught herself the twist from a photograph, failed four times, and was
        put right by a woman of ninety-one who had done it as a girl. Salt keeps the vermin out
        and the weed does not burn, which is why the insurer in Eldenmouth, after some hesitation
        and a test with a blowtorch, agreed to cover them.

        The difficulty is the weed itself. A disease emptied the eelgrass meadows two generations
        ago, and the kelp that took its place rots in fifteen years instead of a hundred. Strand
        now trades roof work for rights on three beaches in the north, where the old weed is
        coming back.

        You might also like:
          * Ten cottages to rent this summer
          * Quiz: can you name these knots?
        Sign up to our newsletter
        (c) The Quarrow Packet. All rights reserved.

        """
}
