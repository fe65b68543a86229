internal import FoundationEssentials
internal import News

/// A record as one line of JSON, and back.
///
///     {"v":1,"seq":7,"kind":"article","stored":"2026-11-22T03:14:28Z",…,"sum":"1a2b3c4d"}
///
/// The first four keys stand in this order; the content follows, sorted by key; `sum` is last.
/// Readers pass over keys and kinds that they do not know, and refuse a record of a newer `v`.
enum RecordLine {
    /// The schema version that is written, and the newest that is read.
    static let version = 1
    /// Beyond this, tools that count in doubles would be wrong.
    static let seqMax: UInt64 = 1 << 53
    /// No line that this program writes is shorter.
    static let bytesMin = 64

    /// The four keys that every record begins with.
    struct Head: Hashable {
        enum Kind: Hashable {
            case article, revision, sighting, rejection, correction, tombstone, unknown
        }

        var version: Int
        var seq: UInt64
        var kind: Kind
        /// Where the content begins in the line.
        var end: Int
    }

    // MARK: Writing

    /// The line of a record, newline included.
    /// `bytesMin`: it is padded with spaces before its seal to that length.
    static func encoding(_ record: Record, bytesMin: Int = 0) throws(StoreError) -> [UInt8] {
        let content = try encodingObject(Content(body: record.body))
        let head =
            "{\"v\":\(version),\"seq\":\(record.seq),\"kind\":\"\(record.kind)\","
            + "\"stored\":\"\(record.stored)\","
        var line = Array(head.utf8)
        line += content.dropFirst().dropLast()
        let missing = bytesMin - line.count - SealedLine.sealBytes - 1
        line += Array(repeating: UInt8(ascii: " "), count: max(0, missing))
        line = SealedLine.sealing(line)
        line.append(UInt8(ascii: "\n"))
        return line
    }

    /// A value as one JSON object on one line, keys sorted.
    static func encodingObject(_ value: some Encodable) throws(StoreError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return SealedLine.escapingLineBreaks(Array(try encoder.encode(value)))
        } catch {
            throw .unencodable(reason: "\(error)")
        }
    }

    private struct Content: Encodable {
        var body: Record.Body

        func encode(to encoder: any Encoder) throws {
            switch body {
            case .article(let article, let verdict), .revision(let article, let verdict):
                try article.encode(to: encoder)
                var container = encoder.container(keyedBy: VerdictKey.self)
                try container.encode(verdict, forKey: .verdict)
            case .sighting(let sighting): try sighting.encode(to: encoder)
            case .rejection(let rejected): try rejected.encode(to: encoder)
            case .correction(let mark): try mark.encode(to: encoder)
            case .tombstone(let tombstone): try tombstone.encode(to: encoder)
            }
        }
    }

    private enum VerdictKey: String, CodingKey { case verdict }

    // MARK: Reading

    /// The head of a line; nil when it does not begin as records do.
    static func head(of line: ArraySlice<UInt8>) -> Head? {
        var scanner = HeadScanner(bytes: line)
        guard scanner.skip("{\"v\":"), let version = scanner.number(),
            scanner.skip(",\"seq\":"), let seq = scanner.number(), 1...seqMax ~= seq,
            scanner.skip(",\"kind\":\""), let kind = scanner.word(),
            scanner.skip("\",\"stored\":\""), scanner.word() != nil, scanner.skip("\"")
        else { return nil }
        let known: Head.Kind =
            switch kind {
            case "article": .article
            case "revision": .revision
            case "sighting": .sighting
            case "rejection": .rejection
            case "correction": .correction
            case "tombstone": .tombstone
            default: .unknown
            }
        return Head(
            version: Int(clamping: version), seq: seq, kind: known, end: scanner.next)
    }

    /// The value of the record's own `id`, without reading more than the keys before it.
    static func articleID(of line: ArraySlice<UInt8>, head: Head) -> ArticleID? {
        var scanner = HeadScanner(bytes: line, next: head.end)
        guard let text = scanner.string(forKey: "id") else { return nil }
        return ArticleID(text)
    }

    /// When the record was stored, by its head alone.
    static func stored(in line: ArraySlice<UInt8>, head: Head) -> Instant? {
        let open = line[..<head.end].dropLast()
        guard let quote = open.lastIndex(of: UInt8(ascii: "\"")) else { return nil }
        return Instant(rfc3339: String(decoding: open[(quote + 1)...], as: UTF8.self))
    }

    /// The record of a sound line; nil when its kind or version is not known.
    /// - Throws: `damaged` when the content is not what the kind promises.
    static func decoding(
        _ line: ArraySlice<UInt8>, head: Head, path: String
    ) throws(StoreError) -> Record? {
        guard head.version <= version, head.kind != .unknown else { return nil }
        do {
            return try JSONDecoder().decode(Decoded.self, from: Data(line)).record
        } catch {
            throw .damaged(path: path, reason: "record \(head.seq) has other content: \(error)")
        }
    }

    /// The same for readers who pass over what cannot be read: one such record costs no other.
    static func readable(_ line: ArraySlice<UInt8>, head: Head, path: String) -> Record? {
        (try? decoding(line, head: head, path: path)) ?? nil
    }

    /// The same without what it says of articles that were taken out.
    static func readable(
        _ line: ArraySlice<UInt8>, head: Head, path: String, hiding ids: Set<ArticleID>
    ) -> Record? {
        guard let record = readable(line, head: head, path: path) else { return nil }
        guard !ids.isEmpty, let id = articleID(of: line, head: head), ids.contains(id) else {
            return record
        }
        return record.left(without: id) ?? record
    }

    private struct Decoded: Decodable {
        var record: Record

        enum CodingKeys: String, CodingKey { case seq, kind, stored, verdict }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            let body: Record.Body
            switch try container.decode(String.self, forKey: .kind) {
            case "article":
                body = .article(
                    try Article(from: decoder),
                    try container.decode(Verdict.self, forKey: .verdict))
            case "revision":
                body = .revision(
                    try Article(from: decoder),
                    try container.decode(Verdict.self, forKey: .verdict))
            case "sighting": body = .sighting(try Sighting(from: decoder))
            case "correction": body = .correction(try Mark(from: decoder))
            case "tombstone": body = .tombstone(try Tombstone(from: decoder))
            default: body = .rejection(try RejectedEntry(from: decoder))
            }
            record = Record(
                seq: try container.decode(UInt64.self, forKey: .seq),
                stored: try container.decode(Instant.self, forKey: .stored), body: body)
        }
    }
}

