package import News

/// The way of one fetch through its redirects.
///
/// Hops are followed here and not by libcurl, so that each passes the host gate, the address check
/// and `robots.txt` like any other request, and so that credentials stay with the origin that they
/// were configured for.
package struct Itinerary: Sendable {
    /// Where to ask next.
    package private(set) var url: HTTPURL
    private let start: HTTPURL
    private let hopsMax: Int
    private var hops = 0
    /// Addresses left behind: at most `hopsMax`, so a list does.
    private var visited: [String] = []
    private var isPermanent = true

    package init(from url: HTTPURL, hopsMax: Int) {
        self.url = url
        start = url
        self.hopsMax = hopsMax
    }

    /// `user:password` to send with the present hop: only to the scheme, host and port that they
    /// were given for; what a redirect brings along is dropped.
    package var credentials: String? { isAtItsOrigin ? start.userInfo : nil }

    /// Whether the present hop goes to the scheme, host and port where the fetch began.
    package var isAtItsOrigin: Bool { hops == 0 || url.origin == start.origin }

    /// The present address, if permanent redirects alone led to it and none of them gave up TLS.
    package var permanentRedirect: HTTPURL? {
        hops > 0 && isPermanent && (url.isSecure || !start.isSecure) ? url : nil
    }

    /// Goes where an answer of status 301, 302, 303, 307 or 308 points.
    package mutating func follow(_ location: String?, status: Int) throws(Refusal) {
        guard let location, !location.isEmpty else {
            throw Refusal(.badRedirect("it names no address"))
        }
        guard let target = HTTPURL(location, relativeTo: url) else {
            throw Refusal(.badRedirect("it leads to something that is not an http address"))
        }
        guard hops < hopsMax else { throw Refusal(.tooManyRedirects(max: hopsMax)) }
        visited.append(url.withoutSecrets)
        guard !visited.contains(target.withoutSecrets) else {
            throw Refusal(.badRedirect("it leads in a circle"))
        }
        hops += 1
        if status != 301 && status != 308 { isPermanent = false }
        url = target
    }

    /// Why a redirect is not followed.
    package struct Refusal: Error, Equatable {
        package let kind: FetchError.Kind
        init(_ kind: FetchError.Kind) { self.kind = kind }
    }
}
