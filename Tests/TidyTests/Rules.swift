/// The house rules that one Swift file can be judged by: each takes a file and tells what is wrong
/// with it, where.
enum Rules {
    static let fileLinesMax = 600
    static let fileLinesUsual = 450
    static let functionLinesMax = 70
    static let lineColumnsMax = 100

    // MARK: - Size

    static func fileLength(_ file: SwiftFile) -> [Violation] {
        guard file.lines.count > fileLinesMax else { return [] }
        return [
            file.violation(
                line: fileLinesMax + 1, "\(file.lines.count) lines, at most \(fileLinesMax)")
        ]
    }

    /// At most one file in twenty may be longer than is usual.
    static func usualFileLength(_ files: [SwiftFile]) -> [Violation] {
        let long = files.filter { $0.lines.count > fileLinesUsual }
        guard long.count * 20 > files.count else { return [] }
        return long.map {
            $0.violation(
                line: fileLinesUsual + 1,
                "one of \(long.count) files over \(fileLinesUsual) lines, of \(files.count)")
        }
    }

    static func lineLength(_ file: SwiftFile) -> [Violation] {
        file.lines.enumerated().filter { $0.element.count > lineColumnsMax }.map {
            file.violation(
                line: $0.offset + 1, "\($0.element.count) columns, at most \(lineColumnsMax)")
        }
    }

    static func functionLength(_ file: SwiftFile) -> [Violation] {
        bodies(in: file.code).filter { $0.lines > functionLinesMax }.map {
            file.violation(
                line: $0.line, "\($0.name) has \($0.lines) lines, at most \(functionLinesMax)")
        }
    }

    struct Body: Hashable {
        var name: String
        var line: Int
        var lines: Int
    }

    /// The functions, initialisers, subscripts and computed properties of a file, from the line of
    /// their keyword to that of their closing brace.
    static func bodies(in code: [Token]) -> [Body] {
        var bodies: [Body] = []
        for (index, token) in code.enumerated() where token.kind == .word {
            let isMember = index > 0 && code[index - 1].isPunctuation(".")
            guard ["func", "init", "deinit", "subscript", "var"].contains(token.text), !isMember,
                let open = openingBrace(after: index, in: code),
                let close = closingBrace(of: open, in: code)
            else { continue }
            let hasName = token.text == "func" || token.text == "var"
            bodies.append(
                Body(
                    name: hasName && index + 1 < code.count ? code[index + 1].text : token.text,
                    line: token.line, lines: code[close].line - token.line + 1))
        }
        return bodies
    }

    private static let declarationStarts: Set = [
        "func", "var", "let", "init", "deinit", "subscript", "case", "static", "struct", "class",
        "enum", "actor", "protocol", "extension", "associatedtype", "typealias", "mutating",
        "nonisolated", "package", "public", "private", "fileprivate", "internal", "return",
    ]

    /// The brace that opens the body of the declaration at `index`; nil when it has none: a
    /// requirement of a protocol, a stored property, a call of `self.init`.
    private static func openingBrace(after index: Int, in code: [Token]) -> Int? {
        var depth = 0
        for next in (index + 1)..<max(code.count, index + 1) {
            let token = code[next]
            if token.kind == .word {
                if depth == 0, declarationStarts.contains(token.text) { return nil }
            } else if token.kind == .punctuation {
                switch token.text {
                case "(", "[": depth += 1
                case ")", "]":
                    depth -= 1
                    if depth < 0 { return nil }
                case "{":
                    // A property's body opens on its own line; a later brace is another's.
                    let isElsewhere = code[index].text == "var" && token.line > code[index].line
                    if depth == 0 { return isElsewhere ? nil : next }
                case "}": if depth == 0 { return nil }
                case "=":
                    // A stored property; `func ==` has a body all the same.
                    if depth == 0, code[index].text == "var" { return nil }
                default: break
                }
            }
        }
        return nil
    }

    static func closingBrace(of open: Int, in code: [Token]) -> Int? {
        var depth = 0
        for index in open..<code.count {
            if code[index].isPunctuation("{") { depth += 1 }
            if code[index].isPunctuation("}") {
                depth -= 1
                if depth == 0 { return index }
            }
        }
        return nil
    }

    // MARK: - Words

    /// Where `phrase`, itself Swift, occurs in the code of a file. Spaces do not matter but before
    /// `!`, where they tell `try !a` from `try! a`.
    static func lines(of phrase: String, in code: [Token]) -> [Int] {
        let wanted = Lexer.tokens(of: phrase).map(\.text)
        guard let first = wanted.first, wanted.count <= code.count else { return [] }
        return code.indices.dropLast(wanted.count - 1).filter { index in
            code[index].text == first && code[index].kind != .literal
                && zip(wanted, code[index...]).allSatisfy { text, token in
                    token.text == text && (text != "!" || token.isJoined)
                }
        }.map { code[$0].line }
    }

