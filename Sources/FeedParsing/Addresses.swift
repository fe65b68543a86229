internal import News

/// An address as an entry holds it: absolute when it can be made so, else as written. A reference
/// is resolved against `base`; an absolute one stays as the publisher wrote it.
func resolved(_ reference: String, against base: HTTPURL?) -> String {
    let text = isClean(reference) ? reference : withoutControls(reference)
    if text.isEmpty || hasScheme(text) { return text }
    return HTTPURL(text, relativeTo: base)?.description ?? text
}

/// `name:` as RFC 3986, section 3.1, has it.
func hasScheme(_ text: String) -> Bool {
    guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), let first = text.utf8.first,
        isLetter(first)
    else { return false }
    return text.utf8[..<colon].allSatisfy {
        isLetter($0) || 0x30...0x39 ~= $0 || $0 == 0x2B || $0 == 0x2D || $0 == 0x2E
    }
}

private func isClean(_ reference: String) -> Bool {
    let span = reference.utf8Span.span
    for index in span.indices where span[index] <= 0x20 || span[index] == 0x7F { return false }
    return true
}

private func withoutControls(_ reference: String) -> String {
    let bytes = trimmed(Array(reference.utf8)[...])
    return String(decoding: bytes.filter { $0 >= 0x20 && $0 != 0x7F }, as: UTF8.self)
}

/// Makes a document's addresses absolute. Short references to a long base would fill any memory, so
/// what they grow by is bounded: beyond it they stay as they are written.
struct AddressBook {
    private var growthBytesLeft: Int
    /// Whether some reference stayed as it is written.
    private(set) var isFull = false

    init(growthBytesMax: Int) { growthBytesLeft = growthBytesMax }

    mutating func resolved(_ reference: String, against base: HTTPURL?) -> String {
        guard !isFull else { return reference }
        let address = FeedParsing.resolved(reference, against: base)
        growthBytesLeft -= max(0, address.utf8.count - reference.utf8.count)
        isFull = growthBytesLeft < 0
        return address
    }
}
