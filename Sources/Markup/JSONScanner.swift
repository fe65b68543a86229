/// Reads JSON (RFC 8259) value by value, as it is found rather than as it should be: positions
/// instead of copies, no recursion, nothing built that nobody asks for.
///
/// 1. It never fails. Where the text ends too early or is no JSON, it stops, says so in `damage`,
///    and gives nothing more; what was read before is sound.
/// 2. Whoever asks for members must ask until there are none, or `skip` what is left.
/// 3. Cost is linear; only brackets that are open are remembered, as a number.
package struct JSONScanner: ~Copyable {
    /// A value, or the start of one.
    package enum Value: Hashable, Sendable {
        /// The characters between the quotes, escapes still in them.
        case string(Range<Int>)
        /// What is written: perhaps a number, perhaps `NaN`.
        case number(Range<Int>)
        case bool(Bool)
        case null
        /// Its members are next.
        case object, array
        /// There is none: the text is damaged.
        case nothing
    }

    /// Why the scanner stopped.
    package enum Damage: Hashable, Sendable {
        case truncated, malformed
        /// More open brackets than `depthMax`.
        case tooDeep
    }

    package let bytes: [UInt8]
    package private(set) var damage: Damage?
    private let depthMax: Int
    private var position = 0
    private var depth = 0

    /// - Parameters:
    ///   - text: What `decodeText` gives.
    ///   - depthMax: Brackets that may be open at one time.
    package init(_ text: DecodedText, depthMax: Int) {
        bytes = text.bytes
        self.depthMax = depthMax
    }

    // MARK: - Values

    /// Reads the value that is next.
    package mutating func value() -> Value {
        switch peek() {
        case UInt8(ascii: "\""): return quoted().map { .string($0) } ?? .nothing
        case UInt8(ascii: "{"): return open() ? .object : .nothing
        case UInt8(ascii: "["): return open() ? .array : .nothing
        case nil: return stop(.truncated)
        default: return word()
        }
    }

    /// Whether the array that is being read has another element, which is next then.
    package mutating func hasElement() -> Bool {
        switch peekPastCommas() {
        case UInt8(ascii: "]"):
            close()
            return false
        case UInt8(ascii: "}"): _ = stop(.malformed)
        case nil: _ = stop(.truncated)
        default: break
        }
        return damage == nil
    }

    /// The name of the next member of the object that is being read, whose value is next then.
    package mutating func key() -> Range<Int>? {
        let next = peekPastCommas()
        if next == UInt8(ascii: "}") {
            close()
            return nil
        }
        guard next == UInt8(ascii: "\"") else {
            _ = stop(next == nil ? .truncated : .malformed)
            return nil
        }
        guard let name = quoted() else { return nil }
        guard peek() == UInt8(ascii: ":") else {
            _ = stop(position == bytes.count ? .truncated : .malformed)
            return nil
        }
        position += 1
        return name
    }

    /// Passes over the members of a value that was begun.
    package mutating func skip(_ value: Value) {
        guard value == .object || value == .array else { return }
        let outside = depth - 1
        while depth > outside, damage == nil {
            let end = bytes.span.endOfPlainJSON(from: position)
            position = end
            switch peek() {
            case UInt8(ascii: "\""): _ = quoted()
            case UInt8(ascii: "{"), UInt8(ascii: "["): _ = open()
            case UInt8(ascii: "}"), UInt8(ascii: "]"): close()
            case nil: _ = stop(.truncated)
            default: position += 1
            }
        }
    }

    // MARK: - Parts

    private mutating func stop(_ reason: Damage) -> Value {
        if damage == nil { damage = reason }
        position = bytes.count
        return .nothing
    }

    private mutating func open() -> Bool {
        guard depth < depthMax else {
            _ = stop(.tooDeep)
            return false
        }
        depth += 1
        position += 1
        return true
    }

    private mutating func close() {
        depth -= 1
        position += 1
    }

    private mutating func peek() -> UInt8? {
        while position < bytes.count, isXMLSpace(bytes[position]) { position += 1 }
        return position < bytes.count ? bytes[position] : nil
    }

    /// Commas that are missing or doubled do no harm.
    private mutating func peekPastCommas() -> UInt8? {
        while let next = peek() {
            guard next == UInt8(ascii: ",") else { return next }
            position += 1
        }
        return nil
    }

    private mutating func quoted() -> Range<Int>? {
        let start = position + 1
        var next = start
        while true {
            next = bytes.span.firstIndex(
                of: UInt8(ascii: "\""), or: UInt8(ascii: "\\"), from: next, to: bytes.count)
            guard next < bytes.count else {
                _ = stop(.truncated)
                return nil
            }
            if bytes[next] == UInt8(ascii: "\"") { break }
            next = min(next + 2, bytes.count)
        }
        position = next + 1
        return start..<next
    }

    /// A number or a name, up to whatever ends one.
    private mutating func word() -> Value {
        let start = position
        while position < bytes.count, isWordByte(bytes[position]) { position += 1 }
        guard position > start else { return stop(.malformed) }
        let word = bytes[start..<position]
        if word.elementsEqual("null".utf8) { return .null }
        if word.elementsEqual("true".utf8) { return .bool(true) }
        if word.elementsEqual("false".utf8) { return .bool(false) }
        return .number(start..<position)
    }

    private func isWordByte(_ byte: UInt8) -> Bool {
        0x30...0x39 ~= byte || 0x61...0x7A ~= byte | 0x20 || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".")
    }
}

