internal import News
internal import Testing

@testable internal import tamis

/// Tables, rows of CSV, and the figures and passages in them.
struct TableTests {
    private func table() -> Table {
        var table = Table([
            .init(heading: "n", isNumeric: true), .init(heading: "name"),
            .init(heading: "title", isFlexible: true),
        ])
        table.add(["1", "日本", "a short one"])
        table.add(["1234", "e\u{301}t", "one that is too long for a narrow terminal"])
        return table
    }

    @Test func columnsAreAlignedByWhatIsSeen() {
        #expect(
            table().lines(for: Terminal(columns: 80)) == [
                "   N  NAME  TITLE",
                "   1  日本  a short one",
                "1234  e\u{301}t    one that is too long for a narrow terminal",
            ])
    }

    @Test(arguments: [20, 24, 30, 40, 80])
    func noLineIsWiderThanTheTerminal(columns: Int) {
        var wide = Table((0..<8).map { .init(heading: "column\($0)", isFlexible: $0 == 7) })
        wide.add((0..<8).map { .init(String(repeating: "日", count: $0 + 1)) })
        for table in [table(), wide] {
            let lines = table.lines(for: Terminal(columns: columns))
            #expect(lines.allSatisfy { columnWidth($0) <= columns })
        }
    }

    @Test func flexibleColumnGivesWay() {
        #expect(
            table().lines(for: Terminal(columns: 30)).last
                == "1234  e\u{301}t    one that is too l…")
    }

    @Test func narrowTerminalHasTwentyColumns() {
        #expect(Terminal(columns: 3).columns == 20)
        #expect(Terminal(columns: .min).columns == 20)
    }

    @Test func cellsCannotBreakOut() {
        var table = Table([.init(heading: "a"), .init(heading: "b")])
        table.add(["x\n\u{1B}[2Jy", "z"])
        #expect(table.lines(for: Terminal(columns: 80)).last == "x  [2Jy  z")
    }

    @Test func colourTakesNoColumns() {
        var table = Table([.init(heading: "a"), .init(heading: "b")])
        table.add([.init("x", .red), "y"])
        let lines = table.lines(for: Terminal(columns: 80, hasColour: true))
        #expect(lines.last == "\u{1B}[31mx\u{1B}[0m  y")
    }

    @Test(arguments: [
        ("plain", "plain"), ("", ""), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""),
        ("a\nb", "\"a\nb\""), ("a\r\nb", "\"a\r\nb\""), ("=1+1", "'=1+1"), ("+1", "'+1"),
        ("-1", "'-1"), ("@SUM(A1)", "'@SUM(A1)"), ("\ta", "'\ta"), ("\r\na", "\"'\r\na\""),
        ("=1,2", "\"'=1,2\""), ("=\u{301}1", "'=\u{301}1"), ("a-b=c", "a-b=c"),
        ("a\"\u{301},b", "\"a\"\"\u{301},b\""),
    ])
    func fieldOfCSVIsSafe(field: String, written: String) {
        #expect(Array(ArticleRow.escaped(field).utf8) == Array(written.utf8))
    }

    @Test(arguments: [
        (0.0, "0.00", "0 %"), (0.5, "0.50", "50 %"), (1, "1.00", "100 %"),
        (0.994, "0.99", "99 %"), (0.005, "0.01", "1 %"), (-0.25, "-0.25", "-25 %"),
        (.nan, "0.00", "0 %"), (.infinity, "10000000000.00", "1000000000000 %"),
    ])
    func figureIsRounded(value: Double, score: String, percent: String) {
        #expect(Plain.score(value) == score)
        #expect(Plain.percent(value) == percent)
    }

    @Test(arguments: [
        (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1_550_000, "1.6 MB"),
        (Int64.max, "9223372.0 TB"), (-5, "-5 B"),
    ])
    func sizeHasAUnit(bytes: Int64, text: String) {
        #expect(Plain.bytes(bytes) == text)
    }

    @Test(arguments: [
        (0, "0 s ago"), (89, "89 s ago"), (90, "1 min ago"), (5399, "89 min ago"),
        (5400, "1 h ago"), (129_599, "35 h ago"), (129_600, "1 d ago"), (-600, "in 10 min"),
    ])
    func timeIsToldFromNow(seconds: Int, text: String) {
        let then = Instant(millisecondsSince1970: 1_795_000_000_000)
        #expect(Plain.when(then, now: then.adding(.seconds(seconds))) == text)
        #expect(Plain.when(nil, now: then) == "never")
    }

    @Test(arguments: [
        (0, 3, "日e\u{301}"), (1, 2, "e"), (3, 4, "!"), (0, 99, "日e\u{301}!"), (3, 3, ""),
        (2, 1, ""), (4, 9, ""), (-5, 1, "日"), (-5, -2, ""), (.min, .max, "日e\u{301}!"),
        (9, .max, ""),
    ])
    func passageIsCountedInScalars(start: Int, end: Int, words: String) {
        let article = Article(
            id: ArticleID(Digest(kind: "test", "a")), origin: .stream(id: "a"), title: "",
            text: "日e\u{301}!", seen: .distantPast, textSource: .stream,
            contentHash: Digest(kind: "test", "a"))
        #expect(article.text(in: TextRange(start: start, end: end)) == words)
    }
}
