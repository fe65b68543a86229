internal import News

/// Words to look for, without regard to letter case and accents.
package struct FoldedPhrase: Hashable, Sendable {
    private let needle: [UInt8]

    package init(_ text: String) {
        needle = folded(text)
    }

    /// Whether one of the texts has the phrase. Cost: linear in the texts, but for phrases that
    /// repeat themselves.
    package func occurs(inOneOf texts: [String]) -> Bool {
        texts.contains { occurs(in: folded($0)) }
    }

    private func occurs(in hay: [UInt8]) -> Bool {
        guard let first = needle.first else { return true }
        guard hay.count >= needle.count else { return false }
        for start in 0...(hay.count - needle.count) where hay[start] == first {
            if hay[start..<(start + needle.count)].elementsEqual(needle) { return true }
        }
        return false
    }
}

/// Lower case without accents, as UTF-8. White space of any kind and length is one space.
private func folded(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
        switch scalar.value {
        case 0x21...0x7E: scalar.appendFolded(to: &bytes)
        case 0x2018, 0x2019, 0x02BC: bytes.append(UInt8(ascii: "'"))
        case _ where scalar.properties.isWhitespace:
            if bytes.last != 0x20 { bytes.append(0x20) }
        default: scalar.appendFolded(to: &bytes)
        }
    }
    return bytes
}
