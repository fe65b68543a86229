// Faults of a transfer: time, size, coding, framing.

private let kilobyte = [UInt8](repeating: 0x61, count: 1024)

private func raw(_ text: String) -> LoopbackAnswer.Step {
    .send(Array(text.replacing("\n", with: "\r\n").utf8))
}

private func head(_ headers: String...) -> LoopbackAnswer.Step {
    .send(LoopbackAnswer.head(200, headers))
}

private func document(_ name: String) -> [UInt8] { Array(FaultSite.document(name).utf8) }

/// A complete answer with that coding.
private func coded(_ body: [UInt8], _ coding: String) -> LoopbackServer.Script {
    { _ in .body(body, headers: ["Content-Encoding: \(coding)"]) }
}

private let late = ["time ran out", "bytes a second"]
private let manyHeaders = ["header is too large"]
private let largeBody = ["body is too large", "bodies together"]

/// N1, N2: silence and dripping.
let timeFaults: [Fault] = [
    Fault(1, "silent", ["waiting for the first byte"], .stall),
    Fault(
        2, "status-drip", late,
        .drip(Array("HTTP/1.1 200 O".utf8) + Array(repeating: 0x4B, count: 900), milliseconds: 40)),
    Fault(
        2, "header-drip", late, raw("HTTP/1.1 200 OK\nX: "),
        .drip(kilobyte, milliseconds: 40)),
    Fault(
        2, "body-drip", late, head("Content-Length: 4000"), .drip(kilobyte, milliseconds: 40)),
    Fault(
        2, "chunk-endless-slow", late, head("Transfer-Encoding: chunked"),
        .drip(
            Array(repeating: Array("1\r\na\r\n".utf8), count: 400).flatMap { $0 }, milliseconds: 9)
    ),
]

/// N3, N4: headers and bodies without an end.
let sizeFaults: [Fault] = [
    Fault(
        3, "header-endless", manyHeaders, raw("HTTP/1.1 200 OK\n"),
        .sendForever(Array("X-Flood: \(String(repeating: "a", count: 99))\r\n".utf8))),
    Fault(
        3, "header-many", manyHeaders, raw("HTTP/1.1 200 OK\n"),
        .send(Array(repeating: Array("X: y\r\n".utf8), count: 200_000).flatMap { $0 }), .stall),
    Fault(
        3, "header-huge", manyHeaders, raw("HTTP/1.1 200 OK\nX: "),
        .send([UInt8](repeating: 0x61, count: 1 << 20)), .stall),
    Fault(
        3, "chunk-trailers", manyHeaders, head("Transfer-Encoding: chunked"), raw("1\nx\n0\n"),
        .sendForever(Array("X-Trailer: \(String(repeating: "a", count: 99))\r\n".utf8))),
    Fault(
        3, "continue-flood", manyHeaders,
        .sendForever(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))),
    Fault(
        4, "chunk-endless", largeBody, head("Transfer-Encoding: chunked"),
        .sendForever(LoopbackAnswer.chunk(kilobyte))),
    Fault(4, "body-500mb", largeBody, head("Content-Length: 500000000"), .sendForever(kilobyte)),
    Fault(4, "body-500mb-nolength", largeBody, raw("HTTP/1.1 200 OK\n\n"), .sendForever(kilobyte)),
]

/// A brotli stream of 64 MiB of zeros (RFC 7932).
private let brotliBomb: [UInt8] = [
    0xCF, 0xFF, 0xFF, 0x7F, 0xF8, 0x27, 0x00, 0xE2, 0xB1, 0x40, 0x20, 0xF7, 0xFE, 0x9F, 0xFF, 0xFF,
    0xFF, 0xF0, 0x4F, 0x00, 0xC4, 0x61, 0x01, 0x80, 0xEE, 0xFD, 0x3F, 0xFF, 0xFF, 0xFF, 0xE1, 0x9F,
    0x00, 0x88, 0xC3, 0x22, 0x00, 0xDD, 0xFB, 0x7F, 0xFE, 0xFF, 0xFF, 0xC3, 0x3F, 0x01, 0x10, 0x87,
    0x05, 0x00, 0xBA, 0xF7, 0xFF, 0x03,
]

