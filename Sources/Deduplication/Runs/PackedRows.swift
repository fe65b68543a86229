/// A key and the number of a document that has it, as one value: pairs in order of these values are
/// in order of their keys, and of one key in order of their numbers.
///
/// Of a key 36 bits count. Two keys that agree in them share their documents; whoever asks verifies
/// on the text. Among ten million documents of 50 keys each, one question in a hundred and thirty
/// meets a stranger so.
struct KeyedNumber: Hashable, Sendable {
    let bits: UInt64

    static let keyBits = 36
    static let numberBits = 64 - keyBits
    static let keyMask: UInt64 = 1 << UInt64(keyBits) - 1
    static let numberMask: UInt64 = 1 << UInt64(numberBits) - 1

    init(key: UInt64, number: UInt32) {
        bits = key << UInt64(Self.numberBits) | UInt64(number) & Self.numberMask
    }

    init(bits: UInt64) { self.bits = bits }

    var key: UInt64 { bits >> UInt64(Self.numberBits) }
    var number: UInt32 { UInt32(truncatingIfNeeded: bits & Self.numberMask) }
}

/// Where a run keeps pairs of keys and numbers, in order, each in as few bytes as it needs: where a
/// key is cut into buckets, the leading bits are said by the bucket in which its row stands. The
/// keys being hashes, the place of one in its bucket is guessed from its value: a look-up touches
/// an entry of the directory and, if its filter lets it pass, one or two lines of the rows.
///
/// Whatever the bytes say, no look-up leaves the section: bounds are taken into it.
struct PackedRows: Hashable, Sendable {
    /// Where the rows begin.
    private(set) var rows = 0
    private(set) var count = 0
    private(set) var directory: BucketDirectory
    /// Bits of the numbers of documents.
    private let numberBits: UInt64
    /// Bits of a place in a bucket that tell no two keys apart.
    private let blindBits: UInt64
    let rowBytes: Int

    /// Of a key that is not there.
    static let nowhere = UInt32.max

    /// For about so many rows, of numbers below `numbersEnd`.
    init(about count: Int = 0, numbersEnd: UInt32 = 0) {
        self.init(BucketDirectory(rows: count), numbersEnd: numbersEnd)
    }

    /// nil when there is no room in these places for what they say.
    init?(_ rows: Run.Place, _ directory: Run.Place, numbersEnd: UInt32) {
        guard let directory = BucketDirectory(directory) else { return nil }
        self.init(directory, numbersEnd: numbersEnd)
        count = rows.count
        self.rows = rows.offset
        guard rows.length == count * rowBytes else { return nil }
    }

    private init(_ directory: BucketDirectory, numbersEnd: UInt32) {
        self.directory = directory
        numberBits = UInt64(max(1, UInt32.bitWidth - numbersEnd.leadingZeroBitCount))
        // Two keys of a bucket are as far apart in it as there are buckets, or farther.
        blindBits = UInt64(Int.bitWidth - 1 - directory.bucketCount.leadingZeroBitCount)
        rowBytes = (KeyedNumber.keyBits - Int(blindBits) + Int(numberBits) + 7) / 8
    }

    /// The key as the directory knows it: the bits that count are the leading ones.
    @inline(__always)
    static func aligned(_ key: UInt64) -> UInt64 { key << UInt64(KeyedNumber.numberBits) }

    /// The bucket of a key, and what its rows say beside the number.
    @inline(__always)
    func position(of key: UInt64) -> (bucket: Int, remainder: UInt64) {
        let (bucket, fraction) = directory.position(of: Self.aligned(key))
        return (bucket, fraction >> (UInt64(KeyedNumber.numberBits) + blindBits))
    }

    /// What a row says of the number of a document and of its key.
    @inline(__always)
    func row(_ remainder: UInt64, _ number: UInt32) -> UInt64 {
        remainder << numberBits | UInt64(number)
    }

    func pair(row: UInt64, bucket: Int) -> KeyedNumber {
        let buckets = UInt64(truncatingIfNeeded: directory.bucketCount)
        let least =
            UInt64(truncatingIfNeeded: bucket) << UInt64(KeyedNumber.keyBits)
            | (row >> numberBits) << blindBits
        // The one key that stands from here on and before the next.
        return KeyedNumber(key: (least &+ (buckets - 1)) / buckets, number: number(ofRow: row))
    }

