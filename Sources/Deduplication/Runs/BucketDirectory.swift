/// Where sorted rows are that begin with a hash: the hashes are cut into buckets of equal width,
/// and of each bucket an entry says where its rows begin, and which keys it cannot have.
///
/// Most keys that are asked for stand in no run, or in one of several. For these the entry is all
/// that is read: one line of memory a run, where going to the rows takes two or three.
///
/// An entry: a Bloom filter of the bucket's keys (8 bytes; B. H. Bloom, Space/time trade-offs in
/// hash coding with allowable errors, 1970), then the number of its first row (4). One more entry
/// ends them. Whatever the bytes say, the bounds that are given lie within the rows.
struct BucketDirectory: Hashable, Sendable {
    /// Where it begins.
    private(set) var offset = 0
    private(set) var bucketCount = 1

    /// Rows that a bucket has on average. A filter of 64 bits lets one in eleven of the keys pass
    /// that such a bucket has not.
    private static let rowsEach = 12
    private static let bucketsMax = 1 << 28
    private static let entryLength = 12

    /// For about so many rows.
    init(rows count: Int) {
        bucketCount = min(max(1, count / Self.rowsEach), Self.bucketsMax)
    }

    /// nil when what is there is none.
    init?(_ place: Run.Place) {
        guard 2...(Self.bucketsMax + 1) ~= place.count,
            place.length == Self.entryLength * place.count
        else { return nil }
        offset = place.offset
        bucketCount = place.count - 1
    }

    /// Bytes.
    var length: Int { Self.entryLength * (bucketCount + 1) }

    /// The bucket of a key, all of whose 64 bits count, and how far in its bucket it stands, of all
    /// 64 bits too: keys in order are in order of both.
    @inline(__always)
    func position(of key: UInt64) -> (bucket: Int, fraction: UInt64) {
        let product = key.multipliedFullWidth(by: UInt64(truncatingIfNeeded: bucketCount))
        return (Int(truncatingIfNeeded: product.high), product.low)
    }

    /// The bits that a key sets in the filter of its bucket: three of them, the number that lets
    /// the fewest strangers pass.
    @inline(__always)
    static func filterBits(of key: UInt64) -> UInt64 {
        let hash = key &* 0x9E37_79B9_7F4A_7C15
        return 1 << (hash >> 58) | 1 << (hash >> 52 & 63) | 1 << (hash >> 46 & 63)
    }

    @inline(__always)
    func filter(ofBucket bucket: Int, _ bytes: RunBytes) -> UInt64 {
        bytes.word(at: offset &+ Self.entryLength &* bucket)
    }

    /// Whether the bucket may have the key; false is certain.
    @inline(__always)
    func mayHave(_ key: UInt64, inBucket bucket: Int, _ bytes: RunBytes) -> Bool {
        let bits = Self.filterBits(of: key)
        return filter(ofBucket: bucket, bytes) & bits == bits
    }

    /// The first row of a bucket and the one after its last, of `count` rows.
    @inline(__always)
    func bounds(ofBucket bucket: Int, of count: Int, _ bytes: RunBytes) -> (first: Int, end: Int) {
        let start = offset &+ Self.entryLength &* bucket &+ 8
        let first = min(Int(bytes.half(at: start)), count)
        let end = min(Int(bytes.half(at: start &+ Self.entryLength)), count)
        return (first, max(first, end))
    }
}
