package import News

/// Reads a date as feeds write it: RFC 822 and its descendants (RFC 5322, section 3.3 and 4.3), RFC
/// 3339 and ISO 8601, C's `asctime`, and the habits of publishers in several languages. A date
/// without a zone is in UTC, a date without a time is its midnight, a two-digit year is of
/// 1950…2049. nil when the text means no instant. Cost: linear; text over 128 bytes is no date.
package func parseDate(_ text: String) -> Instant? { parseDate(Array(text.utf8)[...]) }

/// The same of UTF-8.
func parseDate(_ text: ArraySlice<UInt8>) -> Instant? {
    let text = trimmed(text)
    guard text.count <= dateBytesMax else { return nil }
    if let instant = commonDate(text) { return instant }
    var scanner = DateScanner(withoutComments(Array(text)))
    guard scanner.scan() else { return nil }
    return scanner.instant
}

private let dateBytesMax = 128

/// Without the comments in parentheses that RFC 5322 allows anywhere.
private func withoutComments(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.contains(UInt8(ascii: "(")) else { return bytes }
    var result: [UInt8] = []
    var depth = 0
    var isEscaped = false
    for byte in bytes {
        switch byte {
        case _ where isEscaped: isEscaped = false
        case UInt8(ascii: "\\"): isEscaped = true
        case UInt8(ascii: "("):
            depth += 1
            result.append(0x20)
        case UInt8(ascii: ")"): depth = max(0, depth - 1)
        default: if depth == 0 { result.append(byte) }
        }
    }
    return result
}

/// Picks numbers, month names, one time of day and one zone out of a text, in whatever order they
/// stand, then decides what the numbers mean.
private struct DateScanner {
    private struct Number {
        var value: Int
        var digits: Int
        /// What stands before it.
        var separator: UInt8
    }

    private let bytes: [UInt8]
    private var next = 0
    private var numbers: [Number] = []
    private var months: [Int] = []
    private var time: (hour: Int, minute: Int, second: Int, millisecond: Int)?
    private var offsetMinutes: Int?
    private var zone: NamedZone?
    private var hasZoneSign = false
    /// Korean blogs write their local time without a zone, and the half of the day before it.
    private var isKorean = false
    private var halfOfDay = ""

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// False when the text holds something that no date does.
    mutating func scan() -> Bool {
        while next < bytes.count {
            switch bytes[next] {
            case 0x30...0x39:
                if !scanDigits() { return false }
            case UInt8(ascii: "+"), UInt8(ascii: "-"):
                if isZoneSign {
                    if !scanOffset() { return false }
                } else {
                    next += 1
                }
            case let byte where isWordByte(byte): scanWord()
            default: next += 1
            }
            if numbers.count > 6 { return false }
        }
        return true
    }

    // MARK: - Numbers and times

    private func digit(at index: Int) -> Int? {
        guard index < bytes.count, 0x30...0x39 ~= bytes[index] else { return nil }
        return Int(bytes[index] - 0x30)
    }

    /// A run of digits as a number, or nil when it is longer than any that means something.
    private mutating func number() -> (value: Int, digits: Int)? {
        let start = next
        var value = 0
        while let digit = digit(at: next) {
            guard next - start < 15 else { return nil }
            value = value * 10 + digit
            next += 1
        }
        return (value, next - start)
    }

    private mutating func scanDigits() -> Bool {
        let separator = next > 0 ? bytes[next - 1] : 0
        guard let (value, digits) = number() else { return false }
        if time == nil, digits <= 2, next < bytes.count {
            let mark = bytes[next]
            if mark == UInt8(ascii: ":") || (mark | 0x20 == UInt8(ascii: "h")),
                digit(at: next + 1) != nil
            {
                return scanTime(hour: value)
            }
        }
        if time == nil, !numbers.isEmpty, digits == 4 || digits == 6,
            separator | 0x20 == UInt8(ascii: "t")
        {
            let seconds = digits == 6 ? value : value * 100
            time = (seconds / 10_000, seconds / 100 % 100, seconds % 100, 0)
            return true
        }
        numbers.append(Number(value: value, digits: digits, separator: separator))
        return true
    }

