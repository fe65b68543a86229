internal import Markup

/// How much of a feed document is taken in.
package struct FeedLimits: Hashable, Sendable {
    /// Bytes of the body.
    package var bodyBytesMax: Int
    /// Entries that are kept, the first in document order.
    package var entriesMax: Int
    /// Elements, or JSON arrays and objects, within each other.
    package var depthMax: Int
    /// Attributes of one tag.
    package var attributesMax: Int
    /// Unicode scalars of a title or a category.
    package var titleCharactersMax: Int
    /// UTF-8 bytes of any other text.
    package var fieldBytesMax: Int
    /// Authors, categories and enclosures of one entry, each.
    package var valuesMax: Int
    /// Sentences about what was wrong.
    package var damageMax: Int

    package init(
        bodyBytesMax: Int = 8 << 20, entriesMax: Int = 5000, depthMax: Int = 256,
        attributesMax: Int = 256, titleCharactersMax: Int = 2000, fieldBytesMax: Int = 2 << 20,
        valuesMax: Int = 100, damageMax: Int = 16
    ) {
        self.bodyBytesMax = bodyBytesMax
        self.entriesMax = entriesMax
        self.depthMax = depthMax
        self.attributesMax = attributesMax
        self.titleCharactersMax = titleCharactersMax
        self.fieldBytesMax = fieldBytesMax
        self.valuesMax = valuesMax
        self.damageMax = damageMax
    }

    var xml: XMLLimits { XMLLimits(depthMax: depthMax, attributesMax: attributesMax) }
}
