/// A sum of money, a share, a count or a day that a text states, as a value that is equal however
/// it is written: "500 milliards de dollars", "$500 billion" and "500 Md$" are one figure.
package struct Figure: Hashable, Sendable {
    /// What is stated, exactly: thousandths are kept, finer parts dropped.
    package enum Value: Hashable, Sendable {
        /// In thousandths of the currency's unit; the currency by ISO 4217.
        case money(thousandths: Int64, currency: String)
        /// In thousandths of one per cent.
        case percentage(thousandths: Int64)
        /// In thousandths of one.
        case count(thousandths: Int64)
        case day(year: Int, month: Int, day: Int)
    }

    package var value: Value
    /// Where it stands: Unicode scalars, currency and unit included.
    package var range: TextRange

    package init(_ value: Value, range: TextRange) {
        self.value = value
        self.range = range
    }
}

/// The figures of a text in order, as French, English, Spanish, Italian and German write them.
///
/// Digits may be grouped by spaces, stops, commas or apostrophes; `language` (BCP 47) tells what a
/// comma means (`1,234` is a thousand in English and one and a bit in French before "milliard"),
/// what a billion is, and which of `11/12/2026` is the month. A bare year is no figure, nor is one
/// that is too large to be told exactly. Cost: linear.
package func figures(in text: String, language: String?) -> [Figure] {
    var reader = FigureReader(Array(text.unicodeScalars), habits: FigureHabits(of: language))
    reader.run()
    return reader.found
}

private struct FigureReader {
    private let scalars: [Unicode.Scalar]
    private let habits: FigureHabits
    private(set) var found: [Figure] = []
    private var next = 0
    private var isSignFirst = false

    init(_ scalars: [Unicode.Scalar], habits: FigureHabits) {
        self.scalars = scalars
        self.habits = habits
    }

    mutating func run() {
        while next < scalars.count {
            let opensWord = next == 0 || !isLetterOrDigit(scalars[next - 1])
            if opensWord, isDigit(scalars[next]) {
                readFigure(from: next)
            } else if opensWord, let end = wordEnd(from: next) {
                readWord(until: end)
            } else {
                next += 1
            }
        }
    }

    // MARK: - What stands at a digit

    private mutating func readFigure(from start: Int) {
        // Who writes the sign first writes English, whatever the text around it is.
        isSignFirst = start > 0 && currencySigns[scalars[start - 1]] != nil
        defer { isSignFirst = false }
        if let (day, end) = dayInFigures(at: start) ?? dayInWords(at: start) {
            take(day, start, end)
            return
        }
        let number = number(at: start)
        next = number.end
        guard let thousandths = number.thousandths else { return }
        guard let figure = scaled(thousandths, after: number.end) else { return }
        if !takeWithUnit(figure, from: start) { takeCount(number, figure, from: start) }
    }

    /// A number alone: a count, unless it may be a year or stands within a word such as `3D`.
    private mutating func takeCount(_ number: Number, _ figure: Scaled, from start: Int) {
        let isYear =
            !number.isGrouped && number.end - start == 4 && figure.end == number.end
            && 1_000_000...2_999_000 ~= figure.thousandths
        let isGlued = figure.end < scalars.count && isLetterOrDigit(scalars[figure.end])
        guard !isYear, !isGlued else { return }
        take(.count(thousandths: figure.thousandths), start, figure.end)
    }

    /// Takes a number with the unit before or behind it; false when it has none.
    private mutating func takeWithUnit(_ figure: Scaled, from start: Int) -> Bool {
        let (amount, end) = (figure.thousandths, figure.end)
        if let currency = figure.currency {
            take(.money(thousandths: amount, currency: currency), start, end)
        } else if let after = percentEnd(at: end) {
            take(.percentage(thousandths: amount), start, after)
        } else if let (currency, after) = currencyAfter(end) {
            take(.money(thousandths: amount, currency: currency), start, after)
        } else if let (currency, before) = currencyBefore(start) {
            take(.money(thousandths: amount, currency: currency), before, end)
        } else {
            return false
        }
        return true
    }

    private mutating func take(_ value: Figure.Value, _ start: Int, _ end: Int) {
        found.append(Figure(value, range: TextRange(start: start, end: end)))
        next = max(end, next)
    }

    // MARK: - What stands at a word

