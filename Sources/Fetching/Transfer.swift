internal import CCurl
internal import Glibc
internal import Isolation
internal import News

/// One easy handle of libcurl's, and the answer it is collecting. Used again and again.
///
/// Of the options of a handle, thirty are set once and a few, as they change, at each use: setting
/// all of them each time took a tenth of the time of a request. A handle that carried a login is
/// set back before its next use, so that nothing of it can remain.
///
/// Everything that libcurl calls back into this object happens on the fetcher's queue, inside a
/// call of `CurlEngine`'s; nothing here calls libcurl's multi interface.
final class Transfer {
    let easy: UnsafeMutableRawPointer
    /// The address of the request, read once: of one that is given as text libcurl also writes it
    /// anew, letter by letter.
    private let url: OpaquePointer
    /// What it is for while it is in libcurl's hands; kept by the engine.
    var exchange: Exchange?
    /// Where it is while it is in libcurl's hands; kept by the engine.
    var multi: CurlMulti?
    private(set) var bodyBytes = 0
    private var gzipEnd = GzipEnd()
    private var zstdEnd = ZstdEnd()
    private var seesRawBytes = false
    private var head = ResponseHead()
    private var body: [UInt8] = []
    private var stopped: TransferFacts.Stop?
    private var refused: (address: String, reason: String)?
    /// The last that was opened for it; nil while it uses one that was there.
    private(set) var socket: Int32?
    private var plan: TransferPlan?
    private var bodyBytesMax = 0
    private var fields: UnsafeMutablePointer<curl_slist>?
    private var resolutions: UnsafeMutablePointer<curl_slist>?
    /// When it began, by the clock of the fetcher.
    private var begun: Duration = .zero
    private var time: TransferTime
    private var sendings = Sendings()
    private let words: UnsafeMutablePointer<CChar>
    private let options: FetchOptions
    private let gauge: BodyGauge
    private let sockets: SocketTable

    /// nil when libcurl has no memory left.
    init?(options: FetchOptions, gauge: BodyGauge, sockets: SocketTable) {
        self.gauge = gauge
        self.sockets = sockets
        guard let easy = curl_easy_init() else { return nil }
        guard let url = curl_url() else {
            curl_easy_cleanup(easy)
            return nil
        }
        self.easy = easy
        self.url = url
        self.options = options
        time = TransferTime(begun: .zero, handedOver: .zero, timeMax: .zero, limits: options)
        words = .allocate(capacity: Int(CURL_ERROR_SIZE))
        words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_url_cleanup(url)
        curl_slist_free_all(fields)
        curl_slist_free_all(resolutions)
        words.deallocate()
    }

    /// The transfer that a handle belongs to.
    static func of(_ easy: UnsafeMutableRawPointer) -> Transfer? {
        var pointer: UnsafePointer<CChar>?
        guard tamis_get_string(easy, CURLINFO_PRIVATE, &pointer) == CURLE_OK, let pointer else {
            return nil
        }
        return Unmanaged<Transfer>.fromOpaque(UnsafeRawPointer(pointer)).takeUnretainedValue()
    }

    /// When to look at its time first.
    var firstLook: Duration { time.firstLook }

    /// Whether it is late.
    func look(at now: Duration) -> TransferTime.Finding {
        time.look(at: now, bytes: wireBytes)
    }

    /// What has come of the answer, as it came.
    private var wireBytes: Int { offset(CURLINFO_SIZE_DOWNLOAD_T) + head.bytes }

    func stop(_ reason: TransferFacts.Stop) {
        if stopped == nil { stopped = reason }
    }

    // MARK: Setting up

    /// Makes the handle ready for `plan`; gives libcurl's words when an option is refused. Of the
    /// answer before nothing is left since `finish`.
    func prepare(
        _ plan: TransferPlan, to addresses: [IPAddress], since: Duration, now: Duration
    ) -> String? {
        begun = since
        time = TransferTime(
            begun: since, handedOver: now, timeMax: plan.timeMax, limits: options)
        words[0] = 0
        let before = self.plan
        self.plan = plan
        bodyBytesMax = plan.bodyBytesMax
        var refusal = CURLE_OK
        if before == nil || before?.login != nil {
            curl_easy_reset(easy)
            refusal = setLasting()
        }
        let changed = setPlan(plan, after: before?.login == nil ? before : nil)
        if refusal == CURLE_OK { refusal = changed }
        let told = setAddresses(addresses, of: plan)
        if refusal == CURLE_OK { refusal = told }
        guard refusal != CURLE_OK else { return nil }
        self.plan = nil
        return String(cString: curl_easy_strerror(refusal))
    }

