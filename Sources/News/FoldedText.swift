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
    /// One word, or one figure, in 16 bytes: a text is read from one end to the other many times.
    package struct Word: Hashable, Sendable {
        /// Equal for equal folded words.
        package let hash: UInt64
        private let start: UInt32
        /// The length above three bits for what is told below.
        private let lengthAndMarks: UInt32

        /// Lengths and places beyond 2²⁹ scalars are cut to that; no text is as long.
        fileprivate init(hash: UInt64, start: Int, end: Int, marks: UInt32) {
            self.hash = hash
            self.start = UInt32(clamping: start)
            lengthAndMarks = UInt32(clamping: min(end - start, 0x1FFF_FFFF)) << 3 | marks
        }

        fileprivate static let capitalMark: UInt32 = 1
        fileprivate static let numberMark: UInt32 = 2
        fileprivate static let openingMark: UInt32 = 4

        /// In Unicode scalars.
        package var length: Int { Int(lengthAndMarks >> 3) }
        /// Where it stands in the text, in Unicode scalars.
        package var range: TextRange {
            TextRange(start: Int(start), end: Int(start) + length)
        }
        /// Written with a leading capital.
        package var isCapitalised: Bool { lengthAndMarks & Self.capitalMark != 0 }
        /// A figure: digits, perhaps with a decimal part.
        package var isNumber: Bool { lengthAndMarks & Self.numberMark != 0 }
        /// Stands first in a sentence, line or quotation, where a capital says nothing.
        package var opensSentence: Bool { lengthAndMarks & Self.openingMark != 0 }
    }

    package let words: [Word]
    /// The folded words as UTF-8, parted by one space.
    package let folded: [UInt8]
    /// Of the text that was folded, in Unicode scalars.
    package let length: Int

    /// Folds `text`. Cost: linear.
    package init(_ text: String) {
        var folder = Folder(text)
        folder.run()
        words = folder.words
        length = folder.scalar
        folded = folder.finished()
    }

    private init(words: [Word], folded: [UInt8], length: Int) {
        self.words = words
        self.folded = folded
        self.length = length
    }

    /// Without its last words, as many as there are. `length` stays that of the whole text.
    package func droppingLast(_ count: Int) -> FoldedText {
        guard count > 0 else { return self }
        guard count < words.count else { return FoldedText(words: [], folded: [], length: length) }
        var end = folded.count
        for _ in 0..<count { end = folded[..<end].lastIndex(of: 0x20) ?? 0 }
        return FoldedText(
            words: words.dropLast(count), folded: Array(folded[..<end]), length: length)
    }

    /// The digest of the folded words: equal for two texts that differ only in typography, letter
    /// case, spacing and mark-up.
    package var digest: Digest { Digest(of: folded) }
}

/// The one pass. `next` never leaves the bytes; `scalar` counts what was passed.
private struct Folder {
    /// The text and eight zeros, so that eight bytes may be read at each of its own.
    let bytes: [UInt8]
    /// Bytes of the text.
    let count: Int
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
    /// What is known of the open word, and whether the next one opens a sentence.
    private var marks: UInt32 = 0
    var sentenceOpens = true

