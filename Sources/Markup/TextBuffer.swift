/// Text that is put together from pieces of a document. One buffer serves many texts, so that each
/// costs one allocation, that of its `String`.
package struct TextBuffer: ~Copyable {
    /// The text, and room after it that is written to by the word and does not count.
    private var storage = [UInt8](repeating: 0, count: 512)
    private var count = 0

    /// Room enough for a word, and for the longest that one reference stands for.
    private static let slack = 64

    /// An empty buffer.
    package init() {}

    /// Makes the buffer empty; what it has room for stays.
    package mutating func removeAll() { count = 0 }

    /// The text so far.
    package var bytes: ArraySlice<UInt8> { storage[..<count] }

    /// The text so far, as a string of its own.
    package var string: String { Markup.string(storage, 0..<count) }

    /// Without the white space at the ends.
    package var trimmedString: String {
        var (start, end) = (0, count)
        while start < end, storage[start] <= 0x20 { start += 1 }
        while end > start, storage[end - 1] <= 0x20 { end -= 1 }
        return Markup.string(storage, start..<end)
    }

    /// Appends text as it is.
    mutating func append(_ bytes: ArraySlice<UInt8>) {
        reserve(bytes.count)
        storage.replaceSubrange(count..<count + bytes.count, with: bytes)
        count += bytes.count
    }

    /// Appends the text at `range` of `source`, its references decoded. Gives whether some `&`
    /// starts none that is known.
    mutating func append(decoding source: [UInt8], _ range: Range<Int>) -> Bool {
        reserve(range.count)
        var next = range.lowerBound
        var isDamaged = false
        while true {
            (next, count) = copy(source.span, from: next, to: range.upperBound)
            guard next < range.upperBound else { return isDamaged }
            if let (utf8, end) = XMLReference.read(at: next, in: source, to: range.upperBound) {
                // A name may stand for more bytes than it has.
                reserve(range.upperBound - end + utf8.count)
                for byte in utf8 { put(byte) }
                next = end
            } else {
                isDamaged = true
                put(UInt8(ascii: "&"))
                next += 1
            }
        }
    }

    private mutating func put(_ byte: UInt8) {
        storage[count] = byte
        count += 1
    }

    /// Makes room for that many bytes more.
    private mutating func reserve(_ bytes: Int) {
        let needed = count + bytes + Self.slack
        guard needed > storage.count else { return }
        storage.append(
            contentsOf: repeatElement(0, count: max(needed, storage.count * 2) - storage.count))
    }

    /// Copies text and common references up to a reference of another kind; gives its index, or
    /// `end`, and the count of all text then. There is room for it.
    private mutating func copy(
        _ source: borrowing Span<UInt8>, from start: Int, to end: Int
    ) -> (next: Int, count: Int) {
        let ampersands = UInt64(UInt8(ascii: "&")) &* Word.ones
        var input = start
        var output = count
        var target = storage.mutableSpan
        let wanted = SIMD16<UInt8>(repeating: UInt8(ascii: "&"))
        while input &+ 8 <= end {
            let word = source.word(at: input)
            target.store(word, at: output)
            let marks = Word.zeroBytes(word ^ ampersands)
            if marks == 0 {
                input &+= 8
                output &+= 8
                // Where references are rare, more may be looked at once.
                while input &+ 16 <= end {
                    let block = source.block(at: input)
                    target.store(block, at: output)
                    if any(block .== wanted) { break }
                    input &+= 16
                    output &+= 16
                }
                continue
            }
            let length = marks.trailingZeroBitCount >> 3
            input &+= length
            output &+= length
            guard input &+ 8 <= end, let found = XMLReference.common(source.word(at: input)) else {
                break
            }
            target[output] = found.byte
            output &+= 1
            input &+= found.length
        }
        while input < end, source[input] != UInt8(ascii: "&") {
            target[output] = source[input]
            input &+= 1
            output &+= 1
        }
        return (input, output)
    }
}

/// The string at `range` of bytes that are well-formed UTF-8 as a whole.
///
/// `decodeText` has proved that of a document, and a buffer holds pieces of documents and whole
/// scalars. A range that starts and ends between scalars is then well formed too, and need not be
/// proved again, which would cost more than all else that is done for a field. Ranges that end
/// elsewhere, of which there should be none, are repaired.
func string(_ bytes: [UInt8], _ range: Range<Int>) -> String {
    let span = bytes.span
    let isWhole =
        (range.lowerBound == span.count || span[range.lowerBound] & 0xC0 != 0x80)
        && (range.upperBound == span.count || span[range.upperBound] & 0xC0 != 0x80)
    guard isWhole else { return String(decoding: bytes[range], as: UTF8.self) }
    return String(copying: unsafe UTF8Span(unchecked: span.extracting(range)))
}