    /// What all requests have in common.
    private func setLasting() -> CURLcode {
        var refusal: CURLcode = CURLE_OK
        func check(_ code: CURLcode) {
            if refusal == CURLE_OK { refusal = code }
        }
        for (option, value) in numbers { check(tamis_set_long(easy, option, value)) }
        for (option, value) in texts { check(set(option, value)) }
        check(tamis_set_pointer(easy, CURLOPT_ERRORBUFFER, words))
        let me = Unmanaged.passUnretained(self).toOpaque()
        for option in [
            CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_OPENSOCKETDATA, CURLOPT_DEBUGDATA,
            CURLOPT_PREREQDATA, CURLOPT_PRIVATE,
        ] {
            check(tamis_set_pointer(easy, option, me))
        }
        check(tamis_set_data_callback(easy, CURLOPT_WRITEFUNCTION, takeBodyBytes))
        check(tamis_set_data_callback(easy, CURLOPT_HEADERFUNCTION, takeHeaderLine))
        check(tamis_set_send_callback(easy, willSend))
        check(tamis_set_open_callback(easy, openSocket))
        check(tamis_set_close_callback(easy, closeSocket))
        // Not this object: a connection outlives the transfer that opened it.
        let table = Unmanaged.passUnretained(sockets).toOpaque()
        check(tamis_set_pointer(easy, CURLOPT_CLOSESOCKETDATA, table))
        check(tamis_set_debug_callback(easy, takeRawBytes))
        return refusal
    }

    /// What is this request's own, where it differs from the one before on this handle.
    private func setPlan(_ plan: TransferPlan, after before: TransferPlan?) -> CURLcode {
        var refusal: CURLcode = CURLE_OK
        func check(_ code: CURLcode) {
            if refusal == CURLE_OK { refusal = code }
        }
        check(setAddress(plan.address))
        if seesRawBytes {
            seesRawBytes = false
            gzipEnd = GzipEnd()
            zstdEnd = ZstdEnd()
            check(tamis_set_long(easy, CURLOPT_VERBOSE, 0))
        }
        if before?.fields != plan.fields {
            curl_slist_free_all(fields)
            fields = plan.fields.lines(userAgent: options.userAgent)
                .reduce(nil) { curl_slist_append($0, $1) ?? $0 }
            check(tamis_set_list(easy, CURLOPT_HTTPHEADER, fields))
        }
        if before?.isSecure != plan.isSecure {
            // libcurl copies it four times a request, whether or not there is TLS.
            check(set(CURLOPT_CAINFO, plan.isSecure ? options.authoritiesFile : nil))
        }
        let bytesMax = plan.isBodyCut ? 0 : plan.bodyBytesMax
        if before == nil || before?.isBodyCut != plan.isBodyCut
            || before?.bodyBytesMax != plan.bodyBytesMax
        {
            check(tamis_set_long(easy, CURLOPT_MAXFILESIZE, bytesMax))
        }
        if let login = plan.login {
            check(set(CURLOPT_USERNAME, login.user))
            check(set(CURLOPT_PASSWORD, login.password))
        }
        return refusal
    }

    /// Tells libcurl what a name stands for, so that it asks nobody.
    private func setAddresses(_ addresses: [IPAddress], of plan: TransferPlan) -> CURLcode {
        let name = addresses.isEmpty ? nil : plan.nameToLookUp
        guard name != nil || resolutions != nil else { return CURLE_OK }
        curl_slist_free_all(resolutions)
        resolutions = name.flatMap {
            curl_slist_append(nil, resolution(of: $0, port: plan.port, addresses))
        }
        return tamis_set_list(easy, CURLOPT_RESOLVE, resolutions)
    }

    /// What libcurl cannot read is given as text, so that the transfer ends and says so.
    private func setAddress(_ address: String) -> CURLcode {
        let code = address.withCString {
            curl_url_set(url, CURLUPART_URL, $0, UInt32(CURLU_PATH_AS_IS))
        }
        let isRead = code == CURLUE_OK
        let refusal = tamis_set_url(easy, isRead ? url : nil)
        return refusal == CURLE_OK && !isRead ? set(CURLOPT_URL, address) : refusal
    }

