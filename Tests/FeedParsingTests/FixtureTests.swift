import FeedParsing
import Foundation
import News
import Testing

/// Whole documents and all that is read from them. Each folder of `Fixtures` holds `input`,
/// `expected.json` and the one reason why it is there in `why.txt`. With `TAMIS_RECORD=1` the
/// expectations are written anew, and the run fails.
struct FixtureTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures")

    static var cases: [String] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        return (names ?? []).filter { !$0.hasPrefix(".") }.sorted()
    }

    @Test func thereAreFixtures() { #expect(Self.cases.count >= 5) }

    @Test(arguments: cases)
    func documentGivesWhatIsExpected(name: String) throws {
        let place = Self.folder.appendingPathComponent(name)
        let body = try Data(contentsOf: place.appendingPathComponent("input"))
        let reason = try String(
            contentsOf: place.appendingPathComponent("why.txt"), encoding: .utf8)
        #expect(reason.split(separator: "\n").count == 1)
        let result = Result { () throws(FeedError) in
            try parseFeed(
                Array(body), from: HTTPURL("https://feeds.example/\(name)/feed"), declared: nil)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let given = String(decoding: try encoder.encode(FeedInspection(result)), as: UTF8.self)
        let golden = place.appendingPathComponent("expected.json")
        if ProcessInfo.processInfo.environment["TAMIS_RECORD"] == "1" {
            try Data((given + "\n").utf8).write(to: golden)
            Issue.record("\(name) was recorded")
            return
        }
        let expected = try String(contentsOf: golden, encoding: .utf8)
        #expect(given + "\n" == expected)
    }
}
