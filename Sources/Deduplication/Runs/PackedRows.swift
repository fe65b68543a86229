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

/// Where a run keeps pairs of keys and numbers, in order, each in as few bytes as it needs: the
/// leading bits of a key are said by the bucket in which its row stands, and where a bucket begins
/// by a directory. The keys being hashes, the place of one in its bucket is guessed from its value:
/// a look-up touches one line of the directory and one or two of the rows.
///
/// Whatever the bytes say, no look-up leaves the section: bounds are taken into it.
struct PackedRows: Hashable, Sendable {
    /// Where the rows begin, and the directory: `1 << bucketBits + 1` numbers of rows, of 32 bits.
    var rows = 0
    var directory = 0
    var count = 0
    var bucketBits = 0
    /// Bits of the numbers of documents.
    var numberBits = 0

    /// Rows that a bucket has on average, at least half of it.
    private static let rowsEach = 16
    private static let bucketBitsMax = KeyedNumber.keyBits - 8
    /// Of a key that is not there.
    static let nowhere = UInt32.max

    init() {}

    /// For about so many rows, of numbers below `numbersEnd`.
    init(count: Int, numbersEnd: UInt32) {
        self.count = count
        while bucketBits < Self.bucketBitsMax, count >> bucketBits > Self.rowsEach {
            bucketBits += 1
        }
        numberBits = max(1, UInt32.bitWidth - numbersEnd.leadingZeroBitCount)
    }

    /// nil when there is no room in these places for what they say.
    init?(_ rows: Run.Place, _ directory: Run.Place, numbersEnd: UInt32) {
        self.init(count: 0, numbersEnd: numbersEnd)
        count = rows.count
        bucketBits = (directory.count - 1).trailingZeroBitCount
        guard bucketBits <= Self.bucketBitsMax, directory.count == bucketCount + 1,
            rows.length == rowsLength, directory.length == directoryLength
        else { return nil }
        self.rows = rows.offset
        self.directory = directory.offset
    }

    var bucketCount: Int { 1 << bucketBits }
    var remainderBits: Int { KeyedNumber.keyBits - bucketBits }
    var rowBytes: Int { (remainderBits + numberBits + 7) / 8 }
    var rowsLength: Int { count * rowBytes }
    var directoryLength: Int { 4 * (bucketCount + 1) }

    /// What a row says of a pair: all but its bucket.
    func row(of pair: KeyedNumber) -> UInt64 {
        let remainder = pair.key & (1 << UInt64(remainderBits) - 1)
        return remainder << UInt64(numberBits) | UInt64(pair.number)
    }

