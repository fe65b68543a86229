import Fetching
import TestSupport
import Testing

struct ZstdEndTests {
    /// A skippable frame, then a frame with a checksum, of three blocks: as it is, one byte
    /// repeated, empty.
    static let frames: [UInt8] =
        [0x50, 0x2A, 0x4D, 0x18, 2, 0, 0, 0, 9, 9]
        + [0x28, 0xB5, 0x2F, 0xFD, 0x04, 0x58]
        + [0x28, 0, 0] + Array("tamis".utf8) + [0x52, 0, 0, 0x61] + [0x01, 0, 0] + [1, 2, 3, 4]

    private func isAtEnd(_ bytes: [UInt8], inPiecesOf count: Int, isChunked: Bool) -> Bool {
        var end = ZstdEnd()
        for start in stride(from: 0, to: bytes.count, by: count) {
            end.take(bytes[start..<min(start + count, bytes.count)], isChunked: isChunked)
        }
        return end.isAtEnd
    }

    @Test func wholeStreamIsAtItsEndHoweverItArrives() {
        for count in 1...Self.frames.count {
            #expect(isAtEnd(Self.frames, inPiecesOf: count, isChunked: false), "\(count)")
            let chunks = LoopbackAnswer.chunk(Self.frames) + LoopbackAnswer.lines(["0", ""])
            #expect(isAtEnd(chunks, inPiecesOf: count, isChunked: true), "\(count)")
        }
        #expect(isAtEnd(Self.frames + Self.frames, inPiecesOf: 7, isChunked: false))
    }

    @Test func everyCutIsSeen() {
        for length in 0..<Self.frames.count {
            let cut = Array(Self.frames.prefix(length))
            #expect(!isAtEnd(cut, inPiecesOf: 5, isChunked: false), "\(length)")
        }
    }

    @Test(arguments: [[], [0x1F, 0x8B, 8, 0], Array("<rss></rss>".utf8)] as [[UInt8]])
    func whatIsNoZstdNeverEnds(bytes: [UInt8]) {
        #expect(!isAtEnd(bytes, inPiecesOf: 3, isChunked: false))
    }
}