    /// "deux milliards d’euros", "two billion"; "November 22, 2026".
    private mutating func readWord(until end: Int) {
        let start = next
        next = end
        let word = lowercased(start..<end)
        if monthNumbers[word] != nil, let (day, after) = monthFirst(start: start, end: end) {
            take(day, start, after)
        } else if let units = unitWords[word], let figure = scaled(units * 1000, after: end),
            figure.end > end
        {
            if !takeWithUnit(figure, from: start) {
                take(.count(thousandths: figure.thousandths), start, figure.end)
            }
        }
    }

    // MARK: - Numbers

    private struct Number {
        /// nil when it is too large.
        var thousandths: Int64?
        var isGrouped = false
        var end: Int
    }

    /// Digits, their groups and a decimal part.
    private func number(at start: Int) -> Number {
        var index = start
        var value: Int64? = 0
        while index < scalars.count, isDigit(scalars[index]) {
            value = appending(scalars[index], to: value)
            index += 1
        }
        var result = Number(thousandths: nil, end: index)
        let first = index - start
        while first <= 3,
            let after = groupEnd(at: result.end, grouped: result.isGrouped, from: start)
        {
            for digit in scalars[after - 3..<after] { value = appending(digit, to: value) }
            result.isGrouped = true
            result.end = after
        }
        var thousandths = value.flatMap { times($0, 1000) }
        if let (fraction, after) = fraction(at: result.end) {
            thousandths = thousandths.flatMap { plus($0, fraction) }
            result.end = after
        }
        result.thousandths = thousandths
        return result
    }

    /// Behind a separator and three digits that are no decimal part.
    private func groupEnd(at index: Int, grouped: Bool, from start: Int) -> Int? {
        guard index + 3 < scalars.count, isSeparator(scalars[index]),
            scalars[index + 1...index + 3].allSatisfy(isDigit),
            index + 4 >= scalars.count || !isDigit(scalars[index + 4])
        else { return nil }
        let isPoint = scalars[index] == "." || scalars[index] == ","
        if isPoint, !grouped {
            if scalars[start] == "0" { return nil }
            // "1,234 milliard": nobody has thousands of milliards to the unit.
            let isDecimal = scalars[index] == (habits.isContinental ? "," : ".")
            if isDecimal, scaled(0, after: index + 4).map({ $0.end > index + 4 }) == true {
                return nil
            }
        }
        return index + 4
    }

    /// The decimal part in thousandths; further digits are dropped.
    private func fraction(at index: Int) -> (thousandths: Int64, end: Int)? {
        guard index + 1 < scalars.count, scalars[index] == "." || scalars[index] == ",",
            isDigit(scalars[index + 1])
        else { return nil }
        var end = index + 1
        var (value, scale): (Int64, Int64) = (0, 100)
        while end < scalars.count, isDigit(scalars[end]) {
            value += Int64(scalars[end].value - 0x30) * scale
            scale /= 10
            end += 1
        }
        return (value, end)
    }

    private func appending(_ digit: Unicode.Scalar, to value: Int64?) -> Int64? {
        value.flatMap { times($0, 10) }.flatMap { plus($0, Int64(digit.value &- 0x30)) }
    }

    // MARK: - Scales

    private struct Scaled {
        var thousandths: Int64
        /// A currency that is written as one word with the scale: `Md$`.
        var currency: String?
        var end: Int
    }

    /// "500 mille", "1.5 million", "3 Md€", "20 mil millones": the number times its scales, two at
    /// most. nil when that is too large.
    private func scaled(_ thousandths: Int64, after index: Int) -> Scaled? {
        guard let once = scaledOnce(thousandths, after: index), once.end > index,
            once.currency == nil
        else { return scaledOnce(thousandths, after: index) }
        return scaledOnce(once.thousandths, after: once.end)
    }

    private func scaledOnce(_ thousandths: Int64, after index: Int) -> Scaled? {
        var result = Scaled(thousandths: thousandths, end: index)
        let start = skippingSpace(index)
        guard let end = wordEnd(from: start) else { return result }
        let written = String(String.UnicodeScalarView(scalars[start..<end]))
        guard let scale = scale(of: written) else { return result }
        var after = end
        if end < scalars.count, let currency = currencySigns[scalars[end]] {
            (result.currency, after) = (currency, end + 1)
        } else if written.count <= 1, start > index || after < scalars.count {
            // A lone letter is a scale only against the number: `$3m`, `400k`.
            guard start == index else { return result }
        }
        guard let product = times(thousandths, scale) else { return nil }
        result.thousandths = product
        result.end = after
        return result
    }

