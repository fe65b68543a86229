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

    @Test func configurationKeysAreRawValues() {
        let file = SwiftFile(
            path: "A.swift",
            text: """
                enum OtherKey: String { case no = "not.this" }
                enum ConfigurationKey: String, CaseIterable {
                    case opml
                    // Where it lives.
                    case storePath = "store.path", `default`

                    case feedURL = "feed[].url"
                    var isFeed: Bool {
                        switch self {
                        case .feedURL: true
                        default: false
                        }
                    }
                }
                enum Mode: String { case fast }
                """)
        let keys = RepositoryRules.configurationKeys(in: file)
        #expect(keys.map(\.key) == ["opml", "store.path", "default", "feed[].url"])
        #expect(keys.map(\.line) == [3, 5, 5, 7])
        let other = SwiftFile(path: "A.swift", text: "enum FeedKeys: String { case id }")
        #expect(RepositoryRules.configurationKeys(in: other).isEmpty)
    }

    @Test func keysAreDocumentedInTheirOwnSection() {
        let toml = """
            # The path is spoken of only, and so is listen=.
            # opml = ["a.opml"]   # and retries = 2
            [store]
            # path = "/var/lib/x"
            mode = "0660"
            [status]
            # listen = "127.0.0.1:80"
            # [[feed]]
            # url = "https://site.example/"   # its address
            """
        let names = [
            "opml", "store.path", "store.mode", "status.listen", "feed[].url",
            "path", "retries", "store.opml", "store.listen", "status.path", "status.url",
            "feed.url", "listen",
        ]
        let keys = names.enumerated().map { (key: $1, line: $0) }
        let missing = RepositoryRules.undocumented(keys, of: "A.swift", in: toml)
        #expect(missing.map(\.line) == Array(5..<names.count))
    }
}
