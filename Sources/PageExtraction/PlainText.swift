internal import News

/// Questions about texts that their bytes answer. Putting characters together to be asked takes
/// ten times as long, and most texts are words and single spaces; what is left in doubt is asked of
/// the characters.

/// The lines of a text, empty ones among them; as `isNewline` parts them. Cost: linear.
func lines(of text: String) -> [Substring] {
    guard hasOnlyLineFeeds(text.utf8Span.span) else {
        return text.split(omittingEmptySubsequences: false) { $0.isNewline }
    }
    return text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
        .map { Substring($0) }
}

/// Whether line feeds alone end its lines.
private func hasOnlyLineFeeds(_ bytes: Span<UInt8>) -> Bool {
    for index in bytes.indices {
        switch bytes[index] {
        case 0x0B...0x0D: return false
        case 0xC2 where index + 1 < bytes.count && bytes[index + 1] == 0x85: return false
        case 0xE2 where index + 2 < bytes.count && bytes[index + 1] == 0x80:
            if bytes[index + 2] == 0xA8 || bytes[index + 2] == 0xA9 { return false }
        default: continue
        }
    }
    return true
}

extension String {
    /// With one space for every run of white space, and none at the ends.
    func collapsingBlanks() -> String {
        isPlainProse(utf8Span.span) ? self : self[...].collapsingBlanks()
    }

    /// The number of words parted by white space.
    var wordCount: Int {
        let bytes = utf8Span.span
        guard isPlainProse(bytes) else { return self[...].wordCount }
        var spaces = 0
        for index in bytes.indices where bytes[index] == 0x20 { spaces += 1 }
        return bytes.isEmpty ? 0 : spaces + 1
    }

    /// Whether any of these ASCII words stands in it.
    func holds(anyOf words: [[UInt8]]) -> Bool { self[...].holds(anyOf: words) }
}

extension Substring {
    /// Without white space and invisible marks at both ends.
    func trimmingBlanks() -> Substring {
        let bytes = utf8Span.span
        guard let first = bytes.indices.first, let last = bytes.indices.last,
            0x21...0x7E ~= bytes[first], 0x21...0x7E ~= bytes[last]
        else { return trimmingBlankCharacters() }
        return self
    }

    /// Whether any of these ASCII words stands in it.
    func holds(anyOf words: [[UInt8]]) -> Bool {
        let bytes = utf8Span.span
        for word in words where PageExtraction.holds(word, in: bytes) { return true }
        return false
    }
}
