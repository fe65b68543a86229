import FeedParsing
import News
import Testing

/// What holds for every document, however it was broken.
struct DamagedFeedTests {
    private static let whole = rss(
        """
        <item><title>One &amp; only</title><link>http://a.example/1</link><description>\
        <![CDATA[<p>é</p>]]></description><author>a@b.example (Ann)</author></item>
        <!-- <item><title>Hidden</title></item> --><item><guid>http://a.example/2</guid>\
        <content:encoded>&lt;a href="/x"&gt;y&lt;/a&gt;</content:encoded></item>
        <item><title>Three</title><media:group><media:content url="http://a.example/3.mp4"/>\
        </media:group></item>
        """, channel: "<title>Feed</title><link>http://a.example/</link>")

    /// Invariant 1 of `XMLFeedReader`.
    @Test func aCutAnywhereKeepsAPrefixOfTheEntries() throws {
        let bytes = Array(Self.whole.utf8)
        let all = try parseFeed(bytes, from: nil, declared: nil).entries
        #expect(all.count == 3)
        var counts: Set<Int> = []
        for end in bytes.indices {
            guard let cut = try? parseFeed(Array(bytes[..<end]), from: nil, declared: nil) else {
                continue
            }
            #expect(Array(all.prefix(cut.entries.count)) == cut.entries, "cut at \(end)")
            #expect(cut.damage.contains("the document ends too early"), "cut at \(end)")
            counts.insert(cut.entries.count)
        }
        #expect(counts == [0, 1, 2, 3])
    }

    @Test func aCutInUTF16KeepsAPrefixToo() throws {
        let units = Self.whole.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let all = try parseFeed(units, from: nil, declared: nil).entries
        for end in stride(from: 0, to: units.count, by: 7) {
            guard let cut = try? parseFeed(Array(units[..<end]), from: nil, declared: nil) else {
                continue
            }
            #expect(Array(all.prefix(cut.entries.count)) == cut.entries, "cut at \(end)")
        }
    }

    /// Invariant 5 and 6 of the design: bounded, and no trap.
    @Test func anyBytesAreReadWithinTheLimits() {
        let limits = FeedLimits(
            entriesMax: 3, depthMax: 12, titleCharactersMax: 10, fieldBytesMax: 100, valuesMax: 2,
            damageMax: 4)
        let url = HTTPURL("http://a.example/feed")
        for seed in 1...400 {
            var generator = SeededGenerator(seed: UInt64(seed))
            let prefix = seed % 2 == 0 ? Array("<rss><channel>".utf8) : []
            let bytes = prefix + generator.feedBytes(count: 500)
            guard
                let feed = try? parseFeed(bytes, from: url, declared: nil, limits: limits)
            else { continue }
            let isBounded =
                feed.entries.count <= 3 && feed.damage.count <= 4
                && feed.entries.allSatisfy { entry in
                    entry.title?.count ?? 0 <= 10 && entry.summary?.written.utf8.count ?? 0 <= 100
                        && entry.categories.count <= 2 && entry.enclosures.count <= 2
                        && entry.authors.count <= 2
                }
            #expect(isBounded, "seed \(seed)")
            let texts = feed.entries.flatMap { [$0.id, $0.title, $0.link] }.compactMap { $0 }
            let isClean = texts.allSatisfy { $0.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }
            #expect(isClean, "seed \(seed)")
        }
    }

    /// One byte changed anywhere loses no other entry than its own, most of the time; it never
    /// makes the reader give more entries than there are places for them.
    @Test func oneWrongByteIsSurvived() {
        let bytes = Array(Self.whole.utf8)
        for wrong in [UInt8(ascii: "<"), UInt8(ascii: ">"), 0, 0xFF, UInt8(ascii: "\"")] {
            for index in bytes.indices {
                var damaged = bytes
                damaged[index] = wrong
                let feed = try? parseFeed(damaged, from: nil, declared: nil)
                #expect(feed?.entries.count ?? 0 <= 4, "\(wrong) at \(index)")
            }
        }
    }
}
