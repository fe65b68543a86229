internal import Foundation
internal import Testing

@testable internal import tamis

/// The program from outside: what its commands say of themselves, and how they end.
struct CommandTests {
    private static let help = """
        OVERVIEW: Watches news feeds and keeps what is new, with a reason for every
        decision.

        Exit codes: 0 done, 1 not there or not right, 3 the daemon is not running, 64
        usage, 65 bad input, 66 no input, 69 the daemon does not answer, 74 disk, 75
        busy, 77 forbidden, 78 configuration.

        USAGE: tamis <subcommand>

        OPTIONS:
          --version               Show the version.
          -h, --help              Show help information.

        THE DAEMON SUBCOMMANDS:
          run                     Poll the configured feeds until told to stop.
          once                    Poll every feed once, print a summary, and end.
          check                   Read a configuration and name every mistake in it.
          reload                  Have the daemon read its configuration again, and
                                  wait until it has.
          poll                    Have the daemon poll a feed now.
          demo                    See the main job done, on an invented press, without
                                  the Internet.

        ASKING SUBCOMMANDS:
          status                  How the daemon does.
          feeds                   Every feed: its health, its last and next poll, what
                                  it gave.
          articles                What was stored, the newest first.
          show                    One article with its text.
          why                     Why an article is new, a copy, a revision or an
                                  excerpt: the evidence.
          new                     Only those passages of an article that are held
                                  nowhere else.
          stories                 Events that several articles tell of; or one of them,
                                  article by article.
          seeds                   The seed corpus: what was read, what was set aside
                                  and why.
          requests                What was asked of whom: every request, sent or kept
                                  back, and by which rule.
          export                  Write stored articles as JSON lines or CSV.

        TOOLS SUBCOMMANDS:
          sift                    Decide a stream of documents without a daemon.
          replay                  Decide the store's articles again and list the
                                  verdicts that would be others.
          mark                    Say by hand whether two articles are one.
          forget                  Take an article out of the store, for good.
          inspect                 Run the reading stages alone, on files.
          fetch                   Fetch one page and print what its text is.
          probe                   Ask a feed's address once, as the daemon would, and
                                  say what it sees.
          verify                  Check every record of the store.

          See 'tamis help <subcommand>' for detailed help.

        """

    @Test func helpIsAsItWasAgreed() async throws {
        let outcome = try await tamis("--help", environment: ["COLUMNS": "80"])
        #expect(outcome.ending == .exit(0))
        #expect(outcome.output == Self.help)
    }

    @Test func everyCommandHasHelp() async throws {
        let commands = Self.help.split(separator: "\n").filter { $0.hasPrefix("  ") }
            .compactMap { $0.split(separator: " ").first.map(String.init) }
            .filter { $0.allSatisfy(\.isLetter) && $0.first?.isLowercase == true }
        let listed = Set(commands).intersection(Self.commands.compactMap(\.first))
        #expect(listed == Set(Self.commands.compactMap(\.first)))
        for command in Self.commands {
            let child = try Program.start(command + ["--help"])
            #expect(try await child.end() == .exit(0))
            let text = String(decoding: child.output, as: UTF8.self)
            #expect(text.hasPrefix("OVERVIEW: "))
            #expect(text.contains("USAGE: tamis \(command.joined(separator: " "))"))
        }
    }

    private static let commands = [
        ["run"], ["once"], ["check"], ["reload"], ["poll"], ["demo"], ["status"], ["feeds"],
        ["articles"], ["show"], ["why"], ["new"], ["stories"], ["seeds"], ["export"], ["sift"],
        ["replay"], ["mark"], ["forget"], ["inspect"], ["inspect", "feed"], ["inspect", "page"],
        ["verify"],
    ]

    // MARK: - Exit codes

    @Test(arguments: [
        ["nonsense"], ["show"], ["articles", "--limit", "many"], ["inspect", "feed"],
        ["inspect", "feed", "a", "--batch"], ["inspect", "page", "a", "--url", "gopher://a/"],
        ["poll", "a b"], ["articles", "--limit", "0", "--store", "FOLDER/store"],
        ["articles", "--verdict", "wrong", "--store", "FOLDER/store"],
        ["show", "abc", "--store", "FOLDER/store"], ["export", "--format", "xml"],
        ["replay", "--set", "near=0.5", "--store", "FOLDER/store"], ["sift", "--set", "near=1"],
        ["articles", "--novelty-min", "2", "--store", "FOLDER/store"],
    ])
    func misuseEndsWith64(arguments: [String]) async throws {
        let outcome = try await outcome(of: arguments, 64)
        #expect(!outcome.errors.isEmpty)
    }

    /// Folders to labels, and labels to folders.
    @Test func feedsAreWrittenAsTheyWereRead() async throws {
        let folder = try TemporaryFolder()
        let list = """
            <?xml version="1.0" encoding="UTF-8"?>
            <opml version="2.0">
              <head><title>Feeds of Tamis</title></head>
              <body>
                <outline type="rss" text="C" title="C" xmlUrl="https://c.example/feed"/>
                <outline text="Presse &amp; co">
                  <outline type="rss" text="B" title="B" xmlUrl="https://b.example/feed"/>
                  <outline text="Ville">
                    <outline type="rss" text="A" title="A" xmlUrl="https://a.example/?a=1&amp;b=2"/>
                  </outline>
                </outline>
              </body>
            </opml>

            """
        try folder.write(list, to: "list.opml")
        let configuration = try folder.write(
            "opml = \"list.opml\"\n[store]\npath = \"none\"\n[status]\nsocket = \"none.sock\"\n",
            to: "tamis.toml")
        let written = try await tamis("feeds", "--opml", "--config", configuration)
        #expect(written.ending == .exit(0))
        #expect(written.output == list)
    }

