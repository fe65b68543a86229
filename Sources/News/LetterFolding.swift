/// What a scalar is to the folding of words.
enum ScalarClass {
    /// Part of a word, and its lower case.
    case letter(Unicode.Scalar)
    /// One whose lower case has several scalars.
    case letters([Unicode.Scalar])
    /// A decimal digit of any script, as ASCII.
    case digit(UInt8)
    /// A word by itself.
    case wordCharacter
    /// Belongs to the letter before it.
    case mark
    case sentenceEnd
    case other

    /// Cost: a look-up in the Unicode tables of the standard library; Cyrillic and Greek, Chinese
    /// and Japanese take a shorter way.
    init(of value: UInt32) {
        switch value {
        case 0x2026, 0x3002, 0xFF01, 0xFF1F, 0x00AB, 0x201C, 0x201D, 0x201E, 0x2022, 0x2028, 0x2029:
            self = .sentenceEnd
        case 0x2000...0x206F: self = .other
        case 0x0386, 0x0388...0x03CE: self = .folded(Self.greekLetter(value))
        case 0x0410...0x042F: self = .folded(value + 32)
        case 0x0430...0x0450, 0x0452...0x045F: self = .folded(value)
        case 0x0401, 0x0451: self = .folded(0x435)
        case 0x0402...0x040F: self = .folded(value + 80)
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0x3041...0x3096, 0x30A1...0x30FA, 0xF900...0xFAFF,
            0x20000...0x323AF:
            self = .wordCharacter
        case 0xFF21...0xFF3A: self = .folded(value - 0xFF21 + 0x61)
        case 0xFF41...0xFF5A: self = .folded(value - 0xFF41 + 0x61)
        default: self = Unicode.Scalar(value).map { ScalarClass(ofGeneral: $0) } ?? .other
        }
    }

    private static func folded(_ value: UInt32) -> ScalarClass {
        Unicode.Scalar(value).map { .letter($0) } ?? .other
    }

    /// In lower case, without tonos, dialytika and final form.
    private static func greekLetter(_ value: UInt32) -> UInt32 {
        switch value {
        case 0x386, 0x3AC: 0x3B1
        case 0x388, 0x3AD: 0x3B5
        case 0x389, 0x3AE: 0x3B7
        case 0x38A, 0x390, 0x3AA, 0x3AF, 0x3CA: 0x3B9
        case 0x38C, 0x3CC: 0x3BF
        case 0x38E, 0x3AB, 0x3B0, 0x3CB, 0x3CD: 0x3C5
        case 0x38F, 0x3CE: 0x3C9
        case 0x3C2: 0x3C3
        case 0x391...0x3A9: value + 32
        default: value
        }
    }

    private init(ofGeneral scalar: Unicode.Scalar) {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
            if isWrittenWithoutSpaces(scalar.value) {
                self = .wordCharacter
            } else {
                let lower = Array(scalar.properties.lowercaseMapping.unicodeScalars)
                self = lower.count == 1 ? .letter(lower[0]) : .letters(lower)
            }
        case .nonspacingMark, .spacingMark: self = .mark
        case .decimalNumber:
            let value = scalar.properties.numericValue ?? 0
            self = .digit(0x30 &+ UInt8(truncatingIfNeeded: Int(value)))
        default: self = .other
        }
    }
}

/// Thai, Lao, Burmese, Khmer, and the letters of Japanese that are not in the main rows.
private func isWrittenWithoutSpaces(_ value: UInt32) -> Bool {
    switch value {
    case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3005...0x3007, 0x30FC...0x30FF,
        0x31F0...0x31FF, 0xFF66...0xFF9D:
        true
    default: false
    }
}

func isUppercase(_ value: UInt32) -> Bool {
    // Most letters that are asked about stand in Latin-1.
    if 0xC0...0xFF ~= value { return value < 0xDF && value != 0xD7 }
    return Unicode.Scalar(value)?.properties.isUppercase ?? false
}

/// The scalar that starts at `index` of valid UTF-8, and its length in bytes.
func decodeScalar(_ bytes: [UInt8], at index: Int) -> (value: UInt32, length: Int) {
    decodeScalar(bytes.span, at: index)
}

