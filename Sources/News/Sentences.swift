/// The sentences of a text, in order: from the first to the last sign of each, closing quotation
/// marks included, the white space between them left out. Offsets count Unicode scalars.
///
/// A sentence ends at `.`, `!`, `?`, `…` or their Chinese forms, unless the stop belongs to an
/// abbreviation (`M.`, `U.S.`), to an initial, or a small letter follows. A blank line always ends
/// one. Cost: linear.
package func sentences(of text: String) -> [TextRange] {
    var splitter = SentenceSplitter([Unicode.Scalar](scalarsOf: text))
    splitter.run()
    return splitter.found
}

private struct SentenceSplitter {
    let scalars: [Unicode.Scalar]
    var found: [TextRange] = []
    /// Where the open sentence starts, or -1.
    var start = -1
    /// Just behind its last sign that is not white space.
    var lastEnd = 0
    var next = 0

    init(_ scalars: [Unicode.Scalar]) { self.scalars = scalars }

    mutating func run() {
        while next < scalars.count {
            if isSpace(scalars[next]) {
                takeSpace()
                continue
            }
            if start < 0 { start = next }
            // Nothing ends at a letter.
            while next < scalars.count, isPlainLetter(scalars[next]) { next += 1 }
            lastEnd = next
            guard next < scalars.count, !isSpace(scalars[next]) else { continue }
            let scalar = scalars[next]
            next += 1
            lastEnd = next
            switch scalar.value {
            case 0x2E: takeStops(isFullStop: true)
            case 0x21, 0x3F, 0x2026: takeStops(isFullStop: false)
            case 0x3002, 0xFF01, 0xFF1F:
                takeClosingMarks()
                close()
            default: break
            }
        }
        close()
    }

    private mutating func close() {
        if start >= 0 { found.append(TextRange(start: start, end: lastEnd)) }
        start = -1
    }

    /// Passes over white space; two line ends in it are a blank line.
    private mutating func takeSpace() {
        var lineEnds = 0
        while next < scalars.count, isSpace(scalars[next]) {
            switch scalars[next].value {
            case 0x0A, 0x2028: lineEnds += 1
            case 0x2029: lineEnds += 2
            default: break
            }
            next += 1
        }
        if lineEnds > 1 { close() }
    }

    /// Behind the first of a run of stops.
    private mutating func takeStops(isFullStop: Bool) {
        let stop = next - 1
        while next < scalars.count, isStop(scalars[next]) { next += 1 }
        let isSingleFullStop = isFullStop && next == stop + 1
        takeClosingMarks()
        lastEnd = next
        var following = next
        while following < scalars.count, isSpace(scalars[following]) { following += 1 }
        guard following > next || following == scalars.count else { return }
        if isSingleFullStop, following < scalars.count, isAbbreviation(before: stop) { return }
        if following < scalars.count, opensWithSmallLetter(at: following) { return }
        close()
    }

    /// Quotation marks and brackets that close with the sentence; a French one stands behind a
    /// space.
    private mutating func takeClosingMarks() {
        while next < scalars.count {
            let afterSpace = next + 1
            if isClosingMark(scalars[next]) {
                next += 1
            } else if isInlineSpace(scalars[next]), afterSpace < scalars.count,
                scalars[afterSpace].value == 0xBB
            {
                next += 2
            } else {
                break
            }
        }
        lastEnd = next
    }

    private func opensWithSmallLetter(at index: Int) -> Bool {
        var index = index
        while index < scalars.count, isOpeningMark(scalars[index]) { index += 1 }
        guard index < scalars.count else { return false }
        let value = scalars[index].value
        if value < 0x80 { return 0x61...0x7A ~= value }
        return scalars[index].properties.isLowercase
    }

    /// Whether the word that ends at `stop` keeps its full stop to itself.
    private func isAbbreviation(before stop: Int) -> Bool {
        var first = stop
        var hasInnerStop = false
        while first > 0, stop - first < abbreviationScalarsMax {
            let scalar = scalars[first - 1]
            let isSign = scalar.value == 0x2E || scalar.value == 0xB0
            guard isSign || isPlainLetter(scalar) || isOtherLetter(scalar) else { break }
            if scalar.value == 0x2E { hasInnerStop = true }
            first -= 1
        }
        let length = stop - first
        guard length > 0, length < abbreviationScalarsMax else { return false }
        if length == 1 { return scalars[first].properties.isUppercase }
        if hasInnerStop { return isDottedLetters(scalars[first..<stop]) }
        return packedWord(scalars, first..<stop).map { abbreviations.contains($0) } ?? false
    }

    /// `U.S`, `p.m`, `z.B`: at most two letters between stops.
    private func isDottedLetters(_ slice: ArraySlice<Unicode.Scalar>) -> Bool {
        slice.split(separator: ".").allSatisfy { $0.count <= 2 }
    }
}

/// No abbreviation is longer.
private let abbreviationScalarsMax = 9

private let abbreviations = PackedWords([
    "m", "mm", "mme", "mmes", "mlle", "mlles", "dr", "drs", "pr", "prof", "me", "mgr", "st", "ste",
    "mr", "mrs", "ms", "jr", "gen", "col", "lt", "sgt", "capt", "cpt", "gov", "sen", "rep", "rev",
    "hon", "inc", "ltd", "corp", "vs", "no", "n°", "nr", "num", "art", "cf", "pp", "vol", "chap",
    "fig", "éd", "av", "bd", "env", "approx", "janv", "févr", "avr", "juil", "sept", "oct", "nov",
    "déc", "jan", "feb", "apr", "aug", "dec", "bzw", "ca", "str", "sig", "sra", "srta", "ud",
    "uds", "dott", "ing", "avv", "dhr", "mevr", "bijv", "resp", "tél", "tel", "ex", "ph",
])

private func isStop(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x2E, 0x21, 0x3F, 0x2026: true
    default: false
    }
}

/// A letter of the Latin rows, which are most of all letters.
private func isPlainLetter(_ scalar: Unicode.Scalar) -> Bool {
    let value = scalar.value
    return (value | 0x20) &- 0x61 < 26 || 0xC0...0x24F ~= value && value != 0xD7 && value != 0xF7
}

private func isOtherLetter(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 0x80 && scalar.properties.isAlphabetic
}

private func isInlineSpace(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20, 0xA0, 0x202F, 0x2009: true
    default: false
    }
}

private func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09...0x0D, 0x20, 0xA0: true
    // White_Space of the Unicode character database.
    case 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
    default: false
    }
}

/// `"` and `'` may close too; `takeStops` asks only behind a stop.
private func isClosingMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x22, 0x27, 0x29, 0x5D, 0x7D, 0xBB, 0x201D, 0x2019, 0x300D, 0x300F, 0xFF09: true
    default: false
    }
}

private func isOpeningMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x22, 0x27, 0x28, 0x5B, 0xAB, 0x201C, 0x2018, 0x201E, 0xA0, 0x20: true
    default: false
    }
}