    @Test(arguments: [["status"], ["reload"], ["poll", "a"], ["articles"], ["feeds"]])
    func withoutADaemonItEndsWith3(arguments: [String]) async throws {
        let outcome = try await outcome(
            of: arguments + ["--config", "FOLDER/tamis.toml"], 3,
            configuration: "[status]\nsocket = \"none.sock\"\n[store]\npath = \"none\"\n")
        #expect(outcome.errors.contains("the daemon is not running"))
        #expect(outcome.errors.contains("/none.sock"))
        #expect(outcome.errors.split(separator: "\n").count == 1)
    }

    @Test(arguments: [
        ["check"], ["run"], ["once"], ["status"], ["articles"], ["verify"], ["seeds"],
    ])
    func unknownKeyEndsWith78(arguments: [String]) async throws {
        let outcome = try await outcome(
            of: arguments + ["--config", "FOLDER/tamis.toml"], 78,
            configuration: "[store]\npath = \"store\"\npaht = \"store\"\n")
        #expect(
            outcome.errors.hasSuffix("/tamis.toml:3: store.paht: unknown key; is path meant?\n"))
    }

    @Test func missingSeedFolderEndsWith78() async throws {
        let outcome = try await outcome(
            of: ["run", "--config", "FOLDER/tamis.toml"], 78,
            configuration: "[seeds]\npaths = [\"held\", \"/nowhere\"]\n")
        let lines = outcome.errors.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.allSatisfy { $0.contains("tamis.toml:2: seeds.paths: there is no /") })
        #expect(lines.allSatisfy { $0.hasSuffix(": make it, or take it out of the list") })
    }

    @Test func socketPathThatIsTooLongEndsWith78() async throws {
        let long = String(repeating: "x", count: 107)
        let run = try await outcome(
            of: ["run", "--config", "FOLDER/tamis.toml"], 78,
            configuration: "[status]\nsocket = \"/\(long)\"\n")
        #expect(run.errors.contains("tamis.toml:2: status.socket: has 108 bytes"))
        let ask = try await outcome(of: ["status", "--socket", "/\(long)"], 78)
        #expect(ask.errors.contains("108 bytes, at most 107"))
    }

    @Test func configurationThatIsNotThereEndsWith78() async throws {
        let outcome = try await outcome(of: ["check", "--config", "/nowhere/tamis.toml"], 78)
        #expect(outcome.errors.hasPrefix("tamis: /nowhere/tamis.toml: cannot be read"))
    }

    @Test(arguments: [
        ["verify", "--store", "FOLDER/none"], ["articles", "--store", "FOLDER/none"],
        ["inspect", "page", "FOLDER/none"], ["sift", "--seeds", "FOLDER/none"],
        ["sift", "--store", "FOLDER/none"],
    ])
    func inputThatIsNotThereEndsWith66(arguments: [String]) async throws {
        let outcome = try await outcome(of: arguments, 66)
        #expect(outcome.errors.contains("/none"))
    }

    @Test func soundConfigurationEndsWith0() async throws {
        let text = "[[feed]]\nurl = \"https://a.example/feed\"\n"
        let told = try await outcome(
            of: ["check", "--config", "FOLDER/tamis.toml"], 0, configuration: text)
        #expect(told.output.hasSuffix("/tamis.toml: in order, 1 feeds\n"))
        let json = try await outcome(
            of: ["check", "--json", "--config", "FOLDER/tamis.toml"], 0, configuration: text)
        #expect(try json.json()["feeds"].integer == 1)
    }

    @Test func mistakesAreToldAsJSONToo() async throws {
        let outcome = try await outcome(
            of: ["check", "--json", "--config", "FOLDER/tamis.toml"], 78,
            configuration: "[log]\nlevel = 1\n[store]\npaht = \"a\"\n")
        let problems = try outcome.json()["problems"].elements
        #expect(problems.map(\.["line"].integer) == [2, 4])
        #expect(problems.map(\.["key"].string) == ["log.level", "store.paht"])
        #expect(outcome.errors.isEmpty)
    }

    /// Runs a command in which FOLDER stands for a folder of its own, and expects how it ends.
    private func outcome(
        of arguments: [String], _ code: Int32, configuration: String = "",
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Outcome {
        let folder = try TemporaryFolder()
        try folder.write(configuration, to: "tamis.toml")
        let child = try Program.start(
            arguments.map { $0.replacing("FOLDER", with: folder.path) })
        let ending = try await child.end()
        let outcome = Outcome(
            ending: ending, output: String(decoding: child.output, as: UTF8.self),
            errors: child.errors)
        #expect(ending == .exit(code), "\(outcome.errors)", sourceLocation: sourceLocation)
        #expect(
            !outcome.errors.contains("Fatal error") && !outcome.errors.contains("Error Domain"),
            sourceLocation: sourceLocation)
        return outcome
    }
}
