/// The header of one answer, built line by line as libcurl hands the lines over.
///
/// Interim answers (1xx) come first and are forgotten when the next status line arrives; lines
/// after the body (trailers) change nothing. All of them count towards `bytes`.
package struct ResponseHead: Sendable, Equatable {
    /// Of the last status line; 0 before the first.
    package private(set) var status = 0
    /// All lines so far, line ends included.
    package private(set) var bytes = 0
    /// Whether the empty line after the fields has come.
    package private(set) var isComplete = false
    /// Why the answer is not HTTP; nil while it is.
    package private(set) var complaint: String?
    private var fields: [(name: Name, value: String)] = []

    /// The fields that we use.
    package enum Name: String, Sendable, CaseIterable {
        case age, date, expires, location, etag
        case cacheControl = "cache-control"
        case contentEncoding = "content-encoding"
        case contentLength = "content-length"
        case contentType = "content-type"
        case instanceManipulation = "im"
        case lastModified = "last-modified"
        case retryAfter = "retry-after"
        case robotsTag = "x-robots-tag"
        case miningReservation = "tdm-reservation"
        case miningPolicy = "tdm-policy"
        case transferEncoding = "transfer-encoding"
    }

    package init() {}

    /// Takes one line, with or without its line end. Behind the body it is a trailer, whatever it
    /// looks like.
    package mutating func take(_ line: some Collection<UInt8>, isBehindBody: Bool = false) {
        bytes += line.count
        if isBehindBody { return }
        if line.starts(with: Self.start) {
            let counted = bytes
            self = ResponseHead()
            bytes = counted
            takeStatus(String(decoding: line.prefix(64), as: UTF8.self))
        } else if !isComplete {
            let content = line.filter { $0 != 0x0D && $0 != 0x0A }
            if content.isEmpty { isComplete = true } else { takeField(content) }
        }
    }

    private mutating func takeStatus(_ line: String) {
        let words = line.split(whereSeparator: \.isWhitespace)
        let versions = ["HTTP/1.0", "HTTP/1.1", "HTTP/2", "HTTP/2.0", "HTTP/3"]
        guard words.count >= 2, versions.contains(String(words[0])), words[1].utf8.count == 3,
            let number = Int(words[1]), number >= 100
        else {
            complaint = "its status line cannot be read"
            return
        }
        status = number
    }

    private mutating func takeField(_ line: [UInt8]) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return }
        // A value that is not UTF-8 could not be sent back as it was: better none.
        guard let name = Self.name(of: line[..<colon]),
            let value = String(validating: line[(colon + 1)...], as: UTF8.self)
        else { return }
        let trimmed = Self.trimmed(value)
        // Two lengths: what one reader takes for the next answer is a part of this one to another
        // (RFC 9112, section 6.3).
        if name == .contentLength, let first = self[.contentLength], first != trimmed {
            complaint = "it has two different lengths"
        }
        fields.append((name, trimmed))
    }

    /// What the server asks of whoever reads the answer, as it wrote it, bounded.
    var wishes: [String] {
        let names: [Name] = [
            .retryAfter, .cacheControl, .expires, .robotsTag, .miningReservation, .miningPolicy,
        ]
        return fields.filter { names.contains($0.name) }.prefix(16)
            .map { "\($0.name.rawValue): \($0.value.prefix(200))" }
    }

    /// The one content coding in lower case; nil when there is none, or several.
    var coding: String? {
        let codings = all(.contentEncoding)
        return codings.count == 1 ? codings[0].lowercased() : nil
    }

    private static let start = Array("HTTP/".utf8)
    private static let names = Name.allCases.map { (Array($0.rawValue.utf8), $0) }

    /// Which of our names it is, case aside. No text is made of the others.
    private static func name(of bytes: ArraySlice<UInt8>) -> Name? {
        names.first { name, _ in
            name.count == bytes.count
                && zip(name, bytes).allSatisfy { $0 == ($1 &- 0x41 < 26 ? $1 | 0x20 : $1) }
        }?.1
    }

    private static func trimmed(_ value: String) -> String {
        var rest = value.unicodeScalars[...]
        while let first = rest.first, first == " " || first == "\t" { rest.removeFirst() }
        while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
        return String(rest)
    }

    /// The first field of that name.
    package subscript(name: Name) -> String? { fields.first { $0.name == name }?.value }

    /// All fields of that name, in order.
    package func all(_ name: Name) -> [String] {
        fields.compactMap { $0.name == name ? $0.value : nil }
    }

    package static func == (a: ResponseHead, b: ResponseHead) -> Bool {
        a.status == b.status && a.bytes == b.bytes && a.isComplete == b.isComplete
            && a.complaint == b.complaint
            && a.fields.elementsEqual(b.fields) { $0.name == $1.name && $0.value == $1.value }
    }
}
