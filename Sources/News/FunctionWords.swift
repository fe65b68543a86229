/// Articles, prepositions, pronouns, auxiliaries: what every text has whatever it is about.
/// Apostrophes part words, so `l`, `d` and `qu` stand for themselves.
let functionWords: [(language: String, words: String)] = [
    (
        "fr",
        """
        le la les l un une des du de d et est en que qui qu dans pour pas sur au aux par plus ce \
        cette ces il elle ils elles avec son sa ses ne n se s mais ont été être sont nous vous \
        leur leurs comme ou où très aussi après avant entre sans sous depuis dont fait avait \
        était tout tous deux si même encore j c à y je a dit cela peut selon ainsi lors puis chez \
        notre votre donc car quand contre toute toutes autres autre pendant on ont va
        """
    ),
    (
        "en",
        """
        the of and to in is that for it with as was on are be by this have from at not but has had \
        they his her he she which or an were their been will would there its who can more all when \
        said about than also into after you we what one other some up out a if over could new no our
        """
    ),
    (
        "de",
        """
        der die das und in den von zu mit sich des auf für ist im dem nicht ein eine als auch es \
        an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so \
        zum war haben nur oder aber vor zur bis mehr durch man sein wurde sei wenn kann ich wir \
        ihre gegen vom schon unter
        """
    ),
    (
        "es",
        """
        de la que el en y a los del se las por un para con no una su al lo como más pero sus le \
        ya o este sí porque esta entre cuando muy sin sobre también me hasta hay donde quien \
        desde todo nos durante todos uno les ni contra otros ese eso ha son fue está han ser \
        había era tiene dos años
        """
    ),
    (
        "it",
        """
        di e il la che in un a per è una sono non si con i del da le alla come ha dei nel della \
        più al anche lo gli ma se delle dal sul nella hanno degli questo essere ed stato l dalla \
        loro suo sua dopo tra o c molto ci agli ai sulla dell all nell cui era anni due perché stata
        """
    ),
    (
        "pt",
        """
        de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao \
        ele das tem à seu sua ou ser quando muito há nos já está eu também só pelo pela até isso \
        ela entre era depois sem mesmo aos ter seus quem nas me esse eles estão você tinha foram \
        são num anos
        """
    ),
    (
        "nl",
        """
        de het een van en in is dat op te zijn voor met die niet aan er om ook als bij maar dan \
        of uit nog worden door naar heeft hebben ze wordt tot over je was hij zich deze kan meer \
        wel geen al werd ik zo dit onder tegen na wat moet jaar omdat haar we hun daar onze veel
        """
    ),
    (
        "ca",
        """
        de la i que el en a els les un una per del amb no és al es ha dels més com han aquest \
        aquesta però seu seva l d s van ser són entre fins també sobre des on molt tot pel pels \
        aquests hi ho va sense quan perquè anys dos
        """
    ),
    (
        "ro",
        """
        de și în a la cu care pe din să nu un o că mai pentru este au fost al ale sunt s lui se \
        prin după fi sau dar lor între fost această acest cea cel iar când până ce sa său toate va
        """
    ),
    (
        "da",
        """
        og i at det er en til på af for med der de som den har ikke et fra var han om sig vil men \
        kan blev efter ved over også jeg eller hvor skal være når havde været nu mere bliver \
        blive hun os efter år siger mod
        """
    ),
    (
        "no",
        """
        og i det er en til på av for med som de den har ikke et fra var han om seg vil men kan \
        ble etter ved over også jeg eller hvor skal være når hadde vært nå mer blir bli hun oss \
        etter år sier mot sa at ut opp
        """
    ),
    (
        "sv",
        """
        och i att det är en till på av för med som de den har inte ett från var han om sig vill \
        men kan blev efter vid över också jag eller där ska vara när hade varit nu mer blir hon \
        oss under år säger mot dem så
        """
    ),
    (
        "fi",
        """
        ja on ei että se oli ovat mutta kun myös hän joka ole jos niin kuin mukaan olla vain tai \
        sen ollut mitä tämä sekä ovat jotka jo vielä kanssa jälkeen ennen sitä siitä nyt olisi \
        vuoden voi sanoo tämän
        """
    ),
    (
        "pl",
        """
        w i na z się nie do to że jest o jak po za od a przez ale dla są był co tym tego ma już \
        oraz przy ich było tylko być może przed pod która który które jego jej roku także będzie \
        czy gdy
        """
    ),
    (
        "cs",
        """
        a v na se je že s to z do o i ve k pro za by jsou ale jako po který která které podle od \
        jeho jsem byl bylo již také při než roku tak více před jen když nebo až ze aby jsme není
        """
    ),
    (
        "hu",
        """
        a az és hogy nem is egy meg ez csak volt de mint már ki még van el ha vagy után kell azt \
        szerint ezt lesz pedig majd között amely akkor mert sem amit így több aki nagy
        """
    ),
    (
        "tr",
        """
        ve bir bu da de için ile olarak çok daha en olan gibi kadar sonra ne her var o ama ancak \
        ise değil olduğu tarafından göre iki ya oldu yeni diye olduğunu ben mi kendi etti dedi
        """
    ),
    (
        "sk",
        """
        a v na sa je že s to z do o aj k pre za by sú ale ako po ktorý ktorá ktoré podľa od jeho \
        som bol bolo už tiež pri než roku tak viac pred len keď alebo až zo aby sme nie však boli \
        ich ktorí medzi môže
        """
    ),
    (
        "hr",
        """
        i u je na se da za su od s a o što kako bi iz će koji ne koja koje to po ili ali nakon već \
        još samo sam biti bio bila prema do kao kada te ako pri zbog uz godine nije bilo jer njih \
        između može svoje
        """
    ),
    (
        "sl",
        """
        in je v na za se da so ki z pa s bi ne po tudi o od kot pri iz še že bo ali do bilo ter ko \
        ni lahko bil bila med zaradi kar leta med bodo sem tako kako več smo ker pred prav
        """
    ),
    (
        "lt",
        """
        ir kad yra su į iš bei tai kaip bet tik dar nuo apie ar jau už buvo dėl jis po per metų \
        tačiau \
        taip pat prie jog ji jų savo šiuo kurie kuris iki gali bus labai nes mes
        """
    ),
    (
        "lv",
        """
        un ir ar no uz par ka kas tas bet arī ko vai gada lai pēc tika jau pie kā tikai to ne vēl \
        būs bija līdz viņš viņa savu tiek var gan šo kurš kura mēs nav tad gadā
        """
    ),
    (
        "et",
        """
        ja on ei et oma kui oli see ka ning aga mis kes ta siis või selle veel ning pole ma mida \
        seda olid nad vaid aasta aastal üle pärast juba kus sest nii välja ees koos kuid olla
        """
    ),
    (
        "vi",
        """
        và của là có cho không được trong với các một những người này đã đến khi từ để cũng ở về \
        ra như nhưng nhiều vào tại sẽ theo đang trên hơn năm sau phải đó còn nếu bị lại
        """
    ),
    (
        "id",
        """
        yang dan di ini dengan untuk dari pada itu dalam tidak akan juga ke oleh karena ada \
        tersebut \
        sebagai bisa telah mereka atau kata lebih sudah dia saat menjadi hari kami kepada tahun \
        para \
        harus saya secara hanya
        """
    ),
    (
        "sq",
        """
        të e në dhe që një për me nga është si më do ka kjo ky por se janë nuk ai duke këtë deri \
        edhe pas ishte u kanë mund tij saj tyre ose kur vetëm vit
        """
    ),
    (
        "af",
        """
        die en van in het is nie wat dat te vir op met by sy aan hy as was om ook maar kan sal na \
        deur hulle word uit wees nog haar gesê oor ons daar hierdie moet jaar toe
        """
    ),
    (
        "eu",
        """
        eta da du ez ere bat dira izan baina dute egin beste zen hau hori den zuen baino dela bere \
        oso gero dituzte izango arte batean egiten behar ditu zuten urte
        """
    ),
]