    @inline(__always)
    private func number(ofRow row: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: row & (1 << numberBits - 1))
    }

    @inline(__always)
    func row(at index: Int, _ bytes: RunBytes) -> UInt64 {
        bytes.word(at: rows &+ index &* rowBytes)
            & (UInt64.max >> UInt64(truncatingIfNeeded: 64 &- 8 &* rowBytes))
    }

    /// The first row of a bucket and the one after its last.
    @inline(__always)
    func bounds(ofBucket bucket: Int, _ bytes: RunBytes) -> (first: Int, end: Int) {
        directory.bounds(ofBucket: bucket, of: count, bytes)
    }

    // MARK: Looking up

    /// Notes the first row of each key that is there in `found`, from `start` on. The filters are
    /// read for all keys, then the bounds and the rows of those that pass, and only then is
    /// anything compared: the reads do not wait for each other, so many keys cost little more than
    /// one far read.
    func findFirstRows(
        of keys: [UInt64], _ bytes: RunBytes, in found: inout [UInt32], from start: Int,
        room: inout LookUpRoom
    ) {
        guard count > 0 else { return }
        let keys = keys.span
        var filters = room.filters.mutableSpan
        for place in keys.indices {
            let bucket = directory.position(of: Self.aligned(keys[place])).bucket
            filters[place] = directory.filter(ofBucket: bucket, bytes)
        }
        var passed = 0
        for place in keys.indices {
            let bits = BucketDirectory.filterBits(of: Self.aligned(keys[place]))
            guard room.filters[place] & bits == bits else { continue }
            room.passed[passed] = lookUp(keys[place], place, bytes)
            passed += 1
        }
        for index in 0..<passed { guess(&room.passed[index], bytes) }
        for index in 0..<passed {
            found[start + room.passed[index].place] = firstRow(room.passed[index], bytes)
        }
    }

    /// The first row of the key; nil when there is none.
    func firstRow(of key: UInt64, _ bytes: RunBytes) -> Int? {
        let aligned = Self.aligned(key)
        guard count > 0,
            directory.mayHave(aligned, inBucket: directory.position(of: aligned).bucket, bytes)
        else { return nil }
        var lookUp = lookUp(key, 0, bytes)
        guess(&lookUp, bytes)
        let found = firstRow(lookUp, bytes)
        return found == Self.nowhere ? nil : Int(found)
    }

    /// Calls `visit` with the number of each row of the key, from its first row on, in order.
    @inline(__always)
    func forEachNumber(
        of key: UInt64, from first: Int, _ bytes: RunBytes, _ visit: (UInt32) -> Void
    ) {
        let (bucket, remainder) = position(of: key)
        let end = bounds(ofBucket: bucket, bytes).end
        var index = first
        while index < end {
            let row = row(at: index, bytes)
            guard row >> numberBits == remainder else { return }
            visit(number(ofRow: row))
            index += 1
        }
    }

    /// Whether the key has so many rows from its first one on, the earliest of which is not before
    /// `since`.
    @inline(__always)
    func has(
        _ most: Int, of key: UInt64, from first: Int, since: UInt32, _ bytes: RunBytes
    ) -> Bool {
        let (bucket, remainder) = position(of: key)
        let end = bounds(ofBucket: bucket, bytes).end
        guard most > 0, most <= end - first else { return false }
        return row(at: first + most - 1, bytes) >> numberBits == remainder
            && number(ofRow: row(at: first, bytes)) >= since
    }

    @inline(__always)
    private func lookUp(_ key: UInt64, _ place: Int, _ bytes: RunBytes) -> LookUp {
        let (bucket, remainder) = position(of: key)
        let (first, end) = bounds(ofBucket: bucket, bytes)
        return LookUp(place: place, remainder: remainder, first: first, end: end)
    }

    /// Reads the row where the key should be.
    @inline(__always)
    private func guess(_ lookUp: inout LookUp, _ bytes: RunBytes) {
        guard lookUp.first < lookUp.end else { return }
        let length = UInt64(truncatingIfNeeded: lookUp.end - lookUp.first)
        // A remainder has at most 36 bits, and a bucket of 2^28 rows would have a false guess.
        let rows = (lookUp.remainder &* length) >> (UInt64(KeyedNumber.keyBits) - blindBits)
        lookUp.guess = lookUp.first + Int(truncatingIfNeeded: min(rows, length - 1))
        lookUp.row = row(at: lookUp.guess, bytes)
    }

    @inline(__always)
    private func firstRow(_ lookUp: LookUp, _ bytes: RunBytes) -> UInt32 {
        let (first, end) = (lookUp.first, lookUp.end)
        guard first < end else { return Self.nowhere }
        let least = lookUp.remainder << numberBits
        var (low, high) = (first, end)
        // A few steps from the guess nearly always do; halving does the rest.
        var stepsLeft = 12
        if lookUp.row < least {
            low = lookUp.guess + 1
            while stepsLeft > 0, low < end, row(at: low, bytes) < least {
                low += 1
                stepsLeft -= 1
            }
            if stepsLeft > 0 { high = low }
        } else {
            high = lookUp.guess
            while stepsLeft > 0, high > first, row(at: high - 1, bytes) >= least {
                high -= 1
                stepsLeft -= 1
            }
            if stepsLeft > 0 { low = high }
        }
        while low < high {
            let middle = (low + high) / 2
            if row(at: middle, bytes) < least { low = middle + 1 } else { high = middle }
        }
        guard low < end, row(at: low, bytes) >> numberBits == lookUp.remainder else {
            return Self.nowhere
        }
        return UInt32(truncatingIfNeeded: low)
    }
}

/// How far the look-up of a key has come.
private typealias LookUp = LookUpRoom.LookUp

/// Room to look many keys up in.
struct LookUpRoom {
    /// By key: the filter of its bucket.
    fileprivate var filters: [UInt64]
    /// What the filters let pass, as much of it as there is.
    fileprivate var passed: [LookUp]

    fileprivate struct LookUp {
        /// Of the key, among those that are looked up.
        var place = 0
        var remainder: UInt64 = 0
        var first = 0
        var end = 0
        var guess = 0
        /// The row at the guess.
        var row: UInt64 = 0
    }

    init(keys: Int) {
        filters = Array(repeating: 0, count: keys)
        passed = Array(repeating: LookUp(), count: keys)
    }
}
