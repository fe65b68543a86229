internal import Foundation

/// The files of this checkout, found from where this file was compiled.
struct Checkout: Sendable {
    let root: URL
    /// Every file but those of git, of builds and of editors; paths relative to the root, sorted.
    let paths: [String]
    /// The Swift sources among them, read and lexed.
    let swiftFiles: [SwiftFile]

    static let this = Checkout(
        root: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent())

    init(root: URL) {
        self.root = root
        var paths: [String] = []
        let base = root.path(percentEncoded: false)
        let walk = FileManager.default.enumerator(atPath: base)
        while let path = walk?.nextObject() as? String {
            let name = path.split(separator: "/").last ?? ""
            if name == ".git" || name.hasPrefix(".build") {
                walk?.skipDescendants()
            } else if walk?.fileAttributes?[.type] as? FileAttributeType == .typeRegular {
                paths.append(path)
            }
        }
        self.paths = paths.sorted()
        swiftFiles = self.paths.filter { $0.hasSuffix(".swift") }.compactMap { path in
            (try? String(contentsOf: root.appending(path: path), encoding: .utf8)).map {
                SwiftFile(path: path, text: $0)
            }
        }
    }

    /// A file's text; nil when it is missing or not UTF-8.
    func text(of path: String) -> String? {
        try? String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    var sources: [SwiftFile] { swiftFiles.filter { $0.path.hasPrefix("Sources/") } }
    var tests: [SwiftFile] { swiftFiles.filter { $0.path.hasPrefix("Tests/") } }

    /// The folders right under `Sources`, by name.
    var targets: [String] { folders(under: "Sources") }
    var testTargets: [String] { folders(under: "Tests") }

    private func folders(under folder: String) -> [String] {
        let parts = paths.map { $0.split(separator: "/") }
        return Set(parts.filter { $0.count > 2 && $0[0] == folder }.map { String($0[1]) }).sorted()
    }
}

/// One Swift source file.
struct SwiftFile: Sendable {
    /// Relative to the root of the checkout.
    let path: String
    let lines: [Substring]
    let tokens: [Token]
    /// What is not a comment.
    let code: [Token]

    init(path: String, text: String) {
        self.path = path
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last == "" { lines.removeLast() }
        self.lines = lines
        tokens = Lexer.tokens(of: text)
        code = tokens.filter { !$0.isComment }
    }

    /// The folder under `Sources` or `Tests`.
    var target: String {
        let parts = path.split(separator: "/")
        return parts.count > 2 ? String(parts[1]) : ""
    }
    var isSource: Bool { path.hasPrefix("Sources/") }
    var isTest: Bool { path.hasPrefix("Tests/") }

    func violation(line: Int, _ what: String) -> Violation {
        Violation(path: path, line: line, what: what)
    }
}

/// A broken rule and where.
struct Violation: Hashable, Sendable, CustomStringConvertible {
    var path: String
    var line: Int
    var what: String

    var description: String { "\(path):\(line): \(what)" }
}

/// Violations as a failure's text shows them, one a line.
func listed(_ violations: [Violation]) -> String {
    "\n" + violations.map(\.description).joined(separator: "\n")
}
