/// A text as it is compared: its words without letter case, accents, typography and mark-up, each
/// as a 64-bit hash with its place. Hashes are the same in every run and on every machine, so they
/// may be stored.
///
/// - A word is a run of letters and digits. Accents and ligatures go (`œuvre` is `oeuvre`).
/// - One Chinese, Japanese, Thai, Lao, Khmer or Burmese character is one word: these are written
///   without spaces.
/// - An elided article or pronoun is dropped (`l’IA` is `ia`, `qu'il` is `il`), and so is the
///   English possessive (`Altman’s` is `altman`); any other apostrophe is ignored (`aujourdhui`).
/// - A figure is one word whatever groups its digits: `100 000`, `100,000` and `100.000` are
///   `100000`; a decimal part stays (`1,5` and `1.5` are `1.5`).
/// - The target of a Markdown link is no text.
///
/// The rules are the same for every language, so that two copies cannot differ because one of them
/// declares its language. One pass over the bytes, no `String` a word.
package struct FoldedText: Sendable {
    /// One word, or one figure.
    package struct Word: Hashable, Sendable {
        /// Equal for equal folded words.
        package let hash: UInt64
        /// Where it stands in the text, in Unicode scalars.
        package let range: TextRange
        /// Written with a leading capital.
        package let isCapitalised: Bool
        /// A figure: digits, perhaps with a decimal part.
        package let isNumber: Bool
        /// Stands first in a sentence, line or quotation, where a capital says nothing.
        package let opensSentence: Bool
    }

    package let words: [Word]
    /// The folded words as UTF-8, parted by one space.
    package let folded: [UInt8]

    /// Folds `text`. Cost: linear.
    package init(_ text: String) {
        var folder = Folder(Array(text.utf8))
        folder.run()
        words = folder.words
        folded = folder.finished()
    }

    /// The digest of the folded words: equal for two texts that differ only in typography, letter
    /// case, spacing and mark-up.
    package var digest: Digest { Digest(of: folded) }
}

/// The one pass. `next` never leaves the bytes; `scalar` counts what was passed.
private struct Folder {
    let bytes: [UInt8]
    let letters = LetterTable.shared
    var words: [FoldedText.Word] = []
    /// Longer than what is written: `filled` bytes of it count.
    private var folded: [UInt8]
    private var filled = 0
    var next = 0
    var scalar = 0

