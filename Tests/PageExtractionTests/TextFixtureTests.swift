import Foundation
import News
import PageExtraction
import Testing

/// Each folder of `Fixtures/text` holds a document as users keep them, why it is there, and what is
/// read from it. `TAMIS_RECORD_FIXTURES=1` writes the expectations anew and fails the run.
@Suite struct TextFixtureTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/text")

    static func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    @Test func thereAreFixtures() throws {
        #expect(try Self.names().count >= 3)
    }

    @Test(arguments: try names())
    func documentIsReadAsExpected(name: String) throws {
        let folder = Self.folder.appending(path: name)
        let input = try String(contentsOf: folder.appending(path: "input.txt"), encoding: .utf8)
        let dialect = textDialect(of: input)
        let found = Self.written(extractText(input, dialect: dialect, from: nil), dialect)
        let file = folder.appending(path: "expected.txt")
        if ProcessInfo.processInfo.environment["TAMIS_RECORD_FIXTURES"] == "1" {
            try found.write(to: file, atomically: true, encoding: .utf8)
            Issue.record("recorded \(name)")
            return
        }
        let expected = try String(contentsOf: file, encoding: .utf8)
        let (lines, wanted) = (
            found.split(separator: "\n").map(String.init),
            expected.split(separator: "\n").map(String.init)
        )
        #expect(lines == wanted, "\(lines.difference(from: wanted))")
    }

    private static func written(_ extraction: Extraction, _ dialect: TextDialect) -> String {
        var lines = [
            "dialect: \(dialect)", "title: \(extraction.title ?? "-")",
            "published: \(extraction.published?.day ?? "-")",
            "authors: \(extraction.authors.joined(separator: ", "))",
        ]
        lines += extraction.blocks.map { "\($0.kind): \($0.text)" }
        lines += extraction.dropped.map { "dropped as \($0.reason): \($0.text)" }
        return lines.joined(separator: "\n") + "\n"
    }
}