/// Reads the few keys that must be known of every line without decoding the whole of it.
private struct HeadScanner {
    let bytes: ArraySlice<UInt8>
    var next: Int

    init(bytes: ArraySlice<UInt8>, next: Int? = nil) {
        self.bytes = bytes
        self.next = next ?? bytes.startIndex
    }

    mutating func skip(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { expected in
            guard bytes[next...].starts(with: expected) else { return false }
            next += expected.count
            return true
        }
    }

    mutating func number() -> UInt64? {
        let digits = bytes[next...].prefix { 0x30...0x39 ~= $0 }.prefix(20)
        next = digits.endIndex
        return UInt64(String(decoding: digits, as: UTF8.self))
    }

    /// Up to the next quote; nil when there is a backslash, or none within 64 bytes.
    mutating func word() -> String? {
        let word = bytes[next...].prefix(65).prefix { $0 != 0x22 && $0 != 0x5C }
        guard word.endIndex < bytes.endIndex, bytes[word.endIndex] == 0x22 else { return nil }
        next = word.endIndex
        return String(decoding: word, as: UTF8.self)
    }

    /// The string value of a key of the outer object, seen from just after one of its values.
    mutating func string(forKey key: StaticString) -> String? {
        var depth = 0
        while next < bytes.endIndex {
            let byte = bytes[next]
            next += 1
            switch byte {
            case UInt8(ascii: "\""):
                if depth == 0, skip(key), skip("\":\"") { return word() }
                skipString()
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
        }
        return nil
    }

    /// To the end of the string whose opening quote was passed.
    private mutating func skipString() {
        while next < bytes.endIndex {
            let byte = bytes[next]
            next += byte == UInt8(ascii: "\\") ? 2 : 1
            if byte == UInt8(ascii: "\"") { return }
        }
        next = min(next, bytes.endIndex)
    }
}
