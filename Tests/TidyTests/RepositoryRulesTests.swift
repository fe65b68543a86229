internal import Testing

struct RepositoryRulesTests {
    @Test func targetsWithoutTestsAreFound() {
        let found = RepositoryRules.missingTests(
            targets: ["News", "CCurl", "tamis", "tamis-bench", "Markup"],
            testTargets: ["NewsTests", "TamisTests", "TestSupport"])
        #expect(found.map(\.path) == ["Tests/MarkupTests"])
    }

    @Test func unexplainedTargetsAreFound() {
        let text = "`News` and *tamis-bench*; Marking up is not told."
        let found = RepositoryRules.unexplained(
            targets: ["News", "Markup", "tamis", "tamis-bench"], architecture: text)
        #expect(found.map(\.what) == ["Markup", "tamis"].map { "does not mention Sources/\($0)" })
        #expect(RepositoryRules.unexplained(targets: [], architecture: nil).count == 1)
    }

    @Test func machinePathsAreFound() {
        let folder = "/wo" + "rk/"
        let text = """
            see \(folder)shared/x
            https://site.example\(folder)shared
            a folder net\(folder)shared
            "\("/tmp" + "/w/")news"
            """
        let found = RepositoryRules.machinePaths(in: text, of: "README.md")
        #expect(found.map(\.line) == [1, 4])
    }

    @Test(arguments: [
        ("README.md", true), ("deploy/test", true), (".ci/run", true), ("a.tar.gz", false),
        (".gitignore", true), ("Sources/A.swift", true), ("photo.png", false),
    ])
    func textIsToldByItsEnding(path: String, isText: Bool) {
        #expect(RepositoryRules.isText(path) == isText)
    }

    @Test func configurationKeysAreTheCasesOfKeyEnums() {
        let file = SwiftFile(
            path: "Sources/tamis/ConfigurationFile.swift",
            text: """
                struct ConfigurationFile: Decodable {
                    enum CodingKeys: String, CodingKey {
                        case store, feeds
                        // The name on disk.
                        case bodyBytesMax = "body_bytes_max", `default`
                    }
                    enum Mode: String { case fast }
                }
                enum FeedKeys: String, CodingKey { case id = "feed_id" }
                """)
        let keys = RepositoryRules.configurationKeys(in: [file])
        #expect(keys.map(\.key) == ["store", "feeds", "body_bytes_max", "default", "feed_id"])
        #expect(keys.map(\.line) == [3, 3, 5, 5, 9])
    }

    @Test func keysAreDocumentedAsAssignmentsOrTables() {
        let toml = """
            # Where it is kept: plain and dotted are only spoken of here.
            store = "/var/lib/x"   # and feeds
            # interval = "30m"
            [fetch.limits]
            # [[feed]]
            network.port = 1
            """
        let names = [
            "store", "interval", "fetch", "limits", "feed", "network", "port", "plain", "feeds",
        ]
        let keys = names.enumerated().map { (key: $1, line: $0, path: "x.swift") }
        let missing = RepositoryRules.undocumented(keys, in: toml)
        #expect(missing.map(\.line) == [7, 8])
    }
}
