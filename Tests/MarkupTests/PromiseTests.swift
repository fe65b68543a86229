import Promises
import Testing

/// What `Markup` promises of any bytes, on some that look like mark-up and text of many charsets.
/// The fuzzers of `Tests/Fuzzing` try the same for hours.
struct PromiseTests {
    @Test func anyBytesAreHTML() {
        for seed in UInt64(1)...1500 {
            var generator = SeededGenerator(seed: seed)
            let bytes = generator.markupBytes(count: Int(seed % 300))
            #expect(brokenPromise(ofHTML: bytes) == nil, "seed \(seed)")
        }
    }

    @Test func anyBytesAreTextOfSomeCharset() {
        for seed in UInt64(1)...3000 {
            var generator = SeededGenerator(seed: seed)
            let chosen = UInt8(truncatingIfNeeded: seed)
            let bytes = [chosen] + generator.markupBytes(count: Int(seed % 100))
            #expect(brokenPromise(ofCharset: bytes) == nil, "seed \(seed)")
        }
    }

    /// Every pair of bytes in every charset that is declared.
    @Test func everyPairOfBytesIsText() {
        for chosen in UInt8(0)..<17 {
            for pair in UInt16(0)...UInt16.max where pair % 7 == UInt16(chosen) % 7 {
                let bytes = [chosen, UInt8(pair >> 8), UInt8(pair & 0xFF), 0x41]
                let sentence = brokenPromise(ofCharset: bytes)
                if sentence != nil { Issue.record("\(bytes): \(sentence ?? "")") }
            }
        }
    }
}
