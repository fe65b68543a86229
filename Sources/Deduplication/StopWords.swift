internal import News

/// The hashes of words that say nothing of what an article is about: function words of eight
/// languages, days and months, and what every report says (`selon`, `announced`).
let stopWords: WordSet = {
    let lists = [french, english, german, spanish, italian, portuguese, dutch, swedish, calendar]
    return WordSet(lists.flatMap { FoldedText($0).words.map(\.hash) })
}()

/// A fixed set of hashes of words: a flat table, for they are asked for at every word, behind a few
/// bits that fit into the nearest cache and know most words that are not in it.
struct WordSet: Sendable {
    /// 0 is free.
    private let slots: [UInt64]
    private let mask: Int
    /// For each word one bit, by other bits of its hash.
    private let bits: [UInt64]

    private static let bitsCount = 1 << 14

    init(_ hashes: [UInt64]) {
        var capacity = 64
        while capacity < hashes.count * 4 { capacity *= 2 }
        var slots = Array(repeating: UInt64(0), count: capacity)
        var bits = Array(repeating: UInt64(0), count: Self.bitsCount / 64)
        mask = capacity - 1
        for hash in hashes where hash != 0 {
            var slot = Int(truncatingIfNeeded: hash) & mask
            while slots[slot] != 0, slots[slot] != hash { slot = (slot + 1) & mask }
            slots[slot] = hash
            bits[Self.place(of: hash)] |= 1 << (hash >> 32 & 63)
        }
        self.slots = slots
        self.bits = bits
    }

    @inline(__always)
    private static func place(of hash: UInt64) -> Int {
        Int(truncatingIfNeeded: hash >> 38) & (bitsCount / 64 - 1)
    }

    func contains(_ hash: UInt64) -> Bool {
        guard bits[Self.place(of: hash)] >> (hash >> 32 & 63) & 1 == 1 else { return false }
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 {
            if slots[slot] == hash { return true }
            slot = (slot + 1) & mask
        }
        return false
    }
}

private let french = """
    a ai aie ainsi alors apres as au aucun aucune aujourd'hui auquel aura auraient aurait auront \
    aussi autant autour autre autres aux avaient avait avant avec avez avoir avons ayant \
    beaucoup bien bon bonne car ce ceci cela celle celles celui cent cependant certain certaine \
    certaines certains ces cet cette ceux chaque chez ci cinq comme comment contre dans de deja \
    depuis derniere dernier derniers des desormais deux devait devant devra devrait dit dits dix \
    doit doivent donc dont du elle elles en encore enfin ensuite entre est et etaient etait \
    etant ete etes etre eu eux fait faire fait faites fois font fut grand grande grands grandes \
    haut hier hors huit ici il ils jamais je jour jours jusqu la laquelle le lequel les lesquels \
    leur leurs lors lorsque lui ma mais mal malgre me meme memes mes mieux mille milliard \
    milliards million millions moi moins mois mon monde moyen ne ni nombreux nombreuses non nos \
    notamment notre nous nouveau nouveaux nouvelle nouvelles on ont onze ou outre par parce \
    parfois parmi pas passe pendant personne personnes petit peu peut peuvent plupart plus \
    plusieurs plutot point pour pourquoi pourra pourraient pourrait pouvait pres premier \
    premiere premiers presque prochain prochaine propos puis puisque quand quant quatre que quel \
    quelle quelles quelque quelques quels qui quoi rien sa sans sauf se selon semaine semaines \
    sept sera seraient serait seront ses seul seule si six soi soient soit son sont sous souvent \
    sur surtout ta tandis tant tel telle telles tels temps tes toi ton toujours tous tout toute \
    toutefois toutes tres trois trop tu un une va vers veut via voici voila voir vont vos votre \
    vous vu y affirme affirmait ajoute annonce annonces annoncer declare declaration estime \
    explique indique precise rappelle souligne pays ans annee annees heure heures fin debut \
    place part cas partie suite cours article source afin alors environ lire partager alimente
    """

private let english = """
    a about above according after again against ago all almost along already also although \
    always am among an and another any are around as asked at away back be became because been \
    before began being below between both but by called came can cannot could day days did do \
    does doing don't down due during each early end even ever every few first five for former \
    found four from full further get give go going good got great had half has have having he \
    her here hers herself him himself his home hour hours how however hundred i if in including \
    into is it its itself just know last late later latest least left less like likely little \
    long made make many may me might mr mrs ms million billion more most much must my near never \
    new news next nine no nor not now of off often old on once one only or other others our out \
    over own part past people per percent place plus put read right said same saw say saying \
    says second see seen seven several shall she should since six so some still such take taken \
    ten than that the their them then there these they thing things think this those though \
    thousand three through time times to today told too took toward two under until up upon us \
    use used very want was way we week weeks well went were what when where whether which while \
    who whom whose why will with within without would year years yes yesterday yet you your \
    announced announcing added reported report statement spokesman country month months number \
    group image caption video share click follow copyright reserved
    """

