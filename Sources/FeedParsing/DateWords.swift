/// The words of dates, in lower case.
enum DateWords {
    /// Months by name and by abbreviation, in the languages of many feeds. Words that are a weekday
    /// in one language and a month in another are both: the scanner takes the later.
    static let months: [String: Int] = {
        let names = [
            """
            jan january janv janvier jän januar jänner jenner gennaio gen enero ene janeiro \
            januari stycznia styczeń sty ιαν ιανουάριος ιανουαρίου янв января leden ledna ocak \
            január januára ianuarie ian январь січня січ януари gener
            """,
            """
            feb february févr fév février fevrier fevr februar feber febbraio febrero fevereiro \
            fev februari lutego luty lut φεβ φεβρουάριος φεβρουαρίου фев февраля únor února \
            şubat február februarie февраль лютого лют февруари febrer
            """,
            """
            mar march mars märz mär maerz marzo março marco maart mrt marca marzec március μάρ \
            μάρτιος μαρτίου μάώ μαώ мар марта březen března mart martie marts μαρ березня бер \
            març
            """,
            """
            apr april avr avril aprile abril abr kwietnia kwiecień kwi április απρ απρίλιος \
            απριλίου апр апреля duben dubna nisan apríla aprilie апрель квітня кві април
            """,
            """
            may mai maggio mag mayo maio mei maja maj május μάι μάϊ μαΐ μαι μαϊ μάιος μαΐου май \
            мая květen května mayıs mája травня тра maig
            """,
            """
            jun june juin juni giugno giu junio junho czerwca czerwiec cze június ιούν ιον \
            ιούνιος ιουνίου июн июня červen června haziran júna iunie iun ιουν июнь червня чер \
            юни juny
            """,
            """
            jul july juil juillet juli luglio lug julio julho lipca lipiec lip július ιούλ ιολ \
            ιούλιος ιουλίου июл июля červenec července temmuz júla iulie iul ιουλ июль липня \
            лип юли juliol
            """,
            """
            aug august août aout agosto ago augustus sierpnia sierpień sie αύγ αυγ αύγουστος \
            αυγούστου авг августа srpen srpna ağustos augusta augusti август серпня сер август \
            agost
            """,
            """
            sep sept september septembre settembre set septiembre setembro września wrzesień \
            wrz szeptember σεπ σεπτέμβριος σεπτεμβρίου сен сентября září eylül septembra \
            septembrie сентябрь сент вересня вер септември setembre
            """,
            """
            oct october octobre okt oktober ottobre ott octubre outubro out października \
            październik paź október οκτ οκτώβριος οκτωβρίου окт октября říjen října ekim \
            októbra octombrie октябрь жовтня жов октомври
            """,
            """
            nov november novembre noviembre novembro listopada listopad lis νοέ νοε νοέμβριος \
            νοεμβρίου ноя ноября kasım novembra noiembrie noi ноябрь листопада ноември
            """,
            """
            dec december déc décembre decembre dez dezember dicembre dic diciembre dezembro \
            grudnia grudzień gru δεκ δεκέμβριος δεκεμβρίου дек декабря prosinec prosince aralık \
            decembra decembrie des desember декабрь грудня гру декември desembre
            """,
        ]
        var months: [String: Int] = [:]
        for (index, words) in names.enumerated() {
            for word in words.split(separator: " ") { months[String(word)] = index + 1 }
        }
        return months
    }()

    /// The units that Korean dates carry, and the halves of the day.
    static let koreanWords: Set<String> = ["년", "월", "일", "오전", "오후"]

    /// Minutes east of Greenwich. RFC 5322, section 4.3, and the names that people use. A military
    /// letter means nothing sure and is read as UTC, as the section says.
    static let zones: [String: Int] = {
        let hours: [(Double, String)] = [
            (0, "z ut utc gmt wet"), (-5, "est et"), (-4, "edt ast at"), (-6, "cst ct"),
            (-5, "cdt"), (-7, "mst mt"), (-6, "mdt"), (-8, "pst pt"), (-7, "pdt"),
            (-3, "adt brt art"),
            (-9, "akst"), (-8, "akdt"), (-10, "hst"), (-3.5, "nst"), (-2.5, "ndt"),
            (1, "cet met mez bst west"), (2, "cest mest mesz eet sast cat"),
            (3, "eest msk eat trt"),
            (3.5, "irst"), (4, "gst"), (5, "pkt"), (5.5, "ist"), (7, "wib ict"),
            (8, "awst sgt hkt"),
            (9, "jst kst"), (9.5, "acst"), (10, "aest"), (10.5, "acdt"), (11, "aedt"),
            (12, "nzst"), (13, "nzdt"),
        ]
        var zones: [String: Int] = [:]
        for (offset, words) in hours {
            for word in words.split(separator: " ") { zones[String(word)] = Int(offset * 60) }
        }
        return zones
    }()
}
