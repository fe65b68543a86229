/// The number of a month, 1…12, by its name or usual short form in lower case: English, French,
/// German, Spanish, Italian, Portuguese, Dutch.
let monthNumbers: [String: Int] = {
    let rows = [
        "january jan janvier janv januar jänner enero ene gennaio gen janeiro januari",
        "february feb février fevrier févr fevr fév fev februar febrero febbraio "
            + "fevereiro februari",
        "march mar mars märz maerz marzo março marco maart mrt mär",
        "april apr avril avr abril abr aprile",
        "may mai mayo maggio mag maio mei",
        "june jun juin juni junio giugno giu junho",
        "july jul juillet juil juli julio luglio lug julho",
        "august aug août aout agosto ago augustus",
        "september sep sept septembre septiembre settembre set setembro",
        "october oct octobre oktober okt octubre ottobre ott outubro out",
        "november nov novembre noviembre novembro",
        "december dec décembre decembre déc dezember dez diciembre dic dicembre dezembro",
    ]
    var numbers: [String: Int] = [:]
    for (index, row) in rows.enumerated() {
        for name in row.split(separator: " ") { numbers[String(name)] = index + 1 }
    }
    return numbers
}()
