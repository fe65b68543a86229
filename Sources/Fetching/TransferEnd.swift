/// How one transfer ended. A class, because it is handed on more often than it is made.
package final class TransferEnd: Sendable {
    package let head: ResponseHead
    package let body: [UInt8]
    package let wireBytes: Int
    /// Where the connection went, as libcurl writes it; empty before there was one.
    package let address: String
    /// Since the transfer began.
    package let elapsed: Duration
    let sendings: Sendings
    let hold: BodyHold?
    /// nil when the answer came in whole.
    package let failure: FetchError.Kind?

    init(
        head: ResponseHead, body: [UInt8], wireBytes: Int, address: String, elapsed: Duration,
        sendings: Sendings = Sendings(), hold: BodyHold? = nil, failure: FetchError.Kind?
    ) {
        self.head = head
        self.body = body
        self.wireBytes = wireBytes
        self.address = address
        self.elapsed = elapsed
        self.sendings = sendings
        self.hold = hold
        self.failure = failure
    }
}

/// When the request of one transfer was handed to its connection, since the transfer began.
///
/// libcurl sends a request again, on another connection, when the one that was kept ends before a
/// byte of an answer (RFC 9112, section 9.3.1): a server may have seen each of them.
struct Sendings: Sendable, Equatable {
    /// nil as long as it was not.
    private(set) var last: Duration?
    /// Those that nothing came of; libcurl tries five times.
    private(set) var earlier: [Duration] = []

    mutating func add(_ time: Duration) {
        if let last { earlier.append(last) }
        last = time
    }
}