    private func scale(of written: String) -> Int64? {
        if written == "M" || written == "m" { return 1_000_000 }
        let word = written.lowercased()
        if habits.isLongScale, !isSignFirst, longScaleWords.contains(word) {
            return 1_000_000_000_000
        }
        return scaleWords[word]
    }

    // MARK: - Units

    private func percentEnd(at index: Int) -> Int? {
        let start = skippingSpace(index)
        guard start < scalars.count else { return nil }
        if scalars[start] == "%" { return start + 1 }
        guard let end = wordEnd(from: start) else { return nil }
        let word = lowercased(start..<end)
        if word == "percent" || word == "pct" || word == "prozent" { return end }
        guard ["pour", "per", "por"].contains(word),
            let after = wordEnd(from: skippingSpace(end)),
            ["cent", "cento", "ciento"].contains(lowercased(skippingSpace(end)..<after))
        else { return nil }
        return after
    }

    /// `€`, "dollars", "de dollars canadiens", "d’euros" behind a number.
    private func currencyAfter(_ index: Int) -> (currency: String, end: Int)? {
        var start = skippingSpace(index)
        guard start < scalars.count else { return nil }
        if let currency = currencySigns[scalars[start]] { return (currency, start + 1) }
        guard var end = wordEnd(from: start) else { return nil }
        var word = lowercased(start..<end)
        if ["de", "d", "di", "us"].contains(word) {
            start = skippingSpace(end)
            if start < scalars.count, scalars[start] == "’" || scalars[start] == "'" { start += 1 }
            guard let after = wordEnd(from: start) else { return nil }
            (word, end) = (lowercased(start..<after), after)
        }
        guard let currency = currencyWords[word] else { return nil }
        if let after = wordEnd(from: skippingSpace(end)),
            let special = currencyKinds[word + " " + lowercased(skippingSpace(end)..<after)]
        {
            return (special, after)
        }
        return (currency, end)
    }

    /// `$`, `US$`, `EUR` before a number.
    private func currencyBefore(_ index: Int) -> (currency: String, start: Int)? {
        let least = found.last?.range.end ?? 0
        var end = index
        if end > least, isSpace(scalars[end - 1]) { end -= 1 }
        guard end > least else { return nil }
        if end == index, let currency = currencySigns[scalars[end - 1]] {
            var start = end - 1
            while start > least, isLetter(scalars[start - 1]), end - start < 4 { start -= 1 }
            let written = lowercased(start..<end)
            return (currencyWords[written] ?? currency, start)
        }
        let start = end - 3
        guard start >= least, start == 0 || !isLetterOrDigit(scalars[start - 1]) else { return nil }
        let code = String(String.UnicodeScalarView(scalars[start..<end]))
        guard code == code.uppercased(), let currency = currencyWords[code.lowercased()] else {
            return nil
        }
        return (currency, start)
    }

    // MARK: - Days

    /// `2026-11-22`, `22/11/2026`, `22.11.2026`.
    private func dayInFigures(at start: Int) -> (day: Figure.Value, end: Int)? {
        var parts: [(value: Int, digits: Int)] = []
        var index = start
        var separator: Unicode.Scalar?
        while parts.count < 3 {
            let first = index
            var value = 0
            while index < scalars.count, isDigit(scalars[index]), index - first < 4 {
                value = value * 10 + Int(scalars[index].value - 0x30)
                index += 1
            }
            guard index > first else { return nil }
            parts.append((value, index - first))
            guard parts.count < 3 else { break }
            guard index < scalars.count, ["-", "/", "."].contains(scalars[index]),
                separator == nil || separator == scalars[index]
            else { return nil }
            separator = scalars[index]
            index += 1
        }
        guard index == scalars.count || !isLetterOrDigit(scalars[index]) else { return nil }
        if parts[0].digits == 4 {
            return day(parts[0].value, parts[1].value, parts[2].value, index)
        }
        guard parts[2].digits == 4 else { return nil }
        let isMonthFirst = separator == "/" && !habits.isContinental && parts[0].value <= 12
        let (month, number) =
            isMonthFirst ? (parts[0].value, parts[1].value) : (parts[1].value, parts[0].value)
        return day(parts[2].value, month, number, index)
    }