    init(_ text: String) {
        count = text.utf8.count
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 8)
        bytes.append(contentsOf: text.utf8)
        bytes.append(contentsOf: repeatElement(0, count: 8))
        self.bytes = bytes
        words.reserveCapacity(count / 5 + 1)
        folded = Array(repeating: 0, count: count + 16)
    }

    /// The folded words, when all is read.
    mutating func finished() -> [UInt8] {
        folded.removeLast(folded.count - filled)
        return folded
    }

    mutating func run() {
        while true {
            takePlainWords()
            guard next < count else { break }
            let byte = bytes[next]
            if isASCIILetter(byte) {
                takeLetters()
            } else if byte < 0x80 {
                takeASCII(byte)
            } else {
                takeScalar()
            }
        }
        closeWord(at: scalar)
    }

    /// Takes words that are written with ASCII and accented Latin letters alone, a space or a comma
    /// behind each: nearly all of most texts. Stops at what is written otherwise, with the word
    /// open that is not at its end.
    private mutating func takePlainWords() {
        guard wordStart < 0 else { return }
        let (source, latin) = (bytes, letters.latin)
        let (bytes, accented) = (source.span, latin.span)
        // Taken out, so that the rest can be changed while it is written.
        var taken: [UInt8] = []
        swap(&taken, &folded)
        defer { swap(&taken, &folded) }
        var text = taken.mutableSpan
        var (next, filled) = (next, filled)
        // Bytes that begin no scalar.
        var others = next &- scalar
        while filled &+ 2 * plainRunBytesMax <= text.count {
            let (start, first) = (next, bytes[next])
            let isAccented = first == 0xC3 && accented[Int(bytes[next &+ 1] & 0x3F)] != 0
            guard isASCIILetter(first) || isAccented else { break }
            let isCapital = isAccented ? bytes[next &+ 1] < 0x9F : first & 0x20 == 0
            let startScalar = start &- others
            text[filled] = 0x20
            filled &+= filled > 0 ? 1 : 0
            let wordStart = filled
            var (lower, length) = (UInt64(0), 0)
            while filled &+ plainRunBytesMax <= text.count {
                let eight = bytes.word(at: next)
                lower = eight | 0x2020_2020_2020_2020
                length = leadingLetters(of: eight)
                text.store(lower, at: filled)
                filled &+= length
                next &+= length
                if length == 8 { continue }
                guard bytes[next] == 0xC3 else { break }
                let form = accented[Int(bytes[next &+ 1] & 0x3F)]
                guard form != 0 else { break }
                text.store(UInt64(form), at: filled)
                filled &+= form > 0xFF ? 2 : 1
                next &+= 2
                others &+= 1
            }
            var marks = isCapital ? FoldedText.Word.capitalMark : 0
            let end = bytes[next]
            guard !mayContinueWord(end) else {
                (self.wordStart, wordScalar, self.marks) = (wordStart, startScalar, marks)
                break
            }
            if sentenceOpens { marks |= FoldedText.Word.openingMark }
            sentenceOpens = false
            let isOneRun = filled &- length == wordStart && length < 8
            let hash =
                isOneRun
                ? shortWordHash(
                    lower.byteSwapped >> UInt64(64 &- 8 &* length), length: length)
                : wordHash(text.span, wordStart..<filled)
            words.append(
                FoldedText.Word(
                    hash: hash, start: startScalar, end: next &- others, marks: marks))
            guard end == 0x20 || end == 0x2C else { break }
            next &+= 1
            if end == 0x2C, bytes[next] == 0x20 { next &+= 1 }
        }
        (self.next, self.filled, scalar) = (next, filled, next &- others)
    }

    /// Takes a run of ASCII letters of a word that is not plain.
    private mutating func takeLetters() {
        let start = next
        if wordStart < 0 { openWord(isCapital: bytes[start] & 0x20 == 0) }
        marks &= ~FoldedText.Word.numberMark
        var length: Int
        repeat {
            let eight = bytes.span.word(at: next)
            length = leadingLetters(of: eight)
            ensureSpace(for: 8)
            let place = filled
            var target = folded.mutableSpan
            target.store(eight | 0x2020_2020_2020_2020, at: place)
            filled &+= length
            next &+= length
        } while length == 8
        scalar &+= next &- start
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
            openLetter(value)
            put(lower.utf8Bytes)
        case .letters(let lower):
            openLetter(value)
            for scalar in lower { put(scalar.utf8Bytes) }
        case .digit(let digit): appendDigit(digit)
        case .wordCharacter:
            closeWord(at: scalar)
            openWord(isCapital: false)
            marks &= ~FoldedText.Word.numberMark
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
        marks = FoldedText.Word.numberMark | (isCapital ? FoldedText.Word.capitalMark : 0)
    }

    /// Opens a word, unless one is open, at a letter outside the Latin tables.
    private mutating func openLetter(_ value: UInt32) {
        if wordStart < 0 { openWord(isCapital: isUppercase(value)) }
        marks &= ~FoldedText.Word.numberMark
    }

    private mutating func appendLetter(_ byte: UInt8, isCapital: Bool) {
        if wordStart < 0 { openWord(isCapital: isCapital) }
        marks &= ~FoldedText.Word.numberMark
        put(byte)
    }

    private mutating func appendDigit(_ byte: UInt8) {
        if wordStart < 0 { openWord(isCapital: false) }
        put(byte)
    }

    private mutating func closeWord(at end: Int) {
        guard wordStart >= 0 else { return }
        closeWord(at: end, hash: wordHash(folded.span, wordStart..<filled))
    }

    private mutating func closeWord(at end: Int, hash: UInt64) {
        if sentenceOpens { marks |= FoldedText.Word.openingMark }
        words.append(FoldedText.Word(hash: hash, start: wordScalar, end: end, marks: marks))
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
            if isElision(folded, wordStart..<filled) { dropWord() }
        } else {
            closeWord(at: scalar)
        }
        next = after
        scalar += 1
    }

    /// Whether a letter or digit may start at `index`; beyond ASCII every letter may.
    private func isWordByte(at index: Int) -> Bool {
        guard index < count else { return false }
        switch bytes[index] {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0xC3...0xDF: return true
        case 0xE0...: return bytes[index] != 0xE2
        default: return false
        }
    }

    /// Takes a whole figure when one starts here; false when the digits belong to a word (`5G`).
    private mutating func takeFigure() -> Bool {
        var figure = FoldedFigure(bytes: bytes, next: next)
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
        guard next + 1 < count, bytes[next + 1] == UInt8(ascii: "(") else { return false }
        var end = next + 2
        var passed = 2
        while end < count, end - next < linkTargetBytesMax, bytes[end] > 0x20 {
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

/// What is written in one step of a plain word, with the space before it, at most.
private let plainRunBytesMax = 9

/// Whether a word may go on with this byte, which is no ASCII letter.
@inline(__always)
private func mayContinueWord(_ byte: UInt8) -> Bool {
    byte >= 0x80 || 0x30...0x39 ~= byte || byte == UInt8(ascii: "'")
        || isASCIILetter(byte)
}

/// No link target is longer; what is, is read as text.
private let linkTargetBytesMax = 2048