    /// `hh:mm`, `hh:mm:ss`, `hh:mm:ss.fff`, then `am` or `pm`.
    private mutating func scanTime(hour: Int) -> Bool {
        next += 1
        guard let (minute, _) = number() else { return false }
        var second = 0
        var millisecond = 0
        if byte(at: next) == UInt8(ascii: ":"), digit(at: next + 1) != nil {
            next += 1
            guard let (value, _) = number() else { return false }
            second = value
            if byte(at: next) == UInt8(ascii: ".") || byte(at: next) == UInt8(ascii: ",") {
                next += 1
                var scale = 100
                while let digit = digit(at: next) {
                    millisecond += digit * scale
                    scale /= 10
                    next += 1
                }
            }
            if byte(at: next) == UInt8(ascii: ":") { return false }
        }
        time = (hour, minute, second, millisecond)
        return true
    }

    private func byte(at index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }

    // MARK: - Zones

    /// A sign is a zone's when it follows the time of day or a zone's name, or a space after those;
    /// else it parts numbers.
    private var isZoneSign: Bool {
        guard time != nil, !hasZoneSign, digit(at: next + 1) != nil, next > 0 else { return false }
        if offsetMinutes != nil { return true }
        let before = bytes[next - 1]
        let followsNumber =
            0x30...0x39 ~= before && (numbers.last.map { $0.separator == 0x20 } ?? false)
        return before <= 0x20 || !followsNumber
    }

    /// `+hhmm`, `+hh:mm`, `+hh`, `+hmm`.
    private mutating func scanOffset() -> Bool {
        let sign = bytes[next] == UInt8(ascii: "-") ? -1 : 1
        next += 1
        guard let (value, digits) = number() else { return false }
        var (hours, minutes) = digits > 2 ? (value / 100, value % 100) : (value, 0)
        if byte(at: next) == UInt8(ascii: ":") {
            next += 1
            guard digit(at: next) != nil, let (value, _) = number() else { return false }
            minutes = value
        }
        guard hours <= 24, minutes < 60 else { return false }
        hours *= sign
        minutes *= sign
        offsetMinutes = hours * 60 + minutes
        hasZoneSign = true
        return true
    }

    // MARK: - Words

    private func isWordByte(_ byte: UInt8) -> Bool { isLetter(byte) || byte >= 0x80 }

    private mutating func scanWord() {
        let start = next
        while next < bytes.count, isWordByte(bytes[next]) { next += 1 }
        let word = String(decoding: bytes[start..<next], as: UTF8.self).lowercased()
        if let month = DateWords.months[word] {
            months.append(month)
            return
        }
        if DateWords.koreanWords.contains(word) { isKorean = true }
        if word == "오전" || word == "오후" { halfOfDay = word }
        guard let now = time else { return }
        switch word {
        case "am", "a": if now.hour == 12 { time?.hour = 0 }
        case "pm", "p": if now.hour < 12 { time?.hour += 12 }
        default:
            if offsetMinutes == nil, let minutes = DateWords.zones[word] { offsetMinutes = minutes }
            if byte(at: next) == UInt8(ascii: "/") { scanNamedZone(from: start) }
        }
    }

    /// `Region/City` of the IANA database.
    private mutating func scanNamedZone(from start: Int) {
        while next < bytes.count,
            isWordByte(bytes[next]) || bytes[next] == UInt8(ascii: "/")
                || bytes[next] == UInt8(ascii: "_")
        {
            next += 1
        }
        zone = NamedZone(String(decoding: bytes[start..<next], as: UTF8.self).lowercased())
    }

    // MARK: - Meaning

    var instant: Instant? {
        guard let (year, month, day) = months.isEmpty ? numericDate : namedDate else {
            return timestamp
        }
        var clock = time ?? (0, 0, 0, 0)
        if halfOfDay == "오후", clock.hour < 12 { clock.hour += 12 }
        if halfOfDay == "오전", clock.hour == 12 { clock.hour = 0 }
        let isEndOfDay = clock.hour == 24 && clock.minute == 0 && clock.second == 0
        if isEndOfDay { clock.hour = 0 }
        guard year >= yearMin,
            let local = Instant(
                year: year, month: month, day: day, hour: clock.hour, minute: clock.minute,
                second: clock.second, millisecond: clock.millisecond)
        else { return nil }
        let offset =
            offsetMinutes
            ?? zone?.offset(year: year, month: month, day: day, hour: clock.hour)
            ?? (isKorean ? 9 * 60 : 0)
        let shift = Duration.seconds((isEndOfDay ? 86_400 : 0) - offset * 60)
        return local.adding(shift)
    }

    /// Software that has no date writes the year 1, or 0.
    private var yearMin: Int { 1000 }

    private func fullYear(_ number: Number) -> Int {
        guard number.digits <= 2 else { return number.value }
        return number.value < 50 ? 2000 + number.value : 1900 + number.value
    }