    /// libcurl copies the text; Swift's own way of handing it to C would copy it once more.
    private func set(_ option: CURLoption, _ text: String?) -> CURLcode {
        guard let text else { return tamis_set_string(easy, option, nil) }
        return text.withCString { tamis_set_string(easy, option, $0) }
    }

    private func milliseconds(_ duration: Duration) -> Int {
        Int(clamping: max(1, duration.milliseconds))
    }

    private var numbers: [(CURLoption, Int)] {
        [
            (CURLOPT_NOSIGNAL, 1),
            (CURLOPT_FOLLOWLOCATION, 0),
            (CURLOPT_PATH_AS_IS, 1),
            // A proxy's answer to CONNECT is not the server's.
            (CURLOPT_SUPPRESS_CONNECT_HEADERS, 1),
            (CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS)),
            (CURLOPT_HTTP09_ALLOWED, 0),
            (CURLOPT_HEADER, Self.previewsHeader ? 1 : 0),
            (CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)),
            (CURLOPT_SSL_VERIFYPEER, 1),
            (CURLOPT_SSL_VERIFYHOST, 2),
            // Without it, giving up on a name lookup waits for the resolver's thread.
            (CURLOPT_QUICK_EXIT, 1),
            (CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue)),
            (CURLOPT_CONNECTTIMEOUT_MS, milliseconds(options.connectTimeMax)),
        ]
    }

    private var texts: [(CURLoption, String?)] {
        [
            (CURLOPT_PROTOCOLS_STR, "http,https"),
            (CURLOPT_REDIR_PROTOCOLS_STR, "http,https"),
            // Neither http_proxy nor no_proxy of the environment is asked: "*" is without a proxy
            // everywhere, and an empty text nowhere.
            (CURLOPT_PROXY, options.proxy),
            (CURLOPT_NOPROXY, options.proxy == nil ? "*" : ""),
            // Which codings are undone, whatever was asked for: all that libcurl can, also unasked.
            (CURLOPT_ACCEPT_ENCODING, ""),
            // A CA path beside the file switches off the store's cache: 20 ms CPU a connection.
            (CURLOPT_CAPATH, nil),
        ]
    }

    // MARK: Called by libcurl

    /// The request goes out now: again, when a connection that was kept turned out to be dead.
    func noteSending() {
        let now = multi?.called ?? begun
        sendings.add(max(now - begun, .zero))
        time.noteSending(at: now)
    }

    /// Whether lines of a header must be looked at before libcurl itself keeps them.
    ///
    /// Up to 8.1 it keeps a pointer to the last line of the answer that the handle had before,
    /// which is gone by then, and writes there when the next header begins with a folded line:
    /// https://github.com/curl/curl/pull/11103. Distributions ship such versions, and a server
    /// chooses what it sends. They tell a line first where the body goes, if asked to, and stop
    /// when it is refused there. A new handle for each answer would be the other way, and costs a
    /// tenth of a request.
    private static let previewsHeader =
        (curl_version_info(CURLVERSION_FIRST)?.pointee.version_num ?? 0) < 0x08_02_00

    /// What comes next.
    private enum Part {
        /// A status line, or the first line behind it.
        case firstLine
        case furtherLine
        case document
        /// Of a redirect or an error: it is read, a little, only to keep the connection.
        case unwantedBody
    }

    private var part = Part.firstLine
    /// Bytes of a first line that have come where the body goes, and not yet as a header.
    private var previewedBytes = 0

    private func preview(_ bytes: UnsafeRawBufferPointer) -> Bool {
        // A long line comes in parts.
        if previewedBytes == 0 { head.refuse(lineBeginningWith: bytes.first) }
        previewedBytes += bytes.count
        return head.complaint == nil
    }

    func takeHeader(_ line: UnsafeRawBufferPointer) -> Bool { take(line, into: &head) }

    private func take(_ line: UnsafeRawBufferPointer, into head: inout ResponseHead) -> Bool {
        previewedBytes = 0
        head.take(line, isBehindBody: bodyBytes > 0)
        part = Self.part(behind: head)
        guard head.bytes <= options.headerBytesMax else {
            stop(.headersTooLarge(bytesMax: options.headerBytesMax))
            return false
        }
        // The only way to see a body before it is decoded; see `GzipEnd`. libcurl writes down much
        // more then, so it is told only when the header says that there is something to see.
        if head.isComplete, !seesRawBytes, let coding = head.coding,
            Self.seenCodings.contains(coding)
        {
            seesRawBytes = true
            tamis_set_long(easy, CURLOPT_VERBOSE, 1)
        }
        // libcurl goes on behind a change of protocol; nothing that follows is ours.
        return head.complaint == nil && !(head.isComplete && head.status == 101)
    }

    private static func part(behind head: ResponseHead) -> Part {
        guard head.isComplete, !head.isInterim else {
            return head.hasLines ? .furtherLine : .firstLine
        }
        return head.bringsDocument ? .document : .unwantedBody
    }

    private static let seenCodings: Set = ["gzip", "x-gzip", "zstd"]

    func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        switch part {
        case .firstLine: return preview(bytes)
        case .furtherLine: return true
        case .document:
            count(bytes)
            return keep(bytes)
        case .unwantedBody:
            count(bytes)
            if bodyBytes > Self.unwantedBytesMax { stop(.enough) }
            return bodyBytes <= Self.unwantedBytesMax
        }
    }

    private func count(_ bytes: UnsafeRawBufferPointer) {
        bodyBytes += bytes.count
        gauge.came(bytes.count)
    }

    private func keep(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bodyBytes > bodyBytesMax else {
            body.append(contentsOf: bytes)
            return true
        }
        if plan?.isBodyCut == true {
            body.append(contentsOf: bytes.prefix(bodyBytesMax - body.count))
            stop(.enough)
        } else {
            stop(.bodyTooLarge(bytesMax: bodyBytesMax))
        }
        return false
    }

    private static let unwantedBytesMax = 64 << 10

    /// Bytes of the body as they came, before chunks and content coding are undone.
    func takeRaw(_ bytes: UnsafeRawBufferPointer) {
        let isChunked = head[.transferEncoding] != nil
        switch head.coding {
        case "gzip", "x-gzip": gzipEnd.take(bytes, isChunked: isChunked)
        case "zstd": zstdEnd.take(bytes, isChunked: isChunked)
        default: break
        }
    }

    /// Whether the coded data lacks its end. Of brotli nothing can be known without decoding it.
    private func isCutShort(_ head: ResponseHead) -> Bool {
        switch head.coding {
        case "gzip", "x-gzip": !gzipEnd.fits(decodedBytes: bodyBytes)
        case "zstd": !zstdEnd.isAtEnd
        default: false
        }
    }

    /// A socket for that address, or `CURL_SOCKET_BAD` with the reason noted.
    func open(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        let host = plan?.host ?? ""
        if options.proxy == nil, !options.allowedPrivateHosts.contains(host) {
            guard let target = internetAddress(of: address) else {
                refused = ("an address of family \(address.pointee.family)", "not the Internet")
                return CURL_SOCKET_BAD
            }
            if let reason = options.refusal(of: target, as: host) {
                refused = (target.description, reason)
                return CURL_SOCKET_BAD
            }
        }
        let descriptor = Glibc.socket(
            address.pointee.family, address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue),
            address.pointee.`protocol`)
        sockets.opened(descriptor)
        socket = descriptor
        return descriptor
    }

    // MARK: Taking down

    /// The end of it, after which the answer is no longer kept here.
    func finish(code: CURLcode, now: Duration) -> TransferEnd {
        let elapsed = max(now - begun, .zero)
        var address: UnsafePointer<CChar>?
        let hasAddress = tamis_get_string(easy, CURLINFO_PRIMARY_IP, &address) == CURLE_OK
        let facts = facts(code: code)
        let wireBytes = wireBytes
        var (head, body) = (ResponseHead(), [UInt8]())
        swap(&head, &self.head)
        swap(&body, &self.body)
        let hold = BodyHold(of: body.count, on: gauge)
        gauge.ended(bodyBytes)
        bodyBytes = 0
        previewedBytes = 0
        part = .firstLine
        stopped = nil
        refused = nil
        socket = nil
        defer { sendings = Sendings() }
        return TransferEnd(
            head: head, body: body, wireBytes: wireBytes,
            address: hasAddress ? address.map { String(cString: $0) } ?? "" : "",
            elapsed: elapsed, sendings: sendings, hold: hold,
            failure: facts.failure(of: head, under: options))
    }

    private func facts(code: CURLcode) -> TransferFacts {
        var facts = TransferFacts()
        facts.code = Int(code.rawValue)
        facts.stop = stopped
        facts.isCutShort = seesRawBytes && isCutShort(head)
        guard code != CURLE_OK else { return facts }
        facts.host = plan?.host ?? ""
        facts.bodyBytesMax = plan?.bodyBytesMax ?? 0
        facts.refused = refused
        facts.words =
            words[0] == 0 ? String(cString: curl_easy_strerror(code)) : String(cString: words)
        var verification = 0
        tamis_get_long(easy, CURLINFO_SSL_VERIFYRESULT, &verification)
        facts.verification = verification
        facts.phase = phase(of: head)
        return facts
    }

    /// How far it got: the last step that libcurl noted tells the next.
    private func phase(of head: ResponseHead) -> FetchError.Phase {
        if head.isComplete { return .body }
        if head.bytes > 0 { return .header }
        if offset(CURLINFO_PRETRANSFER_TIME_T) > 0 { return .firstByte }
        // The time of connection is noted only after the handshake, the own port at once.
        var port = 0
        tamis_get_long(easy, CURLINFO_LOCAL_PORT, &port)
        if port > 0 { return plan?.isSecure == true ? .handshake : .firstByte }
        return offset(CURLINFO_NAMELOOKUP_TIME_T) > 0 ? .connection : .lookup
    }

    private func offset(_ info: CURLINFO) -> Int {
        var value: curl_off_t = 0
        return tamis_get_offset(easy, info, &value) == CURLE_OK ? Int(value) : 0
    }
}