extension Span<UInt8> {
    /// The end of what is neither a bracket nor a quote, from `start`.
    fileprivate func endOfPlainJSON(from start: Int) -> Int {
        var index = start
        while index < count {
            switch self[index] {
            case UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "}"),
                UInt8(ascii: "]"):
                return index
            default: index &+= 1
            }
        }
        return index
    }
}

// MARK: - Text

extension JSONScanner {
    /// The string between two quotes: escapes decoded (RFC 8259, section 7), halves of surrogate
    /// pairs that stand alone made U+FFFD, control characters other than tab and newline left out.
    package func string(_ range: Range<Int>) -> String {
        var next = bytes.span.endOfPlainText(range)
        if next == range.upperBound { return Markup.string(bytes, range) }
        var text: [UInt8] = []
        text.reserveCapacity(range.count)
        var start = range.lowerBound
        while true {
            text.append(contentsOf: bytes[start..<next])
            guard next < range.upperBound else { break }
            start = next + 1
            if bytes[next] == UInt8(ascii: "\\"), start < range.upperBound {
                start = appendEscape(at: start, to: range.upperBound, &text)
            }
            next = bytes.span.endOfPlainText(start..<range.upperBound)
        }
        return Markup.string(text, text.indices)
    }

    /// Appends what the escape whose letter stands at `index` means, and gives the index after it.
    private func appendEscape(at index: Int, to end: Int, _ text: inout [UInt8]) -> Int {
        switch bytes[index] {
        case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "f"): text.append(0x0A)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "b"): break
        case UInt8(ascii: "u"):
            guard let high = unit(at: index + 1, to: end) else {
                text.append(bytes[index])
                break
            }
            guard 0xD800...0xDBFF ~= high, let low = pairedUnit(at: index + 5, to: end) else {
                appendScalar(high, to: &text)
                return index + 5
            }
            appendScalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00), to: &text)
            return index + 11
        default: text.append(bytes[index])
        }
        return index + 1
    }

    private func pairedUnit(at index: Int, to end: Int) -> UInt32? {
        guard index + 1 < end, bytes[index] == UInt8(ascii: "\\"),
            bytes[index + 1] == UInt8(ascii: "u"), let low = unit(at: index + 2, to: end),
            0xDC00...0xDFFF ~= low
        else { return nil }
        return low
    }

    private func unit(at index: Int, to end: Int) -> UInt32? {
        guard index + 4 <= end else { return nil }
        var value: UInt32 = 0
        for byte in bytes[index..<index + 4] {
            switch lowercased(byte) {
            case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
            case let letter where 0x61...0x66 ~= letter: value = value << 4 | UInt32(letter - 0x57)
            default: return nil
            }
        }
        return value
    }
}

extension Span<UInt8> {
    /// The end of the text in `range` that holds neither a backslash nor a control character other
    /// than tab and newline.
    fileprivate func endOfPlainText(_ range: Range<Int>) -> Int {
        let backslash = SIMD16<UInt8>(repeating: UInt8(ascii: "\\"))
        let (space, delete) = (SIMD16<UInt8>(repeating: 0x20), SIMD16<UInt8>(repeating: 0x7F))
        var index = range.lowerBound
        while index &+ 16 <= range.upperBound {
            let block = block(at: index)
            if any((block .< space) .| (block .== delete) .| (block .== backslash)) { break }
            index &+= 16
        }
        while index < range.upperBound {
            let byte = self[index]
            if byte == UInt8(ascii: "\\") || byte == 0x7F { break }
            if byte < 0x20, byte != 0x0A, byte != 0x09 { break }
            index &+= 1
        }
        return index
    }
}
