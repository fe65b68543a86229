internal import Testing

/// Each rule finds what it is for in a text made to break it, and nothing in one that does not.
struct RulesTests {
    private func source(_ text: String, at path: String = "Sources/News/A.swift") -> SwiftFile {
        SwiftFile(path: path, text: text)
    }

    // MARK: - Size

    @Test func fileLengthCountsLines() {
        let lines = String(repeating: "// a\n", count: Rules.fileLinesMax)
        #expect(Rules.fileLength(source(lines)).isEmpty)
        #expect(Rules.fileLength(source(lines + "\n")).map(\.line) == [Rules.fileLinesMax + 1])
    }

    @Test func oneFileInTwentyMayBeLonger() {
        let long = source(String(repeating: "\n", count: Rules.fileLinesUsual + 1))
        let short = Array(repeating: source("\n"), count: 19)
        #expect(Rules.usualFileLength([long] + short).isEmpty)
        #expect(Rules.usualFileLength([long] + short.dropLast()).count == 1)
    }

    @Test func lineLengthCountsCharacters() {
        let fits = String(repeating: "é", count: Rules.lineColumnsMax)
        #expect(Rules.lineLength(source(fits)).isEmpty)
        #expect(Rules.lineLength(source("\n" + fits + "é")).map(\.line) == [2])
    }

    @Test func functionLengthCountsFromKeywordToBrace() {
        func function(lines: Int) -> String {
            "struct A {\n    func b(\n        _ c: () -> Void = {}\n    ) {\n"
                + String(repeating: "        d { e }\n", count: lines - 4) + "    }\n}\n"
        }
        #expect(Rules.functionLength(source(function(lines: Rules.functionLinesMax))).isEmpty)
        let found = Rules.functionLength(source(function(lines: Rules.functionLinesMax + 1)))
        #expect(found.map(\.line) == [2])
    }