    static func phrases(
        _ phrases: [String], in file: SwiftFile, because reason: String
    ) -> [Violation] {
        phrases.flatMap { phrase in
            lines(of: phrase, in: file.code).map {
                file.violation(line: $0, "`\(phrase)`: \(reason)")
            }
        }
    }

    static func crashes(_ file: SwiftFile) -> [Violation] {
        phrases(
            ["try!", "as!", "fatalError", "nonisolated(unsafe)", "unsafelyUnwrapped"], in: file,
            because: "nothing from outside may end the daemon or race in it")
    }

    static func uncheckedSendables(_ file: SwiftFile) -> [Violation] {
        phrases(["@unchecked Sendable"], in: file, because: "one file at most, with its reason")
    }

    static func prints(_ file: SwiftFile) -> [Violation] {
        guard file.isSource, !["tamis", "tamis-bench"].contains(file.target) else { return [] }
        return phrases(["print("], in: file, because: "only the command line speaks")
    }

    static func globalQueues(_ file: SwiftFile) -> [Violation] {
        phrases(
            ["DispatchQueue.global"], in: file,
            because: "shared by the whole process; run on a lane instead")
    }

    static let clockOwners: Set = ["Isolation", "Ingestion", "tamis", "tamis-bench"]

    static func clocks(_ file: SwiftFile) -> [Violation] {
        guard file.isSource, !clockOwners.contains(file.target) else { return [] }
        return phrases(
            [
                "Date()", "Date.now", "DispatchTime.now", "DispatchWallTime.now",
                "ContinuousClock", "SuspendingClock", "clock_gettime", "gettimeofday", "time(nil)",
            ], in: file, because: "`now` is a parameter here")
    }

    static let pureTargets: Set = [
        "News", "Markup", "FeedParsing", "PageExtraction", "Deduplication",
    ]

    static func impurities(_ file: SwiftFile) -> [Violation] {
        guard file.isSource, pureTargets.contains(file.target) else { return [] }
        return phrases(
            [
                "FileManager", "FileHandle", "ProcessInfo", "URLSession", "UserDefaults", "Bundle",
                "Thread", "Locale.current", "TimeZone.current", "SystemRandomNumberGenerator",
                "randomElement()", "shuffled()", "getenv", "Data(contentsOf:",
                "String(contentsOf:",
            ], in: file, because: "a pure target has no disk, network, chance or environment")
    }

    /// Calls of the system's functions that sleep, not of methods of the same name that a type of
    /// ours has.
    static func sleeps(_ file: SwiftFile) -> [Violation] {
        guard file.isTest else { return [] }
        let functions: Set = ["sleep", "usleep", "nanosleep"]
        // The closing bracket is that of `Task<Never, Never>`.
        let owners: Set = ["Task", "Thread", "Glibc", "Foundation", ">"]
        let code = file.code
        let calls = code.indices.dropLast().filter { index in
            guard code[index].kind == .word, functions.contains(code[index].text),
                code[index + 1].isPunctuation("(")
            else { return false }
            guard index > 0 else { return true }
            if code[index - 1].isWord("func") { return false }
            return !code[index - 1].isPunctuation(".")
                || index > 1 && owners.contains(code[index - 2].text)
        }
        let reason = "tests wait for events, not for time"
        return calls.map { file.violation(line: code[$0].line, "`\(code[$0].text)(`: \(reason)") }
            + phrases(
                ["ContinuousClock().sleep(", "SuspendingClock().sleep("], in: file, because: reason)
    }

    /// Names of things that say nothing of what they are.
    static func emptyNames(_ file: SwiftFile) -> [Violation] {
        let endings = ["Util", "Utils", "Helper", "Helpers", "Manager"]
        func isEmpty(_ name: String) -> Bool {
            endings.contains { name.hasSuffix($0) || name.hasSuffix($0.lowercased()) }
        }
        var violations: [Violation] = []
        let stem = (file.path.split(separator: "/").last ?? "").prefix { $0 != "." && $0 != "+" }
        if isEmpty(String(stem)) { violations.append(file.violation(line: 1, "names no noun")) }
        let code = file.code
        let keywords = ["struct", "class", "enum", "actor", "protocol", "func", "typealias"]
        for (index, token) in code.enumerated().dropLast()
        where token.kind == .word && keywords.contains(token.text) {
            let name = code[index + 1]
            if name.kind == .word, isEmpty(name.text) {
                violations.append(file.violation(line: name.line, "\(name.text) names no noun"))
            }
        }
        return violations
    }

    /// Notes to oneself, in code or in comments.
    static func unfinished(_ file: SwiftFile) -> [Violation] {
        let marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X"]
        return file.lines.enumerated().flatMap { offset, line in
            marks.filter { hasWord($0, in: line) }.map {
                file.violation(line: offset + 1, "\($0): finish it or leave it out")
            }
        }
    }

    private static func hasWord(_ word: String, in line: Substring) -> Bool {
        line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.contains { $0 == word }
    }
}
