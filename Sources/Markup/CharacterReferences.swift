/// Character references of HTML (WHATWG HTML Standard, section 13.2.5.72 to 80): `&eacute;`,
/// `&#233;`, `&#xE9;`. What is not one is left as it stands.

/// The bytes with every character reference replaced by the UTF-8 of what it names. Cost: linear.
package func decodingCharacterReferences(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.contains(UInt8(ascii: "&")) else { return bytes }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    appendDecoded(bytes[...], to: &result)
    return result
}

/// Appends `slice` with its references decoded. In an attribute's value (`inAttribute`), a name
/// without its semicolon before `=`, a letter or a digit is no reference: `?a=1&copy=2` stays.
package func appendDecoded(
    _ slice: ArraySlice<UInt8>, to result: inout [UInt8], inAttribute: Bool = false
) {
    let (first, bytes) = (slice.startIndex, slice.span)
    var start = first
    var next = start
    while true {
        next = first + bytes.firstIndex(of: UInt8(ascii: "&"), from: next - first, to: bytes.count)
        guard next < slice.endIndex else { break }
        if let (utf8, end) = characterReference(at: next, in: slice, inAttribute: inAttribute) {
            result.append(contentsOf: slice[start..<next])
            result.append(contentsOf: utf8)
            next = end
            start = end
        } else {
            next += 1
        }
    }
    result.append(contentsOf: slice[start...])
}

/// The reference that starts with the `&` at `index`, and the index after it; nil when it is none.
package func characterReference(
    at index: Int, in bytes: [UInt8]
) -> (utf8: [UInt8], end: Int)? {
    guard bytes.indices.contains(index) else { return nil }
    return characterReference(at: index, in: bytes[...], inAttribute: false)
}

func characterReference(
    at index: Int, in bytes: ArraySlice<UInt8>, inAttribute: Bool
) -> (utf8: [UInt8], end: Int)? {
    let next = index + 1
    guard next < bytes.endIndex, bytes[index] == UInt8(ascii: "&") else { return nil }
    return bytes[next] == UInt8(ascii: "#")
        ? numericReference(at: next + 1, in: bytes)
        : namedReference(at: next, in: bytes, inAttribute: inAttribute)
}

// MARK: - Numbers

private func numericReference(
    at index: Int, in bytes: ArraySlice<UInt8>
) -> (utf8: [UInt8], end: Int)? {
    var next = index
    let isHexadecimal = next < bytes.endIndex && bytes[next] | 0x20 == UInt8(ascii: "x")
    if isHexadecimal { next += 1 }
    let radix: UInt32 = isHexadecimal ? 16 : 10
    let first = next
    var value: UInt32 = 0
    while next < bytes.endIndex, let digit = hexadecimalDigit(bytes[next]), digit < radix {
        // Once beyond Unicode it stays beyond, however many digits follow.
        if value <= 0x10_FFFF { value = value * radix + digit }
        next += 1
    }
    guard next > first else { return nil }
    if next < bytes.endIndex, bytes[next] == UInt8(ascii: ";") { next += 1 }
    return (utf8(of: value), next)
}

private func utf8(of number: UInt32) -> [UInt8] {
    var value = number
    if 0x80...0x9F ~= value { value = UInt32(windows1252C1[Int(value - 0x80)]) }
    // NUL, surrogates and what lies beyond Unicode become the replacement character.
    let scalar = value == 0 ? nil : Unicode.Scalar(value)
    return Array(String(Character(scalar ?? "\u{FFFD}")).utf8)
}

private func hexadecimalDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case 0x30...0x39: UInt32(byte - 0x30)
    case 0x41...0x46: UInt32(byte - 0x41 + 10)
    case 0x61...0x66: UInt32(byte - 0x61 + 10)
    default: nil
    }
}

// MARK: - Names

private func namedReference(
    at index: Int, in bytes: ArraySlice<UInt8>, inAttribute: Bool
) -> (utf8: [UInt8], end: Int)? {
    let table = ReferenceTable.shared
    var end = index
    while end < bytes.endIndex, end - index <= table.nameBytesMax, isNameByte(bytes[end]) {
        end += 1
    }
    if end < bytes.endIndex, bytes[end] == UInt8(ascii: ";"),
        let found = table.find(bytes[index..<end])
    {
        return (table.value(of: found), end + 1)
    }
    // Without a semicolon the longest of the old names counts: `&notit` is `¬it`.
    end = min(end, index + table.bareNameBytesMax)
    while end - index >= 2 {
        if let found = table.find(bytes[index..<end]), table.isBare(found) {
            let follower = end < bytes.endIndex ? bytes[end] : 0
            if inAttribute, follower == UInt8(ascii: "=") || isNameByte(follower) { return nil }
            return (table.value(of: found), end)
        }
        end -= 1
    }
    return nil
}

private func isNameByte(_ byte: UInt8) -> Bool {
    0x30...0x39 ~= byte || 0x61...0x7A ~= byte | 0x20
}

/// The named references, found in the text that lists them: making a table of two thousand arrays
/// cost more than reading a hundred feeds.
private struct ReferenceTable: Sendable {
    static let shared = ReferenceTable(namedCharacterReferences)

    /// A name's line: where it starts, and the mark behind its name.
    struct Line {
        var start: Int
        var mark: Int
    }

    private let text: [UInt8]
    /// Sorted by their names' bytes.
    private let lines: [Line]
    let nameBytesMax: Int
    let bareNameBytesMax: Int

    init(_ list: String) {
        let text = Array(list.utf8)
        var lines: [Line] = []
        lines.reserveCapacity(2300)
        var (longest, longestBare) = (0, 0)
        var index = 0
        while index < text.count {
            let start = index
            while index < text.count, isNameByte(text[index]) { index += 1 }
            if index > start, index < text.count {
                lines.append(Line(start: start, mark: index))
                longest = max(longest, index - start)
                if text[index] == UInt8(ascii: "?") {
                    longestBare = max(longestBare, index - start)
                }
            }
            while index < text.count, text[index] > 0x20 { index += 1 }
            index += 1
        }
        self.text = text
        self.lines = lines
        nameBytesMax = longest
        bareNameBytesMax = longestBare
    }

    /// Whether the semicolon may be missing.
    func isBare(_ line: Line) -> Bool { text[line.mark] == UInt8(ascii: "?") }

    /// What the name stands for, in UTF-8.
    func value(of line: Line) -> [UInt8] {
        text[(line.mark + 1)...].prefix { $0 > 0x20 }.split(separator: UInt8(ascii: "."))
            .flatMap { utf8(of: hexadecimalNumber($0)) }
    }

    /// The line of that name, by halving.
    func find(_ name: ArraySlice<UInt8>) -> Line? {
        var low = 0
        var high = lines.count
        while low < high {
            let middle = (low + high) / 2
            if precedes(lines[middle], name) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        guard low < lines.count, self.name(of: lines[low]).elementsEqual(name) else { return nil }
        return lines[low]
    }

    private func name(of line: Line) -> ArraySlice<UInt8> { text[line.start..<line.mark] }

    private func precedes(_ line: Line, _ name: ArraySlice<UInt8>) -> Bool {
        var (mine, other) = (line.start, name.startIndex)
        while mine < line.mark, other < name.endIndex {
            if text[mine] != name[other] { return text[mine] < name[other] }
            mine += 1
            other += 1
        }
        return mine == line.mark && other < name.endIndex
    }
}

private func hexadecimalNumber(_ digits: some Sequence<UInt8>) -> UInt32 {
    digits.reduce(0) { $0 &* 16 &+ (hexadecimalDigit($1) ?? 0) }
}