/// A zstd frame of run-length blocks (RFC 8878): four bytes give 128 KiB of zeros.
private let zstdBomb: [UInt8] =
    [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x70]
    + (0..<600).flatMap { number -> [UInt8] in [number == 599 ? 3 : 2, 0x00, 0x10, 0x00] }

/// A zstd frame of one block as it is, its end included or not.
private func zstd(_ bytes: [UInt8], isWhole: Bool = true) -> [UInt8] {
    let size = bytes.count << 3 | (isWhole ? 1 : 0)
    return [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x58]
        + [UInt8(size & 0xFF), UInt8(size >> 8 & 0xFF), UInt8(size >> 16)] + bytes
}

/// A brotli stream of one block as it is and an empty last one (RFC 7932, section 9.2).
private func brotli(_ bytes: [UInt8]) -> [UInt8] {
    let header = (bytes.count - 1) << 4 | 1 << 20
    return [UInt8(header & 0xFF), UInt8(header >> 8 & 0xFF), UInt8(header >> 16)] + bytes + [3]
}

/// N5, N6: compressed bodies.
let codingFaults: [Fault] = {
    let (good, undecoded) = (document("coded"), ["body cannot be decoded"])
    let whole = gzipStored(good)
    return [
        Fault(5, "gzip-bomb", largeBody, coded(gzipBomb(decodedBytes: 200 << 20), "gzip")),
        Fault(
            5, "gzip-bomb-xml", largeBody,
            coded(
                gzipBomb(
                    decodedBytes: 200 << 20,
                    after: Array("<?xml version=\"1.0\"?><rss><channel><title>a".utf8)), "gzip")),
        Fault(
            5, "gzip-nested", largeBody + undecoded,
            coded(gzipStored(gzipBomb(decodedBytes: 20 << 20)), "gzip, gzip")),
        Fault(5, "br-bomb", largeBody + undecoded, coded(brotliBomb, "br")),
        Fault(5, "zstd-bomb", largeBody, coded(zstdBomb, "zstd")),
        Fault(6, "gzip-whole", [], coded(whole, "gzip")),
        Fault(6, "br-whole", [], coded(brotli(good), "br")),
        Fault(6, "zstd-whole", [], coded(zstd(good), "zstd")),
        Fault(6, "gzip-cut", undecoded, coded(Array(whole.dropLast(30)), "gzip")),
        Fault(6, "zstd-cut", undecoded, coded(zstd(good, isWhole: false), "zstd")),
        Fault(
            6, "gzip-crc", undecoded,
            coded(whole.dropLast(8) + Array(repeating: 1, count: 8), "gzip")),
        Fault(6, "gzip-not", undecoded, coded(good, "gzip")),
        // Left in gzip: the reader of feeds opens it.
        Fault(6, "gzip-silent", []) { _ in .body(whole) },
        Fault(6, "gzip-tail", undecoded, coded(whole + Array("tail".utf8), "gzip")),
        Fault(6, "gzip-list", undecoded, coded(whole, "gzip, gzip")),
        Fault(6, "enc-unknown", undecoded, coded(good, "rot13")),
    ]
}()

