import ControlAPI
import Foundation
import FoundationXML
import News
import Testing

/// The answers that other programs' parsers read: Prometheus, JSON Feed, Atom.
@Suite struct FormatTests {
    private let hostile = "R&D <b>\"]]>'\u{1B}\u{9B}\u{FFFE}\u{202E}\r\n <\u{301}é 👩‍👩‍👧"
    private let shown = "R&D <b>\"]]>' <\u{301}é 👩‍👩‍👧"

    private var hostileDaemon: FakeDaemon {
        var daemon = FakeDaemon()
        var article = FakeDaemon.article(hostile, "line \(hostile)\n\nnext", in: "a")
        article.authors = [hostile]
        article.language = "f\"r"
        article.url = HTTPURL("https://user:secret@a.example/?a=1&b=<\">")
        article.updated = FakeDaemon.noon.adding(.seconds(1))
        daemon.records += [
            Record(
                seq: 5, stored: FakeDaemon.noon.adding(.seconds(3600)),
                body: .article(article, FakeDaemon.verdict(.new)))
        ]
        return daemon
    }

    private func body(_ daemon: FakeDaemon, _ path: String) async throws -> Data {
        let served = try Served(daemon)
        defer { served.stop() }
        return Data(try await served.client.bytes(path))
    }

    @Test func everyLineOfTheMetricsIsOfTheTextFormat() async throws {
        let text = String(decoding: try await body(FakeDaemon(), "/metrics"), as: UTF8.self)
        let help = /# HELP ([a-z_]+) [ -~]+/
        let type = /# TYPE ([a-z_]+) (counter|gauge)/
        let sample =
            /([a-z_]+)(\{[a-z]+="(?:[^"\\]|\\.)*"(?:,[a-z]+="(?:[^"\\]|\\.)*")*\})? (-?[0-9.e+]+)/
        #expect(text.hasSuffix("\n"))
        var family = ""
        var isCounter = false
        var families: Set<String> = []
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            if let match = line.wholeMatch(of: help) {
                family = String(match.1)
                #expect(families.insert(family).inserted, "one HELP each: \(line)")
            } else if let match = line.wholeMatch(of: type) {
                #expect(match.1 == family)
                isCounter = match.2 == "counter"
                #expect(isCounter == family.hasSuffix("_total"))
            } else {
                let match = try #require(line.wholeMatch(of: sample), "\(line)")
                #expect(match.1 == family)
                #expect(Double(match.3) != nil)
            }
        }
        #expect(families.count >= 18)
        #expect(text.contains("tamis_store_records{verdict=\"new\"} 2\n"))
        #expect(text.contains("tamis_feed_polls_total{feed=\"a\"} 3\n"))
        #expect(text.contains("tamis_events_total{event=\"odd \\\"\\\\\\nname\"} 1\n"))
        #expect(text.contains("tamis_state{state=\"running\"} 1\n"))
        #expect(text.contains("tamis_start_time_seconds 1795521600\n"))
    }

    @Test func jsonFeedHasTheKeptNewArticlesNewestFirst() async throws {
        let data = try await body(hostileDaemon, "/feed.json")
        let feed = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(feed["version"] as? String == "https://jsonfeed.org/version/1.1")
        let items = try #require(feed["items"] as? [[String: Any]])
        #expect(items.map { $0["title"] as? String } == [shown, "Élections à Mâcon"])
        #expect(items[0]["url"] as? String == "https://a.example/?a=1&b=%3C%22%3E")
        let text = "line R&D <b>\"]]>'\n <\u{301}é 👩‍👩‍👧\n\nnext"
        #expect(items[0]["content_text"] as? String == text)
        #expect(items[0]["date_modified"] as? String == "2026-11-24T12:00:01Z")
        #expect((items[1]["id"] as? String)?.hasPrefix("urn:tamis:article:") == true)
        #expect(items[1]["tags"] as? [String] == ["a"])
    }

    @Test func atomFeedIsWellFormedAndSaysTheSame() async throws {
        let data = try await body(hostileDaemon, "/feed.atom")
        let reader = AtomReader()
        #expect(reader.read(data), "\(String(describing: reader.problem))")
        #expect(reader.texts["entry/title"] == [shown, "Élections à Mâcon"])
        #expect(reader.texts["entry/author/name"] == [shown, "A. Author"])
        #expect(reader.texts["entry/content"]?.first?.hasSuffix("\n\nnext") == true)
        #expect(reader.texts["feed/updated"] == ["2026-11-24T13:00:00Z"])
        #expect(reader.texts["entry/updated"]?.first == "2026-11-24T12:00:01Z")
        #expect(reader.links.contains("https://a.example/?a=1&b=%3C%22%3E"))
        #expect(reader.texts["entry/id"]?.count == 2)
    }

    @Test func verdictAndLimitChooseWhatTheFeedsHold() async throws {
        let revisions = try await body(hostileDaemon, "/feed.json?verdict=revision")
        #expect(String(decoding: revisions, as: UTF8.self).contains("battu"))
        let reader = AtomReader()
        #expect(reader.read(try await body(hostileDaemon, "/feed.atom?limit=1")))
        #expect(reader.texts["entry/title"] == [shown])
    }

    @Test func emptyFeedIsStillAFeed() async throws {
        var daemon = FakeDaemon()
        daemon.records = []
        let reader = AtomReader()
        #expect(reader.read(try await body(daemon, "/feed.atom")))
        #expect(reader.texts["feed/updated"] == ["2026-11-24T12:00:00Z"])
        let json = String(decoding: try await body(daemon, "/feed.json"), as: UTF8.self)
        #expect(json.contains("\"items\":[]"))
    }

    @Test(arguments: [
        ("reelu", "Le maire a été RÉÉLU.", true),
        ("ÉLU", "reelu", true),
        ("coeur", "le cœur", true),
        ("strasse", "Straße", true),
        ("l'eau", "l\u{2019}eau", true),
        ("e\u{301}te", "\u{E9}t\u{E9}", true),
        ("two words", "two\n\n  words", true),
        ("москва", "МОСКВА", true),
        ("αθηνα", "Αθήνα", true),
        ("dz", "ǆ", true),
        ("a b", "a\u{3000}b", true),
        ("newsroom", "news\u{AD}room", true),
        ("c++", "C++ 26", true),
        ("", "anything", true),
        ("absent", "", false),
        ("aab", "aaab", true),
        ("longer than the text", "short", false),
    ])
    func phraseIsFoundWithoutRegardToCaseAndAccents(
        _ phrase: String, _ text: String, _ isFound: Bool
    ) {
        #expect(FoldedPhrase(phrase).occurs(inOneOf: ["other", text]) == isFound)
    }
}

/// Collects the texts of an Atom feed by their path below `feed` or `entry`.
private final class AtomReader: NSObject, XMLParserDelegate {
    private(set) var texts: [String: [String]] = [:]
    private(set) var links: [String] = []
    private(set) var problem: (any Error)?
    private var path: [String] = []
    private var text = ""

    func read(_ data: Data) -> Bool {
        let parser = XMLParser(data: data)
        parser.delegate = self
        defer { problem = parser.parserError }
        return parser.parse()
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
        qualifiedName: String?, attributes: [String: String] = [:]
    ) {
        path.append(name)
        text = ""
        if name == "link", let href = attributes["href"] { links.append(href) }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

    func parser(
        _ parser: XMLParser, didEndElement name: String, namespaceURI: String?,
        qualifiedName: String?
    ) {
        let below = path.lastIndex(of: "entry") ?? 0
        texts[path[below...].joined(separator: "/"), default: []].append(text)
        path.removeLast()
        text = ""
    }
}
