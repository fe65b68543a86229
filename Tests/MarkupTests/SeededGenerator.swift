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

    /// Bytes that look like broken mark-up more often than chance would have it.
    mutating func markupBytes(count: Int) -> [UInt8] {
        let pieces = [
            "<", ">", "</", "/>", "<p", "<div>", "</div>", "<script>", "</script>", "<!--", "-->",
            "<![CDATA[", "]]>", "&", "&amp", ";", "&#x", "\"", "'", "=", " ", "class", "<table>",
            "<td>", "<li>", "</a>", "<a href=", "<title>", "\u{0}", "é", "x", "\n", "<b>", "</p>",
        ]
        var bytes: [UInt8] = []
        while bytes.count < count {
            if Bool.random(using: &self) {
                bytes += Array((pieces.randomElement(using: &self) ?? "").utf8)
            } else {
                bytes.append(UInt8.random(in: 0...255, using: &self))
            }
        }
        return bytes
    }
}
