internal import News

/// A date as a page writes it.
struct PageDate: Equatable {
    /// A time without a zone is taken as UTC.
    var instant: Instant
    /// Minutes east of UTC, when the page says so: the day that its reader sees.
    var zoneMinutes: Int?

    init(_ instant: Instant, zoneMinutes: Int? = nil) {
        self.instant = instant
        self.zoneMinutes = zoneMinutes
    }

    fileprivate init?(year: Int, month: Int, day: Int) {
        guard let instant = Instant(year: year, month: month, day: day) else { return nil }
        self.init(instant)
    }
}

/// Reads the dates that pages carry: ISO 8601 in its many spellings, and days written with the
/// month's name in the languages below. nil for all else, and for years before 1990 or after 2100,
/// which are never a page's date.
func pageDate(_ text: String) -> PageDate? {
    var bytes = Array(text.utf8.prefix(dateBytesMax))
    if bytes.contains(0xE5) {
        let western = text.prefix(dateBytesMax).replacing("年", with: "-").replacing("月", with: "-")
        bytes = Array(western.replacing("日", with: " ").utf8)
    }
    guard let date = isoDate(bytes) ?? namedDate(bytes), isPlausible(date) else { return nil }
    return date
}

/// A day in figures within a line: `22.11.2026`, `22/11/2026`; the month first with slashes in
/// English (`11/22/2026`). Years of two digits count from 1990 to 2089, with full stops only.
func numericDate(_ text: String, language: String?) -> PageDate? {
    let parts = text.split { !($0.isNumber || $0 == "." || $0 == "/") }
    for part in parts {
        for separator in [Character("."), "/"] {
            let numbers = part.split(separator: separator).map { Int($0) }
            guard numbers.count == 3, let first = numbers[0], let second = numbers[1],
                let last = numbers[2], let year = fullYear(last, separator: separator)
            else { continue }
            let isMonthFirst =
                second > 12
                || (separator == "/" && language?.hasPrefix("en") == true && first <= 12)
            let (day, month) = isMonthFirst ? (second, first) : (first, second)
            if let date = PageDate(year: year, month: month, day: day), isPlausible(date) {
                return date
            }
        }
    }
    return nil
}

private func fullYear(_ year: Int, separator: Character) -> Int? {
    guard 0..<100 ~= year else { return year }
    guard separator == "." else { return nil }
    return year < 90 ? 2000 + year : 1900 + year
}

/// The day in an address such as `/2026/11/22/`.
func dateInAddress(_ path: String) -> PageDate? {
    let parts = path.split(whereSeparator: { $0 == "/" || $0 == "-" || $0 == "_" || $0 == "." })
    for index in parts.indices {
        let part = parts[index]
        if part.utf8.count == 8, part.hasPrefix("20"), let day = isoDate(Array(part.utf8)) {
            return isPlausible(day) ? day : nil
        }
        guard part.utf8.count == 4, let year = Int(part), years ~= year,
            index + 2 < parts.count, parts[index + 1].utf8.count <= 3,
            let month = Int(parts[index + 1]) ?? monthNumbers[parts[index + 1].lowercased()],
            parts[index + 2].utf8.count <= 2, let day = Int(parts[index + 2])
        else { continue }
        return PageDate(year: year, month: month, day: day)
    }
    return nil
}

private let dateBytesMax = 120
private let years = 1990...2100

private func isPlausible(_ date: PageDate) -> Bool { years.contains(date.instant.civil.year) }

// MARK: - Digits

/// `2026-11-22`, `2026/11/22 08:30`, `20261122`, `2026-11-22T08:30:00.123+0100`, with anything
/// after a complete date that is no time passed over.
private func isoDate(_ bytes: [UInt8]) -> PageDate? {
    var scanner = DigitScanner(bytes)
    scanner.skip { $0 <= 0x20 }
    guard let year = scanner.number(4, 4) else { return nil }
    let separator = scanner.peek
    let isSeparated =
        separator == UInt8(ascii: "-") || separator == UInt8(ascii: "/")
        || separator == UInt8(ascii: ".")
    if isSeparated { scanner.index += 1 }
    guard let month = scanner.number(isSeparated ? 1 : 2, 2) else { return nil }
    if isSeparated {
        guard scanner.peek == separator else { return nil }
        scanner.index += 1
    }
    guard let day = scanner.number(isSeparated ? 1 : 2, 2) else { return nil }
    return timed(year, month, day, &scanner)
}

