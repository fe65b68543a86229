internal import News

/// A date that stands before a text, as a person or a tool wrote it there.
struct LeadingDate {
    /// The start of that day in UTC, or the instant when the date has a time zone; for a month
    /// alone its first day.
    var instant: Instant
    /// "Updated on …" rather than "published on …".
    var isUpdate = false
    /// What follows, without the signs between.
    var rest: Substring
}

/// Reads a publication date at the start of a line: `date 2025-01 Text…`, `2025-01-21 Text…`,
/// `Published: January 21, 2025`, `Publié le 21 janvier 2025 à 10h — Text…`.
///
/// nil when the date may belong to a sentence: a date in words needs a label or the line for
/// itself, and before a comma or a small letter ("Le 21 janvier 2025, le conseil…") it is prose.
/// Months in seven languages; `21/01/2025` is day first, unless that is impossible. Reads at most
/// `leadingTokensMax` words. Cost: constant.
func leadingDate(of line: Substring) -> LeadingDate? {
    guard mayOpenDate(line) else { return nil }
    var reader = DateReader(line)
    return reader.read()
}

/// Whether a date or its label may start there: most lines start with another word, and need not be
/// taken apart.
private func mayOpenDate(_ line: Substring) -> Bool {
    let rest = line.drop { $0.isWhitespace }
    guard let first = rest.first else { return false }
    if first.isASCII, first.isNumber { return true }
    return dateOpenings.contains(rest.prefix { $0.isLetter }.lowercased())
}

/// Words and signs that a date with its label may have.
private let leadingTokensMax = 32

private struct DateReader {
    private struct Token {
        var text: String
        var number: Int?
        var end: Substring.Index
    }

    private let line: Substring
    private let tokens: [Token]
    private var next = 0
    private var hasLabel = false
    private var isUpdate = false

    init(_ line: Substring) {
        self.line = line
        var tokens: [Token] = []
        var rest = line
        while tokens.count < leadingTokensMax {
            rest = rest.drop { $0.isWhitespace }
            guard let first = rest.first else { break }
            let word: Substring
            if first.isASCII, first.isNumber {
                word = rest.prefix { $0.isASCII && $0.isNumber }
            } else if first.isLetter {
                word = rest.prefix { $0.isLetter }
            } else {
                word = rest.prefix(1)
            }
            rest = rest[word.endIndex...]
            tokens.append(
                Token(text: word.lowercased(), number: Int(word.prefix(9)), end: word.endIndex))
        }
        self.tokens = tokens
    }

    mutating func read() -> LeadingDate? {
        takeLabel()
        _ = take(wordsBeforeDates)
        if take(weekdays) { _ = take([",", "."]) }
        _ = take(articlesBeforeDays)
        let start = next
        if let exact = exactTime() { return accepted(exact, isCertain: true) }
        let isNumeric = tokens.indices.contains(next) && tokens[next].text.utf8.count == 4
        guard let instant = isNumeric ? yearFirst() : (dayFirst() ?? monthFirst()) else {
            return nil
        }
        let isMonthAlone = isNumeric ? next - start == 3 : next - start == 2
        takeTime()
        return accepted(instant, isCertain: isNumeric && !isMonthAlone)
    }

    /// Decides whether the date stands apart from the words behind it.
    private func accepted(_ instant: Instant, isCertain: Bool) -> LeadingDate? {
        let behind = next == 0 ? line : line[tokens[next - 1].end...]
        if let first = behind.first, first.isLetter || first.isNumber { return nil }
        let spaced = behind.drop { $0.isWhitespace }
        let rest = spaced.drop { $0.isWhitespace || "—–-|:·•.*_".contains($0) }
        let found = LeadingDate(instant: instant, isUpdate: isUpdate, rest: rest)
        if rest.isEmpty || isCertain { return found }
        if let sign = spaced.first, "—–-|·•:".contains(sign) { return found }
        let opensSentence =
            rest.first?.isUppercase == true || rest.first.map { "«“\"".contains($0) } == true
        return opensSentence && rest.startIndex == spaced.startIndex && (hasLabel || isISO)
            ? found : nil
    }

    private var isISO: Bool {
        tokens.first.map { $0.text.utf8.count == 4 && $0.number != nil } ?? false
    }

    // MARK: The parts

    private mutating func take(_ words: Set<String>) -> Bool {
        guard tokens.indices.contains(next), words.contains(tokens[next].text) else { return false }
        next += 1
        return true
    }

    private mutating func takeNumber(_ range: ClosedRange<Int>) -> Int? {
        guard tokens.indices.contains(next), let number = tokens[next].number,
            range.contains(number)
        else { return nil }
        next += 1
        return number
    }

    private mutating func takeMonth() -> Int? {
        guard tokens.indices.contains(next), let month = monthNumbers[tokens[next].text] else {
            return nil
        }
        next += 1
        _ = take(["."])
        return month
    }

    private mutating func takeLabel() {
        for label in dateLabels where tokens.count > label.words.count {
            let isLabel = zip(tokens, label.words).allSatisfy { $0.text == $1 }
            guard isLabel else { continue }
            next = label.words.count
            hasLabel = true
            isUpdate = label.isUpdate
            _ = take([":"])
            return
        }
    }