    /// A month by name, with a day and a year among the numbers. Of two month names the later one
    /// counts: `mar. 16 nov. 2020` starts with a Tuesday.
    private var namedDate: (Int, Int, Int)? {
        guard let month = months.last, let first = numbers.first else { return nil }
        guard numbers.count > 1 else {
            return first.digits == 4 ? (first.value, month, 1) : nil
        }
        let second = numbers[1]
        let isYearFirst = first.digits >= 3 || (first.value > 31 && second.value <= 31)
        return isYearFirst
            ? (fullYear(first), month, second.value) : (fullYear(second), month, first.value)
    }

    private var numericDate: (Int, Int, Int)? {
        guard let first = numbers.first else { return nil }
        if let date = weekDate { return date }
        switch (numbers.count, first.digits) {
        case (1, 4): return (first.value, 1, 1)
        case (1, 8): return (first.value / 10_000, first.value / 100 % 100, first.value % 100)
        case (1, 7): return ordinalDate(year: first.value / 1000, day: first.value % 1000)
        case (2, 4):
            let second = numbers[1]
            return second.digits == 3
                ? ordinalDate(year: first.value, day: second.value) : (first.value, second.value, 1)
        case (3..., 4): return (first.value, numbers[1].value, numbers[2].value)
        case (3..., 1...2): return shortDate(first, numbers[1], numbers[2])
        default: return nil
        }
    }

    /// `03/30/2020` is American unless it cannot be; `30.03.2020` and `30 03 2020` are not.
    private func shortDate(_ a: Number, _ b: Number, _ c: Number) -> (Int, Int, Int)? {
        if b.separator == UInt8(ascii: "-"), c.digits <= 2, b.value <= 12, c.value <= 31 {
            return (fullYear(a), b.value, c.value)
        }
        let isAmerican = b.separator == UInt8(ascii: "/") ? a.value <= 12 : b.value > 12
        return isAmerican ? (fullYear(c), a.value, b.value) : (fullYear(c), b.value, a.value)
    }

    /// `2026-W48-4`, `2026W484` or `2026-W48` (ISO 8601, section 5.2.4).
    private var weekDate: (Int, Int, Int)? {
        guard numbers.count >= 2, numbers[0].digits == 4,
            numbers[1].separator | 0x20 == UInt8(ascii: "w")
        else { return nil }
        let (year, written) = (numbers[0].value, numbers[1])
        guard 1...9999 ~= year else { return nil }
        var (week, day) = (written.value, 1)
        if written.digits == 3 {
            (week, day) = (written.value / 10, written.value % 10)
        } else if numbers.count > 2, numbers[2].digits == 1 {
            day = numbers[2].value
        }
        guard 1...53 ~= week, 1...7 ~= day else { return nil }
        // The week with 4 January in it is the first; its Monday may be of the year before.
        let monday = 4 - (weekday(year: year, month: 1, day: 4) + 6) % 7
        let dayOfYear = monday + (week - 1) * 7 + day - 1
        if dayOfYear < 1 { return (year - 1, 12, 31 + dayOfYear) }
        let length = Instant.daysIn(month: 2, year: year) + 337
        return dayOfYear > length
            ? ordinalDate(year: year + 1, day: dayOfYear - length)
            : ordinalDate(year: year, day: dayOfYear)
    }

    /// The day of a year (ISO 8601, section 5.2.3).
    private func ordinalDate(year: Int, day: Int) -> (Int, Int, Int)? {
        guard 1...9999 ~= year, 1...366 ~= day else { return nil }
        var rest = day
        for month in 1...12 {
            let length = Instant.daysIn(month: month, year: year)
            if rest <= length { return (year, month, rest) }
            rest -= length
        }
        return nil
    }

    /// Seconds or milliseconds since 1970, alone, of this century's digits.
    private var timestamp: Instant? {
        guard numbers.count == 1, months.isEmpty, time == nil, let number = numbers.first else {
            return nil
        }
        switch number.digits {
        case 9...10: return Instant(millisecondsSince1970: Int64(number.value) * 1000)
        case 12...13: return Instant(millisecondsSince1970: Int64(number.value))
        case 14 where number.value / 10_000_000_000 >= yearMin:
            let (day, clock) = (number.value / 1_000_000, number.value % 1_000_000)
            return Instant(
                year: day / 10_000, month: day / 100 % 100, day: day % 100, hour: clock / 10_000,
                minute: clock / 100 % 100, second: clock % 100)
        default: return nil
        }
    }
}
