// Faults of what an answer leads to: other addresses, other times, other documents.

private func document(_ name: String) -> String { FaultSite.document(name) }

/// N19, N21, N27: answers that are complete and wrong.
let answerFaults: [Fault] = [
    Fault(19, "s410", ["gone for good"]) { _ in .text("gone", status: 410) },
    Fault(19, "s404", ["no such document"]) { _ in .text("no", status: 404) },
    Fault(19, "s403", ["access is refused"]) { _ in .text("no", status: 403) },
    Fault(19, "s500", ["server has trouble"]) { _ in .text("no", status: 500) },
    Fault(21, "soft-404", ["HTML page"]) { _ in
        .text(
            "<!DOCTYPE html><html><head><title>Not found</title></head><body><p>Sorry.</p></body>",
            headers: ["Content-Type: text/html"])
    },
    // Good at the first request and every other; what is in between is never twice the same.
    Fault(21, "flap", []) { request in
        guard request.number.isMultiple(of: 2) else { return .text(document("flap")) }
        switch request.number % 6 {
        case 2: return .text("<!DOCTYPE html><title>Be right back</title><p>Soon.</p>")
        case 4: return .text("no such document", status: 404)
        default: return .text("trouble", status: 500)
        }
    },
    Fault(21, "ctype-html", []) { _ in
        .text(document("ctype-html"), headers: ["Content-Type: text/html"])
    },
    Fault(21, "ctype-image", []) { _ in
        .text(document("ctype-image"), headers: ["Content-Type: image/png"])
    },
    Fault(21, "ctype-none", []) { _ in .text(document("ctype-none"), headers: []) },
    Fault(18, "cache-never", []) { _ in
        .text(document("cache-never"), headers: ["Cache-Control: max-age=99999999999999999999"])
    },
    Fault(27, "cookie-flood", []) { _ in
        let cookies = (0..<1000).map { "Set-Cookie: c\($0)=\(String(repeating: "v", count: 99))" }
        return .text(document("cookie-flood"), headers: cookies)
    },
]

/// N11, N12, N13: redirects.
func redirectFaults(_ site: LoopbackServer) -> [Fault] {
    let schemes = [
        "file:///etc/passwd", "ftp://127.0.0.2/", "gopher://127.0.0.2/", "dict://127.0.0.2/",
        "ldap://127.0.0.2/", "smb://127.0.0.2/x", "tftp://127.0.0.2/", "scp://127.0.0.2/",
        "javascript:alert(1)", "data:text/plain,x", "rtsp://127.0.0.2/", "imap://127.0.0.2/",
        "telnet://127.0.0.2/",
    ]
    let unfollowed = ["redirect cannot be followed"]
    for number in 0..<10 {
        site.on("/r-endless-\(number)") { _ in .redirect(to: "/r-endless-\(number + 1)") }
    }
    site.on("/r-grow") { request in .redirect(to: "/r-grow?a") }
    for number in 1..<10 {
        let query = String(repeating: "a", count: number)
        site.on("/r-grow?\(query)") { _ in .redirect(to: "/r-grow?\(query)a") }
    }
    site.on("/r-target") { _ in .text(document("r-target")) }
    site.on("/r-gone") { _ in .text("gone", status: 410) }
    site.on("/r-pingpong-b") { _ in .redirect(to: "/r-pingpong-a") }
    return [
        Fault(11, "r-self", unfollowed) { _ in .redirect(to: "/r-self") },
        Fault(11, "r-pingpong-a", unfollowed) { _ in .redirect(to: "/r-pingpong-b") },
        Fault(11, "r-endless", ["redirects"]) { _ in .redirect(to: "/r-endless-0") },
        Fault(11, "r-grow", ["redirects"]) { _ in .redirect(to: "/r-grow?a") },
        Fault(11, "r-huge", ["header is too large"] + unfollowed) { _ in
            .redirect(to: "/" + String(repeating: "x", count: 1 << 20))
        },
        Fault(11, "r-none", unfollowed) { _ in .text("where?", status: 302) },
        Fault(11, "r-empty", unfollowed) { _ in .redirect(to: "") },
        Fault(11, "r-garbage", unfollowed) { _ in .redirect(to: "http://[::/%%%") },
        Fault(13, "r-301", []) { _ in .redirect(to: "/r-target", status: 301) },
        Fault(13, "r-308", []) { _ in .redirect(to: "/r-target", status: 308) },
        Fault(13, "r-301-410", ["gone for good"]) { _ in
            .redirect(to: "/r-gone", status: 301)
        },
    ]
        + schemes.enumerated().map { number, address in
            Fault(12, "r-scheme-\(number)", unfollowed) { _ in .redirect(to: address) }
        }
}

