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
    /// Whether a line has come since the status line.
    private(set) var hasLines = false
    /// Why the answer is not HTTP; nil while it is.
    package private(set) var complaint: String?
    /// Values as they came, one behind the other.
    private var text: [UInt8] = []
    private var fields: [(name: Name, place: Range<Int>)] = []

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

        /// Whether the server asks something of us by it.
        fileprivate var isWish: Bool {
            switch self {
            case .retryAfter, .cacheControl, .expires, .robotsTag, .miningReservation,
                .miningPolicy:
                true
            default: false
            }
        }
    }

    package init() {}

    /// Takes one line, with or without its line end. Behind the body it is a trailer, whatever it
    /// looks like.
    ///
    /// Text is made of the fields that we use alone: a flood of others costs only the look at them.
    package mutating func take(_ line: some Collection<UInt8>, isBehindBody: Bool = false) {
        if line.withContiguousStorageIfAvailable({ take(bytes: $0[...], isBehindBody) }) == nil {
            Array(line).withUnsafeBufferPointer { take(bytes: $0[...], isBehindBody) }
        }
    }

    /// What is said of a line that is neither a field nor the rest of one.
    static let isNoField = "a line of its header or its trailer is no field"

    /// Whether another answer follows it (RFC 9110, section 15.2).
    var isInterim: Bool { 100..<200 ~= status }

    /// Complains of a line that goes on with one that is not there (RFC 9112, section 5.2), and
    /// takes no other: whoever sees the beginning of a line first asks here. No honest server does.
    mutating func refuse(lineBeginningWith byte: UInt8?) {
        if !hasLines, byte == 0x20 || byte == 0x09 {
            complaint = Self.isNoField
        }
    }

    private mutating func take(bytes line: Line, _ isBehindBody: Bool) {
        bytes += line.count
        if isBehindBody { return }
        if line.first == Self.start[0], line.starts(with: Self.start) {
            self = ResponseHead(bytes: bytes)
            takeStatus(line)
        } else if !isComplete {
            let content = Self.withoutLineEnd(line)
            if content.isEmpty { isComplete = true } else { takeField(content) }
            hasLines = true
        }
    }

    private typealias Line = Slice<UnsafeBufferPointer<UInt8>>

    private init(bytes: Int) { self.bytes = bytes }

    /// `HTTP/1.1 200 words`: what stands behind the number says nothing.
    private mutating func takeStatus(_ line: Line) {
        let version = line.prefix { $0 != 0x20 && $0 != 0x09 }
        let rest = line[version.endIndex...].drop { $0 == 0x20 || $0 == 0x09 }
        let digits = rest.prefix { $0 > 0x20 }
        guard Self.versions.contains(where: version.elementsEqual), digits.count == 3,
            digits.allSatisfy({ 0x30...0x39 ~= $0 }), digits.first != 0x30
        else {
            complaint = "its status line cannot be read"
            return
        }
        status = digits.reduce(0) { $0 * 10 + Int($1) - 0x30 }
    }

    private mutating func takeField(_ line: Line) {
        refuse(lineBeginningWith: line.first)
        guard complaint == nil else { return }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")),
            let name = Self.name(of: line[..<colon])
        else { return }
        var rest = line[(colon + 1)...]
        while let first = rest.first, first == 0x20 || first == 0x09 { rest.removeFirst() }
        while let last = rest.last, last == 0x20 || last == 0x09 { rest.removeLast() }
        // Two lengths: what one reader takes for the next answer is a part of this one to another
        // (RFC 9112, section 6.3).
        if name == .contentLength {
            let first = fields.first { $0.name == name }
            let isOther = first.map { !text[$0.place].elementsEqual(rest) } ?? false
            if isOther || Self.isUnequalList(rest) { complaint = "it has two different lengths" }
        }
        if fields.isEmpty {
            fields.reserveCapacity(12)
            text.reserveCapacity(256)
        }
        let start = text.count
        text.append(contentsOf: rest)
        fields.append((name, start..<text.count))
    }

    /// Whether a comma stands between values that differ.
    private static func isUnequalList(_ value: Line) -> Bool {
        guard value.contains(UInt8(ascii: ",")) else { return false }
        let members = value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
            .map { $0.filter { $0 != 0x20 && $0 != 0x09 } }
        return members.contains { $0 != members[0] }
    }

    /// As text. A value that is not UTF-8 could not be sent back as it was: better none.
    private func value(at place: Range<Int>) -> String? {
        let bytes = text[place]
        // Nearly all are plain, and the general way takes ten times as long.
        if let plain = bytes.withContiguousStorageIfAvailable({ Self.plainText($0) }) ?? nil {
            return plain
        }
        // A carriage return inside of a line ends no line here.
        return bytes.contains(0x0D)
            ? String(validating: bytes.filter { $0 != 0x0D }, as: UTF8.self)
            : String(validating: bytes, as: UTF8.self)
    }

    /// nil when it holds anything but ASCII, or a carriage return.
    private static func plainText(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        for byte in bytes where byte == 0x0D || byte > 0x7F { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What the server asks of whoever reads the answer, as it wrote it, bounded.
    var wishes: [String] {
        guard fields.contains(where: \.name.isWish) else { return [] }
        return fields.lazy.filter(\.name.isWish).prefix(16).compactMap { field in
            value(at: field.place).map { "\(field.name.rawValue): \($0.prefix(200))" }
        }
    }

    /// The one content coding in lower case; nil when there is none, or several.
    var coding: String? {
        guard fields.contains(where: { $0.name == .contentEncoding }) else { return nil }
        let codings = all(.contentEncoding)
        return codings.count == 1 ? codings[0].lowercased() : nil
    }

    private static let start = Array("HTTP/".utf8)
    private static let versions = ["HTTP/1.0", "HTTP/1.1", "HTTP/2", "HTTP/2.0", "HTTP/3"]
        .map { Array($0.utf8) }

    /// Our names by their length and first letter, which no two share.
    private static let namesByShape: [(bytes: [UInt8], name: Name)?] = {
        var table = [(bytes: [UInt8], name: Name)?](repeating: nil, count: 32 * 32)
        for name in Name.allCases {
            let bytes = Array(name.rawValue.utf8)
            table[shape(count: bytes.count, first: bytes[0])] = (bytes, name)
        }
        return table
    }()

    /// Below 1,024.
    private static func shape(count: Int, first: UInt8) -> Int { count % 32 * 32 + Int(first & 31) }

    /// Which of our names it is, case aside.
    private static func name(of bytes: Line) -> Name? {
        guard let first = bytes.first,
            let (own, name) = namesByShape[shape(count: bytes.count, first: first)],
            own.count == bytes.count
        else { return nil }
        for (own, byte) in zip(own, bytes) where own != (byte &- 0x41 < 26 ? byte | 0x20 : byte) {
            return nil
        }
        return name
    }

    private static func withoutLineEnd(_ line: Line) -> Line {
        var rest = line
        while let last = rest.last, last == 0x0D || last == 0x0A { rest.removeLast() }
        return rest
    }

    /// The first field of that name.
    package subscript(name: Name) -> String? {
        fields.first { $0.name == name }.flatMap { value(at: $0.place) }
    }

    /// All fields of that name, in order.
    package func all(_ name: Name) -> [String] {
        fields.compactMap { $0.name == name ? value(at: $0.place) : nil }
    }

    package static func == (a: ResponseHead, b: ResponseHead) -> Bool {
        a.status == b.status && a.bytes == b.bytes && a.isComplete == b.isComplete
            && a.complaint == b.complaint && a.text == b.text
            && a.fields.elementsEqual(b.fields) { $0.name == $1.name && $0.place == $1.place }
    }
}
