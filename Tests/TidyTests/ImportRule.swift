/// Which target may import which module: the floors of Sources/ARCHITECTURE.md, and for each target
/// the system's modules that its privilege needs.
enum ImportRule {
    private static let foundation: Set = ["Foundation", "FoundationEssentials"]
    private static let system: Set = ["Dispatch", "Glibc", "Musl", "Synchronization"]
    private static let nio: Set = ["NIOCore", "NIOPosix", "NIOHTTP1"]

    static let allowed: [String: Set<String>] = [
        // Floor 1
        "News": foundation.union(["Crypto"]),
        "Markup": foundation,
        "Isolation": foundation.union(system).union(["CSwiftRuntime"]),
        // Floor 2
        "FeedParsing": foundation.union(["News", "Markup"]),
        "PageExtraction": foundation.union(["News", "Markup"]),
        "Deduplication": foundation.union(["News"]),
        "ArticleStore": foundation.union(["News", "Glibc", "Musl"]),
        "Fetching": foundation.union(system).union(["News", "Markup", "Isolation", "CCurl"]),
        "ControlAPI": foundation.union(system).union(nio).union(["News"]),
        // Floor 3
        // It owns the clock, which Glibc reads.
        "Ingestion": foundation.union([
            "News", "Markup", "Isolation", "FeedParsing", "PageExtraction", "Deduplication",
            "ArticleStore", "Fetching", "ControlAPI", "Dispatch", "Glibc", "Synchronization",
        ]),
        // Floor 4
        "tamis": foundation.union(system).union([
            "News", "Isolation", "FeedParsing", "PageExtraction", "Deduplication",
            "ArticleStore", "Fetching", "ControlAPI", "Ingestion", "ArgumentParser", "Logging",
            "TOMLKit",
        ]),
        "tamis-bench": foundation.union(system).union([
            "News", "Isolation", "FeedParsing", "PageExtraction", "Deduplication", "ArticleStore",
            "Fetching", "Ingestion",
        ]),
    ]

    static func violations(in file: SwiftFile) -> [Violation] {
        guard file.isSource else { return [] }
        let imports = imports(in: file.code)
        guard let allowed = allowed[file.target] else {
            return imports.prefix(1).map {
                file.violation(
                    line: $0.line, "target \(file.target) is not in the table of imports")
            }
        }
        return imports.filter { !allowed.contains($0.module) }.map {
            file.violation(line: $0.line, "\(file.target) may not import \($0.module)")
        }
    }

    /// The modules that a file imports, `import struct A.B` counting as A.
    static func imports(in code: [Token]) -> [(module: String, line: Int)] {
        let kinds: Set = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
        return code.indices.compactMap { index in
            guard code[index].isWord("import"), index + 1 < code.count,
                index == 0 || !code[index - 1].isPunctuation(".")
            else { return nil }
            var name = index + 1
            if kinds.contains(code[name].text), name + 1 < code.count { name += 1 }
            return (code[name].text, code[index].line)
        }
    }
}
