/// Undoes DEFLATE (RFC 1951) in Swift without pointers: what is compressed comes from strangers,
/// and a decoder in C would be the one place where a malformed document could corrupt memory.
///
/// It ends at the last block, at the first mistake, at the end of the source, or at `bytesMax`
/// bytes of output, whichever comes first; what it gave until then stands. Cost: linear in the
/// source and the output.
struct Inflation {
    enum End {
        /// The last block is complete.
        case complete
        /// The source ends within a block.
        case cutOff
        case malformed
        /// There is more output than was wanted.
        case full
    }

    private(set) var output: [UInt8] = []
    /// Where the source goes on behind what was read: the byte after the last block.
    var position: Int { next - bitCount / 8 }

    private let source: [UInt8]
    private let bytesMax: Int
    private var next: Int
    private var bits: UInt64 = 0
    private var bitCount = 0

    init(_ source: [UInt8], from start: Int, bytesMax: Int) {
        self.source = source
        self.bytesMax = bytesMax
        next = start
    }

    /// Reads all blocks.
    mutating func run() -> End {
        while true {
            guard let isLast = take(1), let kind = take(2) else { return .cutOff }
            let end: End
            switch kind {
            case 0: end = copyStored()
            case 1: end = inflate(.fixedLiterals, .fixedDistances)
            case 2:
                switch readCodes() {
                case .success(let codes): end = inflate(codes.literals, codes.distances)
                case .failure(let failure): end = failure.end
                }
            default: end = .malformed
            }
            if end != .complete || isLast == 1 { return end }
        }
    }

    // MARK: - Bits

    /// Fills up to eight bytes of bits; past the end of the source there are fewer.
    private mutating func refill() {
        while bitCount <= 56, next < source.count {
            bits |= UInt64(source[next]) &<< UInt64(bitCount)
            next += 1
            bitCount += 8
        }
    }

    /// The next `count` bits, at most 16, the first the least significant; nil when the source ends
    /// before.
    private mutating func take(_ count: Int) -> Int? {
        if bitCount < count { refill() }
        guard bitCount >= count else { return nil }
        let value = bits & (1 &<< UInt64(count) &- 1)
        drop(count)
        return Int(value)
    }

    private mutating func drop(_ count: Int) {
        bits &>>= UInt64(count)
        bitCount -= count
    }

    private enum Symbol {
        case value(Int)
        case none(End)
    }

    private mutating func symbol(of code: HuffmanCode) -> Symbol {
        if bitCount < HuffmanCode.lengthMax { refill() }
        guard let (value, length) = code.first(in: bits) else {
            return .none(bitCount < HuffmanCode.lengthMax ? .cutOff : .malformed)
        }
        guard length <= bitCount else { return .none(.cutOff) }
        drop(length)
        return .value(value)
    }

    // MARK: - Blocks

    /// RFC 1951, section 3.2.4.
    private mutating func copyStored() -> End {
        drop(bitCount % 8)
        guard let length = take(16), let check = take(16) else { return .cutOff }
        guard length == ~check & 0xFFFF else { return .malformed }
        let start = position
        (bits, bitCount) = (0, 0)
        let wanted = min(length, source.count - start)
        let kept = min(wanted, bytesMax - output.count)
        output.append(contentsOf: source[start..<start + kept])
        next = start + wanted
        if kept < wanted { return .full }
        return wanted < length ? .cutOff : .complete
    }

    /// RFC 1951, section 3.2.5.
    private mutating func inflate(_ literals: HuffmanCode, _ distances: HuffmanCode) -> End {
        while true {
            switch symbol(of: literals) {
            case .none(let end): return end
            case .value(let value) where value < 256:
                guard output.count < bytesMax else { return .full }
                output.append(UInt8(truncatingIfNeeded: value))
            case .value(256): return .complete
            case .value(let value):
                if let end = copyMatch(lengthSymbol: value - 257, distances) { return end }
            }
        }
    }

    /// Repeats earlier output; gives why it could not.
    private mutating func copyMatch(lengthSymbol: Int, _ distances: HuffmanCode) -> End? {
        guard lengthSymbol < Self.lengths.count else { return .malformed }
        let (base, extra) = Self.lengths[lengthSymbol]
        guard let more = take(extra) else { return .cutOff }
        let distance: Int
        switch symbol(of: distances) {
        case .none(let end): return end
        case .value(let value):
            guard value < Self.distances.count else { return .malformed }
            let (base, extra) = Self.distances[value]
            guard let more = take(extra) else { return .cutOff }
            distance = base + more
        }
        guard distance <= output.count else { return .malformed }
        let length = min(base + more, bytesMax - output.count)
        let start = output.count - distance
        // One by one: what is repeated may overlap what it gives, and a slice of the output would
        // have all of it copied.
        for offset in 0..<length { output.append(output[start + offset]) }
        return length < base + more ? .full : nil
    }

    /// What the symbols 257…285 and the distances stand for, and how many bits are added to it.
    private static let lengths: [(base: Int, extra: Int)] =
        steps(from: 3, extras: [0, 0, 0, 0, 0, 0, 0, 0] + each([1, 2, 3, 4, 5], times: 4))
        + [(258, 0)]
    private static let distances = steps(
        from: 1, extras: [0, 0, 0, 0] + each(Array(1...13), times: 2))

