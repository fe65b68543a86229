import Markup
import Testing

struct ByteSearchTests {
    /// Every byte at every place of short arrays, beside the plain way.
    @Test func searchesAgreeWithThePlainWay() {
        for length in 0..<40 {
            for place in 0...length {
                var bytes = [UInt8](repeating: 0x3D, count: length)
                if place < length { bytes[place] = 0x3C }
                for start in [0, 1, 7, 8, 9, place] where start <= length {
                    let plain = bytes[start...].firstIndex(of: 0x3C) ?? length
                    #expect(bytes.firstIndex(of: 0x3C, from: start, to: length) == plain)
                    #expect(bytes.firstIndex(of: 0xFF, or: 0x3C, from: start, to: length) == plain)
                }
            }
        }
    }

    /// Neighbours in value are where a search of many bytes at once may go wrong.
    @Test func randomBytesAreSearchedRightly() {
        for seed in 1...500 {
            var generator = SeededGenerator(seed: UInt64(seed))
            let bytes = (0..<60).map { _ in UInt8.random(in: 0x3A...0x3D, using: &generator) }
            let start = Int.random(in: 0...60, using: &generator)
            let end = Int.random(in: start...60, using: &generator)
            let plain = bytes[start..<end].firstIndex(of: 0x3B) ?? end
            #expect(bytes.firstIndex(of: 0x3B, from: start, to: end) == plain, "seed \(seed)")
            let either = bytes[start..<end].firstIndex { $0 == 0x3B || $0 == 0x3C } ?? end
            #expect(
                bytes.firstIndex(of: 0x3B, or: 0x3C, from: start, to: end) == either,
                "seed \(seed)")
        }
    }
}
