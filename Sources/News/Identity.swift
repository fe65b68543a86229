/// The name of a configured feed: what the user wrote as `id`, or twelve digits of its URL's
/// digest. Letters, digits, `.`, `_` and `-`, 1…64 of them, starting with a letter or digit: safe
/// in a path, a URL and a terminal.
package struct FeedID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let text: String

    /// nil when the text is not of the form above.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, bytes.count <= 64, isLetterOrDigit(first),
            bytes.allSatisfy({ isLetterOrDigit($0) || [0x2D, 0x2E, 0x5F].contains($0) })
        else { return nil }
        self.text = text
    }

    /// The name of a feed that was given none.
    package init(derivedFrom url: HTTPURL) {
        text = String(Digest(kind: "feed", canonicalise(url).text).hexadecimal.prefix(12))
    }

    package static func < (a: FeedID, b: FeedID) -> Bool { a.text < b.text }
    package var description: String { text }
}

private func isLetterOrDigit(_ byte: UInt8) -> Bool {
    0x30...0x39 ~= byte || 0x41...0x5A ~= byte || 0x61...0x7A ~= byte
}

/// The name of an article or seed document: a digest of its identity, so that the same thing gets
/// the same name whenever and however often it is read. Its identity is its canonical address; of
/// an article without one its first alias (the feed entry that brought it); of a text with neither
/// (a seed file) its words.
package struct ArticleID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let digest: Digest

    package init(_ digest: Digest) { self.digest = digest }
    /// Reads what `description` writes; nil for anything else, a shortened id too.
    package init?(_ text: String) {
        guard let digest = Digest(hexadecimal: text) else { return nil }
        self.digest = digest
    }
    package static func < (a: ArticleID, b: ArticleID) -> Bool { a.digest < b.digest }
    package var description: String { digest.hexadecimal }
}

/// A name that leads to an article: an entry of a feed (`EntryName`), or an address. Kept as a
/// digest, because what feeds use as ids is data of any length and content.
package struct Alias: Hashable, Sendable, CustomStringConvertible {
    package let digest: Digest

    package init(_ digest: Digest) { self.digest = digest }

    /// The alias by which a canonical address leads to its article.
    package init(of url: CanonicalURL) {
        digest = Digest(kind: "url", url.text)
    }

    package var description: String { digest.hexadecimal }
}

/// The story (same event, other words) that an article belongs to, named after its first article.
package struct StoryID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let digest: Digest

    package init(_ digest: Digest) { self.digest = digest }
    package init(startedBy article: ArticleID) { digest = article.digest }
    /// Reads what `description` writes; nil for anything else, a shortened id too.
    package init?(_ text: String) {
        guard let digest = Digest(hexadecimal: text) else { return nil }
        self.digest = digest
    }
    package static func < (a: StoryID, b: StoryID) -> Bool { a.digest < b.digest }
    package var description: String { digest.hexadecimal }
}

// MARK: - As JSON: one string each

extension FeedID: Codable {
    package init(from decoder: any Decoder) throws {
        self = try decodeText(from: decoder, as: "a feed id") { FeedID($0) }
    }
    package func encode(to encoder: any Encoder) throws { try encodeText(text, to: encoder) }
}

extension ArticleID: Codable {
    package init(from decoder: any Decoder) throws { digest = try Digest(from: decoder) }
    package func encode(to encoder: any Encoder) throws { try digest.encode(to: encoder) }
}

extension Alias: Codable {
    package init(from decoder: any Decoder) throws { digest = try Digest(from: decoder) }
    package func encode(to encoder: any Encoder) throws { try digest.encode(to: encoder) }
}

extension StoryID: Codable {
    package init(from decoder: any Decoder) throws { digest = try Digest(from: decoder) }
    package func encode(to encoder: any Encoder) throws { try digest.encode(to: encoder) }
}

func decodeText<Value>(
    from decoder: any Decoder, as what: String, _ make: (String) -> Value?
) throws -> Value {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let value = make(text) else {
        throw DecodingError.dataCorruptedError(
            in: container, debugDescription: "not \(what): \(text.prefix(80))")
    }
    return value
}

func encodeText(_ text: String, to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
}