private let german = """
    ab aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim \
    bereits bin bis bisher da damit dann das dass dazu dem den denn der des deutlich die dies \
    diese diesem diesen dieser dieses doch dort drei du durch ein eine einem einen einer eines \
    er erst es etwa euch fur gab gegen gegenuber geht gibt habe haben hat hatte hatten heute \
    hier hinter ich ihm ihn ihnen ihr ihre ihrem ihren im immer in ist ja jahr jahre jahren \
    jedoch jetzt kann kein keine konnen konnte laut machen man mehr mein mit mussen muss nach \
    nachdem neben neue neuen nicht noch nun nur ob oder ohne prozent rund schon sehr sei sein \
    seine seinem seinen seiner seit sich sie sind so soll sollen sollte sondern sonst sowie tag \
    tage uber um und uns unter viele vom von vor wahrend war waren was weil weiter weitere wenn \
    wer werde werden wie wieder will wir wird wo worden wurde wurden zu zum zur zwei zwischen \
    sagte sagt erklarte uhr million millionen milliarden euro
    """

private let spanish = """
    a al algo algunos ante antes aqui asi aun aunque ayer bajo bien cada casi como con contra \
    cual cuando cuatro de del desde despues dia dias dice dijo donde dos durante el ella ellas \
    ellos en entre era eran es esa ese eso esta estaba estan estar estas este esto estos fue \
    fueron gran ha habia han hasta hay hoy la las le les lo los mas me mi mientras millones \
    miles mil mismo mucho muy nada ni no nos nuestra nuestro nueva nuevo o os otra otras otro \
    otros para parte pero personas poco por porque primera primero puede pueden pues que quien \
    quienes se sea segun ser si sido sin sobre solo son su sus tambien tanto te tiempo tiene \
    tienen toda todas todo todos tras tres tu un una uno unos vez ya y yo anos ano afirmo senalo \
    anadio informo pais
    """

private let italian = """
    a abbiamo ad agli ai al alla alle allo anche ancora anni anno aveva avere avra c che chi ci \
    come con contro cosa cosi cui da dagli dai dal dalla dalle de degli dei del della delle \
    dello di dire dopo dove due e ed era erano essere fa fatto fino fra giorni giorno gli ha \
    hanno ho i il in invece io la le lei li lo loro lui ma mentre mila milioni miliardi molto ne \
    negli nei nel nella nelle no noi non nostra nostro o oggi ogni ora per perche pero piu poi \
    possono prima proprio puo qualche quale quando quanto quasi quella quelle quelli quello \
    questa queste questi questo qui sara se secondo sei sempre senza si sia sono sotto stata \
    stati stato su sua subito sue sui sul sulla suo suoi tra tre troppo tutta tutte tutti tutto \
    un una uno va verso vi via volta spiegato detto ieri
    """

private let portuguese = """
    a acordo agora ainda alem algum alguns anos ano ante antes ao aos apenas apos aqui as assim \
    ate cada com como contra da das de dela dele depois desde dessa desse desta deste dia dias \
    disse dois duas e ela elas ele eles em enquanto entre era eram essa esse esta estao estava \
    este eu fez fica foi foram grande ha havia hoje isso isto ja la lhe mais mas me meio mesmo \
    meu mil milhoes minha muito na nao nas nem no nos nossa nosso num numa o onde ontem os ou \
    outra outras outro outros para parte pela pelas pelo pelos pessoas pode podem por porque \
    primeira primeiro qual quando que quem sao se segundo seja sem ser sera seu seus so sobre \
    sua suas tambem tem tempo ter tinha toda todas todo todos tres um uma umas uns vai voce \
    afirmou
    """

private let dutch = """
    aan achter al alle alleen als altijd andere ben bij binnen daar daarmee dan dat de deze die \
    dit doen dois door drie dus een eens eerste en er ging geen gaat haar had hadden hebben \
    heeft hem hen het hier hij hoe hun ik in is ja jaar jaren je kan kon kunnen maar maken mag \
    meer men met mij miljoen miljard moet moeten na naar nederlandse niet niets nieuwe nog nu of \
    om omdat onder ons ook op over procent sinds te tegen tijdens toch toen tot tussen twee uit \
    uur van vanaf veel verder vier volgens voor voor waar waren was wat we weer wel werd worden \
    wordt wij wil zal ze zegt zei zelf zich zij zijn zo zoals zou zouden zonder gisteren vandaag
    """

private let swedish = """
    alla allt andra att av bara bland blev bli blir da dag dar de del dem den denna deras det \
    detta dig du efter ej eller en enligt ett fick fler flera fore fran for forsta ga genom \
    gjort gor ha hade han hans har hela hennes henne hon i idag igen ingen inte ja jag kan \
    kommer kunde man med mellan men mer mot mycket nar nagon nagot ny nya nu och ocksa om oss pa \
    sa sade sager samma samt sedan sig sin sina sitt ska skulle som stor stora tid till tre tva \
    under upp ut utan vad var vara varit vi vid vill ar aren aret miljoner procent
    """

private let calendar = """
    lundi mardi mercredi jeudi vendredi samedi dimanche janvier fevrier mars avril mai juin \
    juillet aout septembre octobre novembre decembre monday tuesday wednesday thursday friday \
    saturday sunday january february march april may june july august september october november \
    december montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar marz mai \
    juni juli oktober dezember lunes martes miercoles jueves viernes sabado domingo enero \
    febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre lunedi \
    martedi mercoledi giovedi venerdi sabato domenica gennaio febbraio maggio giugno luglio \
    settembre ottobre dicembre segunda terca quarta quinta sexta janeiro fevereiro marco maio \
    junho julho setembro outubro dezembro maandag dinsdag woensdag donderdag vrijdag zaterdag \
    zondag januari februari maart mei augustus mandag tisdag onsdag torsdag lordag sondag
    """
