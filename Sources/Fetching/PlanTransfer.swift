internal import News

extension TransferPlan {
    /// The next hop of a request. `url`: its address as a person may be shown it.
    init(
        _ way: Itinerary, url: String, _ request: FetchRequest, _ validators: Validators,
        _ options: FetchOptions, timeMax: Duration, acceptsCodings: Bool
    ) {
        // All lines of ours in one list: libcurl writes a request letter by letter, and those that
        // it makes of its own options twice.
        var headers = [
            request.purpose.acceptLine, "User-Agent: " + options.userAgent,
            acceptsCodings ? "Accept-Encoding: gzip, br, zstd" : "Accept-Encoding: identity",
        ]
        if let etag = validators.etag {
            headers.append("If-None-Match: \(etag)")
            // RFC 3229 with the manipulation `feed`: only the entries that are new since then.
            if request.purpose == .feed { headers.append("A-IM: feed") }
        }
        if let date = validators.lastModified { headers.append("If-Modified-Since: \(date)") }
        if way.isAtItsOrigin, case .bearer(let token) = request.credentials {
            headers.append("Authorization: Bearer \(token)")
        }
        let isRobots = request.purpose == .robots
        self.init(
            address: url, host: way.url.host, hostKey: way.url.hostKey,
            isSecure: way.url.isSecure, login: loginFor(way, request), headers: headers,
            timeMax: timeMax,
            bodyBytesMax: isRobots ? options.robotsBytesMax : options.bodyBytesMax,
            isBodyCut: isRobots, acceptsCodings: acceptsCodings)
    }
}

extension HTTPURL {
    /// What politeness counts as one host: its name, and the port when it is not the usual one.
    var hostKey: String { port.map { host + ":" + String($0) } ?? host }
}

extension FetchRequest.Purpose {
    fileprivate var acceptLine: String {
        switch self {
        case .feed:
            "Accept: application/rss+xml,application/atom+xml,application/feed+json,*/*;q=0.8"
        case .page:
            "Accept: text/html,application/xhtml+xml,*/*;q=0.5"
        case .robots: "Accept: text/plain,*/*;q=0.5"
        }
    }
}

/// The name and password that this hop may be told: those of the configuration, or those that stand
/// in the address.
private func loginFor(
    _ way: Itinerary, _ request: FetchRequest
) -> (user: String, password: String)? {
    if way.isAtItsOrigin, case .basic(let user, let password) = request.credentials {
        return (user, password)
    }
    guard request.credentials == nil, let written = way.credentials else { return nil }
    let parts = written.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        .map { decodingPercents(String($0)) }
    return (parts[0], parts.count > 1 ? parts[1] : "")
}
