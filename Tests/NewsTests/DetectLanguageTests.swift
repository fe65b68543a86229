import News
import Testing

@Suite struct DetectLanguageTests {
    @Test(arguments: [
        (
            "fr",
            "Le maire de la ville a dit hier que les travaux de la halle ne seront pas finis "
                + "avant l’été."
        ),
        ("fr", "Qu’est-ce que c’est ? C’est une question qu’il se pose depuis qu’elle est partie."),
        (
            "en",
            "The mayor said on Monday that the old bridge would be closed for more than six months."
        ),
        (
            "de",
            "Der Bürgermeister hat am Montag gesagt, dass die alte Brücke für sechs Monate "
                + "gesperrt wird."
        ),
        (
            "es",
            "El alcalde dijo el lunes que el puente viejo estará cerrado durante más de seis meses."
        ),
        (
            "it",
            "Il sindaco ha detto lunedì che il vecchio ponte sarà chiuso per più di sei mesi "
                + "della prossima estate."
        ),
        (
            "pt",
            "O prefeito disse na segunda que a velha ponte não será aberta ao público até o fim "
                + "das obras em março."
        ),
        (
            "nl",
            "De burgemeester zei maandag dat de oude brug meer dan zes maanden dicht zal zijn "
                + "voor het verkeer."
        ),
        (
            "ca",
            "L’alcalde va dir dilluns que el pont vell no serà obert fins a l’estiu, però amb una "
                + "passarel·la per als veïns."
        ),
        (
            "ro",
            "Primarul a spus luni că podul vechi va fi închis pentru mai mult de șase luni, iar "
                + "lucrările sunt în grafic."
        ),
        (
            "sv",
            "Borgmästaren sade i måndags att den gamla bron ska vara stängd i mer än sex månader "
                + "och att det inte går att ändra."
        ),
        (
            "pl",
            "Burmistrz powiedział w poniedziałek, że stary most będzie zamknięty przez ponad "
                + "sześć miesięcy i nie jest to koniec."
        ),
        (
            "tr",
            "Belediye başkanı pazartesi günü eski köprünün altı aydan daha uzun bir süre için "
                + "kapalı olacağını ve bu kararın kesin olduğunu söyledi."
        ),
        (
            "ru",
            "Мэр города сообщил в понедельник, что старый мост будет закрыт на шесть месяцев для "
                + "ремонта."
        ),
        (
            "uk",
            "Мер міста повідомив у понеділок, що старий міст буде закрито на шість місяців для "
                + "ремонту."
        ),
        ("el", "Ο δήμαρχος είπε τη Δευτέρα ότι η παλιά γέφυρα θα κλείσει για έξι μήνες."),
        ("ar", "قال رئيس البلدية يوم الاثنين إن الجسر القديم سيغلق لمدة ستة أشهر."),
        ("fa", "شهردار روز دوشنبه گفت پل قدیمی برای شش ماه بسته خواهد بود و کارگران آنجا هستند."),
        ("he", "ראש העיר אמר ביום שני כי הגשר הישן ייסגר למשך שישה חודשים."),
        ("zh", "市长星期一表示，这座旧桥将关闭六个月进行维修。"),
        ("ja", "市長は月曜日、古い橋を半年間閉鎖すると発表しました。"),
        ("ko", "시장은 월요일 오래된 다리를 육 개월 동안 폐쇄한다고 밝혔다."),
        ("th", "นายกเทศมนตรีกล่าวเมื่อวันจันทร์ว่าสะพานเก่าจะปิดเป็นเวลาหกเดือน"),
        (
            "sk",
            "Primátor v pondelok povedal, že starý most bude zatvorený viac ako šesť mesiacov a "
                + "práce sa už začali podľa plánu."
        ),
        (
            "cs",
            "Primátor v pondělí řekl, že starý most bude zavřený více než šest měsíců a že práce "
                + "již byly zahájeny podle plánu."
        ),
        (
            "hr",
            "Gradonačelnik je rekao da će stari most biti zatvoren više od šest mjeseci i da su "
                + "radovi već počeli nakon kiše."
        ),
        (
            "sl",
            "Župan je dejal, da bo stari most zaprt več kot šest mesecev in da so se dela že "
                + "začela, ker je bila zima dolga."
        ),
        (
            "lt",
            "Meras pirmadienį sakė, kad senasis tiltas bus uždarytas ilgiau nei šešis mėnesius ir "
                + "kad darbai jau yra pradėti, bet dar ne visi."
        ),
        (
            "lv",
            "Mērs pirmdien teica, ka vecais tilts būs slēgts vairāk nekā sešus mēnešus un ka darbi "
                + "jau ir sākti, bet vēl nav pabeigti."
        ),
        (
            "et",
            "Linnapea ütles esmaspäeval, et vana sild on suletud üle kuue kuu ja et tööd on juba "
                + "alanud, kuid need ei ole veel valmis."
        ),
        (
            "vi",
            "Thị trưởng cho biết cây cầu cũ sẽ đóng cửa trong hơn sáu tháng và công việc đã được "
                + "bắt đầu từ tuần này với nhiều người."
        ),
        (
            "id",
            "Wali kota mengatakan bahwa jembatan tua itu akan ditutup untuk lebih dari enam bulan "
                + "dan pekerjaan telah dimulai pada hari ini."
        ),
        (
            "sq",
            "Kryetari tha të hënën se ura e vjetër do të jetë e mbyllur për më shumë se gjashtë "
                + "muaj dhe që punimet janë nisur nga bashkia."
        ),
        (
            "af",
            "Die burgemeester het gesê dat die ou brug vir meer as ses maande gesluit sal word en "
                + "dat hulle nie nog kan wag nie."
        ),
        (
            "eu",
            "Alkateak esan zuen zubi zaharra itxita egongo dela sei hilabete baino gehiago eta "
                + "lanak hasi dira, baina ez dute oraindik amaitu."
        ),
        ("be", "Мэр горада паведаміў, што стары мост будзе закрыты на шэсць месяцаў у ўсіх."),
        ("mk", "Градоначалникот рече дека стариот мост ќе биде затворен шест месеци поради ѕидот."),
        ("bn", "মেয়র সোমবার বলেছেন যে পুরনো সেতুটি ছয় মাসের জন্য বন্ধ থাকবে।"),
        ("ta", "பழைய பாலம் ஆறு மாதங்களுக்கு மூடப்படும் என்று மேயர் திங்கட்கிழமை கூறினார்."),
        ("te", "పాత వంతెన ఆరు నెలల పాటు మూసివేయబడుతుందని మేయర్ సోమవారం చెప్పారు."),
        ("ka", "მერმა ორშაბათს განაცხადა, რომ ძველი ხიდი ექვსი თვით დაიკეტება."),
        ("hy", "Քաղաքապետն ասաց, որ հին կամուրջը վեց ամսով կփակվի վերանորոգման համար։"),
        ("am", "ከንቲባው ሰኞ ዕለት አሮጌው ድልድይ ለስድስት ወራት እንደሚዘጋ ተናግረዋል።"),
        ("hi", "महापौर ने सोमवार को कहा कि पुराना पुल छह महीने के लिए बंद रहेगा।"),
    ])
    func languageIsTold(tag: String, text: String) {
        #expect(detectLanguage(of: text) == tag)
    }