    func bucket(of key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key & KeyedNumber.keyMask) >> UInt64(remainderBits))
    }

    func pair(row: UInt64, bucket: Int) -> KeyedNumber {
        let key = UInt64(bucket) << UInt64(remainderBits) | row >> UInt64(numberBits)
        return KeyedNumber(
            key: key, number: UInt32(truncatingIfNeeded: row & (1 << UInt64(numberBits) - 1)))
    }

    @inline(__always)
    func row(at index: Int, _ bytes: RunBytes) -> UInt64 {
        bytes.word(at: rows + index * rowBytes) & (UInt64.max >> UInt64(64 - 8 * rowBytes))
    }

    /// The first row of a bucket and the one after its last.
    @inline(__always)
    func bounds(ofBucket bucket: Int, _ bytes: RunBytes) -> (first: Int, end: Int) {
        let both = bytes.word(at: directory + 4 * bucket)
        let first = min(Int(truncatingIfNeeded: both & 0xFFFF_FFFF), count)
        return (first, max(first, min(Int(truncatingIfNeeded: both >> 32), count)))
    }

    // MARK: Looking up

    /// The first row of each key, or `nowhere`, appended to `found`. The directory is read for all
    /// keys, then the rows, and only then is anything compared: the reads do not wait for each
    /// other, so many keys cost little more than one far read.
    /// `room` is room to work in.
    func appendFirstRows(
        of keys: [UInt64], _ bytes: RunBytes, to found: inout [UInt32], room: inout [LookUp]
    ) {
        guard count > 0 else {
            for _ in keys { found.append(Self.nowhere) }
            return
        }
        room.removeAll(keepingCapacity: true)
        for key in keys {
            let (first, end) = bounds(ofBucket: bucket(of: key), bytes)
            room.append(LookUp(first: first, end: end))
        }
        for (place, key) in keys.enumerated() {
            let guess = guess(key, room[place].first, room[place].end)
            room[place].guess = guess
            if room[place].first < room[place].end { room[place].row = row(at: guess, bytes) }
        }
        for (place, key) in keys.enumerated() {
            found.append(firstRow(of: key, room[place], bytes))
        }
    }

    /// How far the look-up of a key has come.
    struct LookUp {
        var first: Int
        var end: Int
        var guess = 0
        /// The row at the guess.
        var row: UInt64 = 0
    }

    /// The first row of the key; nil when there is none.
    func firstRow(of key: UInt64, _ bytes: RunBytes) -> Int? {
        guard count > 0 else { return nil }
        let (first, end) = bounds(ofBucket: bucket(of: key), bytes)
        var lookUp = LookUp(first: first, end: end, guess: guess(key, first, end))
        if first < end { lookUp.row = row(at: lookUp.guess, bytes) }
        let found = firstRow(of: key, lookUp, bytes)
        return found == Self.nowhere ? nil : Int(found)
    }

    /// Calls `visit` with the number of each row of the key, from its first row on, in order.
    @inline(__always)
    func forEachNumber(
        of key: UInt64, from first: Int, _ bytes: RunBytes, _ visit: (UInt32) -> Void
    ) {
        let end = bounds(ofBucket: bucket(of: key), bytes).end
        let remainder = key & (1 << UInt64(remainderBits) - 1)
        var index = first
        while index < end {
            let row = row(at: index, bytes)
            guard row >> UInt64(numberBits) == remainder else { return }
            visit(UInt32(truncatingIfNeeded: row & (1 << UInt64(numberBits) - 1)))
            index += 1
        }
    }

    /// Whether the key has so many rows from its first one on, the earliest of which is not before
    /// `since`.
    @inline(__always)
    func has(
        _ most: Int, of key: UInt64, from first: Int, since: UInt32, _ bytes: RunBytes
    ) -> Bool {
        let end = bounds(ofBucket: bucket(of: key), bytes).end
        guard most > 0, most <= end - first else { return false }
        let remainder = key & (1 << UInt64(remainderBits) - 1)
        return row(at: first + most - 1, bytes) >> UInt64(numberBits) == remainder
            && UInt32(truncatingIfNeeded: row(at: first, bytes) & (1 << UInt64(numberBits) - 1))
                >= since
    }

    @inline(__always)
    private func guess(_ key: UInt64, _ first: Int, _ end: Int) -> Int {
        let remainder = key & (1 << UInt64(remainderBits) - 1)
        let length = UInt64(truncatingIfNeeded: end - first)
        // A bucket is short of 2^28 rows, so nothing is lost.
        return first + Int(truncatingIfNeeded: (remainder &* length) >> UInt64(remainderBits))
    }

    @inline(__always)
    private func firstRow(of key: UInt64, _ lookUp: LookUp, _ bytes: RunBytes) -> UInt32 {
        let (first, end) = (lookUp.first, lookUp.end)
        guard first < end else { return Self.nowhere }
        let remainder = key & (1 << UInt64(remainderBits) - 1)
        let least = remainder << UInt64(numberBits)
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
        guard low < end, row(at: low, bytes) >> UInt64(numberBits) == remainder else {
            return Self.nowhere
        }
        return UInt32(truncatingIfNeeded: low)
    }
}
