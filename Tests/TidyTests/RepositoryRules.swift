/// Rules that look at more than one file: that what is made is tested, explained and documented.
enum RepositoryRules {
    // MARK: - Targets

    /// `News` is tested by `NewsTests`, `tamis` by `TamisTests`.
    static func missingTests(targets: [String], testTargets: [String]) -> [Violation] {
        let untestable: Set = [
            // A module map over libcurl.
            "CCurl",
            // A hook that only a whole process can show; every test of the daemon runs on it.
            "CSwiftRuntime",
            // Measures; what it measures is tested where it lives.
            "tamis-bench",
        ]
        return targets.filter { !untestable.contains($0) }.compactMap { target in
            let name = target.prefix(1).uppercased() + target.dropFirst() + "Tests"
            return testTargets.contains(name)
                ? nil
                : Violation(path: "Tests/\(name)", line: 1, what: "\(target) has no tests")
        }
    }

    static func unexplained(targets: [String], architecture: String?) -> [Violation] {
        let path = "Sources/ARCHITECTURE.md"
        guard let architecture else {
            return [Violation(path: path, line: 1, what: "there is no such file")]
        }
        let words = Set(architecture.split { !isNameCharacter($0) }.map(String.init))
        return targets.filter { !words.contains($0) }.map {
            Violation(path: path, line: 1, what: "does not mention Sources/\($0)")
        }
    }

    private static func isNameCharacter(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "-" || character == "_"
    }

    // MARK: - Paths of somebody's machine

    private static let textEndings: Set = [
        "swift", "md", "toml", "opml", "service", "socket", "conf", "h", "modulemap", "txt", "json",
        "xml", "html", "yml", "sh", "",
    ]

    /// Files whose lines are looked at: text by their ending, or scripts without one.
    static func isText(_ path: String) -> Bool {
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return true }
        return textEndings.contains(String(name[name.index(after: dot)...]))
    }

    static func machinePaths(in text: String, of path: String) -> [Violation] {
        let folders = ["/wo" + "rk/", "/tmp" + "/w/"]
        guard folders.contains(where: text.contains) else { return [] }
        return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .filter { _, line in folders.contains { startsPath($0, in: line) } }
            .map { Violation(path: path, line: $0.offset + 1, what: "a path of one machine") }
    }

    /// Whether `folder` stands in the line as the start of a path, not inside of a longer one.
    private static func startsPath(_ folder: String, in line: Substring) -> Bool {
        line.ranges(of: folder).contains { range in
            guard range.lowerBound > line.startIndex else { return true }
            let before = line[line.index(before: range.lowerBound)]
            return !isNameCharacter(before) && before != "." && before != "/" && before != "}"
                && before != "~"
        }
    }

    // MARK: - Configuration

    /// The keys that the configuration file may have, as paths (`opml`, `store.path`,
    /// `feed[].url`): the raw values of `enum ConfigurationKey`.
    static func configurationKeys(in file: SwiftFile) -> [(key: String, line: Int)] {
        let code = file.code
        guard
            let keyword = code.indices.dropLast().first(where: {
                code[$0].isWord("enum") && code[$0 + 1].isWord("ConfigurationKey")
            }),
            let open = code[keyword...].firstIndex(where: { $0.isPunctuation("{") }),
            let close = Rules.closingBrace(of: open, in: code)
        else { return [] }
        return cases(in: code[open..<close])
    }

    /// `case a, b = "b_c"` gives `a` and `b_c`.
    private static func cases(in code: ArraySlice<Token>) -> [(key: String, line: Int)] {
        var keys: [(key: String, line: Int)] = []
        var isInCase = false
        var expectsName = false
        for token in code {
            if token.isWord("case") {
                (isInCase, expectsName) = (true, true)
            } else if isInCase, expectsName, token.kind == .word {
                keys.append((token.text.filter { $0 != "`" }, token.line))
                expectsName = false
            } else if isInCase, token.isPunctuation(",") {
                expectsName = true
            } else if isInCase, token.kind == .literal, !keys.isEmpty {
                keys[keys.count - 1].key = token.text
            } else if !token.isPunctuation("=") {
                isInCase = false
            }
        }
        return keys
    }

    /// Keys that the configuration does not show in their section as `key = …`, commented out or
    /// not.
    static func undocumented(
        _ keys: [(key: String, line: Int)], of path: String, in toml: String
    ) -> [Violation] {
        let shown = shownKeys(in: toml)
        return keys.filter { !shown.contains($0.key) }.map {
            Violation(
                path: path, line: $0.line,
                what: "key `\($0.key)` is not documented in config/tamis.toml")
        }
    }

    /// The paths of the assignments in a configuration, those in comments included. A section goes
    /// up to the next; a table of an array is written `feed[]`.
    static func shownKeys(in toml: String) -> Set<String> {
        var shown: Set<String> = []
        var section = ""
        for line in toml.split(separator: "\n") {
            let text = line.drop { $0 == "#" || $0 == " " || $0 == "\t" }
            if text.hasPrefix("[") {
                let name = text.drop { $0 == "[" }.prefix { $0 != "]" }
                section = name + (text.hasPrefix("[[") ? "[]." : ".")
            } else if let equals = text.firstRange(of: " = "),
                text[..<equals.lowerBound].allSatisfy(isNameCharacter)
            {
                shown.insert(section + text[..<equals.lowerBound])
            }
        }
        return shown
    }
}
