internal import NIOCore
internal import NIOHTTP1

/// One connection: reads requests, has them answered one after the other, writes the answers.
///
/// 1. Answers go out in the order of the requests, also when these arrive all at once; while one is
///    being answered nothing more is read.
/// 2. After a request that breaks a rule the connection is closed: what follows it means nothing.
/// 3. In each state but `streaming` a deadline runs, so that nothing holds a connection for ever; a
///    stream has its heartbeat and a cap on what waits for its reader.
final class HTTPConnection: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// How long the peer may go on speaking after our last answer.
    private static let drainMax = Duration.seconds(1)

    enum State {
        /// For a whole request.
        case waiting
        /// A request is with the answerer; its task.
        case answering(Task<Void, Never>?)
        /// An answer is on its way out.
        case writing
        case streaming
        /// The last answer is out, ours is closed; what still comes in is dropped, so that the
        /// peer can read the answer before it learns of the end.
        case draining
        case closed
    }

    private let limits: HTTPLimits
    private let peer: HTTPPeer
    private let owner: HTTPLoop
    private let table: HTTPConnectionTable
    private let answerer: @Sendable (HTTPRequest) async -> HTTPAnswer

    private(set) var state = State.waiting
    private var context: ChannelHandlerContext?
    private var incoming: HTTPRequestHead?
    private var incomingBody: [UInt8] = []
    private var arrivals = CircularBuffer<Arrival>()
    private var isBroken = false
    private var isReadWanted = false
    private var isInputClosed = false
    private var isLast = false
    private var version = HTTPVersion.http1_1
    private var deadline: Scheduled<Void>?
    private var heartbeat: RepeatedTask?

    init(
        limits: HTTPLimits, peer: HTTPPeer, owner: HTTPLoop, table: HTTPConnectionTable,
        answerer: @escaping @Sendable (HTTPRequest) async -> HTTPAnswer
    ) {
        self.limits = limits
        self.peer = peer
        self.owner = owner
        self.table = table
        self.answerer = answerer
    }

    /// What stands in line to be answered.
    private enum Arrival {
        case request(HTTPRequest, version: HTTPVersion, isKept: Bool)
        case refused(status: Int, reason: String)
    }

    // MARK: - The channel's events

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelActive(context: ChannelHandlerContext) {
        startDeadline(limits.requestTimeout)
        if !table.admit(self) { close() }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        if case .answering(let task) = state { task?.cancel() }
        deadline?.cancel()
        heartbeat?.cancel()
        state = .closed
        table.remove(self)
        context.fireChannelInactive()
    }

    func read(context: ChannelHandlerContext) {
        switch state {
        case .waiting, .streaming, .draining: context.read()
        case .answering, .writing, .closed: isReadWanted = true
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isBroken else { return }
        switch unwrapInboundIn(data) {
        case .head(let head): readHead(head)
        case .body(let buffer): readBody(buffer)
        case .end: readEnd()
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        answerNext()
        context.fireChannelReadComplete()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.inputClosed) = event as? ChannelEvent {
            isInputClosed = true
            answerNext()
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else {
            // The decoder speaks again for each read after its first error; others end it all.
            if !isBroken { close() }
            return
        }
        if error == .headerOverflow {
            refuse(status: 431, reason: "the request head is too large")
        } else {
            refuse(status: 400, reason: "this is not an HTTP/1.1 request")
        }
        answerNext()
    }

    // MARK: - Reading

    private func readHead(_ head: HTTPRequestHead) {
        guard head.version == .http1_1 || head.version == .http1_0 else {
            return refuse(status: 400, reason: "only HTTP/1.1 and 1.0 are spoken here")
        }
        let hosts = head.headers["host"].count
        guard hosts == 1 || hosts == 0 && head.version == .http1_0 else {
            return refuse(status: 400, reason: "a request has one Host field")
        }
        if let length = head.headers.first(name: "content-length") {
            guard let bytes = Int(length) else {
                return refuse(status: 400, reason: "the Content-Length is not a number")
            }
            guard bytes <= limits.bodyBytesMax else { return refuseBody() }
        }
        incoming = head
        incomingBody = []
    }

    private func readBody(_ buffer: ByteBuffer) {
        guard incomingBody.count + buffer.readableBytes <= limits.bodyBytesMax else {
            return refuseBody()
        }
        incomingBody += buffer.readableBytesView
    }

    private func refuseBody() {
        refuse(
            status: 413, reason: "a request body has at most \(limits.bodyBytesMax) bytes here")
    }

    private func readEnd() {
        guard let head = incoming else { return }
        incoming = nil
        guard let target = RequestTarget(head.uri) else {
            return refuse(status: 400, reason: "the request target is not a path")
        }
        var fields = head.headers.map { HTTPRequest.Field($0.name, $0.value) }
        if let authority = target.authority {
            // RFC 9112, section 3.2.2: the target's own host goes before the field's.
            fields.removeAll { $0.name.lowercased() == "host" }
            fields.append(HTTPRequest.Field("Host", authority))
        }
        let request = HTTPRequest(
            method: head.method.rawValue, path: target.path, query: target.query, fields: fields,
            body: incomingBody, peer: peer)
        incomingBody = []
        // HTTP/1.0 connections are not kept: nobody who speaks it still needs that.
        arrivals.append(
            .request(
                request, version: head.version,
                isKept: head.isKeepAlive && head.version == .http1_1))
    }

    private func refuse(status: Int, reason: String) {
        guard !isBroken else { return }
        isBroken = true
        arrivals.append(.refused(status: status, reason: reason))
    }

    // MARK: - Answering

    private func answerNext() {
        switch state {
        case .waiting: break
        case .streaming, .draining:
            if isInputClosed { close() }
            return
        case .answering, .writing, .closed: return
        }
        guard let arrival = arrivals.popFirst() else {
            if isInputClosed { close() }
            return
        }
        switch arrival {
        case .refused(let status, let reason):
            isLast = true
            write(HTTPAnswer(status: status, text: reason), isHead: false)
        case .request(let request, let version, let isKept):
            self.version = version
            isLast = !isKept || table.isStopping
            answer(request)
        }
    }

    private func answer(_ request: HTTPRequest) {
        table.noteBusy(self)
        let connection = NIOLoopBound(self, eventLoop: owner.loop)
        let (answerer, owner) = (answerer, owner)
        let isHead = request.method == "HEAD"
        startDeadline(limits.workTimeout) { $0.giveUpWork() }
        state = .answering(
            Task {
                let answer = await answerer(request)
                owner.loop.execute { connection.value.write(answer, isHead: isHead) }
            })
    }

    private func giveUpWork() {
        guard case .answering(let task) = state else { return }
        task?.cancel()
        isLast = true
        write(HTTPAnswer(status: 503, text: "no answer could be made in time"), isHead: false)
    }

    private func write(_ answer: HTTPAnswer, isHead: Bool) {
        switch state {
        case .answering, .waiting: break
        case .writing, .streaming, .draining, .closed: return
        }
        switch answer.body {
        case .bytes(let bytes): writeWhole(answer, bytes, isHead: isHead)
        case .stream(let heartbeat, let open):
            guard table.streams < limits.streamsMax else {
                let busy = HTTPAnswer(status: 503, text: "too many open streams, try again later")
                return write(busy, isHead: isHead)
            }
            if isHead {
                writeWhole(answer, nil, isHead: true)
            } else {
                startStream(answer, heartbeat: heartbeat, open)
            }
        }
    }

    /// `bytes` nil: an answer whose length is not told.
    private func writeWhole(_ answer: HTTPAnswer, _ bytes: [UInt8]?, isHead: Bool) {
        guard let context else { return }
        state = .writing
        startDeadline(limits.answerTimeout)
        var head = responseHead(answer)
        let hasBody = answer.status >= 200 && answer.status != 204 && answer.status != 304
        if let bytes, hasBody { head.headers.add(name: "Content-Length", value: "\(bytes.count)") }
        if isLast || isInputClosed && arrivals.isEmpty {
            isLast = true
            head.headers.add(name: "Connection", value: "close")
        }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if let bytes, hasBody, !isHead {
            let buffer = context.channel.allocator.buffer(bytes: bytes)
            context.write(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
        }
        let connection = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { result in
            connection.value.answerWritten(result)
        }
    }

    private func answerWritten(_ result: Result<Void, any Error>) {
        guard case .writing = state, let context else { return }
        guard case .success = result else { return close() }
        if table.isStopping { return close() }
        if isLast { return drain() }
        state = .waiting
        table.noteIdle(self)
        startDeadline(limits.requestTimeout)
        answerNext()
        if isReadWanted, case .waiting = state {
            isReadWanted = false
            context.read()
        }
    }

    /// Says goodbye, then lets the peer finish speaking for a bounded time: closing at once while
    /// its bytes are still coming would tear the answer out of its hands (RFC 9112, section 9.6).
    private func drain() {
        guard let context else { return }
        guard !isInputClosed else { return close() }
        state = .draining
        isBroken = true
        startDeadline(min(limits.requestTimeout, Self.drainMax))
        context.close(mode: .output, promise: nil)
        context.read()
    }

    // MARK: - Streaming

    private func startStream(
        _ answer: HTTPAnswer, heartbeat bytes: [UInt8], _ open: @Sendable (HTTPStream) -> Void
    ) {
        guard let context else { return }
        state = .streaming
        deadline?.cancel()
        isBroken = true
        table.noteStream(self)
        context.writeAndFlush(wrapOutboundOut(.head(responseHead(answer))), promise: nil)
        let stream = HTTPStream(
            owner: owner, channel: context.channel, waitingBytesMax: limits.streamBytesMax)
        let interval = TimeAmount(limits.heartbeatInterval)
        heartbeat = context.eventLoop.scheduleRepeatedTask(
            initialDelay: interval, delay: interval
        ) { _ in stream.send(bytes) }
        context.read()
        open(stream)
        if isInputClosed || table.isStopping { close() }
    }

    private func responseHead(_ answer: HTTPAnswer) -> HTTPResponseHead {
        var headers = HTTPHeaders()
        for field in answer.fields { headers.add(name: field.name, value: field.value) }
        return HTTPResponseHead(
            version: version, status: HTTPResponseStatus(statusCode: answer.status),
            headers: headers)
    }

    // MARK: - Ending

    /// Hangs up, whatever is under way.
    func close() {
        context?.close(promise: nil)
    }

    /// The listener is stopping: an answer under way may end, the rest goes.
    func stop() {
        switch state {
        case .waiting, .streaming, .draining: close()
        case .answering, .writing, .closed: break
        }
    }

    private func startDeadline(
        _ timeout: Duration, _ miss: @escaping @Sendable (HTTPConnection) -> Void = { $0.close() }
    ) {
        deadline?.cancel()
        let connection = NIOLoopBound(self, eventLoop: owner.loop)
        deadline = owner.loop.scheduleTask(in: TimeAmount(timeout)) { miss(connection.value) }
    }
}

/// A request target split into its parts: origin form or absolute form (RFC 9112, section 3.2).
struct RequestTarget {
    var authority: String?
    var path: String
    var query: String?

    /// nil when it is neither, or holds a byte that no target has.
    init?(_ text: String) {
        guard text.utf8.allSatisfy({ 0x21...0x7E ~= $0 && $0 != UInt8(ascii: "#") }) else {
            return nil
        }
        var rest = text[...]
        if rest.lowercased().hasPrefix("http://") {
            rest = rest.dropFirst("http://".count)
            let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
            authority = String(rest[..<end])
            rest = rest[end...]
            if !rest.hasPrefix("/") { rest = "/" + rest }
        }
        guard rest.hasPrefix("/") else { return nil }
        if let mark = rest.firstIndex(of: "?") {
            path = String(rest[..<mark])
            query = String(rest[rest.index(after: mark)...])
        } else {
            path = String(rest)
        }
    }
}
