/// A point in time: UTC, in whole milliseconds, between the years 0001 and 9999.
///
/// Every value is in range by construction, so arithmetic saturates and printing cannot fail.
/// Written as RFC 3339 (`2026-11-22T03:14:28Z`, with milliseconds only when there are any).
package struct Instant: Hashable, Comparable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package let millisecondsSince1970: Int64

    /// 0001-01-01T00:00:00Z.
    package static let distantPast = Instant(millisecondsSince1970: .min)
    /// 9999-12-31T23:59:59.999Z.
    package static let distantFuture = Instant(millisecondsSince1970: .max)

    private static let range: ClosedRange<Int64> = -62_135_596_800_000...253_402_300_799_999

    /// The instant that many milliseconds after 1970; out of range is moved to the nearest end.
    package init(millisecondsSince1970 milliseconds: Int64) {
        millisecondsSince1970 = min(max(milliseconds, Self.range.lowerBound), Self.range.upperBound)
    }

    package static func < (a: Instant, b: Instant) -> Bool {
        a.millisecondsSince1970 < b.millisecondsSince1970
    }

    /// This instant moved by `duration`, stopping at either end of the range.
    package func adding(_ duration: Duration) -> Instant {
        let (sum, overflow) = millisecondsSince1970.addingReportingOverflow(duration.milliseconds)
        if overflow { return duration < .zero ? .distantPast : .distantFuture }
        return Instant(millisecondsSince1970: sum)
    }

    /// The span from `earlier` to this instant; negative when `earlier` is later.
    package func since(_ earlier: Instant) -> Duration {
        .milliseconds(millisecondsSince1970 - earlier.millisecondsSince1970)
    }
}

extension Duration {
    /// Whole milliseconds, rounded towards zero and saturating.
    package var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        if overflow { return seconds < 0 ? .min : .max }
        let (sum, carried) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
        return carried ? (seconds < 0 ? .min : .max) : sum
    }
}

// MARK: - The calendar

extension Instant {
    /// The instant at that civil time in UTC (proleptic Gregorian), or nil when a field is out of
    /// range: month 1…12, a day that the month has, hour 0…23, minute 0…59, second 0…60 (a leap
    /// second counts as the second after), year 1…9999.
    package init?(
        year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0,
        millisecond: Int = 0
    ) {
        guard 1...9999 ~= year, 1...12 ~= month, day >= 1,
            day <= Instant.daysIn(month: month, year: year), 0...23 ~= hour, 0...59 ~= minute,
            0...60 ~= second, 0...999 ~= millisecond
        else { return nil }
        let days = Instant.daysSince1970(year: year, month: month, day: day)
        let seconds = ((Int64(days) * 24 + Int64(hour)) * 60 + Int64(minute)) * 60 + Int64(second)
        self.init(millisecondsSince1970: seconds * 1000 + Int64(millisecond))
    }

    /// Days in that month; 0 for a month outside 1…12.
    package static func daysIn(month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        case 1, 3, 5, 7, 8, 10, 12: 31
        default: 0
        }
    }

    /// Civil date to day number (H. Hinnant, "chrono-compatible low-level date algorithms").
    private static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The civil fields of this instant in UTC.
    package var civil: (year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
        let seconds = Int(
            (millisecondsSince1970 - (((millisecondsSince1970 % 1000) + 1000) % 1000)) / 1000)
        let secondOfDay = ((seconds % 86_400) + 86_400) % 86_400
        let shifted = (seconds - secondOfDay) / 86_400 + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthIndex + 2) / 5 + 1
        let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, day, secondOfDay / 3600, secondOfDay / 60 % 60, secondOfDay % 60)
    }

    /// The UTC day, `2026-11-22`: names a segment, groups a listing.
    package var day: String { String(description.prefix(10)) }
}

// MARK: - RFC 3339

