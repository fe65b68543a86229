/// What was wrong with an XML document and was mended. Each kind is told once.
package struct XMLDamage: OptionSet, Hashable, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static let truncated = XMLDamage(rawValue: 1 << 0)
    package static let mismatchedTag = XMLDamage(rawValue: 1 << 1)
    package static let malformedTag = XMLDamage(rawValue: 1 << 2)
    package static let bareLessThan = XMLDamage(rawValue: 1 << 3)
    package static let undeclaredReference = XMLDamage(rawValue: 1 << 4)
    package static let controlCharacter = XMLDamage(rawValue: 1 << 5)
    package static let tooDeep = XMLDamage(rawValue: 1 << 6)
    package static let tooManyAttributes = XMLDamage(rawValue: 1 << 7)
    package static let tagTooLong = XMLDamage(rawValue: 1 << 8)

    /// One short sentence for each kind, in a fixed order.
    package var sentences: [String] {
        Self.told.filter { contains($0.kind) }.map(\.sentence)
    }

    private static let told: [(kind: XMLDamage, sentence: String)] = [
        (.truncated, "the document ends too early"),
        (.mismatchedTag, "a start tag and an end tag do not match"),
        (.malformedTag, "a tag is malformed"),
        (.bareLessThan, "a < stands for itself instead of &lt;"),
        (.undeclaredReference, "an & starts no reference that is known"),
        (.controlCharacter, "control characters stand in the text"),
        (.tooDeep, "elements are nested too deeply; the inner tags were passed over"),
        (.tooManyAttributes, "a tag has too many attributes; the last were passed over"),
        (.tagTooLong, "a tag is too long; its last attributes were passed over"),
    ]
}

/// How much of an XML document is looked at.
package struct XMLLimits: Hashable, Sendable {
    /// Elements open at one time. Tags further in are passed over, their text is kept.
    package var depthMax: Int
    /// Attributes of one tag that are kept.
    package var attributesMax: Int
    /// Bytes of one tag in which attributes are kept.
    package var tagBytesMax: Int

    package init(depthMax: Int = 256, attributesMax: Int = 256, tagBytesMax: Int = 65_536) {
        self.depthMax = depthMax
        self.attributesMax = attributesMax
        self.tagBytesMax = tagBytesMax
    }
}
