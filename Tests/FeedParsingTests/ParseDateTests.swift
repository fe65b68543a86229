import FeedParsing
import News
import Testing

struct ParseDateTests {
    @Test(arguments: [
        // RFC 822 and its descendants
        ("Thu, 09 Feb 2006 23:59:45 +0000", "2006-02-09T23:59:45Z"),
        ("09 Feb 2006 23:59:45 GMT", "2006-02-09T23:59:45Z"),
        ("9 Feb 06 23:59 UT", "2006-02-09T23:59:00Z"),
        ("Fri, 09 Feb 96 23:59:45 Z", "1996-02-09T23:59:45Z"),
        ("Thu, 09 Feb 2006 21:25:45 -0234", "2006-02-09T23:59:45Z"),
        ("Thu,09 Feb 2006 23:59:45 -0000", "2006-02-09T23:59:45Z"),
        ("Thu, 09 (a (nested) comment\\)) Feb 2006 23:59:45 +0000", "2006-02-09T23:59:45Z"),
        ("Wed, 10 Feb 2021 22:46:00 EST", "2021-02-11T03:46:00Z"),
        ("Mon, 26 January 2004 16:31:00 PT", "2004-01-27T00:31:00Z"),
        ("Thu, 29 Oct 2020 07:36:03 GMT-07:00", "2020-10-29T14:36:03Z"),
        ("Fri, 23rd Jun 2023 09:32:20 GMT", "2023-06-23T09:32:20Z"),
        ("Thu, 01 Jan 2004", "2004-01-01T00:00:00Z"),
        ("Sat, 31 Dec 2016 23:59:60 GMT", "2017-01-01T00:00:00Z"),
        ("Sat, 31 Dec 2016 24:00:00 GMT", "2017-01-01T00:00:00Z"),
        ("Wed, 19 Aug 2009 18:28:00 Etc/GMT", "2009-08-19T18:28:00Z"),
        ("Thu, 25 Feb 2016 00:00:00 Somewhere/Else", "2016-02-25T00:00:00Z"),
        // RFC 3339 and ISO 8601
        ("2003-12-31T10:14:55Z", "2003-12-31T10:14:55Z"),
        ("2003-12-31t10:14:55.1239z", "2003-12-31T10:14:55.123Z"),
        ("2003-12-31T10:14:55,5+01:00", "2003-12-31T09:14:55.500Z"),
        ("2003-12-31 10:14", "2003-12-31T10:14:00Z"),
        ("2003-12-31T10:14-0800", "2003-12-31T18:14:00Z"),
        ("2003-12-31T10:14:55 -08", "2003-12-31T18:14:55Z"),
        ("2020-11-08T16:20:00-05:00Z", "2020-11-08T21:20:00Z"),
        ("20031231T101455Z", "2003-12-31T10:14:55Z"), ("20031231", "2003-12-31T00:00:00Z"),
        ("2003-335", "2003-12-01T00:00:00Z"), ("2003-12", "2003-12-01T00:00:00Z"),
        ("2026-W48-4", "2026-11-26T00:00:00Z"), ("2026W484", "2026-11-26T00:00:00Z"),
        ("2026-W48-4T10:00Z", "2026-11-26T10:00:00Z"), ("2026-W48", "2026-11-23T00:00:00Z"),
        ("2020-W53-7", "2021-01-03T00:00:00Z"), ("2019-W01-1", "2018-12-31T00:00:00Z"),
        ("2003", "2003-01-01T00:00:00Z"), ("20031231101455", "2003-12-31T10:14:55Z"),
        // asctime and other habits
        ("Sun Jul 15 01:16:00 2012", "2012-07-15T01:16:00Z"),
        ("Sun Jul 15 01:16:00 +0200 2012", "2012-07-14T23:16:00Z"),
        ("Fri, 2006/09/15 08:19:53 EDT", "2006-09-15T12:19:53Z"),
        ("Apr 16, 2023 08:01 GMT", "2023-04-16T08:01:00Z"),
        ("09/15/2014 4:20 pm PST", "2014-09-16T00:20:00Z"),
        ("15/09/2014 12:20 AM", "2014-09-15T00:20:00Z"),
        ("15.09.2014, 16:20", "2014-09-15T16:20:00Z"),
        ("Sat, 11 04 2020 08:51:49 +0100", "2020-04-11T07:51:49Z"),
        ("Nov. 2020", "2020-11-01T00:00:00Z"), ("2020年11月8日", "2020-11-08T00:00:00Z"),
        ("1700000000", "2023-11-14T22:13:20Z"), ("1700000000123", "2023-11-14T22:13:20.123Z"),
        // languages
        ("lun. 16 novembre 2020 à 15h54", "2020-11-16T15:54:00Z"),
        ("mar. 16 févr. 2021 08:00:00 +0100", "2021-02-16T07:00:00Z"),
        ("1er août 2021", "2021-08-01T00:00:00Z"), ("Mardi 3 mars 2020", "2020-03-03T00:00:00Z"),
        ("Di, 03 Mär 2020 10:00:00 MEZ", "2020-03-03T09:00:00Z"),
        ("mié, 12 ago 2020 10:00:00 +0200", "2020-08-12T08:00:00Z"),
        ("Κυρ, 11 Ιούλ 2004 12:00:00 EST", "2004-07-11T17:00:00Z"),
        ("Пн, 05 дек 2022 10:00:00 +0300", "2022-12-05T07:00:00Z"),
        ("2026년 11월 22일 03:14:28", "2026-11-21T18:14:28Z"),
        ("2026-11-22 오후 03:14:28", "2026-11-22T06:14:28Z"),
        ("2026-11-22 오전 12:14:28", "2026-11-21T15:14:28Z"),
        ("2026-április-9T9:15+02:00", "2026-04-09T07:15:00Z"),
        ("22 Νοεμβρίου 2026", "2026-11-22T00:00:00Z"),
        ("Κυρ, 22 Μαρ 2026 03:14:28 +0200", "2026-03-22T01:14:28Z"),
        ("22 листопада 2026", "2026-11-22T00:00:00Z"), ("22 ноябрь 2026", "2026-11-22T00:00:00Z"),
        ("22 noiembrie 2026", "2026-11-22T00:00:00Z"), ("22 des 2026", "2026-12-22T00:00:00Z"),
        // zones by their cities, and the hour at which their clocks change
        ("Sun, 22 Nov 2026 03:14:28 America/New_York", "2026-11-22T08:14:28Z"),
        ("Wed, 22 Jul 2026 03:14:28 America/New_York", "2026-07-22T07:14:28Z"),
        ("8 Mar 2026 01:59 America/New_York", "2026-03-08T06:59:00Z"),
        ("8 Mar 2026 03:00 America/New_York", "2026-03-08T07:00:00Z"),
        ("29 Mar 2026 01:59 Europe/Paris", "2026-03-29T00:59:00Z"),
        ("29 Mar 2026 03:00 Europe/Paris", "2026-03-29T01:00:00Z"),
        ("25 Oct 2026 03:00 Europe/Brussels", "2026-10-25T02:00:00Z"),
        ("1 Jan 2026 00:00 Australia/Sydney", "2025-12-31T13:00:00Z"),
        ("1 Jul 2026 00:00 Asia/Kolkata", "2026-06-30T18:30:00Z"),
    ])
    func datesAreReadAsFeedsWriteThem(text: String, expected: String) {
        #expect(parseDate(text)?.description == expected)
    }

