/// Words looked for in bytes: no `String`, no allocation.

/// Whether the bytes are that word of small letters, in any letter case.
func isEqual(_ bytes: Span<UInt8>, _ word: [UInt8]) -> Bool {
    guard bytes.count == word.count else { return false }
    for index in word.indices where smallLetter(bytes[index]) != word[index] { return false }
    return true
}

/// Whether that word of small letters is one of a list parted by spaces, in any letter case.
func holdsWord(_ word: [UInt8], in list: Span<UInt8>) -> Bool {
    var start = 0
    while start < list.count {
        var end = start
        while end < list.count, list[end] > 0x20 { end += 1 }
        if end - start == word.count, isEqual(list.extracting(start..<end), word) { return true }
        start = end + 1
    }
    return false
}

/// Whether those bytes stand anywhere in the text. Cost: the product of the sizes at worst, but
/// words are short and seldom begin.
func holds(_ word: [UInt8], in text: Span<UInt8>) -> Bool {
    guard let first = word.first else { return true }
    guard text.count >= word.count else { return false }
    for start in 0...(text.count - word.count) where text[start] == first {
        var index = 1
        while index < word.count, text[start + index] == word[index] { index += 1 }
        if index == word.count { return true }
    }
    return false
}

/// Equal for equal bytes (FNV-1a, 64 bits): tells repeats among a page's own texts.
func hash(of text: some Sequence<UInt8>) -> UInt64 {
    text.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
}

/// An ASCII capital as its small letter.
@inline(__always)
func smallLetter(_ byte: UInt8) -> UInt8 { 0x41...0x5A ~= byte ? byte | 0x20 : byte }
