internal import Foundation
internal import Testing

/// The reading stages alone, on files: one at a time and in batches.
struct InspectTests {
    private let folder: TemporaryFolder
    private let feed: String
    private let page: String

    init() throws {
        folder = try TemporaryFolder()
        feed = try folder.write(
            """
            <?xml version="1.0" encoding="ISO-8859-1"?>
            <rss version="2.0"><channel><title>Le Bief</title><link>/</link>
            <item><title>Une &#27;[31m vanne</title><link>a/1</link><guid>1</guid>
            <description>Court.</description></item>
            <item><title>Deux ponts</title><link>a/2</link><guid>2</guid></item>
            </channel></rss>
            """, to: "feed.xml")
        page = try folder.write(
            """
            <!DOCTYPE html><html lang="en"><head><title>The weir is mended</title></head><body>
            <nav><a href="/">Home</a> <a href="/all">All news</a></nav>
            <article><h1>The weir is mended</h1>
            <p>The weir below the old mill was mended last week, after the ice of two winters had
            taken eleven of its stones. Masons from three villages cut new ones on the bank, and
            the last of them was set on Friday in the rain.</p>
            <p>The mill keeper, who had carried water by hand since the spring, opened the gate at
            noon. It took the wheel a full minute to remember what it was made for, and then it
            turned.</p></article></body></html>
            """, to: "page.html")
    }

    @Test func feedIsTold() async throws {
        let told = try await tamis("inspect", "feed", feed, "--url", "https://bief.example/rss")
        #expect(told.ending == .exit(0))
        #expect(told.lines[0] == "Le Bief")
        #expect(told.lines[1].hasPrefix("RSS 2.0, 2 entries"))
        #expect(told.output.contains("https://bief.example/a/1"))
        #expect(!told.output.contains("\u{1B}"))
        let json = try await tamis("inspect", "feed", feed, "--json").json()
        #expect(json["ok"].bool == true)
        #expect(json["entries"].elements.map(\.["id"].string) == ["1", "2"])
    }

    @Test func pageIsTold() async throws {
        let told = try await tamis("inspect", "page", page, "--url", "https://bief.example/a/1")
        #expect(told.ending == .exit(0))
        #expect(told.lines[0] == "The weir is mended")
        #expect(told.output.contains("Left out:"))
        let json = try await tamis("inspect", "page", page, "--json").json()
        #expect(json["text"].string?.contains("The mill keeper") == true)
        #expect(json["text"].string?.contains("All news") == false)
    }

    @Test func standardInputIsAFileToo() async throws {
        let text = try String(contentsOfFile: page, encoding: .utf8)
        let piped = try await tamis("inspect", "page", "-", "--json", input: text)
        let read = try await tamis("inspect", "page", page, "--json")
        #expect(piped.output == read.output)
    }

    @Test func feedsOfAPageAreListed() async throws {
        let site = try folder.write(
            """
            <!DOCTYPE html><title>Bief</title>
            <link rel="alternate" type="application/rss+xml" href="/comments/feed">
            <link rel="alternate" type="application/rss+xml" title="Le \u{1B}[31m Bief" href="/rss">
            """, to: "site.html")
        let address = "https://bief.example/"
        let told = try await tamis("inspect", "feed", "--discover", site, "--url", address)
        #expect(told.ending == .exit(0))
        #expect(told.lines.count == 3)
        #expect(told.lines[1].hasPrefix("feed"))
        #expect(told.lines[1].contains("https://bief.example/rss"))
        #expect(told.lines[2].hasPrefix("comments"))
        #expect(!told.output.contains("\u{1B}"))
        let json = try await tamis(
            "inspect", "feed", "--discover", site, "--url", address, "--json"
        ).json()
        #expect(json["feeds"][0]["url"].string == "https://bief.example/rss")
        let none = try await tamis("inspect", "feed", "--discover", page)
        #expect(none.ending == .exit(65))
        #expect(none.errors == "tamis: this is an HTML page, not a feed, and it names none\n")
    }

    @Test func pageIsNoFeed() async throws {
        let told = try await tamis("inspect", "feed", page)
        #expect(told.ending == .exit(65))
        #expect(told.output.isEmpty)
        #expect(told.errors.hasPrefix("tamis: this is an HTML page, not a feed"))
        let json = try await tamis("inspect", "feed", page, "--json")
        #expect(json.ending == .exit(65))
        #expect(try json.json()["ok"].bool == false)
    }

    @Test func emptyFileIsNoPage() async throws {
        let empty = try folder.write("", to: "empty.html")
        #expect(try await tamis("inspect", "page", empty).ending == .exit(65))
        #expect(try await tamis("inspect", "feed", empty).ending == .exit(65))
    }

    @Test func fileOverTheLimitIsRefused() async throws {
        let large = folder.url("large.html")
        try Data().write(to: large)
        let handle = try FileHandle(forWritingTo: large)
        try handle.truncate(atOffset: 64 << 20 | 1)
        try handle.close()
        let outcome = try await tamis("inspect", "page", large.path)
        #expect(outcome.ending == .exit(65))
        #expect(outcome.errors.contains("has more than 67108864 bytes"))
    }

    @Test func batchAnswersInOrderOneLineEach() async throws {
        let list = [
            "\(feed)\thttps://bief.example/rss\tapplication/rss+xml", "\(folder.path)/none",
            "\(page)\thttps://bief.example/a/1\ttext/html", "\(feed)\t\t", feed,
        ]
        let answers = try await tamis(
            "inspect", "feed", "--batch", input: list.joined(separator: "\n"))
        #expect(answers.ending == .exit(0))
        let lines = try answers.jsonLines()
        #expect(lines.map(\.["ok"].bool) == [true, false, false, true, true])
        #expect(
            lines[0]["entries"][0]["link"].string == "https://bief.example/a/1")
        #expect(answers.errors == "tamis: \(folder.path)/none cannot be read\n")

        let pages = try await tamis(
            "inspect", "page", "--batch", input: "\(page)\n\(page)\n\(folder.path)/none\n")
        #expect(try pages.jsonLines().map { $0["error"] == .null } == [true, true, false])
    }
}
