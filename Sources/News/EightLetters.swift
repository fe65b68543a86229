/// Reading and writing eight bytes of text at a time.
///
/// `word(at:)` and `store(_:at:)` check their bounds in every build. The library calls them unsafe
/// because they would also make values of types that do not allow every pattern of bits; `UInt64`
/// allows all.
extension Span<UInt8> {
    /// The eight bytes at `index`, the first the least significant. Traps beyond the end.
    @inlinable @inline(__always)
    package func word(at index: Int) -> UInt64 {
        UInt64(
            littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
    }
}

extension MutableSpan<UInt8> {
    /// Puts eight bytes at `index`, the least significant first. Traps beyond the end.
    @inlinable @inline(__always)
    package mutating func store(_ word: UInt64, at index: Int) {
        var raw = unsafe mutableBytes
        raw.storeBytes(of: word.littleEndian, toByteOffset: index, as: UInt64.self)
    }
}

/// Whether the byte is an ASCII letter.
@inline(__always)
func isASCIILetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

/// How many of these eight bytes, the least significant first, are ASCII letters before one is
/// none. Each byte by itself, all at once (H. S. Warren, "Hacker's Delight", section 6-1).
@inline(__always)
func leadingLetters(of eight: UInt64) -> Int {
    let highBits: UInt64 = 0x8080_8080_8080_8080
    // In lower case, without the highest bits, so that no sum carries into the next byte.
    let lower = (eight | 0x2020_2020_2020_2020) & ~highBits
    let fromA = lower &+ 0x1F1F_1F1F_1F1F_1F1F
    let beyondZ = lower &+ 0x0505_0505_0505_0505
    let others = ~(fromA & ~beyondZ & ~eight) & highBits
    return others.trailingZeroBitCount >> 3
}
