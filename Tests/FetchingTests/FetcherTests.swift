import Fetching
import Glibc
import News
import TestSupport
import Testing

/// What an honest server gets and gives.
struct FetcherTests {
    @Test func bodyComesWithItsParticulars() async throws {
        let server = try LoopbackServer([
            "/feed": { _ in
                .text(
                    "news",
                    headers: [
                        "Content-Type: text/xml; charset=utf-8", "ETag: \"a1\"",
                        "Last-Modified: Sat, 21 Nov 2026 10:00:00 GMT",
                        "Cache-Control: public, max-age=600",
                    ])
            }
        ])
        let response = try await FetchScene().fetch(server.url("/feed"))
        #expect(response.text == "news")
        #expect(response.status == 200)
        #expect(response.finalURL.description == server.url("/feed"))
        #expect(response.contentType == "text/xml; charset=utf-8")
        #expect(
            response.validators
                == Validators(etag: "\"a1\"", lastModified: "Sat, 21 Nov 2026 10:00:00 GMT"))
        #expect(response.maxAge == .seconds(600))
        #expect(response.permanentRedirect == nil)
        #expect(response.wireBytes > 4)
    }

    @Test func requestSaysWhoAsksAndNothingElse() async throws {
        let server = try LoopbackServer(["/": { _ in .text("x", headers: ["Set-Cookie: a=b"]) }])
        let scene = FetchScene {
            $0.userAgent = FetchOptions.userAgent(version: "9", contact: "x@y")
        }
        for _ in 0..<2 { _ = try await scene.fetch(server.url("/")) }
        let request = try #require(server.requests.last)
        #expect(request.header("User-Agent") == "Tamis/9 (+x@y)")
        #expect(request.header("Accept-Encoding")?.contains("gzip") == true)
        for name in ["Cookie", "Authorization", "Referer", "If-None-Match", "Upgrade"] {
            #expect(request.header(name) == nil, "\(name)")
        }
    }

    @Test func notModifiedKeepsTheValidators() async throws {
        let server = try LoopbackServer(["/": { .conditional("x", etag: "\"v1\"", for: $0) }])
        let scene = FetchScene()
        let first = try await scene.fetch(server.url("/"))
        var validators = first.validators
        validators.lastModified = "Sat, 21 Nov 2026 10:00:00 GMT"
        let second = try await scene.fetch(server.url("/"), validators: validators)
        #expect(second.content == .notModified)
        #expect(second.validators == validators)
        #expect(
            server.requests.last?.header("If-Modified-Since") == "Sat, 21 Nov 2026 10:00:00 GMT")
    }

    @Test func hostileValidatorsAreNotSent() async throws {
        let server = try LoopbackServer(["/": { _ in .text("x") }])
        let validators = Validators(etag: "\"a\"\r\nX-Evil: 1", lastModified: "x\u{0}y")
        _ = try await FetchScene().fetch(server.url("/"), validators: validators)
        let request = try #require(server.requests.last)
        #expect(!request.headers.contains { $0.contains("Evil") || $0.hasPrefix("If-") })
    }

    private static let gzip = GzipEndTests.gzip

    @Test func compressedBodyIsDecoded() async throws {
        let server = try LoopbackServer([
            "/declared": { _ in .body(Self.gzip, headers: ["Content-Encoding: gzip"]) },
            "/chunked": { _ in
                .chunked(
                    [Array(Self.gzip.prefix(23)), Array(Self.gzip.suffix(2))],
                    headers: ["Content-Encoding: gzip"])
            },
            "/silent": { _ in .body(Self.gzip) },
            "/unknown": { _ in .body(Self.gzip, headers: ["Content-Encoding: rot13"]) },
        ])
        let scene = FetchScene()
        for path in ["/declared", "/chunked"] {
            #expect(try await scene.fetch(server.url(path)).text == "tamis")
            #expect(server.requests(for: path).count == 1)
        }
        // The reader of feeds opens what was left in gzip.
        #expect(try await scene.fetch(server.url("/silent")).content == .body(Self.gzip))
        for path in ["/silent", "/unknown"] {
            let error = try await scene.failure(of: server.url(path), .page)
            guard case .contentCoding = error.kind else {
                Issue.record("\(path): \(error)")
                continue
            }
        }
    }

    private static let badlyCompressed: [(String, [UInt8])] = [
        ("plain text declared as gzip", Array("tamis".utf8)),
        ("cut by a byte", Array(gzip.dropLast())),
        ("cut before anything", Array(gzip.prefix(11))),
        ("bytes behind the end", gzip + [0x6A, 0x75]),
        ("wrong checksum", Array(gzip.prefix(17)) + [0] + Array(gzip.dropFirst(18))),
    ]

    @Test(arguments: badlyCompressed)
    func badlyCompressedBodyIsAskedForInPlain(name: String, body: [UInt8]) async throws {
        let server = try LoopbackServer([
            "/": { request in
                request.header("Accept-Encoding") == "identity"
                    ? .text("plain") : .body(body, headers: ["Content-Encoding: gzip"])
            },
            "/always": { _ in .body(body, headers: ["Content-Encoding: gzip"]) },
        ])
        let scene = FetchScene()
        #expect(try await scene.fetch(server.url("/")).text == "plain", "\(name)")
        guard case .contentCoding = try await scene.failure(of: server.url("/always")).kind else {
            Issue.record("\(name) was accepted")
            return
        }
        #expect(server.requests(for: "/always").count == 2)
    }

    @Test func chunkedBodyIsWhole() async throws {
        let server = try LoopbackServer([
            "/": { _ in .chunked([Array("ta".utf8), Array("mis".utf8)], trailers: ["X-Sum: 5"]) }
        ])
        #expect(try await FetchScene().fetch(server.url("/")).text == "tamis")
    }

    @Test func fiveHundredRequestsKeepDescriptorsFlat() async throws {
        let server = try LoopbackServer([
            "/kept": { _ in .text("x") },
            "/closed": { _ in .text("x", headers: ["Connection: close"]) },
        ])
        let scene = FetchScene()
        for _ in 0..<20 { _ = try await scene.fetch(server.url("/closed")) }
        let connections = server.connectionsCount
        let descriptors = openSockets(to: server.port)
        for number in 0..<500 {
            _ = try await scene.fetch(server.url(number % 50 == 0 ? "/closed" : "/kept"))
        }
        #expect(server.requests.count == 520)
        // Ten were told to close; every other request found an open connection.
        #expect(server.connectionsCount - connections <= 11)
        #expect(descriptors <= 1)
        #expect(openSockets(to: server.port) <= 1)
        await scene.fetcher.shutDown()
        #expect(openSockets(to: server.port) == 0)
    }

    /// Descriptors of this process that are connected to that port, other tests' left aside.
    private func openSockets(to port: UInt16) -> Int {
        (0..<Int32(4096)).count { descriptor in
            var name = sockaddr_in()
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            return withUnsafeMutableBytes(of: &name) { bytes in
                guard let start = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) else {
                    return false
                }
                return getpeername(descriptor, start, &length) == 0
            } && name.sin_family == sa_family_t(AF_INET) && name.sin_port.byteSwapped == port
        }
    }

    @Test func manyAtOnceAllSucceedWithinTheCaps() async throws {
        let server = try LoopbackServer(["/": { _ in .text("x") }])
        let scene = FetchScene {
            $0.transfersPerHostMax = 8
            $0.transfersMax = 4
        }
        let url = server.url("/")
        let texts = try await withThrowingTaskGroup(of: String?.self) { group in
            for _ in 0..<200 { group.addTask { try await scene.fetch(url).text } }
            return try await group.reduce(into: [String?]()) { $0.append($1) }
        }
        #expect(texts == Array(repeating: "x", count: 200))
        #expect(server.connectionsCount <= 4)
        #expect(await scene.fetcher.load == (0, 0))
    }

    @Test func queueHasAnEnd() async throws {
        let server = try LoopbackServer(["/": { _ in LoopbackAnswer([.stall]) }])
        let scene = FetchScene {
            $0.transfersPerHostMax = 1
            $0.waitingMax = 1
        }
        let url = server.url("/")
        let stalled = (0..<2).map { _ in Task { try await scene.fetch(url) } }
        while await scene.fetcher.load != (1, 1) { await Task.yield() }
        #expect(try await scene.failure(of: url).kind == .queueFull(max: 1))
        for task in stalled { task.cancel() }
    }

    @Test func credentialsStayWithTheirOrigin() async throws {
        let other = try LoopbackServer(["/": { _ in .text("x") }])
        let elsewhere = other.url("/")
        let server = try LoopbackServer([
            "/near": { _ in .redirect(to: "/here") },
            "/here": { _ in .text("x") },
            "/far": { _ in .redirect(to: elsewhere) },
        ])
        let scene = FetchScene()
        let base = server.url("").replacing("http://", with: "http://me:p%40ss@")
        _ = try await scene.fetch(base + "/near")
        // me:p@ss
        #expect(server.requests.last?.header("Authorization") == "Basic bWU6cEBzcw==")
        let response = try await scene.fetch(base + "/far")
        #expect(other.requests.last?.header("Authorization") == nil)
        #expect(!response.finalURL.description.contains("me:"))
    }
}
