internal import Foundation
internal import Testing

/// The demo, and every question that can be put to the store which it leaves.
struct ArchiveTests {
    private let folder: TemporaryFolder
    private let store: String

    init() async throws {
        folder = try TemporaryFolder()
        store = "\(folder.path)/demo/store"
        let demo = try await tamis("demo", "--dir", "\(folder.path)/demo")
        try #require(demo.ending == .exit(0), "\(demo.output)\(demo.errors)")
    }

    @Test func demoIsDecidedAsMeantAndTidiesUp() async throws {
        let child = try Program.start(["demo", "--delete"])
        #expect(try await child.end() == .exit(0), "\(child.errors)")
        let lines = String(decoding: child.output, as: UTF8.self).split(separator: "\n")
        let verdict = try #require(
            lines.last { $0.hasSuffix(" entries were decided as the newsroom's authors meant.") })
        let figures = verdict.split(separator: " ").compactMap { Int($0) }
        #expect(figures.count == 2 && figures[0] == figures[1] && figures[0] >= 30)
        let left = FileManager.default.temporaryDirectory.path + "/tamis-demo-\(child.pid)"
        #expect(!FileManager.default.fileExists(atPath: left))
    }

    @Test func demoRefusesAFolderInUse() async throws {
        let outcome = try await tamis("demo", "--dir", "\(folder.path)/demo")
        #expect(outcome.ending == .exit(64))
        #expect(outcome.errors.contains("is not empty"))
    }

    @Test func articlesAreListedTheNewestFirst() async throws {
        let page = try await tamis("articles", "--json", "--store", store).json()
        let seqs = page["articles"].elements.compactMap(\.["seq"].integer)
        #expect(seqs.count > 25)
        #expect(seqs == Array(seqs.sorted().reversed()))
        let table = try await tamis("articles", "--store", store)
        #expect(table.lines.count == seqs.count + 1)
        #expect(table.lines[0].hasPrefix("SEQ  ID"))
        expectNoControls(table.output)
    }

    @Test func articlesAreFiltered() async throws {
        func titles(_ filter: String...) async throws -> [JSON] {
            let child = try Program.start(["articles", "--json", "--store", store] + filter)
            try await child.end()
            return try JSON(parsing: String(decoding: child.output, as: UTF8.self))["articles"]
                .elements
        }
        let all = try await titles("--limit", "1000")
        #expect(try await titles("--limit", "3").count == 3)
        #expect(
            try await titles("--verdict", "nearDuplicate").count
                == all.count { $0["verdict"].string == "nearDuplicate" })
        #expect(
            try await titles("--feed", "vigie").allSatisfy { $0["feed"].string == "vigie" })
        #expect(try await titles("--language", "fr").contains { $0["language"].string == "fr" })
        let found = try await titles("--text", "ECLUSE du vieux-port")
        #expect(found.contains { $0["title"].string?.hasPrefix("Écluse") == true })
        #expect(found.count < all.count)
        let oldest = try await titles("--after", "2", "--limit", "2")
        #expect(oldest.map(\.["seq"].integer) == [3, 4])
        #expect(try await titles("--since", "2999-01-01T00:00:00Z").isEmpty)
    }

    @Test(arguments: ["nearDuplicate", "excerpt", "revision", "new"])
    func articleIsShownByTheBeginningOfItsID(verdict: String) async throws {
        let id = try await id(of: verdict)
        let shown = try await tamis("show", String(id.prefix(12)), "--store", store)
        #expect(shown.ending == .exit(0))
        #expect(shown.output.contains("\nid        \(id)\n"))
        #expect(shown.output.contains("\nverdict   \(verdict)"))
        let json = try await tamis("show", id, "--json", "--store", store).json()
        #expect(json["id"].string == id)
        #expect(json["verdict"]["kind"].string == verdict)
        #expect(json["text"].string?.isEmpty == false)

        let why = try await tamis("why", id, "--store", store)
        let phrases = [
            "nearDuplicate": "a near-duplicate", "revision": "a revision", "excerpt": "an excerpt",
        ]
        #expect(why.lines.dropFirst().first?.hasPrefix("is \(phrases[verdict] ?? verdict)") == true)
        expectNoControls(shown.output + why.output)
        let evidence = try await tamis("why", id, "--json", "--store", store).json()
        #expect(evidence == json["verdict"])
        #expect((evidence["of"] == .null) == (verdict == "new"))
    }

    /// Of the files without a daemon.
    @Test func aForgottenArticleIsNowhere() async throws {
        let id = try await id(of: "nearDuplicate")
        let shown = try await tamis("show", id, "--json", "--store", store).json()
        let address = try #require(shown["url"].string)
        let told = try await tamis("forget", id, "--reason", "asked for", "--store", store)
        #expect(told.ending == .exit(0), "\(told.errors)")
        for question in ["show", "why", "new"] {
            #expect(try await tamis(question, id, "--store", store).ending == .exit(1))
        }
        let again = try await tamis("forget", String(id.prefix(12)), "--store", store)
        #expect(again.ending == .exit(0) && again.output == told.output, "twice is once")
        for command in [["export"], ["articles", "--json", "--limit", "1000"]] {
            let child = try Program.start(command + ["--store", store])
            #expect(try await child.end() == .exit(0))
            #expect(!String(decoding: child.output, as: UTF8.self).contains(address))
        }
        let check = try await tamis("verify", "--store", store)
        #expect(check.ending == .exit(0) && check.output.contains(" tombstones"))
        let replay = try await tamis("replay", "--store", store)
        #expect(replay.ending == .exit(0), "\(replay.errors)")
    }

    /// Nobody goes on with it by himself, where there is no daemon.
    @Test func aTextThatStaysIsToldOf() async throws {
        let id = try await id(of: "excerpt")
        let kept = try await tamis("forget", id, "--no-wait", "--json", "--store", store)
        #expect(kept.ending == .exit(0) && kept.errors.contains("--no-wait"))
        let accepted = try kept.json()
        #expect(accepted["id"].string == id && accepted["is_erased"].bool == false)
        let done = try await tamis("forget", id, "--json", "--store", store)
        #expect(done.ending == .exit(0) && done.errors.isEmpty)
        #expect(try done.json()["is_erased"].bool == true)
    }

    @Test func onlyNovelPassagesAreShown() async throws {
        let id = try await id(of: "nearDuplicate")
        let article = try await tamis("show", id, "--json", "--store", store).json()
        let novel = try await tamis("new", id, "--json", "--store", store).json()
        let text = try #require(article["text"].string)
        let passages = novel["passages"].elements.compactMap(\.["text"].string)
        #expect(!passages.isEmpty)
        #expect(passages.allSatisfy { text.contains($0) })
        #expect(passages.joined().utf8.count < text.utf8.count / 2)
        let told = try await tamis("new", id, "--store", store)
        #expect(told.output.contains("[… held by "))
    }

    @Test func storiesLeadToTheirArticles() async throws {
        let stories = try await tamis("stories", "--json", "--store", store).json()["stories"]
        #expect(stories.elements.count >= 3)
        for story in stories.elements {
            let id = try #require(story["id"].string)
            let one = try await tamis("stories", id, "--json", "--store", store).json()
            #expect(one["story"] == story)
            let members = Set(one["articles"].elements.compactMap(\.["id"].string))
            #expect(members.count == story["size"].integer && members.count >= 2)
        }
        let table = try await tamis("stories", "--store", store)
        #expect(table.lines.count == stories.elements.count + 1)
    }

    @Test func exportHasEveryArticleOnce() async throws {
        let verify = try await tamis("verify", "--json", "--store", store).json()
        #expect(verify["sound"].bool == true)
        let texts = try #require(verify["articles"].integer) + (verify["revisions"].integer ?? 0)
        let lines = try await tamis("export", "--store", store).jsonLines()
        #expect(lines.count == texts)
        #expect(lines.allSatisfy { $0["text"].string != nil && $0["verdict"] != .null })
        let csv = try await tamis("export", "--format", "csv", "--store", store)
        let rows = csv.output.split(separator: "\r\n", omittingEmptySubsequences: false)
        #expect(rows.count == texts + 2)
        #expect(rows.first == Substring(csvHeading))
        let french = try await tamis("export", "--language", "fr", "--store", store).jsonLines()
        #expect(!french.isEmpty && french.count < lines.count)
    }

    @Test func verifySaysWhatItFound() async throws {
        let told = try await tamis("verify", "--store", store)
        #expect(told.ending == .exit(0))
        #expect(told.lines.last == "the store is sound")
        #expect(told.lines.count == 2)

        let segment = try #require(try segments().first)
        var bytes = try Data(contentsOf: segment)
        bytes[bytes.count / 2] ^= 0x01
        try bytes.write(to: segment)
        let damaged = try await tamis("verify", "--store", store)
        #expect(damaged.ending == .exit(1))
        #expect(damaged.lines.last == "the store is damaged")
        #expect(damaged.output.contains(segment.lastPathComponent))
        let json = try await tamis("verify", "--json", "--store", store)
        #expect(json.ending == .exit(1))
        #expect(try json.json()["sound"].bool == false)
    }

    @Test func feedsAreToldWithoutADaemon() async throws {
        let feeds = try await tamis("feeds", "--json", "--store", store).json()["feeds"].elements
        #expect(feeds.count == 8)
        let failing = feeds.filter { $0["health"].string == "failing" }
        #expect(failing.map(\.["id"].string) == ["brume"])
        #expect(failing[0]["last_failure"].string?.contains("HTML page, not a feed") == true)
        let table = try await tamis("feeds", "--store", store)
        #expect(table.lines.count == 9)
    }

    @Test func oneFeedIsToldInFull() async throws {
        let told = try await tamis("feeds", "echo", "--store", store)
        #expect(told.ending == .exit(0))
        #expect(told.output.contains("health    healthy"))
        let json = try await tamis("feeds", "echo", "--json", "--store", store).json()
        #expect(json["id"].string == "echo")
        let missing = try await tamis("feeds", "no-such", "--store", store)
        #expect(missing.ending == .exit(1))
        #expect(missing.errors == "tamis: there is no feed no-such: tamis feeds lists them\n")
    }

    @Test func requestsAreOnRecordForTheirHosts() async throws {
        let all = try await tamis("requests", "--json", "--store", store).jsonLines()
        let hosts = all.compactMap { $0["host"].string }
        let host = try #require(hosts.sorted().first)
        let count = hosts.count { $0 == host || $0.hasSuffix(".\(host)") }
        #expect(count > 0 && all.allSatisfy { $0["rule"].string?.isEmpty == false })
        let some = try await tamis("requests", "--json", "--host", host, "--store", store)
        #expect(try some.jsonLines().count == count)
        let csv = try await tamis("requests", "--csv", "--host", host, "--store", store)
        let rows = csv.output.split(separator: "\r\n")
        #expect(rows.count == count + 1)
        #expect(rows.first?.hasPrefix("at,host,purpose,sent,") == true)
        let none = try await tamis(
            "requests", "--host", "none.example", "--json", "--store", store)
        #expect(none.output.isEmpty)
    }

    @Test func articleThatIsNotThereEndsWith1() async throws {
        for command in ["show", "why", "new"] {
            let outcome = try await tamis(command, "ffffffff", "--store", store)
            #expect(outcome.ending == .exit(1))
            #expect(outcome.errors == "tamis: no article starts with ffffffff\n")
        }
    }

    @Test func narrowTerminalGetsNarrowTables() async throws {
        for command in ["articles", "feeds", "stories"] {
            let outcome = try await tamis(
                command, "--store", store, environment: ["COLUMNS": "20"])
            #expect(outcome.lines.allSatisfy { $0.unicodeScalars.count <= 20 })
        }
    }

    @Test func readerMayLeaveEarly() async throws {
        // More than a pipe holds, so that the program must notice.
        let whole = try await tamis("export", "--store", store)
        #expect(whole.output.utf8.count > 70_000)
        let child = try Program.start(["export", "--store", store], output: .firstLine)
        let ending = try await child.end()
        #expect(ending == .exit(0) || ending == .signal(13))
        #expect(child.errors == "")
        #expect(child.output.count { $0 == 0x0A } == 1)
    }

    @Test(arguments: ["articles", "export", "verify", "feeds", "stories"])
    func fullDiskIsNoticed(command: String) async throws {
        let outcome = try await tamis(command, "--store", store, output: .file("/dev/full"))
        #expect(outcome.ending == .exit(74))
        #expect(
            outcome.errors
                == "tamis: the output could not be written: No space left on device\n")
    }

    @Test func storeOfANewerVersionIsRefused() async throws {
        let header = folder.url("demo/store/store.json")
        let text = try String(contentsOf: header, encoding: .utf8)
        try text.replacing("\"format\":1,", with: "\"format\":9,")
            .write(to: header, atomically: false, encoding: .utf8)
        let configuration = "\(folder.path)/demo/tamis.toml"
        let before = try segments().map { try Data(contentsOf: $0) }
        for command in [
            ["run", "--config", configuration], ["once", "--config", configuration],
            ["verify", "--store", store], ["articles", "--store", store],
        ] {
            let child = try Program.start(command)
            #expect(try await child.end() == .exit(65), "\(command) \(child.errors)")
            #expect(child.errors.contains("has format 9, this program knows up to 1"))
        }
        #expect(try segments().map { try Data(contentsOf: $0) } == before)
    }

    // MARK: -

    private func id(of verdict: String) async throws -> String {
        let page = try await tamis(
            "articles", "--json", "--verdict", verdict, "--limit", "1", "--store", store
        ).json()
        return try #require(page["articles"][0]["id"].string)
    }

    private func segments() throws -> [URL] {
        let articles = folder.url("demo/store/articles")
        let found = FileManager.default.enumerator(at: articles, includingPropertiesForKeys: nil)
        return (found?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "jsonl" }
            .sorted { $0.path < $1.path }
    }

    private func expectNoControls(
        _ text: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(
            text.unicodeScalars.allSatisfy {
                $0 == "\n"
                    || $0.properties.generalCategory != .control
                        && $0.properties.generalCategory != .format
            }, sourceLocation: sourceLocation)
    }
}

private let csvHeading =
    "seq,id,feed,verdict,of,story,novelty,language,published,seen,stored,url,title,text"