/// What libcurl said when a transfer ended, and what we know besides: by them a failure gets its
/// name. All but the first three are told of those alone that failed.
package struct TransferFacts: Sendable {
    /// Why we ended it ourselves; goes before whatever libcurl makes of that.
    package enum Stop: Sendable, Equatable {
        case headersTooLarge(bytesMax: Int)
        case bodyTooLarge(bytesMax: Int)
        /// Enough of a body that may be cut, or that nobody wants: not a failure.
        case enough
        case firstByteIsLate(after: Duration)
        /// The whole time is used up.
        case isOutOfTime
        case isTooSlow
        case crowdedOut(bufferedBytesMax: Int)
        /// What came was no answer, and reading it had no end.
        case flooding
        case cancelled
        case shutDown
    }

    /// libcurl's result, `CURLE_…`; 0 is success.
    package var code = 0
    package var stop: Stop?
    /// Whether a compressed body lacks its end, which libcurl does not see.
    package var isCutShort = false
    package var host = ""
    /// libcurl's words on it; they may quote the server.
    package var words = ""
    /// OpenSSL's `X509_V_ERR_…` of the server's certificate.
    package var verification = 0
    package var phase = FetchError.Phase.lookup
    /// The address that was not connected to, and why.
    package var refused: (address: String, reason: String)?
    /// The bound of this body; the other limits are those of the options.
    package var bodyBytesMax = 0

    package init() {}

    /// Why the answer with that header is of no use; nil when it came in whole. Numbers are those
    /// of `curl/curl.h`.
    package func failure(
        of head: ResponseHead, under limits: FetchOptions
    ) -> FetchError.Kind? {
        switch stop {
        case .enough: return nil
        case .headersTooLarge(let max): return .headersTooLarge(bytesMax: max)
        case .bodyTooLarge(let max): return .bodyTooLarge(bytesMax: max)
        case .firstByteIsLate(let limit): return .timedOut(phase, after: limit)
        case .isOutOfTime: return .timedOut(phase, after: limits.timeMax)
        // Silence is the lowest speed.
        case .isTooSlow where phase == .firstByte:
            return .timedOut(phase, after: limits.lowSpeedTimeMax)
        case .isTooSlow: return .tooSlow(bytesPerSecond: limits.lowSpeedBytesPerSecond)
        case .crowdedOut(let max): return .crowdedOut(bufferedBytesMax: max)
        case .flooding: return .malformedAnswer("what comes has no end and is none")
        case .cancelled: return .cancelled
        case .shutDown: return .shutDown
        case nil: break
        }
        if let complaint = head.complaint { return .malformedAnswer(complaint) }
        // libcurl goes on reading after it; nothing that follows is ours.
        if head.status == 101 { return .status(101) }
        if code == 0 {
            guard head.isComplete else { return .connectionLost }
            return isCutShort ? .contentCoding("the compressed data is cut short") : nil
        }
        return failureOfConnection(under: limits) ?? failureOfAnswer(under: limits)
            ?? .engine("\(readable(words)) [\(code)]")
    }

    private func failureOfConnection(under limits: FetchOptions) -> FetchError.Kind? {
        switch code {
        case 6: return .unknownHost(host)
        case 5, 97: return .engine("the proxy cannot be reached: \(readable(words))")
        case 7:
            if let refused { return .blockedAddress(refused.address, reason: refused.reason) }
            return .connectionRefused
        // The only limit of time that it keeps is that of connecting.
        case 28: return .timedOut(phase, after: min(limits.connectTimeMax, limits.timeMax))
        case 51, 60:
            return .certificate(CertificateTrouble(verification: verification))
        case 35, 53, 54, 58, 59, 64, 66, 80, 83, 91:
            return words.contains("SSL_ERROR_SYSCALL")
                ? .connectionLost : .handshake(handshakeWords)
        case 77: return .authoritiesUnreadable(path: limits.authoritiesFile)
        // In TLS 1.3 a server refuses when the client takes the handshake for done.
        case 56 where words.contains("certificate required"): return .handshake(handshakeWords)
        // What libcurl calls a lack of memory is a line beyond its own bound.
        case 56 where words.hasPrefix("Out of memory in chunked"):
            return .headersTooLarge(bytesMax: limits.headerBytesMax)
        // An error of receiving to libcurl, and the connection is well.
        case 56 where words.hasSuffix("in chunked-encoding"):
            return .malformedAnswer(readable(words))
        case 16, 52, 55, 56, 92, 95: return .connectionLost
        default: return nil
        }
    }

    /// What OpenSSL says, behind what it means where that is known.
    private var handshakeWords: String {
        let meaning = Self.handshakeMeanings.first { words.contains($0.words) }?.meaning
        return (meaning.map { $0 + "; " } ?? "") + readable(words)
    }

    private static let handshakeMeanings: [(words: String, meaning: String)] = [
        ("wrong version number", "the server speaks no TLS at this port"),
        ("unsupported protocol", "the server speaks TLS older than 1.2 alone"),
        ("alert protocol version", "the server speaks TLS older than 1.2 alone"),
        ("alert handshake failure", "the server refuses, or knows no cipher of ours"),
        ("certificate required", "the server wants a certificate of ours"),
        ("unrecognized name", "the server has no such host"),
    ]

    private func failureOfAnswer(under limits: FetchOptions) -> FetchError.Kind? {
        switch code {
        // 43, a bad argument, is what it calls a trailer that is no field.
        case 1 where words.hasPrefix("Received HTTP/0.9"):
            return .malformedAnswer("it does not begin with a status line")
        case 43: return .malformedAnswer(ResponseHead.isNoField)
        case 1, 8: return .malformedAnswer(readable(words))
        case 3: return .badRedirect("libcurl cannot read the address")
        case 18: return .connectionLost
        // The only writer that can fail behind our own is the decoder: bytes after the end of the
        // compressed data, or a second member.
        case 23: return .contentCoding("the data does not end where its coding says")
        case 61: return .contentCoding(readable(words))
        case 63: return .bodyTooLarge(bytesMax: bodyBytesMax)
        // What libcurl calls a lack of memory is a header line beyond its own bound of 100 KB.
        case 27: return .headersTooLarge(bytesMax: limits.headerBytesMax)
        default: return nil
        }
    }
}

/// At most 200 characters of `words`, control and format characters left out.
private func readable(_ words: String) -> String {
    let kept = words.unicodeScalars.filter { scalar in
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate: false
        default: true
        }
    }
    var result = String.UnicodeScalarView()
    result.append(contentsOf: kept.prefix(200))
    return result.isEmpty ? "no reason given" : String(result)
}
