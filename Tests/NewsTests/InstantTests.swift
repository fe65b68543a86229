import Foundation
import News
import Testing

@Suite struct InstantTests {
    @Test func everyDayOfTheCalendarComesBack() throws {
        var expected = Instant.distantPast
        for year in 1...9999 {
            for month in 1...12 {
                let last = Instant.daysIn(month: month, year: year)
                // The ends of the month and one day between, and all days around 1970 and 2000.
                let isSampled = !(1968...1972).contains(year) && !(1999...2001).contains(year)
                for day in 1...last where !isSampled || day == 1 || day == last || day == 15 {
                    let instant = try #require(Instant(year: year, month: month, day: day))
                    let civil = instant.civil
                    guard civil.year == year, civil.month == month, civil.day == day else {
                        Issue.record("\(year)-\(month)-\(day) came back as \(civil)")
                        return
                    }
                    if day == 1 {
                        #expect(instant == expected)
                        expected = instant.adding(.seconds(last * 86_400))
                    }
                }
            }
        }
    }

    @Test(arguments: [
        (2024, 2, 29, true), (2023, 2, 29, false), (1900, 2, 29, false), (2000, 2, 29, true),
        (2025, 4, 31, false), (2025, 13, 1, false), (2025, 0, 1, false), (2025, 1, 0, false),
        (0, 1, 1, false), (10_000, 1, 1, false), (9999, 12, 31, true),
    ])
    func onlyDaysOfTheCalendarAreTaken(year: Int, month: Int, day: Int, isDay: Bool) {
        #expect((Instant(year: year, month: month, day: day) != nil) == isDay)
    }

    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59.999Z", -1),
        ("2025-01-21T10:20:30Z", 1_737_454_830_000), ("2025-01-21t10:20:30z", 1_737_454_830_000),
        ("2025-01-21 10:20:30Z", 1_737_454_830_000),
        ("2025-01-21T10:20:30.5Z", 1_737_454_830_500),
        ("2025-01-21T10:20:30.123456Z", 1_737_454_830_123),
        ("2025-01-21T10:20:30+01:00", 1_737_451_230_000),
        ("2025-01-21T10:20:30-05:30", 1_737_474_630_000),
        ("2025-01-21T10:20:30-00:00", 1_737_454_830_000),
        ("2016-12-31T23:59:60Z", 1_483_228_800_000),
    ])
    func rfc3339IsRead(text: String, milliseconds: Int64) {
        #expect(Instant(rfc3339: text)?.millisecondsSince1970 == milliseconds)
    }

    @Test(arguments: [
        "", "2025", "2025-01-21", "2025-01-21T10:20:30", "2025-01-21T10:20Z",
        "2025-1-21T10:20:30Z", "2025-01-21T24:00:00Z", "2025-01-21T10:60:00Z",
        "2025-01-21T10:20:61Z", "2025-02-30T10:20:30Z", "2025-01-21T10:20:30.Z",
        "2025-01-21T10:20:30+0100", "2025-01-21T10:20:30+24:00", "2025-01-21T10:20:30+01:00x",
        "2025-01-21T10:20:30ZZ", "0000-01-01T00:00:00Z", "２０25-01-21T10:20:30Z",
        "2025-01-21T10:20:30." + String(repeating: "1", count: 40) + "Z",
    ])
    func whatIsNotRFC3339IsRefused(text: String) {
        #expect(Instant(rfc3339: text) == nil)
    }

    @Test(arguments: [UInt64(21), 22])
    func descriptionReadsBack(seed: UInt64) {
        var random = SeededRandom(seed)
        let range =
            Instant.distantPast
            .millisecondsSince1970...Instant.distantFuture
            .millisecondsSince1970
        for _ in 0..<5000 {
            let instant = Instant(millisecondsSince1970: .random(in: range, using: &random))
            #expect(Instant(rfc3339: instant.description) == instant, "seed \(seed)")
        }
    }

    @Test func endsOfTheRangeAndDaysArePrinted() throws {
        #expect(Instant.distantPast.description == "0001-01-01T00:00:00Z")
        #expect(Instant.distantFuture.description == "9999-12-31T23:59:59.999Z")
        #expect(Instant(millisecondsSince1970: 1_737_454_830_000).day == "2025-01-21")
    }

    @Test func arithmeticStopsAtTheEnds() {
        let now = Instant(millisecondsSince1970: 0)
        #expect(now.adding(.seconds(Int64.max)) == .distantFuture)
        #expect(now.adding(.seconds(Int64.min)) == .distantPast)
        #expect(Instant.distantFuture.adding(.milliseconds(1)) == .distantFuture)
        #expect(now.adding(.milliseconds(-1)).description == "1969-12-31T23:59:59.999Z")
        let whole = Instant.distantFuture.since(.distantPast)
        #expect(Instant.distantPast.adding(whole) == .distantFuture)
        #expect(Instant(millisecondsSince1970: .min) == .distantPast)
    }

    @Test func jsonIsOneString() throws {
        let instant = Instant(millisecondsSince1970: 1_737_454_830_000)
        let json = try JSONEncoder().encode([instant])
        #expect(String(decoding: json, as: UTF8.self) == "[\"2025-01-21T10:20:30Z\"]")
        #expect(try JSONDecoder().decode([Instant].self, from: json) == [instant])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([Instant].self, from: Data("[\"yesterday\"]".utf8))
        }
    }

    @Test(arguments: [
        (0, "2026-11-22T00:30:00Z"), (60, "2026-11-22T01:30:00+01:00"),
        (-330, "2026-11-21T19:00:00-05:30"), (9_999, "2026-11-22T00:30:00Z"),
    ])
    func zonesShowTheirOwnClocks(zoneMinutes: Int, text: String) {
        let instant = Instant(rfc3339: "2026-11-22T00:30:00Z")
        #expect(instant?.description(zoneMinutes: zoneMinutes) == text)
    }
}
