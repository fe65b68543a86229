import Fetching
import News
import TestSupport
import Testing

/// `/.well-known/tdmrep.json`: what it says, and what becomes of it.
struct MiningRulesTests {
    private static let site = """
        [
          {"location": "/", "tdm-reservation": 0},
          {"location": "/news/", "tdm-reservation": 1, "tdm-policy": "https://p.example/terms"},
          {"location": "/news/free/*.html$", "tdm-reservation": 0},
          {"location": "/caf%C3%A9", "tdm-reservation": 1}
        ]
        """

    @Test(
        arguments: [
            // The longest pattern that matches counts.
            (site, "/", nil), (site, "/about", nil),
            (site, "/news/1", "https://p.example/terms"),
            (site, "/news/free/a.html", nil),
            (site, "/news/free/a.html?x=1", "https://p.example/terms"),
            (site, "/café", ""), (site, "/caf%c3%a9/au-lait", ""),
            // Of equal ones the one that reserves, whichever stands first.
            (
                #"[{"location":"/","tdm-reservation":0},{"location":"/","tdm-reservation":1}]"#,
                "/", ""
            ),
            (
                #"[{"location":"/","tdm-reservation":1},{"location":"/","tdm-reservation":0}]"#,
                "/", ""
            ),
            // What is written besides, or otherwise, and can be meant in one way only.
            (#"{"location":"/a","tdm-reservation":1}"#, "/a", ""),
            (#"{"location":"/a","tdm-reservation":1}"#, "/b", nil),
            (#"[{"tdm-reservation":"1","x":[{"tdm-reservation":0}]}]"#, "/b", ""),
            (#"[7, null, ["x"], {"location":"/","tdm-reservation":1}]"#, "/", ""),
            // A number that is not one of the two says nothing.
            (#"[{"location":"/","tdm-reservation":2}]"#, "/", nil),
            (#"[{"location":"/","tdm-reservation":true}]"#, "/", nil),
            (#"[{"location":"/"}]"#, "/", nil),
            // What is cut holds as far as it goes.
            (#"[{"location":"/a","tdm-reservation":1},{"location":"/b","tdm-re"#, "/a", ""),
            (#"[{"location":"/a","tdm-reservation":1},{"location":"/b","tdm-re"#, "/b", nil),
            (#"[{"location":"/","tdm-reservation":1"#, "/", nil),
            // No such list.
            ("", "/", nil), ("<html>not found</html>", "/", nil), ("\"1\"", "/", nil),
            ("[", "/", nil),
            (String(repeating: "[", count: 100_000), "/", nil),
            (String(repeating: "{\"a\":", count: 100_000), "/", nil),
        ] as [(String, String, String?)])
    func whatTheFileSaysOfAPath(body: String, path: String, policy: String?) {
        let found = MiningRules(Array(body.utf8)).reservation(on: path)
        let expected = policy.map {
            Reservation(.tdm, by: .miningFile, policy: $0.isEmpty ? nil : $0)
        }
        #expect(found == expected)
    }

    @Test func rulesBeyondTheBoundAreNotRead() {
        let rule = { (path: String) in #"{"location":"\#(path)","tdm-reservation":1}"# }
        let body =
            "[" + Array(repeating: rule("/x"), count: MiningRules.rulesMax).joined(separator: ",")
            + "," + rule("/y") + "]"
        let rules = MiningRules(Array(body.utf8))
        #expect(rules.reservation(on: "/x") != nil)
        #expect(rules.reservation(on: "/y") == nil)
    }

    @Test func whatTakesTooLongToCompareReserves() {
        let rule = #"{"location":"/*a*a*b","tdm-reservation":0}"#
        let body = "[" + Array(repeating: rule, count: 50).joined(separator: ",") + "]"
        let path = "/" + String(repeating: "a", count: 100_000)
        let found = MiningRules(Array(body.utf8)).reservation(on: path)
        #expect(found == Reservation(.tdm, by: .miningFile))
    }

    // MARK: Beside robots.txt

    private func server(_ file: LoopbackAnswer, page: [String] = []) throws -> LoopbackServer {
        try LoopbackServer([
            MiningRules.path: { _ in file },
            "/page": { _ in .text("x", headers: page) }, "/other": { _ in .text("y") },
        ])
    }

    private static let all = LoopbackAnswer.text(#"[{"location":"/","tdm-reservation":1}]"#)

    @Test func pagesOfTheOriginBearItAndTheFileIsAskedOnce() async throws {
        let server = try server(Self.all)
        let scene = FetchScene()
        for path in ["/page", "/other", "/page"] {
            let answer = try await scene.fetch(server.url(path), .page)
            #expect(answer.reservations == [Reservation(.tdm, by: .miningFile)])
        }
        #expect(server.requests(for: MiningRules.path).count == 1)
        #expect(try await scene.fetch(server.url("/page"), .feed).reservations.isEmpty)
    }

    @Test(arguments: [
        ("0", []), ("1", [Reservation(.tdm, by: .miningHeader)]), (" 0\t", []),
        ("2", [Reservation(.tdm, by: .miningFile)]), ("", [Reservation(.tdm, by: .miningFile)]),
        ("yes", [Reservation(.tdm, by: .miningFile)]),
    ])
    func whatTheAnswerSaysGoesBeforeTheFile(value: String, expected: [Reservation]) async throws {
        let server = try server(Self.all, page: ["tdm-reservation: \(value)"])
        let answer = try await FetchScene().fetch(server.url("/page"), .page)
        #expect(answer.reservations == expected)
    }

    @Test(arguments: [
        LoopbackAnswer.text("no", status: 404), .text("no", status: 500), .body([]),
        LoopbackAnswer([.close]), .redirect(to: MiningRules.path), .text("<html></html>"),
        .text("later", status: 503, headers: ["Retry-After: 3600"]),
        .text("later", status: 429, headers: ["Retry-After: 3600"]),
    ])
    func aFileThatCannotBeHadKeepsNoPageBack(file: LoopbackAnswer) async throws {
        let server = try server(file)
        let scene = FetchScene()
        let answer = try await scene.fetch(server.url("/page"), .page)
        #expect(answer.text == "x")
        #expect(answer.reservations.isEmpty)
        #expect(try await scene.fetch(server.url("/other"), .page).text == "y")
    }

    /// A refusal of our own says nothing against the page.
    @Test func aFileAtAHeldHostKeepsNoPageBack() async throws {
        let busy = try LoopbackServer([
            "/": { _ in .text("later", status: 503, headers: ["Retry-After: 3600"]) }
        ])
        let server = try server(.redirect(to: busy.url("/file")))
        let scene = FetchScene()
        _ = try await scene.failure(of: busy.url("/"))
        let answer = try await scene.fetch(server.url("/page"), .page)
        #expect(answer.text == "x")
        #expect(busy.requests(for: "/file").isEmpty, "it is left alone")
    }

    /// What cannot be had for now is asked for again soon; that there is none is believed.
    @Test(arguments: [
        (LoopbackAnswer.text("no", status: 500), true), (.text("no", status: 429), true),
        (LoopbackAnswer([.close]), true), (.text("no", status: 404), false),
        (.body([]), false), (.text("[]"), false),
    ])
    func aFileThatCannotBeHadIsAskedForAgain(file: LoopbackAnswer, isSoon: Bool) async throws {
        let server = try server(file)
        let scene = FetchScene { $0.robotsFailureAgeMax = .seconds(600) }
        _ = try await scene.fetch(server.url("/page"), .page)
        server.on(MiningRules.path) { _ in Self.all }
        scene.time.pass(.seconds(599))
        #expect(try await scene.fetch(server.url("/page"), .page).reservations.isEmpty)
        scene.time.pass(.seconds(1))
        let later = try await scene.fetch(server.url("/page"), .page)
        #expect(later.reservations == (isSoon ? [Reservation(.tdm, by: .miningFile)] : []))
        #expect(server.requests(for: "/robots.txt").count == 1, "nothing was wrong with that")
        scene.time.pass(.seconds(86_400))
        let nextDay = try await scene.fetch(server.url("/page"), .page)
        #expect(nextDay.reservations == [Reservation(.tdm, by: .miningFile)])
    }

    @Test func itIsNotAskedForWhereThatIsNotWanted() async throws {
        let server = try server(Self.all)
        let scene = FetchScene { $0.readsMiningFile = false }
        #expect(try await scene.fetch(server.url("/page"), .page).reservations.isEmpty)
        let forbidding = FetchScene()
        server.on("/robots.txt") { _ in .text("User-agent: *\nDisallow: /.well-known/") }
        #expect(try await forbidding.fetch(server.url("/page"), .page).text == "x")
        #expect(server.requests(for: MiningRules.path).isEmpty)
    }

    @Test func itIsReadWhereRobotsAreNotAsked() async throws {
        let server = try server(Self.all)
        let scene = FetchScene { $0.obeysRobots = false }
        let answer = try await scene.fetch(server.url("/page"), .page)
        #expect(answer.reservations == [Reservation(.tdm, by: .miningFile)])
        #expect(server.requests(for: "/robots.txt").isEmpty)
    }

    @Test func aLongFileIsReadInPart() async throws {
        let rules = (0..<10_000).map { #"{"location":"/\#($0)/","tdm-reservation":1}"# }
        let server = try server(.text("[" + rules.joined(separator: ",") + "]"))
        server.on("/3/x") { _ in .text("x") }
        server.on("/999/x") { _ in .text("x") }
        let scene = FetchScene { $0.robotsBytesMax = 1000 }
        #expect(try await scene.fetch(server.url("/3/x"), .page).reservations.count == 1)
        #expect(try await scene.fetch(server.url("/999/x"), .page).reservations.isEmpty)
    }
}
