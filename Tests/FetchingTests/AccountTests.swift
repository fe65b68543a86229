import Fetching
import News
import Synchronization
import TestSupport
import Testing

/// What the fetcher tells about itself: every request, sent or kept back, and who wants no more.
struct AccountTests {
    private final class Notes: Sendable {
        let notes = Mutex<[RequestNote]>([])
        let holds = Mutex<[String: Instant]>([:])
        var all: [RequestNote] { notes.withLock { $0 } }
    }

    private func fetcher(_ notes: Notes) -> Fetcher {
        var options = FetchOptions()
        options.hostSpacing = .zero
        options.allowedPrivateHosts = ["127.0.0.1"]
        return Fetcher(
            options: options, now: { FetchScene.noon },
            note: { note in notes.notes.withLock { $0.append(note) } },
            held: { holds in notes.holds.withLock { $0 = holds } })
    }

    @Test func everyRequestIsOnRecordWithItsRule() async throws {
        let server = try LoopbackServer([
            "/robots.txt": { _ in .text("User-agent: *\nDisallow: /no\nAllow: /no/but") },
            "/no/but": { _ in .text("x", headers: ["X-Robots-Tag: noai", "TDM-Reservation: 1"]) },
            "/feed": { _ in .redirect(to: "/moved") },
            "/moved": { _ in .text("y", headers: ["Cache-Control: max-age=60"]) },
        ])
        let notes = Notes()
        let fetcher = fetcher(notes)
        func fetch(_ path: String, _ purpose: FetchRequest.Purpose) async throws {
            let text = server.url(path).replacing("//", with: "//me:secret@")
            let url = try #require(HTTPURL(text))
            _ = try? await fetcher.fetch(FetchRequest(url: url, purpose: purpose))
        }
        try await fetch("/no/but", .page)
        try await fetch("/no/way", .page)
        try await fetch("/feed", .feed)
        let told = notes.all.map { "\($0.purpose) \($0.isSent) \($0.status ?? 0) \($0.rule)" }
        #expect(
            told == [
                "robots true 200 before the first page of its origin",
                "reservations true 404 before the first page of its origin",
                "page true 200 robots.txt: Allow: /no/but",
                "page false 0 robots.txt does not allow it (Disallow: /no) "
                    + "(\(server.url("/no/way")))",
                "feed true 302 a configured feed that is due",
                "feed true 200 a configured feed that is due",
            ])
        #expect(notes.all[2].asked == ["x-robots-tag: noai", "tdm-reservation: 1"])
        #expect(notes.all[5].asked == ["cache-control: max-age=60"])
        #expect(!"\(notes.all)".contains("secret"))
    }

    @Test func aHoldIsToldAndOutlivesTheFetcher() async throws {
        let server = try LoopbackServer([
            "/": { _ in .text("later", status: 429, headers: ["Retry-After: 600"]) }
        ])
        let url = try #require(HTTPURL(server.url("/")))
        let first = Notes()
        _ = try? await fetcher(first).fetch(FetchRequest(url: url, purpose: .feed))
        let holds = first.holds.withLock { $0 }
        let until = FetchScene.noon.adding(.seconds(600))
        #expect(holds == ["127.0.0.1:\(server.port)": until])
        let second = Notes()
        let next = fetcher(second)
        await next.restore(holds: holds)
        let error = await #expect(throws: FetchError.self) {
            _ = try await next.fetch(FetchRequest(url: url, purpose: .feed))
        }
        #expect(error?.kind == .hostAsksToWait(until: until))
        #expect(server.requests.count == 1)
        #expect(second.all.map(\.isSent) == [false])
    }

    @Test(arguments: [
        ("me:pass:word", "Basic bWU6cGFzczp3b3Jk"), ("t0ken~", "Bearer t0ken~"),
    ])
    func credentialsGoToTheirOriginAlone(file: String, header: String) async throws {
        let stranger = try LoopbackServer(["/": { _ in .text("x") }])
        let away = stranger.url("/")
        let server = try LoopbackServer([
            "/": { _ in .redirect(to: "/near") }, "/near": { _ in .redirect(to: away) },
        ])
        let url = try #require(HTTPURL(server.url("/")))
        let credentials = try #require(Credentials(file: Array("\(file)\n".utf8)))
        let notes = Notes()
        _ = try await fetcher(notes).fetch(
            FetchRequest(url: url, purpose: .feed, credentials: credentials))
        #expect(server.requests.map { $0.header("Authorization") } == [header, header])
        #expect(stranger.requests.map { $0.header("Authorization") } == [nil])
        var said = "\(credentials) \(notes.all)"
        dump(credentials, to: &said)
        #expect(!said.contains("word") && !said.contains("t0ken"))
    }

    @Test(arguments: ["", "\n", "a b", "one\ntwo", "nul\u{0}", "é:x"])
    func whatIsNoLineOfCredentialsIsRefused(file: String) {
        #expect(Credentials(file: Array(file.utf8)) == nil)
    }
}
