import News
import Testing

@Suite struct EntryNamesTests {
    private func feed(_ text: String = "f") throws -> FeedID { try #require(FeedID(text)) }

    private func name(_ entry: Entry, doubting doubts: Set<NamingRule> = []) throws -> EntryName {
        EntryName(of: entry, in: try feed(), doubting: doubts)
    }

    @Test func anEntryIsNamedByIDElseLinkElseTitleElseWords() throws {
        let whole = Entry(id: "1", title: "T", link: "https://example.org/1")
        var sameID = Entry(id: "1", title: "Other")
        #expect(try name(whole) == name(sameID))
        sameID.id = ""
        #expect(try name(sameID) == name(Entry(title: "Other")))
        let linked = Entry(title: "T", link: "https://www.example.org/1/")
        #expect(try name(linked).rule == .link)
        #expect(try name(whole, doubting: [.id]) == name(linked))
        #expect(try name(whole, doubting: [.id, .link]) == name(Entry(title: "T")))
        #expect(try name(Entry(summary: FeedText("words", form: .html))).rule == .words)
    }

    /// A page of changes has all of them behind one address.
    @Test func placesOfOnePageAreDifferentEntries() throws {
        let entries = (1...3).map { Entry(title: "v\($0)", link: "https://example.org/log#v\($0)") }
        let names = EntryName.names(of: entries, in: try feed(), trustingIDs: true)
        #expect(Set(names.map(\.alias)).count == 3)
        #expect(names.allSatisfy { $0.rule == .title })
        let twice = [entries[0], Entry(title: "v1", link: "https://example.org/log?utm_source=x")]
        #expect(Set(EntryName.names(of: twice, in: try feed(), trustingIDs: true)).count == 1)
    }

    @Test func entriesOfTwoFeedsNeverMeet() throws {
        for entry in [
            Entry(id: "1"), Entry(link: "https://example.org/1"), Entry(title: "T"),
            Entry(summary: FeedText("words", form: .html)),
        ] {
            let names = try [feed("a"), feed("b")].map { EntryName(of: entry, in: $0).alias }
            #expect(names[0] != names[1])
        }
    }

    @Test func datedTitlesOfOneColumnStayApart() throws {
        let monday = Entry(title: "Weather", published: Instant(year: 2025, month: 1, day: 6))
        let tuesday = Entry(title: "Weather", published: Instant(year: 2025, month: 1, day: 7))
        #expect(try name(monday) != name(tuesday))
    }

    private static func entry(_ id: String, _ title: String, _ path: String?) -> Entry {
        Entry(id: id, title: title, link: path.map { "https://example.org/\($0)" })
    }

    /// Which rule names each entry of a document: `i`d, `l`ink or `t`itle.
    @Test(
        arguments: [
            ("different ids", [entry("1", "A", "a"), entry("2", "B", "b")], "ii"),
            ("one id for two articles", [entry("1", "A", "a"), entry("1", "B", "b")], "ll"),
            (
                "beside another",
                [entry("1", "A", "a"), entry("1", "B", "b"), entry("2", "C", "c")],
                "lli"
            ),
            ("the same twice", [entry("1", "A", "a"), entry("1", "A", "a")], "ii"),
            ("retitled, said twice", [entry("1", "A", "a"), entry("1", "B", "a")], "ii"),
            ("tracked links", [entry("1", "A", "a?utm_source=x"), entry("1", "B", "a")], "ii"),
            ("without links", [entry("1", "A", nil), entry("1", "B", nil)], "tt"),
            (
                "id and link for all",
                [
                    entry("1", "A", "a"), entry("1", "B", "a"),
                    entry("1", "C", "c"),
                ], "ttl"
            ),
        ] as [(String, [Entry], String)])
    func sharedNamesNameNothing(why: String, entries: [Entry], rules: String) throws {
        let names = EntryName.names(of: entries, in: try feed(), trustingIDs: true)
        #expect(names.map { String($0.rule.rawValue.prefix(1)) }.joined() == rules, "\(why)")
        let unbelieved = EntryName.names(of: entries, in: try feed(), trustingIDs: false)
        #expect(unbelieved.allSatisfy { $0.rule != .id })
    }

    @Test(arguments: [
        ("http://old.example/2026/a", "/2026/a"),
        ("https://www.new.example/2026/a/", "/2026/a"),
        ("https://example.org/?p=12", "/?p=12"),
        ("https://example.org/", nil),
        ("tag:example.org,2026-01-01:/2026/a", "/2026/a"),
        ("tag:example.org", nil),
        ("urn:uuid:1", nil),
        ("12", nil),
    ])
    func anIDOutlivesItsHost(id: String, expected: String?) {
        #expect(Entry(id: id).idWithoutHost == expected)
    }

    @Test func otherNamesOutliveAMove() throws {
        let words = "The council of the old town met on Monday and agreed on a new bridge."
        let noon = try #require(Instant(year: 2026, month: 1, day: 6))
        func names(_ entry: Entry, _ text: String) throws -> [String: Alias] {
            Dictionary(
                uniqueKeysWithValues: entry.otherNames(in: try feed(), text: text).map {
                    ($0.recognition.rawValue, $0.alias)
                })
        }
        let old = Entry(id: "http://old.example/7", title: "Bridge", published: noon)
        let new = Entry(id: "https://new.example/7", title: "Bridge!", published: noon)
        let held = try names(old, words)
        #expect(held.count == 2)
        #expect(try names(new, words) == held)
        // Another blog of the same aggregator has an article 7 too.
        let other = Entry(id: "https://other.example/7", title: "Tramway", published: noon)
        #expect(try names(other, words).values.allSatisfy { !held.values.contains($0) })
        // The same words on another day are another article, and a few name nothing.
        var nextDay = new
        nextDay.published = noon.adding(.seconds(86_400))
        #expect(try names(nextDay, words).values.allSatisfy { !held.values.contains($0) })
        #expect(try names(old, "Sunny.")["entry-words"] == nil)
        nextDay.published = nil
        #expect(try names(nextDay, words)["entry-words"] == nil)
        let long = Array(repeating: words, count: 5).joined(separator: " ")
        #expect(try names(nextDay, long)["entry-words"] != nil)
    }

    @Test func aKeptIDIsBounded() {
        #expect(Entry(id: "").keptID == nil)
        #expect(Entry(id: "a").keptID == "a")
        let long = String(repeating: "é", count: 400)
        let kept = Entry(id: "x" + long).keptID ?? ""
        #expect(kept.utf8.count <= Entry.idBytesKept && kept.utf8.count > 500)
        #expect(("x" + long).hasPrefix(kept))
    }
}