/// N14, N17: where nobody may go, and what must not travel along.
func trespassFaults(
    _ site: LoopbackServer, _ canary: LoopbackServer, _ stranger: LoopbackServer
) -> [Fault] {
    let hosts = [
        "localhost", "LOCALHOST", "127.0.0.2", "127.1", "127.2", "2130706433", "0x7f000001",
        "0177.0.0.1", "0", "0.0.0.0", "[::]", "[::1]", "[::ffff:7f00:2]", "[::ffff:127.0.0.2]",
        "[64:ff9b::7f00:2]", "user@127.0.0.2", "127.0.0.2.", "１２７.0.0.2", "127.0.0.1@127.0.0.2",
        "127.0.0.2#@127.0.0.1", "127.0.0.2\\@127.0.0.1", "017700000002", "0x7f.0.0.2",
        "[0:0:0:0:0:ffff:7f00:2]", "ip6-localhost", "[fe80::1]", "169.254.169.254", "10.0.0.1",
        "192.168.0.1", "[fd00::1]",
    ]
    let forbidden = ["not public", "host leads to", "no address found", "cannot be followed"]
    let secret = canary.url("/", host: "127.0.0.2")
    let linking = FaultSite.document("ssrf-links", link: secret)
    var links = Fault(14, "ssrf-links", []) { _ in .text(linking) }
    links.settings = "pages = true"
    var page = Fault(14, "ssrf-page", []) { _ in
        .text(FaultSite.document("ssrf-page", link: site.url("/ssrf-page-target")))
    }
    page.settings = "pages = true"
    site.on("/ssrf-page-target") { _ in .redirect(to: secret) }
    let dtd = FaultSite.document("x-dtd").replacing(
        "?><rss", with: "?><!DOCTYPE rss SYSTEM \"\(secret)\"><rss")
    let entity =
        "<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY x SYSTEM \"\(secret)\">]>"
        + "<rss version=\"2.0\"><channel><title>&x;</title><item><title>Entity &x;</title>"
        + "<guid>x</guid><description>One two three four five six &x; seven.</description></item>"
        + "</channel></rss>"
    let style = FaultSite.document("x-stylesheet").replacing(
        "?><rss", with: "?><?xml-stylesheet href=\"\(secret)\"?><rss")
    let include = FaultSite.document("x-xinclude").replacing(
        "</channel>",
        with: "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"\(secret)\"/>"
            + "</channel>")
    var credentials = Fault(17, "r-cross-auth", []) { _ in .redirect(to: stranger.url("/")) }
    credentials.url = site.url("/r-cross-auth").replacing("//", with: "//me:secret@")
    site.on("/r-cross-auth", credentials.answer)
    return [
        links, page, credentials,
        Fault(14, "r-html", ["host leads to", "cannot be followed", "HTML page"]) { _ in
            .text(
                "<html><head><meta http-equiv=\"refresh\" content=\"0;url=\(secret)\"></head>"
                    + "</html>")
        },
        Fault(14, "x-xxe", []) { _ in .text(entity) },
        Fault(14, "x-dtd", []) { _ in .text(dtd) },
        Fault(14, "x-stylesheet", []) { _ in .text(style) },
        Fault(14, "x-xinclude", []) { _ in .text(include) },
        Fault(14, "alt-svc", []) { _ in
            .text(
                document("alt-svc"),
                headers: ["Alt-Svc: h2=\"127.0.0.2:\(canary.port)\"; ma=3600"])
        },
    ]
        + hosts.enumerated().map { number, host in
            let target = "http://\(host.replacing("#", with: ":\(canary.port)#")):\(canary.port)/"
            return Fault(14, "r-ssrf-\(number)", forbidden) { _ in .redirect(to: target) }
        }
}

