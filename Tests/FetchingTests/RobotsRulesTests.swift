import Fetching
import TestSupport
import Testing

/// RFC 9309, clause by clause.
struct RobotsRulesTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let text: String
        let allowed: [String]
        let disallowed: [String]

        init(_ name: String, _ text: String, allowed: [String] = [], disallowed: [String] = []) {
            self.name = name
            self.text = text
            self.allowed = allowed
            self.disallowed = disallowed
        }

        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case("nothing at all", "", allowed: ["/", "/a"]),
        Case(
            "prefix", "user-agent: *\ndisallow: /a", allowed: ["/", "/b"],
            disallowed: ["/a", "/ab"]),
        Case("no rules before a group", "disallow: /\n", allowed: ["/"]),
        Case("empty disallow allows", "User-agent: *\nDisallow:\n", allowed: ["/"]),
        Case(
            "all", "User-agent: *\nDisallow: /", allowed: ["/robots.txt"], disallowed: ["/", "/a"]),
        Case(
            "2.2.1 our group goes before anyone's",
            "User-agent: *\nDisallow: /\n\nUser-agent: tamis\nDisallow: /x", allowed: ["/a"],
            disallowed: ["/x"]),
        Case(
            "2.2.1 token is what stands before the version",
            "User-agent: TAMIS/1.0\nDisallow: /x\nUser-agent: *\nDisallow: /", allowed: ["/a"],
            disallowed: ["/x"]),
        Case("2.2.1 longer token is another", "User-agent: tamisbot\nDisallow: /", allowed: ["/"]),
        Case(
            "2.2.1 groups of one name are merged",
            "User-agent: tamis\nDisallow: /a\nUser-agent: b\nDisallow: /b\nUser-agent: tamis\n"
                + "Disallow: /c", allowed: ["/b"], disallowed: ["/a", "/c"]),
        Case(
            "2.2.1 one group of several names",
            "User-agent: a\nUser-agent: tamis\nDisallow: /x\n", allowed: ["/"], disallowed: ["/x"]),
        Case(
            "other lines do not end a list of names",
            "User-agent: tamis\nCrawl-delay: 5\nUser-agent: b\nDisallow: /x", disallowed: ["/x"]),
        Case(
            "2.2.2 longest match wins",
            "User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /a/b/c",
            allowed: ["/a/b", "/a/b/d"],
            disallowed: ["/a", "/a/x", "/a/b/c/d"]),
        Case(
            "2.2.2 of equal ones the allowing", "User-agent: *\nDisallow: /p\nAllow: /p",
            allowed: ["/p"]),
        Case(
            "2.2.2 encoded and not are the same",
            "User-agent: *\nDisallow: /caf%C3%A9\nDisallow: /ü\nDisallow: /%7Ea\nDisallow: /x%2fy",
            allowed: ["/x/y"],
            disallowed: ["/café", "/caf%c3%a9", "/%C3%BC", "/~a", "/x%2Fy"]),
        Case(
            "2.2.3 star", "User-agent: *\nDisallow: /*.pdf\nDisallow: /a*b*c",
            allowed: ["/x.pd", "/acb"], disallowed: ["/x.pdf", "/d/x.pdf?y", "/a1b2c3", "/abc"]),
        Case(
            "2.2.3 dollar", "User-agent: *\nDisallow: /*.gif$\nDisallow: /end$",
            allowed: ["/a.gif?x", "/end/"], disallowed: ["/a.gif", "/a.gif.gif", "/end"]),
        Case("2.2.3 comment", "User-agent: * # all\nDisallow: /a # b\n", disallowed: ["/a"]),
        Case(
            "query belongs to the path", "User-agent: *\nDisallow: /s?q=", allowed: ["/s"],
            disallowed: ["/s?q=1"]),
        Case("carriage returns alone", "User-agent: *\rDisallow: /a\r", disallowed: ["/a"]),
        Case("byte order mark", "\u{FEFF}User-agent: *\nDisallow: /a", disallowed: ["/a"]),
        Case("spaces everywhere", "  User-Agent  :  *  \n\tDISALLOW\t:\t/a\t", disallowed: ["/a"]),
        Case("a web page", "<!DOCTYPE html>\n<p>Disallow: /\n", allowed: ["/"]),
        Case(
            "pattern without a slash matches no path", "User-agent: *\nDisallow: a", allowed: ["/a"]
        ),
    ]

    @Test(arguments: cases) func rulesAreReadAsTheRFCSays(_ example: Case) {
        let rules = RobotsRules(Array(example.text.utf8), token: "Tamis")
        for path in example.allowed { #expect(rules.allows(path), "\(path)") }
        for path in example.disallowed { #expect(!rules.allows(path), "\(path)") }
    }

    @Test func rulesBeyondTheBoundAreNotRead() {
        let start = "User-agent: *\n"
        let filler = String(repeating: "Disallow: /x\n", count: RobotsRules.rulesMax)
        let rules = RobotsRules(Array((start + filler + "Disallow: /a\n").utf8), token: "Tamis")
        #expect(rules.allows("/a"))
        #expect(!rules.allows("/x"))
    }

    @Test func costlyPatternsForbidInsteadOfBurning() {
        let pattern = "Disallow: /*" + String(repeating: "a", count: 1000) + "b\n"
        let text = "User-agent: *\n" + String(repeating: pattern, count: 400)
        let rules = RobotsRules(Array(text.utf8), token: "Tamis")
        #expect(!rules.allows("/" + String(repeating: "a", count: 4000)))
        #expect(rules.allows("/other"))
    }

    @Test func anyBytesAreRead() {
        for seed in 0..<200 {
            var generator = SeededGenerator(seed: UInt64(seed))
            let alphabet = Array("User-agent:*\nAllow: /Disallow%$#\r\t\u{0}é".utf8)
            let bytes = (0..<500).map { _ in
                alphabet[Int(generator.next() % UInt64(alphabet.count))]
            }
            let rules = RobotsRules(bytes, token: "Tamis")
            #expect(rules.allows("/robots.txt"), "seed \(seed)")
            _ = rules.allows("/a%")
        }
    }
}

extension RobotsRulesTests {
    @Test(
        arguments: [
            ("User-agent: *\nCrawl-delay: 2.5", Duration.milliseconds(2500)),
            ("User-agent: *\nCrawl-delay: 9\nUser-agent: tamis\nCrawl-delay: 3", .seconds(3)),
            ("User-agent: other\nCrawl-delay: 9", nil), ("User-agent: *\nCrawl-delay: -1", nil),
            ("User-agent: *\nCrawl-delay: nan", nil), ("User-agent: *\nCrawl-delay: 1e99", nil),
            ("User-agent: *\nCrawl-delay: soon", nil),
        ] as [(String, Duration?)])
    func delayOfTheGroupThatCountsIsRead(text: String, delay: Duration?) {
        #expect(RobotsRules(Array(text.utf8), token: "Tamis").crawlDelay == delay)
    }

    @Test func decisionNamesItsRule() {
        let rules = RobotsRules(
            Array("User-agent: *\nDisallow: /a\nAllow: /a/b".utf8), token: "Tamis")
        #expect(rules.decision(on: "/a/c") == (false, "Disallow: /a"))
        #expect(rules.decision(on: "/a/b") == (true, "Allow: /a/b"))
        #expect(rules.decision(on: "/") == (true, nil))
    }
}
