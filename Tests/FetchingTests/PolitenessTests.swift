import Fetching
import News
import TestSupport
import Testing

/// Waiting when asked to, obeying `robots.txt`, and ending when told.
struct PolitenessTests {
    @Test(arguments: [429, 503])
    func retryAfterHoldsTheWholeHost(status: Int) async throws {
        let server = try LoopbackServer([
            "/busy": { _ in .text("later", status: status, headers: ["Retry-After: 120"]) },
            "/fine": { _ in .text("x") },
        ])
        let other = try LoopbackServer(["/": { _ in .text("x") }])
        let scene = FetchScene()
        let until = FetchScene.noon.adding(.seconds(120))
        let first = try await scene.failure(of: server.url("/busy"))
        #expect(first.kind == .status(status))
        #expect(first.retry == .after(until))
        let second = try await scene.failure(of: server.url("/fine"))
        #expect(second.kind == .hostAsksToWait(until: until))
        #expect(second.retry == .after(until))
        #expect(server.requests.count == 1)
        #expect(try await scene.fetch(other.url("/")).text == "x")
    }

    @Test func waitingRequestsLearnOfTheHold() async throws {
        let server = try LoopbackServer([
            "/": { _ in .text("later", status: 429, headers: ["Retry-After: 60"]) }
        ])
        let scene = FetchScene { $0.transfersPerHostMax = 1 }
        let url = server.url("/")
        let tasks = (0..<5).map { _ in Task { try await scene.failure(of: url) } }
        var kinds: [FetchError.Kind] = []
        for task in tasks { kinds.append(try await task.value.kind) }
        #expect(kinds.count { $0 == .status(429) } == 1)
        #expect(server.requests.count == 1)
    }

    @Test func unreadableRetryAfterBacksOff() async throws {
        let server = try LoopbackServer([
            "/": { _ in .text("later", status: 429, headers: ["Retry-After: -5"]) }
        ])
        #expect(try await FetchScene().failure(of: server.url("/")).retry == .backOff)
    }

    // MARK: robots.txt

    @Test func robotsAreAskedOnceForAllPagesOfAnOrigin() async throws {
        let server = try LoopbackServer([
            "/robots.txt": { _ in .text("User-agent: *\nDisallow: /private") },
            "/1": { _ in .text("one") }, "/2": { _ in .text("two") },
            "/private/3": { _ in .text("three") },
        ])
        let scene = FetchScene()
        let (one, two) = (server.url("/1"), server.url("/2"))
        async let first = scene.fetch(one, .page)
        async let second = scene.fetch(two, .page)
        #expect(try await [first.text, second.text] == ["one", "two"])
        let error = try await scene.failure(of: server.url("/private/3"), .page)
        #expect(error.isDisallowed)
        #expect(error.retry == .never)
        #expect(server.requests(for: "/robots.txt").count == 1)
        #expect(server.requests(for: "/private/3").isEmpty)
    }

    @Test func configuredFeedIsNotSubjectToRobots() async throws {
        let server = try LoopbackServer([
            "/robots.txt": { _ in .text("User-agent: *\nDisallow: /") }, "/": { _ in .text("x") },
        ])
        #expect(try await FetchScene().fetch(server.url("/"), .feed).text == "x")
        #expect(server.requests(for: "/robots.txt").isEmpty)
    }

    @Test func robotsCanBeSwitchedOff() async throws {
        let server = try LoopbackServer([
            "/robots.txt": { _ in .text("User-agent: *\nDisallow: /") }, "/": { _ in .text("x") },
        ])
        let scene = FetchScene { $0.obeysRobots = false }
        #expect(try await scene.fetch(server.url("/"), .page).text == "x")
    }

    @Test(arguments: [
        (LoopbackAnswer.text("none", status: 404), true), (.text("no", status: 403), true),
        (.body([]), true), (.text("<html>hello</html>"), true),
        (.redirect(to: "/robots.txt"), false),
        (.text("oops", status: 500), false), (LoopbackAnswer([.close]), false),
    ])
    func absentRobotsAllowAndBrokenOnesForbid(answer: LoopbackAnswer, isAllowed: Bool) async throws
    {
        let server = try LoopbackServer(["/robots.txt": { _ in answer }, "/": { _ in .text("x") }])
        let scene = FetchScene()
        if isAllowed {
            #expect(try await scene.fetch(server.url("/"), .page).text == "x")
            return
        }
        let error = try await scene.failure(of: server.url("/"), .page)
        guard case .robotsUnreachable = error.kind else {
            Issue.record("\(error)")
            return
        }
        #expect(error.retry == .soon)
        #expect(server.requests(for: "/").isEmpty)
    }

