/// That an article was taken out: it is neither shown nor compared with, nor stored again. Its
/// names stay, so that it is not fetched again.
package struct Tombstone: Hashable, Sendable, Codable {
    package var id: ArticleID
    /// Why, in the words of whoever took it out; nil where nothing was said, and in what is left of
    /// a record.
    package var reason: String?
    /// The names that the record had in whose place this stands.
    package var aliases: [Alias]?
    /// The entry that the record was made of.
    package var entryDigest: Digest?
    /// The article that it was called a copy of: others that were called copies of this one belong
    /// to that.
    package var of: ArticleID?

    /// Of a reason. Longer ones are refused.
    package static let reasonBytesMax = 1024

    package init(
        id: ArticleID, reason: String? = nil, aliases: [Alias]? = nil, entryDigest: Digest? = nil,
        of: ArticleID? = nil
    ) {
        self.of = of
        self.id = id
        self.reason = reason
        self.aliases = aliases
        self.entryDigest = entryDigest
    }

    enum CodingKeys: String, CodingKey {
        case id, reason, aliases
        case entryDigest = "entry_digest"
        case of
    }
}

extension Record {
    /// What may be left of it once that article is taken out; nil when it does not speak of it.
    package func tombstone(of id: ArticleID) -> Tombstone? {
        switch body {
        case .article(let told, let verdict) where told.id == id:
            Tombstone(
                id: id, aliases: told.aliases, entryDigest: told.entryDigest,
                of: verdict.kind == .nearDuplicate ? verdict.of?.id : nil)
        case .revision(let told, _) where told.id == id:
            Tombstone(id: id, aliases: told.aliases, entryDigest: told.entryDigest)
        case .sighting(let told) where told.id == id:
            Tombstone(id: id, aliases: told.aliases, entryDigest: told.entryDigest)
        case .article, .revision, .sighting, .rejection, .correction, .tombstone: nil
        }
    }
}
