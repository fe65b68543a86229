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
        case 0x41...0x5A: bytes.append(UInt8(truncatingIfNeeded: scalar.value) | 0x20)
        case 0x09...0x0D, 0x20, 0xA0, 0x2009, 0x202F:
            if bytes.last != 0x20 { bytes.append(0x20) }
        case 0..<0x80: bytes.append(UInt8(truncatingIfNeeded: scalar.value))
        case 0x2019, 0x02BC: bytes.append(UInt8(ascii: "'"))
        default:
            guard scalar.properties.generalCategory != .nonspacingMark else { continue }
            for lower in scalar.properties.lowercaseMapping.unicodeScalars {
                if let base = baseLetters[lower] {
                    bytes.append(contentsOf: base)
                } else if lower.properties.generalCategory != .nonspacingMark {
                    bytes.append(contentsOf: Array(String(lower).utf8))
                }
            }
        }
    }
    return bytes
}

/// The letters that precomposed Latin letters are built on.
private let baseLetters: [Unicode.Scalar: [UInt8]] = {
    let families = [
        "a": "àáâãäåāăąǎǟǡǻȁȃȧạảấầẩẫậắằẳẵặ", "ae": "æǣǽ", "c": "çćĉċč", "d": "ďđḍḏ",
        "e": "èéêëēĕėęěȅȇȩẹẻẽếềểễệ", "g": "ĝğġģǧǵ", "h": "ĥħḥ", "i": "ìíîïĩīĭįıǐȉȋỉị", "ij": "ĳ",
        "j": "ĵǰ", "k": "ķǩ", "l": "ĺļľŀłḷ", "n": "ñńņňŉǹṅṇ",
        "o": "òóôõöøōŏőơǒǫǭǿȍȏȫȭȯȱọỏốồổỗộớờởỡợ",
        "oe": "œ", "r": "ŕŗřȑȓṛ", "s": "śŝşšșṣ", "ss": "ß", "t": "ţťŧțṭ",
        "u": "ùúûüũūŭůűųưǔǖǘǚǜȕȗụủứừửữự", "w": "ŵẁẃẅ", "y": "ýÿŷȳẏỳỵỷỹ", "z": "źżžẓ",
    ]
    var letters: [Unicode.Scalar: [UInt8]] = [:]
    for (base, composed) in families {
        for scalar in composed.unicodeScalars { letters[scalar] = Array(base.utf8) }
    }
    return letters
}()
