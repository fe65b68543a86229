internal import News

/// Whether a text says of itself that it goes on elsewhere: an ellipsis with no more than the few
/// words of a link ("read on") behind it. Looks at the end alone.
func announcesMore(_ text: String) -> Bool { scalarsBehindEllipsis(of: text) != nil }

/// The words by which a text is compared. Those of a link behind the ellipsis of a short one are no
/// words of it.
func comparedWords(of text: String) -> FoldedText {
    let folded = FoldedText(text)
    guard folded.words.count <= announcingWordsMax,
        let scalars = scalarsBehindEllipsis(of: text), scalars > 0
    else { return folded }
    let end = folded.length - scalars
    let behind = folded.words.reversed().prefix { $0.range.start >= end }.count
    return behind < folded.words.count ? folded.droppingLast(behind) : folded
}

/// Words of a text that is short enough to be a teaser.
private let announcingWordsMax = 160

/// How many scalars stand behind the ellipsis of a text that announces more; nil for one that does
/// not.
private func scalarsBehindEllipsis(of text: String) -> Int? {
    let tail = Array(text.utf8.suffix(announcementBytesMax))
    var words = 0
    var isInWord = false
    var scalars = 0
    var place = tail.count
    while place > 0 {
        place -= 1
        if mayEndEllipsis(tail[place]), endsEllipsis(tail[...place]) { return scalars }
        let isLetter = tail[place] >= 0x80 || isASCIILetterOrDigit(tail[place])
        if isLetter, !isInWord || beginsCharacter(tail[place...]) { words += 1 }
        if words > announcementWordsMax { return nil }
        if tail[place] & 0xC0 != 0x80 { scalars += 1 }
        isInWord = isLetter
    }
    return nil
}

private let announcementBytesMax = 80
private let announcementWordsMax = 4

/// Three full stops, or the character for them (U+2026).
private func endsEllipsis(_ bytes: ArraySlice<UInt8>) -> Bool {
    let last = bytes.suffix(3)
    return last.elementsEqual([0x2E, 0x2E, 0x2E]) || last.elementsEqual([0xE2, 0x80, 0xA6])
}

/// Few bytes do, and only for these is it worth to look at those before.
private func mayEndEllipsis(_ byte: UInt8) -> Bool { byte == 0x2E || byte == 0xA6 }

/// Whether a character begins here of a script without spaces, Chinese, Japanese or Thai: each is a
/// word of its own.
private func beginsCharacter(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard let lead = bytes.first, let next = bytes.dropFirst().first else { return false }
    return (0xE3...0xE9).contains(lead) || lead == 0xE0 && (0xB8...0xBB).contains(next)
}

private func isASCIILetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
    default: false
    }
}

/// Whether most words are single characters: a text in a script without spaces.
func isWrittenInCharacters(_ text: FoldedText) -> Bool {
    let characters = text.words.reduce(0) { $0 + ($1.length == 1 && !$1.isNumber ? 1 : 0) }
    return characters * 2 > text.words.count
}