    /// Where the open word starts in `folded`, or -1 between words.
    var wordStart = -1
    var wordScalar = 0
    var wordIsCapitalised = false
    var wordIsNumber = false
    var sentenceOpens = true

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        words.reserveCapacity(bytes.count / 5 + 1)
        folded = Array(repeating: 0, count: bytes.count + 16)
    }

    /// The folded words, when all is read.
    mutating func finished() -> [UInt8] {
        folded.removeLast(folded.count - filled)
        return folded
    }

    mutating func run() {
        while next < bytes.count {
            let byte = bytes[next]
            if asciiLetters[Int(byte)] != 0 {
                takeLetters()
            } else if byte < 0x80 {
                takeASCII(byte)
            } else {
                takeScalar()
            }
        }
        closeWord(at: scalar)
    }

    /// Takes a run of ASCII letters: most words are one.
    private mutating func takeLetters() {
        let start = next
        if wordStart < 0 { openWord(isCapital: bytes[start] < 0x61) }
        wordIsNumber = false
        var end = start
        var block: UInt64 = 0
        while end < bytes.count {
            let letter = asciiLetters[Int(bytes[end])]
            if letter == 0 { break }
            block = block << 8 | UInt64(letter)
            end += 1
        }
        let length = end - start
        ensureSpace(for: length)
        if length <= 8 {
            for offset in 0..<length {
                let shift = UInt64(8 * (length - 1 - offset))
                folded[filled + offset] = UInt8(truncatingIfNeeded: block >> shift)
            }
        } else {
            for offset in 0..<length {
                folded[filled + offset] = asciiLetters[Int(bytes[start + offset])]
            }
        }
        let isWhole = filled == wordStart && length < 8
        filled += length
        next = end
        scalar += length
        // A space, a comma or a line end behind a short word closes it.
        guard isWhole, end < bytes.count, bytes[end] == 0x20 || bytes[end] == 0x2C else { return }
        closeWord(at: scalar, hash: shortWordHash(block, length: length))
    }

    private mutating func ensureSpace(for count: Int) {
        guard filled + count > folded.count else { return }
        folded.append(contentsOf: repeatElement(0, count: folded.count + count))
    }

    private mutating func put(_ byte: UInt8) {
        ensureSpace(for: 1)
        folded[filled] = byte
        filled += 1
    }

    private mutating func put(_ other: some Sequence<UInt8>) {
        for byte in other { put(byte) }
    }

    private mutating func takeASCII(_ byte: UInt8) {
        switch byte {
        case 0x30...0x39:
            if wordStart < 0, takeFigure() { return }
            appendDigit(byte)
        case UInt8(ascii: "'"):
            takeApostrophe(length: 1)
            return
        case UInt8(ascii: "]"):
            closeWord(at: scalar)
            if passLinkTarget() { return }
        default:
            closeWord(at: scalar)
            if Self.endsSentence(byte) { sentenceOpens = true }
        }
        next += 1
        scalar += 1
    }

    private static func endsSentence(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x0A, UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"), UInt8(ascii: ":"),
            UInt8(ascii: "\""):
            true
        default: false
        }
    }

    private mutating func takeScalar() {
        let (value, length) = decodeScalar(bytes, at: next)
        if let pair = letters[value] {
            let isCapital = wordStart < 0 && isUppercase(value)
            appendLetter(UInt8(truncatingIfNeeded: pair), isCapital: isCapital)
            if pair > 0xFF { put(UInt8(truncatingIfNeeded: pair >> 8)) }
        } else {
            switch value {
            case 0x2018, 0x2019, 0x02BC:
                takeApostrophe(length: length)
                return
            case _ where isPassedOver(value): break
            default: takeOther(value, length: length)
            }
        }
        next += length
        scalar += 1
    }

    /// A scalar outside the Latin tables.
    private mutating func takeOther(_ value: UInt32, length: Int) {
        switch ScalarClass(of: value) {
        case .letter(let lower):
            let isCapital = wordStart < 0 && isUppercase(value)
            openWord(isCapital: isCapital)
            wordIsNumber = false
            for scalar in lower { put(scalar.utf8Bytes) }
        case .digit(let digit): appendDigit(digit)
        case .wordCharacter:
            closeWord(at: scalar)
            openWord(isCapital: false)
            wordIsNumber = false
            put(bytes[next..<(next + length)])
            closeWord(at: scalar + 1)
        case .mark:
            if wordStart >= 0 { put(bytes[next..<(next + length)]) }
        case .sentenceEnd:
            closeWord(at: scalar)
            sentenceOpens = true
        case .other: closeWord(at: scalar)
        }
    }

    // MARK: Words

    private mutating func openWord(isCapital: Bool) {
        guard wordStart < 0 else { return }
        if filled > 0 { put(0x20) }
        wordStart = filled
        wordScalar = scalar
        wordIsCapitalised = isCapital
        wordIsNumber = true
    }

    private mutating func appendLetter(_ byte: UInt8, isCapital: Bool) {
        if wordStart < 0 { openWord(isCapital: isCapital) }
        wordIsNumber = false
        put(byte)
    }

    private mutating func appendDigit(_ byte: UInt8) {
        if wordStart < 0 { openWord(isCapital: false) }
        put(byte)
    }

    private mutating func closeWord(at end: Int) {
        guard wordStart >= 0 else { return }
        closeWord(at: end, hash: wordHash(folded, wordStart..<filled))
    }

    private mutating func closeWord(at end: Int, hash: UInt64) {
        words.append(
            FoldedText.Word(
                hash: hash,
                range: TextRange(start: wordScalar, end: end),
                isCapitalised: wordIsCapitalised, isNumber: wordIsNumber,
                opensSentence: sentenceOpens))
        wordStart = -1
        sentenceOpens = false
    }

    /// Takes the open word back: it was an elided article.
    private mutating func dropWord() {
        filled = max(0, wordStart - 1)
        wordStart = -1
    }

    // MARK: Apostrophes, figures, links

    private mutating func takeApostrophe(length: Int) {
        let after = next + length
        if wordStart >= 0, isWordByte(at: after) {
            if bytes[after] | 0x20 == UInt8(ascii: "s"), !isWordByte(at: after + 1) {
                closeWord(at: scalar)
                next = after + 1
                scalar += 2
                return
            }
            if isElision(folded[wordStart..<filled]) { dropWord() }
        } else {
            closeWord(at: scalar)
        }
        next = after
        scalar += 1
    }

    /// Whether a letter or digit may start at `index`; beyond ASCII every letter may.
    private func isWordByte(at index: Int) -> Bool {
        guard index < bytes.count else { return false }
        switch bytes[index] {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0xC3...0xDF: return true
        case 0xE0...: return bytes[index] != 0xE2
        default: return false
        }
    }

    /// Takes a whole figure when one starts here; false when the digits belong to a word (`5G`).
    private mutating func takeFigure() -> Bool {
        var figure = FigureReader(bytes: bytes, next: next)
        guard figure.read(), !isWordByte(at: figure.next) else { return false }
        openWord(isCapital: false)
        put(figure.digits)
        scalar += figure.scalars
        next = figure.next
        closeWord(at: scalar)
        return true
    }

    /// After `]`: passes over `(target)` when it has no space in it.
    private mutating func passLinkTarget() -> Bool {
        guard next + 1 < bytes.count, bytes[next + 1] == UInt8(ascii: "(") else { return false }
        var end = next + 2
        var passed = 2
        while end < bytes.count, end - next < linkTargetBytesMax, bytes[end] > 0x20 {
            if bytes[end] & 0xC0 != 0x80 { passed += 1 }
            if bytes[end] == UInt8(ascii: ")") {
                next = end + 1
                scalar += passed
                return true
            }
            end += 1
        }
        return false
    }
}

