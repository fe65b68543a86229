internal import Testing

@testable internal import tamis

/// The lines of keys, the spans of time and the distances of names in a configuration.
struct KeyLinesTests {
    private static let text = """
        opml = [
          "a.opml",   # [
          "b = c.opml",
        ]
        "quoted" = 1

        [polling]   # not [this]
        # interval = "1h"
          interval = "30m"
        wait.max = "1d"

        [fetching]
        contact = \"""
        interval = "in a text"
        \"""
        proxy = '''one line'''
        timeout = "30s"

        [[feed]]
        url = "https://a.example/?a=[b"
        [[feed]]
        url = "https://b.example/"
        interval = "1h"
        """

    @Test(arguments: [
        ("opml", 1), ("quoted", 5), ("polling.interval", 9), ("polling.wait.max", 10),
        ("fetching.contact", 13), ("fetching.proxy", 16), ("fetching.timeout", 17),
        ("feed[0].url", 20), ("feed[1].url", 22), ("feed[1].interval", 23),
    ])
    func keyHasItsLine(key: String, line: Int) {
        #expect(KeyLines(of: Self.text)[key] == line)
    }

    @Test func missingKeyHasTheLineOfItsTable() {
        let lines = KeyLines(of: Self.text)
        #expect(lines["feed[1].id"] == 21)
        #expect(lines["polling.nothing"] == 7)
        #expect(lines["nothing.at.all"] == nil)
    }

    @Test func anyTextIsRead() {
        for text in ["", "=", "[", "[[", "]]\n=\n[[[", "a = \"\"\"", "a = [[[[\n", "\r\n\r\n=\r\n"]
        {
            #expect(KeyLines(of: text)["a.b"] == KeyLines(of: text)["a"])
        }
    }

    @Test(arguments: [
        ("250ms", Duration.milliseconds(250)), ("90s", .seconds(90)), ("30m", .seconds(1800)),
        ("12h", .seconds(43_200)), ("2d", .seconds(172_800)), ("0s", .zero),
        ("1000000000d", .seconds(86_400_000_000_000)),
    ])
    func spanIsRead(text: String, span: Duration) {
        #expect(spanValue(text) == span)
    }

    @Test(arguments: [
        "", "s", "30", "30 s", "-30s", "+30s", "1.5h", "30S", "30min", "٣s", "1e3s",
        "1000000001s", "99999999999999999999s",
    ])
    func spanIsRefused(text: String) {
        #expect(spanValue(text) == nil)
    }

    @Test(arguments: ["1ms", "1500ms", "1s", "90s", "2m", "90m", "1h", "36h", "2d", "0s"])
    func spanIsWrittenAsItIsRead(text: String) throws {
        #expect(spanText(try #require(spanValue(text))) == text)
    }

    @Test(arguments: [
        ("", "", 0), ("", "abc", 3), ("abc", "abc", 0), ("interval", "intervall", 1),
        ("interval", "intreval", 2), ("kitten", "sitting", 3),
    ])
    func distanceCountsChangedLetters(first: String, second: String, distance: Int) {
        #expect(editDistance(first, second) == distance)
        #expect(editDistance(second, first) == distance)
    }

    @Test func distanceOfLongNamesIsBounded() {
        let long = String(repeating: "a", count: 1_000_000)
        #expect(editDistance(long, "") == 80)
    }
}
