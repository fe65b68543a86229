import Fetching
import TestSupport
import Testing

struct GzipEndTests {
    // printf tamis | gzip -n
    static let gzip: [UInt8] = [
        0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0x2B, 0x49, 0xCC, 0xCD,
        0x2C, 0x06, 0x00, 0x6F, 0x89, 0xD6, 0x74, 0x05, 0x00, 0x00, 0x00,
    ]

    private func fits(_ bytes: [UInt8], inPiecesOf count: Int, isChunked: Bool) -> Bool {
        var end = GzipEnd()
        for start in stride(from: 0, to: bytes.count, by: count) {
            end.take(bytes[start..<min(start + count, bytes.count)], isChunked: isChunked)
        }
        return end.fits(decodedBytes: 5)
    }

    @Test func wholeStreamFitsHoweverItArrives() {
        for count in 1...Self.gzip.count {
            #expect(fits(Self.gzip, inPiecesOf: count, isChunked: false), "\(count)")
        }
    }

    @Test func everyCutIsSeen() {
        for length in 0..<Self.gzip.count {
            let cut = Array(Self.gzip.prefix(length))
            #expect(!fits(cut, inPiecesOf: 7, isChunked: false), "\(length)")
            let chunks = LoopbackAnswer.chunk(cut) + LoopbackAnswer.lines(["0", ""])
            #expect(!fits(chunks, inPiecesOf: 7, isChunked: true), "\(length)")
        }
    }

    @Test func chunksOfAnySizeAreTakenApart() {
        for size in 1...Self.gzip.count {
            var framed: [UInt8] = []
            for start in stride(from: 0, to: Self.gzip.count, by: size) {
                let end = min(start + size, Self.gzip.count)
                framed += LoopbackAnswer.chunk(Array(Self.gzip[start..<end]))
            }
            framed += LoopbackAnswer.lines(["0", "Age: 5", ""])
            for count in 1...framed.count {
                #expect(fits(framed, inPiecesOf: count, isChunked: true), "\(size) \(count)")
            }
        }
    }

    @Test func extensionsAndCapitalsOfAChunkSizeAreRead() {
        let framed =
            LoopbackAnswer.lines(["0019;a=\"5\""]) + Self.gzip
            + LoopbackAnswer.lines(["", "0;x", ""])
        #expect(fits(framed, inPiecesOf: 100, isChunked: true))
        let long = [UInt8](repeating: 5, count: 0x1F - 4) + [5, 0, 0, 0]
        let capital = LoopbackAnswer.lines(["1F"]) + long + LoopbackAnswer.lines(["", "0", ""])
        #expect(fits(capital, inPiecesOf: 100, isChunked: true))
    }

    @Test func hugeSizesDoNotTrap() {
        let sizes = ["ffffffffffffffffffff", "8000000000000000", "-5", "xyz"]
        for size in sizes {
            #expect(!fits(LoopbackAnswer.lines([size, "abc", ""]), inPiecesOf: 3, isChunked: true))
        }
    }
}