    private static func each(_ values: [Int], times: Int) -> [Int] {
        values.flatMap { Array(repeating: $0, count: times) }
    }

    private static func steps(from first: Int, extras: [Int]) -> [(base: Int, extra: Int)] {
        var base = first
        return extras.map { extra in
            defer { base += 1 << extra }
            return (base, extra)
        }
    }

    // MARK: - Codes of a block

    private struct Failure: Error {
        let end: End
    }

    /// RFC 1951, section 3.2.7.
    private mutating func readCodes() -> Result<
        (literals: HuffmanCode, distances: HuffmanCode), Failure
    > {
        guard let literalCount = take(5), let distanceCount = take(5), let count = take(4) else {
            return .failure(Failure(end: .cutOff))
        }
        var lengths = [UInt8](repeating: 0, count: 19)
        for place in Self.orderOfLengths.prefix(count + 4) {
            guard let length = take(3) else { return .failure(Failure(end: .cutOff)) }
            lengths[place] = UInt8(length)
        }
        guard let code = HuffmanCode(lengths: lengths[...]) else {
            return .failure(Failure(end: .malformed))
        }
        let literalLengths = 257 + literalCount
        var all: [UInt8] = []
        while all.count < literalLengths + 1 + distanceCount {
            let value: Int
            switch symbol(of: code) {
            case .none(let end): return .failure(Failure(end: end))
            case .value(let read): value = read
            }
            if value < 16 {
                all.append(UInt8(value))
                continue
            }
            let (bits, base) = value == 16 ? (2, 3) : value == 17 ? (3, 3) : (7, 11)
            guard let more = take(bits) else { return .failure(Failure(end: .cutOff)) }
            guard value != 16 || !all.isEmpty else { return .failure(Failure(end: .malformed)) }
            let length = value == 16 ? all[all.count - 1] : 0
            all.append(contentsOf: repeatElement(length, count: base + more))
        }
        guard all.count == literalLengths + 1 + distanceCount,
            let literals = HuffmanCode(lengths: all[..<literalLengths]),
            let distances = HuffmanCode(lengths: all[literalLengths...])
        else { return .failure(Failure(end: .malformed)) }
        return .success((literals, distances))
    }

    private static let orderOfLengths = [
        16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
    ]
}

/// A prefix code that is given by the lengths of its words (RFC 1951, section 3.2.2).
struct HuffmanCode: Sendable {
    static let lengthMax = 15
    /// Words up to this length are found in one step.
    private static let shortMax = 10

    /// By the next bits of the source: the symbol times 16, and the length of its word, which is 0
    /// where no short word starts so.
    private var short = [UInt16](repeating: 0, count: 1 << shortMax)
    /// How many words there are of each length.
    private var counts = [Int](repeating: 0, count: lengthMax + 1)
    /// The symbols in the order of their words.
    private var symbols: [UInt16] = []

    static let fixedLiterals = HuffmanCode(
        counted: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })
    static let fixedDistances = HuffmanCode(counted: [UInt8](repeating: 5, count: 30))

    /// nil when there are more words than there can be. `lengths` are at most 15, 0 for a symbol
    /// without a word.
    init?(lengths: ArraySlice<UInt8>) {
        self.init(counted: Array(lengths))
        var free = 1
        for count in counts.dropFirst() {
            free = free * 2 - count
            if free < 0 { return nil }
        }
    }

    private init(counted lengths: [UInt8]) {
        for length in lengths where length > 0 { counts[Int(length)] += 1 }
        // The next word of each length, and its place among the symbols.
        var words = [(code: Int, place: Int)](repeating: (0, 0), count: Self.lengthMax + 1)
        for length in 1..<Self.lengthMax {
            let (code, place) = words[length]
            words[length + 1] = ((code + counts[length]) << 1, place + counts[length])
        }
        symbols = Array(repeating: 0, count: counts.reduce(0, +))
        for (symbol, length) in lengths.enumerated() where length > 0 {
            let (code, place) = words[Int(length)]
            symbols[place] = UInt16(truncatingIfNeeded: symbol)
            if length <= Self.shortMax { remember(symbol, code: code, length: Int(length)) }
            words[Int(length)] = (code + 1, place + 1)
        }
    }

    /// Enters a word at all places that start with it; the source has its first bit lowest.
    private mutating func remember(_ symbol: Int, code: Int, length: Int) {
        var place = 0
        for bit in 0..<length where code >> bit & 1 == 1 { place |= 1 << (length - 1 - bit) }
        while place < short.count {
            short[place] = UInt16(truncatingIfNeeded: symbol << 4 | length)
            place += 1 << length
        }
    }

    /// The symbol of the word that the bits start with, and its length; nil when there is none.
    func first(in bits: UInt64) -> (symbol: Int, length: Int)? {
        let found = short[Int(bits & UInt64(short.count - 1))]
        if found != 0 { return (Int(found >> 4), Int(found & 15)) }
        var (code, first, index) = (0, 0, 0)
        for length in 1...Self.lengthMax {
            code |= Int(bits >> UInt64(length - 1) & 1)
            let count = counts[length]
            if code - first < count { return (Int(symbols[index + code - first]), length) }
            index += count
            first = (first + count) << 1
            code <<= 1
        }
        return nil
    }
}