    /// `22 novembre 2026`, `1er mai 2026`, `22nd of November 2026`
    private func dayInWords(at start: Int) -> (day: Figure.Value, end: Int)? {
        guard let (number, digits) = smallNumber(at: start, digitsMax: 2) else { return nil }
        var index = digits
        if let end = wordEnd(from: index), ordinalEnds.contains(lowercased(index..<end)) {
            index = end
        }
        index = skippingSpace(index)
        if let end = wordEnd(from: index), lowercased(index..<end) == "of" {
            index = skippingSpace(end)
        }
        guard let end = wordEnd(from: index), let month = monthNumbers[lowercased(index..<end)],
            let (year, after) = year(at: end)
        else { return nil }
        return day(year, month, number, after)
    }

    /// `November 22, 2026`, `Nov. 22, 2026`
    private func monthFirst(start: Int, end: Int) -> (day: Figure.Value, end: Int)? {
        let stop = end < scalars.count && scalars[end] == "." ? end + 1 : end
        guard let month = monthNumbers[lowercased(start..<end)],
            let (number, digits) = smallNumber(at: skippingSpace(stop), digitsMax: 2)
        else { return nil }
        var index = digits
        if let end = wordEnd(from: index), ordinalEnds.contains(lowercased(index..<end)) {
            index = end
        }
        guard let (year, after) = year(at: index) else { return nil }
        return day(year, month, number, after)
    }

    private func year(at index: Int) -> (value: Int, end: Int)? {
        var start = index
        if start < scalars.count, scalars[start] == "." || scalars[start] == "," { start += 1 }
        guard let (year, end) = smallNumber(at: skippingSpace(start), digitsMax: 4), year >= 1000,
            end == scalars.count || !isLetterOrDigit(scalars[end])
        else { return nil }
        return (year, end)
    }

    private func smallNumber(at start: Int, digitsMax: Int) -> (value: Int, end: Int)? {
        var index = start
        var value = 0
        while index < scalars.count, isDigit(scalars[index]) {
            guard index - start < digitsMax else { return nil }
            value = value * 10 + Int(scalars[index].value - 0x30)
            index += 1
        }
        return index > start ? (value, index) : nil
    }

    private func day(_ year: Int, _ month: Int, _ day: Int, _ end: Int) -> (Figure.Value, Int)? {
        guard 1...9999 ~= year, 1...12 ~= month,
            1...Instant.daysIn(month: month, year: year) ~= day
        else { return nil }
        return (.day(year: year, month: month, day: day), end)
    }

    // MARK: - Signs and words

    /// Behind at most one space.
    private func skippingSpace(_ index: Int) -> Int {
        index < scalars.count && isSpace(scalars[index]) ? index + 1 : index
    }

    /// Behind the letters that stand here; nil when none do.
    private func wordEnd(from start: Int) -> Int? {
        var end = start
        while end < scalars.count, end - start < wordScalarsMax, isLetter(scalars[end]) { end += 1 }
        return end > start ? end : nil
    }

    private func lowercased(_ range: Range<Int>) -> String {
        String(String.UnicodeScalarView(scalars[range])).lowercased()
    }
}

private let wordScalarsMax = 24

private func times(_ a: Int64, _ b: Int64) -> Int64? {
    let (product, overflow) = a.multipliedReportingOverflow(by: b)
    return overflow ? nil : product
}

private func plus(_ a: Int64, _ b: Int64) -> Int64? {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? nil : sum
}

private func isDigit(_ scalar: Unicode.Scalar) -> Bool { 0x30...0x39 ~= scalar.value }

private func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    0x61...0x7A ~= scalar.value | 0x20 || (scalar.value >= 0xC0 && scalar.properties.isAlphabetic)
}

private func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
    isDigit(scalar) || isLetter(scalar)
}

private func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar == " " || scalar == "\u{A0}" || scalar == "\u{202F}" || scalar == "\u{2009}"
}

/// What may stand between groups of digits.
private func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
    isSpace(scalar) || scalar == "." || scalar == "," || scalar == "’" || scalar == "'"
}