    @Test(arguments: [
        "", "Bonjour", "OpenAI SoftBank Oracle", "Stargate : 500 milliards", "12 345 67 89",
        "https://example.org/a/b/c", "🦊🦊🦊", "мост", "橋",
        // Half French, half English.
        "Le maire de la ville a dit que les travaux sont finis. The mayor of the city said that "
            + "it was over and done.",
        // Names alone.
        "Donald Trump Sam Altman Larry Ellison Masayoshi Son Elon Musk Joe Biden Oracle Microsoft "
            + "Nvidia",
        // Half Russian, half Greek.
        "Мэр города сообщил в понедельник Ο δήμαρχος είπε τη Δευτέρα ότι",
    ])
    func doubtfulTextHasNoLanguage(text: String) {
        #expect(detectLanguage(of: text) == nil)
    }

    @Test func onlyTheStartIsRead() {
        let french = "Le maire a dit que les travaux de la halle sont finis et que c’est bien. "
        let start = String(repeating: french, count: LanguageLimits.scalarsMax / french.count + 1)
        let english = "The mayor said that the bridge would be closed and that it is a pity. "
        #expect(detectLanguage(of: start + String(repeating: english, count: 2000)) == "fr")
    }

    @Test func sevenWordsAreTooFew() {
        let seven = "il est dans la ville avec nous"
        #expect(detectLanguage(of: seven) == nil)
        #expect(detectLanguage(of: seven + " et vous") == "fr")
    }
}