/// N7 to N10: framing and status lines.
let framingFaults: [Fault] = {
    let (lost, body) = (["connection ended"], document("framed"))
    let text = String(decoding: body, as: UTF8.self)
    let good = "Content-Length: \(body.count)"
    return [
        Fault(7, "cl-too-long", lost, head("Content-Length: 9999"), .send(body), .close),
        Fault(
            7, "chunk-cut", lost, head("Transfer-Encoding: chunked"),
            .send(Array(LoopbackAnswer.chunk(body).dropLast(9))), .close),
        Fault(7, "reset-mid", lost, head("Content-Length: 9999"), .send(body), .reset),
        Fault(7, "close", lost, .close),
        Fault(
            8, "cl-too-short", ["no entry of this feed"], head("Content-Length: 40"), .send(body),
            .close),
        Fault(
            8, "cl-twice", ["two different lengths"],
            head("Content-Length: 40", "Content-Length: \(body.count)"), .send(body), .close),
        Fault(
            8, "cl-and-te", [], head("Content-Length: 5", "Transfer-Encoding: chunked"),
            .send(LoopbackAnswer.chunk(body) + Array("0\r\n\r\n".utf8)), .close),
        Fault(8, "cl-negative", ["not HTTP"], head("Content-Length: -5"), .send(body), .close),
        Fault(
            8, "cl-overflow", largeBody + ["not HTTP"],
            head("Content-Length: 99999999999999999999999999999999999999999"), .send(body), .close),
        Fault(8, "cl-huge", largeBody, head("Content-Length: 9223372036854775807"), .stall),
        Fault(
            9, "smuggle", [], head(good), .send(body),
            raw("HTTP/1.1 200 OK\nContent-Length: 4\n\nevil")),
        Fault(
            9, "s304-body", ["unexpected status 304"], raw("HTTP/1.1 304 Same\n\n" + text), .close),
        Fault(10, "status-garbage", ["not HTTP"], raw("HTTP/banana\n\(good)\n\n" + text), .close),
        Fault(10, "http09", ["not HTTP"], .send(body), .close),
        Fault(10, "status-999", ["status 999"], raw("HTTP/1.1 999 Who\n\(good)\n\n" + text)),
        Fault(10, "switching", ["status 101"], raw("HTTP/1.1 101 Go\nUpgrade: x\n\n"), .close),
        Fault(
            10, "s206-unasked", ["status 206"],
            raw("HTTP/1.1 206 Part\n\(good)\nContent-Range: bytes 0-9/99\n\n" + text)),
        Fault(10, "s204", ["status 204"], raw("HTTP/1.1 204 None\n\n")),
        Fault(10, "s200-empty", ["answer is empty"], head("Content-Length: 0")),
        Fault(
            8, "chunk-overflow", lost + ["not HTTP"], head("Transfer-Encoding: chunked"),
            raw("FFFFFFFFFFFFFFFFFF\n" + text), .close),
        Fault(
            8, "chunk-negative", lost + ["not HTTP"], head("Transfer-Encoding: chunked"),
            raw("-5\n" + text), .close),
        Fault(
            8, "nul-header", ["not HTTP"], raw("HTTP/1.1 200 OK\nX: a\0b\n\(good)\n\n" + text)),
        Fault(
            9, "obs-fold-first", ["not HTTP"], raw("HTTP/1.1 200 OK\n folded: x\n\(good)\n\n"),
            .send(body)),
        Fault(9, "obs-fold", [], raw("HTTP/1.1 200 OK\nX: a\n b\n\(good)\n\n"), .send(body)),
        Fault(10, "http10-close", [], raw("HTTP/1.0 200 OK\n\n"), .send(body), .close),
        Fault(
            10, "early-hints", [], raw("HTTP/1.1 103 Early Hints\nLink: </x>\n\n"), head(good),
            .send(body)),
        Fault(10, "s300", ["status 300"], raw("HTTP/1.1 300 Many\n\(good)\n\n" + text)),
        Fault(
            10, "s305", ["status 305"],
            raw("HTTP/1.1 305 Proxy\nLocation: /\n\(good)\n\n" + text)),
        Fault(10, "s200-location", [], head("Location: /elsewhere", good), .send(body)),
        Fault(10, "s226-unasked", ["status 226"], raw("HTTP/1.1 226 IM Used\n\(good)\n\n" + text)),
    ]
}()
