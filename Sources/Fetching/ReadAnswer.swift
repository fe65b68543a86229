internal import News

/// What a complete exchange means.
package enum Answer: Equatable {
    case redirect(location: String?, status: Int)
    case notModified
    case body([UInt8])
    case failure(FetchError.Kind)
}

/// Judges an answer that came in whole. `isConditional`: whether validators were sent. `opensGzip`:
/// whether the reader of the body opens gzip that was left in it, as that of feeds does.
///
/// Only 200 and 203 bring a document, and only with a body: an empty one is never "no news". 226
/// brings what is new since the validators (RFC 3229, `A-IM: feed`), if it says that it is that. A
/// 304 that nobody asked for, a part (206) or a change of protocol (101) is an error.
package func readAnswer(
    head: ResponseHead, body: [UInt8], isConditional: Bool, opensGzip: Bool = false
) -> Answer {
    if let complaint = head.complaint { return .failure(.malformedAnswer(complaint)) }
    switch head.status {
    case 226 where !(isConditional && head.isFeedDelta): return .failure(.status(226))
    case 200, 203, 226:
        if body.isEmpty { return .failure(.emptyBody) }
        let isOpened = opensGzip && body.starts(with: [0x1F, 0x8B, 0x08])
        if !isOpened, let complaint = codingComplaint(head: head, body: body) {
            return .failure(.contentCoding(complaint))
        }
        return .body(body)
    case 304 where isConditional: return .notModified
    case 301, 302, 303, 307, 308: return .redirect(location: head[.location], status: head.status)
    case 0: return .failure(.malformedAnswer("it has no status line"))
    default: return .failure(.status(head.status))
    }
}

extension ResponseHead {
    /// Whether the status promises a document.
    var bringsDocument: Bool { status == 200 || status == 203 || status == 226 }

    /// Whether the answer says that it is a feed with the new entries alone: `IM: feed`, and no
    /// other manipulation.
    var isFeedDelta: Bool {
        let names = all(.instanceManipulation).flatMap { $0.split(separator: ",") }
            .map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
        return status == 226 && names == ["feed"]
    }
}

extension ResponseHead {
    /// What the header reserves for the robot of that name.
    func reservations(for token: String) -> [Reservation] {
        Reservation.robots(all(.robotsTag), by: .robotsHeader, for: token)
            + [
                Reservation.mining(
                    self[.miningReservation], policy: self[.miningPolicy], by: .miningHeader)
            ].compactMap { $0 }
    }
}

/// A compressed body that was not declared as such has not been decoded: no parser could read it.
private func codingComplaint(head: ResponseHead, body: [UInt8]) -> String? {
    guard let mark = codingMarks.first(where: { body.starts(with: $0.bytes) }) else { return nil }
    let isDeclared = head.all(.contentEncoding).contains { !$0.isEmpty && $0 != "identity" }
    return isDeclared
        ? "it is compressed once more than declared (\(mark.name))"
        : "it is compressed (\(mark.name)) but does not say so"
}

/// How compressed data begins.
private let codingMarks: [(name: String, bytes: [UInt8])] = [
    ("gzip", [0x1F, 0x8B, 0x08]), ("zstd", [0x28, 0xB5, 0x2F, 0xFD]),
]
