/// How far a fetch may go. Each default is what FAULTS measured to be enough for honest servers and
/// too little for the others.
package struct FetchOptions: Sendable {
    /// One request from its first byte out to its last byte in; redirects share one budget.
    package var timeMax: Duration = .seconds(30)
    /// Name lookup; then connection and TLS handshake together.
    package var connectTimeMax: Duration = .seconds(10)
    /// From the start of a transfer to the first byte of the answer.
    package var firstByteTimeMax: Duration = .seconds(10)
    /// A transfer slower than this for `lowSpeedTimeMax` is ended.
    package var lowSpeedBytesPerSecond = 100
    /// See `lowSpeedBytesPerSecond`.
    package var lowSpeedTimeMax: Duration = .seconds(10)
    /// How long one call of libcurl may read what is no answer: see `CallWatch`.
    package var floodTimeMax: Duration = .milliseconds(500)
    /// Decoded bytes of one body.
    package var bodyBytesMax = 8 << 20
    /// Bytes of all header lines of one answer, interim answers and trailers included.
    package var headerBytesMax = 256 << 10
    /// Bytes of an entity tag or a date that is kept and sent back; a longer one is not.
    package var validatorBytesMax = 1024
    /// Hops after the first request.
    package var redirectsMax = 5
    /// Names that are looked up at once, each by a thread; those who wait longer for a place than
    /// `timeMax` are refused.
    package var lookupsMax = 16
    /// Transfers at once, over all hosts.
    package var transfersMax = 64
    /// Of those, how many may go to hosts whose last answer took longer than `slowAnswer`.
    package var slowTransfersMax = 48
    /// What makes a host a slow one, until it answers faster.
    package var slowAnswer: Duration = .seconds(5)
    /// Transfers at once to one host.
    package var transfersPerHostMax = 2
    /// Between the starts of two requests to one host; `robots.txt` and its like neither wait
    /// nor count.
    package var hostSpacing: Duration = .seconds(1)
    /// Requests waiting for their turn; one more is refused.
    package var waitingMax = 4096
    /// Bytes of all bodies that are unfinished or not read yet; beyond it the largest transfer is
    /// ended. Half of it is for the unfinished, however much waits to be read.
    package var bufferedBytesMax = 24 << 20
    /// But none that has no more than this.
    package var bodyShareBytes = 256 << 10
    /// The longest wait that a server may ask for.
    package var retryAfterMax: Duration = .seconds(86_400)
    /// The longest freshness that a server may claim.
    package var maxAgeMax: Duration = .seconds(86_400)
    /// Hosts that may resolve to addresses that are not public, as written in their URL:
    /// `localhost`, `127.0.0.1`, `[::1]`, `wiki.intranet`.
    package var allowedPrivateHosts: Set<String> = []
    /// Blocks of addresses that any host may resolve to, public or not.
    package var allowedPrivatePrefixes: [AddressPrefix] = []
    /// `http://host:port`, or nil to connect directly. The environment is never asked.
    /// A proxy is trusted: it makes the connections, so it chooses which addresses they may go to.
    package var proxy: String?
    /// PEM file of the certificate authorities that are trusted.
    package var authoritiesFile = "/etc/ssl/certs/ca-certificates.crt"
    /// What Tamis calls itself; see `userAgent(version:contact:)`.
    package var userAgent = Self.userAgent(version: "0.1", contact: nil)
    /// The name that groups of `robots.txt` are looked up by (RFC 9309, section 2.2.1).
    package var robotsToken = "Tamis"
    /// Whether pages are fetched only where `robots.txt` lets us.
    package var obeysRobots = true
    /// Whether `/.well-known/tdmrep.json` is asked for beside `robots.txt`, under the same limits.
    package var readsMiningFile = true
    /// How long the rules of an origin are believed (RFC 9309, section 2.4: at most 24 hours).
    package var robotsAgeMax: Duration = .seconds(86_400)
    /// How long an origin whose `robots.txt` cannot be had is left alone.
    package var robotsFailureAgeMax: Duration = .seconds(600)
    /// The longest `Crawl-delay` that is kept; who asks for more is asked less often all the same.
    package var crawlDelayMax: Duration = .seconds(60)
    /// Origins whose rules are remembered.
    package var robotsCountMax = 1024
    /// Bytes of rules that are remembered, of all origins together.
    package var robotsKeptBytesMax = 16 << 20
    /// What is read of a `robots.txt` (RFC 9309, section 2.5: at least 500 KiB).
    package var robotsBytesMax = 512 << 10

    package init() {}

    /// `Tamis/<version> (+<contact>)`: who is asking and where to complain.
    package static func userAgent(version: String, contact: String?) -> String {
        "Tamis/\(version)" + (contact.map { " (+\($0))" } ?? "")
    }
}