/// The day with the time that may follow it.
private func timed(
    _ year: Int, _ month: Int, _ day: Int, _ scanner: inout DigitScanner
) -> PageDate? {
    guard let midnight = PageDate(year: year, month: month, day: day) else { return nil }
    scanner.skip { $0 == 0x20 || $0 | 0x20 == UInt8(ascii: "t") || $0 == UInt8(ascii: ",") }
    guard let hour = scanner.number(1, 2), scanner.take(UInt8(ascii: ":")),
        let minute = scanner.number(2, 2)
    else { return midnight }
    var second = 0
    if scanner.take(UInt8(ascii: ":")) { second = scanner.number(2, 2) ?? 0 }
    if scanner.take(UInt8(ascii: ".")) { scanner.skip { 0x30...0x39 ~= $0 } }
    guard
        let local = Instant(
            year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    else { return midnight }
    scanner.skip { $0 == 0x20 }
    guard let zone = scanner.zoneMinutes() else { return PageDate(local) }
    return PageDate(local.adding(.seconds(-60 * zone)), zoneMinutes: zone)
}

private struct DigitScanner {
    let bytes: [UInt8]
    var index = 0

    init(_ bytes: [UInt8], at index: Int = 0) {
        self.bytes = bytes
        self.index = index
    }

    var peek: UInt8 { index < bytes.count ? bytes[index] : 0 }

    mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        index += 1
        return true
    }

    mutating func skip(while holds: (UInt8) -> Bool) {
        while index < bytes.count, holds(bytes[index]) { index += 1 }
    }

    /// `+01:00`, `-0500`, `Z`; nil when none follows.
    mutating func zoneMinutes() -> Int? {
        let sign = peek
        if sign | 0x20 == UInt8(ascii: "z") { return 0 }
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return nil }
        index += 1
        guard let hours = number(2, 2), hours < 24 else { return nil }
        _ = take(UInt8(ascii: ":"))
        let minutes = number(2, 2) ?? 0
        guard minutes < 60 else { return nil }
        return (sign == UInt8(ascii: "+") ? 1 : -1) * (hours * 60 + minutes)
    }

    /// A number of so many digits; the digit after them is not looked at.
    mutating func number(_ least: Int, _ most: Int) -> Int? {
        var value = 0
        var next = index
        while next < bytes.count, next - index < most, 0x30...0x39 ~= bytes[next] {
            value = value * 10 + Int(bytes[next] - 0x30)
            next += 1
        }
        guard next - index >= least else { return nil }
        index = next
        return value
    }
}

// MARK: - Names of months

/// `22 novembre 2026`, `1er mai 2026`, `November 22, 2026`, `Sun, 22 Nov 2026 08:30:00 +0100`.
private func namedDate(_ bytes: [UInt8]) -> PageDate? {
    let words = dateWords(bytes)
    for (index, word) in words.enumerated() {
        guard let month = monthNumbers[word.text] else { continue }
        var day: Int?
        var yearIndex = index + 1
        if index > 0 { day = dayNumber(words[index - 1].text) }
        // `22 de noviembre de 2026`
        if day == nil, index > 1, words[index - 1].text == "de" {
            day = dayNumber(words[index - 2].text)
        }
        if day == nil, index + 1 < words.count {
            day = dayNumber(words[index + 1].text)
            yearIndex = index + 2
        }
        if yearIndex < words.count, ["de", "del"].contains(words[yearIndex].text) {
            yearIndex += 1
        }
        guard let day, yearIndex < words.count, words[yearIndex].text.utf8.count == 4,
            let year = Int(words[yearIndex].text)
        else { continue }
        var scanner = DigitScanner(bytes, at: words[yearIndex].end)
        return timed(year, month, day, &scanner)
    }
    return nil
}

private func dayNumber(_ word: String) -> Int? {
    var digits = Substring(word)
    for ending in ["st", "nd", "rd", "th", "er", "º", "°"] where digits.hasSuffix(ending) {
        digits = digits.dropLast(ending.count)
    }
    guard digits.utf8.count <= 2, let day = Int(digits), 1...31 ~= day else { return nil }
    return day
}

private func dateWords(_ bytes: [UInt8]) -> [(text: String, end: Int)] {
    var words: [(text: String, end: Int)] = []
    var start: Int?
    for index in 0...bytes.count {
        let byte = index < bytes.count ? bytes[index] : 0x20
        let isWord = byte >= 0x80 || 0x61...0x7A ~= byte | 0x20 || 0x30...0x39 ~= byte
        if isWord {
            start = start ?? index
        } else if let first = start {
            let text = String(decoding: bytes[first..<index], as: UTF8.self).lowercased()
            words.append((text, index))
            start = nil
        }
    }
    return words
}