    @Test func bodiesAreFoundWhereThereAreSome() {
        let text = """
            protocol P {
                func none(_ a: Int) -> [Int]
                var requirement: Int { get }
            }
            struct S {
                var stored: @Sendable () -> Void
                var initialised = { 1 }()
                enum E { case a }
                var computed: Int {
                    1
                }
                init?(_ text: String) throws(E) {
                    self.init(brace: "{")
                }
                static func == (a: S, b: S) -> Bool { true }
                subscript(index: Int) -> Int {
                    index
                }
            }
            """
        let bodies = Rules.bodies(in: source(text).code)
        #expect(
            bodies.map(\.name) == ["requirement", "computed", "init", "=", "subscript"])
        #expect(bodies.map(\.lines) == [1, 3, 3, 1, 3])
    }

    // MARK: - Words

    @Test(arguments: [
        ("let a = try! b()", Rules.crashes), ("let a = b as! C", Rules.crashes),
        ("default: fatalError(\"x\")", Rules.crashes),
        ("nonisolated(unsafe) var a = 1", Rules.crashes),
        ("let a = \"\\(try! b())\"", Rules.crashes),
        ("final class A: @unchecked Sendable {}", Rules.uncheckedSendables),
        ("print(a)", Rules.prints),
        ("DispatchQueue.global().async {}", Rules.globalQueues),
        ("let a = Date()", Rules.clocks), ("let a = Date.now", Rules.clocks),
        ("let a = DispatchTime.now() + 1", Rules.clocks),
        ("let a = FileManager.default", Rules.impurities),
        ("let a = b.randomElement()", Rules.impurities),
        ("struct FeedManager {}", Rules.emptyNames), ("func parseHelper() {}", Rules.emptyNames),
        ("let a = 1 // TO" + "DO: b", Rules.unfinished), ("/// FIX" + "ME", Rules.unfinished),
    ])
    func aBrokenRuleIsFound(text: String, rule: @Sendable (SwiftFile) -> [Violation]) {
        let found = rule(source("let before = 1\n" + text + "\n"))
        #expect(found.map(\.line) == [2], "\(text): \(found)")
    }

    @Test(arguments: [
        "let a = try b()", "let a = try !b()", "let a = \"try! b\"", "// try! b", "let a = b as? C",
        "a.printed(b)",
        "let now = Date(timeIntervalSince1970: 0)", "let a = FileManagers", "let a: Dated.nowhere",
        "struct Management {}", "final class A: Sendable {}", "let method = \"TO\" + \"DO\"",
        "let a = b.shuffled(using: &generator)",
    ])
    func whatOnlyLooksLikeItIsNot(text: String) {
        let rules = [
            Rules.crashes, Rules.uncheckedSendables, Rules.prints, Rules.globalQueues,
            Rules.clocks, Rules.impurities, Rules.emptyNames, Rules.unfinished,
        ]
        let found = rules.flatMap { $0(source(text)) }
        #expect(found.isEmpty, "\(found)")
    }

    @Test func privilegesBelongToTheirOwners() {
        let text = "print(Date.now)"
        #expect(Rules.prints(source(text, at: "Sources/tamis/A.swift")).isEmpty)
        #expect(Rules.clocks(source(text, at: "Sources/tamis/A.swift")).isEmpty)
        #expect(Rules.clocks(source(text, at: "Sources/Fetching/A.swift")).count == 1)
        #expect(Rules.prints(source(text, at: "Tests/NewsTests/A.swift")).isEmpty)
        #expect(
            Rules.impurities(source("FileManager.default", at: "Sources/ArticleStore/A.swift"))
                .isEmpty)
    }

    @Test func sleepsAreSoughtInTestsAlone() {
        let text = "try await Task.sleep(for: .seconds(1))\nusleep(5)"
        #expect(Rules.sleeps(source(text, at: "Tests/NewsTests/A.swift")).map(\.line) == [1, 2])
        #expect(Rules.sleeps(source(text)).isEmpty)
    }

    @Test(arguments: [
        ("sleep(1)", true), ("Glibc.sleep(1)", true), ("Thread.sleep(forTimeInterval: 1)", true),
        ("await Task<Never, Never>.sleep(1)", true), ("nanosleep(&a, nil)", true),
        ("try await ContinuousClock().sleep(for: a)", true), ("await bench.sleep()", false),
        ("func sleep() async {}", false), ("let a = sleep", false), ("asleep(1)", false),
    ])
    func sleepsAreCallsOfTheSystems(text: String, isFound: Bool) {
        let found = Rules.sleeps(source(text, at: "Tests/NewsTests/A.swift"))
        #expect(found.count == (isFound ? 1 : 0))
    }

    @Test func fileNamesAreNames() {
        #expect(Rules.emptyNames(source("", at: "Sources/News/URL+Utils.swift")).count == 0)
        #expect(Rules.emptyNames(source("", at: "Sources/News/Utils.swift")).count == 1)
        #expect(Rules.emptyNames(source("", at: "Sources/News/TestHelpers.swift")).count == 1)
    }

    // MARK: - Imports

    @Test func importsAreReadInEveryForm() {
        let text = """
            import A
            package import B
            internal import struct C.D
            @preconcurrency public import E
            #if canImport(F)
            private import F
            #endif
            let a = "import G"  // import H
            """
        let imports = ImportRule.imports(in: source(text).code)
        #expect(imports.map(\.module) == ["A", "B", "C", "E", "F"])
        #expect(imports.map(\.line) == [1, 2, 3, 4, 6])
    }

    @Test(arguments: [
        ("News", "Markup"), ("Markup", "News"), ("FeedParsing", "Dispatch"),
        ("Deduplication", "Glibc"), ("ArticleStore", "Dispatch"), ("ControlAPI", "ArticleStore"),
        ("Ingestion", "CCurl"), ("NobodyKnows", "News"),
    ])
    func aTargetMayNotImportWhatStandsBesideOrAboveIt(target: String, module: String) {
        let file = source("\ninternal import \(module)", at: "Sources/\(target)/A.swift")
        #expect(ImportRule.violations(in: file).map(\.line) == [2])
    }

    @Test(arguments: [
        ("FeedParsing", "Markup"), ("Fetching", "CCurl"), ("ControlAPI", "NIOHTTP1"),
        ("tamis", "TOMLKit"), ("Ingestion", "ArticleStore"), ("Ingestion", "Markup"),
        ("Ingestion", "Glibc"),
    ])
    func aTargetMayImportWhatStandsBelowIt(target: String, module: String) {
        let file = source("internal import \(module)", at: "Sources/\(target)/A.swift")
        #expect(ImportRule.violations(in: file).isEmpty)
    }

    // MARK: - Documentation

    @Test func undocumentedDeclarationsAreFound() {
        let text = """
            package struct A {
                package func b() {}
                @discardableResult
                package static func c() -> Int { 1 }
                /// Documented.
                package init?(d: Int) { nil }
                package init(e: Int) throws(E) {}
                public final class F {}
                nonisolated(nonsending)
                    package func g() async {}
            }
            // No documentation.
            package enum G {}
            """
        #expect(
            DocumentationRule.violations(in: source(text)).map(\.line) == [1, 2, 4, 7, 8, 10, 13])
    }

    @Test func documentedDeclarationsAndObviousOnesAreNot() {
        let text = """
            package import News
            /// A.
            package struct A: Codable {
                package var b: Int
                package private(set) var c: Int
                package init(b: Int) {}
                package init(e: () throws -> Int) {}
                package init(from decoder: any Decoder) throws {}
                package func encode(to encoder: any Encoder) throws {}
                package static func < (a: A, b: A) -> Bool { true }
                /// D.
                @available(*, deprecated, message: "e (f)")
                @discardableResult
                package static func d() -> Int { 1 }
                /// F.
                nonisolated(nonsending)
                    package func f() async {}
                enum CodingKeys: String, CodingKey { case b }
                func inside() {}
            }
            """
        #expect(DocumentationRule.violations(in: source(text)).isEmpty)
    }
}
