/// Searches through bytes, sixteen or eight at a time.
///
/// `word(at:)` and `store(_:at:)` check their bounds in every build. The library calls them unsafe
/// because they would also make values of types that do not allow every pattern of bits; `UInt64`
/// and `UInt8` allow all. The only other unsafe operations of the pure targets are in `TextBuffer`
/// and, like these, in `EightLetters` of News.
extension Span<UInt8> {
    /// The eight bytes at `index`, the first the least significant. Traps beyond the end.
    @inline(__always)
    func word(at index: Int) -> UInt64 {
        UInt64(
            littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
    }

    /// The sixteen bytes at `index`. Traps beyond the end.
    @inline(__always)
    func block(at index: Int) -> SIMD16<UInt8> {
        unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: SIMD16<UInt8>.self)
    }

    /// Where `byte` first stands in `start..<end`; `end` when it does not. Cost: linear.
    @inline(__always)
    func firstIndex(of byte: UInt8, from start: Int, to end: Int) -> Int {
        let pattern = UInt64(byte) &* Word.ones
        var index = skipBlocks(without: byte, from: start, to: end)
        while index &+ 8 <= end {
            let marks = Word.zeroBytes(word(at: index) ^ pattern)
            if marks != 0 { return index &+ marks.trailingZeroBitCount >> 3 }
            index &+= 8
        }
        while index < end, self[index] != byte { index &+= 1 }
        return index
    }

    /// The start of the first block of sixteen that holds `byte` or does not end before `end`.
    @inline(__always)
    private func skipBlocks(without byte: UInt8, from start: Int, to end: Int) -> Int {
        let wanted = SIMD16<UInt8>(repeating: byte)
        var index = start
        while index &+ 16 <= end, !any(block(at: index) .== wanted) { index &+= 16 }
        return index
    }

    /// Where the first of two bytes stands in `start..<end`; `end` when neither does.
    @inline(__always)
    func firstIndex(of byte: UInt8, or other: UInt8, from start: Int, to end: Int) -> Int {
        let (pattern, second) = (UInt64(byte) &* Word.ones, UInt64(other) &* Word.ones)
        var index = start
        while index &+ 8 <= end {
            let word = word(at: index)
            let marks = Word.zeroBytes(word ^ pattern) | Word.zeroBytes(word ^ second)
            if marks != 0 { return index &+ marks.trailingZeroBitCount >> 3 }
            index &+= 8
        }
        while index < end, self[index] != byte, self[index] != other { index &+= 1 }
        return index
    }
}

extension Span<UInt8> {
    /// How often `byte` stands here. Cost: linear, a small fraction of a nanosecond a byte.
    func occurrences(of byte: UInt8) -> Int {
        let wanted = SIMD16<UInt8>(repeating: byte)
        let one = SIMD16<UInt8>(repeating: 1)
        var total = 0
        var index = 0
        while index &+ 16 <= count {
            // So many blocks that no sum of a lane leaves its byte.
            let end = Swift.min(count, index &+ 255 &* 16)
            var sums = SIMD16<UInt8>()
            while index &+ 16 <= end {
                sums &+= SIMD16<UInt8>().replacing(with: one, where: block(at: index) .== wanted)
                index &+= 16
            }
            total &+= Int(SIMD16<UInt16>(truncatingIfNeeded: sums).wrappedSum())
        }
        while index < count {
            if self[index] == byte { total &+= 1 }
            index &+= 1
        }
        return total
    }
}

extension MutableSpan<UInt8> {
    /// Puts eight bytes at `index`, the least significant first. Traps beyond the end.
    @inline(__always)
    mutating func store(_ word: UInt64, at index: Int) {
        var raw = unsafe mutableBytes
        raw.storeBytes(of: word.littleEndian, toByteOffset: index, as: UInt64.self)
    }

    /// Puts sixteen bytes at `index`. Traps beyond the end.
    @inline(__always)
    mutating func store(_ block: SIMD16<UInt8>, at index: Int) {
        var raw = unsafe mutableBytes
        raw.storeBytes(of: block, toByteOffset: index, as: SIMD16<UInt8>.self)
    }
}

extension [UInt8] {
    /// Where `byte` first stands in `start..<end`, a range of this array; `end` when it does not.
    /// Cost: linear, a fraction of a nanosecond a byte.
    package func firstIndex(of byte: UInt8, from start: Int, to end: Int) -> Int {
        span.firstIndex(of: byte, from: start, to: end)
    }

    /// Where the first of two bytes stands in `start..<end`; `end` when neither does.
    package func firstIndex(
        of byte: UInt8, or other: UInt8, from start: Int, to end: Int
    ) -> Int {
        span.firstIndex(of: byte, or: other, from: start, to: end)
    }
}

/// Eight bytes as one number, and questions about each of them at once (H. S. Warren, "Hacker's
/// Delight", section 6-1). An answer is a number whose high bits mark bytes.
enum Word {
    static let ones: UInt64 = 0x0101_0101_0101_0101
    static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// Marks the first byte that is zero, and perhaps bytes after it.
    @inline(__always)
    static func zeroBytes(_ word: UInt64) -> UInt64 { (word &- ones) & ~word & highBits }

    /// Marks exactly the bytes that are zero, of a word of ASCII.
    @inline(__always)
    static func zeroBytes(ofASCII word: UInt64) -> UInt64 {
        ~((word | highBits) &- ones) & highBits
    }

    /// Whether ASCII holds no control character but tab and newline.
    @inline(__always)
    static func isPlain(ascii word: UInt64) -> Bool {
        let controls = ~((word | highBits) &- 0x20 &* ones) & highBits
        let deletes = (word &+ ones) & highBits
        if controls | deletes == 0 { return true }
        let spaces =
            zeroBytes(ofASCII: word ^ 0x0A &* ones) | zeroBytes(ofASCII: word ^ 0x09 &* ones)
        return deletes == 0 && controls == spaces
    }
}
