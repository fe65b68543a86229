internal import News

/// What one transfer is to do. A class, because it is handed on more often than it is made.
final class TransferPlan: Sendable {
    /// Without credentials and fragment.
    let address: String
    /// The host in that address.
    let host: String
    let port: UInt16
    /// The name to look up before it can be connected to; nil when there is none, or a proxy does.
    let nameToLookUp: String?
    /// What politeness counts as one host.
    let hostKey: String
    let isSecure: Bool
    let login: (user: String, password: String)?
    let fields: RequestFields
    let timeMax: Duration
    let bodyBytesMax: Int
    /// Whether the body is cut at its bound instead of refused.
    let isBodyCut: Bool

    /// The next hop of a request. `url`: its address as a person may be shown it.
    init(
        _ way: Itinerary, url: String, _ request: FetchRequest, _ validators: Validators,
        _ options: FetchOptions, timeMax: Duration, acceptsCodings: Bool
    ) {
        let isOfOrigin = request.purpose.isOfOrigin
        var token: String?
        if way.isAtItsOrigin, case .bearer(let given) = request.credentials { token = given }
        address = url
        host = way.url.host
        port = way.url.effectivePort
        nameToLookUp = options.proxy == nil ? NameAnswer.name(toLookUpFor: way.url.host) : nil
        hostKey = way.url.hostKey
        isSecure = way.url.isSecure
        login = loginFor(way, request)
        fields = RequestFields(
            purpose: request.purpose, acceptsCodings: acceptsCodings, validators: validators,
            token: token)
        self.timeMax = timeMax
        bodyBytesMax = isOfOrigin ? options.robotsBytesMax : options.bodyBytesMax
        isBodyCut = isOfOrigin
    }
}

/// What the header of a request says: equal ones are not written anew.
struct RequestFields: Sendable, Equatable {
    var purpose: FetchRequest.Purpose
    /// Whether the server may compress.
    var acceptsCodings: Bool
    var validators: Validators
    /// For `Authorization: Bearer`.
    var token: String?

    /// All lines of ours in one list: libcurl writes a request letter by letter, and those that it
    /// makes of its own options twice.
    func lines(userAgent: String) -> [String] {
        var lines = [
            purpose.acceptLine, "User-Agent: " + userAgent,
            acceptsCodings ? "Accept-Encoding: gzip, br, zstd" : "Accept-Encoding: identity",
        ]
        lines += conditions
        if let token { lines.append("Authorization: Bearer \(token)") }
        return lines
    }

    /// Those that make the request conditional.
    var conditions: [String] {
        guard !validators.isEmpty else { return [] }
        var lines: [String] = []
        if let etag = validators.etag {
            lines.append("If-None-Match: \(etag)")
            // RFC 3229 with the manipulation `feed`: only the entries that are new since then.
            if purpose == .feed { lines.append("A-IM: feed") }
        }
        if let date = validators.lastModified { lines.append("If-Modified-Since: \(date)") }
        return lines
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
        case .reservations: "Accept: application/json,*/*;q=0.5"
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
