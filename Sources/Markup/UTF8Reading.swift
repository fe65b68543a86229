/// Reads UTF-8 (RFC 3629) and gives it back well formed: what is no sequence becomes U+FFFD, NUL
/// goes. For XML it also becomes plain: line ends are `\n` (XML 1.0, section 2.11), other control
/// characters go, and C1 controls become the windows-1252 characters that were meant.
///
/// Text that is so already, which most is, is not copied. Cost: linear.
struct UTF8Reading {
    private(set) var bytes: [UInt8]
    /// Bytes, or the beginnings of sequences, that had to be replaced.
    private(set) var replaced = 0
    /// Sequences beyond ASCII.
    private(set) var beyondASCII = 0
    /// Whether control characters were taken out.
    private(set) var hadControls = false

    static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

    /// - Parameter stopsWhenWrong: Whether reading ends at the first byte that has to be replaced:
    ///   then `bytes` are not the whole.
    init(_ source: [UInt8], isXML: Bool, stopsWhenWrong: Bool = false) {
        bytes = source
        var clean = source.span.cleanEnd(from: 0, isXML: isXML)
        beyondASCII = clean.sequences
        guard clean.end < source.count else { return }
        bytes = []
        bytes.reserveCapacity(source.count + 16)
        var start = 0
        while true {
            bytes.append(contentsOf: source[start..<clean.end])
            guard clean.end < source.count else { return }
            start = mend(source, at: clean.end)
            if stopsWhenWrong, replaced > 0 { return }
            clean = source.span.cleanEnd(from: start, isXML: isXML)
            beyondASCII += clean.sequences
        }
    }

    /// Appends what stands for the unclean byte at `index` and gives the index after it.
    private mutating func mend(_ source: [UInt8], at index: Int) -> Int {
        let byte = source[index]
        switch byte {
        case 0x0D:
            let isPair = index + 1 < source.count && source[index + 1] == 0x0A
            if !isPair { bytes.append(0x0A) }
            return index + 1
        case 0..<0x80:
            hadControls = true
            return index + 1
        case 0xC2 where index + 1 < source.count && 0x80...0x9F ~= source[index + 1]:
            appendScalar(UInt32(windows1252C1[Int(source[index + 1]) - 0x80]), to: &bytes)
            return index + 2
        default:
            replaced += 1
            bytes.append(contentsOf: Self.replacement)
            return index + source.span.wrongLength(at: index)
        }
    }
}

extension Span<UInt8> {
    /// The end of the run of clean text that starts at `start`, and the sequences beyond ASCII in
    /// it.
    fileprivate func cleanEnd(from start: Int, isXML: Bool) -> (end: Int, sequences: Int) {
        let newline = SIMD16<UInt8>(repeating: 0x0A)
        let tab = SIMD16<UInt8>(repeating: 0x09)
        let space = SIMD16<UInt8>(repeating: 0x20)
        let delete = SIMD16<UInt8>(repeating: 0x7F)
        var index = start
        var sequences = 0
        while index < count {
            // Sixteen bytes of ASCII at once, without controls other than newline and tab.
            while index &+ 16 <= count {
                let block = block(at: index)
                let odd = (block .< space) .| (block .>= delete)
                let spaces = (block .== newline) .| (block .== tab)
                if any(odd .^ spaces) { break }
                index &+= 16
            }
            guard index < count else { break }
            if index &+ 8 <= count {
                let word = word(at: index)
                let high = word & Word.highBits
                if high == 0, isClean(word, isXML: isXML) {
                    index &+= 8
                    continue
                }
                // The ASCII before the first sequence, as if spaces followed it.
                let length = high.trailingZeroBitCount & ~7
                if high != 0, length > 0 {
                    let ascii = word & ~(UInt64.max << length) | 0x20 &* Word.ones << length
                    if isClean(ascii, isXML: isXML) { index &+= length >> 3 }
                }
            }
            let byte = self[index]
            if byte < 0x80 {
                let isSpace = byte == 0x0A || byte == 0x09
                let isControl = (byte < 0x20 && !isSpace) || byte == 0x7F
                if byte == 0 || (isXML && isControl) { break }
                index &+= 1
                continue
            }
            let length = sequenceLength(at: index)
            if length == 0 || (isXML && byte == 0xC2 && self[index &+ 1] < 0xA0) { break }
            sequences &+= 1
            index &+= length
        }
        return (index, sequences)
    }

    @inline(__always)
    private func isClean(_ ascii: UInt64, isXML: Bool) -> Bool {
        isXML ? Word.isPlain(ascii: ascii) : Word.zeroBytes(ofASCII: ascii) == 0
    }

    /// The length of the well-formed sequence at `index` (RFC 3629, section 4); 0 when there is
    /// none.
    @inline(__always)
    private func sequenceLength(at index: Int) -> Int {
        guard let (length, second) = utf8Shape(of: self[index]), index &+ length <= count,
            second ~= self[index &+ 1]
        else { return 0 }
        if length > 2, self[index &+ 2] & 0xC0 != 0x80 { return 0 }
        if length > 3, self[index &+ 3] & 0xC0 != 0x80 { return 0 }
        return length
    }

    /// How many bytes of a broken sequence are one error (Unicode 16, section 3.9: the maximal
    /// subpart).
    fileprivate func wrongLength(at index: Int) -> Int {
        guard let (needed, second) = utf8Shape(of: self[index]), index + 1 < count,
            second ~= self[index + 1]
        else { return 1 }
        var next = index + 2
        while next < count, next < index + needed, 0x80...0xBF ~= self[next] { next += 1 }
        return next - index
    }
}

/// How long the sequence is that `lead` starts, and what its second byte may be.
@inline(__always)
private func utf8Shape(of lead: UInt8) -> (length: Int, second: ClosedRange<UInt8>)? {
    switch lead {
    case 0xC2...0xDF: (2, 0x80...0xBF)
    case 0xE0: (3, 0xA0...0xBF)
    case 0xED: (3, 0x80...0x9F)
    case 0xE1...0xEF: (3, 0x80...0xBF)
    case 0xF0: (4, 0x90...0xBF)
    case 0xF1...0xF3: (4, 0x80...0xBF)
    case 0xF4: (4, 0x80...0x8F)
    default: nil
    }
}