/// N18: servers that want to be left alone, each a host of its own.
let waitFaults: [Fault] = {
    let wishes: [(name: String, fields: [String])] = [
        ("seconds", ["Retry-After: 120"]), ("date", ["Retry-After: Fri, 01 Jan 2100 00:00:00 GMT"]),
        ("past", ["Retry-After: Sun, 06 Nov 1994 08:49:37 GMT"]),
        ("garbage", ["Retry-After: tomorrow, perhaps"]),
        ("digits", ["Retry-After: \(String(repeating: "9", count: 30))"]),
        ("negative", ["Retry-After: -5"]), ("float", ["Retry-After: 1.5"]),
        ("zero", ["Retry-After: 0"]), ("two", ["Retry-After: 60", "Retry-After: 90"]),
        ("none", []),
    ]
    return [429, 503].flatMap { status in
        wishes.map { wish in
            var fault = Fault(
                18, "s\(status)-\(wish.name)",
                [status == 429 ? "fewer requests" : "server has trouble"]
            ) { _ in .text("later", status: status, headers: wish.fields) }
            fault.isAlone = true
            return fault
        }
    }
}()

/// N20: validators that lie.
let validatorFaults: [Fault] = [
    Fault(20, "s304-unasked", ["unexpected status 304"]) { _ in
        LoopbackAnswer([.send(LoopbackAnswer.head(304, []))])
    },
    Fault(20, "etag-lie", []) { request in
        request.header("If-None-Match") == nil
            ? .text(document("etag-lie"), headers: ["ETag: \"for ever\""])
            : LoopbackAnswer([.send(LoopbackAnswer.head(304, []))])
    },
    Fault(20, "etag-odd", []) { _ in
        .text(document("etag-odd"), headers: ["ETag: not quoted, W/\"or so"])
    },
    Fault(20, "etag-inject", []) { _ in
        .text(document("etag-inject"), headers: ["ETag: \"a\u{0B}b\u{01}\""])
    },
    Fault(20, "etag-long", []) { _ in
        .text(
            document("etag-long"), headers: ["ETag: \"\(String(repeating: "e", count: 9000))\""])
    },
    Fault(20, "lastmod-garbage", []) { _ in
        .text(document("lastmod-garbage"), headers: ["Last-Modified: before breakfast"])
    },
]

/// Faults of connections before anything is said: N1 and N22 where no HTTP is heard.
func elsewhereFaults(
    _ site: LoopbackServer, _ blackhole: Blackhole, _ hangup: Hangup, _ flood: GreetingFlood
) -> [Fault] {
    func fault(_ number: Int, _ name: String, _ says: [String], _ url: String) -> Fault {
        var fault = Fault(number, name, says) { _ in .text("") }
        fault.url = url
        return fault
    }
    return [
        fault(1, "blackhole", ["time ran out connecting"], blackhole.url),
        fault(
            1, "tls-stall", ["in the TLS handshake"],
            site.url("/").replacing("http:", with: "https:")),
        fault(22, "tls-cut", ["TLS handshake failed", "connection ended"], hangup.url),
        fault(22, "tls-flood", ["has no end"], flood.url),
        fault(1, "closed", ["nothing accepts"], "http://127.0.0.1:1/"),
    ]
}
