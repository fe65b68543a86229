internal import News

/// The parameters of a request, each to be asked for by name; what nobody asked for is a mistake of
/// the client's, and it is told of all its mistakes at once.
struct QueryParameters {
    private var values: [String: String] = [:]
    private var known: [String] = []
    private var mistakes: [String] = []

    init(_ query: String?) {
        for pair in (query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(parts[0]),
                let value = Self.decoded(parts.count > 1 ? parts[1] : "")
            else {
                mistakes.append("\(pair): not percent-encoded UTF-8")
                continue
            }
            if values.updateValue(value, forKey: name) != nil {
                mistakes.append("\(name): given more than once")
            }
        }
    }

    /// Parameters that were never written as a query.
    init(_ values: [String: String]) { self.values = values }

    mutating func text(_ name: String) -> String? {
        known.append(name)
        return values.removeValue(forKey: name)
    }

    mutating func number<Number: FixedWidthInteger>(
        _ name: String, in range: ClosedRange<Number>
    ) -> Number? {
        read(name, as: "a number from \(range.lowerBound) to \(range.upperBound)") { text in
            Number(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// A share of a whole.
    mutating func share(_ name: String) -> Double? {
        read(name, as: "a number from 0 to 1") { text in
            Double(text).flatMap { (0...1).contains($0) ? $0 : nil }
        }
    }

    mutating func instant(_ name: String) -> Instant? {
        // A plus sign means a space in a query; in a time it can only have been meant as itself.
        read(name, as: "an RFC 3339 time like 2026-11-22T03:14:28Z") { text in
            Instant(rfc3339: text) ?? Instant(rfc3339: text.replacing(" ", with: "+"))
        }
    }

    mutating func choice<Choice: RawRepresentable<String>>(
        _ name: String, of choices: [Choice]
    ) -> Choice? {
        let names = choices.map(\.rawValue).joined(separator: ", ")
        return read(name, as: "one of \(names)") { text in choices.first { $0.rawValue == text } }
    }

    /// Several choices, parted by commas.
    mutating func choices<Choice: RawRepresentable<String> & Hashable>(
        _ name: String, of choices: [Choice]
    ) -> Set<Choice>? {
        let names = choices.map(\.rawValue).joined(separator: ", ")
        return read(name, as: "some of \(names), parted by commas") { text in
            let wanted = text.split(separator: ",", omittingEmptySubsequences: false)
            let found = wanted.compactMap { word in choices.first { $0.rawValue == word } }
            return found.count == wanted.count ? Set(found) : nil
        }
    }

    mutating func feed(_ name: String) -> FeedID? {
        read(name, as: "a feed id") { FeedID($0) }
    }

    /// To be called when all has been asked for.
    /// - Throws: a 400 that names every mistake.
    func finish() throws(ControlProblem) {
        let names = known.isEmpty ? "there are none here" : known.joined(separator: ", ")
        let unknown = values.keys.sorted().map { "\($0): unknown parameter; known: \(names)" }
        let all = mistakes + unknown
        guard all.isEmpty else {
            throw ControlProblem(
                status: 400, detail: "the query cannot be understood", problems: all)
        }
    }

    private mutating func read<Value>(
        _ name: String, as what: String, _ make: (String) -> Value?
    ) -> Value? {
        guard let text = text(name) else { return nil }
        guard let value = make(text) else {
            mistakes.append("\(name): not \(what)")
            return nil
        }
        return value
    }

    /// `+` for a space, `%` and two digits for a byte; nil when it is not UTF-8.
    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(0x20)
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap({ hexadecimalValue($0) }),
                    let low = rest.popFirst().flatMap({ hexadecimalValue($0) })
                else { return nil }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hexadecimalValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46, 0x61...0x66: (byte | 0x20) - 0x57
        default: nil
        }
    }
}
