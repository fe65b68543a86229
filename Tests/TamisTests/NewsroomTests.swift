internal import Foundation
internal import News
internal import Testing

@testable internal import tamis

/// The demo's press holds together: what its feeds promise, its pages keep.
struct NewsroomTests {
    private static let port = 8123
    private static let now = Instant(millisecondsSince1970: 1_795_000_000_000)

    private func answer(
        _ outlet: NewsroomOutlet, _ path: String, round: Int = 1, ifNoneMatch: String? = nil
    ) throws -> NewsroomAnswer {
        try #require(
            Newsroom.answer(
                to: path, host: "\(outlet.host):\(Self.port)", round: round, now: Self.now,
                port: Self.port, ifNoneMatch: ifNoneMatch))
    }

    private func header(_ name: String, of answer: NewsroomAnswer) -> String? {
        answer.headers.first { $0.name == name }?.value
    }

    private static let allArticles = Newsroom.outlets.flatMap { outlet in
        outlet.articles.map { (outlet: outlet, article: $0) }
    }

    @Test func everyOutletIsASiteOfItsOwn() {
        let hosts = Newsroom.outlets.map(\.host)
        #expect(Set(hosts).count == hosts.count)
        #expect(hosts.allSatisfy { $0.hasPrefix("127.0.0.") })
        #expect(Newsroom.outlets.allSatisfy { FeedID($0.key) != nil })
    }

    @Test(arguments: 1...3)
    func everyEntryLeadsToAPage(round: Int) throws {
        for outlet in Newsroom.outlets {
            for entry in outlet.entries(at: round) {
                let home = try #require(Newsroom.outlet(entry.linksTo ?? outlet.key))
                let page = try answer(home, entry.path, round: round)
                let isGone = entry.expectation == .rejected("not found")
                #expect(page.status == (isGone ? 404 : 200), "\(outlet.key) \(entry.path)")
            }
        }
    }

    @Test(arguments: 1...2)
    func noPlaceholderIsLeft(round: Int) throws {
        for outlet in Newsroom.outlets {
            let paths = [outlet.feedPath, "/robots.txt", "/nowhere"] + outlet.articles.map(\.path)
            for path in paths {
                let body = try answer(outlet, path, round: round).body
                #expect(
                    !String(decoding: body, as: UTF8.self).contains("{{"), "\(outlet.key) \(path)")
            }
        }
    }

    @Test func articlesAreOfANaturalLength() {
        for (outlet, article) in Self.allArticles where article.expectation.kind != nil {
            if case .excerpt = article.expectation { continue }
            if article.linksTo != nil { continue }
            let words = article.text.split { $0.isWhitespace }.count
            #expect(150...450 ~= words, "\(outlet.key):\(article.path) has \(words) words")
        }
    }

    @Test func anExpectationNamesADocumentThatComesEarlier() throws {
        var known = Set(Newsroom.seeds.map { "seed:\($0.name)" })
        for round in 1...2 {
            for (outlet, article) in Newsroom.expectations(at: round) {
                if let other = article.expectation.other {
                    #expect(known.contains(other), "\(outlet.key):\(article.path) → \(other)")
                }
                known.insert("\(outlet.key):\(article.pagePath)")
            }
        }
    }

    @Test func everyKindOfVerdictIsShown() {
        let kinds = Set(Self.allArticles.compactMap(\.article.expectation.kind))
        #expect(kinds == Set(Verdict.Kind.allCases))
    }

    /// An edit whose phrase no longer stands in the original would silently make an exact copy.
    @Test func nearDuplicatesDifferALittleFromTheirOriginals() throws {
        for (outlet, article) in Self.allArticles {
            guard case .nearDuplicate(let original) = article.expectation else { continue }
            let text = try #require(
                Self.allArticles.first { "\($0.outlet.key):\($0.article.pagePath)" == original }?
                    .article.text ?? Newsroom.seeds.first { "seed:\($0.name)" == original }?.text)
            let ours = words(of: article.text)
            let theirs = words(of: text)
            let shared = Double(ours.intersection(theirs).count) / Double(ours.count)
            #expect(0.9..<1 ~= shared, "\(outlet.key):\(article.path) shares \(shared)")
        }
    }

    private func words(of text: String) -> Set<Substring> {
        Set(text.split { !$0.isLetter && !$0.isNumber })
    }

    @Test func aFeedWithoutNewsAnswers304() throws {
        let circuit = try #require(Newsroom.outlet("circuit"))
        let first = try answer(circuit, circuit.feedPath)
        let tag = try #require(header("ETag", of: first))
        let second = try answer(circuit, circuit.feedPath, round: 2, ifNoneMatch: tag)
        #expect(second.status == 304)
        #expect(second.body.isEmpty)
    }

    @Test func aFeedWithNewsDoesNotAnswer304() throws {
        let fanal = try #require(Newsroom.outlet("fanal"))
        let tag = header("ETag", of: try answer(fanal, fanal.feedPath))
        #expect(try answer(fanal, fanal.feedPath, round: 2, ifNoneMatch: tag).status == 200)
        #expect(try answer(fanal, fanal.feedPath, round: 3, ifNoneMatch: tag).status == 200)
    }

    @Test func theCorrectionKeepsItsAddressAndChangesItsFigures() throws {
        let fanal = try #require(Newsroom.outlet("fanal"))
        let versions = fanal.articles.filter { $0.title.hasPrefix("Écluse") }
        #expect(versions.count == 2)
        #expect(Set(versions.map(\.entryID)).count == 1)
        let path = try #require(versions.first?.path)
        let first = String(decoding: try answer(fanal, path).body, as: UTF8.self)
        let second = String(decoding: try answer(fanal, path, round: 2).body, as: UTF8.self)
        #expect(first.contains("4,2 millions") && !first.contains("3,8 millions"))
        #expect(second.contains("3,8 millions") && second.contains("Rectificatif"))
        #expect(fanal.entries(at: 2).count == fanal.entries(at: 1).count)
    }

    @Test func theCutFeedEndsInsideItsLastEntry() throws {
        let gazette = try #require(Newsroom.outlet("gazette"))
        let text = String(decoding: try answer(gazette, gazette.feedPath).body, as: UTF8.self)
        #expect(text.ranges(of: "</item>").count == 2)
        #expect(text.ranges(of: "<item>").count == 3)
        #expect(text.hasSuffix("<title>La boulang"))
    }

    @Test func textsFitIntoWindows1252WhereTheirPagesSaySo() {
        for (outlet, article) in Self.allArticles {
            let page = outlet.layOut(article)
            guard page.charset == .windows1252 else { continue }
            #expect(page.contentType.contains("windows-1252"))
            let strangers = page.body.unicodeScalars.filter { windows1252Byte($0) == nil }
            #expect(strangers.isEmpty, "\(outlet.key):\(article.path): \(strangers.map(\.value))")
        }
    }

    @Test func theJSONFeedIsJSON() throws {
        struct Feed: Decodable {
            struct Item: Decodable {
                var id: String
                var url: String
                var date_published: Date
            }
            var version: String
            var items: [Item]
        }
        let echo = try #require(Newsroom.outlet("echo"))
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        let body = try answer(echo, echo.feedPath, round: 2).body
        let feed = try decoder.decode(Feed.self, from: Data(body))
        #expect(feed.items.count == echo.articles.count)
        #expect(feed.items.allSatisfy { $0.url.hasPrefix("http://127.0.0.5:8123/") })
    }

    @Test func timesAreWrittenAsEachFormatWants() throws {
        let fanal = try #require(Newsroom.outlet("fanal"))
        let text = Newsroom.filled(
            "{{AGO3339:3h}}|{{AGO822:2d}}|{{AGOFR:40m}}|{{AGOEN:1d}}|{{BASE}}|{{BASE:echo}}|{{X}}",
            of: fanal, now: try #require(Instant(rfc3339: "2026-03-02T09:05:07.250Z")), port: 80)
        #expect(
            text == "2026-03-02T06:05:07Z|28 Feb 2026 09:05:07 GMT|2 mars 2026 à 8h25|1 March 2026|"
                + "http://127.0.0.2:80|http://127.0.0.5:80|{{X}}")
    }

    @Test func strangersGetNothing() throws {
        #expect(
            Newsroom.answer(
                to: "/", host: "127.0.0.99", round: 1, now: Self.now, port: 1, ifNoneMatch: nil)
                == nil)
        let fanal = try #require(Newsroom.outlet("fanal"))
        #expect(try answer(fanal, "/../etc/passwd").status == 404)
        #expect(try answer(fanal, "").status == 404)
    }
}
