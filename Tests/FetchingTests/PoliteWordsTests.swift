import Fetching
import News
import Testing

/// `Retry-After`, freshness and HTTP dates: what servers write, and what it means.
struct PoliteWordsTests {
    static let now = Instant(millisecondsSince1970: 1_795_348_800_000)  // 2026-11-22T12:00:00Z

    @Test(arguments: [
        ("Sun, 22 Nov 2026 12:00:30 GMT", "2026-11-22T12:00:30Z"),
        ("Sunday, 22-Nov-26 12:00:30 GMT", "2026-11-22T12:00:30Z"),
        ("Sun Nov 22 12:00:30 2026", "2026-11-22T12:00:30Z"),
        ("Sun Nov  1 12:00:30 2026", "2026-11-01T12:00:30Z"),
        ("sun, 22 nov 2026 12:00:30 gmt", "2026-11-22T12:00:30Z"),
        // RFC 9110, section 5.6.7: more than 50 years ahead means the past.
        ("Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37Z"),
        ("Sunday, 06-Nov-76 08:49:37 GMT", "2076-11-06T08:49:37Z"),
    ])
    func dateIsRead(text: String, expected: String) {
        #expect(httpDate(text, now: Self.now)?.description == expected)
    }

    @Test(arguments: [
        "", "0", "-1", "tomorrow", "Sun, 22 Nov 2026 12:00:30", "Sun, 22 Nov 2026 12:00:30 CET",
        "Sun, 31 Feb 2026 12:00:30 GMT", "Sun, 22 Nov 2026 25:00:30 GMT",
        "Sun, 22 Nov 2026 12:00 GMT", "Sun, 22 Nov 99999 12:00:30 GMT",
        "Sun, 22 Nov 2026 12:00:30 GMT and then some", "２２ Nov 2026 12:00:30 GMT",
        String(repeating: "1 ", count: 40_000),
    ])
    func otherTextIsNoDate(text: String) {
        #expect(httpDate(text, now: Self.now) == nil)
    }

    @Test(
        arguments: [
            (["120"], 120), (["0"], 0), ([" 7 "], 7), (["86401"], 86_400),
            ([String(repeating: "9", count: 30)], 86_400), (["000000000000000000005"], 5),
            (["Sun, 22 Nov 2026 12:01:00 GMT"], 60), (["Sun, 22 Nov 2026 11:00:00 GMT"], 0),
            (["Sun, 22 Nov 2099 12:00:00 GMT"], 86_400),
            // Two fields: the more patient one.
            (["5", "60"], 60), (["soon", "60"], 60),
            (["-1"], nil), (["1.5"], nil), (["soon"], nil), ([""], nil), (["1 2"], nil), ([], nil),
            (["+5"], nil), (["٣"], nil),
        ] as [([String], Int?)])
    func retryAfterIsReadAndClamped(values: [String], seconds: Int?) {
        let instant = retryAfter(values, now: Self.now, max: .seconds(86_400))
        #expect(instant == seconds.map { Self.now.adding(.seconds($0)) })
    }

    struct Case: Sendable {
        var control: [String] = []
        var expires: String?
        var date: String?
        var age: String?
        var seconds: Int?
    }

    @Test(arguments: [
        Case(control: ["max-age=600"], seconds: 600),
        Case(control: ["public, MAX-AGE = \"60\" , must-revalidate"], seconds: 60),
        Case(control: ["public", "max-age=60"], seconds: 60),
        // RFC 9111, section 4.2.1: the first of two.
        Case(control: ["max-age=60, max-age=90"], seconds: 60),
        Case(control: ["max-age=600"], age: "500", seconds: 100),
        Case(control: ["max-age=600"], age: "700", seconds: 0),
        Case(control: ["max-age=600"], age: "old", seconds: 600),
        Case(control: ["max-age=99999999999999999999"], seconds: 86_400),
        Case(control: ["max-age=-1"], seconds: nil),
        Case(control: ["s-maxage=600"], seconds: nil),
        Case(control: ["no-store, max-age=600"], seconds: nil),
        Case(control: ["no-cache"], expires: "Sun, 22 Nov 2026 13:00:00 GMT", seconds: nil),
        Case(expires: "Sun, 22 Nov 2026 13:00:00 GMT", seconds: 3600),
        Case(
            expires: "Sun, 22 Nov 2026 13:00:00 GMT", date: "Sun, 22 Nov 2026 12:30:00 GMT",
            seconds: 1800),
        Case(
            control: ["max-age=60"], expires: "Sun, 22 Nov 2026 13:00:00 GMT", seconds: 60),
        Case(expires: "0", seconds: 0),
        Case(expires: "Sun, 22 Nov 1998 13:00:00 GMT", seconds: 0),
        Case(seconds: nil),
    ])
    func freshnessIsReadAndClamped(_ example: Case) {
        let lifetime = freshness(
            cacheControl: example.control, expires: example.expires, date: example.date,
            age: example.age, now: Self.now, max: .seconds(86_400))
        #expect(lifetime == example.seconds.map { .seconds($0) })
    }

    @Test(arguments: [
        ("\"abc\"", true), ("W/\"abc\"", true), ("unquoted", true), ("\"é\"", true), ("", false),
        ("a\r\nX: y", false), ("a\nb", false), ("a\u{0}", false), ("a\u{7F}", false),
        (String(repeating: "x", count: 100), true),
        (String(repeating: "x", count: 101), false),
    ])
    func onlyCleanValidatorsAreKept(value: String, isKept: Bool) {
        let kept = clean(Validators(etag: value, lastModified: value), bytesMax: 100)
        #expect(kept == (isKept ? Validators(etag: value, lastModified: value) : Validators()))
    }
}
