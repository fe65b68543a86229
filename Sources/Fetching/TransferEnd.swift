/// How one transfer ended, as a value: what libcurl said and what we know besides.
package struct TransferEnd: Sendable {
    /// Why we ended it ourselves; goes before whatever libcurl makes of that.
    package enum Stop: Sendable, Equatable {
        case headersTooLarge(bytesMax: Int)
        case bodyTooLarge(bytesMax: Int)
        /// Enough of a body that may be cut, or that nobody wants: not a failure.
        case enough
        case firstByteIsLate(after: Duration)
        case crowdedOut(bufferedBytesMax: Int)
        case cancelled
        case shutDown
    }

    package var head = ResponseHead()
    package var body: [UInt8] = []
    package var wireBytes = 0
    /// Where the connection went, as libcurl writes it; empty before there was one.
    package var address = ""
    /// Since the transfer began.
    package var elapsed: Duration = .zero
    package var host = ""
    /// libcurl's result, `CURLE_…`; 0 is success.
    package var code = 0
    /// libcurl's words on it; they may quote the server.
    package var words = ""
    /// OpenSSL's `X509_V_ERR_…` of the server's certificate.
    package var verification = 0
    package var phase = FetchError.Phase.lookup
    package var stop: Stop?
    /// Whether a compressed body lacks its end, which libcurl does not see.
    package var isCutShort = false
    /// The address that was not connected to, and why.
    package var refused: (address: String, reason: String)?
    /// Whether the whole time was used up.
    package var isOutOfTime = false
    /// Which limits it was under; told of those that failed.
    package var limits = Limits()

    /// The limits that a failure may have to name.
    package struct Limits: Sendable {
        package var timeMax: Duration = .zero
        package var connectTimeMax: Duration = .zero
        package var lowSpeedBytesPerSecond = 0
        package var lowSpeedTimeMax: Duration = .zero
        package var authoritiesFile = ""
        package var headerBytesMax = 0
        package var bodyBytesMax = 0
        package init() {}

        init(_ options: FetchOptions, bodyBytesMax: Int) {
            timeMax = options.timeMax
            connectTimeMax = options.connectTimeMax
            lowSpeedBytesPerSecond = options.lowSpeedBytesPerSecond
            lowSpeedTimeMax = options.lowSpeedTimeMax
            authoritiesFile = options.authoritiesFile
            headerBytesMax = options.headerBytesMax
            self.bodyBytesMax = bodyBytesMax
        }
    }

    package init() {}

    /// nil when the answer came in whole. Numbers are those of `curl/curl.h`.
    package var failure: FetchError.Kind? {
        switch stop {
        case .enough: return nil
        case .headersTooLarge(let max): return .headersTooLarge(bytesMax: max)
        case .bodyTooLarge(let max): return .bodyTooLarge(bytesMax: max)
        case .firstByteIsLate(let limit): return .timedOut(phase, after: limit)
        case .crowdedOut(let max): return .crowdedOut(bufferedBytesMax: max)
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
        return failureOfConnection ?? failureOfAnswer ?? .engine("\(readable(words)) [\(code)]")
    }

    private var failureOfConnection: FetchError.Kind? {
        switch code {
        case 6: return .unknownHost(host)
        case 5, 97: return .engine("the proxy cannot be reached: \(readable(words))")
        case 7:
            if let refused { return .blockedAddress(refused.address, reason: refused.reason) }
            return .connectionRefused
        case 28:
            return failureOfTime
        case 51, 60:
            return .certificate(CertificateTrouble(verification: verification))
        case 35, 53, 54, 58, 59, 64, 66, 80, 83, 91: return .handshake(readable(words))
        case 77: return .authoritiesUnreadable(path: limits.authoritiesFile)
        // An error of receiving to libcurl, and the connection is well.
        case 56 where words.hasSuffix("in chunked-encoding"):
            return .malformedAnswer(readable(words))
        case 16, 52, 55, 56, 92, 95: return .connectionLost
        default: return nil
        }
    }

    /// libcurl has one code for three limits: how far it got, and the time that has passed, tell
    /// them apart.
    private var failureOfTime: FetchError.Kind {
        switch phase {
        case .lookup, .connection, .handshake:
            .timedOut(phase, after: min(limits.connectTimeMax, limits.timeMax))
        case .firstByte, .header, .body:
            if isOutOfTime {
                .timedOut(phase, after: limits.timeMax)
            } else if phase == .firstByte {
                // Silence is the lowest speed.
                .timedOut(phase, after: min(limits.lowSpeedTimeMax, limits.timeMax))
            } else {
                .tooSlow(bytesPerSecond: limits.lowSpeedBytesPerSecond)
            }
        }
    }

    private var failureOfAnswer: FetchError.Kind? {
        switch code {
        // 43, a bad argument, is what it calls a trailer that is no field.
        case 1, 8, 43: return .malformedAnswer(readable(words))
        case 3: return .badRedirect("libcurl cannot read the address")
        case 18: return .connectionLost
        // The only writer that can fail behind our own is the decoder: bytes after the end of the
        // compressed data, or a second member.
        case 23: return .contentCoding("the data does not end where its coding says")
        case 61: return .contentCoding(readable(words))
        case 63: return .bodyTooLarge(bytesMax: limits.bodyBytesMax)
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
