internal import Foundation
internal import News
internal import Testing

@testable internal import tamis

/// `config/tamis.toml` is the manual of the settings: it names all of them and tells no lies.
///
/// In it `# key = value` shows a default, and `#   key = value`, further in, an example.
struct ManualTests {
    private static let checkout = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    private let manual: String

    init() throws {
        manual = try String(
            contentsOf: Self.checkout.appending(path: "config/tamis.toml"), encoding: .utf8)
    }

    @Test func everyKeyIsShown() throws {
        let shown = Set(lines(uncommenting: .examples).compactMap(\.key))
        for key in ConfigurationKey.allCases { #expect(shown.contains(key.rawValue)) }
        #expect(shown.count == ConfigurationKey.allCases.count)
    }

    @Test func theFileAsItIsHasNoMistake() throws {
        let configuration = try Configuration.read(
            Self.checkout.appending(path: "config/tamis.toml").path)
        #expect(configuration.feeds.isEmpty)
    }

    @Test func defaultsAreTheDefaults() throws {
        let uncommented = lines(uncommenting: .defaults)
        #expect(uncommented.count { $0.wasComment } > 30)
        let shown = try Configuration.parse(
            uncommented.map(\.text).joined(separator: "\n"), name: "shown", folder: "/")
        let silent = try Configuration.parse("", name: "silent", folder: "/")
        let told = (dumped(shown), dumped(silent))
        #expect(told.0 == told.1, "\(difference(told.0, told.1))")
    }

    @Test func examplesAreValid() throws {
        let folder = try TemporaryFolder()
        let list = try folder.write("<opml version=\"2.0\"><body/></opml>", to: "feeds.opml")
        let login = try folder.write("me:secret\n", to: "login")
        let text = lines(uncommenting: .examples).map(\.text).joined(separator: "\n")
            .replacing("\"feeds.opml\"", with: "\"\(list)\"")
            .replacing("\"/srv/corpus\"", with: "\"\(folder.path)\"")
            .replacing("\"example-login\"", with: "\"\(login)\"")
        let configuration = try Configuration.parse(text, name: "examples", folder: "/")
        #expect(configuration.feeds.map(\.id.description) == ["example"])
    }

    /// Without it, `ConfigurationTests` would be the only place where the list can be read.
    @Test func listOfRealFeedsHasNoMistake() throws {
        let path = Self.checkout.appending(path: "config/feeds.opml").path
        let configuration = try Configuration.parse(
            "opml = \"\(path)\"", name: "list", folder: "/")
        #expect(configuration.feeds.count > 10)
        #expect(configuration.feeds.allSatisfy { $0.title != nil })
    }

    // MARK: -

    private enum Choice { case defaults, examples }

    private struct Line {
        let text: String
        let wasComment: Bool
        /// The key as `ConfigurationKey` writes it; nil for a line without one.
        let key: String?
    }

    /// The lines of the manual; defaults, or defaults and examples, made into settings.
    private func lines(uncommenting choice: Choice) -> [Line] {
        var table = ""
        return manual.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let isComment = line.hasPrefix("# ")
            let inner = line.drop { $0 == "#" || $0 == " " }
            let isExample = line.hasPrefix("#  ")
            let name = inner.prefix { $0.isASCII && ($0.isLetter || $0 == "_") }
            let isSetting = !name.isEmpty && inner.dropFirst(name.count).hasPrefix(" = ")
            let isTable = inner.hasPrefix("[") && inner.hasSuffix("]")
            let isWanted = isSetting || isTable
            guard isWanted, !isComment || !isExample || choice == .examples else {
                return Line(text: String(line), wasComment: false, key: nil)
            }
            if isTable {
                table =
                    inner.filter { $0 != "[" && $0 != "]" } + (inner.hasPrefix("[[") ? "[]" : "")
            }
            let key = table.isEmpty ? String(name) : "\(table).\(name)"
            return Line(
                text: isComment ? String(inner) : String(line), wasComment: isComment,
                key: isSetting ? key : nil)
        }
    }

    /// The lines of two texts that stand in one of them alone.
    private func difference(_ first: String, _ second: String) -> String {
        let lines = (first.split(separator: "\n"), second.split(separator: "\n"))
        return lines.0.difference(from: lines.1).map { "\($0)" }.joined(separator: "\n")
    }
}
