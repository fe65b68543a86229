internal import Foundation
internal import News
internal import Testing

@testable internal import tamis

/// Every kind of mistake in a configuration is found, with its file, its line and the key meant.
struct ConfigurationTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        let text: String
        let line: Int?
        let key: String?
        let sentence: String

        init(_ text: String, _ line: Int?, _ key: String?, _ sentence: String) {
            self.text = text
            self.line = line
            self.key = key
            self.sentence = sentence
        }
        var testDescription: String { text.replacing("\n", with: " ⏎ ") }
    }

    static let unknownKeys = [
        Mistake(
            "\n[polling]\nintervall = \"30m\"", 3, "polling.intervall",
            "unknown key; is interval meant?"),
        Mistake(
            "[poling]\ninterval = \"30m\"", 2, "poling.interval",
            "unknown key; is interval in [polling] meant?"),
        Mistake(
            "timeout = \"30s\"", 1, "timeout", "unknown key; is timeout in [fetching] meant?"),
        Mistake(
            "[feed]\nurl = \"https://a.example/\"", 2, "feed.url",
            "unknown key; is url in [[feed]] meant?"),
        Mistake(
            "[[feed]]\nurl = \"https://a.example/\"\nlable = \"en\"", 3, "feed[0].lable",
            "unknown key; is labels meant?"),
        Mistake(
            "[store]\nfavourite_colour = 3", 2, "store.favourite_colour",
            "unknown key; config/tamis.toml lists all keys"),
    ]

    static let wrongValues = [
        Mistake("[store]\npath = 3", 2, "store.path", "must be a string"),
        Mistake("[store]\npath = \"\"", 2, "store.path", "must not be empty"),
        Mistake("[fetching]\nrobots = \"yes\"", 2, "fetching.robots", "must be true or false"),
        Mistake("[seeds]\npaths = [1]", 2, "seeds.paths", "must be a list of strings"),
        Mistake(
            "[fetching]\nallowed_private_hosts = [\"10.1.2.0/16\"]", 2,
            "fetching.allowed_private_hosts",
            "\"10.1.2.0/16\" must be a host like \"wiki.intranet\" or \"[fd00::7]\", or a block of "
                + "addresses from its first on, like \"10.1.0.0/16\" or \"fd00::/8\""),
        Mistake(
            "[fetching]\nredirects_max = 21", 2, "fetching.redirects_max",
            "must be a whole number from 0 to 20"),
        Mistake(
            "[fetching]\nredirects_max = 2.5", 2, "fetching.redirects_max",
            "must be a whole number from 0 to 20"),
        Mistake(
            "[deciding]\nexcerpt_min = 1.01", 2, "deciding.excerpt_min",
            "must be a number from 0.05 to 1.0"),
        Mistake(
            "[polling]\ninterval = 30", 2, "polling.interval",
            "must be a span from 10s to 30d, written like \"90s\", \"30m\", \"12h\" or \"2d\""),
        Mistake(
            "[polling]\ninterval = \"9s\"", 2, "polling.interval",
            "must be a span from 10s to 30d, written like \"90s\", \"30m\", \"12h\" or \"2d\""),
        Mistake(
            "[status]\nsocket_mode = 660", 2, "status.socket_mode", "must be a string"),
        Mistake(
            "[status]\nsocket_mode = \"0999\"", 2, "status.socket_mode",
            "must be an octal mode in quotes, like \"0660\""),
        Mistake(
            "[status]\nlisten = \"0.0.0.0:80\"", 2, "status.listen",
            "must be a loopback address with a port, like \"127.0.0.1:8470\""),
        Mistake(
            "[fetching]\nproxy = \"proxy:3128\"", 2, "fetching.proxy",
            "must be like \"http://proxy:3128\""),
        Mistake(
            "[fetching]\ncontact = \"a\\nb\"", 2, "fetching.contact",
            "must be at most 200 printable ASCII characters"),
        Mistake(
            "[log]\nlevel = \"loud\"", 2, "log.level",
            "must be one of trace, debug, info, notice, warning, error, critical"),
        Mistake(
            "[seeds]\npaths = [\n  \"/nowhere/at/all\",\n]", 2, "seeds.paths",
            "there is no /nowhere/at/all: make it, or take it out of the list"),
    ]

    static let feeds = [
        Mistake(
            "[[feed]]\nid = \"a\"", 1, "feed[0].url",
            "is missing: every [[feed]] needs an address"),
        Mistake(
            "[[feed]]\nurl = \"ftp://a.example/\"", 2, "feed[0].url",
            "must be an http or https address"),
        Mistake("[[feed]]\nurl = 7", 2, "feed[0].url", "must be a string"),
        Mistake(
            "[[feed]]\nurl = \"https://a.example/\"\nid = \"a b\"", 3, "feed[0].id",
            "must be 1 to 64 letters, digits, \".\", \"_\" or \"-\", a letter or digit first"),
        Mistake(
            """
            [[feed]]
            url = "https://a.example/"

            [[feed]]
            url = "https://A.example:443/"
            id = "b"
            """, 5, "feed[1].url", "feed[0] has the same address: keep one of them"),
        Mistake(
            """
            [[feed]]
            url = "https://a.example/"
            id = "a"

            [[feed]]
            url = "https://b.example/"
            id = "a"
            """, 7, "feed[1].id", "feed[0] has the same id: choose another"),
    ]

    @Test(arguments: unknownKeys + wrongValues + feeds)
    func mistakeIsNamedWithItsPlace(mistake: Mistake) {
        #expect(
            problems(in: mistake.text) == [
                ConfigurationProblem(
                    file: "tamis.toml", line: mistake.line, key: mistake.key,
                    sentence: mistake.sentence)
            ])
    }

    @Test(arguments: ["[store\npath = 1", "a = 1\na = 2", "[polling]\ninterval = 30m"])
    func whatIsNoTOMLIsNamedByItsLine(text: String) throws {
        let problem = try #require(problems(in: text).first)
        #expect(problems(in: text).count == 1)
        #expect(problem.line == (text.hasPrefix("[store") ? 1 : 2))
        #expect(problem.key == nil)
        #expect(problem.sentence.hasPrefix("this is not TOML: "))
        #expect(!problem.description.contains("\n"))
    }

    /// Limits of fetching and polling, each with a value that is not its default, and one that is
    /// out of its range.
    static let limits = [
        ("polling.wait_max", "\"2d\"", "\"59s\""), ("polling.hint_max", "\"1h\"", "\"25h\""),
        ("polling.start_spacing", "\"1s\"", "\"61s\""),
        ("polling.polls_in_flight_max", "7", "0"),
        ("polling.redirect_sightings_min", "2", "0"),
        ("polling.redirect_age_min", "\"0s\"", "\"366d\""),
        ("polling.redirect_failures_max", "9", "0"), ("polling.renamed_min", "9", "0"),
        ("polling.offences_max", "9", "0"), ("polling.offence_window", "\"1d\"", "\"1s\""),
        ("polling.distrust_time", "\"1d\"", "\"1s\""),
        ("polling.pages_in_flight_max", "9", "65"), ("polling.page_attempts_max", "9", "0"),
        ("polling.poll_time_max", "\"1m\"", "\"25h\""),
        ("polling.hung_after", "\"2h\"", "\"59s\""), ("polling.commit_batch_max", "9", "1001"),
        ("polling.candidates_max", "9", "21"), ("polling.sitemaps_per_poll_max", "9", "0"),
        ("fetching.validator_bytes_max", "99", "15"), ("fetching.redirects_max", "2", "21"),
        ("fetching.slow_answer", "\"9s\"", "\"99ms\""),
        ("fetching.lookups_max", "9", "257"), ("fetching.flood_timeout", "\"1s\"", "\"99ms\""),
        ("fetching.slow_transfers_max", "9", "257"), ("fetching.waiting_max", "9", "0"),
        ("fetching.retry_after_max", "\"2d\"", "\"59s\""),
        ("fetching.freshness_max", "\"2d\"", "\"31d\""),
        ("fetching.robots_token", "\"Sieve\"", "\"a b\""),
        ("fetching.robots_bytes_max", "512000", "511999"),
        ("fetching.robots_age_max", "\"1h\"", "\"25h\""),
        ("fetching.robots_failure_age_max", "\"1h\"", "\"25h\""),
        ("fetching.robots_origins_max", "9", "0"),
        ("fetching.robots_kept_bytes_max", "2097152", "1048575"),
        ("fetching.tdmrep", "false", "0"),
    ]

    @Test(arguments: limits)
    func everyLimitIsTakenOverOrRefused(key: String, value: String, bad: String) throws {
        let (table, name) = (key.prefix { $0 != "." }, key.drop { $0 != "." }.dropFirst())
        let usual = try Configuration.parse("", name: "a", folder: "/")
        let other = try Configuration.parse(
            "[\(table)]\n\(name) = \(value)", name: "a", folder: "/")
        #expect(dumped(other) != dumped(usual))
        let found = problems(in: "[\(table)]\n\(name) = \(bad)")
        #expect(found.map(\.key) == [key])
        #expect(found.first?.sentence.hasPrefix("must be ") == true)
    }

    @Test(arguments: [
        ("hung_after = \"10m\"", false), ("hung_after = \"601s\"", true),
        ("poll_time_max = \"1h\"", false), ("poll_time_max = \"3599s\"", true),
        ("poll_time_max = \"2h\"\nhung_after = \"2h\"", false),
        ("poll_time_max = \"2h\"\nhung_after = \"3h\"", true),
    ])
    func aPollThatMayGoOnIsNotHung(lines: String, isTaken: Bool) {
        let found = problems(in: "[polling]\n" + lines)
        #expect(found.map(\.key) == (isTaken ? [] : ["polling.hung_after"]))
        #expect(found.allSatisfy { $0.sentence == "must be above poll_time_max" })
    }

    @Test func whatMayBeFetchedMayBeRead() throws {
        let configuration = try Configuration.parse(
            "[fetching]\nbody_bytes_max = 20000000", name: "a", folder: "/")
        // That of the transfer, of feeds and of pages.
        #expect(dumped(configuration).components(separatedBy: "ytesMax: 20000000").count == 4)
    }

    @Test func linesAreFoundInAFileOfWindows() {
        let text = "[polling]\r\ninterval = 30\r\n\r\n[[feed]]\r\nid = \"a\"\r\n"
        #expect(problems(in: text).map(\.line) == [2, 4])
    }

    @Test func allMistakesAreFoundAtOnce() {
        let texts = (Self.unknownKeys.prefix(2) + Self.wrongValues.suffix(3) + Self.feeds.prefix(2))
            .map(\.text)
        let all = problems(in: texts.joined(separator: "\n"))
        #expect(all.count == texts.count)
        #expect(Set(all.compactMap(\.line)).count == texts.count)
    }

    @Test func oneLineOfAReportHasFileLineKeyAndSentence() throws {
        let problem = try #require(problems(in: "[store]\npath = 3").first)
        #expect(problem.description == "tamis.toml:2: store.path: must be a string")
    }

    // MARK: - Socket path

    @Test func socketPathMayHave107Bytes() throws {
        let fits = "/" + String(repeating: "é", count: 53)
        #expect(problems(in: "[status]\nsocket = \"\(fits)\"").isEmpty)
        #expect(
            problems(in: "[status]\nsocket = \"\(fits)s\"") == [
                ConfigurationProblem(
                    file: "tamis.toml", line: 2, key: "status.socket",
                    sentence: "has 108 bytes, a socket's path has at most 107: choose a shorter "
                        + "one")
            ])
    }

    // MARK: - Files

    @Test func fileThatIsNotThereIsNamed() {
        let problem = fileProblem("/nowhere/tamis.toml")
        #expect(problem?.file == "/nowhere/tamis.toml")
        #expect(problem?.sentence.hasPrefix("cannot be read: ") == true)
    }

    @Test func fileThatIsNotUTF8IsNamed() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Data([0x23, 0x20, 0xE9, 0x0A]), to: "tamis.toml")
        #expect(fileProblem(path)?.sentence == "is not valid UTF-8: save it as UTF-8")
    }

    @Test func fileOverTheLimitIsRefused() throws {
        let folder = try TemporaryFolder()
        let text = String(repeating: "#", count: ConfigurationFile.bytesMax - 1) + "\n"
        #expect(fileProblem(try folder.write(text, to: "fits.toml")) == nil)
        let path = try folder.write(text + "#", to: "tamis.toml")
        #expect(
            fileProblem(path)?.sentence
                == "has \(ConfigurationFile.bytesMax + 1) bytes, at most "
                + "\(ConfigurationFile.bytesMax) are read")
    }

    @Test func relativePathsStartAtTheFilesFolder() throws {
        let folder = try TemporaryFolder()
        try folder.write("", to: "held/.keep")
        let path = try folder.write(
            """
            [store]
            path = "../store"
            [status]
            socket = "run/tamis.sock"
            [seeds]
            paths = ["held"]
            """, to: "tamis.toml")
        let configuration = try Configuration.read(path)
        let parent = URL(filePath: folder.path).deletingLastPathComponent().path
        let told = dumped(configuration)
        #expect(told.contains("\"\(parent)/store\""))
        #expect(told.contains("\"\(folder.path)/run/tamis.sock\""))
        #expect(told.contains("\"\(folder.path)/held\""))
    }

    // MARK: - Feeds

    @Test func feedTakesItsDefaultsFromPolling() throws {
        let configuration = try Configuration.parse(
            """
            [polling]
            interval = "15m"
            [[feed]]
            url = "https://a.example/feed"
            [[feed]]
            url = "https://b.example/feed"
            id = "b"
            title = "B"
            interval = "1h"
            labels = "one"
            pages = false
            entry_age_max = "30d"
            """, name: "tamis.toml", folder: "/")
        let first = try #require(HTTPURL("https://a.example/feed"))
        let second = try #require(HTTPURL("https://b.example/feed"))
        let id = try #require(FeedID("b"))
        #expect(
            configuration.feeds == [
                Feed(id: FeedID(derivedFrom: first), url: first, interval: .seconds(900)),
                Feed(
                    id: id, url: second, title: "B", interval: .seconds(3600),
                    intervalMin: .seconds(3600), intervalMax: .seconds(3600), labels: ["one"],
                    fetchesPages: false, entryAgeMax: .seconds(30 * 86_400)),
            ])
    }

    @Test func tableWinsOverAnOutlineOfTheSameAddress() throws {
        let folder = try TemporaryFolder()
        try folder.write(opml(["https://a.example/feed", "https://c.example/feed"]), to: "l.opml")
        let path = try folder.write(
            """
            opml = "l.opml"
            [[feed]]
            url = "https://a.example/feed"
            title = "Mine"
            """, to: "tamis.toml")
        let feeds = try Configuration.read(path).feeds
        #expect(feeds.map(\.title) == ["Mine", "https://c.example/feed"])
        #expect(feeds.map(\.labels) == [[], ["tech"]])
    }

    @Test func badOPMLIsNamed() throws {
        let folder = try TemporaryFolder()
        try folder.write("<html><body>no list</body></html>", to: "bad.opml")
        try folder.write(opml(["gopher://a.example/"]), to: "gopher.opml")
        let text = "# lists\nopml = [\"bad.opml\", \"none.opml\", \"gopher.opml\"]"
        let found = problems(in: text, folder: folder.path)
        #expect(found.map(\.line) == [2, 2, 2])
        #expect(found.map(\.key) == ["opml", "opml", "opml"])
        for (problem, name) in zip(found, ["bad.opml", "none.opml", "gopher.opml"]) {
            #expect(problem.sentence.contains(name))
        }
    }

    // MARK: - Reloading

    @Test func onlySectionsThatNeedARestartDiffer() throws {
        let before = try Configuration.parse("", name: "a", folder: "/")
        let after = try Configuration.parse(
            """
            [polling]
            interval = "15m"
            [log]
            level = "debug"
            [[feed]]
            url = "https://a.example/feed"
            """, name: "a", folder: "/")
        #expect(after.sectionsThatDiffer(from: before) == ["log"])
        #expect(before.sectionsThatDiffer(from: before).isEmpty)
    }

    // MARK: -

    private func problems(
        in text: String, folder: String = "/nowhere"
    ) -> [ConfigurationProblem] {
        do throws(ConfigurationMistakes) {
            _ = try Configuration.parse(text, name: "tamis.toml", folder: folder)
            return []
        } catch {
            return error.problems
        }
    }

    private func fileProblem(_ path: String) -> ConfigurationProblem? {
        do throws(ConfigurationMistakes) {
            _ = try Configuration.read(path)
            return nil
        } catch {
            return error.problems.first
        }
    }

    private func opml(_ addresses: [String]) -> String {
        let outlines = addresses.map { "<outline type=\"rss\" text=\"\($0)\" xmlUrl=\"\($0)\"/>" }
        return "<opml version=\"2.0\"><body><outline text=\"tech\">\(outlines.joined())"
            + "</outline></body></opml>"
    }
}

/// All that a configuration says, property by property.
func dumped(_ configuration: Configuration) -> String {
    var text = ""
    dump(configuration.ingestion, to: &text)
    dump(configuration.control, to: &text)
    dump(configuration.feeds, to: &text)
    dump(configuration.logLevel, to: &text)
    return text
}
