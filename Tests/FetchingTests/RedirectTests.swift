import Fetching
import Glibc
import News
import TestSupport
import Testing

/// Where redirects may lead, and where nothing is ever sent.
struct RedirectTests {
    @Test func finalAddressIsReported() async throws {
        let server = try LoopbackServer([
            "/a": { _ in .redirect(to: "b?x=1", status: 302) },
            "/b?x=1": { _ in .redirect(to: "/c", status: 307) },
            "/c": { _ in .text("here") },
        ])
        let response = try await FetchScene().fetch(server.url("/a"))
        #expect(response.text == "here")
        #expect(response.finalURL.description == server.url("/c"))
        #expect(response.permanentRedirect == nil)
    }

    @Test(arguments: [([301, 308], true), ([301, 302], false), ([303], false), ([308], true)])
    func onlyPermanentHopsMakeAPermanentRedirect(statuses: [Int], isPermanent: Bool) async throws {
        let server = try LoopbackServer(["/end": { _ in .text("x") }])
        for (index, status) in statuses.enumerated() {
            let next = index + 1 == statuses.count ? "/end" : "/\(index + 1)"
            server.on("/\(index)") { _ in .redirect(to: next, status: status) }
        }
        let response = try await FetchScene().fetch(server.url("/0"))
        #expect(response.permanentRedirect?.description == (isPermanent ? server.url("/end") : nil))
    }

    @Test func endlessRedirectsEnd() async throws {
        let server = try LoopbackServer()
        for number in 0..<10 {
            server.on("/\(number)") { _ in .redirect(to: "/\(number + 1)") }
        }
        let scene = FetchScene { $0.redirectsMax = 3 }
        #expect(try await scene.failure(of: server.url("/0")).kind == .tooManyRedirects(max: 3))
        #expect(server.requests.count == 4)
    }

    @Test(arguments: [
        "ftp://127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1/", "javascript:alert(1)",
        "data:text/plain,x", "ldap://127.0.0.1/", "smb://127.0.0.1/x", "dict://127.0.0.1/",
        "http://", "http:///", "//", "http://[::1", "http://a b/", "",
    ])
    func redirectToNothingFetchableIsRefused(location: String) async throws {
        let server = try LoopbackServer(["/": { _ in .redirect(to: location) }])
        let error = try await FetchScene().failure(of: server.url("/"))
        guard case .badRedirect = error.kind else {
            Issue.record("\(location): \(error)")
            return
        }
        #expect(server.requests.count == 1)
    }

    @Test func circleIsSeenAtOnce() async throws {
        let server = try LoopbackServer([
            "/self": { _ in .redirect(to: "/self") },
            "/ping": { _ in .redirect(to: "/pong") },
            "/pong": { _ in .redirect(to: "/ping") },
        ])
        let scene = FetchScene()
        for path in ["/self", "/ping"] {
            #expect(
                try await scene.failure(of: server.url(path)).kind
                    == .badRedirect("it leads in a circle"))
        }
        #expect(server.requests.count == 3)
    }

    @Test(arguments: [
        "localhost", "LOCALHOST", "127.0.0.2", "127.1", "2130706433", "0x7f000001", "0177.0.0.1",
        "0",
        "0.0.0.0", "[::]", "[::1]", "[::ffff:7f00:1]", "[::ffff:127.0.0.1]", "user@127.1",
        "127.0.0.1.", "１２７.0.0.2", "[64:ff9b::7f00:1]",
    ])
    func canaryIsNeverTouched(host: String) async throws {
        // `127.0.0.1` is allowed for the server, by that spelling only.
        let canary = try LoopbackServer(address: "127.0.0.2", ["/": { _ in .text("secret") }])
        let near = try LoopbackServer(["/": { _ in .text("secret") }])
        let server = try LoopbackServer([
            "/far": { _ in .redirect(to: canary.url("/", host: host)) },
            "/near": { _ in .redirect(to: near.url("/", host: host)) },
        ])
        let scene = FetchScene { options in
            options.allowedPrivateHosts = ["127.0.0.1"]
        }
        for path in ["/far", "/near"] where host != "127.0.0.1." {
            let error = try await scene.failure(of: server.url(path))
            guard case .blockedAddress(_, let reason) = error.kind else {
                Issue.record("\(host): \(error)")
                continue
            }
            #expect(!reason.isEmpty)
            #expect(error.retry == .backOff)
        }
        #expect(canary.connectionsCount == 0)
        #expect(near.connectionsCount == 0)
    }

    @Test func metadataServiceIsNeverAsked() async throws {
        let server = try LoopbackServer([
            "/": { _ in .redirect(to: "http://169.254.169.254/latest/meta-data/") }
        ])
        let error = try await FetchScene().failure(of: server.url("/"))
        #expect(
            error.kind == .blockedAddress("169.254.169.254", reason: "a link-local address"))
        #expect(error.url == "http://169.254.169.254/latest/meta-data/")
    }

    @Test func privateHostIsRefusedByDefault() async throws {
        let server = try LoopbackServer(["/": { _ in .text("x") }])
        let scene = FetchScene { $0.allowedPrivateHosts = [] }
        #expect(
            try await scene.failure(of: server.url("/")).kind
                == .blockedAddress("127.0.0.1", reason: "a loopback address"))
        #expect(server.connectionsCount == 0)
    }

    @Test func configuredProxyMakesTheConnection() async throws {
        let proxy = try LoopbackServer([
            "http://news.example/a": { _ in .redirect(to: "/b") },
            "http://news.example/b": { _ in .text("by proxy") },
        ])
        let scene = FetchScene {
            $0.proxy = proxy.url("")
            $0.allowedPrivateHosts = []
        }
        let response = try await scene.fetch("http://news.example/a")
        #expect(response.text == "by proxy")
        #expect(response.finalURL.description == "http://news.example/b")
    }

    @Test func proxyOfTheEnvironmentIsNotUsed() async {
        // In a process of its own: the environment is no place to write while others read it.
        await #expect(processExitsWith: .success) {
            let proxy = try LoopbackServer()
            let server = try LoopbackServer(["/": { _ in .text("direct") }])
            setenv("http_proxy", proxy.url(""), 1)
            setenv("all_proxy", proxy.url(""), 1)
            let response = try await FetchScene().fetch(server.url("/"))
            try #require(response.text == "direct")
            try #require(proxy.connectionsCount == 0)
        }
    }
}