extension Instant: CustomStringConvertible {
    /// RFC 3339 in UTC.
    package var description: String {
        let (year, month, day, hour, minute, second) = civil
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24)
        func append(_ value: Int, digits: Int, then separator: Unicode.Scalar?) {
            let text = String(value).utf8
            bytes.append(contentsOf: repeatElement(0x30, count: max(0, digits - text.count)))
            bytes.append(contentsOf: text)
            if let separator { bytes.append(UInt8(ascii: separator)) }
        }
        append(year, digits: 4, then: "-")
        append(month, digits: 2, then: "-")
        append(day, digits: 2, then: "T")
        append(hour, digits: 2, then: ":")
        append(minute, digits: 2, then: ":")
        append(second, digits: 2, then: nil)
        let fraction = Int(((millisecondsSince1970 % 1000) + 1000) % 1000)
        if fraction > 0 {
            bytes.append(UInt8(ascii: "."))
            append(fraction, digits: 3, then: nil)
        }
        bytes.append(UInt8(ascii: "Z"))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// RFC 3339 with an offset: what the clocks of that zone showed (`2026-11-22T04:14:28+01:00`).
    /// - Parameter zoneMinutes: minutes east of UTC; a day and more count as none.
    package func description(zoneMinutes: Int) -> String {
        guard zoneMinutes != 0, -1439...1439 ~= zoneMinutes else { return description }
        let local = adding(.seconds(60 * zoneMinutes)).description.dropLast()
        let (hours, minutes) = abs(zoneMinutes).quotientAndRemainder(dividingBy: 60)
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(local)\(zoneMinutes < 0 ? "-" : "+")\(two(hours)):\(two(minutes))"
    }

    /// Reads RFC 3339 (section 5.6): date, `T` or a space, time, optional fraction, `Z` or offset.
    /// nil for anything else; feeds' many other habits are read by `FeedParsing`.
    package init?(rfc3339 text: String) {
        let bytes = Array(text.utf8)
        func number(_ start: Int, _ count: Int) -> Int? {
            guard start + count <= bytes.count else { return nil }
            var value = 0
            for byte in bytes[start..<start + count] {
                guard 0x30...0x39 ~= byte else { return nil }
                value = value * 10 + Int(byte - 0x30)
            }
            return value
        }
        guard bytes.count >= 20, bytes.count <= 40, bytes[4] == UInt8(ascii: "-"),
            bytes[7] == UInt8(ascii: "-"), [0x54, 0x74, 0x20].contains(bytes[10]),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let year = number(0, 4), let month = number(5, 2), let day = number(8, 2),
            let hour = number(11, 2), let minute = number(14, 2), let second = number(17, 2)
        else { return nil }
        var next = 19
        var millisecond = 0
        if bytes[next] == UInt8(ascii: ".") {
            var scale = 100
            next += 1
            let first = next
            while next < bytes.count, 0x30...0x39 ~= bytes[next] {
                millisecond += Int(bytes[next] - 0x30) * scale
                scale /= 10
                next += 1
            }
            if next == first { return nil }
        }
        guard next < bytes.count,
            let local = Instant(
                year: year, month: month, day: day, hour: hour, minute: minute, second: second,
                millisecond: millisecond)
        else { return nil }
        if bytes[next] | 0x20 == UInt8(ascii: "z") {
            guard next + 1 == bytes.count else { return nil }
            self = local
            return
        }
        guard next + 6 == bytes.count, bytes[next + 3] == UInt8(ascii: ":"),
            let hours = number(next + 1, 2), let minutes = number(next + 4, 2), hours < 24,
            minutes < 60
        else { return nil }
        let offset = Duration.seconds((hours * 60 + minutes) * 60)
        switch bytes[next] {
        case UInt8(ascii: "+"): self = local.adding(.zero - offset)
        case UInt8(ascii: "-"): self = local.adding(offset)
        default: return nil
        }
    }
}

extension Instant: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let instant = Instant(rfc3339: text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "not an RFC 3339 time: \(text.prefix(40))")
        }
        self = instant
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