    @Test(arguments: [
        "", "   ", "yesterday", "Sun, 16 Dec 2012 1:2:3:4 GMT", "Sun, 16 zzz 2012 11:47:32 GMT",
        "Sun, 16 Dec 2012 11:47:32 +00:zz", "Sun, 99 Jun 2009 12:00:00 GMT", "2003-02-30",
        "2003-13-01", "2003-12-31T25:00:00Z", "2003-12-31T10:61:00Z", "0001-01-01T00:00:00Z",
        "0000-00-00", "10:00", "12", "99999999999999999999999", "Feb", "31 Nov 2020",
        "2003-12-31T10:14:55+99:00", "1 2 3 4 5 6 7 8",
        String(repeating: "9", count: 200),
    ])
    func whatMeansNoInstantIsNil(text: String) {
        #expect(parseDate(text) == nil)
    }

    @Test func anyTextIsReadWithoutTrap() {
        let pieces = [
            "1", "12", "2020", "99999999", "-", "+", ":", "/", ".", "T", "Z", " ", ",", "Jan",
            "mar",
            "pm", "GMT", "(", ")", "\\", "h", "é", "年",
        ]
        for seed in 1...2000 {
            var generator = SeededGenerator(seed: UInt64(seed))
            let count = Int.random(in: 0...14, using: &generator)
            let text = (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }
                .joined()
            let read = parseDate(text)
            #expect(read.map { $0 > .distantPast } ?? true, "seed \(seed): \(text)")
        }
    }

    /// The quick way for the two common forms and the thorough one for all must agree.
    @Test func theQuickWayAgreesWithTheThoroughOne() {
        let names = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<2000 {
            let year = Int.random(in: 990...2100, using: &generator)
            let month = Int.random(in: 1...12, using: &generator)
            let day = Int.random(in: 0...32, using: &generator)
            let clock = (0..<3).map { _ in two(Int.random(in: 0...62, using: &generator)) }
                .joined(separator: ":")
            let offset = ["Z", "+01:00", "-0530", "+00:00"].randomElement(using: &generator) ?? "Z"
            let iso = "\(year)-\(two(month))-\(two(day))T\(clock)\(offset)"
            // The space before the zone keeps the quick way out.
            let isoSlow = "\(year)-\(two(month))-\(two(day))T\(clock) \(offset)"
            #expect(parseDate(iso) == parseDate(isoSlow), "\(iso)")
            let zone = offset == "Z" ? "GMT" : offset
            let mail = "Sun, \(two(day)) \(names[month - 1]) \(year) \(clock) \(zone)"
            #expect(parseDate(mail) == parseDate("\(mail) (x)"), "\(mail)")
        }
    }
}
