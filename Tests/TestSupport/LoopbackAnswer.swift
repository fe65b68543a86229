/// What a `LoopbackServer` does with one request: a script of raw steps, so that it can misbehave
/// in any way a server can.
package struct LoopbackAnswer: Sendable {
    package enum Step: Sendable {
        /// Sends these bytes.
        case send([UInt8])
        /// Sends these bytes again and again until the peer closes.
        case sendForever([UInt8])
        /// Sends these bytes one at a time, that many milliseconds apart.
        case drip([UInt8], milliseconds: Int)
        /// Sends nothing more and waits until the peer closes.
        case stall
        /// Closes with a reset (RST) instead of an orderly end.
        case reset
        /// Closes in order. Without it the connection is kept for the next request.
        case close
    }

    package var steps: [Step]

    package init(_ steps: [Step]) {
        self.steps = steps
    }

    /// A well-formed answer with its `Content-Length`.
    package static func body(
        _ body: [UInt8], status: Int = 200, headers: [String] = []
    ) -> LoopbackAnswer {
        LoopbackAnswer([
            .send(head(status, headers + ["Content-Length: \(body.count)"])), .send(body),
        ])
    }

    /// A well-formed answer of text.
    package static func text(
        _ text: String, status: Int = 200, headers: [String] = ["Content-Type: text/plain"]
    ) -> LoopbackAnswer {
        body(Array(text.utf8), status: status, headers: headers)
    }

    /// A body in chunks, each as long as it is given.
    package static func chunked(
        _ chunks: [[UInt8]], headers: [String] = [], trailers: [String] = []
    ) -> LoopbackAnswer {
        LoopbackAnswer([
            .send(head(200, headers + ["Transfer-Encoding: chunked"])),
            .send(chunks.flatMap(chunk) + lines(["0"] + trailers + [""])),
        ])
    }

    /// Sends the client elsewhere.
    package static func redirect(to location: String, status: Int = 302) -> LoopbackAnswer {
        body([], status: status, headers: ["Location: \(location)"])
    }

    /// 304 when the request carries that entity tag, else the text with the tag.
    package static func conditional(
        _ text: String, etag: String, for request: LoopbackRequest
    ) -> LoopbackAnswer {
        request.header("If-None-Match") == etag
            ? LoopbackAnswer([.send(head(304, ["ETag: \(etag)"]))])
            : .text(text, headers: ["ETag: \(etag)", "Content-Type: text/plain"])
    }

    /// A status line and fields, with the empty line that ends them.
    package static func head(_ status: Int, _ headers: [String]) -> [UInt8] {
        lines(["HTTP/1.1 \(status) Whatever"] + headers + [""])
    }

    /// One chunk of a chunked body; an empty one would end the body.
    package static func chunk(_ bytes: [UInt8]) -> [UInt8] {
        lines([String(bytes.count, radix: 16)]) + bytes + lines([""])
    }

    /// Each line with CRLF behind it.
    package static func lines(_ lines: [String]) -> [UInt8] {
        lines.flatMap { Array($0.utf8) + [0x0D, 0x0A] }
    }
}

/// A request as it came in.
package struct LoopbackRequest: Sendable {
    package let method: String
    /// With its query.
    package let path: String
    /// Field lines as sent, `Name: value`.
    package let headers: [String]
    /// Which request for this path it is, from 1.
    package let number: Int

    /// The first field of that name, case aside.
    package func header(_ name: String) -> String? {
        let start = name.lowercased() + ":"
        guard let line = headers.first(where: { $0.lowercased().hasPrefix(start) }) else {
            return nil
        }
        return String(line.dropFirst(start.count).drop { $0 == " " })
    }
}
