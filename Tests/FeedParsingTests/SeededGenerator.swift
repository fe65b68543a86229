/// SplitMix64: the same numbers for the same seed, everywhere.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// Bytes that look like broken feeds more often than chance would have it.
    mutating func feedBytes(count: Int) -> [UInt8] {
        let pieces = [
            "<rss version='2.0'>", "<channel>", "</channel>", "<item>", "</item>", "<title>",
            "</title>", "<link>http://a.example/", "</link>", "<link href='/x'/>", "<entry>",
            "</entry>", "<feed xmlns='http://www.w3.org/2005/Atom'>", "<content type='xhtml'>",
            "</content>", "<description>", "</description>", "<![CDATA[", "]]>", "<!--", "-->",
            "&lt;",
            "&amp;", "&#x", ";", "<author>", "<name>", "</author>", "<pubDate>", "1 Jan 2020", "\"",
            "<enclosure url='a' length='99999999999999999999'/>", "<guid>", "{", "}", "[", ":", "é",
            "<?", "?>", "<!DOCTYPE a [", "xml:base='//['", "<p>", "</p>", "\u{0}", "<", ">", "x",
        ]
        var bytes: [UInt8] = []
        while bytes.count < count {
            if Int.random(in: 0..<8, using: &self) > 0 {
                bytes += Array((pieces.randomElement(using: &self) ?? "").utf8)
            } else {
                bytes.append(UInt8.random(in: 0...255, using: &self))
            }
        }
        return bytes
    }
}