    @Test func heldHostIsNotTakenForBrokenRobots() async throws {
        let server = try LoopbackServer([
            "/busy": { _ in .text("later", status: 503, headers: ["Retry-After: 60"]) },
            "/robots.txt": { _ in .text("") }, "/": { _ in .text("x") },
        ])
        let scene = FetchScene()
        _ = try await scene.failure(of: server.url("/busy"))
        let until = FetchScene.noon.adding(.seconds(60))
        #expect(
            try await scene.failure(of: server.url("/"), .page).kind
                == .hostAsksToWait(until: until))
        #expect(server.requests(for: "/robots.txt").isEmpty)
    }

    @Test func robotsBeyondTheCapAreReadInPart() async throws {
        let start = "User-agent: *\nDisallow: /no\n"
        let long = start + String(repeating: "# padding\n", count: 1000) + "Disallow: /yes\n"
        let server = try LoopbackServer([
            "/robots.txt": { _ in .text(long) }, "/yes": { _ in .text("x") },
        ])
        let scene = FetchScene { $0.robotsBytesMax = 1000 }
        #expect(try await scene.fetch(server.url("/yes"), .page).text == "x")
        #expect(try await scene.failure(of: server.url("/no"), .page).isDisallowed)
    }

    @Test func robotsOfTheRedirectTargetCount() async throws {
        let target = try LoopbackServer([
            "/robots.txt": { _ in .text("User-agent: Tamis\nDisallow: /") },
            "/": { _ in .text("x") },
        ])
        let elsewhere = target.url("/")
        let server = try LoopbackServer(["/": { _ in .redirect(to: elsewhere) }])
        let error = try await FetchScene().failure(of: server.url("/"), .page)
        #expect(error.isDisallowed)
        #expect(error.url == elsewhere)
        #expect(target.requests(for: "/").isEmpty)
    }

    // MARK: Ending

    @Test func cancelledTaskEndsItsTransfer() async throws {
        let server = try LoopbackServer(["/": { _ in LoopbackAnswer([.stall]) }])
        let scene = FetchScene { $0.transfersPerHostMax = 1 }
        let url = server.url("/")
        let running = Task { try await scene.failure(of: url).kind }
        while server.requests.isEmpty { await Task.yield() }
        let waiting = Task { try await scene.failure(of: url).kind }
        while await scene.fetcher.load != (1, 1) { await Task.yield() }
        waiting.cancel()
        #expect(try await waiting.value == .cancelled)
        #expect(await scene.fetcher.load == (1, 0))
        running.cancel()
        #expect(try await running.value == .cancelled)
        #expect(await scene.fetcher.load == (0, 0))
        #expect(server.requests.count == 1)
    }

    @Test func taskCancelledBeforehandSendsNothing() async throws {
        let server = try LoopbackServer(["/": { _ in .text("x") }])
        let scene = FetchScene()
        let url = server.url("/")
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await scene.failure(of: url).kind
        }
        task.cancel()
        #expect(try await task.value == .cancelled)
        #expect(server.connectionsCount == 0)
    }

    @Test func cancelledTaskDoesNotWaitForRobots() async throws {
        let server = try LoopbackServer(["/robots.txt": { _ in LoopbackAnswer([.stall]) }])
        let scene = FetchScene()
        let url = server.url("/")
        let task = Task { try await scene.failure(of: url, .page).kind }
        while server.requests.isEmpty { await Task.yield() }
        task.cancel()
        #expect(try await task.value == .cancelled)
        await scene.fetcher.shutDown()
    }

    @Test func shutDownEndsEverything() async throws {
        let server = try LoopbackServer([
            "/": { _ in LoopbackAnswer([.stall]) },
            "/robots.txt": { _ in LoopbackAnswer([.stall]) },
        ])
        let scene = FetchScene { $0.transfersPerHostMax = 2 }
        let (url, page) = (server.url("/"), server.url("/page"))
        let tasks =
            [Task { try await scene.failure(of: page, .page).kind }]
            + (0..<3).map { _ in Task { try await scene.failure(of: url).kind } }
        while server.requests.count < 2 { await Task.yield() }
        while await scene.fetcher.load != (2, 2) { await Task.yield() }
        await scene.fetcher.shutDown()
        for task in tasks { #expect(try await task.value == .shutDown) }
        #expect(try await scene.failure(of: url).kind == .shutDown)
        await scene.fetcher.shutDown()
    }
}
