internal import Deduplication
internal import News

/// The index on disk: the digest of what it was made of, then its own bytes. Of these there are
/// many, and they are in memory once.
enum IndexFile {
    static let name = "duplicates"

    static func bytes(of index: DuplicateIndex, madeOf sources: Digest) -> [UInt8] {
        index.serialised(behind: header(sources))
    }

    /// nil for bytes of another index than one made of these. Gives them up.
    static func index(
        from bytes: consuming [UInt8], madeOf sources: Digest, options: DecisionOptions,
        run: (String) -> Run?
    ) -> DuplicateIndex? {
        let expected = header(sources)
        guard bytes.starts(with: expected) else { return nil }
        return DuplicateIndex(
            serialised: consume bytes, behind: expected.count, options: options, run: run)
    }

    private static func header(_ sources: Digest) -> [UInt8] { Array(sources.hexadecimal.utf8) }
}
