internal import News

/// What a site calls itself, and titles without it.
struct SiteName {
    /// In comparable form.
    private let names: Set<String>
    /// Of these, the ones that may also begin a longer name of the site ("Le Temps" for "Le Temps
    /// Abonnés").
    private let stems: [String]

    /// - Parameters:
    ///   - declared: what the page says: `og:site_name`, the publisher of its JSON-LD.
    ///   - host: where it stands. Its labels are names too: a blog's host names the blog.
    init(declared: [String], host: String?) {
        let labels = (host ?? "").split(separator: ".").dropLast().filter { $0 != "www" }
        let registered = labels.last.map(String.init)
        let known = (declared + [host, registered].compactMap { $0 }).map(comparable)
            .filter { !$0.isEmpty }
        stems = known.map(withoutSpaces).filter { $0.utf8.count >= Self.stemBytesMin }
        names = Set((known + labels.map { comparable(String($0)) }).map(withoutSpaces))
    }
    private static let stemBytesMin = 4
    private static let wordsOfLongerNameMax = 4

    /// Whether the text is a name of the site and nothing more.
    func isName(_ text: String) -> Bool { isName(comparable: comparable(text)) }

    /// Whether a text in comparable form is a name of the site and nothing more.
    func isName(comparable key: String) -> Bool { names.contains(withoutSpaces(key)) }

    private func isLabel(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.count <= Self.labelBytesMax else { return false }
        let name = comparable(String(decoding: text, as: UTF8.self))
        let dense = withoutSpaces(name)
        if dense.isEmpty || names.contains(dense) { return true }
        guard name.split(separator: " ").count <= Self.wordsOfLongerNameMax else { return false }
        return stems.contains { dense.hasPrefix($0) }
    }
    private static let labelBytesMax = 80

    // MARK: - Titles

    /// A declared title without the site's name before or after it; nil when nothing is left.
    func bare(_ title: String?) -> String? {
        guard let title, !title.isEmpty, !isName(title) else { return nil }
        guard title.utf8.contains(where: Self.mayPart) else {
            return comparable(title).isEmpty ? nil : title
        }
        var rest = Array(title.utf8)[...]
        for separator in Self.separators {
            while let cut = lastPosition(of: separator, in: rest), cut > rest.startIndex,
                isLabel(rest[(cut + separator.count)...])
            {
                rest = rest[..<cut]
            }
            while let cut = firstPosition(of: separator, in: rest),
                cut + separator.count < rest.endIndex, isLabel(rest[..<cut])
            {
                rest = rest[(cut + separator.count)...]
            }
        }
        let left = String(decoding: rest, as: UTF8.self)
        return comparable(left).isEmpty ? nil : left
    }

    /// A page's `title` without what stands last behind a sign that titles seldom have themselves:
    /// most often the site's name, in words that nothing else on the page tells.
    func withoutTail(_ title: String) -> String {
        let bytes = Array(title.utf8)[...]
        for separator in Self.separators.prefix(Self.tailSeparators) {
            guard let cut = lastPosition(of: separator, in: bytes) else { continue }
            let head = String(decoding: bytes[..<cut], as: UTF8.self)
            let tail = bytes.count - cut - separator.count
            if tail <= Self.tailBytesMax, head.split(separator: " ").count >= Self.headWordsMin {
                return head
            }
        }
        return title
    }
    private static let tailSeparators = 7
    private static let tailBytesMax = 40
    private static let headWordsMin = 3

    /// The parts of a title between signs that may part it from the site's name, in comparable
    /// form.
    static func parts(of title: String) -> [String] {
        var parts = [Array(title.utf8)[...]]
        for separator in separators.dropLast() + [Array("_".utf8)] {
            parts = parts.flatMap { part in
                var pieces: [ArraySlice<UInt8>] = []
                var rest = part
                while let cut = firstPosition(of: separator, in: rest) {
                    pieces.append(rest[..<cut])
                    rest = rest[(cut + separator.count)...]
                }
                return pieces + [rest]
            }
        }
        return parts.map { comparable(String(decoding: $0, as: UTF8.self)) }
            .filter { !$0.isEmpty }
    }

    /// Whether a separator may hold the byte: most titles hold none.
    private static func mayPart(_ byte: UInt8) -> Bool {
        byte >= 0x80 || byte == UInt8(ascii: "|") || byte == UInt8(ascii: ":")
            || byte == UInt8(ascii: "-")
    }

    private static let separators =
        [" | ", " ‹ ", " › ", " » ", " « ", " :: ", " • ", " · ", " - ", " – ", " — ", "--", ": "]
        .map { Array($0.utf8) }
}

private func withoutSpaces(_ text: String) -> String {
    String(decoding: text.utf8.filter { $0 != 0x20 }, as: UTF8.self)
}

private func firstPosition(of mark: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
    guard bytes.count >= mark.count else { return nil }
    for start in 0...(bytes.count - mark.count) where stands(mark.span, at: start, in: bytes.span) {
        return bytes.startIndex + start
    }
    return nil
}

private func lastPosition(of mark: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
    guard bytes.count >= mark.count else { return nil }
    for start in (0...(bytes.count - mark.count)).reversed()
    where stands(mark.span, at: start, in: bytes.span) {
        return bytes.startIndex + start
    }
    return nil
}

@inline(__always)
private func stands(_ mark: Span<UInt8>, at start: Int, in text: Span<UInt8>) -> Bool {
    for offset in mark.indices where text[start + offset] != mark[offset] { return false }
    return true
}
