/// One whole HTTP request, its body read to the end.
package struct HTTPRequest: Sendable {
    /// As sent: `GET`, `HEAD`, `POST`, …
    package var method: String
    /// The path of the target as sent, not decoded and not resolved: `/a/../b` is itself.
    package var path: String
    /// What follows the first `?`, not decoded; nil when there is none.
    package var query: String?
    /// In order, names as sent.
    package var fields: [Field]
    package var body: [UInt8]
    package var peer: HTTPPeer

    /// A header field (RFC 9110, section 5).
    package struct Field: Hashable, Sendable {
        package var name: String
        package var value: String
        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package init(
        method: String, path: String, query: String? = nil, fields: [Field] = [],
        body: [UInt8] = [], peer: HTTPPeer
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.fields = fields
        self.body = body
        self.peer = peer
    }

    /// The value of the first field of that name, in whatever letter case; nil when there is none.
    package func field(_ name: String) -> String? {
        let wanted = name.lowercased()
        return fields.first { $0.name.lowercased() == wanted }?.value
    }
}

/// Who stands at the other end of a connection.
package enum HTTPPeer: Hashable, Sendable {
    /// A process of this machine, as the kernel saw it when it connected (`SO_PEERCRED`).
    case process(user: UInt32, group: UInt32, id: Int32)
    /// A Unix socket whose peer the kernel would not name.
    case unnamedProcess
    /// A loopback TCP connection: anybody on this machine, a web page in a browser included.
    case loopback
}

/// What a request is answered with.
package struct HTTPAnswer: Sendable {
    package var status: Int
    /// `Content-Length`, `Transfer-Encoding` and `Connection` are the listener's own affair.
    package var fields: [HTTPRequest.Field]
    package var body: Body

    /// What follows the header lines; decides how the listener frames it.
    package enum Body: Sendable {
        /// A body whose length is known. Not sent to `HEAD`, but its length is.
        case bytes([UInt8])
        /// A body that goes on until one side hangs up. `heartbeat` is sent whenever the listener's
        /// heartbeat interval has passed, so that a dead peer is noticed. `open` is called once, on
        /// the event loop: it must not block. Not called for `HEAD`.
        case stream(heartbeat: [UInt8], open: @Sendable (HTTPStream) -> Void)
    }

    package init(status: Int = 200, fields: [HTTPRequest.Field] = [], body: Body = .bytes([])) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// A whole body of that media type.
    package init(status: Int = 200, type: String, _ body: [UInt8]) {
        self.init(
            status: status, fields: [HTTPRequest.Field("Content-Type", type)], body: .bytes(body))
    }

    /// One line of plain text.
    package init(status: Int, text: String) {
        self.init(status: status, type: "text/plain; charset=utf-8", Array((text + "\n").utf8))
    }
}

/// What one listener takes at most. Every limit closes or refuses; none makes it wait.
package struct HTTPLimits: Hashable, Sendable {
    /// Bytes of a request's target and header fields together; more is a 431.
    package var headBytesMax: Int
    /// Header fields of a request; more is a 431.
    package var headFieldsMax: Int
    /// Bytes of a request's body; more is a 413.
    package var bodyBytesMax: Int
    /// Open connections. One more drops the one that has been idle longest; when none is idle the
    /// newcomer is hung up on.
    package var connectionsMax: Int
    /// Connections that may be open streams at a time; one more is a 503.
    package var streamsMax: Int
    /// Within this a connection has to deliver a whole request, counted from its start or from the
    /// end of the last answer, however many bytes trickle in meanwhile.
    package var requestTimeout: Duration
    /// Within this the answerer has to make an answer; else it is told to stop and the peer gets a
    /// 503.
    package var workTimeout: Duration
    /// Within this the peer has to take a whole answer.
    package var answerTimeout: Duration
    /// Bytes that may wait for a stream's reader; more closes it.
    package var streamBytesMax: Int
    /// Between two signs of life on a stream.
    package var heartbeatInterval: Duration
    /// How long a stopping listener lets answers under way end.
    package var graceMax: Duration

    package init(
        headBytesMax: Int = 16_384, headFieldsMax: Int = 100, bodyBytesMax: Int = 65_536,
        connectionsMax: Int = 128, streamsMax: Int = 32, requestTimeout: Duration = .seconds(30),
        workTimeout: Duration = .seconds(60), answerTimeout: Duration = .seconds(30),
        streamBytesMax: Int = 1_048_576,
        heartbeatInterval: Duration = .seconds(15), graceMax: Duration = .seconds(2)
    ) {
        self.headBytesMax = headBytesMax
        self.headFieldsMax = headFieldsMax
        self.bodyBytesMax = bodyBytesMax
        self.connectionsMax = connectionsMax
        self.streamsMax = streamsMax
        self.requestTimeout = requestTimeout
        self.workTimeout = workTimeout
        self.answerTimeout = answerTimeout
        self.streamBytesMax = streamBytesMax
        self.heartbeatInterval = heartbeatInterval
        self.graceMax = graceMax
    }
}