/// The lower-case form of each ASCII letter; 0 for every other byte.
private let asciiLetters: [UInt8] = (0...255).map { value in
    let lower = UInt8(value) | 0x20
    return value < 0x80 && 0x61...0x7A ~= lower ? lower : 0
}

/// No link target is longer; what is, is read as text.
private let linkTargetBytesMax = 2048

/// Reads one figure: a run of digits, groups of three behind a space, comma, full stop or
/// apostrophe, and a decimal part.
private struct FigureReader {
    let bytes: [UInt8]
    let start: Int
    var next: Int
    var scalars = 0
    var digits: [UInt8] = []

    init(bytes: [UInt8], next: Int) {
        self.bytes = bytes
        start = next
        self.next = next
    }

    /// False when there is no digit here.
    mutating func read() -> Bool {
        let first = runOfDigits(from: next)
        guard first > 0 else { return false }
        let startsWithZero = bytes[next] == 0x30
        take(digits: first)
        var grouping: UInt32?
        while first <= 3, !startsWithZero, let (sign, length) = separator(at: next),
            grouping == nil || grouping == sign, runOfDigits(from: next + length) == 3
        {
            grouping = sign
            next += length
            scalars += 1
            take(digits: 3)
        }
        takeDecimals(grouping: grouping)
        return true
    }

    private mutating func takeDecimals(grouping: UInt32?) {
        guard next < bytes.count, bytes[next] == 0x2C || bytes[next] == 0x2E,
            grouping != UInt32(bytes[next])
        else { return }
        let count = runOfDigits(from: next + 1)
        let end = next + 1 + count
        guard count > 0 else { return }
        // 21.01.2025 and 10.0.0.1 are no decimals, at neither stop.
        if start > 1, bytes[start - 1] == bytes[next], 0x30...0x39 ~= bytes[start - 2] { return }
        if end < bytes.count, bytes[end] == bytes[next], runOfDigits(from: end + 1) > 0 { return }
        digits.append(0x2E)
        next += 1
        scalars += 1
        take(digits: count)
    }

    private mutating func take(digits count: Int) {
        digits.append(contentsOf: bytes[next..<(next + count)])
        next += count
        scalars += count
    }

    private func runOfDigits(from start: Int) -> Int {
        var end = start
        while end < bytes.count, 0x30...0x39 ~= bytes[end] { end += 1 }
        return end - start
    }

    /// What may part groups of digits; the spaces all count as one.
    private func separator(at index: Int) -> (sign: UInt32, length: Int)? {
        guard index < bytes.count else { return nil }
        switch bytes[index] {
        case 0x20: return (0x20, 1)
        case 0x27, 0x2C, 0x2E: return (UInt32(bytes[index]), 1)
        case 0xC2, 0xE2:
            let (value, length) = decodeScalar(bytes, at: index)
            switch value {
            case 0xA0, 0x202F, 0x2007, 0x2009: return (0x20, length)
            case 0x2019: return (0x27, length)
            default: return nil
            }
        default: return nil
        }
    }
}