    /// An RFC 3339 time, zone and all.
    private mutating func exactTime() -> Instant? {
        let start = next == 0 ? line.startIndex : tokens[next - 1].end
        let written = line[start...].drop { $0.isWhitespace }.prefix { !$0.isWhitespace }
        guard written.utf8.count >= 20, written.utf8.count <= 40,
            let instant = Instant(rfc3339: String(written))
        else { return nil }
        while tokens.indices.contains(next), tokens[next].end <= written.endIndex { next += 1 }
        return instant
    }

    /// `2025-01`, `2025-01-21`, `2025/01/21`
    private mutating func yearFirst() -> Instant? {
        let start = next
        guard let year = takeNumber(yearRange), tokens.indices.contains(next) else { return nil }
        let separator = tokens[next].text
        if ["-", "/", "."].contains(separator) {
            next += 1
            if let month = takeNumber(1...12) {
                let behindMonth = next
                if take([separator]), let day = takeNumber(1...31) {
                    return Instant(year: year, month: month, day: day)
                }
                next = behindMonth
                if separator == "-" { return Instant(year: year, month: month, day: 1) }
            }
        }
        next = start
        return nil
    }

    /// `21 janvier 2025`, `1er janvier 2025`, `21 de enero de 2025`, `21/01/2025`
    private mutating func dayFirst() -> Instant? {
        let start = next
        if let day = takeNumber(1...31) {
            for separator in ["/", ".", "-"] where take([separator]) {
                if let second = takeNumber(1...31), take([separator]),
                    let year = takeNumber(yearRange)
                {
                    return Instant(year: year, month: second, day: day)
                        ?? Instant(year: year, month: day, day: second)
                }
                next = start + 2
            }
            _ = take(["er", "st", "nd", "rd", "th", "º"])
            _ = take(["de", "of"])
            if let month = takeMonth() {
                _ = take([","])
                _ = take(["de", "del"])
                if let year = takeNumber(yearRange) {
                    return Instant(year: year, month: month, day: day)
                }
            }
        }
        next = start
        return nil
    }

    /// `January 21, 2025`; `janvier 2025` only behind a label.
    private mutating func monthFirst() -> Instant? {
        let start = next
        if let month = takeMonth() {
            if hasLabel, let year = takeNumber(yearRange) {
                return Instant(year: year, month: month, day: 1)
            }
            if let day = takeNumber(1...31) {
                _ = take(["st", "nd", "rd", "th"])
                _ = take([","])
                if let year = takeNumber(yearRange) {
                    return Instant(year: year, month: month, day: day)
                }
            }
        }
        next = start
        return nil
    }

    /// `à 10h32`, `at 10:32 am`: read past, for without a zone it says little.
    private mutating func takeTime() {
        let start = next
        _ = take([","])
        _ = take(["à", "at", "um", "a", "t", "alle", "às", "om", "|"])
        guard takeNumber(0...23) != nil, take(["h", ":"]) else {
            next = start
            return
        }
        _ = takeNumber(0...59)
        if take([":", "min"]) { _ = takeNumber(0...60) }
        _ = take(["am", "pm", "uhr"])
        _ = take(["z", "utc", "gmt", "cet", "cest", "est", "edt", "et", "pt", "pst", "pdt"])
    }
}

private let yearRange = 1900...2099

/// What says that a date is one of publication, the longest first.
private let dateLabels: [(words: [String], isUpdate: Bool)] = {
    let published =
        "date|publié|publiée|mis en ligne|mise en ligne|paru|date de publication|published|"
        + "published on|posted|posted on|publication date|date published|dated|veröffentlicht|"
        + "stand|publicado|fecha|pubblicato|data|publicado em|gepubliceerd|datum"
    let updated =
        "updated|updated on|last updated|last updated on|modified|mis à jour|mise à jour|"
        + "modifié|aktualisiert|actualizado|aggiornato|atualizado|bijgewerkt"
    let rows = [(published, false), (updated, true)].flatMap { list, isUpdate in
        list.split(separator: "|").map { label in
            (words: label.split(separator: " ").map(String.init), isUpdate: isUpdate)
        }
    }
    return rows.sorted { $0.words.count > $1.words.count }
}()

private let wordsBeforeDates: Set = ["le", "on", "am", "el", "il", "em", "op", "the", "du"]
private let articlesBeforeDays: Set = ["le", "the", "den"]

/// All words that a date or its label starts with.
private let dateOpenings: Set<String> = wordsBeforeDates.union(articlesBeforeDays).union(weekdays)
    .union(monthNumbers.keys).union(dateLabels.compactMap(\.words.first))

private let weekdays: Set<String> = Set(
    """
    lundi mardi mercredi jeudi vendredi samedi dimanche monday tuesday wednesday thursday friday \
    saturday sunday mon tue wed thu fri sat sun montag dienstag mittwoch donnerstag freitag \
    samstag sonntag lunes martes miércoles jueves viernes sábado domingo lunedì martedì mercoledì \
    giovedì venerdì sabato domenica segunda terça quarta quinta sexta maandag dinsdag woensdag \
    donderdag vrijdag zaterdag zondag
    """.split(separator: " ").map(String.init))