/// The same.
@inline(__always)
func decodeScalar(_ bytes: Span<UInt8>, at index: Int) -> (value: UInt32, length: Int) {
    let lead = bytes[index]
    let length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    guard length > 1, index + length <= bytes.count else { return (UInt32(lead), 1) }
    var value = UInt32(lead) & (0xFF >> UInt32(length + 1))
    for offset in 1..<length { value = value << 6 | UInt32(bytes[index + offset] & 0x3F) }
    return (value, length)
}

extension Unicode.Scalar {
    var utf8Bytes: UTF8.EncodedScalar { UTF8.encode(self) ?? UTF8.encodedReplacementCharacter }

    /// Appends the UTF-8 of this scalar as `FoldedText` compares it: letters in lower case without
    /// accents, ligatures taken apart, digits of any script as ASCII. Combining accents and what
    /// has no width give nothing; what is no part of a word stays as it is.
    package func appendFolded(to bytes: inout [UInt8]) {
        if value < 0x80 {
            let byte = UInt8(truncatingIfNeeded: value)
            bytes.append(0x41...0x5A ~= byte ? byte | 0x20 : byte)
        } else if let pair = LetterTable.shared[value] {
            bytes.append(UInt8(truncatingIfNeeded: pair))
            if pair > 0xFF { bytes.append(UInt8(truncatingIfNeeded: pair >> 8)) }
        } else if !isPassedOver(value) {
            switch ScalarClass(of: value) {
            case .letter(let lower): bytes.append(contentsOf: lower.utf8Bytes)
            case .letters(let lower):
                for scalar in lower { bytes.append(contentsOf: scalar.utf8Bytes) }
            case .digit(let digit): bytes.append(digit)
            case .wordCharacter, .mark, .sentenceEnd, .other: bytes.append(contentsOf: utf8Bytes)
            }
        }
    }
}

/// Combining accents, the soft hyphen and spaces without width: nothing where words are compared.
func isPassedOver(_ value: UInt32) -> Bool {
    switch value {
    case 0x300...0x36F, 0xAD, 0x200B...0x200D, 0x2060, 0xFEFF: true
    default: false
    }
}

/// The accentless lower-case form of each Latin letter beyond ASCII, one or two bytes.
struct LetterTable: Sendable {
    static let shared = LetterTable()

    /// From U+00C0 on, one of two bytes the second above the first; 0 for what is no letter.
    let latin: [UInt16]
    private let additional: [UInt16]

    private init() {
        latin = Self.forms(latinForms)
        additional = Self.forms(latinAdditionalForms)
    }

    private static func forms(_ text: String) -> [UInt16] {
        text.split(separator: " ").map { form in
            if form == "-" { return 0 }
            return form.utf8.reversed().reduce(0) { $0 << 8 | UInt16($1) }
        }
    }

    /// The form's first byte, and its second above it; nil for what is no Latin letter.
    subscript(value: UInt32) -> UInt16? {
        let form: UInt16
        switch value {
        case 0xC0...0x24F: form = latin[Int(value - 0xC0)]
        case 0x1E00...0x1EFF: form = additional[Int(value - 0x1E00)]
        case 0xAA: form = UInt16(UInt8(ascii: "a"))
        case 0xBA: form = UInt16(UInt8(ascii: "o"))
        default: return nil
        }
        return form == 0 ? nil : form
    }
}

/// Whether a folded word before an apostrophe is an elided article, pronoun or conjunction (French
/// and Italian).
func isElision(_ folded: [UInt8], _ word: Range<Int>) -> Bool {
    guard word.count <= 7 else { return false }
    var packed: UInt64 = 0
    for index in word { packed = packed << 8 | UInt64(folded[index]) }
    return elisions.contains(packed)
}

/// The commonest first.
private let elisions: [UInt64] = {
    let words = [
        "l", "d", "qu", "n", "s", "c", "j", "m", "t", "jusqu", "lorsqu", "puisqu", "quoiqu", "un",
        "all", "dall", "dell", "nell", "sull", "coll",
    ]
    return words.map { word in word.utf8.reduce(0) { $0 << 8 | UInt64($1) } }
}()

