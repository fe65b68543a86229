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
    var reader = FigureReader([Unicode.Scalar](scalarsOf: text), habits: FigureHabits(of: language))
    reader.run()
    return reader.found
}

/// Reads the figures of one text from its beginning to its end.
struct FigureReader {
    let scalars: [Unicode.Scalar]
    let habits: FigureHabits
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
        // Most are "un" and "one", which say nothing without a scale behind them.
        guard let head = packedHead(scalars, start..<end),
            monthHeads.contains(head) || unitHeads.contains(head) && mayBeScaled(after: end)
        else { return }
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
        guard let scale = scale(start..<end) else { return result }
        var after = end
        if end < scalars.count, let currency = currencySigns[scalars[end]] {
            (result.currency, after) = (currency, end + 1)
        } else if end - start <= 1, start > index || after < scalars.count {
            // A lone letter is a scale only against the number: `$3m`, `400k`.
            guard start == index else { return result }
        }
        guard let product = times(thousandths, scale) else { return nil }
        result.thousandths = product
        result.end = after
        return result
    }

    private func mayBeScaled(after index: Int) -> Bool {
        let start = skippingSpace(index)
        guard let end = wordEnd(from: start), let head = packedHead(scalars, start..<end) else {
            return false
        }
        return scaleHeads.contains(head)
    }

    private func scale(_ range: Range<Int>) -> Int64? {
        guard let word = word(range, among: scaleHeads) else { return nil }
        if word == "m" { return 1_000_000 }
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
        guard let word = word(start..<end, among: percentHeads) else { return nil }
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
        guard var end = wordEnd(from: start),
            var word = word(start..<end, among: currencyHeads)
        else { return nil }
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
        let isCode = scalars[start..<end].allSatisfy { "A"..."Z" ~= $0 || $0 == "$" }
        let code = isCode ? lowercased(start..<end) : ""
        guard let currency = currencyWords[code] else { return nil }
        return (currency, start)
    }

    // MARK: - Signs and words

    /// Behind at most one space.
    func skippingSpace(_ index: Int) -> Int {
        index < scalars.count && isSpace(scalars[index]) ? index + 1 : index
    }

    /// Behind the letters that stand here; nil when none do.
    func wordEnd(from start: Int) -> Int? {
        var end = start
        while end < scalars.count, end - start < wordScalarsMax, isLetter(scalars[end]) { end += 1 }
        return end > start ? end : nil
    }

    /// The word in small letters, if it may be one of these: nearly all are known not to be, and
    /// need not become strings.
    func word(_ range: Range<Int>, among words: PackedWords) -> String? {
        guard let head = packedHead(scalars, range), words.contains(head) else { return nil }
        return lowercased(range)
    }

    func lowercased(_ range: Range<Int>) -> String {
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

func isDigit(_ scalar: Unicode.Scalar) -> Bool { 0x30...0x39 ~= scalar.value }

private func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    let value = scalar.value
    if value < 0xC0 { return 0x61...0x7A ~= value | 0x20 }
    // All of the Latin rows but the signs of multiplication and division are; general punctuation
    // is not. What is left is looked up.
    if value < 0x250 { return value != 0xD7 && value != 0xF7 }
    return !(0x2000...0x206F ~= value) && scalar.properties.isAlphabetic
}

func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
    isDigit(scalar) || isLetter(scalar)
}

private func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar == " " || scalar == "\u{A0}" || scalar == "\u{202F}" || scalar == "\u{2009}"
}

/// What may stand between groups of digits.
private func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
    isSpace(scalar) || scalar == "." || scalar == "," || scalar == "’" || scalar == "'"
}
