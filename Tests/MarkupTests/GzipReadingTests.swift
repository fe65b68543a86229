import Foundation
import Markup
import Testing

/// RFC 1951 and 1952. The data was made by zlib, which is what servers use.
struct GzipReadingTests {
    private static let feed = "<rss><channel><item><title>T</title></item></channel></rss>"
    private static let fixed =
        "H4sIAAAAAAAA/7MpKi62s0nOSMzLS82xs8ksSc21synJLMlJtQux0YcwbPQhwvpwZfogXQBj3AMHOwAAAA=="
    /// A block that is not compressed.
    private static let stored =
        "H4sIAAAAAAAA/wE7AMT/PHJzcz48Y2hhbm5lbD48aXRlbT48dGl0bGU+VDwvdGl0bGU+PC9pdGVtPjwvY2hhbm5l"
        + "bD48L3Jzcz5j3AMHOwAAAA=="
    /// With an extra field, a name, a comment and a checksum of the header.
    private static let headed =
        "H4sIHgAAAAAA/wMAeHl6bmFtZQBjb21tZW50AAAAsykqLrazSc5IzMtLzbGzySxJzbWzKcksyUm1C7HRhzBs9CHC"
        + "+nBl+iBdAGPcAwc7AAAA"
    /// Codes of its own: forty lines of a sitemap.
    private static let dynamic =
        "H4sIAAAAAAAA/5WUwQrCMBBE736MyaabNJHQfylS8FCxaAU/X3r1IPPOGSbLvJ3t7+c69fVxnW77vr0uIczn5TPf"
        + "t3UJsYfjoYdDc+p/lCYrXVY2/fciS1OWpYPu6vqsRQ+g6qlaBKwS8HUHFACxBpABZikD36rPOyQHewPaALi5A9+q"
        + "z5uTnkMe9XwL4FaA7wjmHUEOFeTbALdWSI/BolkEG2wGqmGkc5ZAmW0gV8LJ+ck/d+0Ly86/JdoGAAA="

    private static let lines = (0..<40).map {
        "<url><loc>https://a.example/\($0 * $0)</loc></url>\n"
    }
    .joined()

    private static func bytes(_ base64: String) throws -> [UInt8] {
        Array(try #require(Data(base64Encoded: base64)))
    }

    private func read(_ bytes: [UInt8], bytesMax: Int = 1 << 20) throws -> GzipReading {
        try #require(GzipReading(bytes, bytesMax: bytesMax))
    }

    private func text(_ reading: GzipReading) -> String {
        String(decoding: reading.bytes, as: UTF8.self)
    }

    @Test(arguments: [(fixed, feed), (stored, feed), (headed, feed), (dynamic, lines)])
    func blocksOfEachKindAreRead(data: String, text: String) throws {
        let reading = try read(try Self.bytes(data))
        #expect(self.text(reading) == text)
        #expect(reading.damage == nil && !reading.isTooLarge)
    }

    @Test func membersAreReadOneAfterAnother() throws {
        let reading = try read(try Self.bytes(Self.fixed) + Self.bytes(Self.dynamic) + [0, 0, 0])
        #expect(text(reading) == Self.feed + Self.lines)
        #expect(reading.damage == nil)
    }

    @Test(arguments: ["", "<rss/>", "\u{1F}", "\u{1F}\u{8B}\u{8}"])
    func whatIsNoGzipIsLeftAlone(text: String) {
        #expect(GzipReading(Array(text.utf8), bytesMax: 100) == nil)
    }

    @Test func whatFollowsIsSaid() throws {
        let reading = try read(try Self.bytes(Self.fixed) + Array("junk".utf8))
        #expect(text(reading) == Self.feed)
        #expect(reading.damage == .trailingBytes)
    }

    @Test(arguments: [fixed, stored, headed, dynamic])
    func aCutAtEveryByteGivesABeginning(data: String) throws {
        let whole = try Self.bytes(data)
        let wanted = try read(whole).bytes
        for end in 3..<whole.count {
            let reading = try read(Array(whole[..<end]))
            #expect(reading.damage == .cutOff)
            #expect(wanted.starts(with: reading.bytes))
            if end >= whole.count - 8 { #expect(reading.bytes == wanted) }
        }
    }

    @Test(arguments: [fixed, stored, headed, dynamic])
    func aChangedBitIsNoticedAndTrapsNothing(data: String) throws {
        let whole = try Self.bytes(data)
        let wanted = try read(whole).bytes
        for index in 3..<whole.count {
            for bit in 0..<8 {
                var changed = whole
                changed[index] ^= 1 << bit
                let reading = try read(changed)
                #expect(reading.bytes.count <= 1 << 20)
                #expect(reading.damage != nil || reading.bytes == wanted)
            }
        }
    }

    @Test func aLimitIsKept() throws {
        let wanted = try read(try Self.bytes(Self.dynamic)).bytes
        for bytesMax in 0...wanted.count {
            let reading = try read(try Self.bytes(Self.dynamic), bytesMax: bytesMax)
            #expect(reading.bytes.elementsEqual(wanted.prefix(bytesMax)))
            #expect(reading.isTooLarge == (bytesMax < wanted.count))
        }
    }

    /// Three thousand letters in a block of twenty-four bytes: what is repeated overlaps what it
    /// gives.
    @Test func repetitionsThatOverlapAreRead() throws {
        let block: [UInt8] = [
            0x4B, 0x4C, 0x1C, 0x05, 0xA3, 0x60, 0x14, 0x8C, 0x82, 0x51, 0x30, 0x0A, 0x46, 0xC1,
            0x28,
            0x18, 0x05, 0xA3, 0x60, 0x14, 0x0C, 0x76, 0x00, 0x00,
        ]
        let reading = try read([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 255] + block)
        #expect(reading.bytes == [UInt8](repeating: UInt8(ascii: "a"), count: 3000))
        #expect(reading.damage == .cutOff, "the checksum is missing")
    }

    /// Two megabytes out of thirteen kilobytes: each repetition costs its own length and no more.
    @Test func whatRepeatsMuchIsReadThrough() throws {
        let repetitions: [UInt8] = [
            0xA3, 0x60, 0x14, 0x8C, 0x82, 0x51, 0x30, 0x0A, 0x46, 0xC1, 0x28, 0x18, 0x05,
        ]
        var data: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 255, 0x4B, 0x4C, 0x1C, 0x05]
        for _ in 0..<1000 { data += repetitions }
        let reading = try read(data, bytesMax: 8 << 20)
        #expect(reading.bytes.count > 2_000_000 && reading.damage == .cutOff)
        #expect(reading.bytes.last == UInt8(ascii: "a"))
    }
}
