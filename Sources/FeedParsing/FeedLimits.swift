internal import Markup

/// How much of a feed document is taken in.
package struct FeedLimits: Hashable, Sendable {
    /// Bytes of the body, of one in gzip compressed and expanded.
    package var bodyBytesMax: Int
    /// Bytes that each byte of gzip data may stand for. Sitemaps, which repeat themselves most,
    /// have about 30.
    package var expansionMax: Int
    /// Entries that are kept: the first in document order, of a sitemap the newest.
    package var entriesMax: Int
    /// Addresses of a sitemap that are looked at; the protocol allows 50,000.
    package var addressesMax: Int
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
        bodyBytesMax: Int = 8 << 20, expansionMax: Int = 250, entriesMax: Int = 5000,
        addressesMax: Int = 50_000, depthMax: Int = 256, attributesMax: Int = 256,
        titleCharactersMax: Int = 2000, fieldBytesMax: Int = 2 << 20, valuesMax: Int = 100,
        damageMax: Int = 16
    ) {
        self.bodyBytesMax = bodyBytesMax
        self.expansionMax = expansionMax
        self.entriesMax = entriesMax
        self.addressesMax = addressesMax
        self.depthMax = depthMax
        self.attributesMax = attributesMax
        self.titleCharactersMax = titleCharactersMax
        self.fieldBytesMax = fieldBytesMax
        self.valuesMax = valuesMax
        self.damageMax = damageMax
    }

    var xml: XMLLimits { XMLLimits(depthMax: depthMax, attributesMax: attributesMax) }
}