/// `%40` and the like become bytes; a `%` without two digits stays.
func decodingPercents(_ text: String) -> String {
    let source = Array(text.utf8)
    var result: [UInt8] = []
    var index = 0
    while index < source.count {
        if source[index] == UInt8(ascii: "%"), index + 2 < source.count,
            let byte = UInt8(
                String(decoding: source[index + 1...index + 2], as: UTF8.self), radix: 16)
        {
            result.append(byte)
            index += 3
        } else {
            result.append(source[index])
            index += 1
        }
    }
    return String(decoding: result, as: UTF8.self)
}

private func internetAddress(of address: UnsafeMutablePointer<curl_sockaddr>) -> IPAddress? {
    guard let start = MemoryLayout<curl_sockaddr>.offset(of: \.addr) else { return nil }
    // libcurl's structure ends in storage for any address, longer than the type says.
    let bytes = UnsafeRawBufferPointer(
        start: UnsafeRawPointer(address) + start, count: Int(address.pointee.addrlen))
    return IPAddress(bytes, address.pointee.family)
}

// MARK: - libcurl's callbacks

private func transfer(at context: UnsafeMutableRawPointer?) -> Transfer? {
    context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
}

private let takeBodyBytes: tamis_data_callback = { bytes, size, count, context in
    let length = size &* count
    let buffer = UnsafeRawBufferPointer(start: bytes, count: length)
    // Any other number than `length` ends the transfer; 0 does even for an empty buffer's sake.
    return transfer(at: context)?.takeBody(buffer) == true ? length : 0
}

private let takeHeaderLine: tamis_data_callback = { bytes, size, count, context in
    let length = size &* count
    let buffer = UnsafeRawBufferPointer(start: bytes, count: length)
    return transfer(at: context)?.takeHeader(buffer) == true ? length : 0
}

private let takeRawBytes: tamis_debug_callback = { _, kind, bytes, length, context in
    if kind == CURLINFO_DATA_IN {
        transfer(at: context)?.takeRaw(UnsafeRawBufferPointer(start: bytes, count: length))
    }
    return 0
}

private let willSend: tamis_send_callback = { context, _, _, _, _ in
    transfer(at: context)?.noteSending()
    return CURL_PREREQFUNC_OK
}

private let openSocket: tamis_open_callback = { context, _, address in
    guard let address, let transfer = transfer(at: context) else { return CURL_SOCKET_BAD }
    return transfer.open(address)
}

private let closeSocket: tamis_close_callback = { context, descriptor in
    context.map { Unmanaged<SocketTable>.fromOpaque($0).takeUnretainedValue() }?
        .closing(descriptor)
    return close(descriptor)
}