/// A hash of these bytes; ours, so that it is the same for ever. Multiply and fold of eight bytes
/// at a time, after wyhash (W. Yi).
func wordHash(_ span: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
    let length = range.count
    var hash: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(truncatingIfNeeded: length)
    var index = range.lowerBound
    while range.upperBound - index >= 8 {
        hash = multiplyAndFold(
            hash ^ span.word(at: index).byteSwapped, 0xA076_1D64_78BD_642F)
        index += 8
    }
    let rest = range.upperBound - index
    var block: UInt64 = 0
    if rest > 0, length > 8 {
        // The last eight, without those that were taken already.
        let last = span.word(at: range.upperBound - 8).byteSwapped
        block = last & ((1 << UInt64(8 * rest)) - 1)
    } else if rest > 0, index + 8 <= span.count {
        block = span.word(at: index).byteSwapped >> UInt64(64 - 8 * rest)
    } else {
        for place in index..<range.upperBound { block = block << 8 | UInt64(span[place]) }
    }
    return multiplyAndFold(hash ^ block, 0xE703_7ED1_A0B4_28DB) ^ hash
}

/// The same for fewer than eight bytes, which stand in `block`, the last in its lowest bits.
func shortWordHash(_ block: UInt64, length: Int) -> UInt64 {
    let hash: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(truncatingIfNeeded: length)
    return multiplyAndFold(hash ^ block, 0xE703_7ED1_A0B4_28DB) ^ hash
}

private func multiplyAndFold(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = (a ^ 0x8EBC_6AF0_9C88_C6E3).multipliedFullWidth(by: b)
    return product.high ^ product.low
}

/// U+00C0 to U+024F.
private let latinForms = """
    a a a a a a ae c e e e e i i i i d n o o o o o - o u u u u y th ss a a a a a a ae c e e e e \
    i i i i d n o o o o o - o u u u u y th y a a a a a a c c c c c c c c d d d d e e e e e e e e \
    e e g g g g g g g g h h h h i i i i i i i i i i ij ij j j k k k l l l l l l l l l l n n n n \
    n n n ng ng o o o o o o oe oe r r r r r r s s s s s s s s t t t t t t u u u u u u u u u u u \
    u w w y y y z z z z z z s b b b b ƅ ƅ ɔ c c ɖ d d d ƍ ǝ ə ɛ f f g ɣ hv ɩ i k k l ƛ ɯ n n o o \
    o oi oi p p ʀ ƨ ƨ ʃ ƪ t t t t u u ʊ v y y z z ʒ ƹ ƹ ƺ ƻ ƽ ƽ ƾ ƿ ǀ ǁ ǂ ǃ dz dz dz lj lj lj nj \
    nj nj a a i i o o u u u u u u u u u u ǝ a a a a ae ae g g g g k k o o o o ʒ ʒ j dz dz dz g g \
    ƕ ƿ n n a a ae ae o o a a a a e e e e i i i i o o o o r r r r u u u u s s t t ȝ ȝ h h n d ou \
    ou z z a a e e o o o o o o o o y y l n t ȷ ȸ ȹ a c c l t s z ɂ ɂ b ʉ ʌ e e j j ɋ q r r y y
    """

/// U+1E00 to U+1EFF.
private let latinAdditionalForms = """
    a a b b b b b b c c d d d d d d d d d d e e e e e e e e e e f f g g h h h h h h h h h h i i \
    i i k k k k k k l l l l l l l l m m m m m m n n n n n n n n o o o o o o o o p p p p r r r r \
    r r r r s s s s s s s s s s t t t t t t t t u u u u u u u u u u v v v v w w w w w w w w w w \
    x x x x y y z z z z z z h t w y a s - - ss - a a a a a a a a a a a a a a a a a a a a a a a a \
    e e e e e e e e e e e e e e e e i i i i o o o o o o o o o o o o o o o o o o o o o o o o u u \
    u u u u u u u u u u u u y y y y y y y y - - - - y y
    """
