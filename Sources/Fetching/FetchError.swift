package import News

/// Why a fetch failed, and what that means for the next try.
package struct FetchError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong; limits that were passed come with the failure.
    package enum Kind: Hashable, Sendable {
        /// The host name leads nowhere.
        case unknownHost(String)
        /// No name server could say where it leads.
        case nameServersFail(String)
        /// An address that is not public, of a host that is not allowed by name.
        case blockedAddress(String, reason: String)
        case connectionRefused
        /// Reset or closed before the answer was whole.
        case connectionLost
        case timedOut(Phase, after: Duration)
        /// Fewer bytes a second than the limit, for too long.
        case tooSlow(bytesPerSecond: Int)
        case certificate(CertificateTrouble)
        /// The TLS handshake failed for another reason than the certificate.
        case handshake(String)
        case authoritiesUnreadable(path: String)
        /// The answer is not HTTP as we know it.
        case malformedAnswer(String)
        case headersTooLarge(bytesMax: Int)
        case bodyTooLarge(bytesMax: Int)
        case contentCoding(String)
        /// Success claimed, nothing sent.
        case emptyBody
        /// A status that is not an answer to what was asked.
        case status(Int)
        case tooManyRedirects(max: Int)
        case badRedirect(String)
        /// `rule`: the line that forbids it.
        case disallowedByRobots(rule: String)
        case robotsUnreachable(String)
        /// The host asked for no requests until then, in an answer to this or another request.
        case hostAsksToWait(until: Instant)
        case queueFull(max: Int)
        /// Names whose servers are silent took all places for lookups.
        case lookupsFull(max: Int)
        /// Ended for the sake of the others: it held the most memory.
        case crowdedOut(bufferedBytesMax: Int)
        case cancelled
        case shutDown
        /// libcurl itself failed.
        case engine(String)
    }

    /// How far a transfer had got.
    package enum Phase: String, Hashable, Sendable {
        case lookup = "looking up the host"
        case connection = "connecting"
        case handshake = "in the TLS handshake"
        case firstByte = "waiting for the first byte"
        case header = "reading the header"
        case body = "reading the body"
    }

    /// What follows from a failure.
    package enum Retry: Hashable, Sendable {
        /// Trouble of the moment: a short delay is enough.
        case soon
        /// Not before then.
        case after(Instant)
        /// Trouble that may last: wait longer with every failure.
        case backOff
        /// The answer was final.
        case never
    }

    package let kind: Kind
    package let retry: Retry
    /// The address that failed, after redirects, without credentials.
    package let url: String

    /// `retryAfter`: what the answer asked for, if it did.
    package init(_ kind: Kind, url: String, retryAfter: Instant? = nil) {
        self.kind = kind
        self.url = url
        retry =
            switch kind {
            case .status(429), .status(503): retryAfter.map { .after($0) } ?? .backOff
            default: Self.retry(of: kind)
            }
    }

    /// Whether the request was ended on this side, without asking the server or in spite of it.
    package var isOurOwn: Bool {
        switch kind {
        case .hostAsksToWait, .queueFull, .lookupsFull, .crowdedOut, .cancelled, .shutDown, .engine:
            true
        default: false
        }
    }

    /// Whether there was no room for it here, whatever it would have been. Who was crowded out was
    /// the largest.
    package var isLackOfRoom: Bool {
        switch kind {
        case .queueFull, .lookupsFull: true
        default: false
        }
    }

    /// Whether whoever asked wants it no longer, or nobody may ask any more: it says nothing about
    /// the server.
    package var isWithdrawal: Bool { kind == .cancelled || kind == .shutDown }

    /// What kind of trouble it is, for weighing it.
    package var failureClass: FailureClass {
        switch kind {
        case .unknownHost, .nameServersFail: .lookup
        case .blockedAddress: .address
        case .connectionRefused, .connectionLost: .connection
        case .timedOut, .tooSlow: .time
        case .certificate, .handshake, .authoritiesUnreadable: .tls
        case .malformedAnswer, .headersTooLarge, .bodyTooLarge, .contentCoding, .emptyBody: .answer
        case .status(404): .missing
        case .status(410): .gone
        case .status(429), .hostAsksToWait: .busy
        case .status(400...499): .refused
        case .status(500...599): .server
        case .status: .answer
        case .tooManyRedirects, .badRedirect: .redirect
        case .disallowedByRobots, .robotsUnreachable: .refused
        case .queueFull, .lookupsFull, .crowdedOut, .cancelled, .shutDown, .engine: .other
        }
    }

    private static func retry(of kind: Kind) -> Retry {
        switch kind {
        case .connectionRefused, .connectionLost, .timedOut, .tooSlow, .crowdedOut,
            .nameServersFail, .queueFull, .lookupsFull, .cancelled, .shutDown, .engine,
            .robotsUnreachable, .authoritiesUnreadable:
            .soon
        case .hostAsksToWait(let until): .after(until)
        case .status(408), .status(425), .status(500), .status(502), .status(504): .soon
        case .status(410), .disallowedByRobots: .never
        case .unknownHost, .blockedAddress, .certificate, .handshake, .malformedAnswer,
            .headersTooLarge,
            .bodyTooLarge, .contentCoding, .emptyBody, .status, .tooManyRedirects, .badRedirect:
            .backOff
        }
    }

    /// One sentence for a person; free of control characters.
    package var description: String { "\(sentence) (\(url))" }

    /// What went wrong, without the address.
    var sentence: String {
        switch kind {
        case .unknownHost(let host): "no address found for host \(host)"
        case .nameServersFail(let host):
            "no address found for host \(host): the name servers do not say; see /etc/resolv.conf "
                + "if it is so for others"
        case .blockedAddress(let address, let reason):
            "the host leads to \(address), \(reason); to allow it, name the host or a prefix of "
                + "addresses in allowed_private_hosts"
        case .connectionRefused: "nothing accepts connections there"
        case .connectionLost: "the connection ended before the answer was whole"
        case .timedOut(let phase, let limit): "time ran out \(phase.rawValue), after \(limit)"
        case .tooSlow(let rate): "less than \(rate) bytes a second of it came for too long"
        case .certificate(let trouble): "the certificate is not accepted: \(trouble)"
        case .handshake(let detail): "the TLS handshake failed: \(detail)"
        case .authoritiesUnreadable(let path):
            "no trusted certificates in \(path); install ca-certificates or name another file"
        case .malformedAnswer(let detail): "the answer is not HTTP: \(detail)"
        case .headersTooLarge(let max): "the header is too large (more than \(max) bytes)"
        case .bodyTooLarge(let max): "the body is too large (more than \(max) bytes)"
        case .contentCoding(let detail): "the body cannot be decoded: \(detail)"
        case .emptyBody: "the answer is empty"
        case .status(let status): Self.sentence(ofStatus: status)
        case .tooManyRedirects(let max): "more than \(max) redirects"
        case .badRedirect(let detail): "the redirect cannot be followed: \(detail)"
        case .disallowedByRobots(let rule): "robots.txt does not allow it (\(rule))"
        case .robotsUnreachable(let reason): "robots.txt cannot be had: \(reason)"
        case .hostAsksToWait(let until): "the host asked for no requests until \(until)"
        case .queueFull(let max): "\(max) requests are already waiting"
        case .crowdedOut(let max):
            "bodies together, those that were not read yet included, exceeded \(max) bytes"
        case .lookupsFull(let max):
            "all \(max) lookups of host names are taken by names that no name server answers for"
        case .cancelled: "the request was withdrawn"
        case .shutDown: "the fetcher is shut down"
        case .engine(let detail): "libcurl failed: \(detail)"
        }
    }

    private static func sentence(ofStatus status: Int) -> String {
        switch status {
        case 401, 403, 407, 451: "access is refused (status \(status))"
        case 404: "there is no such document (status 404)"
        case 410: "the document is gone for good (status 410)"
        case 429: "the host asks for fewer requests (status 429)"
        case 500...599: "the server has trouble (status \(status))"
        default: "unexpected status \(status)"
        }
    }
}

/// What is wrong with a server's certificate.
package enum CertificateTrouble: Hashable, Sendable, CustomStringConvertible {
    case expired, notYetValid, selfSigned, unknownIssuer, wrongHost, revoked
    /// OpenSSL's verification code.
    case other(Int)

    /// From OpenSSL's `X509_V_ERR_…` code. 0 means that the chain was in order and the name not;
    /// 1 that libcurl looked at the name first and went no further.
    package init(verification code: Int) {
        self =
            switch code {
            case 0, 1, 62, 64: .wrongHost
            case 9: .notYetValid
            case 10: .expired
            case 18, 19: .selfSigned
            // 22 to 25 and 79: the chain ends in one that may not sign.
            case 2, 20, 21, 22, 24, 25, 27, 79: .unknownIssuer
            case 23: .revoked
            default: .other(code)
            }
    }

    package var description: String {
        switch self {
        case .expired: "it has expired"
        case .notYetValid: "it is not valid yet"
        case .selfSigned: "it is self-signed"
        case .unknownIssuer: "its issuer is not trusted"
        case .wrongHost: "it is for another host"
        case .revoked: "it was revoked"
        case .other(let code): "OpenSSL verification code \(code)"
        }
    }
}
