internal import TestSupport
internal import Testing

/// One page from a server of the test's own.
struct FetchCommandTests {
    private static let page = """
        <html lang="en"><title>The weir is mended</title><nav><a href="/">Home</a></nav>
        <article><h1>The weir is mended</h1>
        <p>The weir below the old mill was mended last week, after the ice of two winters had
        taken eleven of its stones. Masons from three villages cut new ones on the bank.</p>
        <p>The mill keeper, who had carried water by hand since the spring, opened the gate at
        noon, and it took the wheel a full minute to remember what it was made for.</p></article>
        """

    @Test func aPageIsFetchedAndRead() async throws {
        let server = try LoopbackServer([
            "/a": { _ in .text(Self.page, headers: ["Content-Type: text/html"]) }
        ])
        let address = "http://127.0.0.1:\(server.port)/a"
        let json = try await tamis("fetch", address, "--private", "127.0.0.1", "--json").json()
        #expect(json["title"].string == "The weir is mended")
        #expect(json["text"].string?.contains("The mill keeper") == true)
        let told = try await tamis("fetch", address, "--private", "127.0.0.1")
        #expect(told.ending == .exit(0))
        #expect(told.output.contains("Left out:"))
        server.stop()
    }

    @Test func privateAddressesAreRefused() async throws {
        let server = try LoopbackServer([
            "/a": { _ in .text(Self.page, headers: ["Content-Type: text/html"]) }
        ])
        let told = try await tamis("fetch", "http://127.0.0.1:\(server.port)/a")
        #expect(told.ending == .exit(1))
        #expect(server.requests.isEmpty)
        #expect(try await tamis("fetch", "ftp://a.example/x").ending == .exit(64))
        server.stop()
    }
}
