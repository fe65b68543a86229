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

    /// libcurl asks again by itself when a connection that was kept turns out to be dead.
    @Test func aRequestThatWasSentTwiceIsOnRecordTwice() async throws {
        let server = try LoopbackServer([
            "/": { $0.number == 2 ? LoopbackAnswer([.close]) : .text("\($0.number)") }
        ])
        let notes = Notes()
        let fetcher = fetcher(notes)
        let url = try #require(HTTPURL(server.url("/")))
        for _ in 1...2 { _ = try await fetcher.fetch(FetchRequest(url: url, purpose: .feed)) }
        #expect(server.requests.count == 3)
        #expect(notes.all.map(\.isSent) == [true, true, true])
        #expect(notes.all.map(\.status) == [200, nil, 200])
        #expect(notes.all[1].outcome.contains("sent again"))
    }

    @Test(arguments: [
        ("http://127.0.0.1:1/", "a configured feed", "not sent: nothing accepts connections there"),
        ("http://127.0.0.2:1/", "the host leads to 127.0.0.2", "not sent"),
        ("http://nobody.invalid/", "a configured feed", "not sent: no address found for host"),
    ])
    func whatNeverGotThereIsNotCalledSent(url: String, rule: String, outcome: String) async throws {
        let notes = Notes()
        let url = try #require(HTTPURL(url))
        let request = FetchRequest(
            url: url, purpose: .feed, validators: Validators(etag: "\"a\"", lastModified: nil))
        _ = try? await fetcher(notes).fetch(request)
        let note = try #require(notes.all.first)
        #expect(notes.all.count == 1)
        #expect(!note.isSent && !note.isConditional && note.status == nil)
        #expect(note.rule.hasPrefix(rule), "\(note)")
        #expect(note.outcome.hasPrefix(outcome), "\(note)")
    }

    @Test(arguments: [
        (
            Validators(etag: "\"a\"", lastModified: "then"),
            ["If-None-Match: \"a\"", "A-IM: feed", "If-Modified-Since: then"]
        ),
        (Validators(etag: nil, lastModified: "then"), ["If-Modified-Since: then"]),
        // What may not be sent was not.
        (Validators(etag: "a\r\nX: y", lastModified: nil), []),
    ])
    func conditionsAreThoseThatWereSent(validators: Validators, lines: [String]) async throws {
        let server = try LoopbackServer(["/": { _ in .text("x") }])
        let notes = Notes()
        let url = try #require(HTTPURL(server.url("/")))
        _ = try await fetcher(notes).fetch(
            FetchRequest(url: url, purpose: .feed, validators: validators))
        let note = try #require(notes.all.first)
        #expect(note.conditions == lines)
        #expect(note.isConditional == !lines.isEmpty)
        let sent = try #require(server.requests.first)
        for name in ["If-None-Match", "A-IM", "If-Modified-Since"] {
            let line = lines.first { $0.hasPrefix("\(name): ") }
            #expect(sent.header(name) == line.map { String($0.dropFirst(name.count + 2)) })
        }
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
