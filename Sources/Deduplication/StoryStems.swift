/// What is left of a word when it is compared with words of other languages: how it begins in Latin
/// letters or, where it may be a name, its consonants. Scripts and spellings disagree about vowels
/// (`Castillo`, `Кастильо`, `كاستيلو`, `კასტილიო`), and Arabic does not write most of them.

/// A hash of the first letters of a word, written in Latin ones.
func stemHash(_ folded: [UInt8], _ bytes: Range<Int>, letters: Int) -> UInt64 {
    var hash: UInt64 = 0
    var count = 0
    var next = bytes.lowerBound
    while next < bytes.upperBound, count < letters {
        var letter = UInt64(folded[next])
        if folded[next] >= 0x80 {
            if folded[next] & 0xFE == 0xD0, next + 1 < bytes.upperBound {
                let scalar = Int(folded[next] & 0x1F) << 6 | Int(folded[next + 1] & 0x3F)
                letter = UInt64(latinLetter(scalar))
                next += 1
            } else {
                while next + 1 < bytes.upperBound, folded[next + 1] & 0xC0 == 0x80 {
                    next += 1
                    letter = letter << 8 | UInt64(folded[next])
                }
            }
        }
        next += 1
        if letter == 0 { continue }
        hash = mixed(hash &* 31 &+ letter)
        count += 1
    }
    return hash
}

/// The Latin letter that a Cyrillic one sounds like; 0 for signs that have no sound.
private func latinLetter(_ scalar: Int) -> UInt8 {
    switch scalar {
    case 0x430...0x44F: cyrillicLetters[scalar - 0x430]
    case 0x456, 0x457: UInt8(ascii: "i")
    case 0x454: UInt8(ascii: "e")
    case 0x45E: UInt8(ascii: "u")
    default: UInt8(ascii: "?")
    }
}

private let cyrillicLetters = "abvgdezziiklmnoprstufhccss_i_eua".utf8.map { $0 == 0x5F ? 0 : $0 }

/// Whether the word is in a script that tells no names by capitals and writes words apart: Arabic,
/// Georgian, Hangul.
func isWithoutCase(_ folded: [UInt8], _ bytes: Range<Int>) -> Bool {
    guard let (scalar, _) = scalar(in: folded, at: bytes.lowerBound, bytes.upperBound) else {
        return false
    }
    return arabicScalars.contains(scalar) || georgianScalars.contains(scalar)
        || hangulScalars.contains(scalar)
}

/// A hash of the first four consonants of a word, those that sound alike taken as one and written
/// once in a row; nil when there are fewer than three, or in other scripts than Latin, Cyrillic,
/// Greek, Arabic, Georgian and Hangul.
func consonantHash(_ folded: [UInt8], _ bytes: Range<Int>) -> UInt64? {
    var consonants = Consonants()
    var next = bytes.lowerBound
    if bytes.count > 2 * arabicArticle.count, folded[bytes].starts(with: arabicArticle) {
        next += arabicArticle.count
    }
    while next < bytes.upperBound, consonants.count < 4 {
        guard let (scalar, length) = scalar(in: folded, at: next, bytes.upperBound) else {
            return nil
        }
        next += length
        switch scalar {
        case ..<0x80: consonants.add(UInt8(scalar))
        case 0x80..<0x370: continue
        case 0x3B1...0x3C9: consonants.add(greekSounds[scalar - 0x3B1])
        case 0x400..<0x530: consonants.add(latinLetter(scalar))
        case arabicScalars: consonants.add(arabicSound(scalar))
        case georgianScalars: consonants.add(georgianSounds[scalar - georgianScalars.lowerBound])
        case hangulScalars:
            let syllable = scalar - hangulScalars.lowerBound
            consonants.add(hangulInitials[syllable / 588])
            consonants.add(hangulFinals[syllable % 28])
        default: return nil
        }
    }
    return consonants.count < 3 ? nil : consonants.hash
}

/// The consonants read so far.
private struct Consonants {
    /// Not that of any beginning.
    private(set) var hash: UInt64 = 0x5E1
    private(set) var count = 0
    private var last: UInt8 = 0

    mutating func add(_ letter: UInt8) {
        let sound = latinSounds[Int(letter & 0x7F)]
        guard sound != 0, sound != last else { return }
        last = sound
        count += 1
        hash = mixed(hash &* 31 &+ UInt64(sound))
    }
}

/// The scalar that starts at `place` and how many bytes it has; nil past `end`, and beyond the
/// basic plane.
@inline(__always)
private func scalar(in folded: [UInt8], at place: Int, _ end: Int) -> (scalar: Int, length: Int)? {
    guard place < end else { return nil }
    let first = Int(folded[place])
    if first < 0x80 { return (first, 1) }
    guard place + 1 < end else { return nil }
    let second = Int(folded[place + 1] & 0x3F)
    if first & 0xE0 == 0xC0 { return ((first & 0x1F) << 6 | second, 2) }
    guard first & 0xF0 == 0xE0, place + 2 < end else { return nil }
    return ((first & 0x0F) << 12 | second << 6 | Int(folded[place + 2] & 0x3F), 3)
}

private let arabicScalars = 0x621...0x6D5
private let georgianScalars = 0x10D0...0x10F0
private let hangulScalars = 0xAC00...0xD7A3

/// `al-` in UTF-8.
private let arabicArticle: [UInt8] = [0xD8, 0xA7, 0xD9, 0x84]

/// By ASCII letter the one that stands for its sound; 0 for vowels and what is heard as one.
private let latinSounds: [UInt8] = {
    var sounds = [UInt8](repeating: 0, count: 128)
    for (sound, letters) in [
        ("b", "bp"), ("k", "ckqg"), ("t", "dt"), ("f", "fv"), ("s", "szx"), ("l", "l"), ("m", "m"),
        ("n", "n"), ("r", "r"),
    ] {
        for letter in letters.utf8 { sounds[Int(letter)] = sound.utf8.first ?? 0 }
    }
    return sounds
}()

// Letters in the order of their code points, as the Latin ones that sound alike; `_` has no sound
// here.
private let greekSounds = Array("_fkt_s_t_klmns_brsst_fks_".utf8)
private let georgianSounds = Array("_bkt_fst_klmn_bsrst_bkkkskssskk__".utf8)
private let hangulInitials = Array("kknttrmbbss____ktb_".utf8)
private let hangulFinals = Array("_kkknnntllllllllmbbssn__ktb_".utf8)
private let arabicSounds = Array("_______b_tt__kttrsssstts_k______fkklmn____".utf8)

private func arabicSound(_ scalar: Int) -> UInt8 {
    let place = scalar - arabicScalars.lowerBound
    if arabicSounds.indices.contains(place) { return arabicSounds[place] }
    return switch scalar {
    case 0x67E: UInt8(ascii: "b")
    case 0x679, 0x688: UInt8(ascii: "t")
    case 0x691, 0x695: UInt8(ascii: "r")
    case 0x698: UInt8(ascii: "s")
    case 0x6A4: UInt8(ascii: "f")
    case 0x6A9, 0x6AF: UInt8(ascii: "k")
    case 0x6B5: UInt8(ascii: "l")
    default: UInt8(ascii: "_")
    }
}
