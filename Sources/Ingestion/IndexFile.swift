internal import News

/// The index on disk: the digest of what it was made of, then its own bytes.
struct IndexFile {
    static let name = "duplicates"
    let index: [UInt8]
    private let header: [UInt8]

    init(index: [UInt8], madeOf sources: Digest) {
        self.index = index
        header = Array(sources.hexadecimal.utf8)
    }

    /// nil when it was made of something else.
    init?(bytes: [UInt8], madeOf sources: Digest) {
        let expected = Array(sources.hexadecimal.utf8)
        guard bytes.count >= expected.count, Array(bytes[..<expected.count]) == expected else {
            return nil
        }
        header = expected
        index = Array(bytes[expected.count...])
    }

    var bytes: [UInt8] { header + index }
}
